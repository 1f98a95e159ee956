"""Privileged conversations sealed for the examining magistrate: in nobody's hands in plain but his."""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
from sporen_runs import (
    balance,
    change,
    done,
    everything,
    export_bytes,
    exported,
    ingest,
    log,
    new,
    of,
    refused,
    sporen,
    texts,
    verified,
)
from whatsapp_phones import GROUP, Line, Phone

from forensics import sealed_container, sealing
from forensics.model import Account, Call, Conversation, Participant, Source
from forensics.purged import Closed, Purged

LAWYER, FRIEND = "31600000077", "31600000042"
AT_LAWYER, AT_FRIEND = f"{LAWYER}@s.whatsapp.net", f"{FRIEND}@s.whatsapp.net"
PRIVILEGED = ("vertrouwelijkwoord een", "vertrouwelijkwoord twee", "vertrouwelijkwoord in de kring")
LINES = [
    Line(key="A1", minute=0, sender=FRIEND, text="hallo", chat=AT_FRIEND),
    Line(key="B1", minute=1, sender=LAWYER, text=PRIVILEGED[0], chat=AT_LAWYER),
    Line(key="B2", minute=2, sender=None, text=PRIVILEGED[1], chat=AT_LAWYER),
    Line(key="C1", minute=3, sender=LAWYER, text=PRIVILEGED[2], chat=GROUP),
    Line(key="C2", minute=4, sender=FRIEND, text="dag allemaal", chat=GROUP),
]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    owner = Phone(number="31600000040", contacts={LAWYER: "A. Raadsvrouw"})
    return owner.write(tmp_path_factory.mktemp("sealing") / "phone", LINES)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The magistrate's key; only the public half comes near the case."""
    path = tmp_path / "magistrate.txt"
    path.with_suffix(".pub").write_text(done("unseal", "--new-key", path).stdout)
    assert path.read_text().startswith("# public key: age1")
    return path


@pytest.fixture
def case(tmp_path: Path, evidence: Path, key: Path) -> Path:
    (tmp_path / "list.txt").write_text(f"+{LAWYER}\n")
    public = key.with_suffix(".pub").read_text().strip()
    made = new(tmp_path / "case", "--privileged", tmp_path / "list.txt", "--seal-for", public)
    balance(ingest(made, evidence))
    return made


@pytest.fixture
def container(case: Path, tmp_path: Path) -> Path:
    path = tmp_path / "sealed.zip"
    done("privilege", case, "--sealed", path, "--to", "mr. R. Chter")
    return path


def nowhere(found: bytes) -> None:
    found = found.lower()
    for word in ("vertrouwelijkwoord", LAWYER, "raadsvrouw"):
        assert word.encode() not in found, word
        assert word.encode("utf-16-le") not in found, word


def test_the_text_is_nowhere_in_the_case_and_the_rest_is(case: Path, container: Path):
    nowhere(everything(case))
    nowhere(export_bytes(case))
    nowhere(container.read_bytes())
    assert sorted(filter(None, texts(case))) == ["dag allemaal", "hallo"]
    assert verified(case) == []


def test_the_magistrate_reads_it_whole(container: Path, key: Path, tmp_path: Path):
    done("unseal", container, "--key", key, "-o", tmp_path / "records.jsonl")
    records = [json.loads(line) for line in (tmp_path / "records.jsonl").read_bytes().splitlines()]
    assert [each["text"] for each in of(records, "message")] == list(PRIVILEGED)
    assert records[-1]["record"] == "message", "people and conversations come first"
    lawyer = next(each for each in of(records, "participant") if each["phone"] == f"+{LAWYER}")
    assert "A. Raadsvrouw" in [each["name"] for each in lawyer["names"]]
    assert next(each["sender"] for each in of(records, "message")) == lawyer["id"]
    assert {each["kind"] for each in of(records, "conversation")} == {"direct", "group"}
    assert (
        done("unseal", container, "--key", key, "-o", "-").stdout_bytes
        == (tmp_path / "records.jsonl").read_bytes()
    )


def test_what_is_sealed_is_the_record_that_would_have_been_stored(
    container: Path, key: Path, evidence: Path, tmp_path: Path
):
    whole = new(tmp_path / "whole")
    ingest(whole, evidence)
    open_records = {each["id"]: each for each in of(exported(whole), "message")}
    sealed = map(json.loads, done("unseal", container, "--key", key, "-o", "-").stdout.splitlines())
    for each in of(list(sealed), "message"):
        assert each == open_records[each["id"]]


def test_a_part_opens_with_the_format_alone(container: Path, key: Path):
    """What the standard tool does: the part, the identity, and nothing of this program."""
    secret = pyrage.x25519.Identity.from_str(key.read_text().splitlines()[-1])
    with zipfile.ZipFile(container) as made:
        names = [each for each in made.namelist() if each.endswith("-records.age")]
        assert made.read(names[0]).startswith(b"age-encryption.org/v1\n-> X25519 ")
        assert PRIVILEGED[0].encode() in pyrage.decrypt(made.read(names[0]), [secret])


def test_the_log_has_counts_and_hashes_and_no_content(case: Path, container: Path):
    (excluded,) = [each for each in log(case) if each["action"] == "privilege.exclude"]
    assert (excluded["detail"]["count"], excluded["detail"]["sealed"]) == (3, 3)
    with zipfile.ZipFile(container) as made:
        listed = json.loads(made.read("parts.json"))
    assert excluded["detail"]["parts"] == [each["sha256"] for each in listed["parts"]]
    given = log(case)[-1]
    assert (given["action"], given["detail"]["to"], given["detail"]["records"]) == (
        "disclose",
        "mr. R. Chter",
        3,
    )


def test_the_report_says_how_many_are_sealed_and_nothing_else(case: Path, tmp_path: Path):
    done("report", case, "-o", tmp_path / "delivery", "--format", "html,jsonl", "--language", "en")
    found = everything(tmp_path / "delivery")
    nowhere(found)
    assert b"records that are sealed for the examining magistrate" in found
    assert verified(tmp_path / "delivery") == []


def test_another_key_is_4_and_leaves_nothing(container: Path, tmp_path: Path):
    done("unseal", "--new-key", tmp_path / "other.txt")
    said = refused(4, "unseal", container, "--key", tmp_path / "other.txt", "-o", tmp_path / "out.jsonl")
    assert "wrong key or changed file" in said
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("what", ["part and list", "part", "removed", "added", "torn", "list"])
def test_a_changed_container_is_found(container: Path, key: Path, tmp_path: Path, what: str):
    with zipfile.ZipFile(container) as made:
        members = {each: made.read(each) for each in made.namelist()}
    part = next(each for each in members if each.endswith("-records.age"))
    if what in ("part", "part and list"):
        members[part] = members[part][:-1] + bytes([members[part][-1] ^ 1])
    if what == "part and list":
        listed = json.loads(members["parts.json"])
        for each in listed["parts"]:
            each["sha256"] = hashlib.sha256(members[each["name"]]).hexdigest()
        members["parts.json"] = json.dumps(listed).encode()
    if what == "removed":
        del members[part]
    if what == "added":
        members["parts/9999-records.age"] = members[part]
    if what == "list":
        members["parts.json"] = b'{"parts": [{"name": 1}]}'
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(changed, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    if what == "torn":
        changed.write_bytes(changed.read_bytes()[:-100])
    code = 2 if what == "list" else 4
    refused(code, "unseal", changed, "--key", key, "-o", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_verify_finds_a_sealed_part_that_was_changed(case: Path, evidence: Path):
    assert verified(case, "--evidence", evidence) == []
    change(case / "case.db", "UPDATE sealed SET content = zeroblob(300) WHERE n = 1")
    assert any("sealed part 1 is not what was sealed" in each for each in verified(case, code=1))


def test_the_list_of_sealed_parts_is_sealed_by_the_log(case: Path):
    change(case / "case.db", "DELETE FROM sealed")
    assert any("sealed" in each for each in verified(case, code=1))


def test_a_key_named_later_seals_what_is_read_from_then_on(tmp_path: Path, evidence: Path, key: Path):
    case = new(tmp_path / "case")
    (tmp_path / "list.txt").write_text(LAWYER)
    public = key.with_suffix(".pub").read_text().strip()
    done("privilege", case, "--add", tmp_path / "list.txt", "--seal-for", public)
    ingest(case, evidence)
    nowhere(everything(case))
    done("privilege", case, "--sealed", tmp_path / "sealed.zip", "--to", "X")
    assert PRIVILEGED[0] in done("unseal", tmp_path / "sealed.zip", "--key", key, "-o", "-").stdout


def test_the_same_evidence_again_seals_nothing_more(case: Path, evidence: Path, tmp_path: Path):
    ingest(case, evidence)
    done("privilege", case, "--sealed", tmp_path / "again.zip", "--to", "X")
    assert log(case)[-1]["detail"]["records"] == 3


def test_case_toml_names_the_key_too(tmp_path: Path, key: Path):
    public = key.with_suffix(".pub").read_text().strip()
    (tmp_path / "case.toml").write_text(f'[privilege]\nseal_for = ["{public}"]\n')
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    assert "nothing is sealed" in refused(2, "privilege", case, "--sealed", tmp_path / "x.zip", "--to", "X")


def test_wrong_use_is_2(tmp_path: Path, case: Path, key: Path, container: Path):
    assert "no public key" in refused(2, "privilege", case, "--seal-for", "age1xyz")
    assert "no public key" in refused(2, "new", tmp_path / "c", "--number", "1", "--examiner", "E",
                                      "--seal-for", "magistrate")  # fmt: skip
    refused(2, "privilege", case, "--sealed", tmp_path / "x.zip")
    assert "exists already" in refused(2, "privilege", case, "--sealed", container, "--to", "X")
    assert "exists already" in refused(2, "unseal", "--new-key", key)
    assert "exists already" in refused(2, "unseal", container, "--key", key, "-o", key)
    refused(2, "unseal", container, "--key", container, "-o", tmp_path / "y")
    refused(2, "unseal", container)
    refused(3, "unseal", tmp_path / "gone.zip", "--key", key, "-o", tmp_path / "y")


@pytest.mark.parametrize("option", ["--add", "--numbers", "--seal-for"])
def test_giving_out_goes_with_nothing_that_it_would_pass_over(
    case: Path, key: Path, tmp_path: Path, option: str
):
    """An option that is silently not done would leave a lawyer off the list."""
    public = key.with_suffix(".pub").read_text().strip()
    value = public if option == "--seal-for" else tmp_path / "list.txt"
    said = refused(2, "privilege", case, "--sealed", tmp_path / "x.zip", "--to", "X", option, value)
    assert "does not go with" in said
    assert not (tmp_path / "x.zip").exists()


def test_options_that_exclude_each_other_are_2(container: Path, key: Path, tmp_path: Path):
    one, other = tmp_path / "new.txt", tmp_path / "records.jsonl"
    said = refused(2, "unseal", container, "--key", key, "-o", other, "--new-key", one)
    assert "--new-key FILE goes with nothing else" in said
    refused(2, "unseal", container, "--new-key", one)
    assert not one.exists()
    assert not other.exists()
    made = ("new", tmp_path / "c", "--number", "1", "--examiner", "E")
    said = refused(2, *made, "--encrypt", "--encrypt-token", "pkcs11:token=a;object=b")
    assert "give --encrypt or --encrypt-token" in said


def given(case: Path) -> list[str]:
    return [each["result"] for each in log(case) if each["action"] == "disclose"]


def test_what_is_not_in_the_log_is_not_given(case: Path, tmp_path: Path):
    target = tmp_path / "out" / "sealed.zip"
    target.parent.mkdir()
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(5, "privilege", case, "--sealed", target, "--to", "X")
    assert list(target.parent.iterdir()) == []
    assert given(case) == []
    done("privilege", case, "--sealed", target, "--to", "X")
    assert [each.name for each in target.parent.iterdir()] == ["sealed.zip"]
    assert given(case) == ["sealed container given"]


def test_without_space_nothing_is_left_and_nothing_is_logged(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "out" / "sealed.zip"
    target.parent.mkdir()

    class Full(zipfile.ZipFile):
        def close(self) -> None:
            super().close()
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(sealed_container.zipfile, "ZipFile", Full)
        assert "No space left" in refused(7, "privilege", case, "--sealed", target, "--to", "X")
    assert list(target.parent.iterdir()) == []
    assert given(case) == []


def test_a_name_that_is_taken_meanwhile_is_told_in_the_log(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "out" / "sealed.zip"
    target.parent.mkdir()
    write = sealed_container._write

    def slow(*arguments: object) -> str:
        target.write_bytes(b"of another")
        return write(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(sealed_container, "_write", slow)
        assert "exists already" in refused(2, "privilege", case, "--sealed", target, "--to", "X")
    assert [each.read_bytes() for each in target.parent.iterdir()] == [b"of another"]
    assert given(case) == ["sealed container given", "failed: sealed container not given"]


@pytest.mark.parametrize(
    "value",
    [
        "content = 9000000000000",
        "content = 'text'",
        "content = zeroblob(300)",
        "kind = '../x'",
        "records = 'x'",
    ],
)
def test_a_part_that_is_not_what_was_sealed_is_not_given(case: Path, tmp_path: Path, value: str):
    """A whole number as content asks for so many bytes where it is taken for them."""
    change(case / "case.db", f"UPDATE sealed SET {value} WHERE n = 2")
    said = refused(5, "privilege", case, "--sealed", tmp_path / "x.zip", "--to", "X")
    assert "sealed part 2 is not what was sealed" in said
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("what", ["encrypted", "no UTF-8", "compressed", "bz2", "twice", "larger"])
def test_a_hostile_container_is_4_and_nothing_comes_out(
    container: Path, key: Path, tmp_path: Path, what: str
):
    """Flags, methods, sizes and names as the central directory (PKWARE APPNOTE, 4.3.12) has them."""
    data = bytearray(container.read_bytes())
    with zipfile.ZipFile(container) as made:
        names, start = made.namelist(), made.start_dir
        content = made.read(names[-1])
    last = data.rindex(b"PK\x01\x02", start)
    if what == "encrypted":
        struct.pack_into("<H", data, last + 8, 1)
    elif what == "no UTF-8":
        struct.pack_into("<H", data, last + 8, 0x800)
        data[last + 46] = 0xFF
    elif what in ("compressed", "bz2"):
        struct.pack_into("<H", data, last + 10, zipfile.ZIP_DEFLATED if what == "compressed" else 12)
    elif what == "larger":
        struct.pack_into("<II", data, last + 20, 1 << 31, 1 << 31)
    hostile = tmp_path / "hostile.zip"
    hostile.write_bytes(data)
    if what == "twice":
        with zipfile.ZipFile(hostile, "a") as made, pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr(names[-1], content)
    refused(4, "unseal", hostile, "--key", key, "-o", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_nothing_is_printed_of_what_cannot_be_opened_whole(container: Path, key: Path, tmp_path: Path):
    data = bytearray(container.read_bytes())
    with zipfile.ZipFile(container) as made:
        records = next(each for each in made.infolist() if each.filename.endswith("-records.age"))
    data[records.header_offset + 30 + len(records.filename) + records.file_size - 1] ^= 1
    (tmp_path / "changed.zip").write_bytes(data)
    result = sporen("unseal", tmp_path / "changed.zip", "--key", key, "-o", "-")
    assert (result.exit_code, result.stdout) == (4, "")


def test_a_record_of_any_size_is_opened_again(key: Path, tmp_path: Path):
    """A part is one batch and one record more, and how long a record may be nobody says."""
    public = pyrage.x25519.Recipient.from_str(key.with_suffix(".pub").read_text().strip())
    content = pyrage.encrypt(b"x" * (65 << 20) + b"\n", [public])
    listed = {"name": "parts/0001-records.age", "kind": "records"}
    listed["sha256"] = hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(tmp_path / "large.zip", "w") as made:
        made.writestr("parts.json", json.dumps({"parts": [listed]}))
        made.writestr(listed["name"], content)
    done("unseal", tmp_path / "large.zip", "--key", key, "-o", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size == (65 << 20) + 1


def test_people_are_no_records_however_many_there_are(key: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "_PART_BYTES", 1000)
    public = key.with_suffix(".pub").read_text().strip()
    sealer = sealing.Sealer([public], Closed(Purged()))
    source = Source(evidence_sha256="e" * 64, path="x.db", file_sha256="f" * 64)
    people = {
        f"p{n}": Participant(id=f"p{n}", app="whatsapp", handle=None, phone=None, names=(), is_owner=False)
        for n in range(60)
    }
    sealer.call(
        Call(id="c00", app="whatsapp", account="a1", conversation="k1", sender=None, from_owner=None, at=None,
             seconds=None, video=None, result=None, participants=tuple(people), source=source)
    )  # fmt: skip
    talk = Conversation(id="k1", app="whatsapp", platform="android", account="a1", kind="group", title=None,
                        handle=None, participants=tuple(people))  # fmt: skip
    account = Account(id="a1", app="whatsapp", platform="android", owner=None)
    parts = [*sealer.take(), *sealer.end([account], {"k1": talk}, people)]
    assert sum(each.records for each in parts if each.kind == sealing.RECORDS) == 1
    assert sum(each.records for each in parts if each.kind == sealing.PEOPLE) == 62
    assert len(parts) > 3, "people in more than one part"
    assert sealing.told(parts, {})["sealed"] == 1
