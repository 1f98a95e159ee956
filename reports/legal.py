"""What law the flags may be relevant to: provisions, the Digital Services Act; and the kind of trade."""

from __future__ import annotations

from collections.abc import Iterator

from forensics import platforms, provisions
from forensics.trades import trades
from reports.background import Background
from reports.blocks import Block, Field, Prose, Table, fixed_table
from reports.cards import flag_number
from reports.reader import Record

# Flags named one by one in a row; of the others the number.
_MOST_NAMED = 6


def law(background: Background, *, in_full: bool) -> Iterator[Block]:
    """Which provisions may be concerned, and what is known of the services; nothing without flags. Where it
    is not told in full, provisions go by their short names and services by how they stand in one word.
    """
    words = background.words
    if not background.flags:
        return
    yield Prose(key="E17.concerned.note", text=words("concerned.note"), tone="flag")
    if in_full:
        yield Prose(key="E17.concerned.how", text=words("concerned.how"))
    yield _provisions(background, in_full=in_full)
    yield Prose(key="E17.services.note", text=words("services.note" if in_full else "services.short"))
    yield _services(background, in_full=in_full)


def concerned(background: Background, flag: Record) -> tuple[provisions.Provision, ...]:
    """The provisions that a flag may be relevant to, by the day of its first message."""
    first = background.flagged.get(flag["messages"][0])
    return provisions.may_concern(flag, first.message["sent_at"] if first else None)


def trade_of(background: Background, flag: Record) -> str:
    """The kind of trade that its rules name; empty where none does."""
    return ", ".join(background.words(f"trade.{each}") for each in trades(flag))


def chat_of(background: Background, flag: Record) -> str:
    """The kind of the conversation, and its public names where they are recorded."""
    talk = background.conversation(flag["conversation"])
    if talk is None:
        return ""
    kind = background.words.code("conversation", talk["kind"])
    return " ".join((kind, *background.public_names.of(talk)))


def fields(background: Background, flag: Record, key: str) -> Iterator[Field]:
    """What a card says of a flag: the kind of trade, where it has one, and what it may be relevant to."""
    words, language = background.words, background.words.language
    trade = trade_of(background, flag)
    if trade:
        yield Field(key=f"{key}.trade", label=words("E17.trade"), values=(trade,))
    found = "; ".join(each.said[language]["short"] for each in concerned(background, flag))
    if found:
        yield Field(key=f"{key}.concerned", label=words("concerned.short"), values=(found,))


def _provisions(background: Background, *, in_full: bool) -> Table:
    """Every provision once, with what it goes by and the flags."""
    words, language = background.words, background.words.language
    found: dict[provisions.Provision, list[str]] = {}
    for number, flag in enumerate(background.flags, 1):
        for each in concerned(background, flag):
            found.setdefault(each, []).append(flag_number(number))
    parts = {"text": "provision", "by": "by", "ground": "ground"} if in_full else {"short": "provision"}
    rows = [
        (*(each.said[language][part] for part in parts), _named(numbers))
        for each, numbers in sorted(found.items(), key=lambda one: provisions.place(one[0]))
    ]
    columns = (*(f"concerned.{name}" for name in parts.values()), "E17.flags")
    return fixed_table("E17.concerned", words("concerned.title"), tuple(map(words, columns)), rows)


def _named(numbers: list[str]) -> str:
    more = f" (+{len(numbers) - _MOST_NAMED})" if len(numbers) > _MOST_NAMED else ""
    return ", ".join(numbers[:_MOST_NAMED]) + more


def _services(background: Background, *, in_full: bool) -> Table:
    """By app, kind of conversation and what is known: how many flags, in how many conversations; kinds of
    which the same word says what is known in one row, where not told in full."""
    words, language = background.words, background.words.language
    found: dict[tuple[str, str, str], tuple[set[str], set[str], list[str]]] = {}
    for flag in background.flags:
        talk = background.conversation(flag["conversation"])
        if talk is not None:
            service = platforms.service(talk, background.public_names.of(talk))
            kind = words.code("conversation", talk["kind"])
            known = service.said[language] if in_full else words(f"services.{service.standing}")
            group = (talk["app"], kind if in_full else "", known)
            kinds, talks, flags = found.setdefault(group, (set(), set(), []))
            kinds.add(kind)
            talks.add(talk["id"])
            flags.append(flag["id"])
    rows = [
        (app, ", ".join(sorted(kinds)), str(len(flags)), str(len(talks)), known)
        for (app, _, known), (kinds, talks, flags) in sorted(found.items())
    ]
    columns = ("D13.app", "D15.kind", "E17.flags", "E17.talks", "services.known")
    return fixed_table("E17.services", words("services.title"), tuple(map(words, columns)), rows)
