"""Messages that name goods plainly, and what is like them: asked for in hidden letters, a choice of goods, a
seller who stands there with them; snow that lies somewhere, a medicine that a parent brings.
"""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Line, Verdict
from forensics.flag_work import built_in

TRADE = ("menu", "deal")


def _read(text: str) -> Verdict:
    """What the rules say of a message; the learnt weights are not asked."""
    return built_in().conversation().read(Line(id="m1", text=text))


@pytest.mark.parametrize(
    "text",
    [
        "heb je nog sn33uw",
        "do you have any gr33n",
        "hast du noch gr4s",
        "il te reste du sh1t frr",
        "tienes hi3rba",
    ],
)
def test_an_ordinary_word_asked_for_in_hidden_letters_is_goods(text: str) -> None:
    assert _read(text).label == "deal"


@pytest.mark.parametrize("text", ["do you have any sh1t to say", "you got that sh1t", "hast du noch Gras"])
def test_a_swearword_or_a_plain_word_is_none(text: str) -> None:
    assert _read(text).label not in TRADE


@pytest.mark.parametrize(
    "text",
    [
        "pap heb je mijn concerta op de bus gedaan? heb er nog maar 3",
        "mum did you pack my ritalin? i have only 2",
        "Papa hast du mein Ritalin eingepackt? ich hab nur noch 4",
    ],
)
def test_how_many_are_left_of_ones_own_medicine_is_no_price(text: str) -> None:
    found = _read(text)
    assert found.label not in TRADE
    assert "at-home" in {h.id for h in found.rules}


@pytest.mark.parametrize(
    "text",
    [
        "heb je mijn ritalin 10 st voor 20 euro",
        "wil je mijn ritalin voor 8",
        "mijn oxazepam voor 5, wil je ze?",
        "mijn oxy gaat voor 8 weg",
    ],
)
def test_a_price_for_ones_own_medicine_is_one(text: str) -> None:
    assert "at-home" not in {h.id for h in _read(text).rules}


@pytest.mark.parametrize(
    "text",
    [
        "y'a de la neige sur les pistes?",
        "hast du noch Schnee auf der Piste gesehen",
        "heb je nog sneeuw in de bergen",
        "hai neve in montagna",
        "do you have snow on the roads there",
    ],
)
def test_snow_that_lies_on_a_road_or_a_mountain_is_snow(text: str) -> None:
    found = _read(text)
    assert found.label not in TRADE
    assert any(h.id.startswith("innocent") and h.reason.endswith("(figure)") for h in found.rules)


def test_snow_that_is_asked_for_is_goods() -> None:
    assert _read("t'as encore de la neige").label == "deal"


@pytest.mark.parametrize(
    "text", ["wat heb je vandaag allemaal, alleen bruin of ook speed", "wat heb je allemaal, wit of ook mdma"]
)
def test_all_that_someone_has_is_asked_for(text: str) -> None:
    assert _read(text).label == "deal"


@pytest.mark.parametrize(
    "text",
    [
        "sta voor de deur met je coke",
        "ben onderweg met je mdma",
        "outside with your ket",
        "omw with your bud",
    ],
)
def test_who_stands_there_with_what_was_ordered_delivers(text: str) -> None:
    found = _read(text)
    assert found.label == "deal"
    assert "role-seller" in {h.id for h in found.rules}


@pytest.mark.parametrize("text", ["sta voor de deur met je boodschappen", "outside with your coat"])
def test_with_anything_else_is_no_trade(text: str) -> None:
    assert _read(text).label not in TRADE
