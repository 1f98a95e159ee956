"""Messages that were seen more than once: in several databases of one account, or on several phones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forensics.textual import joined
from reports.background import Background
from reports.blocks import Block, Prose, Row, Table, fixed_table
from reports.reader import Record

_ACCOUNT = ("phone", "handle", "name", "id")


def seen_twice(background: Background) -> tuple[Block, ...]:
    """The section; nothing where every message was seen once."""
    if not background.is_compared:
        return ()
    words = background.words
    blocks: list[Block] = [Prose(key="D15.1.how", text=words("seen.how")), _counts(background)]
    if background.device_pairs:
        blocks += [Prose(key="D15.1.weak", text=words("seen.weak")), _pairs(background), _clocks(background)]
    blocks.append(_differences(background))
    return tuple(blocks)


def account_name(background: Background, key: str) -> str:
    """What an account is called: its number, else its identifier, name or id."""
    account = background.accounts.get(key, {})
    return next((str(account[name]) for name in _ACCOUNT if account.get(name)), key)


def said(background: Background, found: Record) -> str:
    """A difference in words."""
    words = background.words
    if found["kind"] == "gone":
        places = {side: _dated(background, found[side]) for side in ("in", "not_in")}
        text = words("seen.gone", older=places["in"], newer=places["not_in"])
        remains = found["recovered"]
        if remains is None:
            return text
        return joined(text, words("seen.recovered", page=remains["page"], byte=remains["offset"]))
    if found["kind"] == "one side only":
        return words("seen.one_side", account=account_name(background, found["not_on"]))
    return "\n".join(
        joined(
            words.code("field", each["field"]),
            f"{words('seen.here')}: {_value(background, each['kept'])}",
            f"{words('seen.there')}: {_value(background, each['other'])}",
        )
        for each in found["fields"]
    )


def _dated(background: Background, place: Record) -> str:
    number = background.files.get((place["evidence_sha256"], place["path"])) or place["path"]
    date = str(place["date"] or "")
    shown = background.time(date) if "T" in date else date
    ground = "seen.by_name" if place["ground"].startswith("date") else "seen.by_newest"
    return f"{number} ({shown or background.words('no_time')}, {background.words(ground)})"


def _value(background: Background, value: object) -> str:
    if value in (None, "", [], False):
        return background.words("none")
    if isinstance(value, list):
        return ", ".join(each if isinstance(each, str) else "…" for each in value)
    return background.shortened(str(value), 300) if isinstance(value, str) else background.words("yes")


def _kind(background: Background, found: Record) -> str:
    scope = background.words(f"seen.{found['scope']}")
    return joined(background.words.code("difference", found["kind"]), scope)


def _counts(background: Background) -> Table:
    words = background.words
    counts: Counter[tuple[str, str]] = Counter()
    for each in background.case.differences():
        counts[each["scope"], each["kind"]] += 1
    grounds: Counter[str] = Counter()
    for pair in background.device_pairs:
        grounds.update(pair["links"])
    rows = [(words("seen.merged"), str(background.case.merged()))]
    rows += [(words.code("ground", name), str(count)) for name, count in sorted(grounds.items())]
    rows += [
        (_kind(background, {"scope": scope, "kind": kind}), str(count))
        for (scope, kind), count in sorted(counts.items())
    ]
    return fixed_table("D15.1.counts", words("seen.counts"), (words("D14.figure"), words("C10.count")), rows)


def _pairs(background: Background) -> Table:
    words = background.words
    rows = [
        (
            account_name(background, pair["one"]),
            account_name(background, pair["other"]),
            str(pair["conversations"]),
            str(pair["links"].get("id", 0)),
            str(pair["links"].get("text", 0) + pair["links"].get("time", 0)),
            "" if pair["offset_ms"] is None else _seconds(pair["offset_ms"]),
        )
        for pair in background.device_pairs
    ]
    columns = (
        "seen.one",
        "seen.other",
        "E17.talks",
        "seen.by_id",
        "seen.by_text",
        "seen.offset",
    )
    return fixed_table("D15.1.pairs", words("seen.pairs"), tuple(map(words, columns)), rows)


def _clocks(background: Background) -> Table:
    words = background.words
    rows = [
        (
            joined(*(account_name(background, pair[side]) for side in ("one", "other")), separator=" / "),
            words.code("clock", each["what"]),
            words.code("sent_by", each["by"]),
            str(each["messages"]),
            _seconds(each["median_ms"]),
            f"{_seconds(each['low_ms'])} - {_seconds(each['high_ms'])}",
        )
        for pair in background.device_pairs
        for each in pair["clocks"]
    ]
    columns = ("seen.pair", "seen.compared", "seen.sent_by", "D15.messages", "seen.median", "seen.spread")
    return fixed_table("D15.1.clocks", words("seen.clocks"), tuple(map(words, columns)), rows)


def _seconds(milliseconds: int) -> str:
    sign, whole = "-" if milliseconds < 0 else "", abs(milliseconds)
    return f"{sign}{whole // 1000}.{whole % 1000:03} s"


def _differences(background: Background) -> Table:
    words = background.words
    columns = ("seen.kind", "C10.time", "D14.conversation", "seen.message", "seen.difference")
    return Table(
        key="D15.1.differences",
        title=words("seen.differences"),
        columns=tuple(map(words, columns)),
        count=sum(1 for _ in background.case.differences()),
        rows=lambda: _rows(background),
        printed=8,
    )


def _rows(background: Background) -> Iterator[Row]:
    for each in background.case.differences():
        talk = background.conversation(each["conversation"])
        number = background.conversation_numbers.get(each["conversation"], "")
        title = background.conversation_title(talk) if talk else ""
        yield (
            _kind(background, each),
            background.stored_time(each["sent_at"]) or background.words("no_time"),
            joined(f"{number}.", title, separator=" "),
            "\n".join(filter(None, (each["message"], each["other"]))),
            said(background, each),
        )
