"""Signing with a token or card (PKCS#11): the optional extra ``tokens``. The key never leaves the token.

Tried with SoftHSM 2 only; no hardware token and no card of a police was at hand.
"""

from __future__ import annotations

import asyncio
import importlib
import re
from urllib.parse import unquote

from pyhanko.sign.signers import Signer

from forensics.errors import WrongKey, WrongUse

# RFC 7512: pkcs11:token=LABEL;object=LABEL?module-path=/path/to/library.so
_URI = re.compile(r"pkcs11:(?P<path>[^?]*)\?module-path=(?P<module>.+)")
_FORM = "pkcs11:token=LABEL;object=LABEL?module-path=LIBRARY"
_EXTRA = "a token needs the extra: pip install 'sporen[tokens]'"


def token_signer(uri: str, pin: bytes | None) -> Signer:
    """The signer on a token. WrongUse without the extra or such a token, WrongKey for another PIN."""
    found = _URI.fullmatch(uri)
    named = dict(each.partition("=")[::2] for each in found["path"].split(";")) if found else {}
    if found is None or not {"token", "object"} <= named.keys():
        raise WrongUse(f"{uri}: name the token as {_FORM}")
    try:
        pkcs11 = importlib.import_module("pkcs11")
        binding = importlib.import_module("pyhanko.sign.pkcs11")
        criteria = importlib.import_module("pyhanko.config.pkcs11").TokenCriteria
    except ImportError as error:
        raise WrongUse(_EXTRA) from error
    label = unquote(named["object"])
    try:
        session = binding.open_pkcs11_session(
            unquote(found["module"]),
            token_criteria=criteria(label=unquote(named["token"])),
            user_pin=pin.decode() if pin else None,
        )
        made: Signer = binding.PKCS11Signer(session, cert_label=label, other_certs_to_pull=None)
        asyncio.run(made.ensure_objects_loaded())  # type: ignore[attr-defined]  # of PKCS11Signer
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked) as error:
        raise WrongKey(f"{uri}: the token does not take this PIN") from error
    except pkcs11.PKCS11Error as error:
        raise WrongUse(f"{uri}: {str(error) or type(error).__name__}") from error
    return made
