"""Part E: the machine flags, in a chapter of their own, with their rules and what a person decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reports.background import Background
from reports.blocks import Block, Field, Fields, Part, Prose, Row, Section, Table, fixed_table
from reports.method import flattened
from reports.reader import Record
from reports.textual import code_points, joined

# Counter-indications printed as lines; each also stands in the table of rules.
MOST_COUNTER = 20
DECISIONS = ("unreviewed", "confirmed", "rejected", "uncertain")


def indications(background: Background) -> Part:
    """Part E of the checklist."""
    words = background.words
    blocks: tuple[Block, ...] = (
        Prose(key="E17.sentence", text=words("flag_sentence"), tone="flag"),
        _counts(background),
        flags(background),
        explained(background),
        items(background),
        _laws(background),
        _counter(background),
    )
    return Part(
        key="E", title=words("part.E"), sections=(Section(key="E17", title=words("E17"), blocks=blocks),)
    )


def decision(flag: Record) -> str:
    """What a person decided on a flag: one of DECISIONS."""
    return str(flag["decision"]["decision"]) if flag["decision"] else "unreviewed"


def decision_counts(background: Background) -> dict[str, int]:
    """How many flags were confirmed, rejected, left uncertain, or not yet reviewed."""
    found = Counter(map(decision, background.flags))
    return {name: found[name] for name in DECISIONS}


def _counts(background: Background) -> Table:
    words = background.words
    rows = [(words.code("decision", name), str(count)) for name, count in decision_counts(background).items()]
    columns = (words("E17.decision"), words("E17.count"))
    return fixed_table("E17.counts", words("E17.counts"), columns, rows)


def flag_number(number: int) -> str:
    """The number of a flag as it is printed."""
    return f"V{number}"


def flags(background: Background) -> Table:
    """Every flag: what kind, where, and what a person decided."""
    words = background.words
    columns = ("E17.number", "E17.kind", "D14.conversation", "E17.messages", "E17.markets", "E17.decision")
    return Table(
        key="E17.flags",
        title=words("E17.flags"),
        columns=tuple(map(words, columns)),
        count=len(background.flags),
        rows=lambda: (_flag(background, number, flag) for number, flag in enumerate(background.flags, 1)),
    )


def _flag(background: Background, number: int, flag: Record) -> Row:
    conversation = background.conversation_numbers.get(flag["conversation"])
    items_at = [background.item_numbers.get(each, each) for each in flag["messages"]]
    shown = ", ".join(items_at[:12]) + (f" (+{len(items_at) - 12})" if len(items_at) > 12 else "")
    return (
        flag_number(number),
        background.words.code("flag", flag["kind"]),
        str(conversation or flag["conversation"]),
        shown,
        ", ".join(flag.get("markets") or ()),
        _decided(background, flag),
    )


def _decided(background: Background, flag: Record) -> str:
    made = flag["decision"]
    label = background.words.code("decision", decision(flag))
    if not made:
        return label
    return "\n".join(
        part for part in (label, made["by"], background.time(made["at"]), made["reason"]) if part
    )


def explained(background: Background) -> Table:
    """Per flag and rule: the matched text and why it matched."""
    words = background.words
    columns = ("E17.number", "E17.messages", "E17.rule", "E17.span", "E17.code_points", "E17.reason")
    return Table(
        key="E17.explained",
        title=words("E17.explained"),
        columns=tuple(map(words, columns)),
        count=sum(len(flag["rules"]) for flag in background.flags),
        rows=lambda: _rule_rows(background),
    )


def _rule_rows(background: Background) -> Iterator[Row]:
    for number, flag in enumerate(background.flags, 1):
        for rule in flag["rules"]:
            text = str(rule.get("text") or "")
            message = str(rule.get("message") or "")
            place = f" [{rule['start']}-{rule['end']}]" if rule.get("start") is not None else ""
            yield (
                flag_number(number),
                background.item_numbers.get(message, message) + place,
                f"{rule['id']} v{rule['version']}",
                text,
                code_points(text),
                str(rule.get("reason") or ""),
            )


def items(background: Background) -> Table:
    """The goods that a rule read in the flagged texts, as read."""
    words = background.words
    columns = ("number", "span", "substance", "quantity", "price", "list")
    return Table(
        key="E17.items",
        title=words("E17.items"),
        columns=tuple(words(f"E17.{name}") for name in columns),
        count=sum(len(flag["items"]) for flag in background.flags),
        rows=lambda: (
            (flag_number(number), *_item(item))
            for number, flag in enumerate(background.flags, 1)
            for item in flag["items"]
        ),
    )


def _item(item: Record) -> Row:
    return (
        str(item.get("text") or ""),
        str(item.get("substance") or ""),
        _amount(item.get("quantity"), item.get("unit")),
        _amount(item.get("price"), item.get("currency")),
        str(item.get("list") or ""),
    )


def _amount(number: object, unit: object) -> str:
    return " ".join(str(part) for part in (number, unit) if part is not None)


def _laws(background: Background) -> Table:
    words = background.words
    rows = [
        (flag_number(number), _described(law))
        for number, flag in enumerate(background.flags, 1)
        for law in flag["laws"]
    ]
    return fixed_table("E17.laws", words("E17.laws"), (words("E17.number"), words("E17.laws")), rows)


def _counter(background: Background) -> Fields:
    """What speaks against a flag: the rules that lowered it."""
    found = tuple(
        joined(flag_number(number), rule["id"], str(rule.get("reason") or ""))
        for number, flag in enumerate(background.flags, 1)
        for rule in flag["rules"]
        if (rule.get("weight") or 0) < 0
    )
    words = background.words
    values = found[:MOST_COUNTER] or (words("E17.no_counter"),)
    return Fields(
        key="E17.counter", fields=(Field(key="E17.counter", label=words("E17.counter"), values=values),)
    )


def _described(value: object) -> str:
    return "; ".join(f"{name}: {text}" if name else text for name, text in flattened(value))
