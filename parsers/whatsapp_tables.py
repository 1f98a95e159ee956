"""The tables of WhatsApp's Android databases, by the columns that are read of them.

Source: WhatsApp reference 2.2 (legacy), 2.3 (modern) and 2.9 (wa.db); schemas of 2018, 2.22.5 and 2023 to
2026. A table or a column that a database does not have is read as absent; none is ever needed. Times are
milliseconds since 1970 UTC, durations seconds.
"""

from __future__ import annotations

from forensics.fields import BLOB, INTEGER, REAL, TEXT, Column, Kind, NoneType, Table


def _table(name: str, /, **kinds: Kind) -> Table:
    return Table(name, tuple(Column(column, kind) for column, kind in kinds.items()))


# The messages (reference 2.3); UNIQUE (chat_row_id, from_me, key_id, sender_jid_row_id).
MESSAGE = _table(
    "message",
    chat_row_id=INTEGER,
    from_me=INTEGER,
    key_id=TEXT,
    sender_jid_row_id=INTEGER,
    status=INTEGER,
    origination_flags=INTEGER,
    origin=INTEGER,
    timestamp=INTEGER,
    received_timestamp=INTEGER,
    message_type=INTEGER,
    text_data=TEXT,
    starred=INTEGER,
)

# media_wa_type is a text of digits in the databases seen.
TYPE_CODE = Kind("type code", (str, int, NoneType), INTEGER.mend)

# The messages to 2021/22 (reference 2.2). thumb_image is a Java object that holds the path of the file.
MESSAGES = _table(
    "messages",
    key_remote_jid=TEXT,
    key_from_me=INTEGER,
    key_id=TEXT,
    status=INTEGER,
    data=TEXT,
    timestamp=INTEGER,
    media_mime_type=TEXT,
    media_wa_type=TYPE_CODE,
    media_size=INTEGER,
    media_name=TEXT,
    media_caption=TEXT,
    media_hash=TEXT,
    media_duration=INTEGER,
    origin=INTEGER,
    latitude=REAL,
    longitude=REAL,
    thumb_image=BLOB,
    remote_resource=TEXT,
    received_timestamp=INTEGER,
    receipt_device_timestamp=INTEGER,
    read_device_timestamp=INTEGER,
    played_device_timestamp=INTEGER,
    starred=INTEGER,
    quoted_row_id=INTEGER,
    mentioned_jids=TEXT,
    media_url=TEXT,
    forwarded=INTEGER,
)
# A copy of the quoted message, with the columns of ``messages``.
MESSAGES_QUOTES = _table(
    "messages_quotes",
    key_remote_jid=TEXT,
    key_from_me=INTEGER,
    key_id=TEXT,
    data=TEXT,
    timestamp=INTEGER,
    media_caption=TEXT,
    remote_resource=TEXT,
)
RECEIPTS = _table(
    "receipts",
    key_remote_jid=TEXT,
    key_id=TEXT,
    remote_resource=TEXT,
    receipt_device_timestamp=INTEGER,
    read_device_timestamp=INTEGER,
    played_device_timestamp=INTEGER,
)
CHAT_LIST = _table("chat_list", key_remote_jid=TEXT, subject=TEXT)
GROUP_PARTICIPANTS = _table("group_participants", gjid=TEXT, jid=TEXT)

# People and conversations.
PROPS = _table("props", key=TEXT, value=TEXT)
JID = _table("jid", user=TEXT, server=TEXT, raw_string=TEXT)
JID_MAP = _table("jid_map", lid_row_id=INTEGER, jid_row_id=INTEGER)
LID_DISPLAY_NAME = _table("lid_display_name", lid_row_id=INTEGER, display_name=TEXT, username=TEXT)
CHAT = _table("chat", jid_row_id=INTEGER, subject=TEXT, group_type=INTEGER, account_jid_row_id=INTEGER)
NEWSLETTER = _table("newsletter", chat_row_id=INTEGER, name=TEXT)
GROUP_PARTICIPANT_USER = _table("group_participant_user", group_jid_row_id=INTEGER, user_jid_row_id=INTEGER)
GROUP_PAST_PARTICIPANT_USER = _table(
    "group_past_participant_user",
    group_jid_row_id=INTEGER,
    user_jid_row_id=INTEGER,
    is_leave=INTEGER,
    timestamp=INTEGER,
)
DELETED_CHAT_JOB = _table(
    "deleted_chat_job",
    chat_row_id=INTEGER,
    deleted_message_row_id=INTEGER,
    deleted_starred_message_row_id=INTEGER,
    deleted_categories_message_row_id=INTEGER,
    deleted_categories_starred_message_row_id=INTEGER,
    deleted_message_categories=TEXT,
    singular_message_delete_rows_id=TEXT,
)

# wa.db (reference 2.9).
WA_CONTACTS = _table(
    "wa_contacts", jid=TEXT, display_name=TEXT, given_name=TEXT, family_name=TEXT, wa_name=TEXT, nickname=TEXT
)
WA_VNAMES = _table("wa_vnames", jid=TEXT, verified_name=TEXT)

# Calls.
CALL_LOG = _table(
    "call_log",
    jid_row_id=INTEGER,
    from_me=INTEGER,
    call_id=TEXT,
    timestamp=INTEGER,
    video_call=INTEGER,
    duration=INTEGER,
    call_result=INTEGER,
    group_jid_row_id=INTEGER,
    call_creator_device_jid_row_id=INTEGER,
)
CALL_LOG_PARTICIPANT = _table(
    "call_log_participant_v2", call_log_row_id=INTEGER, jid_row_id=INTEGER, call_result=INTEGER
)

# Add-ons: reactions, votes, edits, pins (reference 2.3).
ADD_ON_REACTION = _table(
    "message_add_on_reaction", message_add_on_row_id=INTEGER, reaction=TEXT, sender_timestamp=INTEGER
)
ADD_ON_VOTE = _table(
    "message_add_on_poll_vote_selected_option", message_add_on_row_id=INTEGER, message_poll_option_id=INTEGER
)

# What is given of a database together with recovered rows: the small tables whole, of the others those rows.
MESSAGE_TABLES = frozenset({MESSAGE.name, MESSAGES.name})
CONTEXT_TABLES = frozenset(
    table.name
    for table in (
        *(CHAT_LIST, GROUP_PARTICIPANTS, PROPS, JID, JID_MAP, LID_DISPLAY_NAME, CHAT, NEWSLETTER),
        *(GROUP_PARTICIPANT_USER, GROUP_PAST_PARTICIPANT_USER),
    )
)
