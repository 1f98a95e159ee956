"""Numbers that are missing from t7, ranges that were never downloaded, and last messages that are gone.

Source: Telegram reference 2.2 (which messages share a counter: chats between two and basic groups, while
every channel and supergroup has its own), 5.2 (t9), and MessageHistoryHoleIndexTable of
TelegramMessenger/Telegram-iOS for t56 ("from source"). In a secret chat sent and received messages are
counted apart; that events without a message take numbers too is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge

from forensics.model import Notice
from parsers.telegram_gaps import listed
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_ids import (
    CHANNEL,
    CLOUD,
    LOCAL,
    SECRET,
    SECRET_INCOMING,
    Hole,
    Listed,
    app_id,
    handle_of,
    kind_of,
)
from parsers.telegram_postbox_tables import CHAT_LIST, HOLES, MESSAGES

_REMOVED = "rows were deleted, or were never downloaded without t56 saying so"
_UNSHOWN = "rows were deleted, or are of events that make no message (assumed)"
Span = tuple[int, int]


def gap_notices(context: Context, holes: list[Hole], chats: list[Listed]) -> Iterator[Notice]:
    """One notice for each counter with its missing ranges, and for each last message that is gone."""
    ranges: dict[int, list[Span]] = {}
    for each in holes:
        if each.tag == 0 and each.namespace == CLOUD:
            ranges.setdefault(each.peer, []).append((each.first, each.last))
    _list_holes(context, ranges)
    shared = []
    for peer in context.index.peers():
        numbers = _positive(context.index.numbers(peer, CLOUD))
        if kind_of(peer) == CHANNEL:
            what = f"messages of {handle_of(peer)}"
            yield from _one(context, what, _with(0, numbers), ranges.get(peer, ()), _REMOVED)
        elif kind_of(peer) == SECRET:
            yield from _secret(context, peer)
        else:
            shared.append(_with(int(handle_of(peer)), numbers))
    # a range is missing only where no chat that shares the counter may have it
    spans = [span for peer, each in ranges.items() if kind_of(peer) not in (CHANNEL, SECRET) for span in each]
    what = "messages of chats and basic groups, which share one counter"
    yield from _one(context, what, merge(*shared), spans, _REMOVED)
    yield from _last(context, chats)


def _secret(context: Context, peer: int) -> Iterator[Notice]:
    for namespace, way in ((SECRET_INCOMING, "received"), (LOCAL, "sent")):
        numbers = _positive(context.index.numbers(peer, namespace))
        what = f"messages {way} in secret chat {handle_of(peer)}"
        yield from _one(context, what, _with(int(handle_of(peer)), numbers), (), _UNSHOWN)


def _one(
    context: Context, what: str, numbers: Iterable[Span], holes: Iterable[Span], why: str
) -> Iterator[Notice]:
    for ranges, count in listed(numbers, holes):
        yield _notice(context, what, ranges, count, why)


def _notice(context: Context, what: str, ranges: list[str], count: int, why: str) -> Notice:
    numbers = f"{count} number{'s' if count > 1 else ''}"
    text = f"{numbers} missing from {MESSAGES.name}, {what}: {why}"
    source = context.installation.source(MESSAGES.name)
    return Notice(severity="gap", text=text, source=source, raw="; ".join(ranges))


def _list_holes(context: Context, ranges: dict[int, list[Span]]) -> None:
    lines = []
    for peer in sorted(ranges, key=lambda each: int(handle_of(each))):
        spans = sorted(ranges[peer])
        count = sum(last - first + 1 for first, last in spans)
        shown = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in spans)
        lines.append(f"{handle_of(peer)}: {count} number{'s' if count > 1 else ''}, {shown}")
    context.notes.listing("chats with ranges that were never downloaded", HOLES.name, lines)


def _last(context: Context, chats: list[Listed]) -> Iterator[Notice]:
    for each in chats:
        if each.top is None or context.index.find(each.peer, *each.top) is not None:
            continue
        number = app_id(*each.top)
        text = (
            f"the last message {number} of {handle_of(each.peer)} by the list of chats is not in "
            f"{MESSAGES.name}: it was removed"
        )
        source = context.installation.source(CHAT_LIST.name)
        yield Notice(severity="gap", text=text, source=source, raw=number)


def _positive(numbers: Iterable[int]) -> Iterable[int]:
    return (each for each in numbers if each > 0)


def _with(dialog: int, numbers: Iterable[int]) -> Iterator[Span]:
    return ((each, dialog) for each in numbers)
