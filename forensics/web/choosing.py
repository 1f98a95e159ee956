"""What goes into the report: messages and stretches, with notes, in an order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forensics import case_thread
from forensics.case_overview import Listed
from forensics.errors import WrongUse
from forensics.selected import Stretch, selection
from forensics.selection import MOST, add, move, remove, set_note
from forensics.web.desk import Desk, desk
from forensics.web.reading import is_id
from forensics.web.showing import side, told_time

pages = Blueprint("choosing", __name__)

# Messages of an item that are shown on the page of the selection.
_SHOWN = 5
# As many messages as the report prints around a selected one (reports.excerpts).
CONTEXT = 10


@pages.get("/selection")
def shown() -> str:
    """The selection as it stands."""
    at = desk()
    found = selection(at.case.db)
    at.log("view", "selection", f"{len(found)} items", what="selection")
    items = [_item(at, place, each) for place, each in enumerate(found, 1)]
    return render_template("selection.html", items=items, context=CONTEXT)


def _item(at: Desk, place: int, each: Stretch) -> dict[str, Any]:
    listed = at.known.by_key.get(each.conversation)
    title = at.known.title(listed, at.words) if listed else each.conversation
    return {
        "item": each.item,
        "place": place,
        "talk": listed.place if listed else None,
        "title": title,
        "note": each.note,
        "count": len(each.messages),
        "first": each.messages[0],
        "by": at.words("pick.by", by=each.by, at=told_time(each.at, at.known.zone)),
        "lines": [*_lines(at, listed, each)] if listed else [],
    }


def _lines(at: Desk, listed: Listed, each: Stretch) -> list[dict[str, str]]:
    """The first messages of an item."""
    places = at.known.order(at.case, listed.n).places(each.messages[:_SHOWN])
    numbers = case_thread.numbers_of(at.case.db, places)
    records = case_thread.records(at.case.db, at.known.files, numbers.values())
    return [_line(at, f"{listed.place}-{place + 1}", records[numbers[key]]) for key, place in places.items()]


def _line(at: Desk, number: str, record: dict[str, Any]) -> dict[str, str]:
    text = record["text"] or ""
    sender = at.known.name(record["sender"], at.words)
    return {"number": number, "sender": sender, "text": text[:300], "direction": side(text)}


@pages.post("/selection")
def added() -> Response:
    """Add the marked messages of one conversation, with everything between them where that was asked for."""
    at = desk()
    place = request.form.get("place", 0, type=int)
    if not 0 < place <= len(at.known.conversations):
        abort(404)
    listed = at.known.conversations[place - 1]
    order = at.known.order(at.case, listed.n)
    places = order.places(filter(is_id, request.form.getlist("message")))
    if not places:
        raise WrongUse(at.words("pick.nothing"))
    keys = [*places]
    first, last = places[keys[0]], places[keys[-1]]
    count = last - first + 1 if request.form.get("between") else len(keys)
    if count > MOST:
        raise WrongUse(at.words("pick.too_many", count=count, most=MOST))
    if request.form.get("between"):
        keys = case_thread.keys_of(at.case.db, order.numbers(first, count))
    at.write(lambda case: add(case, keys, request.form.get("note", ""), at.session.reviewer))
    return redirect(url_for("reading.conversation", place=place, message=keys[0], _anchor=keys[0]), 303)


@pages.post("/selection/<int:item>")
def changed(item: int) -> Response:
    """Another note or place for an item, or none any more."""
    at = desk()
    what, by = request.form.get("what"), at.session.reviewer
    if what == "note":
        at.write(lambda case: set_note(case, item, request.form.get("note", ""), by))
    elif what == "place":
        at.write(lambda case: move(case, item, request.form.get("place", 1, type=int), by))
    elif what == "remove":
        at.write(lambda case: remove(case, item, by))
    else:
        abort(400)
    return redirect(url_for("choosing.shown"), 303)
