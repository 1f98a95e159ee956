"""The examiner's signing key: Ed25519 (RFC 8032), one file per examiner.

It is a technical seal and no eIDAS signature. The key file is PKCS#8 in PEM, encrypted when
SPOREN_KEY_PASSPHRASE is set, and is made on first use.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import click
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from forensics.errors import MachineFailed, WrongUse
from forensics.tokens import public_key, signature

HOME_VARIABLE = "SPOREN_HOME"
PASSPHRASE_VARIABLE = "SPOREN_KEY_PASSPHRASE"
SECOND_PASSPHRASE_VARIABLE = "SPOREN_SECOND_KEY_PASSPHRASE"
TOKEN_VARIABLE = "SPOREN_KEY_TOKEN"
FILE_NAME = "examiner-ed25519.pem"
_RETIRED = "retired-ed25519-"
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"  # RFC 7468, section 11


class KeyLocked(WrongUse):
    """The key file is encrypted and the passphrase is missing or wrong."""


class KeyDamaged(MachineFailed):
    """The key file is not an Ed25519 key in PEM, or cannot be read or written."""


class SigningKey:
    """An Ed25519 key pair; the private half leaves this object only as the key file."""

    __slots__ = ("_private", "key_id", "public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Take the private key; `public` (32 bytes) and `key_id` (16 hex digits) follow from it."""
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public)

    def sign(self, hash32: bytes) -> bytes:
        """The 64 signature bytes over a SHA-256; ValueError when it is not 32 bytes."""
        if len(hash32) != 32:
            raise ValueError("a signature is made over the 32 bytes of a SHA-256")
        return self._private.sign(hash32)


class TokenKey(SigningKey):
    """An Ed25519 key that stays on its token."""

    __slots__ = ("_pin", "_uri")

    def __init__(self, uri: str, pin: str) -> None:
        """Take the token's URI and PIN; WrongKey for another PIN, WrongUse for another key."""
        self._uri, self._pin = uri, pin
        self.public = public_key(uri, pin)
        self.key_id = key_id_of(self.public)

    def sign(self, hash32: bytes) -> bytes:
        """As of a SigningKey."""
        if len(hash32) != 32:
            raise ValueError("a signature is made over the 32 bytes of a SHA-256")
        return signature(self._uri, self._pin, hash32)


def key_id_of(public: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the 32 public bytes (court report reference 5.2)."""
    return hashlib.sha256(public).hexdigest()[:16]


def signature_holds(public: bytes, hash32: bytes, signature: bytes) -> bool:
    """Whether the signature was made over this hash with the private half of this public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, hash32)
    except (InvalidSignature, ValueError):  # ValueError: the key or the signature has another length
        return False
    return True


def key_folder() -> Path:
    """$SPOREN_HOME, else the folder that this system keeps for a user's application data."""
    return Path(os.environ.get(HOME_VARIABLE) or click.get_app_dir("sporen"))


def examiner_key(folder: Path | None = None) -> SigningKey:
    """The examiner's key: the one on the token that SPOREN_KEY_TOKEN names (a PKCS#11 URI; the passphrase is
    its PIN), else out of its file, which is made on first use.

    Raises KeyLocked without the right SPOREN_KEY_PASSPHRASE, KeyDamaged when the file is no such key; of a
    token WrongKey and WrongUse.
    """
    token = os.environ.get(TOKEN_VARIABLE)
    if token and folder is None:
        return TokenKey(token, os.environ.get(PASSPHRASE_VARIABLE, ""))
    path = (folder or key_folder()) / FILE_NAME
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "").encode() or None
    try:
        if not path.exists():
            _create(path, Ed25519PrivateKey.generate(), passphrase)
        return _load(path, passphrase)
    except OSError as error:
        raise KeyDamaged(
            f"{path}: the signing key could not be read or written ({error.strerror})"
        ) from error


def rotate(folder: Path | None = None) -> SigningKey:
    """Make a new examiner's key; the one before it is kept beside it, to vouch for the new one in cases that
    know only that. Raises what ``examiner_key`` raises."""
    if os.environ.get(TOKEN_VARIABLE):
        raise WrongUse(
            f"make the new key on the token and name it in {TOKEN_VARIABLE}; revoke the old one then"
        )
    where = folder or key_folder()
    before = examiner_key(where)
    path = where / FILE_NAME
    try:
        path.replace(where / f"{_RETIRED}{before.key_id}.pem")
        sync_folder(where)
    except OSError as error:
        raise KeyDamaged(f"{path}: the signing key could not be set aside ({error.strerror})") from error
    return examiner_key(where)


def retired_keys(folder: Path | None = None) -> list[SigningKey]:
    """The keys that were the examiner's before, by name; one that the passphrase does not open raises
    KeyLocked."""
    where = folder or key_folder()
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "").encode() or None
    try:
        return [_load(path, passphrase) for path in sorted(where.glob(f"{_RETIRED}*.pem"))]
    except OSError as error:
        raise KeyDamaged(f"{where}: an older signing key cannot be read ({error.strerror})") from error


def key_of_file(path: Path) -> SigningKey:
    """A key of another person, out of its own file. Raises as ``examiner_key`` does."""
    passphrase = os.environ.get(SECOND_PASSPHRASE_VARIABLE, "").encode() or None
    try:
        return _load(path, passphrase, variable=SECOND_PASSPHRASE_VARIABLE)
    except OSError as error:
        raise KeyDamaged(f"{path}: the signing key cannot be read ({error.strerror})") from error


def _load(path: Path, passphrase: bytes | None, variable: str = PASSPHRASE_VARIABLE) -> SigningKey:
    pem = path.read_bytes()
    encrypted = pem.startswith(_ENCRYPTED)
    if encrypted and passphrase is None:
        raise KeyLocked(f"{path}: the signing key is encrypted; set {variable}")
    try:
        private = serialization.load_pem_private_key(pem, passphrase if encrypted else None)
    except (ValueError, UnsupportedAlgorithm) as error:
        if encrypted:
            raise KeyLocked(f"{path}: {variable} does not open this signing key") from error
        raise KeyDamaged(f"{path}: this is no private key in PEM; restore it from a copy") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyDamaged(f"{path}: this is no Ed25519 key; restore the examiner's key from a copy")
    if passphrase and not encrypted:  # a passphrase set later protects the key from then on
        _replace(path, private, passphrase)
    return SigningKey(private)


def _create(path: Path, private: Ed25519PrivateKey, passphrase: bytes | None) -> None:
    """Write the first key file; when another process was first, its key stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = _written_beside(path, private, passphrase)
    try:
        with contextlib.suppress(FileExistsError):  # that file is then the key, and is loaded
            _link_or_move(written, path)
    finally:
        written.unlink(missing_ok=True)
    sync_folder(path.parent)


def _link_or_move(written: Path, path: Path) -> None:
    """Give the file its name, FileExistsError when the name is taken."""
    try:
        path.hardlink_to(written)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        written.rename(path)


def _replace(path: Path, private: Ed25519PrivateKey, passphrase: bytes) -> None:
    _written_beside(path, private, passphrase).replace(path)
    sync_folder(path.parent)


def _written_beside(path: Path, private: Ed25519PrivateKey, passphrase: bytes | None) -> Path:
    """A whole, synced file with mode 0600 (mkstemp) in the same folder, to be moved into place."""
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption(),
    )
    descriptor, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut; Windows cannot open a folder for this."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
