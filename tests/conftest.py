"""What every test has: a home of its own for the examiner's key, and the same examples in every run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# No test looks at the clock, and two runs try the same examples.
settings.register_profile("sporen", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("sporen")


@pytest.fixture(autouse=True, scope="session")
def sporen_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPOREN_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("SPOREN_KEY_PASSPHRASE", raising=False)
        yield
