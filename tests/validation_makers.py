"""The programs beside the validation sets, which are no package."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1] / "fixtures" / "validation"


def maker(name: str) -> ModuleType:
    """One of them, with those that it imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        return import_module(name)
