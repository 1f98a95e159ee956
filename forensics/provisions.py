"""Which provisions of Dutch law a flag may be relevant to, as reports and ``flags --json`` say it: an
indication, based on the text, never that a provision applies. ``analysis/data/provisions.toml`` has them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forensics.analysis.data_files import data_bytes
from forensics.analysis.law import other_laws

_OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """What a flag must have; an empty part asks for nothing."""

    kinds: tuple[str, ...]
    goods: tuple[str, ...]
    rules: tuple[str, ...]
    said: tuple[str, ...]

    def holds(self, flag: Mapping[str, Any], goods: frozenset[str]) -> bool:
        """Whether the flag, whose goods are of these kinds, has all of it."""
        if flag["kind"] not in self.kinds or (self.goods and not goods & set(self.goods)):
            return False
        hits = [each for each in flag["rules"] if each["id"] in self.rules]
        if set(self.rules) - {each["id"] for each in hits}:
            return False
        return not self.said or any(str(each.get("text") or "").casefold() in self.said for each in hits)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provision:
    """``said``: by language its ``short`` name, its ``text``, what it goes ``by`` and the ``ground``."""

    id: str
    said: Mapping[str, Mapping[str, str]]
    when: tuple[_Condition, ...]


def may_concern(flag: Mapping[str, Any], sent_at: str | None) -> tuple[Provision, ...]:
    """The provisions that a list of goods or a deal may be relevant to, in their order. None where the
    message has no time (what was on a list on that day cannot be said) and for a conversation as a whole,
    whose lists and deals have theirs."""
    if sent_at is None:
        return ()
    goods = _goods(flag)
    return tuple(each for each in _provisions() if any(one.holds(flag, goods) for one in each.when))


def place(provision: Provision) -> int:
    """Where it stands among all provisions."""
    return _provisions().index(provision)


def _goods(flag: Mapping[str, Any]) -> frozenset[str]:
    """The lists of its goods, the other laws that they may fall under, and whether anything is open."""
    found: set[str] = set()
    for item in flag["items"]:
        other = other_laws().get(str(item["substance"]))
        if other:
            found.add(other)
        if item["list"] or not other:
            found.add(item["list"] or _OPEN)
    return frozenset(found or {_OPEN})


@lru_cache(maxsize=1)
def _provisions() -> tuple[Provision, ...]:
    return tuple(_read())


def _read() -> Iterator[Provision]:
    for row in tomllib.loads(data_bytes("provisions.toml").decode("utf-8"))["provision"]:
        when = tuple(
            _Condition(**{name: tuple(one.get(name, ())) for name in ("kinds", "goods", "rules", "said")})
            for one in row["when"]
        )
        yield Provision(id=row["id"], said={name: row[name] for name in ("nl", "en")}, when=when)
