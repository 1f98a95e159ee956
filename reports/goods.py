"""The goods that rules read in a text, by list of the Opium Act on the day of the message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from forensics import other_laws
from forensics.charts import Series
from forensics.textual import joined
from forensics.times import local, parse_rfc3339
from forensics.words import Words
from reports.background import Background
from reports.blocks import Row
from reports.reader import Record
from reports.trade import LISTS, Offer

# Lines in a chart of prices: more could not be told apart on paper.
MOST_LINES = 6
# What goods are the same but for their price: substance, quantity and unit, and the currency.
Tier = tuple[str, float, str, str]


def quantity(background: Background, item: Record) -> str:
    """The amount as read, with its unit in words."""
    number = item.get("quantity")
    return background.words.measured(number, background.words.unit(item.get("unit"), number))


def price(background: Background, item: Record) -> str:
    """A price as read."""
    return background.words.measured(item.get("price"), item.get("currency"))


def substance(background: Background, item: Record) -> str:
    """The name of the substance in the report's language; several readings are all named."""
    candidates = item.get("candidates") or [item["substance"]]
    names = [background.substances.get(each, each) for each in candidates if each]
    return " / ".join(names) or background.words("goods.unknown")


def goods(background: Background, items: Iterable[Record]) -> Iterator[Row]:
    """Rows: list, substance, tiers as read, how sure the list is; by list, then as in the text."""
    found: dict[tuple[str | None, str], list[Record]] = {}
    for item in items:
        found.setdefault((item.get("list"), substance(background, item)), []).append(item)
    words = background.words
    for name in LISTS:
        for (listed, named), group in found.items():
            if listed == name:
                tiers = dict.fromkeys(filter(None, (_tier(background, each) for each in group)))
                law = group[0].get("law") or {}
                sure = words.code("law", law.get("confidence")) if law else ""
                ground = joined(sure, *other_laws.beside(law, words))
                yield name or words("goods.unlisted"), named, " · ".join(tiers), ground


def named(background: Background, offers: Iterable[Offer], lists: tuple[str, ...]) -> str:
    """The substances of these lists, each once."""
    items = (item for offer in offers for item in offer.flag["items"] if item.get("list") in lists)
    return ", ".join(dict.fromkeys(substance(background, each) for each in items))


def _tier(background: Background, item: Record) -> str:
    return ": ".join(part for part in (quantity(background, item), price(background, item)) if part)


def histories(background: Background, offers: Iterable[Offer]) -> dict[Tier, list[tuple[date, float]]]:
    """The prices asked for each tier, with the day from which on; equal ones in a row once."""
    found: dict[Tier, dict[date, float]] = {}
    for offer in offers:
        sent = offer.sendings[0].message["sent_at"]
        if sent:
            day = local(parse_rfc3339(sent), background.zone).date()
            for tier, asked in _asked(background, offer.flag["items"]).items():
                found.setdefault(tier, {}).setdefault(day, asked)
    ordered = {tier: _changes(sorted(days.items())) for tier, days in found.items()}
    return dict(sorted(ordered.items(), key=lambda each: (-len(found[each[0]]), *each[0])))


def _asked(background: Background, items: Iterable[Record]) -> Mapping[Tier, float]:
    found: dict[Tier, float] = {}
    for item in items:
        if item.get("price") is not None and item.get("quantity") is not None and item.get("substance"):
            tier = (
                substance(background, item),
                float(item["quantity"]),
                background.words.unit(item.get("unit"), float(item["quantity"])) or "",
                str(item.get("currency") or ""),
            )
            found.setdefault(tier, float(item["price"]))
    return found


def _changes(days: list[tuple[date, float]]) -> list[tuple[date, float]]:
    kept = days[:1]
    kept += [later for earlier, later in pairwise(days) if earlier[1] != later[1]]
    return kept


def lines(found: Mapping[Tier, list[tuple[date, float]]]) -> list[Series]:
    """The tiers whose price changed, as lines with their number in the table."""
    numbered = [(str(number), points) for number, points in enumerate(found.values(), 1)]
    changed = [(label, points) for label, points in numbered if len(points) > 1]
    return [Series(label=label, points=tuple(points)) for label, points in changed[:MOST_LINES]]


def history_rows(words: Words, found: Mapping[Tier, list[tuple[date, float]]]) -> Iterator[Row]:
    """Rows: number of the line, substance, amount, prices with the day from which they were asked."""
    for number, ((name, number_of, unit, currency), points) in enumerate(found.items(), 1):
        asked = ", ".join(
            f"{day.isoformat()}: {words.figure(value)} {currency}".rstrip() for day, value in points
        )
        yield str(number), name, f"{words.figure(number_of)} {unit}".rstrip(), asked
