"""The program that counts false flags in ordinary sentences of one's own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import Any

from forensics.flag_work import built_in

_PROGRAM = Path(__file__).parents[1] / "fixtures" / "validation" / "ordinary_text.py"
_LIST = "coke 1g 50, keta 1g 25, xtc 10 voor 30"
_ORDINARY = "The mill turned slowly and nobody on the bridge spoke"


@cache
def _program() -> dict[str, Any]:
    return run_path(str(_PROGRAM))


def test_sentences_are_lines_or_the_strings_of_a_list(tmp_path: Path) -> None:
    lines, listed = tmp_path / "a.txt", tmp_path / "a.json"
    lines.write_text("one\n\n two\n", "utf-8")
    listed.write_text(json.dumps(["one", " two"]), "utf-8")
    assert _program()["sentences"](lines) == _program()["sentences"](listed) == ["one", " two"]


def test_what_is_flagged_alone_and_together_is_counted() -> None:
    classifier = built_in()
    texts = [_ORDINARY, "heb je nog 3 gram coke, hoeveel kost dat?", _ORDINARY]
    assert _program()["flagged"](texts, classifier) == [1]
    told = _program()["row"]("a", [*[_ORDINARY] * 20, *[_LIST] * 20], classifier)
    assert told == "a: 40 sentences, 20 flagged alone; put together by 20: 20 flagged in 1 conversations"
