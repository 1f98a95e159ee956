"""From paths to what is in them: evidence opened and hashed, its content recognised, encrypted forms opened.

What cannot be read or opened is named, and costs nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from forensics.evidence import Limits, as_text, open_evidence
from forensics.items import Item
from forensics.key_ring import KeyRing
from forensics.looking import Tools, Wanted, words_of
from forensics.parser import DocumentParser, Parser
from forensics.private_copies import private_folder
from forensics.progressed import Hashing, Progressed, Tell, counted, nobody
from forensics.recognition import Look


class Intake:
    """Opens items of evidence with the parsers at hand; a context manager that removes its private copies.

    Whatever else is copied meanwhile belongs into its ``folder``: it goes with it, also when this process is
    killed.
    """

    def __init__(
        self,
        parsers: Sequence[Parser],
        ring: KeyRing,
        work: Path,
        limits: Limits | None = None,
        document_parsers: Sequence[DocumentParser] = (),
    ) -> None:
        self.ring = ring
        self._parsers = parsers
        self._document_parsers = document_parsers
        self._limits = limits or Limits()
        self._work = work
        self._stack = ExitStack()
        self._looks: list[Look] = []
        self._tell: Tell = nobody

    def __enter__(self) -> Self:
        self.folder = self._stack.enter_context(private_folder(self._work))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(
        self, path: Path, tell: Tell = nobody, digest: str | None = None, total: int | None = None
    ) -> Item:
        """Hash an item, unless this run has: then its ``digest``. EvidenceMissing, UnknownKind or
        DamagedEvidence when it cannot be opened at all. ``total``: bytes of all items, if that is known."""
        evidence = self._stack.enter_context(open_evidence(path, self._limits))
        if path.is_file():
            size = path.stat().st_size
        else:
            size = sum(each.size for each in counted(evidence, evidence.members(), tell))
        if digest is None:
            part = "" if total is not None else as_text(str(path))
            hashing = Hashing(tell, size if total is None else total, part)
            digest = evidence.sha256(hashing)
            hashing.close()
        return Item(evidence=evidence, path=path, sha256=digest, size=size)

    def look(self, item: Item, tell: Tell = nobody, only: Wanted | None = None) -> None:
        """Find what the parsers know in an item, or ``only`` some of its databases; fills it. Encrypted files
        wait for ``open_encrypted``."""
        self._tell = tell
        tools = Tools(
            parsers=self._parsers,
            document_parsers=self._document_parsers,
            ring=self.ring,
            folder=self.folder,
            limits=self._limits,
            keep=self._stack.enter_context,
            words=words_of(self._parsers, self._document_parsers),
            tell=self._told,
            only=only,
        )
        look = Look(tools, item)
        look.into(item.evidence)
        self._looks.append(look)

    def _told(self, progressed: Progressed) -> None:
        """To whoever watches at that moment: what opens later is told of too."""
        self._tell(progressed)

    def open_encrypted(self, tell: Tell = nobody) -> None:
        """Offer every key, named or found in any item, to every encrypted container and file seen."""
        self._tell = tell
        for look in self._looks:
            look.open_containers()
        for look in self._looks:
            look.open_encrypted()
        self._looks.clear()
