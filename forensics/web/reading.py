"""The conversations of a case, any of them as a thread, and search: what a person reads before deciding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from forensics import case_overview, case_thread
from forensics.case_copies import copies
from forensics.case_overview import MARK, UNMARK, Listed
from forensics.selected import selection
from forensics.textual import visible
from forensics.web.bubbles import Bubbles, copies_by_message
from forensics.web.desk import Desk, desk
from forensics.web.filters import LISTS, STATES, Filters, chosen
from forensics.web.flag_cards import FlagCards, named
from forensics.web.hits import Hits
from forensics.web.showing import moment, side

pages = Blueprint("reading", __name__)

PER_PAGE = 50
# Messages that are fetched together; a thread begins with three such blocks around the message asked for.
BLOCK = 50
# Flags of a conversation that are listed around the one in hand.
_LISTED = 60
_FOUND, _AS_TYPED = 100, 20


@pages.get("/")
def conversations() -> str:
    """The conversations that fit the filters, a page at a time."""
    at = desk()
    filters = Filters.read(request.args)
    fitting = list(chosen(at, filters))
    start = _number("from")
    part = fitting[start : start + PER_PAGE]
    return render_template(
        "conversations.html",
        rows=[_row(at, each) for each in part],
        count=len(fitting),
        start=start,
        before=max(0, start - PER_PAGE) if start else None,
        after=start + PER_PAGE if start + PER_PAGE < len(fitting) else None,
        filters=filters,
        **_choices(at),
    )


def _choices(at: Desk) -> dict[str, Sequence[str]]:
    """What the filters offer: only what there is."""
    known = at.known
    return {
        "apps": sorted({each.app for each in known.conversations}),
        "kinds": sorted({each.kind for each in known.conversations}),
        "flag_kinds": sorted({each.kind for each in known.flags}),
        "lists": LISTS,
        "decisions": STATES,
    }


def _row(at: Desk, each: Listed) -> dict[str, Any]:
    known = at.known
    title = known.title(each, at.words)
    messages, first, last = known.extent(at.case, each.n)
    return {
        "place": each.place,
        "title": title,
        "direction": side(title),
        "identifier": known.identifier(each, title),
        "app": f"{each.app} ({each.platform})",
        "kind": at.words.code("conversation", each.kind),
        "messages": messages,
        "first": moment(first, known.zone)[:10],
        "last": moment(last, known.zone)[:16],
        "flags": [(at.words.code("flag", kind), count) for kind, count in sorted(each.flags.items())],
        "reviewed": at.reviewed().get(each.n, 0),
        "all_flags": each.flags.total(),
    }


def _number(name: str) -> int:
    """A parameter that is a number from 0 on; 0 where it is none."""
    return max(0, request.args.get(name, 0, type=int))


@pages.get("/conversations/<int:place>")
def conversation(place: int) -> str:
    """A thread around the message, the flag or the position (from 1) that is asked for."""
    at = desk()
    listed = _listed(at, place)
    forms = at.known.forms(at.case, listed.n)
    order = at.known.order(at.case, listed.n)
    flag = request.args.get("flag")
    flag = flag if flag in forms else None
    target = _target(order, forms[flag] if flag else None)
    _consult(at, listed)
    first = max(0, target // BLOCK - 1)
    blocks = [
        (number, _block(at, listed, number, flag))
        for number in range(first, min(first + 3, -(-len(order) // BLOCK)))
    ]
    return render_template(
        "thread.html",
        talk=_row(at, listed),
        people=[_person(at, key) for key in listed.participants[:40]],
        more_people=max(0, len(listed.participants) - 40),
        total=len(order),
        size=BLOCK,
        blocks=blocks,
        target=target,
        flag=flag,
        card=_card(at, listed, flag) if flag else None,
        nearby=_nearby(at, listed, flag),
        around=_around(at, flag),
    )


def _person(at: Desk, key: str) -> tuple[str, str]:
    name = at.known.name(key, at.words)
    person = at.known.people.get(key)
    return name, person.identifier if person and person.identifier != name else ""


def _listed(at: Desk, place: int) -> Listed:
    if not 0 < place <= len(at.known.conversations):
        abort(404)
    return at.known.conversations[place - 1]


def _target(order: case_thread.Order, form: Any) -> int:
    """The position to begin with: of the message asked for, else of the first of the flag, else as given."""
    wanted = (
        [request.args["message"]] if "message" in request.args else list(form["messages"]) if form else []
    )
    places = order.places(each for each in wanted if is_id(each))
    if places:
        return places.get(wanted[0], min(places.values()))
    return min(max(0, _number("at") - 1), max(0, len(order) - 1))


def is_id(text: str) -> bool:
    """Whether it can be the id of a message."""
    return text[:1] == "m" and len(text) % 2 == 1 and all(each in "0123456789abcdef" for each in text[1:])


def _consult(at: Desk, listed: Listed) -> None:
    """Opening a conversation is on record, with who and why, before any of it is shown."""
    if at.session.opened != listed.key:
        count = at.known.extent(at.case, listed.n).messages
        at.log("view", {"conversation": listed.key}, f"{count} messages", what="consultation")
        at.session.opened = listed.key


def _block(at: Desk, listed: Listed, number: int, flag: str | None) -> list[dict[str, Any]]:
    known, case = at.known, at.case
    beside = known.once("copies", lambda: copies_by_message(copies(case.db)))
    found = case_thread.stretch(known.files, known.order(case, listed.n), number * BLOCK, BLOCK)
    shown = {message["id"] for _, message in found}
    hits = Hits(known.forms(case, listed.n), known.flag_numbers, shown, flag)
    bubbles = Bubbles(case, known, at.words, place=listed.place, hits=hits, copies=beside)
    picked = {key for each in selection(case.db) for key in each.messages}
    return [
        {**bubbles.bubble(position, message), "is_picked": message["id"] in picked}
        for position, message in found
    ]


@pages.get("/conversations/<int:place>/messages")
def block(place: int) -> str:
    """A further stretch of a conversation that was opened."""
    at = desk()
    listed = _listed(at, place)
    _consult(at, listed)
    bubbles = _block(at, listed, _number("block"), request.args.get("flag"))
    return render_template("block.html", bubbles=bubbles, flag=request.args.get("flag"))


def _card(at: Desk, listed: Listed, flag: str) -> dict[str, Any]:
    form = at.known.forms(at.case, listed.n)[flag]
    order = at.known.order(at.case, listed.n)
    places = order.places(each for each in dict.fromkeys(named(form)) if is_id(each))
    numbers = {key: f"{listed.place}-{place + 1}" for key, place in places.items()}
    return FlagCards(at.known, at.words).card(flag, form, at.history(flag), numbers)


def _nearby(at: Desk, listed: Listed, flag: str | None) -> list[dict[str, Any]]:
    """The flags of the conversation around the one in hand."""
    forms = at.known.forms(at.case, listed.n)
    keys = list(forms)
    place = keys.index(flag) if flag else 0
    start = max(0, min(place - _LISTED // 2, len(keys) - _LISTED))
    return [
        {
            "id": key,
            "number": at.known.flag_numbers.get(key, 0),
            "kind": at.words.code("flag", forms.heads[key].kind),
            "score": forms.heads[key].score,
            "state": at.state(key),
            "state_words": at.words.code("decision", at.state(key)),
        }
        for key in keys[start : start + _LISTED]
    ]


def _around(at: Desk, flag: str | None) -> dict[str, str | None]:
    """The flags before and after the one in hand, and the next one that nobody decided on, in the whole
    case."""
    keys = [each.id for each in at.known.flags]
    here = at.known.flag_numbers.get(flag or "", 0)
    open_ones = (key for key in [*keys[here:], *keys[: max(0, here - 1)]] if at.state(key) == "unreviewed")
    return {
        "before": keys[here - 2] if here > 1 else None,
        "after": keys[here] if here < len(keys) else None,
        "open": next(open_ones, None),
    }


@pages.get("/flags/<key>")
def flag(key: str) -> Response:
    """The thread at the first message of a flag."""
    at = desk()
    number = at.known.flag_numbers.get(key)
    if number is None:
        abort(404)
    listed = at.known.by_number[at.known.flags[number - 1].conversation]
    return redirect(url_for("reading.conversation", place=listed.place, flag=key), 303)


@pages.get("/messages/<key>")
def message(key: str) -> Response:
    """The thread at a message."""
    at = desk()
    found = case_thread.number_of(at.case.db, key) if is_id(key) else None
    listed = at.known.by_number.get(found[0]) if found else None
    if listed is None:
        abort(404)
    return redirect(url_for("reading.conversation", place=listed.place, message=key, _anchor=key), 303)


@pages.get("/search")
def search() -> str:
    """Messages that a query finds, the last stored first."""
    at = desk()
    query = request.args.get("q", "").strip()
    talk = _number("in")
    within = _listed(at, talk) if talk else None
    asked = query if any(sign in query for sign in ('"', "*", " OR ", " NOT ", " AND ")) else ""
    results = list(_results(at, asked or case_overview.as_typed(query + " "), _FOUND, within))
    return render_template(
        "search.html", query=query, results=results, within=within and _row(at, within), most=_FOUND
    )


@pages.get("/search/typed")
def search_typed() -> str:
    """The first messages for what has been typed so far."""
    at = desk()
    query = request.args.get("q", "")
    results = list(_results(at, case_overview.as_typed(query), _AS_TYPED, None))
    return render_template("results.html", query=query, results=results, most=_AS_TYPED)


def _results(at: Desk, query: str, most: int, within: Listed | None) -> Iterator[dict[str, Any]]:
    """What was found; that it was asked for is on record first."""
    if not query:
        return
    found = case_overview.matching(at.case.db, query, most, within.n if within else None)
    asked = query, within.key if within else None
    if at.session.searched != asked:
        subject = {"query": query} if within is None else {"query": query, "conversation": within.key}
        at.log("search", subject, f"{len(found)} messages shown", what="search")
        at.session.searched = asked
    records = case_thread.records(at.case.db, at.known.files, (each.n for each in found))
    for each in found:
        listed, record = at.known.by_number.get(each.conversation), records[each.n]
        title = at.known.title(listed, at.words) if listed else ""
        sender = at.known.name(record["sender"], at.words)
        yield {
            "id": record["id"],
            "title": title,
            "sender": "" if sender == title else sender,
            "time": at.known.stored_time(record["sent_at"], at.words),
            "snippet": _snippet(each.snippet),
            "direction": side(each.snippet),
            "state": None if record["state"] == "live" else at.words.code("state", record["state"]),
        }


def _snippet(text: str) -> Markup:
    """A piece of a message with what was searched for marked."""
    before, *others = text.split(MARK)
    found = Markup("{}").format(visible(before))
    for each in others:
        inside, _, after = each.partition(UNMARK)
        found += Markup("<mark>{}</mark>{}").format(visible(inside), visible(after))
    return found
