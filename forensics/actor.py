"""Who acts, as this machine knows them: apart, because every command asks it and little else."""

from __future__ import annotations

import getpass
import platform
from contextvars import ContextVar
from dataclasses import dataclass

ROLES = ("filter", "investigator", "reviewer")


def account() -> str:
    """The account of the operating system; a service may have none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # KeyError and ImportError: Python before 3.13
        return "unknown account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts in which role and why, as the command was told; None where it was not."""

    by: str | None = None
    role: str | None = None
    reason: str | None = None


_NOBODY = Acting()
_ACTING: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


def acting() -> Acting:
    """For whom the command that runs was given."""
    return _ACTING.get()


def act(who: Acting) -> None:
    """From now on this person acts; each command says so at its start."""
    _ACTING.set(who)


def workstation() -> str:
    """The name of this machine."""
    return platform.node() or "unknown"
