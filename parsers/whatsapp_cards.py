"""Contact cards (vCard 2.1 to 4.0, RFC 6350): the name and the telephone numbers of each card in a text.

WhatsApp writes ``TEL;type=CELL;waid=31600000004:+31 6 0000 0004`` (WhatsApp reference 2.3). Nothing is
corrected: a number is what stands after the colon; the ``waid``, which is the account's number, comes behind
it where it has other digits. Names of vCard 2.1 may be quoted-printable (its section 2.1.3).
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator

from forensics.model import Contact

# A line that begins with white space goes on with the one before it (RFC 6350, 3.2).
_FOLD = re.compile(r"\r?\n[ \t]")
_QUOTED = "QUOTED-PRINTABLE"
_CHARSET = re.compile(r";CHARSET=\"?([^;\":]+)", re.IGNORECASE)
# Encodings that only Python has, or that are of names of hosts; some take the square of the length.
_NO_LETTERS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

_FURTHER = {
    "EMAIL": "e-mail",
    "ORG": "organisation",
    "TITLE": "title",
    "ADR": "address",
    "NOTE": "note",
    "URL": "web address",
    "BDAY": "birthday",
}
# Their values are parts between semicolons (RFC 6350, 6.3.1 and 6.6.4).
_IN_PARTS = frozenset({"ADR", "ORG"})


def read_cards(text: str) -> tuple[Contact, ...]:
    """All cards in a text; a text that is no card gives none."""
    return tuple(_card(lines) for lines in _split(text))


def further(text: str) -> Iterator[str]:
    """What cards hold beside name and numbers, as it is stored: the property and its value, pictures and
    keys left out."""
    for lines in _split(text):
        for head, value in lines:
            name = _name(head)
            said = _said(name, _decoded(head, value)) if name in _FURTHER else ""
            if said:
                yield f"{_FURTHER[name]} “{said}”"


def _said(name: str, value: str) -> str:
    """A value as it is stored; of one in parts those that are filled."""
    parts = _parts(value) if name in _IN_PARTS else [value]
    return ", ".join(filter(None, (_plain(name, part) for part in parts)))


def _name(head: str) -> str:
    """The property of a line, without its group and its parameters."""
    return head.partition(";")[0].rpartition(".")[2].strip().upper()


def _parts(value: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<!\\);", value)]


def _split(text: str) -> Iterator[list[tuple[str, str]]]:
    lines: list[tuple[str, str]] | None = None
    for line in _FOLD.sub("", _joined(text)).splitlines():
        head, colon, value = line.partition(":")
        name = _name(head)
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


def _joined(text: str) -> str:
    """Without the soft breaks of quoted-printable values: their lines that end with = go on."""
    if _QUOTED not in text.upper():
        return text
    parts, is_quoted = list[str](), False
    for line in text.splitlines():
        is_quoted = is_quoted or _QUOTED in line.partition(":")[0].upper()
        goes_on = is_quoted and line.endswith("=")
        parts.append(line[:-1] if goes_on else f"{line}\n")
        is_quoted = goes_on
    return "".join(parts)


def _card(lines: list[tuple[str, str]]) -> Contact:
    names: dict[str, str] = {}
    phones: list[str] = []
    for head, value in lines:
        name = _name(head)
        if name in ("FN", "N", "ORG", "NICKNAME"):
            names.setdefault(name, _plain(name, _decoded(head, value)))
        elif name == "TEL":
            phones += _numbers(value.strip().removeprefix("tel:"), _waid(head))
    best = next((names[key] for key in ("FN", "N", "ORG", "NICKNAME") if names.get(key)), None)
    return Contact(name=best, phones=tuple(phones))


def _plain(name: str, value: str) -> str:
    """A value without its escapes; of N the given name before the family name."""
    if name == "N":
        parts = _parts(value)
        family, given, *rest = [*parts, "", ""][: max(2, len(parts))]
        value = " ".join(part for part in (given, *rest[:1], family) if part)
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _decoded(head: str, value: str) -> str:
    """A quoted-printable value in letters; as it is stored where it is not, or its letters are not known."""
    if _QUOTED not in head.upper():
        return value
    charset = _CHARSET.search(head)
    data = quopri.decodestring(value.encode("utf-8", "surrogatepass"))
    try:
        name = codecs.lookup(charset[1].strip() if charset else "utf-8").name
        text = value if name in _NO_LETTERS else data.decode(name)
        text.encode()  # UTF-7 can spell half a character, which no record has room for
    except (LookupError, ValueError):  # a name with a NUL too, and what some raise as UnicodeError
        return value
    return text


def _numbers(stored: str, waid: str | None) -> list[str]:
    """The number of one line and that of its account, where they differ in their digits."""
    digits = "".join(filter(str.isdigit, stored))
    others = [waid] if waid and waid[1:] != digits else []
    return [stored, *others] if stored else others


def _waid(head: str) -> str | None:
    match = re.search(r"waid=(\d+)", head, re.IGNORECASE | re.ASCII)
    return None if match is None else f"+{match[1]}"
