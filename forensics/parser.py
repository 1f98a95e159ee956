"""What a parser is: it recognises databases by content, names their encrypted forms, and reads them.

A parser gets streams and tables, never paths of this machine; it yields finished records and notices. What
it does with a row is its own business, what happens to the records is not: the core stores, digests and
analyses them. A document parser reads what is no database: a chat written out as text, JSON or HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Protocol, runtime_checkable

from forensics.formats.sqlite import Database, ReadProblem
from forensics.identity import Place
from forensics.media_bytes import MediaBytes
from forensics.model import Accounting, ContactName, Notice, Record, Source

# The app of a document with chats of several apps; each of its records has its own.
SEVERAL_APPS = "several"

# Decrypts a write-ahead log of that size with the key that opened its database, into a target.
OpenLog = Callable[[BinaryIO, int, BinaryIO], "Opened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came out of an encrypted form; ``details`` are header fields and check results, never a key.

    ``problems`` are parts that could not be read. ``open_log``: how the encrypted log beside the file opens.
    ``rebuilt``: the content was put together from a stream of statements, so that its bytes are nobody's but
    ours: the digest of what is read is then that of the encrypted file.
    """

    kind: str
    details: dict[str, str | int | bool | None]
    problems: tuple[ReadProblem, ...] = ()
    open_log: OpenLog | None = field(default=None, repr=False, compare=False)
    rebuilt: bool = False


class EncryptedForm(Protocol):
    """How one encrypted form of an app's data is known and opened.

    A form may have more: ``key_files``, the names of files in the evidence that may hold its key (see
    KeyedByFiles), ``holds_key`` (see ChoosesKeyFiles), ``joined_keys``, where a key is made of two files (see
    KeyedByTwo), ``usual_names`` (see UsuallyNamed).
    """

    @property
    def name(self) -> str: ...

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """By content (first 4096 and last 64 bytes); the name is a hint, never the ground."""
        ...

    def keys(self, material: bytes) -> list[bytes]:
        """The keys of this form that the bytes of a key file may be; empty when it is none."""
        ...

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """Decrypt into ``target``; raises WrongKey, DamagedEvidence or LimitExceeded, leaving it empty."""
        ...


@runtime_checkable
class KeyedByFiles(Protocol):
    """A form whose key may lie in files of these names (lower case), besides those with "key" in theirs."""

    key_files: frozenset[str]


@runtime_checkable
class UsuallyNamed(Protocol):
    """A form whose files usually have one of these names (lower case): of several forms that a file may be
    of it is tried first."""

    usual_names: frozenset[str]


@runtime_checkable
class ChoosesKeyFiles(Protocol):
    """A form whose key files have a name that others use too: only those that it knows are tried."""

    def holds_key(self, data: bytes) -> bool:
        """Whether the bytes of a file of that name are what the form keys itself with."""
        ...


@runtime_checkable
class KeyedByTwo(Protocol):
    """A form whose key is sealed in one file with a secret from another."""

    def joined_keys(self, sealed: bytes, secret: bytes) -> list[bytes]:
        """The keys that the bytes of one file give with those of another; empty when they give none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A media file in the evidence: its path there, size and SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFile:
    """A small file that belongs to an installation (preferences, key): its path and its bytes."""

    path: str
    data: bytes


@dataclass(slots=True, kw_only=True)
class Input:
    """One file that a parser reads, as intake found it in the evidence."""

    path: str
    evidence_sha256: str
    file_sha256: str
    exhibit: str | None
    # finds a media file by the path that is stored; None when it is not in the evidence
    media: Callable[[str], Media | None]
    # the same of another user of the same phone, whose file it is only where its hash says so
    media_of_others: Callable[[str], Media | None] = lambda _stored: None
    # the same file as a stream with its path, for media that the app keeps encrypted
    open_media: Callable[[str], tuple[str, BinaryIO] | None] = lambda _stored: None
    # the bytes of every key file at hand: media may be sealed with a key that is not in the database
    keys: Sequence[bytes] = field(default=(), repr=False)
    media_bytes: MediaBytes = field(default_factory=MediaBytes, repr=False)
    accounting: dict[str, Accounting] = field(default_factory=dict)
    # the owner's phone number where only the live rows tell it and these are others
    owner_phone: str | None = None
    # whether the rows are recovered ones: of one key there may be several, which their row ids tell apart
    is_recovered: bool = False

    @property
    def place(self) -> Place:
        """Makes the ids of this file's rows."""
        return Place(self.evidence_sha256, self.path)

    def source(
        self,
        table: str | None = None,
        rowid: int | None = None,
        app_id: str | None = None,
        offset: int | None = None,
    ) -> Source:
        """The place of a row of this file; of a document the number of its entry and where that starts."""
        return Source(
            evidence_sha256=self.evidence_sha256,
            file_sha256=self.file_sha256,
            path=self.path,
            table=table,
            rowid=rowid,
            offset=offset,
            app_id=app_id,
        )

    def account_for(self, table: str) -> Accounting:
        """The accounting of that table, made on first use."""
        return self.accounting.setdefault(table, Accounting())


@dataclass(slots=True, kw_only=True)
class Installation(Input):
    """One database of messages with what belongs to it."""

    database: Database
    # role -> (database, path, file SHA-256), for the databases beside the main one
    others: dict[str, tuple[Database, str, str]]
    side_files: Sequence[SideFile]
    # what ``Parser.application`` is asked with: the path, and what else may tell of which app this is
    app_place: str = ""
    # role -> SHA-256 of the evidence, for databases that another item of the same command lends
    lenders: dict[str, str] = field(default_factory=dict)
    # roles whose database lies nearer to another installation, which gives the records that stand in it
    shared: frozenset[str] = frozenset()

    def beside(self, role: str) -> Installation | None:
        """One of the other databases as what is read now, with the same accounting; None without it."""
        if role not in self.others:
            return None
        database, path, file_sha256 = self.others[role]
        evidence = self.lenders.get(role, self.evidence_sha256)
        return replace(self, database=database, path=path, file_sha256=file_sha256, evidence_sha256=evidence)


@dataclass(slots=True, kw_only=True)
class Document(Input):
    """One file that is no database. Media are found by their path from the folder of the document."""

    # the case's time zone: times in documents may be those of a wall clock, without their zone
    timezone: str

    size: int
    # the bytes from the start, to be read and sought in; may be called again
    stream: Callable[[], BinaryIO]
    # as ``open_media``, from so many folders above that of the document, within the same container
    open_above: Callable[[int, str], tuple[str, BinaryIO] | None] = lambda _levels, _stored: None


class Parser(Protocol):
    """One app on one platform. ``roles`` maps a role to the tables and columns that identify its database."""

    name: str
    app: str
    platform: str
    main_role: str
    forms: Sequence[EncryptedForm]

    def role(self, database: Database) -> str | None:
        """Which of this parser's databases this is, by its tables and columns; None when it is none."""
        ...

    def wants(self, path: str) -> bool:
        """Whether a small file at that path in the evidence belongs to an installation of this app."""
        ...

    def application(self, path: str) -> str:
        """The app whose database lies at that path (one parser may read an app and its business twin).

        Further lines hold what else may tell, where the path does not: the paths of the small files that
        belong to it, and the name of the item of evidence itself."""
        ...

    def schema(self, database: Database) -> str:
        """The schema generation in words, for the report."""
        ...

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records and notices of one installation; fills ``installation.accounting``."""
        ...


# Above every id that an app gives, Telegram's old ids with a channel in the upper half included.
FIRST_MADE_ID = (1 << 63) - (1 << 24)


@runtime_checkable
class Recoverable(Protocol):
    """A parser that can be given recovered rows too. ``message_tables`` hold one message a row,
    ``side_tables`` rows that belong to one message, ``context_tables`` the few rows that all share. Row ids
    from ``FIRST_MADE_ID`` on stand for ids that are lost: what a parser would read from them is not known."""

    message_tables: frozenset[str]
    side_tables: frozenset[str]
    context_tables: frozenset[str]


@runtime_checkable
class KeepsCalls(Protocol):
    """A recoverable parser whose app keeps calls in a table of their own: ``call_tables`` hold one call a
    row, ``call_side_tables`` rows that belong to one call."""

    call_tables: frozenset[str]
    call_side_tables: frozenset[str]


@runtime_checkable
class KnowsRows(Protocol):
    """A parser whose app lays many tables out alike, so that only the values tell of which one a row is that
    lies on a page of none."""

    def table_of(self, values: Sequence[object]) -> str | None:
        """The table of a recovered row by its stored values; None when they do not tell."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What is known of a file that no parser reads: its path, ``kind`` (sqlite, zip, json), and of a database
    its tables, of an archive the paths in it."""

    path: str
    kind: str
    names: frozenset[str] = frozenset()


@runtime_checkable
class KnowsOthers(Protocol):
    """A parser that can say what files of its app are that hold nothing it reads."""

    def what_is(self, unread: Unread) -> str | None:
        """What that file is, by its content before its name; None when it is not known."""
        ...


@runtime_checkable
class ReadsSideFiles(Protocol):
    """A parser that finds records in small files beside the database too (drafts in preferences)."""

    def record_files(self, installation: Installation) -> Sequence[SideFile]:
        """Those side files of an installation that records come from."""
        ...


@runtime_checkable
class ReadsPhoneFiles(Protocol):
    """A parser that also wants small files of the phone itself, which lie in no app's folder: every
    installation of the same user gets them."""

    def is_of_phone(self, path: str) -> bool:
        """Whether the wanted file at that path is one of those."""
        ...


@runtime_checkable
class KnowsTimes(Protocol):
    """A parser of an app whose rows hold times that a record has no field for."""

    def times_in(self, row: Mapping[str, object]) -> Mapping[str, int]:
        """Those of a row as it is stored, by what they are called, in milliseconds since 1970."""
        ...


@runtime_checkable
class KnowsPlaces(Protocol):
    """A parser whose app lies under further names than its own: packages of forks, files of no other app.

    A whole file system has millions of files; of those only what such a word speaks for is looked into.
    """

    places: frozenset[str]


@runtime_checkable
class SeveralPlatforms(Protocol):
    """A parser whose app keeps the same database on several platforms, of which the path tells."""

    def platform_at(self, path: str) -> str:
        """The platform whose database lies at that path."""
        ...


@runtime_checkable
class NamesContacts(Protocol):
    """A parser that can read a contacts database which lies beside no messages; ``contacts_role``: such a
    database's role."""

    contacts_role: str

    def contact_names(self, contacts: Installation) -> Iterator[ContactName]:
        """The names in it; ``contacts`` is that database as its main one. Fills its accounting."""
        ...


@runtime_checkable
class NumbersPerAccount(Protocol):
    """A parser of an app whose message ids are each account's own in conversations of some kinds: the same
    message has another id on another phone there, and the same id is another message."""

    own_numbers: frozenset[str]


class DocumentParser(Protocol):
    """One form in which an app writes out conversations for a person or another program."""

    name: str
    app: str
    platform: str

    def recognises(self, head: bytes, path: str) -> bool:
        """By content (the first 4096 bytes); the path is a hint, never the ground."""
        ...

    def schema(self, head: bytes) -> str:
        """The form in words, for the report."""
        ...

    def read(self, document: Document) -> Iterator[Record]:
        """All records and notices of one document; fills ``document.accounting``."""
        ...


def gap_notices(
    table: str, rowids: Iterable[int], highest: int | None, source: Callable[[int | None], Source]
) -> Iterator[Notice]:
    """One notice for each stretch of ids missing from a table; ``highest`` is its autoincrement counter."""
    before = 0
    for rowid in rowids:
        if rowid > before + 1:
            yield _gap(table, before + 1, rowid - 1, source)
        before = max(before, rowid)
    if highest is not None and highest > before:
        yield _gap(table, before + 1, highest, source)


def _gap(table: str, first: int, last: int, source: Callable[[int | None], Source]) -> Notice:
    ids = str(first) if first == last else f"{first}-{last}"
    count = last - first + 1
    return Notice(
        severity="gap",
        text=f"{count} id{'s' if count > 1 else ''} missing from table {table}: {ids}; "
        "rows were deleted, or never kept",
        source=source(None),
        raw=ids,
    )
