"""One message of a UFDR report: the fields of its model as the contract has them, nothing concluded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from forensics.formats.ufdr import File, Model
from forensics.model import Attachment, Contact, Forward, Location, Message, Reply
from forensics.parser import Document
from parsers.notes import Notes
from parsers.ufdr_places import ChatPlace, instant_of, is_true

_TABLE = "InstantMessage"
_DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{0,40})?([eE][+-]?\d{1,2})?", re.ASCII)
# Status of the report -> status here; for what the owner sent only. "Unsent" has no certain meaning.
_STATUS = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "played"}
# deleted_state: Intact stands in the app's database; Deleted was recovered by that tool.
_STATES = {"intact": "live", "deleted": "recovered", "trash": "hidden", "unknown": "live"}
_MEDIA = {"image": "image", "video": "video", "audio": "audio", "application": "document", "text": "document"}


class MessageReader:
    """Makes records of the models of messages. ``quoted``: identifiers that some message refers to."""

    def __init__(self, document: Document, files: Mapping[str, File], quoted: set[str], notes: Notes) -> None:
        self._document, self._files, self._quoted, self._notes = document, files, quoted, notes
        # (conversation, identifier) of quoted messages that were read -> their ids
        self._known: dict[tuple[str, str], str] = {}

    def message(self, model: Model, place: ChatPlace, number: int) -> Message:
        """The record of a message; what is doubtful about it becomes a notice."""
        party, identifier = model.first("From"), model.text("Identifier")
        key = self._document.place.message(_TABLE, number)
        if identifier is not None and identifier in self._quoted:
            self._known.setdefault((place.conversation, identifier), key)
        from_owner = self._from_owner(party)
        attachments = tuple(self._attachments(model))
        text = model.text("Body")
        sender = None
        if party is not None and (party.text("Identifier") or party.text("Name")):
            sender = place.person(party)
        elif from_owner:
            sender = place.owner
        return Message(
            id=key,
            app=place.app,
            platform="export",
            account=place.account,
            conversation=place.conversation,
            conversation_kind=place.kind,
            sender=sender,
            from_owner=from_owner,
            kind=_kind(model, attachments, text),
            text=text,
            status=_STATUS.get((model.text("Status") or "").lower()) if from_owner else None,
            sent_at=self._instant(model, "TimeStamp", number),
            delivered_at=self._instant(model, "DateDelivered", number),
            read_at=self._instant(model, "DateRead", number),
            deleted_at=self._instant(model, "DateDeleted", number),
            state=self._state(model, number),
            reply_to=self._reply(model, place),
            forwarded=Forward(times=None) if _has_extra(model, "ForwardedMessageData") else None,
            attachments=attachments,
            location=self._location(model.first("Position"), number),
            contacts=tuple(_contact(each) for each in model.models.get("SharedContacts", ())),
            source=self._document.source(_TABLE, number, identifier, offset=model.offset),
        )

    def _from_owner(self, party: Model | None) -> bool | None:
        stored = party.text("IsPhoneOwner") if party is not None else None
        return None if stored is None else is_true(stored)

    def _state(self, model: Model, number: int) -> str:
        stored = model.attributes.get("deleted_state", "Intact")
        state = _STATES.get(stored.lower())
        if state is None or stored.lower() == "unknown":
            self._notes.count(f"deleted_state {stored} of a message has no certain meaning: shown as live")
        return state or "live"

    def _instant(self, model: Model, name: str, number: int) -> int | None:
        return instant_of(model, name, _TABLE, number, self._notes)

    def _attachments(self, model: Model) -> Iterator[Attachment]:
        found = [*model.models.get("Attachment", ()), *model.models.get("Attachments", ())]
        for each in found:
            mime, name = each.text("ContentType"), each.text("Filename")
            kind = _MEDIA.get((mime or "").partition("/")[0].lower(), "document")
            stated = self._files.get(each.attributes.get("file_id", ""))
            path = (
                stated.local_path if stated is not None else each.attributes.get("attachment_extracted_path")
            )
            media = self._document.media(path.replace("\\", "/")) if path else None
            if name is None and each.text("URL") is not None:
                kind, name = "link", each.text("URL")
            if media is None:
                yield Attachment(kind=kind, mime=mime, filename=name, caption=each.text("Title"))
            else:
                yield Attachment(
                    kind=kind, mime=mime, filename=name, size=media.size, sha256=media.sha256,
                    path=media.path, present=True, caption=each.text("Title"),
                )  # fmt: skip

    def _reply(self, model: Model, place: ChatPlace) -> Reply | None:
        for extra in model.models.get("MessageExtraData", ()):
            for name in ("QuotedMessageData", "ReplyMessageData"):
                for each in extra.models.get(name, ()):
                    original = each.text("OriginalMessageID")
                    if original is not None:
                        key = self._known.get((place.conversation, original))
                        return Reply(
                            id=key, app_id=original, text=each.text("Body"), sent_at=None, sender=None
                        )
        return None

    def _location(self, position: Model | None, number: int) -> Location | None:
        if position is None:
            return None
        return Location(
            latitude=self._degrees(position, "Latitude", 90, number),
            longitude=self._degrees(position, "Longitude", 180, number),
            name=position.text("Name"),
            address=position.text("Address"),
        )

    def _degrees(self, position: Model, name: str, most: int, number: int) -> float | None:
        """A number of degrees up to ``most`` either way; what is none ("nan", "1234") is a notice."""
        text = position.text(name)
        if text is None:
            return None
        degrees = float(text) if _DEGREES.fullmatch(text.strip()) else math.inf
        if abs(degrees) <= most:
            return degrees
        self._notes.add("doubt", f"message {number}: {name} is no number", _TABLE, number, text)
        return None


def _has_extra(model: Model, name: str) -> bool:
    return any(extra.models.get(name) for extra in model.models.get("MessageExtraData", ()))


def _kind(model: Model, attachments: tuple[Attachment, ...], text: str | None) -> str:
    if model.first("SharedContacts") is not None:
        return "contact"
    if model.first("Position") is not None:
        return "live_location" if is_true(model.text("IsLocationSharing")) else "location"
    media = next((each.kind for each in attachments if each.kind != "link"), None)
    if media is not None:
        return media
    return "text" if text is not None or attachments else "unknown"


def _contact(model: Model) -> Contact:
    entries = [*model.models.get("Entries", ()), *model.models.get("PhoneNumber", ())]
    phones = tuple(found for each in entries if (found := each.text("Value")) is not None)
    return Contact(name=model.text("Name"), phones=phones)
