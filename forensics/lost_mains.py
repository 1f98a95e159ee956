"""Databases of messages that lie where their app keeps them and are none any more: told, not passed over."""

from __future__ import annotations

import re
from typing import Protocol, runtime_checkable

from forensics.errors import DamagedEvidence, EvidenceUnreadable
from forensics.evidence import Evidence, Member
from forensics.items import Item, Remark
from forensics.looking import Tools
from forensics.parser import Parser
from forensics.unextracted import is_told

EMPTY, ZEROS = "it is empty", "its first bytes are zeros"
NO_DATABASE, NO_TABLES = "it is no database", "its tables are of no kind read here"
_TOLD = "the name and place are those of the database of messages of {}, but {}"


@runtime_checkable
class KnowsMainPath(Protocol):
    """A parser whose app keeps its database of messages under a name of its own; ``main_path`` is looked for
    in the path, in small letters and with a slash in front."""

    main_path: re.Pattern[str]


def is_main_path(parser: Parser, path: str) -> bool:
    """Whether the database of messages of an app lies at that path, by name and place."""
    return isinstance(parser, KnowsMainPath) and parser.main_path.search(f"/{path.lower()}") is not None


def tell_lost(tools: Tools, item: Item, evidence: Evidence, member: Member, what: str) -> None:
    """Name a file that should be such a database and is none, for a reason of those above."""
    parser = next((each for each in tools.parsers if is_main_path(each, member.path)), None)
    if parser is None or any(each.path == member.path for each in evidence.problems):
        return  # what the evidence could not read, it tells itself
    if not member.size and is_told(item.troubles, member.path):
        return
    app = parser.application(member.path)
    text = _TOLD.format(app, what)
    try:
        digest = tools.digest(evidence, member)
    except EvidenceUnreadable as error:
        item.trouble(member.path, error)
        return
    item.remarks.append(Remark(path=member.path, sha256=digest, text=text, app=app))
    item.trouble(member.path, DamagedEvidence(f"{member.path}: {text}: it was not read"))


def has_lost_main(item: Item, parser: Parser) -> bool:
    """Whether a database of messages of that parser lies in the item and could not be read."""
    return any(each.code and is_main_path(parser, each.path) for each in item.troubles)
