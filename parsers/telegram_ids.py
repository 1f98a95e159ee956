"""Dialog and message ids of Telegram for Android: one form for both generations.

Source: Telegram reference 2.2 and 2.3 (DialogObject of the client). A user's dialog is the user's id; a
group's or channel's the negated id; a secret chat's has bit 62 set, or was the chat's id shifted by 32.
"""

from __future__ import annotations

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
    """A message's number: old tables have the channel in the upper half."""
    return stored & _LOW if stored > _LOW else stored
