"""Possible transactions: each with its messages, and who stands on either side of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forensics import charts
from forensics.textual import joined
from reports import legal
from reports.background import Background
from reports.blocks import Block, Chart, Field, Fields, Group, Prose, Quotation, fixed_table
from reports.cards import counter_indications, decided, flag_number, reason_table, spans_of, taken_over
from reports.edition import Edition
from reports.goods import goods
from reports.trade import Deal, Trade

# Accounts in the drawing of the network; the table beside it has them all.
_MOST_NODES = 19


def deals(trade: Trade, edition: Edition) -> Iterator[Block]:
    """The section on possible transactions."""
    words, found = trade.background.words, trade.deals
    if not found:
        yield Prose(key="E17.no_deal", text=words("deals.none"))
        return
    yield from _network(trade)
    for each in found[: edition.most_deals]:
        yield _deal(trade, each)
    if len(found) > edition.most_deals:
        key = "deals.more" if edition.form == "pdf" else "deals.capped"
        yield Prose(key="E17.more_deals", text=words(key, count=len(found) - edition.most_deals))


def _deal(trade: Trade, deal: Deal) -> Group:
    """One possible transaction: its messages with what was found marked, and the reasons."""
    background, words = trade.background, trade.background.words
    talk = background.conversation(deal.flag["conversation"])
    key, number = f"T{deal.number}", flag_number(deal.number)
    quotations = [
        Quotation(
            key=f"{key}.{each.number}{'.copy' if each.copy else ''}",
            head=joined(
                each.number,
                background.stored_time(each.message["sent_at"]),
                background.name(each.message["sender"]),
                each.copy,
            ),
            text=each.text,
            spans=spans_of(deal.flag, each),
        )
        for each in deal.messages
    ]
    columns = tuple(map(words, ("goods.list", "E17.substance", "goods.tiers", "goods.law")))
    taken = taken_over(background, deal.flag)
    fields = (
        *((Field(key="deal.taken", label=words("E17.goods"), values=(taken,)),) if taken else ()),
        *legal.fields(background, deal.flag, "deal"),
        Field(key="deal.decided", label=words("E17.decided"), values=(decided(background, deal.flag),)),
        Field(
            key="deal.counter", label=words("E17.counter"), values=counter_indications(background, deal.flag)
        ),
    )
    found = fixed_table(f"{key}.goods", "", columns, goods(background, deal.flag["items"]), printed=4)
    named = (found,) if found.count else ()  # an empty table without a title would not say what is "none"
    rules = reason_table(background, f"{key}.rules", deal.flag)
    named_title = background.conversation_title(talk) if talk else ""
    title = joined(words("deal.title", flag=number), named_title, separator=" ")
    return Group(key=key, title=title, blocks=(*quotations, *named, Fields(key=key, fields=fields), rules))


def _network(trade: Trade) -> Iterator[Chart]:
    """Who stands on either side of the possible transactions of direct conversations."""
    background, words = trade.background, trade.background.words
    edges: Counter[tuple[str, str]] = Counter()
    for deal in trade.deals:
        people = trade.others(deal, None)
        if len(people) == 2:
            edges[min(people), max(people)] += 1
    ordered = sorted(edges.items(), key=lambda each: (-each[1], each[0]))
    busiest = Counter(person for pair in edges.elements() for person in pair)
    nodes = sorted(busiest, key=lambda each: (-busiest[each], each))
    numbers = {person: place for place, person in enumerate(nodes)}
    if not ordered:
        return
    rows, drawn = [], []
    for pair, count in ordered:
        one, other = sorted((numbers[pair[0]], numbers[pair[1]]))
        rows.append((_node(background, nodes, one), _node(background, nodes, other), str(count)))
        drawn.append((one, other, count))
    shown = [edge for edge in drawn if max(edge[:2]) < _MOST_NODES]
    labels = [str(place + 1) for place in range(min(len(nodes), _MOST_NODES))]
    columns = tuple(map(words, ("network.one", "network.other", "E17.count")))
    yield Chart(
        key="E17.network",
        title=words("network"),
        alternative=words("network.alt"),
        is_tall=True,
        svg=charts.network(labels, shown, words("network.alt")),
        table=fixed_table("E17.network_figures", "", columns, rows, printed=4),
    )


def _node(background: Background, nodes: list[str], place: int) -> str:
    return joined(f"{place + 1}.", background.name(nodes[place]), separator=" ")
