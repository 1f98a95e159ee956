"""Goods that are named in a row without prices: which words of it are goods."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Line
from forensics.flag_work import built_in


def _substances(text: str) -> set[str | None]:
    window = built_in().conversation()
    return {item.substance for item in window.read(Line("1", text)).items}


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        (
            "weer op voorraad: coke, snoepjes, keta en wiet, stuur pb",
            "cocaine xtc-tablet ketamine cannabis",
        ),
        ("back on: coke, mandy, acid and ket. msg me for prices", "cocaine mdma lsd ketamine"),
        ("Wieder da: Koks, Teile, Pappen + Gras. Preise per PN", "cocaine xtc-tablet lsd cannabis"),
        (
            "de nuevo activo: cocaína, keta, eme y hierba. precios por privado",
            "cocaine ketamine mdma cannabis",
        ),
        ("znowu dostępne: mefka, feta i koks, ceny na priv", "mephedrone amphetamine cocaine"),
        ("Di nuovo attivo: ketamina, coca e erba. Prezzi in privato", "ketamine cocaine cannabis"),
        ("Sunt activ: cocaină, iarbă, pastile. Prețuri în privat", "cocaine cannabis xtc-tablet"),
    ],
)
def test_ordinary_words_in_a_row_with_a_drug_are_goods(text: str, substances: str) -> None:
    assert _substances(text) == set(substances.split())


@pytest.mark.parametrize(
    "text",
    [
        "heb je nog wiet en vloei?",
        "got weed and papers?",
        "heb je wiet en snoepjes?",
        "got any weed and sweets?",
        "can you bring weed, papers and candy?",
        "bring the weed and ice please",
        "heb je wiet en paard?",
    ],
)
def test_one_of_two_words_is_what_it_says(text: str) -> None:
    assert _substances(text) <= {"cannabis"}


@pytest.mark.parametrize(
    "text",
    [
        "back on, ketamine and coke. delivering all night, msg me for prices",
        "ketamine en coke weer binnen, stuur pb voor prijzen. snel ter plaatse",
    ],
)
def test_ordinary_words_elsewhere_are_none(text: str) -> None:
    assert _substances(text) == {"ketamine", "cocaine"}
