"""Whose data a folder of an iPhone holds: below Containers/ each has a random name.

``.com.apple.mobile_container_manager.metadata.plist`` in it names the app or group
(MCMMetadataIdentifier; containers reference 6, from source). Only in our own fixtures until a real extraction
has been read.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.acquisition import Fact
from forensics.formats.plist import PlistError, dictionary

METADATA = ".com.apple.mobile_container_manager.metadata.plist"
_IDENTIFIER = "MCMMetadataIdentifier"


class AppFolders:
    """The folders of one item, by what their metadata say."""

    def __init__(self) -> None:
        self._named: dict[str, tuple[str, str]] = {}

    def learn(self, path: str, data: bytes) -> None:
        """Take over what the file at ``path`` says of its folder; a damaged one says nothing."""
        try:
            identifier = dictionary(data).get(_IDENTIFIER)
        except PlistError:
            return
        if isinstance(identifier, str) and identifier:
            self._named[path.rpartition("/")[0]] = (identifier, path)

    def identifier(self, path: str) -> str | None:
        """Of the nearest folder above a file that has a name."""
        found = self._above(path)
        return None if found is None else found[0]

    def facts(self, path: str) -> Iterator[Fact]:
        """That the folder of a file is that of this app or group, with the source of it."""
        found = self._above(path)
        if found is not None:
            identifier, source = found
            yield Fact(name="other", value=f"the folder of {identifier}", source=source, field=_IDENTIFIER)

    def _above(self, path: str) -> tuple[str, str] | None:
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._named:
                return self._named[folder]
        return None
