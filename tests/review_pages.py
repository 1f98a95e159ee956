"""A review as the tests open it: the application without a browser, and a case with hostile messages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sporen_runs import ingest, new
from whatsapp_phones import Line, Phone

from forensics.web.app import application
from forensics.web.session import Session

ANNA, BRAM = "31600000501", "31600000502"
CHAT = f"{BRAM}@s.whatsapp.net"
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
TURNED = "niet wat \u202egnirts\u2069 het lijkt"
ARABIC = "مرحبا، هل لديك شيء؟ 😀"
TEXTS = (
    (BRAM, "Heb je 5 gram coke voor 250 euro?"),
    (None, "Ja 5 g coke 250 euro, kom maar langs"),
    (BRAM, SCRIPT),
    (BRAM, TURNED),
    (BRAM, ARABIC),
    (None, "{{ 7 * 7 }} &amp; 'quotes' \"double\""),
)
HOST = "127.0.0.1:5000"


def hostile_case(folder: Path, texts: Any = TEXTS) -> Path:
    """A case with one conversation."""
    lines = [
        Line(key=f"R{n}", minute=n, sender=sender, text=text, chat=CHAT)
        for n, (sender, text) in enumerate(texts)
    ]
    case = new(folder / "case")
    ingest(case, Phone(number=ANNA).write(folder / "phone", lines))
    return case


class Page:
    """One reviewer's browser without a browser: requests as they would be sent, unless a test says else."""

    def __init__(
        self, case: Path, by: str = "T. Tester", *, blind: bool = False, language: str = "en"
    ) -> None:
        self.session = Session(reviewer=by, reason="why not", blind=blind)
        self.session.host = HOST
        self.app = application(case, self.session, language)
        self.client = self.app.test_client()

    def enter(self) -> Page:
        """With the token of the address."""
        assert self.get(f"/enter?token={self.session.entrance}").status_code == 303
        return self

    def get(self, path: str, host: str = HOST, **headers: str) -> Any:
        return self.client.get(path, base_url=f"http://{host}", headers=_named(headers), buffered=True)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        given = {"token": self.session.form, **(data or {})}
        sent = {"Origin": f"http://{HOST}", **_named(headers)}
        return self.client.post(path, base_url=f"http://{HOST}", data=given, headers=sent)

    def flags(self) -> list[str]:
        """The ids of the flags of the first conversation."""
        return list(dict.fromkeys(re.findall(r'href="/flags/(f\w+)"', self.get("/conversations/1").text)))

    def decide(self, flag: str, decision: str, reason: str = "gezien") -> None:
        answer = self.post(f"/flags/{flag}/decision", {"decision": decision, "reason": reason})
        assert answer.status_code == 303, answer.text


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items() if value}
