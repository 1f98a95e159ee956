"""Contact cards (vCard 2.1 to 4.0, RFC 6350): the name and the telephone numbers of each card in a text.

WhatsApp writes ``TEL;type=CELL;waid=31600000004:+31 6 0000 0004`` (WhatsApp reference 2.3). Nothing is
corrected: a number is what stands after the colon, or the ``waid`` where nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.model import Contact

# A line that begins with white space goes on with the one before it (RFC 6350, 3.2).
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_cards(text: str) -> tuple[Contact, ...]:
    """All cards in a text; a text that is no card gives none."""
    return tuple(_card(lines) for lines in _split(text))


def _split(text: str) -> Iterator[list[tuple[str, str]]]:
    lines: list[tuple[str, str]] | None = None
    for line in _FOLD.sub("", text).splitlines():
        head, colon, value = line.partition(":")
        name = head.partition(";")[0].rpartition(".")[2].strip().upper()
        if (name, value.strip().upper()) == ("BEGIN", "VCARD"):
            if lines is not None:
                yield lines
            lines = []
        elif (name, value.strip().upper()) == ("END", "VCARD") and lines is not None:
            yield lines
            lines = None
        elif lines is not None and colon:
            lines.append((head, value))
    if lines is not None:
        yield lines


def _card(lines: list[tuple[str, str]]) -> Contact:
    names: dict[str, str] = {}
    phones: list[str] = []
    for head, value in lines:
        name = head.partition(";")[0].rpartition(".")[2].strip().upper()
        if name in ("FN", "N", "ORG", "NICKNAME"):
            names.setdefault(name, _plain(name, value))
        elif name == "TEL":
            phone = value.strip().removeprefix("tel:") or _waid(head)
            if phone:
                phones.append(phone)
    best = next((names[key] for key in ("FN", "N", "ORG", "NICKNAME") if names.get(key)), None)
    return Contact(name=best, phones=tuple(phones))


def _plain(name: str, value: str) -> str:
    """A value without its escapes; of N the given name before the family name."""
    if name == "N":
        parts = [part.strip() for part in re.split(r"(?<!\\);", value)]
        family, given, *rest = [*parts, "", ""][: max(2, len(parts))]
        value = " ".join(part for part in (given, *rest[:1], family) if part)
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _waid(head: str) -> str | None:
    match = re.search(r"waid=(\d+)", head, re.IGNORECASE | re.ASCII)
    return None if match is None else f"+{match[1]}"
