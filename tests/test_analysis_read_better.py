"""Goods that lists of others showed to be read wrong: sums before what they buy, stock, what offers nothing,
and numbers of telephones, places and weeks.
"""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.atoms import Atom
from forensics.analysis.sums_before import sums_before
from forensics.analysis.verdicts import Line
from forensics.flag_work import built_in

_WHITE: list[Row] = [
    ("cocaine", 1, "g", 50, None),
    ("cocaine", 2, "g", 90, None),
    ("cocaine", 3, "g", 130, None),
]


@pytest.mark.parametrize("sign", [" / ", ", ", " | ", "; "])
def test_sums_stand_before_what_they_buy_several_on_a_line(sign: str) -> None:
    assert rows_of("wit: " + sign.join(("50 = 1", "90 = 2", "130 = 3"))) == _WHITE


def test_a_line_below_such_sums_is_read_as_they_are() -> None:
    speed: list[Row] = [("amphetamine", 5, "g", 20, None), ("amphetamine", 10, "g", 35, None)]
    text = "wit: 50 = 1 / 90 = 2 / 130 = 3\npep: 20 = 5 / 35 = 10"
    assert rows_of(text) == _WHITE + speed
    assert rows_of("pep: 5 = 20 / 10 = 35") == speed, "amounts first"


def test_what_is_in_stock_is_counted_before_its_name() -> None:
    text = "Stand van nu: 60 gram wit, 400 roze tesla's, 25 g ket, 2 blokken polm. Wie wil hoor ik voor 8 uur"
    assert rows_of(text) == [
        ("cocaine", 60, "g", None, None),
        ("xtc-tablet", 400, "piece", None, None),
        ("ketamine", 25, "g", None, None),
        ("hashish", 2, "kg", None, None),
    ]


def test_a_number_behind_an_amount_is_its_price_where_prices_are_said() -> None:
    text = "1 gram wit, 50 euro. 1 gram keta, 25 euro"
    assert [row[3] for row in rows_of(text)] == [50, 25]


@pytest.mark.parametrize(
    "number",
    ["06-0000 0012", "06 0000 0012", "+31 6 0000 0012", "+31600000012", "0600 00 00 12", "06-00000012"],
)
def test_a_telephone_number_counts_no_goods_however_it_is_grouped(number: str) -> None:
    assert rows_of(f"NIEUW NUMMER {number}. Wit 1g 50\nnieuwe lijn {number}. wit") == [_WHITE[0]]


@pytest.mark.parametrize(
    "line",
    ["📍75 et 92, commande mini 50€", "📍 1, 2 en 3", "🔥 MENU week 23 🔥", "keta: bel tussen 11 en 2"],
)
def test_numbers_of_places_weeks_and_hours_count_no_goods(line: str) -> None:
    assert [row[:4] for row in rows_of(f"{line}\nWit 1g 50\n{line}")] == [_WHITE[0][:4]]


def test_a_price_behind_another_week_is_one() -> None:
    assert rows_of("keta same as last week 25 a g, wit 1g 50")[0] == ("ketamine", 1, "g", 25, None)


@pytest.mark.parametrize("sieved", ["2x gefilterd", "3x filtré", "2x gesiebt"])
def test_how_often_resin_was_sieved_multiplies_nothing(sieved: str) -> None:
    assert rows_of(f"hasj dry, {sieved}, foto is van net. 5g 40 euro") == [("hashish", 5, "g", 40, "EUR")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4fa 15 per gram, 5 halen 4 betalen = 60", ("4-fa", 5, "g", 60, None)),
        ("tusi 50 de gram of drie halen honderdtwintig betalen", ("pink-cocaine", 3, "g", 120, None)),
        ("coca settanta euro al grammo, tre grammi centonovanta euro", ("cocaine", 3, "g", 190, "EUR")),
        ("Tramadol 50mg strip 8, doosje aan 20", ("tramadol", 1, "box", 20, None)),
        ("cali: eighths are 45, quarters 80", ("cannabis", 7, "g", 80, None)),
        ("lsd zegels 200ug - 1 voor 8€\nvel van 100: 450€", ("lsd", 100, "piece", 450, "EUR")),
        ("jaune: 10g 40, la plaque de 100g 280", ("hashish", 100, "g", 280, None)),
        ("10€ le taz Tesla jaune • 40€ les 5", ("xtc-tablet", 5, "piece", 40, "EUR")),
        ("2C-B : 10€ la pilule (x10 = 80€)", ("2c-b", 10, "piece", 80, "EUR")),
        ("€4 2cb pilletje 10mg (ufo roze)\n€30 voor 10 van die", ("2c-b", 10, "piece", 30, "EUR")),
        ("vaper thc 1ml 40€ , 2x70€", ("thc", 2, "piece", 70, "EUR")),
        ("mandy twintig per gram en toosies kosten vijf euro per stuk", ("2c-b", 1, "piece", 5, "EUR")),
        ("wit 1g 50, super silver 5 gram 40", ("cannabis", 5, "g", 40, None)),
        ("md 1/20 5/80\nspiet 5/30 10/50", ("amphetamine", 10, "g", 50, None)),
        ("bricks landed, 1 key 26500 euro. ket 1kg 6000 euro", ("cocaine", 1, "kg", 26500, "EUR")),
        ("Lexomil 30€ bte", ("bromazepam", 1, "box", 30, "EUR")),
        ("tina 80/g, G 20 for 30ml / 55 for 100 ml", ("ghb", 100, "ml", 55, None)),
    ],
)
def test_what_was_read_wrong_is_read_as_it_is_meant(text: str, expected: Row) -> None:
    assert expected in rows_of(text)


def test_the_letter_for_ghb_opens_a_message_of_millilitres() -> None:
    text = "G weer op voorraad, goed spul niet verdund. 100ml 20 - 250 ml 45 - halve liter 80"
    assert [row[0] for row in rows_of(text)] == ["ghb"] * 3


@pytest.mark.parametrize(
    ("said", "currency"), [("totul in ron", "RON"), ("prices in pounds", "GBP"), ("quid obvs", "GBP")]
)
def test_a_currency_that_is_named_once_is_that_of_all_prices(said: str, currency: str) -> None:
    assert {row[4] for row in rows_of(f"ketamine 1g=200 3g=540\n3cmc 1g=150, {said}")} == {currency}


def _items(text: str) -> list[Row]:
    """What the verdict on a message lists."""
    verdict = built_in().conversation().read(Line("m1", text))
    return [(i.substance, i.quantity, i.unit, i.price, i.currency) for i in verdict.items]


def test_goods_of_which_no_amount_is_said_have_no_unit() -> None:
    assert _items("NIEUW: wit, keta en xtc, 24/7 bezorgd, app voor de lijst") == [
        ("cocaine", None, None, None, None),
        ("ketamine", None, None, None, None),
        ("xtc-tablet", None, None, None, None),
    ]
    assert _items("wit 1 50, keta 2 40") == [("cocaine", 1, "g", 50, None), ("ketamine", 2, "g", 40, None)]


def test_a_rolled_one_is_a_piece() -> None:
    assert _items("haze 7€/g\nporros liados 5€")[1] == ("cannabis", 1, "piece", 5, "EUR")


@pytest.mark.parametrize(
    "clause",
    [
        "vraag niet om een grammetje",
        "dont ask for 2 grams",
        "if you take two boxes every week we talk",
        "als je 10 gram neemt regelen we wat",
        "minimum 1g coke of 50 euro",
        "A partir de 20g te hago precio",
    ],
)
def test_an_amount_that_is_only_spoken_of_is_no_item(clause: str) -> None:
    sold = [row[:4] for row in _items(f"wit 1g 45 / 2g 85\n{clause}")]
    assert sold == [("cocaine", 1, "g", 45), ("cocaine", 2, "g", 85)]


@pytest.mark.parametrize("text", ["wit 1g 50, als je 10g neemt, 400", "wit 1g 50\nals je 10 g neemt 400"])
def test_an_amount_with_if_and_its_price_is_one(text: str) -> None:
    assert _items(text)[1][1:4] == (10, "g", 400)


def test_what_is_asked_for_on_a_condition_in_talk_stays() -> None:
    assert rows_of("ok mais si c'est pas 23h j'annule les 2g")[-1][1:3] == (2, "g")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # colours that are goods by themselves
        ("taz 10€, jaune 5g 40€", [("hashish", 5, "g", 40, "EUR")]),
        ("xtc 5 euro. Verde 10€/g", [("cannabis", 1, "g", 10, "EUR")]),
        ("10 tesla 20\n10 jaune 30", [("xtc-tablet", 10, "piece", 20, None), ("hashish", 10, "g", 30, None)]),
        # the last product of a line heads those below it
        ("wit 1g 50. KETA:\n1g 20\n5g 80", [("ketamine", 1, "g", 20, None), ("ketamine", 5, "g", 80, None)]),
        ("coke 50€ le g, shit :\n10g 40€", [("hashish", 10, "g", 40, "EUR")]),
        # no weeks, places, telephone numbers or hours
        ("diese woche 10g koks 600", [("cocaine", 10, "g", 600, None)]),
        ("elke week 5 gram wit voor 200", [("cocaine", 5, "g", 200, None)]),
        ("xtc\n📌 10 / 30\n📌 20 / 50", [("xtc-tablet", 10, "piece", 30, None)]),
        ("cali\n📍 5-50\n📍 10-90", [("cannabis", 5, "g", 50, None), ("cannabis", 10, "g", 90, None)]),
        ("wit 01/50 02/90 05/210", [("cocaine", 1, "g", 50, None), ("cocaine", 5, "g", 210, None)]),
        ("koks 0151 23 45 67 89\n1g 70, 2g 130", [("cocaine", 1, "g", 70, None)]),
        ("vanavond 1/20 2/24 ket", [("ketamine", 1, "g", 20, None)]),
        # a price that follows later
        ("coca 1g 60€, a partir de 5g sale 250€", [("cocaine", 5, "g", 250, "EUR")]),
        # words that are something else
        ("wezme 2g pod biedronka za 100", [(None, 2, "g", 100, None)]),
        ("bel mij en ron, wit 1g 50", [("cocaine", 1, "g", 50, None)]),
        ("weed oz 150, sold in pounds only", [("cannabis", 28, "g", 150, None)]),
        ("coca 5g duecentottanta euro", [("cocaine", 5, "g", 280, "EUR")]),
        ("la plaque de 100g 280, jaune", [("hashish", 100, "g", 280, None)]),
        ("jaune: 10g 40\nla plaque de 100g 280", [("hashish", 100, "g", 280, None)]),
    ],
)
def test_what_is_no_such_thing_is_read_as_before(text: str, rows: list[Row]) -> None:
    found = rows_of(text)
    assert [row for row in rows if row in found] == rows


@pytest.mark.parametrize(
    "text",
    [
        "koks tel +90 532 123 45 67",
        "auto bmw 150 pk 12000 euro",
        "komm um 20 uns abholen",
        "0151 23 45 67 89 koks",
    ],
)
def test_numbers_that_count_nothing_sell_nothing(text: str) -> None:
    assert not [row for row in rows_of(text) if row[2] is not None]


def test_a_word_for_costs_behind_another_fee_is_none_of_goods() -> None:
    assert ("ketamine", 1, "g", 10, None) not in _items("wit 1g 50, bezorging keta kosten 10")


@pytest.mark.parametrize(
    "line",
    [
        "100g hash left when its gone its gone",
        "se vende 100g de hachis",
        "si 100g hasis",
        "100g hasj app als je wil",
        "100g hasj binnen vraag niet om foto's",
    ],
)
def test_goods_that_are_named_and_offered_stay_whatever_is_said_beside_them(line: str) -> None:
    assert _items(f"coca 1g 50 / 2g 90\n{line}")[2][:3] == ("hashish", 100, "g")


@pytest.mark.parametrize(
    "clause", ["jeśli bierzesz 10g pogadamy", "dacă iei 10g vorbim", "don’t ask for 2 grams"]
)
def test_words_for_if_are_known_as_they_are_written(clause: str) -> None:
    assert len(_items(f"wit 1g 45 / 2g 85\n{clause}")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "mazzel, 't spiet mie dat k gister nait belde, heb je nog 20 euro?",
        "super silver ring te koop 50 euro",
    ],
)
def test_names_that_are_ordinary_words_say_nothing_by_themselves(text: str) -> None:
    assert built_in().conversation().read(Line("m1", text)).label == "none"


def test_a_long_line_of_pairs_that_are_no_sums_is_gone_through_once() -> None:
    """With a search from each place it would not end in a test's time."""
    atoms = [
        atom
        for n in range(1, 20_000)
        for atom in (
            Atom("N", n, n, 6.0),
            Atom("E", n, n, text="="),
            Atom("N", n, n, 1.0),
            Atom("O", n, n, text="/"),
        )
    ]
    assert sums_before(atoms, inverted=False) is atoms
