"""Which messages are printed: the selected ones with their context, and how many are left out (rule D16)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from forensics.textual import joined
from reports.background import Background
from reports.blocks import Field
from reports.bubbles import Bubble, Presenter
from reports.reader import Record
from reports.shortening import MOST_NAME

CONTEXT = 10
# A small case without flags is printed whole: there is nothing to select by, and nothing to leave out.
SMALL = 300
# Texts of this length or more are printed once; after that the place is named where they were printed.
REPEATED = 120

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The beginning of a conversation in print."""

    number: int
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """``count`` messages are not shown here."""

    count: int


Excerpt = Heading | Gap | Bubble


class Selection:
    """What is printed: of each conversation the selected messages, or all of them (None)."""

    def __init__(self, background: Background, printed: Collection[str] | None = None) -> None:
        """``printed``: ids of conversations to print whole; without it those with a flag, in windows."""
        self.background = background
        self._presenter = Presenter(background)
        self._printer = Presenter(background, is_brief=True)
        self.chosen: dict[str, frozenset[str] | None] = {}
        self.stretches: tuple[Record, ...] = ()
        known = {each["id"]: each for each in background.conversations}
        if printed is not None:
            self.chosen = {each: None for each in known if each in set(printed)}
        elif picked := background.case.selection():
            self.stretches = tuple(picked)
            self.chosen = _picked(each for each in picked if each["conversation"] in known)
        elif background.flags:
            self.chosen = _flagged(background.flags, known)
        elif sum(each["messages"] for each in known.values()) <= SMALL:
            self.chosen = dict.fromkeys(known)

    @property
    def is_whole(self) -> bool:
        """Whether every printed conversation is printed in full."""
        return not any(selected is not None for selected in self.chosen.values())

    def excerpts(self) -> Iterator[Excerpt]:
        """Headings, gaps and bubbles in the order of print."""
        numbers, seen = self.background.conversation_numbers, dict[str, str]()
        if self.stretches:
            yield from self._picked(numbers)
            return
        for conversation in self.background.conversations:
            if conversation["id"] in self.chosen:
                yield self.heading(conversation)
                for each in self._conversation(conversation["id"], numbers[conversation["id"]]):
                    yield self._once(each, seen) if isinstance(each, Bubble) else each

    def _picked(self, numbers: Mapping[str, int]) -> Iterator[Excerpt]:
        """What persons selected, in their order; a conversation is read once, however often it is in it."""
        conversations = {each["id"]: each for each in self.background.conversations}
        found = dict[int, list[Excerpt]]()
        for key in self.chosen:
            found |= self._of_conversation(key, numbers[key])
        for place, stretch in enumerate(self.stretches):
            if place not in found:
                continue  # not in the case any more, which the table of the selection says
            heading = self.heading(conversations[stretch["conversation"]])
            fields = tuple(_picked_fields(self.background, place + 1, stretch))
            yield replace(heading, fields=(*fields, *heading.fields))
            yield from found[place]

    def _of_conversation(self, key: str, number: int) -> dict[int, list[Excerpt]]:
        """The printed parts of every item of one conversation, by the place of the item."""
        mine = {
            place: frozenset(each["messages"])
            for place, each in enumerate(self.stretches)
            if each["conversation"] == key
        }
        near = {place: Near(messages) for place, messages in mine.items()}
        for position, message in enumerate(self.background.case.messages(key), 1):
            for each in near.values():
                each.take(position, message)
        return {
            place: [
                part if isinstance(part, Gap) else self._printer.bubble(f"{number}-{part[0]}", part[1])
                for part in each.parts()
            ]
            for place, each in near.items()
        }

    def _once(self, bubble: Bubble, seen: dict[str, str]) -> Bubble:
        """The bubble; of a long text that was printed before, where: nobody reads it twenty times."""
        if len(bubble.text) < REPEATED:
            return bubble
        first = seen.setdefault(bubble.text, bubble.number)
        if first == bubble.number:
            return bubble
        words = self.background.words
        text = words("text.repeated", number=first, count=len(bubble.text))
        return replace(bubble, text="", details=((words("kind.text"), text), *bubble.details))

    def heading(self, conversation: Record) -> Heading:
        """The heading of a conversation with what is known of it."""
        return Heading(
            number=self.background.conversation_numbers[conversation["id"]],
            title=self.background.conversation_title(conversation),
            fields=tuple(conversation_fields(self.background, conversation)),
        )

    def bubbles(self, conversation: str) -> Iterator[Bubble]:
        """Every message of one conversation."""
        number = self.background.conversation_numbers[conversation]
        for place, message in enumerate(self.background.case.messages(conversation), 1):
            yield self._presenter.bubble(f"{number}-{place}", message)

    def _conversation(self, conversation: str, number: int) -> Iterator[Excerpt]:
        selected = self.chosen[conversation]
        numbered = enumerate(self.background.case.messages(conversation), 1)
        if selected is None:
            for place, message in numbered:
                yield self._printer.bubble(f"{number}-{place}", message)
            return
        for each in with_context(numbered, lambda pair: pair[1]["id"] in selected, CONTEXT):
            yield each if isinstance(each, Gap) else self._printer.bubble(f"{number}-{each[0]}", each[1])


class Near:
    """Gathers the selected messages with their context while a conversation goes by."""

    def __init__(self, selected: frozenset[str]) -> None:
        self._selected = selected
        self._parts: list[tuple[int, Record] | Gap] = []
        self._before: deque[tuple[int, Record]] = deque(maxlen=CONTEXT)
        self._left_out, self._after = 0, 0

    def take(self, position: int, message: Record) -> None:
        """The next message."""
        if message["id"] in self._selected:
            gap = self._left_out - len(self._before)
            self._parts += [Gap(count=gap)] if gap else []
            self._parts += [*self._before, (position, message)]
            self._before.clear()
            self._left_out, self._after = 0, CONTEXT
        elif self._after:
            self._parts.append((position, message))
            self._after -= 1
        else:
            self._before.append((position, message))
            self._left_out += 1

    def parts(self) -> list[tuple[int, Record] | Gap]:
        """What is printed, with a Gap wherever messages are left out."""
        return [*self._parts, Gap(count=self._left_out)] if self._left_out else self._parts


def _picked(stretches: Iterable[Record]) -> dict[str, frozenset[str] | None]:
    chosen: dict[str, frozenset[str] | None] = {}
    for each in stretches:
        chosen[each["conversation"]] = (chosen.get(each["conversation"]) or frozenset()) | frozenset(
            each["messages"]
        )
    return chosen


def _picked_fields(background: Background, place: int, stretch: Record) -> Iterator[Field]:
    words = background.words
    by = joined(stretch["by"], background.time(stretch["at"]))
    count = words("picked.count", place=place, count=len(stretch["messages"]))
    values = {"item": count, "by": by, "note": stretch["note"]}
    for name, value in values.items():
        if value:
            yield Field(key=f"D15.picked_{name}", label=words(f"picked.{name}"), values=(value,))


def _flagged(flags: Iterable[Record], known: Collection[str]) -> dict[str, frozenset[str] | None]:
    chosen: dict[str, frozenset[str] | None] = {}
    for flag in flags:
        if flag["conversation"] in known:
            before = chosen.get(flag["conversation"]) or frozenset()
            chosen[flag["conversation"]] = before | frozenset(flag["messages"])
    return chosen


def with_context(
    items: Iterable[Item], is_selected: Callable[[Item], bool], context: int
) -> Iterator[Item | Gap]:
    """The selected items with ``context`` items around each, and a Gap wherever items are left out."""
    before: deque[Item] = deque()
    left_out, after = 0, 0
    for item in items:
        if is_selected(item):
            if left_out:
                yield Gap(count=left_out)
            yield from before
            yield item
            before.clear()
            left_out, after = 0, context
        elif after:
            yield item
            after -= 1
        else:
            before.append(item)
            if len(before) > context:
                before.popleft()
                left_out += 1
    if left_out + len(before):
        yield Gap(count=left_out + len(before))


def conversation_fields(background: Background, conversation: Record) -> Iterator[Field]:
    """What is known of a conversation, as fields."""
    words = background.words
    ends = background.case.ends(conversation["id"])
    people = [_person(background, each) for each in conversation["participants"][:20]]
    more = len(conversation["participants"]) - len(people)
    values = {
        "kind": words.code("conversation", conversation["kind"]),
        "account": _account(background, conversation),
        "participants": joined(*people, f"(+{more})" if more else None, separator=", "),
        "messages": str(conversation["messages"]),
        "first_last": " - ".join(ends),
        "id": joined(background.shortened(conversation["handle"] or "", MOST_NAME), conversation["id"]),
    }
    for name, value in values.items():
        yield Field(key=f"D15.{name}", label=words(f"D15.{name}"), values=(value,) if value else ())


def _person(background: Background, participant: str) -> str:
    name, identifier = background.name(participant), background.identifier(participant)
    return name if identifier in ("", name) else joined(name, f"({identifier})", separator=" ")


def _account(background: Background, conversation: Record) -> str:
    account = background.accounts.get(conversation["account"], {})
    who = account.get("phone") or account.get("handle") or account.get("name") or conversation["account"]
    return f"{conversation['app']} ({conversation['platform']}) {background.shortened(who, MOST_NAME)}"
