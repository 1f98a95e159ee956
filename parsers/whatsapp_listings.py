"""What is known beside the messages and has no record of its own: labels, quick replies, blocked contacts,
descriptions of groups, profiles of businesses. Each table becomes one notice that holds all its rows.

Source: WhatsApp reference 2.3 (business) and 2.9 (wa.db).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import INTEGER, TEXT, Column, Row, Table
from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.unread_tables import unread_tables
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_people import People
from parsers.whatsapp_tables import WA_CONTACTS, WA_VNAMES

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
ABOUT = Table(
    WA_CONTACTS.name,
    (Column("jid", TEXT), Column("status", TEXT), Column("company", TEXT), Column("title", TEXT)),
)
GROUP_SETTINGS = Table(
    "wa_group_admin_settings",
    (
        Column("jid", TEXT),
        *(Column(name, INTEGER) for name in ("restrict_mode", "announcement_group")),
        Column("creator_jid", TEXT),
        *(Column(name, INTEGER) for name in ("require_membership_approval", "member_add_mode")),
    ),
)
# 0 and NULL say nothing.
_SETTINGS = ("only admins may edit", "only admins may send")
_READ = frozenset(
    table.name
    for table in (ABOUT, WA_VNAMES, BLOCK_LIST, GROUP_DESCRIPTIONS, BUSINESS_PROFILES, GROUP_SETTINGS)
)
_NO_TALK = frozenset({"android_metadata"})


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
    about = [
        f"{_spoken(people, jid)}: {'; '.join(words)}"
        for _rowid, jid, status, company, title in all_rows(database, ABOUT, notes)
        if (words := list(_about(status, company, title)))
    ]
    notes.listing("what contacts say about themselves, and their companies and titles", ABOUT.name, about)
    groups = (_group(people, row) for row in all_rows(database, GROUP_SETTINGS, notes))
    notes.listing("settings of groups", GROUP_SETTINGS.name, [each for each in groups if each])
    unread_tables(database, notes, _READ | _NO_TALK, {})


def _about(status: str | None, company: str | None, title: str | None) -> Iterator[str]:
    named = (("about", status), ("company", company), ("title", title))
    return (f"{word} “{value}”" for word, value in named if value and value.strip())


def _group(people: People, row: Row) -> str | None:
    """The settings of a group in words, None where nothing is set; the modes of approval and of adding
    as they are stored."""
    _rowid, jid, restricted, announces, creator, approval, adding = row
    words = [each for flag, each in zip((restricted, announces), _SETTINGS, strict=True) if flag]
    words += [f"creator {_spoken(people, creator)}"] if creator else []
    words += [f"require_membership_approval {approval}"] if approval else []
    words += [f"member_add_mode {adding}"] if adding else []
    return f"{jid}: {', '.join(words)}" if words else None


def _spoken(people: People, jid: str | None) -> str:
    person = people.person(jid)
    return jid or "not stored" if person is None else person.spoken


def _filled(values: list[str | None]) -> Iterator[str]:
    return (value for value in values if value)
