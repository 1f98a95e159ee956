"""Who acts, as this machine knows them: apart, because every command asks it and little else."""

from __future__ import annotations

import getpass
import platform


def account() -> str:
    """The account of the operating system; a service may have none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # KeyError and ImportError: Python before 3.13
        return "unknown account"


def workstation() -> str:
    """The name of this machine."""
    return platform.node() or "unknown"
