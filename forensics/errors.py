"""The errors a person can mend, each with its exit code (contract, section 2).

SporenError
├── WrongUse                 2   bad options, no such case, unknown id, a case that exists
├── EvidenceUnreadable       3   evidence that could not be read
│   ├── EvidenceMissing          the path does not exist
│   ├── EvidenceMismatch         the hash is not the expected one, or changed while being read
│   ├── UnknownKind              nothing here is of a kind that a parser knows
│   ├── DamagedEvidence          truncated, corrupt, or not what its header says
│   └── LimitExceeded            larger than the limits allow (a bomb, or a limit to raise)
├── WrongKey                 4   an encrypted item that no key opens, or a failed authentication tag
├── CaseUnusable             5   the case cannot be used
│   ├── CaseLocked               another process holds it
│   ├── CaseDamaged              case.db or custody.jsonl is not whole
│   └── CaseTooNew               made by a newer version
├── Refused                  6   not to be read under the authority
└── MachineFailed            7   no space, no permission to write

Everything else is a bug and may show a traceback.
"""

from __future__ import annotations

import errno


class SporenError(Exception):
    """One sentence for a person, naming the file and what to do."""

    exit_code = 2
    # whether the log of the case tells of it already
    is_on_record = False


class WrongUse(SporenError):
    """Bad options, no such case, an unknown id, or a case that already exists."""


class EvidenceUnreadable(SporenError):
    """A file, page or member of the evidence could not be read."""

    exit_code = 3


class EvidenceMissing(EvidenceUnreadable):
    """The path given as evidence does not exist."""


class EvidenceMismatch(EvidenceUnreadable):
    """The SHA-256 is not the one that was expected, or it changed while the evidence was read."""


class UnknownKind(EvidenceUnreadable):
    """The content is of no kind that is known here."""


class DamagedEvidence(EvidenceUnreadable):
    """The content is truncated, corrupt, or not what its header says."""


class LimitExceeded(EvidenceUnreadable):
    """Reading on would pass a stated limit (see evidence.Limits)."""


class WrongKey(SporenError):
    """No key opens an encrypted item, or its authentication tag fails: wrong key or changed file."""

    exit_code = 4


class CaseUnusable(SporenError):
    """The case cannot be used now."""

    exit_code = 5


class CaseLocked(CaseUnusable):
    """Another process is writing to the case."""


class CaseDamaged(CaseUnusable):
    """case.db or custody.jsonl is not whole."""


class CaseTooNew(CaseUnusable):
    """The case was made by a newer version of Sporen."""


class Refused(SporenError):
    """Nothing of this may be read under the authority that is recorded."""

    exit_code = 6


class MachineFailed(SporenError):
    """This machine failed: no space left, or no permission to write."""

    exit_code = 7


# Said of an error of which ``lacks_memory`` is true.
TOO_LITTLE_MEMORY = "this machine has too little memory for that; use one with more"


def lacks_memory(error: BaseException) -> bool:
    """Whether the machine had no memory left: Python's own word, or the operating system's."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)


# Of several, the first in this order decides (contract, section 2).
PRECEDENCE = (5, 7, 6, 4, 3)


def worst(codes: set[int]) -> int:
    """The exit code for a command in which several things went wrong; 0 when nothing did."""
    return next((code for code in PRECEDENCE if code in codes), 0)
