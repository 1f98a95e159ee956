"""The tree over the records (RFC 6962), proofs of single records, and redacted deliveries."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import done, everything, ingest, log, new, phone, refused, sporen, verified
from test_verifier import verifier

from forensics import redaction
from forensics.record_tree import Growing, Leaves, leaf_of, node_of, path_of, root_by, salt_of, write_tree

# Inputs, and roots of the first n of them: the test data of google/certificate-transparency.
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


# The tree.


@pytest.mark.parametrize("count", range(9))
def test_the_roots_are_those_of_the_published_test_data(count: int):
    tree = Growing()
    for text in INPUTS[:count]:
        tree.add(leaf_of(b"", bytes.fromhex(text)))
    assert tree.root.hex() == ROOTS[count]


def root_of(nodes: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1."""
    if len(nodes) == 1:
        return nodes[0]
    split = 1 << (len(nodes) - 1).bit_length() - 1
    return node_of(root_of(nodes[:split]), root_of(nodes[split:]))


@given(st.integers(1, 70), st.data())
def test_every_leaf_leads_to_the_root_and_to_no_other(size: int, data: st.DataObject):
    nodes = [leaf_of(salt_of(b"k", each, b"%d" % each), b"%d" % each) for each in range(size)]
    tree = Growing()
    for each in nodes:
        tree.add(each)
    assert tree.root == root_of(nodes)
    index = data.draw(st.integers(0, size - 1))
    path = path_of(index, nodes)
    assert root_by(nodes[index], index, size, path) == tree.root
    assert verifier.root_by(nodes[index], index, size, path) == tree.root
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert root_by(nodes[other], index, size, path) != tree.root
    assert root_by(nodes[index], index, size, [*path, b"\0" * 32]) is None
    assert root_by(nodes[index], size, size, path) is None
    if path:
        assert root_by(nodes[index], index, size, path[:-1]) is None
        with pytest.raises(ValueError, match="too short"):
            verifier.root_by(nodes[index], index, size, path[:-1])


# Deliveries.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case and its delivery."""
    folder = tmp_path_factory.mktemp("tree")
    case = new(folder / "case")
    ingest(case, phone(folder / "phone", "modern_group"))
    done("report", case, "-o", folder / "delivery", "--format", "jsonl")
    return folder


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "data/messages.jsonl").read_bytes().splitlines()]


def root(folder: Path) -> str:
    found = re.search(
        r"^Record-Tree: ([0-9a-f]{64}) \(\d+ records\)$", (folder / "bag-info.txt").read_text(), re.M
    )
    assert found is not None
    return found[1]


def standalone(*arguments: object) -> tuple[int, str]:
    """The delivered program, without any package."""
    script = Path(verifier.__file__)
    command = [sys.executable, "-I", "-S", script, *arguments]
    answer = subprocess.run(command, capture_output=True, check=False)
    assert answer.stderr == b""
    return answer.returncode, answer.stdout.decode()


def test_the_root_of_a_delivery_is_that_of_its_lines_and_salts(made: Path):
    lines = (made / "delivery/data/messages.jsonl").read_bytes().splitlines()
    salts = (made / "delivery/data/record-tree.txt").read_text().splitlines()
    assert len(lines) == len(salts) == len(set(salts))
    nodes = [
        hashlib.sha256(b"\0" + bytes.fromhex(salt.removeprefix("salt ")) + line).digest()
        for salt, line in zip(salts, lines, strict=True)
    ]
    assert root_of(nodes).hex() == root(made / "delivery")


def test_every_delivery_of_a_case_has_the_same_root_whatever_its_forms(made: Path, tmp_path: Path):
    done("report", made / "case", "-o", tmp_path / "csv", "--format", "csv")
    assert root(tmp_path / "csv") == root(made / "delivery")
    assert not (tmp_path / "csv/data/record-tree.txt").exists()
    assert verified(tmp_path / "csv") == []
    assert standalone(tmp_path / "csv")[0] == 0


def test_another_record_in_the_same_place_has_another_salt(tmp_path: Path):
    key, lines, others = b"k" * 32, (b"one\n", b"two\n"), (b"one\n", b"three\n")
    trees = []
    for each in (lines, others):
        stream = io.BytesIO()
        leaves = Leaves(key)
        leaves.writelines(each)
        assert write_tree(each, key, stream).root == leaves.tree.root
        trees.append(stream.getvalue().splitlines())
    assert trees[0][0] == trees[1][0]
    assert trees[0][1] != trees[1][1]


def test_the_report_prints_the_root(made: Path, tmp_path: Path):
    done("report", made / "case", "-o", tmp_path / "out", "--format", "html")
    assert root(made / "delivery") in (tmp_path / "out/data/html/index.html").read_text("utf-8")


def test_another_case_of_the_same_evidence_has_other_salts(made: Path, tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, made / "phone")
    done("report", case, "-o", tmp_path / "out", "--format", "jsonl")
    assert (tmp_path / "out/data/messages.jsonl").read_bytes() == (
        made / "delivery/data/messages.jsonl"
    ).read_bytes()
    assert root(tmp_path / "out") != root(made / "delivery")


def test_a_message_is_proven_without_showing_another(made: Path, tmp_path: Path):
    message = next(
        each for each in records(made / "delivery") if each["record"] == "message" and each["text"]
    )
    texts = [each for each in records(made / "delivery") if each["record"] == "message" and each["text"]]
    others = [each for each in texts if each["id"] != message["id"] and each["text"] not in message["text"]]
    for source, name in ((made / "case", "case"), (made / "delivery", "delivery")):
        file = tmp_path / f"{name}.json"
        done("prove", source, message["id"], "-o", file)
        proof = file.read_text("utf-8")
        assert not [each for each in others if each["id"] in proof or json.dumps(each["text"])[1:-1] in proof]
        code, said = standalone(file, root(made / "delivery"))
        assert code == 0 and message["id"] in said, said
        assert done("verify", file).stderr.count(root(made / "delivery")) == 1
    assert (tmp_path / "case.json").read_bytes() == (tmp_path / "delivery.json").read_bytes()
    entry = log(made / "case")[-1]
    assert (entry["action"], entry["detail"]["records"]) == ("disclose", [message["id"]])


def test_people_and_conversations_are_proven_with_a_message(made: Path, tmp_path: Path):
    message = next(
        each for each in records(made / "delivery") if each["record"] == "message" and each["sender"]
    )
    ids = [message["id"], message["conversation"], message["sender"]]
    done("prove", made / "delivery", *ids, "-o", tmp_path / "proof.json")
    assert [each["id"] for each in json.loads((tmp_path / "proof.json").read_text("utf-8"))["records"]] == ids
    assert standalone(tmp_path / "proof.json", root(made / "delivery"))[0] == 0


def edited(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def apply(text: str) -> str:
        proof = json.loads(text)
        change(proof)
        return json.dumps(proof)

    return apply


@pytest.mark.parametrize(
    "change",
    [
        edited(
            lambda p: p["records"][0].update(line=p["records"][0]["line"].replace('"kind":"', '"kind":"x'))
        ),
        edited(lambda p: p["records"][0].update(salt="00" * 32)),
        edited(lambda p: p["records"][0].update(index=p["records"][0]["index"] ^ 1)),
        edited(lambda p: p["records"][0]["path"].pop()),
        edited(lambda p: p["records"][0]["path"].append("00" * 32)),
        edited(lambda p: p.update(root="00" * 32)),
        edited(lambda p: p.update(size=1)),
        edited(lambda p: p.update(size=float("inf"))),
        edited(lambda p: p["records"][0].update(id="m" + "0" * 24)),
        edited(lambda p: p["records"][0].update(path=7)),
        lambda text: text.replace('"records"', '"rekords"'),
        lambda text: text[:-40],
    ],
)
def test_a_changed_proof_proves_nothing(made: Path, tmp_path: Path, change: Callable[[str], str]):
    message = next(each for each in records(made / "delivery") if each["record"] == "message")
    done("prove", made / "delivery", message["id"], "-o", tmp_path / "proof.json")
    text = (tmp_path / "proof.json").read_text("utf-8")
    (tmp_path / "proof.json").write_text(change(text), "utf-8")
    assert standalone(tmp_path / "proof.json", root(made / "delivery"))[0] == 1
    result = sporen("verify", tmp_path / "proof.json")
    assert (result.exit_code, "DIFFERENCE" in result.stderr) == (1, True)


def test_a_proof_of_another_delivery_is_told_by_its_root(made: Path, tmp_path: Path):
    message = next(each for each in records(made / "delivery") if each["record"] == "message")
    done("prove", made / "delivery", message["id"], "-o", tmp_path / "proof.json")
    code, said = standalone(tmp_path / "proof.json", "0" * 64)
    assert code == 1 and "niet de opgegeven wortel" in said


def test_what_cannot_be_proven_is_wrong_use(made: Path, tmp_path: Path):
    assert "no record of that id" in refused(2, "prove", made / "case", "m" + "0" * 24, "-o", tmp_path / "p")
    done("report", made / "case", "-o", tmp_path / "csv", "--format", "csv")
    assert "prove from the case" in refused(
        2, "prove", tmp_path / "csv", "m" + "0" * 24, "-o", tmp_path / "p"
    )
    message = next(each for each in records(made / "delivery") if each["record"] == "message")
    (tmp_path / "there").write_text("")
    assert "exists already" in refused(2, "prove", made / "delivery", message["id"], "-o", tmp_path / "there")
    assert "overwrite the case" in refused(
        2, "prove", made / "case", message["id"], "-o", made / "case" / "case.db"
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("record-tree.txt", lambda data: data.replace(b"salt ", b"leaf ", 1)),
        ("record-tree.txt", lambda data: data[:-70]),
        ("record-tree.txt", lambda data: data + data[:70]),
        ("record-tree.txt", lambda data: data.replace(b"salt ", b"salz ", 1)),
        ("record-tree.txt", lambda data: data.replace(b"salt ", b"salt g", 1)),
        ("record-tree.txt", lambda data: b"\n".join(reversed(data.splitlines())) + b"\n"),
        ("messages.jsonl", lambda data: data.split(b"\n", 1)[1]),
        ("messages.jsonl", lambda data: data.replace(b'"app":', b'"App":', 1)),
    ],
)
def test_a_changed_tree_or_record_is_found_by_both_programs(
    made: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]
):
    folder = tmp_path / "changed"
    shutil.copytree(made / "delivery", folder)
    (folder / "data" / name).write_bytes(change((folder / "data" / name).read_bytes()))
    resealed(folder)
    assert [each for each in verified(folder, code=1) if "record-tree.txt" in each]
    assert standalone(folder)[0] == 1


def resealed(folder: Path) -> None:
    """The manifests of a changed delivery, made as whoever changed it would make them."""
    paths = sorted(each for each in (folder / "data").rglob("*") if each.is_file())
    oxum = f"Payload-Oxum: {sum(each.stat().st_size for each in paths)}.{len(paths)}"
    info = re.sub("Payload-Oxum: .*", oxum, (folder / "bag-info.txt").read_text())
    (folder / "bag-info.txt").write_bytes(info.encode())
    _list(folder, "manifest-sha256.txt", paths)
    tags = [each for each in sorted(folder.iterdir()) if each.is_file() and not each.name.startswith("tagm")]
    _list(folder, "tagmanifest-sha256.txt", tags)


def _list(folder: Path, name: str, paths: list[Path]) -> None:
    rows = (
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(folder).as_posix()}\n"
        for each in paths
    )
    (folder / name).write_bytes("".join(rows).encode())


# Redaction.


def redact(made: Path, tmp_path: Path, *ids: str) -> Path:
    (tmp_path / "ids").write_text("".join(f"{each}  # withheld\n" for each in ids))
    done("redact", made / "delivery", "--withhold", tmp_path / "ids", "-o", tmp_path / "redacted")
    return tmp_path / "redacted"


def test_a_redacted_delivery_lacks_a_person_and_keeps_root_and_proofs(made: Path, tmp_path: Path):
    whole = records(made / "delivery")
    person = next(each for each in whole if each["record"] == "participant" and not each["is_owner"])["id"]
    folder = redact(made, tmp_path, person)
    left = records(folder)
    assert root(folder) == root(made / "delivery")
    assert person.encode() not in everything(folder)
    assert verified(folder) == []
    code, said = standalone(folder)
    assert code == 0 and f"niet getoond / withheld: {len(whole) - len(left)}" in said, said
    kept = next(each for each in left if each["record"] == "message")
    done("prove", folder, kept["id"], "-o", tmp_path / "redacted.json")
    done("prove", made / "delivery", kept["id"], "-o", tmp_path / "whole.json")
    assert (tmp_path / "redacted.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert standalone(tmp_path / "redacted.json", root(made / "delivery"))[0] == 0
    assert "no record of that id" in refused(2, "prove", folder, person, "-o", tmp_path / "no.json")


def test_a_withheld_conversation_is_gone_with_what_quotes_or_flags_it(made: Path, tmp_path: Path):
    whole = records(made / "delivery")
    talk = next(each for each in whole if each["record"] == "message")["conversation"]
    gone = [each["id"] for each in whole if each["record"] == "message" and each["conversation"] == talk]
    texts = [each["text"] for each in whole if each.get("conversation") == talk and each.get("text")]
    folder = redact(made, tmp_path, talk)
    data = everything(folder)
    assert gone and texts
    assert not [each for each in gone if each.encode() in data]
    assert not [each for each in texts if json.dumps(each, ensure_ascii=False)[1:-1].encode() in data]
    assert not [each for each in records(folder) if each.get("conversation") == talk]
    lines = (folder / "bag-info.txt").read_text().splitlines()
    number = hashlib.sha256((made / "delivery/tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert f"Redacted-From: {number}" in lines
    left = len(records(folder))
    assert f"Redacted-Records: {len(whole) - left} withheld, {left} delivered" in lines
    assert not (folder / "data/custody.jsonl").exists()


def of_records(folder: Path, whole: list[dict[str, Any]]) -> Path:
    """What stands in a delivery that redaction reads, of these records."""
    (folder / "data").mkdir(parents=True)
    (folder / "bag-info.txt").write_text("Record-Tree: none\n")
    lines = [json.dumps(each).encode() + b"\n" for each in whole]
    (folder / "data/messages.jsonl").write_bytes(b"".join(lines))
    with (folder / "data/record-tree.txt").open("wb") as stream:
        write_tree(lines, b"k" * 32, stream)
    for name in ("tagmanifest-sha256.txt", "VERIFY.txt", "verify_delivery.py"):
        (folder / name).write_text("")
    return folder


def named(letter: str, number: int) -> str:
    return f"{letter}{number:024x}"


def row_of(number: int) -> dict[str, Any]:
    return {"path": "x.db", "table": "message", "rowid": number, "rowid_key": None}


def told(kind: str, number: int, **more: Any) -> dict[str, Any]:
    letter = "m" if kind == "message" else "k"
    base = {"record": kind, "id": named(letter, number), "conversation": named("c", 1), "sender": None}
    return {**base, "source": row_of(number), **more}


@pytest.mark.parametrize(
    ("withheld", "left"),
    [
        (named("m", 1), {"m7", "k7", "m8", "c1"}),  # m3 quotes m2, which quotes m1; m4 stands before m3
        (named("k", 7), {"m1", "m2", "m3", "m4", "m8", "c1"}),
        (named("m", 7), {"m1", "m2", "m3", "m4", "m8", "c1"}),
        (named("p", 9), {"m1", "m2", "m3", "m4", "m7", "k7", "c1"}),  # only m8 names that person
    ],
)
def test_what_quotes_a_quotation_and_the_other_record_of_a_call_are_withheld(
    tmp_path: Path, withheld: str, left: set[str]
):
    folder = of_records(tmp_path / "whole", [
        {"record": "conversation", "id": named("c", 1)},
        {"record": "participant", "id": named("p", 9)},
        told("message", 1),
        told("message", 4, reply_to={"id": named("m", 3)}),
        told("message", 2, reply_to={"id": named("m", 1)}),
        told("message", 3, reply_to={"id": named("m", 2), "text": "of m2"}),
        told("message", 7), told("call", 7),
        told("message", 8, mentions=[named("p", 9)]),
        {"record": "notice", "raw": None, "source": row_of(3)},
    ])  # fmt: skip
    redaction.redact(folder, {withheld.encode(): "unstated"}, tmp_path / "out")
    kept = {f"{each['id'][0]}{int(each['id'][1:], 16)}" for each in records(tmp_path / "out") if "id" in each}
    assert kept - {"p9"} == left
    is_noticed = any(each["record"] == "notice" for each in records(tmp_path / "out"))
    assert is_noticed is ("m3" in left)


@pytest.mark.parametrize("line", [b"no json", b"[]", b'"text"', b"[" * 100_000, b"\xff"])
def test_a_line_that_is_no_record_is_told_as_damage(made: Path, tmp_path: Path, line: bytes):
    shutil.copytree(made / "delivery", tmp_path / "damaged")
    path, key = tmp_path / "damaged/data/messages.jsonl", "m" + "0" * 24
    data = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([line + key.encode() if line == b"no json" else line, *data[1:]]) + b"\n")
    (tmp_path / "ids").write_text(key)
    out = ("-o", tmp_path / "out")
    said = refused(2, "redact", tmp_path / "damaged", "--withhold", tmp_path / "ids", *out)
    assert "check the delivery with `sporen verify`" in said
    assert not (tmp_path / "out").exists()
    if line == b"no json":  # only a line with that id in it is read as a record
        assert "check the delivery" in refused(2, "prove", tmp_path / "damaged", key, *out)


def test_two_redactions_are_the_same_bytes(made: Path, tmp_path: Path):
    key = next(each for each in records(made / "delivery") if each["record"] == "message")["id"]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert everything(redact(made, tmp_path / "one", key)) == everything(redact(made, tmp_path / "two", key))


def test_what_cannot_be_redacted_is_wrong_use(made: Path, tmp_path: Path):
    out = ("-o", tmp_path / "out")
    for text, words in (
        ("m" + "0" * 24, "no record of that id"),
        ("everyone", "give ids"),
        ("# none", "holds nothing"),
    ):
        (tmp_path / "ids").write_text(text)
        assert words in refused(2, "redact", made / "delivery", "--withhold", tmp_path / "ids", *out)
        assert not (tmp_path / "out").exists()
    assert "cannot be read" in refused(2, "redact", made / "delivery", "--withhold", tmp_path / "none", *out)
    (tmp_path / "ids").write_text("m" + "0" * 24)
    assert "nothing of it can be redacted" in refused(
        2, "redact", made / "case", "--withhold", tmp_path / "ids", *out
    )
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("")
    assert "not an empty folder" in refused(
        2, "redact", made / "delivery", "--withhold", tmp_path / "ids", *out
    )
