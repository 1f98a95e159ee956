"""Where a record of a UFDR report belongs: app, account, conversation and people, by what its model says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics import times
from forensics.formats.ufdr import Model
from forensics.identity import account_id, participant_id
from forensics.model import Account, Name, Participant
from parsers.notes import Notes

PLATFORM = "export"
# Source of a model -> app; every other app keeps its name.
_APPS = {
    "whatsapp": "whatsapp",
    "whatsapp (dual app)": "whatsapp",
    "whatsapp business": "whatsapp_business",
    "telegram": "telegram",
    "signal": "signal",
}
_PHONE = re.compile(r"(\+?\d{7,15})(?:@s\.whatsapp\.net)?")
_ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlace:
    """The ids of an account. Two models are of one account when both name the same source and account."""

    app: str
    source: str
    handle: str | None
    account: str
    owner: str

    def person(self, party: Model) -> str:
        """The id of a person; the owner of the phone is one person."""
        if is_true(party.text("IsPhoneOwner")):
            return self.owner
        return participant_id(self.account, party.text("Identifier") or party.text("Name") or "unknown")

    def record(self, exhibit: str | None) -> Account:
        """The account."""
        return Account(
            id=self.account, app=self.app, platform=PLATFORM, handle=self.handle, phone=phone_of(self.handle),
            name=None, exhibit=exhibit,
        )  # fmt: skip

    def participant(self, party: Model) -> Participant:
        """A person by what one party says."""
        handle, name = party.text("Identifier"), party.text("Name")
        names = (Name(name=name, source="name in the report"),) if name is not None else ()
        key = self.person(party)
        return Participant(
            id=key, app=self.app, handle=handle, phone=phone_of(handle), names=names,
            is_owner=key == self.owner,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPlace(AccountPlace):
    """The ids of a chat."""

    conversation: str
    kind: str


def account_place(source: str, handle: str | None, file_sha256: str) -> AccountPlace:
    """The account that a model names; without a name the one of that source that has none."""
    app = _APPS.get(source.lower()) or re.sub(r"[^a-z0-9]+", "_", source.lower()).strip("_") or "unknown"
    account = account_id(app, PLATFORM, f"{source}:{handle}" if handle else None, f"{file_sha256}:{source}")
    return AccountPlace(
        app=app, source=source, handle=handle, account=account, owner=participant_id(account, "owner")
    )


def source_of(model: Model) -> str:
    """The app that a model is of, as the report calls it."""
    return model.text("Source") or "unknown"


def is_true(text: str | None) -> bool:
    """Whether a stored truth value is true."""
    return (text or "").lower() == "true"


def phone_of(text: str | None) -> str | None:
    """A number that stands as an identifier by itself."""
    found = _PHONE.fullmatch(text.strip()) if text else None
    return None if found is None else f"+{found[1].lstrip('+')}"


def instant_of(model: Model, name: str, table: str, number: int, notes: Notes) -> int | None:
    """A time with its zone; one without a zone is no instant and stays raw in a notice."""
    text = model.text(name)
    if text is None:
        return None
    if model.fields[name][0].format != "DateTimeOnly" and _ZONE.search(text):
        try:
            return times.parse_rfc3339(text)
        except (ValueError, OverflowError):
            problem = "is no time that can be read"
    else:
        problem = "has no zone: no instant is made of it"
    what = {"InstantMessage": "message", "Call": "call"}[table]
    notes.add("doubt", f"{what} {number}: {name} {problem}", table, number, text)
    return None
