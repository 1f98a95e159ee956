"""Drug terms found as they are written, also when they are written to be missed, and a local overlay."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analysis.findings import Classifier
from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.menu import read
from forensics.analysis.spelling import Beginnings
from forensics.errors import WrongUse

DATA = Path(__file__).resolve().parent.parent / "forensics" / "analysis" / "data"


@cache
def _lexicon() -> Lexicon:
    return Lexicon.load()[0]


def _table(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()))


def test_the_word_list_holds_what_the_review_says_of_each_term() -> None:
    """A word list made anew from other sources keeps these rows, so that nothing is lost by making it."""
    known = {row["term"]: row for row in _table("lexicon.csv")}
    reviewed = _table("reviewed.csv", DATA.parents[2] / "fixtures" / "lexicon")
    assert [row for row in reviewed if row["grade"] != "0" and known.get(row["term"]) != row] == []
    assert [row["term"] for row in reviewed if row["grade"] == "0" and row["term"] in known] == []


def _terms(text: str) -> list[Term]:
    return [t for t in read(text, _lexicon()).terms if t.entry.grade >= 2]


@pytest.mark.parametrize(
    ("text", "substance", "how"),
    [
        ("coke", "cocaine", ()),
        ("c o k e", "cocaine", ("separated",)),
        ("k.e.t.a", "ketamine", ("separated",)),
        ("co-ke", "cocaine", ("separated",)),
        ("w1et", "cannabis", ("leet",)),
        ("c0ca1ne", "cocaine", ("leet",)),
        ("wiiiet", "cannabis", ("repeated",)),
        ("ketammine", "ketamine", ("misspelled",)),
        ("heroïen", "heroin", ("misspelled",)),
        ("ketaatje", "ketamine", ()),
        ("kеtа", "ketamine", ("mixed-script",)),
        ("3-mmc", "3-mmc", ()),
        ("3 mmc", "3-mmc", ()),
        ("2xtc", "xtc-tablet", ()),
        ("3-MMC", "3-mmc", ()),
        ("Crystal Meth", "methamphetamine", ()),
        ("marihuana's", "cannabis", ()),
    ],
)
def test_a_term_is_found(text: str, substance: str, how: tuple[str, ...]) -> None:
    found = _terms(text)
    assert [(t.entry.targets[0], t.fired) for t in found] == [(substance, how)]
    assert (found[0].start, found[0].end) == (0, len(text)) or text in ("2xtc", "marihuana's")


@pytest.mark.parametrize(
    "text", ["vitamine", "a b c d", "2 ai", "cokes oven 12", "ik ga naar huis", "codeline"]
)
def test_ordinary_words_are_no_strong_terms(text: str) -> None:
    assert [t.entry.term for t in _terms(text) if t.entry.grade == 3] == []


def test_every_target_of_the_data_is_a_substance() -> None:
    substances = {r["id"] for r in _table("substances.csv")}
    rows = _table("lexicon.csv")
    assert len(rows) > 5000
    assert {t for r in rows for t in r["targets"].split("|")} <= substances
    assert all(r["grade"] in ("1", "2", "3") and r["sources"] for r in rows)


def test_an_overlay_adds_a_term_and_changes_the_hash(tmp_path: Path) -> None:
    overlay = tmp_path / "local.csv"
    overlay.write_text("term,targets,grade\nBlurpie,cocaine,3\ncoke,cocaine,0\n", encoding="utf-8")
    lexicon, sha256 = Lexicon.load(overlay)
    assert [t.entry.targets for t in read("2g blurpie", lexicon).terms] == [("cocaine",)]
    assert read("coke", lexicon).terms == ()
    assert sha256 != Lexicon.load()[1]
    assert Classifier.load(overlay).version != Classifier.load().version


@pytest.mark.parametrize("row", ["x,no-such-substance,2", "x,cocaine,9", ",cocaine,2"])
def test_a_bad_overlay_is_named(tmp_path: Path, row: str) -> None:
    overlay = tmp_path / "local.csv"
    overlay.write_text(f"term,targets,grade\n{row}\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=r"local\.csv"):
        Lexicon.load(overlay)


@pytest.mark.parametrize(
    ("text", "found"),
    [("ekoc 1g 50", "cocaine"), ("teiw 5 gram 40", "cannabis"), ("ekoc is leuk", None), ("de teiw", None)],
)
def test_a_name_turned_round_is_read_beside_a_number_only(text: str, found: str | None) -> None:
    terms = read(text, _lexicon()).terms
    assert [(t.entry.targets[0], t.fired) for t in terms] == ([(found, ("reversed",))] if found else [])


@given(st.lists(st.text("abc", min_size=1, max_size=4), max_size=8), st.text("abc", max_size=5))
def test_beginnings_of_words_are_known_without_a_list_of_them(known: list[str], letters: str) -> None:
    assert (letters in Beginnings(known)) == any(
        letters == word[:n] for word in known for n in range(1, len(word) + 1)
    )
