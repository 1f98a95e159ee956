"""What flags cost where a conversation has many copies of texts, and flags under tables of several laws."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from forensics.analysis.findings import Classifier, Line, stream
from forensics.flag_rows import About, FlagRow, LineRow, flag_rows
from forensics.flag_work import built_in

_MENU = "🔥 MENU 🔥\n❄️ coke 1g €50 / 3g €140\n🌿 wiet 5g €50\n🍬 xtc 10 st €30\nBezorgd tot 02:00"
_LAW = (
    "substance_id,list,confidence,valid_from,valid_to,decision,note,jurisdiction\n"
    "cocaine,X,certain,,,act 1,a made-up law,XX\n"
)


class _Sought(dict[str, Any]):
    """Copies that are looked up by their ids, and not gone through for each flag."""

    def __iter__(self) -> NoReturn:
        raise AssertionError("every copy of the conversation is looked at")

    keys = values = items = __iter__


def _rows(*texts: tuple[str | bytes, str]) -> Iterator[LineRow]:
    for n, (key, text) in enumerate(texts):
        yield (key, text, None, n * 1_000, f"p{n % 2}", False, None, n * 1_000, 0)


def _forms(rows: Iterator[FlagRow]) -> list[dict[str, Any]]:
    return [json.loads(row[-1]) for row in rows]


def test_a_flag_looks_only_at_the_copies_that_it_names() -> None:
    message = f"m{bytes(12).hex()}"
    copies = _Sought(
        {
            f"{message}+{n}": {"message": message, "origin": "quoted", "text": "doe mij 5g wiet"}
            for n in range(9)
        }
    )
    rows = _rows((bytes(12), _MENU), (f"{message}+7", "doe mij 5g wiet"))
    menu, deal = _forms(flag_rows(About(1, "c1", copies), rows, built_in()))
    assert menu["messages"] == deal["messages"] == [message]
    assert "own" not in menu
    assert (deal["own"], deal["copies"]) == ([], [copies[f"{message}+7"]])
    assert f"{message}+" not in json.dumps(deal)


def test_what_looks_like_the_id_of_a_copy_and_is_none_stands_as_it_was_written() -> None:
    message = f"m{bytes(12).hex()}"
    copies = {f"{message}+1": {"message": message, "origin": "quoted", "text": "doe mij 5g wiet"}}
    other = f"{_MENU}\n{message}+12 coke 1g €50"
    (menu,) = _forms(flag_rows(About(1, "c1", copies), _rows((bytes(12), other)), built_in()))
    assert f"{message}2" not in json.dumps(menu)


def _abroad(tmp_path: Path) -> Classifier:
    table = tmp_path / "law.csv"
    table.write_text(_LAW, encoding="utf-8")
    return Classifier.load(law=table)


def test_a_finding_tells_what_the_law_of_another_country_says_beside_ours(tmp_path: Path) -> None:
    (found,) = stream([Line("m1", _MENU, 0, "p1", False)], _abroad(tmp_path))
    laws = {law["substance"]: law for law in found.laws}
    assert len(laws) == len(found.laws) == 3
    (beside,) = laws["cocaine"]["beside"]  # type: ignore[misc]  # law holds JSON values of any kind
    assert (beside["jurisdiction"], beside["list"], beside["decision"]) == ("XX", "X", "act 1")
    assert "beside" not in laws["cannabis"]


def test_the_conversation_as_a_whole_names_such_a_law_once(tmp_path: Path) -> None:
    rows = _rows(*((n.to_bytes(12, "big"), _MENU) for n in range(4)))
    *menus, whole = _forms(flag_rows(About(1, "c1", {}), rows, _abroad(tmp_path)))
    assert [each["kind"] for each in menus] == ["menu"] * 4
    assert whole["kind"] == "conversation"
    assert whole["laws"] == menus[0]["laws"]
    assert [law["substance"] for law in whole["laws"] if "beside" in law] == ["cocaine"]
