"""Ctrl-C is held back in a block and comes after it; on Windows nothing is held."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from forensics.interrupts import end_quietly, held, ignore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such masks there")


def _is_held() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.usefixtures("_as_before")
def test_ctrl_c_within_the_block_comes_behind_it() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reached = False
    with pytest.raises(KeyboardInterrupt), held():
        signal.raise_signal(signal.SIGINT)
        reached = True
    assert reached
    assert not _is_held()


def test_a_block_that_fails_and_one_within_another_leave_things_as_they_were() -> None:
    with pytest.raises(ZeroDivisionError), held():
        raise ZeroDivisionError
    assert not _is_held()
    with held():
        with held():
            assert _is_held()
        assert _is_held()
    assert not _is_held()


@pytest.mark.usefixtures("_as_before")
def test_a_process_that_says_what_it_does_about_it_lets_it_through() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for says, handler in (
        (end_quietly, signal.SIG_DFL),
        (ignore, signal.SIG_IGN),
        (end_quietly, signal.SIG_IGN),
    ):
        with held():
            says()
            assert not _is_held()
        assert signal.getsignal(signal.SIGINT) == handler


def test_on_windows_nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with held():
        assert not _is_held()


@pytest.fixture
def _as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)
