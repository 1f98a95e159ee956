"""The threats of the custody log, each carried out on a case: what verify says, and what it cannot say.

Court report reference, the table in 5.1. What shows with an anchor only is tested as that: the check without
one finds nothing and says in words that it cannot.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from custody_logs import STRANGER, resealed
from sporen_runs import change, done, ingest, log, new, refused, sporen, verified
from whatsapp_phones import Line, Phone

from forensics.keys import SigningKey, examiner_key

FRIEND = "31600000042"
LINES = [Line(key="A1", minute=0, sender=FRIEND, text="hallo", chat=f"{FRIEND}@s.whatsapp.net")]
# What the log says of the tables as they are.
STATED = "sealed"
Attack = Callable[[list[bytes]], list[bytes]]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Phone(number="31600000040").write(tmp_path_factory.mktemp("threats") / "phone", LINES)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> Path:
    made = new(tmp_path_factory.mktemp("made") / "case")
    ingest(made, evidence)
    done("search", made, "hallo")
    return made


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test."""
    return Path(shutil.copytree(made, tmp_path / "case"))


@pytest.fixture
def anchor(case: Path) -> str:
    """The head as the prosecutor has it on paper."""
    return done("anchor", case, "--to", "the prosecutor").stdout.strip()


def attacked(case: Path, attack: Attack) -> None:
    path = case / "custody.jsonl"
    path.write_bytes(b"".join(attack(path.read_bytes().splitlines(keepends=True))))


def searched(lines: list[bytes]) -> int:
    return next(place for place, line in enumerate(lines) if b'"action":"search"' in line)


def rewritten(lines: list[bytes], key: SigningKey, place: int | None = None, **changes: Any) -> list[bytes]:
    """The search entry, or that at ``place``, changed, and every entry from it on linked, hashed and signed
    again."""
    place = searched(lines) if place is None else place
    found = [*lines[:place], resealed(lines[place], key, **changes)]
    for line in lines[place + 1 :]:
        before = json.loads(found[-1])
        noted = {"object": {"seq": before["seq"], "hash": before["hash"]}} if b'"anchor"' in line else {}
        found.append(resealed(line, key, prev=before["hash"], **noted))
    return found


def follows(case: Path) -> None:
    """The attacker lets the database name the new end of the log."""
    last = log(case)[-1]
    head = json.dumps({"hash": last["hash"], "seq": last["seq"]}, sort_keys=True)
    change(case / "case.db", ("UPDATE setting SET value = ? WHERE name = 'head'", (head,)))


def edit(lines: list[bytes]) -> list[bytes]:
    place = searched(lines)
    return [*lines[:place], lines[place].replace(b"hallo", b"tabak"), *lines[place + 1 :]]


def remove(lines: list[bytes]) -> list[bytes]:
    return lines[:2] + lines[3:]


def insert(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], lines[searched(lines)], *lines[3:]]


def reorder(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def rehash_without_the_key(lines: list[bytes]) -> list[bytes]:
    """The hashes are right again and every signature is a stranger's under the examiner's name."""
    changed = rewritten(lines, STRANGER, object={"query": "tabak"})
    own = json.loads(lines[0])["key"].encode()
    return [line.replace(STRANGER.key_id.encode(), own) for line in changed]


def swap_key(lines: list[bytes]) -> list[bytes]:
    return rewritten(lines, STRANGER, object={"query": "tabak"})


SEEN: dict[str, tuple[Attack, str]] = {
    "an outsider edits a line": (edit, "edited"),
    "a line is removed": (remove, "removed"),
    "a line is put in": (insert, "inserted"),
    "two lines change places": (reorder, "reordered"),
    "someone without the key hashes everything again": (rehash_without_the_key, "edited"),
    "someone signs with a key of his own": (swap_key, "unknown-key"),
    "the last lines are cut off": (lambda lines: lines[:-2], "truncated"),
    "the log is lost": (lambda lines: [], "truncated"),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_shows_without_an_anchor(name: str, case: Path):
    attack, kind = SEEN[name]
    attacked(case, attack)
    found = verified(case, code=1)
    assert any(f"({kind})" in each for each in found), found


def cannot_see(case: Path, words: str) -> bool:
    """Whether verify finds nothing and says that it cannot see that."""
    document = json.loads(done("verify", case, "--json").stdout)
    return document["ok"] and any(
        "no anchor was given" in each and words in each for each in document["remarks"]
    )


def test_the_key_holder_rewrites_the_log_and_only_an_anchor_shows_it(case: Path, anchor: str):
    attacked(case, lambda lines: rewritten(lines, examiner_key(), object={"query": "tabak"}))
    follows(case)
    assert cannot_see(case, "whoever holds the key wrote all of it again")
    assert any("noted elsewhere" in each for each in verified(case, "--anchor", anchor, code=1))


def test_the_tail_is_cut_and_the_case_made_to_match_and_only_an_anchor_shows_it(case: Path, anchor: str):
    attacked(case, remove_tail)
    follows(case)
    assert cannot_see(case, "the last entries were cut off")
    assert any("noted elsewhere" in each for each in verified(case, "--anchor", anchor, code=1))


def remove_tail(lines: list[bytes]) -> list[bytes]:
    return lines[: searched(lines)]


def test_the_whole_case_is_replaced_and_only_an_anchor_shows_it(
    case: Path, anchor: str, tmp_path: Path, evidence: Path
):
    shutil.rmtree(case)
    ingest(new(case), evidence)
    done("flags", case)
    assert cannot_see(case, "the log was lost and begun again")
    assert any("noted elsewhere" in each for each in verified(case, "--anchor", anchor, code=1))


def test_a_clock_that_is_set_back_is_remarked_on_and_an_anchor_bounds_it(case: Path, anchor: str):
    attacked(case, lambda lines: rewritten(lines, examiner_key(), time="2001-01-01T00:00:00.000Z"))
    follows(case)
    remarks = json.loads(done("verify", case, "--json").stdout)["remarks"]
    assert any("the clock went back" in each for each in remarks)
    assert verified(case, "--anchor", anchor, code=1)


def test_a_clock_that_is_back_from_the_start_shows_against_an_anchor_only(case: Path, anchor: str):
    """Every entry is a day early, in order: nothing in the log goes back."""

    def early(lines: list[bytes]) -> list[bytes]:
        found: list[bytes] = []
        for line in lines:
            entry = json.loads(line)
            time = (datetime.fromisoformat(entry["time"]) - timedelta(days=1)).isoformat(
                timespec="milliseconds"
            )
            changes: dict[str, Any] = {"time": time.replace("+00:00", "Z")}
            if found:
                changes["prev"] = json.loads(found[-1])["hash"]
            if entry["action"] == "anchor":
                changes["object"] = {name: json.loads(found[-1])[name] for name in ("seq", "hash")}
            found.append(resealed(line, examiner_key(), **changes))
        return found

    attacked(case, early)
    follows(case)
    (changed,) = [each for each in log(case) if each["action"] == "hash.verify" and each["result"] == STATED][
        -1:
    ]
    change(
        case / "case.db",
        ("UPDATE setting SET value = ? WHERE name = 'changed_at'", (json.dumps(changed["time"]),)),
    )
    assert cannot_see(case, "the clock was set back from the start")
    assert any("noted elsewhere" in each for each in verified(case, "--anchor", anchor, code=1))


def test_until_a_stolen_key_is_revoked_what_it_signs_is_not_seen_and_earlier_anchors_stay_good(case: Path):
    before = done("anchor", case, "--to", "the prosecutor").stdout.strip()
    done("search", case, "dag")
    after = done("anchor", case, "--to", "the prosecutor").stdout.strip()
    place = max(n for n, line in enumerate(log(case)) if line["action"] == "search")

    attacked(case, lambda lines: rewritten(lines, examiner_key(), place, object={"query": "tabak"}))
    follows(case)
    assert cannot_see(case, "whoever holds the key wrote all of it again")
    assert verified(case, "--anchor", before) == [], "what stands before that anchor is as it was"
    assert any("noted elsewhere" in each for each in verified(case, "--anchor", after, code=1))


def test_a_stolen_key_is_revoked_and_what_it_signs_afterwards_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "home"))
    case = new(tmp_path / "case")
    stolen = examiner_key()
    done("key", case, "--rotate", "--reason", "stolen")
    done("flags", case)
    attacked(case, lambda lines: [*lines[:-1], resealed(lines[-1], stolen, result="nothing")])
    follows(case)
    assert any("(revoked-key)" in each for each in verified(case, code=1))


def test_evidence_that_was_swapped_after_its_first_hash_is_found(case: Path, tmp_path: Path):
    other = Phone(number="31600000040").write(
        tmp_path / "phone",
        [Line(key="A1", minute=0, sender=FRIEND, text="dag", chat=f"{FRIEND}@s.whatsapp.net")],
    )
    assert "not evidence of this case" in verified(case, "--evidence", other, code=1)[0]


def test_evidence_that_was_swapped_before_its_first_hash_shows_against_the_papers_only(
    tmp_path: Path, evidence: Path
):
    case = new(tmp_path / "case")
    papers = f"sha256:{'0' * 64}"
    assert sporen("ingest", case, evidence, "--expect", papers).exit_code == 3
    ingest(case, evidence)
    result = json.loads(done("verify", case, "--evidence", evidence, "--json").stdout)
    assert result["ok"], "nothing in the software can tell"
    assert any("swapped before it was first hashed" in each for each in result["remarks"]), "and it says so"


def test_evidence_that_was_compared_with_the_papers_needs_no_such_words(tmp_path: Path, evidence: Path):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    (entry,) = [each for each in log(case) if each["action"] == "evidence.add"]
    other = new(tmp_path / "other")
    ingest(other, evidence, "--expect", f"sha256:{entry['object']['sha256']}")
    remarks = json.loads(done("verify", other, "--json").stdout)["remarks"]
    assert not any("seizure papers" in each for each in remarks)


@pytest.mark.parametrize("place", [0.0, 0.2, 0.4, 0.6, 0.8, 0.999])
def test_a_bit_that_turned_in_the_log_is_found(case: Path, place: float):
    path = case / "custody.jsonl"
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1
    path.write_bytes(data)
    result = sporen("verify", case, "--json")
    assert result.exit_code in (1, 5), result.output


def test_a_bit_that_turned_in_the_case_is_found(case: Path):
    """In the text of a message, as it lies in the file."""
    path = case / "case.db"
    data = bytearray(path.read_bytes())
    places = [n for n in range(len(data)) if data.startswith(b"hallo", n)]
    assert places
    for each in places:
        turned = bytearray(data)
        turned[each] ^= 1
        path.write_bytes(turned)
        assert sporen("verify", case).exit_code in (1, 5)


def test_no_command_writes_on_behind_an_attack(case: Path):
    attacked(case, remove_tail)
    refused(5, "flags", case)
