"""Measures what decrypting Signal's forms costs against bare loops over the same bytes.

    python benchmarks/decryption.py --megabytes 96

All are run in this process by turns; of each the least counts. A bare loop decrypts and checks the codes and
does nothing else; for payloads it is run with the SHA-256 of the plain bytes, which every record must have,
and without, with cryptography and with pycryptodome. Sporen takes that hash in a thread of its own: what is
"measured" by the wall clock wants two idle cores, "by CPU" is what one core would take. The CPU seconds of
the busier thread are given besides, since they mean the same where others are at work. The log is summed with
numpy where that is installed (extra ``speed``).
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import io
import random
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from Crypto.Cipher import AES
from Crypto.Hash import HMAC, SHA256
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from figures import TARGET_HEAD, Target, machine, plain_table

from forensics.formats.side_hash import SideHasher
from forensics.formats.sqlcipher import PageCipher, decrypt
from forensics.formats.sqlcipher_key import Parameters
from forensics.formats.sqlcipher_log import decrypt_log
from forensics.formats.sqlite_checksum import chained, checksum, frame_sums
from forensics.formats.sqlite_wal import FRAME, HEADER, MAGIC_LITTLE, VERSION
from parsers.signal_frames import FrameReader, Header, Keys

RUNS, STEP, MEGABYTE = 3, 1 << 20, 1_000_000
KEY, MAC_KEY, IV = (random.Random(seed).randbytes(size) for seed, size in ((1, 32), (2, 32), (3, 16)))
PAGE = 4096


class Nowhere(io.RawIOBase):
    """Takes what is written to it."""

    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


class Seconds(NamedTuple):
    """What one run took: by the clock, of all threads, of the busier one."""

    wall: float
    cpu: float
    busier: float


def timed(work: Callable[[], object]) -> Seconds:
    wall, cpu, own = time.perf_counter(), time.process_time(), time.thread_time()
    work()
    wall, cpu, own = time.perf_counter() - wall, time.process_time() - cpu, time.thread_time() - own
    return Seconds(wall, cpu, max(own, cpu - own))


def least(works: Mapping[str, Callable[[], object]]) -> dict[str, Seconds]:
    """The least of some runs of each, by turns."""
    runs = [{name: timed(work) for name, work in works.items()} for _ in range(RUNS)]
    return {name: Seconds(*map(min, zip(*(run[name] for run in runs), strict=True))) for name in works}


# --- Payloads of a .backup ---


def payload_data(size: int) -> bytes:
    """A payload that decrypts to something, with its code behind it."""
    data = random.Random(4).randbytes(size)
    return data + hmac.digest(MAC_KEY, IV + data, "sha256")[:10]


def read_payload(data: bytes) -> None:
    header = Header(iv=IV, salt=b"", version=1, end=0)
    keys, source = Keys(KEY, MAC_KEY), io.BytesIO(data)
    with SideHasher() as hasher:
        reader = FrameReader(source, len(data), header, keys, lambda _frame: None, hasher=hasher)
        if not reader.payload(len(data) - 10).is_right:
            raise ValueError("the payload was not read")


def bare_payload(data: bytes, *, hashed: bool) -> None:
    source, left = io.BytesIO(data), len(data) - 10
    decryptor = Cipher(algorithms.AES256(KEY), modes.CTR(IV)).decryptor()
    code, digest = hmac.new(MAC_KEY, IV, "sha256"), hashlib.sha256()
    while left:
        chunk = source.read(min(STEP, left))
        left -= len(chunk)
        code.update(chunk)
        clear = decryptor.update(chunk)
        if hashed:
            digest.update(clear)
    if code.digest()[:10] != source.read(10):
        raise ValueError("the payload was not read")


def bare_payload_of_pycryptodome(data: bytes) -> None:
    source, left = io.BytesIO(data), len(data) - 10
    decryptor = AES.new(KEY, AES.MODE_CTR, nonce=b"", initial_value=IV)
    code = HMAC.new(MAC_KEY, IV, SHA256)
    while left:
        chunk = source.read(min(STEP, left))
        left -= len(chunk)
        code.update(chunk)
        decryptor.decrypt(chunk)
    if code.digest()[:10] != source.read(10):
        raise ValueError("the payload was not read")


# --- Pages of SQLCipher ---


def parameters() -> Parameters:
    """Those of Signal on the desktop and on iOS."""
    return Parameters(hash="sha512", page_size=PAGE, header=16, iterations=None, key=KEY, mac_key=MAC_KEY)


def pages(size: int) -> bytes:
    """Pages of noise with right codes."""
    known = parameters()
    end, out = PAGE - known.reserve + 16, []
    generator = random.Random(5)
    for number in range(1, size // PAGE + 1):
        page = generator.randbytes(PAGE)
        _stored, code = known.mac(page, number)
        out.append(page[:end] + code)
    return b"".join(out)


def read_pages(data: bytes) -> None:
    if decrypt(io.BytesIO(data), len(data), PageCipher(parameters()), Nowhere()).bad:  # type: ignore[arg-type]
        raise ValueError("pages were not read")


def bare_pages(data: bytes) -> None:
    known, source, target, number = parameters(), io.BytesIO(data), Nowhere(), 0
    end, cipher = PAGE - known.reserve, algorithms.AES256(KEY)
    while page := source.read(PAGE):
        number += 1
        start = 16 if number == 1 else 0
        code = hmac.digest(MAC_KEY, page[start : end + 16] + number.to_bytes(4, "little"), known.hash)
        if code != page[end + 16 : end + 80]:
            raise ValueError("a page was not read")
        decryptor = Cipher(cipher, modes.CBC(page[end : end + 16])).decryptor()
        target.write(decryptor.update(page[start:end]) + bytes(known.reserve))


def log_of(data: bytes) -> bytes:
    """A write-ahead log of these pages, one commit for each."""
    head = HEADER.pack(MAGIC_LITTLE, VERSION, PAGE, 0, 1, 2, 0, 0)[:24]
    sums = checksum(head, True)
    out = [head, *(each.to_bytes(4) for each in sums)]
    starts = [number.to_bytes(4) * 2 for number in range(1, len(data) // PAGE + 1)]
    frames = [start + data[at * PAGE : (at + 1) * PAGE] for at, start in enumerate(starts)]
    for frame, own in zip(frames, frame_sums(frames, True), strict=True):
        sums = chained(sums, own, 8 + PAGE)
        number = int.from_bytes(frame[:4])
        out += [FRAME.pack(number, number, 1, 2, *sums), frame[8:]]
    return b"".join(out)


def read_log(log: bytes, frames: int) -> None:
    read = decrypt_log(io.BytesIO(log), PageCipher(parameters()), Nowhere())  # type: ignore[arg-type]
    if (read.verified, read.in_chain) != (frames, frames):
        raise ValueError("frames were not read")


def measured(size: int) -> list[Target]:
    """All figures for so many bytes."""
    payload, database = payload_data(size), pages(size)
    log = log_of(database)
    taken = least(
        {
            "payload": lambda: read_payload(payload),
            "hashed": lambda: bare_payload(payload, hashed=True),
            "unhashed": lambda: bare_payload(payload, hashed=False),
            "pycryptodome": lambda: bare_payload_of_pycryptodome(payload),
            "pages": lambda: read_pages(database),
            "bare pages": lambda: bare_pages(database),
            "log": lambda: read_log(log, len(database) // PAGE),
        }
    )

    def against(name: str, ours: str, bare: str, bound: float) -> Target:
        above, below = taken[ours], taken[bare]
        by_cpu = above.cpu / below.cpu
        return Target(name=name, value=above.wall / below.wall, bound=bound, unit="x", by_cpu=by_cpu)

    def speed(name: str, data: bytes, ours: str, bound: float) -> Target:
        value = len(data) / MEGABYTE / taken[ours].cpu
        return Target(name=name, value=value, bound=bound, unit="MB/s", at_least=True, by_cpu=value)

    busier = taken["payload"].busier / taken["unhashed"].busier
    return [
        against(".backup payloads against cryptography, which hashes too", "payload", "hashed", 1.3),
        against(".backup payloads against pycryptodome, which does not hash", "payload", "pycryptodome", 1.3),
        against(".backup payloads against cryptography, which does not hash", "payload", "unhashed", 1.3),
        Target(name="the same, CPU of the busier thread", value=busier, bound=1.3, unit="x", by_cpu=busier),
        speed(".backup payloads, a core", payload, "payload", 150),
        against("SQLCipher pages against a bare loop", "pages", "bare pages", 1.2),
        speed("SQLCipher pages, every code checked", database, "pages", 100),
        speed("SQLCipher log, every code, checksum and salt checked", log, "log", 100),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=96)
    targets = measured(parser.parse_args().megabytes << 20)
    print("\n".join([*machine(), "", plain_table(TARGET_HEAD, [target.row() for target in targets])]))


if __name__ == "__main__":
    main()
