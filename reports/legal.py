"""What stands beside the flags: the kind of trade."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.trades import trades
from reports.background import Background
from reports.blocks import Field
from reports.reader import Record


def trade_of(background: Background, flag: Record) -> str:
    """The kind of trade that its rules name; empty where none does."""
    return ", ".join(background.words(f"trade.{each}") for each in trades(flag))


def fields(background: Background, flag: Record, key: str) -> Iterator[Field]:
    """What a card says of a flag: the kind of trade, where it has one."""
    trade = trade_of(background, flag)
    if trade:
        yield Field(key=f"{key}.trade", label=background.words("E17.trade"), values=(trade,))
