"""A sum or an amount said once for several goods: "voor 20: 1 g keta | 5 g snelle | 6 pillen", "€50 wit, €25
keta per gram".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forensics.analysis.atoms import PER, Atom
from forensics.analysis.goods_behind import is_weighed

_SEVERAL = 2  # goods of such a line
_LEAST_SUM = _ROUND = 5
_STOPS = frozenset(".!?")
_MOST = 100  # of one good without a unit
_OR = frozenset({"/", "of", "or", "oder", "ou", "o", "lub", "albo", "veya", "sau", "wla", "wela"})
_WEIGHED = frozenset({"g", "kg"})


def priced_alike(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line that opens with a sum and a colon, and has amounts of goods with bars or words for
    "or" between them, with each behind its product and before that sum: it buys any of them, not all. So has
    a sentence with words for that: "für 50€ kriegst du 5g Gras oder 10g Hasch".
    """
    found = _any_of(atoms, _heads_line)
    if found is not None:
        return found
    if not any(a.text in _OR for a in atoms) or not any(a.kind == "M" for a in atoms):
        return atoms
    sentences = _sentences(atoms)
    read = [_any_of(sentence, _heads_sentence) for sentence in sentences]
    if not any(read):
        return atoms
    pairs = zip(sentences, read, strict=True)
    return [atom for sentence, said in pairs for atom in (sentence if said is None else said)]


def _any_of(atoms: list[Atom], heads: Callable[[Sequence[Atom], int], int]) -> list[Atom] | None:
    """Each of some goods with the sum that stands before them; None where nothing such is said. ``heads``
    gives of a sum the place behind what makes it the head of the goods, 0 for none.
    """
    first = next((place for place, a in enumerate(atoms) if a.kind not in "WOE"), len(atoms))
    place = heads(atoms, first) if first < len(atoms) else 0
    goods = list(map(_good, _parted(atoms[place:]))) if place else []
    pairs = [good for good in goods if good is not None]
    if not _SEVERAL <= len(pairs) == len(goods):
        return None
    return [each for product, amount in pairs for each in _sold(product, amount, atoms[first])]


def _heads_line(atoms: Sequence[Atom], first: int) -> int:
    colon = [a.text for a in atoms[first + 1 : first + 2]] == [":"]
    return first + 2 if colon and _heads(atoms, first) else 0


def _heads_sentence(atoms: Sequence[Atom], first: int) -> int:
    """Behind the words between a sum of money with a word for that and the first amount."""
    equals = [a.text for a in atoms[first + 1 : first + 2]] == ["="]  # "50€ = 5g erba o 8g fumo"
    said = atoms[first].kind == "M" and (equals or any(a.kind == "E" for a in atoms[:first]))
    joined = any(a.text in _OR and (equals or a.text.isalpha()) for a in atoms[first:])
    return first + 1 + equals if said and joined else 0


def _sentences(atoms: Sequence[Atom]) -> list[list[Atom]]:
    parts: list[list[Atom]] = [[]]
    for atom in atoms:
        parts[-1].append(atom)
        if atom.text in _STOPS and atom.kind == "O":
            parts.append([])
    return parts


def _sold(product: Atom, amount: Atom, sum_: Atom) -> list[Atom]:
    end = max(product.end, amount.end)
    made = amount._replace(kind="Q" if amount.unit else "N")
    equals = Atom("E", end, end, text="=")
    return [product._replace(unit=None), made, equals, sum_._replace(kind="M"), _bar(end)]


def _heads(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the number there is a sum: of money, behind a word for that, or a round one."""
    sum_ = atoms[place]
    said = any(a.kind == "E" for a in atoms[:place]) or sum_.value % _ROUND == 0
    return sum_.kind == "M" or (said and _is_sum(sum_))


def _is_sum(atom: Atom) -> bool:
    return atom.kind == "M" or (atom.kind == "N" and atom.value >= _LEAST_SUM)


def _parted(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """What stands between bars and words for "or", without other words and signs."""
    parts: list[list[Atom]] = [[]]
    for atom in atoms:
        if atom.kind == "B" or atom.text in _OR:
            parts.append([])
        elif atom.kind not in "WO":
            parts[-1].append(atom)
    return [part for part in parts if part]


def _good(atoms: Sequence[Atom]) -> tuple[Atom, Atom] | None:
    """A product and how much of it, that stand in either order; None for anything else."""
    product = next((a for a in atoms if a.kind == "P"), None)
    amount = next((a for a in atoms if a.kind in "NQ"), None)
    if product is None or amount is None or len(atoms) > 2:
        return None
    return None if amount.kind == "N" and amount.value >= _MOST else (product, amount)


def priced_per_weight(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line in which every product stands right behind its price, and the weight that these are
    for is said once, before or behind all, with each product before its price and that weight.
    """
    solid = [a for a in atoms if a.kind not in "WOX"]
    weight = next((a for a in (*solid[:1], *solid[-1:]) if a.text == PER and a.unit in _WEIGHED), None)
    rest = [a for a in solid if a is not weight]
    pairs = list(zip(rest[::2], rest[1::2], strict=False))
    if weight is None or len(rest) % 2 or len(pairs) < _SEVERAL or not all(_is_priced(*p) for p in pairs):
        return atoms
    return [each for sum_, product in pairs for each in (product, sum_, weight, _bar(product.end))]


def _is_priced(sum_: Atom, product: Atom) -> bool:
    return _is_sum(sum_) and product.kind == "P" and product.unit != "also" and is_weighed(product)


def _bar(place: int) -> Atom:
    return Atom("B", place, place, text="|")
