"""The id of a group of Signal from its master key: what names the group in the databases of the apps.

Source: libsignal's zkgroup (group_params.rs) and poksho (shohmacsha256.rs) ("from source"); checked with the
known answer in Signal-Android's GroupIdTest.
"""

from __future__ import annotations

import base64
import hmac

KEY = 32
_LABEL = b"Signal_ZKGroup_20200424_GroupMasterKey_GroupSecretParams_DeriveFromMasterKey"
_ANDROID = "__signal_group__v2__!"
# What a stateful hash ends what it took in with, and what it begins its output with.
_RATCHET, _BLOCK = b"\x00", (0).to_bytes(8) + b"\x01"


def group_id(master_key: bytes) -> bytes:
    """The 32 bytes that name the group with that key."""
    state = hmac.digest(bytes(KEY), _LABEL + _RATCHET, "sha256")
    state = hmac.digest(state, master_key + _RATCHET, "sha256")
    return hmac.digest(state, _BLOCK, "sha256")


def group_handle(master_key: bytes, platform: str) -> str:
    """The id as the app on that platform writes it."""
    found = group_id(master_key)
    return base64.b64encode(found).decode() if platform == "ios" else _ANDROID + found.hex()
