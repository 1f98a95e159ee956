"""Days, opening hours and numbers of houses are no amounts or prices of goods."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    "line",
    [
        "24 t/m 26 dec open tot 04:00",
        "24 tot en met 26 december open",
        "24 t/m 26 open",
        "24-7 open",
        "3 t/m 5 jan gesloten",
        "24, 25 en 26 dec dicht",
        "24/12 t/m 26/12 gesloten",
        "31 dec open",
        "24.-26. Dezember geschlossen",
        "24. bis 26. Dez zu",
        "24th to 26th december closed",
        "Dec 24-26 closed",
        "du 24 au 26 décembre fermé",
        "2-4 mars fermé",
        "del 24 al 26 de diciembre cerrado",
        "dal 24 al 26 dicembre chiuso",
        "de 24 a 26 de dezembro fechado",
        "od 24 do 26 grudnia nieczynne",
        "24-26 decembrie închis",
        "24-26 Ara kapalıyız",
        "24 - 26 ديسمبر",
    ],
)
def test_days_of_the_calendar_are_no_amounts_with_prices(line: str) -> None:
    assert rows_of(f"coke 1g 50\n{line}") == [("cocaine", 1, "g", 50, None)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("wiet 20 t/m 24 dec", [("cannabis", None, None, 20, None)]),
        ("wiet 5 voor 30 t/m 24 dec", [("cannabis", 5, "g", 30, None)]),
        ("coke 1 t/m 5 50", [("cocaine", 1, "g", 50, None)]),
        ("wiet 10 - 20", [("cannabis", 10, "g", 20, None)]),
        ("actie december 10 voor 80 coke", [("cocaine", 10, "g", 80, None)]),
    ],
)
def test_prices_beside_a_day_remain(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Havenstraat 12, 2 wit", [("cocaine", 2, "g", None, None)]),
        ("Bosweg 8 3 keta 60", [("ketamine", 3, "g", 60, None)]),
        ("Bosweg 2 wit 90", [("cocaine", 2, "g", 90, None)]),
        ("onderweg 2 wit", [("cocaine", 2, "g", None, None)]),
        ("philipp plein 4", [("xtc-tablet", None, None, 4, None)]),
    ],
)
def test_the_number_of_a_house_is_no_amount(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "2g coke, rue Hoche 12",
        "2g coke 12 rue des Lilas",
        "2g coca via Roma 8",
        "2g coca calle Olmo 22",
        "2g koks ul. Długa 5",
        "2g Koks Kantstr. 40",
        "2g coca strada Merilor 8",
        "2g kokain gül sokak 12",
    ],
)
def test_the_number_of_a_house_abroad_is_no_price(text: str) -> None:
    assert rows_of(text) == [("cocaine", 2, "g", None, None)]


@pytest.mark.parametrize(
    "text", ["coca en la calle a 50", "coke via signal 50 per gram", "dans la rue la coke à 50"]
)
def test_a_price_behind_a_street_or_a_way_is_one(text: str) -> None:
    assert [price for *_, price, _ in rows_of(text)] == [50]


def test_kilograms_beside_a_medicine_against_overweight_are_those_of_a_person() -> None:
    assert not any(unit == "kg" for _, _, unit, *_ in rows_of("ozempic 1mg, 3 kg kwijt"))
    assert ("cannabis", 3, "kg", 9000, None) in rows_of("3 kg wiet 9000")
