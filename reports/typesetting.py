"""The typesetter: data in, PDF/A-2a and PDF/UA-1 out, and no character of a message may stop it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import typst

from forensics.errors import MachineFailed
from reports import typeset

# Noto Sans first keeps digits as text; the emoji font stands before the symbols and before CJK, which would
# otherwise turn ☎️ into a plain sign. Rare scripts come last: every font before them is tried first.
_SCRIPTS = (
    *("Hebrew", "Armenian", "Georgian", "Ethiopic", "Devanagari", "Bengali", "Gurmukhi", "Tamil", "Sinhala"),
    *("Thai", "Lao", "Khmer", "Myanmar", "Tifinagh", "Cherokee", "CanAborig"),
)
_SIGNS = ("Noto Color Emoji", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math", "Noto Sans CJK SC")
FONTS = ("Noto Sans", "Noto Sans Arabic", *_SIGNS, *(f"Noto Sans {script}" for script in _SCRIPTS))
_REFUSED = re.compile(r"(?:the text|disallowed codepoint) `\"(.*?)\"`", re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_ATTEMPTS = 8
# Documents that are typeset beside each other: a volume of 5,000 messages takes about 400 MB.
AT_ONCE = 2
# Documents that are at work or wait for it.
IN_HAND = 6
# What Noto Sans draws whatever stands beside it, and the signs that tokens and joined texts are made of.
_SAFE = re.compile("[\x00-\x7e\u00a0-\u017f⟨⟩·→…“”‘’–—€\u2068\u2069]")


class Unprintable(RuntimeError):
    """The typesetter refuses the document; the message says why."""


Make = Callable[[frozenset[str]], Mapping[str, Any]]


class Press:
    """Typesets documents into files, two at a time, each in a process of its own; ``close`` it in the end.

    The typesetter keeps its memory until its process ends. A file is written by ``put`` or ``finish``, never
    in between.
    """

    def __init__(self, timestamp: int) -> None:
        self._timestamp = timestamp
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._waiting: deque[tuple[Path, Make, Future[bytes]]] = deque()

    def put(self, path: Path, make: Make) -> None:
        """Typeset what ``make`` gives into ``path`` some time before ``finish`` is done."""
        while len(self._waiting) >= IN_HAND:
            self._write_next()
        data = _encoded(make(frozenset()))
        self._waiting.append((path, make, self._pool.submit(_compile, data, self._timestamp, True)))

    def finish(self) -> None:
        """Wait until every file is there."""
        while self._waiting:
            self._write_next()

    def close(self) -> None:
        """Give up what is not done yet."""
        self._waiting.clear()
        self._pool.shutdown(cancel_futures=True)

    def _write_next(self) -> None:
        path, make, future = self._waiting.popleft()
        try:
            made = future.result()
        except Unprintable:
            made = compiled(make, self._timestamp, is_large=True)
        path.write_bytes(made)


def compiled(make: Make, timestamp: int, *, is_large: bool = False) -> bytes:
    """The PDF of the data that ``make`` gives for a set of refused characters.

    PDF/A refuses signs that no font can draw. ``visible`` knows them beforehand; should the typesetter still
    refuse one, it is shown as a token, and if it names none, all but the plainest characters are.
    ``is_large``: typeset in a process of its own.
    """
    refused: frozenset[str] = frozenset()
    for attempt in range(_ATTEMPTS + 1):
        data = _encoded(make(refused))
        try:
            return _compile(data, timestamp, is_large)
        except Unprintable as error:
            further = refused_characters(str(error)) - refused
            if not further or attempt >= _ATTEMPTS - 1:
                further = _unsafe(data) - refused
            if not further:
                raise
            refused |= further
    raise Unprintable(f"the typesetter refuses the document {_ATTEMPTS + 1} times")


def _encoded(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data).encode()


def _unsafe(data: bytes) -> frozenset[str]:
    """Every character that is not beyond doubt: the last resort is to show all of them as tokens."""
    return frozenset(_SAFE.sub("", json.dumps(json.loads(data), ensure_ascii=False)))


def refused_characters(message: str) -> frozenset[str]:
    """The characters that the typesetter's message names; of a cluster only the marks, if it has any."""
    match = _REFUSED.search(message)
    if not match:
        return frozenset()
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), match[1])
    marks = {each for each in text if unicodedata.category(each)[0] in "MC"}
    return frozenset(marks or {each for each in text if not each.isascii()})


def _compile(data: bytes, timestamp: int, is_large: bool) -> bytes:
    own = files("reports")
    with tempfile.TemporaryDirectory(prefix="sporen-") as name, as_file(own / "fonts") as fonts:
        folder = Path(name)
        (folder / "data.json").write_bytes(data)
        (folder / "report.typ").write_bytes((own / "templates" / "report.typ").read_bytes())
        if is_large:
            _apart(folder, fonts, timestamp)
        else:
            _here(folder, fonts, timestamp)
        made = (folder / "made.pdf").read_bytes()
    # Without a newline after %%EOF a later signature would break PDF/A-2, clause 6.1.9.
    return made if made.endswith(b"\n") else made + b"\n"


def _here(folder: Path, fonts: Path, timestamp: int) -> None:
    try:
        typeset.typeset(folder, fonts, timestamp)
    except typst.TypstError as error:
        raise Unprintable(str(error.message)) from error


def _apart(folder: Path, fonts: Path, timestamp: int) -> None:
    """Typeset in a process of its own; MachineFailed when that ends without an answer."""
    command = [sys.executable, "-P", typeset.__file__, str(folder), str(fonts), str(timestamp)]
    done = subprocess.run(command, capture_output=True, check=False)
    message = done.stderr.decode("utf-8", "replace")
    if done.returncode == typeset.REFUSED:
        raise Unprintable(message)
    if done.returncode:
        last = (message.strip().splitlines() or ["no memory left?"])[-1]
        raise MachineFailed(f"the typesetter ended with code {done.returncode}: {last}")
