"""Two names for one product on a line: the surer one says what the other means ("🟤 1/50 (afghan brown)")."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term

_NUMERIC = "QNMR"


def agreed(atoms: list[Atom]) -> list[Atom]:
    """The atoms with the product of a line called by what it means, where a second name tells."""
    places = [place for place, a in enumerate(atoms) if a.kind == "P" and a.unit != "also"]
    if len(places) < 2 or places[0] > _first_number(atoms):
        return atoms
    first, second = atoms[places[0]].term, atoms[places[1]].term
    if first is None or second is None:
        return atoms
    if len(places) > 2 and any(a.kind in _NUMERIC for a in atoms[places[0] : places[1]]):
        return atoms  # goods with prices of their own, whatever ends the line
    bracketed = _is_bracketed(atoms, places[1])
    if any(a.kind in _NUMERIC for a in atoms[places[-1] :]):
        explained = bracketed and len(places) == 2 and places[1] - places[0] == 2
        meant = second if _is_sign(first) else _of_both(first, second)  # "C (crystal) 0,5 45"
        meant = meant if explained else None
    else:
        meant = _meant(first, second, bracketed=bracketed)
    if meant is None:
        return atoms
    named = atoms[places[0]]._replace(term=meant)
    return [named if p == places[0] else a for p, a in enumerate(atoms) if p != places[1]]


def _first_number(atoms: Sequence[Atom]) -> int:
    return next((place for place, a in enumerate(atoms) if a.kind in _NUMERIC), len(atoms))


def _meant(first: Term, second: Term, *, bracketed: bool) -> Term | None:
    """The second name where it is surer or one of the things that the first can mean."""
    target = second.entry.targets[0]
    if target in first.entry.targets[1:] and not _is_sign(second):
        return second
    if second.entry.grade == 1 and (both := _of_both(first, second)):
        return both
    sure = bracketed and _is_sign(first) and (second.entry.grade > 1 or len(second.entry.term) == 1)
    surer = bracketed and first.entry.grade == 1 < second.entry.grade  # "Liquid (GBL)"
    return second if sure or surer else None


def _of_both(first: Term, second: Term) -> Term | None:
    """The second name as what the first means, where it can mean that too: "Clear (shards)"."""
    target = first.entry.targets[0]
    if target not in second.entry.targets[1:]:
        return None
    others = tuple(t for t in second.entry.targets if t != target)
    return second._replace(entry=second.entry._replace(targets=(target, *others)))


def _is_sign(term: Term) -> bool:
    """Whether the name is an emoji or a letter."""
    return len(term.entry.term) == 1 or not term.entry.term[0].isalnum()


def _is_bracketed(atoms: Sequence[Atom], place: int) -> bool:
    return 0 < place < len(atoms) - 1 and atoms[place - 1].text == "(" and atoms[place + 1].text == ")"


COLOURS = frozenset({
    "blauw", "blauwe", "blue", "gele", "green", "groen", "groene", "gelb", "grun", "orange", "oranje",
    "paars", "paarse", "purple", "red", "rode", "rood", "rosa", "roze", "yellow",
})  # fmt: skip
# and in other languages, where they stand for a drug by themselves unless right behind tablets
_TINTS = frozenset({
    "amarilla", "amarillo", "azul", "azules", "bleu", "bleue", "bleues", "blu", "gialla", "gialle", "giallo",
    "jaune", "jaunes", "roja", "rojas", "rojo", "rossa", "rosse", "rosso", "rouge", "rouges", "verde", "vert",
    "verte", "vertes",
})  # fmt: skip
_PINK = frozenset({"pink"})
_TABLETS = "xtc-tablet"
# colours that may stand for a drug and open lines as bullets do
_BULLETS = frozenset("⚪⚫🔴🔵🟠🟡🟢🟣🟤⬜⬛🟥🟧🟨🟩🟦🟪🟫🤍🖤🤎💙💚💛💜🧡💎")


def without_colours(atoms: list[Atom], heading: Term | None) -> list[Atom]:
    """The atoms with colours of tablets as words where the line or the one above names tablets: "Groene
    Shrek" below "XTC", "💊 Purple Rolex".
    """
    found: list[Atom] = []
    named = heading
    for atom in atoms:
        word = atom.term.entry.term if atom.kind == "P" and atom.term is not None else ""
        colour = word in COLOURS or (word in _TINTS and found[-1:] != [] and found[-1].kind == "P")
        if colour and named is not None and named.entry.targets[0] == _TABLETS:
            found.append(atom._replace(kind="W", term=None, text=word))
        else:
            named = atom.term if atom.kind == "P" else named
            found.append(atom)
    return found


def bullet_of(atoms: Sequence[Atom], heading: Term | None) -> str:
    """The coloured sign that opens a line right before its amount, below a heading that names a drug in
    words: "🔵 1g 20" below "KETAMINE". Such a sign tells lines apart, it says not what is sold.
    """
    if heading is None or heading.entry.grade == 1 or not is_word(heading):
        return ""
    sign = next((a.term.entry.term for a in atoms[:1] if a.kind == "P" and a.term), "")
    return sign if sign in _BULLETS and any(a.kind in "QNMU" for a in atoms[1:2]) else ""


def last_named(atoms: Sequence[Atom]) -> Term | None:
    """The last product that a line names outside brackets; None where there is none."""
    last, depth, behind = None, 0, False  # behind: right behind a name
    for atom in atoms:
        depth += (atom.text == "(") - (atom.text == ")")
        term = atom.term if atom.kind == "P" and atom.unit != "also" and depth <= 0 else None
        form = behind and last is not None and term is not None and term.entry.grade < last.entry.grade
        last, behind = (last if form else term or last), atom.kind == "P"
    return last


def surest(terms: Sequence[Term]) -> Term:
    """The surest name of a line: words before emojis and colours, tablets before the pink that they are."""
    tablets = any(t.entry.targets[0] == _TABLETS for t in terms)
    tints = _PINK if tablets else frozenset[str]()
    return max(terms, key=lambda t: (t.entry.grade, is_word(t) and t.entry.term not in tints))


def is_word(term: Term) -> bool:
    """Whether the name is a word and no emoji or colour."""
    return term.entry.term[0].isalnum() and term.entry.term not in COLOURS
