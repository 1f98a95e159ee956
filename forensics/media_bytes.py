"""The bytes of an attachment once more, for whoever may have them: read again where its message was read.

A file that lies in the evidence as it is, is found by its path there and its SHA-256. Of a file that the app
keeps encrypted only its parser knows how it is decrypted: it says so with ``decrypts``, where it is asked to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from forensics.errors import SporenError
from forensics.evidence import Evidence, Member

_PIECE = 1 << 20

# The members of the evidence that have exactly that path.
Places = Callable[[str], Iterable[tuple[Evidence, Member]]]
# Opens a file as it lies in the evidence (``Input.open_media``), and gives the plain bytes of its stream.
Opens = Callable[[], tuple[str, BinaryIO] | None]
Decrypts = Callable[[BinaryIO], Iterator[bytes]]


class NoWay(SporenError):
    """The bytes of the attachment lie in nothing that can be read again."""


class MediaBytes:
    """Of the attachments of one installation or document. ``is_wanted``: whether anybody will ask."""

    def __init__(self, places: Places = lambda _path: ()) -> None:
        self._places = places
        self._ways: dict[str, tuple[Opens, Decrypts]] = {}
        self._given: set[str] = set()
        self.is_wanted = False

    def decrypts(self, path: str, opens: Opens, decrypts: Decrypts) -> None:
        """Said by a parser: so the bytes are had again that it gave as the attachment of that path. What the
        second raises where they are not right is a ValueError."""
        if self.is_wanted:
            self._ways.setdefault(path, (opens, decrypts))

    def is_first(self, key: str) -> bool:
        """Whether this is asked for the first time with that key: a recovered message may have the file of a
        live one."""
        found = key not in self._given
        self._given.add(key)
        return found

    def pieces(self, path: str, sha256: str) -> Iterator[bytes]:
        """The bytes, a piece at a time. NoWay where nobody knows how; EvidenceUnreadable while reading. What
        a parser decrypts is as it comes: the caller hashes it."""
        if path in self._ways:
            opens, decrypts = self._ways[path]
            opened = opens()
            if opened is None:
                raise NoWay(f"{path}: cannot be opened again")
            with opened[1] as stream:
                yield from decrypts(stream)
            return
        for evidence, member in self._places(path):
            if evidence.member_sha256(member) == sha256:
                with evidence.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        yield piece
                return
        raise NoWay(f"{path}: cannot be read again")
