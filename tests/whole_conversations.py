"""The findings of a conversation with all its lines in memory, and each flag as one object: the plain way."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from typing import Any

from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.findings import CONVERSATION_FROM, Classifier, Finding, Line, Window
from forensics.analysis.score import Rules
from forensics.analysis.verdicts import Verdict, conversation_of, finding_of
from forensics.analysis.window import Judged
from forensics.flag_rows import About, FlagRow
from forensics.identity import flag_id

_HOUR = 3_600_000


class _Grouping:
    def __init__(self, rules: Rules, window: Window) -> None:
        self._rules = rules
        self._verdict = window.verdict
        self.findings: list[Finding] = []
        self._deal: list[tuple[Line, Verdict]] = []
        self._before: deque[tuple[Line, Judged | None]] = deque(maxlen=rules.window["answer_lines"])
        self._since = 0
        self._answers: set[str] = set()

    def take(self, line: Line, judged: Judged | None) -> None:
        self._since += 1
        if judged and judged.label == "menu":
            self.findings.append(finding_of("menu", [self._verdict(line, judged)]))
        elif judged and judged.label == "deal":
            self._take_deal(line, judged)
        self._before.append((line, judged))

    def answer(self, line: Line, judged: Judged) -> None:
        """Behind the line that it answers, the last of the deal."""
        self._answers.add(line.id)
        self._deal.append((line, self._verdict(line, judged)))

    def _take_deal(self, line: Line, judged: Judged) -> None:
        if self._deal and not self._goes_on(line):
            self.close()
        if judged.opener not in {kept.id for kept, _ in self._deal}:
            self._deal += [(k, self._verdict(k, j)) for k, j in self._before if k.id == judged.opener]
        self._deal.append((line, self._verdict(line, judged)))
        self._since = 0

    def _goes_on(self, line: Line) -> bool:
        last = next(kept.sent_at for kept, _ in reversed(self._deal) if kept.id not in self._answers)
        window = self._rules.window
        if self._since > window["lines"]:
            return False
        return last is None or line.sent_at is None or line.sent_at - last <= window["hours"] * _HOUR

    def close(self) -> None:
        if self._deal:
            self.findings.append(finding_of("deal", [v for _, v in self._deal]))
        self._deal = []


def whole(lines: Sequence[Line], classifier: Classifier) -> list[Finding]:
    """The findings, sorted when all are there."""
    speaking = [(p, line, flags) for p, line in enumerate(lines) if (flags := classifier.flags(line))]
    near = _near([flags for _, _, flags in speaking], classifier.rules.window["lines"])
    window = classifier.conversation()
    grouping = _Grouping(classifier.rules, window)
    reach = classifier.rules.window["heard_lines"]
    heard: list[tuple[Line, int, Judged | None, Line | None]] = []
    for at, ((place, line, flags), is_near) in enumerate(zip(speaking, near, strict=True)):
        before = [each for _, each, _ in speaking[max(0, at - reach) : at]]
        behind = next((each for each in lines[place + 1 : place + 2] if not classifier.flags(each)), None)
        heard.append((line, flags, window.hear(line, flags, before, is_near=is_near), behind))
    for line, judged in _with_opinion(heard, classifier):
        if classifier.flags(line):
            grouping.take(line, judged)
        elif judged is not None:
            grouping.answer(line, judged)
    grouping.close()
    order = {line.id: place for place, line in enumerate(lines)}
    found = sorted(grouping.findings, key=lambda f: (order[f.messages[0]], f.kind))
    if len(found) >= CONVERSATION_FROM:
        found.append(conversation_of(found))
    return found


def _near(flags: Sequence[int], reach: int) -> list[bool]:
    near: list[bool] = []
    ahead = 0
    for each in reversed(flags):
        ahead = reach + 1 if each & CUE_OPENS else ahead - 1
        near.append(ahead > 0)
    near.reverse()
    return near


def _with_opinion(
    heard: Sequence[tuple[Line, int, Judged | None, Line | None]], classifier: Classifier
) -> list[tuple[Line, Judged | None]]:
    """The second opinion on each line when all were read: nothing comes out before, or is let go of."""
    opinion = classifier.opinion()
    for line, flags, judged, behind in heard:
        opinion.hear(line, flags, judged)
        if behind is not None:
            opinion.follow(behind)
    return list(opinion.rest())


def whole_rows(lines: Sequence[Line], about: About, classifier: Classifier) -> list[FlagRow]:
    """The rows of the flags, each form from one object."""
    return [
        (
            flag_id(each.kind, about.key, each.messages),
            about.number,
            each.kind,
            each.score,
            _form(each, about),
        )
        for each in whole(lines, classifier)
    ]


def _form(finding: Finding, about: About) -> bytes:
    found: dict[str, Any] = finding.as_dict()
    found["conversation"] = about.key
    used = [about.copies[each] for each in finding.messages if each in about.copies]
    if used:
        beside = {line: each["message"] for line, each in about.copies.items()}
        found["messages"] = list(dict.fromkeys(beside.get(each, each) for each in finding.messages))
        found["own"] = [each for each in finding.messages if each not in beside]
        found["copies"] = used
        for rule in found["rules"]:
            if rule["message"] in beside:
                rule |= {"message": beside[rule["message"]], "copy": about.copies[rule["message"]]["origin"]}
    form = json.dumps(found, ensure_ascii=False, sort_keys=True)
    for line, each in about.copies.items():
        form = form.replace(line, each["message"])
    return form.encode()
