"""What every shown flag has: number, marked stretches, reasons, what speaks against, decision."""

from __future__ import annotations

from collections.abc import Iterator

from forensics import hit_language
from forensics.textual import code_points, joined
from reports.background import Background, Flagged
from reports.blocks import Row, Span, Table, fixed_table
from reports.reader import Record

# Counter-indications named in a line; each also stands in the table of rules.
MOST_COUNTER = 2
# Earlier messages named in a line whose goods a flag has.
MOST_EARLIER = 4


def flag_number(number: int) -> str:
    """The number of a flag as it is printed."""
    return f"V{number}"


def decision(flag: Record) -> str:
    """What a person decided on a flag, or ``unreviewed``."""
    return str(flag["decision"]["decision"]) if flag["decision"] else "unreviewed"


def decided(background: Background, flag: Record) -> str:
    """The decision in words: what, by whom, when and why; then those that it took the place of."""
    made = flag["decision"]
    before = [
        *(_replaced(background, each) for each in flag.get("replaced_decisions", ())),
        *(earlier_decision(background, each, "E17.earlier") for each in flag.get("earlier_decisions", ())),
    ]
    if not made:
        return "\n".join([background.words.code("decision", decision(flag)), *before])
    if flag.get("decisions"):  # of several persons: whether they agree must be seen
        return "\n".join([*(", ".join(_parts(background, each)) for each in flag["decisions"]), *before])
    return "\n".join([*_parts(background, made), *before])


def _parts(background: Background, made: Record) -> list[str]:
    """What was decided, by whom, when and why, as far as there is something to say."""
    label = background.words.code("decision", str(made["decision"]))
    return [part for part in (label, made["by"], background.time(made["at"]), made["reason"]) if part]


def _replaced(background: Background, made: Record) -> str:
    """A decision that does not stand any more, and since when."""
    key = "E17.replaced" if made["withdrawn"] is None else "E17.withdrawn"
    said = ", ".join(_parts(background, made))
    return background.words(key, until=background.time(made["until"]), why=made["withdrawn"], made=said)


def earlier_decision(background: Background, made: Record, key: str) -> str:
    """A decision that was made on other messages than any flag names now, with those messages."""
    messages = ", ".join(background.item_numbers.get(each, each) for each in made["messages"])
    return background.words(key, messages=messages, made=", ".join(_parts(background, made)))


def taken_over(background: Background, flag: Record) -> str:
    """Which earlier messages name the goods of messages that name none themselves; empty where none do."""
    found = [background.item_numbers.get(each, each) for each in flag.get("goods_from", ())]
    more = f" (+{len(found) - MOST_EARLIER})" if len(found) > MOST_EARLIER else ""
    messages = ", ".join(found[:MOST_EARLIER]) + more
    return background.words("E17.taken_over", messages=messages) if found else ""


def spans_of(flag: Record, flagged: Flagged) -> tuple[Span, ...]:
    """The stretches of a message, or of the copy beside it, that the rules of a flag matched."""
    return tuple(
        (rule["start"], rule["end"])
        for rule in flag["rules"]
        if rule.get("message") == flagged.message["id"]
        and bool(rule.get("copy")) == bool(flagged.copy)
        and rule.get("start") is not None
        and not hit_language.is_against(rule)
    )


def reason(background: Background, rule: Record) -> str:
    """Why the rule matched, in the language of the report where the rules have it."""
    return hit_language.reason(rule, background.reasons, background.words, background.item_numbers)


def counter_indications(background: Background, flag: Record) -> tuple[str, ...]:
    """What speaks against a flag, as a card says it: some of it and how much more, or that there is none."""
    found = tuple(all_counter_indications(background, flag))
    if len(found) > MOST_COUNTER:
        more = background.words("E17.more_counter", count=len(found) - MOST_COUNTER)
        return (*found[:MOST_COUNTER], more)
    return found or (background.words("E17.no_counter"),)


def all_counter_indications(background: Background, flag: Record) -> dict[str, bool]:
    """Each rule that lowered a flag, with the text that it matched, equal ones once; and whether it is a
    learnt weight."""
    return {
        joined(str(rule["id"]), reason(background, rule), _quoted(rule)): hit_language.is_learnt(rule)
        for rule in _found_first(flag)
        if hit_language.is_against(rule)
    }


def _found_first(flag: Record) -> list[Record]:
    """The rules that say what they found, then the learnt weights, which say how much."""
    return sorted(flag["rules"], key=hit_language.is_learnt)


def _quoted(rule: Record) -> str:
    return f"“{rule['text']}”" if rule.get("text") else ""


def reason_table(background: Background, key: str, flag: Record) -> Table:
    """The rules of one flag: where they matched, what, and why; signs in words only where a text has any."""
    words = background.words
    columns = ["E17.messages", "E17.rule", "E17.span", "E17.code_points", "E17.reason"]
    rows = list(reason_rows(background, flag))
    if not any(row[3] for row in rows):
        del columns[3]
        rows = [(*row[:3], row[4]) for row in rows]
    return fixed_table(key, words("offer.rules"), tuple(map(words, columns)), rows, printed=4)


def reason_rows(background: Background, flag: Record) -> Iterator[Row]:
    """The rules of one flag as rows, learnt weights behind the others."""
    for rule in _found_first(flag):
        text, message = str(rule.get("text") or ""), str(rule.get("message") or "")
        place = f" [{rule['start']}-{rule['end']}]" if rule.get("end") else ""
        yield (
            background.item_numbers.get(message, message) + place,
            f"{rule['id']} v{rule['version']}",
            text,
            code_points(text),
            reason(background, rule),
        )
