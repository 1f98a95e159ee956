"""A plan judges a record as the rules do one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_recovery_plan import make_plan
from forensics.formats.sqlite_recovery_rebuild import is_clean
from forensics.formats.sqlite_recovery_record import are_allowed
from forensics.formats.sqlite_recovery_serial import sizes
from forensics.formats.sqlite_recovery_sql import read_create_table
from forensics.formats.sqlite_recovery_template import Template, make_template

SQL = "CREATE TABLE t(chat INTEGER, name TEXT, size NUMERIC, real REAL, data BLOB)"
LAYOUT = Layout(4096, 4096)


def template(encoding: str = "utf-8", *, small: bool = True) -> Template:
    declared = read_create_table(SQL)
    assert declared is not None
    made = make_template(declared, sql=SQL, number=5, root=2, is_live=True, encoding=encoding, small=small)
    assert made is not None
    return replace(made, ranges=((-5, 1000), (1, 0), (0, 50)), scripts=frozenset((4,)))


TEXTS = some.one_of(
    some.text(max_size=8).map(lambda text: text.encode("utf-8", "replace")),
    some.text(max_size=8).map(lambda text: text.encode("utf-16-le", "replace")),
    some.sampled_from([b"12", b" 3.5e2 ", b"a\x00b", b"\xff\xfe", b"tab\there"]),
    some.binary(max_size=9),
)
VALUES = some.one_of(
    *(some.binary(min_size=width, max_size=width).map(lambda data, s=serial: (s, data))
      for serial, width in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (6, 8), (7, 8))),
    some.sampled_from([(0, b""), (8, b""), (9, b"")]),
    TEXTS.map(lambda data: (13 + 2 * len(data), data)),
    some.binary(max_size=5).map(lambda data: (12 + 2 * len(data), data)),
)  # fmt: skip


@given(values=some.lists(VALUES, min_size=1, max_size=5), encoding=some.sampled_from(["utf-8", "utf-16-le"]))
@pytest.mark.parametrize("small", [True, False])
def test_a_plan_says_what_the_rules_say(values: list[tuple[int, bytes]], encoding: str, small: bool):
    table = template(encoding, small=small)
    types, body = tuple(serial for serial, _data in values), b"".join(data for _serial, data in values)
    plan = make_plan(table, LAYOUT, types)
    assert plan is not None and plan.widths == sizes(types)
    assert plan.is_allowed == table.allows(types)
    if plan.is_allowed:
        rules = are_allowed(table, types, body) and is_clean(table, types, body)
        assert plan.fits(body, is_compared=False) == rules
        assert plan.fits(body, is_compared=True) == (rules and table.is_in_range(types, body, 2))


def test_types_without_a_meaning_have_no_plan():
    assert make_plan(template(), LAYOUT, (10,)) is None


def test_a_record_that_goes_on_elsewhere_takes_four_bytes_more_in_its_page():
    plan = make_plan(template(), LAYOUT, (1, 13 + 2 * 9000))
    assert plan is not None and not plan.is_local
    assert plan.local + plan.header == LAYOUT.local(plan.payload, is_index=False)
    assert plan.stands == plan.local + 4
