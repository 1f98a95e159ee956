"""The record of a conversation, from what a parser knows of it; the same for all apps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from forensics.model import Account, Conversation


class Talk(Protocol):
    """What every parser keeps of a conversation; ``members`` are ids of participants in the order met."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def members(self) -> Iterable[str]: ...


def conversation_record(account: Account, talk: Talk, title: str | None, handle: str | None) -> Conversation:
    """The record under that title and the app's own identifier."""
    return Conversation(
        id=talk.id,
        app=account.app,
        platform=account.platform,
        account=account.id,
        kind=talk.kind,
        title=title,
        handle=handle,
        participants=tuple(talk.members),
    )
