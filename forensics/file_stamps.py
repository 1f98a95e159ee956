"""What containers say of the files that were recognised: their times and owners on the phone, as facts.

Never a time of a record, and never used for one: each is given as it is stored, with where it is stored.
"""

from __future__ import annotations

from forensics.acquisition import Fact
from forensics.errors import EvidenceUnreadable
from forensics.evidence import Evidence, Member
from forensics.formats import clbx
from forensics.formats.file_stamp import FileStamp
from forensics.items import Item


class FileStamps:
    """Gathers what is said of files that may turn out to be read; ``close`` keeps that of those that were."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._seen: dict[str, FileStamp] = {}
        self._listings: list[tuple[Evidence, Member]] = []

    def see(self, evidence: Evidence, member: Member) -> None:
        """A file that is read, or may be once a key opens it."""
        stamp = evidence.stamp(member)
        if stamp is not None and str(stamp):
            self._seen[member.path] = stamp

    def listing(self, evidence: Evidence, member: Member) -> None:
        """The list of a CLBX container."""
        self._listings.append((evidence, member))

    def close(self) -> None:
        """State what is known of each file that was read."""
        found, documents = self._item.found, self._item.documents
        read = sorted({each.path for each in found} | {each.path for each in documents})
        for path in read:
            if path in self._seen:
                self._learn(self._seen[path], path, "container")
        for evidence, listing in self._listings:
            self._list(evidence, listing, read)
        self._seen.clear()
        self._listings.clear()

    def _list(self, evidence: Evidence, listing: Member, read: list[str]) -> None:
        folder = clbx.content_folder(listing.path)
        if folder is None:
            return
        places = {f"/{path.removeprefix(folder)}": path for path in read if path.startswith(folder)}
        try:
            with evidence.open(listing) as stream:
                for place, stamp in clbx.stamps(stream, places):
                    if str(stamp):
                        self._learn(stamp, listing.path, place)
        except (clbx.ClbxError, EvidenceUnreadable):
            return  # looking for what was not extracted has named it

    def _learn(self, stamp: FileStamp, source: str, field: str) -> None:
        self._item.learn([Fact(name="file", value=str(stamp), source=source, field=field)])
