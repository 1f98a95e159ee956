"""A token (PKCS#11) that keeps keys: the RSA key that wraps the key of a case (RSA-OAEP), and the Ed25519 key
that signs the custody log.

The library that speaks to a token runs with the rights of whoever calls it, and gets the PIN: it is named on
this machine, by an option or in the environment, and never by a file that came from elsewhere.
Needs the extra ``tokens``. Tried with SoftHSM 2 only; no hardware token was at hand.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from forensics.errors import WrongKey, WrongUse

LIBRARY_VARIABLE = "SPOREN_TOKEN_LIBRARY"
# RFC 7512: pkcs11:token=LABEL;object=LABEL?module-path=/path/to/library.so
_URI = re.compile(r"pkcs11:(?P<path>[^?]*)(?:\?module-path=(?P<module>.+))?")
_FORM = "pkcs11:token=LABEL;object=LABEL?module-path=LIBRARY"
# An EC point as PKCS#11 has it: a DER octet string, of 32 bytes for Ed25519 (RFC 8032)
_OCTETS, _POINT = b"\x04\x20", 34
# Of the tokens that a person named in this process, each with the library that was named with it.
_LIBRARIES: dict[str, str] = {}
_REFUSALS = ("PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked")


def without_library(uri: str) -> str:
    """The token and the key on it, without the library of one machine. WrongUse where it names neither."""
    token, named, _module = _parts(uri)
    return f"pkcs11:token={token};object={named}"


def know_library(uri: str) -> None:
    """From now on in this process the token has the library that its URI, from a person, names."""
    if module := unquote(_parts(uri)[2]):
        _LIBRARIES[without_library(uri)] = module


def require_library(uri: str) -> str:
    """The library that the URI names, or that a person named with it, else SPOREN_TOKEN_LIBRARY; WrongKey
    without one."""
    library = unquote(_parts(uri)[2]) or _LIBRARIES.get(uri) or os.environ.get(LIBRARY_VARIABLE)
    if not library:
        raise WrongKey(f"{uri}: set {LIBRARY_VARIABLE} to the PKCS#11 library of this token")
    return library


def wrapped(uri: str, pin: str, key: bytes) -> bytes:
    """The key, encrypted so that only the token opens it. WrongUse, or WrongKey for another PIN."""
    with _object(uri, pin, "PUBLIC_KEY") as (public, pkcs11):
        return bytes(public.encrypt(key, mechanism=pkcs11.Mechanism.RSA_PKCS_OAEP))


def unwrapped(uri: str, pin: str, sealed: bytes) -> bytes:
    """The key that the token wrapped. WrongUse, or WrongKey for another PIN, token or text."""
    with _object(uri, pin, "PRIVATE_KEY") as (private, pkcs11):
        return bytes(private.decrypt(sealed, mechanism=pkcs11.Mechanism.RSA_PKCS_OAEP))


def public_key(uri: str, pin: str) -> bytes:
    """The 32 public bytes of an Ed25519 key on the token. WrongUse where it is no such key."""
    with _object(uri, pin, "PUBLIC_KEY") as (public, pkcs11):
        try:
            point = bytes(public[pkcs11.Attribute.EC_POINT])
        except (KeyError, pkcs11.AttributeTypeInvalid) as error:
            raise WrongUse(f"{uri}: this is no Ed25519 key") from error
    if len(point) != _POINT or not point.startswith(_OCTETS):
        raise WrongUse(f"{uri}: this is no Ed25519 key")
    return point[len(_OCTETS) :]


def signature(uri: str, pin: str, data: bytes) -> bytes:
    """The 64 bytes of an Ed25519 signature, made on the token."""
    with _object(uri, pin, "PRIVATE_KEY") as (private, pkcs11):
        return bytes(private.sign(data, mechanism=pkcs11.Mechanism.EDDSA))


@contextmanager
def _object(uri: str, pin: str, kind: str) -> Iterator[tuple[Any, Any]]:
    """A key on the token, and the library that speaks to it."""
    label, named, _module = _parts(uri)
    path = require_library(uri)
    try:
        pkcs11 = importlib.import_module("pkcs11")
    except ImportError as error:
        raise WrongUse("a token needs the extra: pip install 'sporen[tokens]'") from error
    try:
        library = pkcs11.lib(path)
        token = library.get_token(token_label=unquote(label))
        with token.open(user_pin=pin) as session:
            key = session.get_key(object_class=getattr(pkcs11.ObjectClass, kind), label=unquote(named))
            yield key, pkcs11
    except tuple(getattr(pkcs11, each) for each in _REFUSALS) as error:
        raise WrongKey(f"{uri}: the token does not take this PIN") from error
    except pkcs11.NoSuchToken as error:
        raise WrongKey(f"{uri}: this token is not there") from error
    except pkcs11.PKCS11Error as error:
        raise WrongKey(f"{uri}: {str(error) or type(error).__name__}") from error


def _parts(uri: str) -> tuple[str, str, str]:
    """The token, the key on it and the library, as they are written; no library is an empty one."""
    found = _URI.fullmatch(uri)
    named = dict(each.partition("=")[::2] for each in found["path"].split(";")) if found else {}
    if found is None or not {"token", "object"} <= named.keys():
        raise WrongUse(f"{uri}: name the token as {_FORM}")
    return named["token"], named["object"], found["module"] or ""
