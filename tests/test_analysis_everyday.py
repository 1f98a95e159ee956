"""Messages of every day with words and numbers as of a trade: telephones, games, bread, medicines at home and
the news.
"""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.findings import Classifier, Line, Window
from forensics.analysis.talk import verdicts
from forensics.flag_work import built_in


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return built_in()


def _label(classifier: Classifier, text: str) -> str:
    return Window(classifier).read(Line(id="1", text=text)).label


def _weighed(classifier: Classifier, text: str) -> str:
    """The label with the learnt weights too."""
    return next(iter(verdicts([(None, Line(id="1", text=text))], classifier))).label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("5G bundel 10 euro", "none"),
        ("Simkaart lebara 10 euro, prepaid 5G 20gb 15 euro", "none"),
        ("Robux 400 voor €5, 800 voor €9", "none"),
        ("Instagram volgers 1000 voor €10", "none"),
        ("2-1 gewonnen, wat een speed heeft die linksbuiten. 3 punten!", "none"),
        ("pedaal speed king €80", "none"),
        ("speed bike €450", "none"),
        ("speed queen wasmachine €350", "none"),
        ("internet speed is 200 mbit voor 40 euro", "none"),
        ("Fatbike speed 45, 899 euro", "none"),
        ("Bolletjes wit 10 voor 3 euro, bruin 10 voor 3,50", "none"),
        ("Man (34) veroordeeld voor verkoop van 25 gram ketamine en 100 pillen", "mention"),
        ("Volgens de UvA kost een gram cocaïne gemiddeld 50 euro", "mention"),
        ("In Australië kost een gram coke 300 dollar", "mention"),
        ("hij snoof 3 gram coke in een weekend", "none"),
        ("Bel 112 bij ghb overdosis", "none"),
        ("Wat doet 3-mmc met je hart?", "mention"),
        ("Ozempic wordt niet meer vergoed, 135 euro per pen per maand. Wat betalen jullie?", "mention"),
    ],
)
def test_what_is_of_every_day_or_the_news_is_no_trade(classifier: Classifier, text: str, label: str) -> None:
    assert _label(classifier, text) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("heb je je Ritalin al op?", "mention"),
        ("heb je Ritalin al gegeven aan Sem?", "mention"),
        ("Heb je de Ritalin van Sem meegenomen?", "mention"),
        ("Denk je aan je Ritalin? 1 om 8 uur en 1 om 12 uur", "mention"),
        ("heb je nog ritalin, 20 euro de strip?", "deal"),
        ("heb je xanax?", "deal"),
    ],
)
def test_a_medicine_that_someone_has_at_home_is_not_asked_for(
    classifier: Classifier, text: str, label: str
) -> None:
    assert _label(classifier, text) == label
    assert _weighed(classifier, text) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2 bolletjes wit 40 euro", "deal"),
        ("bolletje wit 20, bolletje bruin 10", "menu"),
        ("speed 45, 899 euro", "deal"),
        ("wat kost een gram coke", "deal"),
    ],
)
def test_the_same_words_are_of_a_trade_where_nothing_else_is_said(
    classifier: Classifier, text: str, label: str
) -> None:
    assert _label(classifier, text) == label


def test_a_bundle_of_data_is_none_whatever_its_prices_weigh(classifier: Classifier) -> None:
    assert _weighed(classifier, "prepaid 5G 10gb €10, 20gb €15, 50gb €25") == "none"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("prepaid 5G 20gb 15 euro", [(None, None, None, 15, "EUR")]),
        ("wiet 5G 50 euro", [("cannabis", 5, "g", 50, "EUR")]),
        ("Man (34) had 25 gram ketamine", [("ketamine", 25, "g", None, None)]),
        ("keta (34) 2g", [("ketamine", 2, "g", 34, None)]),
        ("ghb: bel 112", []),
        ("Ritalin 1 om 8 uur en 1 om 12 uur", []),
    ],
)
def test_networks_ages_emergencies_and_hours_price_nothing(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Blokken: 1 blok Maroc 1800 euro, 5 blokken 8500 euro", "menu"),
        ("Cola: 1 - 50, 2 - 95, 4 - 180\nMol: 1 - 20, 5 - 75", "menu"),
        ("cola: 1 - 2, 2 - 4, 4 - 7", "none"),
        ("hab noch 300 mollys, 100 stk 180, 300 stk 450", "menu"),
        ("kan je nog 1 snow brengen", "deal"),
        ("heb je snow", "none"),
        ("Coffee op wielen: wiet, hasj, joints en spacecake aan huis, vraag de kaart", "menu"),
        ("clonazepam, zolpidem, ritalina e tramal originais, peça já no telegram", "menu"),
        ("voor oud en nieuw: pillen, wit, lachgas, bestel voor 29 december", "deal"),
        ("xtc, coke en speed: laat ze gratis testen, vraag de kaart, openingstijden 10-18 uur", "mention"),
    ],
)
def test_goods_named_plainly_are_traded(classifier: Classifier, text: str, label: str) -> None:
    assert _label(classifier, text) == label


def test_a_list_without_prices_has_its_goods(classifier: Classifier) -> None:
    text = "wiet, hasj, joints en spacecake aan huis, vraag de kaart, 24/7"
    found = Window(classifier).read(Line(id="1", text=text)).items
    assert [(item.substance, item.quantity, item.price) for item in found] == [
        ("cannabis", None, None),
        ("hashish", None, None),
        ("thc", None, None),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "1 blok Maroc 1800 euro, 5 blokken 8500 euro",
            [("hashish", 1, "kg", 1800, "EUR"), ("hashish", 5, "kg", 8500, "EUR")],
        ),
        (
            "Cola: 1 - 50, 2 - 95, 4 - 180\nMol: 1 - 20",
            [
                ("cocaine", 1, "g", 50, None),
                ("cocaine", 2, "g", 95, None),
                ("cocaine", 4, "g", 180, None),
                ("mdma", 1, "g", 20, None),
            ],
        ),
        (
            "2 strips oxa 20, 1 strip xanax 25 euro",
            [("oxazepam", 2, "strip", 20, "EUR"), ("alprazolam", 1, "strip", 25, "EUR")],
        ),
        ("Modalert 200 | 100 tabs 60", [("modafinil", 100, "piece", 60, None)]),
    ],
)
def test_their_amounts_and_prices_are_read(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
