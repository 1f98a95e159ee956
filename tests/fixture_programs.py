"""The programs beside the fixtures: loaded by their place, since fixtures are no package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def load(folder: str, file: str = "build") -> ModuleType:
    """A program in a folder of fixtures, loaded once."""
    name = f"{folder}_{file}"
    if name not in sys.modules:
        specification = importlib.util.spec_from_file_location(name, FIXTURES / folder / f"{file}.py")
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        sys.modules[name] = module
        specification.loader.exec_module(module)
    return sys.modules[name]
