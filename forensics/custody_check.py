"""The custody log read by a sceptic: what was edited, removed, inserted, reordered or cut off, and where.

Links and signatures find a change by anyone without the key; only an anchor kept elsewhere finds a cut tail,
or a log that its own key holder wrote again (court report reference 5.1).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from forensics.custody_entry import (
    GENESIS,
    Announcement,
    Entry,
    Head,
    LineFault,
    is_opening,
    is_signed,
    is_unedited,
    key_ring,
    read_line,
    revocations,
)
from forensics.errors import MachineFailed

REMARKS = frozenset({"clock", "introduced"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a line (counted from 1).

    `kind`: torn, not-json, not-canonical, form, edited, unknown-key, bad-signature, revoked-key, removed,
    inserted, reordered, truncated, anchor; and the remarks clock and introduced, which do not make it wrong.
    """

    line: int
    kind: str
    text: str

    @property
    def is_remark(self) -> bool:
        """Whether this is something to explain rather than a broken log."""
        return self.kind in REMARKS


class _Placed(NamedTuple):
    line: int
    entry: Entry


def check(log: Path | Iterable[bytes], *, anchor: Head | None = None) -> list[Problem]:
    """Everything wrong with a log (a file, or its lines with their newlines), by line; empty when whole.

    `anchor` is a head that was noted elsewhere: without it a cut tail cannot be seen.
    """
    lines = _lines(log)
    if not lines:
        return [Problem(line=1, kind="truncated", text="the log is missing or empty")]
    unedited, problems = _unedited(lines)
    ring = key_ring(placed.entry for placed in unedited)
    problems += _introductions(unedited, ring)
    trusted, unsigned = _trusted(unedited, ring)
    trusted, after = _not_revoked(trusted, ring)
    unsigned += after
    problems += unsigned
    damaged = sorted(set(range(1, len(lines) + 1)) - {placed.line for placed in trusted})
    chain, displaced = _chain(trusted, anchor)
    problems += displaced + _gaps(
        chain, [p.line for p in displaced if p.kind == "reordered"], trusted, damaged
    )
    problems += _clock(chain) + _anchored(trusted, damaged, len(lines), anchor)
    return sorted(problems, key=lambda problem: (problem.line, problem.kind))


def _lines(log: Path | Iterable[bytes]) -> list[bytes]:
    if not isinstance(log, Path):
        return list(log)
    try:
        with log.open("rb") as stream:
            return list(stream)
    except FileNotFoundError:
        return []  # told as a problem of the log, not of this machine
    except OSError as error:
        raise MachineFailed(f"{log}: the custody log could not be read ({error.strerror})") from error


def _unedited(lines: Sequence[bytes]) -> tuple[list[_Placed], list[Problem]]:
    """The entries whose hash still holds; a problem for every other line."""
    placed: list[_Placed] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            entry = read_line(line)
        except LineFault as fault:
            problems.append(Problem(line=number, kind=fault.kind, text=str(fault)))
            continue
        if is_unedited(entry):
            placed.append(_Placed(number, entry))
        else:
            text = f"entry {entry.seq} does not match its own hash: it was edited"
            problems.append(Problem(line=number, kind="edited", text=text))
    return placed, problems


def _is_opened(unedited: Sequence[_Placed], ring: dict[str, Announcement]) -> bool:
    return any(is_opening(placed.entry) and placed.entry.key in ring for placed in unedited)


def _introductions(unedited: Sequence[_Placed], ring: dict[str, Announcement]) -> list[Problem]:
    problems = []
    if not _is_opened(unedited, ring):
        text = "no first entry announces a key here: the signatures of that key cannot be checked"
        problems.append(Problem(line=1, kind="unknown-key", text=text))
    lines = {placed.entry.seq: placed.line for placed in reversed(unedited)}
    for key_id, announcement in ring.items():
        if announcement.introduced_itself:
            text = f"key {key_id} introduced itself: no earlier key vouches for it"
            problems.append(Problem(line=lines[announcement.seq], kind="introduced", text=text))
    return problems


def _trusted(
    unedited: Sequence[_Placed], ring: dict[str, Announcement]
) -> tuple[list[_Placed], list[Problem]]:
    """The entries whose signature holds; where the opening entry is gone, those of unknown keys too."""
    opened = _is_opened(unedited, ring)
    trusted: list[_Placed] = []
    problems: list[Problem] = []
    for placed in unedited:
        line, entry = placed
        announcement = ring.get(entry.key)
        if announcement is None or announcement.seq > entry.seq:
            if opened:
                text = f"entry {entry.seq} is signed with key {entry.key}, which was not announced before it"
                problems.append(Problem(line=line, kind="unknown-key", text=text))
                continue
        elif not is_signed(entry, announcement.public):
            text = f"the signature of entry {entry.seq} does not hold"
            problems.append(Problem(line=line, kind="bad-signature", text=text))
            continue
        trusted.append(placed)
    return trusted, problems


def _not_revoked(
    trusted: list[_Placed], ring: dict[str, Announcement]
) -> tuple[list[_Placed], list[Problem]]:
    """Without the entries that are signed with a key after it was revoked: anyone may have that key."""
    revoked = revocations((placed.entry for placed in trusted), ring)
    after = [each for each in trusted if revoked.get(each.entry.key, each.entry.seq) < each.entry.seq]
    problems = [
        Problem(
            line=line,
            kind="revoked-key",
            text=f"entry {entry.seq} is signed with key {entry.key}, revoked in entry {revoked[entry.key]}",
        )
        for line, entry in after
    ]
    return [each for each in trusted if each not in after], problems


def _chain(trusted: Sequence[_Placed], anchor: Head | None) -> tuple[list[_Placed], list[Problem]]:
    """The entries that stand in their place, and a problem for each of the others."""
    rivals = _rivals(trusted, anchor)
    candidates = [placed for placed in trusted if placed.line not in rivals]
    at_home = [placed for placed in candidates if placed.entry.seq == placed.line]
    rising = _longest_rising(candidates)
    chain = at_home if len(at_home) >= len(rising) else rising
    line_of = {placed.entry.hash: placed.line for placed in chain}
    seqs = {placed.entry.seq: placed.line for placed in chain}
    in_place = set(line_of.values())
    problems = []
    for line, entry in trusted:
        if line in in_place:
            continue
        if entry.hash in line_of:
            kind, text = (
                "inserted",
                f"entry {entry.seq} stands here once more: a copy of line {line_of[entry.hash]}",
            )
        elif entry.seq in seqs:
            kind, text = "inserted", f"a second, other entry {entry.seq}: the first is line {seqs[entry.seq]}"
        else:
            kind, text = "reordered", f"entry {entry.seq} does not stand in its place"
        problems.append(Problem(line=line, kind=kind, text=text))
    return chain, problems


def _rivals(trusted: Sequence[_Placed], anchor: Head | None) -> set[int]:
    """The lines whose number another entry has too; the entry that a later one or the anchor names stays."""
    linked = {placed.entry.prev for placed in trusted} | ({anchor.hash} if anchor else set())
    kept: dict[int, str] = {}
    for placed in sorted(trusted, key=lambda placed: placed.entry.hash not in linked):
        kept.setdefault(placed.entry.seq, placed.entry.hash)
    return {placed.line for placed in trusted if placed.entry.hash != kept[placed.entry.seq]}


def _longest_rising(candidates: Sequence[_Placed]) -> list[_Placed]:
    """A longest choice of lines whose numbers rise: the fewest lines to blame (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for index, placed in enumerate(candidates):
        length = bisect_left(tails, placed.entry.seq)
        before[index] = ends[length - 1] if length else -1
        if length == len(tails):
            tails.append(placed.entry.seq)
            ends.append(index)
        elif tails[length] != placed.entry.seq:  # of two copies the first stays
            tails[length], ends[length] = placed.entry.seq, index
    chain: list[_Placed] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(candidates[index])
        index = before[index]
    return chain[::-1]


def _gaps(
    chain: Sequence[_Placed], reordered: Sequence[int], trusted: Sequence[_Placed], damaged: Sequence[int]
) -> list[Problem]:
    """Entries missing between two that stand in their place, and links that do not fit."""
    elsewhere = sorted({placed.entry.seq for placed in trusted if placed.line in set(reordered)})
    problems = []
    before_line, before = 0, GENESIS
    for line, entry in chain:
        found = bisect_left(elsewhere, entry.seq) - bisect_left(elsewhere, before.seq)
        unreadable = bisect_left(damaged, line) - bisect_left(damaged, before_line)
        if entry.seq - before.seq - 1 > found + unreadable:
            text = f"entries are missing before this line, between {before.seq} and {entry.seq}"
            problems.append(Problem(line=line, kind="removed", text=text))
        elif entry.seq == before.seq + 1 and entry.prev != before.hash:
            text = f"entry {entry.seq} is linked to another entry {before.seq} than the one that stands here"
            problems.append(Problem(line=max(before_line, 1), kind="edited", text=text))
        before_line, before = line, entry.head
    return problems


def _clock(chain: Sequence[_Placed]) -> list[Problem]:
    text = "the clock went back: this entry has an earlier time than the one before it"
    return [
        Problem(line=after.line, kind="clock", text=text)
        for before, after in pairwise(chain)
        if after.entry.time < before.entry.time
    ]


def _anchored(
    trusted: Sequence[_Placed], damaged: Sequence[int], lines: int, anchor: Head | None
) -> list[Problem]:
    """Whether the entry noted elsewhere is still there. A damaged line may be it, and is named already."""
    heads = {placed.entry.head for placed in trusted}
    if anchor is None or anchor == GENESIS or anchor in heads:
        return []
    same_number = [placed.line for placed in trusted if placed.entry.seq == anchor.seq]
    if same_number:
        text = f"entry {anchor.seq} is not the one that was noted elsewhere ({anchor.hash})"
        return [Problem(line=same_number[0], kind="anchor", text=text)]
    last_line, last_seq = max(((placed.line, placed.entry.seq) for placed in trusted), default=(0, 0))
    if last_seq + sum(line > last_line for line in damaged) >= anchor.seq:
        return []
    text = f"the log ends before entry {anchor.seq}, which was noted elsewhere"
    return [Problem(line=lines + 1, kind="truncated", text=text)]
