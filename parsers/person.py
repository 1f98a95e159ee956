"""One person as an app's database knows him: identifiers, and every name with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from forensics.model import Name


@dataclass(slots=True)
class Person:
    """``handle`` is what the app identifies the person by, else whatever else it knows."""

    id: str
    handle: str | None
    phone: str | None
    is_owner: bool = False
    names: list[Name] = field(default_factory=list)

    @property
    def spoken(self) -> str:
        """The best name with the identifier behind it."""
        identifier = self.phone or self.handle or "number not known"
        if self.is_owner:
            return f"the owner of this phone ({identifier})"
        return f"{self.names[0].name} ({identifier})" if self.names else identifier


def settle_names(people: Iterable[Person], rank: Sequence[str]) -> None:
    """Put the names of each in order, each once; ``rank``: their sources, the best first."""
    for person in people:
        seen: dict[str, Name] = {}
        for name in sorted(person.names, key=lambda each: rank.index(each.source)):
            seen.setdefault(name.name, name)
        person.names = list(seen.values())
