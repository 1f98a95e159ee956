"""What several cases share as a graph: JSON, GraphML, or CSV with a row for each edge.

Nodes are the cases and the shared values; an edge says how often a case has a value, as what, and when.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import orjson

from reports.reader import Record
from reports.sheets import harmless, storable

_COLUMNS = ("kind", "value", "case", "count", "as", "first", "last", "records")
_NODE = (("type", "string"), ("kind", "string"), ("label", "string"))
_EDGE = (("count", "int"), ("as", "string"), ("first", "string"), ("last", "string"))


def write_json(found: Record, stream: BinaryIO) -> None:
    """One document: ``cases``, ``shared`` with the cases of each value, ``privileged`` (how many)."""
    stream.write(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


def write_csv(found: Record, stream: BinaryIO) -> None:
    """A row for each edge; a cell that a spreadsheet program would take for a formula has an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for kind, value, edge in _edges(found):
        cells = (kind, value, edge["case"], edge["count"], _roles(edge), edge["first"], edge["last"],
                 " ".join(edge["records"]))  # fmt: skip
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    stream.write(text.getvalue().encode("utf-8"))


def write_graphml(found: Record, stream: BinaryIO) -> None:
    """GraphML 1.0: cases and values as nodes, with their kind and label."""
    for line in _graphml(found):
        stream.write(f"{line}\n".encode())


def _graphml(found: Record) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for scope, keys in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in keys:
            yield f'<key id="{scope}-{name}" for="{scope}" attr.name="{name}" attr.type="{kind}"/>'
    yield '<graph id="shared" edgedefault="undirected">'
    places = {each["case"]: f"case{place}" for place, each in enumerate(found["cases"])}
    for case, node in places.items():
        yield f'<node id="{node}">{_data("node", {"type": "case", "label": case})}</node>'
    for place, each in enumerate(found["shared"]):
        data = {"type": "value", "kind": each["kind"], "label": each["value"]}
        yield f'<node id="value{place}">{_data("node", data)}</node>'
    for place, each in enumerate(found["shared"]):
        for edge in each["cases"]:
            data = {name: edge[name] for name in ("count", "first", "last")} | {"as": _roles(edge)}
            ends = f'source="{places[edge["case"]]}" target="value{place}"'
            yield f"<edge {ends}>{_data('edge', data)}</edge>"
    yield "</graph>"
    yield "</graphml>"


def _data(scope: str, values: dict[str, Any]) -> str:
    """The values that there are; characters that no XML can hold become tokens."""
    return "".join(
        f'<data key="{scope}-{name}">{escape(storable(str(value)))}</data>'
        for name, value in values.items()
        if value is not None
    )


def _edges(found: Record) -> Iterator[tuple[str, str, Record]]:
    for each in found["shared"]:
        for edge in each["cases"]:
            yield each["kind"], each["value"], edge


def _roles(edge: Record) -> str:
    return ", ".join(f"{role} {count}" for role, count in sorted(edge["as"].items()))
