"""What every test has: a home of its own for the examiner's key, and the same examples in every run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No test looks at the clock, and two runs try the same examples.
settings.register_profile("sporen", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("sporen")


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: a test that waits for a browser or another process leaves one idle."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True, scope="session")
def sporen_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPOREN_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("SPOREN_KEY_PASSPHRASE", raising=False)
        yield
