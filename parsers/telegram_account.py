"""Whose Telegram this is: the preferences of that account slot, else what the database says.

Source: Telegram reference 1 and 2.5: ``userconfing.xml`` (the spelling is the app's) for account 0 and
``userconfig<N>.xml`` for account N hold a TL User in Base64. The preferences are Android's XML; only
``<string name="KEY">VALUE</string>`` is looked at, with a pattern, so that no document type or entity of a
hostile file is ever followed.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from forensics.identity import account_id
from forensics.model import Account
from forensics.parser import Installation, SideFile
from parsers.notes import Notes
from parsers.telegram_blobs import BlobReader
from parsers.telegram_people import is_self
from parsers.telegram_tables import USERS
from parsers.telegram_tl_value import Value

_STRING = re.compile(r'<string\s+name="([^"]*)"\s*>([^<]*)</string\s*>')
_SLOT = re.compile(r"account(\d{1,9})")
_WANTED = re.compile(r"(userconfing|userconfig\d+|drafts\d*)\.xml")
# How many rows of the messages are looked at for the owner's own id.
_MOST_MESSAGES = 500
_SECRET = "message_secret"


def is_wanted(path: str) -> bool:
    """Whether a small file is one of the preferences that are read."""
    return _WANTED.fullmatch(PurePosixPath(path.replace("\\", "/")).name.lower()) is not None


def slot(path: str) -> int:
    """The account slot of a database: cache4.db lies in ``files`` or in ``files/account<N>``."""
    match = _SLOT.fullmatch(PurePosixPath(path.replace("\\", "/")).parent.name)
    return int(match[1]) if match else 0


def drafts_name(path: str) -> str:
    """The file of drafts of a database's account."""
    number = slot(path)
    return "drafts.xml" if number == 0 else f"drafts{number}.xml"


def is_named(file: SideFile, name: str) -> bool:
    """Whether a file has that name."""
    return PurePosixPath(file.path.replace("\\", "/")).name.lower() == name


def preferences(files: Sequence[SideFile], name: str) -> Iterator[tuple[SideFile, str, str]]:
    """The text values of the preference files of that name: file, key, value."""
    for file in files:
        if is_named(file, name):
            for match in _STRING.finditer(file.data.decode("utf-8", "replace")):
                yield file, html.unescape(match[1]), html.unescape(match[2])


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner's id and User object, as far as they are known."""

    key: int | None
    value: Value | None


def find_owner(installation: Installation, blobs: BlobReader, notes: Notes) -> Owner:
    """The owner by the preferences, by the flag ``self`` of a user, by the sender of a sent message, or by
    the parties of a secret chat."""
    number = slot(installation.path)
    name = "userconfing.xml" if number == 0 else f"userconfig{number}.xml"
    for file, key, text in preferences(installation.side_files, name):
        if key == "user":
            value = _user(file, text, blobs, notes)
            if value is not None and value.number("id") is not None:
                return Owner(value.number("id"), value)
    for ground, owner in (
        ("the user that is marked as self", _marked(installation, blobs, notes)),
        ("the sender of a sent message", _sender(installation, blobs)),
        ("the other party of a secret chat", _party(installation, blobs)),
    ):
        if owner is not None:
            notes.add("info", f"no preferences name the owner: {owner.key} is {ground}", None)
            return owner
    notes.add("info", "whose account this is stands in no file that was found: the owner has no id", None)
    return Owner(None, None)


def _user(file: SideFile, text: str, blobs: BlobReader, notes: Notes) -> Value | None:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):  # ValueError: characters that are not ASCII
        notes.add("doubt", f"{file.path}: the value of user is no Base64", None, raw=text)
        return None
    blob = blobs.whole(data)
    if blob.problem is not None:
        notes.add("doubt", f"{file.path}, user: {blob.problem}", None, raw=data)
    return blob.value


def _marked(installation: Installation, blobs: BlobReader, notes: Notes) -> Owner | None:
    bound = USERS.bind(installation.database, notes.doubt(USERS.name))
    for _rowid, key, _name, data in bound.rows() if bound is not None else ():
        value = blobs.whole(data).value if data else None
        if value is not None and key is not None and is_self(value):
            return Owner(key, value)
    return None


def _sender(installation: Installation, blobs: BlobReader) -> Owner | None:
    for table in ("messages_v2", "messages"):
        if not installation.database.has(table, "out", "data"):
            continue
        rows = installation.database.rows(table, ("out", "data"))
        for (_rowid, out, data), _count in zip(rows, range(_MOST_MESSAGES), strict=False):
            value = blobs.message(data).value if out == 1 and isinstance(data, bytes) else None
            sender = None if value is None else value.child("from_id")
            key = _plain_sender(value) if value is not None else None
            key = sender.number("user_id") if sender is not None else key
            if key is not None:
                return Owner(key, None)
    return None


def _plain_sender(value: Value) -> int | None:
    """The sender as a number, as older layers have it; that of a secret message may be cut off (4.1)."""
    key = value.number("from_id")
    return value.number("from_id_user_id") if key is None and not value.name.startswith(_SECRET) else key


def _party(installation: Installation, blobs: BlobReader) -> Owner | None:
    """Who of the two of a secret chat is not the one whom ``user`` names."""
    database = installation.database
    has_chats = database.has("enc_chats", "user", "data")
    for _rowid, partner, data in database.rows("enc_chats", ("user", "data")) if has_chats else ():
        value = blobs.whole(data).value if isinstance(data, bytes) and data else None
        if value is None or value.constructor.type != "EncryptedChat":
            continue
        parties = {value.number("admin_id"), value.number("participant_id")} - {None, 0}
        if len(parties) == 2 and partner in parties:
            (key,) = parties - {partner}
            return Owner(key, None)
    return None


def make_account(installation: Installation, app: str, owner: Owner) -> Account:
    """The account; without an owner its id is that of the database."""
    handle = None if owner.key is None else str(owner.key)
    value = owner.value
    number = value.text("phone") if value is not None else None
    parts = (value.text("first_name"), value.text("last_name")) if value is not None else ()
    return Account(
        id=account_id(app, "android", handle, installation.file_sha256),
        app=app,
        platform="android",
        handle=handle,
        phone=f"+{number.removeprefix('+')}" if number else None,
        name=" ".join(part for part in parts if part) or None,
        exhibit=installation.exhibit,
    )
