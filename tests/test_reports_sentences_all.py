"""What the parsers say in notices and of messages is in Dutch to the last word, as their source has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product

import pytest
from source_tree import ROOT

from forensics.sentences import translated

# Words that English sentences have and Dutch ones do not.
_ENGLISH = re.compile(
    r"\b(?:the|which|were|rows?|with|are|its|that|from|by|has|not|no|for|this|it|who|and|known)\b"
)
_TABLE = (ROOT / "forensics" / "data" / "sentences.tsv").read_text("utf-8")
_HAS_ROW = frozenset(line.partition("\t")[0] for line in _TABLE.splitlines())
_WORD = re.compile("[a-z]{2}")
_UNKNOWN = "7"  # stands for what comes from the evidence, or from elsewhere in the program
_JOINED = re.compile("[a-z]7|77")  # a sentence that ends elsewhere
# What a reader's notes are told, and what they make of it.
_ENDS = {
    "count": (": 1 row", ": 12 rows"),
    "unknown": (" 7 has no meaning known to this parser: 1 row", " not stored: 12 rows"),
    "listing": (": 12",),
    "add": ("",),
}
# Readers whose functions give a message's details one by one.
_DETAILS = frozenset({"whatsapp_trade.py", "whatsapp_ios_content.py", "telegram_postbox_story_words.py"})
_READERS = sorted(path.name for path in (ROOT / "parsers").glob("*.py"))


class _Function:
    """A function of a reader, and what its names stand for."""

    def __init__(self, function: ast.AST) -> None:
        self._inside = list(ast.walk(function))
        self._set = [
            (node.lineno, node.targets[0].id, node.value)
            for node in self._inside
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        ]

    def notices(self) -> Iterator[str]:
        """What it tells its notes."""
        for node in self._inside:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                told = node.args[1:] if node.func.attr == "add" else node.args
                if node.func.attr in _ENDS and "notes" in ast.unparse(node.func.value) and told:
                    said = filter(_WORD.search, self._said(told[0], node.lineno))
                    yield from (each + end for each in said for end in _ENDS[node.func.attr])

    def details(self, *, with_yields: bool) -> Iterator[str]:
        """What it says of a message: kinds, details, and remarks; the sentences of a table of them."""
        for node in self._inside:
            told: list[ast.expr] = []
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                told = node.args[:2] if name in ("Remark", "remark") else []
                told += [each.value for each in node.keywords if name == "System" and each.arg != "code"]
            elif isinstance(node, ast.Lambda):
                told = [node.body]
            elif isinstance(node, ast.Yield) and with_yields and node.value is not None:
                told = [node.value]
            for each in told:
                yield from filter(_WORD.search, self._said(each, node.lineno))

    def _said(self, node: ast.expr, line: int) -> list[str]:
        """All that an expression may say."""
        if isinstance(node, ast.Constant):
            return [] if node.value is None else [str(node.value)]
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "quoted":
            return [f"“{_UNKNOWN}”"]
        if isinstance(node, ast.IfExp):
            return self._said(node.body, line) + self._said(node.orelse, line)
        if isinstance(node, ast.JoinedStr):
            return ["".join(parts) for parts in product(*(self._said(each, line) for each in node.values))]
        if isinstance(node, ast.FormattedValue):
            return self._said(node.value, line)
        if isinstance(node, ast.Name):
            before = [(at, value) for at, name, value in self._set if name == node.id and at < line]
            return self._said(before[-1][1], before[-1][0]) if before else [_UNKNOWN]
        return [_UNKNOWN]


@pytest.mark.parametrize("name", _READERS)
def test_every_notice_of_a_reader_is_dutch_to_its_last_word(name: str):
    _check(said for each in _functions(name) for said in each.notices())


@pytest.mark.parametrize("name", _READERS)
def test_all_that_a_reader_says_of_a_message_is_dutch_to_its_last_word(name: str):
    _check(said for each in _functions(name) for said in each.details(with_yields=name in _DETAILS))


def _functions(name: str) -> list[_Function]:
    tree = ast.parse((ROOT / "parsers" / name).read_text("utf-8"))
    inside = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Assign | ast.AnnAssign)
    )
    return [_Function(node) for node in inside]


def _check(said: Iterator[str]) -> None:
    whole = (each for each in said if not _JOINED.search(each) and each.replace("7", "{}") not in _HAS_ROW)
    dutch = {each: translated(each, "nl") for each in whole}
    assert {each: told for each, told in dutch.items() if told == each or _ENGLISH.search(told)} == {}
