"""Tampered databases cost work that grows as they do: steps and bytes read are counted, no time is taken.

A step is a call of a function of Python or of C. A file of twice the size may take twice the steps; a trick
that made the recovery go over the same bytes for every row would take four times as many.
"""

from __future__ import annotations

import io
import struct
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_pages_made import (
    PAGE,
    SQL,
    cell,
    entries_of_one_row,
    first_page,
    interior,
    leaf,
    long_cell,
    record,
    tree,
    varint,
)

from forensics.formats.sqlite_recovery import recover

SMALL, MIDDLE, LARGE = 30, 60, 120
MOST_STEPS = 30_000  # a page
MOST_READS = 30  # how often all bytes may be read
Files = tuple[bytes, bytes | None, bytes | None]


class Counted(io.BytesIO):
    """Counts the bytes that are read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def work(files: Files, folder: Path) -> tuple[int, int]:
    """The steps of a recovery, and the bytes it read."""
    streams = [Counted(data) if data is not None else None for data in files]
    steps = 0

    def step(_frame: object, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    before = sys.getprofile()
    rows = recover(streams[0], streams[1], streams[2], work=folder, name="a.db")
    sys.setprofile(step)
    try:
        for _row in rows:
            pass
    finally:
        sys.setprofile(before)
    return steps, sum(stream.taken for stream in streams if stream is not None)


def database(body: list[bytes], root: int, **header: int) -> bytes:
    """Page 1 and what follows it; ``root`` is that of the table."""
    return first_page([("t", root, SQL)], len(body) + 1, **header) + b"".join(body)


def over(leaves: list[bytes], keys: list[int]) -> bytes:
    """A database whose table has these leaves."""
    root, inner = tree(range(2, 2 + len(leaves)), keys, 2 + len(leaves))
    return database([*leaves, *inner], root)


def deleted(rowid: int) -> bytes:
    return cell(rowid, None, f"a message that was deleted, number {rowid}", 1_600_000_000 + rowid)


def holding(rowid: int, free: int, blocks: dict[int, tuple[int, int]]) -> bytes:
    """A leaf with one live cell, and freeblocks by their offset: the next one each names, and its size."""
    page = bytearray(leaf([cell(rowid, None, f"live {rowid}", rowid), *map(deleted, range(5))], free=free))
    struct.pack_into(">H", page, 3, 1)
    for at, block in blocks.items():
        struct.pack_into(">HH", page, at, *block)
    return bytes(page)


def freeblocks_that_point_at_themselves(pages: int) -> bytes:
    at = PAGE - 100
    return over([holding(n, at, {at: (at, 60)}) for n in range(pages)], list(range(pages)))


def freeblocks_that_point_back(pages: int) -> bytes:
    at, low = PAGE - 100, PAGE - 180
    return over([holding(n, at, {at: (low, 60), low: (at, 60)}) for n in range(pages)], list(range(pages)))


def freeblocks_that_state_too_much(pages: int) -> bytes:
    at = PAGE - 100
    return over([holding(n, at, {at: (0, 0xFFFF)}) for n in range(pages)], list(range(pages)))


def a_freelist_in_a_circle(pages: int) -> bytes:
    trunks = [struct.pack(">II", 2 + (n + 1) % pages, 0).ljust(PAGE, b"\x00") for n in range(pages)]
    return database([leaf([]), *trunks], 2, trunk=3, free=pages)


def trunks_that_count_absurdly(pages: int) -> bytes:
    """Each states four billion leaves, and names the same ones as the others do."""
    named = struct.pack(f">{PAGE // 4 - 2}I", *(3 + n % pages for n in range(PAGE // 4 - 2)))
    trunks = [struct.pack(">II", 3 + n + 1, 0xFFFFFFFF) + named for n in range(pages)]
    return database([leaf([]), *trunks], 2, trunk=3, free=0xFFFFFFFF)


def inner_pages_that_name_each_other(pages: int) -> bytes:
    """A b-tree in which every page is a child of every other one, the root among them."""
    children = [(2 + n % pages, n) for n in range(80)]
    return database([interior(children, 2) for _ in range(pages)], 2)


def a_tree_as_deep_as_the_file(pages: int) -> bytes:
    return database([interior([(2 + n + 1, 5)], 2 + n) for n in range(pages)], 2)


def inner_pages_without_their_children(pages: int) -> bytes:
    """Thousands of holes in the tree, and as many rows of which it must be known whether they lie in one."""
    half = pages // 2
    first = 2 + half
    gone = [interior([(1 << 20 | n * 80 + k, n * 80 + k) for k in range(80)], 1 << 20) for n in range(half)]
    root, inner = tree(range(2, first), [n * 80 + 79 for n in range(half)], first)
    free = [leaf([deleted(1_000_000 + n * 20 + k) for k in range(12)]) for n in range(half)]
    trunk = first + len(inner)
    leaves = range(trunk + 1, trunk + 1 + len(free))
    trunks = struct.pack(f">II{min(len(free), 250)}I", 0, min(len(free), 250), *leaves[:250]).ljust(
        PAGE, b"\x00"
    )
    return database([*gone, *inner, trunks, *free], root, trunk=trunk, free=len(free))


def freed(leaves: list[bytes], others: list[bytes], table: bytes = b"") -> bytes:
    """A database with ``leaves`` on its freelist, and other pages behind them."""
    room = PAGE // 4 - 8
    first = 3
    trunks: list[bytes] = []
    count = -(-len(leaves) // room)
    for n in range(count):
        part = [first + count + at for at in range(n * room, min((n + 1) * room, len(leaves)))]
        following = first + n + 1 if n + 1 < count else 0
        trunks.append(struct.pack(f">II{len(part)}I", following, len(part), *part).ljust(PAGE, b"\x00"))
    body = [table or leaf([]), *trunks, *leaves, *others]
    return database(body, 2, trunk=first, free=len(leaves))


def overflow_chains_in_one_circle(pages: int) -> bytes:
    """Every deleted row goes on in the same pages, which go round."""
    text = "long " * 40_000
    first = 3 + -(-pages // (PAGE // 4 - 8)) + pages
    rows = [leaf([long_cell(5 * n + k, text, first) for k in range(3)]) for n in range(pages)]
    circle = [struct.pack(">I", first + (n + 1) % pages) + (text[: PAGE - 4]).encode() for n in range(pages)]
    return freed(rows, circle)


def live_rows_that_share_their_overflow(pages: int) -> bytes:
    """Live rows that all go on in the same long chain, and an older version of each on a free page."""
    text = "long " * 40_000
    third = pages // 3
    count = third + 1
    room = PAGE // 4 - 8
    chain = 2 + 2 * count + -(-count // room) + 8
    live = [leaf([long_cell(n, text, chain)]) for n in range(count)]
    root, inner = tree(range(2, 2 + count), list(range(count)), 2 + count)
    old = [leaf([cell(n, None, f"older {n}", 1_600_000_000 + n)]) for n in range(count)]
    at = 2 + count + len(inner)
    trunks = []
    number = -(-count // room)
    for n in range(number):
        part = [at + number + place for place in range(n * room, min((n + 1) * room, count))]
        head = struct.pack(f">II{len(part)}I", at + n + 1 if n + 1 < number else 0, len(part), *part)
        trunks.append(head.ljust(PAGE, b"\x00"))
    body = [*live, *inner, *trunks, *old]
    body += [bytes(PAGE)] * (chain - 2 - len(body))
    links = [
        struct.pack(">I", chain + n + 1 if n + 1 < third else 0) + text[: PAGE - 4].encode()
        for n in range(third)
    ]
    return database([*body, *links], root, trunk=at, free=count)


def cells_without_number(pages: int) -> bytes:
    """Pages that state more cells than they can hold, and cells longer than any file."""
    monster = varint(1 << 62) + varint(1) + record(None, "endless", 1)
    leaves = [leaf([monster] * 8, count=(0xFFFF if n % 2 else 8)) for n in range(pages)]
    return over(leaves, list(range(pages)))


def cells_over_each_other(pages: int) -> bytes:
    """Each byte of a page is named as a cell's first, and each of those cells takes what follows it."""
    filled = bytes([0x83, 0x10] * 400).ljust(PAGE - 8, b"\x05")
    free = []
    for _ in range(pages // 4):
        page = bytearray(leaf([filled[: PAGE - 330]], pointers=range(330, 480)))
        for at in range(330, 480):
            page[at] = 0x7F - (at % 60)
        free.append(bytes(page))
    return freed(free, [])


def pages_of_the_wrong_type(pages: int) -> bytes:
    kinds = (0x02, 0x05, 0x0A, 0x00, 0x0D)
    leaves = [
        leaf([deleted(n * 9 + k) for k in range(9)], kind=kinds[n % 5], right=2 if kinds[n % 5] < 8 else None)
        for n in range(pages)
    ]
    return over(leaves, [n * 9 + 8 for n in range(pages)])


def a_header_that_lies(pages: int) -> bytes:
    leaves = [holding(n, 0, {}) for n in range(pages)]
    root, inner = tree(range(2, 2 + pages), list(range(pages)), 2 + pages)
    data = bytearray(database([*leaves, *inner], root, trunk=0x7FFFFFFF, free=0xFFFFFFFF, vacuum=0xFFFFFFFF))
    struct.pack_into(">I", data, 28, 0xFFFFFFFF)
    return bytes(data)


def tables_without_end(pages: int) -> bytes:
    """A schema of many tables, and free pages that each of them may have had."""
    half = pages // 3
    names = [(f"t{n}", 0x7FFFFFF0, f"CREATE TABLE t{n}(a, b, c)") for n in range(half * 8)]
    rows = [cell(at, "table", name, name, root, sql) for at, (name, root, sql) in enumerate(names, 1)]
    leaves = [leaf(rows[at : at + 8]) for at in range(0, len(rows), 8)]
    page = bytearray(first_page([], 2 + pages))
    top, inner = tree(range(2, 2 + half), [8 * n + 8 for n in range(half)], 2 + half)
    start = 2 + half + len(inner)
    free = [leaf([deleted(n * 9 + k) for k in range(9)]) for n in range(half)]
    trunk = struct.pack(f">II{half}I", 0, half, *range(start + 1, start + 1 + half)).ljust(PAGE, b"\x00")
    page[100:112] = interior([], top)[:12]
    struct.pack_into(">II", page, 32, start, half)
    struct.pack_into(">I", page, 28, 2 + len(leaves) + len(inner) + len(free))
    return bytes(page) + b"".join([*leaves, *inner, trunk, *free])


TRICKS: list[Callable[[int], bytes]] = [
    freeblocks_that_point_at_themselves,
    freeblocks_that_point_back,
    freeblocks_that_state_too_much,
    a_freelist_in_a_circle,
    trunks_that_count_absurdly,
    inner_pages_that_name_each_other,
    a_tree_as_deep_as_the_file,
    inner_pages_without_their_children,
    overflow_chains_in_one_circle,
    live_rows_that_share_their_overflow,
    cells_without_number,
    cells_over_each_other,
    pages_of_the_wrong_type,
    a_header_that_lies,
    entries_of_one_row,
]
SLOW = [pytest.param(tables_without_end, marks=pytest.mark.full)]


def demand_linear(make: Callable[[int], Files], folder: Path) -> None:
    made = [make(pages) for pages in (SMALL, MIDDLE, LARGE)]
    sizes = [sum(len(data or b"") for data in files) for files in made]
    work(made[0], folder)  # what is imported and compiled once in a process is no part of the growth
    counted = [work(files, folder) for files in made]
    for (_steps, read), size in zip(counted, sizes, strict=True):
        assert read <= MOST_READS * size + (1 << 20)
    (one, _), (two, _), (four, _) = counted
    per_page = (four - two) / ((sizes[2] - sizes[1]) / PAGE)
    assert per_page <= MOST_STEPS
    assert four - two <= 2.5 * (two - one) + 20_000, f"steps: {one}, {two}, {four}"


@pytest.mark.parametrize("trick", [*TRICKS, *SLOW], ids=lambda trick: trick.__name__)
def test_a_trick_costs_no_more_than_the_file_is_larger(trick: Callable[[int], bytes], tmp_path: Path):
    demand_linear(lambda pages: (trick(pages), None, None), tmp_path / "work")


def frame(page: int, salt: int, data: bytes, commit: int = 0) -> bytes:
    """A frame of a log (section 4.1), with a checksum that is wrong."""
    return struct.pack(">6I", page, commit, salt, 7, 0, 0) + data


def a_log_of_one_page(pages: int) -> Files:
    """Every frame is of one page and of another generation, or of a page far beyond the end."""
    main = over([holding(n, 0, {}) for n in range(8)], list(range(8)))
    head = struct.pack(">8I", 0x377F0682, 3_007_000, PAGE, 0, 1, 7, 0, 0)
    frames = [
        frame(2 if n % 2 else 0xFFFFFFF0, n, leaf([deleted(n * 9 + k) for k in range(9)]), 0xFFFFFFFF)
        for n in range(pages)
    ]
    return main, head + b"".join(frames), None


def a_journal_of_one_page(pages: int) -> Files:
    """A journal that counts four billion images, all of one page, and whose sectors begin anew at each."""
    main = over([holding(n, 0, {}) for n in range(8)], list(range(8)))
    magic = bytes.fromhex("d9d505f920a163d7")
    head = (magic + struct.pack(">5I", 0xFFFFFFFF, 1, 10, 512, PAGE)).ljust(512, b"\x00")
    images = [
        struct.pack(">I", 2) + leaf([deleted(n * 9 + k) for k in range(9)]) + bytes(4) for n in range(pages)
    ]
    return main, None, head + b"".join(images)


@pytest.mark.parametrize("make", [a_log_of_one_page, a_journal_of_one_page], ids=lambda make: make.__name__)
def test_a_tampered_log_or_journal_costs_no_more_than_it_is_larger(
    make: Callable[[int], Files], tmp_path: Path
):
    demand_linear(make, tmp_path / "work")


def test_cells_over_each_other_take_no_more_memory_than_a_few_pages(tmp_path: Path):
    page = 65536
    payload = record(None, "x" * 20_000, 1)
    head = varint(len(payload)) + varint(5) + payload[:6]
    places = range(10_000, 44_000, 16)
    free = bytearray(leaf([], pointers=places, page=page))
    for at in places:
        free[at : at + len(head)] = head
    body = [leaf([], page=page), struct.pack(">III", 0, 1, 4).ljust(page, b"\x00"), bytes(free)]
    data = first_page([("t", 2, SQL)], 4, trunk=3, free=2, page=page)[:page] + b"".join(body)
    tracemalloc.start()
    try:
        for _row in recover(io.BytesIO(data), work=tmp_path / "work", name="a.db"):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200 * page
