"""People who may be privileged and are on no list: told by what they are called, for a person to decide.

Court report reference 2.3. Names, titles and numbers are looked at, and how often words of the trade stand in
a conversation; no text of a message is shown. A word is an indication only: "mr." is also English.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from forensics.authority import keyed_hash
from forensics.case import Case
from forensics.case_settings import listed_identifiers
from forensics.ground import is_between_two, normalised

# By profession, words in a name or title (folded). The privileged professions of the Netherlands are those of
# article 218 Sv as case law has them: lawyer, notary, doctor, clergy; words in Dutch and English.
WORDS = {
    "lawyer": (
        r"advocaa?t\w*", r"advocatuur\w*", r"mr\.", r"raads(man|vrouw)", r"strafpleiter", r"law(yer|yers)?\b",
        r"attorney\w*", r"solicitor\w*", r"barrister\w*", r"legal", r"pleiter",
    ),
    "notary": (r"\w*notaris\w*", r"\w*notariaat\w*", r"notary"),
    "doctor": (
        r"dokter\w*", r"\w*arts\b", r"dr\.", r"doctor", r"gp\b", r"psychiater\w*", r"psycholo[og]\w*",
        r"ziekenhuis\w*", r"kliniek\w*", r"apotheek\w*", r"ggz\b", r"hospital", r"clinic",
    ),
    "clergy": (r"dominee", r"ds\.", r"pastoor", r"pastor", r"imam", r"rabbi(jn)?", r"pater", r"priest"),
}  # fmt: skip
_PATTERNS = {
    kind: re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE) for kind, words in WORDS.items()
}
# Words that stand in talk with such a person, as the search index has them.
_TALK = ("advocaat", "raadsman", "raadsvrouw", "verschoningsrecht", "geheimhouder", "notaris", "huisarts")
_LISTED = "on the list given"


def candidates(case: Case, numbers: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The candidates with reasons and conversations, people first; ``numbers``: known ones of offices."""
    known = {normalised(each) for each in numbers}
    found = [*_people(case.db, known), *_conversations(case.db)]
    return sorted(found, key=lambda each: (each["record"] != "participant", each["id"]))


def _people(db: sqlite3.Connection, known: set[str]) -> Iterator[dict[str, Any]]:
    rows = db.execute(
        "SELECT id, app, handle, phone, names FROM participant WHERE NOT is_owner ORDER BY rank"
    ).fetchall()
    for key, app, handle, phone, names in rows:
        called = [each["name"] for each in json.loads(names)]
        reasons = list(dict.fromkeys(reason for name in called for reason in _reasons(name)))
        if known & {normalised(each) for each in (handle, phone) if each}:
            reasons.append(_LISTED)
        if reasons:
            yield {
                "record": "participant", "id": key, "app": app, "handle": handle, "phone": phone,
                "names": list(dict.fromkeys(called)), "reasons": reasons, "conversations": _of(db, key),
            }  # fmt: skip


def _reasons(name: str) -> Iterator[str]:
    for kind, pattern in _PATTERNS.items():
        match = pattern.search(name)
        if match:
            yield f"{kind}: {match[0].casefold()}"


def _of(db: sqlite3.Connection, person: str) -> list[dict[str, Any]]:
    """The conversations of a person, with the number of messages."""
    rows = db.execute(
        "SELECT c.id, c.kind, (SELECT count(*) FROM message WHERE conversation = c.n) FROM conversation AS c"
        " WHERE EXISTS (SELECT 1 FROM json_each(c.participants) WHERE value = ?) ORDER BY c.rank",
        (person,),
    )
    return [{"id": key, "kind": kind, "messages": count} for key, kind, count in rows]


def _conversations(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Conversations by their title, and those of two in which words of the trade stand."""
    talked = dict(db.execute(
        "SELECT m.conversation, count(*) FROM message_text AS t JOIN message AS m ON m.n = t.rowid"
        " WHERE message_text MATCH ? GROUP BY m.conversation",
        (" OR ".join(_TALK),),
    ).fetchall())  # fmt: skip
    rows = db.execute("SELECT n, id, app, kind, title, handle FROM conversation ORDER BY rank").fetchall()
    for n, key, app, kind, title, handle in rows:
        reasons = list(_reasons(title or ""))
        if n in talked and is_between_two(kind):
            reasons.append(f"{talked[n]} messages have words of the trade")
        if reasons:
            (count,) = db.execute("SELECT count(*) FROM message WHERE conversation = ?", (n,)).fetchone()
            yield {
                "record": "conversation", "id": key, "app": app, "handle": handle, "names": [title or ""],
                "reasons": reasons, "conversations": [{"id": key, "kind": kind, "messages": count}],
            }  # fmt: skip


def add_privileged(case: Case, path: Path, by: str | None) -> dict[str, Any]:
    """Put more identifiers on the list of privileged contacts, as keyed hashes; gives how many are new and
    which conversations of the case are theirs already: those are for a person to purge."""
    secret = str(case.info["secret"])
    hashes = {keyed_hash(secret, each) for each in listed_identifiers(path)}
    with case.change() as change:
        before = set(case.info["privileged"])
        case.set(privileged=sorted(before | hashes))
        change.log(
            "privilege.exclude", {"case": str(case.info["number"])}, "the list was added to",
            by=by or str(case.info["examiner"]), added=len(hashes - before), changes_case=True,
        )  # fmt: skip
    return {"added": len(hashes - before), "conversations": list(_already(case.db, secret, hashes))}


def _already(db: sqlite3.Connection, secret: str, hashes: set[str]) -> Iterator[str]:
    people = {
        key
        for key, handle, phone, names in db.execute(
            "SELECT id, handle, phone, names FROM participant WHERE NOT is_owner"
        )
        for each in (handle, phone, *(name["name"] for name in json.loads(names)))
        if each and keyed_hash(secret, each) in hashes
    }
    rows = db.execute("SELECT id, kind, handle, participants FROM conversation ORDER BY rank").fetchall()
    for key, kind, handle, members in rows:
        is_theirs = is_between_two(kind) and not people.isdisjoint(json.loads(members))
        if is_theirs or (handle and keyed_hash(secret, handle) in hashes):
            yield key
