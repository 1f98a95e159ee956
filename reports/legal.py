"""What stands beside the flags: the kind of trade, and what is known of the Digital Services Act."""

from __future__ import annotations

from collections.abc import Iterator

from forensics import platforms
from forensics.trades import trades
from reports.background import Background
from reports.blocks import Block, Field, Prose, Table, fixed_table
from reports.reader import Record


def law(background: Background) -> Iterator[Block]:
    """What is known of the services; nothing without flags."""
    words = background.words
    if not background.flags:
        return
    yield Prose(key="E17.services.note", text=words("services.note"))
    yield _services(background)


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
    """What a card says of a flag: the kind of trade, where it has one."""
    trade = trade_of(background, flag)
    if trade:
        yield Field(key=f"{key}.trade", label=background.words("E17.trade"), values=(trade,))


def _services(background: Background) -> Table:
    """By app, kind of conversation and what is known: how many flags, in how many conversations."""
    words, language = background.words, background.words.language
    flags: dict[tuple[str, str, str], int] = {}
    talks: dict[tuple[str, str, str], set[str]] = {}
    for flag in background.flags:
        talk = background.conversation(flag["conversation"])
        if talk is not None:
            known = platforms.service(talk, background.public_names.of(talk)).said[language]
            key = (talk["app"], words.code("conversation", talk["kind"]), known)
            flags[key] = flags.get(key, 0) + 1
            talks.setdefault(key, set()).add(talk["id"])
    rows = [(*key[:2], str(count), str(len(talks[key])), key[2]) for key, count in sorted(flags.items())]
    columns = ("D13.app", "D15.kind", "E17.flags", "E17.talks", "services.known")
    return fixed_table("E17.services", words("services.title"), tuple(map(words, columns)), rows)
