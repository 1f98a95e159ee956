"""What the second opinion says of an outcome: the sums, what they are made of, and what would change it.

All are hits as those of the rules, so that a reader adds them up by hand from ``data/learnt.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forensics.analysis.learnt import Form, Forms, Weights
from forensics.analysis.score import Hit, Rules
from forensics.analysis.verdicts import Line

_POINT = 100  # thousandths that are one point of a score
_DIGITS = 12  # of a digest that are named in a reason


class Reasons:
    """Tells of lines why they are of a trade, or of none, by one set of learnt weights."""

    def __init__(self, rules: Rules, weights: Weights, forms: Forms) -> None:
        self._rules = rules
        self._weights = weights
        self._forms = forms
        self._least = rules.thresholds["learnt"]

    def joins(self, line: Line, sums: tuple[int, int, int], opener: tuple[Line, int | None]) -> Iterator[Hit]:
        """Of a line among others. ``sums``: of the stretch, what was taken off that, and of the line amid the
        others; ``opener``: the line that opens the deal, with what its stretch weighs where that opens it."""
        total, unnamed, own = sums
        listed = list(self._of(line, self._weights.of))
        here = sum(hit.thousandths for hit in listed)
        rest = total + unnamed - self._weights.base - here
        made = f"{total:+d} = {self._weights.base:+d} {here:+d} {rest:+d}"
        made += f" {-unnamed:+d}" if unnamed else ""
        yield replace(self._hit("learnt", line, f"{made}; {self._source()}"), weight=total // _POINT)
        yield self._hit("learnt-line", line, f"{own:+d}; {self._least['line'] - own - 1:+d}")
        first, weight = opener
        change = f"{self._least['joins'] - total - 1:+d}; {first.id}"
        if weight is not None:
            change += f": {self._least['opens'] - weight - 1:+d}"
        yield self._hit("learnt-change", line, change)
        yield from listed

    def alone(self, line: Line, total: int, doubts: int, least: float) -> Iterator[Hit]:
        """Of a line that is of a trade by what it weighs alone, after what was taken off, and must weigh at
        least."""
        listed = list(self._of(line, self._weights.alone))
        here, base = sum(hit.thousandths for hit in listed), self._weights.alone_base
        made = f"{total:+d} = {base:+d} {here:+d} {total + doubts - base - here:+d}"
        made += f" {-doubts:+d}" if doubts else ""
        told = self._hit("learnt-alone", line, f"{made}; {self._source()}")
        yield replace(told, weight=total // _POINT)
        yield self._hit("learnt-less", line, f"{least - total - 1:+.0f}")
        yield from listed

    def lists(self, line: Line, total: int) -> Iterator[Hit]:
        """Of a line of trade that is an offer to many by the weights of lists."""
        made = f"{total:+d}; {self._least['lists'] - total - 1:+d}; {self._source()}"
        yield self._hit("learnt-list", line, made)

    def denies(self, line: Line, total: int) -> Iterator[Hit]:
        """Of a line whose stretch speaks against the deal that the rules found."""
        denied = self._hit("learnt-denies", line, f"{total:+d}; {self._source()}")
        yield replace(denied, weight=-(-total // _POINT))
        yield self._hit("learnt-more", line, f"{self._least['denies'] - total:+d}")
        yield from self._of(line, self._weights.of)

    def denies_alone(self, line: Line, total: int) -> Iterator[Hit]:
        """Of a line that alone speaks against the deal or list that the rules found."""
        denied = self._hit("learnt-denies-alone", line, f"{total:+d}; {self._source()}")
        yield replace(denied, weight=-(-total // _POINT))
        yield self._hit("learnt-more", line, f"{self._least['alone_denies'] - total:+d}")
        yield from self._of(line, self._weights.alone)

    def no_part(self, line: Line, own: int) -> Iterator[Hit]:
        """Of a line that is none of the deal around it."""
        least = self._least["line"]
        yield self._hit("learnt-no-part", line, f"{own:+d}; {least - own:+d}; {self._source()}")

    def _source(self) -> str:
        return f"v{self._weights.version}, sha256 {self._weights.sha256[:_DIGITS]}"

    def _of(self, line: Line, weights: Mapping[str, int]) -> Iterator[Hit]:
        """The forms of a line that weigh much, with their weights."""
        for form in self._forms.of(line.text):
            value = weights.get(form.name, 0)
            if abs(value) >= self._least["listed"]:
                yield self._listed(line, form, value)

    def _listed(self, line: Line, form: Form, value: int) -> Hit:
        """A form of the line with what it weighs."""
        hit = self._hit("learnt-for" if value > 0 else "learnt-against", line, f"{form.name} {value:+d}")
        text = line.text[form.start : form.end]
        return replace(hit, start=form.start, end=form.end, text=text, thousandths=value)

    def _hit(self, rule_id: str, line: Line, detail: str) -> Hit:
        rule = self._rules.rules[rule_id]
        return Hit(
            id=rule_id,
            version=self._rules.version,
            message=line.id,
            start=0,
            end=0,
            text="",
            reason=f"{rule.en} ({detail})",
            weight=rule.weight,
            dimension=rule.dimension,
        )
