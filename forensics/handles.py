"""Telephone numbers and payment handles in what people write, in one form each, so that they can be compared.

What has a check digit is only taken when it holds: an IBAN (ISO 13616, ISO 7064 mod 97-10), an address of
Bitcoin or Tron (base 58 with four bytes of a double SHA-256). Those of bech32 and Ethereum: by form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from forensics.ground import normalised

NUMBER, PAYMENT = "number", "payment"

# A Dutch mobile number has nine digits after the 0 or the +31: digits behind it are of something else.
_NUMBER = re.compile(
    r"(?<![\w+.])(?:(?:(?:\+|00)31[ .\-]{0,2}(?:\(0\) ?)?6|06)(?:[ ().\-]{0,3}\d){8}(?!\w)"
    r"|(?:(?:\+|00)[1-9]|06)[\d ().\-]{6,18}\d(?!\w))"
)
# The 0 that is dialled only within the country.
_TRUNK = re.compile(r"^((?:\+|00)\d{1,3}[ .\-]{0,2})\(0\)")
_DIGITS = range(8, 16)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_IBAN_LENGTHS = range(15, 35)
_LINKS = re.compile(
    r"\b(?:tikkie\.me/pay/|betaalverzoek\.\w+\.nl/|paypal\.me/|revolut\.me/|bunq\.me/|cash\.app/)[\w$./\-]+",
    re.IGNORECASE,
)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CHECKED_COIN = re.compile(rf"\b[13T][{_BASE58}]{{25,34}}\b")
_FORMED_COIN = re.compile(r"\b(?:bc1[02-9ac-hj-np-z]{25,71}|0x[0-9a-fA-F]{40})\b")


def handles(text: str) -> Iterator[tuple[str, str]]:
    """Each number and payment handle in a text: its kind, and its one form."""
    for match in _NUMBER.finditer(text):
        number = telephone(_TRUNK.sub(r"\1", match.group()))
        if number is not None:
            yield NUMBER, number
    for match in _IBAN.finditer(text):
        compact = _valid_iban(match.group())
        if compact:
            yield PAYMENT, compact
    for match in _LINKS.finditer(text):
        yield PAYMENT, match.group().rstrip("./").casefold()
    for match in _CHECKED_COIN.finditer(text):
        if _holds(match.group()):
            yield PAYMENT, match.group()
    for match in _FORMED_COIN.finditer(text):
        yield PAYMENT, match.group().casefold()


def telephone(text: str) -> str | None:
    """A telephone number as + and digits; None where it is none that another country could call."""
    digits = normalised(text)
    if digits.isascii() and digits.isdigit() and len(digits) in _DIGITS and digits[0] != "0":
        return f"+{digits}"
    return None


def _valid_iban(text: str) -> str | None:
    """The IBAN without spaces; the longest beginning of what matched that holds, for words may follow it."""
    groups = text.split(" ")
    for count in range(len(groups), 0, -1):
        compact = "".join(groups[:count])
        if len(compact) in _IBAN_LENGTHS:
            turned = compact[4:] + compact[:4]
            if int("".join(str(int(each, 36)) for each in turned)) % 97 == 1:
                return compact
    return None


def _holds(address: str) -> bool:
    """Whether the last four of an address's 25 bytes begin the double SHA-256 of the others."""
    value = 0
    for letter in address:
        value = value * 58 + _BASE58.index(letter)
    if value >= 1 << 200:
        return False
    data = value.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]
