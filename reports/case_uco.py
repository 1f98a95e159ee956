"""The form ``case``: CASE/UCO 1.x as JSON-LD, for programs that exchange investigations.

One graph of the whole case; or a folder with ``case.jsonld`` (people, evidence, calls, notices) and a graph
for each conversation, which a validator or a triple store can take in one by one. Every graph is whole:
identifiers are the same in all of them, so together they are the one graph again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from reports.case_background import Known
from reports.case_graph import Graph
from reports.content import CaseReader, Content, Record

# Messages up to which a delivery has one graph: a validator takes a second for a dozen of them.
MOST_IN_ONE = 10_000
INDEX = "case.jsonld"


def write(case: CaseReader, stream: BinaryIO) -> None:
    """The whole case as one graph."""
    known = Known(case)
    with Graph(known, stream) as graph:
        _people(graph, known)
        flags = _flags(case)
        for conversation in case.conversations():
            key = conversation["id"]
            graph.conversation(conversation, case.messages(key), flags.get(key, ()))
        _rest(graph, case)


def write_folder(case: CaseReader, folder: Path) -> None:
    """``case.jsonld``, and in ``conversations/`` a graph for each, numbered as in the report."""
    known, flags = Known(case), _flags(case)
    with (folder / INDEX).open("wb") as stream, Graph(known, stream) as graph:
        _people(graph, known)
        _rest(graph, case)
    chats = folder / "conversations"
    chats.mkdir()
    for number, conversation in enumerate(case.conversations(), 1):
        key = conversation["id"]
        with (chats / f"c{number:05}.jsonld").open("wb") as stream, Graph(known, stream) as graph:
            graph.conversation(conversation, case.messages(key), flags.get(key, ()))


class CaseUco:
    """The form ``case`` of a delivery: case.jsonld, or a folder ``case`` where there are many messages."""

    name = "case"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write case.jsonld or case/ into ``folder``."""
        count = sum(each["messages"] for each in content.background.conversations)
        if count > MOST_IN_ONE:
            (folder / "case").mkdir()
            write_folder(case, folder / "case")
            return
        with (folder / INDEX).open("wb") as stream:
            write(case, stream)


FORM = CaseUco()


def _flags(case: CaseReader) -> dict[str, list[Record]]:
    """The flags by their conversation."""
    found: dict[str, list[Record]] = {}
    for flag in case.flags():
        found.setdefault(flag["conversation"], []).append(flag)
    return found


def _people(graph: Graph, known: Known) -> None:
    for digest in known.items:
        graph.item(digest)
    for key in known.accounts:
        graph.account(key)
    for key in known.people:
        graph.person(key)


def _rest(graph: Graph, case: CaseReader) -> None:
    for call in case.calls():
        graph.call(call)
    _notices(graph, case.notices())


def _notices(graph: Graph, notices: Iterable[Record]) -> None:
    for number, notice in enumerate(notices, 1):
        graph.notice(notice, number)
