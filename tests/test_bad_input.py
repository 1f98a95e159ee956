"""Evidence that is missing, empty, of no kind, cut off, damaged or changed: the code and one sentence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import (
    MSGSTORE,
    balance,
    change,
    done,
    export_bytes,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    phone,
    refused,
    snapshot,
    sporen,
    texts,
    verified,
)

from parsers.whatsapp_android import WhatsAppAndroid

PAGE = 4096


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The database of a phone."""
    return (phone(tmp_path_factory.mktemp("phone")) / MSGSTORE).read_bytes()


@pytest.fixture(scope="module")
def all_texts(whole: bytes, tmp_path_factory: pytest.TempPathFactory) -> set[str | None]:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "msgstore.db").write_bytes(whole)
    case = new(folder / "case")
    ingest(case, folder / "msgstore.db")
    return set(texts(case))


# --- Nothing to read ----------------------------------------------------------------------------------------


def test_a_missing_path_is_3_and_named(case: Path, tmp_path: Path):
    found = ingest(case, tmp_path / "nowhere", code=3)
    assert "nowhere: no such file or folder" in found["problems"][0]["text"]
    assert found["evidence"] == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 8192,
        b"hello",
        b"SQLite format 3\0",
        b"SQLite format 3\0" + bytes(84),
        b"PK\x03\x04" + bytes(40),
    ],
    ids=["empty", "zeros", "text", "magic-only", "header-of-zeros", "half-a-zip"],
)
def test_a_file_that_is_no_database_is_3_and_named(case: Path, tmp_path: Path, data: bytes):
    file = tmp_path / "msgstore.db"
    file.write_bytes(data)
    found = ingest(case, file, code=3)
    assert "msgstore.db" in found["problems"][0]["text"]
    assert exported(case) == []


def test_a_database_of_no_known_kind_is_3(case: Path, tmp_path: Path):
    change(tmp_path / "other.db", "CREATE TABLE other (n)", "INSERT INTO other VALUES (1)")
    found = ingest(case, tmp_path / "other.db", code=3)
    assert "other.db: nothing here is of a kind that a parser knows" in found["problems"][0]["text"]


def test_a_database_without_tables_is_3(case: Path, tmp_path: Path):
    change(tmp_path / "empty.db", "VACUUM")
    change(tmp_path / "empty.db", "PRAGMA user_version=1")
    ingest(case, tmp_path / "empty.db", code=3)


def test_an_empty_folder_is_3(case: Path, tmp_path: Path):
    (tmp_path / "phone").mkdir()
    ingest(case, tmp_path / "phone", code=3)


def test_a_phone_without_messages_is_read_and_empty(case: Path, tmp_path: Path):
    found = ingest(case, phone(tmp_path / "phone", "empty"))
    balance(found)
    assert of(exported(case), "message") == []


def test_what_is_no_file_and_no_folder_is_3(case: Path):
    found = ingest(case, "/dev/null", code=3)
    assert "neither a file nor a folder" in found["problems"][0]["text"]


def test_of_several_items_the_good_ones_are_read(case: Path, tmp_path: Path):
    (tmp_path / "bad.db").write_bytes(b"no database")
    found = ingest(case, tmp_path / "gone", phone(tmp_path / "phone"), tmp_path / "bad.db", code=3)
    assert found["messages"] == 49
    assert len(found["problems"]) == 2
    failed = [each for each in log(case) if each["result"].startswith("failed")]
    assert [Path(each["object"]["path"]).name for each in failed] == ["gone", "bad.db"]


# --- Damage -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.full)])
def test_a_database_cut_off_at_any_page_is_3_and_gives_what_is_left(
    step: int, whole: bytes, all_texts: set[str | None], tmp_path: Path
):
    file = tmp_path / "msgstore.db"
    found: dict[str, Any] = {}
    for number, pages in enumerate(range(1, len(whole) // PAGE, step)):
        case = new(tmp_path / f"case-{number}")  # in one case they would be copies of one database
        file.write_bytes(whole[: pages * PAGE + (100 if number % 2 else 0)])
        found = ingest(case, file, code=3)
        balance(found)
        assert any("msgstore.db" in each["text"] for each in found["problems"])
        assert len(texts(case)) == found["messages"]
        assert set(texts(case)) <= all_texts
        assert verified(case) == []
    assert 40 < found["messages"] <= 49


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.full)])
def test_one_corrupt_page_in_the_middle_costs_what_was_on_it(
    step: int, whole: bytes, all_texts: set[str | None], tmp_path: Path
):
    """Pages are overwritten in turn; what is lost is told."""
    file = tmp_path / "msgstore.db"
    counts = []
    for page in range(2, len(whole) // PAGE, step):
        case = new(tmp_path / f"case-{page}")  # in one case they would be copies of one database
        file.write_bytes(whole[: page * PAGE] + b"\xa5" * PAGE + whole[(page + 1) * PAGE :])
        result = sporen("ingest", case, file, "--json")
        assert result.exit_code in (0, 3), result.output
        counts.append(json.loads(result.stdout)["messages"])
        if counts[-1] < 49:
            assert result.exit_code == 3
            assert "msgstore.db" in result.stderr
        assert set(texts(case)) <= all_texts
    assert min(counts) < max(counts) == 49


def test_what_is_damaged_stands_in_the_notices_and_in_verify(whole: bytes, case: Path, tmp_path: Path):
    file = tmp_path / "msgstore.db"
    file.write_bytes(whole[: len(whole) // 2])
    ingest(case, file, code=3)
    notices = of(exported(case), "notice")
    assert [each for each in notices if each["severity"] == "damage"]
    assert verified(case, "--evidence", file) == []


def test_the_same_damaged_evidence_is_3_again_and_changes_nothing(whole: bytes, case: Path, tmp_path: Path):
    file = tmp_path / "msgstore.db"
    file.write_bytes(whole[: len(whole) // 2])
    ingest(case, file, code=3)
    before = export_bytes(case)
    found = ingest(case, file, code=3)
    assert found["known"] == [str(file)]
    assert export_bytes(case) == before


# --- Expected, changed, the same again ----------------------------------------------------------------------


def test_the_expected_digest_is_logged(case: Path, tmp_path: Path, whole: bytes):
    file = tmp_path / "msgstore.db"
    file.write_bytes(whole)
    digest = hashlib.sha256(whole).hexdigest()
    ingest(case, file, "--expect", f"sha256:{digest.upper()}")
    assert [each for each in log(case) if each["action"] == "hash.verify" and each["result"] == "as expected"]


def test_another_digest_than_the_expected_one_is_3_and_nothing_is_read(case: Path, tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    found = ingest(case, evidence, "--expect", "sha256:" + "0" * 64, code=3)
    assert "its SHA-256 is" in found["problems"][0]["text"]
    assert exported(case) == []


def test_an_expected_digest_that_none_of_several_items_has_is_3(case: Path, tmp_path: Path):
    first, second = phone(tmp_path / "first"), phone(tmp_path / "second", "modern_group")
    ingest(case, first, second, "--expect", "sha256:" + "0" * 64, code=3)
    assert exported(case) == []


def test_one_expected_digest_of_several_items_is_enough(case: Path, tmp_path: Path):
    first, second = phone(tmp_path / "first"), phone(tmp_path / "second", "modern_group")
    lines = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(first).as_posix()}\n"
        for path in first.rglob("*")
        if path.is_file()
    )
    lines = "".join(sorted(lines.splitlines(keepends=True)))
    ingest(case, first, second, "--expect", f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}")


def test_an_expectation_that_is_no_digest_is_2(case: Path, tmp_path: Path):
    result = sporen("ingest", case, phone(tmp_path / "phone"), "--expect", "md5:00")
    assert result.exit_code == 2
    assert "64 hexadecimal digits" in result.stderr


def test_evidence_that_changes_while_it_is_read_is_3_and_named(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    evidence = phone(tmp_path / "phone")
    read = WhatsAppAndroid.read_rows

    def changing(self: WhatsAppAndroid, installation: object) -> Iterator[object]:
        yield from read(self, installation)
        (evidence / "note.txt").write_text("written by another")

    monkeypatch.setattr(WhatsAppAndroid, "read_rows", changing)
    found = ingest(case, evidence, code=3)
    assert "changed while it was read" in found["problems"][-1]["text"]
    assert found["messages"] == 49


def test_evidence_that_disappears_while_it_is_read_is_3_and_what_was_read_is_kept(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bytes
):
    file = tmp_path / "msgstore.db"
    file.write_bytes(whole)
    read = WhatsAppAndroid.read_rows

    def vanishing(self: WhatsAppAndroid, installation: object) -> Iterator[object]:
        yield from read(self, installation)
        file.unlink()

    monkeypatch.setattr(WhatsAppAndroid, "read_rows", vanishing)
    found = ingest(case, file, code=3)
    assert found["messages"] == 49
    assert verified(case) == []


def test_the_same_evidence_twice_changes_nothing(case: Path, tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    ingest(case, evidence)
    before, changing = export_bytes(case), _changing(case)
    found = ingest(case, evidence)
    assert found["known"] == [str(evidence)]
    assert (export_bytes(case), _changing(case)) == (before, changing)
    assert verified(case, "--evidence", evidence) == []


def _changing(case: Path) -> list[str]:
    """The entries of the log that changed the case: of those only the last is followed by a seal."""
    changes = {"case.open", "authority.set", "evidence.add", "parse.end", "flag.run", "flag.review", "erase"}
    return [
        each["hash"] for each in log(case) if each["action"] in changes and each["result"] != "already known"
    ]


def test_the_same_evidence_under_another_name_is_known(case: Path, tmp_path: Path):
    ingest(case, phone(tmp_path / "phone"))
    assert ingest(case, phone(tmp_path / "copy"))["messages"] == 0
    assert len(messages(case)) == 49


def test_the_same_evidence_twice_on_one_command_is_read_once(case: Path, tmp_path: Path):
    first, second = phone(tmp_path / "phone"), phone(tmp_path / "copy")
    found = ingest(case, first, second)
    assert found["known"] == [str(second)]
    assert len(messages(case)) == 49


def test_nothing_is_written_to_or_beside_the_evidence(case: Path, tmp_path: Path):
    evidence = phone(tmp_path / "all" / "phone", "wal")
    before = snapshot(tmp_path / "all")
    ingest(case, evidence)
    message = messages(case)[0]["id"]
    done("show", case, message)
    done("verify", case, "--evidence", evidence)
    assert snapshot(tmp_path / "all") == before


# --- Wrong use ----------------------------------------------------------------------------------------------


def test_a_case_that_is_none_is_2(tmp_path: Path):
    assert "no case here" in refused(2, "ingest", tmp_path / "nothing", tmp_path)
    (tmp_path / "file").write_text("x")
    assert "no case here" in refused(2, "flags", tmp_path / "file")


def test_a_case_that_exists_is_2(case: Path):
    assert "already exists" in refused(2, "new", case, "--number", "1", "--examiner", "E")


def test_a_folder_with_something_in_it_is_no_place_for_a_case(tmp_path: Path):
    (tmp_path / "note.txt").write_text("mine")
    assert "already exists" in refused(2, "new", tmp_path, "--number", "1", "--examiner", "E")


@pytest.mark.parametrize(
    "options",
    [
        ("--authority", "prosecutor"),
        ("--authority", "prosecutor:REF"),
        ("--authority", "king:REF:2026-01-01"),
        ("--authority", "prosecutor:REF:2026-13-01"),
        ("--from", "yesterday"),
        ("--until", "2026-02-30"),
        ("--from", "2026-02-02", "--until", "2026-02-01"),
        ("--timezone", "Europe/Nowhere"),
        ("--privileged", "/nowhere/list.txt"),
        ("--config", "/nowhere/case.toml"),
    ],
    ids=" ".join,
)
def test_a_bad_option_of_new_is_2_and_makes_nothing(tmp_path: Path, options: tuple[str, ...]):
    refused(2, "new", tmp_path / "case", "--number", "1", "--examiner", "E", *options)
    assert not (tmp_path / "case").exists()


def test_an_authority_is_split_at_the_first_and_the_last_colon(tmp_path: Path):
    case = new(tmp_path / "case", "--authority", "consent:A:B:C:2026-01-02")
    assert log(case)[0]["authority"] == "A:B:C"


@pytest.mark.parametrize(
    "text",
    [
        "[case",
        "[cases]\nnumber = '1'",
        "case = 1",
        "[scope]\napps = 'whatsapp'",
        "[[authority]]\nkind = 'king'",
        "authority = 'x'",
        "[scope]\nfrom = 5",
        "[case]\nlanguage = 'de'",
        "[case]\ntimezone = 1",
    ],
)
def test_a_bad_case_toml_is_2(tmp_path: Path, text: str):
    (tmp_path / "case.toml").write_text(text)
    refused(
        2, "new", tmp_path / "case", "--number", "1", "--examiner", "E", "--config", tmp_path / "case.toml"
    )


def test_a_case_toml_that_is_no_text_is_2(tmp_path: Path):
    (tmp_path / "case.toml").write_bytes(b"\xff\xfe")
    refused(
        2, "new", tmp_path / "case", "--number", "1", "--examiner", "E", "--config", tmp_path / "case.toml"
    )


def test_a_case_is_not_made_or_filled_inside_the_evidence(tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    case = new(evidence / "case")
    assert "inside the evidence" in refused(2, "ingest", case, evidence)


def test_run_does_not_make_its_case_inside_the_evidence(tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    before = snapshot(evidence)
    assert "inside the evidence" in refused(2, "run", evidence, "-o", evidence / "case")
    assert snapshot(evidence) == before


@pytest.mark.parametrize("name", ["case.db", "custody.jsonl"])
def test_an_export_does_not_overwrite_the_case(case: Path, name: str):
    before = (case / name).read_bytes()
    refused(2, "export", case, "--format", "jsonl", "-o", case / name)
    assert (case / name).read_bytes()[:24] == before[:24], "what follows in case.db counts its changes"
    assert verified(case) == []


def test_an_export_does_not_overwrite_the_evidence(case: Path, tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    ingest(case, evidence)
    before = snapshot(evidence)
    refused(2, "export", case, "--format", "jsonl", "-o", evidence / MSGSTORE)
    refused(2, "export", case, "--format", "csv", "-o", evidence / "new.csv")
    refused(2, "report", case, "-o", evidence / "delivery")
    assert snapshot(evidence) == before


def test_an_unknown_command_or_option_is_2(case: Path):
    assert refused(2, "nonsense").endswith("; see `sporen --help`")
    assert "EVIDENCE" in refused(2, "ingest", case)
    assert "--nonsense" in refused(2, "flags", case, "--nonsense")
    assert "see `sporen export --help`" in refused(2, "export", case, "--format", "nonsense", "-o", "x")


def test_an_unknown_id_is_2(case: Path):
    for key in ("m0", "mxyz", "m" + "0" * 24, "", "x" * 25):
        assert "no message of that id" in refused(2, "show", case, key)
    assert "no such flag" in refused(2, "decide", case, "f" + "0" * 24, "confirmed", "--reason", "because")
