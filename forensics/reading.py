"""Reads items of evidence from end to end and tells what it finds as a stream of events.

Nothing is stored here: the events go to ``ingest``, in this process or another, or to ``verify``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from forensics import long_messages, registry
from forensics.authority import Scope
from forensics.contacts import beside_nothing, contact_names
from forensics.content_type import mime_type
from forensics.database_problems import database_problems
from forensics.errors import EvidenceMismatch, EvidenceUnreadable, Refused, SporenError, UnknownKind, WrongKey
from forensics.events import (
    Acquired,
    Event,
    FileOpened,
    FileRead,
    ItemFailed,
    ItemOpened,
    ItemRead,
    KeyUnused,
)
from forensics.evidence import Limits, as_text, open_evidence
from forensics.extract import Batch, extract
from forensics.file_record import database_record, document_record, side_file_records
from forensics.installations import Used, document, installations
from forensics.intake import Intake
from forensics.items import Found, Item, Trouble
from forensics.key_ring import Attempt, KeyFile, KeyRing
from forensics.live_rows import nowhere, ranges_of, read_whole
from forensics.model import Notice, Source
from forensics.parser import SEVERAL_APPS, Input
from forensics.progressed import Hashing, Progressed, Tell, told_while
from forensics.range_reading import Opened, Spread, Task
from forensics.ranges import ROWS, RangedReading
from forensics.recovered import UNWANTED, Recovery
from forensics.recovered_words import not_read
from forensics.stated_hashes import compared

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read. ``known``: digests of items in the case, with the number of their unopened files;
    ``timezone``: the case's, in which times without a zone are read."""

    paths: tuple[Path, ...]
    keys: tuple[KeyFile, ...]
    scope: Scope
    exhibit: str | None
    expected: tuple[str, ...]
    known: dict[str, int]
    work: Path
    limits: Limits = field(default_factory=Limits)
    timezone: str = "Europe/Amsterdam"
    # how many processes the work may take; the result is the same with any number
    workers: int = 1
    # by digest of an item, the items that may lend it names: those of its ingest; None: all of this command
    lenders: Mapping[str, frozenset[str]] | None = None
    # by digest of an item, the scope under which it was read; of others it is ``scope``
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    # whether deleted rows are looked for, and the items (digests) in which they are not all the same
    recover: bool = True
    unrecovered: frozenset[str] = frozenset()
    # who reads ranges of a large database beside this process, and the messages in each
    spread: Spread | None = None
    rows: int = ROWS
    # of a part of the work: the one path whose item is told, and the digests of the others by path
    only: Path | None = None
    digests: Mapping[Path, str] = field(default_factory=dict)


def read(request: Request) -> Iterator[Event]:
    """The events of all items, in the order in which they are named. Raises MachineFailed."""
    for _, event in in_phases(request):
        yield event


# The phases of reading, in order: how far it is, what is told of each item before any is read, the items, and
# what follows.
HASHING, LOOKING, READING, ENDING = range(4)


def in_phases(request: Request) -> Iterator[tuple[int, Event]]:
    """The events with the phase that each belongs to; ``only`` those of one item, if the request says so."""
    ring = KeyRing(request.keys)
    parsers, documents = registry.parsers(), registry.document_parsers()
    with Intake(parsers, ring, request.work, request.limits, documents) as intake:
        request = replace(request, work=intake.folder)
        hashed: list[Item | ItemFailed] = []
        total = _size_of_files(request.paths)
        for path in request.paths:
            digest = request.digests.get(path) if request.only not in (None, path) else None
            opened = yield from _in_hashing(_hashed(intake, path, total, digest))
            hashed.append(_same(opened, request.digests.get(path)))
        items: list[Item] = []
        missing = Counter(request.expected) - Counter(
            each.sha256 for each in hashed if isinstance(each, Item)
        )
        for path, found in zip(request.paths, hashed, strict=True):
            event: Event | None = found if isinstance(found, ItemFailed) else None
            if isinstance(found, Item):
                event = yield from _in_hashing(_looked(intake, found, request, missing))
                items += [found] if event is None else []
            if event is not None and request.only in (None, path):
                yield LOOKING, event
        # Every key that lies in one item is tried on all of them, so opening comes after looking.
        yield from _in_hashing(told_while(intake.open_encrypted))
        used = Used()
        for item in items:
            if request.only in (None, item.path):
                yield from _in(READING, long_messages.told(_item(item, items, request, ring, used)))
        if items:
            yield from _in(ENDING, (KeyUnused(key=key) for key in ring.unused))


def _size_of_files(paths: Sequence[Path]) -> int | None:
    """The bytes that are to be hashed; None where a folder is among them, whose size is not known yet."""
    try:
        sizes = [path.stat().st_size for path in paths if not path.is_dir()]
    except (OSError, ValueError):
        return None  # opening it will say what is wrong
    return sum(sizes) if len(sizes) == len(paths) else None


def _same(found: Item | ItemFailed, stated: str | None) -> Item | ItemFailed:
    """The item; that it is another one than was hashed before, elsewhere, takes its place."""
    if stated is None or isinstance(found, ItemFailed) or found.sha256 == stated:
        return found
    path = as_text(str(found.path))
    text = f"{path}: its SHA-256 is {found.sha256} here and was {stated} before; nothing of it was read"
    return ItemFailed(path=path, error=EvidenceMismatch(text), sha256=found.sha256)


def _in(phase: int, events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    for event in events:
        yield phase, event


def _in_hashing(work: Generator[Progressed, None, Done]) -> Generator[tuple[int, Event], None, Done]:
    while True:
        try:
            yield HASHING, next(work)
        except StopIteration as done:
            found: Done = done.value
            return found


def _hashed(
    intake: Intake, path: Path, total: int | None, digest: str | None = None
) -> Generator[Progressed, None, Item | ItemFailed]:
    """Hash an item, and tell meanwhile how far it is: an extraction of 200 GB takes an hour."""
    try:
        return (yield from told_while(lambda tell: intake.open(path, tell, digest, total)))
    except SporenError as error:
        return ItemFailed(path=as_text(str(path)), error=error)


def _looked(
    intake: Intake, item: Item, request: Request, missing: Collection[str]
) -> Generator[Progressed, None, ItemFailed | ItemOpened | None]:
    """Look into an item; None when it is to be read."""
    try:
        _check_expected(item, request, missing)
        unopened = request.known.get(item.sha256)
        if unopened == 0 or (unopened is not None and not request.keys):
            return ItemOpened(
                path=as_text(str(item.path)), sha256=item.sha256, size=item.size, kind=item.evidence.kind,
                expected=item.sha256 if item.sha256 in request.expected else None, is_known=True,
            )  # fmt: skip
        yield from told_while(lambda tell: intake.look(item, tell))
    except SporenError as error:
        return ItemFailed(path=as_text(str(item.path)), error=error, sha256=item.sha256)
    return None


def _check_expected(item: Item, request: Request, missing: Collection[str]) -> None:
    """EvidenceMismatch when a digest is expected that no item has, and this item is not an expected one."""
    if missing and item.sha256 not in request.expected:
        raise EvidenceMismatch(
            f"{item.path}: its SHA-256 is {item.sha256}, expected was {', '.join(sorted(missing))};"
            " nothing of it was read"
        )


def _item(item: Item, items: Sequence[Item], request: Request, ring: KeyRing, used: Used) -> Iterator[Event]:
    request = replace(request, scope=request.scopes.get(item.sha256, request.scope))
    items = [each for each in items if each is item or _may_lend(each, item, request)]
    found = list(installations(item, items, request.exhibit, ring.materials))
    is_companion = item.evidence.kind == "file" and bool(item.facts)
    error: SporenError | None = None
    if item.found or item.documents:
        error = _refusal(item, request)
    elif not is_companion:
        error = _nothing(item)
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
    yield _acquired(item, items)
    for each in item.found:
        yield FileOpened(record=database_record(each))
    for written in item.documents:
        yield FileOpened(record=document_record(written))
    mains = {each.path: each for each in item.found}
    for installation in found:
        main = mains[installation.path]
        for file in side_file_records(main, installation):
            yield FileOpened(record=file)
        yield from _installation(item, main, Opened(items, installation), request)
    for alone in _alone(item, used.among(items)):
        contacts = beside_nothing(alone, item, request.exhibit)
        yield contact_names(alone, contacts, request.scope, item)
        yield _accounted(contacts)
    yield Batch(notices=list(_unread(item, request)))
    for written in item.documents:
        given, parser = document(written, item, request.exhibit, request.timezone), written.parser
        for batch in extract(parser.read(given), parser.app, given, request.scope):
            for notice in batch.notices:
                if notice.severity == "damage":
                    item.troubles.append(Trouble(path=given.path, text=notice.text, code=3))
            yield batch
        yield _accounted(given)
    yield from _closed(item)


def _unread(item: Item, request: Request) -> Iterator[Notice]:
    """Files that are known for what they are and that nobody reads."""
    for each in item.remarks:
        if request.scope.covers_app(each.app):
            source = Source(evidence_sha256=item.sha256, file_sha256=each.sha256, path=each.path)
            text = f"{each.path}: {each.text}: it was not read"
            yield Notice(severity="unread", text=text, source=source)


def _acquired(item: Item, items: Sequence[Item]) -> Acquired:
    """The facts, and the stated hashes compared; a mismatch is told like damage."""
    hashes = tuple(compared(item, items))
    for each in hashes:
        if each.result == "mismatch":
            text = f"its {each.algorithm} is {each.found}, where {each.source} states {each.stated}"
            item.trouble(each.path or each.file, EvidenceMismatch(text))
    return Acquired(facts=tuple(dict.fromkeys(item.facts)), hashes=hashes)


def _may_lend(lender: Item, item: Item, request: Request) -> bool:
    """Whether an item of the command may lend names to another."""
    return request.lenders is None or lender.sha256 in request.lenders.get(item.sha256, ())


def _alone(item: Item, used: frozenset[tuple[str, str]]) -> list[Found]:
    """The databases of an item that belong to no database of messages."""
    sides = [each for each in item.found if each.role != each.parser.main_role]
    return [
        each for each in sorted(sides, key=lambda each: each.path) if (each.path, each.sha256) not in used
    ]


def _installation(item: Item, main: Found, opened: Opened, request: Request) -> Iterator[Event]:
    """The live records of an installation, its accounting, and then what is recovered."""
    installation = opened.installation
    is_wanted = request.recover and item.sha256 not in request.unrecovered
    recovery = (
        Recovery(main, installation, request.scope, request.work, request.workers) if is_wanted else None
    )
    ranged = ranges_of(main.parser, installation, request.scope, request.rows)
    if recovery is not None:
        recovery.begin()
    for batch in _live(item, main, opened, request, ranged):
        if recovery is not None:
            recovery.watch(batch)
        yield batch
    if recovery is not None:
        recovery.settle()
    yield database_problems(item, installation)
    yield _accounted(installation)
    if recovery is not None:
        for file in recovery.decide():
            yield FileOpened(record=file)
        yield from recovery.batches()
    elif request.scope.covers_app(main.app):
        yield Batch(notices=[not_read(UNWANTED, installation.source())])


def _live(
    item: Item, main: Found, opened: Opened, request: Request, ranged: RangedReading | None
) -> Iterator[Batch]:
    """The live records; ranges of a large database are read by others too, where there are any."""
    with ExitStack() as stack:
        elsewhere: Any = nowhere
        if request.spread is not None:
            task = Task(
                paths=tuple(each.path for each in opened.items), keys=request.keys, limits=request.limits,
                work=request.work, exhibit=request.exhibit, item=item.path, database=main.path,
                rows=request.rows, digests={each.path: each.sha256 for each in opened.items},
            )  # fmt: skip
            elsewhere = partial(opened.elsewhere, task, request.spread, stack)
        given = opened.installation, request.scope
        yield from read_whole(main.parser, main.app, *given, ranged=ranged, elsewhere=elsewhere)


def _refusal(item: Item, request: Request) -> Refused | None:
    """Why an item of other apps than those of the authority is not read at all."""
    apps = sorted({each.app for each in item.found} | {each.parser.app for each in item.documents})
    if SEVERAL_APPS in apps or any(request.scope.covers_app(app) for app in apps):
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
    if item.remarks:
        return UnknownKind("; ".join(f"{each.path}: {each.text}: it was not read" for each in item.remarks))
    what = f" (it looks like {mime_type(item.head)})" if item.head else ""
    return UnknownKind(f"{item.path}: nothing here is of a kind that a parser knows{what}")


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


def _closed(item: Item) -> Iterator[Event]:
    """The evidence is hashed again: what was read is what is there now."""
    for evidence in (item.evidence, *item.containers):
        for problem in evidence.problems:
            item.problem(problem)
    after = yield from told_while(lambda tell: _sha256_again(item, tell))
    if after is not None and after != item.sha256:
        text = f"{item.path}: its SHA-256 changed while it was read, from {item.sha256} to {after}"
        item.troubles.append(Trouble(path=as_text(str(item.path)), text=text, code=3))
    yield ItemRead(sha256_after=after, troubles=tuple(dict.fromkeys(item.troubles)))


def _sha256_again(item: Item, tell: Tell) -> str | None:
    """The digest now; None, with a trouble, when the evidence cannot be read any more."""
    try:
        with open_evidence(item.path, item.evidence.limits) as again:
            return again.sha256(Hashing(tell, item.size, as_text(str(item.path))))
    except EvidenceUnreadable as error:
        text = f"{item.path}: could not be hashed again after it was read: {error}"
        item.troubles.append(Trouble(path=as_text(str(item.path)), text=text, code=3))
        return None
