"""The project's own source as syntax trees, for the tests of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("forensics", "parsers", "reports")
OTHERS = ("tests", "benchmarks", "fixtures", "install")
# A program of its own that goes into every delivery: it must need nothing of Sporen and speak for itself.
STANDALONE = "reports/templates/verify_delivery.py"
_MADE = {"build", "dist", "wheelhouse", "__pycache__"}
_BINARY = {".ttf", ".otf", ".png", ".jpg", ".db"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """As it is imported: `forensics.formats.sqlite`."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def place(self) -> str:
        """Its path in the project."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def lines(self) -> list[str]:
        return self.path.read_text("utf-8").splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_bytes())

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in ast.walk(self.tree):
            found.setdefault(type(node), []).append(node)
        return found

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of these kinds."""
        return (node for kind in kinds for node in self._by_kind.get(kind, ()))

    @cached_property
    def calls(self) -> list[tuple[str, ast.AST]]:
        """The calls with the text of what is called: `open`, `path.open`, `sqlite3.connect`."""
        return [(ast.unparse(node.func), node) for node in self.nodes(ast.Call)]

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for a message."""
        return f"{self.place}:{getattr(node, 'lineno', 1)}"

    def imported(self) -> Iterator[tuple[str, ast.AST]]:
        """The modules it imports, by their full names, with the place of each import."""
        for node in self.nodes(ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        for node in self.nodes(ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in module_names() else str(node.module), node)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The Python files of these folders, in the order of their paths."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(Module(path) for path in paths if not _MADE.intersection(path.parts))


@cache
def module_names() -> frozenset[str]:
    return frozenset(module.name for module in modules(*PACKAGES))


@cache
def texts() -> dict[str, str]:
    """Every text file of the project by its path, but for what is made and what is hidden; `.ci` counts."""
    found = {}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        is_hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        if is_hidden or _MADE.intersection(parts) or not path.is_file() or path.suffix in _BINARY:
            continue
        if not any(part.endswith(".egg-info") for part in parts):
            found["/".join(parts)] = path.read_text("utf-8", "replace")
    return found
