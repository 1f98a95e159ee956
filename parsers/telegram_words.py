"""Amounts, durations and quotations in words."""

from __future__ import annotations

from parsers.telegram_tl_value import Value

# Currencies whose smallest unit is not a hundredth (core.telegram.org/bots/payments/currencies.json); XTR are
# stars, TON is counted in thousand millionths.
_DIGITS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XTR"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "TND"), 3),
    "TON": 9,
}


def amount(currency: str | None, units: int | None) -> str:
    """An amount that is stored in the smallest unit of its currency."""
    if units is None:
        return "an amount that is not stored"
    digits = _DIGITS.get(currency or "", 2)
    sign, units = ("-" if units < 0 else ""), abs(units)
    whole, rest = divmod(units, 10**digits)
    fraction = f"{rest:0{digits}}" if digits else ""
    if digits > 3:
        fraction = fraction.rstrip("0")
    return f"{sign}{whole}{'.' if fraction else ''}{fraction} {currency or 'currency not stored'}"


def stars(value: Value | None) -> str:
    """A StarsAmount."""
    if value is None:
        return "an amount that is not stored"
    if value.name == "starsTonAmount":
        return amount("TON", value.number("amount"))
    return f"{value.number('amount')} stars"


def quoted(text: str | None) -> str:
    """A text in quotation marks."""
    return f"“{text}”" if text else "nothing that is stored"


def with_entities(value: Value, name: str) -> str | None:
    """A text that was a string in older layers and is a TextWithEntities in newer ones."""
    child = value.child(name)
    return value.text(name) if child is None else child.text("text")
