"""Who is who in WhatsApp: jids, devices, LIDs that are mapped to a telephone number or are not, names.

Source: WhatsApp reference 2.3 (jid, jid_map, lid_display_name), 2.4 (identity, order of names) and 2.9
(wa.db). A person is the jid without its device; a LID is the person it is mapped to, or stays a LID: its
digits are no telephone number.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.identity import participant_id
from forensics.model import Account, Name, Participant
from parsers.person import Person, settle_names

PHONE_SERVERS = frozenset({"s.whatsapp.net", "c.us"})
PERSON_SERVERS = PHONE_SERVERS | {"lid", "hosted", "hosted.lid", "bot"}
LID_SERVERS = frozenset({"lid", "hosted.lid"})
# 0@s.whatsapp.net is WhatsApp itself.
_WHATSAPP = "0"

ADDRESS_BOOK = "address book"
VERIFIED = "verified business name"
PUSH_NAME = "push name (self-chosen)"
GIVEN_AND_FAMILY = "address book, given and family name"
NICKNAME = "address book, nickname"
LID_NAME = "display name of the LID (self-chosen)"
USERNAME = "username"
PARTNER_NAME = "name in the list of conversations"
MEMBER_NAME = "name in the list of members"
# The best first (reference 2.4).
_RANK = (
    *(ADDRESS_BOOK, VERIFIED, PUSH_NAME, GIVEN_AND_FAMILY, NICKNAME, LID_NAME, USERNAME),
    *(PARTNER_NAME, MEMBER_NAME),
)


def split_jid(jid: str) -> tuple[str, str]:
    """The user and the server of a jid, without agent and device (31600000001.0:5@s.whatsapp.net)."""
    user, _, server = jid.strip().rpartition("@")
    if not server or not user:
        return "", jid.strip()
    return (user.split(":")[0].split(".")[0] if server in PERSON_SERVERS else user), server


class People:
    """The people of one account, by row id of ``jid`` and by jid."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._owner_handle = account.handle
        self.owner = Person(participant_id(account.id, "owner"), account.handle, account.phone, is_owner=True)
        self._people: dict[str, Person] = {}
        self._numbers: dict[str, str] = {}  # LID jid -> jid of the telephone number
        self.handles: dict[int, str] = {}  # row id of jid -> jid without device
        self.by_row: dict[int, str] = {}  # row id of jid -> participant id, people only
        self._at: dict[int, Person] = {}  # the same people, as they are asked for
        self.group_names: dict[str, str] = {}  # jid of a group -> its name in wa.db

    def map_lid(self, lid: str, number: str) -> None:
        """State that a LID is the person with that number."""
        self._numbers[lid] = number

    def register(self, rowid: int, jid: str) -> None:
        """A row of ``jid``; LIDs must be mapped before."""
        user, server = split_jid(jid)
        self.handles[rowid] = f"{user}@{server}" if user else server
        person = self.person(jid)
        if person is not None:
            self.by_row[rowid] = person.id

    def handle(self, jid: str) -> str:
        """The jid that identifies a person or a conversation: without device, a LID by its number."""
        user, server = split_jid(jid)
        bare = f"{user}@{server}" if user else server
        return self._numbers.get(bare, bare)

    def person(self, jid: str | None) -> Person | None:
        """The person with that jid, made known on first use; None where it is no person's."""
        if not jid:
            return None
        handle = self.handle(jid)
        if handle == self._owner_handle:
            return self.owner
        person = self._people.get(handle)
        return person or self._new(handle)

    def _new(self, handle: str) -> Person | None:
        user, server = split_jid(handle)
        if server not in PERSON_SERVERS or not user:
            return None
        is_number = server in PHONE_SERVERS and user.isascii() and user.isdigit() and user != _WHATSAPP
        phone = f"+{user}" if is_number else None
        person = Person(participant_id(self.account.id, handle), handle, phone)
        self._people[handle] = person
        return person

    def at(self, rowid: int | None) -> Person | None:
        """The person of a row of ``jid``."""
        if rowid is None:
            return None
        person = self._at.get(rowid) or self.person(self.handles.get(rowid))
        if person is not None:
            self._at[rowid] = person
        return person

    def words(self, rowid: int | None) -> str | None:
        """The person or the conversation of a row of ``jid`` in words; None where no row is named."""
        person = self.at(rowid)
        if person is not None or rowid is None or rowid <= 0:
            return None if person is None else person.spoken
        if rowid not in self.handles:
            return f"jid row {rowid}, which is gone"
        return self.handles[rowid] or f"jid row {rowid}, which is blank"

    def name(self, jid: str | None, name: str | None, source: str) -> None:
        """Give a person a name; the same name from a lesser source is left out."""
        person = self.person(jid)
        if person is not None and name and name.strip():
            person.names.append(Name(name=name, source=source))

    def settle(self) -> None:
        """Put the names in order, the best first, each once."""
        settle_names((self.owner, *self._people.values()), _RANK)

    def participants(self) -> Iterator[Participant]:
        """The owner, then everybody known by now, by jid."""
        for person in (self.owner, *(self._people[handle] for handle in sorted(self._people))):
            yield Participant(
                id=person.id,
                app=self.account.app,
                handle=person.handle,
                phone=person.phone,
                names=tuple(person.names),
                is_owner=person.is_owner,
            )
