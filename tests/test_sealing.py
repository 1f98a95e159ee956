"""Privileged conversations sealed for the examining magistrate: in nobody's hands in plain but his."""

from __future__ import annotations

import hashlib
import json
import zipfile
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
    texts,
    verified,
)
from whatsapp_phones import GROUP, Line, Phone

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


@pytest.mark.parametrize("content", [9_000_000_000_000, 3_000_000, "a text"])
def test_verify_takes_no_number_for_the_length_of_a_sealed_part(case: Path, content: object):
    change(case / "case.db", ("UPDATE sealed SET content = ? WHERE n = 1", (content,)))
    assert any("sealed part 1 is not what was sealed" in each for each in verified(case, code=1))


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


def test_what_was_left_out_before_a_key_was_named_is_sealed_when_it_is_read_again(
    tmp_path: Path, evidence: Path, key: Path
):
    (tmp_path / "list.txt").write_text(LAWYER)
    case = new(tmp_path / "case", "--privileged", tmp_path / "list.txt")
    ingest(case, evidence)
    assert "nothing is sealed" in refused(2, "privilege", case, "--sealed", tmp_path / "x.zip", "--to", "X")
    public = key.with_suffix(".pub").read_text().strip()
    done("privilege", case, "--seal-for", public)
    assert ingest(case, evidence)["known"] == []
    why = "the item is read anew: what is privileged in it is sealed for other keys"
    assert why in {each["result"] for each in log(case)}
    done("privilege", case, "--sealed", tmp_path / "x.zip", "--to", "X")
    records = [
        json.loads(each)
        for each in done("unseal", tmp_path / "x.zip", "--key", key, "-o", "-").stdout.splitlines()
    ]
    assert [each["text"] for each in of(records, "message")] == list(PRIVILEGED)
    nowhere(everything(case))
    assert verified(case, "--evidence", evidence) == []
    assert ingest(case, evidence)["known"] == [str(evidence)]
