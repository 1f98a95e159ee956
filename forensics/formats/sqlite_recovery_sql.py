"""What a CREATE TABLE says of the rows it describes, read without SQLite: the text may be carved or hostile.

Source: https://www.sqlite.org/lang_createtable.html and https://www.sqlite.org/datatype3.html section 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from forensics.formats.sqlite_record import RawValue
from forensics.formats.sqlite_schema import fold

_KEPT = 1 << 13  # letters of a declaration that is remembered
_LONGEST = 1 << 20  # no CREATE TABLE is longer than SQLite's own limit of a million bytes
_TOKEN = re.compile(
    r"\s+|--[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|(?P<blob>[xX]'[0-9a-fA-F]*')"
    r"|(?P<string>'(?:[^']|'')*')"
    r"|(?P<quoted>\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\])"
    r"|(?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-z_$\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_TABLE_WORDS = {"constraint", "primary", "unique", "check", "foreign"}
_COLUMN_WORDS = _TABLE_WORDS - {"foreign"} | {
    "not", "null", "default", "collate", "references", "generated", "as",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word of SQL; ``kind`` is blob, string, quoted, number, word or mark."""

    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words

    @property
    def name(self) -> str:
        if self.kind not in ("quoted", "string"):
            return self.text
        inner, quote = self.text[1:-1], self.text[0]
        return inner if quote == "[" else inner.replace(quote * 2, quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredColumn:
    """A column as declared. ``default`` is None also where the default is an expression."""

    name: str
    declared: str
    affinity: str  # integer, real, numeric, text, blob
    not_null: bool
    is_key: bool
    is_descending: bool
    is_virtual: bool
    default: RawValue


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTable:
    """A table as declared; ``key`` holds the places of the PRIMARY KEY's columns."""

    name: str
    columns: tuple[DeclaredColumn, ...]
    key: tuple[int, ...]
    key_is_apart: bool  # PRIMARY KEY stands as a constraint of the table
    without_rowid: bool
    is_strict: bool


def read_create_table(sql: str) -> DeclaredTable | None:
    """None for a text that is no CREATE TABLE with a list of columns (also CREATE VIRTUAL TABLE)."""
    return _read_create_table(sql) if len(sql) > _KEPT else _kept_create_table(sql)


@lru_cache(maxsize=256)
def _kept_create_table(sql: str) -> DeclaredTable | None:
    """A declaration stands in the schema and in each older image of it: the same text is asked for again."""
    return _read_create_table(sql)


def _read_create_table(sql: str) -> DeclaredTable | None:
    tokens = list(_tokens(sql[:_LONGEST]))
    opening = next((at for at, token in enumerate(tokens) if token.text == "("), None)
    if opening is None or opening < 3 or not tokens[0].is_word("create"):
        return None
    if not any(token.is_word("table") for token in tokens[1:3]) or tokens[1].is_word("virtual"):
        return None
    parts, rest = _parts(tokens, opening)
    definitions = [part for part in parts if part and not part[0].is_word(*_TABLE_WORDS)]
    columns = tuple(_column(part) for part in definitions)
    options = [token.text.lower() for token in rest if token.kind == "word"]
    apart = [_key_names(part) for part in parts if part and part[0].is_word("primary", "constraint")]
    names = next((found for found in apart if found), [])
    key = _places(columns, names) or tuple(at for at, column in enumerate(columns) if column.is_key)
    if not columns:
        return None
    return DeclaredTable(
        name=tokens[opening - 1].name,
        columns=columns,
        key=key,
        key_is_apart=bool(names),
        without_rowid="rowid" in options and bool(key),
        is_strict="strict" in options,
    )


def read_create_index(sql: str) -> tuple[str, tuple[str, ...]] | None:
    """The table of a CREATE INDEX and the columns in its order; None where one of them is an expression."""
    tokens = list(_tokens(sql[:_LONGEST]))
    on = next((at for at, token in enumerate(tokens) if token.is_word("on")), None)
    if on is None or not tokens[0].is_word("create") or len(tokens) < on + 4 or tokens[on + 2].text != "(":
        return None
    parts, _rest = _parts(tokens, on + 2)
    if not all(part and _is_plain(part) for part in parts):
        return None
    return tokens[on + 1].name, tuple(part[0].name for part in parts)


def _is_plain(part: list[Token]) -> bool:
    """Whether an indexed column is one by its name, with an order or a collation at most."""
    rest = [token for token in part[1:] if not token.is_word("asc", "desc")]
    return part[0].kind != "mark" and (not rest or (len(rest) == 2 and rest[0].is_word("collate")))


def _tokens(sql: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(sql):
        if match.lastgroup is not None:
            yield Token(match.lastgroup, match[0])


def _parts(tokens: list[Token], opening: int) -> tuple[list[list[Token]], list[Token]]:
    """The definitions between the outer parentheses, and what follows them."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for at in range(opening, len(tokens)):
        token = tokens[at]
        depth += (token.text == "(") - (token.text == ")") if token.kind == "mark" else 0
        if depth == 0:
            return parts, tokens[at + 1 :]
        if depth == 1 and token.text == "," and token.kind == "mark":
            parts.append([])
        elif at > opening:
            parts[-1].append(token)
    return parts, []


def _column(part: list[Token]) -> DeclaredColumn:
    end = next((at for at in range(1, len(part)) if part[at].is_word(*_COLUMN_WORDS)), len(part))
    declared = " ".join(token.name for token in part[1:end] if token.kind != "mark")
    rules = part[end:]
    primary = next((at for at, token in enumerate(rules) if token.is_word("primary")), None)
    generated = any(token.is_word("as") for token in rules)
    return DeclaredColumn(
        name=part[0].name,
        declared=declared,
        affinity=affinity_of(declared),
        not_null=_has_pair(rules, "not", "null"),
        is_key=primary is not None,
        is_descending=primary is not None and any(token.is_word("desc") for token in rules[primary:][:3]),
        is_virtual=generated and not rules[-1].is_word("stored"),
        default=_default(rules, affinity_of(declared)),
    )


def _has_pair(tokens: list[Token], first: str, second: str) -> bool:
    return any(one.is_word(first) and two.is_word(second) for one, two in pairwise(tokens))


def affinity_of(declared: str) -> str:
    """The affinity that a declared type gives, by SQLite's five rules."""
    upper = declared.upper()
    if "INT" in upper:
        return "integer"
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if "BLOB" in upper or not upper or upper == "ANY":
        return "blob"
    if any(word in upper for word in ("REAL", "FLOA", "DOUB")):
        return "real"
    return "numeric"


def _default(rules: list[Token], affinity: str) -> RawValue:
    at = next((at for at, token in enumerate(rules) if token.is_word("default")), None)
    words = [token for token in rules[at + 1 :] if token.text != "("] if at is not None else []
    if not words:
        return None
    sign = -1 if words[0].text == "-" else 1
    token = words[1] if words[0].text in "+-" and len(words) > 1 else words[0]
    return _shaped(_literal(token, sign), affinity)


def _literal(token: Token, sign: int) -> RawValue:
    if token.kind == "number":
        text = token.text.lower()
        if text.startswith("0x"):
            return sign * int(text, 16)
        return sign * int(text) if text.isdigit() and len(text) < 19 else sign * float(text)
    if token.kind == "blob":
        digits = token.text[2:-1]
        return bytes.fromhex(digits) if len(digits) % 2 == 0 else None
    if token.kind in ("string", "quoted"):
        return token.name
    return {"true": 1, "false": 0}.get(token.text.lower())


def _shaped(value: RawValue, affinity: str) -> RawValue:
    """A default as the column's affinity stores it."""
    if affinity == "text" and isinstance(value, int | float):
        return str(value)
    if isinstance(value, float) and affinity in ("integer", "numeric") and value.is_integer():
        return int(value)
    if isinstance(value, str) and affinity in ("integer", "numeric", "real"):
        if re.fullmatch(r"[+-]?\d{1,18}", value):
            return int(value)
        if re.fullmatch(r"[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d{1,3})?", value):
            return float(value)
    return value


def _key_names(part: list[Token]) -> list[str]:
    """The columns of a PRIMARY KEY that stands as a constraint of the table."""
    at = next((at for at, token in enumerate(part) if token.is_word("primary")), None)
    if at is None or at > 2:
        return []
    names, depth, is_first = [], 0, False
    for token in part[at + 2 :]:
        if token.kind == "mark":
            depth += (token.text == "(") - (token.text == ")")
            is_first = token.text in ("(", ",")
            if depth == 0:
                break
        elif is_first:
            names.append(token.name)
            is_first = False
    return names


def _places(columns: tuple[DeclaredColumn, ...], names: list[str]) -> tuple[int, ...]:
    folded = [fold(column.name) for column in columns]
    found = [folded.index(fold(name)) for name in names if fold(name) in folded]
    return tuple(dict.fromkeys(found))
