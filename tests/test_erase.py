"""A destroyed case leaves its log and a certificate that can be checked, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from sporen_runs import done, done_in, everything, ingest, log, new, refused, snapshot, sporen, verified
from whatsapp_phones import Line, Phone

from forensics import custody, destruction

FRIEND = "31600000092"
LINES = [Line(key="A1", minute=0, sender=FRIEND, text="bewaar dit niet", chat=f"{FRIEND}@s.whatsapp.net")]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return Phone(number="31600000090", contacts={FRIEND: "Bo Vriend"}).write(tmp_path / "phone", LINES)


@pytest.fixture
def case(tmp_path: Path, evidence: Path) -> Path:
    made = new(tmp_path / "case", "--authority", "prosecutor:P-1:2026-03-01", "--retain-until", "2026-03-31")
    ingest(made, evidence)
    done("report", made, "-o", made / "delivery", "--format", "jsonl")
    done("export", made, "--format", "csv", "-o", tmp_path / "elsewhere.csv")
    return made


def erase(case: Path, *more: object) -> dict[str, object]:
    arguments = ("--reason", "decision P-9", "--confirm", "T-1", "--by", "C. Custodian", "--json")
    return dict(json.loads(done("erase", case, *arguments, *more).stdout))


def test_nothing_stays_but_the_log_and_the_certificate(case: Path, evidence: Path):
    before = snapshot(evidence)
    database = hashlib.sha256((case / "case.db").read_bytes()).hexdigest()
    found = erase(case)
    assert sorted(each.name for each in case.iterdir()) == [
        "certificate-of-destruction.json",
        "custody.jsonl",
    ]
    assert b"bewaar dit niet" not in everything(case)
    assert b"Vriend" not in everything(case)
    assert snapshot(evidence) == before
    destroyed = {each["path"]: each["sha256"] for each in found["destroyed"]}  # type: ignore[attr-defined]
    assert destroyed["case.db"] == database
    assert "delivery/data/messages.jsonl" in destroyed
    assert "custody.jsonl" not in destroyed
    assert (found["by"], found["reason"], found["retain_until"]) == (
        "C. Custodian",
        "decision P-9",
        "2026-03-31",
    )
    assert (found["case"], found["authority"]) == ("T-1", "P-1")
    assert any("Flash storage" in each for each in found["not_promised"])  # type: ignore[attr-defined]
    assert [Path(each["path"]).name for each in found["copies_known_elsewhere"]] == [
        "delivery",
        "elsewhere.csv",
    ]  # type: ignore[attr-defined]
    assert [each["sha256"] for each in found["evidence_not_touched"]]  # type: ignore[attr-defined]


def test_what_stays_is_checked(case: Path):
    erase(case)
    assert verified(case) == []
    assert log(case)[-1]["action"] == "case.close"
    assert log(case)[-1]["detail"]["entries"] == len(log(case))


@pytest.mark.parametrize("what", ["certificate", "log cut", "log edited", "a file"])
def test_a_change_of_what_stays_is_found(case: Path, what: str):
    erase(case)
    certificate, path = case / "certificate-of-destruction.json", case / "custody.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    if what == "certificate":
        certificate.write_text(certificate.read_text().replace("C. Custodian", "D. Custodian"))
    elif what == "log cut":
        path.write_bytes(b"".join(lines[:-1]))
    elif what == "log edited":
        path.write_bytes(b"".join([lines[0], lines[1].replace(b"T. Tester", b"X. Tester"), *lines[2:]]))
    else:
        (case / "left.txt").write_text("x")
    assert verified(case, code=1)


def test_without_the_number_of_the_case_nothing_is_destroyed(case: Path):
    before = ([each for each in snapshot(case) if each != "."], done_in(case))
    for wrong in ((), ("--confirm", "T-2")):
        assert "give --confirm with the number of the case" in refused(
            2, "erase", case, "--reason", "x", *wrong
        )
    assert "--reason is empty" in refused(2, "erase", case, "--reason", " ", "--confirm", "T-1")
    assert before == ([each for each in snapshot(case) if each != "."], done_in(case))


def test_a_destruction_that_was_broken_off_is_finished(case: Path, monkeypatch: pytest.MonkeyPatch):
    overwrite, count = destruction._overwrite, iter(range(1000))

    def killed(path: Path) -> None:
        if path.name == "case.db" or next(count) > 2:
            raise RuntimeError("killed")
        overwrite(path)

    monkeypatch.setattr(destruction, "_overwrite", killed)
    with pytest.raises(RuntimeError):
        sporen("erase", case, "--reason", "decision P-9", "--confirm", "T-1")
    monkeypatch.undo()
    found = erase(case)
    assert verified(case) == []
    assert found["reason"] == "decision P-9"
    destroyed = {each["path"] for each in found["destroyed"]}  # type: ignore[attr-defined]
    assert {"case.db", "delivery/data/messages.jsonl", "delivery/bagit.txt"} <= destroyed


@pytest.mark.parametrize("step", ["forensics.destruction.signed", "forensics.custody.append"])
def test_a_destruction_broken_off_at_its_certificate_is_finished(
    case: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    def killed(*arguments: object) -> None:
        raise RuntimeError("killed")

    append = custody.append

    def appended(path: Path, line: bytes) -> None:
        if b"case.close" in line:
            raise RuntimeError("killed")
        append(path, line)

    monkeypatch.setattr(step, appended if step.endswith("append") else killed)
    with pytest.raises(RuntimeError):
        sporen("erase", case, "--reason", "decision P-9", "--confirm", "T-1")
    monkeypatch.undo()
    erase(case)
    assert verified(case) == []
    assert [each["action"] for each in log(case)].count("case.close") == 1


def test_a_certificate_that_was_not_written_is_written_by_the_next(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    def killed(folder: Path, begun: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(destruction, "_certify", killed)
    with pytest.raises(RuntimeError):
        sporen("erase", case, "--reason", "decision P-9", "--confirm", "T-1")
    monkeypatch.undo()
    assert "number of the case" in refused(2, "erase", case, "--reason", "x", "--confirm", "T-2")
    destroyed = {each["path"] for each in erase(case)["destroyed"]}  # type: ignore[attr-defined]
    assert {"case.db", "delivery/data/messages.jsonl"} <= destroyed
    assert verified(case) == []


def test_evidence_in_the_folder_of_the_case_is_never_destroyed(case: Path, evidence: Path):
    inside = case / "phone"
    evidence.rename(inside)
    ingest(case, inside)
    moved = Phone(number="31600000091").write(case / "other", LINES)
    ingest(case, moved)
    assert "move it elsewhere first" in refused(2, "erase", case, "--reason", "x", "--confirm", "T-1")
    assert (moved / "data").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_out_of_the_case_is_not_followed(case: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "keep.txt").write_text("keep")
    (case / "link").symlink_to(tmp_path / "elsewhere")
    (case / "hard.txt").hardlink_to(tmp_path / "elsewhere" / "keep.txt")
    erase(case)
    assert (tmp_path / "elsewhere" / "keep.txt").read_text() == "keep"
    assert not (case / "link").exists()
