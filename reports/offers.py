"""Per account that offers something: offers, prices, reach, other side of transactions, hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forensics import charts
from forensics.textual import joined
from reports import legal
from reports.background import Background, Flagged
from reports.blocks import Block, Chart, Field, Fields, Group, Prose, Quotation, Row, Table, fixed_table
from reports.cards import counter_indications, decided, flag_number, reason_table, spans_of
from reports.goods import goods, histories, history_rows, lines, named
from reports.pages import message_link
from reports.trade import LISTS, Deal, Offer, Seller, Trade

# Flags named one by one in a line; the others stand in the table of all flags.
_MOST_NAMED = 12


def seller(trade: Trade, found: Seller, most_offers: int) -> Group:
    """One account: ``most_offers`` is how many of its offers are shown in full."""
    background, words = trade.background, trade.background.words
    key = f"S{found.offers[0].number}"
    blocks: list[Block] = [Fields(key=key, fields=tuple(_about(trade, found))), _mixed(background, found)]
    items = [item for offer in found.offers for item in offer.flag["items"]]
    blocks.append(_goods(background, f"{key}.goods", words("goods"), items))
    blocks += _prices(background, key, found)
    blocks.append(_broadcasts(background, key, found))
    blocks += [offer_group(background, each) for each in found.offers[:most_offers]]
    if len(found.offers) > most_offers:
        text = words("seller.offers_more", count=len(found.offers) - most_offers)
        blocks.append(Prose(key=f"{key}.more", text=text))
    if found.deals:
        blocks.append(_customers(trade, key, found))
    blocks += _hours(trade, key, found)
    return Group(
        key=key, title=joined(words("seller.title"), name(trade, found), separator=" "), blocks=tuple(blocks)
    )


def overview(trade: Trade) -> Table:
    """All accounts that offer something, those with most sendings first."""
    words = trade.background.words
    columns = ("customers.who", "offer.sendings", "E17.texts", "offer.reach", "offer.lists", "seller.deals")
    rows = [
        (
            _who(trade.background, each.participant, name(trade, each)),
            str(each.times_sent),
            str(len(each.offers)),
            str(len(each.conversations)),
            _listed(*(offer.lists for offer in each.offers)),
            str(len(each.deals)),
        )
        for each in trade.sellers
    ]
    return fixed_table("E17.sellers", "", tuple(map(words, columns)), rows, bars=1)


def name(trade: Trade, found: Seller) -> str:
    """The display name of the account, or the title of the channel where none is stored."""
    if found.participant is not None:
        return trade.background.name(found.participant)
    talk = trade.background.conversation(found.offers[0].conversations[0])
    return trade.background.conversation_title(talk) if talk else trade.background.words("sender_unknown")


def _about(trade: Trade, found: Seller) -> Iterator[Field]:
    background, words = trade.background, trade.background.words
    person = background.people.get(found.participant or "", {})
    owner = words("owner") if person.get("is_owner") else None
    times = sorted(each.message["sent_at"] or "" for each in found.sendings)
    kinds = Counter(words.code("conversation", each.message["conversation_kind"]) for each in found.sendings)
    offered = words(
        "seller.offers_value",
        texts=len(found.offers), sendings=found.times_sent, talks=len(found.conversations),
    )  # fmt: skip
    talks = len({each.flag["conversation"] for each in found.deals})
    values = {
        "identifier": joined(background.identifier(found.participant), owner),
        "offers": offered,
        "period": " - ".join(dict.fromkeys(background.time(each) for each in (times[0], times[-1]))),
        "kinds": ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items())),
        "deals": words("seller.deals_value", deals=len(found.deals), talks=talks),
    }
    for key, value in values.items():
        yield Field(key=f"seller.{key}", label=words(f"seller.{key}"), values=(value,) if value else ())


def _mixed(background: Background, found: Seller) -> Prose:
    """What stands beside each other: goods of lists I and II on one list of goods, or in different ones."""
    words, mixed = background.words, [each for each in found.offers if each.is_mixed]
    hard = named(background, mixed or found.offers, ("I", "IA"))
    soft = named(background, mixed or found.offers, ("II",))
    if mixed:
        text = words("seller.mixed", count=len(mixed), total=len(found.offers), hard=hard, soft=soft)
    elif hard and soft:
        text = words("seller.mixed_over", hard=hard, soft=soft)
    else:
        return Prose(key="E17.mixed", text=words("seller.not_mixed"))
    return Prose(key="E17.mixed", text=text, tone="strong")


def _goods(background: Background, key: str, title: str, items: list[dict[str, object]]) -> Table:
    words = background.words
    columns = ("goods.list", "E17.substance", "goods.tiers", "goods.law")
    return fixed_table(key, title, tuple(map(words, columns)), goods(background, items), printed=7)


def _prices(background: Background, key: str, found: Seller) -> Iterator[Block]:
    words = background.words
    history = histories(background, found.offers)
    if not history:
        return
    columns = ("prices.line", "E17.substance", "E17.quantity", "prices.history")
    figures = fixed_table(
        f"{key}.price_figures", "", tuple(map(words, columns)), history_rows(words, history), printed=4
    )
    drawn = lines(history)
    if not drawn:
        yield fixed_table(f"{key}.prices", words("prices"), figures.columns, figures.rows(), printed=4)
        return
    alternative = words("prices.alt")
    svg = charts.lines(drawn, alternative, words.figure)
    yield Chart(key=f"{key}.prices", title=words("prices"), alternative=alternative, svg=svg, table=figures)


def _broadcasts(background: Background, key: str, found: Seller) -> Table:
    words = background.words
    columns = ("offer.number", "offer.first", "offer.last", "offer.sendings", "offer.reach", "offer.lists")
    rows = [_broadcast(background, each) for each in found.offers]
    return fixed_table(
        f"{key}.broadcasts", words("seller.broadcasts"), tuple(map(words, columns)), rows, bars=4, printed=4
    )


def _who(background: Background, participant: str | None, shown: str) -> str:
    """A name with its identifier, where that says more."""
    identifier = background.identifier(participant)
    return shown if identifier in ("", shown) else joined(shown, f"({identifier})", separator=" ")


def _listed(*found: frozenset[str]) -> str:
    """The lists in their order."""
    return ", ".join(each for each in LISTS if each and any(each in lists for lists in found))


def _broadcast(background: Background, offer: Offer) -> Row:
    first, last = offer.sendings[0].message["sent_at"], offer.sendings[-1].message["sent_at"]
    counts = (str(offer.times_sent), str(len(offer.conversations)))
    return (
        f"M{offer.number}",
        background.stored_time(first),
        background.stored_time(last),
        *counts,
        _listed(offer.lists),
    )


def offer_group(background: Background, offer: Offer) -> Group:
    """One offer: its text with what was found marked, its goods by list, its reach, and every sending."""
    words, key = background.words, f"M{offer.number}"
    counts = {"number": offer.number, "sendings": offer.times_sent, "talks": len(offer.conversations)}
    first = offer.sendings[0]
    blocks = (
        Quotation(
            key=f"{key}.text",
            head=joined(first.number, background.stored_time(first.message["sent_at"]), first.copy),
            text=offer.text,
            spans=spans_of(offer.flag, first),
        ),
        _goods(background, f"{key}.goods", "", list(offer.flag["items"])),
        Fields(key=key, fields=tuple(_judged(background, offer))),
        reason_table(background, f"{key}.rules", offer.flag),
        _sendings(background, f"{key}.sent", offer),
    )
    title = "offer.title" if offer.times_sent > 1 else "offer.title_one"
    if offer.times_sent == 1 and len(offer.conversations) > 1:
        title = "offer.title_list"
    return Group(key=key, title=words(title, **counts), blocks=blocks)


def _judged(background: Background, offer: Offer) -> Iterator[Field]:
    words = background.words
    flags = ", ".join(map(flag_number, offer.flags[:_MOST_NAMED]))
    further = f" (+{len(offer.flags) - _MOST_NAMED})" if len(offer.flags) > _MOST_NAMED else ""
    decisions = Counter(decided(background, background.flags[each - 1]) for each in offer.flags)
    made = "\n".join(f"{text} ({count})" for text, count in decisions.items())
    yield Field(key="offer.flags", label=words("offer.flags"), values=(flags + further,))
    yield Field(key="offer.decided", label=words("E17.decided"), values=(made,))
    yield Field(
        key="offer.counter", label=words("E17.counter"), values=counter_indications(background, offer.flag)
    )
    yield from legal.fields(background, offer.flag, "offer")


def _sendings(background: Background, key: str, offer: Offer) -> Table:
    words = background.words
    columns = ("offer.item", "E17.number", "C10.time", "D14.conversation", "E17.source")
    return Table(
        key=key,
        title=words("offer.sent"),
        columns=tuple(map(words, columns)),
        count=len(offer.sendings),
        rows=lambda: (_sending(background, *each) for each in zip(offer.flags, offer.sendings, strict=True)),
        links=lambda row: message_link(row[0]),
        printed=4,
    )


def _sending(background: Background, flag: int, each: Flagged) -> Row:
    talk = background.conversation(each.message["conversation"])
    title = background.conversation_title(talk) if talk else ""
    kind = background.words.code("conversation", each.message["conversation_kind"])
    where = joined(title, f"({kind})", separator=" ")
    sent = background.stored_time(each.message["sent_at"])
    where = joined(where, each.copy)
    return each.number, flag_number(flag), sent, where, background.place(each.message["source"])


def _customers(trade: Trade, key: str, found: Seller) -> Table:
    """The other accounts in its transactions, with how often, when, and what was named."""
    background, words = trade.background, trade.background.words
    deals: dict[str, list[Deal]] = {}
    for deal in found.deals:
        for other in trade.others(deal, found.participant):
            deals.setdefault(other, []).append(deal)
    ordered = sorted(deals.items(), key=lambda each: (-len(each[1]), each[1][0].number))
    rows = [_customer(background, other, theirs) for other, theirs in ordered]
    columns = ("customers.who", "E17.count", "customers.first", "customers.last", "customers.named")
    return fixed_table(
        f"{key}.customers", words("customers"), tuple(map(words, columns)), rows, bars=1, printed=4
    )


def _customer(background: Background, other: str, deals: list[Deal]) -> Row:
    times = sorted(
        each.message["sent_at"] for deal in deals for each in deal.messages if each.message["sent_at"]
    )
    items = [item for deal in deals for item in deal.flag["items"]]
    wares = ", ".join(dict.fromkeys(row[1] for row in goods(background, items)))
    shown = _who(background, other, background.name(other))
    first, last = (background.time(times[at])[:10] if times else "" for at in (0, -1))
    return shown, str(len(deals)), first, last, wares


def _hours(trade: Trade, key: str, found: Seller) -> Iterator[Chart]:
    background, words = trade.background, trade.background.words
    dealt = {each.message["id"]: each for deal in found.deals for each in deal.messages}
    offered, traded = trade.hours(found.sendings), trade.hours(dealt.values())
    both = offered + traded
    if both:
        columns = (words("hours.hour", zone=background.zone), *(f"{hour:02}" for hour in range(24)))
        counted = ((words("seller.offers"), offered), (words("seller.deals"), traded))
        rows = [(label, *(str(counts[hour]) for hour in range(24))) for label, counts in counted]
        yield Chart(
            key=f"{key}.hours",
            title=words("hours"),
            alternative=words("hours.alt"),
            svg=charts.hours(both, words("hours.alt")),
            table=fixed_table(f"{key}.hour_figures", "", columns, rows),
        )
