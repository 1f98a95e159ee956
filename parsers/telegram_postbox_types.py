"""The types of Postbox's objects by the hash of their names.

Source: Telegram reference 5.4, which lists names with their hashes; both were compared.
"""

from __future__ import annotations

from forensics.formats.postbox import Node, type_hash

USER, GROUP, CHANNEL = "TelegramUser", "TelegramGroup", "TelegramChannel"
SECRET_CHAT, ACCOUNT = "TelegramSecretChat", "AuthorizedAccountState"
ACTION, FILE, IMAGE = "TelegramMediaAction", "TelegramMediaFile", "TelegramMediaImage"
_PEERS = (USER, GROUP, CHANNEL, SECRET_CHAT, ACCOUNT)
_MEDIA = (
    *(ACTION, FILE, IMAGE, "TelegramMediaMap", "TelegramMediaContact", "TelegramMediaPoll"),
    *("TelegramMediaWebpage", "TelegramMediaGame", "TelegramMediaInvoice", "TelegramMediaDice"),
    *("TelegramMediaExpiredContent", "TelegramMediaUnsupported", "TelegramMediaStory"),
    *("TelegramMediaGiveaway", "TelegramMediaPaidContent", "TelegramMediaTodo"),
)
_RESOURCES = (
    *("CloudPhotoSizeMediaResource", "CloudDocumentMediaResource", "CloudDocumentSizeMediaResource"),
    *("CloudFileMediaResource", "CloudPeerPhotoSizeMediaResource", "SecretFileMediaResource"),
    *("LocalFileMediaResource", "LocalFileReferenceMediaResource", "EmptyMediaResource"),
)
# Attributes whose content becomes part of a message.
_TOLD = (
    *("TextEntitiesMessageAttribute", "ReplyMessageAttribute", "QuotedReplyMessageAttribute"),
    *("ReplyStoryAttribute", "EditedMessageAttribute", "AuthorSignatureMessageAttribute"),
    *("ForwardSourceInfoAttribute", "SourceReferenceMessageAttribute", "ViewCountMessageAttribute"),
    *("ForwardCountMessageAttribute", "ReactionsMessageAttribute", "InlineBotMessageAttribute"),
    *("AutoremoveTimeoutMessageAttribute", "AutoclearTimeoutMessageAttribute"),
    *("ReplyMarkupMessageAttribute", "OutgoingScheduleInfoMessageAttribute"),
    *("TranslationMessageAttribute", "AudioTranscriptionMessageAttribute"),
)
# Attributes that are known and say nothing about what was said: notifications, sending, layout, what the app
# has still to do. They are not shown.
_QUIET = (
    *("PendingReactionsMessageAttribute", "ConsumableContentMessageAttribute"),
    *("ConsumablePersonalMentionMessageAttribute", "ReplyThreadMessageAttribute"),
    *("NotificationInfoMessageAttribute", "OutgoingMessageInfoAttribute"),
    *("OutgoingChatContextResultMessageAttribute", "RestrictedContentMessageAttribute"),
    *("MediaSpoilerMessageAttribute", "ContentRequiresValidationMessageAttribute"),
    *("DerivedDataMessageAttribute", "SendAsMessageAttribute"),
)
_PARTS = (
    *("TelegramMediaImageRepresentation", "TelegramMediaFileAttribute", "TelegramMediaPollOption"),
    *("TelegramMediaWebpageLoadedContent", "MessageTextEntity"),
)
QUIET = frozenset(_QUIET)
NAMES = {type_hash(name): name for name in (*_PEERS, *_MEDIA, *_RESOURCES, *_TOLD, *_QUIET, *_PARTS)}


def name_of(node: Node | None) -> str | None:
    """The name of an object's type; None for one that is not known."""
    return None if node is None else NAMES.get(node.type)
