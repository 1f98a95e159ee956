"""The report of a redacted delivery: the records that are left, and where others are withheld, and why.

It is made from messages.jsonl, record-tree.txt and withheld.txt of the new delivery, and knows nothing else:
what is not in them cannot stand in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import forensics
from forensics.record_tree import BAG_INFO, leaves
from forensics.redaction import REASONS, earlier_reasons
from forensics.textual import joined
from forensics.verify_delivery import the_one_number
from forensics.words import Words
from reports import markup, pages
from reports.background import Background
from reports.blocks import Field
from reports.bubbles import Presenter
from reports.reader import Record

PAGE = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A record of the delivery, or as many as are withheld behind each other, by reason."""

    number: int
    record: Record | None
    withheld: Mapping[str, int] = field(default_factory=dict)


def write(original: Path, folder: Path) -> None:
    """Write data/html of the redacted delivery in ``folder``; of ``original`` only what bag-info.txt says."""
    info = _bag_info(original)
    language = "en" if info.get("External-Description") == Words("en")("title") else "nl"
    background, talks, calls = _known(folder, language)
    header = joined(info.get("External-Identifier"), info.get("Internal-Sender-Identifier"))
    target = folder / "data" / "html"
    (target / "chats").mkdir(parents=True)
    report, reasons = _Report(background, header, target), earlier_reasons(folder)
    for talk, places in groupby(_messages(folder, reasons), lambda each: each[0]):
        report.talk(talk, talks.get(talk), (place for _, place in places))
    facts = {
        "delivery": info.get("External-Identifier", "-"),
        "from": the_one_number(original),
        "root": info.get(BAG_INFO, "-"),
    }
    report.index(facts, reasons.values(), calls)


def _bag_info(folder: Path) -> dict[str, str]:
    rows = (folder / "bag-info.txt").read_text("utf-8").splitlines()
    return {name: value for name, _, value in (row.partition(": ") for row in rows)}


def _known(folder: Path, language: str) -> tuple[Background, dict[str, Record], list[Record]]:
    """People, accounts and flags as far as they are delivered; conversations; calls."""
    found: dict[str, dict[str, Record]] = {"account": {}, "participant": {}, "conversation": {}, "call": {}}
    kinds: dict[str, set[str]] = {}
    for leaf in leaves(folder):
        record = json.loads(leaf.line) if leaf.line is not None else {}
        if record.get("record") in found:
            found[record["record"]][record["id"]] = record
        elif record.get("record") == "flag":
            for key in record["messages"]:
                kinds.setdefault(key, set()).add(record["kind"])
    flags = {key: tuple(sorted(each)) for key, each in kinds.items()}
    background = Background.of_records(
        language, forensics.__version__, found["account"], found["participant"], flags
    )
    return background, found["conversation"], list(found["call"].values())


def _messages(folder: Path, reasons: Mapping[int, str]) -> Iterator[tuple[str, Place]]:
    """The messages with their conversations; what is withheld stands in that of the message before it, or of
    the first one."""
    waiting, first, talk = Counter[str](), 0, ""
    is_over = False
    for number, leaf in enumerate(leaves(folder), 1):
        record = json.loads(leaf.line) if leaf.line is not None else None
        if record is None:
            first = first or number
            waiting[reasons.get(number, "unstated")] += 1
            continue
        is_message = record["record"] == "message"
        if waiting and (talk or is_message) and not is_over:
            yield talk or record["conversation"], Place(number=first, record=None, withheld=dict(waiting))
        waiting, first = Counter(), 0
        is_over = bool(talk) and not is_message
        if is_message:
            talk = record["conversation"]
            yield talk, Place(number=number, record=record)
    if waiting and talk and not is_over:
        yield talk, Place(number=first, record=None, withheld=dict(waiting))


class _Report:
    """Writes the pages; remembers which conversations it wrote."""

    def __init__(self, background: Background, header: str, target: Path) -> None:
        self._background, self._header, self._target = background, header, target
        self._words, self._presenter = background.words, Presenter(background)
        self._talks: list[tuple[str, str, int, int]] = []

    def talk(self, key: str, conversation: Record | None, places: Iterable[Place]) -> None:
        """The page of one conversation."""
        words, number = self._words, len(self._talks) + 1
        title = words("redacted.title_withheld")
        if conversation is not None:
            title = self._background.conversation_title(conversation)
        shown, hidden, body = 0, 0, []
        for place in places:
            if place.record is None:
                hidden += sum(place.withheld.values())
                body.append(self._withheld(place))
            else:
                shown += 1
                body.append(markup.bubble(self._presenter.bubble(f"{place.number}", place.record)))
        name = pages.page_name(number)
        self._talks.append((name, title, shown, hidden))
        back = f'<nav><a href="../{PAGE}">{markup.shown(words("back"))}</a></nav>'
        head = f"{back}<h1{markup.side_by_side(title)}>{number}. {markup.shown(title)}</h1>"
        note = f"<p>{markup.shown(words('redacted.numbers'))}</p>"
        self._write(name, title, [head, note, *body, back])

    def _withheld(self, place: Place) -> str:
        words = self._words
        said = [
            f"{place.withheld[each]}: {words(f'redacted.why.{each}')}"
            for each in REASONS
            if each in place.withheld
        ]
        text = words("redacted.here", number=place.number, count=sum(place.withheld.values()))
        return f'<p class="gone" id="i{place.number}">{markup.shown(" ".join((text, "; ".join(said))))}</p>\n'

    def index(self, facts: Mapping[str, str], reasons: Iterable[str], calls: list[Record]) -> None:
        """The first page: what this is, how much is withheld and why, and the conversations."""
        words, title = self._words, self._words("redacted.title")
        fields = [
            Field(key=f"R.{name}", label=words(f"redacted.{name}"), values=(value,))
            for name, value in facts.items()
        ]
        counts = Counter(reasons)
        why = [
            Field(key=f"R.{each}", label=words(f"redacted.why.{each}"), values=(str(counts[each]),))
            for each in REASONS
            if counts[each]
        ]
        body = [
            f'<h1>{markup.shown(title)}</h1><section class="box">{markup.fields(words, fields, "R")}',
            "".join(f"<p>{markup.shown(words(f'redacted.says.{n}'))}</p>" for n in (1, 2, 3, 4)),
            f"</section><h2>{markup.shown(words('redacted.counts'))}</h2>{markup.fields(words, why, 'why')}",
            f"<h2>{markup.shown(words('D15.list'))}</h2>",
            self._table(("D15.number", "D15.title", "redacted.shown", "redacted.hidden"), self._talk_rows()),
            f"<h2>{markup.shown(words('D15.calls'))}</h2>",
            self._table(("D15.call_at", "D14.sender", "D15.call_seconds"), map(self._call, calls)),
        ]
        self._write(PAGE, title, body)

    def _talk_rows(self) -> Iterator[tuple[str, ...]]:
        for number, (name, title, shown, hidden) in enumerate(self._talks, 1):
            link = f'<a href="{name}">{markup.shown(title)}</a>'
            yield str(number), link, str(shown), str(hidden)

    def _call(self, call: Record) -> tuple[str, ...]:
        at = self._background.stored_time(call["at"]) or self._words("no_time")
        seconds = "" if call["seconds"] is None else str(call["seconds"])
        return markup.shown(at), markup.shown(self._background.name(call["sender"])), seconds

    def _table(self, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
        """A table of cells that are markup already."""
        head = "".join(f'<th scope="col">{markup.shown(self._words(each))}</th>' for each in columns)
        body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
        if not body:
            return f"<p>{markup.shown(self._words('no_rows'))}</p>\n"
        return (
            f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>\n'
        )

    def _write(self, name: str, title: str, body: Iterable[str]) -> None:
        pages.write(self._target / name, markup.page(self._words, title, self._header, body))
