"""The head of the log kept elsewhere: what verify says with it, and that it cannot say it without."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from custody_logs import COLLEAGUE, EXAMINER, add_key, found, head_of, line_after, log_of
from sporen_runs import change, done, done_in, log, new, refused, sporen, verified

from forensics import anchors
from forensics.case import Case
from forensics.custody import ACTIONS
from forensics.journal import OPERATIONS

OPENSSL = shutil.which("openssl")
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamping]
extendedKeyUsage = critical,timeStamping
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    made = new(tmp_path / "case")
    done("flags", made)
    return made


def openssl(*arguments: object) -> None:
    subprocess.run([str(OPENSSL), *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A time-stamp authority of our own: a root, and a certificate that may stamp times."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    root, tsa, other = (folder / name for name in ("root", "tsa", "other"))
    for each in (root, tsa, other):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{each}.key")
    for each in (root, other):
        openssl(*f"req -x509 -new -key {each}.key -subj /CN={each.name} -days 3650 -sha256".split(),
                *f"-out {each}.pem -addext keyUsage=critical,keyCertSign".split())  # fmt: skip
    openssl("req", "-new", "-key", f"{tsa}.key", "-subj", "/CN=Invented TSA", "-out", f"{tsa}.csr")
    openssl(*f"x509 -req -in {tsa}.csr -CA {root}.pem -CAkey {root}.key -CAcreateserial -days 3650".split(),
            *f"-sha256 -extfile {tsa}.cnf -extensions stamping -out {tsa}.pem".split())  # fmt: skip
    return folder


def stamped(authority: Path, request: Path) -> Path:
    reply, tsa = request.with_suffix(".tsr"), authority / "tsa"
    openssl(*f"ts -reply -queryfile {request} -config {tsa}.cnf -inkey {tsa}.key".split(),
            *f"-signer {tsa}.pem -out {reply}".split())  # fmt: skip
    return reply


needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl plays the time-stamp authority")


# --- A printed head -----------------------------------------------------------------------------------------


def test_a_printed_head_is_that_of_the_last_entry_and_is_on_record(case: Path):
    last = log(case)[-1]
    printed = done("anchor", case, "--to", "the prosecutor").stdout.strip()
    assert printed == f"{last['seq']}:{last['hash']}"
    entry = log(case)[-1]
    assert (entry["action"], entry["result"], entry["detail"]["to"]) == (
        "anchor",
        "printed",
        "the prosecutor",
    )
    done("flags", case)
    assert verified(case, "--anchor", printed) == []


def test_an_anchor_shows_a_cut_tail_that_shows_nowhere_else(case: Path, tmp_path: Path):
    earlier = Path(shutil.copytree(case, tmp_path / "earlier"))
    done("search", case, "x")
    printed = done("anchor", case, "--to", "the prosecutor").stdout.strip()
    assert verified(earlier) == [], (
        "the case and its log were both put back: without an anchor nothing differs"
    )
    (difference,) = verified(earlier, "--anchor", printed, code=1)
    assert "noted elsewhere" in difference


def test_an_anchor_shows_a_log_that_was_begun_again(case: Path, tmp_path: Path):
    printed = done("anchor", case, "--to", "the prosecutor").stdout.strip()
    again = new(tmp_path / "again")
    done("flags", again)
    done("flags", again)
    assert verified(again) == []
    assert "not the one that was noted elsewhere" in verified(again, "--anchor", printed, code=1)[0]


def test_without_an_anchor_verify_says_what_it_cannot_see(case: Path):
    remarks = json.loads(done("verify", case, "--json").stdout)["remarks"]
    assert any("whoever holds the key wrote all of it again" in each for each in remarks)
    printed = done("anchor", case, "--to", "x").stdout.strip()
    remarks = json.loads(done("verify", case, "--anchor", printed, "--json").stdout)["remarks"]
    assert not any("no anchor" in each for each in remarks)


@pytest.mark.parametrize("given", ["12", "x:y", "nowhere.json"])
def test_what_is_no_anchor_is_2(case: Path, given: str):
    assert sporen("verify", case, "--anchor", given).exit_code == 2


# --- RFC 3161 -----------------------------------------------------------------------------------------------


@needs_openssl
def test_a_time_stamp_goes_out_and_comes_back(case: Path, tmp_path: Path, authority: Path):
    head = log(case)[-1]
    done("anchor", case, "--request", tmp_path / "head.tsq")
    reply = stamped(authority, tmp_path / "head.tsq")
    done("flags", case)
    found = json.loads(
        done("anchor", case, "--reply", reply, "--tsa", authority / "root.pem", "--json").stdout
    )
    assert (found["seq"], found["hash"], found["authority"]) == (head["seq"], head["hash"], "CN=Invented TSA")
    assert log(case)[-1]["detail"]["time"] == found["time"]
    result = json.loads(done("verify", case, "--json").stdout)
    assert result["checked"]["anchors (time stamp)"] == 1
    assert verified(case, "--anchor", reply, "--tsa", authority / "root.pem") == []
    openssl("ts", "-verify", "-data", tmp_path / "head.txt", "-in", reply, "-CAfile", authority / "root.pem")


@needs_openssl
def test_a_time_stamp_shows_that_the_key_holder_wrote_the_log_again(
    case: Path, tmp_path: Path, authority: Path
):
    done("anchor", case, "--request", tmp_path / "head.tsq")
    reply = stamped(authority, tmp_path / "head.tsq")
    again = new(tmp_path / "again")
    assert verified(again) == []
    (difference,) = verified(again, "--anchor", reply, "--tsa", authority / "root.pem", code=1)
    assert "stamps no entry of this log" in difference


@needs_openssl
@pytest.mark.parametrize("what", ["another root", "a changed byte", "no root", "no reply", "another case"])
def test_a_reply_that_does_not_hold_is_2_and_is_not_taken(
    case: Path, tmp_path: Path, authority: Path, what: str
):
    done("anchor", case, "--request", tmp_path / "head.tsq")
    reply, root = stamped(authority, tmp_path / "head.tsq"), authority / "root.pem"
    if what == "another root":
        root = authority / "other.pem"
    elif what == "a changed byte":
        data = bytearray(reply.read_bytes())
        data[-20] ^= 1
        reply.write_bytes(data)
    elif what == "no root":
        root = authority / "tsa.pem"
    elif what == "no reply":
        reply.write_bytes(b"0\x03abc")
    else:
        case = new(tmp_path / "another")
        done("anchor", case, "--request", tmp_path / "another.tsq")
    entries = len(done_in(case))
    refused(2, "anchor", case, "--reply", reply, "--tsa", root)
    assert len(done_in(case)) == entries


# --- A second person ----------------------------------------------------------------------------------------


def second_key(folder: Path) -> Path:
    path = folder / "second.pem"
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def test_a_second_person_signs_with_a_key_of_his_own(case: Path, tmp_path: Path):
    key = second_key(tmp_path)
    kept = tmp_path / "kept.json"
    kept.write_text(done("anchor", case, "--countersign", key, "--by", "S. Second", "--json").stdout)
    assert log(case)[-1]["detail"]["by"] == "S. Second"
    assert json.loads(done("verify", case, "--json").stdout)["checked"]["anchors (counter-signature)"] == 1
    assert verified(case, "--anchor", kept) == []
    kept.write_text(kept.read_text().replace('"seq": 3', '"seq": 2'))
    assert sporen("verify", case, "--anchor", kept).exit_code == 2


def test_the_examiner_is_no_second_person(case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "home"))
    made = new(tmp_path / "own")
    key = tmp_path / "home" / "examiner-ed25519.pem"
    assert "a key of his own" in refused(2, "anchor", made, "--countersign", key, "--by", "S. Second")
    assert "needs --by" in refused(2, "anchor", made, "--countersign", second_key(tmp_path))


# --- Keys ---------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def keys(case: Path) -> list[dict[str, object]]:
    return list(json.loads(done("key", case, "--json").stdout))


def test_a_new_key_is_vouched_for_by_the_old_one_in_every_case(tmp_path: Path, home: Path):
    one, other = new(tmp_path / "one"), new(tmp_path / "other")
    (old,) = keys(one)
    done("key", one, "--rotate", "--reason", "once a year")
    before, after = keys(one)
    assert (before["key"], before["revoked"] is not None) == (old["key"], True)
    assert (after["vouched_for"], after["revoked"]) == (True, None)
    done("flags", other)
    assert [each["vouched_for"] for each in keys(other)] == [True, True]
    assert verified(one) == []
    assert verified(other) == []
    assert sorted(each.name.split("-")[0] for each in home.iterdir()) == ["examiner", "retired"]


def test_a_revoked_key_signs_nothing_any_more(tmp_path: Path, home: Path):
    case = new(tmp_path / "case")
    (stolen,) = keys(case)
    thief = Path(shutil.copytree(home, tmp_path / "thief"))
    done("key", case, "--rotate", "--reason", "the laptop was stolen")
    shutil.rmtree(home)
    shutil.copytree(thief, home)
    assert f"key {stolen['key']} was revoked in this case" in refused(2, "flags", case)


def test_an_entry_that_is_signed_with_a_revoked_key_is_found(tmp_path: Path, home: Path):
    lines = log_of(3)
    lines.append(add_key(head_of(lines[-1]), EXAMINER, COLLEAGUE))
    revoking = {"action": "key.revoke", "detail": {"revoked_key": EXAMINER.key_id}}
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE, **revoking))
    assert found(lines) == []
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    lines.append(line_after(head_of(lines[-1]), key=EXAMINER))
    assert found(lines) == [(7, "revoked-key")]


def test_a_key_of_nobody_here_or_ones_own_is_not_revoked(tmp_path: Path, home: Path):
    case = new(tmp_path / "case")
    assert "no key of this log" in refused(2, "key", case, "--revoke", "0" * 16, "--reason", "x")
    own = keys(case)[0]["key"]
    assert "is your own" in refused(2, "key", case, "--revoke", own, "--reason", "x")
    assert "--reason is missing" in refused(2, "key", case, "--rotate")


def test_the_key_file_is_encrypted_where_a_passphrase_is_set(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "correct horse")
    case = new(tmp_path / "case")
    done("key", case, "--rotate", "--reason", "once a year")
    for path in home.iterdir():
        assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"), path.name
    monkeypatch.delenv("SPOREN_KEY_PASSPHRASE")
    assert "the signing key is encrypted" in refused(2, "flags", case)


# --- The log as it is asked for -----------------------------------------------------------------------------


def test_who_acts_in_which_role_and_why_stands_in_the_log(case: Path):
    done("--by", "R. Reader", "--role", "reviewer", "--reason", "second reading", "flags", case)
    entry = log(case)[-1]
    assert entry["actor"].startswith("R. Reader (")
    assert (entry["detail"]["role"], entry["detail"]["reason"]) == ("reviewer", "second reading")
    done("flags", case)
    assert log(case)[-1]["actor"].startswith("T. Tester (")
    assert "role" not in log(case)[-1]["detail"]


def test_the_log_is_chosen_by_action_day_and_actor(case: Path):
    done("--by", "R. Reader", "search", case, "x")
    for arguments, wanted in [
        (("--action", "search"), ["search"]),
        (("--action", "search", "--action", "case.open"), ["case.open", "search"]),
        (("--actor", "r. reader"), ["search"]),
        (("--until", "2000-01-01"), []),
        (("--from", "2000-01-01", "--action", "view"), ["view"]),
    ]:
        lines = done("log", case, *arguments, "--json").stdout.splitlines()
        assert [json.loads(each)["action"] for each in lines] == wanted, arguments
        assert len(done("log", case, *arguments).stdout.splitlines()) == len(wanted)
    assert "YYYY-MM-DD" in refused(2, "log", case, "--from", "yesterday")


@pytest.mark.parametrize("columns", [80, 60])
def test_no_line_of_the_log_is_wider_than_the_terminal(
    case: Path, columns: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", str(columns))
    done("search", case, "een heel lange vraag " * 20)
    for arguments in ((), ("--details",)):
        lines = done("log", case, *arguments).stdout.splitlines()
        assert max(map(len, lines)) <= columns
    assert done("log", case, "--details").stdout.count("een heel lange vraag") > 2


def test_the_log_for_a_supervisory_authority(case: Path):
    done("--by", "=R. Reader", "--role", "investigator", "--reason", "tip 7", "search", case, "x")
    done("export", case, "--format", "jsonl", "-o", case.parent / "all.jsonl")
    rows = list(csv.DictReader(io.StringIO(done("log", case, "--supervisor").stdout)))
    assert len(rows) == len(log(case)) or len(rows) == len(log(case)) - 1
    by_action = {each["action"]: each for each in rows}
    search, export = by_action["search"], by_action["export"]
    assert (search["operation"], search["justification"], search["role"]) == (
        "consultation",
        "tip 7",
        "investigator",
    )
    assert search["person"].startswith("'=R. Reader")
    assert (export["operation"], export["recipient"]) == ("disclosure", str(case.parent / "all.jsonl"))
    assert export["justification"] == "none recorded"
    assert by_action["case.open"]["operation"] == "collection"


def test_the_log_for_a_supervisory_authority_as_a_file_is_on_record(case: Path, tmp_path: Path):
    file = tmp_path / "log.csv"
    shown = done("log", case, "--supervisor").stdout
    done("log", case, "--supervisor", "-o", file)
    assert file.read_text("utf-8") == shown
    entry = log(case)[-1]
    assert (entry["action"], entry["object"], entry["detail"]["sha256"]) == (
        "export",
        {"file": str(file)},
        hashlib.sha256(file.read_bytes()).hexdigest(),
    )
    assert "exists already" in sporen("log", case, "--supervisor", "-o", file).stderr
    assert "goes with --supervisor" in sporen("log", case, "-o", tmp_path / "other").stderr
    assert sporen("log", case, "--supervisor", "-o", case / "case.db").exit_code == 2
    assert sporen("log", case, "--supervisor", "-o", tmp_path / "none" / "x").exit_code == 7


def test_every_action_of_the_log_is_an_operation_or_of_the_log_itself():
    assert ACTIONS - set(OPERATIONS) == {"hash.verify", "key.add", "key.revoke", "anchor", "attempt"}
    assert set(OPERATIONS) <= ACTIONS


def test_an_anchor_in_the_log_whose_signature_does_not_hold_is_found(case: Path, tmp_path: Path):
    with Case.open(case) as opened, opened.change() as changed:
        head = log(case)[-1]
        changed.log("anchor", {"seq": head["seq"], "hash": head["hash"]}, "counter-signature", by="Nobody",
                    second_key=COLLEAGUE.public.hex(), signature="11" * 64)  # fmt: skip
        changed.log("anchor", {"seq": 1, "hash": "0" * 64}, "printed", to="Nobody")
    differences = verified(case, code=1)
    assert len([each for each in differences if "does not hold" in each]) == 2


def test_an_anchor_that_names_no_entry_is_a_difference(case: Path):
    with Case.open(case) as opened, opened.change() as changed:
        changed.log("anchor", {"seq": "x", "hash": "x"}, "printed", to="Nobody")
    (difference,) = verified(case, code=1)
    assert "does not hold: it names no entry" in difference


def test_a_time_stamp_of_another_entry_is_found_without_the_extra_too(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(anchors, "is_available", lambda: False)
    head = log(case)[-1]
    with Case.open(case) as opened, opened.change() as changed:
        changed.log("anchor", {"seq": head["seq"], "hash": head["hash"]}, "time stamp", reply="", roots=[])
    assert verified(case) == []
    with Case.open(case) as opened, opened.change() as changed:
        changed.log("anchor", {"seq": 1, "hash": "0" * 64}, "time stamp", reply="", roots=[])
    (difference,) = verified(case, code=1)
    assert "entry 1 is not the one that was anchored" in difference


def test_a_case_that_was_changed_is_still_found_changed(case: Path):
    printed = done("anchor", case, "--to", "x").stdout.strip()
    change(case / "case.db", "UPDATE setting SET value = '\"Another\"' WHERE name = 'examiner'")
    assert verified(case, "--anchor", printed, code=1)
