"""The invented people and conversations of a benchmark phone: jids, LIDs, chats, groups and contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from sqlite3 import Connection

from sentences import FIRST_NAMES, LANGUAGE_SHARES, LAST_NAMES, TOPICS

OWNER_NUMBER = "31600000001"
FIRST_DAY = 1_609_747_200_000  # 2021-01-04 08:00 UTC, in milliseconds
# WhatsApp reference 2.3, jid.type
PERSON, GROUP, STATUS, LID, NEWSLETTER = 0, 1, 5, 18, 21
FLUSH_AT = 20_000

CONTACT = (
    "jid, is_whatsapp_user, status, number, raw_contact_id, display_name, given_name, family_name, wa_name, "
    "is_starred"
)
NOT_KNOWN = (None, None, None, None, None)

Row = tuple[object, ...]


class Store:
    """Rows on their way into a database, written a table and some thousands of rows at a time."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.waiting: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)

    def add(self, table: str, columns: str, row: Row) -> None:
        """Keep one row for a table; `columns` names its values, separated by commas."""
        rows = self.waiting[table, columns]
        rows.append(row)
        if len(rows) >= FLUSH_AT:
            self.write(table, columns, rows)

    def write(self, table: str, columns: str, rows: list[Row]) -> None:
        places = ",".join("?" * len(rows[0]))
        self.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
        rows.clear()

    def flush(self) -> None:
        """Write what still waits."""
        for (table, columns), rows in self.waiting.items():
            if rows:
                self.write(table, columns, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the phone's jid table, perhaps also or only known by a LID."""

    number: str
    name: str
    phone_row: int
    lid_row: int
    is_contact: bool


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A chat that the maker writes messages into; `senders` are row ids of jids."""

    row_id: int
    jid_row: int
    server: str
    subject: str | None
    language: str
    senders: tuple[int, ...]
    trades: bool = False
    is_begun: bool = False
    # the newest messages, which may be quoted: from_me, sender, key id, time in milliseconds, text
    recent: list[tuple[int, int, str, int, str]] = field(default_factory=list)


class Population:
    """All people and chats of the phone, in a fixed order for a fixed seed."""

    def __init__(self, random: Random, store: Store, chats: int) -> None:
        self.random = random.random
        self.store = store
        self.next_jid = 1
        self.users: dict[int, str] = {}
        self.owner_row = self.jid(OWNER_NUMBER, "s.whatsapp.net", PERSON)
        self.jid("0", "s.whatsapp.net", 7)
        groups = chats // 4
        self.direct = chats - groups - (2 if chats >= 20 else 0)
        self.people = [self.person(number) for number in range(2, 2 + self.direct * 2)]
        self.conversations = [self.direct_chat(place) for place in range(self.direct)]
        self.conversations += [self.group_chat(number) for number in range(groups)]
        if chats >= 20:
            self.conversations += [self.status_chat(), self.newsletter_chat()]
        self.write_chats()

    def pick(self, choices: tuple[str, ...]) -> str:
        return choices[int(self.random() * len(choices))]

    def jid(self, user: str, server: str, kind: int) -> int:
        """Write one jid and give its row id."""
        row = (self.next_jid, user, server, 0, 0, kind, f"{user}@{server}")
        self.store.add("jid", "_id, user, server, agent, device, type, raw_string", row)
        self.users[self.next_jid] = user
        self.next_jid += 1
        return row[0]

    def person(self, number: int) -> Person:
        phone = f"316{number:08d}"
        name = f"{self.pick(FIRST_NAMES)} {self.pick(LAST_NAMES)}"
        phone_row = self.jid(phone, "s.whatsapp.net", PERSON)
        lid_row = self.jid(f"9{number * 7_919_777 % 10**14:014d}", "lid", LID)
        if self.random() < 0.9:
            self.store.add("jid_map", "lid_row_id, jid_row_id, sort_id", (lid_row, phone_row, number))
        if self.random() < 0.4:
            self.store.add("lid_display_name", "lid_row_id, display_name", (lid_row, name.partition(" ")[0]))
        return Person(
            number=phone,
            name=name,
            phone_row=phone_row,
            lid_row=lid_row,
            is_contact=self.random() < 0.7,
        )

    def language(self) -> str:
        draw = self.random() * 100
        for code, share in LANGUAGE_SHARES.items():
            draw -= share
            if draw < 0:
                return code
        return "nl"

    def direct_chat(self, place: int) -> Conversation:
        """A chat with one person; one in four is keyed by the LID, as newer versions do."""
        person = self.people[place]
        is_keyed_by_lid = self.random() < 0.25
        jid_row = person.lid_row if is_keyed_by_lid else person.phone_row
        return Conversation(
            row_id=place + 1,
            jid_row=jid_row,
            server="lid" if is_keyed_by_lid else "s.whatsapp.net",
            subject=None,
            language=self.language(),
            senders=(jid_row,),
            trades=min(2, self.direct - 1) <= place < 22,
        )

    def group_chat(self, number: int) -> Conversation:
        jid_row = self.jid(f"120363{number * 104_729 + 4_000_000:012d}", "g.us", GROUP)
        is_addressed_by_lid = self.random() < 0.3
        members = {
            int(self.random() ** 2 * len(self.people)) for _ in range(3 + int(self.random() ** 3 * 60))
        }
        senders = tuple(
            self.people[place].lid_row if is_addressed_by_lid else self.people[place].phone_row
            for place in sorted(members)
        )
        self.write_members(jid_row, senders)
        return Conversation(
            row_id=self.direct + number + 1,
            jid_row=jid_row,
            server="g.us",
            subject=f"{self.pick(TOPICS)} {number + 1}",
            language=self.language(),
            senders=senders,
        )

    def write_members(self, group: int, members: Iterable[int]) -> None:
        columns = "group_jid_row_id, user_jid_row_id, rank, pending, add_timestamp"
        self.store.add("group_participant_user", columns, (group, self.owner_row, 0, 0, FIRST_DAY))
        for place, member in enumerate(members):
            self.store.add(
                "group_participant_user", columns, (group, member, 2 if place == 0 else 0, 0, FIRST_DAY)
            )

    def status_chat(self) -> Conversation:
        return Conversation(
            row_id=len(self.conversations) + 1,
            jid_row=self.jid("status", "broadcast", STATUS),
            server="broadcast",
            subject=None,
            language="nl",
            senders=tuple(person.phone_row for person in self.people[:60]),
        )

    def newsletter_chat(self) -> Conversation:
        return Conversation(
            row_id=len(self.conversations) + 2,
            jid_row=self.jid("120363999000000001", "newsletter", NEWSLETTER),
            server="newsletter",
            subject="Gemeentenieuws",
            language="nl",
            senders=(0,),
        )

    def write_chats(self) -> None:
        columns = (
            "_id, jid_row_id, hidden, subject, created_timestamp, archived, sort_timestamp, "
            "unseen_message_count, ephemeral_expiration, group_type, chat_lock, account_jid_row_id, "
            "participation_status"
        )
        for number, conversation in enumerate(self.conversations):
            timer = 604_800 if number % 40 == 7 else 0
            group_type = 4 if conversation.server == "newsletter" else 0
            rank = 2 if conversation.server == "g.us" else 0
            head = (conversation.row_id, conversation.jid_row, 0, conversation.subject, FIRST_DAY)
            tail = (int(number % 9 == 8), FIRST_DAY, 0, timer, group_type, 0, self.owner_row, rank)
            self.store.add("chat", columns, (*head, *tail))

    def write_contacts(self, store: Store) -> None:
        """Fill wa.db: people in the address book, others with the name they gave themselves, and groups."""
        for number, person in enumerate(self.people):
            jid = f"{person.number}@s.whatsapp.net"
            given, _, family = person.name.partition(" ")
            known = (
                (f"+{person.number}", number + 1, person.name, given, family)
                if person.is_contact
                else NOT_KNOWN
            )
            about = "Beschikbaar" if number % 3 else None
            store.add("wa_contacts", CONTACT, (jid, 1, about, *known, given, 0))
            if number % 97 == 50:
                store.add("wa_vnames", "jid, issuer, verified_name", (jid, "smb:wa", f"Bedrijf {number}"))
        for conversation in self.conversations:
            if conversation.server == "g.us":
                self.write_group(store, f"{self.users[conversation.jid_row]}@g.us", conversation.subject)

    def write_group(self, store: Store, jid: str, subject: str | None) -> None:
        store.add("wa_contacts", CONTACT, (jid, 1, None, None, -1, subject, None, None, None, 0))
        if self.random() < 0.3:
            columns = "jid, description, description_time"
            store.add("wa_group_descriptions", columns, (jid, "Alleen voor de leden", FIRST_DAY))
