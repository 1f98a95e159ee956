"""The key of an encrypted case: whose library is loaded, who is asked how often, and what is left behind."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from sporen_runs import done, log, new, refused, sporen, verified

from forensics import case_file, transfer
from forensics.case import Case
from forensics.cli import talk
from forensics.errors import MachineFailed

pytest.importorskip("sqlcipher3", reason="the extra encryption is not installed (sqlcipher3)")

VARIABLE, LIBRARY = "SPOREN_CASE_PASSPHRASE", "SPOREN_TOKEN_LIBRARY"
NEW = ("--number", "1", "--examiner", "E", "--encrypt")


@pytest.fixture(autouse=True)
def nothing_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (VARIABLE, f"{VARIABLE}_FILE", LIBRARY):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "alfa")
        return new(tmp_path_factory.mktemp("made") / "case", "--encrypt")


@pytest.fixture
def case(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A command with somebody at the terminal who types these lines; gives the result."""
    monkeypatch.setattr(talk, "is_at_terminal", lambda: True)
    return lambda lines, *arguments: sporen(*arguments, stdin="".join(f"{each}\n" for each in lines))


# --- The library of a token ---------------------------------------------------------------------------------


class Tokens:
    """Stands in for python-pkcs11: a token that turns bits around, with the PIN 1234."""

    class PKCS11Error(Exception): ...

    class PinIncorrect(PKCS11Error): ...

    PinInvalid = PinLenRange = PinLocked = PinIncorrect

    class NoSuchToken(PKCS11Error): ...

    Mechanism = SimpleNamespace(RSA_PKCS_OAEP=9)
    ObjectClass = SimpleNamespace(PUBLIC_KEY=2, PRIVATE_KEY=3)

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.pins: list[str] = []

    def lib(self, path: str) -> Tokens:
        self.loaded.append(path)
        return self

    def get_token(self, token_label: str) -> Tokens:
        if token_label != "unit 3":
            raise self.NoSuchToken
        return self

    @contextmanager
    def open(self, user_pin: str) -> Iterator[Tokens]:
        self.pins.append(user_pin)
        if user_pin != "1234":
            raise self.PinIncorrect
        yield self

    def get_key(self, **_named: object) -> Tokens:
        return self

    def encrypt(self, data: bytes, **_how: object) -> bytes:
        return bytes(each ^ 0xFF for each in data)

    decrypt = encrypt


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> Tokens:
    found = Tokens()
    monkeypatch.setitem(sys.modules, "pkcs11", found)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("command", ["verify", "flags", "receive"])
def test_a_library_that_a_case_names_is_never_loaded(
    case: Path, command: str, tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(VARIABLE, "alfa")
    if command == "receive":
        done("handover", case, "--to", "Unit 9", "-o", tmp_path / "copy")
        case = tmp_path / "copy"
        # whoever gives a copy signs whatever is in it
        monkeypatch.setattr(transfer, "copy_problems", lambda folder: [])
    evil = "pkcs11:token=unit%203;object=case?module-path=/tmp/evil.so"
    (case / "case.key").write_text(json.dumps({"salt": "00" * 16, "token": evil, "wrapped": "00"}))
    options = ("-o", tmp_path / "taken", "--by", "B. Taker") if command == "receive" else ()
    assert sporen(command, case, *options).exit_code != 0
    assert (tokens.loaded, tokens.pins) == ([], [])
    monkeypatch.setenv(LIBRARY, "/opt/own.so")
    assert sporen(command, case, *options).exit_code != 0
    assert set(tokens.loaded) <= {"/opt/own.so"}


def test_a_case_keeps_the_names_of_token_and_key_and_no_path(
    tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(VARIABLE, "1234")
    case = new(
        tmp_path / "case",
        "--encrypt-token",
        "pkcs11:token=unit%203;object=case?module-path=/opt/own%20one.so",
    )
    found = json.loads((case / "case.key").read_text())
    assert found["token"] == "pkcs11:token=unit%203;object=case"
    assert set(tokens.loaded) == {"/opt/own one.so"}


def test_without_a_library_of_this_machine_it_is_4_and_the_attempt_waits(case: Path, tokens: Tokens):
    (case / "case.key").write_text(
        json.dumps({"salt": "00" * 16, "token": "pkcs11:token=a;object=b", "wrapped": "00"})
    )
    assert f"set {LIBRARY}" in refused(4, "flags", case)
    (waiting,) = case.glob("attempts.*.jsonl")
    assert len(waiting.read_bytes().splitlines()) == 1


def test_a_token_opens_its_case_through_the_library_of_this_machine(
    tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(VARIABLE, "1234")
    monkeypatch.setenv(LIBRARY, "/opt/own.so")
    case = new(tmp_path / "case", "--encrypt-token", "pkcs11:token=unit%203;object=other")
    assert verified(case) == []
    assert set(tokens.loaded) == {"/opt/own.so"}
    monkeypatch.setenv(VARIABLE, "4321")
    assert "does not take this PIN" in refused(4, "flags", case)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"salt":' * 6_000,
        b'{"salt": "' + b"0" * (1 << 20) + b'"}',
        b'{"salt": "00000000000000000000000000000000", "token": "a"}',
    ],
)
def test_a_hostile_key_file_is_5(case: Path, content: bytes):
    (case / "case.key").write_bytes(content)
    assert "restore it from a copy" in refused(5, "flags", case)


# --- Who is asked -------------------------------------------------------------------------------------------


def test_a_new_passphrase_is_typed_twice_the_same_and_becomes_the_key(
    typed: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    result = typed(["alfa", "bravo", "charlie", "charlie"], "new", tmp_path / "case", *NEW)
    assert result.exit_code == 0, result.output
    assert "do not match" in result.stderr
    for given, code in (("alfa", 4), ("bravo", 4), ("charlie", 0)):
        monkeypatch.setenv(VARIABLE, given)
        assert sporen("flags", tmp_path / "case").exit_code == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("handover", "{}", "--to", "Unit 9", "-o", "{}-copy"), 0),
        (("show", "{}", "m00"), 2),
        (("log", "{}"), 0),
    ],
)
def test_a_person_is_asked_once_a_command(
    case: Path, typed: Callable[..., Any], arguments: tuple[str, ...], code: int
):
    result = typed(["alfa"], *(each.format(case) for each in arguments))
    assert result.exit_code == code, result.output
    assert result.stderr.count("Passphrase of") == 1


def test_what_was_typed_wrong_is_asked_again_by_the_next_command_only(case: Path, typed: Callable[..., Any]):
    result = typed(["bravo", "alfa"], "log", case)
    assert (result.exit_code, result.stderr.count("Passphrase of")) == (4, 1)
    assert typed(["alfa"], "log", case).exit_code == 0


def test_each_of_two_cases_is_asked_for(
    case: Path, tmp_path: Path, typed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    assert typed(["bravo", "bravo"], "new", tmp_path / "other", *NEW).exit_code == 0
    result = typed(["alfa", "bravo"], "link", case, tmp_path / "other")
    assert result.exit_code == 0, result.output


def test_a_pipe_is_read_once_for_all_connections(case: Path, tmp_path: Path):
    read, write = os.pipe()
    os.write(write, b"alfa\n")
    os.close(write)
    try:
        done("--case-passphrase", f"/dev/fd/{read}", "handover", case, "--to", "X", "-o", tmp_path / "copy")
    finally:
        os.close(read)


def test_the_option_goes_before_the_environment(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "right").write_text("alfa\n")
    (tmp_path / "empty").write_text("")
    monkeypatch.setenv(VARIABLE, "bravo")
    done("--case-passphrase", tmp_path / "right", "log", case)
    monkeypatch.setenv(VARIABLE, "alfa")
    assert "is missing" in refused(4, "--case-passphrase", tmp_path / "empty", "log", case)


def test_what_a_command_was_given_opens_the_case_in_every_thread(case: Path, tmp_path: Path):
    """The review page answers in threads of its own server."""
    (tmp_path / "right").write_text("alfa\n")
    done("--case-passphrase", tmp_path / "right", "log", case)
    opened: list[str] = []

    def open_it() -> None:
        with Case.open(case) as found:
            opened.append(found.info["number"])

    thread = Thread(target=open_it)
    thread.start()
    thread.join()
    assert opened == ["T-1"]


# --- What is left behind ------------------------------------------------------------------------------------


def test_a_new_case_that_failed_leaves_nothing_and_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(case: Case, info: object) -> None:
        raise MachineFailed("no space left")

    monkeypatch.setenv(VARIABLE, "alfa")
    for options in (NEW, NEW[:-1]):
        with monkeypatch.context() as patch:
            patch.setattr(Case, "_initialise", fails)
            assert refused(7, "new", tmp_path / "case", *options) == "no space left"
        assert not (tmp_path / "case").exists()
    new(tmp_path / "case", "--encrypt")
    assert [each["action"] for each in log(tmp_path / "case")].count("attempt") == 0


def test_a_new_case_whose_making_was_killed_takes_no_attempt_and_can_be_made_plain(
    tmp_path: Path, case: Path
):
    killed = tmp_path / "killed"
    killed.mkdir()
    shutil.copyfile(case / "case.key", killed / "case.key")
    (killed / "case.db").touch()
    assert "broken off" in refused(2, "flags", killed)
    assert sorted(each.name for each in killed.iterdir()) == ["case.db", "case.key"]
    new(killed)
    assert not (killed / "case.key").exists()
    assert verified(killed) == []


def test_a_case_that_was_stored_is_not_taken_back(case: Path):
    before = sorted(each.name for each in case.iterdir())
    case_file.take_back(case, existed=False)
    assert sorted(each.name for each in case.iterdir()) == before
