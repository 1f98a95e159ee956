"""The error rates that a report prints are those of the rules and sets it was made with."""

from __future__ import annotations

import json
from unittest.mock import patch

from forensics.analysis import measured as module
from forensics.analysis.findings import Classifier
from forensics.analysis.lexicon import data_bytes
from forensics.analysis.measured import figures, measured
from forensics.analysis.validation import others


def test_the_figures_that_are_kept_are_those_that_the_sets_give() -> None:
    """When this fails, run fixtures/validation/make_figures.py."""
    classifier = Classifier.load()
    kept = json.loads(data_bytes("figures.json"))
    assert kept["rules_sha256"] == classifier.sha256
    assert kept["figures"] == json.loads(json.dumps(figures(classifier)))
    assert measured(classifier, "now") == {"measured_at": kept["measured_at"], **kept["figures"]}
    parts = {"trade", "labels", "conversations", "items", "messages", "obfuscated", "ten_thousand"}
    assert {*others(), *parts, "prevalences"} == set(kept["figures"])


def test_other_rules_or_sets_are_measured_now() -> None:
    classifier = Classifier.load()
    with patch.object(module, "figures", lambda _: {"trade": "measured"}):
        with patch.object(classifier, "rules_sha256", "0" * 64):
            assert measured(classifier, "now") == {"measured_at": "now", "trade": "measured"}
        with patch.object(module, "sets_sha256", lambda: "0" * 64):
            assert measured(classifier, "now") == {"measured_at": "now", "trade": "measured"}
