"""How often this version errs on the built-in validation sets, as it was measured when the version was made.

To run the sets takes minutes, which every phone would pay for; their figures depend on nothing but the rules
and the sets. ``data/figures.json`` keeps them with the digests of both (fixtures/validation/make_figures.py);
where one differs, the sets are run.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from forensics.analysis.data_files import data_bytes
from forensics.analysis.findings import Classifier
from forensics.analysis.validation import BUILT_IN, others, validate

_PIECE = 1 << 18
_KEPT = (
    "messages",
    "labels",
    "trade",
    "conversations",
    "items",
    "item_parts",
    "obfuscated",
    "ten_thousand",
    "prevalences",
)


def measured(classifier: Classifier, now: str) -> dict[str, Any]:
    """The figures of the first set, those of each other set by its name, and ``measured_at``: an RFC 3339
    time, ``now`` where the sets had to be run."""
    kept: dict[str, Any] = json.loads(data_bytes("figures.json"))
    if kept["rules_sha256"] == classifier.rules_sha256 and kept["sets_sha256"] == sets_sha256():
        return {"measured_at": kept["measured_at"], **kept["figures"]}
    return {"measured_at": now, **figures(classifier)}


def figures(classifier: Classifier) -> dict[str, Any]:
    """The figures that a report prints, measured now."""
    return together({name: figures_of(classifier, name) for name in (BUILT_IN, *others())})


def figures_of(classifier: Classifier, name: str) -> dict[str, Any]:
    """Those of one set."""
    found: dict[str, Any] = validate(classifier, [name])
    return _kept(found if name == BUILT_IN else found[name])


def together(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Those of the first set, and of each other by its name, from those of all by their names."""
    return found[BUILT_IN] | {name: found[name] for name in others()}


@cache
def sets_sha256() -> str:
    """The digest of the validation sets."""
    with (files("forensics.analysis") / "data" / "validation.jsonl").open("rb") as stream:
        digest = sha256()
        while piece := stream.read(_PIECE):  # 15 MB, while other processes have all words of the analysis
            digest.update(piece)
    return digest.hexdigest()


def _kept(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in _KEPT}
