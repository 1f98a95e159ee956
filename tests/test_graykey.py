"""What GrayKey leaves beside its extraction is named; what is recognised in it is read."""

from __future__ import annotations

from archive_files import zip_bytes
from sporen_runs import MSGSTORE, ingest, new, phone, texts

NOT_READ = "beside a GrayKey extraction, not read"


def extraction(folder, phone_folder, others):
    folder.mkdir()
    database = (phone_folder / MSGSTORE).read_bytes()
    (folder / "ab12_files_full.zip").write_bytes(zip_bytes((MSGSTORE, database)))
    for name, data in others.items():
        place = folder / name
        place.parent.mkdir(exist_ok=True, parents=True)
        place.write_bytes(data)
    return folder


def test_files_beside_an_extraction_are_named_and_no_error(tmp_path):
    source = phone(tmp_path / "phone")
    others = {
        "ab12_passwords.txt": b"Item value: fiets",
        "ab12_report.pdf": b"%PDF-1.7",
        "build.prop": b"ro.product.model=Fictief\n",
        "ab12.key": b"0" * 64,
        "elsewhere/notes.txt": b"x",
    }
    case = new(tmp_path / "case")
    found = ingest(case, extraction(tmp_path / "evidence", source, others))
    said = [each["path"] for each in found["problems"] if NOT_READ in each["text"]]
    # what was recognised, and what lies in another folder, is not named
    assert said == ["ab12_passwords.txt", "ab12_report.pdf"]
    assert "Fictief" in str(found["acquisition"])
    assert texts(case)


def test_of_many_the_first_are_named_and_the_others_counted(tmp_path):
    source = phone(tmp_path / "phone")
    many = {f"{number:03}.txt": b"x" for number in range(30)}
    found = ingest(new(tmp_path / "case"), extraction(tmp_path / "evidence", source, many))
    assert sum(NOT_READ in each["text"] for each in found["problems"]) == 20
    assert "10 more files beside a GrayKey extraction were not read" in str(found["problems"])


def test_without_an_extraction_nothing_is_said(tmp_path):
    root = phone(tmp_path / "phone")
    (root / "ab12_passwords.txt").write_bytes(b"x")
    assert NOT_READ not in str(ingest(new(tmp_path / "case"), root)["problems"])
