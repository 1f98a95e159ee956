"""Sums before what they buy, packs over columns and in brackets, names that are other words, letters."""

from __future__ import annotations

import pytest
from menu_rows import Row, lexicon, rows_of

from forensics.analysis.menu import read

_STEPS: list[Row] = [
    ("cocaine", 1, "g", 60, None),
    ("cocaine", 2, "g", 110, None),
    ("cocaine", 5, "g", 250, None),
    ("ketamine", 2, "g", 35, None),
]


@pytest.mark.parametrize("word", ["for", "fr", "voor", "pour", "für"])
def test_each_sum_of_a_run_stands_before_what_it_buys(word: str) -> None:
    assert rows_of(f"coke 60 {word} 1 / 110 {word} 2 / 250 {word} 5. ket 35 {word} 2") == _STEPS


def test_amounts_before_their_sums_stay_so() -> None:
    assert rows_of("coke 1 voor 60 / 2 voor 110") == _STEPS[:2]
    assert [row[1] for row in rows_of("pillen 10 voor 25, 20 voor 45")] == [10, 20]


def test_sums_with_slashes_go_on_to_larger_amounts() -> None:
    assert rows_of("speed 10€/1 40€/5 70€/10") == [
        ("amphetamine", 1, "g", 10, "EUR"),
        ("amphetamine", 5, "g", 40, "EUR"),
        ("amphetamine", 10, "g", 70, "EUR"),
    ]


def test_a_sentence_of_one_sum_and_goods_with_or_prices_each() -> None:
    assert rows_of("Für 50€ kriegst du 5g Gras oder 10g Hasch oder 2g Keta. Bis 23 Uhr.") == [
        ("cannabis", 5, "g", 50, "EUR"),
        ("hashish", 10, "g", 50, "EUR"),
        ("ketamine", 2, "g", 50, "EUR"),
    ]


def test_one_of_so_many_and_more_costs_less() -> None:
    rows = rows_of("erba 7€ al grammo, da 20g in su 5€ al grammo, da 100g in su 4€")
    assert [row[1:4] for row in rows] == [(1, "g", 7), (1, "g", 5), (1, "g", 4)]


def test_um_of_austria_stands_between_an_amount_and_its_price() -> None:
    assert rows_of("xtc 10€ stk, 5 um 40€")[1] == ("xtc-tablet", 5, "piece", 40, "EUR")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("mdma drie en halve gram 75", 3.5),
        ("heroina jumate de gram 130", 0.5),
        ("wiet zakske van 5 g 45", 5),
        ("hash 10g b250dh", 10),
        ("skunk gr550", 1),
        ("gras 2 deka 150", 20),
        ("wit halveke 28", 0.5),
    ],
)
def test_amounts_as_they_are_said(text: str, quantity: float) -> None:
    ((_, found, unit, price, _),) = rows_of(text)
    assert (found, unit) == (quantity, "g")
    assert price is not None


def test_packs_stand_over_the_columns_of_their_prices() -> None:
    text = "Middel     strip     doos\nDiazepam 10mg  €12  €30\nTramadol 50mg  €10  €25"
    assert rows_of(text) == [
        ("diazepam", 1, "strip", 12, "EUR"),
        ("diazepam", 1, "box", 30, "EUR"),
        ("tramadol", 1, "strip", 10, "EUR"),
        ("tramadol", 1, "box", 25, "EUR"),
    ]


@pytest.mark.parametrize(
    "text", ["strip doos", "diazepam strip doos", "Middel strip doos\n\n", "strip doos\nx"]
)
def test_packs_with_nothing_below_them_head_no_table(text: str) -> None:
    assert all(row[3] is None for row in rows_of(text))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("kamagra strip €10\njelly doosje €15 (2 =€25)", ("sildenafil", 2, "box", 25, "EUR")),
        ("THC vape 1ml 60 (2 Stk 110), gummies 35", ("thc", 2, "piece", 110, None)),
        ("cartoni hofmann 10€ (5 a 40€)", ("lsd", 5, "piece", 40, "EUR")),
    ],
)
def test_brackets_hold_the_price_of_several(text: str, last: Row) -> None:
    assert last in rows_of(text)


def test_a_comma_parts_a_sum_from_the_packs_of_the_next() -> None:
    assert rows_of("kamagra strip €10, 3 strips €25,10 strips €70") == [
        ("sildenafil", 1, "strip", 10, "EUR"),
        ("sildenafil", 3, "strip", 25, "EUR"),
        ("sildenafil", 10, "strip", 70, "EUR"),
    ]
    assert rows_of("kamagra strip €10,50")[0][3] == 10.5


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("oxazepam 10mg strip --> 8", ("oxazepam", 1, "strip", 8, None)),
        ("orfidal 1mg caja15€", ("lorazepam", 1, "box", 15, "EUR")),
        ("pregabs 1.50 each or 50 quid the full box", ("pregabalin", 1, "box", 50, "GBP")),
        ("lachgas tankske 35€", ("nitrous-oxide", 1, "tank", 35, "EUR")),
        ("xtc 7€/u", ("xtc-tablet", 1, "piece", 7, "EUR")),
        ("€5 = 1 zopiclon 7.5", ("zopiclone", 1, "piece", 5, "EUR")),
        ("shit pochon 3g 20€", ("hashish", 3, "g", 20, "EUR")),
        ("Clear (shards): zip $220", ("methamphetamine", 28, "g", 220, "USD")),
        ("spacecake 7,50 per stuk", ("thc", 1, "piece", 7.5, None)),
        ("3mmc 1g 20, en wat G 50ml 15", ("ghb", 50, "ml", 15, None)),
        ("coke 1 - 4000 // 2 - 7500", ("cocaine", 1, "g", 4000, None)),
        ("Pillen: Tesla 4 ps\nmixen: 10 voor 25", ("xtc-tablet", 10, "piece", 25, None)),
        ("coek £60, ket £20", ("cocaine", None, None, 60, "GBP")),
        ("coca a 50 el pollo y si pillas 3 te lo dejo en 140", ("cocaine", 3, "g", 140, None)),
        ("wit 40 de g 3 voor 100, bruin 35 de g. hasj 5g 25 🍫", ("heroin", 1, "g", 35, None)),
    ],
)
def test_goods_as_they_are_meant(text: str, row: Row) -> None:
    assert row in rows_of(text)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("wit n halfje 30 en een hele 50", ("cocaine", 0.5, "g", 30, None)),
        ("static le kilo 2k9", ("hashish", 1, "kg", 2900, None)),
        ("Verte haze\n20€ → 2g5\n50€ → 7g", ("cannabis", 2.5, "g", 20, "EUR")),
        ("Perc 30 💊 1 st 20 / 4 st 70", ("oxycodone", 4, "piece", 70, None)),
        ("modafinil 200mg .. 1.50 (strip of ten 12)", ("modafinil", 1, "strip", 12, None)),
        ("Loud 🍃 teenth for £20, henry £35", ("cannabis", 3.5, "g", 35, "GBP")),
        ("Cali weed, half a kilo 2400, full key 4500", ("cannabis", 1, "kg", 4500, None)),
        ("Eme cristal 1gx35€ 3gx90€", ("mdma", 3, "g", 90, "EUR")),
        ("Ritalina 10mg placa 15€", ("methylphenidate", 1, "strip", 15, "EUR")),
        ("Medikinet 20 opakowanie 120 zł", ("methylphenidate", 1, "box", 120, "PLN")),
        ("3mmc 150 ron gramul, 5g 6 sute", ("3-mmc", 5, "g", 600, "RON")),
        ("ot 5gr 2 bin 10gr 3500", ("cannabis", 5, "g", 2000, None)),
        ("puff THC 40€, les deux 70€", ("thc", 2, "piece", 70, "EUR")),
        ("demi-once de weed 65$", ("cannabis", 14, "g", 65, "USD")),
        ("lkoka ness g b 400dh", ("cocaine", 0.5, "g", 400, "MAD")),
        ("maconha flor 50 conto 5g, 90 conto 10g", ("cannabis", 10, "g", 90, None)),
        ("ibuprofen 600 strip 3", (None, 1, "strip", 3, None)),
    ],
)
def test_more_goods_as_they_are_meant(text: str, row: Row) -> None:
    assert row in rows_of(text)


@pytest.mark.parametrize(
    "more",
    [
        "Gelato #33",
        "7j/7",
        "LE COFFRE DU 59",
        "parcare de la 20 la 23",
        "10e klant krijgt korting",
        "Momo du 5e remplace",
        "antes de las 9 q luego me voy",
        "(mini 10g)",
        "Envoi suivi 6",
    ],
)
def test_numbers_of_other_things(more: str) -> None:
    assert ("cocaine", 1, "g", 60) in [row[:4] for row in rows_of(f"coke 1g 60\n{more}")]
    assert not any(row[1] and row[3] and row[3] != 60 for row in rows_of(f"coke 1g 60\n{more}"))


def test_an_amount_that_brackets_say_again_is_one() -> None:
    assert rows_of("ching £240 a ball (3.5)") == [("cocaine", 3.5, "g", 240, "GBP")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("LSD 1:12€ 5:50€ 10:90€", ("lsd", 5, "piece", 50, "EUR")),
        ("Beuh 1kg 3 600€ / à partir de 5kg 3 300 le kg", ("cannabis", 1, "kg", 3600, "EUR")),
        ("Olive 100g 260€, 500g 1 150€", ("hashish", 500, "g", 1150, "EUR")),
        ("la c 0.5 = 30 / 1 = 50 ; ket 1 = 35", ("cocaine", 0.5, "g", 30, None)),
        ("M Kristalle 1/20 5/80 // Teile 5/25 10/40", ("mdma", 5, "g", 80, None)),
        ("Golden Teacher 5g 35,10g 60", ("magic-mushrooms", 10, "g", 60, None)),
        ("tramadol 100 boite 15. demander le grand", ("tramadol", 1, "box", 15, None)),
        ("50€ = 5g erba o 8g fumo. 20€ = 2g erba", ("hashish", 8, "g", 50, "EUR")),
        ("koka 1 voor 55, onder de 50 eu reken ik 5 eu brengkosten", ("cocaine", 1, "g", 55, "EUR")),
        ("pillies 50x 75, 100x 130", ("xtc-tablet", 100, "piece", 130, None)),
        ("Cialis 20mg doosje met 4 strips 40", ("tadalafil", 1, "box", 40, None)),
        ("MD half 15 g 30", ("mdma", 0.5, "g", 15, None)),
        ("stinky green henry for 30 quid", ("cannabis", 3.5, "g", 30, "GBP")),
        ("coke kg 34k £ / half kg 17.5k", ("cocaine", 0.5, "kg", 17_500, "GBP")),
        ("zopi 7.5 – strip £12", ("zopiclone", 1, "strip", 12, "GBP")),
        ("2cb 20mg pressies 6 each or 10 for 45", ("2c-b", 10, "piece", 45, None)),
        ("lachgas 1 tank 50 / 2 tanks 90 / 4 tanks 160", ("nitrous-oxide", 2, "tank", 90, None)),
        ("Xanax 2mg 5chf pièce, la plaquette à 40chf", ("alprazolam", 1, "strip", 40, "CHF")),
        ("Testo 250mg/ml vial 35€", ("testosterone", 1, "piece", 35, "EUR")),
    ],
)
def test_goods_of_the_third_menus(text: str, row: Row) -> None:
    assert row in rows_of(text)


@pytest.mark.parametrize(
    "more", ["tussen 12 en 12", "spaarkaart: 10e bestelling korting", "2 Kunden", "dupa 8"]
)
def test_more_numbers_of_other_things(more: str) -> None:
    rows = rows_of(f"coke 1g 60\n{more}")
    assert [row[:4] for row in rows] == [("cocaine", 1, "g", 60)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("50e le g de coke", ("cocaine", 1, "g", 50, "EUR")),
        ("10e per stuk xtc", ("xtc-tablet", 1, "piece", 10, "EUR")),
        ("koks 1g zahlst du 60", ("cocaine", 1, "g", 60, None)),
        ("coca 1g 60€ mas info por privado", ("cocaine", 1, "g", 60, "EUR")),
        ("hit me up if u wanna cop\ncoke 1g $80", ("cocaine", 1, "g", 80, "USD")),
        ("koks 1g 70. bin in 5 min da", ("cocaine", 1, "g", 70, None)),
        ("nok nok coke 1g 50", ("cocaine", 1, "g", 50, None)),
        ("testo 10 mil 50", ("testosterone", 10, "ml", 50, None)),
        ("xtc 5 💊 20€", ("xtc-tablet", 5, "piece", 20, "EUR")),
        ("xtc €2,50 stuk 100 voor 200", ("xtc-tablet", 1, "piece", 2.5, "EUR")),
        ("diazepam strip €12,50 strip 3 voor 35", ("diazepam", 1, "strip", 12.5, "EUR")),
        ("wit 0,5g 22,50 g 40", ("cocaine", 0.5, "g", 22.5, None)),
        ("coca meio 25 um 50", ("cocaine", 1, "g", 50, None)),
        ("green R039 bars 5 each\nyellow R039 bars 4 each, coke 1g 60", ("cocaine", 1, "g", 60, None)),
        ("banden R15 R16 wiet 10g 80", ("cannabis", 10, "g", 80, None)),
        ("Biscotti 12-18, coke 1g 60", ("cocaine", 1, "g", 60, None)),
        ("weed #10 80", ("cannabis", 10, "g", 80, None)),
        ("beuh california 50€ livraison, shit 5g 25€", ("hashish", 5, "g", 25, "EUR")),
        ("taxi Toyota GR86 en keta 2g 40", ("ketamine", 2, "g", 40, None)),
        ("zakjes wiet van 20 en 5", ("cannabis", 20, "g", 5, None)),
    ],
)
def test_what_looks_like_it_is_read_as_before(text: str, row: Row) -> None:
    assert row in rows_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "coke 1g 60, 0 pony 25",
        "coke 1g 60, 0 tientje 25",
        "7--0pony60-xtc",
        "€5, strip 10",
        "€10,20,30 strips 40",
        "wit 1g ,,5 g 60",
        "€1.000,50 strip €60",
    ],
)
def test_nothing_of_a_sum_is_no_amount(text: str) -> None:
    rows_of(text)


def test_the_letter_of_the_rand_and_its_sum_stand_where_they_are_written() -> None:
    text = "mandrax R60 each, 10 for R500"
    sums = [(t.text, text[t.start : t.end]) for t in read(text, lexicon()).tokens if t.kind in "nw"]
    assert ("zar", "R") in sums
    assert ("60", "60") in sums
    assert ("500", "500") in sums
