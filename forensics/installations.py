"""Which databases, small files and media belong together: one installation of an app on one phone.

To a document belong the media that lie where it says, from its own folder: the same name elsewhere is
another export's.

What lies nearest belongs to a database: the longest common path. Where two installations are equally near,
neither is taken: a name from another phone would be a wrong name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, TypeVar

from forensics.errors import EvidenceUnreadable
from forensics.evidence import STEP_INTO, Evidence, Member
from forensics.items import Found, FoundDocument, Item
from forensics.media_bytes import MediaBytes
from forensics.parser import Document, Installation, Media, ReadsPhoneFiles, SideFile

Thing = TypeVar("Thing")
# Where Android keeps the data of each of its users (source.android.com, "Supporting multiple users"): apart
# by number, the first user's also without one.
_USER = re.compile(
    r"(?:^|/)(?:(?:data/(?:user|user_de|media|misc_ce)|system_ce)/(\d{1,6})|(?:storage/emulated|mnt/user)/(\d{1,6})"
    r"|data/data|sdcard)(?:/|$)"
)
# How the name of a container ends in the paths of what is in it.
_CONTAINER = STEP_INTO.removesuffix("/")


def installations(
    item: Item, all_items: Sequence[Item], exhibit: str | None, keys: Sequence[bytes] = ()
) -> Iterator[Installation]:
    """The installations in one item, in the order of their paths; others of the command may lend their side
    databases (a ``wa.db`` named beside a ``msgstore.db``)."""
    for found in sorted(item.found, key=lambda each: each.path):
        if found.role == found.parser.main_role:
            others = list(_others(found, item, all_items))
            finder = MediaFinder(item, all_items, found.path)
            yield Installation(
                database=found.database,
                path=found.path,
                app_place=found.app_place,
                evidence_sha256=item.sha256,
                file_sha256=found.sha256,
                exhibit=exhibit,
                others={r: (o.database, o.path, o.sha256) for r, o, _ in others},
                lenders={r: lender for r, _, lender in others if lender != item.sha256},
                shared=frozenset(r for r, o, _ in others if _nearest_main(o, all_items) is not found),
                side_files=(*_side_files(found, item, all_items), *_phone_files(found, item)),
                media=finder.find,
                media_of_others=finder.find_of_others,
                open_media=finder.open,
                media_bytes=MediaBytes(finder.at),
                keys=keys,
            )


class Used:
    """The databases that belong to a database of messages, found once for the same items."""

    def __init__(self) -> None:
        self._items: tuple[str, ...] = ()
        self._found: frozenset[tuple[str, str]] = frozenset()

    def among(self, items: Sequence[Item]) -> frozenset[tuple[str, str]]:
        """Path and SHA-256 of each."""
        named = tuple(each.sha256 for each in items)
        if named != self._items:
            self._items = named
            self._found = frozenset(
                (path, digest)
                for each in items
                for installation in installations(each, items, None)
                for _, path, digest in installation.others.values()
            )
        return self._found


def document(found: FoundDocument, item: Item, exhibit: str | None, timezone: str) -> Document:
    """A document as its parser gets it."""
    beside = _Beside(item, found.path)
    return Document(
        path=found.path,
        evidence_sha256=item.sha256,
        file_sha256=found.sha256,
        exhibit=exhibit,
        size=found.size,
        stream=found.open,
        timezone=timezone,
        media=beside.find,
        open_media=beside.open,
        media_bytes=MediaBytes(MediaFinder(item, (item,), found.path).at),
        open_above=beside.open_above,
    )


def _nearest_main(side: Found, all_items: Sequence[Item]) -> Found:
    """To which main database a side database belongs: in its own item before others, then the nearest, then
    the first by path. There is one, because one asks."""
    mains = [
        (all(side is not other for other in item.found), place, -common_folders(side.path, each.path), each)
        for place, item in enumerate(all_items)
        for each in item.found
        if each.parser is side.parser and each.role == each.parser.main_role and each.app == side.app
    ]
    return min(mains, key=lambda found: (*found[:3], found[3].path))[3]


def _others(main: Found, item: Item, all_items: Sequence[Item]) -> Iterator[tuple[str, Found, str]]:
    """Role, database and the SHA-256 of the item in which it lies."""
    roles = {each.role for source in all_items for each in source.found if each.parser is main.parser}
    for role in sorted(roles - {main.parser.main_role}):
        own = _nearest_database(main, role, item.found)
        if own is not None:
            yield role, own, item.sha256
            continue
        owners = {
            id(each): source.sha256 for source in all_items if source is not item for each in source.found
        }
        strangers = [each for source in all_items if source is not item for each in source.found]
        lent = _nearest_database(main, role, strangers)
        if lent is not None:
            yield role, lent, owners[id(lent)]


def _nearest_database(main: Found, role: str, among: Iterable[Found]) -> Found | None:
    fitting = [e for e in among if e.parser is main.parser and e.role == role and e.app == main.app]
    near = _nearest(main.path, [(each.path, each) for each in fitting])
    beside = [each for each in near if _folder(each.path) == _folder(main.path)]
    near = beside or near  # the next account's folder is no further away than the main one's own
    # several in one folder are dated copies of one file: the shortest name is the one without a date
    return min(near, key=lambda each: (len(each.path), each.path)) if _folders(near) == 1 else None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _folders(found: Iterable[Found]) -> int:
    """In how many folders they lie; an encrypted file lies where its decrypted content does."""
    return len({each.path.rsplit("/", 2 if each.unlocked else 1)[0] for each in found})


def _side_files(main: Found, item: Item, all_items: Sequence[Item]) -> tuple[SideFile, ...]:
    for source in (item, *(each for each in all_items if each is not item)):
        name = source.path.resolve().name
        fitting = [
            each
            for each in source.side_files
            if not _is_of_phone(main, each)
            and (each.path in main.hints or main.parser.application(f"{each.path}\n{name}") == main.app)
        ]
        near = _nearest(main.path, [(each.path, each) for each in fitting])
        if len({each.path.rpartition("/")[0] for each in near}) == 1:
            return tuple(sorted(near, key=lambda each: each.path))
    return ()


def _phone_files(main: Found, item: Item) -> Iterator[SideFile]:
    """Files of the phone itself that lie in the same item, of the same user."""
    for each in sorted(item.side_files, key=lambda one: one.path):
        if _is_of_phone(main, each) and not _is_of_another_user(main.path, each.path):
            yield each


def _is_of_phone(main: Found, file: SideFile) -> bool:
    return isinstance(main.parser, ReadsPhoneFiles) and main.parser.is_of_phone(file.path)


def _nearest(path: str, things: Sequence[tuple[str, Thing]]) -> list[Thing]:
    """The things whose path has most folders in common with this one."""
    depths = [common_folders(path, each) for each, _ in things]
    best = max(depths, default=0)
    return [thing for (_, thing), depth in zip(things, depths, strict=True) if depth == best]


def common_folders(one: str, other: str) -> int:
    """How many folders two paths share from the top."""
    count = 0
    for first, second in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if first != second:
            break
        count += 1
    return count


class MediaFinder:
    """Finds a media file by the path that an app stored, which may be relative or of the phone's own root."""

    def __init__(self, item: Item, all_items: Sequence[Item], main: str) -> None:
        self._items = (item, *(each for each in all_items if each is not item))
        self._main = main

    def find(self, stored: str) -> Media | None:
        """The file whose path ends as the stored one does, at least in folder and name; None without one. A
        file of another user of the same phone is none."""
        return self._first(self._fitting(stored))

    def find_of_others(self, stored: str) -> Media | None:
        """Such a file of another user of the same phone: only its hash can tell that it is the one."""
        return self._first(self._fitting(stored, of_others=True))

    @staticmethod
    def _first(fitting: Iterator[tuple[Evidence, Member]]) -> Media | None:
        for evidence, member in fitting:
            found = _whole(evidence, member)
            if found is not None:
                return found
        return None

    def open(self, stored: str) -> tuple[str, BinaryIO] | None:
        """That file's path and stream; reading raises EvidenceUnreadable. None where it cannot be opened."""
        for evidence, member in self._fitting(stored):
            try:
                return member.path, evidence.open(member)
            except EvidenceUnreadable:
                continue  # opening has put it among the evidence's problems
        return None

    def at(self, path: str) -> Iterator[tuple[Evidence, Member]]:
        """The members of exactly that path in the evidence, those of the item itself first."""
        for item in self._items:
            for evidence, member in item.files.get(path.rpartition("/")[2], ()):
                if member.path == path:
                    yield evidence, member

    def _fitting(self, stored: str, *, of_others: bool = False) -> Iterator[tuple[Evidence, Member]]:
        """The best file of each item, the nearest item first."""
        wanted = [part for part in stored.replace("\\", "/").split("/") if part]
        for item in self._items if wanted else ():
            found = self._in_item(item, wanted, of_others)
            if found is not None:
                yield found

    def _in_item(self, item: Item, wanted: list[str], of_others: bool) -> tuple[Evidence, Member] | None:
        least = min(2, len(wanted))
        fitting = [
            (_common_end(wanted, member.path.split("/")), evidence, member)
            for evidence, member in item.files.get(wanted[-1], ())
            if _common_end(wanted, member.path.split("/")) >= least
            and _is_of_another_user(self._main, member.path) == of_others
        ]
        if not fitting:
            return None
        _, evidence, member = max(fitting, key=lambda each: (each[0], *self._nearness(each[2].path)))
        return evidence, member

    def _nearness(self, path: str) -> tuple[int, int, str]:
        return common_folders(self._main, path), -len(path), path


class _Beside:
    """Finds the media of a document by their path from its folder."""

    def __init__(self, item: Item, document: str) -> None:
        self._item = item
        # "exports/chat.zip!/_chat.txt" lies in "exports/chat.zip!"
        self._folder = document.rpartition("/")[0]

    def find(self, stored: str) -> Media | None:
        """The file at that place, read whole; None without one."""
        place = self._place(self._folder, stored)
        return None if place is None else _whole(*place)

    def open(self, stored: str) -> tuple[str, BinaryIO] | None:
        """Its path and stream; reading raises EvidenceUnreadable. None where it cannot be opened."""
        return self._opened(self._folder, stored)

    def open_above(self, levels: int, stored: str) -> tuple[str, BinaryIO] | None:
        """The same from a folder above; None where that is not in the same container."""
        folders = self._folder.split("/") if self._folder else []
        left = folders[max(0, len(folders) - levels) :]
        if len(left) < levels or any(each.endswith(_CONTAINER) for each in left):
            return None
        return self._opened("/".join(folders[: len(folders) - levels]), stored)

    def _opened(self, folder: str, stored: str) -> tuple[str, BinaryIO] | None:
        place = self._place(folder, stored)
        if place is None:
            return None
        evidence, member = place
        try:
            return member.path, evidence.open(member)
        except EvidenceUnreadable:
            return None  # opening has put it among the evidence's problems

    def _place(self, folder: str, stored: str) -> tuple[Evidence, Member] | None:
        parts = [part for part in stored.replace("\\", "/").split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            return None
        wanted = "/".join([folder, *parts] if folder else parts)
        for evidence, member in self._item.files.get(parts[-1], ()):
            if member.path == wanted:
                return evidence, member
        return None


def _is_of_another_user(one: str, other: str) -> bool:
    """Whether both paths name a user of the phone, and not the same one."""
    users = {_user(one), _user(other)} - {None}
    return len(users) > 1


def _user(path: str) -> int | None:
    """The user of the phone whose data lie there; None where the path does not tell."""
    found = _USER.search(path)
    return None if found is None else int(found[1] or found[2] or 0)


def _whole(evidence: Evidence, member: Member) -> Media | None:
    """A media file with its digest; None where not all of it can be read."""
    try:
        digest = evidence.member_sha256(member)
    except EvidenceUnreadable:
        return None  # reading has put it among the evidence's problems
    if evidence.damage(member) is not None:
        return None
    return Media(path=member.path, size=member.size, sha256=digest)


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for first, second in zip(reversed(one), reversed(other), strict=False):
        if first != second:
            break
        count += 1
    return count
