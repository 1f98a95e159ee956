"""Text, media and attributes of a message of Postbox, put into its draft; what cannot be read is named.

Source: Telegram reference 5.3 and 5.4.
"""

from __future__ import annotations

from parsers.message_drafts import MessageDraft
from parsers.telegram_media import Content
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_media import Setting, content
from parsers.telegram_postbox_message import Part, Stored
from parsers.telegram_postbox_parts import Attributes
from parsers.telegram_postbox_text import formatting, mentions
from parsers.telegram_postbox_types import QUIET, name_of
from parsers.telegram_remarks import Remark

_CUSTOM_TAGS = 0x40


class ContentReader:
    """Fills the drafts of one installation."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def note(self, written: str, stored: Stored, value: bytes | None) -> None:
        """What was not read of the value, with its bytes."""
        doubt = self._context.doubt
        if stored.problem is not None:
            doubt(written, f"{stored.problem}, in its {stored.missing}; the rest was not read", value)
        for each in stored.damaged:
            doubt(written, f"{each.text} at offset {each.offset}", each.raw)
        if stored.strange_flags:
            meaning = (
                " (read as custom tags, which is assumed)" if stored.strange_flags == _CUSTOM_TAGS else ""
            )
            doubt(written, f"data flags {stored.strange_flags:#04x} are not known{meaning}", value)

    def attributes(self, written: str, stored: Stored, remarks: list[Remark]) -> Attributes:
        """The attributes by the names of their types; those that are not known become remarks."""
        found: Attributes = {}
        for part in stored.attributes:
            self._problems(written, "an attribute", part)
            name = name_of(part.node)
            if part.node is None:
                remarks.append(Remark("unknown", "an attribute that cannot be read"))
            elif name is None:
                words = "an attribute of a type that is not known"
                remarks.append(Remark("unknown", words, part.node.type))
                self._context.strange(
                    written, f"an attribute of type {part.node.type} is not known", part.raw
                )
            elif name not in QUIET:
                found.setdefault(name, part.node)
        return found

    def _problems(self, written: str, what: str, part: Part) -> None:
        for each in part.problems:
            place = "" if part.node is None else f" at offset {each.offset}"
            text = (
                f"{what} cannot be read: {each.text}" if part.node is None else f"{what}: {each.text}{place}"
            )
            self._context.doubt(written, text, part.raw if each.raw is None else each.raw)

    def fill(
        self,
        draft: MessageDraft,
        written: str,
        stored: Stored,
        attributes: Attributes,
        remarks: list[Remark],
    ) -> None:
        """Text and media, and what stands in them."""
        contents = list(self._media(draft, written, stored))
        kinds = [each.kind for each in contents if each.kind != "text"]
        known = [each for each in kinds if each != "unknown"]
        if stored.missing is not None:
            draft.kind = "unknown"
            where = "in its text" if stored.missing == "text" else f"before or in its {stored.missing}"
            remarks.append(Remark("unknown", f"the row is cut off {where}"))
        else:
            draft.kind = (known or kinds or ["text"])[0]
        for each in contents:
            draft.text = draft.text or each.text or None
            draft.attachments += each.attachments
            draft.location = draft.location or each.location
            draft.contacts += each.contacts
            draft.poll = draft.poll or each.poll
            remarks.extend(
                Remark(kind, words, self._code(stored) if kind == "unknown" else None)
                for kind, words in each.remarks
            )
        if draft.poll is not None:
            draft.text = draft.poll.question
        entities = attributes.get("TextEntitiesMessageAttribute")
        if entities is not None and stored.text:
            draft.mentions = mentions(self._context.people, stored.text, entities.children("entities"))
            words = formatting(stored.text, entities.children("entities"))
            if words:
                remarks.append(Remark("formatting", words))

    def _code(self, stored: Stored) -> int | None:
        """The type of the first medium that is not known."""
        for part in stored.media:
            if part.node is not None and name_of(part.node) is None:
                return part.node.type
        return None

    def _media(self, draft: MessageDraft, written: str, stored: Stored) -> list[Content]:
        context, found = self._context, []
        setting = Setting(context.people, context.files, draft.text)
        for part in stored.media:
            found.append(self._medium(written, part, setting))
        for number in stored.referenced:
            shared = context.shared.find(number)
            if shared is not None:
                found.append(self._medium(written, shared, setting))
                continue
            name = f"{number[0]}:{number[1]}"
            context.doubt(written, f"medium {name} of message {draft.source.app_id} is not in t6")
            found.append(_unknown(draft.text, f"medium {name} is not stored"))
        return found

    def _medium(self, written: str, part: Part, setting: Setting) -> Content:
        self._problems(written, "a medium", part)
        if part.node is None:
            return _unknown(setting.text, "a medium that cannot be read")
        found = content(part.node, setting)
        if found is None:
            self._context.strange(written, f"a medium of type {part.node.type} is not known", part.raw)
            return _unknown(setting.text, "a medium of a type that is not known")
        return found


def _unknown(text: str | None, words: str) -> Content:
    found = Content("unknown", text)
    found.remark("unknown", words)
    return found
