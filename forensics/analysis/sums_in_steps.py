"""Sums each with a word for that and what it buys, one after another: "60 for 1 / 110 for 2 / 250 for 5"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_FOR = frozenset({"for", "fr", "vr", "fur", "fuer", "voor", "pour", "por", "para", "per", "pentru", "za"})
_PARTING = frozenset("/,;")
_STEP, _FEWEST = 4, 2  # atoms from one sum to the next; sums of a run
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
        steps = _steps(atoms, place)
        for sum_, joint, amount in steps:
            bar = Atom("B", amount.end, amount.end, text="|")
            found += [amount, joint, sum_._replace(kind="M"), bar]
        found += [] if steps else [atoms[place]]
        place += len(steps) * _STEP - 1 if steps else 1
    return found


def _steps(atoms: Sequence[Atom], place: int) -> list[tuple[Atom, Atom, Atom]]:
    """The sums of the run that begins there, each with its word and what it buys; none where none does."""
    steps: list[tuple[Atom, Atom, Atom]] = []
    while _is_step(atoms[place : place + 3]) and (not steps or _goes_on(steps[-1], atoms[place : place + 3])):
        sum_, joint, amount = atoms[place : place + 3]
        steps.append((sum_, joint, amount))
        if not _is_parting(atoms[place + 3 : place + _STEP]):
            break
        place += _STEP
    return steps if len(steps) >= _FEWEST else []


def _is_step(atoms: Sequence[Atom]) -> bool:
    kinds = "".join(a.kind for a in atoms)
    if kinds not in {"NEN", "NEQ", "MEN", "MEQ"} or atoms[1].text not in _FOR:
        return False
    return 0 < atoms[2].value * _DEAR <= atoms[0].value


def _goes_on(before: tuple[Atom, Atom, Atom], atoms: Sequence[Atom]) -> bool:
    (sum_, _, amount), more, many = before, atoms[0], atoms[2]
    rises = more.value > sum_.value and many.value > amount.value
    return rises and more.value / many.value <= sum_.value / amount.value * _SLACK


def _is_parting(atoms: Sequence[Atom]) -> bool:
    return any(a.text in _PARTING or a.kind == "B" for a in atoms)
