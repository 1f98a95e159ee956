"""The people and conversations of Signal for Android, from recipient, thread and the tables of groups.

Source: Signal reference 3.7 (tables), 3.8 (who is the owner), 3.3 (remapped_recipients: followed when an id
is missing).
"""

from __future__ import annotations

from collections.abc import Iterable

from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.person import Person
from parsers.row_ids import listed
from parsers.signal_codes import CALL_LINK, DISTRIBUTION_LIST, GROUP_KINDS
from parsers.signal_people import (
    ADDRESS_BOOK,
    GIVEN,
    NICKNAME,
    PROFILE,
    USERNAME,
    Chat,
    Owner,
    People,
    add_names,
)
from parsers.signal_sides import all_rows
from parsers.signal_survey import Survey
from parsers.signal_tables import (
    BACKUP_KEY_VALUE,
    GROUP_MEMBERSHIP,
    GROUPS,
    KEY_VALUE,
    RECIPIENT,
    REMAPPED,
    THREAD,
)

KEY_VALUES_ROLE = "key values"


class Directory:
    """Who and what the row ids of ``recipient`` and ``thread`` stand for."""

    def __init__(self, installation: Installation, survey: Survey, notes: Notes) -> None:
        database = installation.database
        self._notes = notes
        self._recipients = {row[0]: row for row in all_rows(database, RECIPIENT, notes)}
        self._remapped = {row[1]: row[2] for row in all_rows(database, REMAPPED, notes)}
        self.people = People(installation, "android", self._owner(installation, survey))
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Chat] = {}
        titles = {row[2]: row for row in all_rows(database, GROUPS, notes)}
        for rowid, row in self._recipients.items():
            self._register(rowid, row, titles.get(rowid))
        self._read_members(database, titles.values())
        self._chats = {row[0]: self._chat_with(row[0], row[1]) for row in all_rows(database, THREAD, notes)}
        self.people.settle()

    def person(self, recipient: int | None) -> Person | None:
        """The person of a row of ``recipient``; None where it is no person's or is gone."""
        if recipient is None:
            return None
        return self._people.get(recipient) or self._people.get(self._remapped.get(recipient, -1))

    def knows(self, recipient: int | None) -> bool:
        """Whether there is a row of ``recipient`` with that id, or of the one it became."""
        return recipient in self._recipients or self._remapped.get(recipient or -1) in self._recipients

    def chat(self, thread: int | None) -> Chat:
        """The conversation of a row of ``thread``; one of its own where that row is gone."""
        found = self._chats.get(thread) if thread is not None else None
        return found or self.people.chat(f"thread:{thread}", "direct", handle=None)

    def has_thread(self, thread: int | None) -> bool:
        """Whether the row of ``thread`` is there."""
        return thread in self._chats

    def chat_of(self, recipient: int | None) -> Chat | None:
        """The conversation with a person or a group, by the row of ``recipient``."""
        if recipient in self._groups:
            return self._groups[recipient]
        person = self.person(recipient)
        return None if person is None else self.people.direct(person)

    def _owner(self, installation: Installation, survey: Survey) -> Owner:
        """The account's key values, else the one who sent what was sent (3.8)."""
        values = self._key_values(installation)
        if values.get("account.aci") or values.get("account.e164"):
            return Owner(
                aci=values.get("account.aci"),
                pni=_pni(values.get("account.pni")),
                phone=values.get("account.e164"),
                username=values.get("account.username"),
            )
        senders = survey.senders_of_sent
        if len(senders) == 1 and (row := self._recipients.get(next(iter(senders)))) is not None:
            _rowid, _kind, phone, aci, pni, username, *_rest = row
            self._notes.add(
                "info",
                f"no key values name the owner: recipient {row[0]} is, who sent all that was sent",
                RECIPIENT.name,
                row[0],
            )
            return Owner(aci=aci, pni=_pni(pni), phone=phone, username=username)
        if survey.has_rows:
            self._notes.add(
                "info",
                "the owner is not named: there are no key values of the account, nor do the messages tell",
                None,
            )
        return Owner()

    def _key_values(self, installation: Installation) -> dict[str, str]:
        databases = [installation.database]
        if KEY_VALUES_ROLE in installation.others:
            databases.append(installation.others[KEY_VALUES_ROLE][0])
        return {
            row[1]: row[2]
            for database in databases
            for table in (BACKUP_KEY_VALUE, KEY_VALUE)
            for row in all_rows(database, table, self._notes)
            if row[1] and row[2]
        }

    def _register(self, rowid: int, row: Row, group: Row | None) -> None:
        _rowid, kind, phone, aci, pni, username, email, group_id, nickname, system, profile, given = row
        if group_id or group is not None or kind in GROUP_KINDS:
            key = group_id or (group[1] if group is not None else None)
            title = group[3] if group is not None else None
            self._groups[rowid] = self.people.chat(
                key or f"recipient:{rowid}", "group", handle=key, title=title
            )
        elif kind == DISTRIBUTION_LIST:
            self._groups[rowid] = self.people.stories()
        elif kind == CALL_LINK:
            self._groups[rowid] = self.people.chat(
                f"recipient:{rowid}", "group", handle=None, title="Call link"
            )
        else:
            person = self.people.person(
                aci=aci, pni=_pni(pni), phone=phone, other=email or f"recipient:{rowid}"
            )
            names = (
                (nickname, NICKNAME),
                (system, ADDRESS_BOOK),
                (profile, PROFILE),
                (given, GIVEN),
                (username, USERNAME),
            )
            add_names(person, names)
            if person is not None:
                self._people[rowid] = person

    def _read_members(self, database: Database, groups: Iterable[Row]) -> None:
        """The members by group_membership, in older databases by a list in ``groups`` (3.7)."""
        by_id = {chat.handle: chat for chat in self._groups.values() if chat.kind == "group"}
        for rowid, group_id, recipient in all_rows(database, GROUP_MEMBERSHIP, self._notes):
            if not self._add_member(by_id.get(group_id), recipient):
                self._left_out(GROUP_MEMBERSHIP.name, rowid, recipient)
        for rowid, group_id, _recipient, _title, members in groups:
            for member in listed(members or ""):
                if isinstance(member, str) or not self._add_member(by_id.get(group_id), member):
                    self._left_out(GROUPS.name, rowid, member)

    def _add_member(self, chat: Chat | None, recipient: int | None) -> bool:
        """Whether both the group and the person are there."""
        person = self.person(recipient)
        if chat is None or person is None:
            return False
        chat.members[person.id] = None
        return True

    def _left_out(self, table: str, rowid: int, member: int | str | None) -> None:
        self._notes.add(
            "info",
            "a member of a group is left out: the group or its recipient is not there or has no row id",
            table,
            rowid,
            member,
        )

    def _chat_with(self, thread: int, recipient: int | None) -> Chat:
        return self.chat_of(recipient) or self.people.chat(f"thread:{thread}", "direct", handle=None)


def _pni(stored: str | None) -> str | None:
    """A PNI with its prefix, as recipients have it."""
    return stored if not stored or stored.startswith("PNI:") else f"PNI:{stored}"
