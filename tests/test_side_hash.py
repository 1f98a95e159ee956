"""The hash that is taken beside the decryption is that of hashlib, and its thread ends with the block."""

from __future__ import annotations

import hashlib
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.formats import side_hash
from forensics.formats.side_hash import SideHasher

LARGE = side_hash._LEAST


@given(st.lists(st.sampled_from([0, 1, 100, LARGE - 1, LARGE, LARGE + 1, 3 * LARGE]), max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_digest_is_that_of_hashlib_whatever_the_pieces(lengths):
    pieces = [bytes([number + 1]) * length for number, length in enumerate(lengths)]
    with SideHasher() as hasher:
        for _ in range(2):  # the second stream of a block starts anew
            beside = hasher.sha256()
            for piece in pieces:
                beside.update(piece)
            assert beside.hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()


class Watched:
    """Stands for hashlib's object: says which thread hashed, and whether a piece overtook another."""

    def __init__(self):
        self.threads, self.pieces, self.busy = [], [], False

    def update(self, piece):
        assert not self.busy
        self.busy = True
        self.threads.append(threading.get_ident())
        self.pieces.append(piece)
        self.busy = False

    def hexdigest(self):
        return "".join(str(piece[:1].hex()) for piece in self.pieces)


def test_large_pieces_are_hashed_by_the_other_thread_and_in_order(monkeypatch):
    watched = Watched()
    monkeypatch.setattr(hashlib, "sha256", lambda: watched)
    with SideHasher() as hasher:
        beside = hasher.sha256()
        for piece in (b"\1" * LARGE, b"\2" * LARGE, b"\3", b"\4" * LARGE):
            beside.update(piece)
        assert beside.hexdigest() == "01020304"
    here = threading.get_ident()
    assert [thread == here for thread in watched.threads] == [False, False, True, False]


def test_one_piece_at_a_time_is_on_its_way(monkeypatch):
    held = threading.Event()
    watched = Watched()
    monkeypatch.setattr(watched, "update", lambda piece: held.wait(20) and watched.pieces.append(piece))
    monkeypatch.setattr(hashlib, "sha256", lambda: watched)
    with SideHasher() as hasher:
        beside = hasher.sha256()
        beside.update(b"\1" * LARGE)
        taker = threading.Thread(target=beside.update, args=(b"\2" * LARGE,))
        taker.start()
        taker.join(0.1)
        assert taker.is_alive(), "a second piece was taken while the first one was not hashed"
        held.set()
        taker.join(20)
        assert beside.hexdigest() == "0102"


def test_the_thread_is_started_by_a_large_piece_and_ends_with_the_block():
    before = threading.active_count()
    with SideHasher() as hasher:
        hasher.sha256().update(b"small")
        assert threading.active_count() == before
        hasher.sha256().update(bytes(LARGE))
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_the_thread_ends_when_the_block_is_left_by_an_error():
    before = threading.active_count()
    with pytest.raises(ValueError, match="mid stream"), SideHasher() as hasher:
        hasher.sha256().update(bytes(LARGE))
        raise ValueError("mid stream")
    assert threading.active_count() == before
