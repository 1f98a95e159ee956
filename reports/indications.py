"""Part E: the machine flags, in a chapter of their own, with their rules and what a person decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from forensics import other_laws
from forensics.textual import joined
from forensics.words import Words
from reports.background import Background
from reports.blocks import Block, Field, Fields, Part, Prose, Row, Section, Table, fixed_table
from reports.cards import (
    all_counter_indications,
    decided,
    decision,
    earlier_decision,
    flag_number,
    reason_rows,
    taken_over,
)
from reports.deals import deals
from reports.edition import Edition
from reports.goods import price, quantity, substance
from reports.legal import chat_of, trade_of
from reports.legal import law as law_of_flags
from reports.offers import overview, seller
from reports.pages import message_link
from reports.reader import Record
from reports.shares import shares
from reports.trade import Trade

# What a status says of a substance, in this order.
_OF_STATUS = ("list", "decision", "valid_from", "confidence", "note", "beside")
DECISIONS = ("unreviewed", "confirmed", "rejected", "uncertain")


def indications(background: Background, edition: Edition) -> Part:
    """Part E of the checklist."""
    words, trade = background.words, Trade(background)
    sections: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
        ("E17", words("E17"), tuple(_overview(trade, edition))),
        ("E17.1", words("sellers"), tuple(_sellers(trade, edition))),
        ("E17.2", words("deals"), tuple(deals(trade, edition))),
        ("E17.3", words("shares"), tuple(shares(trade)) if background.flags else ()),
        ("E17.4", words("E17.all"), tuple(_all(trade, edition))),
    )
    return Part(
        key="E",
        title=words("part.E"),
        sections=tuple(
            Section(key=key, title=title, blocks=blocks) for key, title, blocks in sections if blocks
        ),
    )


def decision_counts(background: Background) -> dict[str, int]:
    """How many flags were confirmed, rejected, left uncertain, or not yet reviewed."""
    found = Counter(map(decision, background.flags))
    return {name: found[name] for name in DECISIONS}


def _overview(trade: Trade, edition: Edition) -> Iterator[Block]:
    background, words = trade.background, trade.background.words
    yield Prose(key="E17.sentence", text=words("flag_sentence"), tone="flag")
    yield Prose(key="E17.how", text=words("E17.how"))
    if law := other_laws.sentence(background.case.rules(), words):
        yield Prose(key="E17.law", text=law, tone="strong")
    if edition.form == "pdf" and background.flags:
        yield Prose(key="E17.elsewhere", text=words("E17.elsewhere"))
    yield _kinds(trade)
    yield _counts(background)
    yield from law_of_flags(background, in_full=edition.form != "pdf")
    for number, each in enumerate(background.case.decisions_without_flag(), 1):
        text = earlier_decision(background, each, "E17.without_flag")
        yield Prose(key=f"E17.without_flag.{number}", text=text, tone="strong")
    yield _counter(background, edition.most_counter)


def _all(trade: Trade, edition: Edition) -> Iterator[Block]:
    """Every flag with its source; rules and goods too, but not in a summary, nor twice in the annex."""
    yield flags(trade.background, is_on_paper=edition.form != "html")
    if edition.form != "pdf":
        shown = _shown_in_full(trade, edition) if edition.form == "flags" else frozenset[int]()
        yield explained(trade, shown)
        yield items(trade, shown)
        yield _laws(trade.background)


def _shown_in_full(trade: Trade, edition: Edition) -> frozenset[int]:
    """The flags whose rules and goods stand beside their texts already."""
    offers = (
        offer
        for each in trade.sellers[: edition.most_sellers]
        for offer in each.offers[: edition.most_offers]
    )
    deals_shown = trade.deals[: edition.most_deals]
    return frozenset(flag for offer in offers for flag in offer.flags) | {each.number for each in deals_shown}


def _kinds(trade: Trade) -> Table:
    """Per kind of flag: how many, how many different texts, in how many conversations."""
    background, words = trade.background, trade.background.words
    counts = Counter(flag["kind"] for flag in background.flags)
    talks: dict[str, set[str]] = {}
    for flag in background.flags:
        talks.setdefault(flag["kind"], set()).add(flag["conversation"])
    rows = [
        (
            words.code("flag", kind),
            str(count),
            str(len(trade.offers)) if kind == "menu" else "",
            str(len(talks[kind])),
        )
        for kind, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]
    columns = ("E17.kind", "E17.count", "E17.texts", "E17.talks")
    return fixed_table("E17.kinds", words("E17.overview"), tuple(map(words, columns)), rows, bars=1)


def _counts(background: Background) -> Table:
    words, counts = background.words, decision_counts(background)
    columns = tuple(words.code("decision", name) for name in counts)
    return fixed_table("E17.counts", words("E17.counts"), columns, [tuple(map(str, counts.values()))])


def _counter(background: Background, most: int) -> Fields:
    """What speaks against flags, each text once, with the flags it stands in, learnt weights behind the
    others; how many more there are."""
    words = background.words
    none = (words("E17.no_counter"),)
    found: dict[tuple[str, bool], list[str]] = {}
    for number, flag in enumerate(background.flags, 1):
        if flag["kind"] != "conversation":
            for each in all_counter_indications(background, flag).items():
                found.setdefault(each, []).append(flag_number(number))
    ordered = sorted(found.items(), key=lambda each: each[0][1])
    values: list[str] = [
        joined(f"{numbers[0]} (+{len(numbers) - 1})" if len(numbers) > 1 else numbers[0], text)
        for (text, _), numbers in ordered[:most]
    ]
    if len(found) > most:
        values.append(words("E17.more_counter", count=len(found) - most))
    field = Field(key="E17.counter", label=words("E17.counter"), values=tuple(values) or none)
    return Fields(key="E17.counter", fields=(field,))


def _sellers(trade: Trade, edition: Edition) -> Iterator[Block]:
    words, found = trade.background.words, trade.sellers
    if not found:
        yield Prose(key="E17.no_seller", text=words("sellers.none"))
        return
    yield overview(trade)
    for each in found[: edition.most_sellers]:
        yield seller(trade, each, edition.most_offers)
    if len(found) > edition.most_sellers:
        key = "sellers.more" if edition.form == "pdf" else "sellers.capped"
        yield Prose(key="E17.more_sellers", text=words(key, count=len(found) - edition.most_sellers))


def flags(background: Background, *, is_on_paper: bool = False) -> Table:
    """Every flag: of what kind, where with its source, trade and chat, and what a person decided. On paper,
    where eight columns are too narrow, trade and chat are lines of other cells."""
    words, shape = background.words, _on_paper if is_on_paper else _as_it_is
    every = ("number", "kind", "messages", "source", "markets", "trade", "chat", "decision")
    columns = tuple(each for each in every if not is_on_paper or each not in ("trade", "chat"))
    return Table(
        key="E17.flags",
        title="",
        columns=tuple(words(f"E17.{name}") for name in columns),
        count=len(background.flags),
        rows=lambda: (
            shape(words, _flag(background, number, flag)) for number, flag in enumerate(background.flags, 1)
        ),
        links=lambda row: message_link(row[2].partition(",")[0].partition(" ")[0]),
        printed=4,
    )


def _flag(background: Background, number: int, flag: Record) -> Row:
    known = [background.flagged[each] for each in flag["messages"] if each in background.flagged]
    shown = ", ".join(each.number for each in known[:12]) + (
        f" (+{len(known) - 12})" if len(known) > 12 else ""
    )
    places = dict.fromkeys(background.place(each.message["source"]) for each in known[:4])
    return (
        flag_number(number),
        joined(
            background.words.code("flag", flag["kind"]),
            *dict.fromkeys(map(background.copy_kind, flag.get("copies", ()))),
        ),
        shown,
        _in_one(places) + (" …" if len(known) > 4 else ""),
        joined(
            ", ".join(background.words.code("market", each) for each in flag.get("markets") or ()),
            taken_over(background, flag),
        ),
        trade_of(background, flag),
        chat_of(background, flag),
        decided(background, flag),
    )


def _in_one(places: Iterable[str]) -> str:
    """Places in a row; of rows of one table, the table is named once."""
    said, named = list[str](), ""
    for place in places:
        table, _, row = place.rpartition(" ")
        said.append(row if row.isdecimal() and table == named else place)
        named = table
    return ", ".join(said)


def _as_it_is(_words: Words, row: Row) -> Row:
    return row


def _on_paper(words: Words, row: Row) -> Row:
    number, kind, messages, source, markets, trade, chat, decision = row
    named = words("trade.line", kind=trade) if trade else ""
    kinds, goods = ("\n".join(filter(None, cell)) for cell in ((kind, chat), (markets, named)))
    return number, kinds, messages, source, goods, decision


def explained(trade: Trade, without: Collection[int] = ()) -> Table:
    """Per flag and rule: the matched text and why it matched; equal texts once."""
    background, words = trade.background, trade.background.words
    columns = ("number", "messages", "rule", "span", "code_points", "reason")
    once = [(label, flag) for number, label, flag in _once(trade) if number not in without]
    return Table(
        key="E17.explained",
        title=words("E17.explained"),
        columns=tuple(words(f"E17.{name}") for name in columns),
        count=sum(len(flag["rules"]) for _, flag in once),
        rows=lambda: ((number, *row) for number, flag in once for row in reason_rows(background, flag)),
    )


def _once(trade: Trade) -> Iterator[tuple[int, str, Record]]:
    """The flags whose reasons are listed: each offer once, no conversations; numbers as printed."""
    offers = {offer.flags[0]: offer for offer in trade.offers}
    repeated = {number for offer in offers.values() for number in offer.flags[1:]}
    for number, flag in enumerate(trade.background.flags, 1):
        if flag["kind"] != "conversation" and number not in repeated:
            more = len(offers[number].flags) - 1 if number in offers else 0
            yield number, flag_number(number) + (f" (+{more})" if more else ""), flag


def items(trade: Trade, without: Collection[int] = ()) -> Table:
    """The goods that a rule read in the flagged texts, as read; equal texts once."""
    background, words = trade.background, trade.background.words
    columns = ("number", "span", "substance", "quantity", "price", "list")
    once = [(label, flag) for number, label, flag in _once(trade) if number not in without]
    return Table(
        key="E17.items",
        title=words("E17.items"),
        columns=tuple(words(f"E17.{name}") for name in columns),
        count=sum(len(flag["items"]) for _, flag in once),
        rows=lambda: ((number, *_item(background, item)) for number, flag in once for item in flag["items"]),
    )


def _item(background: Background, item: Record) -> Row:
    return (
        str(item.get("text") or ""),
        substance(background, item),
        quantity(background, item),
        price(background, item),
        str(item.get("list") or ""),
    )


def _laws(background: Background) -> Table:
    """What is known of the status of each substance on the day, each status once."""
    words = background.words
    found: dict[tuple[str, str], list[str]] = {}
    for number, flag in enumerate(background.flags, 1):
        for law in flag["laws"]:
            key = background.substances.get(str(law.get("substance")), str(law.get("substance") or ""))
            found.setdefault((key, _status(law, words)), []).append(flag_number(number))
    rows = [
        (key, described, numbers[0] + (f" (+{len(numbers) - 1})" if len(numbers) > 1 else ""))
        for (key, described), numbers in sorted(found.items())
    ]
    columns = (words("E17.substance"), words("E17.laws"), words("E17.number"))
    return fixed_table("E17.laws", words("E17.laws"), columns, rows)


def _status(law: Record, words: Words) -> str:
    """What is known of a status: list, decision, since when, how sure, notes, other countries' tables."""
    told = dict(law) | {"confidence": words.code("law", law.get("confidence"))}
    told |= {name: words.of_law(str(told[name])) for name in ("decision", "note") if told.get(name)}
    if "beside" in told:
        told["beside"] = ", ".join(other_laws.beside(law, words))
    named = ((words(f"law.told.{name}"), told[name]) for name in _OF_STATUS if told.get(name))
    return "; ".join(f"{name}: {value}" for name, value in named)
