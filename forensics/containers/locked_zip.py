"""The encrypted members of a zip: the password that opens the smallest of them is that of the archive."""

from __future__ import annotations

from forensics.archives import ZipEvidence
from forensics.containers.locked import passwords
from forensics.errors import EvidenceUnreadable, WrongKey
from forensics.members import Evidence, sha256_stream


class LockedZip:
    """See Locked. Members with other passwords stay closed and are named."""

    name = "zip-encryption"

    def __init__(self, archive: ZipEvidence) -> None:
        self.path = archive.name
        self._archive = archive
        self.count = archive.locked

    def keys(self, material: bytes) -> list[bytes]:
        """A password."""
        return passwords(material)

    def open(self, key: bytes) -> Evidence:
        """The same archive, with its password; raises WrongKey.

        ZipCrypto has one byte to check a password by, so a member is read whole and its CRC-32 compared.
        """
        archive = self._archive
        archive.password = key
        smallest = min(archive.encrypted_members(), key=lambda each: (each.size == 0, each.size, each.index))
        try:
            with archive.open(smallest) as stream:
                sha256_stream(stream)
        except EvidenceUnreadable as error:
            archive.password = None
            archive.forget(smallest.path)
            raise WrongKey("wrong password, or changed file") from error
        return archive
