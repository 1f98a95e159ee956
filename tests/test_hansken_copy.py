"""Files of an image that want one place in the copy: each has its own, and none is lost."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from forensics.hansken_copy import copy_tree
from forensics.hansken_model import load_model

DATABASES = "data/data/com.whatsapp/databases"


class _Trace:
    """A file of an image, as the SDK gives it."""

    def __init__(self, uid: str, path: str, content: bytes) -> None:
        self._properties = {"uid": uid, "file.path": path}
        self._content = content

    def get(self, name: str) -> str | None:
        return self._properties.get(name)

    def open(self) -> BytesIO:
        return BytesIO(self._content)


class _Image:
    """Finds files by name, in the order in which they were given."""

    def __init__(self, traces: Iterable[_Trace]) -> None:
        self._traces = list(traces)

    def search(self, query: str, count: int | None = None, scope: str = "image") -> list[Any]:
        name = query.partition("file.name='")[2].removesuffix("'")
        return [each for each in self._traces if str(each.get("file.path")).rpartition("/")[2] == name]


MAIN = _Trace("image:1", f"/{DATABASES}/msgstore.db", b"main")


def _copied(folder: Path, *traces: _Trace) -> dict[str, bytes]:
    told = copy_tree(MAIN, _Image([MAIN, *traces]), load_model(), folder)
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert told == sorted(found)
    return found


@pytest.mark.parametrize("turn", [1, -1])
def test_a_live_and_a_deleted_file_of_one_path_are_both_kept(turn: int, tmp_path: Path) -> None:
    two = [
        _Trace("image:7", f"/{DATABASES}/wa.db", b"live"),
        _Trace("image:9", f"/{DATABASES}/wa.db", b"gone"),
    ]
    assert _copied(tmp_path, *two[::turn]) == {
        f"{DATABASES}/msgstore.db": b"main",
        f"{DATABASES}/wa.db": b"live",
        f"trace-image%3A9/{DATABASES}/wa.db": b"gone",
    }


def test_paths_that_differ_in_slashes_alone_are_two_files(tmp_path: Path) -> None:
    two = [_Trace("image:2", f"/{DATABASES}//wa.db", b"a"), _Trace("image:3", f"/{DATABASES}/wa.db", b"b")]
    found = _copied(tmp_path, *two)
    assert sorted(found.values()) == [b"a", b"b", b"main"]
    assert found[f"trace-image%3A3/{DATABASES}/wa.db"] == b"b"


def test_a_file_where_another_needs_a_folder_costs_neither(tmp_path: Path) -> None:
    below = [_Trace("image:2", "/keys/key", b"a"), _Trace("image:3", "/keys/key/key", b"b")]
    below += [_Trace("image:4", "/keys/key/x/key", b"c")]
    assert _copied(tmp_path, *below) == {
        f"{DATABASES}/msgstore.db": b"main",
        "keys/key": b"a",
        "trace-image%3A3/keys/key/key": b"b",
        "trace-image%3A4/keys/key/x/key": b"c",
    }


def test_a_path_of_the_image_that_looks_like_a_place_of_ours_costs_neither(tmp_path: Path) -> None:
    found = _copied(
        tmp_path,
        _Trace("image:2", "/a/key", b"a"),
        _Trace("image:3", "/a/key", b"b"),
        _Trace("image:4", "/Trace/../trace-image%3A3/a/key", b"c"),
        _Trace("image:5", "/A/trace/key", b"d"),
    )
    assert sorted(found.values()) == [b"a", b"b", b"c", b"d", b"main"]


def test_a_taken_place_of_a_uid_gets_a_number(tmp_path: Path) -> None:
    taken = tmp_path / "trace-image%3A3/a/key"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"taken")
    two = [_Trace("image:2", "/a/key", b"a"), _Trace("image:3", "/a/key", b"b")]
    copy_tree(MAIN, _Image(two), load_model(), tmp_path)
    assert taken.read_bytes() == b"taken"
    assert (tmp_path / "trace-image%3A3.2/a/key").read_bytes() == b"b"


def test_a_file_found_by_two_searches_is_copied_once(tmp_path: Path) -> None:
    one = _Trace("image:2", f"/{DATABASES}/wa.db-wal", b"log")
    assert sorted(_copied(tmp_path, one, one)) == [f"{DATABASES}/msgstore.db", f"{DATABASES}/wa.db-wal"]


def test_a_path_with_half_a_character_is_copied_under_its_digest(tmp_path: Path) -> None:
    found = _copied(tmp_path, _Trace("image:2", "/\ud800/key", b"a"))
    (place,) = (place for place, content in found.items() if content == b"a")
    assert place.startswith("unsafe-path-")
