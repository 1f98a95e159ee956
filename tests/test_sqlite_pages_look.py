"""The quick look at a page's cells finds the pages that a slow one at every cell finds, and no others."""

from __future__ import annotations

import random
import struct

from forensics.formats.sqlite_pages import BtreePage, Layout, needs_a_look, parse_page, read_cell

_BYTES = (0x00, 0x01, 0x7F, 0x80, 0x81, 0x83, 0x9F, 0xFF)


def made(chance: random.Random) -> tuple[bytes, Layout]:
    """A page with up to three cells, most of them near its end, of bytes that are often lengths."""
    size = chance.choice((512, 1024, 4096, 65536))
    layout = Layout(size, size - chance.choice((0, 0, 32)))
    kind, cells = chance.choice((2, 5, 10, 13)), chance.randrange(4)
    start = 8 if kind in (10, 13) else 12
    begin = chance.choice((start + 2 * cells, size // 2, layout.usable - 150))
    data = bytearray(size)
    struct.pack_into(">BHHHB", data, 0, kind, 0, cells, begin, 0)
    for number in range(cells):
        pointer = chance.choice((chance.randrange(begin, layout.usable), size - chance.randrange(1, 160)))
        struct.pack_into(">H", data, start + 2 * number, pointer)
        cell = bytes(chance.choice((chance.randrange(256), *_BYTES)) for _ in range(min(24, size - pointer)))
        data[pointer : pointer + len(cell)] = cell
    return bytes(data), layout


def slow_look(page: BtreePage, layout: Layout) -> bool:
    pointers = page.pointers()
    if len(pointers) < page.cells or not pointers or min(pointers) < page.cells_begin:
        return True
    cells = [read_cell(page, pointer, layout, 1 << 40) for pointer in pointers]
    return any(cell is None or cell.end > page.usable or cell.local < cell.payload for cell in cells)


def test_the_quick_look_is_right() -> None:
    chance, answers = random.Random(5), {True: 0, False: 0}
    for _ in range(10_000):
        data, layout = made(chance)
        page = parse_page(data, 2, layout.usable)
        assert page is not None
        answer = needs_a_look(page, layout)
        assert answer == slow_look(page, layout)
        answers[answer] += 1
    assert min(answers.values()) > 1_000
