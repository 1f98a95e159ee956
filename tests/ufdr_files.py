"""UFDR packages made for the tests, written from the containers reference (2)."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape, quoteattr

from archive_files import zip_bytes

NAMESPACE = "http://pa.cellebrite.com/report/2.0"


def value(name, text, kind="String", format=""):
    form = f' format="{format}"' if format else ""
    inner = "<empty/>" if text is None else f'<value type="{kind}"{form}><![CDATA[{text}]]></value>'
    return f'<field name="{name}" type="{kind}">{inner}</field>'


def when(name, text, format="TimeStampKnown"):
    inner = f'<value type="TimeStamp" format="{format}" formattedTimestamp={quoteattr(text)}>{text}</value>'
    return f'<field name="{name}" type="TimeStamp">{inner}</field>'


def model(kind, *content, **attributes):
    given = {"id": f"{kind}-x", "deleted_state": "Intact", "decoding_confidence": "High"} | attributes
    text = "".join(f" {name}={quoteattr(each)}" for name, each in given.items())
    return f'<model type="{kind}"{text}>{"".join(content)}</model>'


def one(name, kind, inner=None):
    return f'<modelField name="{name}" type="{kind}">{inner or "<empty/>"}</modelField>'


def many(name, kind, *inner):
    return f'<multiModelField name="{name}" type="{kind}">{"".join(inner)}</multiModelField>'


def party(identifier, name=None, owner=False, role="General"):
    return model(
        "Party",
        value("Identifier", identifier),
        value("Name", name),
        value("Role", role),
        value("IsPhoneOwner", "True" if owner else "False", "Boolean"),
    )


def message(identifier, text, at, sender, *extra, status="Read", state="Intact"):
    return model(
        "InstantMessage",
        value("Identifier", identifier),
        value("Body", text),
        value("Status", status),
        when("TimeStamp", at),
        one("From", "Party", sender),
        *extra,
        deleted_state=state,
    )


def chat(source, account, key, *messages, people=(), kind="OneOnOne", name=None):
    return model(
        "Chat",
        value("Source", source),
        value("Account", account),
        value("Id", key),
        value("Name", name),
        value("ChatType", kind),
        many("Participants", "Party", *people),
        many("Messages", "InstantMessage", *messages),
        id=f"chat-{key}",
    )


def call(source, at, direction, *parties, duration="00:01:05.2500000", status="Established", **said):
    return model(
        "Call",
        value("Source", source),
        *([value("Account", said["account"])] if "account" in said else []),
        value("Direction", direction, "ModelDirections"),
        value("Status", status, "TelephonyCallStatus"),
        when("TimeStamp", at),
        value("Duration", duration, "TimeSpan"),
        value("VideoCall", said.get("video"), "Boolean"),
        many("Parties", "Party", *parties),
        deleted_state=said.get("state", "Intact"),
    )


def contact(source, name, *entries, account=None, state="Intact"):
    inner = (
        model(kind, value("Category", "Mobile"), value("Value", text), id=f"{kind}-{text}")
        for kind, text in entries
    )
    return model(
        "Contact",
        value("Source", source),
        value("Account", account),
        value("Name", name),
        many("Entries", "ContactEntry", *inner),
        deleted_state=state,
    )


def tagged(number, path, local, data=b""):
    return (
        f'<file fs="ext4" path={quoteattr(path)} size="{len(data)}" id="{number}" deleted="Intact">'
        f'<metadata section="File"><item name="Local Path"><![CDATA[{local}]]></item>'
        f'<item name="SHA256"><![CDATA[{hashlib.sha256(data).hexdigest()}]]></item></metadata></file>'
    )


def report(*models, files=(), items=(), version="8.5"):
    metadata = "".join(f"<item name={quoteattr(name)}>{escape(text)}</item>" for name, text in items)
    others = "".join(each for each in models if not each.startswith('<model type="Chat"'))
    chats = "".join(each for each in models if each.startswith('<model type="Chat"'))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><project id="p" name="r" reportVersion="{version}"'
        f' xmlns="{NAMESPACE}"><sourceExtractions><extractionInfo id="0" name="FS" type="FileSystem"'
        ' deviceName="Toestel van V." IsPartialData="False"/></sourceExtractions>'
        f'<metadata section="Device Info">{metadata}</metadata><taggedFiles>{"".join(files)}</taggedFiles>'
        f'<decodedData><modelType type="Chat">{chats}</modelType>'
        f'<modelType type="Call">{others}</modelType></decodedData></project>'
    ).encode()


def package(xml, *members):
    return zip_bytes(("report.xml", xml), *members)
