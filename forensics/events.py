"""What reading evidence tells, as a stream of events: for ``ingest``, here or elsewhere, and ``verify``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forensics.acquisition import Fact
from forensics.errors import SporenError
from forensics.extract import Batch
from forensics.items import Trouble
from forensics.key_ring import Attempt, KeyFile
from forensics.progressed import Progressed
from forensics.stated_hashes import ComparedHash


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
class Acquired:
    """What the item says about the phone and the acquisition, and the hashes that it states, compared."""

    facts: tuple[Fact, ...]
    hashes: tuple[ComparedHash, ...]


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


Event = ItemOpened | Acquired | FileOpened | FileRead | ItemRead | ItemFailed | KeyUnused | Progressed | Batch
