"""Who may ask: this machine's browser that came with the token, by this address, from these pages; nobody
else.

- Another name for this machine (DNS rebinding): ``Host`` must be the address that was printed.
- Another page in the same browser: a cookie with SameSite=Strict, ``Sec-Fetch-Site`` where it is sent, and
  for every change the own ``Origin`` and a token that only these pages have.
- What a message may carry: a content security policy under which no script runs but the one file that comes
  with the program, and nothing is loaded from anywhere else.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, redirect, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from forensics.actor import Acting, act, acting
from forensics.web.session import Session

ENTRANCE = "/enter"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not "no-referrer": a browser would then send "null" as the origin of a form
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_READING = frozenset({"GET", "HEAD"})


def guard(app: Flask, session: Session) -> None:
    """Check every request before anything else, and give every answer its headers."""

    @app.before_request
    def checked() -> None:
        _check_address(session)
        if request.path == ENTRANCE:
            return
        shown = request.cookies.get(session.cookie_name, "")
        if not _same(shown, session.cookie):
            raise Forbidden("Open the address that `sporen review` printed; it opens once.")
        if request.method not in _READING:
            _check_change(session)

    @app.before_request
    def acts() -> None:
        # each thread of a server has a context of its own, which knows nothing of the command's
        g.acting_before = acting()
        act(Acting(by=session.reviewer, role=session.role))

    @app.teardown_request
    def acted(_error: BaseException | None) -> None:
        before: Acting | None = g.pop("acting_before", None)
        if before is not None:
            act(before)

    @app.get(ENTRANCE)
    def enter() -> AnyResponse:
        if not session.enter(request.args.get("token", "")):
            raise Forbidden("This address has been used, or is not the one that `sporen review` printed.")
        answer = redirect("/", 303)
        answer.set_cookie(session.cookie_name, session.cookie, httponly=True, samesite="Strict", path="/")
        return answer

    @app.after_request
    def with_headers(answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer


def _check_address(session: Session) -> None:
    if request.headers.get("Host") != session.host:
        raise Forbidden("This address is not the one that `sporen review` printed.")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Forbidden("Another page asked for this.")


def _check_change(session: Session) -> None:
    if request.headers.get("Origin") != f"http://{session.host}":
        raise Forbidden("Another page asked for this change.")
    if not _same(request.form.get("token", ""), session.form):
        raise Forbidden("The page is of an earlier review; load it again.")


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
