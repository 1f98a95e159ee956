"""Amounts and prices of goods in layouts of menus: what is counted, weighed and paid, and by what."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("wit is 55 en halfje 30", [("cocaine", None, None, 55, None), ("cocaine", 0.5, "g", 30, None)]),
        (
            "bruin is 20 die gram, halfje 12",
            [("heroin", 1, "g", 20, None), ("heroin", 0.5, "g", 12, None)],
        ),
        ("hasj 8 den gram, 25 gram 170", [("hashish", 1, "g", 8, None), ("hashish", 25, "g", 170, None)]),
        ("wiet 9 per g bij 20, los 11", [("cannabis", 1, "g", 9, None)]),
        ("keta nu 18 was 24", [("ketamine", None, None, 18, None)]),
        ("keta 20g+: 15 p/g", [("ketamine", 1, "g", 15, None)]),
        (
            "taz 9 pièce 6 pour 45",
            [("xtc-tablet", 1, "piece", 9, None), ("xtc-tablet", 6, "piece", 45, None)],
        ),
        (
            "Teile 6€ ab 30 Stk 4€",
            [("xtc-tablet", None, None, 6, "EUR"), ("xtc-tablet", 1, "piece", 4, "EUR")],
        ),
        ("coke ½g 35 / 1g 65", [("cocaine", 0.5, "g", 35, None), ("cocaine", 1, "g", 65, None)]),
        ("h.a.s.j 10.g 70", [("hashish", 10, "g", 70, None)]),
        (
            "weed q 50 half 95 oz 180",
            [("cannabis", v, "g", p, None) for v, p in ((7, 50), (14, 95), (28, 180))],
        ),
        ("keta 1g 20 / bag of coke 40", [("ketamine", 1, "g", 20, None), ("cocaine", 1, "pack", 40, None)]),
        ("wit halve k 13000", [("cocaine", 0.5, "kg", 13000, None)]),
        ("coke 70 de lei gramul", [("cocaine", 1, "g", 70, "RON")]),
        ("ot 50 gr 12 bin", [("cannabis", 50, "g", 12000, None)]),
        ("weed a score a bag", [("cannabis", 1, "pack", 20, None)]),
        ("shit 10 balles le g", [("hashish", 1, "g", 10, None)]),
    ],
)
def test_amounts_and_prices_are_told_apart_by_the_words_beside_them(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("coke 75 al pezzo", [("cocaine", 1, "g", 75, None)]),
        ("mefa 45 za sztukę", [("mephedrone", 1, "g", 45, None)]),
        ("keta per stuk 25 euro", [("ketamine", 1, "g", 25, "EUR")]),
        ("wit 10 bolletjes 90", [("cocaine", 10, "piece", 90, None)]),
        ("2cb heb ik roze, €4 per stuk", [("2c-b", 1, "piece", 4, "EUR")]),
    ],
)
def test_one_of_a_powder_is_a_gram_unless_its_form_is_named(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "oxy strip 25\nVerzenden met track & trace €8,25",
        "oxy strip 25\nLivraison 14h-02h mini 60€",
        "9.4/10 (312 reviews)\noxy strip 25",
    ],
)
def test_fees_least_sums_and_marks_are_no_goods(text: str) -> None:
    assert [row[:4] for row in rows_of(text)] == [("oxycodone", 1, "strip", 25)]


def test_tanks_of_several_sizes_are_tanks_each() -> None:
    assert rows_of("lachgas tank 640g €28\ntank 2kg €70") == [
        ("nitrous-oxide", 1, "tank", 28, "EUR"),
        ("nitrous-oxide", 1, "tank", 70, "EUR"),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "halve hele vijf\nwit €28 €52 €235\nketa €14 €24 €105",
            [
                *(("cocaine", v, "g", p, "EUR") for v, p in ((0.5, 28), (1, 52), (5, 235))),
                *(("ketamine", v, "g", p, "EUR") for v, p in ((0.5, 14), (1, 24), (5, 105))),
            ],
        ),
        (
            "(prijs voor 1 / 5 / 10 gram)\nAmnesia 11 / 48 / 85",
            [("cannabis", v, "g", p, None) for v, p in ((1, 11), (5, 48), (10, 85))],
        ),
        (
            "suelto x5 x10\nPastis 9 38 65",
            [("xtc-tablet", v, "piece", p, None) for v, p in ((1, 9), (5, 38), (10, 65))],
        ),
        ("keta: 1 | 5 -> 30 | 130", [("ketamine", 1, "g", 30, None), ("ketamine", 5, "g", 130, None)]),
        (
            "Precios kg\nPolen 1.700€\nSpeed 2.400€",
            [("hashish", 1, "kg", 1700, "EUR"), ("amphetamine", 1, "kg", 2400, "EUR")],
        ),
    ],
)
def test_sizes_over_rows_are_those_of_their_prices(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("(55) 1 gram coke", [("cocaine", 1, "g", 55, None)]),
        ("pillen 10 4 35", [("xtc-tablet", 10, "piece", 35, None)]),
        (
            "pils tesla 6=15 12=28",
            [("xtc-tablet", 6, "piece", 15, None), ("xtc-tablet", 12, "piece", 28, None)],
        ),
        ("thc carts 1ml\n1 for 30\n3 for 80", [("thc", 1, "piece", 30, None), ("thc", 3, "piece", 80, None)]),
        ("coke 1 £75\nball £230", [("cocaine", 1, "g", 75, "GBP"), ("cocaine", 3.5, "g", 230, "GBP")]),
        (
            "smartwhip 22 per stuk, 3 voor 60",
            [("nitrous-oxide", 1, "tank", 22, None), ("nitrous-oxide", 3, "tank", 60, None)],
        ),
        (
            "halve sos €30\ndubbele sos €100",
            [("cocaine", 0.5, "g", 30, "EUR"), ("cocaine", 2, "g", 100, "EUR")],
        ),
    ],
)
def test_what_is_no_amount_beside_one_is_told_from_it(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("keta 1g €2о", [("ketamine", 1, "g", 20, "EUR")]),
        ("mdma 1g = 3O quid", [("mdma", 1, "g", 30, "GBP")]),
        ("weed 11 a g, 8ths 32", [("cannabis", 1, "g", 11, None), ("cannabis", 3.5, "g", 32, None)]),
        (
            "one gram of snow is ninety, halves fifty",
            [("cocaine", 1, "g", 90, None), ("cocaine", 0.5, "g", 50, None)],
        ),
        ("Kamagra 100 mg strip (4 pillen) 11 euro", [("sildenafil", 1, "strip", 11, "EUR")]),
        (
            "Pillen (roze tesla, 240) 5 @ 14 / 10 @ 24",
            [("xtc-tablet", 5, "piece", 14, None), ("xtc-tablet", 10, "piece", 24, None)],
        ),
        (
            "md 1/18 5/60 pil 10/28",
            [("mdma", 1, "g", 18, None), ("mdma", 5, "g", 60, None), ("xtc-tablet", 10, "piece", 28, None)],
        ),
        ("sos 1/2 -> 35", [("cocaine", 0.5, "g", 35, None)]),
        ("sos\nhele 55\n2 hele 100", [("cocaine", 1, "g", 55, None), ("cocaine", 2, "g", 100, None)]),
        ("oxazepam\n28 strip £14", [("oxazepam", 1, "strip", 14, "GBP")]),
    ],
)
def test_noughts_shares_and_packs_are_read_as_they_are_meant(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_line_of_sizes_needs_goods_with_as_many_prices_below() -> None:
    assert rows_of("half acht\nbus 21 22") == []
    assert [row[1] for row in rows_of("halve hele vijf\nwit 28 52")] != [0.5, 1.0]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("elfbar 600 €5", [("tobacco-vapes", None, None, 5, "EUR")]),
        ("Randm 9000 gewoon 15", [("tobacco-vapes", None, None, 15, None)]),
        ("elfbar 600 voor 1200", [("tobacco-vapes", 600, "piece", 1200, None)]),
        ("elfbar 100 voor 400", [("tobacco-vapes", 100, "piece", 400, None)]),
    ],
)
def test_puffs_of_vapes_count_none(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("poppers rush 2 voor 25", [("poppers", 2, "piece", 25, None)]),
        ("lean 1 voor 60", [("lean", 1, "piece", 60, None)]),
        ("gabapentin 300 x100 £30", [("gabapentin", 100, "piece", 30, "GBP")]),
        ("soma 350 $3", [("carisoprodol", None, None, 3, "USD")]),
    ],
)
def test_bottles_and_tablets_of_more_substances(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
