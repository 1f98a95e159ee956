"""Android and iTunes backups made for the tests, written from the containers reference (4 and 5)."""

from __future__ import annotations

import hashlib
import plistlib
import secrets
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from archive_files import tar_bytes
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

PASSWORD = "Fietsbel 7 é"
ROUNDS = 100


def padded(data: bytes) -> bytes:
    count = 16 - len(data) % 16
    return data + bytes([count]) * count


def cbc(key: bytes, iv: bytes, data: bytes) -> bytes:
    return AES.new(key, AES.MODE_CBC, iv).encrypt(data)


def android_backup(
    *members: tuple[str, bytes],
    password: str | None = None,
    compressed: bool = True,
    version: int = 5,
    legacy_checksum: bool = False,
    key: bytes | None = None,
) -> bytes:
    """A backup; ``legacy_checksum``: the checksum is made of the bytes of the key and not of Java's text."""
    body = tar_bytes(*members)
    if compressed:
        body = zlib.compress(body)
    head = f"ANDROID BACKUP\n{version}\n{int(compressed)}\n"
    if password is None:
        return f"{head}none\n".encode() + body
    user_salt, checksum_salt, user_iv, iv = (secrets.token_bytes(n) for n in (64, 64, 16, 16))
    key = key or b"\x80\xff\x00\x7f" + secrets.token_bytes(28)
    form = key
    if not legacy_checksum:
        # Java casts each signed byte to a char and encodes the string in UTF-8
        form = "".join(chr(b) if b < 0x80 else chr(0x10000 - (256 - b)) for b in key).encode("utf-8")
    checksum = hashlib.pbkdf2_hmac("sha1", form, checksum_salt, ROUNDS, 32)
    blob = b"".join(bytes([len(part)]) + part for part in (iv, key, checksum))
    user_key = hashlib.pbkdf2_hmac("sha1", password.encode("utf-8"), user_salt, ROUNDS, 32)
    lines = [user_salt.hex(), checksum_salt.hex(), str(ROUNDS), user_iv.hex()]
    lines.append(cbc(user_key, user_iv, padded(blob)).hex())
    seal = "\n".join(line.upper() for line in lines)
    return f"{head}AES-256\n{seal}\n".encode() + cbc(key, iv, padded(body))


def archived(size: int, key: bytes | None, protection: int) -> bytes:
    """What NSKeyedArchiver writes about a file (class MBFile)."""
    root = {
        "$class": plistlib.UID(3 if key else 2),
        "Size": size,
        "Mode": 33188,
        "Birth": 1_700_000_000,
        "LastModified": 1_700_000_100,
        "ProtectionClass": protection,
        "RelativePath": plistlib.UID(0),
    }
    objects: list[object] = ["$null", root]
    if key:
        root["EncryptionKey"] = plistlib.UID(2)
        objects.append({"$class": plistlib.UID(4), "NS.data": key})
    objects.append({"$classname": "MBFile", "$classes": ["MBFile", "NSObject"]})
    if key:
        objects.append({"$classname": "NSMutableData", "$classes": ["NSMutableData", "NSData", "NSObject"]})
    archive = {"$archiver": "NSKeyedArchiver", "$objects": objects, "$top": {"root": plistlib.UID(1)}}
    archive["$version"] = 100000
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def mbdb_string(data: bytes | None) -> bytes:
    """A string of Manifest.mbdb; None is the length 0xFFFF."""
    return b"\xff\xff" if data is None else len(data).to_bytes(2) + data


def mbdb_record(
    domain: bytes, path: bytes, mode: int = 0o100644, *, key: bytes | None = None, size: int = 0,
    protection: int = 0, properties: tuple[tuple[bytes, bytes], ...] = (), target: bytes | None = None,
) -> bytes:  # fmt: skip
    """A record of Manifest.mbdb, by the layout in forensics.formats.mbdb."""
    strings = b"".join(map(mbdb_string, (domain, path, target, None, key)))
    times = [1_400_000_000, 1_400_000_001, 1_400_000_002]
    numbers = mode.to_bytes(2) + (4711).to_bytes(8)
    numbers += b"".join(each.to_bytes(4) for each in (501, 502, *times))
    numbers += size.to_bytes(8) + bytes([protection, len(properties)])
    return strings + numbers + b"".join(mbdb_string(each) for pair in properties for each in pair)


class ItunesMaker:
    """Writes a backup to a folder; encrypted when there is a password."""

    def __init__(
        self, folder: Path, password: str | None = None, *, is_old: bool = False, is_flat: bool = False
    ) -> None:
        """``is_old``: before iOS 10.2, the manifest plain; ``is_flat``: before iOS 10, Manifest.mbdb."""
        self.folder = folder
        self._password, self._is_old, self._is_flat = password, is_old or is_flat, is_flat
        self._records: list[bytes] = []
        self._class_keys = {3: secrets.token_bytes(32), 4: secrets.token_bytes(32)}
        self._rows: list[tuple[str, str, str, int, bytes]] = []
        folder.mkdir(parents=True)

    def file(
        self, domain: str, path: str, data: bytes, protection: int = 3, stated: int | None = None
    ) -> str:
        """One file; gives its id."""
        file_id = hashlib.sha1(f"{domain}-{path}".encode()).hexdigest()
        key = None
        stored = data
        if self._password is not None:
            plain_key = secrets.token_bytes(32)
            wrapping = self._class_keys.get(protection, secrets.token_bytes(32))
            key = protection.to_bytes(4, "little") + aes_key_wrap(wrapping, plain_key)
            stored = cbc(plain_key, bytes(16), padded(data))
        size = len(data) if stated is None else stated
        self._rows.append((file_id, domain, path, 1, archived(size, key, protection)))
        self._records.append(
            mbdb_record(domain.encode(), path.encode(), key=key, size=size, protection=protection)
        )
        place = self.folder / file_id if self._is_flat else self.folder / file_id[:2] / file_id
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(stored)
        return file_id

    def row(self, file_id: str, domain: str, path: str, flags: int) -> None:
        """A row of the manifest without a file."""
        mode = {1: 0o100644, 2: 0o40755, 4: 0o120755}[flags]
        self._records.append(mbdb_record(domain.encode(), path.encode(), mode))
        self._rows.append((file_id, domain, path, flags, archived(0, None, 3)))

    def close(self, *, info: dict[str, object] | None = None) -> Path:
        """Write the manifests."""
        manifest = self.folder / "Manifest.db"
        if self._is_flat:
            (self.folder / "Manifest.mbdb").write_bytes(b"mbdb\x05\x00" + b"".join(self._records))
            return self._close(manifest, info)
        with closing(sqlite3.connect(manifest)) as connection:
            connection.execute(
                "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT,"
                " flags INTEGER, file BLOB)"
            )
            connection.execute("CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB)")
            connection.executemany("INSERT INTO Files VALUES (?,?,?,?,?)", self._rows)
            connection.commit()
        return self._close(manifest, info)

    def _close(self, manifest: Path, info: dict[str, object] | None) -> Path:
        properties: dict[str, object] = {
            "IsEncrypted": self._password is not None,
            "Version": "10.0",
            "Lockdown": {
                "ProductVersion": "17.5.1",
                "ProductType": "iPhone12,1",
                "SerialNumber": "F00FICTION01",
                "DeviceName": "Toestel van S.",
            },
        }
        if self._password is not None:
            manifest_key = secrets.token_bytes(32)
            properties["BackupKeyBag"] = self._keybag(self._password.encode("utf-8"))
            if not self._is_old:
                wrapped = aes_key_wrap(self._class_keys[4], manifest_key)
                properties["ManifestKey"] = (4).to_bytes(4, "little") + wrapped
                manifest.write_bytes(cbc(manifest_key, bytes(16), padded(manifest.read_bytes())))
        (self.folder / "Manifest.plist").write_bytes(plistlib.dumps(properties, fmt=plistlib.FMT_BINARY))
        (self.folder / "Info.plist").write_bytes(plistlib.dumps(info or {}))
        status = {"SnapshotState": "finished", "IsFullBackup": True, "BackupState": "new"}
        (self.folder / "Status.plist").write_bytes(plistlib.dumps(status))
        return self.folder

    def _keybag(self, password: bytes) -> bytes:
        salt, first_salt = secrets.token_bytes(20), secrets.token_bytes(20)
        key = password
        if not self._is_old:
            key = hashlib.pbkdf2_hmac("sha256", key, first_salt, ROUNDS, 32)
        key = hashlib.pbkdf2_hmac("sha1", key, salt, ROUNDS, 32)
        entries: list[tuple[str, bytes]] = [
            ("VERS", (4).to_bytes(4)), ("TYPE", (1).to_bytes(4)), ("UUID", secrets.token_bytes(16)),
            ("HMCK", secrets.token_bytes(40)), ("WRAP", (1).to_bytes(4)), ("SALT", salt),
            ("ITER", ROUNDS.to_bytes(4)),
        ]  # fmt: skip
        if not self._is_old:
            entries += [("DPWT", (1).to_bytes(4)), ("DPIC", ROUNDS.to_bytes(4)), ("DPSL", first_salt)]
        for number, class_key in self._class_keys.items():
            entries += [
                ("UUID", secrets.token_bytes(16)), ("CLAS", number.to_bytes(4)), ("WRAP", (2).to_bytes(4)),
                ("KTYP", (0).to_bytes(4)), ("WPKY", aes_key_wrap(key, class_key)),
            ]  # fmt: skip
        # class 11 is wrapped with the phone's own key only
        entries += [("UUID", bytes(16)), ("CLAS", (11).to_bytes(4)), ("WRAP", (1).to_bytes(4))]
        entries += [("KTYP", (0).to_bytes(4)), ("WPKY", secrets.token_bytes(40))]
        return b"".join(tag.encode() + len(value).to_bytes(4) + value for tag, value in entries)
