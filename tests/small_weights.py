"""The classifier with a handful of learnt weights and thresholds of a test."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from forensics.analysis.findings import Classifier, Scales
from forensics.analysis.weights import Weights
from forensics.flag_work import built_in

_NEVER = 1_000_000  # thousandths that no message weighs
_LOW = {"peak": -_NEVER, "peak_intangible": -_NEVER, "intangible": 0}
# How wide a step is and how far the steps go, of what lies on the balance.
_USUAL = (200, 2000)
STEPS = {
    "score": (3, 18),
    "stretch": (300, 3000),
    "around": (100, 2000),
    **dict.fromkeys(
        ("alone", "amid", "most", "before", "behind", "close", "earlier", "later", "list"), _USUAL
    ),
}


def classifier_of(rows: bytes, least: Mapping[str, int], **window: int) -> Classifier:
    """The rules and words of the program with the weights of these rows, these thresholds for them and, where
    given, other windows. Without a threshold ``stays`` the balance decides of all lines among others;
    without ``beside`` none weighs enough beside others only, without ``beside_alone`` it may weigh whatever
    it does alone, without ``peak`` none around need weigh
    much, and without ``intangible`` nothing is taken off for that."""
    own = built_in()
    rules = copy(own.rules)
    rules.thresholds = {
        **own.rules.thresholds,
        "learnt": {
            **_LOW,
            "stays": _NEVER,
            "beside": least.get("balance", 0),
            "beside_alone": -_NEVER,
            **least,
        },
    }
    rules.window = {**own.rules.window, **window}
    return Classifier(Scales(rules, Weights(rows)), own.reader, own._cues, b"", own.laws)


def on_balance(*sides: str, **rules: int) -> bytes:
    """Rows of a balance on which these sides weigh where their steps begin, and labels of the rules this;
    KeyError for a side that does not lie on it."""
    rows = [f"balance:rules:{label},{weight}" for label, weight in rules.items()]
    return _lines("(balance),0", *rows, *(row for side in sides for row in _begins("balance", side)))


def of_lists(**steps: int) -> bytes:
    """Rows of the balance of lists and deals, on which the weight for a list weighs where its step begins,
    and these steps this."""
    rows = [f"lists:{name.replace('_', ':')},{weight}" for name, weight in steps.items()]
    return _lines("(lists),0", *_begins("lists", "list"), *rows)


def _begins(balance: str, side: str) -> list[str]:
    width, most = STEPS[side]
    starts = range(-most // width * width, most + 1, width)
    return [f"{balance}:{side}:{start},{start}" for start in starts]


def _lines(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()
