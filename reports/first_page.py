"""The first page: who, which device, on what ground, what was found, what was not read, what it is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from forensics.textual import joined
from reports.background import Background
from reports.blocks import Field, Fields, Part, Prose, Table
from reports.closing import excluded
from reports.identification import has_authority
from reports.indications import decision_counts
from reports.reader import Record
from reports.shortening import MOST_NAME
from reports.trade import Trade


def key_facts(background: Background) -> Iterator[Field]:
    """The fields of the first page."""
    words, info = background.words, background.info
    values: dict[str, tuple[str, ...]] = {
        "A2.case_number": (str(info["number"] or ""),),
        "A3.exhibit": (", ".join(background.exhibits),),
        "first.device": (_device(background),),
        "first.who": tuple(_accounts(background)),
        "first.authority": tuple(_authorities(background)),
        "A4.examiner": (joined(info["examiner"], info["organisation"]),),
        "A1.report_id": (background.report_id,),
        "A1.date": (background.time(info["changed_at"]),),
        "first.unchanged": (_unchanged(background),),
        "first.read": (_read(background),),
        "first.period": (_period(background),),
        "first.states": (_states(background),),
        "first.unread": (_unread(background),),
        "first.left_out": (words("first.left_out_value", **excluded(background)),),
        "first.flags": (_flags(background),),
    }
    for key, found in values.items():
        yield Field(key=key, label=words(key), values=tuple(filter(None, found)), mandatory=True)


def statements(background: Background) -> Iterable[Prose]:
    """The sentences of the first page."""
    words = background.words
    if not has_authority(background):
        yield Prose(key="first.no_authority", text=words("no_authority"), tone="warning")
    yield Prose(key="first.account", text=words("account_is_not_a_person"), tone="strong")
    if background.flags:
        yield Prose(key="first.flag_sentence", text=words("flag_sentence"), tone="strong")
    yield Prose(key="first.worth", text=words("first.worth"))
    yield Prose(key="first.relates_only", text=words("relates_only"))


def missing(parts: Iterable[Part]) -> Iterable[tuple[str, str]]:
    """The mandatory items without a value: section and label, each once, in order."""
    found: dict[tuple[str, str], None] = {}
    for part in parts:
        for section in part.sections:
            for block in section.blocks:
                if isinstance(block, Fields):
                    found.update(
                        {(section.key, each.label): None for each in block.fields if each.is_missing}
                    )
                elif isinstance(block, Table) and block.is_mandatory and not block.count:
                    found[section.key, block.title] = None
    return found


def _device(background: Background) -> str:
    found = (" ".join(background.configured(f"device.{name}", name)) for name in ("make", "model", "imei"))
    return joined(*found)


def _accounts(background: Background) -> Iterator[str]:
    for each in background.accounts.values():
        said = (background.shortened(str(text), MOST_NAME) for text in (_number(each), each["name"]) if text)
        yield joined(f"{each['app']} ({each['platform']})", *said)


def _number(account: Record) -> str | None:
    number: str | None = account["phone"] or account["handle"]
    return number


def _authorities(background: Background) -> Iterator[str]:
    for each in background.info["authorities"]:
        if each["kind"] != "none":
            kind = background.words.code("authority", each["kind"])
            yield joined(kind, str(each.get("reference") or ""), str(each.get("date") or ""))


def _unchanged(background: Background) -> str:
    items = background.case.evidence()
    if items and all(each["sha256_after"] == each["sha256"] for each in items):
        return background.words("first.unchanged_yes", count=len(items))
    return background.words("first.unchanged_no") if items else ""


def _read(background: Background) -> str:
    total = sum(each["messages"] for each in background.conversations)
    calls = sum(1 for _ in background.case.calls())
    conversations = len(background.conversations)
    return background.words("first.read_value", messages=total, conversations=conversations, calls=calls)


def _period(background: Background) -> str:
    totals = [each for each in background.totals.values() if isinstance(each, dict)]
    times = [each[name] for each in totals for name in ("first", "last") if each.get(name)]
    return " - ".join(background.time(each(times)) for each in (min, max)) if times else "-"


def _states(background: Background) -> str:
    counts: Counter[str] = Counter()
    for totals in background.totals.values():
        counts.update({name: count for name, count in totals.get("states", {}).items() if name != "live"})
    named = (f"{background.words.code('state', name)}: {count}" for name, count in sorted(counts.items()))
    return joined(*named) or background.words("none")


def _unread(background: Background) -> str:
    items = background.case.evidence()
    tables = [table for item in items for file in item["files"] for table in (file["tables"] or {}).values()]
    return background.words(
        "first.unread_value",
        failed=sum(table["failed"] for table in tables),
        problems=sum(len(item["problems"]) + len(item["unread"]) for item in items),
        notices=sum(1 for _ in background.case.notices()),
    )


def _flags(background: Background) -> str:
    counts = Counter(flag["kind"] for flag in background.flags)
    return background.words(
        "first.flags_value",
        offers=counts["menu"],
        texts=len(Trade(background).offers),
        deals=counts["deal"],
        others=sum(counts.values()) - counts["menu"] - counts["deal"],
        unreviewed=decision_counts(background)["unreviewed"],
    )
