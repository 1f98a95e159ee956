"""The protobuf messages in WhatsApp's iOS columns: ZMETADATA of a media item, ZRECEIPTINFO of a message.

Source: WhatsApp reference 3.5, field by field; the fields named here are all that is known. A message that
is cut off is read up to the cut, and says so in ``problem``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.formats.protobuf import LENGTH_DELIMITED, Field, readable_fields

# Where the text of a quoted message stands in field 19: the child, and in it the field.
_QUOTED_TEXT = ((3, 3), (5, 3), (6, 1), (6, 6), (7, 8), (9, 7))
_QUOTED_CARD = (4, 16)
_PHONE_MARK = 0x81
_FILLER = 15
# E.164 has 15 digits at most; LIDs have as many.
_LONGEST_PACKED = 11


@dataclass(slots=True)
class Metadata:
    """What is known of ZMETADATA. ``quoted_author`` is None where the owner was quoted."""

    quoted_id: str | None = None
    quoted_author: str | None = None
    quoted_chat: str | None = None
    quoted_text: str | None = None
    quoted_card: str | None = None
    forwards: int | None = None
    forwarder: str | None = None
    timer: int | None = None
    url: str | None = None
    call_seconds: int | None = None
    invited_to: str | None = None
    has_template: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class StoredReaction:
    """A reaction: ``jid`` is None for the owner's own; an empty emoji takes it back."""

    jid: str | None
    is_own: bool
    emoji: str | None
    millis: int | None


@dataclass(slots=True)
class ReceiptInfo:
    """What is known of ZRECEIPTINFO. ``recipients`` are packed numbers, see ``unpacked_number``."""

    recipients: list[bytes] = field(default_factory=list)
    reactions: list[StoredReaction] = field(default_factory=list)
    tallies: list[tuple[str, int]] = field(default_factory=list)
    question: str | None = None
    options: list[str | None] = field(default_factory=list)
    is_poll: bool = False
    has_times: bool = False
    problem: str | None = None


def read_metadata(data: bytes) -> Metadata:
    """ZMETADATA."""
    found = Metadata()
    fields, found.problem = readable_fields(data)
    for each in fields:
        if each.number in _METADATA_TEXTS:
            value = _text(each)
            if value is not None:
                setattr(found, _METADATA_TEXTS[each.number], value)
            elif each.number != _FORWARDER:  # which may be a message of its own (iLEAPP 1558)
                found.problem = found.problem or f"field {each.number} is no text"
        elif each.number == 17 and isinstance(each.value, int):
            found.forwards = each.value
        elif each.number == 36 and isinstance(each.value, int):
            found.timer = each.value
        elif each.number == 19:
            _read_quoted(found, each)
        elif each.number == 42:
            found.url = next((_text(leaf) for leaf in _at(each, 1, 9)), None)
        elif each.number == 28:
            found.invited_to = next((_text(leaf) for leaf in _at(each, 4)), None)
        elif each.number in _TEMPLATES:
            found.has_template = True
        elif each.number == 87:
            seconds = next((leaf.value for leaf in _at(each, 1, 3)), None)
            found.call_seconds = seconds if isinstance(seconds, int) else None
    return found


_FORWARDER = 21
# What a business's template says; how is not known.
_TEMPLATES = frozenset({24, 43, 51})
_METADATA_TEXTS = {5: "quoted_id", 6: "quoted_author", 7: "quoted_chat", _FORWARDER: "forwarder"}


def _read_quoted(found: Metadata, quoted: Field) -> None:
    children, problem = _children(quoted)
    if problem is not None:
        found.problem = found.problem or f"field 19, the quoted message: {problem}"
    for child in children:
        if child.number == 1:
            text = _text(child)
            if text is None:
                found.problem = found.problem or "field 19, the quoted message: its text is no text"
            found.quoted_text = found.quoted_text or text
        elif child.number == _QUOTED_CARD[0]:
            found.quoted_card = next((_text(leaf) for leaf in _at(child, _QUOTED_CARD[1])), None)
        else:
            for number, inner in _QUOTED_TEXT:
                if child.number == number and found.quoted_text is None:
                    found.quoted_text = next((_text(leaf) for leaf in _at(child, inner)), None)


def read_receipts(data: bytes) -> ReceiptInfo:
    """ZRECEIPTINFO."""
    found = ReceiptInfo()
    fields, found.problem = readable_fields(data)
    for each in fields:
        if each.number == 2:
            _read_recipient(found, each)
        elif each.number == 7:
            _read_reactions(found, each)
        elif each.number == 8:
            _read_poll(found, each)
    return found


def _read_recipient(found: ReceiptInfo, recipient: Field) -> None:
    children, problem = _children(recipient)
    found.problem = found.problem or problem
    for child in children:
        if child.number == 1 and isinstance(child.value, bytes):
            found.recipients.append(child.value)
        elif child.number in (4, 5):
            found.has_times = True


def _read_reactions(found: ReceiptInfo, reactions: Field) -> None:
    children, problem = _children(reactions)
    found.problem = found.problem or problem
    for child in children:
        values, problem = _children(child)
        found.problem = found.problem or problem
        if child.number == 1:
            by = {value.number: value for value in values}
            found.reactions.append(_reaction(by, jid=_text(by.get(2)), is_own=False, emoji=3, millis=4))
        elif child.number == 2:
            by = {value.number: value for value in values}
            found.reactions.append(_reaction(by, jid=None, is_own=True, emoji=2, millis=3))
        elif child.number == 3:
            found.tallies.extend(_tallies(values))


def _reaction(
    by: dict[int, Field], *, jid: str | None, is_own: bool, emoji: int, millis: int
) -> StoredReaction:
    at = by[millis].value if millis in by else None
    return StoredReaction(jid, is_own, _text(by.get(emoji)), at if isinstance(at, int) else None)


def _tallies(values: list[Field]) -> Iterator[tuple[str, int]]:
    for value in values:
        leaves = {leaf.number: leaf for leaf in _children(value)[0]}
        emoji, count = _text(leaves.get(1)), leaves[2].value if 2 in leaves else None
        if emoji is not None and isinstance(count, int):
            yield emoji, count


def _read_poll(found: ReceiptInfo, poll: Field) -> None:
    found.is_poll = True
    children, problem = _children(poll)
    found.problem = found.problem or problem
    for child in children:
        if child.number == 2:
            found.question = _text(child)
        elif child.number == 3:
            found.options.append(next((_text(leaf) for leaf in _at(child, 1)), None))


def unpacked_number(data: bytes) -> str | None:
    """The digits of a packed number: 0x81, then two a byte, F behind the last; None for anything else."""
    if not 2 <= len(data) <= _LONGEST_PACKED or data[0] != _PHONE_MARK:
        return None
    digits = [half for byte in data[1:] for half in (byte >> 4, byte & 15)]
    while digits and digits[-1] == _FILLER:
        digits.pop()
    return "".join(map(str, digits)) if digits and max(digits) <= 9 else None


def _children(parent: Field) -> tuple[list[Field], str | None]:
    if not isinstance(parent.value, bytes):
        return [], f"field {parent.number} is no message"
    return readable_fields(parent.value)


def _at(parent: Field, *path: int) -> Iterator[Field]:
    """The fields at the end of a path of field numbers below this one."""
    for child in _children(parent)[0]:
        if child.number == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _at(child, *path[1:])


def _text(leaf: Field | None) -> str | None:
    """A text; bytes that are no UTF-8 are none."""
    if leaf is None or leaf.wire_type != LENGTH_DELIMITED or not isinstance(leaf.value, bytes):
        return None
    text = leaf.value.decode("utf-8", "replace")
    return None if "�" in text and "�".encode() not in leaf.value else text
