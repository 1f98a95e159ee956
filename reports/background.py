"""What every chapter draws on: the case, the words, the people, and the numbers that a reader can quote."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from forensics.device_clock import recorded_offset
from forensics.digest import sha256
from forensics.hit_language import own_reasons
from forensics.pictures import NO_PICTURES, Pictures
from forensics.platforms import PublicNames
from forensics.substance_names import substance_names
from forensics.textual import joined
from forensics.words import Words
from reports.clock import Clock
from reports.glyphs import tokens
from reports.reader import CaseReader, Record
from reports.shortening import MOST_NAME, MOST_TEXT, shortened

# What pages of messages need of the background.
_CARRIED = (
    *("words", "version", "zone", "_clock", "stored_clock", "conversation_numbers", "flag_kinds", "accounts"),
    *("people", "files", "copies", "is_compared", "pictures"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A message that a flag names: its item number, its place in the conversation from 1, its record (of a
    copy that stands beside it: the record with the copy's text, source and sender), and that of its texts in
    which the rules matched: the stored one, an older one, or the copy's."""

    number: str
    place: int
    message: Record
    text: str
    # what kind of copy the text is, where it is not the message's own
    copy: str = ""


def _matched_text(message: Record, rules: Iterable[Record]) -> str:
    """The newest of a message's texts in which everything stands where the rules matched it."""
    texts = [message["text"], *(each["text"] for each in reversed(message["edits"]))]
    kept = [text for text in texts if text]
    matched = list(rules)
    for text in kept:
        if all(text[rule["start"] : rule["end"]] == rule["text"] for rule in matched):
            return str(text)
    return str(kept[0]) if kept else ""


class Background:
    """One case seen through one language; everything is read at most once."""

    def __init__(
        self, case: CaseReader, language: str, version: str, pictures: Pictures = NO_PICTURES
    ) -> None:
        self.case = case
        self.words = Words(language)
        self.version = version
        self.info = case.info
        self.zone = str(case.info["timezone"])
        self._clock = Clock(self.zone)
        self.pictures = pictures
        # Rows that one spreadsheet has made and the other can use.
        self.rows: list[tuple[str | int | None, ...]] | None = None
        # by item, file and table, how the places of their rows begin
        self._places: dict[tuple[str, str, str], str] = {}

    @classmethod
    def of_records(
        cls,
        language: str,
        version: str,
        accounts: dict[str, Record],
        people: dict[str, Record],
        flag_kinds: dict[str, tuple[str, ...]],
    ) -> Background:
        """For pages of messages where there is no case: times in UTC, no pictures, nothing compared."""
        made = cls.__new__(cls)
        known: dict[str, object] = {"words": Words(language), "version": version, "zone": "UTC"}
        known |= {"accounts": accounts, "people": people, "flag_kinds": flag_kinds}
        known |= {
            "_clock": Clock("UTC"),
            "stored_clock": Clock("UTC"),
            "conversation_numbers": {},
            "files": {},
        }
        known |= {"copies": {}, "is_compared": False, "pictures": NO_PICTURES, "_places": {}}
        vars(made).update(known)
        return made

    def __getstate__(self) -> dict[str, object]:
        """For another process, which makes pages of messages: what these need, without the case."""
        return {name: getattr(self, name) for name in _CARRIED} | {"_places": {}}

    @cached_property
    def conversations(self) -> tuple[Record, ...]:
        """The conversations in export order; a conversation's number is its place in it, from 1."""
        return tuple(self.case.conversations())

    @cached_property
    def conversation_numbers(self) -> dict[str, int]:
        return {each["id"]: number for number, each in enumerate(self.conversations, 1)}

    @cached_property
    def flags(self) -> tuple[Record, ...]:
        """The machine flags in export order; a flag's number is its place in it, from 1."""
        return tuple(self.case.flags())

    @cached_property
    def flag_kinds(self) -> dict[str, tuple[str, ...]]:
        """The kinds of flags by the message that they name, sorted."""
        found: dict[str, set[str]] = {}
        for flag in self.flags:
            for key in flag["messages"]:
                found.setdefault(key, set()).add(flag["kind"])
        return {key: tuple(sorted(kinds)) for key, kinds in found.items()}

    @cached_property
    def accounts(self) -> dict[str, Record]:
        return {each["id"]: each for each in self.case.accounts()}

    @cached_property
    def people(self) -> dict[str, Record]:
        return {each["id"]: each for each in self.case.participants()}

    @cached_property
    def public_names(self) -> PublicNames:
        """The public names of channels and groups, as far as they are recorded."""
        return PublicNames(self.people.values())

    @cached_property
    def log(self) -> tuple[Record, ...]:
        """The entries of the custody log up to the last one that changed the case."""
        return tuple(json.loads(line) for line in self.case.log_lines())

    @cached_property
    def files(self) -> dict[tuple[str, str], str]:
        """The short number (F1, F2 ...) of every file read, by evidence SHA-256 and path."""
        found = ((item["sha256"], file["path"]) for item in self.case.evidence() for file in item["files"])
        return {place: f"F{number}" for number, place in enumerate(dict.fromkeys(found), 1)}

    @cached_property
    def flagged(self) -> dict[str, Flagged]:
        """The messages that flags name, by id, in the order of conversation and time."""
        found, rules = {}, self._flagged_texts()
        for place, message in self.case.flagged():
            number = f"{self.conversation_numbers.get(message['conversation'])}-{place}"
            text = _matched_text(message, rules.get(message["id"], ()))
            found[message["id"]] = Flagged(number=number, place=place, message=message, text=text)
        return found

    def flagged_in(self, flag: Record) -> tuple[Flagged, ...]:
        """The texts that a flag was read from: of its messages, and of copies that stand beside them."""
        own = flag.get("own", flag["messages"])
        found = [self.flagged[each] for each in own if each in self.flagged]
        for copy in flag.get("copies", ()):
            if copy["message"] in self.flagged:
                found.append(self._copied(self.flagged[copy["message"]], copy))
        return tuple(sorted(found, key=lambda each: each.place)) if flag.get("copies") else tuple(found)

    def _copied(self, beside: Flagged, copy: Record) -> Flagged:
        changed = {"text": copy["text"], "source": copy["source"]}
        if not copy["copy_of"]:  # beside another's message: the one whose row keeps it
            changed |= {"sender": copy["sender"], "from_owner": copy["from_owner"]}
            changed |= {"sent_at": copy["sent_at"]} if copy["sent_at"] else {}
        message = {**beside.message, **changed}
        return Flagged(
            number=beside.number,
            place=beside.place,
            message=message,
            text=copy["text"],
            copy=self.copy_kind(copy),
        )

    def copy_kind(self, copy: Record) -> str:
        """What kind of copy it is, in words."""
        kind = "copy.normalised" if copy["normalised"] else "copy.as_it_was"
        return joined(self.words(kind), self.words.code("copy", copy["origin"]), separator=", ")

    @cached_property
    def copies(self) -> dict[str, list[Record]]:
        """The copies of texts by the message that they are copies of; what a reply quotes stands there."""
        found: dict[str, list[Record]] = {}
        for each in self.case.copies():
            if each["copy_of"]:
                found.setdefault(each["copy_of"], []).append(each)
        return found

    def _flagged_texts(self) -> dict[str, list[Record]]:
        """The rules of all flags by the message whose own text they matched."""
        found: dict[str, list[Record]] = {}
        for flag in self.flags:
            for rule in flag["rules"]:
                is_own = rule.get("message") is not None and not rule.get("copy")
                if is_own and rule.get("start") is not None:
                    found.setdefault(rule["message"], []).append(rule)
        return found

    @cached_property
    def tokens(self) -> Counter[int]:
        """In how many texts, names and titles each character stands that is printed as a token."""
        names = (str(each["name"]) for person in self.people.values() for each in person["names"])
        titles = (str(each["title"]) for each in self.conversations if each["title"])
        shown = (text[:MOST_TEXT] for text in self.case.texts())  # no page shows more of one
        return tokens(chain(shown, names, titles))

    @cached_property
    def totals(self) -> Record:
        """What the case has of each app."""
        return self.case.totals()

    @cached_property
    def device_pairs(self) -> tuple[Record, ...]:
        """Every two accounts that share conversations."""
        return tuple(self.case.device_pairs())

    @cached_property
    def is_compared(self) -> bool:
        """Whether any message was seen more than once."""
        return bool(
            self.device_pairs or self.case.merged() or next(iter(self.case.differences()), None) is not None
        )

    @cached_property
    def item_numbers(self) -> dict[str, str]:
        """The item numbers (conversation-message) of the flagged messages."""
        return {key: each.number for key, each in self.flagged.items()}

    @property
    def substances(self) -> Mapping[str, str]:
        """The names of the substances of the word list, by id."""
        return substance_names(self.words.language)

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        """What the rules say of themselves, by id: in English, as stored, and in the report's language."""
        return own_reasons(self.words.language)

    def conversation(self, key: str) -> Record | None:
        """The conversation of that id."""
        number = self.conversation_numbers.get(key)
        return self.conversations[number - 1] if number else None

    def place(self, source: Record) -> str:
        """Where the evidence holds it: file number, table, row, and of recovered rows page and byte."""
        evidence, path, table = source["evidence_sha256"], source["path"], source["table"]
        row = source["rowid"] if source["rowid_key"] is None else source["rowid_key"]
        known = self._places.get((evidence, path, table))
        if known is not None and row is not None and source["page"] is None and source["offset"] is None:
            return f"{known} {row}"
        number = self.files.get((evidence, path)) or path
        if number and table:
            self._places[evidence, path, table] = f"{number} {table} {self.words('source.row')}"
        parts = [number, table or ""]
        for word, value in (("row", row), ("page", source["page"]), ("offset", source["offset"])):
            if value is not None:
                parts.append(f"{self.words(f'source.{word}')} {value}")
        return " ".join(part for part in parts if part)

    @cached_property
    def exhibits(self) -> tuple[str, ...]:
        """The exhibits of the case and of its items of evidence, each once."""
        found = (self.info["exhibit"], *(item["exhibit"] for item in self.case.evidence()))
        return tuple(dict.fromkeys(str(each) for each in found if each))

    @cached_property
    def report_id(self) -> str:
        """The case number and a digest over the last log entry that changed the case."""
        lines = self.case.log_lines()
        head = sha256(lines[-1].rstrip(b"\n") if lines else b"")[:12]
        return f"{self.info['number']}-{head}"

    def name(self, participant: str | None) -> str:
        """The display name of a participant, else the identifier, else what the words say of nobody."""
        if participant is None:
            return self.words("sender_unknown")
        person = self.people.get(participant)
        if person is None:
            return participant
        if person["names"]:
            return self.shortened(str(person["names"][0]["name"]), MOST_NAME)
        return self.identifier(participant) or (self.words("owner") if person["is_owner"] else participant)

    def identifier(self, participant: str | None) -> str:
        """The phone number or identifier as stored, as far as pages show one, or nothing."""
        person = self.people.get(participant or "")
        return self.shortened(str(person["phone"] or person["handle"] or ""), MOST_NAME) if person else ""

    def conversation_title(self, conversation: Record) -> str:
        """Its title as stored, else the other people in it, else its identifier."""
        if conversation["title"]:
            return self.shortened(str(conversation["title"]), MOST_NAME)
        others = [
            each for each in conversation["participants"] if not self.people.get(each, {}).get("is_owner")
        ]
        named = joined(*(self.name(each) for each in others[:4]), separator=", ")
        return named or self.shortened(str(conversation["handle"] or conversation["id"]), MOST_NAME)

    def shortened(self, text: str, most: int = MOST_TEXT) -> str:
        """The text, or its beginning and a statement of what is not shown; the data files have it whole."""
        return shortened(self.words, text, most)

    def time(self, text: str | None) -> str:
        """A record's time in the case's zone with offset, as 2026-02-01 21:15:03 +01:00; empty for None."""
        return self._clock.shown(text) if text else ""

    def stored_time(self, text: str | None) -> str:
        """The same of a time that an app of the device stored: with the recorded offset of its clock behind
        it, which is never applied."""
        return self.stored_clock.shown(text) if text else ""

    @cached_property
    def stored_clock(self) -> Clock:
        """Without a mark where no offset is recorded, or where several exhibits have a clock each."""
        exhibits = (each["exhibit"] for each in self.case.evidence())
        seconds = recorded_offset(self.info.get("config"), exhibits)
        return Clock(self.zone, "" if seconds is None else f" {self.words('clock.mark', seconds=seconds)}")

    def configured(self, *paths: str) -> tuple[str, ...]:
        """The values that the case configuration gives at the first of these dotted paths that is filled."""
        for path in paths:
            found: object = self.info.get("config") or {}
            for step in path.split("."):
                found = found.get(step) if isinstance(found, Mapping) else None
            if found not in (None, "", [], {}):
                return tuple(_texts(found))
        return ()


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        return [f"{key}: {text}" for key, each in value.items() for text in _texts(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in _texts(each)]
    return [str(value)]


def texts(*values: object) -> tuple[str, ...]:
    """The values that are not empty, as text."""
    return tuple(text for value in values if value not in (None, "", [], {}) for text in _texts(value))
