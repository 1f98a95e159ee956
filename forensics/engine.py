"""Where the work runs: in this process, or reading in another one while this one writes and indexes.

The events are the same in the same order either way, so the result does not depend on the number of workers.
"""

from __future__ import annotations

import atexit
import marshal
import os
import pickle
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from forensics.beside import Beside
from forensics.errors import TOO_LITTLE_MEMORY, MachineFailed, SporenError, lacks_memory
from forensics.events import Event
from forensics.extract import Batch
from forensics.private_copies import remove_abandoned
from forensics.range_readers import by_processes
from forensics.reading import Request, read

# Below so many bytes a second process costs more than it saves.
_WORTH_A_PROCESS = 32 << 20
# Bytes that wait for the writer: what is read ahead while it puts words into the index.
_AHEAD = 8 << 20
_EVENT, _MESSAGES, _ERROR, _END = b"E", b"M", b"X", b"."


def events(request: Request, workers: int) -> Iterator[Event]:
    """The events of reading; with more than one worker a large item is read in a process of its own.

    Raises what reading raises, and MachineFailed when that process is ended from outside.
    """
    if workers < 2 or sum(map(_size, request.paths)) < _WORTH_A_PROCESS:
        return read(request)
    return _from_process(_spread(request, workers))


def _spread(request: Request, workers: int) -> Request:
    """A request for so many processes, of which this one writes, one reads, and the others help that one."""
    spread = partial(by_processes, workers - 2) if workers > 2 else None
    return replace(request, workers=workers, spread=spread)


def _size(path: Path) -> int:
    """The bytes of a file; a folder's are counted until it is large enough to matter."""
    if not path.is_dir():
        return path.stat().st_size if path.is_file() else 0
    total, pending = 0, [str(path)]
    while pending and total < _WORTH_A_PROCESS:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue  # a folder that cannot be listed is named when it is read
    return total


def _from_process(request: Request) -> Iterator[Event]:
    # a daemon may have no processes of its own; this one is ended at the end of this process all the same
    try:
        reading = Beside(_serve, request, ahead=_AHEAD, is_daemon=False)
    except OSError as error:
        raise MachineFailed(f"a process that reads the evidence cannot be begun: {error.strerror}") from error
    atexit.register(reading.process.kill)
    try:
        yield from _decoded(reading.take)
    finally:
        reading.close()
        atexit.unregister(reading.process.kill)
        remove_abandoned(request.work)


def _decoded(take: Callable[[], bytes | None]) -> Iterator[Event]:
    """An end of the process without an end of the events is an error."""
    while (data := take()) is not None:
        kind, content = data[:1], memoryview(data)[1:]
        if kind == _END:
            take()  # the process ends now
            return
        if kind == _MESSAGES:
            yield Batch(messages=marshal.loads(content))
            continue
        found: Any = pickle.loads(content)  # made by this program's own process
        if kind == _ERROR:
            raise found
        yield found
    raise MachineFailed("the process that reads the evidence was ended; run the command again")


def _encoded(event: Event) -> Iterator[bytes]:
    """People before messages, as the writer takes them from one batch too."""
    if not isinstance(event, Batch):
        yield _EVENT + pickle.dumps(event)
        return
    rest = replace(event, messages=[])
    if rest != Batch():
        yield _EVENT + pickle.dumps(rest)
    if event.messages:
        yield _MESSAGES + marshal.dumps(event.messages)


def _serve(sender: Connection, request: Request) -> None:
    """Runs in the reading process: messages as plain tuples, everything else as it is."""
    try:
        for event in read(request):
            for data in _encoded(event):
                sender.send_bytes(data)
    except SporenError as error:
        sender.send_bytes(_ERROR + pickle.dumps(error))
    except BrokenPipeError:
        return  # the writing process is gone, and with it what this was for
    except BaseException as error:
        if lacks_memory(error):
            sender.send_bytes(_ERROR + pickle.dumps(MachineFailed(TOO_LITTLE_MEMORY)))
            return
        text = "".join(traceback.format_exception(error))
        sender.send_bytes(_ERROR + pickle.dumps(RuntimeError(f"in the reading process:\n{text}")))
        raise
    else:
        sender.send_bytes(_END)
