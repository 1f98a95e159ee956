"""Invented cases that the tests of the reports draw on: records in lists, digests and log lines that hold."""

# ruff: noqa: E501, SIM905  # records as tables: easier to compare unbroken

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.custody_check import check
from forensics.custody_entry import Head, prepare
from forensics.digest import canonical, sha256
from forensics.keys import SigningKey
from forensics.times import local, parse_rfc3339, rfc3339

Record = dict[str, Any]
EVIDENCE, FILE = "e1" * 32, "f1" * 32
START = parse_rfc3339("2026-02-01T20:15:03.250Z")
OWNER, YASMIN, BRAM = "p" + "0" * 24, "p" + "1" * 24, "p" + "2" * 24
ACCOUNT = "a" + "0" * 24
NASTY = "a\x00b\ue000c\u202ed <script>alert(1)</script> =1+1 #panic() *b* \U0001d5e0"
ARABIC = "مرحبا، هل لديك شيء؟ 😀"
FAMILY = "👨‍👩‍👧‍👦 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 ❤️‍🔥 ☎️ 🇳🇱"


def message(number: int, conversation: str, text: str | None, **changes: Any) -> Record:
    """A contract message record."""
    found: Record = {
        "record": "message", "id": f"m{number:024x}", "app": "whatsapp", "platform": "android", "account": ACCOUNT,
        "conversation": conversation, "conversation_kind": "direct", "sender": YASMIN if number % 2 else OWNER,
        "from_owner": number % 2 == 0, "status": None, "sent_at": rfc3339(START + number * 61_000),
        "received_at": None, "delivered_at": None, "read_at": None, "edited_at": None, "deleted_at": None,
        "kind": "text", "text": text, "state": "live", "deleted_by": None, "reply_to": None, "forwarded": None,
        "reactions": [], "edits": [], "receipts": [], "mentions": [], "attachments": [], "location": None,
        "contacts": [], "poll": None, "system": None, "expires_after": None, "view_once": False, "starred": False,
        "source": source(number), "also": [],
    }  # fmt: skip
    return sealed(found | changes)


def sealed(record: Record) -> Record:
    """The record with the digest of its other fields."""
    kept = {name: value for name, value in record.items() if name not in ("id", "record_sha256")}
    return record | {"record_sha256": sha256(canonical(kept))}


def source(row: int, **changes: Any) -> Record:
    """A place in the invented database."""
    found: Record = {
        "evidence_sha256": EVIDENCE, "file_sha256": FILE, "path": "msgstore.db", "table": "message", "rowid": row,
        "rowid_key": None, "page": None, "offset": None, "app_id": None,
    }  # fmt: skip
    return found | changes


def conversation(number: int, count: int, **changes: Any) -> Record:
    """A contract conversation record."""
    found: Record = {
        "record": "conversation", "id": f"c{number:024x}", "app": "whatsapp", "platform": "android",
        "account": ACCOUNT, "kind": "direct", "title": None, "handle": f"3160000{number:04}@s.whatsapp.net",
        "participants": [OWNER, YASMIN], "messages": count,
    }  # fmt: skip
    return found | changes


def person(key: str, name: str | None, phone: str, **changes: Any) -> Record:
    """A contract participant record."""
    found: Record = {
        "record": "participant", "id": key, "app": "whatsapp", "handle": f"{phone[1:]}@s.whatsapp.net",
        "phone": phone, "names": [{"name": name, "source": "address book"}] if name else [], "is_owner": key == OWNER,
    }  # fmt: skip
    return found | changes


class FakeUnpacking:
    """Blocks of FakeCase, made into records and lines again."""

    def records(self, block):
        yield from json.loads(block)

    def records_and_lines(self, block):
        return ((each, canonical(each).encode()) for each in self.records(block))


class FakeCase:
    """The reader that reports draw on, over lists."""

    def __init__(self, talks: list[tuple[Record, list[Record]]], flags: list[Record] | None = None) -> None:
        self.talks = talks
        self.flag_list = flags or []
        self.info: Record = full_info()
        self.notice_list: list[Record] = []
        self.log = log()

    def accounts(self):
        yield {
            "record": "account", "id": ACCOUNT, "app": "whatsapp", "platform": "android",
            "handle": "31600000000@s.whatsapp.net", "phone": "+31600000000", "name": "Dealer? <b>nee</b>",
            "exhibit": "EX001",
        }  # fmt: skip

    def conversations(self):
        yield from (talk for talk, _ in self.talks)

    def participants(self):
        yield person(OWNER, None, "+31600000000")
        yield person(YASMIN, "ياسمين 🌸", "+31600000001")
        yield person(BRAM, "Bram <i>de</i> =Wit", "+31600000002")

    def messages(self, conversation=None):
        for talk, found in self.talks:
            if conversation in (None, talk["id"]):
                yield from found

    def calls(self):
        found: Record = {
            "record": "call", "id": "k" + "0" * 24, "app": "whatsapp", "account": ACCOUNT, "conversation": None,
            "sender": YASMIN, "from_owner": False, "at": rfc3339(START), "seconds": 61, "video": False,
            "result": "answered", "participants": [OWNER, YASMIN], "source": source(1, table="call_log"),
        }  # fmt: skip
        yield sealed(found)

    def texts(self):
        yield from (each["text"] for each in self.messages() if each["text"])

    def copies(self):
        return []

    def notices(self):
        yield from self.notice_list

    def flags(self):
        yield from self.flag_list

    def flagged(self):
        wanted = {message for flag in self.flag_list for message in flag["messages"]}
        for _, found in self.talks:
            for place, each in enumerate(found, 1):
                if each["id"] in wanted:
                    yield place, each

    def message_lines(self):
        for talk, found in self.talks:
            for each in found:
                yield talk["id"], canonical(each).encode()

    def packed(self, conversation, size):
        found = list(self.messages(conversation))
        for first in range(0, len(found), size):
            yield json.dumps(found[first : first + size]).encode()

    @property
    def unpacking(self):
        return FakeUnpacking()

    def evidence(self):
        table = {"rows": 12, "messages": 9, "skipped": {"sentinel": 1, "scope": 2}, "failed": 0}
        wal = {"path": "msgstore.db-wal", "sha256": "ab" * 32, "applied": True, "frames": 4}
        file = {
            "path": "msgstore.db", "size": 4096, "sha256": FILE, "app": "whatsapp", "platform": "android",
            "schema": "2.24", "companions": [wal], "tables": {"message": table},
            "opened_by": {"form": "crypt15", "key_sha256": "cd" * 32, "details": {}},
        }  # fmt: skip
        return [
            {
                "path": "phone.zip", "kind": "zip", "size": 9999, "sha256": EVIDENCE, "sha256_after": EVIDENCE,
                "expected": EVIDENCE, "exhibit": "EX001", "at": "2026-03-01T10:00:00.000Z", "files": [file],
                "problems": [{"path": "broken.db", "text": "truncated"}], "unread": [],
            }
        ]  # fmt: skip

    def acquisition(self):
        return []

    def comparisons(self, kind):
        return []

    def totals(self):
        count = sum(len(found) for _, found in self.talks)
        return {"whatsapp": {"conversations": len(self.talks), "messages": count, "states": {"live": count}}}

    def daily(self, conversation=None):
        days = Counter(
            local(parse_rfc3339(each["sent_at"]), "Europe/Amsterdam").date().isoformat()
            for each in self.messages(conversation)
            if each["sent_at"]
        )
        return sorted(days.items())

    def lost(self):
        return [("c1", "2026-01", "2026-01", "quoted", 2), (None, "2026-01", "2026-02", "missing", 3)]

    def ends(self, conversation):
        days = self.daily(conversation)
        return [days[0][0], days[-1][0]] if days else []

    def pairs(self):
        found = Counter((each["sender"], each["conversation"]) for each in self.messages() if each["sender"])
        return [(sender, talk, count) for (sender, talk), count in sorted(found.items())]

    def merged(self):
        return 0

    def device_pairs(self):
        return ()

    def differences(self):
        return iter(())

    def seen_again(self, conversation):
        return {}

    def selection(self):
        return []

    def decisions_without_flag(self):
        return ()

    def sealed(self):
        return 0

    def log_lines(self):
        return self.log

    def tree_key(self):
        return b"\x07" * 32

    def public_keys(self):
        entry = json.loads(self.log[0])
        return [(entry["key"], entry["detail"]["public_key"])]

    def rules(self):
        validation = {
            "test_set": "built-in 1",
            "last_run": "2026-01-01",
            "trade": {"precision": {"count": 97, "of": 100, "rate": 0.97, "interval": [0.9155, 0.9897]}},
        }
        return {"version": "1", "sha256": "dd" * 32, "thresholds": {"menu": 3}, "validation": validation}


def log() -> list[bytes]:
    """A custody log of three entries that a checker accepts."""
    key, head, lines = (
        SigningKey(Ed25519PrivateKey.from_private_bytes(b"7" * 32)),
        Head(seq=0, hash="0" * 64),
        [],
    )
    for action in ("case.open", "evidence.add", "parse.end"):
        detail = {"public_key": key.public.hex(), "case": "2026-0001", "tool": "0" * 64} if not lines else {}
        lines.append(
            prepare(
                head, key=key, time="2026-03-01T10:00:00.000Z", tz="Europe/Amsterdam", actor="V. Oorbeeld", host="test",
                action=action, object={"exhibit": "EX001"}, authority="RC-1", result="ok", detail=detail, tool="sporen 0",
            )
        )  # fmt: skip
        entry = json.loads(lines[-1])
        head = Head(seq=entry["seq"], hash=entry["hash"])
    return lines


def full_info() -> Record:
    """Case information in which every mandatory item is given."""
    device = {
        name: f"test {name}"
        for name in (
            "seals make model serial imei iccid os_version owner_stated owner_stated_by locked airplane_mode "
            "clock_offset_seconds clock_compared_at time_zone"
        ).split()
    }
    acquisition = {name: f"test {name}" for name in "tool version type operator place start end".split()}
    environment = {
        name: f"test {name}"
        for name in "tool version commit build_sha256 python sqlite os locale tzdata command".split()
    }
    return {
        "number": "2026-0001", "examiner": "V. Oorbeeld", "organisation": "Eenheid Test", "exhibit": "EX001",
        "timezone": "Europe/Amsterdam", "language": "nl", "created_at": "2026-03-01T09:00:00.000Z",
        "changed_at": "2026-03-01T10:00:00.000Z", "period": {"from": None, "until": None}, "apps": [],
        "authorities": [
            {"kind": "examining-magistrate", "reference": "RC-1", "date": "2026-02-20", "issuer": "RC Teststad",
             "expires": "2027-01-01", "scope": "WhatsApp, 2026", "limits": "geen"}
        ],
        "config": {
            "device": device, "acquisition": acquisition, "reviewer": "T. Weede",
            "case": {"investigation": "Voorbeeld", "requesting_authority": "OvJ", "offence_category": "Opiumwet"},
            "examiner": {"role": "rechercheur"},
        },
        "environment": environment,
    }  # fmt: skip


def flag(talk: str, messages: list[str], **changes: Any) -> Record:
    """A contract flag record."""
    rule = {
        "id": "menu.line", "version": "3", "message": messages[0], "start": 0, "end": 9, "text": "🍬 3 voor 20",
        "reason": "price beside an amount", "weight": 2,
    }  # fmt: skip
    item = {
        "substance": "mdma", "candidates": [], "text": "🍬 3 voor 20", "quantity": 3, "unit": "piece",
        "price": 20, "currency": "EUR", "list": "I", "law": {"list": "I", "confidence": "high"},
    }  # fmt: skip
    found: Record = {
        "record": "flag", "id": "f" + "0" * 24, "kind": "menu", "conversation": talk, "messages": messages,
        "score": 4.5, "rules": [rule], "items": [item], "laws": [{"list": "I", "confidence": "high"}],
        "markets": ["hard"], "decision": None,
    }  # fmt: skip
    return found | changes


def small_case() -> FakeCase:
    """Three conversations: everyday, nasty, and one with every kind of detail; one flag."""
    everyday = [message(each, "c" + f"{1:024x}", f"Bericht {each} 😀") for each in range(1, 61)]
    texts = [
        NASTY,
        ARABIC,
        FAMILY,
        "İstanbul ışık",
        "Zażółć gęślą jaźń",
        "你好,世界",
        "x" * 60_000,
        "😀" * 500,
    ]
    texts += ["می‌خواهم", "\u1300 \ufeff\u200b", "line one\r\nline two\n\tthree"]
    nasty = [message(100 + place, "c" + f"{2:024x}", text) for place, text in enumerate(texts)]
    talks = [
        (conversation(1, len(everyday)), everyday),
        (conversation(2, len(nasty), title="Groep \u202e <b>&", kind="group"), nasty),
        (conversation(3, 8, title="Alles"), detailed("c" + f"{3:024x}")),
    ]
    return FakeCase(talks, [flag(talks[0][0]["id"], [everyday[29]["id"]])])


def detailed(talk: str) -> list[Record]:
    """Messages that have what few messages have."""
    at = rfc3339(START)
    media = {
        "kind": "image", "mime": "image/jpeg", "filename": "IMG-1.jpg", "size": 5, "sha256": "aa" * 32,
        "path": "Media/IMG-1.jpg", "present": True, "caption": "=kijk <b>",
    }  # fmt: skip
    quote = {"id": None, "app_id": "Q", "text": ARABIC, "sent_at": at, "sender": YASMIN}
    poll = {
        "question": "Waar?",
        "options": [{"text": "Hier", "votes": [YASMIN, BRAM]}, {"text": "Daar", "votes": []}],
    }
    return [
        message(201, talk, None, kind="image", attachments=[media], status="read", read_at=at),
        message(202, talk, None, kind="image", attachments=[media | {"present": False, "sha256": None}]),
        message(203, talk, "antwoord", reply_to=quote, forwarded={"times": 2, "from": BRAM, "at": None}),
        message(204, talk, "nieuw", edited_at=at, edits=[{"text": "oud", "at": at}], starred=True),
        message(205, talk, None, state="deleted_for_everyone", deleted_at=at, deleted_by=YASMIN),
        message(206, talk, "terug", state="recovered", source=source(206, page=7, offset=99), also=[source(3)]),
        message(207, talk, "Waar?", kind="poll", poll=poll, reactions=[{"sender": BRAM, "emoji": "👍🏽", "at": at}],
                location={"latitude": 52.1, "longitude": 4.9, "name": "Plein", "address": None},
                contacts=[{"name": "Zus", "phones": ["+31600000009"]}], mentions=[BRAM], view_once=True,
                receipts=[{"participant": BRAM, "delivered_at": at, "read_at": None, "played_at": None}]),
        message(208, talk, None, kind="system", sender=None, from_owner=None, sent_at=None, status="draft",
                system={"type": "unknown", "code": 99, "detail": "onbekend (99)"}),
    ]  # fmt: skip


def test_the_invented_log_holds():
    assert [problem.text for problem in check(log())] == []
