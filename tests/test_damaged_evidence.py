"""Damaged archives and backups through ``ingest``: an answer of the contract, soon, with every row told."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
import secrets
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import backup_files
import pytest
import signal_snapshots as snapshots
import ufdr_files
import whatsapp_backups
from archive_files import aes_zip_bytes, tar_bytes, zip_bytes
from damage import damaged
from fixture_programs import load
from sporen_runs import MSGSTORE, balance, new, phone, sporen

ANSWERS = (0, 3, 4)  # all was read, something was not, and this is not evidence or the key is not its key
LONGEST = 60.0  # seconds, on a machine where much else runs: a guard against what is slow
ORDINARY, FULL = range(1), range(1, 40)  # seeds
PASSWORD = b"geheim"
SIGNAL = load("signal_android", "make_backup")


@dataclass(frozen=True)
class Container:
    """A container as it is laid before Sporen, with the content of its key files."""

    name: str
    data: bytes
    keys: tuple[bytes, ...] = ()


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    """The files of a folder with their paths in it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of a small phone."""
    return files_of(phone(tmp_path_factory.mktemp("phone"), "modern_group"))


@pytest.fixture(scope="module")
def signal_database(tmp_path_factory):
    """A database of Signal in the clear."""
    folder = load("signal_android").build("modern", tmp_path_factory.mktemp("signal"))
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return next(path for path in paths if path.read_bytes().startswith(b"SQLite format 3"))


def zipped(files):
    return Container("e.zip", zip_bytes(*files))


def stored(files):
    return Container("e.zip", zip_bytes(*files, method=zipfile.ZIP_STORED))


def zip_in_zip(files):
    return Container("e.zip", zip_bytes(("inner/phone.zip", zip_bytes(*files)), ("readme.txt", b"hoi")))


def zip_in_tar(files):
    return Container("e.tar.gz", tar_bytes(("inner/phone.zip", zip_bytes(*files)), mode="w:gz"))


def zip_with_password(files):
    return Container("e.zip", aes_zip_bytes(PASSWORD, *files), (PASSWORD,))


def tarred(files):
    return Container("e.tar", tar_bytes(*files))


def gzipped(files):
    return Container("e.tar.gz", gzip.compress(tar_bytes(*files), mtime=0))


def xz_packed(files):
    return Container("e.tar.xz", lzma.compress(tar_bytes(*files)))


def bzip2_packed(files):
    return Container("e.tar.bz2", bz2.compress(tar_bytes(*files)))


def android_members(files):
    return [(f"apps/com.whatsapp/f/{name.rsplit('/', 1)[-1]}", data) for name, data in files]


def android_backup(files):
    return Container("e.ab", backup_files.android_backup(*android_members(files)))


def android_backup_unpacked(files):
    return Container("e.ab", backup_files.android_backup(*android_members(files), compressed=False))


def android_backup_with_password(files):
    password = PASSWORD.decode()
    return Container(
        "e.ab", backup_files.android_backup(*android_members(files), password=password), (PASSWORD,)
    )


def database_of(files):
    return next(data for name, data in files if name == MSGSTORE)


def ufdr(files):
    bo = ufdr_files.party("31600000002@s.whatsapp.net", "Bo")
    said = (
        ufdr_files.message(f"m{n}", f"tekst {n}, 2 gram wiet 20", f"2026-01-0{n}T10:00:00.000+00:00", bo)
        for n in range(1, 10)
    )
    chat = ufdr_files.chat("WhatsApp", "31600000001@s.whatsapp.net", "k1", *said)
    place = "files/Database/msgstore.db"
    report = ufdr_files.report(chat, files=(ufdr_files.tagged(1, "/" + MSGSTORE, place, database_of(files)),))
    return Container("e.ufdr", ufdr_files.package(report, (place, database_of(files))))


def crypt12(files):
    made = whatsapp_backups.crypt12(zlib.compress(database_of(files)))
    return Container("msgstore.db.crypt12", made, (whatsapp_backups.key_file(),))


def crypt14(files):
    made = whatsapp_backups.crypt14(zlib.compress(database_of(files)))
    return Container("msgstore.db.crypt14", made, (whatsapp_backups.key_file(),))


def crypt15(files):
    made = whatsapp_backups.crypt15(zlib.compress(database_of(files)))
    return Container("msgstore.db.crypt15", made, (whatsapp_backups.ROOT_FILE,))


CONTAINERS = (
    zipped,
    stored,
    zip_in_zip,
    zip_in_tar,
    zip_with_password,
    tarred,
    gzipped,
    xz_packed,
    bzip2_packed,
    android_backup,
    android_backup_unpacked,
    android_backup_with_password,
    ufdr,
    crypt12,
    crypt14,
    crypt15,
)


def answer(folder: Path, evidence: Container) -> int:
    """How many messages ``ingest`` reads if all was sound, else 0: it must answer, tell every row, leave the
    evidence as it is, and end soon."""
    path, since = folder / evidence.name, time.monotonic()
    path.write_bytes(evidence.data)
    keys = []
    for number, content in enumerate(evidence.keys):
        keys.append(folder / f"key{number}")
        keys[-1].write_bytes(content)
    before = path.stat().st_mtime_ns
    result = sporen(
        "ingest", new(folder / "case"), path, "--json", *(each for key in keys for each in ("--key", key))
    )
    assert result.exit_code in ANSWERS, result.output
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (evidence.data, before)
    assert time.monotonic() - since < LONGEST
    if result.exit_code == 4:
        return 0
    told = json.loads(result.stdout)
    balance(told)
    tables = (table for file in told["evidence"] for table in (file["tables"] or {}).values())
    return sum(table["messages"] for table in tables) if result.exit_code == 0 else 0


@pytest.fixture(autouse=True)
def _same_salts(monkeypatch):
    """The makers of backups draw their salts by the same numbers every time."""
    monkeypatch.setattr(secrets, "token_bytes", random.Random(0).randbytes)


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_sound_one_is_read(container, files, tmp_path):
    assert answer(tmp_path, container(files)) > 0


def seeds():
    return [*ORDINARY, *(pytest.param(seed, marks=pytest.mark.full) for seed in FULL)]


@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_damaged_one_is_answered(container, seed, files, tmp_path):
    sound = container(files)
    chance = random.Random(f"{container.__name__} {seed}")
    answer(tmp_path, Container(sound.name, damaged(sound.data, chance), sound.keys))


@pytest.mark.parametrize("seed", seeds())
def test_a_backup_of_signal_with_damaged_frames_is_answered(seed, signal_database, tmp_path, monkeypatch):
    """Frames are damaged before they are sealed, so that every code is right."""
    chance = random.Random(seed)
    share, frame = chance.choice((0.005, 0.02, 0.2)), SIGNAL.Writer.frame

    def damaged_frame(writer, plain):
        return frame(writer, damaged(plain, chance) if chance.random() < share else plain)

    monkeypatch.setattr(SIGNAL.Writer, "frame", damaged_frame)
    made, _places = SIGNAL.write(signal_database, seed % 2, {})
    answer(
        tmp_path, Container("signal-2026-01-01-00-00-00.backup", bytes(made), (SIGNAL.PASSPHRASE.encode(),))
    )


@pytest.mark.parametrize("seed", seeds())
def test_a_new_backup_of_signal_with_damaged_records_is_answered(seed, tmp_path):
    chance = random.Random(seed)
    share = chance.choice((0.02, 0.1, 0.5))
    said = (
        snapshots.item(number, snapshots.part(11, snapshots.part(2, snapshots.text(f"hoi {number}"))))
        for number in range(1, 30)
    )
    records = [damaged(each, chance) if chance.random() < share else each for each in snapshots.items(*said)]
    place = chance.randrange(1, len(records))
    records[place:place] = [b""] * chance.choice((0, 1, 50, 3000))
    folder = snapshots.write(tmp_path / "phone", snapshots.main(records))
    members = [(f"SignalBackups/{name}", data) for name, data in files_of(folder)]
    answer(tmp_path, Container("e.zip", zip_bytes(*members), (snapshots.POOL.encode(),)))
