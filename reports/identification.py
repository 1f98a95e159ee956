"""Parts A and B: which case, which exhibit, on what ground, and how the data were acquired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.ground import own_limits
from reports.acquired import compared, hashes, stated
from reports.background import Background, texts
from reports.blocks import Block, Field, Fields, Part, Prose, Row, Section, Table, fixed_table
from reports.reader import Record

# Items of the case configuration: name, whether mandatory, where case.toml gives them.
Given = tuple[str, bool, tuple[str, ...]]
_CASE: tuple[Given, ...] = (
    ("investigation", True, ("case.investigation", "investigation")),
    ("requesting_authority", True, ("case.requesting_authority", "requesting_authority")),
    ("offence_category", True, ("case.offence_category", "offence_category")),
)
_DEVICE: tuple[Given, ...] = (
    ("parent_exhibit", False, ("device.parent_exhibit", "parent_exhibit")),
    *(
        (name, True, (f"device.{name}", name))
        for name in ("seals", "make", "model", "serial", "imei", "iccid", "os_version", "owner_stated")
    ),
    ("owner_stated_by", True, ("device.owner_stated_by", "owner_stated_by")),
)
_EXAMINER: tuple[Given, ...] = (
    ("role", True, ("examiner.role", "role")),
    ("qualification", False, ("examiner.qualification", "qualification")),
    ("reviewer", True, ("reviewer.name", "reviewer", "examiner.reviewer")),
)
_ACQUISITION: tuple[Given, ...] = tuple(
    (name, True, (f"acquisition.{name}",))
    for name in ("tool", "version", "type", "operator", "place", "start", "end")
)
_STATE: tuple[Given, ...] = tuple(
    (name, True, (f"device.{name}", f"state.{name}"))
    for name in ("locked", "airplane_mode", "clock_offset_seconds", "clock_compared_at", "time_zone")
)
_AUTHORITY = ("kind", "reference", "issuer", "date", "expires", "scope", "limits")


def identification(background: Background) -> Part:
    """Part A of the checklist."""
    return Part(
        key="A",
        title=background.words("part.A"),
        sections=tuple(
            Section(key=key, title=background.words(key), blocks=blocks)
            for key, blocks in (
                ("A1", (Fields(key="A1", fields=tuple(_report(background))),)),
                ("A2", (Fields(key="A2", fields=tuple(_case(background))),)),
                ("A3", (Fields(key="A3", fields=tuple(_exhibit(background))), *stated(background))),
                ("A4", (Fields(key="A4", fields=tuple(_examiner(background))),)),
                ("A5", tuple(_authority(background))),
            )
        ),
    )


def acquisition(background: Background) -> Part:
    """Part B of the checklist."""
    words = background.words
    tool = Fields(key="B6", fields=(*_given(background, "B6", _ACQUISITION), _supplied(background)))
    state = Fields(key="B7", fields=tuple(_given(background, "B7", _STATE)))
    files: tuple[Block, ...] = (
        _files(background),
        Prose(key="B8.note", text=words("B8.note")),
        _problems(background),
        *compared(background),
    )
    return Part(
        key="B",
        title=words("part.B"),
        sections=(
            Section(key="B6", title=words("B6"), blocks=(tool, _containers(background), *hashes(background))),
            Section(key="B7", title=words("B7"), blocks=(state,)),
            Section(key="B8", title=words("B8"), blocks=files),
        ),
    )


def has_authority(background: Background) -> bool:
    """Whether a legal basis other than ``none`` is recorded."""
    return any(each["kind"] != "none" for each in background.info["authorities"])


def _field(background: Background, key: str, *values: object, mandatory: bool = True) -> Field:
    return Field(key=key, label=background.words(key), values=texts(*values), mandatory=mandatory)


def _given(background: Background, section: str, items: Iterable[Given]) -> Iterator[Field]:
    for name, mandatory, paths in items:
        yield _field(background, f"{section}.{name}", *background.configured(*paths), mandatory=mandatory)


def _report(background: Background) -> Iterator[Field]:
    status = (*background.configured("report.status"), "draft")[0]
    yield _field(background, "A1.report_id", background.report_id)
    yield _field(background, "A1.report_version", str(len(background.log)))
    yield _field(background, "A1.status", background.words.code("status", status))
    replaced = background.configured("report.replaces")
    yield _field(background, "A1.replaces", *replaced, mandatory=status == "amended")
    yield _field(background, "A1.date", background.time(background.info["changed_at"]))


def _case(background: Background) -> Iterator[Field]:
    yield _field(background, "A2.case_number", background.info["number"])
    yield from _given(background, "A2", _CASE)


def _exhibit(background: Background) -> Iterator[Field]:
    yield _field(background, "A3.exhibit", *background.exhibits)
    yield from _given(background, "A3", _DEVICE)


def _examiner(background: Background) -> Iterator[Field]:
    yield _field(background, "A4.examiner", background.info["examiner"])
    yield _field(background, "A4.unit", background.info["organisation"])
    yield from _given(background, "A4", _EXAMINER)
    yield _field(background, "A4.language", background.words(f"language.{background.words.language}"))


def _authority(background: Background) -> Iterator[Block]:
    words, info = background.words, background.info
    if not has_authority(background):
        yield Prose(key="A5.none", text=words("no_authority"), tone="warning")
    for number, each in enumerate(info["authorities"] or ({},), 1):
        fields = tuple(_ground(background, each))
        yield Fields(key=f"A5.{number}", fields=fields)
    period = info.get("period") or {}
    dates = (
        " - ".join(str(period.get(each) or "…") for each in ("from", "until")) if any(period.values()) else ""
    )
    applied = (
        _field(background, "A5.applied_apps", *(info["apps"] or (words("A5.all_apps"),))),
        _field(background, "A5.applied_period", dates or words("A5.all_dates")),
    )
    yield Fields(key="A5.applied", fields=applied)


def _ground(background: Background, authority: Record) -> Iterator[Field]:
    for name in _AUTHORITY:
        value = authority.get(name)
        if name == "kind":
            value = background.words.code("authority", value) if value not in (None, "none") else None
        yield _field(background, f"A5.{name}", value)
    if authority.get("reason"):
        yield _field(background, "A5.reason", str(authority["reason"]))
    limits = own_limits(authority)
    if limits:
        told = (f"{name}: {', '.join(v) if isinstance(v, list) else v}" for name, v in limits.items())
        yield _field(background, "A5.covers", "; ".join(told))


def _supplied(background: Background) -> Field:
    """Whether every item came with a hash of its acquisition, on the command line or in a file beside it."""
    items = list(background.case.evidence())
    stated = {str(each["sha256"]) for each in items if each["expected"]}
    complete = bool(items) and len(stated) == len({str(each["sha256"]) for each in items})
    told = complete or bool(background.case.comparisons("hash"))
    values = (background.words("yes"),) if told else ()
    return Field(key="B6.supplied", label=background.words("B6.expected"), values=values, mandatory=True)


def _containers(background: Background) -> Table:
    words = background.words
    columns = ("item", "kind", "size", "sha256", "sha256_after", "unchanged", "expected", "match")
    return fixed_table(
        "B6.containers",
        words("B6.containers"),
        tuple(words(f"B6.{name}") for name in columns),
        [_container(background, each) for each in background.case.evidence()],
        is_mandatory=True,
    )


def _container(background: Background, item: Record) -> Row:
    words = background.words
    unchanged = words("not_recorded")
    if item["sha256_after"]:
        unchanged = words("yes") if item["sha256_after"] == item["sha256"] else words("no")
    match = words("not_recorded")
    if item["expected"]:
        match = (
            words("yes")
            if str(item["expected"]).removeprefix("sha256:").lower() == item["sha256"]
            else words("no")
        )
    return (
        str(item["path"]),
        words.code("container", item["kind"]),
        str(item["size"]),
        str(item["sha256"]),
        str(item["sha256_after"] or words("not_recorded")),
        unchanged,
        str(item["expected"] or words("not_recorded")),
        match,
    )


def _files(background: Background) -> Table:
    words = background.words
    columns = ("B8.number", "B8.path", "B8.format", "B6.size", "G21.sha256", "B8.companions", "B8.encryption")
    rows = [_file(background, item, file) for item in background.case.evidence() for file in item["files"]]
    return fixed_table("B8.files", words("B8.files"), tuple(map(words, columns)), rows, is_mandatory=True)


def _file(background: Background, item: Record, file: Record) -> Row:
    words = background.words
    companions = (
        f"{each['path']} ({words('B8.applied' if each['applied'] else 'B8.not_applied')}) {each['sha256']}"
        for each in file["companions"]
    )
    opened = file["opened_by"]
    encryption = words("none")
    if opened:
        key = f"{words('B8.key_sha256')} {opened['key_sha256']}" if opened["key_sha256"] else ""
        encryption = "\n".join(part for part in (str(opened["form"]), key) if part)
    return (
        background.files[item["sha256"], file["path"]],
        str(file["path"]),
        " ".join(filter(None, (file["app"], file["platform"], words.sentence(file["schema"] or "")))),
        str(file["size"]),
        str(file["sha256"]),
        "\n".join(companions) or words("none"),
        encryption,
    )


def _problems(background: Background) -> Table:
    words = background.words
    rows = []
    for item in background.case.evidence():
        rows += [(str(each["path"]), words.sentence(str(each["text"]))) for each in item["problems"]]
        rows += [(str(item["path"]), text) for each in item["unread"] for text in texts(each)]
    return fixed_table("B8.problems", words("B8.problems"), (words("B8.path"), words("B8.problem")), rows)
