"""Media that Telegram for Android keeps encrypted on the phone: those with a timer, in secret chats mostly.

Source: the client DrKLO/Telegram, FileLoadOperation and EncryptedFileInputStream ("from source", fixtures
only): ``<name>.enc`` beside the other media, ``<name>.enc.key`` in the app's own cache, 32 bytes of a key and
16 of a counter. AES-256-CTR; the last four bytes of the counter are the number of the block, so they begin
at nothing whatever the file holds there. There is no code: the size is all there is to compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial

from forensics.errors import EvidenceUnreadable
from forensics.evidence import STEP_INTO
from forensics.model import Attachment
from forensics.parser import Installation, Media
from parsers.counter_mode import decrypted
from parsers.notes import Notes
from parsers.telegram_remarks import Remark

_KEY, _COUNTER, _BLOCK_NUMBER = 32, 16, 4
SEALED, KEY = ".enc", ".key"
_OPENED = f"{STEP_INTO}decrypted"
_UNVERIFIED = "the file has no authentication code: nothing shows that it was decrypted to what it was"


def unverified(attachments: Sequence[Attachment]) -> list[Remark]:
    """What the record of a message says where one of its files was opened here."""
    opened = any(
        each.present and each.path is not None and each.path.endswith(_OPENED) for each in attachments
    )
    return [Remark("decrypted medium", _UNVERIFIED)] if opened else []


class Sealed:
    """Opens such files of one account."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._installation = installation
        self._notes = notes

    def find(self, name: str, size: int | None) -> Media | None:
        """The decrypted file that was kept under that name; None where there is none that can be opened, or
        it is not of the size that its message states."""
        name = f"{name}{SEALED}"
        opened = self._installation.open_media(name)
        if opened is None:
            return None
        path, stream = opened
        try:
            with stream:
                key = self._key(name)
                if key is None:
                    self._notes.count(
                        "encrypted media (.enc) whose key file is not in the evidence or not whole"
                    )
                    return None
                digest, length = hashlib.sha256(), 0
                counter = key[_KEY:-_BLOCK_NUMBER] + bytes(_BLOCK_NUMBER)
                for clear in decrypted(stream, key[:_KEY], counter):
                    digest.update(clear)
                    length += len(clear)
        except EvidenceUnreadable as error:
            self._notes.add("damage", f"{path} or its key cannot be read: {error}", None)
            return None
        if size is not None and size != length:
            text = f"{path}: decrypted it has {length} bytes, its message states {size}: it is not whole"
            self._notes.add("doubt", text, None)
            return None
        self._installation.media_bytes.decrypts(
            f"{path}{_OPENED}",
            partial(self._installation.open_media, name),
            partial(decrypted, key=key[:_KEY], counter=counter),
        )
        self._notes.count(f"encrypted media (.enc) that were decrypted: {_UNVERIFIED}")
        return Media(path=f"{path}{_OPENED}", size=length, sha256=digest.hexdigest())

    def _key(self, name: str) -> bytes | None:
        """Key and counter; the file is in the app's own cache, under the last part of the name."""
        opened = self._installation.open_media(f"{name.rpartition('/')[2]}{KEY}")
        if opened is None:
            return None
        with opened[1] as stream:
            found = stream.read(_KEY + _COUNTER)
        return found if len(found) == _KEY + _COUNTER else None
