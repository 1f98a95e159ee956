"""The order in which the atoms of a line are paired: the product, its amounts, their prices."""

from __future__ import annotations

from forensics.analysis.atoms import Atom
from forensics.analysis.goods_behind import amounts_first, priced_before, prices_first
from forensics.analysis.let_go import for_sums
from forensics.analysis.names import agreed
from forensics.analysis.rows import (
    bought,
    bracketed_prices_last,
    brackets_first,
    fours_said,
    multiplied,
    pieces_priced,
    prices_last,
    products_first,
    products_last,
    sums_counted,
)
from forensics.analysis.sums_first import amounts_before_sums, counted_behind_sum, dashes_turned
from forensics.analysis.sums_in_steps import sums_in_steps
from forensics.analysis.sums_of_several import priced_per_weight


def by_product(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line with each product before its amounts and prices."""
    several = sum(a.kind == "P" for a in atoms) > 1
    if not several:
        return atoms
    ordered = prices_first(priced_before(amounts_first(priced_per_weight(agreed(atoms)))))
    return products_last(products_first(ordered))


def in_order(atoms: list[Atom]) -> list[Atom]:
    """The atoms with amounts before their prices, where the line tells that they are otherwise."""
    atoms = sums_in_steps(counted_behind_sum(atoms))
    atoms = amounts_before_sums(sums_counted(fours_said(for_sums(dashes_turned(atoms)))))
    kinds = {atom.kind for atom in atoms}
    if "Q" in kinds:
        atoms = bracketed_prices_last(brackets_first(pieces_priced(atoms)))
    if "M" in kinds:
        atoms = prices_last(atoms)
    return multiplied(bought(atoms)) if "T" in kinds else atoms
