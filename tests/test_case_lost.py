"""What is gone is counted by conversation and month, from ids, quotations and the full-text index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sporen_runs import MSGSTORE, change, everything, exported, ingest, new, of, phone, sporen

from forensics.case import Case
from forensics.case_lost import Lost
from forensics.case_reader import CaseReader

FOLDED = "de sleutel ligt onder de mat"


def counted(case: Path) -> list[Lost]:
    with Case.open(case) as opened:
        return list(CaseReader(opened).lost())


def emptied(folder: Path) -> tuple[Path, int]:
    """A phone on which a message was removed and overwritten; and its row id."""
    made = phone(folder)
    with closing(sqlite3.connect(made / MSGSTORE, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        (rowid,) = connection.execute(
            "SELECT _id FROM message WHERE message_type = 0 AND text_data IS NOT NULL"
            " ORDER BY _id LIMIT 1 OFFSET 2"
        ).fetchone()
        connection.execute("DELETE FROM message WHERE _id = ?", (rowid,))
    return made, rowid


def indexed(database: Path, rowid: int) -> None:
    """The full-text index as WhatsApp keeps it: the texts that are there, and that of a removed message."""
    change(database, "DROP TABLE IF EXISTS message_ftsv2")
    change(database, "CREATE VIRTUAL TABLE message_ftsv2 USING fts4(content, fts_jid, fts_namespace)")
    change(
        database,
        "INSERT INTO message_ftsv2(docid, content)"
        " SELECT _id, lower(text_data) FROM message WHERE text_data IS NOT NULL",
        ("INSERT INTO message_ftsv2(docid, content) VALUES(?, ?)", (rowid, FOLDED)),
    )


def test_a_missing_id_is_counted_between_its_neighbours(tmp_path: Path):
    made, _rowid = emptied(tmp_path / "phone")
    ingest(new(tmp_path / "case"), made)
    missing = [each for each in counted(tmp_path / "case") if each.what == "missing"]
    assert sum(each.number for each in missing) >= 1
    assert {each.conversation for each in missing} == {None}
    assert all(each.since is not None and each.until is not None for each in missing)
    assert all(each.since <= each.until for each in missing if each.since and each.until)


def test_a_text_of_the_index_alone_is_counted_and_told(tmp_path: Path):
    made, rowid = emptied(tmp_path / "phone")
    indexed(made / MSGSTORE, rowid)
    case = new(tmp_path / "case")
    ingest(case, made)
    assert [each.number for each in counted(case) if each.what == "indexed"] == [1]
    (notice,) = [
        each for each in of(exported(case), "notice") if "full-text index still holds" in each["text"]
    ]
    assert notice["raw"] == FOLDED
    assert (notice["source"]["table"], notice["source"]["rowid"]) == ("message", rowid)
    at = notice["source"]["offset"]
    assert FOLDED.encode() in (made / MSGSTORE).read_bytes()[at : at + 100]
    assert FOLDED not in [each["text"] for each in of(exported(case), "message")]


def test_under_a_limited_authority_it_is_counted_only(tmp_path: Path):
    made, rowid = emptied(tmp_path / "phone")
    indexed(made / MSGSTORE, rowid)
    case = new(tmp_path / "case", "--from", "2015-01-01", "--until", "2035-01-01")
    ingest(case, made)
    assert [each.number for each in counted(case) if each.what == "indexed"] == [1]
    assert FOLDED.encode() not in everything(case)


def test_the_report_counts_them_in_both_languages(tmp_path: Path):
    made, rowid = emptied(tmp_path / "phone")
    indexed(made / MSGSTORE, rowid)
    ingest(new(tmp_path / "case"), made)
    for language, words in (("nl", "tekst alleen in de zoekindex"), ("en", "text in the search index only")):
        folder = tmp_path / language
        done = sporen("report", tmp_path / "case", "-o", folder, "--format", "html", "--language", language)
        assert done.exit_code == 0, done.output
        pages = [each.read_text("utf-8") for each in folder.rglob("*.html")]
        assert any(words in page for page in pages)
