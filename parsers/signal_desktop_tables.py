"""The tables of Signal Desktop: which columns are read; what is not in a column is in the JSON of the row.

Source: Signal reference 5.3. Newer versions moved values from the JSON into columns: a column counts first.
"""

from __future__ import annotations

from forensics.fields import INTEGER, TEXT, Column, Table

_C = Column
MESSAGES = Table(
    "messages",
    (
        _C("id", TEXT),
        _C("conversationId", TEXT),
        _C("type", TEXT),
        _C("body", TEXT),
        _C("sent_at"),
        _C("timestamp"),
        _C("received_at_ms"),
        _C("sourceServiceId", TEXT, ("sourceUuid",)),
        _C("source", TEXT),
        _C("expireTimer"),
        _C("isViewOnce"),
        _C("isErased"),
        _C("storyId", TEXT),
        _C("json", TEXT),
        _C("serverTimestamp"),
    ),
)
CONVERSATIONS = Table(
    "conversations",
    (
        _C("id", TEXT),
        _C("type", TEXT),
        _C("name", TEXT),
        _C("profileName", TEXT),
        _C("profileFullName", TEXT),
        _C("e164", TEXT),
        _C("serviceId", TEXT, ("uuid",)),
        _C("groupId", TEXT),
        _C("members", TEXT),
        _C("json", TEXT),
    ),
)
MESSAGE_ATTACHMENTS = Table(
    "message_attachments",
    (
        _C("messageId", TEXT),
        _C("editHistoryIndex", INTEGER),
        _C("attachmentType", TEXT),
        _C("orderInMessage"),
        _C("size"),
        _C("contentType", TEXT),
        _C("path", TEXT),
        _C("localKey", TEXT),
        _C("plaintextHash", TEXT),
        _C("caption", TEXT),
        _C("fileName", TEXT),
        _C("flags"),
        _C("version"),
    ),
)
CALLS_HISTORY = Table(
    "callsHistory",
    (
        _C("callId", TEXT),
        _C("peerId", TEXT),
        _C("ringerId", TEXT),
        _C("mode", TEXT),
        _C("type", TEXT),
        _C("direction", TEXT),
        _C("status", TEXT),
        _C("timestamp"),
        _C("endedTimestamp"),
    ),
)
ITEMS = Table("items", (_C("id", TEXT), _C("json", TEXT)))
SESSIONS = Table("sessions", (_C("ourServiceId", TEXT, ("ourUuid",)),))
EDITED_MESSAGES = Table("edited_messages", (_C("messageId", TEXT), _C("sentAt")))

# What is given of a database together with recovered rows: the small tables whole, of the others those rows.
MESSAGE_TABLES = frozenset({MESSAGES.name})
SIDE_TABLES = frozenset({MESSAGE_ATTACHMENTS.name, EDITED_MESSAGES.name})
CONTEXT_TABLES = frozenset(table.name.lower() for table in (CONVERSATIONS, ITEMS, SESSIONS))
