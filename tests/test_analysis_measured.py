"""The error rates that a report prints are those of the rules and sets it was made with."""

from __future__ import annotations

from unittest.mock import patch

from forensics.analysis import measured as module
from forensics.analysis.measured import measured
from forensics.flag_work import built_in


def test_other_rules_or_sets_are_measured_now() -> None:
    classifier = built_in()
    with patch.object(module, "figures", lambda _: {"trade": "measured"}):
        with patch.object(classifier, "rules_sha256", "0" * 64):
            assert measured(classifier, "now") == {"measured_at": "now", "trade": "measured"}
        with patch.object(module, "sets_sha256", lambda: "0" * 64):
            assert measured(classifier, "now") == {"measured_at": "now", "trade": "measured"}
