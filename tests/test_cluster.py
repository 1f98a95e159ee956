"""A Dask cluster of a scheduler and three workers on this machine, one of which is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dask
import pytest
import sporen_runs
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import Client
from sporen_runs import MSGSTORE, change, ingest, log, new, refused
from test_demo import make
from test_engine import request_for

from forensics import cluster
from forensics.errors import EvidenceMismatch, WrongUse
from forensics.events import ItemFailed
from forensics.progressed import Progressed
from forensics.reading import LOOKING, in_phases, read

# Loaded by one worker: it ends itself, as kill -9 does, when it begins to read an item.
SELF_KILL = """
import os, signal
from distributed.diagnostics.plugin import WorkerPlugin

class Killed(WorkerPlugin):
    def transition(self, key, start, finish, **kwargs):
        if str(key).startswith("_task") and finish == "executing":
            open(os.environ["KILLED"], "w").close()
            os.kill(os.getpid(), signal.SIGKILL)

async def dask_setup(worker):
    await worker.plugin_add(plugin=Killed())
"""


# The same when it begins to read ranges of one.
SELF_KILL_IN_RANGES = SELF_KILL.replace("_task", "_ranges")


@contextmanager
def processes(
    folder: Path, *preloads: Path | None, settings: dict[str, str] | None = None
) -> Iterator[tuple[Path, list[subprocess.Popen[bytes]]]]:
    """A scheduler, and a worker for each preload (or None); the scheduler file and all of them. With settings
    (of encryption, as Dask reads them from its environment) they talk by TLS."""
    file = folder / "scheduler.json"
    environment = os.environ | {"KILLED": str(folder / "killed")} | (settings or {})
    head = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    head += ["--protocol", "tls" if settings else "tcp", "--no-dashboard", "--scheduler-file", str(file)]
    started = [subprocess.Popen(head, env=environment, stderr=subprocess.DEVNULL)]
    try:
        wait_for(file.exists)
        for place, preload in enumerate(preloads):
            command = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", file]
            command += ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
            command += ["--local-directory", folder / f"worker-{place}"]
            command += ["--preload", preload] if preload else []
            started.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        yield file, started
    finally:
        for each in started:
            each.kill()
            each.wait()


def wait_for(is_so, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def wait_for_workers(file: Path, count: int) -> None:
    with Client(scheduler_file=str(file)) as client:
        client.wait_for_workers(count, timeout=120)


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four phones of which no two are the same, and the address book of one of them apart."""
    folder, found = tmp_path_factory.mktemp("phones"), []
    for number in range(4):
        evidence = sporen_runs.phone(folder / f"phone-{number}")
        change(evidence / MSGSTORE, ("UPDATE message SET text_data = text_data || ?", (f" {number}",)))
        found.append(evidence)
    return found


def contents(case: Path) -> tuple[bytes, list[tuple[str, str, object]]]:
    """The export, and what the log says but for times and the processes that wrote it."""
    entries = [(each["action"], each["result"], each["object"]) for each in log(case)]
    return sporen_runs.export_bytes(case), entries


@pytest.mark.full
@pytest.mark.filterwarnings("default")
def test_a_cluster_of_which_a_worker_is_killed_makes_the_same_case(phones: list[Path], tmp_path: Path):
    (tmp_path / "preload.py").write_text(SELF_KILL)
    (tmp_path / "key.txt").write_text("00" * 32)
    here, there = new(tmp_path / "here"), new(tmp_path / "there")
    local = ingest(here, *phones, "--key", tmp_path / "key.txt")
    with processes(tmp_path, tmp_path / "preload.py", None, None) as (file, started):
        wait_for_workers(file, 3)
        spread = ingest(there, *phones, "--key", tmp_path / "key.txt", "--dask", file)
        assert (tmp_path / "killed").exists(), "no worker was killed: the test shows nothing"
        assert started[1].wait(30) == -signal.SIGKILL
    assert spread == local
    assert contents(there) == contents(here)


@pytest.mark.full
@pytest.mark.filterwarnings("default")
def test_ranges_of_one_database_are_read_by_several_workers_of_which_one_is_killed(tmp_path: Path):
    phone, (here, there) = tmp_path / "phone", (tmp_path / "here", tmp_path / "there")
    assert make(phone).returncode == 0
    for folder in (here, there):
        folder.mkdir()
    request = replace(request_for(phone, here), rows=90)
    local = [repr(each) for each in read(request) if not isinstance(each, Progressed)]
    (tmp_path / "preload.py").write_text(SELF_KILL_IN_RANGES)
    with processes(tmp_path, tmp_path / "preload.py", None, None) as (file, started):
        wait_for_workers(file, 3)
        events = cluster.events(replace(request, work=there), cluster.address_of(str(file)))
        assert [repr(each) for each in events] == local
        assert (tmp_path / "killed").exists(), "no worker was killed: the test shows nothing"
        assert started[1].wait(30) == -signal.SIGKILL


@pytest.fixture
def encryption(tmp_path: Path) -> dict[str, str]:
    """Dask's settings of TLS, with a certificate that vouches for itself and stands for every party."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=36500))
    made = builder.add_extension(x509.BasicConstraints(True, None), critical=True).sign(key, hashes.SHA256())
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    found = {"CA_FILE": str(tmp_path / "cert.pem")}
    for party in ("CLIENT", "SCHEDULER", "WORKER"):
        found |= {f"{party}__CERT": found["CA_FILE"], f"{party}__KEY": str(tmp_path / "key.pem")}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": value for name, value in found.items()}


def in_process(settings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The same settings by the names that they have in Dask's configuration."""
    for name, value in settings.items():
        yield name.partition("TLS__")[2].lower().replace("__", ".").replace("_", "-"), value


@pytest.mark.full
@pytest.mark.filterwarnings("default")
def test_a_cluster_by_tls_makes_the_same_case(phones: list[Path], tmp_path: Path, encryption: dict[str, str]):
    here, there, other = (new(tmp_path / name) for name in ("here", "there", "other"))
    local = ingest(here, *phones[:2])
    with processes(tmp_path, None, settings=encryption) as (file, _):
        with dask.config.set(
            {f"distributed.comm.tls.{name}": value for name, value in in_process(encryption)}
        ):
            wait_for_workers(file, 1)
            assert json.loads(file.read_text())["address"].startswith("tls://")
            assert ingest(there, *phones[:2], "--dask", file) == local
        # in a case of its own: what was refused is on record
        assert "name no certificate" in refused(2, "ingest", other, phones[2], "--dask", file)
    assert contents(there) == contents(here)


@pytest.mark.full
@pytest.mark.filterwarnings("default")
def test_a_scheduler_that_goes_away_is_one_sentence_and_the_case_is_whole(phones: list[Path], tmp_path: Path):
    case = new(tmp_path / "case")
    with processes(tmp_path) as (file, started):  # nobody works: the command waits
        program = "from forensics.cli import main; main()"
        command = [sys.executable, "-c", program, "ingest", case, *phones, "--dask", file]
        running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        time.sleep(8)
        started[0].kill()
        started[0].wait()
        _, said = running.communicate(timeout=120)
    assert running.returncode == 7, said
    assert "run the command again" in said and "Traceback" not in said
    assert ingest(case, *phones)["messages"] > 0
    assert sporen_runs.verified(case) == []


def test_items_told_one_by_one_are_what_is_told_of_all(phones: list[Path], tmp_path: Path):
    """The seam itself, without a cluster: each item alone, with the digests of the others."""
    request = replace(request_for(phones[0], tmp_path), paths=tuple(phones[:2]))
    whole = [(phase, repr(event)) for phase, event in in_phases(request) if phase >= LOOKING]
    digests = {path: cluster._hash(path, request.limits) for path in request.paths}
    parts = []
    for path in request.paths:
        part = replace(request, only=path, digests=digests)
        parts += [(phase, repr(event)) for phase, event in in_phases(part) if phase >= LOOKING]
    assert sorted(parts, key=lambda each: each[0]) == whole


def test_a_worker_that_sees_other_bytes_reads_nothing_of_them(phones: list[Path], tmp_path: Path):
    request = replace(request_for(phones[0], tmp_path), only=phones[0], digests={phones[0]: "00" * 32})
    (told,) = [event for phase, event in in_phases(request) if phase >= LOOKING]
    assert isinstance(told, ItemFailed) and isinstance(told.error, EvidenceMismatch)
    assert "was 0000" in str(told.error)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tls://cluster.example:8786", "tls://cluster.example:8786"),
    ],
)
def test_an_address_by_tls_or_on_this_machine(place: str, found: str):
    assert cluster.address_of(place) == found


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("tcp://192.0.2.7:8786", "in the clear"),
        ("tcp://cluster.example:8786", "in the clear"),
        ("http://127.0.0.1:8786", "tls://HOST:PORT"),
        ("tls://", "tls://HOST:PORT"),
        ("tls://[::1", "tls://HOST:PORT"),
        ("/no/such/file.json", "no scheduler file"),
    ],
)
def test_any_other_address_is_wrong_use(place: str, said: str):
    with pytest.raises(WrongUse, match=said):
        cluster.address_of(place)


@pytest.mark.parametrize("content", ["", "[]", "{}", "\x00"])
def test_a_file_that_is_no_scheduler_file_is_wrong_use(content: str, tmp_path: Path):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(WrongUse, match="no scheduler file of Dask"):
        cluster.address_of(str(tmp_path / "x.json"))


def test_a_scheduler_file_may_name_no_open_address_either(tmp_path: Path):
    (tmp_path / "x.json").write_text(json.dumps({"address": "tcp://192.0.2.7:8786"}))
    with pytest.raises(WrongUse, match="in the clear"):
        cluster.address_of(str(tmp_path / "x.json"))


def test_certificates_that_cannot_be_read_are_wrong_use(phones: list[Path], tmp_path: Path):
    case = new(tmp_path / "case")
    with dask.config.set({"distributed.comm.tls.ca-file": str(tmp_path / "none.pem")}):
        said = refused(2, "ingest", case, phones[0], "--dask", "tls://192.0.2.7:8786")
    assert "name no certificate and key that can be read" in said
    assert "name no certificate" in refused(2, "ingest", case, phones[0], "--dask", "tls://192.0.2.7:8786")


def test_without_dask_it_is_wrong_use_and_says_what_to_install(
    phones: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    case = new(tmp_path / "case")
    monkeypatch.delitem(sys.modules, "forensics.cluster")
    monkeypatch.delattr("forensics.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'sporen[cluster]'" in refused(
        2, "ingest", case, phones[0], "--dask", "tcp://127.0.0.1:1"
    )
    assert {each["action"] for each in log(case)} == {"case.open", "hash.verify", "attempt"}
