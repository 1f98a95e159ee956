"""The canonical form of a record and its SHA-256 (contract, section 4).

``record_sha256`` is the SHA-256 of the RFC 8785 (JCS) form of the record without ``id`` and
``record_sha256``. The form of a message is put together here by hand from pieces that are already
canonical, because it is made once for every message of a phone; a property test holds it equal to the
``rfc8785`` library's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as _quote

import rfc8785

from forensics.model import (
    Account,
    Attachment,
    Call,
    Contact,
    Conversation,
    Edit,
    Forward,
    Location,
    Message,
    Notice,
    Participant,
    Poll,
    Reaction,
    Receipt,
    Reply,
    Source,
    System,
)
from forensics.times import rfc3339

# RFC 8785 numbers are IEEE 754 doubles: a larger integer would not survive another reader.
LARGEST_INTEGER = 2**53 - 1

# The fields of a message record in canonical order, with the canonical form of an empty value.
MESSAGE_FIELDS: dict[str, str] = {
    "account": "null",
    "also": "[]",
    "app": "null",
    "attachments": "[]",
    "contacts": "[]",
    "conversation": "null",
    "conversation_kind": "null",
    "deleted_at": "null",
    "deleted_by": "null",
    "delivered_at": "null",
    "edited_at": "null",
    "edits": "[]",
    "expires_after": "null",
    "forwarded": "null",
    "from_owner": "null",
    "kind": "null",
    "location": "null",
    "mentions": "[]",
    "platform": "null",
    "poll": "null",
    "reactions": "[]",
    "read_at": "null",
    "receipts": "[]",
    "received_at": "null",
    "record": '"message"',
    "reply_to": "null",
    "sender": "null",
    "sent_at": "null",
    "source": "null",
    "starred": "false",
    "state": "null",
    "status": "null",
    "system": "null",
    "text": "null",
    "view_once": "false",
}


def sha256(data: str | bytes) -> str:
    """SHA-256 in lower-case hex of bytes, or of a text's UTF-8 form."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def canonical(value: object) -> str:
    """The RFC 8785 form of plain JSON values, through the ``rfc8785`` library."""
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type]  # the library types its own JSON union


def source_dict(source: Source) -> dict[str, object]:
    """A source as the contract writes it."""
    return {
        "evidence_sha256": source.evidence_sha256,
        "file_sha256": source.file_sha256,
        "path": source.path,
        "table": source.table,
        "rowid": source.rowid,
        "rowid_key": source.rowid_key,
        "page": source.page,
        "offset": source.offset,
        "app_id": source.app_id,
    }


def source_form(source: Source) -> str:
    """The canonical form of a source, put together by hand: every message has one."""
    return (
        f'{{"app_id":{_text(source.app_id)},"evidence_sha256":"{source.evidence_sha256}",'
        f'"file_sha256":"{source.file_sha256}","offset":{_number(source.offset)},"page":{_number(source.page)},'
        f'"path":{_quote(source.path)},"rowid":{_number(source.rowid)},"rowid_key":{_text(source.rowid_key)},'
        f'"table":{_text(source.table)}}}'
    )


def _text(value: str | None) -> str:
    return "null" if value is None else _quote(value)


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _flag(value: bool | None) -> str:
    return "null" if value is None else "true" if value else "false"


def _time(value: int | None) -> str:
    return "null" if value is None else f'"{rfc3339(value)}"'


def _list(forms: Iterable[str]) -> str:
    return f"[{','.join(forms)}]"


def _reply(reply: Reply) -> str:
    return (
        f'{{"app_id":{_text(reply.app_id)},"id":{_text(reply.id)},"sender":{_text(reply.sender)},'
        f'"sent_at":{_time(reply.sent_at)},"text":{_text(reply.text)}}}'
    )


def _forward(forward: Forward) -> str:
    return f'{{"at":{_time(forward.at)},"from":{_text(forward.sender)},"times":{_number(forward.times)}}}'


def _reaction(reaction: Reaction) -> str:
    return f'{{"at":{_time(reaction.at)},"emoji":{_text(reaction.emoji)},"sender":{_text(reaction.sender)}}}'


def _edit(edit: Edit) -> str:
    return f'{{"at":{_time(edit.at)},"text":{_text(edit.text)}}}'


def _receipt(receipt: Receipt) -> str:
    return (
        f'{{"delivered_at":{_time(receipt.delivered_at)},"participant":{_text(receipt.participant)},'
        f'"played_at":{_time(receipt.played_at)},"read_at":{_time(receipt.read_at)}}}'
    )


def _attachment(attachment: Attachment) -> str:
    return (
        f'{{"caption":{_text(attachment.caption)},"filename":{_text(attachment.filename)},'
        f'"kind":{_quote(attachment.kind)},"mime":{_text(attachment.mime)},"path":{_text(attachment.path)},'
        f'"present":{_flag(attachment.present)},"sha256":{_text(attachment.sha256)},'
        f'"size":{_number(attachment.size)}}}'
    )


def _location(location: Location) -> str:
    return canonical(
        {
            "latitude": location.latitude,
            "longitude": location.longitude,
            "name": location.name,
            "address": location.address,
        }
    )


def _contact(contact: Contact) -> str:
    return f'{{"name":{_text(contact.name)},"phones":{_list(map(_quote, contact.phones))}}}'


def _poll(poll: Poll) -> str:
    options = _list(
        f'{{"text":{_text(option.text)},"votes":{_list(map(_quote, option.votes))}}}'
        for option in poll.options
    )
    return f'{{"options":{options},"question":{_text(poll.question)}}}'


def _system(system: System) -> str:
    return f'{{"code":{_number(system.code)},"detail":{_text(system.detail)},"type":{_text(system.type)}}}'


def rare_fields(message: Message) -> dict[str, str]:  # noqa: PLR0912  # one plain line a field
    """The canonical forms of those fields of a message that most messages do not have."""
    rare: dict[str, str] = {}
    if message.also:
        rare["also"] = _list(map(source_form, message.also))
    if message.attachments:
        rare["attachments"] = _list(map(_attachment, message.attachments))
    if message.contacts:
        rare["contacts"] = _list(map(_contact, message.contacts))
    if message.deleted_at is not None:
        rare["deleted_at"] = _time(message.deleted_at)
    if message.deleted_by is not None:
        rare["deleted_by"] = _quote(message.deleted_by)
    if message.delivered_at is not None:
        rare["delivered_at"] = _time(message.delivered_at)
    if message.edited_at is not None:
        rare["edited_at"] = _time(message.edited_at)
    if message.edits:
        rare["edits"] = _list(map(_edit, message.edits))
    if message.expires_after is not None:
        rare["expires_after"] = str(message.expires_after)
    if message.forwarded is not None:
        rare["forwarded"] = _forward(message.forwarded)
    if message.location is not None:
        rare["location"] = _location(message.location)
    if message.mentions:
        rare["mentions"] = _list(map(_quote, message.mentions))
    if message.poll is not None:
        rare["poll"] = _poll(message.poll)
    if message.reactions:
        rare["reactions"] = _list(map(_reaction, message.reactions))
    if message.read_at is not None:
        rare["read_at"] = _time(message.read_at)
    if message.receipts:
        rare["receipts"] = _list(map(_receipt, message.receipts))
    if message.reply_to is not None:
        rare["reply_to"] = _reply(message.reply_to)
    if message.system is not None:
        rare["system"] = _system(message.system)
    if message.starred:
        rare["starred"] = "true"
    if message.view_once:
        rare["view_once"] = "true"
    return rare


_RARE_DEFAULTS = {
    name: MESSAGE_FIELDS[name]
    for name in (
        *("also", "attachments", "contacts", "deleted_at", "deleted_by", "delivered_at", "edited_at"),
        *("edits", "expires_after", "forwarded", "location", "mentions", "poll", "reactions", "read_at"),
        *("receipts", "reply_to", "starred", "system", "view_once"),
    )
}


def message_form(
    rare: Mapping[str, str],
    *,
    account: str,
    app: str,
    conversation: str,
    conversation_kind: str,
    from_owner: bool | None,
    kind: str,
    platform: str,
    received_at: int | None,
    sender: str | None,
    sent_at: int | None,
    source: str,
    state: str,
    status: str | None,
    text: str | None,
) -> str:
    """The canonical form of a message from its common fields, its source's form and its rare fields'."""
    d = {**_RARE_DEFAULTS, **rare} if rare else _RARE_DEFAULTS
    return (
        f'{{"account":"{account}","also":{d["also"]},"app":"{app}","attachments":{d["attachments"]},'
        f'"contacts":{d["contacts"]},"conversation":"{conversation}","conversation_kind":"{conversation_kind}",'
        f'"deleted_at":{d["deleted_at"]},"deleted_by":{d["deleted_by"]},"delivered_at":{d["delivered_at"]},'
        f'"edited_at":{d["edited_at"]},"edits":{d["edits"]},"expires_after":{d["expires_after"]},'
        f'"forwarded":{d["forwarded"]},"from_owner":{_flag(from_owner)},"kind":"{kind}",'
        f'"location":{d["location"]},"mentions":{d["mentions"]},"platform":"{platform}","poll":{d["poll"]},'
        f'"reactions":{d["reactions"]},"read_at":{d["read_at"]},"receipts":{d["receipts"]},'
        f'"received_at":{_time(received_at)},"record":"message","reply_to":{d["reply_to"]},'
        f'"sender":{_text(sender)},"sent_at":{_time(sent_at)},"source":{source},"starred":{d["starred"]},'
        f'"state":"{state}","status":{_text(status)},"system":{d["system"]},"text":{_text(text)},'
        f'"view_once":{d["view_once"]}}}'
    )


def message_canonical(message: Message, rare: Mapping[str, str] | None = None) -> str:
    """The canonical form of a message; ``rare`` may be handed in when it was made already."""
    return message_form(
        rare_fields(message) if rare is None else rare,
        account=message.account,
        app=message.app,
        conversation=message.conversation,
        conversation_kind=message.conversation_kind,
        from_owner=message.from_owner,
        kind=message.kind,
        platform=message.platform,
        received_at=message.received_at,
        sender=message.sender,
        sent_at=message.sent_at,
        source=source_form(message.source),
        state=message.state,
        status=message.status,
        text=message.text,
    )


def call_dict(call: Call) -> dict[str, object]:
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


def account_dict(account: Account) -> dict[str, object]:
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


def participant_dict(participant: Participant) -> dict[str, object]:
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


def conversation_dict(conversation: Conversation, messages: int) -> dict[str, object]:
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


def notice_dict(notice: Notice) -> dict[str, object]:
    """A notice as the contract writes it."""
    return {
        "record": "notice",
        "severity": notice.severity,
        "text": notice.text,
        "source": source_dict(notice.source) if notice.source else None,
        "raw": notice.raw,
    }


def with_id(record_id: str, form: str) -> str:
    """A canonical form with its id and digest put in front: one line of an export, without the newline."""
    return f'{{"id":"{record_id}","record_sha256":"{sha256(form)}",{form[1:]}'
