"""The library behind the tables of a case is loaded without what it would load besides."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

from forensics.case_tables import Tables

PROGRAM = """
import sys
import forensics.ingest
from forensics.case_tables import Tables
import sqlite3
db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, a TEXT)")
tables = Tables(db)
number = tables.insert("t", {"a": "x"})
tables.update("t", number, {"a": "y"})
print(db.execute("SELECT * FROM t").fetchall())
print(sorted({"numpy", "pandas", "pyarrow"} & sys.modules.keys()))
print(None in sys.modules.values())
"""


def test_no_library_for_columns_of_numbers_is_loaded_for_an_ingest():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[(1, 'y')]", "[]", "False"]


def test_a_number_is_that_of_the_row(tmp_path):
    with closing(sqlite3.connect(tmp_path / "case.db")) as db:
        db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, a TEXT, b INTEGER)")
        tables = Tables(db)
        assert [tables.insert("t", {"a": a, "b": 1}) for a in "xyz"] == [1, 2, 3]
        tables.update("t", 2, {"a": "other"})
        assert db.execute("SELECT a, b FROM t WHERE n = 2").fetchone() == ("other", 1)
