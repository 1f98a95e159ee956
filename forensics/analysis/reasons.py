"""What the second opinion says of an outcome: the sums, what they are made of, and what would change it.

All are hits as those of the rules, so that a reader adds them up by hand from ``data/learnt.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from forensics.analysis.learnt import Form
from forensics.analysis.score import Hit, Rules
from forensics.analysis.verdicts import Line
from forensics.analysis.weights import ALONE_BASE, BALANCE_BASE, LISTS_BASE, Forms, Weights

_POINT = 100  # thousandths that are one point of a score
_DIGITS = 12  # of a digest that are named in a reason


class Reasons:
    """Tells of lines why they are of a trade, or of none, by one set of learnt weights."""

    def __init__(self, rules: Rules, weights: Weights, forms: Forms) -> None:
        self._rules = rules
        self._weights = weights
        self._forms = forms
        self._least = rules.thresholds["learnt"]

    def found(self, line: Line, steps: Sequence[str]) -> Iterator[Hit]:
        """Of a line that is of a trade on the balance where the rules found none."""
        total, made = self._balanced(BALANCE_BASE, self._weights.balance, steps)
        yield self._hit("learnt", line, made, total // _POINT)
        yield self._hit("learnt-less", line, "; ".join(self._less(total)))
        yield from self._of(line)

    def _less(self, total: int) -> Iterator[str]:
        """How much less would leave a line out: by itself, beside a trade, with none around, and where none
        weighs much.
        """
        least = self._least
        yield f"{least['balance'] - total - 1:+d}"
        if least["beside"] < least["balance"]:
            yield f"beside {least['beside'] - total - 1:+d}"
        for name in ("solitary", "peak", "peak_intangible"):
            if least["balance"] < least[name] <= total:
                yield f"{name} {least[name] - total - 1:+d}"

    def beside(self, line: Line, steps: Sequence[str], alone: int, *, is_ruled: bool) -> Iterator[Hit]:
        """Of a line that weighs enough on the balance beside a line of a trade only; its sum gives no points
        where the rules found a trade in it, and else it must weigh something ``alone`` too."""
        total, made = self._balanced(BALANCE_BASE, self._weights.balance, steps)
        missing, less = self._least["balance"] - total, self._least["beside"] - total - 1
        points = 0 if is_ruled else total // _POINT
        parts = [f"{missing:+d}", f"{less:+d}"]
        if not is_ruled:
            parts.append(f"alone {self._least['beside_alone'] - alone - 1:+d}")
        yield self._hit("learnt-beside", line, f"{', '.join(parts)}; {made}", points)
        yield from self._of(line)

    def denies(self, line: Line, steps: Sequence[str], alone: int) -> Iterator[Hit]:
        """Of a line that is of none on the balance where the rules found a deal or a list. ``alone``: what it
        weighs alone, which could have kept it too."""
        total, made = self._balanced(BALANCE_BASE, self._weights.balance, steps)
        more, more_alone = self._least["balance"] - total, self._least["stays"] - alone
        less = self._least["beside"] - total
        beside = [f"beside {max(less, 0):+d}"] if less < more else []
        parts = [f"{more:+d}", *beside, f"alone {more_alone:+d}"]
        yield self._hit("learnt-denies", line, made, min(-(-total // _POINT), 0))
        yield self._hit("learnt-more", line, "; ".join(parts))
        yield from self._of(line)

    def stays(self, line: Line, steps: Sequence[str], alone: int) -> Iterator[Hit]:
        """Of a line that is of none on the balance, where what the rules found stays by what it weighs
        alone."""
        _, made = self._balanced(BALANCE_BASE, self._weights.balance, steps)
        less = self._least["stays"] - alone - 1
        yield self._hit("learnt-stays", line, f"{alone:+d}, {less:+d}; {made}")
        yield from self._of(line)

    def alone(self, line: Line, alone: int, added: Mapping[str, int]) -> Iterator[Hit]:
        """Of a line that is of a trade by what it weighs alone, with what counts added by a name for it."""
        total, made, forms = self._made(line, alone, added)
        yield self._hit("learnt-alone", line, made, total // _POINT)
        yield self._hit("learnt-less", line, f"{self._least['alone'] - total - 1:+d}")
        yield from forms

    def denies_alone(self, line: Line, alone: int, added: Mapping[str, int]) -> Iterator[Hit]:
        """Of a line that alone weighs too little for the deal or list that the rules found."""
        total, made, forms = self._made(line, alone, added)
        yield self._hit("learnt-denies-alone", line, made, min(-(-total // _POINT), 0))
        yield self._hit("learnt-more", line, f"{self._least['alone'] - total:+d}")
        yield from forms

    def lists(self, line: Line, steps: Sequence[str]) -> Iterator[Hit]:
        """Of a line of trade that is an offer to many."""
        total, made = self._balanced(LISTS_BASE, self._weights.list_balance, steps)
        yield self._hit("learnt-list", line, f"{made}; {self._least['lists'] - total - 1:+d}")

    def _made(self, line: Line, alone: int, added: Mapping[str, int]) -> tuple[int, str, list[Hit]]:
        """What a line weighs alone with what counts added; the same in words: base, forms listed, all
        others, each that counts added; and the forms listed."""
        total, forms = alone + sum(added.values()), list(self._of(line))
        base, here = self._weights.base_of(ALONE_BASE) or 0, sum(hit.thousandths for hit in forms)
        parts = [f"{total:+d} = {base:+d} {here:+d} {alone - base - here:+d}"]
        parts += [f"{name} {value:+d}" for name, value in added.items()]
        return total, f"{', '.join(parts)}; {self._source()}", forms

    def _balanced(self, name: str, weights: Mapping[str, int], steps: Sequence[str]) -> tuple[int, str]:
        """The sum on a balance, and in words: the base by its name, each step with what it weighs, and where
        the weights come from."""
        base = self._weights.base_of(name) or 0
        worth = [weights.get(step, 0) for step in steps]
        told = ", ".join(f"{step} {value:+d}" for step, value in zip(steps, worth, strict=True))
        total = base + sum(worth)
        return total, f"{total:+d} = {base:+d}, {told}; {self._source()}"

    def _source(self) -> str:
        return f"v{self._weights.version}, sha256 {self._weights.sha256[:_DIGITS]}"

    def _of(self, line: Line) -> Iterator[Hit]:
        """The forms of a line that weigh much alone, with their weights."""
        for form in self._forms.of(line.text):
            value = self._weights.alone.get(form.name, 0)
            if abs(value) >= self._least["listed"]:
                yield self._listed(line, form, value)

    def _listed(self, line: Line, form: Form, value: int) -> Hit:
        """A form of the line with what it weighs."""
        hit = self._hit("learnt-for" if value > 0 else "learnt-against", line, f"{form.name} {value:+d}")
        text = line.text[form.start : form.end]
        return replace(hit, start=form.start, end=form.end, text=text, thousandths=value)

    def _hit(self, rule_id: str, line: Line, detail: str, points: int = 0) -> Hit:
        rule = self._rules.rules[rule_id]
        return Hit(
            id=rule_id,
            version=self._rules.version,
            message=line.id,
            start=0,
            end=0,
            text="",
            reason=f"{rule.en} ({detail})",
            weight=rule.weight + points,
            dimension=rule.dimension,
        )
