"""A deal that goes on takes in the lines that belong to it, until another subject is spoken of; trades whose
goods are not named; lists of other goods.
"""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Line, Verdict
from forensics.flag_work import built_in

MINUTE = 60_000


def _verdicts(*texts: str, minutes: int = 1) -> list[Verdict]:
    window = built_in().conversation()
    return [
        window.read(Line(id=f"m{n}", text=text, sent_at=n * minutes * MINUTE, sender="AB"[n % 2]))
        for n, text in enumerate(texts)
    ]


def _labels(*texts: str, minutes: int = 1) -> list[str]:
    return [v.label for v in _verdicts(*texts, minutes=minutes)]


def test_lines_of_a_deal_belong_to_it_with_that_reason() -> None:
    texts = ("heb je nog coke", "ja 1g 50", "2 dan, wat moet dat kosten", "90", "ik zie je auto")
    found = _verdicts(*texts)
    assert [v.label for v in found] == ["deal"] * 5
    assert "goes-on" in {h.id for h in found[4].rules}
    assert all(v.score == sum(h.weight for h in v.rules) for v in found)


def test_a_deal_lasts_hours_and_no_day() -> None:
    texts = ("heb je nog coke", "ja 1g 50", "ik zie je auto")
    assert _labels(*texts, minutes=100)[2] == "deal"
    assert _labels(*texts, minutes=700)[2] == "none"


def test_another_subject_ends_a_deal() -> None:
    texts = ("heb je nog coke", "ja 1g 50")
    away = ("eten we pizza of pasta vanavond", "pasta met kaas en brood erbij")
    assert _labels(*texts, "sta beneden")[-1] == "deal"
    assert _labels(*texts, *away, "ik zie je auto")[2:] == ["none"] * 3


@pytest.mark.parametrize(
    "texts",
    [
        ("can i grab 2 on tick", "yeah 80", "same spot?", "usual, 10 mins"),
        ("kan ik er 2 pakken op de lat", "140 dan", "zelfde plek?", "ja wis die chat"),
        ("kan ich 2 haben auf kombi", "ja 90", "wo treffen", "bin da"),
    ],
)
def test_a_trade_whose_goods_are_not_named_is_one_from_some_line_on(texts: tuple[str, ...]) -> None:
    found = _verdicts(*texts)
    assert found[-1].label == "deal"
    first = next(v for v in found if v.label == "deal")
    assert {"coded-exchange", "coded-sign", "coded-step"} <= {h.id for h in first.rules}


@pytest.mark.parametrize(
    "texts",
    [
        (
            "kan ik er 2 kopen van die kaartjes",
            "140 dan voor beide",
            "zelfde plek bij de ingang?",
            "ja tot zo",
        ),
        ("is de bakfiets er nog", "ja 80", "zelfde adres?", "ja 10 min"),
        ("hoeveel moet je", "5", "100", "zelfde plek"),
    ],
)
def test_steps_of_a_sale_alone_are_no_trade_in_drugs(texts: tuple[str, ...]) -> None:
    assert set(_labels(*texts)) == {"none"}


def test_several_counted_drugs_are_what_is_to_be_brought() -> None:
    assert _labels("2 pakketjes wiet naar Zaandam en 1 coke naar de Jordaan") == ["deal"]
    assert _labels("neem 2 paracetamol en 1 oxazepam voor het slapen") != ["deal"]


def test_a_list_of_other_goods_with_one_word_that_can_mean_a_drug_is_none() -> None:
    (shop,) = _verdicts(
        "Branza de burduf 1kg 55 lei, 500g 28 lei, miere 1kg 45 lei, iarba pentru iepuri 5 lei"
    )
    assert shop.label == "none"


def test_the_amounts_over_the_columns_of_a_table_are_those_of_its_rows() -> None:
    (menu,) = _verdicts("| product | 1 | 5 |\n|---|---|---|\n| Speed | €8 | €30 |\n| MDMA | €18 | €75 |")
    assert [(i.substance, i.quantity, i.unit, i.price) for i in menu.items] == [
        ("amphetamine", 1, "g", 8),
        ("amphetamine", 5, "g", 30),
        ("mdma", 1, "g", 18),
        ("mdma", 5, "g", 75),
    ]
