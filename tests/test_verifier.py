from __future__ import annotations

import ast
import hashlib
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from deliveries import (
    COLLEAGUE,
    EXAMINER,
    MANIFEST,
    MESSAGES,
    STRANGER,
    TAGS,
    head_of,
    listing,
    log_line,
    log_lines,
    seal,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import custody

SCRIPT = Path(__file__).parents[1] / "reports" / "templates" / "verify_delivery.py"
SPECIFICATION = importlib.util.spec_from_file_location("verify_delivery", SCRIPT)
assert SPECIFICATION is not None
assert SPECIFICATION.loader is not None
verifier = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(verifier)


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    folder = tmp_path / "delivery"
    (folder / "data" / "attachments").mkdir(parents=True)
    (folder / "data" / "custody.jsonl").write_bytes(b"".join(log_lines()))
    (folder / "data" / "messages.jsonl").write_bytes(b"".join(MESSAGES))
    (folder / "data" / "attachments" / "één foto.jpg").write_bytes(b"not really a picture")
    seal(folder)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    code = verifier.main([str(argument) for argument in arguments])
    lines = capsys.readouterr().out.splitlines()
    return code, [line.split(maxsplit=1)[1] for line in lines if line.startswith("FOUT/WRONG")]


# A whole delivery.


def test_a_whole_delivery_passes_as_a_script_without_any_package(delivery: Path):
    before = sorted(delivery.rglob("*"))
    done = subprocess.run([sys.executable, "-I", "-S", SCRIPT, delivery], capture_output=True, check=False)
    output = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b""), output
    assert "klopt / as delivered" in output
    assert "manifest-sha256.txt: 3 bestanden / files" in output
    assert f"{EXAMINER.key_id} = {EXAMINER.public.hex()}, door / by {EXAMINER.key_id}" in output
    assert f"{COLLEAGUE.key_id} = {COLLEAGUE.public.hex()}, door / by {COLLEAGUE.key_id}" in output
    assert f"custody.jsonl: 4 regels / lines; laatste / last hash {head_of(log_lines()[-1]).hash}" in output
    assert hashlib.sha256((delivery / TAGS).read_bytes()).hexdigest() in output
    assert sorted(delivery.rglob("*")) == before


def test_the_number_of_the_proces_verbaal_is_compared(delivery: Path, capsys):
    number = hashlib.sha256((delivery / TAGS).read_bytes()).hexdigest()
    assert run(capsys, delivery, number.upper()) == (0, [])
    code, faults = run(capsys, delivery, "0" * 64)
    assert (code, len(faults)) == (1, 1)
    assert faults[0].startswith("tagmanifest-sha256.txt: niet het opgegeven getal")


def test_inside_a_delivery_it_checks_the_folder_it_stands_in(delivery: Path):
    shutil.copy(SCRIPT, delivery / "check.py")
    done = subprocess.run([sys.executable, "-I", delivery / "check.py"], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"check.py: niet in de lijsten / not in the lists" in done.stdout


def test_a_delivery_without_messages_is_whole(delivery: Path, capsys):
    (delivery / "data" / "messages.jsonl").unlink()
    seal(delivery)
    assert run(capsys, delivery) == (0, [])


def test_a_console_of_few_letters_still_gets_an_answer(delivery: Path):
    (delivery / "data" / "😀.jpg").write_bytes(b"added")
    done = subprocess.run(
        [sys.executable, SCRIPT, delivery],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "SYSTEMROOT": ""},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"data/\\U0001f600.jpg" in done.stdout


def test_the_script_stays_small_and_needs_the_standard_library_of_python_3_8_only():
    source = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= set(sys.stdlib_module_names)
    assert len(source.splitlines()) <= 300


# The package.


def change(path: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        data = bytearray((folder / path).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / path).write_bytes(bytes(data))

    return apply


def write(path: str, data: bytes, *, append: bool = False) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        before = (folder / path).read_bytes() if append else b""
        (folder / path).write_bytes(before + data)

    return apply


def remove(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


PHOTO = "data/attachments/één foto.jpg"


@pytest.mark.parametrize(
    ("damage", "first"),
    [
        (change(PHOTO), f"{PHOTO}: gewijzigd (zie manifest-sha256.txt)"),
        (remove(PHOTO), f"manifest-sha256.txt: {PHOTO}: ontbreekt"),
        (write("data/extra.txt", b"x"), "data/extra.txt: alleen in de map of de lijst"),
        (change("bagit.txt"), "bagit.txt: gewijzigd (zie tagmanifest-sha256.txt)"),
        (remove("bagit.txt"), "tagmanifest-sha256.txt: bagit.txt: ontbreekt"),
        (remove("bag-info.txt"), "tagmanifest-sha256.txt: bag-info.txt: ontbreekt"),
        (remove(MANIFEST), f"tagmanifest-sha256.txt: {MANIFEST}: ontbreekt"),
        (remove(TAGS), "package: niet te lezen"),
        (remove("data/custody.jsonl"), "manifest-sha256.txt: data/custody.jsonl: ontbreekt"),
        (write(MANIFEST, b"\xff\n"), "package: niet te lezen"),
        (write(MANIFEST, b"0" * 64 + b"  ../outside\n", append=True), f"{MANIFEST}: ../outside: ontbreekt"),
        (write(MANIFEST, b"0" * 64 + b"  /etc/hostname\n", append=True), f"{MANIFEST}: /etc/hostname"),
        (
            write(MANIFEST, b"0" * 64 + f"  {PHOTO}\n".encode(), append=True),
            f"{MANIFEST}: {PHOTO}: ontbreekt of mag",
        ),
        (write("bag-info.txt", b"Payload-Oxum: 1.1\n"), "bag-info.txt: gewijzigd"),
    ],
)
def test_damage_to_the_package_is_named(delivery: Path, capsys, damage: Callable[[Path], None], first: str):
    damage(delivery)
    code, faults = run(capsys, delivery)
    assert code == 1
    assert faults[0].startswith(first), faults


def test_a_wrong_size_in_the_bag_information_is_named_though_its_digest_fits(delivery: Path, capsys):
    (delivery / "bag-info.txt").write_bytes(b"Payload-Oxum: 1.1\n")
    (delivery / TAGS).write_bytes(listing(delivery, ["bag-info.txt", "bagit.txt", MANIFEST]))
    code, faults = run(capsys, delivery)
    assert (code, len(faults)) == (1, 1)
    assert faults[0].startswith("bag-info.txt: Payload-Oxum klopt niet")


def test_a_manifest_that_the_tag_manifest_does_not_cover_is_named(delivery: Path, capsys):
    (delivery / TAGS).write_bytes(listing(delivery, ["bag-info.txt", "bagit.txt"]))
    code, faults = run(capsys, delivery)
    assert (code, len(faults)) == (1, 1)
    assert faults[0].startswith("manifest-sha256.txt: niet in tagmanifest")


def test_a_second_manifest_is_checked_too(delivery: Path, capsys):
    name = (delivery / PHOTO).relative_to(delivery).as_posix()
    lines = [
        f"{hashlib.sha512((delivery / path).read_bytes()).hexdigest()}  {path}\n"
        for path in payload(delivery)
    ]
    (delivery / "manifest-sha512.txt").write_bytes("".join(lines).encode())
    assert run(capsys, delivery) == (0, [])
    (delivery / "manifest-sha512.txt").write_bytes(
        "".join(line for line in lines if name not in line).encode()
    )
    assert run(capsys, delivery)[0] == 1


def payload(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in (folder / "data").rglob("*") if p.is_file())


def test_a_name_with_a_line_end_is_read_from_its_encoded_form(delivery: Path, capsys):
    (delivery / "data" / "a\nb%.txt").write_bytes(b"x")
    seal(delivery)
    lines = [path.replace("%", "%25").replace("\n", "%0A") for path in payload(delivery)]
    digests = [hashlib.sha256((delivery / path).read_bytes()).hexdigest() for path in payload(delivery)]
    text = "".join(f"{digest}  {line}\n" for digest, line in zip(digests, lines, strict=True))
    (delivery / MANIFEST).write_bytes(text.encode())
    (delivery / TAGS).write_bytes(listing(delivery, ["bag-info.txt", "bagit.txt", MANIFEST]))
    assert run(capsys, delivery) == (0, [])


def test_a_link_out_of_the_delivery_is_refused(delivery: Path, tmp_path: Path, capsys):
    (tmp_path / "outside.txt").write_bytes(b"x")
    (delivery / "data" / "link.txt").symlink_to(tmp_path / "outside.txt")
    seal(delivery)
    code, faults = run(capsys, delivery)
    assert code == 1
    assert any("data/link.txt: ontbreekt of mag niet" in fault for fault in faults)
    assert any("verwijzingen" in fault for fault in faults)


def test_control_characters_in_a_name_do_not_reach_the_screen(delivery: Path, capsys):
    (delivery / "data" / "\x1b[2J\u202e.txt").write_bytes(b"x")
    verifier.main([str(delivery)])
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert "data/\\x1b[2J\\u202e.txt" in output


def test_a_folder_that_is_no_delivery_is_an_answer_and_no_traceback(tmp_path: Path, capsys):
    assert run(capsys, tmp_path)[0] == 1
    assert run(capsys, tmp_path / "nowhere")[0] == 1


def test_a_manifest_of_digests_of_any_length_is_an_answer_and_no_traceback(delivery: Path, capsys):
    (delivery / "manifest-shake_128.txt").write_bytes(listing(delivery, payload(delivery)))
    code, faults = run(capsys, delivery)
    assert (code, len(faults)) == (1, 1)
    assert faults[0].startswith("package: niet te lezen")


# The log.


def resealed(line: bytes, **changes: Any) -> bytes:
    bound = {name: value for name, value in json.loads(line).items() if name not in ("hash", "sig")} | changes
    digest = hashlib.sha256(rfc8785.dumps(bound)).hexdigest()
    sealed = bound | {"hash": digest, "sig": EXAMINER.sign(bytes.fromhex(digest)).hex()}
    return rfc8785.dumps(sealed) + b"\n"


def log_faults(delivery: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> list[str]:
    (delivery / "data" / "custody.jsonl").write_bytes(data)
    seal(delivery)
    code, faults = run(capsys, delivery)
    assert code == (1 if faults else 0)
    return [fault.split(" / ")[0] for fault in faults]


LINES = log_lines()
OTHER: dict[str, object] = {"public_key": COLLEAGUE.public.hex()}
VOUCHED = [log_line(head_of(LINES[1]), "key.add", OTHER, STRANGER)]
VOUCHED.append(log_line(head_of(VOUCHED[0]), "view", {}, COLLEAGUE))


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (
            [LINES[0], LINES[2], LINES[3]],
            ["custody.jsonl 2: sluit niet aan", "custody.jsonl 3: sluit niet aan"],
        ),
        ([LINES[0], LINES[1], LINES[1]], ["custody.jsonl 3: sluit niet aan"]),
        (
            [LINES[0], LINES[2], LINES[1]],
            ["custody.jsonl 2: sluit niet aan", "custody.jsonl 3: sluit niet aan"],
        ),
        ([LINES[0], LINES[1].replace(b"werkstation", b"Werkstation")], ["custody.jsonl 2: gewijzigd"]),
        ([LINES[0], LINES[1].replace(b'"v":1', b'"v": 1')], ["custody.jsonl 2: gewijzigd"]),
        (
            [LINES[0], log_line(head_of(LINES[0]), "view", {}, COLLEAGUE)],
            ["custody.jsonl 2: onbekende sleutel"],
        ),
        (
            [LINES[0], log_line(head_of(LINES[0]), "case.open", OTHER, COLLEAGUE)],
            ["custody.jsonl 2: onbekende sleutel"],
        ),
        ([LINES[0], resealed(LINES[1], actor="x"), LINES[2]], ["custody.jsonl 3: sluit niet aan"]),
        ([LINES[0], b"{}\n"], ["custody.jsonl 2: geen logregel"]),
        ([LINES[0], b"[" * 100_000 + b"\n"], ["custody.jsonl 2: geen logregel"]),
        ([resealed(LINES[0], detail={"public_key": "aa"})], ["custody.jsonl 1: onbekende sleutel"]),
        ([LINES[0], LINES[1][:-1]], ["custody.jsonl: leeg of afgebroken"]),
        ([], ["custody.jsonl: leeg of afgebroken"]),
    ],
)
def test_damage_to_the_log_is_named_by_its_line(
    delivery: Path, capsys, lines: list[bytes], faults: list[str]
):
    found = log_faults(delivery, capsys, b"".join(lines))
    assert len(found) == len(faults), found
    assert all(fault.startswith(start) for fault, start in zip(found, faults, strict=True)), found


def test_a_key_that_a_stranger_vouches_for_signs_nothing(delivery: Path, capsys):
    faults = log_faults(delivery, capsys, b"".join([*LINES[:2], *VOUCHED]))
    assert faults == [f"custody.jsonl {line}: onbekende sleutel of geen handtekening" for line in (3, 4)]


def test_a_key_that_the_first_key_vouches_for_signs(delivery: Path, capsys):
    lines = [*LINES[:2], log_line(head_of(LINES[1]), "key.add", OTHER)]
    lines.append(log_line(head_of(lines[-1]), "view", {}, COLLEAGUE))
    assert log_faults(delivery, capsys, b"".join(lines)) == []


@pytest.mark.parametrize("place", [0, 40, 64, 127])
def test_a_changed_signature_is_named_also_when_only_its_letters_are_capital(
    delivery: Path, capsys, place: int
):
    signature = json.loads(LINES[1])["sig"]
    changed = signature[:place] + format(int(signature[place], 16) ^ 1, "x") + signature[place + 1 :]
    for other in (changed, signature.upper()):
        faults = log_faults(delivery, capsys, LINES[0] + LINES[1].replace(signature.encode(), other.encode()))
        assert [fault.split(":")[0] for fault in faults] == ["custody.jsonl 2"]


class Quiet(verifier.Check):  # type: ignore[misc, name-defined]  # a script has no types to import
    def say(self, mark: str, text: str) -> None:
        """Say nothing: only the count of faults is looked at."""


def log_is_refused(folder: Path, data: bytes) -> bool:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "custody.jsonl").write_bytes(data)
    check = Quiet(folder)
    try:
        check.log()
    except ValueError:  # no UTF-8: main tells that the log could not be read
        return True
    return bool(check.faults)


@given(st.integers(0, len(b"".join(LINES)) - 1), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_any_byte_change_in_the_log_is_found_by_the_script_and_the_tool_alike(offset: int, mask: int):
    changed = bytearray(b"".join(LINES))
    changed[offset] ^= mask
    with tempfile.TemporaryDirectory() as folder:
        assert log_is_refused(Path(folder), bytes(changed))
        assert not log_is_refused(Path(folder), b"".join(LINES))
        assert any(not p.is_remark for p in custody.check(io.BytesIO(bytes(changed))))


# The records.


def record_faults(delivery: Path, capsys: pytest.CaptureFixture[str], lines: list[bytes]) -> list[str]:
    (delivery / "data" / "messages.jsonl").write_bytes(b"".join(lines))
    seal(delivery)
    return [fault.split(":")[0] for fault in run(capsys, delivery)[1]]


def test_a_changed_record_is_named_by_its_line(delivery: Path, capsys):
    for place, old, new in (
        (1, b"hallo", b"Hallo"),
        (2, b"52.0", b"52.1"),
        (3, b"12", b"13"),
        (3, b"call", b"message"),
    ):
        lines = [*MESSAGES[:place], MESSAGES[place].replace(old, new), *MESSAGES[place + 1 :]]
        assert record_faults(delivery, capsys, lines) == [f"messages.jsonl {place + 1}"]


def test_the_way_a_number_is_written_does_not_matter(delivery: Path, capsys):
    other = MESSAGES[2].replace(b"52.0", b"52").replace(b"-4.9e-07", b"-0.00000049")
    assert other != MESSAGES[2].replace(b"52.0", b"52")
    assert record_faults(delivery, capsys, [*MESSAGES[:2], other]) == []


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"\xff\n",
        b"[]\n",
        b"7\n",
        b"[" * 100_000 + b"\n",
        b'{"record":"message"}\n',
        b'{"record":"message","text":"\\ud800","record_sha256":""}\n',
        b'{"record":"message","x":1e999,"record_sha256":""}\n',
        b'{"record":"message","x":NaN,"record_sha256":""}\n',
    ],
)
def test_a_line_that_is_no_record_is_named_and_ends_nothing(delivery: Path, capsys, line: bytes):
    assert record_faults(delivery, capsys, [MESSAGES[1], line, MESSAGES[3]]) == ["messages.jsonl 2"]
