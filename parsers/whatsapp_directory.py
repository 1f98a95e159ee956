"""Fills the people of an account from the small tables: jid, jid_map, names, wa.db, the owner's own account.

Source: WhatsApp reference 1 (the owner), 2.3 and 2.4 (jids, LIDs), 2.9 (wa.db).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import Row, Table
from forensics.formats.sqlite import Database
from forensics.model import Source
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.whatsapp_account import (
    make_account,
    note_contradictions,
    preferred_number,
    read_preferences,
)
from parsers.whatsapp_people import (
    ADDRESS_BOOK,
    GIVEN_AND_FAMILY,
    LID_NAME,
    LID_SERVERS,
    NICKNAME,
    PHONE_SERVERS,
    PUSH_NAME,
    USERNAME,
    VERIFIED,
    People,
    split_jid,
)
from parsers.whatsapp_tables import (
    CHAT,
    JID,
    JID_MAP,
    LID_DISPLAY_NAME,
    PROPS,
    WA_CONTACTS,
    WA_VNAMES,
)

CONTACTS_ROLE = "contacts"
# How many rows of message_details are looked at for the owner's device.
_MOST_DETAILS = 200


def all_rows(database: Database, table: Table, notes: Notes) -> Iterator[Row]:
    """The rows of a declared table, none where it is absent; doubts go to the notes."""
    bound = table.bind(database, notes.doubt(table.name))
    return iter(()) if bound is None else bound.rows()


def read_people(installation: Installation, app: str, notes: Notes) -> People:
    """The account with all people that the small tables name."""
    database = installation.database
    jids = {row[0]: _jid(row) for row in all_rows(database, JID, notes)}
    lids = dict(_mapped(database, jids, notes))
    notes.listing(
        "LIDs that are read as the person whose number jid_map gives them",
        JID_MAP.name,
        [f"{lid} {number}" for lid, number in lids.items()],
    )
    preferences = read_preferences(installation.side_files)
    note_contradictions(preferences, notes)
    props = {key: value for _rowid, key, value in all_rows(database, PROPS, notes)}
    number = preferred_number(preferences) or (installation.owner_phone or "").lstrip("+") or None
    number = number or _stored_number(database, jids, lids, notes)
    if number is None:
        notes.add(
            "info", "whose account this is stands in no file that was found: the owner has no number", None
        )
    name = preferences.first("push_name", "self_display_name") or props.get("user_push_name")
    people = People(make_account(installation, app, number=number, name=name))
    for lid, phone in lids.items():
        people.map_lid(lid, phone)
    for rowid, jid in jids.items():
        people.register(rowid, jid)
    people.name(people.owner.handle, name, PUSH_NAME)
    _read_lid_names(database, people, notes)
    return people


def _jid(row: Row) -> str:
    """The jid of a row: user and server, else the raw text."""
    _rowid, user, server, raw = row
    return f"{user}@{server}" if user and server else raw or server or ""


def _mapped(database: Database, jids: dict[int, str], notes: Notes) -> Iterator[tuple[str, str]]:
    """LID -> jid of the number, both without device, as jid_map states them."""
    for rowid, lid_row, number_row in all_rows(database, JID_MAP, notes):
        lid, number = jids.get(lid_row), jids.get(number_row)
        if lid is None or number is None:
            text = (
                f"row {rowid} of jid_map names a jid that is gone: LID row {lid_row}, number row {number_row}"
            )
            notes.add("doubt", text, JID_MAP.name, rowid)
            continue
        bare, phone = "@".join(split_jid(lid)), "@".join(split_jid(number))
        if split_jid(bare)[1] in LID_SERVERS and split_jid(phone)[1] in PHONE_SERVERS:
            yield bare, phone


def _stored_number(
    database: Database, jids: dict[int, str], lids: dict[str, str], notes: Notes
) -> str | None:
    """The owner's number without preferences: the account of the chats, or the device of a sent message."""
    for ground, rows in (
        ("chat.account_jid_row_id", (row[4] for row in all_rows(database, CHAT, notes))),
        ("message_details.author_device_jid of sent messages", _own_devices(database)),
    ):
        found = {"@".join(split_jid(jids[row])) for row in rows if row in jids}
        numbers = {lids.get(jid, jid) for jid in found}
        users = {split_jid(jid)[0] for jid in numbers if split_jid(jid)[1] in PHONE_SERVERS}
        if len(users) == 1:
            number = users.pop()
            notes.add("info", f"no preferences name the owner: +{number} is taken from {ground}", None)
            return number
    return None


def _own_devices(database: Database) -> Iterator[int]:
    if not database.has("message_details", "author_device_jid") or not database.has("message", "from_me"):
        return
    rows = database.rows("message_details", ("message_row_id", "author_device_jid"))
    for (_rowid, message, device), _count in zip(rows, range(_MOST_DETAILS), strict=False):
        row = database.row("message", message) if isinstance(message, int) else None
        if row is not None and row["from_me"] == 1 and isinstance(device, int):
            yield device


def _read_lid_names(database: Database, people: People, notes: Notes) -> None:
    for _rowid, lid_row, display_name, username in all_rows(database, LID_DISPLAY_NAME, notes):
        jid = people.handles.get(lid_row)
        people.name(jid, display_name, LID_NAME)
        people.name(jid, username, USERNAME)


def read_contacts(installation: Installation, people: People) -> Notes:
    """Names from wa.db, of people and of groups; gives the notes made on that file."""
    if CONTACTS_ROLE not in installation.others:
        notes = Notes(installation.source())
        notes.add("info", "no wa.db was found: nobody has a name from the address book", None)
        return notes
    database, path, file_sha256 = installation.others[CONTACTS_ROLE]
    evidence = installation.evidence_sha256
    notes = Notes(Source(evidence_sha256=evidence, file_sha256=file_sha256, path=path))
    is_empty = True
    for row in all_rows(database, WA_CONTACTS, notes):
        is_empty = False
        _name_contact(people, row)
    if is_empty:
        text = "wa.db holds no contacts, as in a backup: nobody has a name from the address book"
        notes.add("info", text, WA_CONTACTS.name)
    for _rowid, jid, verified in all_rows(database, WA_VNAMES, notes):
        people.name(jid, verified, VERIFIED)
    return notes


def _name_contact(people: People, row: Row) -> None:
    _rowid, jid, display, given, family, pushed, nickname = row
    people.name(jid, display, ADDRESS_BOOK)
    people.name(jid, pushed, PUSH_NAME)
    people.name(jid, " ".join(part for part in (given, family) if part), GIVEN_AND_FAMILY)
    people.name(jid, nickname, NICKNAME)
    if jid and display and people.person(jid) is None:
        people.group_names.setdefault(people.handle(jid), display)
