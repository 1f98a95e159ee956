"""Names that stand in a row with that of a drug: "coke, ket, pillen, haze en dry" offers five goods.

An ordinary word that can mean a drug says little alone, and as one of two ("weed and ice", "wiet en paard")
it is often what it says. In a row of three and more, of which one is surer, with nothing but a comma, an
"and" or a sign between, it is named in the same way and for the same reason; not what goes with smoking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token

_SURE = 2  # the grade from which on a name speaks of a drug by itself
_ROW = 3  # names of one
_WITH_SMOKING = frozenset({"vloei", "vloeitjes", "papers", "skins", "sweets", "candy"})
_JOINING = frozenset({
    "en", "and", "und", "et", "y", "e", "i", "oraz", "ve", "si", "w", "wa", "of", "or", "oder", "ou", "o",
    "lub", "veya", "sau", "plus", "ook", "also", "auch", "aussi", "n",
})  # fmt: skip
_LONGEST = 3  # tokens between two names of one row
_ENDS = frozenset(".?!;()")


def in_rows(terms: Sequence[Term], tokens: Sequence[Token]) -> list[Term]:
    """The terms that are sure, and those in a row with one; all where none is sure."""
    if not any(_is_sure(term) for term in terms):
        return list(terms)
    rows: list[list[Term]] = []
    for term in terms:
        if rows and _are_joined(tokens[rows[-1][-1].after : term.first]):
            rows[-1].append(term)
        else:
            rows.append([term])
    return [term for row in rows for term in _meant(row)]


def _meant(row: Iterable[Term]) -> list[Term]:
    """The terms of a row: all of them where it is long enough and one is sure, else those that are."""
    row = [term for term in row if term.entry.term not in _WITH_SMOKING]
    sure = [term for term in row if _is_sure(term)]
    return row if sure and len(row) >= _ROW else sure


def _is_sure(term: Term) -> bool:
    return term.entry.grade >= _SURE


def _are_joined(between: Sequence[Token]) -> bool:
    """Whether what stands between two names only joins them."""
    if not 0 < len(between) <= _LONGEST:
        return False
    return all(
        t.text in _JOINING if t.kind == "w" else t.kind in "ls" and t.text not in _ENDS for t in between
    )
