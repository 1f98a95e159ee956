"""Measures opening a large crypt15 backup: Sporen's form against wadecrypt (PyPI `wa-crypt-tools`).

    python benchmarks/backups.py --wadecrypt /path/to/wadecrypt
    python benchmarks/backups.py MSGSTORE --wadecrypt /path/to/wadecrypt

The backup is made of MSGSTORE with an invented key, in a scratch folder; without MSGSTORE of an invented
database of more than 500 MB, which is kept in --work. Both programs decrypt, check and
inflate it to a file; both are started anew for every run. `open` is what is measured of Sporen.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import shutil
import sys
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from figures import FIGURE_HEAD, figure_row, plain_table
from inputs import bytes_in, phone_of
from make_whatsapp import MESSAGES_PATH
from measure import Figure, measure, repeated

from parsers.whatsapp_crypt import Crypt15

CHUNK = 1 << 20
ROOT, IV = hashlib.sha256(b"fictitious root key").digest(), bytes(range(16))
# a Java-serialised byte array, and a BackupPrefix with an IV and an app version (WhatsApp reference 4)
JAVA = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870") + (32).to_bytes(4)
PREFIX = b"\x08\x01\x1a\x12\x0a\x10" + IV + b"\x22\x0b\x0a\x09" + b"2.26.1.10"
LIMIT = 1 << 40
MESSAGES = 1_250_000  # at some 414 bytes each
WORK = Path(gettempdir()) / "sporen-bench"
MOST = 1.5  # what Sporen may take, of what wadecrypt takes
NAMES = {"sporen": "Sporen, crypt15 to a database", "wadecrypt": "wadecrypt, the same file"}


def make_backup(database: Path, target: Path) -> None:
    """The crypt15 backup of a database, and its key file beside it."""
    extracted = hmac.digest(bytes(32), ROOT, "sha256")
    key = hmac.digest(extracted, b"backup encryption\x01", "sha256")
    sealer = Cipher(algorithms.AES256(key), modes.GCM(IV)).encryptor()
    digest, packer = hashlib.md5(usedforsecurity=False), zlib.compressobj(1)
    with database.open("rb") as plain, target.open("wb") as sealed:

        def write(data: bytes) -> None:
            digest.update(data)
            sealed.write(data)

        write(bytes([len(PREFIX)]) + PREFIX)
        while data := plain.read(CHUNK):
            write(sealer.update(packer.compress(data)))
        write(sealer.update(packer.flush()) + sealer.finalize())
        write(sealer.tag)
        sealed.write(digest.digest())
    target.with_name("encrypted_backup.key").write_bytes(JAVA + ROOT)


def open_backup(backup: Path, target: Path) -> None:
    """What Sporen does with it: decrypt, check, inflate, hash."""
    form = Crypt15()
    (key,) = form.keys(backup.with_name("encrypted_backup.key").read_bytes())
    with backup.open("rb") as source, target.open("w+b") as plain:
        form.open(source, backup.stat().st_size, key, plain, LIMIT)


def measure_both(backup: Path, scratch: Path, wadecrypt: Path) -> dict[str, Figure]:
    """Both programs on that file, each in child processes of its own."""
    ours: Sequence[str | Path] = [sys.executable, __file__, "--open", backup, scratch / "sporen.db"]
    theirs: Sequence[str | Path] = [
        wadecrypt, backup.with_name("encrypted_backup.key"), backup, scratch / "wadecrypt.db",
    ]  # fmt: skip
    commands = {"sporen": ours, "wadecrypt": theirs}
    return {key: repeated(NAMES[key], partial(measure, command)) for key, command in commands.items()}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, nargs="?", metavar="MSGSTORE")
    parser.add_argument("target", type=Path, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="of the invented database")
    parser.add_argument("--work", type=Path, default=WORK, help="kept inputs")
    parser.add_argument("--open", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--wadecrypt", type=Path, default=shutil.which("wadecrypt"))
    parser.add_argument("--scratch", type=Path, help="folder for the backup; default: the system's own")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if asked.open:
        open_backup(asked.path, asked.target)
        return
    if asked.wadecrypt is None:
        sys.exit("wadecrypt is not there: pip install wa-crypt-tools, or name it with --wadecrypt")
    with TemporaryDirectory(dir=asked.scratch) as folder:
        scratch = Path(folder)
        backup = scratch / "msgstore.db.crypt15"
        database = asked.path or phone_of(asked.work.resolve(), asked.messages) / MESSAGES_PATH
        print(f"a database of {bytes_in(database) / 1_000_000:.0f} MB")
        make_backup(database, backup)
        figures = measure_both(backup, scratch, asked.wadecrypt)
        print(plain_table(FIGURE_HEAD, [figure_row(figure) for figure in figures.values()]))
        ours, theirs = figures["sporen"].cpu, figures["wadecrypt"].cpu
        if ours is not None and theirs:
            verdict = "met" if ours <= MOST * theirs else "MISSED"
            print(f"Sporen against wadecrypt, by CPU: {ours / theirs:.2f} x, at most {MOST} x: {verdict}")
        same = {hashlib.sha256(each.read_bytes()).hexdigest() for each in scratch.glob("*.db")}
        print("the same bytes" if len(same) == 1 else "DIFFERENT BYTES")


if __name__ == "__main__":
    main()
