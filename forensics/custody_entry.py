"""One line of the custody log: its fields, its canonical form, its hash and its signature.

The format is that of the court report reference, 1.3 (what is logged) and 5.2 (how): RFC 8785 JSON, SHA-256,
Ed25519. All hexadecimal is lower case, so that one entry has one form only.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Never, TypeAlias

import rfc8785

from forensics.keys import SigningKey, key_id_of, signature_holds

VERSION = 1
ACTIONS = frozenset(
    {
        "case.open",
        "authority.set",
        "evidence.add",
        "hash.verify",
        "copy.work",
        "decrypt",
        "parse.start",
        "parse.end",
        "recover",
        "scope.filter",
        "privilege.exclude",
        "flag.run",
        "flag.review",
        "view",
        "search",
        "export",
        "report.select",
        "report.write",
        "report.sign",
        "disclose",
        "erase",
        "purge",
        "case.close",
        "key.add",
        "key.revoke",
        "anchor",
        "receive",
        "attempt",
    }
)

Detail: TypeAlias = Mapping[str, object]
Subject: TypeAlias = Mapping[str, object] | str

_TEXT = re.compile(r".*", re.DOTALL)
_HASH = re.compile(r"[0-9a-f]{64}")
_FORMS = {  # the text fields; v, seq, object, authority and detail are looked at one by one
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII),  # RFC 3339, UTC, milliseconds
    "tz": _TEXT,
    "actor": _TEXT,
    "host": _TEXT,
    "action": _TEXT,
    "result": _TEXT,
    "tool": _TEXT,
    "prev": _HASH,
    "hash": _HASH,
    "key": re.compile(r"[0-9a-f]{16}"),
    "sig": re.compile(r"[0-9a-f]{128}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of a log: what is printed and anchored outside the workstation."""

    seq: int
    hash: str


GENESIS = Head(seq=0, hash="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it stands in the log; `object` is what was acted on, `detail` what the action records."""

    v: int
    seq: int
    time: str
    tz: str
    actor: str
    host: str
    action: str
    object: Subject
    authority: str | None
    result: str
    detail: Detail
    tool: str
    prev: str
    hash: str
    key: str
    sig: str

    @property
    def head(self) -> Head:
        """The head of a log that ends here."""
        return Head(seq=self.seq, hash=self.hash)


FIELDS = tuple(Entry.__dataclass_fields__)


class LineFault(Exception):
    """A line that is no entry: `kind` as in custody_check.Problem, the text in words."""

    def __init__(self, kind: str, text: str) -> None:
        """Take the kind of fault and what is wrong in words."""
        super().__init__(text)
        self.kind = kind


def prepare(
    head: Head,
    *,
    key: SigningKey,
    time: str,
    tz: str,
    actor: str,
    host: str,
    action: str,
    object: Subject,
    authority: str | None,
    result: str,
    detail: Detail,
    tool: str,
) -> bytes:
    """The finished line, newline included, that follows `head`.

    ValueError for a float, an unknown action, an integer beyond 2^53 or a time that is not RFC 3339 in UTC
    with milliseconds. Bytes of a file name that are no UTF-8 are written as `\\udcXX`.
    """
    given = {"v": VERSION, "seq": head.seq + 1, "time": time, "tz": tz, "actor": actor, "host": host}
    given |= {"action": action, "object": object, "authority": authority, "result": result, "detail": detail}
    fields = _plain(given | {"tool": tool, "prev": head.hash, "key": key.key_id})
    digest = _digest(fields)
    line = rfc8785.dumps(fields | {"hash": digest, "sig": key.sign(bytes.fromhex(digest)).hex()}) + b"\n"
    try:
        read_line(line)
    except LineFault as fault:
        raise ValueError(f"no custody entry: {fault}") from fault
    return line


def read_line(line: bytes) -> Entry:
    """The entry of one line with its newline; LineFault when its form is wrong. No hash is checked."""
    if not line.endswith(b"\n"):
        raise LineFault("torn", "the line has no end")
    try:
        fields = json.loads(line[:-1].decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
        canonical = rfc8785.dumps(fields)
    except (ValueError, RecursionError) as error:
        raise LineFault("not-json", f"the line is not JSON as a log holds it ({error})") from error
    if canonical != line[:-1]:
        raise LineFault("not-canonical", "the line is not in the canonical form (RFC 8785)")
    return _entry(fields)


def is_unedited(entry: Entry) -> bool:
    """Whether the entry's fields still give its hash."""
    return _digest({name: getattr(entry, name) for name in FIELDS}) == entry.hash


def is_signed(entry: Entry, public: bytes) -> bool:
    """Whether the entry's hash was signed with the private half of this key."""
    return signature_holds(public, bytes.fromhex(entry.hash), bytes.fromhex(entry.sig))


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A public key that the log itself announces; `introduced_itself` when no earlier key vouches for it."""

    seq: int
    public: bytes
    introduced_itself: bool


def key_ring(entries: Iterable[Entry]) -> dict[str, Announcement]:
    """The keys that unedited entries announce, by key id: the first `case.open`, then every `key.add`."""
    ring: dict[str, Announcement] = {}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        public = _announced_key(entry)
        if public is None or key_id_of(public) in ring or not is_unedited(entry):
            continue
        itself = entry.key == key_id_of(public)
        voucher = public if itself else ring[entry.key].public if entry.key in ring else None
        if voucher is not None and is_signed(entry, voucher):
            foreign = itself and entry.action == "key.add"
            ring[key_id_of(public)] = Announcement(seq=entry.seq, public=public, introduced_itself=foreign)
    return ring


def _announced_key(entry: Entry) -> bytes | None:
    if entry.action != "key.add" and not is_opening(entry):
        return None
    public = entry.detail.get("public_key")
    return bytes.fromhex(public) if isinstance(public, str) and _HASH.fullmatch(public) else None


def revocations(entries: Iterable[Entry], ring: Mapping[str, Announcement]) -> dict[str, int]:
    """By key id, the number of the unedited entry that revokes it, signed with a key that was not revoked."""
    found: dict[str, int] = {}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        revoked = entry.detail.get("revoked_key")
        if entry.action != "key.revoke" or not isinstance(revoked, str) or entry.key not in ring:
            continue
        if entry.key not in found and is_unedited(entry) and is_signed(entry, ring[entry.key].public):
            found.setdefault(revoked, entry.seq)
    return found


def is_opening(entry: Entry) -> bool:
    """Whether this is the first entry, which binds the case, the tool and the first key."""
    return entry.seq == 1 and entry.action == "case.open"


def _digest(fields: Mapping[str, Any]) -> str:
    bound = {name: value for name, value in fields.items() if name not in ("hash", "sig")}
    return hashlib.sha256(rfc8785.dumps(bound)).hexdigest()


def _entry(fields: Any) -> Entry:
    """The entry out of parsed JSON; each field is looked at, since a line may come from anyone."""
    if not isinstance(fields, dict) or set(fields) != set(FIELDS):
        raise LineFault("form", "the line has not the fields of a log entry")
    wrong = [
        name
        for name, form in _FORMS.items()
        if not isinstance(fields[name], str) or not form.fullmatch(fields[name])
    ]
    wrong += ["v"] if type(fields["v"]) is not int or fields["v"] != VERSION else []
    wrong += ["seq"] if type(fields["seq"]) is not int or fields["seq"] < 1 else []
    wrong += [] if isinstance(fields["object"], dict | str) else ["object"]
    wrong += [] if isinstance(fields["authority"], str | None) else ["authority"]
    wrong += [] if isinstance(fields["detail"], dict) else ["detail"]
    wrong += [] if fields["action"] in ACTIONS else ["action"]
    if wrong:
        raise LineFault("form", f"not a value that the log knows: {', '.join(sorted(set(wrong)))}")
    return Entry(**fields)


def _plain(value: Any) -> Any:
    """The value in JSON's own types, every text encodable; ValueError for a float."""
    if isinstance(value, float):
        raise ValueError("a custody entry holds no floats")
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {_plain(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _no_float(text: str) -> Never:
    raise ValueError(f"a number that a log cannot hold: {text}")
