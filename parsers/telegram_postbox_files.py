"""Photos and files as attachments, with their file in postbox/media where it is in the evidence.

Source: Telegram reference 5.4 (names in the folder by kind of resource; "from source"), and
SyncCore_CloudFileMediaResource.swift for the older and the local kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from forensics.digest import LARGEST_INTEGER
from forensics.formats.postbox import Node
from forensics.model import Attachment
from forensics.parser import Media
from parsers.telegram_postbox_types import name_of

_FOLDER = "postbox/media"
_PARTIAL = "_partial"
# The numbers of TelegramMediaFileAttribute (5.4).
NAME, STICKER, ANIMATED, VIDEO, AUDIO, CUSTOM_EMOJI = 0, 1, 3, 4, 5, 10
_ROUND = 1
_EXTENSIONS = {"video/mp4": ".mp4", "audio/ogg": ".ogg", "image/jpeg": ".jpg", "image/webp": ".webp"}
# A resource's name in the folder: what stands in front, and the keys whose values follow.
_NAMED = {
    "CloudPhotoSizeMediaResource": ("telegram-cloud-photo-size", ("d", "i", "s")),
    "CloudDocumentMediaResource": ("telegram-cloud-document", ("d", "f")),
    "CloudDocumentSizeMediaResource": ("telegram-cloud-document-size", ("d", "i", "s")),
    "CloudFileMediaResource": ("telegram-cloud-file", ("d", "v", "l", "s")),
    "SecretFileMediaResource": ("secret-file", ("i", "d")),
    "LocalFileMediaResource": ("telegram-local-file", ("f",)),
    "LocalFileReferenceMediaResource": ("local-file", ("r",)),
}
# Where a resource says how large it is.
_SIZES = {
    "SecretFileMediaResource": "ds",
    "LocalFileMediaResource": "s",
    "LocalFileReferenceMediaResource": "s",
}
Found = tuple[Attachment, list[str]]


class Files:
    """Finds the files of one account; with every attachment come remarks on it."""

    def __init__(self, find: Callable[[str], Media | None]) -> None:
        self._find = find

    def image(self, node: Node, caption: str | None) -> Found:
        """A TelegramMediaImage: the largest of its sizes that is there."""
        sizes = sorted(node.children("r"), key=_area, reverse=True)
        stated = Attachment(kind="image", caption=caption)
        if not sizes:
            return stated, []
        largest = sizes[0].child("r")
        for size in sizes:
            name = resource_name(size.child("r"))
            media = self._found(name) if name is not None else None
            if media is not None:
                words = f"the photo as found is {_shape(size)}, its largest size is {_shape(sizes[0])}"
                return _present(stated, media), [words] if _area(size) < _area(sizes[0]) else []
        return self._absent(replace(stated, size=_size(largest)), largest)

    def file(self, node: Node, kind: str, caption: str | None) -> Found:
        """A TelegramMediaFile."""
        name, resource = file_name(node), node.child("r")
        size = node.number("s64")
        stated = Attachment(
            kind=kind,
            mime=node.text("mt"),
            filename=name,
            size=_countable(size if size is not None else node.number("s")),
            caption=caption,
        )
        stored = resource_name(resource)
        if stored is not None:
            extension = PurePosixPath(name).suffix if name and "\0" not in name else ""
            endings = ("", extension, _EXTENSIONS.get(node.text("mt") or "", ""))
            for ending in dict.fromkeys(endings):
                media = self._found(stored + ending)
                if media is not None:
                    return _present(stated, media), []
        return self._absent(stated, resource)

    def _absent(self, stated: Attachment, resource: Node | None) -> Found:
        """Where the file would be, or what there is of it."""
        name = resource_name(resource)
        if name is None or resource is None:
            return stated, []
        partial = self._found(name + _PARTIAL)
        if partial is not None:
            of = "an unknown number of" if stated.size is None else stated.size
            words = f"the download was not finished: {partial.size} of {of} bytes are there"
            return replace(stated, path=partial.path), [words]
        if name_of(resource) == "LocalFileReferenceMediaResource":
            path = resource.text("p")
            media = self._find(path) if path else None
            if media is not None:
                return _present(stated, media), []
            return replace(stated, path=path or name), []
        return replace(stated, path=name), []

    def _found(self, name: str) -> Media | None:
        return self._find(f"{_FOLDER}/{name}")


def resource_name(resource: Node | None) -> str | None:
    """The name of a resource's file; None for a resource that has none, or is of no kind known here."""
    named = _NAMED.get(name_of(resource) or "")
    if named is None or resource is None:
        return None
    values = [resource.fields.get(key) for key in named[1]]
    if any(type(each) not in (int, str) or each == "" or "/" in str(each) for each in values):
        return None
    return "-".join([named[0], *map(str, values)])


def attribute(node: Node, kind: int) -> Node | None:
    """The attribute of that kind."""
    return next((each for each in node.children("at") if each.number("t") == kind), None)


def file_name(node: Node) -> str | None:
    """The name that the sender's file had."""
    named = attribute(node, NAME)
    return (named.text("fn") or None) if named is not None else None


def file_kind(node: Node) -> str:
    """What a file is, by its attributes."""
    video, audio = attribute(node, VIDEO), attribute(node, AUDIO)
    if attribute(node, STICKER) is not None or attribute(node, CUSTOM_EMOJI) is not None:
        return "sticker"
    if audio is not None:
        return "voice" if audio.flag("iv") else "audio"
    if video is not None and (video.number("f") or 0) & _ROUND:
        return "video_note"
    if attribute(node, ANIMATED) is not None:
        return "gif"
    return "video" if video is not None else "document"


def _present(stated: Attachment, media: Media) -> Attachment:
    return replace(stated, path=media.path, size=media.size, sha256=media.sha256, present=True)


def _size(resource: Node | None) -> int | None:
    if resource is None:
        return None
    return _countable(resource.number(_SIZES.get(name_of(resource) or "", "n")))


def _countable(size: int | None) -> int | None:
    return size if size is not None and 0 <= size <= LARGEST_INTEGER else None


def _area(size: Node) -> int:
    return (size.number("dx") or 0) * (size.number("dy") or 0)


def _shape(size: Node) -> str:
    return f"{size.number('dx')} x {size.number('dy')}"
