"""Texts of WhatsApp's messages that survive in the phone's notifications: copies, tied by name and time.

A notification names no message. It is taken for one where its title is the name of the sender or of the
conversation and it was posted within a minute of the arrival: of a message that was deleted or edited, where
there is but one; of a message that is gone, where no message of that name arrived then. What is left is
counted.

Sources: Android 11 and later, ``system_ce/USER/notification_history/history/``, protobuf (ALEAPP
notificationHistory and its schema: 1 strings, 3 notifications; of one 1 package or 2 its place among the
strings, 9 milliseconds, 10 title, 11 text); iOS 12 and later, ``UserNotifications/BUNDLE/
DeliveredNotifications.plist``, a keyed archive (iLEAPP notificationsXII, which lists fifteen images); BUNDLE
may be a random name, which ``UserNotificationsServer/Library.plist``, an archived dictionary, gives for each
bundle (the same). No such file was read by this project; how WhatsApp words a title is not known, so only
whole names count.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.copies import GONE, NOTIFICATION
from forensics.formats.keyed_archive import root_dictionary, root_list
from forensics.formats.plist import PlistError
from forensics.formats.protobuf import readable_fields
from forensics.model import Conversation, Copied, Message, Participant, Record, Source
from forensics.parser import Installation, SideFile
from forensics.times import EARLIEST, LATEST, MAC_EPOCH_SECONDS
from parsers.notes import Notes
from parsers.whatsapp_index import Changed, changed
from parsers.whatsapp_wire import children_of, number_of, text_of

PLACES = ("/notification_history/history/", "/usernotifications/", "/usernotificationsserver/")
_TABLE = "notification"
_DELIVERED = "/deliverednotifications.plist"
_FOLDERS = "/usernotificationsserver/library.plist"
_RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The packages of Android and the bundles of iOS.
_OWN = {
    "whatsapp": ("com.whatsapp", "net.whatsapp.whatsapp"),
    "whatsapp_business": ("com.whatsapp.w4b", "net.whatsapp.whatsappsmb"),
}
# A notification is posted when a message has arrived; a text may be posted again with later ones.
_BEFORE, _AFTER, _AGAIN = 2_000, 60_000, 600_000


def is_notifications(path: str) -> bool:
    """Whether a file at that path holds notifications of a phone."""
    place = f"/{path.lower()}"
    if PLACES[0] in place:
        return place.rpartition("/")[2].isdigit()  # named by its first moment
    return place.endswith(_FOLDERS) or (PLACES[1] in place and place.endswith(_DELIVERED))


class Notification(NamedTuple):
    """One notification: when it was posted in milliseconds, its words, and where it stands."""

    at: int
    title: str
    text: str
    source: Source


class _Seen(NamedTuple):
    at: int
    message: Message
    change: Changed | None


class Notifications:
    """The notifications of one installation; ``see`` takes the messages as they are read."""

    def __init__(self, installation: Installation, app: str, notes: Notes) -> None:
        self._notes = notes
        found = _all(installation, app, notes)
        self._found = sorted(found, key=lambda each: (each.at, each.source.path, each.source.rowid or 0))
        self._times = [each.at for each in self._found]
        self._seen: list[_Seen] = []
        # by id of a person or a conversation: what it is called
        self._names: dict[str, set[str]] = {}
        # by id of a conversation: who is in it
        self._members: dict[str, tuple[str, ...]] = {}
        # by name: the ids of who and what is called so
        self._called: dict[str, list[str]] = {}
        self._longest = 0
        self.is_present = bool(self._found)

    def learn(self, records: Iterable[Record]) -> Iterator[Record]:
        """What people and conversations are called; gives the records on."""
        for record in records:
            match record:
                case Participant() if self.is_present:
                    names = {each.name for each in record.names}
                    self._names[record.id] = names | ({record.phone} if record.phone else set())
                case Conversation() if self.is_present:
                    self._names[record.id] = {record.title} if record.title else set()
                    self._members[record.id] = record.participants
            yield record

    def see(self, message: Message) -> None:
        """Remember a message that arrived about when a notification was posted."""
        at = message.received_at if message.received_at is not None else message.sent_at
        if message.from_owner is not False or at is None:
            return
        place = bisect_left(self._times, at - _BEFORE)
        if place < len(self._times) and self._times[place] <= at + _AGAIN:
            self._seen.append(_Seen(at, message, changed(message)))

    def note(self) -> None:
        """A copy of each text that no message has, as far as it can be tied to one."""
        self._seen.sort(key=lambda each: each.at)
        arrived = [each.at for each in self._seen]
        for key, names in self._names.items():
            for name in names:
                self._called.setdefault(name, []).append(key)
        self._longest = max(map(len, self._called), default=0)
        for each in self._found:
            first, end = bisect_left(arrived, each.at - _AGAIN), bisect_right(arrived, each.at + _BEFORE)
            self._judge(each, self._seen[first:end])

    def _judge(self, found: Notification, then: list[_Seen]) -> None:
        named = [seen for seen in then if self._is_named(seen.message, found.title)]
        if any(self._says(seen.message, found.text) for seen in named):
            return
        near = [seen for seen in named if found.at - seen.at <= _AFTER]
        lost = [seen.change for seen in near if seen.change is not None]
        if len(lost) == 1:
            self._copy(found, lost[0], near)
        elif not named and (bearer := self._bearer(found)) is not None:
            self._gone(found, *bearer)
        else:
            self._notes.count("notifications whose text could not be tied to one message")

    def _is_named(self, message: Message, title: str) -> bool:
        sender = self._names.get(message.sender, set()) if message.sender else set()
        return title in sender or title in self._names.get(message.conversation, set())

    def _says(self, message: Message, text: str) -> bool:
        """Whether a message has that text, now or before an edit, with or without its sender before it."""
        names = self._names.get(message.sender, set()) if message.sender else set()
        texts = {text, *(text.removeprefix(f"{name}: ") for name in names)}
        return message.text in texts or any(edit.text in texts for edit in message.edits)

    def _bearer(self, found: Notification) -> tuple[str | None, str | None] | None:
        """The only conversation of that name and whose name begins the text; or the only person."""
        named = self._called.get(found.title, [])
        chats = [key for key in named if key in self._members]
        people = [key for key in named if key not in self._members]
        if not chats and len(people) == 1:
            return None, people[0]
        if len(chats) != 1 or not set(people) <= set(self._members[chats[0]]):
            return None
        senders = self._beginning(found.text)
        members = [each for each in senders if each in self._members[chats[0]]]
        senders = members or senders  # not every form of the database lists the members
        return (chats[0], senders[0] if senders else None) if len(senders) < 2 else None

    def _beginning(self, text: str) -> list[str]:
        """Whose name, followed by a colon, begins the text."""
        head = text[: self._longest + 2]
        names = [head[: each.start()] for each in re.finditer(": ", head)]
        found = (key for name in names for key in self._called.get(name, ()) if key not in self._members)
        return list(dict.fromkeys(found))

    def _copy(self, found: Notification, lost: Changed, near: list[_Seen]) -> None:
        source = next(each.message.source for each in near if each.message.id == lost.message)
        copied = Copied(
            text=found.text,
            origin=NOTIFICATION,
            reason=lost.reason,
            is_normalised=False,
            message=lost.message,
            holder=None,
            conversation=lost.conversation,
            sender=lost.sender,
            from_owner=lost.from_owner,
            sent_at=lost.sent_at,
            app_id=lost.app_id,
        )
        original = f"row {source.rowid} of {source.table}"
        self._notes.copy_at(copied, found.source, f"{original}, the only one by name and time,")

    def _gone(self, found: Notification, conversation: str | None, sender: str | None) -> None:
        copied = Copied(
            text=found.text,
            origin=NOTIFICATION,
            reason=GONE,
            is_normalised=False,
            message=None,
            holder=None,
            conversation=conversation,
            sender=sender,
            from_owner=False,
            sent_at=found.at,
            app_id=None,
        )
        self._notes.copy_at(copied, found.source, f"what {found.title} sent about then")


def _all(installation: Installation, app: str, notes: Notes) -> Iterator[Notification]:
    folders = _folders(installation.side_files, notes)
    for file in installation.side_files:
        place = f"/{file.path.lower()}"
        if not is_notifications(file.path) or place.endswith(_FOLDERS):
            continue
        if PLACES[0] in place:
            words = _android(file, _OWN[app][0], notes)
        elif _bundle(file.path, folders, notes) == _OWN[app][1]:
            words = _ios(file, notes)
        else:
            continue
        digest = hashlib.sha256(file.data).hexdigest()
        for number, (at, title, text) in enumerate(words, 1):
            if at is None or not title or not text:
                continue
            if EARLIEST <= at <= LATEST:
                yield Notification(at, title, text, _source(installation, file, digest, number))
            else:
                notes.count("notifications whose time is outside the calendar")


def _folders(files: Iterable[SideFile], notes: Notes) -> dict[str, str]:
    """By the name of a folder of notifications: whose it is, as the phone's own list says."""
    found: dict[str, str] = {}
    for file in files:
        if not f"/{file.path.lower()}".endswith(_FOLDERS):
            continue
        try:
            listed = root_dictionary(file.data)
        except PlistError as error:
            notes.add("doubt", f"{file.path}, whose notifications lie where: {error}", None)
            continue
        found |= {
            folder.lower(): bundle.lower() for bundle, folder in listed.items() if isinstance(folder, str)
        }
    return found


def _bundle(path: str, folders: dict[str, str], notes: Notes) -> str:
    """Whose notifications lie there; of a random name that nobody explains, it is said."""
    folder = path.lower().split("/")[-2]
    if folder not in folders and _RANDOM.fullmatch(folder):
        text = "notifications in a folder with a random name that no list explains: they were not read"
        notes.add("doubt", f"{path}: {text}", None)
    return folders.get(folder, folder)


def _source(installation: Installation, file: SideFile, digest: str, number: int) -> Source:
    return Source(
        evidence_sha256=installation.evidence_sha256,
        file_sha256=digest,
        path=file.path,
        table=_TABLE,
        rowid=number,
    )


_Words = tuple[int | None, str | None, str | None]


def _android(file: SideFile, own: str, notes: Notes) -> Iterator[_Words]:
    found, problem = readable_fields(file.data)
    if problem is not None:
        notes.add("doubt", f"{file.path}, notifications: {problem}", None)
    pool: list[str | None] = []
    for each in found:
        if each.number == 1:
            pool += [text_of(child) for child in children_of(each) if child.number == 2]
    for each in found:
        if each.number != 3:
            continue
        parts = {child.number: child for child in children_of(each)}
        package, place = text_of(parts.get(1)), number_of(parts.get(2))
        if not package and place is not None and 0 < place <= len(pool):
            package = pool[place - 1]
        is_own = package == own
        yield (number_of(parts.get(9)), text_of(parts.get(10)), text_of(parts.get(11))) if is_own else _NONE


_NONE: _Words = (None, None, None)


def _ios(file: SideFile, notes: Notes) -> Iterator[_Words]:
    try:
        found = root_list(file.data)
    except PlistError as error:
        notes.add("doubt", f"{file.path}, notifications: {error}", None)
        return
    for each in found:
        at = each.get("AppNotificationCreationDate")
        millis = round((at + MAC_EPOCH_SECONDS) * 1000) if isinstance(at, float) and abs(at) < 1e10 else None
        title, text = (each.get(f"AppNotification{name}") for name in ("Title", "Message"))
        yield millis, title if isinstance(title, str) else None, text if isinstance(text, str) else None
