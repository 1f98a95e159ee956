"""Databases that hold no messages, in evidence that holds no database of messages beside them: names are
read, of the others it is said that nothing was."""

from __future__ import annotations

from forensics.authority import Scope
from forensics.extract import Batch
from forensics.items import Found, Item
from forensics.lost_mains import has_lost_main
from forensics.model import Notice
from forensics.parser import Installation, NamesContacts

_UNREAD = "{}: a database of {} of {}, which is read beside one of messages only: it was not read"
_LOST = "a database of {} that holds no messages, beside one of messages that could not be read: 0 messages"
_BESIDE = "a database of {} that holds no messages, and no database of messages it belongs to: 0 messages"


def beside_nothing(found: Found, item: Item, exhibit: str | None) -> Installation:
    """Such a database as what is read."""
    return Installation(
        path=found.path,
        app_place=found.app_place,
        evidence_sha256=item.sha256,
        file_sha256=found.sha256,
        exhibit=exhibit,
        media=lambda _stored: None,
        database=found.database,
        others={},
        side_files=(),
    )


def contact_names(found: Found, contacts: Installation, scope: Scope, item: Item) -> Batch:
    """The names of such a database, and what is said of it; fills its accounting."""
    said = _LOST if has_lost_main(item, found.parser) else _BESIDE
    batch, text = Batch(), said.format(found.app)
    if not scope.covers_app(found.app):
        return batch
    if not isinstance(found.parser, NamesContacts) or found.role != found.parser.contacts_role:
        text = _UNREAD.format(found.path, found.role, found.app)
        batch.notices = [Notice(severity="unread", text=text, source=contacts.source())]
        return batch
    if scope.privileged:
        text += "; its names are not used, because there are privileged contacts"
    else:
        batch.contacts = list(found.parser.contact_names(contacts))
        text += (
            f"; its {len(batch.contacts)} names are given to the people of that app, where the case holds one"
            " account of it"
        )
    batch.notices = [Notice(severity="info", text=text, source=contacts.source())]
    return batch
