"""Media on the review page: read when asked for and not before, and a sentence where it lies behind a key."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from archive_files import aes_zip_bytes, zip_bytes
from backup_files import PASSWORD, ItunesMaker
from fixture_programs import FIXTURES, load
from review_pages import HOST, Page
from signal_golden import make_database
from sporen_runs import ingest, log, messages, new

from forensics import source_media
from forensics.source_media import BehindKey, TooLarge, Unreadable, attachment_bytes

SIGNAL = load("signal_android", "make_backup")
SENTENCES = {
    "en": "keys are not kept, so it cannot be shown again here",
    "nl": "sleutels worden niet bewaard, dus hier kan zij niet opnieuw worden getoond",
}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"invented" * 20
DIGEST = hashlib.sha256(PICTURE).hexdigest()


def sealed_case(folder: Path) -> tuple[Path, str]:
    """A case of a backup of Signal that its passphrase opened, and the id of the message with a picture."""
    plain, backup = folder / "plain.db", folder / "signal-2024-03-04-10-00-00.backup"
    scripts = ("schema/modern.sql", "people.sql", "backup/rows.sql")
    make_database(plain, [FIXTURES / "signal_android" / each for each in scripts])
    payloads = {("attachment", n, 0): data for n, data in enumerate((PICTURE, b"een tekst", b"stem!"), 1)}
    backup.write_bytes(SIGNAL.write(plain, 1, payloads)[0])
    (folder / "passphrase.txt").write_text(SIGNAL.PASSPHRASE)
    case = new(folder / "case")
    ingest(case, backup, "--key", folder / "passphrase.txt")
    return case, next(each["id"] for each in messages(case) if each["text"] == "een foto")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_was_opened_with_a_key_says_why_it_cannot_be_shown(tmp_path: Path, language: str):
    case, key = sealed_case(tmp_path)
    page = Page(case, language=language).enter()
    before = log(case)
    answer = page.get(f"/messages/{key}/media/0")
    assert answer.status_code == 410
    assert SENTENCES[language] in answer.text
    assert log(case) == before, "what was not shown was not looked at"


def test_no_page_asks_for_media_or_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    case, key = sealed_case(tmp_path)

    def never(*arguments: object) -> bytes:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr("forensics.web.media.attachment_bytes", never)
    page = Page(case).enter()
    text = page.client.get(f"/messages/{key}", base_url=f"http://{HOST}", follow_redirects=True).text
    assert f'href="/messages/{key}/media/0"' in text
    assert 'class="blur"' in text
    assert not re.search(r"<(img|video|audio|source|picture)\b", text)


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_a_file_of_a_phone_backup_is_behind_a_key(tmp_path: Path, password: str | None):
    maker = ItunesMaker(tmp_path / "backup", password)
    maker.file("HomeDomain", "Media/one.png", PICTURE)
    maker.close()
    with pytest.raises(BehindKey):
        attachment_bytes(tmp_path / "backup", "HomeDomain/Media/one.png", DIGEST)
    with pytest.raises(BehindKey):
        attachment_bytes(tmp_path, "backup!/HomeDomain/Media/one.png", DIGEST)


@pytest.mark.parametrize("path", ["all.zip!/one.png", "in.zip!/all.zip!/one.png"])
def test_a_member_of_a_zip_with_a_password_is_behind_a_key(tmp_path: Path, path: str):
    sealed = aes_zip_bytes(b"geheim", ("one.png", PICTURE))
    (tmp_path / "all.zip").write_bytes(sealed)
    (tmp_path / "in.zip").write_bytes(zip_bytes(("all.zip", sealed)))
    with pytest.raises(BehindKey, match="need no password"):
        attachment_bytes(tmp_path, path, DIGEST)


@pytest.mark.parametrize("name", ["msgstore.db.crypt15", "file1"])
def test_the_inside_of_an_encrypted_file_is_behind_a_key(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"\x00sealed" * 100)
    with pytest.raises(BehindKey, match="opened with a key"):
        attachment_bytes(tmp_path, f"{name}!/decrypted", DIGEST)


def test_what_needs_no_key_is_read_and_each_other_reason_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "one.png").write_bytes(PICTURE)
    (tmp_path / "in.zip").write_bytes(zip_bytes(("all.zip", zip_bytes(("one.png", PICTURE)))))
    for path in ("one.png", "in.zip!/all.zip!/one.png"):
        assert attachment_bytes(tmp_path, path, DIGEST) == PICTURE
    for path, digest in (("two.png", DIGEST), ("one.png", "0" * 64)):
        with pytest.raises(Unreadable) as told:
            attachment_bytes(tmp_path, path, digest)
        assert type(told.value) is Unreadable
    monkeypatch.setattr(source_media, "MOST", 10)
    with pytest.raises(TooLarge):
        attachment_bytes(tmp_path, "one.png", DIGEST)
