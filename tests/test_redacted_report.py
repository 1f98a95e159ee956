"""The report of a redacted delivery: readable, with places and reasons, and no word of what is withheld."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from archive_files import zip_bytes
from sporen_runs import done, ingest, new, refused

CHAT = """31-01-2026 00:01 - Noor: goedemorgen zonnebloem
31-01-2026 00:02 - Bram Kist: mijn raadsman fluistert <b>zwijg</b> & wacht
31-01-2026 00:03 - Bram Kist: hij belt om drie uur
31-01-2026 00:04 - Noor: mijn zus Roos komt ook
31-01-2026 00:05 - Bram Kist: tot dan kruidnagel
"""
LAWYER, CALL, SISTER = 1, 2, 3


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redacted")
    (folder / "chat.zip").write_bytes(zip_bytes(("export.txt", CHAT.encode())))
    case = new(folder / "case")
    ingest(case, folder / "chat.zip")
    done("report", case, "-o", folder / "delivery", "--format", "jsonl,html")
    return folder / "delivery"


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "data/messages.jsonl").read_bytes().splitlines()]


def messages(folder: Path) -> list[dict[str, Any]]:
    return [each for each in records(folder) if each["record"] == "message"]


def redact(delivery: Path, folder: Path, lines: list[str]) -> Path:
    folder.mkdir()
    (folder / "ids").write_text("\n".join(lines))
    done("redact", delivery, "--withhold", folder / "ids", "-o", folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def redacted(delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    whole = messages(delivery)
    lines = [f"{whole[place]['id']} privilege" for place in (LAWYER, CALL)]
    lines.append(f"{whole[SISTER]['id']} third-person  # the sister")
    return redact(delivery, tmp_path_factory.mktemp("out") / "one", lines)


def html(folder: Path) -> str:
    return "".join(each.read_text("utf-8") for each in sorted((folder / "data/html").rglob("*.html")))


def test_it_shows_what_is_left_and_where_and_why_something_is_not(delivery: Path, redacted: Path):
    page = (redacted / "data/html/chats/c00001.html").read_text("utf-8")
    kept, gone = page.index("goedemorgen zonnebloem"), page.index("[achtergehouden vanaf record")
    assert kept < gone < page.index("tot dan kruidnagel")
    place = 1 + next(
        n for n, each in enumerate(records(delivery)) if each.get("id") == messages(delivery)[1]["id"]
    )
    assert f"[achtergehouden vanaf record {place}: 3] 2: verschoningsrecht; 1: een derde" in page
    index = (redacted / "data/html/index.html").read_text("utf-8")
    assert "T-1" in index
    assert '<dd data-field="R.privilege">2</dd>' in index
    assert '<dd data-field="R.third-person">1</dd>' in index
    assert (redacted / "data/withheld.txt").read_text() == "".join(
        f"{place + n} {why}\n" for n, why in enumerate(("privilege", "privilege", "third-person"))
    )


def test_no_word_of_what_is_withheld_is_anywhere_in_the_delivery(delivery: Path, redacted: Path):
    """No text, id, digest or time of it, in no file and no name of a file."""
    left = {each["id"] for each in messages(redacted)}
    gone = [each for each in messages(delivery) if each["id"] not in left]
    assert len(gone) == 3
    kept = b"".join(
        path.as_posix().encode() + path.read_bytes() for path in redacted.rglob("*") if path.is_file()
    )
    for each in gone:
        secrets = [each["id"], each["record_sha256"], each["sent_at"], *each["text"].split()]
        secrets += [
            each["sent_at"][:-5].replace("T", " "),
            f"{each['source']['table']} {each['source']['rowid']}",
        ]
        words = {word for other in messages(redacted) for word in other["text"].split()}
        found = [one for one in secrets if one not in words and len(one) > 3 and one.encode() in kept]
        assert not found, found


def test_it_verifies_with_the_small_verifier_and_the_command(redacted: Path, tmp_path: Path):
    program = [sys.executable, redacted / "verify_delivery.py", redacted]
    said = subprocess.run(program, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert "niet getoond / withheld: 3" in said.stdout
    done("verify", redacted)
    page = redacted / "data/html/chats/c00001.html"
    before = page.read_bytes()
    try:
        page.write_bytes(before.replace(b"een derde", b"niemand"))
        assert subprocess.run(program, capture_output=True, check=False).returncode == 1
    finally:
        page.write_bytes(before)


def test_the_same_is_the_same_bytes_and_a_second_redaction_keeps_the_reasons(
    delivery: Path, redacted: Path, tmp_path: Path
):
    whole = messages(delivery)
    lines = [f"{whole[SISTER]['id']} third-person", *(f"{whole[n]['id']} privilege" for n in (CALL, LAWYER))]
    again = redact(delivery, tmp_path / "again", lines)
    name = "tagmanifest-sha256.txt"
    assert (again / name).read_bytes() == (redacted / name).read_bytes()
    further = redact(redacted, tmp_path / "further", [whole[4]["id"]])
    reasons = [row.split()[1] for row in (further / "data/withheld.txt").read_text().splitlines()]
    assert reasons == ["privilege", "privilege", "third-person", "unstated"]
    assert "kruidnagel" not in html(further)


def test_of_several_reasons_the_first_counts_and_others_are_refused(delivery: Path, tmp_path: Path):
    whole = messages(delivery)
    person = whole[1]["sender"]
    out = redact(delivery, tmp_path / "person", [f"{person} third-person", f"{whole[1]['id']} privilege"])
    reasons = [row.split()[1] for row in (out / "data/withheld.txt").read_text().splitlines()]
    assert reasons.count("privilege") == 1
    assert set(reasons) <= {"privilege", "third-person", "raw"}
    assert "Bram" not in html(out)
    assert "gesprek waarvan de gegevens zijn achtergehouden" in html(out), "its record names the person"
    (tmp_path / "ids").write_text(f"{person} because")
    said = refused(2, "redact", delivery, "--withhold", tmp_path / "ids", "-o", tmp_path / "no")
    assert "with nothing or a reason behind it: privilege, third-person" in said
