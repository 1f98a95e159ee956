"""Lines that ``classify`` takes, as an export writes them, and refuses, with the number of the line."""

from __future__ import annotations

import json

import pytest
from sporen_runs import done, sporen


def line(**more: object) -> str:
    return json.dumps({"id": 1, "text": "coke 50 euro p/g", **more}) + "\n"


def test_a_text_that_is_null_is_answered():
    (found,) = done("classify", "--json", stdin=line(text=None)).stdout.splitlines()
    assert json.loads(found) == {
        "id": 1,
        "label": "none",
        "score": 0,
        "rules": [],
        "items": [],
        "markets": [],
    }


@pytest.mark.parametrize("sent_at", ["2026-01-01", "2026-01-01T10:00:00", 5, "gisteren"])
def test_a_time_without_a_zone_is_refused_with_its_line(sent_at: object):
    result = sporen("classify", "--json", stdin=line() + line(sent_at=sent_at))
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("sporen: line 2 of standard input")
    assert str(sent_at) in sentence


def test_whose_line_it_is_may_be_said_by_the_owner_alone():
    """As an export has it where no sender is stored: the other party answers, the owner himself does not."""
    said = [("heb je 5 gram wiet voor 45 euro?", False), ("ja 5 gram wiet is 45 euro", True)]
    for silent, label in ((False, "deal"), (True, "none"), (None, "none")):
        lines = [*said, ("top", silent)]
        stdin = "".join(line(text=t, conversation="c", sender=None, from_owner=o) for t, o in lines)
        verdicts = done("classify", "--json", stdin=stdin).stdout.splitlines()
        assert [json.loads(each)["label"] for each in verdicts] == ["deal", "deal", label]


def test_a_text_that_is_a_number_is_refused():
    result = sporen("classify", stdin=line(text=5))
    assert (result.exit_code, "line 1" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": 1, "text": "a", "n": ' + "9" * 5000 + "}", "a whole number of thousands of digits"),
        ("[" * 100_000, "values nested too deep"),
    ],
)
def test_what_is_wrong_in_a_line_is_said_in_words_of_our_own(text: str, said: str):
    result = sporen("classify", stdin=text)
    assert result.exit_code == 2
    assert said in result.stderr and "Python" not in result.stderr
    assert "integer string" not in result.stderr and "recursion" not in result.stderr
