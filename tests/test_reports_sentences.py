"""Sentences of the program in a Dutch report: each has its translation, and evidence is never translated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from source_tree import ROOT
from sporen_runs import exported, ingest, new, of

from forensics.sentences import translated
from parsers import signal_codes, signal_snapshot_events, whatsapp_codes, whatsapp_ios_codes
from parsers.signal_ios_mentions import NOT_PLACED
from parsers.whatsapp_actions import ACTIONS
from parsers.whatsapp_codes import MESSAGE_TYPES
from parsers.whatsapp_side_tables import ORPHAN_TABLES, SIDE_TABLES

_FILLED = {"timer": " to 7 days", "blocked": "blocked", "named": " (the row names Anna)"}
_NAMES = ("actor", "people", "people_or_actor", "who", "old", "new")


def _rows() -> list[list[str]]:
    lines = (ROOT / "forensics" / "data" / "sentences.tsv").read_text("utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if not line.startswith("#")]


_HAS_ROW = frozenset(english for english, _ in _rows())  # some words are the same in both languages


def _filled(sentence: str) -> str:
    return sentence.format_map(_FILLED | dict.fromkeys(_NAMES, "Anna"))


def test_every_row_has_two_sentences_with_as_many_slots():
    for english, dutch in _rows():
        slots = re.findall(r"\{\*?\}", english)
        assert dutch.count("{") == dutch.count("{}") == len(slots), english
    assert len({english for english, _ in _rows()}) == len(_rows())


@pytest.mark.parametrize("action", sorted({(a.type, a.sentence) for a in ACTIONS.values()}))
def test_every_event_of_whatsapp_on_android_has_its_sentence(action: tuple[str, str]):
    said = _filled(action[1])
    assert translated(said, "nl") != said


@pytest.mark.parametrize(
    "sentence",
    sorted(
        {
            a.sentence
            for a in (*whatsapp_ios_codes.GROUP_EVENTS.values(), *whatsapp_ios_codes.CHAT_EVENTS.values())
        }
    ),
)
def test_every_event_of_whatsapp_on_ios_has_its_sentence(sentence: str):
    assert translated(_filled(sentence), "nl") != _filled(sentence)


_TYPES = (
    *(each.words for codes in (MESSAGE_TYPES, whatsapp_ios_codes.MESSAGE_TYPES) for each in codes.values()),
    *(each.type for each in ACTIONS.values()),
    *(each.type for each in whatsapp_ios_codes.GROUP_EVENTS.values()),
    *(each.type for each in whatsapp_ios_codes.CHAT_EVENTS.values()),
    *whatsapp_ios_codes.CHANNEL_EVENTS.values(),
    *(each.words for each in (*SIDE_TABLES, *ORPHAN_TABLES)),
    *whatsapp_codes.ADD_ONS.values(),
    *whatsapp_codes.CALL_RESULTS.values(),
)


@pytest.mark.parametrize("said", sorted(set(_TYPES)))
def test_every_kind_of_message_and_event_of_whatsapp_has_its_words(said: str):
    assert said in _HAS_ROW or translated(said, "nl") != said


@pytest.mark.parametrize(
    ("said", "dutch"),
    [
        ("to be seen once: opened (1)", "eenmalig te bekijken: geopend (1)"),
        ("the position was to be shared for 900 seconds", "de positie zou 900 seconden worden gedeeld"),
        (
            "address of the place on the web: https://x.example",
            "adres van de plaats op het web: https://x.example",
        ),
        ("what each participant of a call did: 2", "wat elke deelnemer aan een oproep deed: 2"),
        ("order O1: no title, 1 items", "bestelling O1: zonder titel, aantal 1"),
        (
            "order O1: Fiets, 2 items, EUR 50.00, message: “Graag twee, missed”, seller: Wim (+31600000006)",
            "bestelling O1: Fiets, aantal 2, EUR 50.00, bericht: “Graag twee, missed”, verkoper: Wim"
            " (+31600000006)",
        ),
        (
            "payment of €20 to the owner of this phone (x)",
            "betaling van €20 aan de eigenaar van deze telefoon (x)",
        ),
        (
            "invitation to the group “G” (jid row 99, which is gone) by Wim, code not stored, expired",
            "uitnodiging voor de groep “G” (jid-rij 99, die weg is) van Wim, code niet opgeslagen, verlopen",
        ),
        (
            "message type 118 has no meaning known to this parser: 2 rows",
            "soort bericht 118: de betekenis is bij deze lezer niet bekend: 2 rijen",
        ),
    ],
)
def test_what_side_tables_of_whatsapp_hold_is_told_in_dutch(said: str, dutch: str):
    assert translated(said, "nl") == dutch


@pytest.mark.parametrize("said", sorted({*signal_codes.EVENTS.values(), *signal_codes.BITS.values()}))
def test_every_event_of_signal_on_android_has_its_sentence(said: str):
    assert translated(said, "nl") != said


@pytest.mark.parametrize(
    "said",
    sorted(
        {
            *signal_snapshot_events.SIMPLE_UPDATES.values(),
            *signal_snapshot_events.CALL_STATES.values(),
            *signal_snapshot_events.GROUP_CALL_STATES.values(),
        }
    ),
)
def test_every_event_and_call_of_a_backup_of_signal_has_its_sentence(said: str):
    assert translated(said, "nl") != said


def test_changes_of_a_group_of_signal_are_said_in_dutch():
    said = "by Cleo; title: Kade; by Cleo; Bram is now admin; group migrated, members dropped: 2"
    wanted = (
        "door Cleo; titel: Kade; door Cleo; Bram is nu beheerder; groep omgezet, aantal weggelaten leden: 2"
    )
    assert translated(said, "nl") == wanted


def test_what_comes_from_the_evidence_is_not_translated():
    assert translated("admins added nobody", "nl") == "admins voegde nobody toe"
    assert (
        translated("somebody (who is not stored) left", "nl")
        == "iemand (wie, is niet opgeslagen) is weggegaan"
    )
    assert (
        translated("Anna set disappearing messages to off", "nl")
        == "Anna stelde verdwijnende berichten in op uit"
    )
    assert translated("a sentence of nobody", "nl") == "a sentence of nobody"


def test_parts_of_a_notice_are_translated_too():
    text = (
        "table message: 2 rows that the database no longer shows (2 in unused space of a page):"
        " 2 became messages"
    )
    assert translated(text, "nl") == (
        "tabel message: 2 rijen die de database niet meer toont (2 in ongebruikte ruimte van een pagina):"
        " 2 werden berichten"
    )


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "this message was recovered: it was found in earlier versions of pages beside the"
            " write-ahead log and in freed space between the rows of a page",
            "dit bericht is teruggehaald: het is gevonden in eerdere versies van pagina's in het"
            " write-ahead log en in vrijgegeven ruimte tussen de rijen van een pagina",
        ),
        (
            "this message was recovered: it was found in the search index; in part only: what is lost"
            " is null; it is an older version of row 2 of message, which is live as m1, with another"
            " text",
            "dit bericht is teruggehaald: het is gevonden in de zoekindex; maar ten dele: wat verloren"
            " is, is leeg; het is een oudere versie van rij 2 van message, die er nog is als m1, met"
            " een andere tekst",
        ),
        (
            "a call was recovered from table call_log: it was found in the rollback journal; row 3 of"
            " that table is live as k1 and says something else",
            "een oproep is teruggehaald uit tabel call_log: zij is gevonden in het rollback journal;"
            " rij 3 van die tabel is er nog als k1 en zegt iets anders",
        ),
        (
            "table message: 3 rows that the database no longer shows (1 in freed space between the rows"
            " of a page, 1 in unused space of a page, 1 in the search index): 2 became messages, 1 are"
            " texts that only the search index still holds",
            "tabel message: 3 rijen die de database niet meer toont (1 in vrijgegeven ruimte tussen de"
            " rijen van een pagina, 1 in ongebruikte ruimte van een pagina, 1 in de zoekindex): 2"
            " werden berichten, 1 zijn teksten die alleen de zoekindex nog heeft",
        ),
        (
            "rows recovered of other tables, which are no messages of their own: 6 of a table that is"
            " not known, 3 wa_x; `sporen recover` gives them",
            "teruggevonden rijen van andere tabellen, die op zichzelf geen bericht zijn: 6 van een"
            " tabel die niet bekend is, 3 wa_x; `sporen recover` geeft ze",
        ),
        (
            "row 7 of message_media: the file a.jpg in the evidence is not the one that was sent: its"
            " SHA-256 is ab, the stored hash cd",
            "rij 7 van message_media: het bestand a.jpg in het bewijsmateriaal is niet het verzonden"
            " bestand: zijn SHA-256 is ab, de opgeslagen hash cd",
        ),
    ],
)
def test_notices_on_recovered_rows_are_dutch_to_their_end(said: str, wanted: str):
    assert translated(said, "nl") == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "via bot 7; album 8; forwarded from post 9, signed “Wim; missed”; 3 views",
            "via de bot 7; album 8; doorgestuurd van bericht 9, ondertekend “Wim; missed”; 3 weergaven",
        ),
        ("to be sent at noon; not sent yet", "te verzenden op noon; nog niet verzonden"),
        ("saved from Wim; x: y", "bewaard van Wim; x: y"),
    ],
)
def test_a_list_of_remarks_is_translated_one_by_one_and_what_is_quoted_stays(said: str, wanted: str):
    assert translated(said, "nl") == wanted


def test_in_english_a_sentence_stays_as_it_is():
    assert all(translated(english, "en") == english for english, _ in _rows())


def test_a_hostile_text_ends_and_stays_as_it_is():
    for text in (
        "row of : " * 200,
        "product , : , : " * 120,
        "order , : items, " * 110,
        "; " * 1000,
        "x" * 10_000_000,
        " changed the subject from  to " * 60,
    ):
        assert len(translated(text, "nl")) >= len(text) // 2


def test_all_notices_and_events_of_the_demonstration_phone_are_in_dutch(tmp_path: Path):
    maker = ROOT / "fixtures" / "demo" / "make_demo.py"
    subprocess.run(
        [sys.executable, "-B", str(maker), str(tmp_path / "phone")], check=True, capture_output=True
    )
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "phone")
    records = exported(case)
    told = {each["text"] for each in of(records, "notice")}
    told |= {e["system"]["detail"] for e in of(records, "message") if e["system"] and e["system"]["detail"]}
    assert told
    assert [text for text in sorted(told) if translated(text, "nl") == text] == []


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "x/DeliveredNotifications.plist: notifications in a folder with a random name that no list"
            " explains: they were not read",
            "x/DeliveredNotifications.plist: meldingen in een map met een willekeurige naam die geen lijst"
            " verklaart: ze zijn niet gelezen",
        ),
        (
            "notifications whose text could not be tied to one message: 3 rows",
            "meldingen waarvan de tekst niet bij één bericht hoort: 3 rijen",
        ),
        (
            "message with mentions of which is not known who stands where in its text: 1 row",
            "bericht met vermeldingen waarvan niet bekend is wie waar in de tekst staat: 1 rij",
        ),
    ],
)
def test_notices_on_notifications_and_mentions_are_in_dutch(said: str, wanted: str):
    assert translated(said, "nl") == wanted
    assert translated(NOT_PLACED.detail or "", "nl").startswith("wie van de vermelde personen")


@pytest.mark.parametrize("names", ["views", "views, forwards", "views, forwards, edit_date"])
def test_names_of_fields_in_a_notice_are_no_words_of_the_program(names: str):
    said = f"row 1 of messages_v7: 8 bytes expected for {names}, 3 are there at offset 64, in message 0x9"
    assert translated(said, "nl") == (
        f"rij 1 van messages_v7: 8 bytes verwacht voor {names}, er zijn er 3 op plaats 64, in message 0x9"
    )
