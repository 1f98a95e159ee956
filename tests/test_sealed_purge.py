"""A purge takes the sealed parts of its conversation along, and those of no other, without opening any."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import test_sealed_files
import test_sealing
from sporen_runs import done, everything, exported, ingest, log, new, of, refused, texts, verified
from test_sealed_files import PLAIN, case_for, unsealed
from test_sealing import AT_LAWYER, FRIEND, LAWYER, PRIVILEGED
from whatsapp_phones import GROUP, Line, Phone

key, evidence, talk = test_sealing.key, test_sealed_files.evidence, test_sealing.evidence


@pytest.fixture
def case(tmp_path: Path, key: Path, talk: Path) -> Path:
    made = case_for(tmp_path, key)
    ingest(made, talk)
    return made


def parts(case: Path) -> list[bytes]:
    """What is sealed, as it lies in the case."""
    with closing(sqlite3.connect(case / "case.db")) as database:
        return [content for (content,) in database.execute("SELECT content FROM sealed ORDER BY n")]


def sealed_ids(case: Path, key: Path, folder: Path) -> dict[str, str]:
    """The sealed conversations by handle: what the magistrate can name."""
    records, _files = unsealed(case, key, folder)
    return {str(each["handle"]): str(each["id"]) for each in of(records, "conversation")}


def purge(case: Path, conversation: str) -> dict[str, int]:
    result = done("purge", case, "--conversation", conversation, "--reason", "decision RC-9", "--json")
    return dict(json.loads(result.stdout)["counts"])


def left(case: Path, key: Path, folder: Path) -> list[object]:
    """The texts that the magistrate reads still."""
    return [each["text"] for each in of(unsealed(case, key, folder)[0], "message")]


def test_of_a_group_in_the_case_the_sealed_messages_go_too(case: Path, key: Path, talk: Path, tmp_path: Path):
    """The group is in the case for its other messages, and sealed for those of the lawyer."""
    before = parts(case)
    (group,) = (each["id"] for each in of(exported(case), "conversation") if each["handle"] == GROUP)
    counts = purge(case, group)
    assert (counts["sealed parts"], counts["sealed records"], counts["messages"]) == (2, 1, 1)
    after, found = parts(case), everything(case)
    assert len(before) - len(after) == 2
    for part in before:
        is_there = part in found
        assert is_there == (part in after), "no byte of what went is left in a free page or a copy"
    assert left(case, key, tmp_path / "out") == list(PRIVILEGED[:2])
    assert verified(case, "--evidence", talk) == []


def test_a_conversation_that_is_sealed_only_is_purged_by_the_id_that_the_magistrate_reads(
    case: Path, key: Path, talk: Path, tmp_path: Path
):
    wanted = sealed_ids(case, key, tmp_path / "out")[AT_LAWYER]
    before = parts(case)
    counts = purge(case, wanted)
    assert counts == {"sealed parts": 2, "sealed records": 2}
    assert not [part for part in before if part not in parts(case) and part in everything(case)]
    assert left(case, key, tmp_path / "again") == [PRIVILEGED[2]]
    assert sorted(filter(None, texts(case))) == ["dag allemaal", "hallo"], "what is no part of it stays"
    assert verified(case, "--evidence", talk) == []
    assert "no such conversation" in refused(2, "purge", case, "--conversation", wanted, "--reason", "x")


def test_the_tombstone_has_how_much_and_the_containers_that_were_given(case: Path, key: Path, tmp_path: Path):
    wanted = sealed_ids(case, key, tmp_path / "out")[AT_LAWYER]
    result = done("purge", case, "--conversation", wanted, "--reason", "decision RC-9")
    assert "Whoever was given a sealed container has these parts still" in result.stderr
    (entry,) = [each for each in log(case) if each["action"] == "purge"]
    assert entry["detail"]["removed"]["sealed records"] == 2
    assert [Path(each["path"]).name for each in entry["detail"]["copies"]] == ["sealed.zip"]
    for word in (wanted, LAWYER, "vertrouwelijk"):
        assert word not in json.dumps(entry)


def test_its_files_go_with_it_and_the_same_file_in_another_conversation_stays(
    evidence: Path, key: Path, tmp_path: Path
):
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    wanted = sealed_ids(case, key, tmp_path / "out")[AT_LAWYER]
    counts = purge(case, wanted)
    assert (counts["sealed files"], counts["sealed records"]) == (2, 3)
    _records, files = unsealed(case, key, tmp_path / "again")
    assert list(files.values()) == [PLAIN], "that of the group"
    assert verified(case, "--evidence", evidence) == []


def test_what_was_purged_is_not_sealed_again(case: Path, key: Path, talk: Path, tmp_path: Path):
    """Another key makes the item be read anew, and everything of it be sealed anew."""
    purge(case, sealed_ids(case, key, tmp_path / "out")[AT_LAWYER])
    public = done("unseal", "--new-key", tmp_path / "third.txt").stdout.strip()
    own = key.with_suffix(".pub").read_text().strip()
    done("privilege", case, "--seal-for", public, "--seal-for", own)
    assert ingest(case, talk)["known"] == []
    assert left(case, key, tmp_path / "again") == [PRIVILEGED[2]]


def test_the_same_conversation_on_another_phone_goes_too(case: Path, key: Path, tmp_path: Path):
    """The lawyer's own phone has the same talk with other ids; so has a later copy of the client's."""
    lines = [Line(key="B1", minute=1, sender=None, text=PRIVILEGED[0], chat="31600000040@s.whatsapp.net")]
    other = Phone(number=LAWYER).write(tmp_path / "lawyer", lines)
    (tmp_path / "client.txt").write_text("31600000040")
    done("privilege", case, "--add", tmp_path / "client.txt")
    ingest(case, other)
    ids = sealed_ids(case, key, tmp_path / "out")
    assert {AT_LAWYER, "31600000040@s.whatsapp.net"} <= set(ids)
    assert purge(case, ids[AT_LAWYER])["sealed records"] == 3
    assert left(case, key, tmp_path / "again") == [PRIVILEGED[2]]


def test_a_purged_group_is_not_sealed_from_another_phone(case: Path, key: Path, tmp_path: Path):
    (group,) = (each["id"] for each in of(exported(case), "conversation") if each["handle"] == GROUP)
    purge(case, group)
    lines = [Line(key="C1", minute=3, sender=LAWYER, text=PRIVILEGED[2], chat=GROUP)]
    ingest(case, Phone(number=FRIEND).write(tmp_path / "friend", lines))
    assert PRIVILEGED[2] not in left(case, key, tmp_path / "out")


def test_a_conversation_without_sealed_parts_is_purged_as_before(talk: Path, tmp_path: Path):
    case = new(tmp_path / "plain")
    ingest(case, talk)
    (group,) = (each["id"] for each in of(exported(case), "conversation") if each["handle"] == GROUP)
    assert "sealed parts" not in purge(case, group)
