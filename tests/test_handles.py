"""Numbers and payment handles in texts: pairs of a text and what is found in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.handles import handles, telephone

# The example of ISO 13616's registry for the Netherlands, and the first address of the Bitcoin block chain.
IBAN = "NL91ABNA0417164300"
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bel +31 6 0000 0123 vanavond", [("number", "+31600000123")]),
        ("06-00000123", [("number", "+31600000123")]),
        ("0031600000123.", [("number", "+31600000123")]),
        ("0600000123 24/7", [("number", "+31600000123")]),
        ("+31600000123 24/7", [("number", "+31600000123")]),
        ("0600000123 0600000456", [("number", "+31600000123"), ("number", "+31600000456")]),
        ("06 00 00 01 23, of +31 (0)6 00000456", [("number", "+31600000123"), ("number", "+31600000456")]),
        ("+31(0)600000123", [("number", "+31600000123")]),
        ("+44 (0)7700 900123", [("number", "+447700900123")]),
        ("06000001234", []),
        ("mijn nr: +44 7700 900123!", [("number", "+447700900123")]),
        ("order 0612345", []),
        ("3 voor 20, 6 voor 35", []),
        ("20260201201503", []),
        ("om 06 30 45 uur", []),
        (f"naar {IBAN} graag", [("payment", IBAN)]),
        ("NL91 ABNA 0417 1643 00 tnv A", [("payment", IBAN)]),
        ("NL92ABNA0417164300", []),
        (f"btc {GENESIS}", [("payment", GENESIS)]),
        (f"btc {GENESIS[:-1]}b", []),
        ("https://tikkie.me/pay/ABC123def.", [("payment", "tikkie.me/pay/abc123def")]),
        ("paypal.me/Voorbeeld", [("payment", "paypal.me/voorbeeld")]),
        (
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
            [("payment", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")],
        ),
        ("0x" + "Ab" * 20, [("payment", "0x" + "ab" * 20)]),
        ("0x" + "Ab" * 21, []),
    ],
)
def test_what_is_found_in_a_text(text: str, found: list[tuple[str, str]]):
    assert list(handles(text)) == found


@given(st.text())
def test_any_text_gives_handles_of_a_known_kind_and_no_error(text: str):
    assert all(kind in ("number", "payment") and value for kind, value in handles(text))


@given(st.integers(0, 9), st.integers(1, 9))
def test_an_iban_with_one_other_digit_is_none(place: int, step: int):
    """Mod 97-10 finds every single wrong digit."""
    where = 8 + place
    changed = f"{IBAN[:where]}{(int(IBAN[where]) + step) % 10}{IBAN[where + 1 :]}"
    assert list(handles(changed)) == []


@pytest.mark.parametrize("text", ["", "112", "+31 6", "0900", "bram"])
def test_what_is_no_number_that_another_country_could_call(text: str):
    assert telephone(text) is None
