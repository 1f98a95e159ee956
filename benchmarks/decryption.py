"""Measures what decrypting Signal's forms costs against bare loops over the same bytes, by CPU time.

    python benchmarks/decryption.py --megabytes 96

All are run in this process one after the other, three times; the least counts. A bare loop decrypts and
checks the codes and does nothing else; for payloads it is run with the SHA-256 of the plain bytes, which
every record must have, and without, with cryptography and with pycryptodome.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import io
import random
import time
from collections.abc import Callable

from Crypto.Cipher import AES
from Crypto.Hash import HMAC, SHA256
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from figures import TARGET_HEAD, Target, machine, plain_table

from forensics.formats.sqlcipher import PageCipher, decrypt
from forensics.formats.sqlcipher_key import Parameters
from parsers.signal_frames import FrameReader, Header, Keys

RUNS, STEP, MEGABYTE = 3, 1 << 20, 1_000_000
KEY, MAC_KEY, IV = (random.Random(seed).randbytes(size) for seed, size in ((1, 32), (2, 32), (3, 16)))
PAGE = 4096


class Nowhere(io.RawIOBase):
    """Takes what is written to it."""

    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


def cpu(work: Callable[[], object]) -> float:
    """The least CPU seconds of some runs."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


# --- Payloads of a .backup ---


def payload_data(size: int) -> bytes:
    """A payload that decrypts to something, with its code behind it."""
    data = random.Random(4).randbytes(size)
    return data + hmac.digest(MAC_KEY, IV + data, "sha256")[:10]


def read_payload(data: bytes) -> None:
    header = Header(iv=IV, salt=b"", version=1, end=0)
    reader = FrameReader(io.BytesIO(data), len(data), header, Keys(KEY, MAC_KEY), lambda _frame: None)
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


def measured(size: int) -> list[Target]:
    """All figures for so many bytes."""
    payload, database = payload_data(size), pages(size)
    ours = cpu(lambda: read_payload(payload))
    same = cpu(lambda: bare_payload(payload, hashed=True))
    less = cpu(lambda: bare_payload(payload, hashed=False))
    other = cpu(lambda: bare_payload_of_pycryptodome(payload))
    ours_pages, bare = cpu(lambda: read_pages(database)), cpu(lambda: bare_pages(database))
    speed = len(database) / MEGABYTE / ours_pages
    found = (
        (".backup payloads against cryptography, which hashes too", ours / same, 1.3, "x", False),
        (".backup payloads against pycryptodome, which does not hash", ours / other, 1.3, "x", False),
        (".backup payloads against cryptography, which does not hash", ours / less, 1.3, "x", False),
        ("SQLCipher pages against a bare loop", ours_pages / bare, 1.2, "x", False),
        ("SQLCipher pages, every code checked", speed, 100, "MB/s", True),
    )
    return [
        Target(name=name, value=value, bound=bound, unit=unit, at_least=at_least, by_cpu=value)
        for name, value, bound, unit, at_least in found
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
