"""The options of ``report`` that sign it, and the check of signatures by ``verify``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.talk import PATH, say
from forensics.errors import WrongKey, WrongUse

if TYPE_CHECKING:
    from forensics.verify import Report

PASSPHRASE_VARIABLE = "SPOREN_SIGN_PASSPHRASE"
_TOKEN = "pkcs11:"
_OPTIONS = (
    click.option(
        "--sign",
        "source",
        metavar="P12",
        help="Sign report.pdf (PAdES) with this PKCS#12 file, or with a token (pkcs11:...).",
    ),
    click.option(
        "--passphrase-file",
        type=PATH,
        help=f"File with the passphrase or PIN on its first line; or set {PASSPHRASE_VARIABLE}.",
    ),
    click.option(
        "--timestamp", "authority", metavar="URL", help="Time-stamp authority (RFC 3161): level B-T."
    ),
    click.option(
        "--trust",
        "trusted",
        type=PATH,
        multiple=True,
        help="Root certificate of signer and authority: with --timestamp, level B-LTA. Repeatable.",
    ),
    click.option(
        "--revocations",
        type=PATH,
        multiple=True,
        help="Revocation list (CRL) to put into the report at level B-LTA; others are fetched. Repeatable.",
    ),
    click.option(
        "--timestamp-request",
        "request",
        type=PATH,
        metavar="FILE",
        help="Keep room for a time stamp and write the request for it, to carry to a connected machine.",
    ),
    click.option(
        "--signed",
        type=PATH,
        metavar="DELIVERY",
        help="The delivery that was signed with --timestamp-request; with --timestamp-reply.",
    ),
    click.option(
        "--timestamp-reply", "reply", type=PATH, metavar="FILE", help="The authority's reply: level B-T."
    ),
)


def seal_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that sign a report."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options ask for."""

    source: str | None = None
    passphrase_file: Path | None = None
    authority: str | None = None
    trusted: tuple[Path, ...] = ()
    revocations: tuple[Path, ...] = ()
    request: Path | None = None
    signed: Path | None = None
    reply: Path | None = None

    def check(self) -> None:
        """Raises WrongUse for options that do not go together."""
        further = (self.passphrase_file, self.authority, self.trusted, self.revocations, self.request)
        if (self.signed is None) != (self.reply is None):
            raise WrongUse("--signed and --timestamp-reply go together")
        if self.signed is not None and (self.source is not None or any(further)):
            raise WrongUse(
                "--signed takes the signature that was made before: leave --sign and its options out"
            )
        if self.source is None and any(further):
            raise WrongUse("--timestamp, --timestamp-request, --trust and --passphrase-file go with --sign")
        if self.authority is not None and self.request is not None:
            raise WrongUse("--timestamp asks now, --timestamp-request later: give one of them")
        if self.authority is None and (self.trusted or self.revocations):
            raise WrongUse("--trust and --revocations go with --timestamp: level B-LTA needs a time stamp")
        if self.authority is not None and not self.authority.startswith(("http://", "https://")):
            raise WrongUse(f"{self.authority}: give the address of an authority, http:// or https://")
        if self.request is not None and self.request.exists():
            raise WrongUse(f"{self.request}: exists already; name a file that does not")


def seal_of(asked: Asked) -> Any:
    """What signs the delivery, or None. Nothing of this is imported where nothing is signed."""
    from forensics.registry import report_form

    asked.check()
    if asked.signed is not None:
        return report_form("stamp_later")(asked.signed, asked.reply)
    if asked.source is None:
        return None
    signer = _signer(asked.source, asked.passphrase_file)
    wish = {"authority": asked.authority, "trusted": asked.trusted, "revocations": asked.revocations}
    return report_form("seal")(signer, **wish, is_stamped_later=asked.request is not None)


def _signer(source: str, file: Path | None) -> Any:
    from forensics.registry import report_form

    if source.startswith(_TOKEN):
        pin = _passphrase(file)
        return report_form("seal_token")(source, _asked_for(source) if pin is None else pin)
    open_file = report_form("seal_pkcs12")
    given = _passphrase(file)
    try:
        return open_file(Path(source), given)
    except WrongKey:
        if given is not None or not sys.stdin.isatty():
            raise
    return open_file(Path(source), _asked_for(source))


def _passphrase(file: Path | None) -> bytes | None:
    """The passphrase out of its file or the environment."""
    if file is None:
        found = os.environ.get(PASSPHRASE_VARIABLE)
        return found.encode() if found else None
    try:
        return (file.read_bytes().splitlines() or [b""])[0]
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read: {error.strerror}") from error


def _asked_for(source: str) -> bytes | None:
    """The passphrase as typed, on a terminal only."""
    if not sys.stdin.isatty():
        return None
    typed: str = click.prompt(f"Passphrase or PIN of {source}", hide_input=True, err=True)
    return typed.encode()


def tell_seal(asked: Asked, folder: Path) -> None:
    """Write the request for a time stamp, and say what the signature lacks."""
    from forensics.registry import report_form

    if asked.request is not None:
        report_form("stamp_request")(folder / "data" / "report.pdf", asked.request)
        say(f"Signed at level B-B. Carry {asked.request} to a time-stamp authority, then run the same report")
        say(f"to another folder with --signed {folder} --timestamp-reply REPLY.")
    elif asked.source is not None and asked.authority is None:
        say("Signed at level B-B: no trusted time. Name a time-stamp authority with --timestamp.")
    elif asked.source is not None and not asked.trusted:
        say("Signed at level B-T. For B-LTA, which outlives the certificates, name the roots with --trust.")


def check_seals(folder: Path, report: Report, trusted: Sequence[Path]) -> None:
    """Check the signatures of a delivery; what that takes is imported only where there are any."""
    if not _is_signed(folder) and not trusted:
        return
    from forensics.signatures import check_signatures
    from forensics.signatures import trusted as trust

    check_signatures(folder, report, trust(trusted))


def _is_signed(folder: Path) -> bool:
    from forensics.verify_delivery import is_signed

    return is_signed(folder)
