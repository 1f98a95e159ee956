"""What buyers think of a shop: "⭐ 4,8 (150 reviews)", "4,6/5", numbers that count no goods."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.vocabulary import vocabulary

_STARS = frozenset("⭐★🌟☆")
_LEAST, _MOST = 4.0, 5.0  # marks that shops boast of
_TEN = 10.0  # or of ten
_BEFORE_COUNT = frozenset("(/x")  # stand before how many gave it, or the best one
_MOST_ROWS = 30  # numbered so
_INDEX = 3  # atoms of the number of a row: "[2]"
_NEAR = 4  # atoms from a mark to how many gave one


def without_marks(atoms: list[Atom]) -> list[Atom]:
    """The atoms without marks and how many gave them, and without the number of a row of a list; without all
    bare numbers of a line of nothing else.
    """
    atoms = atoms[_numbered(atoms) :]
    marks = {place for place, atom in enumerate(atoms) if _is_mark(atoms, place)}
    if not marks:
        return atoms
    if not any(a.kind == "P" and a.term and a.term.entry.grade > 1 for a in atoms):
        return [a._replace(kind="X") if a.kind in "NX" else a for a in atoms]
    return [a._replace(kind="X") if _belongs(atoms, place, marks) else a for place, a in enumerate(atoms)]


def _numbered(atoms: Sequence[Atom]) -> int:
    """How many atoms are the number of the line, before a name: "[2] 2C-B roze", "#2 2C-B roze"."""
    texts = [a.text for a in atoms[:_INDEX]]
    if texts[:1] == ["#"] and [a.kind for a in atoms[1:2]] == ["N"]:  # "#2 tusi 80"
        apart = len(atoms) > 2 and atoms[1].value <= _MOST_ROWS and atoms[2].start > atoms[1].end
        return 2 if apart and atoms[2].kind in "PW" else 0
    bracketed = (texts[:1], texts[2:]) == (["["], ["]"]) and atoms[1].kind == "N"
    return _INDEX if bracketed and len(atoms) > _INDEX and atoms[_INDEX].kind in "PW" else 0


def _is_mark(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the number is a mark: of five or beside a star or a word for what others think."""
    atom = atoms[place]
    if atom.kind not in "NX" or not _LEAST <= atom.value <= _TEN:
        return False
    beside = {a.text for a in (*atoms[max(0, place - 2) : place], *atoms[place + 1 : place + _NEAR])}
    broken = atom.value % 1 != 0
    if not beside.isdisjoint(vocabulary().reviews) and (broken or beside & _STARS):
        return True
    ahead = atoms[place + 1 : place + 3]
    if atom.value > _MOST:
        return broken and len(ahead) > 1 and ahead[0].text == "/" and _are_of_ten(atom, *ahead)
    of_five = len(ahead) > 1 and (ahead[0].text == "/" or ahead[0].text == "sur") and ahead[1].value == _MOST
    alone = 0 < place < len(atoms) - 1 and (atoms[place - 1].text, atoms[place + 1].text) == ("(", ")")
    return broken and (of_five or alone or _is_counted(atoms[place + 1 : place + 5]))


def _are_of_ten(mark: Atom, slash: Atom, best: Atom) -> bool:
    """Whether a mark is written against the best one: "9.6/10"; not "7,5 / 10 = 60", the next tier."""
    return best.value == _TEN and mark.end == slash.start and slash.end == best.start


def _is_counted(ahead: Sequence[Atom]) -> bool:
    """Whether a number in brackets follows, too large for one of grams: "4,9 (631)"."""
    texts = [a.text for a in ahead]
    return (
        texts[:1] == ["("]
        and len(ahead) > 2
        and ahead[1].kind in "NX"
        and ahead[1].value > _MOST
        and ")" in texts
    )


def _belongs(atoms: Sequence[Atom], place: int, marks: set[int]) -> bool:
    """Whether a number is a mark or stands in brackets behind one."""
    if atoms[place].kind not in "NX":
        return False
    bracketed = place > 0 and atoms[place - 1].text in _BEFORE_COUNT
    return place in marks or (bracketed and not marks.isdisjoint(range(place - _NEAR, place)))
