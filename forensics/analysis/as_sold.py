"""The atoms of a line of goods in the measures that they are sold in: packs, kilograms, tanks, pieces."""

from __future__ import annotations

from collections.abc import Callable

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.ordering import in_order
from forensics.analysis.packs import in_kilos, in_packs, without_bags, without_forms
from forensics.analysis.sheets import held_counted
from forensics.analysis.sweets import of_sweets
from forensics.analysis.tank_sizes import without_sizes


def as_sold(
    atoms: list[Atom], heading: Term | None, unit_of: Callable[[Term | None], str | None]
) -> list[Atom]:
    """The atoms in those measures. ``heading``: the product of the lines above, if any; ``unit_of`` gives the
    unit in which a product is sold.
    """
    atoms = without_bags(held_counted(of_sweets(atoms), heading), unit_of)
    atoms = in_kilos(in_order(without_forms(atoms, unit_of)), unit_of)
    return without_sizes(in_packs(atoms, unit_of))
