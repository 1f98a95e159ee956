"""``flags``, ``decide``, ``search`` and ``show``: what a person looks for in a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from forensics.cli.comparing import GROUNDS, difference_line
from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    output,
    print_json,
    progress,
    say,
    shortened,
    use_utf8,
    visible,
)

_RULES_TOLD = 4  # of a flag; all are in `flags --json`
_LONGEST_QUOTED = 24


@click.command("flags")
@click.argument("case", type=PATH)
@JSON_OPTION
@QUIET_OPTION
def flags_command(case: Path, as_json: bool, quiet: bool) -> None:
    """List the flags of a case with their reasons. A flag is an indication, not a finding."""
    from forensics.case_reader import CaseReader
    from forensics.cli.clock import sentence
    from forensics.device_clock import offset_of
    from forensics.flag_law import with_law

    use_utf8()
    with open_case(case) as opened:
        clock = sentence(offset_of(opened.db, opened.info.get("config")))
        reader = CaseReader(opened)
        flags, without = list(reader.flags()), reader.decisions_without_flag()
        with opened.change() as change:
            change.log("view", "flags", f"{len(flags)} flags")
        if as_json:
            print_json({"flags": list(with_law(reader, flags)), "decisions_without_flag": without})
            return
        titles = {each["id"]: each["title"] or each["handle"] for each in reader.conversations()}
        texts = {flag["id"]: reader.message(flag["messages"][0]) for flag in flags}
    _print_flags(flags, titles, texts)
    for each in without:
        for line in (*_earlier(each), "no flag names any of these messages now"):
            say(visible(line))
    if clock is not None:
        say(clock)
    say("A flag is an automatic indication to be assessed by a person; it is no finding of guilt.")


def _print_flags(flags: list[dict[str, Any]], titles: dict[str, str], texts: dict[str, Any]) -> None:
    """A block of lines for each flag, the highest score first; no line is wider than the terminal."""
    from rich.text import Text

    out = output()
    for flag in sorted(flags, key=lambda each: (-each["score"], each["id"])):
        for line in _flag_block(flag, titles.get(flag["conversation"]), texts[flag["id"]] or {}, out.width):
            out.print(Text(line), overflow="crop", no_wrap=True)


def _flag_block(flag: dict[str, Any], title: str | None, first: dict[str, Any], width: int) -> list[str]:
    """The id whole, because `sporen decide` asks for it; then where it is, what is offered, and the words."""
    made = flag["decision"]["decision"] if flag["decision"] else "open"
    lines = [
        f"{flag['id']}  {flag['kind']}, score {flag['score']}, {made}",
        f"  {shortened(title or flag['conversation'], 40)}, {first.get('sent_at') or 'no time'}",
        f"  {_goods(flag)}",
        f"  {_first_text(flag, first)}",
        f"  {_why(flag)}",
        *(f"  {line}" for each in flag.get("replaced_decisions", ()) for line in _replaced(each)),
        *(f"  {line}" for each in flag.get("earlier_decisions", ()) for line in _earlier(each)),
    ]
    return [
        *(
            f"  {shortened(each, width - 2)}".rstrip() if each.startswith("  ") else each
            for each in lines
            if each.strip()
        ),
        "",
    ]


def _first_text(flag: dict[str, Any], first: dict[str, Any]) -> str:
    """The words of the first message; where they are those of a copy, that is said."""
    copy = next((each for each in flag.get("copies", ()) if each["message"] == first.get("id")), None)
    if copy is None or first.get("id") in flag["own"]:
        return first.get("text") or _older(first)
    form = "copy, normalised" if copy["normalised"] else "copy"
    return f"[{form}: {copy['origin']}] {copy['text']}"


def _older(message: dict[str, Any]) -> str:
    """The last of its older texts, of a message that has none any more."""
    return str(message["edits"][-1]["text"] or "") if message.get("edits") else ""


def _replaced(made: dict[str, Any]) -> list[str]:
    """A decision that the same person replaced or took back, in lines."""
    how = "replaced" if made["withdrawn"] is None else f"taken back ({made['withdrawn']})"
    return [
        f"{how} at {made['until']}:",
        f"  {made['decision']}, by {made['by']} at {made['at']}: {made['reason']}",
    ]


def _earlier(made: dict[str, Any]) -> list[str]:
    """A decision on a flag that named other messages than any does now, in lines."""
    return [
        "made on an earlier version of this flag: messages",
        *(f"  {each}" for each in made["messages"]),
        f"{made['decision']}, by {made['by']} at {made['at']}: {made['reason']}",
    ]


def _goods(flag: dict[str, Any]) -> str:
    """The markets and the substances in short."""
    from forensics.substance_names import substance_names

    known = substance_names("en")
    names = dict.fromkeys(known.get(each["substance"], each["text"]) for each in flag["items"])
    taken = f"taken over from {flag['goods_from'][0]}" if flag.get("goods_from") else ""
    return "; ".join(filter(None, (", ".join(flag["markets"]), ", ".join(map(str, names)), taken)))


def _why(flag: dict[str, Any]) -> str:
    """The rules that weigh most for it with the words that they matched, then how many more matched."""
    from forensics.hit_language import is_learnt

    rules = [each | {"weight": each.get("weight") or 0} for each in flag["rules"]]
    weighing = [each for each in rules if each["weight"] > 0 or each.get("thousandths", 0) > 0]
    weighing.sort(key=lambda each: (is_learnt(each), -each["weight"], -each.get("thousandths", 0)))
    named = dict.fromkeys(f"{each['id']} {_quoted(each.get('text'))}".rstrip() for each in weighing)
    more = len(named) - _RULES_TOLD
    told = [*list(named)[:_RULES_TOLD], *([f"and {more} more"] if more > 0 else ())]
    return f"why: {', '.join(told)}" if told else ""


def _quoted(text: str | None) -> str:
    return f"\u201c{shortened(text, _LONGEST_QUOTED)}\u201d" if text else ""


@click.command("decide")
@click.argument("case", type=PATH)
@click.argument("flag")
@click.argument("decision", type=click.Choice(["confirmed", "rejected", "uncertain"]))
@click.option("--reason", required=True, help="Why.")
@click.option("--by", metavar="NAME", help="Who decides; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def decide_command(
    case: Path, flag: str, decision: str, reason: str, by: str | None, as_json: bool, quiet: bool
) -> None:
    """Record a person's decision on FLAG; it is appended, logged and printed in the report."""
    from forensics.review import decide

    use_utf8()
    with open_case(case) as opened:
        made = decide(opened, flag, decision, reason, by)
    if as_json:
        print_json(made)
    say(f"{flag}: {decision}, by {made['by']}.")


@click.command("search")
@click.argument("case", type=PATH)
@click.argument("query")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Results to print.")
@JSON_OPTION
@QUIET_OPTION
def search_command(case: Path, query: str, limit: int, as_json: bool, quiet: bool) -> None:
    """Search messages: words, "phrases", prefix*, AND, OR, NOT."""
    from forensics.cli.clock import sentence
    from forensics.device_clock import offset_of
    from forensics.search import search

    use_utf8()
    with open_case(case) as opened:
        clock = sentence(offset_of(opened.db, opened.info.get("config")))
        found = search(opened, query, limit)
        with opened.change() as change:
            change.log("search", {"query": query}, f"{found['count']} messages")
    if as_json:
        print_json(found)
        return
    _print_found(found["results"])
    if clock is not None:
        say(clock)
    say(f"{found['count']} messages; {len(found['results'])} shown.")


def _print_found(results: list[dict[str, Any]]) -> None:
    """Two lines for each message: the id whole, because `sporen show` asks for it; then who wrote what."""
    from rich.text import Text

    out = output()
    for each in results:
        who = "owner" if each["from_owner"] else each["sender_name"] or "?"
        where = shortened(each["title"] or each["conversation"], max(8, out.width - 54))
        said = shortened(f"{who}: {each['snippet']}", out.width - 2)
        for line in (f"{each['id']}  {each['sent_at'] or '-':24}  {where}", f"  {said}"):
            out.print(Text(line), overflow="crop", no_wrap=True)


@click.command("show")
@click.argument("case", type=PATH)
@click.argument("message_id", metavar="ID")
@click.option("--evidence", type=PATH, help="Where the evidence is now; default where it was.")
@click.option("--key", "keys", type=PATH, multiple=True, help="File with a key, for encrypted evidence.")
@JSON_OPTION
@QUIET_OPTION
def show_command(
    case: Path, message_id: str, evidence: Path | None, keys: tuple[Path, ...], as_json: bool, quiet: bool
) -> None:
    """Show one message: its fields, its context, its source row read again from the evidence, its hashes."""
    from forensics.key_ring import read_key_file
    from forensics.source_row import shown

    use_utf8()
    with open_case(case) as opened:
        with progress() as watch:
            found = shown(opened, message_id, evidence, [read_key_file(each) for each in keys], watch)
        with opened.change() as change:
            change.log("view", {"message": message_id})
    if as_json:
        print_json(found)
        return
    _show(found)


def _show_copy(copy: dict[str, Any]) -> None:
    """A copy with its own source: it stands beside the message, never in the place of its text."""
    whose = (
        "of this message" if copy["copy_of"] else f"of message {copy['app_id'] or '(no id)'}, which is gone"
    )
    form = "copy, normalised" if copy["normalised"] else "copy"
    place = f"{copy['source']['path']} {copy['source']['table']} {copy['source']['rowid']}"
    click.echo(f"{form} {whose} ({copy['reason']}), {copy['origin']} in {visible(place)}")
    click.echo(f"  {visible(copy['text'])}")


def _plain(value: object) -> str:
    """A value as text, or as JSON where it is no text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show(found: dict[str, Any]) -> None:
    from forensics.cli.clock import mark, marked

    message, clock = found["message"], mark(found["clock_offset_seconds"])
    for name, value in message.items():
        if name not in ("record", "source") and value not in (None, [], False):
            click.echo(f"{name:18} {visible(_plain(marked(value, clock, name)))}")
    if found["text_with_names"] != message["text"]:
        click.echo(f"{'text with names':18} {visible(found['text_with_names'])}")
    for name, value in message["source"].items():
        if value is not None:
            click.echo(f"source.{name:18} {visible(str(value))}")
    for each in found["copies"]:
        _show_copy(each)
    click.echo("context")
    for each in found["context"]:
        pointer = ">" if each["id"] == message["id"] else " "
        sent = f"{each['sent_at']}{clock}" if each["sent_at"] else "-"
        sender, text = shortened(each["sender_name"], 16), shortened(each["text"], 60)
        click.echo(f"{pointer} {sent:{24 + len(clock)}} {sender:16} {text}")
    for each in found["on_both_devices"]:
        click.echo(
            visible(
                f"on both devices: {each['message']} of account {each['account']}, {GROUNDS[each['ground']]}"
            )
        )
    for each in found["differences"]:
        click.echo(visible(difference_line(each)))
    row = found["source_row"]
    click.echo(f"source row: {row['status']}")
    for name, value in row.get("times", {}).items():
        click.echo(f"  {name}: {value}{clock if value else ''}")
    for name, value in (row.get("values") or {}).items():
        if value is not None:
            click.echo(f"  {visible(name):30} {shortened(_plain(value), 80)}")
