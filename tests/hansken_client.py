"""The other side of the plugin: as much of Hansken as a loopback gRPC exchange needs, and what it was told.

Message names and their order are those of the SDK (engines reference 2): the plugin reads, searches and asks
for acknowledgements; it begins, enriches and finishes traces; it ends with a finish or a partial one.
"""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as GrpcAny
from google.protobuf.empty_pb2 import Empty
from hansken_extraction_plugin.framework import DataMessages_pb2 as data_messages
from hansken_extraction_plugin.framework import RpcCallMessages_pb2 as calls
from hansken_extraction_plugin.framework.ExtractionPluginService_pb2_grpc import ExtractionPluginServiceStub
from hansken_extraction_plugin.runtime import pack, unpack
from hansken_extraction_plugin.runtime.extraction_plugin_server import serve

_RAW = "raw"


@dataclass
class Built:
    """A trace as it was built."""

    name: str
    types: set[str] = field(default_factory=set)
    properties: dict[str, Any] = field(default_factory=dict)
    tracelets: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    text: bytes = b""


@dataclass
class Told:
    """What came of one trace: the traces below it by id, the queries, and the error if there was one."""

    traces: dict[str, Built] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)
    error: str | None = None


class Image:
    """The files of an image by path, as traces of Hansken."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)
        self._uids = {f"image:{number}": path for number, path in enumerate(sorted(files))}

    def named(self, query: str) -> list[tuple[str, str]]:
        """The uids and paths of a query for one file name."""
        name = query.partition("file.name='")[2].removesuffix("'")
        return [(uid, path) for uid, path in self._uids.items() if path.rpartition("/")[2] == name]

    def uid(self, path: str) -> str:
        """The uid of the file at that path."""
        return next(uid for uid, each in self._uids.items() if each == path)

    def data(self, uid: str) -> bytes:
        """Its bytes."""
        return self._files[self._uids[uid]]

    def properties(self, uid: str) -> dict[str, Any]:
        """What Hansken knows of it."""
        path = self._uids[uid]
        name = path.rpartition("/")[2]
        return {"uid": uid, "name": name, "file.name": name, "file.path": path}


@contextmanager
def served(plugin: type) -> Iterator[Any]:
    """A stub of the plugin, served on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with serve(plugin, address), grpc.insecure_channel(address) as channel:
        yield ExtractionPluginServiceStub(channel)


def plugin_info(stub: Any) -> Any:
    """What the plugin says of itself."""
    return stub.pluginInfo(Empty())


def process(stub: Any, image: Image, path: str) -> Told:
    """Offer the file at ``path`` to the plugin and answer what it asks."""
    uid, told = image.uid(path), Told()
    answers: queue.SimpleQueue[GrpcAny | None] = queue.SimpleQueue()
    answers.put(pack.any(_start(image, uid)))
    for request in stub.process(iter(answers.get, None)):
        if _is(request, calls.RpcFinish) or _is(request, calls.RpcPartialFinishWithError):
            _finish(told, request)
            answers.put(None)
            break
        answer = _answer(request, image, uid, told)
        if answer is not None:
            answers.put(pack.any(answer))
    return told


def _start(image: Image, uid: str) -> Any:
    content = image.data(uid)
    data = data_messages.RpcRandomAccessDataMeta(type=_RAW, size=len(content), firstBytes=content[:4096])
    return calls.RpcStart(
        trace=pack.trace(uid, ["file"], image.properties(uid), [], {}),
        dataContext=data_messages.RpcDataContext(dataType=_RAW, data=data),
    )


def _is(message: GrpcAny, kind: Any) -> bool:
    return bool(message.Is(kind.DESCRIPTOR))


def _answer(request: GrpcAny, image: Image, uid: str, told: Told) -> Any:
    if _is(request, calls.RpcRead):
        asked = unpack.any(request, calls.RpcRead)
        content = image.data(asked.traceUid or uid)
        return pack.rpc_bytes(content[asked.position : asked.position + asked.count])
    if _is(request, calls.RpcSearchRequest):
        asked = unpack.any(request, calls.RpcSearchRequest)
        told.queries.append(asked.query)
        return _found(image, asked)
    if _is(request, calls.RpcSync):
        return calls.RpcSyncAck()
    _note(request, told)
    return None


def _found(image: Image, asked: Any) -> Any:
    found = image.named(asked.query)
    traces = [
        pack.search_trace(uid, image.properties(uid), {_RAW: len(image.data(uid))})
        for uid, _ in found[asked.start : asked.start + asked.count]
    ]
    return calls.RpcSearchResult(totalResults=len(found), traces=traces)


def _note(request: GrpcAny, told: Told) -> None:
    """One message about a trace that is being built."""
    if _is(request, calls.RpcBeginChild):
        begun = unpack.any(request, calls.RpcBeginChild)
        told.traces[begun.id] = Built(begun.name)
    elif _is(request, calls.RpcWriteDataStream):
        written = unpack.any(request, calls.RpcWriteDataStream)
        told.traces[written.traceId].text += written.data
    elif _is(request, calls.RpcEnrichTrace):
        trace = unpack.any(request, calls.RpcEnrichTrace).trace
        if trace.id in told.traces:
            _enrich(told.traces[trace.id], trace)


def _enrich(built: Built, trace: Any) -> None:
    built.types |= set(trace.types)
    built.properties |= unpack.trace_properties(trace.properties)
    built.tracelets += [(each.name, unpack.trace_properties(each.properties)) for each in trace.tracelets]


def _finish(told: Told, request: GrpcAny) -> None:
    if _is(request, calls.RpcPartialFinishWithError):
        ended = unpack.any(request, calls.RpcPartialFinishWithError)
        told.error = ended.errorDescription
        actions = ended.actions
    else:
        actions = unpack.any(request, calls.RpcFinish).update.actions
    for action in actions:
        _note(action, told)
