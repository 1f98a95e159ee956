"""A short line that says nothing to the analysis, right behind one of a trade: it answers it, and changes
nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest
from sporen_runs import exported, ingest, new, of
from whatsapp_phones import GROUP, Phone
from whatsapp_phones import Line as Sent

from forensics.analysis import talk
from forensics.analysis.findings import Finding, Line, Verdict, find
from forensics.analysis.right_behind import may_answer
from forensics.analysis.score import Rules
from forensics.case import Case
from forensics.case_lines import lines_of
from forensics.flag_work import built_in

MINUTE = 60_000
SELLER, BUYER = "31600000601", "31600000602"
DEAL = ("heb je 5 gram wiet voor 45 euro?", "ja 5 gram wiet is 45 euro", "top", "ok")


def _lines(texts: Sequence[str], writers: str = "AB" * 50) -> list[Line]:
    return [
        Line(id=f"m{n}", text=text, sent_at=n * MINUTE, sender=writer)
        for n, (text, writer) in enumerate(zip(texts, writers, strict=False))
    ]


def _verdicts(texts: Sequence[str], writers: str = "AB" * 50) -> list[Verdict]:
    return list(talk.verdicts((("c", line) for line in _lines(texts, writers)), built_in()))


def test_the_first_line_behind_a_trade_answers_it_and_the_next_does_not() -> None:
    verdicts = _verdicts(DEAL)
    assert [v.label for v in verdicts] == ["deal", "deal", "deal", "none"]
    (hit,) = verdicts[2].rules
    assert (hit.id, hit.weight, hit.message, verdicts[2].items) == ("right-behind", 1, "m2", ())
    assert hit.reason.endswith("(message m1)")
    (found,) = find(_lines(DEAL), built_in())
    assert found.messages == ("m0", "m1", "m2")


@pytest.mark.parametrize(
    ("texts", "writers"),
    [
        (DEAL[:3], "ABB"),  # its own writer says nothing more
        ((*DEAL[:2], "  "), "ABA"),
        ((*DEAL[:2], "ja" * 40), "ABA"),
        (("hoe laat eten we", "om 8 uur", "top"), "ABA"),
        ((*DEAL[:1], "top"), "AB"),  # no other line of a trade stands beside it
    ],
)
def test_what_is_no_answer_stays_none(texts: Sequence[str], writers: str) -> None:
    assert _verdicts(texts, writers)[-1].label == "none"


def test_a_line_answers_soon_or_not_at_all() -> None:
    rules, hours = Rules.load()[0], 2
    said = Line(id="m0", text="wiet 5g 45", sent_at=0, sender="A")
    for late, may in ((hours * 60 * MINUTE, True), (hours * 60 * MINUTE + 1, False), (None, True)):
        silent = Line(id="m1", text="top", sent_at=late, sender="B")
        assert may_answer(said, silent, rules) is may


@pytest.mark.parametrize(
    ("said", "silent", "may"),
    [
        (("A", None), ("B", None), True),
        (("A", None), ("A", None), False),
        (("A", None), (None, None), False),  # nobody knows who wrote it
        ((None, None), (None, None), False),
        ((None, True), (None, False), True),
        ((None, True), ("A", False), True),
        ((None, True), (None, True), False),
        (("A", True), (None, True), False),  # the owner twice, once without a name
        (("A", True), ("B", True), False),
        (("A", False), ("B", False), True),
        (("A", False), (None, False), False),
    ],
)
def test_a_line_answers_one_of_another_writer_only(
    said: tuple[str | None, bool | None], silent: tuple[str | None, bool | None], may: bool
) -> None:
    lines = [Line("m", "wiet 5g 45", 0, sender, owner) for sender, owner in (said, silent)]
    assert may_answer(*lines, Rules.load()[0]) is may


def _without(lines: Sequence[Line], silent: Collection[str]) -> list[Finding]:
    return find([line for line in lines if line.id not in silent], built_in())


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ([(0, "A", "wiet 5g 45"), (1, "A", "hasj 5g 40"), (2, "B", "👍"), (3, "A", "coke 1g 60")], ["menu"]),
        (
            [
                *((0, "A", DEAL[0]), (1, "B", DEAL[1]), (118, "A", "ok")),
                *((362, "A", DEAL[0]), (363, "B", DEAL[1]), (364, "A", "top")),
            ],
            ["deal", "deal"],  # six hours lie between the lines that say something
        ),
        ([*((n, "AB"[n % 2], (*DEAL[:2], "ok")[n % 3]) for n in range(30))], ["deal"]),
    ],
)
def test_findings_are_the_same_without_lines_that_say_nothing(
    said: list[tuple[int, str, str]], kinds: list[str]
) -> None:
    lines = [Line(f"m{n}", text, at * MINUTE, by) for n, (at, by, text) in enumerate(said)]
    silent = {line.id for line in lines if not built_in().speaks(line.text)}
    with_them = [each for each in find(lines, built_in()) if each.kind != "conversation"]
    without = [each for each in _without(lines, silent) if each.kind != "conversation"]
    assert silent
    assert [each.kind for each in with_them] == [each.kind for each in without] == kinds
    bare = [tuple(m for m in each.messages if m not in silent) for each in with_them]
    assert bare == [each.messages for each in without]
    rules = [[h for h in each.rules if h.message not in silent] for each in with_them]
    assert rules == [list(each.rules) for each in without]


def test_lines_that_say_nothing_change_no_other_verdict() -> None:
    with_them = _verdicts(
        ("heb je 5 gram wiet voor 45 euro?", "👍", "ja 5 gram wiet is 45 euro", "ok"), "ABBA"
    )
    without = _verdicts(("heb je 5 gram wiet voor 45 euro?", "ja 5 gram wiet is 45 euro"))
    told = [[(h.id, h.weight) for h in v.rules] for v in (with_them[0], with_them[2])]
    assert told == [[(h.id, h.weight) for h in v.rules] for v in without]
    assert [v.label for v in with_them] == ["deal"] * 4


def test_a_verdict_that_is_awaited_no_longer_is_none_for_what_comes_behind() -> None:
    asked = [("c", _lines(DEAL)[n]) for n in range(3)]
    labels = [v.label for v in talk.verdicts(iter(asked), built_in(), most=1)]
    assert labels[-1] == "none" and len(labels) == 3


# --- In a case ----------------------------------------------------------------------------------------------


def _deals(folder: Path, texts: Sequence[tuple[str | None, str | None]], chat: str) -> list[int]:
    return _case(folder, texts, chat)[1]


def _case(folder: Path, texts: Sequence[tuple[str | None, str | None]], chat: str) -> tuple[Path, list[int]]:
    """A case with one conversation, and the places of the messages that its flags of deals name."""
    lines = [
        Sent(key=f"R{n:02d}", minute=n, sender=sender, text=text, chat=chat)
        for n, (sender, text) in enumerate(texts)
    ]
    case = new(folder / "case")
    ingest(case, Phone(number=SELLER).write(folder / "phone", lines))
    records = exported(case)
    places = [each["id"] for each in sorted(of(records, "message"), key=lambda each: each["sent_at"])]
    deals = [each["messages"] for each in of(records, "flag") if each["kind"] == "deal"]
    return case, sorted(places.index(message) for messages in deals for message in messages)


_CHAT = f"{BUYER}@s.whatsapp.net"
_SAID: list[tuple[str | None, str | None]] = [
    (BUYER, DEAL[0]),
    (None, "👍"),
    (None, DEAL[1]),
    (BUYER, "top"),
    (BUYER, "ok"),
    (None, "eet smakelijk"),
]


def test_a_case_finds_what_classify_finds(tmp_path: Path) -> None:
    asked = [Line(str(n), t or "", n * MINUTE, s, s is None) for n, (s, t) in enumerate(_SAID)]
    verdicts = talk.verdicts((("c", line) for line in asked), built_in())
    told = [n for n, verdict in enumerate(verdicts) if verdict.label == "deal"]
    assert _deals(tmp_path, _SAID, _CHAT) == told == [0, 1, 2, 3]


def test_a_message_without_words_between_parts_an_answer_from_its_line(tmp_path: Path) -> None:
    assert _deals(tmp_path, [*_SAID[:3], (BUYER, None), *_SAID[3:]], _CHAT) == [0, 1, 2]


def test_far_from_a_word_for_a_drug_no_message_is_looked_up(tmp_path: Path) -> None:
    talked = [(BUYER, "om 8 uur") if n % 2 else (None, "prima") for n in range(40)]
    case, found = _case(tmp_path, [*talked, *_SAID, (None, "ok")], GROUP)
    assert found == [40, 41, 42, 43]
    with Case.open(case) as opened:
        (number,) = opened.db.execute("SELECT n FROM conversation").fetchone()
        rows = list(lines_of(opened.db, number, [], Rules.load()[0]))
    silent = [row[1] for row in rows if not row[6]]
    # behind the eight lines before the first drug cue, and behind those of the deal
    assert silent == ["prima"] * 7 + ["👍", "top"]
