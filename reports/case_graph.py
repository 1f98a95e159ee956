"""One graph of CASE/UCO (JSON-LD), written node by node; what a node refers to stands in the same file.

The chain of every message: message -> row -> file -> item of evidence <- record of the exhibit <- the
action that read it, by whom, with which program. A reference into another file would not validate.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

import orjson

from forensics.times import day_bounds, rfc3339
from reports.case_background import Known, Reading
from reports.case_nodes import (
    CONTEXT,
    Node,
    account_node,
    application_node,
    call_node,
    file_node,
    filled,
    message_node,
    moment,
    reference,
    relationship,
    row_identifier,
    row_node,
    verbatim,
)
from reports.reader import Record

_UUID_BYTES = 16


class Graph:
    """Use as a context: the beginning and the end of the file are written with it."""

    def __init__(self, known: Known, stream: BinaryIO) -> None:
        self._known, self._names, self._stream = known, known.names, stream
        self._written: set[str] = set()
        self._separator = b"\n"
        # by item of evidence, what its reading gave
        self._results: dict[str, dict[str, None]] = {}

    def __enter__(self) -> Graph:
        self._stream.write(b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":[')
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        for digest, results in self._results.items():
            self._action(digest, results)
        self._investigation()
        self._stream.write(b"\n]}\n")

    def conversation(self, conversation: Record, messages: Iterable[Record], flags: Iterable[Record]) -> None:
        """A conversation with its messages, the rows they come from, and the flags on them."""
        thread = self._names("thread", conversation["id"])
        participants = [self._person(each) for each in conversation["participants"]]
        members = bytearray()
        for message in messages:
            members += self._message(conversation, message, thread)
        facet: Node = {
            "@id": self._names("thread-facet", conversation["id"]),
            "@type": "uco-observable:MessageThreadFacet",
            "uco-observable:participant": [reference(each) for each in participants],
        }
        own = {
            "sporen:id": conversation["id"],
            "sporen:account": self._owner(conversation["account"]),
            "sporen:kind": conversation["kind"],
            "sporen:handle": conversation["handle"],
            "uco-core:name": conversation["title"],
        }
        node = {"@id": thread, "@type": "uco-observable:MessageThread", **filled(own)}
        self._thread(filled({**node, "uco-core:hasFacet": [filled(facet)]}), conversation, members)
        for flag in flags:
            self._flag(flag, thread)

    def call(self, call: Record) -> None:
        """A call with the row it comes from."""
        people = [self._person(each) for each in call["participants"]]
        sender = self._person(call["sender"]) if call["sender"] else None
        node = call_node(self._names, call, self._application(call["app"]), sender, people)
        self._add(node)
        self._place(node["@id"], call["source"])
        self._result(call["source"], node["@id"])

    def notice(self, notice: Record, number: int) -> None:
        """What was noticed about a file, or about the case as a whole."""
        source = notice["source"]
        about = self._file(source) if source else self._names("investigation")
        further = {"source": source, "raw": notice["raw"]}
        self._add(
            {
                "@id": self._names("notice", number),
                "@type": "uco-core:Annotation",
                "uco-core:tag": [f"notice:{notice['severity']}"],
                "uco-core:description": notice["text"],
                "sporen:further": verbatim(further),
                "uco-core:object": [reference(about)],
            }
        )

    def account(self, key: str) -> None:
        """An account of the case."""
        self._owner(key)

    def person(self, key: str) -> None:
        """A participant."""
        self._person(key)

    def item(self, digest: str) -> None:
        """An item of evidence, with the exhibit it is."""
        self._item(digest)

    # --- Messages -------------------------------------------------------------------------------------------

    def _message(self, conversation: Record, message: Record, thread: str) -> bytes:
        """Write a message; gives the bytes of its UUID."""
        sender = message["sender"]
        others: tuple[str, ...] = ()
        if conversation["kind"] == "direct" and sender is not None:
            others = tuple(self._person(each) for each in conversation["participants"] if each != sender)
        node = message_node(
            self._names, message, self._application(message["app"]),
            self._person(sender) if sender is not None else None, others,
        )  # fmt: skip
        self._add(node)
        for source in (message["source"], *message["also"]):
            self._place(node["@id"], source)
            self._result(source, thread)
        for number, each in enumerate(message["attachments"]):
            self._attachment(node["@id"], number, each)
        return bytes.fromhex(node["@id"][-36:].replace("-", ""))

    def _attachment(self, message: str, number: int, attachment: Record) -> None:
        identifier = self._names("attachment", message, number)
        node = file_node(
            self._names, identifier, attachment["path"], name=attachment["filename"], size=attachment["size"],
            sha256=attachment["sha256"], mime=attachment["mime"],
        )  # fmt: skip
        own = {
            "sporen:kind": attachment["kind"],
            "sporen:present": attachment["present"],
            "sporen:caption": attachment["caption"],
        }
        self._add(node | filled(own))
        self._add(relationship(self._names, identifier, message, "Attachment_Of"))

    def _thread(self, node: Node, conversation: Record, members: bytearray) -> None:
        """The node of a conversation, whose members are written one by one: there may be a million."""
        facet = node["uco-core:hasFacet"][0]
        made = {"@id": self._names("thread-list", conversation["id"]), "@type": "uco-types:Thread"}
        count = len(members) // _UUID_BYTES
        size = {"@type": "xsd:nonNegativeInteger", "@value": str(count)}
        facet["uco-observable:messageThread"] = made | {"co:size": size, "co:item": []}
        before, after = orjson.dumps(node).split(b'"co:item":[]', 1)
        self._start()
        self._stream.write(before + b'"co:item":[')
        for place in range(count):
            self._stream.write(b"," if place else b"")
            self._stream.write(orjson.dumps(self._member(members, place)))
        self._stream.write(b'],"co:element":[')
        for place in range(count):
            self._stream.write(b"," if place else b"")
            self._stream.write(orjson.dumps(reference(_member_id(members, place))))
        self._stream.write(b"]" + after)

    def _member(self, members: bytearray, place: int) -> Node:
        identifier = _member_id(members, place)
        return {
            "@id": self._names("thread-item", identifier),
            "@type": "uco-types:ThreadItem",
            "co:index": {"@type": "xsd:positiveInteger", "@value": str(place + 1)},
            "co:itemContent": reference(identifier),
        }

    def _flag(self, flag: Record, thread: str) -> None:
        """A machine flag with the person's decision on it, if there is one."""
        messages = [reference(self._names("message", each)) for each in flag["messages"]]
        further = {name: value for name, value in flag.items() if name not in ("record", "messages")}
        self._add(
            {
                "@id": self._names("flag", flag["id"]),
                "@type": "uco-core:Annotation",
                "uco-core:tag": [f"flag:{flag['kind']}"],
                "uco-core:description": "Machine flag, not a finding.",
                "sporen:further": verbatim(further),
                "uco-core:object": messages or [reference(thread)],
            }
        )

    # --- Where it comes from --------------------------------------------------------------------------------

    def _place(self, identifier: str, source: Record) -> None:
        """From a record to its row, and from that to its file; without a row straight to the file."""
        file = self._file(source)
        if source["table"] is None:
            self._add(relationship(self._names, identifier, file, "Derived_From"))
            return
        row = row_identifier(self._names, source)
        self._add(row_node(self._names, source))
        self._add(relationship(self._names, identifier, row, "Derived_From"))
        self._add(relationship(self._names, row, file, "Contained_Within"))

    def _file(self, source: Record) -> str:
        digest, path = source["evidence_sha256"], source["path"]
        identifier = self._names("file", digest, path, source["file_sha256"])
        if self._is_new(identifier):
            size = self._known.sizes.get((digest, path))
            sha256 = source["file_sha256"]
            self._add(file_node(self._names, identifier, path, sha256=sha256, size=size))
            self._add(relationship(self._names, identifier, self._item(digest), "Contained_Within"))
        return identifier

    def _item(self, digest: str) -> str:
        identifier = self._names("evidence", digest)
        if self._is_new(identifier):
            item = self._known.items.get(digest, {})
            path, size = item.get("path"), item.get("size")
            is_folder = item.get("kind") == "folder"
            self._add(
                file_node(
                    self._names, identifier, path, sha256=digest, size=size, is_folder=is_folder,
                )
            )  # fmt: skip
            self._exhibit(digest, item.get("exhibit") or self._known.info.get("exhibit"))
        return identifier

    def _exhibit(self, digest: str, number: str | None) -> None:
        """The record of provenance of an item; without an exhibit number it says so by having none."""
        node = {
            "@id": self._names("provenance", digest),
            "@type": "case-investigation:ProvenanceRecord",
            "case-investigation:exhibitNumber": number,
            "uco-core:description": f"evidence with SHA-256 {digest}",
            "uco-core:object": [reference(self._names("evidence", digest))],
        }
        self._add(filled(node))
        self._results.setdefault(digest, {})

    def _result(self, source: Record, identifier: str) -> None:
        self._results.setdefault(source["evidence_sha256"], {})[identifier] = None

    def _action(self, digest: str, results: Iterable[str]) -> None:
        """The reading of an item: when, by whom, with what, of what, with which result."""
        examiner = str(self._known.info.get("examiner") or "")
        reading = self._known.readings.get(digest, Reading(None, None, examiner, "sporen"))
        node = {
            "@id": self._names("action", digest),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": "parse",
            "uco-action:startTime": moment(reading.started) if reading.started else None,
            "uco-action:endTime": moment(reading.ended) if reading.ended else None,
            "uco-action:performer": reference(self._performer(reading.actor)),
            "uco-action:instrument": [reference(self._tool(reading.tool))],
            "uco-action:object": [reference(self._names("provenance", digest))],
            "uco-action:result": [reference(each) for each in results],
        }
        self._add(filled(node))

    def _performer(self, actor: str) -> str:
        identifier = self._names("person", actor)
        if self._is_new(identifier):
            self._add({"@id": identifier, "@type": "uco-identity:Person", "uco-core:name": actor})
        return identifier

    def _tool(self, tool: str) -> str:
        identifier = self._names("tool", tool)
        if self._is_new(identifier):
            name, _, version = tool.partition(" ")
            made = {"@id": identifier, "@type": "uco-tool:AnalyticTool", "uco-core:name": name,
                    "uco-tool:toolType": "parser", "uco-tool:version": version or None}  # fmt: skip
            self._add(filled(made))
        return identifier

    def _investigation(self) -> None:
        info = self._known.info
        authorities = [self._authority(each, number) for number, each in enumerate(info["authorities"])]
        about = [self._names(kind, digest) for digest in self._results for kind in ("provenance", "action")]
        node = {
            "@id": self._names("investigation"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": str(info["number"]),
            "case-investigation:investigationForm": "case",
            "case-investigation:relevantAuthorization": [reference(each) for each in authorities],
            "uco-core:object": [reference(each) for each in about],
        }
        self._add(filled(node))

    def _authority(self, authority: Record, number: int) -> str:
        identifier, zone = self._names("authorization", number), str(self._known.info["timezone"])
        first, expires = (_day(authority.get(name)) for name in ("date", "expires"))
        start, end = day_bounds(first, None, zone)[0], day_bounds(None, expires, zone)[1]
        started, ended = rfc3339(start), rfc3339(end)
        node = {
            "@id": identifier,
            "@type": "case-investigation:Authorization",
            "case-investigation:authorizationType": authority["kind"],
            "case-investigation:authorizationIdentifier": authority["reference"] or None,
            "uco-core:startTime": moment(started) if started else None,
            "uco-core:endTime": moment(ended) if ended else None,
        }
        self._add(filled(node))
        return identifier

    # --- People ---------------------------------------------------------------------------------------------

    def _person(self, key: str) -> str:
        identifier = self._names("participant", key)
        if self._is_new(identifier):
            person = self._known.people.get(key, {})
            given = person.get("names") or []
            further = {
                "sporen:id": key,
                "sporen:isOwner": person.get("is_owner"),
                "sporen:further": verbatim({"names": given}) if given else None,
            }
            self._add(
                account_node(
                    self._names, identifier, self._application(str(person.get("app", "unknown"))),
                    handle=person.get("handle"), phone=person.get("phone"),
                    shown=given[0]["name"] if given else None, further=further,
                )
            )  # fmt: skip
        return identifier

    def _owner(self, key: str) -> Node:
        identifier = self._names("account", key)
        if self._is_new(identifier):
            account = self._known.accounts.get(key, {})
            further = {"sporen:id": key, "sporen:platform": account.get("platform")}
            self._add(
                account_node(
                    self._names, identifier, self._application(str(account.get("app", "unknown"))),
                    handle=account.get("handle"), phone=account.get("phone"), shown=account.get("name"),
                    further=further,
                )
            )  # fmt: skip
        return reference(identifier)

    def _application(self, app: str) -> str:
        identifier = self._names("application", app)
        if self._is_new(identifier):
            self._add(application_node(self._names, identifier, app))
        return identifier

    # --- Writing --------------------------------------------------------------------------------------------

    def _is_new(self, identifier: str) -> bool:
        if identifier in self._written:
            return False
        self._written.add(identifier)
        return True

    def _start(self) -> None:
        self._stream.write(self._separator)
        self._separator = b",\n"

    def _add(self, node: Node) -> None:
        self._start()
        self._stream.write(orjson.dumps(node))


def _member_id(members: bytearray, place: int) -> str:
    digits = members[place * _UUID_BYTES : (place + 1) * _UUID_BYTES].hex()
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return f"kb:message-{'-'.join(parts)}"


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None
