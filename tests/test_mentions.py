"""Mentions in the place where they stand, when a text is shown."""

from __future__ import annotations

import pytest

from forensics.mentions import with_names

NAMES = {"p1": "Noor", "p2": "Bram"}


@pytest.mark.parametrize(
    ("text", "people", "platform", "wanted"),
    [
        ("hi \ufffc, and \ufffc!", ["p1", "p2"], "android", "hi @Noor, and @Bram!"),
        ("\ufffc", ["p1"], "ios", "@Noor"),
        ("\ufffc and \ufffc", ["p1", "p2"], "ios", "\ufffc and \ufffc"),
        ("\ufffc again \ufffc", ["p1"], "android", "\ufffc again \ufffc"),
        ("nobody", ["p1"], "desktop", "nobody"),
        ("a file \ufffc", [], "desktop", "a file \ufffc"),
        (None, ["p1"], "desktop", None),
    ],
)
def test_names_stand_where_it_is_certain(
    text: str | None, people: list[str], platform: str, wanted: str | None
):
    message = {"app": "signal", "platform": platform, "text": text, "mentions": people}
    assert with_names(message, NAMES.__getitem__) == wanted
    assert message["text"] == text


def test_another_app_s_sign_is_left_alone():
    message = {"app": "whatsapp", "platform": "android", "text": "\ufffc", "mentions": ["p1"]}
    assert with_names(message, NAMES.__getitem__) == "\ufffc"
