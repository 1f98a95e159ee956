"""What several cases share: accounts, telephone numbers, payment handles, files and the texts of menus.

Of each case only what its authority covers today counts: what it left out is not there, and what stands there
under an authority that has lapsed is passed over. Who is privileged in one of the cases is told in none of
them. Equal values are a fact; that two cases have to do with each other is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from forensics.analysis.text import words
from forensics.authority import Scope, scope_of
from forensics.case import Case
from forensics.case_reader import CaseReader, Record
from forensics.errors import WrongUse
from forensics.ground import Talk, is_between_two, normalised
from forensics.handles import NUMBER, handles, telephone
from forensics.ingest import check_authority, today
from forensics.times import parse_rfc3339

# Kinds of what is shared, in the order of the table; ``number`` and ``payment`` stand in ``handles``.
KINDS = ("number", "account", "payment", "file", "menu")
_ACCOUNT, _FILE, _MENU = "account", "file", "menu"
# A shorter menu ("2 voor 20") is what anybody writes.
_FEWEST_WORDS = 5
# Records named for each case and value; all are counted.
MOST_NAMED = 20
_NUMBERED = ("@s.whatsapp.net", "@c.us")

Value = tuple[str, str]


class Seen(NamedTuple):
    """A value in a case: as what, in which record, when."""

    value: Value
    role: str
    record: str
    at: str | None


def check_cases(folders: Sequence[Path]) -> None:
    """WrongUse for fewer than two cases, or one that is named twice."""
    if len(folders) < 2:
        raise WrongUse("name at least two cases: what is shared is shared with another one")
    if len({each.resolve() for each in folders}) < len(folders):
        raise WrongUse("a case is named twice")


def shared(cases: Sequence[Case]) -> dict[str, Any]:
    """The cases and what at least two of them share. Refused where the authority of one has lapsed."""
    for case in cases:
        check_authority(case)
    labels = _labels(cases)
    ordered = sorted(range(len(cases)), key=lambda place: labels[place])
    in_several = _in_several([cases[place] for place in ordered])
    scopes = [scope_of(case.info) for case in cases]
    private = {value for value in in_several if _is_privileged(value, scopes)}
    found: dict[Value, list[Record]] = {value: [] for value in in_several - private}
    for place in ordered:
        for value, told in _told(cases[place], found).items():
            found[value].append({"case": labels[place], **told})
    return {
        "cases": [_described(cases[place], labels[place]) for place in ordered],
        "shared": [
            {"kind": value[0], "value": value[1], "cases": found[value]} for value in sorted(found, key=_rank)
        ],
        "privileged": len(private),
    }


def _rank(value: Value) -> tuple[int, str]:
    return KINDS.index(value[0]), value[1]


def _labels(cases: Sequence[Case]) -> list[str]:
    """The numbers of the cases; where two have the same one, with the name of the folder."""
    numbers = [str(case.info["number"]) for case in cases]
    return [
        number if numbers.count(number) == 1 else f"{number} ({case.folder.name})"
        for number, case in zip(numbers, cases, strict=True)
    ]


def _described(case: Case, label: str) -> Record:
    info = case.info
    return {
        "case": label,
        "number": info["number"],
        "exhibit": info.get("exhibit"),
        "authority": case.authority_reference,
    }


def _in_several(cases: Iterable[Case]) -> set[Value]:
    """The values that more than one case has."""
    first: dict[Value, int] = {}
    several: set[Value] = set()
    for place, case in enumerate(cases):
        for seen in values(case):
            if first.setdefault(seen.value, place) != place:
                several.add(seen.value)
    return several


def _told(case: Case, wanted: Iterable[Value]) -> dict[Value, Record]:
    """Of the wanted values: how often the case has each, as what, when first and last, in which records."""
    chosen, found = frozenset(wanted), dict[Value, Record]()
    for seen in values(case):
        if seen.value not in chosen:
            continue
        told = found.setdefault(
            seen.value, {"count": 0, "as": {}, "first": None, "last": None, "records": []}
        )
        told["count"] += 1
        told["as"][seen.role] = told["as"].get(seen.role, 0) + 1
        if seen.at is not None:
            told["first"] = min(told["first"] or seen.at, seen.at)
            told["last"] = max(told["last"] or seen.at, seen.at)
        if len(told["records"]) < MOST_NAMED and seen.record not in told["records"]:
            told["records"].append(seen.record)
    return found


def _is_privileged(value: Value, scopes: Iterable[Scope]) -> bool:
    """Whether an identifier is that of a privileged contact of any of the cases."""
    plain = value[1].partition(" ")[2] if value[0] == _ACCOUNT else value[1]
    return value[0] in (NUMBER, _ACCOUNT) and any(scope.is_privileged((plain,)) for scope in scopes)


def values(case: Case) -> Iterator[Seen]:
    """Everything in a case that another one could have too."""
    with case.snapshot():
        reader, covered = CaseReader(case), _Covered(case)
        belongs = covered.belonging(reader)
        for account in reader.accounts():
            if belongs is None or account["id"] in belongs:
                yield from _identified(account, "account")
        for person in reader.participants():
            if belongs is None or person["is_owner"] or person["id"] in belongs:
                yield from _identified(person, "owner" if person["is_owner"] else "participant")
        for message in reader.messages():
            if covered(message):
                yield from _in_message(message)
        yield from _menus(reader, covered)


class _Covered:
    """Whether the authorities of a case that are valid today cover a message of it."""

    def __init__(self, case: Case) -> None:
        self._scope = scope_of(case.info, today(case))
        # under the authorities under which it was read everything in the case was covered
        self._is_all = self._scope == scope_of(case.info)
        reader = CaseReader(case)
        self._conversations = {} if self._is_all else {each["id"]: each for each in reader.conversations()}
        self._people = {} if self._is_all else {each["id"]: each for each in reader.participants()}

    def __call__(self, message: Record) -> bool:
        if self._is_all:
            return True
        talk = self._conversations[message["conversation"]]
        people = {message["sender"], *(talk["participants"] if is_between_two(talk["kind"]) else ())}
        return self._scope.covers(
            Talk(
                app=message["app"],
                at=parse_rfc3339(message["sent_at"]) if message["sent_at"] else None,
                kind=message["kind"],
                conversation=_normalised(talk["handle"], talk["title"], talk["id"]),
                persons=frozenset(name for key in people for name in self._names(key)),
            )
        )

    def belonging(self, reader: CaseReader) -> frozenset[str] | None:
        """The ids of accounts and people that belong to a covered message; None where all do."""
        if self._is_all:
            return None
        found, talks = set[str](), set[str]()
        for message in reader.messages():
            if self(message):
                talks.add(message["conversation"])
                found.update([message["sender"]] if message["sender"] else ())
        for each in talks:
            found.update((self._conversations[each]["account"], *self._conversations[each]["participants"]))
        return frozenset(found)

    def _names(self, key: str | None) -> frozenset[str]:
        """What a person other than the owner is called."""
        person = self._people.get(key or "")
        if person is None or person["is_owner"]:
            return frozenset()
        return _normalised(person["handle"], person["phone"], *(each["name"] for each in person["names"]))


def _normalised(*identifiers: str | None) -> frozenset[str]:
    return frozenset(normalised(each) for each in identifiers if each)


def _identified(person: Record, role: str) -> Iterator[Seen]:
    """By the number where there is one, and by the app's own identifier, which counts within that app."""
    handle, phone = person["handle"], person["phone"]
    number = telephone(phone or "") or (_numbered(handle) if handle else None)
    if number:
        yield Seen((NUMBER, number), role, person["id"], None)
    if handle and not _numbered(handle):
        yield Seen((_ACCOUNT, f"{_family(person['app'])} {handle.casefold()}"), role, person["id"], None)


def _numbered(handle: str) -> str | None:
    """The number in an identifier that is one."""
    return telephone(handle) if handle.startswith("+") or handle.endswith(_NUMBERED) else None


def _family(app: str) -> str:
    """The network that an identifier belongs to: WhatsApp Business is on WhatsApp's."""
    return app.removesuffix("_business")


def _in_message(message: Record) -> Iterator[Seen]:
    key, at = message["id"], message["sent_at"]
    texts = [message["text"], *(each["text"] for each in message["edits"])]
    texts += [each["caption"] for each in message["attachments"] if each["caption"] != message["text"]]
    for text in texts:
        for value in handles(text) if text else ():
            yield Seen(value, "text", key, at)
    for attachment in message["attachments"]:
        if attachment["sha256"] and attachment["size"]:
            yield Seen((_FILE, attachment["sha256"]), attachment["kind"], key, at)
    for contact in message["contacts"]:
        for phone in contact["phones"]:
            number = telephone(phone)
            if number:
                yield Seen((NUMBER, number), "card", key, at)


def _menus(reader: CaseReader, covered: _Covered) -> Iterator[Seen]:
    """The texts of flagged menus by their words: capitals, signs and spaces do not count."""
    wanted = set[str]()
    for flag in reader.flags():
        if flag["kind"] == "menu":
            wanted.update(flag["own"] if "own" in flag else flag["messages"])
    for _, message in reader.flagged():
        if message["id"] in wanted and message["text"] and covered(message):
            found = words(message["text"])
            if len(found) >= _FEWEST_WORDS:
                yield Seen((_MENU, " ".join(found)), "menu", message["id"], message["sent_at"])
