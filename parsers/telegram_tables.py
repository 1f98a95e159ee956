"""The tables of Telegram for Android's cache4.db that are read, by what of them is read.

Source: Telegram reference 2.1 (generations; what is present decides, never ``user_version``), 2.2 (message
tables), 2.4 (the others), 1 (file_to_path.db).
"""

from __future__ import annotations

from forensics.fields import BLOB, TEXT, Column, Table

# Every table that holds messages is read with these columns; what one does not have is None.
MESSAGE_COLUMNS = (
    Column("mid"),
    Column("uid", older=("dialog_id",)),
    Column("read_state"),
    Column("send_state"),
    Column("date"),
    Column("data", BLOB),
    Column("out"),
    Column("ttl"),
    Column("replydata", BLOB),
    Column("custom_params", BLOB),
    Column("topic_id"),
    Column("fm", TEXT),
    Column("name", TEXT),
    Column("replies_data", BLOB),
)


def message_table(name: str) -> Table:
    """A table that holds messages."""
    return Table(name, MESSAGE_COLUMNS)


# The newest generation first. Rows of the tables below that another holds too are copies.
MESSAGES = ("messages_v2", "messages")
TOPICS = ("messages_topics",)
SCHEDULED = ("scheduled_messages_v2", "scheduled_messages")
CANNED = ("quick_replies_messages", "welcome_messages")
MEDIA = ("media_v4", "media_v3", "media_v2", "media")
PUSHED = ("unread_push_messages",)

USERS = Table("users", (Column("uid"), Column("name", TEXT), Column("data", BLOB)))
CHATS = Table("chats", (Column("uid"), Column("name", TEXT), Column("data", BLOB)))
DIALOGS = Table("dialogs", (Column("did"), Column("last_mid"), Column("outbox_max"), Column("folder_id")))
ENC_CHATS = Table(
    "enc_chats", (Column("uid"), Column("user"), Column("name", TEXT), Column("admin_id"), Column("ttl"))
)
CHAT_SETTINGS = Table("chat_settings_v2", (Column("uid"), Column("info", BLOB)))
CHANNEL_USERS = Table("channel_users_v2", (Column("did"), Column("uid")))
CHANNEL_ADMINS = Table("channel_admins_v3", (Column("did"), Column("uid")))
TOPIC = Table("topics", (Column("did"), Column("topic_id"), Column("data", BLOB)))
CONTACTS = Table(
    "user_contacts_v7", (Column("key", TEXT), Column("uid"), Column("fname", TEXT), Column("sname", TEXT))
)
PHONES = Table("user_phones_v7", (Column("key", TEXT), Column("phone", TEXT), Column("sphone", TEXT)))
OLD_CONTACTS = Table("user_contacts_v6", (Column("uid", TEXT), Column("fname", TEXT), Column("sname", TEXT)))
OLD_PHONES = Table("user_phones_v6", (Column("uid", TEXT), Column("phone", TEXT), Column("sphone", TEXT)))
RANDOMS = Table("randoms_v2", (Column("random_id"), Column("mid"), Column("uid")))
OLD_RANDOMS = Table("randoms", (Column("random_id"), Column("mid")))
HOLES = Table("messages_holes", (Column("uid"), Column("start"), Column("end")))
TIMERS = Table("enc_tasks_v4", (Column("mid"), Column("uid"), Column("date")))
CANNED_NAMES = Table("business_replies", (Column("topic_id"), Column("name", TEXT)))
# Who shares a place with whom now (reference 2.4); the message itself stands in the table of messages.
SHARED_PLACES = Table("sharing_locations", (Column("uid"), Column("mid"), Column("date"), Column("period")))
# Columns by several copies of the client's source (user_version 119 on); the page names only the tables.
STORIES = ("stories", "profile_stories", "archived_stories")
# Tables of which it is looked up whether their messages are still there.
ORPHANS = ("polls_v2", "randoms_v2")
SMALL_TABLES = (
    *(
        USERS,
        CHATS,
        DIALOGS,
        ENC_CHATS,
        CHAT_SETTINGS,
        CHANNEL_USERS,
        CHANNEL_ADMINS,
        TOPIC,
        CONTACTS,
        PHONES,
    ),
    *(OLD_CONTACTS, OLD_PHONES, RANDOMS, OLD_RANDOMS, HOLES, TIMERS, CANNED_NAMES, SHARED_PLACES),
)
PATHS_OF_MESSAGES = Table(
    "paths_by_dialog_id", (Column("path", TEXT), Column("dialog_id"), Column("message_id"))
)
PATHS = Table("paths", (Column("document_id"), Column("dc_id"), Column("path", TEXT)))

# What is given of a database together with recovered rows: the small tables whole, of the others those rows.
MESSAGE_TABLES = frozenset((*MESSAGES, *TOPICS, *SCHEDULED))
SIDE_TABLES = frozenset(table.name for table in (RANDOMS, OLD_RANDOMS, TIMERS))
CONTEXT_TABLES = frozenset(
    table.name
    for table in (
        *(USERS, CHATS, DIALOGS, ENC_CHATS, CHAT_SETTINGS, CHANNEL_USERS, CHANNEL_ADMINS, TOPIC),
        *(CONTACTS, PHONES, OLD_CONTACTS, OLD_PHONES, CANNED_NAMES),
    )
)
