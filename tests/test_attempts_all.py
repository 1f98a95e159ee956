"""Every command, and every way in which it is refused: a line in the log of the case, or one that waits."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import whatsapp_backups
from review_pages import Page, hostile_case
from sporen_runs import done, ingest, log, new, refused, snapshot, sporen, verified
from test_attempts import LINES, SECRET, attempts
from whatsapp_phones import Phone

from forensics.cli.group import COMMANDS

# These need no case, and are about none.
WITHOUT_CASE = {"unseal", "classify", "recover", "redact"}


@dataclass(kw_only=True)
class Place:
    """A case, its evidence, and a folder that is not empty."""

    case: Path
    evidence: Path
    there: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a place, made once; in it a case that wants who and why, and a copy given away, too."""
    folder = tmp_path_factory.mktemp("made")
    ingest(new(folder / "case"), Phone(number="31600000040").write(folder / "phone", LINES))
    (folder / "there").mkdir()
    (folder / "there" / "something").write_text("x")
    (folder / "case.toml").write_text('[roles]\nenforced = true\nreviewer = ["R. Viewer"]\n')
    new(folder / "enforced", "--config", folder / "case.toml")
    new(folder / "second")
    shutil.copytree(folder / "case", folder / "given")
    done("handover", folder / "given", "--to", "X", "-o", folder / "copy")
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Place:
    """A copy of it, for one test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Place(case=tmp_path / "case", evidence=tmp_path / "phone", there=tmp_path / "there")


# One wrong use of each command that is about a case: C the case, T a folder that is not empty, N a new name.
WRONG = {
    "new": "new C --number 1 --examiner E",
    "authority": "authority C --add zeldzaamwoord",
    "ingest": "ingest C",
    "run": "run T -o C",
    "flags": "flags C --zeldzaamwoord",
    "differences": "differences C zeldzaamwoord",
    "decide": "decide C zeldzaamwoord confirmed --reason zeldzaamwoord",
    "review": "review C --port zeldzaamwoord",
    "search": "search C NEAR(",
    "show": "show C zeldzaamwoord",
    "report": "report C -o T",
    "verify": "verify C --anchor zeldzaamwoord",
    "export": "export C --format zeldzaamwoord -o N",
    "link": "link C N",
    "log": "log C --from zeldzaamwoord",
    "anchor": "anchor C",
    "handover": "handover C --to X -o T",
    "receive": "receive T -o C --by X",
    "key": "key C --revoke zeldzaamwoord --reason zeldzaamwoord",
    "privilege": "privilege C --seal-for zeldzaamwoord",
    "purge": "purge C --conversation zeldzaamwoord --reason zeldzaamwoord",
    "erase": "erase C --reason zeldzaamwoord",
    "prove": "prove C zeldzaamwoord -o N",
    "validate": "validate --case C --zeldzaamwoord",
}


def typed(line: str, place: Place) -> list[object]:
    names: dict[str, object] = {
        "C": place.case,
        "T": place.there,
        "N": place.there.parent / "new",
        "E": place.evidence,
    }
    return [names.get(each, each) for each in line.split()]


def test_the_table_has_every_command():
    assert set(WRONG) == set(COMMANDS) - WITHOUT_CASE


@pytest.mark.parametrize("command", WRONG)
def test_a_wrong_use_of_each_command_is_on_record_once(place: Place, command: str):
    result = sporen(*typed(WRONG[command], place))
    assert result.exit_code in (2, 5), result.output
    assert [(each[0], each[2]) for each in attempts(place.case)] == [(command, result.exit_code)]
    assert SECRET.encode() not in (place.case / "custody.jsonl").read_bytes()
    assert verified(place.case) == []


@pytest.mark.parametrize(("line", "command"), [
    ("flags --zeldzaamwoord=1 C", "flags"),
    ("--zeldzaamwoord flags C", "flags"),
    ("zeldzaamwoord C", "unknown"),
    ("export C --format jsonl --zeldzaamwoord -o N", "export"),
    ("link C --zeldzaamwoord", "link"),
    ("--role zeldzaamwoord show C m0", "show"),
])  # fmt: skip
def test_what_no_command_understands_is_on_record_where_it_names_a_case(
    place: Place, line: str, command: str
):
    assert sporen(*typed(line, place)).exit_code == 2
    assert attempts(place.case) == [(command, "refused: WrongUse", 2)]
    assert SECRET.encode() not in (place.case / "custody.jsonl").read_bytes()


# Commands that read or change a case, each as it would be right.
RIGHT = {
    "authority": "authority C",
    "ingest": "ingest C E",
    "flags": "flags C",
    "differences": "differences C",
    "decide": "decide C f0 confirmed --reason x",
    "review": "review C --no-browser",
    "search": "search C hallo",
    "show": "show C m0",
    "report": "report C -o N",
    "verify": "verify C",
    "export": "export C --format jsonl -o N",
    "link": "link C D",
    "log": "log C",
    "anchor": "anchor C --to X",
    "handover": "handover C --to X -o N",
    "key": "key C",
    "privilege": "privilege C",
    "purge": "purge C --conversation c0 --reason x",
    "erase": "erase C --reason x --confirm T-1",
    "prove": "prove C m0 -o N",
    "validate": "validate --case C",
}


def test_the_table_of_right_uses_has_every_command_on_an_existing_case():
    assert set(RIGHT) == set(WRONG) - {"new", "run", "receive"}


@contextmanager
def in_use(case: Path) -> Iterator[None]:
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.parametrize("command", RIGHT)
def test_each_command_on_a_case_in_use_waits_to_be_logged(place: Place, command: str):
    """Exit code 5."""
    with in_use(place.case):
        refused(5, *typed(RIGHT[command], place))
    assert attempts(place.case) == []
    assert len(list(place.case.glob("attempts*"))) == 1
    done("authority", place.case)
    assert attempts(place.case) == [(command, "refused: CaseLocked", 5)]


@pytest.mark.parametrize("command", RIGHT)
def test_each_command_without_who_and_why_is_on_record_where_the_case_wants_them(place: Place, command: str):
    """Exit code 6."""
    case = place.case.parent / "enforced"
    place = Place(case=case, evidence=place.there, there=place.there)
    result = sporen(*typed(RIGHT[command], place))
    assert result.exit_code == 6, result.output
    assert attempts(case) == [(command, "refused: Refused", 6)]


@pytest.mark.parametrize("command", ["report", "export", "handover"])
def test_what_this_machine_cannot_write_is_on_record(
    place: Place, command: str, monkeypatch: pytest.MonkeyPatch
):
    """Exit code 7: the target lies in a folder that is a file."""
    place = Place(case=place.case, evidence=place.evidence, there=place.there / "something" / "below")
    result = sporen(*typed(RIGHT[command], place))
    assert result.exit_code == 7, result.output
    assert [(each[0], each[2]) for each in attempts(place.case)] == [(command, 7)]


def crypt15(folder: Path) -> Path:
    """A backup that only its key opens."""
    path = folder / "msgstore.db.crypt15"
    path.write_bytes(whatsapp_backups.crypt15(b"SQLite format 3\0" + bytes(4080)))
    return path


def other_key(folder: Path) -> Path:
    path = folder / "other.txt"
    path.write_text("ab" * 32)
    return path


Makes = Callable[[Path], list[object]]
REFUSED: dict[str, tuple[int, Makes, str]] = {
    "missing": (3, lambda folder: [folder / "gone"], "no such file or folder"),
    "no known kind": (3, lambda folder: [folder / "there"], "nothing here is of a kind that a parser knows"),
    "not the expected": (
        3,
        lambda folder: [folder / "phone", "--expect", f"sha256:{'0' * 64}"],
        "expected was",
    ),
    "no key": (4, lambda folder: [crypt15(folder)], "no key for it is at hand"),
    "a wrong key": (
        4,
        lambda folder: [crypt15(folder), "--key", other_key(folder)],
        "wrong key or changed file",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_evidence_is_in_an_entry_of_its_own(tmp_path: Path, place: Place, what: str):
    """Exit codes 3 and 4 of ``ingest``: which file, why, and which keys were tried on it."""
    code, makes, words = REFUSED[what]
    before = len(log(place.case))
    arguments = makes(tmp_path)
    ingest(place.case, *arguments, code=code)
    entries = log(place.case)[before:]
    (entry,) = [each for each in entries if each["action"] == "evidence.add"]
    assert entry["result"].startswith("failed: ")
    assert words in entry["result"]
    assert entry["object"]["path"] == str(arguments[0])
    assert [each["action"] for each in entries].count("attempt") == 0, "once, and not twice"
    if what == "a wrong key":
        tried = [each for each in entries if each["action"] == "decrypt"]
        digest = hashlib.sha256(b"ab" * 32).hexdigest()
        assert digest in {each["detail"].get("key_sha256") for each in tried}


def test_evidence_that_verify_could_not_compare_is_in_its_entry(tmp_path: Path, place: Place):
    gone = tmp_path / "gone"
    assert sporen("verify", place.case, "--evidence", gone).exit_code == 3
    entry = log(place.case)[-1]
    assert (entry["action"], entry["detail"]["exit_code"]) == ("hash.verify", 3)
    assert [each["where"] for each in entry["detail"]["not_read"]] == [str(gone)]


def test_evidence_of_no_case_is_a_difference_in_the_entry_of_verify(tmp_path: Path, place: Place):
    assert sporen("verify", place.case, "--evidence", crypt15(tmp_path)).exit_code == 1
    entry = log(place.case)[-1]
    assert (entry["action"], entry["result"]) == ("hash.verify", "1 differences")
    assert "not_read" not in entry["detail"]


def test_a_difference_that_an_anchor_shows_is_in_the_entry_of_the_verification(place: Place):
    """Exit code 1."""
    assert sporen("verify", place.case, "--anchor", f"999:{'0' * 64}").exit_code == 1
    assert log(place.case)[-1]["result"] == "1 differences"


# --- The review page ------------------------------------------------------------------------------------


def test_what_the_review_page_refuses_is_on_record_each_way_once(place: Place):
    page = Page(place.case)
    for _ in range(3):
        assert page.get("/").status_code == 403
        assert page.get("/enter?token=wrong").status_code == 403
        assert page.get("/", host="evil.example:5000").status_code == 403
    assert attempts(place.case) == [("review", "refused: Refused", 6)] * 3


def test_a_decision_that_the_review_page_refuses_is_on_record_with_who_tried(tmp_path: Path):
    case = hostile_case(tmp_path)
    page = Page(case).enter()
    (flag, *_) = page.flags()
    answer = page.post(f"/flags/{flag}/decision", {"decision": SECRET, "reason": SECRET})
    assert answer.status_code == 400
    assert attempts(case) == [("review", "refused: WrongUse", 2)]
    assert log(case)[-1]["actor"].startswith("T. Tester (")
    assert SECRET.encode() not in (case / "custody.jsonl").read_bytes()


# --- A copy that was handed over is only read -----------------------------------------------------------


@pytest.mark.parametrize("command", sorted(set(RIGHT) - {"verify"}))
def test_a_command_on_a_handed_over_copy_is_refused_and_changes_nothing(place: Place, command: str):
    copy = Place(case=place.case.parent / "copy", evidence=place.evidence, there=place.there)
    before = snapshot(copy.case)
    result = sporen(*typed(RIGHT[command], copy))
    assert (result.exit_code, "`sporen receive` takes it" in result.output) == (2, True), result.output
    assert snapshot(copy.case) == before
    assert verified(copy.case) == []
