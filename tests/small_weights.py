"""The classifier with a handful of learnt weights and thresholds of a test."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from forensics.analysis.findings import Classifier, Scales
from forensics.analysis.learnt import Weights


def classifier_of(rows: bytes, least: Mapping[str, int], **window: int) -> Classifier:
    """The rules and words of the program with the weights of these rows, these thresholds for them and, where
    given, other windows."""
    own = Classifier.load()
    rules = copy(own.rules)
    rules.thresholds = {**own.rules.thresholds, "learnt": dict(least)}
    rules.window = {**own.rules.window, **window}
    return Classifier(Scales(rules, Weights(rows)), own.reader, own._cues, b"", own.laws)
