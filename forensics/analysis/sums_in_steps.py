"""Sums each with a word for that and what it buys, one after another: "60 for 1 / 110 for 2 / 250 for 5"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_FOR = frozenset({"for", "fr", "vr", "fur", "fuer", "voor", "pour", "por", "para", "per", "pentru", "za"})
_KINDS = frozenset({"NEN", "NEQ", "MEN", "MEQ"})
_PARTING = frozenset("/,;")
_PARTS, _FEWEST = 3, 2  # atoms of a sum with what it buys; sums of a run
_DEAR = 4  # times an amount: what it costs at least
_SLACK = 1.05  # what one of a larger amount costs at most, of one of a smaller


def sums_in_steps(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each amount of such a run before its sum: sums and amounts rise, and one costs no more
    the more are bought.
    """
    if not any(a.kind == "E" and a.text in _FOR for a in atoms):
        return atoms
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        steps, after = _steps(atoms, place)
        for sum_, _, amount in steps:
            end = amount.end
            equals, bar = Atom("E", end, end, text="="), Atom("B", end, end, text="|")
            found += [amount, equals, sum_._replace(kind="M"), bar]
        found += [] if steps else [atoms[place]]
        place = after if steps else place + 1
    return found


def _steps(atoms: Sequence[Atom], place: int) -> tuple[list[Sequence[Atom]], int]:
    """The sums of the run that begins there, each with its word and what it buys, and the place behind them;
    none where none does.
    """
    steps: list[Sequence[Atom]] = []
    after = place
    while _is_step(step := atoms[place : place + _PARTS]) and (not steps or _goes_on(steps[-1], step)):
        steps.append(step)
        after = place + _PARTS
        if not any(a.text in _PARTING or a.kind == "B" for a in atoms[after : after + 1]):
            break
        place = after + 1
    return (steps, after) if len(steps) >= _FEWEST else ([], after)


def _is_step(atoms: Sequence[Atom]) -> bool:
    """Whether a sum, a word for that and the little that it buys stand there."""
    joined = "".join(a.kind for a in atoms) in _KINDS and atoms[1].text in _FOR
    return joined and 0 < atoms[2].value * _DEAR <= atoms[0].value


def _goes_on(before: Sequence[Atom], atoms: Sequence[Atom]) -> bool:
    (sum_, _, amount), more, many = before, atoms[0], atoms[2]
    rises = more.value > sum_.value and many.value > amount.value
    return rises and more.value / many.value <= sum_.value / amount.value * _SLACK
