"""The canonical form of a record and its SHA-256 (contract, section 4).

``record_sha256`` is the SHA-256 of the RFC 8785 (JCS) form of the record without ``id`` and
``record_sha256``. A message's form is made once for every message of a phone, so its dicts are built with
their names in order and written by ``orjson``; a property test holds the result equal to the ``rfc8785``
library's. Numbers that are no integers are written differently by the two, and are left to ``rfc8785``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from operator import attrgetter
from typing import Any

import orjson
import rfc8785

from forensics.model import (
    Account,
    Attachment,
    Call,
    Conversation,
    Location,
    Message,
    Participant,
    Poll,
    Reaction,
    Receipt,
    Reply,
    Source,
)
from forensics.times import rfc3339

# RFC 8785 numbers are IEEE 754 doubles: a larger integer would not survive another reader.
LARGEST_INTEGER = 2**53 - 1
# No UTF-8 has them: each library says so in its own way.
_SURROGATE = re.compile("[\ud800-\udfff]")

Fields = dict[str, object]

# The fields of a message record in canonical order, with the value of one that has none.
MESSAGE_FIELDS: Fields = {
    "account": None,
    "also": [],
    "app": None,
    "attachments": [],
    "contacts": [],
    "conversation": None,
    "conversation_kind": None,
    "deleted_at": None,
    "deleted_by": None,
    "delivered_at": None,
    "edited_at": None,
    "edits": [],
    "expires_after": None,
    "forwarded": None,
    "from_owner": None,
    "kind": None,
    "location": None,
    "mentions": [],
    "platform": None,
    "poll": None,
    "reactions": [],
    "read_at": None,
    "receipts": [],
    "received_at": None,
    "record": "message",
    "reply_to": None,
    "sender": None,
    "sent_at": None,
    "source": None,
    "starred": False,
    "state": None,
    "status": None,
    "system": None,
    "text": None,
    "view_once": False,
}


def sha256(data: str | bytes) -> str:
    """SHA-256 in lower-case hex of bytes, or of a text's UTF-8 form."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def canonical(value: object) -> str:
    """The RFC 8785 form of plain JSON values, through the ``rfc8785`` library where ``orjson`` may differ."""
    if _is_written_alike(value):
        with suppress(orjson.JSONEncodeError):  # nested deeper than it goes, which the other library does
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    try:
        return rfc8785.dumps(value).decode()  # type: ignore[arg-type]  # the library types its own JSON union
    except rfc8785.IntegerDomainError:
        return _with_all_digits(value)


def _with_all_digits(value: Any) -> str:
    """The same form with whole numbers that no double holds, such as a row id of SQLite: all their digits, as
    the form of a message has them."""
    kind = type(value)
    if kind is dict:
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{_with_all_digits(value[name])}" for name in names) + "}"
    if kind is list or kind is tuple:
        return "[" + ",".join(map(_with_all_digits, value)) + "]"
    return str(value) if kind is int else canonical(value)


# Between these ECMAScript (RFC 8785, 3.2.2.3) writes a fraction with the fewest digits and no exponent, and
# so does orjson; both bounds are well within what it writes so.
_PLAIN = (0.001, 1e9)


def _is_written_alike(value: Any) -> bool:
    """Whether both libraries write a value alike: names and texts that any text file can hold, whole numbers
    that a double can hold, fractions that need no exponent, and nothing else."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is dict:
            if not all(type(name) is str and name.isascii() for name in each):
                return False
            waiting += each.values()
        elif kind is list:
            waiting += each
        elif kind is str:
            if not each.isascii() and _SURROGATE.search(each):
                return False
        elif kind is int:
            if not -LARGEST_INTEGER <= each <= LARGEST_INTEGER:
                return False
        elif kind is float:
            if each.is_integer() or not _PLAIN[0] <= abs(each) < _PLAIN[1]:
                return False
        elif each is not None and kind is not bool:
            return False
    return True


def source_dict(source: Source) -> Fields:
    """A source as the contract writes it, its names in canonical order."""
    return {
        "app_id": source.app_id,
        "evidence_sha256": source.evidence_sha256,
        "file_sha256": source.file_sha256,
        "offset": source.offset,
        "page": source.page,
        "path": source.path,
        "rowid": source.rowid,
        "rowid_key": source.rowid_key,
        "table": source.table,
    }


# Those fields of a message that most messages do not have, and what they hold then.
_RARE = (
    *("also", "attachments", "contacts", "deleted_at", "deleted_by", "delivered_at", "edited_at", "edits"),
    *("expires_after", "forwarded", "location", "mentions", "poll", "reactions", "read_at", "receipts"),
    *("reply_to", "starred", "system", "view_once"),
)
_values_of = attrgetter(*_RARE)
_DEFAULTS = {field.name: field.default for field in dataclasses.fields(Message)}
_NONE = tuple(_DEFAULTS[name] for name in _RARE)


def rare_fields(message: Message) -> Fields:
    """Those fields of a message that most messages do not have, as plain values in canonical order."""
    if _values_of(message) == _NONE:
        return {}
    rare: Fields = {}
    if message.also:
        rare["also"] = [source_dict(each) for each in message.also]
    if message.attachments:
        rare["attachments"] = [_attachment(each) for each in message.attachments]
    if message.contacts:
        rare["contacts"] = [{"name": each.name, "phones": each.phones} for each in message.contacts]
    _add_changes(message, rare)
    if message.location is not None:
        rare["location"] = _location(message.location)
    if message.mentions:
        rare["mentions"] = message.mentions
    if message.poll is not None:
        rare["poll"] = _poll(message.poll)
    if message.reactions:
        rare["reactions"] = [_reaction(each) for each in message.reactions]
    if message.read_at is not None:
        rare["read_at"] = rfc3339(message.read_at)
    if message.receipts:
        rare["receipts"] = [_receipt(each) for each in message.receipts]
    if message.reply_to is not None:
        rare["reply_to"] = _reply(message.reply_to)
    if message.starred:
        rare["starred"] = True
    if message.system is not None:
        system = message.system
        rare["system"] = {"code": system.code, "detail": system.detail, "type": system.type}
    if message.view_once:
        rare["view_once"] = True
    return rare


def _add_changes(message: Message, rare: Fields) -> None:
    """What became of a message since it was sent."""
    if message.deleted_at is not None:
        rare["deleted_at"] = rfc3339(message.deleted_at)
    if message.deleted_by is not None:
        rare["deleted_by"] = message.deleted_by
    if message.delivered_at is not None:
        rare["delivered_at"] = rfc3339(message.delivered_at)
    if message.edited_at is not None:
        rare["edited_at"] = rfc3339(message.edited_at)
    if message.edits:
        rare["edits"] = [{"at": rfc3339(each.at), "text": each.text} for each in message.edits]
    if message.expires_after is not None:
        rare["expires_after"] = message.expires_after
    if message.forwarded is not None:
        forwarded = message.forwarded
        rare["forwarded"] = {"at": rfc3339(forwarded.at), "from": forwarded.sender, "times": forwarded.times}


def _reaction(reaction: Reaction) -> Fields:
    return {"at": rfc3339(reaction.at), "emoji": reaction.emoji, "sender": reaction.sender}


def _attachment(attachment: Attachment) -> Fields:
    return {
        "caption": attachment.caption,
        "filename": attachment.filename,
        "kind": attachment.kind,
        "mime": attachment.mime,
        "path": attachment.path,
        "present": attachment.present,
        "sha256": attachment.sha256,
        "size": attachment.size,
    }


def _location(location: Location) -> Fields:
    return {
        "address": location.address,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "name": location.name,
    }


def _poll(poll: Poll) -> Fields:
    options = [{"text": each.text, "votes": each.votes} for each in poll.options]
    return {"options": options, "question": poll.question}


def _receipt(receipt: Receipt) -> Fields:
    return {
        "delivered_at": rfc3339(receipt.delivered_at),
        "participant": receipt.participant,
        "played_at": rfc3339(receipt.played_at),
        "read_at": rfc3339(receipt.read_at),
    }


def _reply(reply: Reply) -> Fields:
    return {
        "app_id": reply.app_id,
        "id": reply.id,
        "sender": reply.sender,
        "sent_at": rfc3339(reply.sent_at),
        "text": reply.text,
    }


def message_fields(message: Message, rare: Mapping[str, object]) -> Fields:
    """A message as the contract writes it, without ``id`` and ``record_sha256``, in canonical order."""
    fields = MESSAGE_FIELDS.copy()
    fields["account"] = message.account
    fields["app"] = message.app
    fields["conversation"] = message.conversation
    fields["conversation_kind"] = message.conversation_kind
    fields["from_owner"] = message.from_owner
    fields["kind"] = message.kind
    fields["platform"] = message.platform
    fields["received_at"] = rfc3339(message.received_at)
    fields["sender"] = message.sender
    fields["sent_at"] = rfc3339(message.sent_at)
    fields["source"] = source_dict(message.source)
    fields["state"] = message.state
    fields["status"] = message.status
    fields["text"] = message.text
    fields.update(rare)
    return fields


def written(fields: Mapping[str, object]) -> bytes:
    """The RFC 8785 form of fields that stand in canonical order, at every depth."""
    location = fields.get("location")
    if location is None:
        return orjson.dumps(fields)
    return orjson.dumps({**fields, "location": orjson.Fragment(canonical(_with_floats(location)))})


def _with_floats(location: object) -> object:
    """What was read back from JSON as an integer is a float in the model: RFC 8785 writes both alike, and
    knows no integer beyond 2^53.
    """
    if not isinstance(location, Mapping):
        return location
    return {name: float(each) if type(each) is int else each for name, each in location.items()}


def message_canonical(message: Message) -> str:
    """The canonical form of a message."""
    return written(message_fields(message, rare_fields(message))).decode()


def call_dict(call: Call) -> Fields:
    """A call as the contract writes it, without ``id`` and ``record_sha256``."""
    return {
        "record": "call",
        "app": call.app,
        "account": call.account,
        "conversation": call.conversation,
        "sender": call.sender,
        "from_owner": call.from_owner,
        "at": rfc3339(call.at),
        "seconds": call.seconds,
        "video": call.video,
        "result": call.result,
        "participants": list(call.participants),
        "source": source_dict(call.source),
    }


def call_canonical(call: Call) -> str:
    """The canonical form of a call: its names are ASCII and its numbers integers, which ``orjson`` sorts and
    writes as RFC 8785 does.
    """
    return orjson.dumps(call_dict(call), option=orjson.OPT_SORT_KEYS).decode()


def account_dict(account: Account) -> Fields:
    """An account as the contract writes it."""
    return {
        "record": "account",
        "id": account.id,
        "app": account.app,
        "platform": account.platform,
        "handle": account.handle,
        "phone": account.phone,
        "name": account.name,
        "exhibit": account.exhibit,
    }


def participant_dict(participant: Participant) -> Fields:
    """A participant as the contract writes it."""
    return {
        "record": "participant",
        "id": participant.id,
        "app": participant.app,
        "handle": participant.handle,
        "phone": participant.phone,
        "names": [{"name": name.name, "source": name.source} for name in participant.names],
        "is_owner": participant.is_owner,
    }


def conversation_dict(conversation: Conversation, messages: int) -> Fields:
    """A conversation as the contract writes it; ``messages`` is the number of messages in it."""
    return {
        "record": "conversation",
        "id": conversation.id,
        "app": conversation.app,
        "platform": conversation.platform,
        "account": conversation.account,
        "kind": conversation.kind,
        "title": conversation.title,
        "handle": conversation.handle,
        "participants": list(conversation.participants),
        "messages": messages,
    }
