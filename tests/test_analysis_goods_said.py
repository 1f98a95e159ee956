"""Sentences that sell several goods: what belongs to which, in Dutch, English and German."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Hab 300 g Haze und 2 Kilo Pep da",
            [("cannabis", 300, "g", None, None), ("amphetamine", 2, "kg", None, None)],
        ),
        (
            "€50 wit, €25 bruin, €60 roze, €10 groen",
            [
                ("cocaine", None, None, 50, "EUR"),
                ("heroin", None, None, 25, "EUR"),
                ("pink-cocaine", None, None, 60, "EUR"),
                ("cannabis", None, None, 10, "EUR"),
            ],
        ),
    ],
)
def test_each_product_behind_a_sum_or_an_amount_has_it(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "keta 25, 4+1 gratis. wiet 10, 25 g voor 200",
            [
                ("ketamine", None, None, 25, None),
                ("cannabis", None, None, 10, None),
                ("cannabis", 25, "g", 200, None),
            ],
        ),
    ],
)
def test_what_is_free_has_no_price_of_the_next_goods(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "5 pillen 15 en md 20 een g",
            [("xtc-tablet", 5, "piece", 15, None), ("mdma", 1, "g", 20, None)],
        ),
        (
            "sos 50 een g",
            [("cocaine", 1, "g", 50, None)],
        ),
    ],
)
def test_one_of_a_unit_behind_a_sum_is_what_it_is_for(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "halfje 25, heeltje 50, vijfje 225 (coca)",
            [("cocaine", 0.5, "g", 25, None), ("cocaine", 1, "g", 50, None), ("cocaine", 5, "g", 225, None)],
        ),
        (
            "wit is nu 55 want het was droog. Neem je een vijfje dan 240.",
            [("cocaine", None, None, 55, None), ("cocaine", 5, "g", 240, None)],
        ),
    ],
)
def test_a_word_for_a_sum_counts_what_costs_as_much(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "kilo coke 31k, half 16k, kwart 8k",
            [
                ("cocaine", 1, "kg", 31000, None),
                ("cocaine", 0.5, "kg", 16000, None),
                ("cocaine", 0.25, "kg", 8000, None),
            ],
        ),
    ],
)
def test_a_share_of_a_kilo_costs_thousands(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "ket 30 a g or a ball for 75",
            [("ketamine", 1, "g", 30, None), ("ketamine", 3.5, "g", 75, None)],
        ),
        (
            "tina is $60 a gram and $180 the ball",
            [("methamphetamine", 1, "g", 60, "USD"), ("methamphetamine", 3.5, "g", 180, "USD")],
        ),
    ],
)
def test_a_ball_that_costs_as_much_is_an_eighth(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "speed 5g 20 10g 35 mdma 5g 70 pillen 50st 100",
            [
                ("amphetamine", 5, "g", 20, None),
                ("amphetamine", 10, "g", 35, None),
                ("mdma", 5, "g", 70, None),
                ("xtc-tablet", 50, "piece", 100, None),
            ],
        ),
    ],
)
def test_pieces_that_are_counted_behind_a_price_take_it_not(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "haze oz 200, half z of any 105",
            [("cannabis", 28, "g", 200, None), ("cannabis", 14, "g", 105, None)],
        ),
    ],
)
def test_half_a_z_is_half_an_ounce(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "lyrica 75 is 1 euro, 300 is 2,50. rivotril strip 20",
            [
                ("pregabalin", None, None, 1, "EUR"),
                ("pregabalin", None, None, 2.5, "EUR"),
                ("clonazepam", 1, "strip", 20, "EUR"),
            ],
        ),
        (
            "lyrica 75 is 1, 300 is 2,50",
            [("pregabalin", None, None, 1, None), ("pregabalin", None, None, 2.5, None)],
        ),
    ],
)
def test_another_strength_of_the_tablets_has_its_own_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "haze 12 p/g, en ik heb nog 2 tanks liggen voor 35 p.s.",
            [("cannabis", 1, "g", 12, None), ("nitrous-oxide", 1, "tank", 35, None)],
        ),
    ],
)
def test_tanks_behind_other_goods_are_of_gas(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "pills, £4 each or 35 for 10",
            [("xtc-tablet", 1, "piece", 4, "GBP"), ("xtc-tablet", 10, "piece", 35, "GBP")],
        ),
    ],
)
def test_what_one_costs_tells_which_number_is_the_sum(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "xannie 5, strip zolpidem 20",
            [("alprazolam", None, None, 5, None), ("zolpidem", 1, "strip", 20, None)],
        ),
    ],
)
def test_a_price_before_an_amount_of_the_next_goods_is_kept(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "vijftig voor die witte, vijfentwintig voor keta en een vijfje per pil",
            [
                ("cocaine", None, None, 50, None),
                ("ketamine", None, None, 25, None),
                ("xtc-tablet", 1, "piece", 5, None),
            ],
        ),
        (
            "wit 50, keta 25, 5 per pil",
            [
                ("cocaine", None, None, 50, None),
                ("ketamine", None, None, 25, None),
                ("xtc-tablet", 1, "piece", 5, None),
            ],
        ),
    ],
)
def test_pieces_named_behind_what_one_costs_are_goods_of_their_own(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_the_price_of_a_powder_before_that_of_a_piece_is_kept() -> None:
    rows = rows_of("30 for md, 60 for coke, 5 a pill")
    assert rows[:2] == [("mdma", None, None, 30, None), ("cocaine", None, None, 60, None)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "speed 15 euro 2 gram, wiet 10 euro 1g",
            [("amphetamine", 2, "g", 15, "EUR"), ("cannabis", 1, "g", 10, "EUR")],
        ),
        (
            "keta €25, 5 g coke €200",
            [("ketamine", None, None, 25, "EUR"), ("cocaine", 5, "g", 200, "EUR")],
        ),
    ],
)
def test_the_amount_behind_a_price_is_of_the_goods_before_it(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "cali 50 an eighth, 2 for 90, 4 for 170",
            [
                ("cannabis", 3.5, "g", 50, None),
                ("cannabis", 7, "g", 90, None),
                ("cannabis", 14, "g", 170, None),
            ],
        ),
        (
            "$60 for a half o of reggie, $100 for a whole",
            [("cannabis", 14, "g", 60, "USD"), ("cannabis", 28, "g", 100, "USD")],
        ),
        (
            "stardawg 3.5g 30, 7 for 55",
            [("cannabis", 3.5, "g", 30, None), ("cannabis", 7, "g", 55, None)],
        ),
    ],
)
def test_several_of_a_named_weight_have_its_weight_so_many_times(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Thai weed 1lb 2200. 5 lbs 10k",
            [("cannabis", 448, "g", 2200, None), ("cannabis", 2240, "g", 10000, None)],
        ),
        ("nine bars of polm 700", [("hashish", 252, "g", 700, None)]),
        ("hasch ein Heiermann", [("hashish", None, None, 5, None)]),
    ],
)
def test_pounds_nine_bars_and_heiermann(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Snuif 50 't gram, 3 voor 140",
            [("cocaine", 1, "g", 50, None), ("cocaine", 3, "g", 140, None)],
        ),
        ("Ott zehne s Gramm", [("cannabis", 1, "g", 10, None)]),
        ("tramadol 50s strip 10", [("tramadol", 1, "strip", 10, None)]),
        (
            "Cocaine: eighty. Cannabis: ten per gramme.",
            [("cocaine", None, None, 80, None), ("cannabis", 1, "g", 10, None)],
        ),
    ],
)
def test_prices_behind_a_shortened_article_and_in_words_behind_a_colon(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Pillekes 5 per stuk, vanaf 10 aan 4",
            [("xtc-tablet", 1, "piece", 5, None), ("xtc-tablet", 1, "piece", 4, None)],
        ),
        (
            "pillen 5, vanaf 10 stuks 4",
            [("xtc-tablet", None, None, 5, None), ("xtc-tablet", 1, "piece", 4, None)],
        ),
        ("Hasch 8 das g, ab 20", [("hashish", 1, "g", 8, None)]),
    ],
)
def test_the_price_of_one_is_kept_where_a_lower_one_of_more_follows(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "mon-thu 12-10 fri-sat 12-22\ncoke 80",
            [("cocaine", None, None, 80, None)],
        ),
        ("Mo–Do 14–22\nKoks 70", [("cocaine", None, None, 70, None)]),
        ("2 types of hash, edibles, mushies", []),
        ("do 2-3 g wiet 25", [("cannabis", 3, "g", 25, None)]),
    ],
)
def test_hours_behind_a_day_of_the_week_and_kinds_of_goods_count_none(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "vom Tavor sind noch zwei Streifen da, je 20, Codein Saft 30",
            [("lorazepam", 1, "strip", 20, None), ("codeine", None, None, 30, None)],
        ),
        (
            "ozs: stardawg 180 / amnesia 190 / cali 280",
            [
                ("cannabis", 28, "g", 180, None),
                ("cannabis", 28, "g", 190, None),
                ("cannabis", 28, "g", 280, None),
            ],
        ),
        (
            "vom Braunen 5g 30€, vom Grünen 5g 45€, Felgenreiniger 1l 120",
            [
                ("heroin", 5, "g", 30, "EUR"),
                ("cannabis", 5, "g", 45, "EUR"),
                ("gbl", 1000, "ml", 120, "EUR"),
            ],
        ),
    ],
)
def test_what_each_of_several_costs_and_a_size_before_all_goods(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "stardawg 3.5g 30, 8th x2 55, full z 190",
            [
                ("cannabis", 3.5, "g", 30, None),
                ("cannabis", 7, "g", 55, None),
                ("cannabis", 28, "g", 190, None),
            ],
        ),
        (
            "Ball of soft $150, gram $60",
            [("cocaine", 3.5, "g", 150, "USD"), ("cocaine", 1, "g", 60, "USD")],
        ),
        (
            "one 25, two 45, five 100 (ket)",
            [
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 2, "g", 45, None),
                ("ketamine", 5, "g", 100, None),
            ],
        ),
        (
            "ein halber 40, ein ganzer 75 (koks)",
            [("cocaine", 0.5, "g", 40, None), ("cocaine", 1, "g", 75, None)],
        ),
    ],
)
def test_named_amounts_several_times_and_in_words_at_the_beginning(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
