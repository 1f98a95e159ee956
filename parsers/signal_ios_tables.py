"""The tables of Signal for iOS: which columns are read.

Source: Signal reference 4.2 and 4.3.
"""

from __future__ import annotations

from forensics.fields import BLOB, INTEGER, TEXT, Column, Table

_C = Column
INTERACTION = Table(
    "model_TSInteraction",
    (
        _C("recordType", INTEGER),
        _C("uniqueId", TEXT),
        _C("uniqueThreadId", TEXT),
        _C("timestamp"),
        _C("receivedAtTimestamp"),
        _C("authorUUID", TEXT),
        _C("authorPhoneNumber", TEXT),
        _C("body", TEXT),
        _C("callType"),
        _C("messageType"),
        _C("errorType"),
        _C("expiresInSeconds"),
        _C("isViewOnceMessage"),
        _C("storedMessageState"),
        _C("wasRemotelyDeleted"),
        _C("editState"),
        _C("quotedMessage", BLOB),
        _C("linkPreview", BLOB),
        _C("contactShare", BLOB),
        _C("messageSticker", BLOB),
        _C("storyTimestamp"),
        _C("storyAuthorUuidString", TEXT),
        _C("recipientAddressStates", BLOB),
        _C("infoMessageUserInfo", BLOB),
        _C("serverTimestamp"),
        _C("bodyRanges", BLOB),
        _C("storyReactionEmoji", TEXT),
    ),
)
THREAD = Table(
    "model_TSThread",
    (
        _C("recordType"),
        _C("uniqueId", TEXT),
        _C("contactUUID", TEXT),
        _C("contactPhoneNumber", TEXT),
        _C("groupModel", BLOB),
        _C("messageDraft", TEXT),
    ),
)
EDIT_RECORD = Table("EditRecord", (_C("latestRevisionId"), _C("pastRevisionId")))
RECIPIENT = Table(
    "model_SignalRecipient", (_C("recipientPhoneNumber", TEXT), _C("recipientUUID", TEXT), _C("pni", TEXT))
)
PROFILE = Table(
    "model_OWSUserProfile",
    (
        _C("recipientUUID", TEXT),
        _C("recipientPhoneNumber", TEXT),
        _C("profileName", TEXT),
        _C("familyName", TEXT),
    ),
)
ACCOUNT = Table(
    "model_SignalAccount",
    (
        _C("recipientUUID", TEXT),
        _C("recipientPhoneNumber", TEXT),
        _C("givenName", TEXT),
        _C("familyName", TEXT),
        _C("nickname", TEXT),
        _C("fullName", TEXT),
    ),
)
NICKNAME = Table("NicknameRecord", (_C("recipientRowID"), _C("givenName", TEXT), _C("familyName", TEXT)))
USERNAME = Table("UsernameLookupRecord", (_C("aci", BLOB), _C("username", TEXT)))
GROUP_MEMBER = Table(
    "model_TSGroupMember", (_C("groupThreadId", TEXT), _C("uuidString", TEXT), _C("phoneNumber", TEXT))
)
REACTION = Table(
    "model_OWSReaction",
    (
        _C("uniqueMessageId", TEXT),
        _C("emoji", TEXT),
        _C("reactorUUID", TEXT),
        _C("reactorE164", TEXT),
        _C("sentAtTimestamp"),
    ),
)
MENTION = Table("model_TSMention", (_C("uniqueMessageId", TEXT), _C("uuidString", TEXT)))
KEY_VALUE = Table("keyvalue", (_C("key", TEXT), _C("value", BLOB)))
CALL_RECORD = Table(
    "CallRecord",
    (
        _C("interactionRowId"),
        _C("threadRowId"),
        _C("type"),
        _C("direction"),
        _C("status"),
        _C("callBeganTimestamp"),
        _C("callEndedTimestamp"),
        _C("groupCallRingerAci", BLOB),
    ),
)
OLD_ATTACHMENT = Table(
    "model_TSAttachment",
    (
        _C("albumMessageId", TEXT),
        _C("byteCount"),
        _C("contentType", TEXT),
        _C("sourceFilename", TEXT),
        _C("localRelativeFilePath", TEXT),
        _C("caption", TEXT),
        _C("attachmentType"),
        _C("uniqueId", TEXT),
    ),
)
ATTACHMENT = Table(
    "Attachment",
    (
        _C("mimeType", TEXT),
        _C("encryptionKey", BLOB),
        _C("unencryptedByteCount"),
        _C("localRelativeFilePath", TEXT),
        _C("sha256ContentHash", BLOB),
    ),
)
# "From source" (Signal-iOS: StoryMessage.swift, schema.sql); author and JSON are bytes or text.
STORY = Table(
    "model_StoryMessage",
    (
        _C("timestamp"),
        _C("authorUuid", BLOB),
        _C("groupId", BLOB),
        _C("direction"),
        _C("manifest", BLOB),
        _C("attachment", BLOB),
    ),
)
STORY_REFERENCE = Table(
    "StoryMessageAttachmentReference",
    (
        _C("ownerRowId"),
        _C("ownerType"),
        _C("attachmentRowId"),
        _C("shouldLoop"),
        _C("caption", TEXT),
        _C("sourceFilename", TEXT),
    ),
)
REFERENCE = Table(
    "MessageAttachmentReference",
    (
        _C("ownerRowId"),
        _C("ownerType"),
        _C("attachmentRowId"),
        _C("renderingFlag"),
        _C("orderInMessage"),
        _C("caption", TEXT),
        _C("sourceFilename", TEXT),
    ),
)

# What is given of a database together with recovered rows: the small tables whole, of the others those rows.
MESSAGE_TABLES = frozenset({INTERACTION.name.lower(), STORY.name.lower()})
SIDE_TABLES = frozenset(
    table.name.lower()
    for table in (EDIT_RECORD, REACTION, MENTION, OLD_ATTACHMENT, ATTACHMENT, REFERENCE, STORY_REFERENCE)
)
CONTEXT_TABLES = frozenset(
    table.name.lower()
    for table in (THREAD, RECIPIENT, PROFILE, ACCOUNT, NICKNAME, USERNAME, GROUP_MEMBER, KEY_VALUE)
)
