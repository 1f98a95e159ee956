"""Dialog and message ids of Telegram for Android: one form for both generations.

Source: Telegram reference 2.2 and 2.3 (DialogObject of the client). A user's dialog is the user's id; a
group's or channel's the negated id; a secret chat's has bit 62 set, or was the chat's id shifted by 32.
"""

from __future__ import annotations

from forensics.parser import FIRST_MADE_ID

_SECRET, _FOLDER = 1 << 62, 1 << 61
_LOW = 0xFFFFFFFF


def dialog_id(stored: int) -> int:
    """The dialog id in the newer form; only that of a secret chat was written differently."""
    if stored and not stored & _LOW:
        return _SECRET | (stored >> 32) & _LOW
    return stored


def is_secret(dialog: int) -> bool:
    """Whether a dialog is a secret chat."""
    return dialog >= _SECRET


def is_folder(dialog: int) -> bool:
    """Whether a row of ``dialogs`` is a folder (the archive) and no dialog."""
    return _FOLDER <= dialog < _SECRET


def secret_dialog(chat: int) -> int:
    """The dialog of a row of ``enc_chats``, whose id is signed."""
    return _SECRET | chat & _LOW


def message_id(stored: int) -> int:
    """A message's number: old tables have the channel in the upper half. One that is lost stays what stands
    for it."""
    return stored & _LOW if _LOW < stored < FIRST_MADE_ID else stored


def number_text(number: int) -> str | None:
    """A message's number as its id in the app; None where that is lost."""
    return str(number) if number < FIRST_MADE_ID else None
