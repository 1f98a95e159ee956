"""Several authorities: what any valid one covers is read, a wider scope needs a new one, lapsed is 6."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sporen_runs import (
    balance,
    done,
    done_in,
    everything,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    refused,
    sporen,
    texts,
    verified,
)
from whatsapp_phones import GROUP, Line, Phone

ANNA, BRAM, OWNER = "31600000081", "31600000082", "31600000080"
ANNA_CHAT, BRAM_CHAT = f"{ANNA}@s.whatsapp.net", f"{BRAM}@s.whatsapp.net"
DAY = 24 * 60
LINES = [
    Line(key="A1", minute=0, sender=ANNA, text="anna op de eerste dag", chat=ANNA_CHAT),
    Line(key="A2", minute=1, sender=None, text="antwoord aan anna", chat=ANNA_CHAT),
    Line(key="B1", minute=2, sender=BRAM, text="bram op de eerste dag", chat=BRAM_CHAT),
    Line(key="B2", minute=DAY, sender=BRAM, text="bram op de tweede dag", chat=BRAM_CHAT),
    Line(key="C1", minute=DAY + 1, sender=ANNA, text="anna in de kring", chat=GROUP),
    Line(key="C2", minute=DAY + 2, sender=BRAM, text="bram in de kring", chat=GROUP),
    Line(key="C3", minute=DAY + 3, sender=None, text="eigenaar in de kring", chat=GROUP),
]
EVERYTHING = {each.text for each in LINES}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    phone = Phone(number=OWNER, contacts={ANNA: "Anna Appel", BRAM: "Bram Boom"})
    return phone.write(tmp_path_factory.mktemp("authorities") / "phone", LINES)


def case_with(folder: Path, *authorities: str, head: str = "") -> Path:
    """A case whose case.toml has these authorities, each a table's lines."""
    folder.mkdir(exist_ok=True)
    tables = "\n".join(f"[[authority]]\n{each}\n" for each in authorities)
    (folder / "case.toml").write_text(f"{head}\n{tables}")
    return new(folder / "case", "--config", folder / "case.toml")


def ground(reference: str, *lines: str, kind: str = "prosecutor") -> str:
    return "\n".join([f'kind = "{kind}"', f'reference = "{reference}"', 'date = "2026-03-01"', *lines])


OF_ANNA = {"anna op de eerste dag", "antwoord aan anna", "anna in de kring"}
OF_THE_GROUP = {"anna in de kring", "bram in de kring", "eigenaar in de kring"}
LIMITS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "a person": (('persons = ["+31 6 0000 0081"]',), OF_ANNA),
    "a person by name": (('persons = ["anna appel"]',), OF_ANNA),
    "a conversation": ((f'conversations = ["{GROUP}"]',), OF_THE_GROUP),
    "a conversation by title": (('conversations = ["kring"]',), OF_THE_GROUP),
    "a period": (
        ('until = "2026-03-02"',),
        {"anna op de eerste dag", "antwoord aan anna", "bram op de eerste dag"},
    ),
    "a kind of data": (('data_types = ["image"]',), set()),
    "a person and a period": (
        ('persons = ["31600000082"]', 'from = "2026-03-03"'),
        {"bram op de tweede dag", "bram in de kring"},
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_only_what_an_authority_covers_is_read_and_the_rest_is_nowhere(
    name: str, tmp_path: Path, evidence: Path
):
    limits, covered = LIMITS[name]
    case = case_with(tmp_path / "a", ground("A-1", *limits))
    found = ingest(case, evidence, code=0 if covered else 6)
    assert set(texts(case)) == covered
    stored = everything(case)
    assert not [each for each in EVERYTHING - covered if each.encode() in stored]  # type: ignore[union-attr]
    if covered:
        balance(found)
        (table,) = (
            each["tables"]["message"] for each in found["evidence"] if "message" in (each["tables"] or {})
        )
        assert table["skipped"]["scope"] == len(LINES) - len(covered)
    assert verified(case, "--evidence", evidence, code=0 if covered else 1) == [] or not covered


def test_of_two_authorities_what_any_covers_is_read(tmp_path: Path, evidence: Path):
    case = case_with(
        tmp_path / "a",
        ground("A-1", 'persons = ["31600000081"]'),
        ground("A-2", 'from = "2026-03-03"', 'conversations = ["kring"]'),
    )
    ingest(case, evidence)
    assert set(texts(case)) == EVERYTHING - {"bram op de eerste dag", "bram op de tweede dag"}
    assert verified(case, "--evidence", evidence) == []


@pytest.mark.parametrize(
    ("head", "lines", "expected"),
    [
        ('apps = ["signal"]', ('until = "2026-03-02"',), set()),
        ('apps = ["signal"]', ('apps = ["whatsapp"]',), EVERYTHING),
        ('until = "2026-03-02"', (f'persons = ["{ANNA}"]',), {"anna op de eerste dag", "antwoord aan anna"}),
        ('until = "2026-03-02"', ('from = "2026-03-02"',), EVERYTHING),
    ],
    ids=["apps of the case", "apps of its own", "period of the case", "period of its own"],
)
def test_what_an_authority_does_not_limit_itself_has_the_limits_of_the_case(
    tmp_path: Path, evidence: Path, head: str, lines: tuple[str, ...], expected: set[str]
):
    case = case_with(tmp_path / "a", ground("A-1", *lines), head=f"[scope]\n{head}\n")
    ingest(case, evidence, code=0 if expected else 6)
    assert set(texts(case)) == expected


def test_what_a_lapsed_authority_alone_covers_is_not_read(tmp_path: Path, evidence: Path):
    old = ground("OLD", 'persons = ["31600000082"]', 'expires = "2026-03-31"'.replace("2026", "2020"))
    case = case_with(tmp_path / "a", old, ground("NEW", 'persons = ["31600000081"]'))
    ingest(case, evidence)
    assert set(texts(case)) == {"anna op de eerste dag", "antwoord aan anna", "anna in de kring"}
    assert b"bram op de" not in everything(case)


def test_a_wider_scope_needs_a_new_authority_and_then_reads_the_evidence_anew(tmp_path: Path, evidence: Path):
    case = case_with(tmp_path / "a", ground("A-1", 'persons = ["31600000081"]'))
    ingest(case, evidence)
    assert ingest(case, evidence)["known"] == [str(evidence)]
    done(
        "authority",
        case,
        "--add",
        "examining-magistrate:RC-2:2026-03-05",
        "--person",
        BRAM,
        "--by",
        "O. Officer",
    )
    assert len(texts(case)) == 3, "nothing is read by recording an authority"
    assert verified(case, "--evidence", evidence) == [], "compared under the authority that it was read under"
    ingest(case, evidence)
    assert set(texts(case)) == EVERYTHING - {"eigenaar in de kring"}
    assert verified(case, "--evidence", evidence) == []
    assert ingest(case, evidence)["known"] == [str(evidence)]
    (entry,) = (each for each in log(case) if each["action"] == "authority.set")
    assert (entry["detail"]["by"], entry["detail"]["recorded"]["persons"]) == ("O. Officer", [BRAM])
    assert "A-1, RC-2" in {each["authority"] for each in log(case)}
    assert "the item is read anew: the authority covers more of it" in {each["result"] for each in log(case)}


def test_an_authority_that_lapses_takes_nothing_away_and_lets_nothing_in(tmp_path: Path, evidence: Path):
    case = case_with(tmp_path / "a", ground("A-1", 'expires = "2020-01-01"'))
    assert "A-1 (until 2020-01-01)" in refused(6, "ingest", case, evidence)
    assert log(case)[-1]["result"].startswith("refused: ")
    done("authority", case, "--add", "consent:C-1:2026-03-05", "--app", "whatsapp")
    ingest(case, evidence)
    assert set(texts(case)) == EVERYTHING
    listed = json.loads(done("authority", case, "--json").stdout)["authorities"]
    assert [(each["reference"], each["valid"]) for each in listed] == [("A-1", False), ("C-1", True)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--add", "urgent:U-1:2026-03-05"), "urgency needs its reason"),
        (("--add", "none:X:2026-03-05"), "has a kind"),
        (("--add", "prosecutor::2026-03-05"), "a reference"),
        (("--add", "prosecutor:P-1:2026-03-05"), "none is changed"),
        (("--add", "prosecutor:P-2:2026-03-05", "--from", "2026-02-30"), "YYYY-MM-DD"),
        (("--add", "consent:C:2026-03-05", "--from", "2026-03-02", "--until", "2026-03-01"), "could be read"),
        (("--person", ANNA), "give --add"),
        (("--retain-until", "2030-01-01"), "needs --reason"),
    ],
)  # fmt: skip
def test_an_authority_that_is_not_whole_is_2(tmp_path: Path, arguments: tuple[str, ...], said: str):
    case = new(tmp_path / "case", "--authority", "prosecutor:P-1:2026-03-01")
    before = len(done_in(case))
    assert said in refused(2, "authority", case, *arguments)
    assert len(done_in(case)) == before


def test_urgency_is_recorded_with_its_reason_and_printed(tmp_path: Path, evidence: Path):
    case = new(tmp_path / "case", "--authority", "urgent:U-1:2026-03-01", "--reason", "life in danger")
    done(
        "authority",
        case,
        "--add",
        "urgent:U-2:2026-03-02",
        "--reason",
        "the phone wipes itself",
        "--person",
        ANNA,
    )
    ingest(case, evidence)
    done("report", case, "-o", tmp_path / "delivery", "--format", "html", "--language", "en")
    page = everything(tmp_path / "delivery")
    assert b"life in danger" in page
    assert b"the phone wipes itself" in page
    assert f"persons: {ANNA}".encode() in page


def test_urgency_in_case_toml_without_a_reason_is_2(tmp_path: Path):
    (tmp_path / "case.toml").write_text(f"[[authority]]\n{ground('U-1', kind='urgent')}")
    arguments = ("--number", "T-1", "--examiner", "T", "--config", tmp_path / "case.toml")
    assert "urgency needs its reason" in refused(2, "new", tmp_path / "case", *arguments)


def test_an_unknown_key_of_an_authority_is_2(tmp_path: Path):
    (tmp_path / "case.toml").write_text(f"[[authority]]\n{ground('U-1', 'person = 1')}")
    arguments = ("--number", "T-1", "--examiner", "T", "--config", tmp_path / "case.toml")
    assert "unknown key person" in refused(2, "new", tmp_path / "case", *arguments)


def test_a_case_that_should_be_gone_says_so_in_every_command(tmp_path: Path):
    case = new(tmp_path / "case", "--retain-until", "2020-01-01")
    assert "WARNING: this case was to be kept until 2020-01-01" in sporen("flags", case).stderr
    done("authority", case, "--retain-until", "2999-01-01", "--reason", "decision of the prosecutor")
    assert "WARNING" not in sporen("flags", case).stderr
    assert "2020-01-01" in [each["detail"].get("before") for each in log(case)]
    assert verified(case) == []


def test_calls_and_people_outside_are_nowhere(tmp_path: Path, evidence: Path):
    case = case_with(tmp_path / "a", ground("A-1", 'persons = ["31600000081"]', 'until = "2026-03-02"'))
    ingest(case, evidence)
    assert [each["handle"] for each in of(exported(case), "conversation")] == [ANNA_CHAT]
    assert b"Bram Boom" not in everything(case)
    assert len(messages(case)) == 2
