"""Who reviews, why, and what is remembered while the page is open: nothing of it is evidence, all of it is
lost when the server stops."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Session:
    """One reviewer at one browser. ``entrance`` is the token of the address, which opens once; ``cookie`` and
    ``form`` are what the browser shows after that, on every request and with every change."""

    reviewer: str
    reason: str
    blind: bool = False
    # as the command was told; None where it was not
    role: str | None = None
    host: str = ""
    entrance: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    opened: str | None = None
    # the query, and the conversation where it was asked of one only
    searched: tuple[str, str | None] | None = None
    decided: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cookie_name(self) -> str:
        """Browsers share cookies between the ports of one machine; the port keeps two reviews apart."""
        return f"sporen_{self.host.rpartition(':')[2]}"

    def enter(self, token: str) -> bool:
        """Whether the token of the address is the right one; it opens once."""
        with self.lock:
            if self.entrance is None or not secrets.compare_digest(self.entrance.encode(), token.encode()):
                return False
            self.entrance = None
            return True
