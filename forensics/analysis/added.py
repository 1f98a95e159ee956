"""What counts added what a line weighs alone, for the second opinion (analysis.opinion): the outcome of the
rules, prices, and doubts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forensics.analysis.heard_line import HeardLine
from forensics.analysis.learnt import SUBJECT
from forensics.analysis.statement import Reader, Statement
from forensics.analysis.tangible import is_tangible
from forensics.analysis.tier import Tier
from forensics.analysis.window import Judged

_DISGUISE = "disguise"
_OWNED = "at-home"  # the rule for a medicine that is someone's own
_PAID_TEXTS = "premium-sms"  # the subject of adverts of which a text message is what costs money
_FEW_PRICES = 2


def priced(statement: Statement) -> list[Tier]:
    """What a line prices."""
    return [tier for tier in statement.reading.tiers if tier.price is not None]


class Added:
    """Works out what is added, in thousandths, with one set of thresholds."""

    def __init__(self, reader: Reader, least: Mapping[str, int]) -> None:
        self._reader = reader
        self._least = least

    def of(self, kept: HeardLine, names: Iterable[str]) -> dict[str, int]:
        """What is added for a line with forms of these names, by a name for it: prices, the outcome of the
        rules and a name that these found hidden, and doubts; nothing that is 0."""
        other = SUBJECT in names
        ruled = self._least["ruled"] if kept.is_trade() else 0
        hidden = self._least["hidden"] if ruled and kept.judged and _hides(kept.judged) else 0
        parts = {f"rules:{kept.label()}": ruled, "hidden": hidden, **self._for_prices(kept, other=other)}
        parts["doubt"] = -self._doubts(kept, other=other)
        return {name: value for name, value in parts.items() if value}

    def _for_prices(self, kept: HeardLine, *, other: bool) -> dict[str, int]:
        """What the prices of a line count alone, and that they stand on more than one line; half, and nothing
        for that, where a word of another subject is said."""
        prices = priced(self._reader.read(kept.line.text))
        if not prices:
            return {}
        name = "prices" if len(prices) >= _FEW_PRICES else "price"
        if other:
            return {name: self._least[name] // 2}
        rows = name == "prices" and len({tier.line for tier in prices}) > 1
        return {name: self._least[name], "rows": self._least["rows"] if rows else 0}

    def _doubts(self, kept: HeardLine, *, other: bool) -> int:
        """What is taken off alone where no word may speak of a drug, one is of another subject, or the rules
        found no trade and nothing is tangible; more where it is surely of something else.
        """
        statement = self._reader.read(kept.line.text)
        doubts = ((not kept.opens()) + other) * self._least["unnamed"]
        if not kept.is_trade() and not is_tangible(statement):
            doubts += self._least["intangible"]
        elsewhere = _is_owned(kept.judged) or (other and _is_of_another(statement))
        return doubts + (self._least["otherwise"] if elsewhere else 0)


def _is_owned(judged: Judged | None) -> bool:
    """Whether a medicine is someone's own."""
    return judged is not None and any(hit.id == _OWNED for hit in judged.hits)


def _is_of_another(statement: Statement) -> bool:
    """Whether a message with a word of another subject names no drug, or none surely and is an advert of paid
    texts.
    """
    paid = any(each.name == _PAID_TEXTS for each in statement.subjects)
    return not statement.terms or (paid and not statement.named)


def _hides(judged: Judged) -> bool:
    """Whether the rules found a name of goods that is written so as to be missed."""
    return any(hit.id == _DISGUISE for hit in judged.hits)
