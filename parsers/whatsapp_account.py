"""Whose WhatsApp this is: the preferences, and what the databases say where there are none.

Source: WhatsApp reference 1 (ALEAPP, IPED, WAInsight): all of the files are read, the first value that is
not empty counts. Preferences are Android's XML of ``<string name="KEY">VALUE</string>``; only these are
looked at, with a pattern, so that no document type or entity of a hostile file is ever followed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from forensics.identity import account_id
from forensics.model import Account
from forensics.parser import Installation, SideFile
from parsers.notes import Notes
from parsers.whatsapp_people import PHONE_SERVERS, split_jid

# In the order in which they are believed.
PREFERENCES = (
    "com.whatsapp_preferences_light.xml",
    "com.whatsapp.w4b_preferences_light.xml",
    "startup_prefs.xml",
    "registration.registerphone.xml",
    "com.whatsapp.registration.registerphone.xml",
    "com.whatsapp_preferences.xml",
    "com.whatsapp.w4b_preferences.xml",
)
_REGISTER = "com.whatsapp.registration.RegisterPhone."
_STRING = re.compile(r'<string\s+name="([^"]*)"\s*>([^<]*)</string\s*>')


def is_preference(path: str) -> bool:
    """Whether a file at that path is one of the preferences that name the account; a name that is not
    WhatsApp's own counts in its folder only."""
    place = PurePosixPath(path.replace("\\", "/"))
    name = place.name.lower()
    return name in PREFERENCES and (name.startswith("com.whatsapp") or place.parent.name == "shared_prefs")


@dataclass(slots=True)
class Preferences:
    """The values of all preference files: key -> [(value, path)], the most believed first."""

    values: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def first(self, *keys: str) -> str | None:
        """The first value that is not empty of the first key that has one."""
        return next((self.values[key][0][0] for key in keys if key in self.values), None)


def read_preferences(files: Iterable[SideFile]) -> Preferences:
    """The text values of the files, in the order in which they are believed."""
    found = Preferences()
    for file in sorted((file for file in files if is_preference(file.path)), key=_belief):
        for key, value in _strings(file.data):
            if value:
                found.values.setdefault(key, []).append((value, file.path))
    return found


def _belief(file: SideFile) -> tuple[int, str]:
    return PREFERENCES.index(PurePosixPath(file.path.replace("\\", "/")).name.lower()), file.path


def _strings(data: bytes) -> Iterator[tuple[str, str]]:
    for match in _STRING.finditer(data.decode("utf-8", "replace")):
        yield html.unescape(match[1]), html.unescape(match[2]).strip()


def preferred_number(preferences: Preferences) -> str | None:
    """The owner's number as digits with country code: the registered jid, else country code and number."""
    registered = preferences.first("registration_jid")
    if registered:
        user, server = split_jid(registered)
        number = user if server in PHONE_SERVERS else registered
        return _digits(number)
    for country, national in (
        ("cc", "ph"),
        (f"{_REGISTER}country_code", f"{_REGISTER}phone_number"),
    ):
        code, local = preferences.first(country), preferences.first(national)
        if code and local:
            return _digits(code + local)
    return None


def _digits(text: str) -> str | None:
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    return digits or None


def make_account(installation: Installation, app: str, *, number: str | None, name: str | None) -> Account:
    """The account of that number; without one its id is that of the database."""
    handle = f"{number}@s.whatsapp.net" if number else None
    return Account(
        id=account_id(app, "android", handle, installation.file_sha256),
        app=app,
        platform="android",
        handle=handle,
        phone=f"+{number}" if number else None,
        name=name,
        exhibit=installation.exhibit,
    )


def note_contradictions(preferences: Preferences, notes: Notes) -> None:
    """Say where the preference files name more than one account."""
    for key in ("registration_jid", "ph", "push_name"):
        values = preferences.values.get(key, [])
        if len({value for value, _path in values}) > 1:
            raw = "; ".join(f"{path}: {value}" for value, path in values)
            notes.add(
                "doubt",
                f"the preferences hold more than one value of {key}; the first was used",
                None,
                raw=raw,
            )
