"""Serving the pages on this machine only, until the person stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from waitress.server import create_server

from forensics.errors import MachineFailed
from forensics.web.access import ENTRANCE
from forensics.web.app import application, prepare
from forensics.web.session import Session

ADDRESS = "127.0.0.1"
_THREADS = 4


def serve(folder: Path, session: Session, language: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the review of a case; ``ready`` is called with the address that opens it once. Returns when it is
    interrupted. MachineFailed when the port is taken."""
    app = application(folder, session, language)
    prepare(app)
    try:
        server = create_server(
            app, host=ADDRESS, port=port, threads=_THREADS, ident=None, clear_untrusted_proxy_headers=True
        )
    except OSError as error:
        raise MachineFailed(
            f"{ADDRESS}:{port} cannot be listened on: {error.strerror}; choose another --port"
        ) from error
    session.host = f"{ADDRESS}:{server.effective_port}"
    ready(f"http://{session.host}{ENTRANCE}?token={session.entrance}")
    server.run()
