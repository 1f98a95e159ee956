"""The keys at hand and what they open: every key is offered to every form, and what happened is on record.

No key leaves this module: what is reported of one is the SHA-256 of the file it came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from forensics.digest import sha256
from forensics.errors import EvidenceUnreadable, MachineFailed, WrongKey, WrongUse
from forensics.parser import EncryptedForm, KeyedByTwo, Opened

Thing = TypeVar("Thing")

# No key file of any form is larger (a desktop's config.json may have a few kilobytes).
LARGEST_KEY_FILE = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """The bytes of one key file, and where it was: named on the command line, or found in the evidence."""

    name: str
    material: bytes = field(repr=False)
    found_in_evidence: bool

    @property
    def sha256(self) -> str:
        """What the log says of the key."""
        return sha256(self.material)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One key offered to one encrypted file; ``result`` is ``ok`` or why not."""

    path: str
    form: str
    key_sha256: str
    key_name: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """An encrypted file that was opened, by which key, and what its header said."""

    form: str
    key_sha256: str
    opened: Opened


def read_key_file(path: Path) -> KeyFile:
    """A key file named by a person. WrongUse when it is missing, unreadable or no key by its size."""
    try:
        if path.stat().st_size > LARGEST_KEY_FILE:
            raise WrongUse(f"{path}: larger than any key file; name the file that holds only the key")
        return KeyFile(name=path.name, material=path.read_bytes(), found_in_evidence=False)
    except OSError as error:
        raise WrongUse(f"{path}: this key file cannot be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An encrypted file, the forms it may be of, and where its content may be written, up to ``limit``
    bytes."""

    path: str
    forms: tuple[EncryptedForm, ...]
    open: Callable[[], BinaryIO]
    size: int
    target: Path
    limit: int


class Keyed(Protocol):
    """What opens with a key: the name of its form, and the keys that the bytes of a key file may be."""

    @property
    def name(self) -> str: ...

    def keys(self, material: bytes) -> list[bytes]: ...


KeyedForm = TypeVar("KeyedForm", bound=Keyed)


class KeyRing:
    """The keys of one command, in the order in which they are tried: the named ones first."""

    def __init__(self, named: Iterable[KeyFile]) -> None:
        self._files = {key.sha256: key for key in named}
        self.attempts: list[Attempt] = []
        self.used: set[str] = set()

    def add(self, key: KeyFile) -> None:
        """A key that lies in the evidence."""
        self._files.setdefault(key.sha256, key)

    @property
    def materials(self) -> tuple[bytes, ...]:
        """The bytes of every key file, in the order in which they are tried."""
        return tuple(each.material for each in self._files.values())

    @property
    def unused(self) -> list[KeyFile]:
        """Named keys that opened nothing."""
        return [k for k in self._files.values() if not k.found_in_evidence and k.sha256 not in self.used]

    def unlock(self, sealed: Sealed) -> Unlocked:
        """Decrypt into the target with the first key that fits.

        Raises WrongKey when none does; DamagedEvidence or LimitExceeded when a key fits and the rest fails.
        """
        found: list[EncryptedForm] = []

        def open_with(form: EncryptedForm, key: bytes) -> Opened:
            found[:] = [form]
            return _open(sealed, form, key)

        key_file, opened = self.first_fitting(sealed.path, sealed.forms, open_with)
        return Unlocked(form=found[0].name, key_sha256=key_file.sha256, opened=opened)

    def first_fitting(
        self, path: str, forms: Sequence[KeyedForm], open_with: Callable[[KeyedForm, bytes], Thing]
    ) -> tuple[KeyFile, Thing]:
        """What the first key that fits opens, and that key. Raises as ``unlock`` does."""
        refusals = []
        candidates = ((form, *each) for form in forms for each in self._candidates(form))
        for form, key_file, key in candidates:
            try:
                opened = open_with(form, key)
            except WrongKey as error:
                refusals.append(str(error))
                self._note(path, form, key_file, str(error))
                continue
            except EvidenceUnreadable as error:
                self._note(path, form, key_file, str(error))
                raise type(error)(f"{path}: {error}") from error
            self._note(path, form, key_file, "ok")
            self.used.add(key_file.sha256)
            return key_file, opened
        if not refusals:
            names = " or ".join(form.name for form in forms)
            lack = "no key for it is at hand"
            if any(not each.found_in_evidence for each in self._files.values()):
                lack = "none of the keys given is of a form that can open it"
            raise WrongKey(f"{path}: encrypted ({names}), and {lack}; name one with --key")
        raise WrongKey(f"{path}: {'; '.join(dict.fromkeys(refusals))}")

    def _candidates(self, form: Keyed) -> Iterator[tuple[KeyFile, bytes]]:
        for key_file in self._files.values():
            for key in form.keys(key_file.material):
                yield key_file, key
        if isinstance(form, KeyedByTwo):
            for sealed, secret in permutations(self._files.values(), 2):
                for key in form.joined_keys(sealed.material, secret.material):
                    yield secret, key

    def _note(self, path: str, form: Keyed, key: KeyFile, result: str) -> None:
        self.attempts.append(
            Attempt(path=path, form=form.name, key_sha256=key.sha256, key_name=key.name, result=result)
        )


def _open(sealed: Sealed, form: EncryptedForm, key: bytes) -> Opened:
    try:
        with sealed.open() as stream, sealed.target.open("w+b") as decrypted:
            return form.open(stream, sealed.size, key, decrypted, sealed.limit)
    except OSError as error:
        target = sealed.target
        raise MachineFailed(f"{target}: the decrypted copy cannot be written: {error.strerror}") from error
