"""The files that GrayKey leaves beside its extraction: named, because their forms are known from no source.

Source: containers reference 3: the name of the extraction (``<id>_files_full.zip``) is known, the names and
forms of what lies beside it (passwords, a keychain, a report) are not verified. What is recognised by its
content is read like any other file; the others are named here.
"""

from __future__ import annotations

from forensics.evidence import Evidence, Member
from forensics.items import Item, Trouble

_WHOLE = "_files_full.zip"
_MOST_NAMED = 20
_NOT_READ = (
    "beside a GrayKey extraction, not read: its form is known from no source; name a key that stands in it"
    " with --key"
)


class GrayKey:
    """The extractions that were seen in an item; ``close`` names what lies beside them and was not read."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._folders: list[tuple[Evidence, str]] = []

    def see(self, evidence: Evidence, member: Member) -> None:
        """A container in the item."""
        if member.path.endswith(_WHOLE):
            self._folders.append((evidence, _folder(member.path)))

    def close(self) -> None:
        """Called once all that is known was recognised."""
        if not self._folders:
            return
        item = self._item
        read = {each.path for each in item.side_files} | {each.path for each in item.documents}
        read |= {each.path for each in item.found} | {each.source for each in item.facts} | item.key_files
        read |= {each.source for each in item.stated}
        for evidence, folder in self._folders:
            beside = sorted(
                member.path
                for places in item.files.values()
                for within, member in places
                if within is evidence and _folder(member.path) == folder and member.path not in read
            )
            self._name(beside)
        self._folders.clear()

    def _name(self, beside: list[str]) -> None:
        for path in beside[:_MOST_NAMED]:
            self._item.troubles.append(Trouble(path=path, text=_NOT_READ, code=0))
        if len(beside) > _MOST_NAMED:
            text = f"{len(beside) - _MOST_NAMED} more files beside a GrayKey extraction were not read"
            self._item.troubles.append(Trouble(path=_folder(beside[0]) or ".", text=text, code=0))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
