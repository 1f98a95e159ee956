"""Part C: with what, how, and how well it is known to work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version as installed_version
from importlib.resources import files
from typing import Any

from forensics import other_laws
from forensics.analysis.validation import OTHERS
from forensics.digest import sha256
from forensics.words import WORDS, Words
from reports.background import Background, texts
from reports.blocks import Block, Field, Fields, Part, Prose, Row, Section, Table, fixed_table
from reports.obfuscation import obfuscation, told, total
from reports.reader import Record

_ENVIRONMENT = (
    "tool",
    "version",
    "commit",
    "build_sha256",
    "python",
    "sqlite",
    "os",
    "locale",
    "tzdata",
    "command",
)
# Parts of the case information that are printed elsewhere or are no setting.
_NO_SETTING = frozenset(("authorities", "computed", "config", "environment", "head", "law", "rules"))
# The sets of validation, those first that guided the rules least; the first one's figures stand outside them.
_SETS = OTHERS[::-1]
_MEASURES = (
    "labels.menu.precision",
    "labels.menu.recall",
    "trade.precision",
    "trade.recall",
    "conversations.recall",
    "conversations.false_flags",
    "items.precision",
    "items.recall",
    "trade.false_flags",
    "conversations.precision",
)


def method(background: Background) -> Part:
    """Part C of the checklist."""
    words = background.words
    sections: tuple[tuple[str, tuple[Block, ...]], ...] = (
        (
            "C9",
            (Fields(key="C9", fields=tuple(_tool(background))), _settings(background), _rules(background)),
        ),
        ("C10", (_steps(background), _rows(background), *_notices(background))),
        ("C11", (Fields(key="C11", fields=tuple(_times(background))), _units(background))),
        ("C12", tuple(_validation(background))),
    )
    return Part(
        key="C",
        title=words("part.C"),
        sections=tuple(Section(key=key, title=words(key), blocks=blocks) for key, blocks in sections),
    )


def flattened(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """A nested mapping as dotted names and texts, in sorted order."""
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield from flattened(value[key], f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        if any(isinstance(each, (Mapping, list, tuple)) for each in value):
            for number, each in enumerate(value, 1):
                yield from flattened(each, f"{name}.{number}")
        elif value:
            yield name, ", ".join(map(str, value))
    elif value is not None:
        yield name, str(value)


# Libraries whose versions the bytes of the spreadsheet and of the thumbnails depend on.
_OF_THE_FORMS = ("XlsxWriter", "Pillow")


@lru_cache(maxsize=1)
def fonts_sha256() -> str:
    """The SHA-256 of the list of font hashes: it fixes every font that the PDF is set with."""
    return sha256((files("reports") / "fonts" / "SHA256SUMS").read_bytes())


def _tool(background: Background) -> Iterator[Field]:
    environment, rules = background.info.get("environment") or {}, background.case.rules()
    for name in _ENVIRONMENT:
        yield _field(background, f"C9.{name}", environment.get(name))
    yield _field(background, "C9.rules_version", rules.get("version"))
    yield _field(background, "C9.rules_sha256", rules.get("sha256"))
    if law := other_laws.sentence(rules, background.words):
        yield _field(background, "C9.law", law)
    yield _field(background, "C9.typesetter", f"typst {installed_version('typst')}")
    yield _field(background, "C9.fonts_sha256", fonts_sha256())
    used = (f"{name} {installed_version(name)}" for name in _OF_THE_FORMS)
    yield _field(background, "C9.libraries", ", ".join(used))


def _field(background: Background, key: str, value: object) -> Field:
    return Field(key=key, label=background.words(key), values=texts(value), mandatory=True)


def _settings(background: Background) -> Table:
    words = background.words
    settings = {name: value for name, value in background.info.items() if name not in _NO_SETTING}
    columns = (words("C9.setting"), words("C9.value"))
    return fixed_table(
        "C9.settings", words("C9.settings"), columns, flattened(settings), is_mandatory=True, printed=4
    )


def _rules(background: Background) -> Table:
    words, rules = background.words, background.case.rules()
    kept = {
        name: value for name, value in rules.items() if name not in ("law", "validation", "version", "sha256")
    }
    columns = (words("C9.setting"), words("C9.value"))
    return fixed_table("C9.rules", words("C9.rules"), columns, flattened(kept), is_mandatory=True, printed=4)


def _steps(background: Background) -> Table:
    words = background.words
    columns = tuple(words(f"C10.{name}") for name in ("seq", "time", "action", "object", "result"))
    rows = [_step(background, entry) for entry in background.log]
    return fixed_table("C10.steps", words("C10.steps"), columns, rows, is_mandatory=True, printed=5)


def _step(background: Background, entry: Record) -> Row:
    words = background.words
    return (
        str(entry.get("seq", "")),
        background.time(entry.get("time")),
        words.code("action", str(entry.get("action", ""))),
        ", ".join(_object(words, *each) for each in flattened(entry.get("object"), "")),
        _result(words, str(entry.get("result", ""))),
    )


def _object(words: Words, name: str, value: str) -> str:
    """A part of what an entry is about; one without a name is a word of the program."""
    return f"{words.code('object', name)}: {value}" if name else words.code("object", value)


def _result(words: Words, result: str) -> str:
    """What came of a step: a word, a number of things, or a sentence of the program."""
    count, _, things = result.partition(" ")
    if count.isdecimal() and f"counted.{things}" in WORDS:
        return f"{count} {words.code('counted', things)}"
    return words.code("result", result) if f"result.{result}" in WORDS else words.sentence(result)


def _rows(background: Background) -> Table:
    words = background.words
    columns = ("B8.number", "C10.table", "C10.read", "C10.messages", "C10.skipped", "C10.failed")
    rows = [
        (background.files[item["sha256"], file["path"]], *_accounting(words, str(name), table))
        for item in background.case.evidence()
        for file in item["files"]
        for name, table in sorted(file["tables"].items())
    ]
    return fixed_table("C10.rows", words("C10.rows"), tuple(map(words, columns)), rows, is_mandatory=True)


def _accounting(words: Words, name: str, table: Record) -> Row:
    skipped = ", ".join(
        f"{words.code('skipped', reason)} {count}" for reason, count in sorted(table["skipped"].items())
    )
    return name, str(table["rows"]), str(table["messages"]), skipped or "0", str(table["failed"])


def _notices(background: Background) -> Iterator[Table]:
    words = background.words
    counts = Counter(str(notice["severity"]) for notice in background.case.notices())
    rows = [(words.code("severity", severity), str(count)) for severity, count in sorted(counts.items())]
    yield fixed_table(
        "C10.notice_counts", words("C10.notices"), (words("C10.severity"), words("C10.count")), rows
    )
    yield Table(
        key="C10.notices",
        title=words("C10.text"),
        columns=(words("C10.severity"), words("C10.text"), words("C10.source")),
        count=sum(counts.values()),
        rows=lambda: (notice_row(background, notice) for notice in background.case.notices()),
        printed=3,
    )


def notice_row(background: Background, notice: Record) -> Row:
    """A notice as a row: severity, text and place."""
    source = notice["source"]
    place = ""
    if source:
        number = background.files.get((source["evidence_sha256"], source["path"])) or source["path"]
        row = source["rowid"] if source["rowid_key"] is None else source["rowid_key"]
        place = " ".join(str(part) for part in (number, source["table"], row) if part is not None)
    words = background.words
    return words.code("severity", str(notice["severity"])), words.sentence(str(notice["text"])), place


def _times(background: Background) -> Iterator[Field]:
    yield _field(background, "C11.zone", background.zone)
    yield _field(background, "C11.rule", background.words("C11.rule_text"))


def _units(background: Background) -> Table:
    words = background.words
    found = sorted({(str(each["app"]), str(each["platform"])) for each in background.conversations})
    rows = [(f"{app} ({platform})", _unit(background, app, platform)) for app, platform in found]
    columns = (words("C11.source"), words("C11.unit"))
    return fixed_table("C11.units", words("C11.units"), columns, rows, is_mandatory=True)


def _unit(background: Background, app: str, platform: str) -> str:
    family = app.removesuffix("_business")
    key = f"stored.{family}.{platform}" if platform in ("ios", "export") else f"stored.{family}"
    return background.words(key) if key in WORDS else background.words("not_recorded")


def _validation(background: Background) -> Iterator[Block]:
    words = background.words
    validation = background.case.rules().get("validation") or {}
    yield Fields(
        key="C12",
        fields=(
            _field(background, "C12.test_set", words.sentence(str(validation.get("test_set") or ""))),
            _field(background, "C12.last_run", validation.get("last_run")),
            _field(background, "C12.schemas", _schemas(background)),
        ),
    )
    columns = tuple(words(f"C12.{name}") for name in ("measure", "set", "of", "rate", "interval"))
    rates = list(_error_rates(words, validation))
    yield fixed_table(
        "C12.error_rates", words("C12.error_rates"), columns, rates, is_mandatory=True, printed=9
    )
    yield obfuscation(words, validation)
    yield Prose(key="C12.note", text=words("C12.note"))


def _error_rates(words: Words, validation: Record) -> Iterator[Row]:
    """The figures of every set, those first that guided the rules least."""
    for name in _SETS:
        yield from _rates(words, name, validation.get(name) or {})
    yield from _rates(words, "built-in", validation)


def _rates(words: Words, part: str, figures: Record) -> Iterator[Row]:
    """What was measured of one set. Where it holds no trade, a share that is right says nothing."""
    trades = (figures.get("trade") or {}).get("recall") or {}
    for path in _MEASURES:
        if path.endswith(".precision") and trades.get("of") == 0:
            continue
        found: Any = figures
        for step in path.split("."):
            found = found.get(step) or {}
        if found.get("rate") is not None:
            yield words(f"measure.{path}"), words.code("set", part), *told(found)
    if disguised := total(figures.get("obfuscated") or {}):
        yield words("measure.obfuscated"), words.code("set", part), *disguised


def _schemas(background: Background) -> Iterable[str]:
    found = {
        f"{file['app']} ({file['platform']}): {background.words.sentence(file['schema'])}"
        for item in background.case.evidence()
        for file in item["files"]
        if file["schema"]
    }
    return sorted(found)
