"""Nodes of a CASE/UCO graph: a record of the case as objects of the Unified Cyber Ontology.

Which class and property for what: CASE and UCO 1.4.0 and 1.5.0, read in the ontologies and held by
``case_validate`` in the tests. What UCO has no property for stands under names of this project's own.
Identifiers are UUIDs of version 5 over the case number and the record, so the same case gives the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from reports.reader import Record

Node = dict[str, Any]

# The last two are this project's; ".invalid" is never a place on a network (RFC 2606).
CONTEXT = {
    "co": "http://purl.org/co/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "kb": "http://sporen.invalid/kb/",
    "sporen": "http://sporen.invalid/vocabulary/",
}
_NAMESPACE = uuid5(NAMESPACE_URL, "http://sporen.invalid/kb/")
# Fields of a message that no property of UCO 1.5.0 holds, written as they stand in the export.
_FURTHER = (
    *("reply_to", "forwarded", "reactions", "edits", "receipts", "mentions", "location", "contacts"),
    *("poll", "system", "expires_after", "view_once", "starred", "deleted_by"),
)
_TIMES = ("received_at", "delivered_at", "read_at", "edited_at", "deleted_at")


class Names:
    """Identifiers within one case."""

    def __init__(self, case_number: str) -> None:
        self._namespace: UUID = uuid5(_NAMESPACE, case_number)

    def __call__(self, kind: str, *of: object) -> str:
        """The identifier of a thing of that kind, the same in every file and every run."""
        return f"kb:{kind}-{uuid5(self._namespace, json.dumps([kind, *map(str, of)]))}"


def reference(identifier: str) -> Node:
    """A node by its identifier alone."""
    return {"@id": identifier}


def moment(text: str) -> Node:
    """An RFC 3339 time as a typed literal."""
    return {"@type": "xsd:dateTime", "@value": text}


def verbatim(value: object) -> Node:
    """A JSON value as it is (JSON-LD 1.1, section 4.2.2)."""
    return {"@type": "@json", "@value": value}


def filled(node: Mapping[str, Any]) -> Node:
    """The node without the properties that have no value."""
    return {name: value for name, value in node.items() if value is not None and value != []}


def file_node(names: Names, identifier: str, path: str | None, **content: Any) -> Node:
    """A file; ``content``: ``name``, ``size``, ``sha256``, ``mime`` and ``is_folder``, as far as known."""
    name = content.get("name") or (path or "").rpartition("/")[2] or None
    facets = [
        filled(
            {
                "@id": names("file-facet", identifier),
                "@type": "uco-observable:FileFacet",
                "uco-observable:fileName": name,
                "uco-observable:filePath": path,
                "uco-observable:isDirectory": content.get("is_folder", False),
                "uco-observable:sizeInBytes": content.get("size"),
            }
        )
    ]
    digest, mime = content.get("sha256"), content.get("mime")
    if digest or mime:
        made = {
            "@id": names("content-facet", identifier),
            "@type": "uco-observable:ContentDataFacet",
            "uco-observable:mimeType": mime,
            "uco-observable:hash": [_hash(names, identifier, digest)] if digest else None,
        }
        facets.append(filled(made))
    return {"@id": identifier, "@type": "uco-observable:File", "uco-core:hasFacet": facets}


def _hash(names: Names, identifier: str, digest: str) -> Node:
    return {
        "@id": names("hash", identifier),
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": "SHA256",
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": digest.upper()},
    }


def relationship(names: Names, source: str, target: str, kind: str) -> Node:
    """A directed relationship between two observable objects."""
    return {
        "@id": names("relationship", source, kind, target),
        "@type": "uco-observable:ObservableRelationship",
        "uco-core:source": reference(source),
        "uco-core:target": reference(target),
        "uco-core:kindOfRelationship": kind,
        "uco-core:isDirectional": True,
    }


def account_node(
    names: Names,
    identifier: str,
    application: str,
    *,
    handle: str | None,
    phone: str | None,
    shown: str | None,
    further: Mapping[str, Any],
) -> Node:
    """An account in an app: an owner's or a participant's; ``further``: properties of this project's own."""
    kinds: list[tuple[str, Node]] = [
        ("Account", {"uco-observable:accountIdentifier": handle}),
        ("ApplicationAccount", {"uco-observable:application": reference(application)}),
    ]
    if shown is not None:
        kinds.append(("DigitalAccount", {"uco-observable:displayName": shown}))
    if phone is not None:
        kinds.append(("PhoneAccount", {"uco-observable:phoneNumber": phone}))
    facets = [
        filled({"@id": names(f"{kind}-facet", identifier), "@type": f"uco-observable:{kind}Facet", **held})
        for kind, held in kinds
    ]
    found = {"@id": identifier, "@type": "uco-observable:ApplicationAccount", "uco-core:hasFacet": facets}
    return found | filled(further)


def application_node(names: Names, identifier: str, app: str) -> Node:
    """The app, by its name here."""
    facet = {
        "@id": names("application-facet", app),
        "@type": "uco-observable:ApplicationFacet",
        "uco-core:name": app,
    }
    return {"@id": identifier, "@type": "uco-observable:Application", "uco-core:hasFacet": [facet]}


def message_node(
    names: Names, message: Record, application: str, sender: str | None, recipients: Iterable[str]
) -> Node:
    """A message; times that UCO has no property for, its state and its digest stand beside the facet."""
    identifier = names("message", message["id"])
    sent = message["sent_at"]
    facet = filled(
        {
            "@id": names("message-facet", message["id"]),
            "@type": "uco-observable:MessageFacet",
            "uco-observable:application": reference(application),
            "uco-observable:from": reference(sender) if sender else None,
            "uco-observable:to": [reference(each) for each in recipients],
            "uco-observable:messageID": message["source"]["app_id"],
            "uco-observable:messageType": message["kind"],
            "uco-observable:messageText": message["text"],
            "uco-observable:sentTime": moment(sent) if sent else None,
        }
    )
    facets = [facet]
    if message["state"] == "recovered":
        facets.append(_recovered(names, message["id"]))
    further = {
        name: message[name] for name in _FURTHER if message[name] not in (None, False) and message[name] != []
    }
    own = {
        "sporen:id": message["id"],
        "sporen:recordSha256": message["record_sha256"],
        "sporen:state": message["state"],
        "sporen:status": message["status"],
        "sporen:fromOwner": message["from_owner"],
        "sporen:further": verbatim(further) if further else None,
        **{f"sporen:{name}": moment(message[name]) for name in _TIMES if message[name]},
    }
    found = {"@id": identifier, "@type": "uco-observable:Message", "uco-core:hasFacet": facets}
    return found | filled(own)


def _recovered(names: Names, key: str) -> Node:
    return {
        "@id": names("recovered-facet", key),
        "@type": "uco-observable:RecoveredObjectFacet",
        "uco-observable:contentRecoveredStatus": "recovered",
    }


def row_node(names: Names, source: Record) -> Node:
    """The row of a table that a record was read from, with page and offset where they are known."""
    identifier = row_identifier(names, source)
    row = source["rowid"] if source["rowid_key"] is None else source["rowid_key"]
    facet = filled(
        {
            "@id": names("row-facet", identifier),
            "@type": "uco-observable:TableFieldFacet",
            "uco-observable:tableName": source["table"],
            "uco-observable:recordRowID": None if row is None else str(row),
        }
    )
    own = {"sporen:page": source["page"], "sporen:offset": source["offset"]}
    found = {"@id": identifier, "@type": "uco-observable:TableField", "uco-core:hasFacet": [facet]}
    return found | filled(own)


def row_identifier(names: Names, source: Record) -> str:
    """The identifier of that row."""
    place = ("evidence_sha256", "path", "table", "rowid", "rowid_key", "page", "offset", "app_id")
    return names("row", *(source[each] for each in place))


def call_node(
    names: Names, call: Record, application: str, sender: str | None, people: Iterable[str]
) -> Node:
    """A call."""
    started = call["at"]
    facet = filled(
        {
            "@id": names("call-facet", call["id"]),
            "@type": "uco-observable:CallFacet",
            "uco-observable:application": reference(application),
            "uco-observable:from": reference(sender) if sender else None,
            "uco-observable:participant": [reference(each) for each in people],
            "uco-observable:startTime": moment(started) if started else None,
            "uco-observable:duration": call["seconds"],
            "uco-observable:callType": {True: "video", False: "voice"}.get(call["video"]),
        }
    )
    own = {
        "sporen:id": call["id"],
        "sporen:recordSha256": call["record_sha256"],
        "sporen:result": call["result"],
        "sporen:fromOwner": call["from_owner"],
    }
    found = {
        "@id": names("call", call["id"]), "@type": "uco-observable:Call", "uco-core:hasFacet": [facet],
    }  # fmt: skip
    return found | filled(own)
