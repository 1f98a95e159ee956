"""The classifier with a handful of learnt weights and thresholds of a test."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from forensics.analysis.findings import Classifier, Scales
from forensics.analysis.weights import Weights

_WIDTHS = {"alone": 200, "amid": 200, "stretch": 300, "around": 100, "most": 200, "list": 200}


def classifier_of(rows: bytes, least: Mapping[str, int], **window: int) -> Classifier:
    """The rules and words of the program with the weights of these rows, these thresholds for them and, where
    given, other windows."""
    own = Classifier.load()
    rules = copy(own.rules)
    rules.thresholds = {**own.rules.thresholds, "learnt": dict(least)}
    rules.window = {**own.rules.window, **window}
    return Classifier(Scales(rules, Weights(rows)), own.reader, own._cues, b"", own.laws)


def on_balance(*sides: str, **rules: int) -> bytes:
    """Rows of a balance on which these sides weigh where their steps begin, and labels of the rules this."""
    rows = [f"balance:rules:{label},{weight}" for label, weight in rules.items()]
    rows += [row for side in sides for row in _begins("balance", side)]
    return _lines("(balance),0", *rows)


def of_lists(**steps: int) -> bytes:
    """Rows of the balance of lists and deals, on which the weight for a list weighs where its step begins,
    and these steps this."""
    rows = [f"lists:{name.replace('_', ':')},{weight}" for name, weight in steps.items()]
    return _lines("(lists),0", *_begins("lists", "list"), *rows)


def _begins(balance: str, side: str) -> list[str]:
    width = _WIDTHS[side]
    return [f"{balance}:{side}:{start},{start}" for start in range(-3000 // width * width, 3001, width)]


def _lines(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()
