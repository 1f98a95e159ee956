"""An encoder of TL of its own, from the same schema text as the decoder but sharing no code with it."""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "parsers" / "data" / "telegram.tl"
FIELD = re.compile(r"^(?P<name>[^:]+):((?P<word>\w+)\.(?P<bit>\d+)\?)?(?P<type>.+)$")


@cache
def lines() -> dict[int, list[str]]:
    """Every layout's line by id, the first one first."""
    found: dict[int, list[str]] = {}
    for line in SCHEMA_FILE.read_text("utf-8").splitlines():
        match = re.match(r"%?[\w.]+#([0-9a-f]{8}) ", line)
        if match:
            found.setdefault(int(match[1], 16), []).append(line.split(" //")[0])
    return found


@cache
def by_type() -> dict[str, list[int]]:
    """The ids of each type, those that need least first."""
    found: dict[str, list[int]] = {}
    for number, (line, *_rest) in lines().items():
        found.setdefault(line.rpartition(" = ")[2], []).append(number)
    return {kind: sorted(ids, key=lambda each: len(lines()[each][0])) for kind, ids in found.items()}


@cache
def fields(number: int, layout: int = 0) -> tuple[dict[str, str], ...]:
    """The fields of a layout as dicts of name, type, word, bit."""
    middle = lines()[number][layout].partition(" ")[2].rpartition("= ")[0].split()
    return tuple(FIELD.match(each).groupdict() for each in middle)  # type: ignore[union-attr]


@cache
def number_of(name: str, kind: str | None = None) -> int:
    """The id of the constructor that is written ``name`` or ``name#id``."""
    if "#" in name:
        return int(name.partition("#")[2], 16)
    found = [n for n, (line, *_r) in lines().items() if line.startswith(f"{name}#")]
    if len(found) != 1:
        raise KeyError(f"{name}: {[f'{each:08x}' for each in found]}")
    return found[0]


def string(value: str | bytes) -> bytes:
    """A TL string."""
    raw = value.encode() if isinstance(value, str) else value
    head = bytes([len(raw)]) if len(raw) < 254 else b"\xfe" + struct.pack("<I", len(raw))[:3]
    return (head + raw).ljust((len(head) + len(raw) + 3) // 4 * 4, b"\0")


def obj(name: str, layout: int = 0, /, **values: Any) -> bytes:
    """An object by its constructor (``name`` or ``name#id``); flags follow from which fields are given, a
    bit that stands alone is given as True."""
    number = number_of(name)
    known = fields(number, layout)
    unknown = set(values) - {each["name"] for each in known}
    if unknown:
        raise KeyError(f"{name} has no {sorted(unknown)}")
    words = {each["name"]: values.get(each["name"], 0) for each in known if each["type"] == "#"}
    for each in known:
        if each["word"] and values.get(each["name"]) not in (None, False):
            words[each["word"]] |= 1 << int(each["bit"])
    out = struct.pack("<I", number)
    for each in known:
        kind, key = each["type"], each["name"]
        if kind == "#":
            out += struct.pack("<I", words[key])
        elif kind != "true" and (not each["word"] or values.get(key) is not None):
            out += encode(kind, values[key])
    return out


def encode(kind: str, value: Any) -> bytes:
    """A value of a type; objects come encoded."""
    if kind in ("int", "long", "double"):
        return struct.pack({"int": "<i", "long": "<q", "double": "<d"}[kind], value)
    if kind in ("string", "bytes"):
        return string(value)
    if kind == "Bool":
        return struct.pack("<I", 0x997275B5 if value else 0xBC799737)
    match = re.fullmatch(r"[Vv]ector<(.+)>", kind)
    if match:
        return struct.pack("<Ii", 0x1CB5C415, len(value)) + b"".join(encode(match[1], v) for v in value)
    assert isinstance(value, bytes), (kind, value)
    return value


def made(chance: Any, number: int, depth: int = 0, share: float = 0.5) -> tuple[bytes, dict[str, Any]]:
    """Any object of a constructor: its bytes, and its fields by name. ``chance`` is a random.Random;
    ``share`` of the conditional fields is there."""
    if depth > 4:
        share = 0.0
    known = fields(number)
    words = {each["name"]: 0 for each in known if each["type"] == "#"}
    for each in known:
        if each["word"] in words and chance.random() < share:
            words[each["word"]] |= 1 << int(each["bit"])
    out, plain = struct.pack("<I", number), {}
    for each in known:
        if each["type"] == "#":
            out += struct.pack("<I", words[each["name"]])
            plain[each["name"]] = words[each["name"]]
        elif each["type"] != "true" and (
            not each["word"] or words.get(each["word"], 0) >> int(each["bit"]) & 1
        ):
            data, plain[each["name"]] = _any(chance, each["type"], depth)
            out += data
    return out, {"_": number, **plain}


def _any(chance: Any, kind: str, depth: int) -> tuple[bytes, Any]:
    if kind in ("int", "long"):
        bits = 32 if kind == "int" else 64
        value: Any = chance.choice([0, 1, -1, chance.randrange(-(1 << (bits - 1)), 1 << (bits - 1))])
    elif kind == "double":
        value = chance.uniform(-1e6, 1e6)
    elif kind in ("int128", "int256"):
        value = chance.randbytes(16 if kind == "int128" else 32)
        return value, value
    elif kind in ("string", "bytes"):
        size = chance.choice([0, 1, 2, 3, 5, 253, 254, 300]) if chance.random() < 0.2 else chance.randrange(9)
        value = "".join(chance.choice("aé€😀\n") for _ in range(size))
        value = value.encode() if kind == "bytes" else value
    elif kind == "Bool":
        value = chance.random() < 0.5
    elif match := re.fullmatch(r"[Vv]ector<(.+)>", kind):
        items = [_any(chance, match[1], depth + 1) for _ in range(chance.randrange(3) if depth < 4 else 0)]
        head = struct.pack("<Ii", 0x1CB5C415, len(items))
        return head + b"".join(data for data, _ in items), [plain for _, plain in items]
    else:
        ids = by_type()[kind]
        chosen = ids[0] if depth > 3 else chance.choice(ids)
        return made(chance, chosen, depth + 1)
    return encode(kind, value), value
