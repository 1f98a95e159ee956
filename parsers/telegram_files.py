"""Photos and documents as attachments, with their file where it is in the evidence.

Source: Telegram reference 4.2 (FileLoader of the client): names in the cache are made of the ids, and
file_to_path.db says where a document was put under a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType

from forensics.digest import LARGEST_INTEGER
from forensics.model import Attachment, Source
from forensics.parser import Installation, Media
from parsers.notes import Notes
from parsers.telegram_sealed import Sealed
from parsers.telegram_tables import PATHS, PATHS_OF_MESSAGES
from parsers.telegram_tl_value import Value

FILES_ROLE = "files"
NO_SIZES: Mapping[str, int | None] = MappingProxyType({})
_EXTENSIONS = {"video/mp4": ".mp4", "video/x-matroska": ".mkv", "audio/ogg": ".ogg"}


def files_source(installation: Installation) -> Source:
    """The place of file_to_path.db; without one, that of the main database."""
    found = installation.others.get(FILES_ROLE)
    if found is None:
        return installation.source()
    return Source(evidence_sha256=installation.evidence_sha256, file_sha256=found[2], path=found[1])


class Files:
    """Finds the files of one account; ``of_messages`` takes what is wrong with one when a message is read."""

    def __init__(self, installation: Installation, notes: Notes, of_messages: Notes) -> None:
        self._find = installation.media
        self._sealed = Sealed(installation, of_messages)
        self._paths: dict[int, str] = {}
        found = installation.others.get(FILES_ROLE)
        bound = PATHS.bind(found[0], notes.doubt(PATHS.name)) if found is not None else None
        for _rowid, document, _dc, path in bound.rows() if bound is not None else ():
            if document is not None and path:
                self._paths.setdefault(document, path)
        self._of_messages: dict[tuple[int, int], str] = {}
        bound = (
            PATHS_OF_MESSAGES.bind(found[0], notes.doubt(PATHS_OF_MESSAGES.name))
            if found is not None
            else None
        )
        for _rowid, path, dialog, number in bound.rows() if bound is not None else ():
            if path and dialog is not None and number:
                self._of_messages.setdefault((dialog, number), path)

    def of_message(self, dialog: int, number: int) -> str | None:
        """The path that the app recorded for the medium of a message."""
        return self._of_messages.get((dialog, number))

    def document(self, value: Value, kind: str, caption: str | None, attach_path: str | None) -> Attachment:
        """A document, or a video or audio of the older layers."""
        number, name = value.number("id"), file_name(value)
        known = self._paths.get(number) if number is not None else None
        candidates = [attach_path, known]
        if number is not None and value.number("dc_id") is not None:
            candidates.append(f"{value.number('dc_id')}_{number}{extension(value, name)}")
        stated = Attachment(
            kind=kind,
            mime=value.text("mime_type"),
            filename=name,
            size=_countable(value.number("size")),
            path=attach_path or known,
            caption=caption,
        )
        return self._found(stated, candidates)

    def photo(self, value: Value, caption: str | None, attach_path: str | None) -> Attachment:
        """A photo: the largest of its sizes that is there."""
        sizes = sorted(value.children("sizes"), key=size_of, reverse=True)
        names = {name: _countable(size_of(each)) for each in sizes for name in _photo_names(value, each)}
        size = _countable(size_of(sizes[0])) if sizes else None
        stated = Attachment(kind="image", size=size, path=attach_path, caption=caption)
        return self._found(stated, [attach_path, *names], names)

    def _found(
        self, stated: Attachment, candidates: list[str | None], sizes: Mapping[str, int | None] = NO_SIZES
    ) -> Attachment:
        """The attachment with the first of these files that is in the evidence; ``sizes`` are those of files
        that are not the whole photo."""
        media = self._first(candidates)
        for each in candidates if media is None else ():
            if each:
                media = media or self._sealed.find(each, sizes.get(each, stated.size))
        if media is None:
            return stated
        return replace(stated, size=media.size, sha256=media.sha256, path=media.path, present=True)

    def _first(self, candidates: list[str | None]) -> Media | None:
        for each in candidates:
            media = self._find(each) if each else None
            if media is not None:
                return media
        return None


def _countable(size: int | None) -> int | None:
    return size if size is not None and 0 < size <= LARGEST_INTEGER else None


def size_of(size: Value) -> int:
    """The bytes of a PhotoSize; a progressive one's last."""
    steps = size.numbers("sizes")
    return steps[-1] if steps else size.number("size") or 0


def _photo_names(photo: Value, size: Value) -> Iterator[str]:
    kind, location = size.text("type"), size.child("location")
    if location is not None and location.number("volume_id") is not None:
        yield f"{location.number('volume_id')}_{location.number('local_id')}.jpg"
    if kind and photo.number("id") is not None and size.name != "photoStrippedSize":
        yield f"-{photo.number('id')}_{ord(kind[0])}.jpg"


def attribute(document: Value, name: str) -> Value | None:
    """The first attribute of that name."""
    return next((each for each in document.children("attributes") if each.name == name), None)


def file_name(document: Value) -> str | None:
    """The file's own name."""
    named = attribute(document, "documentAttributeFilename")
    return named.text("file_name") if named is not None else document.text("file_name")


def extension(document: Value, name: str | None) -> str:
    """The ending of a document's name in the cache."""
    ending = PurePosixPath(name).suffix if name and "\0" not in name else ""
    return ending if len(ending) > 1 else _EXTENSIONS.get(document.text("mime_type") or "", "")


def document_kind(document: Value) -> str:
    """What a document is, by its attributes (reference 3.3)."""
    names = {each.name for each in document.children("attributes")}
    video = attribute(document, "documentAttributeVideo")
    audio = attribute(document, "documentAttributeAudio")
    if names & {"documentAttributeSticker", "documentAttributeCustomEmoji"}:
        return "sticker"
    if audio is not None:
        return "voice" if audio.has("voice") else "audio"
    if video is not None and video.has("round_message"):
        return "video_note"
    if "documentAttributeAnimated" in names:
        return "gif"
    return "video" if video is not None else "document"
