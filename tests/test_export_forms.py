"""``sporen export`` and ``sporen report`` in the forms case and parquet, as a file, a folder and a stream."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sporen_runs
from sporen_runs import done, exported, ingest, log, new, of, refused, verified


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    made = new(folder / "case", "--exhibit", "EX-7")
    ingest(made, sporen_runs.phone(folder / "phone"))
    return made


def test_case_as_a_file_and_as_a_stream_is_the_same(case: Path, tmp_path: Path):
    done("export", case, "--format", "case", "-o", tmp_path / "x.jsonld")
    streamed = done("export", case, "--format", "case", "-o", "-").stdout_bytes
    written = (tmp_path / "x.jsonld").read_bytes()
    assert written == streamed
    nodes = json.loads(written)["@graph"]
    ids = {each["sporen:id"] for each in nodes if each["@type"] == "uco-observable:Message"}
    assert ids == {each["id"] for each in of(exported(case), "message")}
    action = next(each for each in nodes if each["@type"] == "case-investigation:InvestigativeAction")
    assert action["uco-action:startTime"]["@value"] <= action["uco-action:endTime"]["@value"]
    exhibit = next(each for each in nodes if each["@type"] == "case-investigation:ProvenanceRecord")
    assert exhibit["case-investigation:exhibitNumber"] == "EX-7"


@pytest.mark.parametrize("form", ["case", "parquet"])
def test_a_name_without_a_suffix_is_a_folder_twice_the_same_and_logged_by_its_digest(
    form: str, case: Path, tmp_path: Path
):
    for name in ("one", "two"):
        done("export", case, "--format", form, "-o", tmp_path / name)
    one, two = (
        {
            path.relative_to(tmp_path / name).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two and len(one) >= 3
    lines = sorted(f"{digest}  {path}\n" for path, digest in one.items())
    entry = [each for each in log(case) if each["action"] == "export"][-1]
    assert entry["detail"]["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one", "two"]


@pytest.mark.parametrize("form", ["case", "parquet"])
def test_a_folder_with_something_in_it_is_refused_and_stays(form: str, case: Path, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/x").write_text("x")
    assert "not an empty folder" in refused(2, "export", case, "--format", form, "-o", tmp_path / "mine")
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["x"]


def test_parquet_as_a_file_and_as_a_stream_has_every_record(case: Path, tmp_path: Path):
    done("export", case, "--format", "parquet", "-o", tmp_path / "x.parquet")
    streamed = done("export", case, "--format", "parquet", "-o", "-").stdout_bytes
    assert (tmp_path / "x.parquet").read_bytes() == streamed
    table = pq.read_table(io.BytesIO(streamed))
    assert table.column("record").to_pylist() == [each["record"] for each in exported(case)]
    digests = [each["record_sha256"] for each in of(exported(case), "message")]
    rows = [each for each in table.to_pylist() if each["record"] == "message"]
    assert [each["record_sha256"] for each in rows] == digests


def test_a_delivery_in_both_forms_verifies(case: Path, tmp_path: Path):
    done("report", case, "-o", tmp_path / "out", "--format", "jsonl,case,parquet")
    assert (tmp_path / "out/data/case.jsonld").is_file()
    assert (tmp_path / "out/data/parquet/record=message/part-00000.parquet").is_file()
    assert verified(tmp_path / "out") == []
