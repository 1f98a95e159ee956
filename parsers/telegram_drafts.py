"""Drafts: texts that were written and not sent, in the preferences ``drafts.xml`` or ``drafts<N>.xml``.

Source: the client's MediaDataController (draftPreferences): the key is a dialog id, or
``t_<dialog>_<thread>``; the value is a DraftMessage in hex. Keys that begin with ``r`` hold copies of
the messages that are answered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from forensics.identity import Place
from forensics.model import Message, Source, System
from forensics.parser import Installation, SideFile
from parsers.telegram_account import drafts_name, preferences
from parsers.telegram_context import Context
from parsers.telegram_ids import dialog_id
from parsers.telegram_remarks import when

_KEY = re.compile(r"(?:t_)?(-?\d{1,19})(?:_(\d{1,19}))?")


def _stored(installation: Installation) -> Iterator[tuple[SideFile, str, int, str]]:
    """The drafts of the account: file, key, dialog, value."""
    name = drafts_name(installation.path)
    for file, key, text in preferences(installation.side_files, name):
        match = _KEY.fullmatch(key)
        if match is not None:
            yield file, key, dialog_id(int(match[1])), text


def draft_dialogs(installation: Installation) -> set[int]:
    """The dialogs that have drafts."""
    return {dialog for _file, _key, dialog, _text in _stored(installation)}


def drafts(context: Context) -> Iterator[Message]:
    """The drafts of the account, a message each; emptied ones are passed over."""
    for stored in _stored(context.installation):
        message = _draft(context, *stored)
        if message is not None:
            yield message


def _draft(context: Context, file: SideFile, key: str, dialog: int, text: str) -> Message | None:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        context.notes.add("doubt", f"{file.path}: the draft {key} is no hex", None, raw=text)
        return None
    blob = context.blobs.whole(data)
    if blob.problem is not None:
        context.notes.add("doubt", f"{file.path}, draft {key}: {blob.problem}", None, raw=data)
    value = blob.value
    written = value.text("message") if value is not None else None
    if value is None or written is None:
        return None
    account, chat = context.people.account, context.chats.at(dialog)
    evidence = context.installation.evidence_sha256
    return Message(
        id=Place(evidence, file.path).message("drafts", key),
        app=account.app,
        platform=account.platform,
        account=account.id,
        conversation=chat.id,
        conversation_kind=chat.kind,
        sender=context.people.owner.id,
        from_owner=True,
        kind="text",
        source=Source(
            evidence_sha256=evidence,
            file_sha256=hashlib.sha256(file.data).hexdigest(),
            path=file.path,
            rowid_key=key,
        ),
        status="draft",
        text=written,
        system=System(type="draft", code=None, detail=f"written at {when(value.number('date'))}"),
    )
