"""``classify`` and ``validate``: the detector by itself, without a case."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    output,
    print_json,
    print_json_line,
    say,
    use_utf8,
    visible,
)

if TYPE_CHECKING:
    from forensics.analysis.findings import Line

_NAMES = (str, int, type(None))
_OVERLAY = click.option(
    "--lexicon",
    type=PATH,
    help="A local word list, read beside the built-in one.",
)


_LAW = click.option(
    "--law",
    type=PATH,
    help="A table of listings: its rows for NL go before the built-in ones, those of others stand beside.",
)


@click.command("classify")
@_OVERLAY
@_LAW
@JSON_OPTION
@QUIET_OPTION
def classify_command(lexicon: Path | None, law: Path | None, as_json: bool, quiet: bool) -> None:
    """Read JSON lines with id and text on standard input; write a verdict for each, in order."""
    from forensics.analysis.faults import Faults
    from forensics.analysis.findings import Classifier
    from forensics.analysis.law import Laws
    from forensics.analysis.talk import verdicts
    from forensics.flag_work import built_in

    use_utf8()
    classifier = Classifier.load(lexicon, law) if lexicon else built_in().under(Laws.load(law))
    faults = Faults()
    for found in verdicts(_lines(), classifier, faults=faults):
        verdict: dict[str, Any] = found.as_dict()
        if as_json:
            print_json_line(verdict)
        else:
            reasons = "; ".join(f"{rule['id']}: {rule['text']}" for rule in verdict["rules"])
            click.echo(visible(f"{found.id}  {verdict['label']:8} {verdict['score']:3}  {reasons}"))
        sys.stdout.flush()
    for fault in faults.found.values():
        say(f"{fault.message}: its analysis failed ({fault.error} in {fault.module})")


def _lines() -> Iterator[tuple[str | None, Line]]:
    from forensics.analysis.findings import Line
    from forensics.errors import WrongUse
    from forensics.times import parse_rfc3339

    for number, raw in enumerate(sys.stdin, 1):
        if not raw.strip():
            continue
        try:
            record = _record(raw)
            key, text, sent_at = record["id"], record["text"], record.get("sent_at")
            text = "" if text is None else text  # an export has null where no text is stored
            conversation, sender = record.get("conversation"), record.get("sender")
            if not isinstance(text, str):
                raise TypeError("text is not a string")
            if not isinstance(conversation, _NAMES) or not isinstance(sender, _NAMES):
                raise TypeError("conversation or sender is neither a text nor a number")
            instant = None if sent_at is None else parse_rfc3339(str(sent_at))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise WrongUse(
                f"line {number} of standard input is no message with id and text: {error}"
            ) from error
        window = None if conversation is None else json.dumps(conversation)
        person = None if sender is None else str(sender)
        owner = record.get("from_owner") if isinstance(record.get("from_owner"), bool) else None
        yield window, Line(id=key, text=text, sent_at=instant, sender=person, from_owner=owner)


def _record(raw: str) -> Any:
    """The value in a line. Raises ValueError, which says what is wrong."""
    from forensics.formats.json_stream import fault

    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ValueError(fault(error)) from error


@click.command("validate")
@click.option(
    "--case",
    "case",
    type=PATH,
    help="Precision of the flags of this case that were reviewed, instead of the built-in sets.",
)
@click.option(
    "--set",
    "chosen",
    multiple=True,
    metavar="NAME",
    help='Only this set ("built-in": the first); repeatable.',
)
@JSON_OPTION
@QUIET_OPTION
def validate_command(case: Path | None, chosen: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Run the built-in validation sets and print precision and recall with their intervals.

    With --case: how many of the reviewed flags of a case were confirmed, and how far reviewers agree.
    """
    if case is not None:
        if chosen:
            raise click.UsageError("--set names one of the built-in sets, which --case does not run.")
        _validate_case(case, as_json)
        return
    use_utf8()
    _validate_sets(chosen, as_json)


def _validate_sets(chosen: tuple[str, ...], as_json: bool) -> None:
    from forensics.analysis.validation import BUILT_IN, others, validate
    from forensics.flag_work import built_in

    names = (BUILT_IN, *others())
    for name in chosen:
        if name not in names:
            raise click.UsageError(f"There is no set {visible(name)}; there are: {', '.join(names)}.")
    found: dict[str, Any] = dict(validate(built_in(), chosen))
    if as_json:
        print_json(found)
        return
    sets = {
        name: found if name == BUILT_IN else found[name] for name in names if not chosen or name in chosen
    }
    for name, each in sets.items():
        _rates(each, _title(name, each["messages"]))
    _rarity({"first" if name == BUILT_IN else name: each for name, each in sets.items()})
    for caution in found["cautions"]:
        say(caution)


def _title(name: str, messages: int) -> str:
    """What a set is."""
    from forensics.analysis.validation import BLINDS, BUILT_IN, CHOOSING, OF_RULES, UNSEEN

    if name == BUILT_IN:
        return f"First set: {messages} messages, which guided the rules"
    if name in BLINDS:
        guided = "by writers who had not seen the program; it guided nothing"
    elif name in CHOOSING:
        guided = "by writers who had not seen the program; it chose thresholds, or mended the grammar"
    elif name in UNSEEN:
        guided = "by writers who had not seen the program; it guided nothing, and was not read"
    elif name not in OF_RULES:
        guided = "which guided the learnt weights"
    elif name == "sixth":
        guided = "half of a set by a writer who had not seen them, which guided them after that"
    else:
        guided = "which guided them after the one before"
    return f"{name.capitalize()} set: {messages} messages, {guided}"


def _validate_case(case: Path, as_json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from forensics.agreement import precision

    use_utf8()
    with open_case(case) as opened:
        found = precision(opened.db)
    if as_json:
        print_json(found)
        return
    names = ("confirmed", "rejected", "uncertain", "disputed", "unreviewed")
    table = Table(title="Reviewed flags of the case", title_justify="left", box=None, pad_edge=False)
    for name in ("flags", "precision", "of", "95 % interval", *names):
        table.add_column(name, justify="left" if name == "flags" else "right")
    for kind, each in found["flags"].items():
        rate, (low, high) = each["precision"], each["precision"]["interval"]
        share = "-" if rate["rate"] is None else f"{rate['rate']:.3f}"
        table.add_row(kind, share, str(rate["of"]), f"{low:.3f} - {high:.3f}", *(str(each[n]) for n in names))
    output().print(table)
    for each in found["agreement"]:
        kappa = "not defined" if each["kappa"] is None else f"{each['kappa']:.3f}"
        people = visible(" and ".join(each["reviewers"]))
        said = f"{people}: {each['agreed']} of {each['flags']} flags the same, Cohen's kappa {kappa}"
        output().print(Text(said), soft_wrap=True)
    for caution in found["cautions"]:
        say(caution)


def _rarity(sets: dict[str, dict[str, Any]]) -> None:
    """False flags among many ordinary messages, and what share of the flags is right where trade is rare."""
    from rich.table import Table

    from forensics.analysis.validation import PREVALENCES

    table = Table(title="Where trade is rare", title_justify="left", box=None, pad_edge=False)
    columns = [f"precision at {share:g} ({bound})" for share in PREVALENCES for bound in ("rate", "least")]
    for name in ("set", "false flags per 10,000", "95 % interval", *columns):
        table.add_column(name, justify="left" if name == "set" else "right")
    for name, each in sets.items():
        many, low_high = each["ten_thousand"], each["ten_thousand"]["interval"]
        rare = [each["prevalences"].get(str(share), {}) for share in PREVALENCES]
        shares = [found.get(bound) for found in rare for bound in ("precision", "least")]
        told = ("-" if share is None else f"{share:.3f}" for share in shares)
        flags = "-" if many["false_flags"] is None else f"{many['false_flags']:.1f}"
        table.add_row(name, flags, "{:.1f} - {:.1f}".format(*low_high), *told)
    output().print(table)


def _rates(found: dict[str, Any], title: str) -> None:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("figure", "rate", "of", "95 % interval"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    rates = {
        f"{label}, {name}": rate for label, each in found["labels"].items() for name, rate in each.items()
    }
    rates |= {f"trade, {name}": rate for name, rate in found["trade"].items()}
    rates |= {f"conversations, {name}": rate for name, rate in found["conversations"].items()}
    rates |= {f"items, {name}": rate for name, rate in found["items"].items()}
    rates |= {
        f"items ({part}), {name}": rate
        for part, each in found["item_parts"].items()
        for name, rate in each.items()
    }
    rates |= {f"obfuscated ({name}), found": rate for name, rate in found["obfuscated"].items()}
    rates |= {f"category {name}, agreement": rate for name, rate in found["categories"].items()}
    rates |= {f"language {name}, agreement": rate for name, rate in found["languages"].items()}
    for name, rate in rates.items():
        low, high = rate["interval"]
        share = _share(rate)
        table.add_row(name, share, str(rate["of"]), f"{low:.3f} - {high:.3f}")
        if name.endswith(", recall"):
            both = name.removesuffix("recall")
            table.add_row(f"{both}F1", _f1(rates[f"{both}precision"], rate), "-", "-")
    output().print(table)


def _share(rate: dict[str, Any]) -> str:
    """A rate by its counts: the one that is stored is rounded already."""
    return f"{rate['count'] / rate['of']:.3f}" if rate["of"] else "-"


def _f1(precision: dict[str, Any], recall: dict[str, Any]) -> str:
    """The harmonic mean of the two, which has no interval of its own; "-" where nothing was counted."""
    counted = precision["of"] + recall["of"]
    return f"{2 * precision['count'] / counted:.3f}" if precision["count"] else "-"
