"""What the extraction itself says about phone and acquisition, beside what the examiner recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.acquisition import Fact, contradictions
from reports.background import Background
from reports.blocks import Block, Prose, Row, fixed_table
from reports.reader import Record
from reports.shortening import MOST_NAME

# What of case.toml is compared with the facts: the fact and where the configuration gives it.
_GIVEN = {
    "make": "device.make",
    "model": "device.model",
    "serial": "device.serial",
    "imei": "device.imei",
    "iccid": "device.iccid",
    "os_version": "device.os_version",
    "time_zone": "device.time_zone",
}
_COLUMNS = ("A3.fact", "A3.value", "A3.fact_source", "A3.fact_field")


def stated(background: Background) -> Iterator[Block]:
    """The facts with their sources, and those on which sources do not agree; nothing where there are none."""
    words = background.words
    found = background.case.acquisition()
    if not found:
        return
    columns = tuple(map(words, _COLUMNS))
    rows = [_row(background, each) for each in found]
    yield fixed_table("A3.stated", words("A3.stated"), columns, rows)
    rows = list(_contradicting(background, found))
    yield fixed_table("A3.contradictions", words("A3.contradictions"), columns, rows)


def hashes(background: Background) -> Iterator[Block]:
    """The digests that a file of the extraction states, compared; nothing where none are stated."""
    words = background.words
    found = background.case.comparisons("hash")
    if found:
        columns = ("B6.hash_file", "B6.hash_source", "B6.hash_stated", "B6.hash_found", "B6.match")
        rows = [
            (
                *_shown(background, str(each["path"] or each["file"]), str(each["source"])),
                *_shown(background, f"{each['algorithm']} {each['stated']}"),
                str(each["found"] or words("not_recorded")),
                words(f"hash.{each['result']}"),
            )
            for each in found
        ]
        yield fixed_table("B6.hashes", words("B6.hashes"), tuple(map(words, columns)), rows)


# What is compared, and of what differences the numbers are given.
_COMPARED = {
    "records": ("only_own", "only_other", "text_differs", "time_differs"),
    "calls": ("only_own", "only_other", "seconds_differ"),
    "people": ("only_own", "only_other", "names_differ"),
}


def compared(background: Background) -> Iterator[Block]:
    """What another tool decoded beside what was read here, by app; nothing where no such chats came in."""
    words, is_any = background.words, False
    for kind, differences in _COMPARED.items():
        found = background.case.comparisons(kind)
        if found:
            is_any = True
            names = ("own", "other", "same", *differences)
            columns = (words("B6.item"), words("B8.app"), *(words(f"B8.{name}") for name in names))
            rows = [
                (str(each["evidence"]), words.code("app", each["app"]), *(str(each[name]) for name in names))
                for each in found
            ]
            key = "B8.compared" if kind == "records" else f"B8.compared_{kind}"
            yield fixed_table(key, words(key), columns, rows)
    if is_any:
        yield Prose(key="B8.compared_note", text=words("B8.compared_note"))


def _row(background: Background, each: Record) -> Row:
    at = f" = {background.time(each['at'])}" if each["at"] is not None else ""
    name = background.words.code("fact", str(each["name"]))
    return name, *_shown(background, f"{each['value']}{at}", str(each["source"]), str(each["field"]))


def _shown(background: Background, *texts: str) -> Row:
    """Texts of the extraction as far as pages show them."""
    return tuple(background.shortened(text, MOST_NAME) for text in texts)


def _contradicting(background: Background, found: Iterable[Record]) -> Iterator[Row]:
    """By exhibit, or by item where none is recorded: two phones do not contradict each other."""
    by_phone: dict[str, list[Fact]] = {}
    for each in found:
        fact = Fact(name=each["name"], value=each["value"], source=each["source"], field=each["field"])
        by_phone.setdefault(str(each["exhibit"] or each["evidence"]), []).append(fact)
    for facts in by_phone.values():
        for name, several in contradictions([*facts, *_given(background)]).items():
            for fact in dict.fromkeys(several):
                said = _shown(background, fact.value, fact.source, fact.field)
                yield background.words.code("fact", name), *said


def _given(background: Background) -> Iterator[Fact]:
    for name, place in _GIVEN.items():
        for value in background.configured(place):
            yield Fact(name=name, value=str(value), source="case.toml", field=place)
