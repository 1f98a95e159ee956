"""Whose Postbox this is.

Source: Telegram reference 5.2 (t0, key 2: AuthorizedAccountState) and 5.3 (the author of a sent message).
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.formats.postbox import Node
from forensics.identity import account_id
from forensics.model import Account
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.telegram_postbox_directory import Directory
from parsers.telegram_postbox_ids import USER, handle_of, kind_of
from parsers.telegram_postbox_message import INCOMING, MESSAGE, read_stored
from parsers.telegram_postbox_people import full_name
from parsers.telegram_postbox_tables import ACCOUNT_KEY, MESSAGES, PEERS, STATE

# How many rows of the messages are looked at for the owner's own id.
_MOST_MESSAGES = 2000


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner's PeerId and what t2 has of it, as far as they are known."""

    key: int | None
    node: Node | None


def find_owner(installation: Installation, directory: Directory, notes: Notes) -> Owner:
    """The owner by the state of the account, or by the author of a sent message."""
    for _rowid, key, value in directory.rows(STATE):
        if key == ACCOUNT_KEY:
            node = directory.node(STATE.name, key, value)
            peer = node.number("peerId") if node is not None else None
            if peer is not None:
                return Owner(peer, _peer(directory, peer))
    peer = _sender(installation)
    if peer is None:
        notes.add("info", "whose account this is stands in no table: the owner has no id", None)
        return Owner(None, None)
    text = f"no t0 names the owner: {handle_of(peer)} is the author of sent messages"
    notes.add("info", text, None)
    return Owner(peer, _peer(directory, peer))


def _peer(directory: Directory, peer: int) -> Node | None:
    for _rowid, key, value in directory.rows(PEERS):
        if key == peer:
            return directory.node(PEERS.name, key, value)
    return None


def _sender(installation: Installation) -> int | None:
    if not installation.database.has(MESSAGES.name, "key", "value"):
        return None
    rows = installation.database.rows(MESSAGES.name, ("value",))
    for (_rowid, value), _count in zip(rows, range(_MOST_MESSAGES), strict=False):
        stored = read_stored(value) if isinstance(value, bytes) and value else None
        if stored is None or stored.kind != MESSAGE or stored.author is None or stored.flags is None:
            continue
        if not stored.flags & INCOMING and kind_of(stored.author) == USER:
            return stored.author
    return None


def make_account(installation: Installation, app: str, platform: str, owner: Owner) -> Account:
    """The account; without an owner its id is that of the database."""
    handle = None if owner.key is None else handle_of(owner.key)
    number = owner.node.text("p") if owner.node is not None else None
    return Account(
        id=account_id(app, platform, handle, installation.file_sha256),
        app=app,
        platform=platform,
        handle=handle,
        phone=f"+{number.removeprefix('+')}" if number else None,
        name=(full_name(owner.node) or None) if owner.node is not None else None,
        exhibit=installation.exhibit,
    )
