"""Layouts of price lists in which amounts and prices change places, or other numbers stand beside them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from menu_rows import Row, rows_of

from forensics.analysis.findings import Line, find
from forensics.flag_work import built_in


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("keta 1/20 | 4/70", [("ketamine", 1, "g", 20, None), ("ketamine", 4, "g", 70, None)]),
        ("keta .5/15 | 1/25", [("ketamine", 0.5, "g", 15, None), ("ketamine", 1, "g", 25, None)]),
        (
            "xanax 10/15 | 40/55",
            [("alprazolam", 10, "piece", 15, None), ("alprazolam", 40, "piece", 55, None)],
        ),
        ("haze 12/1 50/5", [("cannabis", 1, "g", 12, None), ("cannabis", 5, "g", 50, None)]),
        (
            "coke 60/1 170/3 // keta 20/1 80/5",
            [
                ("cocaine", 1, "g", 60, None),
                ("cocaine", 3, "g", 170, None),
                ("ketamine", 1, "g", 20, None),
                ("ketamine", 5, "g", 80, None),
            ],
        ),
        ("haze 12 per 1, 50 per 5", [("cannabis", 1, "g", 12, None), ("cannabis", 5, "g", 50, None)]),
        ("beuh 9 le g, 40 les 5", [("cannabis", 1, "g", 9, None), ("cannabis", 5, "g", 40, None)]),
        ("coca 70€x1g, 130€x2g", [("cocaine", 1, "g", 70, "EUR"), ("cocaine", 2, "g", 130, "EUR")]),
        ("haze 10er 0,9 / 20er (1,9)", [("cannabis", 0.9, "g", 10, None), ("cannabis", 1.9, "g", 20, None)]),
        ("30 = 3 haze, 45 = 6 polm", [("cannabis", 3, "g", 30, None), ("hashish", 6, "g", 45, None)]),
        ("keta een voor twintig", [("ketamine", 1, "g", 20, None)]),
        ("keta gram 20, vijf 90", [("ketamine", 1, "g", 20, None), ("ketamine", 5, "g", 90, None)]),
        ("xtc 4, 10 voor 35", [("xtc-tablet", None, None, 4, None), ("xtc-tablet", 10, "piece", 35, None)]),
        (
            "keta 1 – 20, 4 – 60. Hash 5 – 40",
            [
                ("ketamine", 1, "g", 20, None),
                ("ketamine", 4, "g", 60, None),
                ("hashish", 5, "g", 40, None),
            ],
        ),
        ("oxycodon strip ........ 22", [("oxycodone", 1, "strip", 22, None)]),
        (
            "keta 1 = 20 ~ 2 = 38 ~ 3 = 55",
            [
                ("ketamine", 1, "g", 20, None),
                ("ketamine", 2, "g", 38, None),
                ("ketamine", 3, "g", 55, None),
            ],
        ),
        ("coke ~60~ 1g 50", [("cocaine", 1, "g", 50, None)]),
        ("coke 1g 50\nM 1/25", [("cocaine", 1, "g", 50, None), ("mdma", 1, "g", 25, None)]),
        ("3mmc 3g 60€ / G 40ml 30€", [("3-mmc", 3, "g", 60, "EUR"), ("ghb", 40, "ml", 30, "EUR")]),
        ("keta 2g 30 soles", [("ketamine", 2, "g", 30, "PEN")]),
        (
            "keta 1g veertig\nwiet 5 g veur 35",
            [("ketamine", 1, "g", 40, None), ("cannabis", 5, "g", 35, None)],
        ),
    ],
)
def test_amounts_and_prices_are_paired_in_any_order(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "keta €30/0,9 - €60/2",
            [("ketamine", 0.9, "g", 30, "EUR"), ("ketamine", 2, "g", 60, "EUR")],
        ),
        ("keta 1 - 30 € / 5 - 120 €", [("ketamine", 1, "g", 30, "EUR"), ("ketamine", 5, "g", 120, "EUR")]),
        (
            "60 = 1 coke\n25 = 6 xtc\n90 = 12 haze",
            [
                ("cocaine", 1, "g", 60, None),
                ("xtc-tablet", 6, "piece", 25, None),
                ("cannabis", 12, "g", 90, None),
            ],
        ),
        (
            "60 = 1 coke\n35 = 12 x",
            [("cocaine", 1, "g", 60, None), ("xtc-tablet", 12, "piece", 35, None)],
        ),
        (
            "haze Zehner 1,1 / Fuffi 6",
            [("cannabis", 1.1, "g", 10, None), ("cannabis", 6, "g", 50, None)],
        ),
        (
            "4x25 12x60 (xtc) ; weed 6x45",
            [
                ("xtc-tablet", 4, "piece", 25, None),
                ("xtc-tablet", 12, "piece", 60, None),
                ("cannabis", 6, "g", 45, None),
            ],
        ),
        (
            "70=1 200=3 vom coke. 25=1 110=5 vom keta",
            [
                ("cocaine", 1, "g", 70, None),
                ("cocaine", 3, "g", 200, None),
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 5, "g", 110, None),
            ],
        ),
        (
            "jaune 10€ 1,4g / 40€ 6g",
            [("hashish", 1.4, "g", 10, "EUR"), ("hashish", 6, "g", 40, "EUR")],
        ),
        ("coke 3 x 0,7 = 110", [("cocaine", 2.1, "g", 110, None)]),
        (
            "oz haze 150, half 85",
            [("cannabis", 28, "g", 150, None), ("cannabis", 14, "g", 85, None)],
        ),
        ("keta 4 pg vanaf 20", [("ketamine", 1, "g", 4, None)]),
    ],
)
def test_sums_and_what_they_buy_change_places(text: str, rows: list[Row]) -> None:
    values = [(*row[:1], round(row[1] or 0, 6), *row[2:]) for row in rows_of(text)]
    assert values == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "drie voor honderd wit, hasj vijf gram dertig en de pillen doe ik vier per stuk",
            [
                ("cocaine", 3, "g", 100, None),
                ("hashish", 5, "g", 30, None),
                ("xtc-tablet", 1, "piece", 4, None),
            ],
        ),
        (
            "md à quarante le g, septante les deux, soixante les trois, des taz à six pièce",
            [
                ("mdma", 1, "g", 40, None),
                ("mdma", 2, "g", 70, None),
                ("mdma", 3, "g", 60, None),
                ("xtc-tablet", 1, "piece", 6, None),
            ],
        ),
        (
            "coca ottanta al grammo, duecento per tre",
            [("cocaine", 1, "g", 80, None), ("cocaine", 3, "g", 200, None)],
        ),
        ("la placa de cien en cuatrocientos", [("hashish", 100, "g", 400, None)]),
        (
            "hasis 5 la 35, ecstasy 10 la 40",
            [("hashish", 5, "g", 35, None), ("xtc-tablet", 10, "piece", 40, None)],
        ),
    ],
)
def test_prices_in_words_are_read_in_sentences(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "T 1g 95, half 55\nG 40ml 25\nM 1g 30",
            [
                ("methamphetamine", 1, "g", 95, None),
                ("methamphetamine", 0.5, "g", 55, None),
                ("ghb", 40, "ml", 25, None),
                ("mephedrone", 1, "g", 30, None),
            ],
        ),
        (
            "C 1 55 // 2 100\nK 1 30\nM 1 25\nX 10 35",
            [
                ("cocaine", 1, "g", 55, None),
                ("cocaine", 2, "g", 100, None),
                ("ketamine", 1, "g", 30, None),
                ("mdma", 1, "g", 25, None),
                ("xtc-tablet", 10, "piece", 35, None),
            ],
        ),
        (
            "haze 5g 40\nW 1-55 2-100",
            [("cannabis", 5, "g", 40, None), ("cocaine", 1, "g", 55, None), ("cocaine", 2, "g", 100, None)],
        ),
        (
            "C 1 = 55\nW 5 = 40\nkush 5 = 45",
            [("cocaine", 1, "g", 55, None), ("cannabis", 5, "g", 40, None), ("cannabis", 5, "g", 45, None)],
        ),
        (
            "G 50ml 25, 250ml 90, liter 190",
            [("ghb", 50, "ml", 25, None), ("ghb", 250, "ml", 90, None), ("ghb", 1000, "ml", 190, None)],
        ),
        ("haze 1g 10, k 1g 25", [("cannabis", 1, "g", 10, None), ("ketamine", 1, "g", 25, None)]),
        ("tina 1g 85. K 1 = 30", [("methamphetamine", 1, "g", 85, None), ("ketamine", 1, "g", 30, None)]),
        ("k.3.t.a 1-25", [("ketamine", 1, "g", 25, None)]),
    ],
)
def test_one_letter_is_a_drug_in_a_list_of_such(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Lachgas tank 2kg €50\nLachgas tank 3 stuks €130",
            [("nitrous-oxide", 1, "tank", 50, "EUR"), ("nitrous-oxide", 3, "tank", 130, "EUR")],
        ),
        (
            "Lachgas tanks: 640g 30 | fles 2kg 60 | 3,3 kg fles 85. ballonnen 25 st 4",
            [
                ("nitrous-oxide", 1, "tank", 30, None),
                ("nitrous-oxide", 1, "tank", 60, None),
                ("nitrous-oxide", 1, "tank", 85, None),
                ("nitrous-oxide", 25, "piece", 4, None),
            ],
        ),
        ("smartwhip 2 bouteilles de 640g 50€", [("nitrous-oxide", 2, "tank", 50, "EUR")]),
        ("cream deluxe 2kg €60", [("nitrous-oxide", 1, "tank", 60, "EUR")]),
        ("poppers 9 a bottle", [("poppers", 1, "piece", 9, None)]),
        (
            "blok coke 26.500\nhalve 13.500\nK keta 6.500",
            [
                ("cocaine", 1, "kg", 26500, None),
                ("cocaine", 0.5, "kg", 13500, None),
                ("ketamine", 1, "kg", 6500, None),
            ],
        ),
        (
            "Quarter key 1,100\nHalf key 2,100\nAll hash, no samples",
            [("hashish", 0.25, "kg", 1100, None), ("hashish", 0.5, "kg", 2100, None)],
        ),
        (
            "Gelato 12 eu/g\nPurple 5g 55 eu\nskunk 1g 10 eu",
            [
                ("cannabis", 1, "g", 12, "EUR"),
                ("cannabis", 5, "g", 55, "EUR"),
                ("cannabis", 1, "g", 10, "EUR"),
            ],
        ),
        ("haze 5/40 // pre-rolls 4/12", [("cannabis", 5, "g", 40, None), ("cannabis", 4, "piece", 12, None)]),
        ("haze 1g 10\nGraz 2/8/12 nur Abholung", [("cannabis", 1, "g", 10, None)]),
        (
            "haze 1g 10, 5g 45. Brengen 2 euro extra",
            [("cannabis", 1, "g", 10, "EUR"), ("cannabis", 5, "g", 45, "EUR")],
        ),
    ],
)
def test_weights_and_names_are_those_of_the_whole_list(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "keta 1 = 20, 3 = 50. Zaterdag open tot half 20",
        "keta 1 = 20, 3 = 50\nBusse am Bahnsteig 60",
        "keta 1 = 20, 3 = 50\nRaum Kleve, ab 50€ gratis",
        "keta 1 = 20, 3 = 50\nmin 40 euro",
        "keta 1 = 20, 3 = 50\nverzending binnen NL, 4€",
        "Neu 08/11\nketa 1 = 20, 3 = 50",
    ],
)
def test_other_numbers_of_a_list_are_no_goods(text: str) -> None:
    assert [row[:4] for row in rows_of(text)] == [("ketamine", 1, "g", 20), ("ketamine", 3, "g", 50)]


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("keta 1g 20€\nwiet 5g 40€\ncoke 1g 50", ["EUR", "EUR", "EUR"]),
        ("keta 1g 20\nwiet 5g 40\ncoke 1g 50 euro", ["EUR", "EUR", "EUR"]),
        ("| wat | hoeveel | € |\n| keta | 1g | 20 |\n| wiet | 5g | 40 |", ["EUR", "EUR"]),
    ],
)
def test_a_currency_that_a_message_names_holds_for_all_its_prices(
    text: str, currencies: list[str | None]
) -> None:
    assert [row[4] for row in rows_of(text)] == currencies


def test_a_word_over_columns_of_amounts_is_no_product() -> None:
    rows = rows_of("Sorte | 10g | 50g\nAmnesia | 70€ | 300€")
    assert rows == [("cannabis", 10, "g", 70, "EUR"), ("cannabis", 50, "g", 300, "EUR")]


def test_a_row_of_rising_prices_is_no_heading_of_a_table() -> None:
    assert rows_of("wat | 1 | 5\nketa | 20 | 90\nOnbekend | 10 | 40\nwiet | 9 | 40") == [
        ("ketamine", 1, "g", 20, None),
        ("ketamine", 5, "g", 90, None),
        (None, 1, None, 10, None),
        (None, 5, None, 40, None),
        ("cannabis", 1, "g", 9, None),
        ("cannabis", 5, "g", 40, None),
    ]


def test_an_empty_cell_of_a_table_has_no_price() -> None:
    assert rows_of("| wat | 1g | 5g | 10g |\n| keta | 20 | - | 160 |\n| wiet | - | 40 | 75 |") == [
        ("ketamine", 1, "g", 20, None),
        ("ketamine", 10, "g", 160, None),
        ("cannabis", 5, "g", 40, None),
        ("cannabis", 10, "g", 75, None),
    ]


def test_noughts_written_as_letters_are_read_beside_a_disguised_drug() -> None:
    assert rows_of("c0ke 1g = 6o | 3g = 15o") == [
        ("cocaine", 1, "g", 60, None),
        ("cocaine", 3, "g", 150, None),
    ]


def test_a_price_of_one_piece_behind_a_lone_letter_ends_a_line() -> None:
    assert rows_of("xtc 4 p p/s") == rows_of("xtc 4 p/s") == [("xtc-tablet", 1, "piece", 4, None)]


def test_a_mark_out_of_five_is_no_amount() -> None:
    assert rows_of("Ketamine was a letdown, slept badly. 2/5.") == []


def _label(text: str) -> list[str]:
    return [finding.kind for finding in find([Line(id="1", text=text)], built_in())]


@pytest.mark.parametrize(
    "text",
    [
        "❄️ 1=55 2=100\n🐴 1=25 2=45\n🍬 5=20 10=35\nring en centrum",
        "beste pó 1g 60 2g 110 / tina 0,5g 80 1g 150. Centro, levo em 1h, sem foto não atendo ninguém hoje",
    ],
)
def test_a_list_of_ordinary_words_with_falling_prices_is_a_menu(text: str) -> None:
    assert _label(text) == ["menu"]


@pytest.mark.parametrize(
    "text",
    [
        "Kabeljauw 1 kg 22 / zalm 500 g 15 / mosselen 2 kg 9\nwoensdag open tot half 6",
        "Bakery: sourdough 5, rye 6, 3 buns for 4. Saturday from 9",
        "Koffie 250g 6,50 / 1kg 22 / thee 100g 4,50 / suiker 1kg 2",
    ],
)
def test_a_price_list_of_food_is_no_menu(text: str) -> None:
    assert _label(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "🎈 Tank 2 kg 50€\n🎈 Tank 3,3 kg 70€",
        "Wit ...... 50\nBruin ..... 20\nPillen .... 3\nPoes ...... 25",
        "60 = 1\n110 = 2\n150 = 3\nalleen witte, gratis bezorgd",
        "C 1 55 // 2 100\nK 1 30\nX 10 35",
        "G zuiver 100ml 35 | 250ml 70 | 500ml 120",
    ],
)
def test_lists_of_ordinary_words_and_letters_are_menus(text: str) -> None:
    assert _label(text) == ["menu"]


@pytest.mark.parametrize(
    "text",
    [
        "Verf: wit 20, bruin 25, groen 25, grijs 20",
        "helium tank 25 euro, ballonnen 50 st 5 euro",
        "T-shirt maat M 1 = 15, L 1 = 15\nX 2 = 30",
        "stap 1 t/m 4 en de zegels van 1948",
        "Kaas 1kg 12 / halve 6,50 / 100g 1,50",
        "Olie 5l 25, 1l 6. Tank vol 80",
        "wijn wit 2x15 | rood 3x20 | bier 10x12",
    ],
)
def test_ordinary_price_lists_are_none(text: str) -> None:
    assert _label(text) == []


_PIECES = (
    *(
        "g",
        "G",
        "t",
        "k",
        "m",
        "x",
        "c",
        ",",
        "/",
        "|",
        "=",
        "~",
        "10",
        "0,5",
        "ml",
        "€",
        "\n",
        "strip",
        "van",
    ),
    *(
        "1/2",
        "½",
        "3x",
        "x3",
        "-",
        "tank",
        "kg",
        "halve",
        "(",
        ")",
        "+",
        "12u",
        "lu",
        "box",
        "£",
        "wit",
        "coke",
    ),
    *("2 euro extra", "min. 50", "twee", "per", "à", "vanaf", "haze", "lyrica", "300mg", "p.st.", "p", "p/s"),
)


@settings(max_examples=1_500, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12), st.sampled_from(("", " ")))
@example(["~", "~"], "")
@example(["xtc 4", "p", "p/s"], " ")
@example(["coke 1g 50, ", "g"], "")
@example(["10", "g"], " ")
def test_pieces_of_lists_in_any_order_are_read(pieces: list[str], between: str) -> None:
    verdict = built_in().conversation().read(Line(id="1", text=between.join(pieces)))
    assert all(0 <= item.start <= item.end for item in verdict.rules)
