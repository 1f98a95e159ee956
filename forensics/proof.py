"""Proofs that a record belongs to a delivery: the record, its salt, and its path to the root of the tree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from forensics.case import Case
from forensics.case_reader import CaseReader
from forensics.errors import MachineFailed, WrongUse
from forensics.places import write_new
from forensics.record_tree import (
    ODD,
    RECORDS,
    TREE,
    Leaf,
    leaf_of,
    leaves,
    path_of,
    root_by,
    salt_of,
)
from forensics.registry import report_form
from forensics.verify import Report

FORM = "sporen record proof 1"


def prove_case(case: Case, wanted: Sequence[str]) -> dict[str, Any]:
    """Proof of records of the case, as it stands in every delivery of the case as it is now."""
    reader = CaseReader(case)
    kept = _Kept(reader.tree_key(), wanted)
    report_form("jsonl")(reader, kept)
    return _proof(kept.nodes, kept.found, wanted)


def prove_delivery(folder: Path, wanted: Sequence[str]) -> dict[str, Any]:
    """Proof of records of a delivery. Raises WrongUse for one without a tree, or a damaged one."""
    if not (folder / TREE).is_file() or not (folder / RECORDS).is_file():
        raise WrongUse(f"{folder}: this delivery has no {RECORDS} with {TREE}: prove from the case")
    kept = _Kept(b"", wanted)
    try:
        for each in leaves(folder):
            kept.take(each)
    except ODD as error:
        why = f"{TREE} or {RECORDS} is damaged ({error})"
        raise WrongUse(f"{folder}: {why}; check the delivery with `sporen verify`") from error
    return _proof(kept.nodes, kept.found, wanted)


class _Kept:
    """Takes the lines of an export, or leaves, and keeps all hashes and the records that are wanted."""

    def __init__(self, key: bytes, wanted: Sequence[str]) -> None:
        self._key, self._wanted = key, [each.encode() for each in wanted]
        self.nodes: list[bytes] = []
        self.found: dict[str, tuple[int, Leaf]] = {}

    def write(self, line: bytes) -> int:
        text = line.rstrip(b"\n")
        salt = salt_of(self._key, len(self.nodes), text)
        self.take(Leaf(leaf=leaf_of(salt, text), salt=salt, line=text))
        return len(line)

    def writelines(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.write(line)

    def take(self, leaf: Leaf) -> None:
        if leaf.line is not None and any(each in leaf.line for each in self._wanted):
            key = json.loads(leaf.line).get("id")
            if str(key).encode() in self._wanted:
                self.found[key] = (len(self.nodes), leaf)
        self.nodes.append(leaf.leaf)


def _proof(nodes: list[bytes], found: dict[str, tuple[int, Leaf]], wanted: Sequence[str]) -> dict[str, Any]:
    missing = [each for each in wanted if each not in found]
    if missing:
        raise WrongUse(f"{', '.join(missing)}: no record of that id is there to be proven")
    root, records = b"", []
    for key in dict.fromkeys(wanted):
        index, leaf = found[key]
        path = path_of(index, nodes)
        root = root_by(leaf.leaf, index, len(nodes), path) or b""
        records.append(
            {
                "id": key,
                "index": index,
                "salt": (leaf.salt or b"").hex(),
                "path": [each.hex() for each in path],
                "line": (leaf.line or b"").decode(),
            }
        )
    return {"proof": FORM, "root": root.hex(), "size": len(nodes), "records": records}


def write_proof(proof: dict[str, Any], file: Path) -> None:
    """Write a proof to a file that does not exist yet."""
    write_new(file, json.dumps(proof, ensure_ascii=False, indent=1).encode() + b"\n")


def is_proof(path: Path) -> bool:
    """Whether the file looks like a proof."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return FORM.encode() in stream.read(200)


def verify_proof(path: Path) -> Report:
    """Check a proof: every record leads to the root that it names."""
    report = Report()
    try:
        proof = json.loads(path.read_bytes())
        root, size = bytes.fromhex(proof["root"]), int(proof["size"])
        for record in _proven(proof):
            report.count("records")
            if root_by(record[1], record[2], size, record[3]) != root:
                report.problem(path.name, f"{record[0]} does not lead to the root that the proof names")
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be read: {error.strerror}") from error
    except ODD as error:
        report.problem(path.name, f"is no proof that can be read: {error}")
    else:
        said = f"the root is {root.hex()} ({size} records): compare it with that in the report"
        report.remarks.append(said)
    return report


def _proven(proof: dict[str, Any]) -> Iterator[tuple[str, bytes, int, list[bytes]]]:
    """Id, leaf, index and path of each record of a proof; ValueError where the id is not that of the line."""
    for each in proof["records"]:
        line = str(each["line"]).encode()
        if json.loads(line).get("id") != each["id"]:
            raise ValueError(f"{each['id']} is not the id of its record")
        leaf = leaf_of(bytes.fromhex(each["salt"]), line)
        yield each["id"], leaf, int(each["index"]), [bytes.fromhex(beside) for beside in each["path"]]
