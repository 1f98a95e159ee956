"""The side tables of a WhatsApp message: rows that belong to one message by its row id.

Source: WhatsApp reference 2.3 and 2.8. The first column is the row id of the message; the others are read in
the order written here. ``words`` says what a row is when its message is gone.
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.fields import INTEGER, REAL, TEXT, Column, Kind, Table
from parsers.whatsapp_tables import ADD_ON_REACTION, ADD_ON_VOTE, MESSAGES_QUOTES, RECEIPTS


class SideTable(NamedTuple):
    """A declared table, and what one row of it is called."""

    table: Table
    words: str

    @property
    def key(self) -> str:
        """The column that names the message."""
        return self.table.columns[0].name


def _side(words: str, name: str, key: str = "message_row_id", /, **kinds: Kind) -> SideTable:
    columns = (Column(key, INTEGER), *(Column(column, kind) for column, kind in kinds.items()))
    return SideTable(Table(name, columns), words)


MEDIA = _side(
    "media row",
    "message_media",
    file_path=TEXT,
    file_size=INTEGER,
    file_length=INTEGER,
    mime_type=TEXT,
    media_name=TEXT,
    file_hash=TEXT,
    media_caption=TEXT,
    raw_transcription_text=TEXT,
)
LINK = _side("link preview", "message_text", url=TEXT, page_title=TEXT, description=TEXT)
# The row of the replying message: a copy of the message it answers, which survives the deletion of that one.
QUOTED = _side(
    "quote",
    "message_quoted",
    chat_row_id=INTEGER,
    parent_message_chat_row_id=INTEGER,
    from_me=INTEGER,
    sender_jid_row_id=INTEGER,
    key_id=TEXT,
    timestamp=INTEGER,
    text_data=TEXT,
)
QUOTED_MEDIA = _side("media of a quote", "message_quoted_media", media_caption=TEXT)
LOCATION = _side(
    "location",
    "message_location",
    latitude=REAL,
    longitude=REAL,
    place_name=TEXT,
    place_address=TEXT,
    live_location_share_duration=INTEGER,
    live_location_final_latitude=REAL,
    live_location_final_longitude=REAL,
    live_location_final_timestamp=INTEGER,
    url=TEXT,
)
VCARD = _side("contact card", "message_vcard", vcard=TEXT)
# The cards of the legacy generation (reference 2.2).
LEGACY_VCARD = _side("contact card", "messages_vcards", vcard=TEXT)
# mention_type: 0 person, 1 group, 2 everyone (WAInsight).
MENTION = _side("mention", "message_mentions", jid_row_id=INTEGER, mention_type=INTEGER)
# 1 to 4: how often; 127: "forwarded many times" (amberkeep).
FORWARDED = _side("forward", "message_forwarded", forward_score=INTEGER)
EPHEMERAL = _side("timer", "message_ephemeral", duration=INTEGER, expire_timestamp=INTEGER)
TIMER_SETTING = _side("timer setting", "message_ephemeral_setting", setting_duration=INTEGER)
VIEW_ONCE = _side("view-once state", "message_view_once_media", state=INTEGER)
REVOKED = _side("revocation", "message_revoked", admin_jid_row_id=INTEGER, revoke_timestamp=INTEGER)
EDITED = _side("edit", "message_edit_info", edited_timestamp=INTEGER, sender_timestamp=INTEGER)
POLL_OPTION = _side("poll option", "message_poll_option", option_name=TEXT)
ADD_ON = _side(
    "add-on (reaction, vote, edit ...)",
    "message_add_on",
    "parent_message_row_id",
    chat_row_id=INTEGER,
    from_me=INTEGER,
    sender_jid_row_id=INTEGER,
    timestamp=INTEGER,
    message_add_on_type=INTEGER,
)
RECEIPT = _side(
    "receipt",
    "receipt_user",
    receipt_user_jid_row_id=INTEGER,
    receipt_timestamp=INTEGER,
    read_timestamp=INTEGER,
    played_timestamp=INTEGER,
)
INVITE = _side(
    "group invitation",
    "message_group_invite",
    group_jid_row_id=INTEGER,
    admin_jid_row_id=INTEGER,
    group_name=TEXT,
    invite_code=TEXT,
    expiration=INTEGER,
    expired=INTEGER,
)
ALBUM = _side(
    "album",
    "message_album",
    image_count=INTEGER,
    video_count=INTEGER,
    expected_image_count=INTEGER,
    expected_video_count=INTEGER,
)
PRODUCT = _side(
    "product",
    "message_product",
    product_id=TEXT,
    title=TEXT,
    description=TEXT,
    currency_code=TEXT,
    amount_1000=INTEGER,
    retailer_id=TEXT,
    url=TEXT,
    business_owner_jid=INTEGER,
)
ORDER = _side(
    "order",
    "message_order",
    order_id=TEXT,
    order_title=TEXT,
    item_count=INTEGER,
    message=TEXT,
    currency_code=TEXT,
    total_amount_1000=INTEGER,
    seller_jid=INTEGER,
)
PAYMENT = _side(
    "payment",
    "message_payment",
    sender_jid_row_id=INTEGER,
    receiver_jid_row_id=INTEGER,
    amount_with_symbol=TEXT,
)
EVENT = _side(
    "event",
    "message_event",
    name=TEXT,
    description=TEXT,
    location_name=TEXT,
    join_link=TEXT,
    start_time=INTEGER,
    end_time=INTEGER,
)
TEMPLATE = _side("template", "message_template", content_text_data=TEXT, footer_text_data=TEXT)
UI_ELEMENT = _side(
    "element of an interface", "message_ui_elements", element_type=INTEGER, element_content=TEXT
)
CALL_LINK = _side("link to a call", "message_call_log", call_log_row_id=INTEGER)
MISSED_CALL = _side("missed call", "missed_call_logs", video_call=INTEGER, group_jid_row_id=INTEGER)
SYSTEM = _side("event code", "message_system", action_type=INTEGER)
SYSTEM_GROUP = _side("event on a group", "message_system_group", is_me_joined=INTEGER)
SYSTEM_PEOPLE = _side("person of an event", "message_system_chat_participant", user_jid_row_id=INTEGER)
SYSTEM_VALUE = _side("former value", "message_system_value_change", old_data=TEXT)
SYSTEM_PHOTO = _side("photo change", "message_system_photo_change", new_photo_id=TEXT)
SYSTEM_NUMBER = _side(
    "number change", "message_system_number_change", old_jid_row_id=INTEGER, new_jid_row_id=INTEGER
)
SYSTEM_DEVICES = _side(
    "device change",
    "message_system_device_change",
    device_added_count=INTEGER,
    device_removed_count=INTEGER,
)
SYSTEM_BLOCK = _side("block", "message_system_block_contact", is_blocked=INTEGER)
# Its columns stand in no source: these names are assumed.
SYSTEM_USERNAME = _side(
    "username change", "message_system_username_change", old_username=TEXT, new_username=TEXT
)
SYSTEM_BUSINESS = _side("business state", "message_system_business_state", business_name=TEXT)

SIDE_TABLES: tuple[SideTable, ...] = (
    MEDIA,
    LINK,
    QUOTED,
    QUOTED_MEDIA,
    LOCATION,
    VCARD,
    LEGACY_VCARD,
    MENTION,
    FORWARDED,
    EPHEMERAL,
    TIMER_SETTING,
    VIEW_ONCE,
    REVOKED,
    EDITED,
    POLL_OPTION,
    ADD_ON,
    RECEIPT,
    INVITE,
    ALBUM,
    PRODUCT,
    ORDER,
    PAYMENT,
    EVENT,
    TEMPLATE,
    UI_ELEMENT,
    CALL_LINK,
    MISSED_CALL,
    SYSTEM,
    SYSTEM_GROUP,
    SYSTEM_PEOPLE,
    SYSTEM_VALUE,
    SYSTEM_PHOTO,
    SYSTEM_NUMBER,
    SYSTEM_DEVICES,
    SYSTEM_BLOCK,
    SYSTEM_USERNAME,
    SYSTEM_BUSINESS,
)

# All tables whose rows belong to one message, those of quotes, receipts and add-ons too.
SIDE_TABLE_NAMES = frozenset(
    (
        *(side.table.name for side in SIDE_TABLES),
        *(table.name for table in (MESSAGES_QUOTES, RECEIPTS, ADD_ON_REACTION, ADD_ON_VOTE)),
    )
)

# Tables that hold only what has no message (reference 2.3 and 2.7): counted, their rows given in a notice.
ORPHAN_TABLES: tuple[SideTable, ...] = (
    SideTable(
        Table(
            "message_add_on_orphan",
            (
                Column("parent_key_id", TEXT),
                Column("parent_chat_row_id"),
                Column("parent_from_me"),
                Column("from_me"),
                Column("sender_jid_row_id"),
                Column("timestamp"),
            ),
        ),
        "add-on (reaction, vote, edit ...)",
    ),
    SideTable(
        Table(
            "receipt_orphaned",
            (
                Column("key_id", TEXT),
                Column("chat_row_id"),
                Column("from_me"),
                Column("receipt_recipient_jid_row_id"),
                Column("status"),
                Column("timestamp"),
            ),
        ),
        "receipt",
    ),
    SideTable(
        Table(
            "message_orphaned_edit",
            (
                Column("key_id", TEXT),
                Column("revoked_key_id", TEXT),
                Column("chat_row_id"),
                Column("from_me"),
                Column("sender_jid_row_id"),
                Column("timestamp"),
                Column("message_type"),
            ),
        ),
        "edit or revocation",
    ),
)
