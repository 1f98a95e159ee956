"""What an info message of Signal for iOS says, in words: changes of groups, names, numbers and timers.

Source: the app's own ("from source": Signal-iOS, TSInfoMessage.m, TSInfoMessage+GroupUpdates.swift,
TSInfoMessage+ProfileChanges.swift). Details stand in an archive; changes of a group are JSON within it, each
by the name that the app gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from forensics.formats.json_stream import fault
from parsers import signal_archive, signal_json
from parsers.signal_archive import ArchiveError
from parsers.signal_json import JsonError, Object
from parsers.signal_people import joined
from parsers.signal_updates import timer_words

# How a person of that service id or number is called.
Speak = Callable[[str], str]
_KEY = "InfoMessageUserInfoKey"
_ITEMS, _SINGLE_ITEMS = f"{_KEY}UpdateMessagesV2", f"{_KEY}UpdateMessages"
_OLD_GROUP, _NEW_GROUP = f"{_KEY}OldGroupModel", f"{_KEY}NewGroupModel"
_BY = f"{_KEY}GroupUpdateSourceAddress"
_PROFILE = f"{_KEY}ProfileChanges"
_OLD_NUMBER, _NEW_NUMBER = f"{_KEY}ChangePhoneNumberOld", f"{_KEY}ChangePhoneNumberNew"
_TIMER = f"{_KEY}NewDisappearingMessageToken"
_NUMBERS = (f"{_KEY}ThreadMergePhoneNumber", f"{_KEY}SessionSwitchoverPhoneNumber")
_FORMER = (
    f"{_KEY}PhoneNumberDisplayNameBeforeLearningProfileName",
    f"{_KEY}UsernameDisplayNameBeforeLearningProfileName",
)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_DEPTH = 8


def details(info: Object, speak: Speak) -> str | None:
    """An event in words; None where nothing of it is known here. Raises ArchiveError."""
    return "; ".join(each for each in _details(info, speak) if each) or None


def _details(info: Object, speak: Speak) -> Iterator[str | None]:
    by = signal_archive.service_id(info.get(_BY))
    if by is not None:
        yield f"by {speak(by)}"
    items = list(_items(info))
    yield from (_item(each, speak) for each in items)
    if not items:
        yield from _group_names(info)
    yield _profile(signal_json.object_of(info, _PROFILE))
    old, new = (signal_json.text_of(info, key) for key in (_OLD_NUMBER, _NEW_NUMBER))
    if old or new:
        yield f"number {old or 'not stored'} before, {new or 'not stored'} now"
    timer = signal_json.object_of(info, _TIMER)
    if timer:
        seconds = signal_json.integer_of(timer, "durationSeconds") or 0
        yield timer_words(seconds if timer.get("isEnabled") is not False else 0)
    number, former = signal_json.text_of(info, *_NUMBERS), signal_json.text_of(info, *_FORMER)
    yield f"number {number}" if number else None
    yield f"before known as {former}" if former else None


def _items(info: Object) -> Iterator[tuple[str, object]]:
    """The changes of a group by the app's own names for them."""
    for key in (_ITEMS, _SINGLE_ITEMS):
        data = signal_json.object_of(info, key).get("messagesKey")
        if isinstance(data, bytes):
            try:
                found = signal_json.value_in(data.decode())
            except JsonError as error:
                raise ArchiveError(f"its changes are no JSON: {error}") from error
            except UnicodeDecodeError as error:
                raise ArchiveError(f"its changes are no JSON: {fault(error)}") from error
            for each in found if isinstance(found, list) else [found]:
                if isinstance(each, dict):
                    yield from each.items()


def _item(item: tuple[str, object], speak: Speak) -> str:
    name, value = item
    words = list(_values(value, "", speak, 0))
    what = _CAPITAL.sub(" ", name).lower()
    return f"{what}: {', '.join(words)}" if words else what


def _values(value: object, name: str, speak: Speak, depth: int) -> Iterator[str]:
    """The values of a change: people by their names, the rest with what it is called."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _values(each, key, speak, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _values(each, name, speak, depth + 1)
    elif value is not None:
        service = signal_archive.service_id(value)
        label = "" if name.startswith("_") else _CAPITAL.sub(" ", name).lower()
        yield speak(service) if service is not None else f"{label} {value}".strip()


def _group_names(info: Object) -> Iterator[str]:
    """A new title, where the old and the new state of the group are all there is."""
    old, new = (
        signal_json.text_of(signal_json.object_of(info, key), "groupName", "name")
        for key in (_OLD_GROUP, _NEW_GROUP)
    )
    if _NEW_GROUP in info and old != new:
        yield f"title: {new or ''}"


def _profile(changes: Object) -> str | None:
    if not changes:
        return None
    names = [
        signal_json.text_of(changes, f"{when}NameLiteral")
        or joined(*_components(changes.get(f"{when}NameComponents"), 0))
        for when in ("old", "new")
    ]
    return f"profile name: {names[0]!r} before, {names[1]!r} now" if any(names) else None


def _components(value: object, depth: int) -> Iterator[str]:
    """Given and family name, however deep the archive keeps them."""
    if not isinstance(value, dict) or depth > _MOST_DEPTH:
        return
    for wanted in ("givenName", "familyName"):
        yield from (
            each for key, each in value.items() if str(key).endswith(wanted) and isinstance(each, str)
        )
    for each in value.values():
        yield from _components(each, depth + 1)
