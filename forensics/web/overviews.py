"""Overviews: a drawing, its table, and from every row a way into the conversations."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, abort, render_template, url_for
from markupsafe import Markup

from forensics import case_figures, charts
from forensics.case_figures import Asked, Flagged, Tie
from forensics.charts import Series
from forensics.outlines import within
from forensics.substance_names import substance_names
from forensics.textual import joined
from forensics.times import local
from forensics.web.desk import Desk, desk
from forensics.web.showing import moment

pages = Blueprint("overviews", __name__)

NAMES = ("timeline", "hours", "network", "prices", "map")
# Rows of a table on a page, nodes, lines and points of a drawing: more cannot be told apart.
MOST_ROWS, MOST_NODES, MOST_LINES, MOST_POINTS = 400, 19, 6, 200
_LINKS = 4


class Link(NamedTuple):
    """A cell that leads somewhere."""

    text: str
    address: str


class View(NamedTuple):
    """A drawing (None where there is nothing to draw) with its table; a cell is text or a list of links."""

    svg: str | None
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    note: str = ""


@pages.get("/overviews/<name>")
def overview(name: str) -> str:
    """One overview."""
    makers = {"timeline": _timeline, "hours": _hours, "network": _network, "prices": _prices, "map": _map}
    if name not in makers:
        abort(404)
    at = desk()
    at.log("view", f"overview {name}", what="overview")
    view = makers[name](at)
    return render_template(
        "overview.html",
        name=name,
        names=NAMES,
        svg=None if view.svg is None else Markup(view.svg),  # of charts: only figures and words of ours
        columns=view.columns,
        rows=view.rows[:MOST_ROWS],
        is_cut=len(view.rows) > MOST_ROWS,
        most=MOST_ROWS,
        note=view.note,
    )


def _counts(at: Desk) -> tuple[Counter[str], Counter[int], list[Flagged]]:
    case, zone = at.case, at.known.zone
    days, hours = at.known.once("days", lambda: case_figures.by_day_and_hour(case.db, zone))
    return days, hours, at.known.once("flagged", lambda: case_figures.flagged(case.db))


def _timeline(at: Desk) -> View:
    days, _, flagged = _counts(at)
    figures = charts.periods(list(days.items()))
    label = _period_of(figures)
    zone, marked = at.known.zone, Counter[str]()
    for each in flagged:
        if each.sent_at is not None:
            marked[label(local(each.sent_at, zone).date())] += 1
    rows = [
        (
            [Link(name, url_for("reading.conversations", since=since, until=until))],
            str(count),
            str(marked[name]),
        )
        for name, count in figures
        for since, until in (_bounds(name),)
    ]
    svg = charts.timeline(figures, at.words("view.timeline")) if figures else None
    columns = ("view.period", "list.messages", "view.flagged")
    return View(svg, tuple(map(at.words, columns)), rows)


def _period_of(figures: list[tuple[str, int]]) -> Any:
    """How a day is called in these figures: by itself, or as a week, month or year."""
    name = figures[0][0] if figures else ""
    if "W" in name:
        return lambda day: "{:04}-W{:02}".format(*day.isocalendar()[:2])
    return lambda day: day.isoformat()[: len(name)]


def _bounds(name: str) -> tuple[str, str]:
    """The first and last day of a period."""
    if "W" in name:
        first = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
        return first.isoformat(), (first + timedelta(days=6)).isoformat()
    if len(name) == 10:
        return name, name
    if len(name) == 7:
        after = date(int(name[:4]) + int(name[5:]) // 12, int(name[5:]) % 12 + 1, 1)
        return f"{name}-01", (after - timedelta(days=1)).isoformat()
    return f"{name}-01-01", f"{name}-12-31"


def _hours(at: Desk) -> View:
    _, hours, flagged = _counts(at)
    zone = at.known.zone
    talks: dict[int, Counter[int]] = {}
    for each in flagged:
        if each.sent_at is not None:
            talks.setdefault(local(each.sent_at, zone).hour, Counter())[each.conversation] += 1
    rows = [
        (
            f"{hour:02}",
            str(hours[hour]),
            str(talks.get(hour, Counter()).total()),
            [_talk(at, each) for each, _ in talks.get(hour, Counter()).most_common(_LINKS)],
        )
        for hour in range(24)
    ]
    svg = charts.hours(hours, at.words("view.hours")) if hours else None
    named = (at.words("view.hour", zone=zone), *map(at.words, ("list.messages", "view.flagged", "view.talk")))
    return View(svg, named, rows)


def _talk(at: Desk, conversation: int) -> Link:
    listed = at.known.by_number[conversation]
    title = joined(f"{listed.place}.", at.known.title(listed, at.words), separator=" ")
    return Link(title, url_for("reading.conversation", place=listed.place))


def _network(at: Desk) -> View:
    case = at.case
    ties = at.known.once("ties", lambda: case_figures.ties(case.db))
    weights, strongest = Counter[tuple[str, str]](), dict[tuple[str, str], list[Tie]]()
    for tie in ties:
        weights[tie.one, tie.other] += tie.messages
        strongest.setdefault((tie.one, tie.other), []).append(tie)
    reach = Counter[str]()
    for pair, count in weights.items():
        for person in pair:
            reach[person] += count
    nodes = {
        person: place for place, (person, _) in enumerate(sorted(reach.items(), key=lambda e: (-e[1], e[0])))
    }
    rows: list[tuple[Any, ...]] = []
    edges: list[tuple[int, int, int]] = []
    for pair, count in sorted(weights.items(), key=lambda each: (-each[1], each[0])):
        if len(rows) > MOST_ROWS and max(nodes[person] for person in pair) >= MOST_NODES:
            continue  # neither in the table nor in the drawing
        one, other = sorted(pair, key=lambda person: nodes[person])
        links = [_talk(at, tie.conversation) for tie in strongest[pair][:_LINKS]]
        rows.append((_node(at, nodes, one), _node(at, nodes, other), str(count), links))
        if nodes[other] < MOST_NODES:
            edges.append((nodes[one], nodes[other], count))
    labels = [str(place + 1) for place in range(min(len(nodes), MOST_NODES))]
    svg = charts.network(labels, edges, at.words("view.network")) if edges else None
    note = at.words("view.more", count=MOST_NODES) if len(nodes) > MOST_NODES else ""
    columns = tuple(map(at.words, ("view.one", "view.other", "list.messages", "view.talk")))
    return View(svg, columns, rows, note)


def _node(at: Desk, nodes: dict[str, int], person: str) -> str:
    return joined(f"{nodes[person] + 1}.", at.known.name(person, at.words), separator=" ")


def _prices(at: Desk) -> View:
    case = at.case
    found = at.known.once("asked", lambda: case_figures.asked(case.db))
    lines: dict[tuple[Any, ...], list[Asked]] = {}
    for each in found:
        before = lines.setdefault((each.sender or f"c{each.conversation}", *each.tier), [])
        if not before or before[-1].price != each.price:
            before.append(each)
    ordered = sorted(lines.values(), key=lambda line: (-len(line), line[0].tier, line[0].sent_at))
    rows = [(str(number), *_price_row(at, line)) for number, line in enumerate(ordered, 1)]
    most = 10 * max((each.price for each in ordered[0]), default=0) if ordered else 0
    series = [
        Series(
            label=str(number),
            points=tuple((local(each.sent_at, at.known.zone).date(), each.price) for each in line),
        )
        for number, line in enumerate(ordered, 1)
        if len(line) > 1 and max(each.price for each in line) <= most
    ][:MOST_LINES]
    svg = charts.lines(series, at.words("view.prices"), at.words.figure) if series else None
    columns = tuple(map(at.words, ("view.line", "view.who", "view.goods", "view.asked")))
    return View(svg, columns, rows, at.words("view.prices_note"))


def _price_row(at: Desk, line: list[Asked]) -> tuple[Any, ...]:
    substance, quantity, unit, currency = line[0].tier
    named = substance_names(at.words.language).get(substance, substance)
    amount = f"{at.words.figure(quantity)} {at.words.unit(unit, quantity) if unit else ''}".strip()
    asked = [
        Link(
            f"{moment(each.sent_at, at.known.zone)[:10]}: {at.words.figure(each.price)} {currency}".strip(),
            url_for("reading.flag", key=each.flag),
        )
        for each in line
    ]
    return at.known.name(line[0].sender, at.words), f"{named}, {amount}", asked


def _map(at: Desk) -> View:
    case = at.case
    found = at.known.once("places", lambda: case_figures.shared_places(case.db))
    rows = [
        (
            str(number),
            [Link(moment(each.sent_at, at.known.zone) or at.words("no_time"), _message(each.message))],
            at.known.name(each.sender, at.words),
            f"{each.latitude}, {each.longitude}",
            each.words,
            [_talk(at, each.conversation)],
        )
        for number, each in enumerate(found, 1)
    ]
    drawn = {
        number: (each.latitude, each.longitude)
        for number, each in enumerate(found[:MOST_POINTS], 1)
        if abs(each.latitude) <= 90 and abs(each.longitude) <= 180
    }
    svg = None
    if drawn:
        outlines = within(charts.frame_of(list(drawn.values())))
        svg = charts.places(drawn, outlines, at.words("view.map"))
    columns = ("view.place", "view.when", "view.who", "view.axes", "view.name", "view.talk")
    return View(svg, tuple(map(at.words, columns)), rows, at.words("view.map_note"))


def _message(key: str) -> str:
    return url_for("reading.message", key=key)
