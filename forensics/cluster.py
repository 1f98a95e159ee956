"""The work on a Dask cluster: each item of evidence is a task, on workers that see the same storage.

Needs the extra ``cluster``. The items are hashed first, each by a worker; then each is read by a worker that
hashes it again before it parses it, and a large database in it by several workers, each of which does the
same for a stretch of its ranges. Results come back in the order in which the items are named, so the case is
the same as one that was made here. A worker that dies costs its task, which another one does again. Every
task looks through all items, since they are read together: phones that have nothing to do with each other are
named on commands of their own.

Tasks travel as pickles and hold the keys that were named: a scheduler is reached by TLS, or on this machine.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import pickle
import tempfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from distributed import Client, KilledWorker, worker_client
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.security import Security

import forensics
from forensics.errors import MachineFailed, SporenError, WrongUse
from forensics.events import Event
from forensics.evidence import open_evidence
from forensics.range_reading import Failed, Piece, Task, Whole, read_ranges
from forensics.ranges import Place
from forensics.reading import ENDING, HASHING, LOOKING, READING, Request, in_phases
from forensics.workers import collect_rarely

# Seconds in which the scheduler must answer.
_PATIENCE = 30
_LOG = logging.getLogger(__name__)
_GONE = (CommClosedError, FutureCancelledError, KilledWorker, OSError, TimeoutError)
# Fewer ranges of a database than these are no task of their own: each opens and hashes the evidence anew.
_LEAST = 5
# What a task gives: the version that made it, and events by phase.
Done = tuple[str, list[tuple[int, bytes]]]


def address_of(place: str) -> str:
    """The address of a scheduler, given itself or in a scheduler file. WrongUse where it is neither, or where
    it would be reached over a network without TLS."""
    address = place if "://" in place else _in_file(Path(place))
    said = f"{address}: name a scheduler as tls://HOST:PORT, or a scheduler file"
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise WrongUse(said) from error
    if parts.scheme not in ("tls", "tcp") or not parts.hostname:
        raise WrongUse(said)
    if parts.scheme == "tcp" and not _is_here(parts.hostname):
        raise WrongUse(
            f"{address}: keys and evidence would cross a network in the clear; start the scheduler with TLS"
            " (tls://HOST:PORT), or use one on this machine"
        )
    return address


def _in_file(file: Path) -> str:
    try:
        return str(json.loads(file.read_text("utf-8"))["address"])
    except OSError as error:
        raise WrongUse(f"{file}: no scheduler file: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"{file}: this is no scheduler file of Dask") from error


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def events(request: Request, address: str) -> Iterator[Event]:
    """The events of all items, in the order of a local run. MachineFailed when the cluster cannot do it.

    Paths are made absolute: the folder that a worker runs in is its own.
    """
    request = replace(request, paths=tuple(path.absolute() for path in request.paths))
    _check_certificates(address)
    # what goes wrong is told as one sentence, below; Dask would log it with its traceback as well
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        with Client(address, timeout=_PATIENCE) as client:  # type: ignore[no-untyped-call]  # untyped there
            yield from _read(client, request)
    except _GONE as error:
        text = (
            f"{address}: the cluster did not finish ({type(error).__name__}: {error}); run the command again"
        )
        raise MachineFailed(text) from error


def _check_certificates(address: str) -> None:
    """WrongUse where Dask's settings name no certificates that open a connection by TLS."""
    said = f"{address}: Dask's settings (distributed.comm.tls) name no certificate and key that can be read"
    try:
        found = Security().get_connection_args("client")["ssl_context"]  # type: ignore[no-untyped-call]
    except OSError as error:
        raise WrongUse(f"{said}: {error}") from error
    if address.startswith("tls:") and found is None:
        raise WrongUse(said)


def _read(client: Any, request: Request) -> Iterator[Event]:
    hashing = [client.submit(_hash, path, request.limits, pure=False) for path in request.paths]
    hashed = client.gather(hashing)
    digests = {path: digest for path, digest in zip(request.paths, hashed, strict=True) if digest}
    tasks = [replace(request, only=path, digests=digests) for path in request.paths]
    reading = [client.submit(_task, task, pure=False) for task in tasks]
    looking = [client.submit(_only, future, LOOKING, pure=False) for future in reading]
    ending = client.submit(_only, reading[-1], ENDING, pure=False)
    for future in looking:
        yield from _told(future.result())
    while reading:
        # what was stored here is let go there: one item at a time is in this process
        yield from _told(_only(reading.pop(0).result(), READING))
    yield from _told(ending.result())


def _told(done: Done) -> Iterator[Event]:
    """The events of a task."""
    version, pieces = done
    if version != forensics.__version__:
        raise MachineFailed(
            f"a worker of the cluster has Sporen {version}, this machine {forensics.__version__}: results"
            " would differ; install the same version"
        )
    for _, data in pieces:
        event: Event = pickle.loads(zlib.decompress(data))  # made by this program on a worker
        yield event


def _only(done: Done, phase: int) -> Done:
    """Of what a task told, what belongs to that phase."""
    version, pieces = done
    return version, [(found, data) for found, data in pieces if found == phase]


def _hash(path: Path, limits: Any) -> str | None:
    """Runs on a worker: the digest of an item; None where it cannot be hashed, which reading will tell."""
    try:
        with open_evidence(path, limits) as evidence:
            return evidence.sha256()
    except SporenError:
        return None  # the task that reads it says why


def _task(request: Request) -> Done:
    """Runs on a worker: everything that is told of one item, in a private folder of its own."""
    collect_rarely()
    with tempfile.TemporaryDirectory(prefix="sporen-worker-") as folder:
        told = in_phases(replace(request, work=Path(folder), spread=_spread))
        pieces = [(phase, zlib.compress(pickle.dumps(event), 1)) for phase, event in told if phase != HASHING]
        return forensics.__version__, pieces


def _spread(task: Task, stack: ExitStack) -> Callable[[Place], Iterable[Piece]]:
    """Runs on the worker that reads an item: stretches of a large database as tasks; the first is left to it.

    It gives up its place among the running tasks meanwhile, since it waits for others.
    """
    most = len(task.places) // _LEAST
    if most < 2:
        return lambda _place: ()
    client = stack.enter_context(worker_client())
    size = ceil(len(task.places) / min(most, len(client.nthreads())))
    stretches: dict[Place, _Stretch] = {}
    for start in range(size, len(task.places), size):
        places = task.places[start : start + size]
        part = replace(task, places=places, is_hashed=True)
        stretches |= dict.fromkeys(places, _Stretch(client.submit(_ranges, part, pure=False)))
    return lambda place: stretches[place].pieces() if place in stretches else ()


class _Stretch:
    """Ranges that another worker reads, taken in their order."""

    def __init__(self, future: Any) -> None:
        self._future = future
        self._pieces: deque[bytes] = deque()

    def pieces(self) -> Iterator[Piece]:
        """Those of the next range, as far as they come."""
        self._pieces.extend(self._received())
        while self._pieces:
            piece: Piece = pickle.loads(zlib.decompress(self._pieces.popleft()))  # made by this program
            yield piece
            if isinstance(piece, Whole):
                return

    def _received(self) -> list[bytes]:
        if self._future is None:
            return []
        future, self._future = self._future, None
        try:
            version, pieces = future.result()
        except _GONE as error:
            _LOG.warning("ranges of a database are read here, since a worker did not give them: %s", error)
            return []
        if version != forensics.__version__:
            _LOG.warning("ranges of a database are read here, since a worker has Sporen %s", version)
            return []
        found: list[bytes] = pieces
        return found


def _ranges(task: Task) -> tuple[str, list[bytes]]:
    """Runs on a worker: the ranges of a task, up to one that cannot be read, and then why."""
    collect_rarely()
    pieces: list[bytes] = []
    with tempfile.TemporaryDirectory(prefix="sporen-worker-") as folder:
        try:
            for piece in read_ranges(replace(task, work=Path(folder))):
                pieces.append(_packed(piece))
        except SporenError as error:
            pieces.append(_packed(Failed(error)))
    return forensics.__version__, pieces


def _packed(piece: Piece) -> bytes:
    return zlib.compress(pickle.dumps(piece), 1)
