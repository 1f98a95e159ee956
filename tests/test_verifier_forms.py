from __future__ import annotations

import importlib.util
import struct
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.keys import SigningKey, signature_holds

SCRIPT = Path(__file__).parents[1] / "reports" / "templates" / "verify_delivery.py"
SPECIFICATION = importlib.util.spec_from_file_location("verify_delivery", SCRIPT)
assert SPECIFICATION is not None
assert SPECIFICATION.loader is not None
verifier = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(verifier)

LARGEST = 2**53 - 1

# RFC 8785, appendix B: the bits of a number and its form.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "form"), NUMBERS.items())
def test_numbers_are_written_as_the_standard_says(bits: str, form: str):
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert verifier.canonical(value) == form


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-LARGEST, LARGEST)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
        max_leaves=12,
    )
)
@settings(max_examples=300, deadline=None)
def test_the_canonical_form_is_that_of_the_library(value: Any):
    assert verifier.canonical(value).encode() == rfc8785.dumps(value)


# The signatures. RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
SIGNATURES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
        "25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c3"
        "87b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594"
        "a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), SIGNATURES)
def test_the_signatures_of_the_standard_hold(public: str, message: str, signature: str):
    key, sealed = bytes.fromhex(public), bytes.fromhex(signature)
    assert verifier.signature_holds(key, bytes.fromhex(message), sealed)
    assert not verifier.signature_holds(key, bytes.fromhex(message) + b"x", sealed)
    larger = int.from_bytes(sealed[32:], "little") + verifier.ORDER  # the same point, so a second signature
    assert not verifier.signature_holds(
        key, bytes.fromhex(message), sealed[:32] + larger.to_bytes(32, "little")
    )


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(0, 511))
@settings(max_examples=40, deadline=None)
def test_signatures_hold_and_fail_as_the_library_says(secret: bytes, message: bytes, bit: int):
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(secret))
    signature = key.sign(message)
    assert verifier.signature_holds(key.public, message, signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        holds = verifier.signature_holds(key.public, message, bytes(changed))
    except ValueError:
        holds = False
    assert holds is signature_holds(key.public, message, bytes(changed)) is False
