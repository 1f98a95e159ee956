"""Reads items of evidence from end to end and tells what it finds as a stream of events.

Nothing is stored here: the events go to ``ingest``, in this process or another, or to ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forensics import registry
from forensics.authority import Scope
from forensics.contacts import beside_nothing, contact_names
from forensics.content_type import mime_type
from forensics.errors import EvidenceMismatch, EvidenceUnreadable, Refused, SporenError, UnknownKind, WrongKey
from forensics.evidence import Limits, as_text, open_evidence
from forensics.extract import Batch, extract
from forensics.file_record import database_record, document_record, side_file_records
from forensics.formats.sqlite import ReadProblem
from forensics.installations import document, installations
from forensics.intake import Intake
from forensics.items import Found, Item, Trouble
from forensics.key_ring import Attempt, KeyFile, KeyRing
from forensics.model import Notice, Source
from forensics.parser import Input, Installation
from forensics.recovered import UNWANTED, Recovery
from forensics.recovered_words import not_read

# Kinds of ReadProblem by which rows are missing that the evidence should hold.
_LOSSES = frozenset(("missing", "zeroed", "page"))
# and the text of one by which the newest rows are missing
_UNUSED_LOG = "the write-ahead log was not used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read. ``known``: digests of items in the case, with the number of their unopened files;
    ``timezone``: the case's, in which times without a zone are read."""

    paths: tuple[Path, ...]
    keys: tuple[KeyFile, ...]
    scope: Scope
    exhibit: str | None
    expected: frozenset[str]
    known: dict[str, int]
    work: Path
    limits: Limits = field(default_factory=Limits)
    timezone: str = "Europe/Amsterdam"
    # by digest of an item, the items that may lend it names: those of its ingest; None: all of this command
    lenders: Mapping[str, frozenset[str]] | None = None
    # whether deleted rows are looked for, and the items (digests) in which they are not all the same
    recover: bool = True
    unrecovered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOpened:
    """An item was hashed and looked through. ``is_known``: the case holds it already, nothing follows."""

    path: str
    sha256: str
    size: int
    kind: str
    expected: str | None
    is_known: bool
    unopened: int = 0
    attempts: tuple[Attempt, ...] = ()
    # the digests of the items that were read with it
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened:
    """A database of an installation, or a document; records of it may follow."""

    record: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """The accounting of a file that was read."""

    path: str
    tables: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRead:
    """The end of an item: its digest read again (None when it is gone), and what could not be read."""

    sha256_after: str | None
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFailed:
    """An item of which nothing could be read; ``sha256`` where it could at least be hashed."""

    path: str
    error: SporenError
    sha256: str | None = None
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUnused:
    """A key that was named and opened nothing."""

    key: KeyFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """``count`` more bytes hashed or rows read."""

    what: str
    count: int


Event = ItemOpened | FileOpened | FileRead | ItemRead | ItemFailed | KeyUnused | Progressed | Batch


def read(request: Request) -> Iterator[Event]:
    """The events of all items, in the order in which they are named. Raises MachineFailed."""
    ring = KeyRing(request.keys)
    parsers, documents = registry.parsers(), registry.document_parsers()
    with Intake(parsers, ring, request.work, request.limits, documents) as intake:
        hashed: list[Item | ItemFailed] = []
        for path in request.paths:
            hashed.append(_hashed(intake, path))
            yield Progressed(what="bytes", count=getattr(hashed[-1], "size", 0))
        items: list[Item] = []
        yield from _looked_into(intake, hashed, request, items)
        # Every key that lies in one item is tried on all of them, so opening comes after looking.
        intake.open_encrypted()
        for item in items:
            yield from _item(item, items, request, ring)
        if items:
            yield from (KeyUnused(key=key) for key in ring.unused)


def _hashed(intake: Intake, path: Path) -> Item | ItemFailed:
    try:
        return intake.open(path)
    except SporenError as error:
        return ItemFailed(path=as_text(str(path)), error=error)


def _looked_into(
    intake: Intake, hashed: Sequence[Item | ItemFailed], request: Request, items: list[Item]
) -> Iterator[Event]:
    """Put the items that are to be read into ``items``; tell of the others why not."""
    missing = request.expected - {each.sha256 for each in hashed if isinstance(each, Item)}
    for each in hashed:
        event = _looked(intake, each, request, missing) if isinstance(each, Item) else each
        if event is not None:
            yield event
        elif isinstance(each, Item):
            items.append(each)


def _looked(
    intake: Intake, item: Item, request: Request, missing: frozenset[str]
) -> ItemFailed | ItemOpened | None:
    """Look into an item; None when it is to be read."""
    try:
        _check_expected(item, request, missing)
        unopened = request.known.get(item.sha256)
        if unopened == 0 or (unopened is not None and not request.keys):
            return ItemOpened(
                path=as_text(str(item.path)), sha256=item.sha256, size=item.size, kind=item.evidence.kind,
                expected=item.sha256 if item.sha256 in request.expected else None, is_known=True,
            )  # fmt: skip
        intake.look(item)
    except SporenError as error:
        return ItemFailed(path=as_text(str(item.path)), error=error, sha256=item.sha256)
    return None


def _check_expected(item: Item, request: Request, missing: frozenset[str]) -> None:
    """EvidenceMismatch when a digest is expected that no item has, and this item is not an expected one."""
    if missing and item.sha256 not in request.expected:
        raise EvidenceMismatch(
            f"{item.path}: its SHA-256 is {item.sha256}, expected was {', '.join(sorted(missing))};"
            " nothing of it was read"
        )


def _item(item: Item, items: Sequence[Item], request: Request, ring: KeyRing) -> Iterator[Event]:
    items = [each for each in items if each is item or _may_lend(each, item, request)]
    found = list(installations(item, items, request.exhibit, ring.materials))
    error = _nothing(item) if not (item.found or item.documents) else _refusal(item, request)
    if error is not None:
        yield ItemFailed(
            path=as_text(str(item.path)), error=error, sha256=item.sha256, attempts=_attempts(item, ring)
        )
        return
    yield ItemOpened(
        path=as_text(str(item.path)),
        sha256=item.sha256,
        size=item.size,
        kind=item.evidence.kind,
        expected=item.sha256 if item.sha256 in request.expected else None,
        is_known=False,
        unopened=sum(each.code == WrongKey.exit_code for each in item.troubles),
        attempts=_attempts(item, ring),
        together=tuple(sorted({each.sha256 for each in items} - {item.sha256})),
    )
    for each in item.found:
        yield FileOpened(record=database_record(each))
    for written in item.documents:
        yield FileOpened(record=document_record(written))
    mains = {each.path: each for each in item.found}
    for installation in found:
        main = mains[installation.path]
        for file in side_file_records(main, installation):
            yield FileOpened(record=file)
        yield from _installation(item, main, installation, request)
    for alone in _alone(item, items, ring):
        contacts = beside_nothing(alone, item, request.exhibit)
        yield contact_names(alone, contacts, request.scope)
        yield _accounted(contacts)
    for written in item.documents:
        given, parser = document(written, item, request.exhibit, request.timezone), written.parser
        yield from extract(parser.read(given), parser.app, given, request.scope)
        yield _accounted(given)
    yield _closed(item)


def _may_lend(lender: Item, item: Item, request: Request) -> bool:
    """Whether an item of the command may lend names to another."""
    return request.lenders is None or lender.sha256 in request.lenders.get(item.sha256, ())


def _alone(item: Item, items: Sequence[Item], ring: KeyRing) -> list[Found]:
    """The databases of an item that belong to no database of messages."""
    used = {
        (path, digest)
        for each in items
        for installation in installations(each, items, None, ring.materials)
        for _, path, digest in installation.others.values()
    }
    sides = [each for each in item.found if each.role != each.parser.main_role]
    return [
        each for each in sorted(sides, key=lambda each: each.path) if (each.path, each.sha256) not in used
    ]


def _installation(item: Item, main: Found, installation: Installation, request: Request) -> Iterator[Event]:
    """The live records of an installation, its accounting, and then what is recovered."""
    is_wanted = request.recover and item.sha256 not in request.unrecovered
    recovery = Recovery(main, installation, request.scope, request.work) if is_wanted else None
    records = main.parser.read(installation)
    for batch in extract(records, main.app, installation, request.scope):
        if recovery is not None:
            recovery.watch(batch)
        yield batch
    yield _database_problems(item, installation)
    yield _accounted(installation)
    if recovery is not None:
        for file in recovery.decide():
            yield FileOpened(record=file)
        yield from recovery.batches()
    elif request.scope.covers_app(main.app):
        yield Batch(notices=[not_read(UNWANTED, installation.source())])


def _refusal(item: Item, request: Request) -> Refused | None:
    """Why an item of other apps than those of the authority is not read at all."""
    apps = sorted({each.app for each in item.found} | {each.parser.app for each in item.documents})
    if any(request.scope.covers_app(app) for app in apps):
        return None
    return Refused(
        f"{item.path}: nothing of it may be read under the authority: {', '.join(apps)} is outside its scope"
    )


def _attempts(item: Item, ring: KeyRing) -> tuple[Attempt, ...]:
    return tuple(each for each in ring.attempts if each.path in item.encrypted_paths)


def _nothing(item: Item) -> SporenError:
    """Why nothing of an item is read: an encrypted file that no key opens, damage, or no known kind."""
    for code in (4, 3):
        named = [each for each in item.troubles if each.code == code]
        if named:
            kind = WrongKey if code == WrongKey.exit_code else UnknownKind
            return kind("; ".join(each.text for each in named))
    what = f" (it looks like {mime_type(item.head)})" if item.head else ""
    return UnknownKind(f"{item.path}: nothing here is of a kind that a parser knows{what}")


def _database_problems(item: Item, installation: Installation) -> Batch:
    """What the databases found wrong with themselves while they were read."""
    batch = Batch()
    read_here = [
        (installation.database, installation.path, installation.file_sha256),
        *installation.others.values(),
    ]
    for database, path, digest in read_here:
        for problem in database.problems:
            batch.notices.append(_notice(problem, installation, path, digest))
            if problem.kind in _LOSSES or problem.text.startswith(_UNUSED_LOG):
                item.troubles.append(Trouble(path=path, text=f"{path}: {problem.text}", code=3))
    return batch


def _accounted(given: Input) -> FileRead:
    """The accounting, which must add up."""
    for name, table in given.accounting.items():
        if not table.balances():
            raise AssertionError(f"{given.path}: the rows of {name} are not all accounted for: {table}")
    return FileRead(
        path=given.path,
        tables={
            name: {
                "rows": table.rows,
                "messages": table.messages,
                "skipped": dict(sorted(table.skipped.items())),
                "failed": table.failed,
            }
            for name, table in sorted(given.accounting.items())
        },
    )


def _notice(problem: ReadProblem, installation: Installation, path: str, digest: str) -> Notice:
    raw = None
    if problem.rowids is not None:
        low, high = ("?" if each is None else str(each) for each in problem.rowids)
        raw = f"row ids {low} to {high}"
    source = Source(
        evidence_sha256=installation.evidence_sha256,
        file_sha256=digest,
        path=path,
        table=problem.table,
        page=problem.pages[0][0] if problem.pages else None,
    )
    severity = "damage" if problem.kind in _LOSSES else "database"
    return Notice(severity=severity, text=problem.text, source=source, raw=raw)


def _closed(item: Item) -> ItemRead:
    """The evidence is hashed again: what was read is what is there now."""
    for evidence in (item.evidence, *item.containers):
        for problem in evidence.problems:
            item.problem(problem)
    after = _sha256_again(item)
    if after is not None and after != item.sha256:
        text = f"{item.path}: its SHA-256 changed while it was read, from {item.sha256} to {after}"
        item.troubles.append(Trouble(path=as_text(str(item.path)), text=text, code=3))
    return ItemRead(sha256_after=after, troubles=tuple(dict.fromkeys(item.troubles)))


def _sha256_again(item: Item) -> str | None:
    """The digest now; None, with a trouble, when the evidence cannot be read any more."""
    try:
        with open_evidence(item.path, item.evidence.limits) as again:
            return again.sha256()
    except EvidenceUnreadable as error:
        text = f"{item.path}: could not be hashed again after it was read: {error}"
        item.troubles.append(Trouble(path=as_text(str(item.path)), text=text, code=3))
        return None
