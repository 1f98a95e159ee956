"""The classifier with a handful of learnt weights and thresholds of a test."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from forensics.analysis.findings import Classifier, Scales
from forensics.analysis.weights import Weights

_NEVER = 1_000_000  # thousandths that no message weighs
# How wide a step is and how far the steps go; of sums that lie beside another on the balance, and of others.
_BESIDE = {"alone": (300, 1500), "amid": (300, 1500), "around": (200, 1000)}
_USUAL = (200, 2000)
_STEPS = {"stretch": (300, 3000), **dict.fromkeys(("before", "behind", "close", "most", "list"), _USUAL)}


def classifier_of(rows: bytes, least: Mapping[str, int], **window: int) -> Classifier:
    """The rules and words of the program with the weights of these rows, these thresholds for them and, where
    given, other windows. Without a threshold ``stays`` the balance decides of all lines among others."""
    own = Classifier.load()
    rules = copy(own.rules)
    rules.thresholds = {**own.rules.thresholds, "learnt": {"stays": _NEVER, **least}}
    rules.window = {**own.rules.window, **window}
    return Classifier(Scales(rules, Weights(rows)), own.reader, own._cues, b"", own.laws)


def on_balance(*sides: str, **rules: int) -> bytes:
    """Rows of a balance on which these sides weigh where their steps begin, and labels of the rules this;
    KeyError for a side that does not lie on it."""
    rows = [f"balance:rules:{label},{weight}" for label, weight in rules.items()]
    told = set(sides)
    rows += [*_beside("alone", "amid", told - {"amid"}), *_beside("amid", "around", told)]
    rows += [row for side in sides if side not in _BESIDE for row in _begins("balance", side)]
    return _lines("(balance),0", *rows)


def _beside(first: str, second: str, told: set[str]) -> list[str]:
    """Rows of two sums that lie beside each other, of which those told weigh where their steps begin."""
    firsts, seconds = _worths(first, told), _worths(second, told)
    return [f"balance:{one}:{other},{here + there}" for one, here in firsts for other, there in seconds]


def _worths(side: str, told: set[str]) -> list[tuple[str, int]]:
    """The steps of a side with what they weigh."""
    steps = [(f"{side}:{start}", start if side in told else 0) for start in _starts(*_BESIDE[side])]
    return [*steps, (f"{side}:none", 0)]


def _starts(width: int, most: int) -> range:
    return range(-most // width * width, most + 1, width)


def of_lists(**steps: int) -> bytes:
    """Rows of the balance of lists and deals, on which the weight for a list weighs where its step begins,
    and these steps this."""
    rows = [f"lists:{name.replace('_', ':')},{weight}" for name, weight in steps.items()]
    return _lines("(lists),0", *_begins("lists", "list"), *rows)


def _begins(balance: str, side: str) -> list[str]:
    return [f"{balance}:{side}:{start},{start}" for start in _starts(*_STEPS[side])]


def _lines(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()
