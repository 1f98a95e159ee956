"""Whether a conversation stands on an online platform under the Digital Services Act, as far as is known: a
channel is told from a private chat, and what no source says is left open (``analysis/data/services.toml``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forensics.analysis.data_files import data_bytes

# What the parsers of Telegram write as the source of a group's or channel's own name.
_PUBLIC = ("username (public channel)", "username (public group)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """``standing``: ``platform``, ``outside`` or ``open``; ``said``: the same in words, by language."""

    standing: str
    said: Mapping[str, str]
    apps: frozenset[str]
    kinds: frozenset[str]
    is_public: bool

    def fits(self, conversation: Mapping[str, Any], is_public: bool) -> bool:
        """Whether a conversation is of this service; one without apps or kinds takes any."""
        return (
            (not self.apps or conversation["app"] in self.apps)
            and (not self.kinds or conversation["kind"] in self.kinds)
            and (is_public or not self.is_public)
        )


class PublicNames:
    """The public names of channels and groups, by app and identifier."""

    def __init__(self, participants: Iterable[Mapping[str, Any]]) -> None:
        self._found: dict[tuple[str, str], tuple[str, ...]] = {}
        for person in participants:
            names = tuple(each["name"] for each in person["names"] if each["source"] in _PUBLIC)
            if names and person["handle"]:
                key = (person["app"], person["handle"])
                self._found[key] = tuple(dict.fromkeys((*self._found.get(key, ()), *names)))

    def of(self, conversation: Mapping[str, Any]) -> tuple[str, ...]:
        """Those that are recorded of a conversation; that none is proves nothing."""
        if conversation["kind"] not in ("channel", "group"):
            return ()
        return self._found.get((conversation["app"], conversation["handle"] or ""), ())


def service(conversation: Mapping[str, Any], public_names: Iterable[str]) -> Service:
    """What is known of the service that a conversation stands on."""
    is_public = any(public_names)
    return next(each for each in _services() if each.fits(conversation, is_public))


@lru_cache(maxsize=1)
def _services() -> tuple[Service, ...]:
    return tuple(
        Service(
            standing=row["standing"],
            said={"nl": row["nl"], "en": row["en"]},
            apps=frozenset(row.get("apps", ())),
            kinds=frozenset(row.get("kinds", ())),
            is_public=row.get("is_public", False),
        )
        for row in tomllib.loads(data_bytes("services.toml").decode("utf-8"))["service"]
    )
