"""Part D: what is in the evidence. No flag, score or opinion stands here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from forensics import charts
from forensics.pictures import Picture
from forensics.textual import joined
from reports.background import Background
from reports.blocks import (
    Block,
    Chart,
    Excerpts,
    Field,
    Fields,
    Part,
    Prose,
    Row,
    Section,
    Table,
    fixed_table,
)
from reports.edition import Edition
from reports.excerpts import CONTEXT, Selection
from reports.method import flattened, notice_row
from reports.pages import page_name
from reports.reader import Record
from reports.seen_twice import seen_twice

# Rows of the table of who wrote where that a summary in print shows.
MOST_PAIRS = 8


def facts(background: Background, selection: Selection, edition: Edition) -> Part:
    """Part D of the checklist."""
    words = background.words
    sections: tuple[tuple[str, tuple[Block, ...]], ...] = (
        (
            "D13",
            (_accounts(background), participants(background), Prose(key="D13.note", text=words("D13.note"))),
        ),
        ("D14", (_totals(background), *_drawings(background), *_lost(background), _gaps(background))),
        (
            "D15",
            (
                conversations(background),
                *_picked(background, selection),
                *_pictures(background),
                *_printed(background, edition),
                calls(background),
            ),
        ),
        ("D15.1", seen_twice(background)),
        ("D16", tuple(_left_out(background, selection, edition))),
    )
    return Part(
        key="D",
        title=words("part.D"),
        sections=tuple(
            Section(key=key, title=words(key), blocks=blocks) for key, blocks in sections if blocks
        ),
    )


def _accounts(background: Background) -> Table:
    words = background.words
    columns = ("D13.app", "D13.platform", "D13.handle", "D13.phone", "D13.account_name", "A3.exhibit")
    rows = [
        tuple(str(each[name] or "") for name in ("app", "platform", "handle", "phone", "name", "exhibit"))
        for each in background.accounts.values()
    ]
    return fixed_table(
        "D13.accounts", words("D13.accounts"), tuple(map(words, columns)), rows, is_mandatory=True
    )


def participants(background: Background) -> Table:
    """Every participant: identifier as stored, names with their source."""
    words = background.words
    columns = ("D13.app", "D13.handle", "D13.phone", "D13.names", "D13.owner")
    return Table(
        key="D13.participants",
        title=words("D13.participants"),
        columns=tuple(map(words, columns)),
        count=len(background.people),
        rows=lambda: (_participant(background, each) for each in background.people.values()),
        printed=4,
    )


def _participant(background: Background, person: Record) -> Row:
    said = background.words.sentence
    pairs = (joined(each["name"], f"({said(each['source'])})", separator=" ") for each in person["names"])
    names = joined(*pairs, separator="\n")
    owner = background.words("yes") if person["is_owner"] else ""
    return str(person["app"]), str(person["handle"] or ""), str(person["phone"] or ""), names, owner


def _totals(background: Background) -> Table:
    words = background.words
    rows = [
        (str(app), _total_name(background, name), _total_value(background, value))
        for app, totals in sorted(background.totals.items())
        for name, value in (flattened(totals) if isinstance(totals, Mapping) else [("messages", str(totals))])
    ]
    columns = (words("D13.app"), words("D14.figure"), words("C10.count"))
    return fixed_table("D14.totals", words("D14.totals"), columns, rows, is_mandatory=True)


def _total_name(background: Background, name: str) -> str:
    group, _, last = name.rpartition(".")
    if group.startswith("state"):
        return f"{background.words('total.state')}: {background.words.code('state', last)}"
    return background.words.code("total", last)


def _total_value(background: Background, value: str) -> str:
    return background.time(value) if value.endswith("Z") and "T" in value else value


def _drawings(background: Background) -> Iterator[Block]:
    words, case = background.words, background.case
    figures = charts.periods(case.daily())
    if figures:
        columns = (words("D14.period"), words("D14.messages"))
        rows = [(name, str(count)) for name, count in figures]
        alternative = words("D14.timeline_alt")
        yield Chart(
            key="D14.timeline",
            title=words("D14.timeline"),
            alternative=alternative,
            svg=charts.timeline(figures, alternative),
            table=fixed_table("D14.timeline_figures", "", columns, rows, printed=4),
        )
    named = _named_pairs(background)
    if named:
        headings = (words("D14.sender"), words("D14.conversation"), words("D14.messages"))
        title = words("D14.pairs")
        pairs = [(one, other, str(count)) for one, other, count in named]
        yield fixed_table("D14.pairs", title, headings, pairs, bars=2, printed=MOST_PAIRS)


def _named_pairs(background: Background) -> list[tuple[str, str, int]]:
    titles = {each["id"]: background.conversation_title(each) for each in background.conversations}
    numbers = background.conversation_numbers
    found = sorted(
        background.case.pairs(), key=lambda pair: (-pair[2], numbers.get(pair[1], 0), str(pair[0]))
    )
    return [
        (
            background.name(sender),
            joined(f"{numbers.get(chat, '')}.", titles.get(chat, chat), separator=" "),
            count,
        )
        for sender, chat, count in found
    ]


def _lost(background: Background) -> Iterator[Block]:
    """Traces of messages that are gone, counted; left out where there is none."""
    words = background.words
    titles = {each["id"]: background.conversation_title(each) for each in background.conversations}
    rows = [
        (
            titles.get(chat, chat) if chat is not None else words("lost.unknown"),
            words("lost.unknown")
            if since is None
            else joined(*dict.fromkeys((since, until)), separator=" – "),
            words(f"lost.{what}"),
            str(count),
        )
        for chat, since, until, what, count in background.case.lost()
    ]
    if rows:
        columns = (words("D14.conversation"), words("D14.period"), words("lost.trace"), words("C10.count"))
        yield Prose(key="D14.lost_note", text=words("D14.lost_note"))
        yield fixed_table("D14.lost", words("D14.lost"), columns, rows)


def _gaps(background: Background) -> Table:
    words = background.words
    found = (each for each in background.case.notices() if each["severity"] == "gap")
    columns = (words("C10.severity"), words("C10.text"), words("C10.source"))
    return fixed_table(
        "D14.gaps", words("D14.gaps"), columns, [notice_row(background, each) for each in found], printed=4
    )


def conversations(background: Background) -> Table:
    """Every conversation with its number; the first cell leads to its page."""
    words = background.words
    columns = ("D15.number", "D15.title", "D13.app", "D15.kind", "D15.account", "D15.messages")
    return Table(
        key="D15.list",
        title=words("D15.list"),
        columns=tuple(map(words, columns)),
        count=len(background.conversations),
        rows=lambda: _conversation_rows(background),
        links=lambda row: page_name(int(row[0])),
        is_mandatory=True,
        printed=4,
    )


def _conversation_rows(background: Background) -> Iterator[Row]:
    for number, each in enumerate(background.conversations, 1):
        account = background.accounts.get(each["account"], {})
        yield (
            str(number),
            background.conversation_title(each),
            f"{each['app']} ({each['platform']})",
            background.words.code("conversation", each["kind"]),
            str(account.get("phone") or account.get("handle") or ""),
            str(each["messages"]),
        )


def _picked(background: Background, selection: Selection) -> Iterator[Block]:
    """What persons selected, with their notes; nothing where nobody did."""
    words, numbers = background.words, background.conversation_numbers
    if not selection.stretches:
        return
    titles = {each["id"]: background.conversation_title(each) for each in background.conversations}
    rows = [
        (
            str(place),
            joined(
                f"{numbers.get(each['conversation'], '?')}.",
                titles.get(each["conversation"], words("picked.gone")),
                separator=" ",
            ),
            str(len(each["messages"])),
            joined(each["by"], background.time(each["at"])),
            each["note"],
        )
        for place, each in enumerate(selection.stretches, 1)
    ]
    columns = ("picked.item", "D14.conversation", "D15.messages", "picked.by", "picked.note")
    yield fixed_table("D15.picked", words("picked"), tuple(map(words, columns)), rows)


def _pictures(background: Background) -> Iterator[Block]:
    """How pictures are shown, and how many; nothing where there are none and nobody asked for none."""
    mode, found = background.pictures.mode, background.pictures.found.values()
    if not found and mode != "none":
        return
    shown = sum(isinstance(each, Picture) for each in found)
    text = background.words(f"D15.pictures.{mode}", shown=shown, not_shown=len(found) - shown)
    yield Prose(key="D15.pictures", text=text, tone="warning" if mode == "shown" else "plain")


def _printed(background: Background, edition: Edition) -> Iterator[Block]:
    words = background.words
    yield Prose(key="D15.recipients", text=words("D15.recipients"))
    if edition.form == "html":
        return
    if edition.volumes:
        names = ", ".join(edition.volumes)
        yield Prose(key="D15.volumes", text=words("D15.in_volumes", count=len(edition.volumes), names=names))
    elif not edition.messages:
        yield Prose(key="D15.none_printed", text=words("D15.none_printed"))
    else:
        yield Excerpts(key="D15.printed")


def calls(background: Background) -> Table:
    """The call log."""
    words = background.words
    columns = (
        "D15.call_at",
        "D13.app",
        "D14.sender",
        "D15.participants",
        "D15.call_seconds",
        "D15.call_video",
        "D15.call_result",
    )
    return Table(
        key="D15.calls",
        title=words("D15.calls"),
        columns=tuple(map(words, columns)),
        count=sum(1 for _ in background.case.calls()),
        rows=lambda: (_call(background, each) for each in background.case.calls()),
        printed=4,
    )


def _call(background: Background, call: Record) -> Row:
    words = background.words
    video = {True: words("yes"), False: words("no")}.get(call["video"], "")
    people: Iterable[str] = islice(call["participants"], 20)
    return (
        background.stored_time(call["at"]) or words("no_time"),
        str(call["app"]),
        background.name(call["sender"]),
        joined(*map(background.name, people), separator=", "),
        "" if call["seconds"] is None else str(call["seconds"]),
        video,
        background.words.sentence(str(call["result"] or "")),
    )


def _left_out(background: Background, selection: Selection, edition: Edition) -> Iterator[Block]:
    words = background.words
    if edition.form == "html":
        yield Prose(key="D16.rule", text=words("D16.html"))
        return
    rule = words("D16.all") if selection.is_whole else words("D16.rule", context=CONTEXT)
    if selection.stretches:
        picked = sum(len(each["messages"]) for each in selection.stretches)
        people = ", ".join(dict.fromkeys(each["by"] for each in selection.stretches))
        items = len(selection.stretches)
        rule = words("D16.picked", context=CONTEXT, items=items, messages=picked, people=people)
    yield Prose(key="D16.rule", text=rule)
    total = sum(each["messages"] for each in background.conversations)
    printed = f"{edition.conversations} / {len(background.conversations)}"
    counts = (("printed_count", edition.messages), ("total_count", total), ("conversations_count", printed))
    yield Fields(
        key="D16",
        fields=tuple(
            Field(key=f"D16.{name}", label=words(f"D16.{name}"), values=(str(value),))
            for name, value in counts
        ),
    )
