"""Whose WhatsApp on iOS this is and who is in it: the account's property list, contacts, LIDs, push names.

Source: WhatsApp reference 3.1 (keys of the property list, IPED), 3.3 (push names, members) and 3.6
(ContactsV2.sqlite, LID.sqlite). Newer versions keep a base64 protobuf where older ones have a name.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from forensics.formats.plist import PlistError, dictionary
from forensics.formats.protobuf import ProtobufError, fields
from forensics.identity import account_id
from forensics.model import Account
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_ios_tables import (
    BLOCKED,
    CONTACT,
    LID_ACCOUNT,
    MEMBER,
    OLD_CONTACT,
    OLD_PHONE,
    PUSH_NAME,
    SESSION,
)
from parsers.whatsapp_people import (
    ADDRESS_BOOK,
    GIVEN_AND_FAMILY,
    LID_SERVERS,
    MEMBER_NAME,
    PARTNER_NAME,
    PHONE_SERVERS,
    People,
    split_jid,
)
from parsers.whatsapp_people import PUSH_NAME as SELF_CHOSEN

CONTACTS_ROLE, LID_ROLE = "contacts", "lids"
# By name in a file system; by the SHA-1 of domain and path in a backup that was not unpacked (reference 3.1).
PREFERENCES = frozenset(
    {
        "group.net.whatsapp.whatsapp.shared.plist",
        "group.net.whatsapp.whatsappsmb.shared.plist",
        "be7e71b773c6d7d4114a8acf0529f623f3884bfb",
        "681840b90e793135c38aafed9c9694011cfe95e0",
    }
)
# Marks of writing direction, which the app puts around names and numbers.
_INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_preference(path: str) -> bool:
    """Whether a file at that path is the property list that names the account."""
    return PurePosixPath(path.replace("\\", "/")).name.lower() in PREFERENCES


def make_people(installation: Installation, app: str, platform: str, notes: Notes) -> People:
    """The account with the people of the small tables; names are not yet in order."""
    values = _account_values(installation, notes)
    handle = _own_jid(values, notes)
    name = values.get("FullUserName")
    account = Account(
        id=account_id(app, platform, handle, installation.file_sha256),
        app=app,
        platform=platform,
        handle=handle,
        phone=f"+{split_jid(handle)[0]}" if handle else None,
        name=name if isinstance(name, str) and name else None,
        exhibit=installation.exhibit,
    )
    people = People(account)
    people.name(handle, account.name, SELF_CHOSEN)
    return people


def _account_values(installation: Installation, notes: Notes) -> Mapping[str, object]:
    """The entries of the property lists; of several with one key the first counts."""
    found: dict[str, object] = {}
    for file in installation.side_files:
        if not is_preference(file.path):
            continue
        try:
            found = {**dictionary(file.data), **found}
        except PlistError as error:
            notes.add("doubt", f"{file.path}: {error}: it was not read", None)
    return found


def _own_jid(values: Mapping[str, object], notes: Notes) -> str | None:
    """The owner's jid; another one that the phone had before is told."""
    own, last = (values.get(key) for key in ("OwnJabberID", "LastOwnJabberID"))
    handles = [jid for jid in map(_number_jid, (own, last)) if jid is not None]
    if not handles:
        text = "whose account this is stands in no file that was found: the owner has no number"
        notes.add("info", text, None)
        return None
    if len(set(handles)) > 1:
        notes.add("info", f"the phone had another account before: {handles[1]}", None, raw=str(last))
    return handles[0]


def _number_jid(value: object) -> str | None:
    """A jid of a telephone number, from a jid or a number as people write it."""
    if not isinstance(value, str):
        return None
    user, server = split_jid(value) if "@" in value else (value, "s.whatsapp.net")
    digits = "".join(each for each in user if each.isascii() and each.isdigit())
    return f"{digits}@s.whatsapp.net" if digits and server in PHONE_SERVERS else None


def read_lids(installation: Installation, people: People, notes: Notes) -> Iterator[Notes]:
    """LIDs with the number of their newest row; gives the notes made on that file."""
    beside = installation.beside(LID_ROLE)
    if beside is None:
        notes.add("info", "no LID.sqlite was found: a LID has no number", None)
        return
    own = Notes(beside.source())
    newest: dict[str, tuple[float, str]] = {}
    for rowid, identifier, number, created in all_rows(beside.database, LID_ACCOUNT, own):
        jid, lid = _number_jid(number), "@".join(split_jid(identifier or ""))
        if jid is None or split_jid(lid)[1] not in LID_SERVERS:
            own.add(
                "doubt", f"row {rowid} of {LID_ACCOUNT.name}: no LID with a number", None, rowid, identifier
            )
        elif lid not in newest or (created or 0) >= newest[lid][0]:
            newest[lid] = (created or 0, jid)
    for lid, (_created, jid) in newest.items():
        people.map_lid(lid, jid)
    lines = [f"{lid} {jid}" for lid, (_created, jid) in sorted(newest.items())]
    own.listing("LIDs read as the person whose number LID.sqlite gives them", LID_ACCOUNT.name, lines)
    yield own


def read_contacts(installation: Installation, people: People, notes: Notes) -> Iterator[Notes]:
    """Names from the address book; gives the notes made on that file."""
    beside = installation.beside(CONTACTS_ROLE)
    if beside is None:
        notes.add("info", "no ContactsV2.sqlite was found: nobody has a name from the address book", None)
        return
    own = Notes(beside.source())
    for _rowid, jid, full, given, number, lid in all_rows(beside.database, CONTACT, own):
        person = jid or _number_jid(number)
        if lid and jid and split_jid(lid)[1] in LID_SERVERS:
            people.map_lid("@".join(split_jid(lid)), "@".join(split_jid(jid)))
        people.name(person, full, ADDRESS_BOOK)
        if not full:
            people.name(person, given, GIVEN_AND_FAMILY)
    names: dict[int, str | None] = dict(all_rows(beside.database, OLD_CONTACT, own))
    for _rowid, contact, jid in all_rows(beside.database, OLD_PHONE, own):
        people.name(jid if jid is None or "@" in jid else _number_jid(jid), names.get(contact), ADDRESS_BOOK)
    yield own


def read_names(installation: Installation, people: People, notes: Notes) -> None:
    """Names that the main database itself holds, and whom the owner blocked."""
    database = installation.database
    for _rowid, jid, name in all_rows(database, PUSH_NAME, notes):
        people.name(jid, plain_name(name), SELF_CHOSEN)
    for _rowid, _session, jid, name, *_rest in all_rows(database, MEMBER, notes):
        people.name(jid, plain_name(name), MEMBER_NAME)
    for _rowid, jid, name, *_rest in all_rows(database, SESSION, notes):
        people.name(jid, plain_name(name), PARTNER_NAME)
    blocked = [jid for _rowid, jid in all_rows(database, BLOCKED, notes) if jid]
    notes.listing("people blocked by the owner", BLOCKED.name, blocked)


def plain_name(text: str | None) -> str | None:
    """A stored name without the marks around it; None for a number, and for the blob of newer versions."""
    if text is None:
        return None
    name = text.strip().strip(_INVISIBLE).strip()
    if not any(each.isalpha() for each in name) or _is_blob(name):
        return None
    return name


def _is_blob(text: str) -> bool:
    """Whether a text is the base64 of a protobuf message with a time in field 1 or a jid in field 3."""
    if len(text) % 4 or not text.isascii():
        return False
    try:
        found = fields(base64.b64decode(text, validate=True))
    except (binascii.Error, ProtobufError):
        return False  # a name that is written in the letters of base64, no more
    return any(
        (each.number == 1 and isinstance(each.value, int) and each.value > 1_000_000_000)
        or (each.number == 3 and isinstance(each.value, bytes) and b"@" in each.value)
        for each in found
    )
