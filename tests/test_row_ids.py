"""Row ids kept as stretches, and the index of Telegram's messages: what they answer and what they hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.row_ids import RowIds, listed
from parsers.telegram_index import Index

WIDE = 1 << 40


@given(st.lists(st.integers(-40, 80), unique=True).map(sorted), st.integers(-50, 90))
def test_row_ids_are_what_was_added(added: list[int], asked: int):
    found = RowIds()
    for each in added:
        found.add(each)
    assert (list(found), len(found), found.last) == (added, len(added), added[-1] if added else None)
    assert (asked in found) is (asked in added)


def test_a_row_id_that_comes_twice_counts_twice():
    found = RowIds()
    for each in (7, 7, 8):
        found.add(each)
    assert (list(found), len(found), 8 in found, "8" in found) == ([7, 7, 8], 3, True, False)


def test_a_list_of_row_ids_gives_what_is_none_as_it_stands_there():
    far = "1" * 5000
    assert list(listed(f"1, 2,x,,-3,\u00b2,{far},4")) == [1, 2, "x", "-3", "\u00b2", far, 4]


def test_a_million_neighbours_are_one_stretch():
    found = RowIds()
    for each in range(1, 1_000_001):
        if each % 1000:
            found.add(each)
    assert (len(found), len(found._firsts), len(found._lasts)) == (999_000, 1000, 1000)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(-5, 5) | st.just(WIDE), st.integers(1, 9) | st.just(WIDE)),
        max_size=30,
    )
)
def test_the_index_gives_the_rows_of_a_message_in_the_order_of_tables(rows: list[tuple[int, int, int]]):
    index = Index(("one", "two", "three"))
    for table, number, rowid in rows:
        index.add(5, number, table, rowid)
    index.seal()
    assert list(index.numbers(5)) == sorted(number for _table, number, _rowid in rows)
    for wanted in {number for _table, number, _rowid in rows}:
        expected = sorted((table, rowid) for table, number, rowid in rows if number == wanted)
        named = [(index.tables[table], rowid) for table, rowid in expected]
        assert (index.all(5, wanted), index.first(5, wanted)) == (named, named[0])
    assert index.first(5, 7) is None


def test_what_is_held_of_a_message_is_nine_bytes():
    index = Index(("one",))
    for number in range(1, 10_001):
        index.add(5, number, 0, number)
    assert sum(each.itemsize for each in index._dialogs[5]) == 9
