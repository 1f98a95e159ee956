"""Measures the review page: one chat of many messages, opened, scrolled, searched and decided on by requests.

    python benchmarks/review.py --messages 200000 --work /tmp/sporen-review

makes an invented phone with one chat, and a case of it, once; `--case CASE` takes a case that is there. Each
request goes over the socket of `sporen review`, as a browser sends it, and is timed to the last byte. Ends
with 1 where a bound is not held; `--judge cpu` holds the CPU time of the server against it (Linux), where
others are at work on the machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

from make_whatsapp import MESSAGES_PATH, make_whatsapp
from measure import memory_of_session
from sentences import MENUS
from sporen_commands import FREQUENT_WORD, NEW_OPTIONS, RARE_WORD, find_sporen

MESSAGES = 200_000
# What is asked of the page, in seconds: the first page, and each answer while somebody types.
FIRST_PAGE, TYPED = 1.0, 0.2
# A block that comes later than this is seen as a stall: the page asks for it 600 pixels ahead.
SCROLLED = 0.2
TIMES = 5  # what is repeated; the slowest of them is held against the bound
ADDRESS = re.compile(r"http://\S+/enter\?token=\S+")
FORM_TOKEN = re.compile(r'data-token="([^"]+)"')
FLAG = re.compile(r'href="/flags/(f\w+)"')
TOTAL = re.compile(r'data-total="(\d+)" data-size="(\d+)"')
ROW = re.compile(r'href="/conversations/(\d+)"')
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One kind of request: seconds of wall clock and of the server's CPU, and the most it may take."""

    name: str
    wall: list[float]
    cpu: list[float]
    bound: float | None

    def is_held(self, judge: str) -> bool:
        return self.bound is None or max(self.cpu if judge == "cpu" else self.wall) <= self.bound


class Reviewer:
    """One browser's worth of requests to a running server, one connection each, timed."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.host = urlsplit(address).netloc
        self.headers = {"Origin": f"http://{self.host}"}
        _, _, headers = self.ask(address.partition(self.host)[2])
        self.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
        self.timings: list[Timing] = []

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, Mapping[str, str]]:
        """Status, text and headers of one answer, read whole."""
        connection = http.client.HTTPConnection(self.host, timeout=600)
        headers, body = self.headers, None
        if form is not None:
            headers, body = headers | {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form)
        try:
            connection.request("GET" if form is None else "POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8"), dict(answer.headers)
        finally:
            connection.close()

    def timed(
        self, name: str, *paths: str, bound: float | None = None, form: Mapping[str, str] | None = None
    ) -> str:
        """Ask for each path and keep what it took; the text of the last. SystemExit where one fails."""
        wall, cpu, text = [], [], ""
        for path in paths:
            before, start = cpu_of(self.process.pid), time.perf_counter()
            status, text, _ = self.ask(path, form)
            wall.append(time.perf_counter() - start)
            cpu.append(cpu_of(self.process.pid) - before)
            if status not in (200, 303):
                raise SystemExit(f"{path}: answered {status}")
        self.timings.append(Timing(name=name, wall=wall, cpu=cpu, bound=bound))
        return text


def cpu_of(process: int) -> float:
    """CPU seconds of a process so far; 0 without /proc."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS  # proc(5): fields 14 and 15


@contextmanager
def reviewing(case: Path) -> Iterator[Reviewer]:
    """A server for the case, and who asks it; it is stopped at the end."""
    command = [str(find_sporen()), "review", str(case), "--no-browser", "--language", "en", "--by", "Bench"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            line = process.stderr.readline() if process.stderr else ""
            found = ADDRESS.search(line)
            if found is None:
                raise SystemExit(f"sporen review did not start: {line}")
            yield Reviewer(process, found[0])
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def session(reviewer: Reviewer) -> int:
    """A person's way through the case: list, large chat, scrolling, typing, a decision. Gives its length."""
    first = reviewer.timed("first page", "/", bound=FIRST_PAGE)
    reviewer.timed("the list again", *["/"] * TIMES, bound=FIRST_PAGE)
    talk, text, total, size = largest(reviewer, first)
    at = [max(1, total * part // TIMES) for part in range(1, TIMES + 1)]
    reviewer.timed("the large chat, elsewhere", *(f"{talk}?at={each}" for each in at), bound=FIRST_PAGE)
    blocks = [total // size * part // (TIMES * 2) for part in range(TIMES * 2)]
    reviewer.timed(
        "a block of it while scrolling", *(f"{talk}/messages?block={each}" for each in blocks), bound=SCROLLED
    )
    for word in (RARE_WORD, FREQUENT_WORD):
        typed = [f"/search/typed?q={word[:end]}" for end in range(2, len(word) + 1)]
        reviewer.timed(f"typing {word}, each answer", *typed, bound=TYPED)
    reviewer.timed(f"search {FREQUENT_WORD} in the chat", f"/search?q={FREQUENT_WORD}&in={talk[15:]}")
    decide(reviewer, text)
    return total


def largest(reviewer: Reviewer, first: str) -> tuple[str, str, int, int]:
    """The address, page, length and size of blocks of the largest chat on the first page of the list."""
    rows = [each for each in first.split("<tr>") if ROW.search(each)]
    if not rows:
        raise SystemExit("the case has no conversation")
    sizes = {row: max(map(int, re.findall(r'class="figure">(\d+)<', row)[1:]), default=0) for row in rows}
    found = ROW.search(max(rows, key=lambda row: sizes[row]))
    talk = f"/conversations/{found[1] if found else 1}"
    text = reviewer.timed("the large chat, first look", talk, bound=FIRST_PAGE)
    told = TOTAL.search(text)
    if told is None:
        raise SystemExit(f"{talk}: this is no thread")
    return talk, text, int(told[1]), int(told[2])


def decide(reviewer: Reviewer, text: str) -> None:
    """A decision on a flag of the page and its withdrawal: both stay in the log of the case. SystemExit where
    the page has no flag."""
    token, flag = FORM_TOKEN.search(text), FLAG.search(text)
    if token is None or flag is None:
        raise SystemExit("the first page of the large chat has no flag to decide on")
    status, _, headers = reviewer.ask(f"/flags/{flag[1]}")
    reviewer.timed("a flag in its chat", headers["Location"] if status == 303 else "/", bound=FIRST_PAGE)
    given = {"token": token[1], "decision": "uncertain", "reason": "measured"}
    reviewer.timed("a decision on it", f"/flags/{flag[1]}/decision", form=given)
    reviewer.timed("its withdrawal", f"/flags/{flag[1]}/withdrawal", form={"token": token[1]})


def made_case(work: Path, messages: int) -> Path:
    """The case of an invented phone with one chat; made once for a number of messages."""
    case, phone = work / f"case-{messages}", work / f"phone-{messages}"
    if (work / f"listed-{messages}").exists():
        return case
    work.mkdir(parents=True, exist_ok=True)
    make_whatsapp(phone, messages, 1)
    add_list(phone)
    for command in (("new", case, *NEW_OPTIONS), ("ingest", case, phone, "--quiet")):
        subprocess.run([str(find_sporen()), *map(str, command)], check=True)
    (work / f"listed-{messages}").touch()
    return case


def add_list(phone: Path) -> None:
    """The newest text of a phone with one chat becomes a list of goods: the page that opens has a flag."""
    with closing(sqlite3.connect(phone / MESSAGES_PATH)) as db, db:
        changed = db.execute(
            "UPDATE message SET text_data = ? WHERE _id ="
            " (SELECT max(_id) FROM message WHERE message_type = 0 AND text_data IS NOT NULL)",
            (MENUS[0].format(n=1, p=50, q=200),),
        )
        if changed.rowcount != 1:
            raise SystemExit("the phone has no text that could become a list of goods")


def table(timings: list[Timing], judge: str) -> str:
    """A table in Markdown; what is over its bound says so."""
    lines = [
        "| request | times | median ms | slowest ms | CPU ms, slowest | bound ms | |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for each in timings:
        bound = "" if each.bound is None else f"{each.bound * 1000:.0f}"
        figures = (median(each.wall), max(each.wall), max(each.cpu))
        cells = (each.name, len(each.wall), *(f"{figure * 1000:.0f}" for figure in figures), bound)
        lines.append(f"| {' | '.join(map(str, cells))} | {'' if each.is_held(judge) else 'OVER'} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--work", type=Path, default=Path("/tmp/sporen-review"))
    parser.add_argument("--case", type=Path, help="a case that is there; a decision is recorded in it")
    parser.add_argument("--judge", choices=("wall", "cpu"), default="wall")
    asked = parser.parse_args()
    case = asked.case or made_case(asked.work, asked.messages)
    with reviewing(case) as reviewer:
        total = session(reviewer)
        memory = memory_of_session(reviewer.process.pid)
    load = os.getloadavg()[0]
    print(f"A chat of {total} messages; server at {memory / 1e6:.0f} MB; load {load:.1f}\n")
    print(table(reviewer.timings, asked.judge))
    return int(not all(each.is_held(asked.judge) for each in reviewer.timings))


if __name__ == "__main__":
    sys.exit(main())
