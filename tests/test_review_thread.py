"""The exact texts of quotes and of the marks of edited, deleted and recovered messages in a thread.

What is expected was written from the rows of the fixtures (fixtures/whatsapp_android/modern_direct) and the
table of words, not from what a page printed.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from fixture_programs import load
from review_pages import BRAM, CHAT, TEXTS, Page, hostile_case
from sporen_runs import MSGSTORE, change, exported, ingest, new, of, phone
from test_recovered import connect
from whatsapp_phones import Line, Phone

PARTS = {
    "labels": r'<p class="labels">(.*?)</p>',
    "quote": r"<blockquote>(.*?)</blockquote>",
    "earlier": r'<div class="edit">(.*?)</div>',
    "details": r"<dl>(.*?)</dl>",
}
OTHER, MINE = "+31600000001", {"en": "owner of the account", "nl": "eigenaar van het account"}
LOST = {"en": "message not found", "nl": "bericht niet gevonden"}
UNLISTED = {"en": "none / to be checked", "nl": "geen / na te gaan"}
# Rules whose details are ids of substances, which a page names.
OF_SUBSTANCES = {
    *("drug-name", "street-name", "double-meaning"),
    *("several-goods", "counted-drugs", "further-drug", "new-substance"),
}
COPY = {
    "en": "copy, not the original · copy · quote · ",
    "nl": "kopie, niet het origineel · kopie · citaat · ",
}
# By row id of the message: of a quote its head and its text; marks; older texts, each with its head.
QUOTES = {
    3: (OTHER, "2024-03-04 11:02:00 +01:00", False, "Hoi, ben je thuis?"),
    4: (OTHER, "2024-03-04 11:40:00 +01:00", False, "Wie brengt de tent?"),
    5: (None, "2024-03-04 09:13:20 +01:00", True, "Waar lag de sleutel?"),
    9: (OTHER, "2024-03-04 11:08:00 +01:00", False, "Om 7 uur bij de brug"),
    12: (None, "2024-03-04 11:11:00 +01:00", False, "Breng de schroeven mee"),
}
MARKS = {
    "en": {8: ["EDITED"], 10: ["DELETED FOR EVERYONE"], 11: ["DELETED FOR EVERYONE"]},
    "nl": {8: ["BEWERKT"], 10: ["GEWIST VOOR IEDEREEN"], 11: ["GEWIST VOOR IEDEREEN"]},
}
EARLIER = {
    "en": {5: ("gone", "Waar lag de sleutel?"), 8: ("edited", "Om 7 uur bij de brug"),
           11: ("deleted for everyone", "Breng de schroeven mee")},
    "nl": {5: ("weg", "Waar lag de sleutel?"), 8: ("bewerkt", "Om 7 uur bij de brug"),
           11: ("gewist voor iedereen", "Breng de schroeven mee")},
}  # fmt: skip


def plain(markup: str) -> str:
    """The text of a piece of a page, without the spaces between its elements."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", markup))).strip()


def bubbles(page: Page, place: int = 1) -> dict[str, str]:
    """The messages of a conversation as the page has them, by id."""
    text = page.get(f"/conversations/{place}").text
    return dict(re.findall(r'<article class="[^"]*" id="(m\w+)"(.*?)</article>', text, re.DOTALL))


def pieces(bubble: str, name: str) -> list[str]:
    """Each text of a kind, as a person reads it."""
    found = re.findall(PARTS[name], bubble, re.DOTALL)
    if name == "labels":
        found = re.findall(r'<b class="label[^"]*">(.*?)</b>', "".join(found))
    return [plain(each if isinstance(each, str) else "".join(each)) for each in found]


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("direct")
    case = new(folder / "case")
    ingest(case, phone(folder / "phone", "modern_direct") / MSGSTORE)
    return case


def by_row(case: Path, language: str) -> dict[int, str]:
    """The messages of all conversations by their row in the evidence."""
    page = Page(case, language=language).enter()
    count = len(of(exported(case), "conversation"))
    shown = {key: each for place in range(1, count + 1) for key, each in bubbles(page, place).items()}
    rows = {each["id"]: each["source"]["rowid"] for each in of(exported(case), "message")}
    assert shown.keys() == rows.keys()
    return {rows[key]: each for key, each in shown.items()}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_quote_says_who_said_what_when_and_whether_it_is_there(direct: Path, language: str):
    found = by_row(direct, language)
    for row, (who, when, is_lost, text) in QUOTES.items():
        head = " · ".join([who or MINE[language], when, *([LOST[language]] if is_lost else [])])
        said = re.findall(
            r"<p[^>]*>(.*?)</p>", re.findall(PARTS["quote"], found[row], re.DOTALL)[0], re.DOTALL
        )
        assert [plain(each) for each in said] == [head, text], row
        assert ("<a " in said[1]) != is_lost
    assert {row for row, each in found.items() if "<blockquote>" in each} == QUOTES.keys()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_was_edited_or_deleted_says_so_in_these_words(direct: Path, language: str):
    found = by_row(direct, language)
    words = {word for marks in MARKS[language].values() for word in marks}
    for row, each in found.items():
        marks = [mark for mark in pieces(each, "labels") if mark in words]
        assert marks == MARKS[language].get(row, []), row
    for row, (reason, text) in EARLIER[language].items():
        assert pieces(found[row], "earlier") == [f"{COPY[language]}{reason}{text}"], row
    assert {row for row, each in found.items() if 'class="edit"' in each} == EARLIER[language].keys()
    by = {"en": "deleted by", "nl": "gewist door"}[language]
    assert pieces(found[10], "details") == [f"{by}{OTHER}"]
    assert pieces(found[11], "details") == [f"{by}{MINE[language]}"]


@pytest.mark.parametrize(("language", "mark"), [("en", "RECOVERED"), ("nl", "TERUGGEHAALD")])
def test_what_was_recovered_is_marked_and_keeps_its_text(tmp_path: Path, language: str, mark: str):
    text = "De sleutel ligt onder de mat bij de achterdeur"
    lines = [
        Line(key=key, minute=n, sender=BRAM, text=said, chat=CHAT)
        for n, (key, said) in enumerate((("A", "hallo daar"), ("B", text), ("C", "tot morgen dan")))
    ]
    folder = Phone(number="31600000501").write(tmp_path / "phone", lines)
    connection = connect(folder / MSGSTORE)
    connection.execute("DELETE FROM message WHERE key_id = 'B'")
    connection.close()
    case = new(tmp_path / "case")
    ingest(case, folder)
    page = Page(case, language=language).enter()
    states = {each["id"]: (each["state"], each["text"]) for each in of(exported(case), "message")}
    assert [each for each in states.values() if each[0] != "live"] == [("recovered", text)]
    shown = page.get("/conversations/1").text
    for key, each in bubbles(page).items():
        state, said = states[key]
        assert pieces(each, "labels") == ([mark] if state == "recovered" else [])
        assert f">{said}</p>" in each
        assert f'state-{state}" id="{key}"' in shown


@pytest.mark.parametrize(("state", "en", "nl"), [
    ("hidden", "NO LONGER SHOWN BY THE APP", "NIET MEER GETOOND DOOR DE APP"),
    ("uncommitted", "NOT COMMITTED", "NIET VASTGELEGD IN DE DATABANK"),
])  # fmt: skip
def test_every_other_state_is_told_in_words(direct: Path, tmp_path: Path, state: str, en: str, nl: str):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone", "modern_direct") / MSGSTORE)
    change(case / "case.db", ("UPDATE message SET state = ? WHERE n = 1", (state,)))
    for language, mark in (("en", en), ("nl", nl)):
        assert mark in [
            each
            for place in (1, 2)
            for bubble in bubbles(Page(case, language=language).enter(), place).values()
            for each in pieces(bubble, "labels")
        ]


@pytest.mark.parametrize(("language", "mark", "earlier"), [
    ("en", "EDITED", "Earlier text"), ("nl", "BEWERKT", "Eerdere tekst"),
])  # fmt: skip
def test_the_older_texts_of_a_message_stand_below_it_with_their_times(
    tmp_path: Path, language: str, mark: str, earlier: str
):
    case = new(tmp_path / "case")
    ingest(case, load("signal_android").build("modern", tmp_path / "phone"))
    (message,) = (each for each in of(exported(case), "message") if each["edits"])
    assert (message["text"], [each["text"] for each in message["edits"]]) == (
        "acht uur",
        ["zeven", "zeven uur"],
    )
    page = Page(case, language=language).enter()
    address = page.get(f"/messages/{message['id']}").headers["Location"]
    bubble = page.get(address).text.partition(f'id="{message["id"]}"')[2].partition("</article>")[0]
    assert pieces(bubble, "labels") == [mark]
    said = pieces(bubble, "earlier")
    assert [re.sub(r"\d{4}-\d\d-\d\d (\d\d:\d\d):\d\d [+]\d\d:00", r"\1 ", each) for each in said] == [
        f"{earlier} 11:04 zeven",
        f"{earlier} 11:05 zeven uur",
    ]


def _cells(part: str) -> list[list[str]]:
    body = part.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [plain(cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in body.split("<tr>")[1:]
    ]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_flag_has_its_rules_weights_texts_and_the_law_of_its_record(tmp_path: Path, language: str):
    texts = [*TEXTS, (None, "Menu: coke 1g 50 euro, keta 1g 25 euro, xtc 10 st 30 euro, hasj 10g 80 euro")]
    case = hostile_case(tmp_path, texts)
    page = Page(case, language=language).enter()
    flags = of(exported(case), "flag")
    assert flags
    for flag in flags:
        card = page.get(f"/conversations/1?flag={flag['id']}").text.partition('<section class="card"')[2]
        parts = dict(
            zip(
                ("head", "why", "against", "items", "law", "messages"),
                re.split(r"<h3>", card)[1:],
                strict=False,
            )
        )
        against = [each for each in flag["rules"] if (each["weight"] or 0) < 0 or each.get("sign") == "-"]
        lines = {"why": [each for each in flag["rules"] if each not in against], "against": against}
        for name, rules in lines.items():
            said = re.findall(r"<li>(.*?)</li>", parts[name], re.DOTALL)
            assert len(said) == len(rules), (flag["kind"], name)
            for line, rule in zip(said, rules, strict=True):
                told = plain(line)
                assert told.startswith(f"{rule['id']} v{rule['version']} ")
                assert f" {rule['weight']:+d} " in told
                assert not rule["text"] or plain(html.escape(rule["text"])) in told
                if language == "en":
                    reason = rule["reason"].split(" [")[0]
                    assert (reason.split(" (")[0] if rule["id"] in OF_SUBSTANCES else reason) in told
        laws = _cells(parts["law"])
        assert len(laws) == len(flag["laws"])
        for row, law in zip(laws, flag["laws"], strict=True):
            assert row[1] == (law["list"] or UNLISTED[language])
            if language == "en":  # the built-in table has its decisions in Dutch too
                assert law["decision"] in row[3]
        assert len(_cells(parts["items"])) == len(flag["items"])
        assert len(re.findall("data-goto", parts["messages"])) == len(flag["messages"])


def test_a_card_calls_every_message_of_the_conversation_by_its_number(tmp_path: Path):
    texts = [*TEXTS, (None, "coke 1g 50 euro, keta 1g 25 euro, xtc 10 st 30"), (BRAM, "2"), (None, "45")]
    page = Page(hostile_case(tmp_path, texts)).enter()
    cards = [page.get(f"/conversations/1?flag={each}").text for each in page.flags()]
    told = " ".join(plain(each.partition('<section class="card"')[2]) for each in cards)
    assert "(message 1-" in told
    assert re.findall(r"\bm[0-9a-f]{24}\b", told) == []


def test_how_often_a_message_was_forwarded_is_a_number_or_the_words_for_the_code(direct: Path):
    said = [each for bubble in by_row(direct, "nl").values() for each in pieces(bubble, "details")]
    assert "doorgestuurd4 x" in said
    assert "doorgestuurdvaak (127, de code van de app daarvoor)" in said
