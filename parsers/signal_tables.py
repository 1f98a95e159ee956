"""The tables of Signal for Android: which columns are read, of which kind, under which older names.

Source: Signal reference 3.3 (renames by version), 3.4, 3.7, 3.9 (sms, mms, part). What is present decides,
never a version number. In ``sms`` the column ``date`` is when a message was received, in ``mms`` when it was
sent (3.9).
"""

from __future__ import annotations

from forensics.fields import BLOB, INTEGER, TEXT, Column, Table

_C = Column
# Columns that have the same name and meaning in all generations that have them.
_COMMON = (
    _C("thread_id"),
    _C("body", TEXT),
    _C("read"),
    _C("has_delivery_receipt", INTEGER, ("delivery_receipt_count",)),
    _C("has_read_receipt", INTEGER, ("read_receipt_count",)),
    _C("viewed", INTEGER, ("viewed_receipt_count",)),
    _C("expires_in"),
    _C("quote_id"),
    _C("quote_author"),
    _C("quote_body", TEXT),
    _C("shared_contacts", TEXT),
    _C("link_previews", TEXT, ("previews",)),
    _C("view_once", INTEGER, ("reveal_duration",)),
    _C("remote_deleted"),
    _C("deleted_by"),
    _C("story_type"),
    _C("parent_story_id"),
    _C("scheduled_date"),
    _C("latest_revision_id"),
    _C("message_extras", BLOB),
    _C("reactions", BLOB),
    _C("starred"),
    _C("date_server"),
)
_SENT, _RECEIVED = "date_sent", "date_received"


def _messages(name: str, sent: Column, received: Column, kind: Column, sender: Column) -> Table:
    return Table(name, (sent, received, kind, sender, *_COMMON))


MESSAGE = _messages(
    "message",
    _C(_SENT),
    _C(_RECEIVED),
    _C("type", INTEGER, ("msg_box",)),
    _C("from_recipient_id", INTEGER, ("recipient_id", "address")),
)
# From version 166 sms and mms have the names that message has.
SMS = _messages(
    "sms", _C(_SENT), _C(_RECEIVED, INTEGER, ("date",)), _C("type"), _C("recipient_id", INTEGER, ("address",))
)
MMS = _messages(
    "mms",
    _C(_SENT, INTEGER, ("date",)),
    _C(_RECEIVED),
    _C("type", INTEGER, ("msg_box",)),
    _C("recipient_id", INTEGER, ("address",)),
)
RECIPIENT = Table(
    "recipient",
    (
        _C("type", INTEGER, ("group_type",)),
        _C("e164", TEXT, ("phone",)),
        _C("aci", TEXT, ("uuid",)),
        _C("pni", TEXT),
        _C("username", TEXT),
        _C("email", TEXT),
        _C("group_id", TEXT),
        _C("nickname_joined_name", TEXT),
        _C("system_joined_name", TEXT, ("system_display_name",)),
        _C("profile_joined_name", TEXT),
        _C("profile_given_name", TEXT, ("signal_profile_name",)),
    ),
)
THREAD = Table("thread", (_C("recipient_id", INTEGER, ("thread_recipient_id", "recipient_ids")),))
GROUPS = Table("groups", (_C("group_id", TEXT), _C("recipient_id"), _C("title", TEXT), _C("members", TEXT)))
GROUP_MEMBERSHIP = Table("group_membership", (_C("group_id", TEXT), _C("recipient_id")))
REMAPPED = Table("remapped_recipients", (_C("old_id"), _C("new_id")))
KEY_VALUE = Table("key_value", (_C("key", TEXT), _C("value", TEXT)))
BACKUP_KEY_VALUE = Table("sporen_key_value", (_C("key", TEXT), _C("value", TEXT)))
FRAME = Table("sporen_frame", (_C("table_name", TEXT), _C("row"), _C("offset")))
PAYLOAD = Table(
    "sporen_payload",
    (
        _C("kind", TEXT),
        _C("row"),
        _C("unique_id"),
        _C("length"),
        _C("offset"),
        _C("sha256", TEXT),
        _C("is_right"),
        _C("content", BLOB),
    ),
)
CALL = Table(
    "call",
    (
        _C("message_id"),
        _C("peer"),
        _C("type"),
        _C("direction"),
        _C("event"),
        _C("timestamp"),
        _C("ringer"),
    ),
)
DRAFTS = Table("drafts", (_C("thread_id"), _C("type", TEXT), _C("value", TEXT)))
POLL = Table("poll", (_C("message_id"), _C("question", TEXT)))
POLL_OPTION = Table("poll_option", (_C("poll_id"), _C("option_text", TEXT), _C("option_order")))
POLL_VOTE = Table("poll_vote", (_C("poll_id"), _C("poll_option_id"), _C("voter_id")))

# --- Side tables, by the column that names the message ---
_FILE = (
    _C("content_type", TEXT, ("ct",)),
    _C("data_file", TEXT, ("_data",)),
    _C("data_size"),
    _C("data_random", BLOB),
    _C("file_name", TEXT),
    _C("voice_note"),
    _C("video_gif"),
    _C("quote"),
    _C("caption", TEXT),
    _C("sticker_pack_id", TEXT),
    _C("data_hash_end", TEXT, ("data_hash",)),
    _C("unique_id"),
)
ATTACHMENT = Table("attachment", (_C("message_id"), *_FILE))
PART = Table("part", (_C("mid"), *_FILE))
REACTION = Table(
    "reaction",
    (_C("message_id"), _C("author_id"), _C("emoji", TEXT), _C("date_sent"), _C("is_mms")),
)
MENTION = Table("mention", (_C("message_id"), _C("recipient_id"), _C("range_start")))
GROUP_RECEIPTS = Table("group_receipts", (_C("mms_id"), _C("address"), _C("status"), _C("timestamp")))

# What is given of a database together with recovered rows: the small tables whole, of the others those rows.
MESSAGE_TABLES = frozenset(table.name for table in (MESSAGE, SMS, MMS))
SIDE_TABLES = frozenset(
    table.name
    for table in (ATTACHMENT, PART, REACTION, MENTION, GROUP_RECEIPTS, POLL, POLL_OPTION, POLL_VOTE)
)
CONTEXT_TABLES = frozenset(table.name for table in (RECIPIENT, THREAD, GROUPS, GROUP_MEMBERSHIP, REMAPPED))
