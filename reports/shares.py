"""Figures on the flagged trade: by app, kind of chat, list of the Opium Act and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from forensics.times import local, parse_rfc3339
from reports.background import Background, Flagged
from reports.blocks import Block, Prose, Row, Table, fixed_table
from reports.trade import LISTS, Trade

# From how many conversations on a text counts as sent around.
AROUND = 3

Key = Callable[[Flagged], Iterable[str]]


def shares(trade: Trade) -> Iterator[Block]:
    """The sheet of figures; nothing in it when nothing was flagged."""
    background, words = trade.background, trade.background.words
    yield Prose(key="E17.shares_note", text=words("shares.note"))
    around = [offer for offer in trade.offers if len(offer.conversations) >= AROUND]
    sendings = sum(len(offer.sendings) for offer in around)
    repeated = words("shares.repeated", count=len(around), sendings=sendings)
    yield Prose(key="E17.repeated", text=repeated)
    listed = trade.lists()
    apps, kinds = _totals(background)
    yield _table(trade, "by_app", "D13.app", lambda each: (each.message["app"],), apps)
    yield _table(trade, "by_kind", "D15.kind", lambda each: (_kind(background, each),), kinds)
    yield _table(trade, "by_list", "goods.list", lambda each: _lists(background, listed, each), None)
    yield _table(trade, "by_period", "D14.period", lambda each: (_month(background, each),), None)
    yield _cross(trade, listed)


def _table(trade: Trade, name: str, column: str, key: Key, totals: Counter[str] | None) -> Table:
    """Messages, share of the flagged, share of all messages where known, and conversations, by one key."""
    words = trade.background.words
    counts, talks = Counter[str](), dict[str, set[str]]()
    for each in trade.messages:
        for value in key(each):
            counts[value] += 1
            talks.setdefault(value, set()).add(each.message["conversation"])
    rows = []
    for value in sorted({*counts, *(totals or ())}):
        row = [value, str(counts[value]), words("of_value", count=counts[value], total=len(trade.messages))]
        if totals is not None:
            row.append(words("of_value", count=counts[value], total=totals[value]))
        rows.append((*row, str(len(talks.get(value, ())))))
    columns = [words(column), words("shares.flagged"), words("shares.of_flagged")]
    columns += [words("shares.of_all")] if totals is not None else []
    title = words(f"shares.{name}")
    return fixed_table(f"E17.{name}", title, (*columns, words("shares.talks")), rows, bars=1, printed=4)


def _cross(trade: Trade, listed: dict[str, frozenset[str]]) -> Table:
    background, words = trade.background, trade.background.words
    counts: Counter[Row] = Counter()
    for each in trade.messages:
        for name in _lists(background, listed, each):
            counts[each.message["app"], _kind(background, each), name, _quarter(background, each)] += 1
    columns = ("D13.app", "D15.kind", "goods.list", "shares.quarter", "shares.flagged", "shares.of_flagged")
    total = len(trade.messages)
    rows = [
        (*key, str(count), words("of_value", count=count, total=total))
        for key, count in sorted(counts.items())
    ]
    return fixed_table("E17.shares", words("shares.all"), tuple(map(words, columns)), rows, bars=4, printed=4)


def _totals(background: Background) -> tuple[Counter[str], Counter[str]]:
    """All messages of the case, by app and by kind of chat."""
    apps, kinds = Counter[str](), Counter[str]()
    for each in background.conversations:
        apps[each["app"]] += each["messages"]
        kinds[background.words.code("conversation", each["kind"])] += each["messages"]
    return apps, kinds


def _kind(background: Background, each: Flagged) -> str:
    return background.words.code("conversation", each.message["conversation_kind"])


def _lists(background: Background, listed: dict[str, frozenset[str]], each: Flagged) -> tuple[str, ...]:
    found = listed.get(each.message["id"], frozenset())
    return tuple(name for name in LISTS if name in found) or (background.words("goods.unlisted"),)


def _month(background: Background, each: Flagged) -> str:
    sent = each.message["sent_at"]
    if not sent:
        return background.words("no_date")
    return local(parse_rfc3339(sent), background.zone).date().isoformat()[:7]


def _quarter(background: Background, each: Flagged) -> str:
    month = _month(background, each)
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}" if month[:1].isdigit() else month
