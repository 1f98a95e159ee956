"""Whose page of an HTML export it is, and whom it names: display names are all that there is.

Pages of one folder are one conversation; the folders ``chats/chat_<n>`` of a whole account share that
account.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from forensics.identity import account_id, conversation_id, participant_id
from forensics.model import Account, Conversation, Name, Participant
from forensics.parser import Document
from parsers.telegram_export_people import APP, PLATFORM

IN_PAGE = "display name in the export"
_ACCOUNT = re.compile(r"(.*?)(?:^|/)(?:chats/chat_\d+|lists)$")
# How the app writes the name of somebody whose account is gone.
_DELETED = frozenset({"Deleted Account", "Deleted"})


def shown_name(text: str) -> tuple[str | None, str | None]:
    """A name as it is shown, and the bot through which was written; None for an account that is gone."""
    name, _, via = " ".join(text.split()).partition(" via @")
    return None if name in _DELETED or not name else name, via or None


class Names:
    """The people of a page by their names; those first met in a message are given out by ``newly_met``."""

    def __init__(self, document: Document) -> None:
        self._exhibit = document.exhibit
        self.folder = document.path.rpartition("/")[0]
        match = _ACCOUNT.fullmatch(self.folder)
        root = match[1] if match is not None else self.folder
        place = f"{document.evidence_sha256}\0{root}".encode("utf-8", "surrogatepass")
        self.account = account_id(APP, PLATFORM, None, hashlib.sha256(place).hexdigest())
        self.owner = participant_id(self.account, "owner")
        self.conversation = conversation_id(self.account, f"html {self.folder}")
        self._ids: dict[str, str] = {}
        self._met: list[tuple[str, str]] = []

    def id(self, name: str | None, source: str = IN_PAGE) -> str | None:
        """The participant of that name; None for none."""
        if name is None:
            return None
        found = self._ids.get(name)
        if found is None:
            found = self._ids[name] = participant_id(self.account, f"name {name}")
            self._met.append((name, source))
        return found

    def account_record(self) -> Account:
        """The account, of which a page of messages says nothing."""
        return Account(
            id=self.account,
            app=APP,
            platform=PLATFORM,
            handle=None,
            phone=None,
            name=None,
            exhibit=self._exhibit,
        )

    def owner_record(self, names: tuple[Name, ...] = (), phone: str | None = None) -> Participant:
        """The owner; which of the names is his stands on no page of messages."""
        return Participant(id=self.owner, app=APP, handle=None, phone=phone, names=names, is_owner=True)

    def conversation_record(self, title: str | None) -> Conversation:
        """The conversation, of which no kind is exported."""
        return Conversation(
            id=self.conversation,
            app=APP,
            platform=PLATFORM,
            account=self.account,
            kind="unknown",
            title=title,
            handle=None,
            participants=tuple(self._ids.values()),
        )

    def newly_met(self) -> Iterator[Participant]:
        """Those who became known since the last time."""
        met, self._met = self._met, []
        for name, source in met:
            names = (Name(name=name, source=source),)
            yield Participant(
                id=self._ids[name], app=APP, handle=None, phone=None, names=names, is_owner=False
            )
