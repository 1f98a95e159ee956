"""Prices of one and of several: how many are bought, what comes with them, and which number is which."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from menu_rows import Row, lexicon, rows_of

from forensics.analysis.menu import read


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Pillen tesla 240mg\nvanaf 10 stuks €3 p.s.", [("xtc-tablet", 1, "piece", 3, "EUR")]),
        (
            "100 pillen a 1,20, 500 a 0,80",
            [("xtc-tablet", 1, "piece", 1.2, None), ("xtc-tablet", 1, "piece", 0.8, None)],
        ),
        ("keta 50 gram a 7", [("ketamine", 1, "g", 7, None)]),
        (
            "Haze 10€ das Gramm, ab 10 Gramm 8€",
            [("cannabis", 1, "g", 10, "EUR"), ("cannabis", 1, "g", 8, "EUR")],
        ),
        ("keta 1g 25, 10g+ 18/g", [("ketamine", 1, "g", 25, None), ("ketamine", 1, "g", 18, None)]),
        (
            "pastile 40 lei, keta 200 lei g-ul",
            [("xtc-tablet", None, None, 40, "RON"), ("ketamine", 1, "g", 200, "RON")],
        ),
        ("pastile 40 bucata", [("xtc-tablet", 1, "piece", 40, None)]),
        ("md 35 o g", [("mdma", 1, "g", 35, None)]),
        (
            "xtc €4, 10 voor €30",
            [("xtc-tablet", None, None, 4, "EUR"), ("xtc-tablet", 10, "piece", 30, "EUR")],
        ),
        ("keta 25, 5g 100", [("ketamine", None, None, 25, None), ("ketamine", 5, "g", 100, None)]),
        ("keta 40, 3 x 105", [("ketamine", None, None, 40, None), ("ketamine", 3, "g", 105, None)]),
        (
            "keta 30 of 130 voor 5",
            [("ketamine", None, None, 30, None), ("ketamine", 5, "g", 130, None)],
        ),
        (
            "keta is 30 barkie voor 4",
            [("ketamine", None, None, 30, None), ("ketamine", 4, "g", 100, None)],
        ),
        ("keta 80, half 45", [("ketamine", None, None, 80, None), ("ketamine", 0.5, "g", 45, None)]),
        (
            "keta/3mmc/mdma 20 pg",
            [("mdma", 1, "g", 20, None), ("ketamine", 1, "g", 20, None), ("3-mmc", 1, "g", 20, None)],
        ),
        (
            "keta £50 3.5 / £95 7",
            [("ketamine", 3.5, "g", 50, "GBP"), ("ketamine", 7, "g", 95, "GBP")],
        ),
        (
            "keta 30 (1g) 120 (5g)",
            [("ketamine", 1, "g", 30, None), ("ketamine", 5, "g", 120, None)],
        ),
        (
            "xtc 1-9 st 5€/st, 10-49 st 4€/st, 50+ 3€/st",
            [
                ("xtc-tablet", 1, "piece", 5, "EUR"),
                ("xtc-tablet", 1, "piece", 4, "EUR"),
                ("xtc-tablet", 1, "piece", 3, "EUR"),
            ],
        ),
        (
            "Lyrica 300 1,50 Stk / 56er 60",
            [("pregabalin", 1, "piece", 1.5, None), ("pregabalin", 56, "piece", 60, None)],
        ),
        (
            "shrooms 30/3.5 55/7 200/oz",
            [
                ("magic-mushrooms", 3.5, "g", 30, None),
                ("magic-mushrooms", 7, "g", 55, None),
                ("magic-mushrooms", 28, "g", 200, None),
            ],
        ),
        ("galette 15€ / demi 8€", [("crack", None, None, 15, "EUR"), ("crack", 0.5, "piece", 8, "EUR")]),
        ("keta £25/g £100/5", [("ketamine", 1, "g", 25, "GBP"), ("ketamine", 5, "g", 100, "GBP")]),
    ],
)
def test_what_one_costs_is_told_from_what_several_do(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("xtc 5+1 voor 20", [("xtc-tablet", 6, "piece", 20, None)]),
        ("keta 5+1 gratis voor 110", [("ketamine", 6, "g", 110, None)]),
        ("xtc buy 5 get 1 free £20", [("xtc-tablet", 6, "piece", 20, "GBP")]),
        ("keta 25, 3 halen 2 betalen", [("ketamine", None, None, 25, None)]),
        ("keta 25, 2e gram halve prijs", [("ketamine", None, None, 25, None)]),
        ("keta 25 (was 30)", [("ketamine", None, None, 25, None)]),
    ],
)
def test_what_comes_for_nothing_is_counted_with_what_is_sold(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "line",
    [
        "⭐ 4,8 (150 reviews)",
        "4,6/5 (74 review)",
        "★ 4,9 — 400+ clients",
        "recensies 4,85 ⭐ ( 418 )",
        "DE HOEKWINKEL (4.9)",
        "menu do 27/11",
        "borg tank 25",
        "kurye 200",
    ],
)
def test_marks_days_and_deposits_are_no_goods(line: str) -> None:
    assert [row[:4] for row in rows_of(f"keta 1g 25\n{line}")] == [("ketamine", 1, "g", 25)]


@pytest.mark.parametrize("text", ["⭐ 4,8 keta 1g 25", "4,8 ⭐ keta 1g 25", "keta 1g 25 ⭐ 4,8 (150)"])
def test_a_mark_takes_no_price_of_its_line(text: str) -> None:
    assert [row[:4] for row in rows_of(text)] == [("ketamine", 1, "g", 25)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "speed 1k 500, hasj 1k 1800",
            [("amphetamine", 1, "kg", 500, None), ("hashish", 1, "kg", 1800, None)],
        ),
        ("zakje keta (0,8) €20", [("ketamine", 0.8, "g", 20, "EUR")]),
        ("keta 15 gr bakje 200", [("ketamine", 15, "g", 200, None)]),
        (
            "xtc pil: 1=€8, 5=€35",
            [("xtc-tablet", 1, "piece", 8, "EUR"), ("xtc-tablet", 5, "piece", 35, "EUR")],
        ),
        (
            "rivo's €2 strip €15",
            [("clonazepam", None, None, 2, "EUR"), ("clonazepam", 1, "strip", 15, "EUR")],
        ),
        ("oxy's 20 €4", [("oxycodone", None, None, 4, "EUR")]),
        ("caillou 10€, 3 pour 25€", [("crack", None, None, 10, "EUR"), ("crack", 3, "piece", 25, "EUR")]),
        ("bud a q 55, half oz 100", [("cannabis", 7, "g", 55, None), ("cannabis", 14, "g", 100, None)]),
        ("keta 1:25 5:100", [("ketamine", 1, "g", 25, None), ("ketamine", 5, "g", 100, None)]),
        ("tramadol 50 mg strip à 10 stuks €10", [("tramadol", 1, "strip", 10, "EUR")]),
        ("md-25 pills-5", [("mdma", None, None, 25, None), ("xtc-tablet", None, None, 5, None)]),
        (
            "bud: eighth 30, quarter 55, half 100",
            [("cannabis", q, "g", p, None) for q, p in ((3.5, 30), (7, 55), (14, 100))],
        ),
        ("tina 1g 90\nG 20 per 50 ml", [("methamphetamine", 1, "g", 90, None), ("ghb", 50, "ml", 20, None)]),
        ("weed 8th 30", [("cannabis", 3.5, "g", 30, None)]),
        ("box of flake 32k", [("cocaine", 1, "kg", 32000, None)]),
        (
            "lachgas tank 2kg 50, 3 voor 130",
            [("nitrous-oxide", 1, "tank", 50, None), ("nitrous-oxide", 3, "tank", 130, None)],
        ),
        ("haze k 3900", [("cannabis", 1, "kg", 3900, None)]),
        ("mushies 1/8 was £40 now £30", [("magic-mushrooms", 3.5, "g", 30, "GBP")]),
        ("£25 gets you 0.5 coke", [("cocaine", 0.5, "g", 25, "GBP")]),
        (
            "lachgas tank 45\nballon los 2",
            [("nitrous-oxide", 1, "tank", 45, None), ("nitrous-oxide", None, "piece", 2, None)],
        ),
        ("fastgas 670 gr €38", [("nitrous-oxide", 1, "tank", 38, "EUR")]),
        ("coke 1g €65 → €55", [("cocaine", 1, "g", 55, "EUR")]),
        ("Temazepam (28 caps) 60 → 45", [("temazepam", 28, "piece", 45, None)]),
        ("kubar 5g eski 2500 yeni 2000 tl", [("hashish", 5, "g", 2000, "TRY")]),
        ("hasj 5g oud 50 nieuw 40", [("hashish", 5, "g", 40, None)]),
        ("was €30 → nu €25 voor 10 pillen", [("xtc-tablet", 10, "piece", 25, "EUR")]),
        ("xtc 10 → 30", [("xtc-tablet", 10, "piece", 30, None)]),
        ("xtc 60 → 45", [("xtc-tablet", 60, "piece", 45, None)]),
        ("2 flake + 1 keta 120€", [("cocaine", 2, "g", None, "EUR"), ("ketamine", 1, "g", None, "EUR")]),
    ],
)
def test_units_are_what_the_price_and_the_words_beside_them_say(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("🐱 1g 20 (4mmc)", ["mephedrone"]),
        ("🟤 1/50 (afghan brown)", ["heroin"]),
        ("keta 1g 25\nC (crystal meth) 0,5 45", ["ketamine", "methamphetamine"]),
        ("🍬 Candy 5pcs 20", ["xtc-tablet"]),
        ("paste 5 pz 40", ["xtc-tablet"]),
        ("crystal 1g 90", ["methamphetamine"]),
        ("crystal 1g 30", ["mdma"]),
        ("keta 1g 25\n1. C - 1g 60", ["ketamine", "cocaine"]),
        ("keta 1g 25\nC: 1=€60, 2=€110", ["ketamine", "cocaine", "cocaine"]),
        ("Trüffel 15g 20", ["truffles"]),
    ],
)
def test_a_name_of_several_goods_is_told_by_its_company(text: str, substances: list[str]) -> None:
    assert [row[0] for row in rows_of(text)] == substances


_PIECES = (
    "⭐", "4,8", "(", ")", "+", "1", "5", "/", "-", "|", "\n", "q", "oz", "half", "hele", "halen", "betalen",
    "gratis", "vanaf", "a", "per", "kilo", ":", "keta", "❄️", "🟤", "C", "pil", "€", "1k", "2e", "prijs", "'s",
    "bakje", "3.5", "box", "g-ul", "was", "euro", "27/11", "barkie", "voor", "=", "strip", "tank", "1803",
    "\u1369\u136a\u136b\u136c",
)  # fmt: skip


@settings(max_examples=1_500, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=14), st.sampled_from(("", " ")))
def test_pieces_of_such_lines_in_any_order_are_read(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    assert all(0 <= tier.start <= tier.end <= len(text) for tier in read(text, lexicon()).tiers)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Pastis 9€\na partir de 20 uds 6€ c/u",
            [("xtc-tablet", None, None, 9, "EUR"), ("xtc-tablet", 1, "piece", 6, "EUR")],
        ),
        (
            "pillen 5 p.s., vanaf 200 1,25 p.s.",
            [("xtc-tablet", 1, "piece", 5, None), ("xtc-tablet", 1, "piece", 1.25, None)],
        ),
        (
            "lghobra nos 30€ o w7da 55€",
            [("cocaine", 0.5, "g", 30, "EUR"), ("cocaine", 1, "g", 55, "EUR")],
        ),
        (
            "ket 1/30 7/160 oz/520",
            [
                ("ketamine", 1, "g", 30, None),
                ("ketamine", 7, "g", 160, None),
                ("ketamine", 28, "g", 520, None),
            ],
        ),
        ("Tramadol 200er 20 Stk 35", [("tramadol", 20, "piece", 35, None)]),
        ("3x filtré 10g 75€", [("hashish", 10, "g", 75, "EUR")]),
        ("hasis 1g 70 lei, 5 cu 300 lei", [("hashish", 1, "g", 70, "RON"), ("hashish", 5, "g", 300, "RON")]),
    ],
)
def test_what_one_costs_and_what_several_do(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
