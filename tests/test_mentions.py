"""Mentions in the place where they stand, when a text is shown."""

from __future__ import annotations

import pytest

from forensics.mentions import with_names

NAMES = {"p1": "Noor", "p2": "Bram"}


@pytest.mark.parametrize(
    ("text", "people", "system", "wanted"),
    [
        ("hi \ufffc, and \ufffc!", ["p1", "p2"], None, "hi @Noor, and @Bram!"),
        ("\ufffc", ["p1"], None, "@Noor"),
        ("\ufffc and \ufffc", ["p1", "p2"], {"type": "mentions"}, "\ufffc and \ufffc"),
        ("\ufffc and \ufffc", ["p1", "p2"], {"type": "scheduled"}, "@Noor and @Bram"),
        ("\ufffc again \ufffc", ["p1"], None, "\ufffc again \ufffc"),
        ("nobody", ["p1"], None, "nobody"),
        ("a file \ufffc", [], None, "a file \ufffc"),
        (None, ["p1"], None, None),
    ],
)
def test_names_stand_where_it_is_certain(
    text: str | None, people: list[str], system: dict[str, str] | None, wanted: str | None
):
    message = {"app": "signal", "text": text, "mentions": people, "system": system}
    assert with_names(message, NAMES.__getitem__) == wanted
    assert message["text"] == text


def test_another_app_s_sign_is_left_alone():
    message = {"app": "whatsapp", "text": "\ufffc", "mentions": ["p1"]}
    assert with_names(message, NAMES.__getitem__) == "\ufffc"
