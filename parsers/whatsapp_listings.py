"""What is known beside the messages and has no record of its own: labels, quick replies, blocked contacts,
descriptions of groups, profiles of businesses. Each table becomes one notice that holds all its rows.

Source: WhatsApp reference 2.3 (business) and 2.9 (wa.db).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import INTEGER, TEXT, Column, Table
from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_people import People

LABELS = Table("labels", (Column("label_name", TEXT),))
LABELED_JID = Table("labeled_jid", (Column("label_id"), Column("jid_row_id")))
LABELED_MESSAGES = Table("labeled_messages", (Column("label_id"), Column("message_row_id")))
QUICK_REPLIES = Table("quick_replies", (Column("title", TEXT), Column("content", TEXT)))
BLOCK_LIST = Table("wa_block_list", (Column("jid", TEXT),))
GROUP_DESCRIPTIONS = Table(
    "wa_group_descriptions",
    (
        Column("jid", TEXT),
        Column("description", TEXT),
        Column("description_time", INTEGER),
        Column("description_setter_jid", TEXT),
    ),
)
BUSINESS_PROFILES = Table(
    "wa_biz_profiles",
    (
        Column("jid", TEXT),
        Column("email", TEXT),
        Column("address", TEXT),
        Column("business_description", TEXT),
        Column("vertical", TEXT),
    ),
)


def list_messages_database(database: Database, people: People, notes: Notes) -> None:
    """Labels and quick replies of WhatsApp Business."""
    labels: dict[int, str | None] = dict(all_rows(database, LABELS, notes))
    on_people = [
        f"{labels.get(label, f'label {label}')}: {people.handles.get(jid_row, f'jid row {jid_row}')}"
        for _rowid, label, jid_row in all_rows(database, LABELED_JID, notes)
    ]
    on_messages = [
        f"{labels.get(label, f'label {label}')}: row {message} of message"
        for _rowid, label, message in all_rows(database, LABELED_MESSAGES, notes)
    ]
    replies = [f"{title}: {content}" for _rowid, title, content in all_rows(database, QUICK_REPLIES, notes)]
    notes.listing("labels on conversations", LABELED_JID.name, on_people)
    notes.listing("labels on messages", LABELED_MESSAGES.name, on_messages)
    notes.listing("quick replies that the owner keeps ready", QUICK_REPLIES.name, replies)


def list_contacts_database(database: Database, people: People, notes: Notes) -> None:
    """Blocked contacts, descriptions of groups and profiles of businesses in wa.db."""
    blocked = [_spoken(people, jid) for _rowid, jid in all_rows(database, BLOCK_LIST, notes)]
    notes.listing("blocked contacts", BLOCK_LIST.name, blocked)
    descriptions = [
        f"{jid}: {description} (set by {_spoken(people, setter)}, {at})"
        for _rowid, jid, description, at, setter in all_rows(database, GROUP_DESCRIPTIONS, notes)
    ]
    notes.listing("descriptions of groups", GROUP_DESCRIPTIONS.name, descriptions)
    profiles = [
        f"{_spoken(people, jid)}: {'; '.join(_filled(rest))}"
        for _rowid, jid, *rest in all_rows(database, BUSINESS_PROFILES, notes)
    ]
    notes.listing("profiles of businesses", BUSINESS_PROFILES.name, profiles)


def _spoken(people: People, jid: str | None) -> str:
    person = people.person(jid)
    return jid or "not stored" if person is None else person.spoken


def _filled(values: list[str | None]) -> Iterator[str]:
    return (value for value in values if value)
