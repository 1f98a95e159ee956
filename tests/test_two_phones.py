"""Two invented phones in one case: what both have is linked, and what they say otherwise is listed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import done, export_bytes, ingest, messages, new, verified
from whatsapp_phones import GROUP, MINUTE, Line, Phone

ANNA, BRAM, CARLA = "31600000301", "31600000302", "31600000303"
WITH_ANNA, WITH_BRAM, WITH_CARLA = (f"{each}@s.whatsapp.net" for each in (ANNA, BRAM, CARLA))
# Bram's clock is two minutes ahead; a message takes one second.
AHEAD = 2.0


def sent_by_anna(key: str, minute: float, said: str | None, **on_bram: object) -> tuple[Line, Line]:
    """A direct message of Anna's as both phones have it."""
    here = Line(key=key, minute=minute, sender=None, text=said, chat=WITH_BRAM)
    late = 1000 + int(AHEAD * MINUTE)
    there = Line(key=key, minute=minute, sender=ANNA, text=said, chat=WITH_ANNA, late=late)
    return here, Line(**{**vars(there), **on_bram})


def sent_by_bram(key: str, minute: float, said: str | None, **on_bram: object) -> tuple[Line, Line]:
    """A direct message of Bram's: his phone stores the sent time two minutes ahead."""
    here = Line(key=key, minute=minute, sender=BRAM, text=said, chat=WITH_BRAM)
    there = Line(key=key, minute=minute + AHEAD, sender=None, text=said, chat=WITH_ANNA)
    return here, Line(**{**vars(there), **on_bram})


def in_the_group(key: str, minute: float, text: str) -> tuple[Line, Line]:
    """A message of Carla's in the group that both are in."""
    here = Line(key=key, minute=minute, sender=CARLA, text=text, chat=GROUP)
    return here, Line(**{**vars(here), "late": 1000 + int(AHEAD * MINUTE)})


SHARED = [
    sent_by_anna("B1", 0, "Ben je er?"),
    sent_by_bram("B2", 1, "Ja"),
    sent_by_anna("B3", 2, "Vergeet dit", revoked=9),
    sent_by_bram("B4", 3, "Om acht uur", text="Om negen uur"),
    sent_by_anna("B5", 10, "Tot dan"),
    in_the_group("C1", 4, "Hallo allemaal"),
]
ONLY_ANNA = [
    Line(key="B6", minute=5, sender=BRAM, text="Alleen bij Anna", chat=WITH_BRAM),
    Line(key="D1", minute=6, sender=CARLA, text="Een ander gesprek", chat=WITH_CARLA),
    Line(key="B7", minute=11, sender=BRAM, text="Na het laatste", chat=WITH_BRAM),
]


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("phones")
    anna = Phone(number=ANNA, contacts={BRAM: "Bram"}).write(
        root / "anna", [*(one for one, _ in SHARED), *ONLY_ANNA]
    )
    bram = Phone(number=BRAM, contacts={ANNA: "Anna"}).write(root / "bram", [other for _, other in SHARED])
    return anna, bram


@pytest.fixture(scope="module")
def case(phones: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new(tmp_path_factory.mktemp("two") / "case", "--language", "en")
    for each in phones:
        ingest(made, each)
    return made


def compared(case: Path) -> dict:
    return json.loads(done("differences", case, "--json").stdout)


def names(case: Path) -> dict[str, str]:
    """Message id -> the owner's phone and the app's id."""
    found = {}
    for each in messages(case):
        owner = "anna" if each["source"]["evidence_sha256"] == evidence_of(case, "anna") else "bram"
        found[each["id"]] = f"{owner} {each['source']['app_id']}"
    return found


def evidence_of(case: Path, name: str) -> str:
    with closing(sqlite3.connect(case / "case.db")) as db:
        sql = "SELECT sha256 FROM evidence WHERE path LIKE ?"
        return str(db.execute(sql, (f"%{name}",)).fetchone()[0])


def test_records_of_both_phones_stay_two_and_are_linked(case: Path) -> None:
    assert len(messages(case)) == 2 * len(SHARED) + len(ONLY_ANNA)
    (pair,) = compared(case)["devices"]
    assert pair["links"] == {"id": 6}
    called = names(case)
    by_name = {name: key for key, name in called.items()}
    shown = json.loads(done("show", case, by_name["anna B1"], "--json").stdout)
    (there,) = shown["on_both_devices"]
    assert (called[there["message"]], there["ground"]) == ("bram B1", "id")
    assert shown["differences"] == []
    text = done("show", case, by_name["bram B2"]).stdout
    assert f"on both devices: {by_name['anna B2']}" in text


def test_what_the_phones_say_otherwise_is_listed(case: Path) -> None:
    called = names(case)
    found = {
        (called[each["message"]] if each["other"] is None else called[each["message"]][-2:]): each
        for each in compared(case)["differences"]
    }
    assert {key: each["kind"] for key, each in found.items()} == {
        "B3": "deleted", "B4": "edited", "anna B6": "one side only",
    }  # fmt: skip
    texts = {each["field"]: {each["kept"], each["other"]} for each in found["B4"]["fields"]}
    assert texts == {"text": {"Om acht uur", "Om negen uur"}}
    states = {each["field"]: {each["kept"], each["other"]} for each in found["B3"]["fields"]}
    assert states["state"] == {"live", "deleted_for_everyone"}


def test_the_clocks_are_compared_with_the_number_of_messages(case: Path) -> None:
    (pair,) = compared(case)["devices"]
    with closing(sqlite3.connect(case / "case.db")) as db:
        (form,) = db.execute("SELECT form FROM account WHERE id = ?", (pair["one"],)).fetchone()
    sign = 1 if json.loads(form)["phone"] == f"+{ANNA}" else -1
    assert pair["offset_ms"] == sign * 120_000
    measures = {(each["what"], each["by"]): each for each in pair["clocks"]}
    anna, bram = ("one", "other") if sign == 1 else ("other", "one")
    assert measures["arrived", anna]["median_ms"] == 121_000
    assert measures["arrived", anna]["messages"] == 3
    assert measures["arrived", bram] == {
        "what": "arrived", "by": bram, "messages": 2, "median_ms": -119_000, "low_ms": -119_000,
        "high_ms": -119_000,
    }  # fmt: skip
    assert measures["sent", bram]["median_ms"] == sign * 120_000
    assert measures["sent", anna]["median_ms"] == 0
    assert measures["received", "third"]["median_ms"] == sign * 120_000


def test_any_order_of_the_phones_gives_the_same_bytes(
    case: Path, phones: tuple[Path, Path], tmp_path: Path
) -> None:
    for number, order in enumerate((phones, tuple(reversed(phones)))):
        together = new(tmp_path / f"together{number}")
        ingest(together, *order)
        assert export_bytes(together) == export_bytes(case)
        assert compared(together) == compared(case)
    apart = new(tmp_path / "apart")
    for each in reversed(phones):
        ingest(apart, each)
    assert export_bytes(apart) == export_bytes(case)
    assert compared(apart) == compared(case)


def test_a_case_of_two_phones_is_verified(case: Path, phones: tuple[Path, Path]) -> None:
    anna, bram = phones
    assert verified(case) == []
    assert verified(case, "--evidence", anna, "--evidence", bram) == []
    assert verified(case, "--evidence", bram) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM link",
        "UPDATE link SET ground = 'text'",
        "DELETE FROM difference WHERE kind = 'edited'",
        "UPDATE pair SET form = '{}'",
        "UPDATE said SET form = replace(form, 'Bram', 'Carla')",
    ],
)
def test_a_change_of_what_was_compared_is_found(case: Path, statement: str, tmp_path: Path) -> None:
    copy = tmp_path / "case"
    copy.mkdir()
    for name in ("case.db", "custody.jsonl"):
        (copy / name).write_bytes((case / name).read_bytes())
    with closing(sqlite3.connect(copy / "case.db", isolation_level=None)) as db:
        db.execute(statement)
    assert verified(copy, code=1)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_has_a_section_on_it(case: Path, language: str, tmp_path: Path) -> None:
    done("report", case, "-o", tmp_path / "d", "--format", "pdf,html", "--language", language)
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    words = {
        "nl": ("Berichten die meer dan eens zijn gezien", "alleen op één toestel"),
        "en": ("Messages seen more than once", "on one device only"),
    }  # fmt: skip
    for each in (*words[language], "Om negen uur", "120.000 s"):
        assert each in html
    assert (tmp_path / "d/data/report.pdf").stat().st_size > 10_000
