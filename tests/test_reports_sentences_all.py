"""What the parsers say in their notices is in Dutch to the last word, as their source has it."""

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
_WORD = re.compile("[a-z]{2}")
_UNKNOWN = "7"  # stands for what comes from the evidence, or from elsewhere in the program
# What a reader's notes are told, and what they make of it.
_ENDS = {
    "count": (": 1 row", ": 12 rows"),
    "unknown": (" 7 has no meaning known to this parser: 1 row", " not stored: 12 rows"),
    "listing": (": 12",),
    "add": ("",),
}
_READERS = sorted(path.name for path in (ROOT / "parsers").glob("*.py"))


class _Function:
    """A function of a reader, and what its names stand for."""

    def __init__(self, function: ast.FunctionDef) -> None:
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

    def _said(self, node: ast.expr, line: int) -> list[str]:
        """All that an expression may say."""
        if isinstance(node, ast.Constant):
            return [str(node.value)]
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
    tree = ast.parse((ROOT / "parsers" / name).read_text("utf-8"))
    functions = [_Function(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    dutch = {said: translated(said, "nl") for each in functions for said in each.notices()}
    assert {said: told for said, told in dutch.items() if told == said or _ENGLISH.search(told)} == {}
