"""A contacts database as an item of its own: beside its messages, before them, after them, without them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sporen_runs import balance, change, done, exported, ingest, messages, new, of, sporen, verified
from whatsapp_phones import GROUP, MSGSTORE, WA, Line, Phone

ANNA, BRAM, CARLA = "31600000401", "31600000402", "31600000403"
PHONE = Phone(number=ANNA, contacts={BRAM: "Bram", CARLA: "Carla"})
LINES = [
    Line(key="E1", minute=0, sender=BRAM, text="Hoi", chat=f"{BRAM}@s.whatsapp.net"),
    Line(key="E2", minute=1, sender=CARLA, text="Dag", chat=GROUP),
    Line(key="E3", minute=2, sender=BRAM, text=None, chat=GROUP, kind=7),
]


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, Path]:
    """``msgstore.db`` and ``wa.db`` of one phone. An event names Carla."""
    folder = PHONE.write(tmp_path / "phone", LINES)
    change(
        folder / MSGSTORE,
        "INSERT INTO message_system (message_row_id, action_type) SELECT _id, 12 FROM message"
        " WHERE key_id = 'E3'",
        "INSERT INTO message_system_chat_participant (message_row_id, user_jid_row_id) SELECT m._id, j._id"
        f" FROM message AS m, jid AS j WHERE m.key_id = 'E3' AND j.user = '{CARLA}'",
    )
    return folder / MSGSTORE, folder / WA


def names(case: Path) -> dict[str, list[tuple[str, str]]]:
    return {
        each["phone"]: [(name["name"], name["source"]) for name in each["names"]]
        for each in of(exported(case), "participant")
    }


def test_verify_without_the_item_that_lent_names_says_so(parts: tuple[Path, Path], tmp_path: Path) -> None:
    msgstore, wa = parts
    case = new(tmp_path / "case")
    ingest(case, wa, msgstore)
    (event,) = (each for each in messages(case) if each["kind"] == "system")
    assert "Carla" in event["system"]["detail"]
    assert verified(case, "--evidence", msgstore, "--evidence", wa) == []
    result = sporen("verify", case, "--evidence", msgstore, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["ok"], report["problems"]) == (True, [])
    assert any(f"was read together with {wa}, which was not given" in each for each in report["remarks"])
    assert verified(case, "--evidence", wa) == []


def test_a_forged_text_is_found_without_the_item_that_lent_names(
    parts: tuple[Path, Path], tmp_path: Path
) -> None:
    msgstore, wa = parts
    case = new(tmp_path / "case")
    ingest(case, wa, msgstore)
    change(case / "case.db", "UPDATE message SET text = 'forged', sha256 = zeroblob(32) WHERE text = 'Hoi'")
    found = verified(case, "--evidence", msgstore, code=1)
    assert any("is not what the evidence says" in each for each in found)


@pytest.mark.parametrize("first", [0, 1], ids=["messages first", "contacts first"])
def test_names_from_a_contacts_database_of_another_command(
    parts: tuple[Path, Path], tmp_path: Path, first: int
) -> None:
    case = new(tmp_path / "case")
    order = parts if first == 0 else tuple(reversed(parts))
    documents = {path.name: ingest(case, path) for path in order}
    balance(documents["wa.db"])
    (file,) = documents["wa.db"]["evidence"]
    assert file["tables"] == {
        "wa_contacts": {"rows": 2, "messages": 0, "skipped": {"contact": 2}, "failed": 0}
    }
    found = names(case)
    assert [name for name, _ in found[f"+{BRAM}"]] == ["Bram"]
    assert found[f"+{CARLA}"][0][1].startswith("address book, wa.db (")
    (notice,) = (each for each in of(exported(case), "notice") if "0 messages" in each["text"])
    assert "its 2 names are given to the people of that app" in notice["text"]
    assert verified(case) == []
    assert verified(case, *(part for path in parts for part in ("--evidence", path))) == []
    assert verified(case, "--evidence", parts[0]) == []
    change(case / "case.db", "UPDATE contact SET name = 'Anders'")
    assert verified(case, code=1)


def test_whose_address_book_it_is_cannot_be_told_of_two_accounts(
    parts: tuple[Path, Path], tmp_path: Path
) -> None:
    msgstore, wa = parts
    other = Phone(number=BRAM).write(
        tmp_path / "other",
        [Line(key="F1", minute=5, sender=CARLA, text="Anders", chat=f"{CARLA}@s.whatsapp.net")],
    )
    case = new(tmp_path / "case")
    for each in (wa, msgstore):
        ingest(case, each)
    assert names(case)[f"+{CARLA}"]
    ingest(case, other)
    assert not any(
        source.startswith("address book, wa.db") for each in names(case).values() for _, source in each
    )
    (notice,) = (each for each in of(exported(case), "notice") if "cannot be told" in each["text"])
    assert notice["severity"] == "names"
    assert verified(case) == []
    done("report", case, "-o", tmp_path / "delivery", "--format", "html")
