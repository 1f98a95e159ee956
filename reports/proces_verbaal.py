"""A draft text block for the official report (proces-verbaal van bevindingen), in Dutch, as plain text.

It is filled with what the case knows; what it does not know is a line to fill in. Nothing in it judges: the
findings are counts with the place in the report where they stand, and flags that a person has confirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from string import Template
from textwrap import wrap

from forensics.textual import visible
from reports.background import Background
from reports.blocks import Fields, Part
from reports.cards import decision
from reports.closing import excluded
from reports.content import Content, Delivered
from reports.identification import acquisition, identification
from reports.method import method
from reports.trade import Trade

NAME = "proces-verbaal.txt"
BLANK, LINE = "_" * 20, "_" * 64
_WIDTH = 116
# Confirmed flags and files that are named one by one; of more the rest is counted.
_MOST = 40
_AUTHORITY = ("kind", "reference", "issuer", "date", "expires", "scope", "limits")
# Whether deleted rows were looked for in all items of evidence.
_RECOVERED = {
    False: "Ook rijen die de app niet meer toont, zijn gezocht; zij zijn als teruggehaald gemerkt.",
    True: "Naar rijen die de app niet meer toont, is niet in alle stukken gezocht (C10).",
}


class _Blanks(Template):
    """Names with dots in them, as the items of the checklist have."""

    idpattern = r"[A-Za-z][A-Za-z0-9_.]*"


def proces_verbaal(content: Content, delivered: Iterable[Delivered]) -> str:
    """The text; ``delivered``: the files of the delivery, the report as it was before it was signed."""
    background = _in_dutch(content.background)
    template = (files("reports") / "templates" / NAME).read_text("utf-8")
    found = {**_known(background), "blank": BLANK, "line": LINE}
    found["authorities"] = "\n".join(_authorities(background))
    found["items"] = "\n".join(_items(background))
    found["findings"] = "\n".join(_numbered(_findings(background)))
    found["recovered"] = _RECOVERED[bool(background.info.get("unrecovered"))]
    found["limits"] = "\n".join(_limits(background))
    found["annexes"] = "\n".join(_annexes(delivered))
    found["tree"] = _line("Wortel van de boom over alle records (G21)", content.tree)
    return _Blanks(template).substitute(found)


def _in_dutch(background: Background) -> Background:
    if background.words.language == "nl":
        return background
    return Background(background.case, "nl", background.version)


def _known(background: Background) -> dict[str, str]:
    """Every item of the parts A, B and C by its key; a blank where it has no value."""
    parts = (identification(background), acquisition(background), method(background))
    found = {key: _shown(values) for key, values in _values(parts)}
    head = background.log[-1].get("hash") if background.log else None
    return {**found, "G21.log_head": _shown((str(head or ""),)), "log_entries": str(len(background.log))}


def _values(parts: Iterable[Part]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in parts:
        for section in part.sections:
            for block in section.blocks:
                if isinstance(block, Fields):
                    yield from ((each.key, each.values) for each in block.fields)


def _shown(values: Iterable[str]) -> str:
    """Values on one line, with nothing in them that could pass for the text around."""
    text = "; ".join(" ".join(visible(str(each), printed=True).split()) for each in values if each)
    return text or BLANK


def _line(label: str, value: object) -> str:
    return f"{label}: {_shown((str(value or ''),))}"


def _authorities(background: Background) -> Iterator[str]:
    words = background.words
    recorded = [each for each in background.info["authorities"] if each["kind"] != "none"]
    for each in recorded:
        yield _line("Soort", words.code("authority", each["kind"]))
        for name in _AUTHORITY[1:]:
            yield "   " + _line(words(f"A5.{name}"), each.get(name))
    if not recorded:
        yield f"Er is geen grondslag vastgelegd. Grondslag, kenmerk en datum: {BLANK}"


def _items(background: Background) -> Iterator[str]:
    for item in background.case.evidence():
        kind = background.words.code("container", item["kind"])
        yield _line("Stuk", item["path"])
        yield f"   {_line('Soort', kind)}; grootte in bytes: {item['size']}"
        yield f"   SHA-256: {item['sha256']}"
        same = {None: BLANK, item["sha256"]: "gelijk"}.get(item["sha256_after"], "NIET GELIJK")
        yield f"   na verwerking: {same}; hash zoals aangeleverd: {_shown((str(item['expected'] or ''),))}"


def _numbered(found: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(found, 1):
        yield from wrap(text, _WIDTH, initial_indent=f"7.{number}  ", subsequent_indent="     ")


def _findings(background: Background) -> Iterator[str]:
    for each in background.accounts.values():
        who = ", ".join(_shown((str(each[name]),)) for name in ("phone", "handle", "name") if each[name])
        yield f"Aangetroffen account: {each['app']} ({each['platform']}), {who or BLANK} (D13)."
    for app, totals in sorted(background.totals.items()):
        yield from _app(background, app, totals)
    yield from _flags(background)
    confirmed = 0
    for number, flag in enumerate(background.flags, 1):
        if decision(flag) == "confirmed":
            confirmed += 1
            if confirmed <= _MOST:
                yield _confirmed(background, number, flag)
    if confirmed > _MOST:
        yield f"En {confirmed - _MOST} verdere bevestigde aanwijzingen, in het rapport onder E17."
    yield f"Eigen bevindingen: {BLANK}"


def _app(background: Background, app: str, totals: Mapping[str, object]) -> Iterator[str]:
    words, states = background.words, totals.get("states") or {}
    text = f"{app}: {totals.get('conversations', 0)} gesprekken, {totals.get('messages', 0)} berichten"
    if totals.get("calls"):
        text += f", {totals['calls']} oproepen"
    if totals.get("first"):
        first, last = (background.time(str(totals[name])) for name in ("first", "last"))
        text += f", van {first} tot en met {last}"
    if isinstance(states, Mapping):
        others = (
            f"{words.code('state', name).lower()}: {n}"
            for name, n in sorted(states.items())
            if name != "live"
        )
        named = ", ".join(others)
        text += f" (waarvan {named})" if named else ""
    yield f"{text} (D14)."


def _flags(background: Background) -> Iterator[str]:
    kinds = Counter(flag["kind"] for flag in background.flags)
    made = Counter(decision(flag) for flag in background.flags)
    if not background.flags:
        yield "Het programma heeft geen aanwijzingen gemarkeerd (E17)."
        return
    texts, others = len(Trade(background).offers), len(background.flags) - kinds["menu"] - kinds["deal"]
    yield (
        f"Het programma heeft {len(background.flags)} aanwijzingen gemarkeerd (E17): {kinds['menu']} "
        f"aanbiedingen ({texts} verschillende teksten), {kinds['deal']} mogelijke transacties en {others} "
        "overige. Een aanwijzing is geen bevinding en geen oordeel over schuld. Door een mens beoordeeld: "
        f"{made['confirmed']} bevestigd, {made['rejected']} verworpen, {made['uncertain']} onzeker; nog niet "
        f"beoordeeld: {made['unreviewed']}."
    )


def _confirmed(background: Background, number: int, flag: Mapping[str, object]) -> str:
    made = flag["decision"]
    by = _shown((str(made["by"] or ""),)) if isinstance(made, Mapping) else BLANK
    items = ", ".join(each.number for each in background.flagged_in(flag)[:_MOST])
    return f"Aanwijzing V{number}, bevestigd door {by}: berichten {items or BLANK}. Omschrijving: {BLANK}"


def _limits(background: Background) -> Iterator[str]:
    items = background.case.evidence()
    tables = [table for item in items for file in item["files"] for table in (file["tables"] or {}).values()]
    left_out = excluded(background)
    problems = sum(len(item["problems"]) + len(item["unread"]) for item in items)
    failed, notices = sum(table["failed"] for table in tables), sum(1 for _ in background.case.notices())
    yield f"Rijen die niet gelezen konden worden: {failed}; bestanden met een probleem: {problems};"
    yield f"meldingen: {notices} (C10). Rijen buiten de reikwijdte: {left_out['scope']}; van"
    yield f"verschoningsgerechtigden: {left_out['privilege']}. Verdwijnende berichten, niet verzonden media"
    yield "en gesprekken die alleen bij een dienst staan, kunnen ontbreken."


def _annexes(delivered: Iterable[Delivered]) -> Iterator[str]:
    listed = list(delivered)
    for path, size, digest in listed[:_MOST]:
        yield f"   {_shown((path,))} ({size} bytes)\n      SHA-256 {digest}"
    if len(listed) > _MOST:
        yield f"   en {len(listed) - _MOST} verdere bestanden, in manifest-sha256.txt"
