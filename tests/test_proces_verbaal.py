"""The draft of the proces-verbaal: filled with what the case knows, blanks where it knows nothing."""

from __future__ import annotations

from test_reports_cases import small_case

from reports.content import compose
from reports.proces_verbaal import BLANK, proces_verbaal

FILES = (("report.pdf", 1234, "ab" * 32), ("messages.jsonl", 5, "cd" * 32))


def text_of(case, language="nl", tree="ef" * 32, files=FILES):
    content = compose(case, language, "0.1")
    return proces_verbaal(
        content.__class__(background=content.background, selection=content.selection, tree=tree), files
    )


def test_it_says_what_the_case_knows():
    text = text_of(small_case())
    for line in (
        "CONCEPT - TEKSTBLOK VOOR EEN PROCES-VERBAAL VAN BEVINDINGEN",
        "Dienst                : Eenheid Test",
        "Verbalisant(en)       : V. Oorbeeld",
        "Functie               : rechercheur",
        "Zaaknummer            : 2026-0001",
        "Naam van het onderzoek: Voorbeeld",
        "verzocht OvJ mij onderzoek",
        "Soort: machtiging rechter-commissaris",
        "   Kenmerk: RC-1",
        "   Afgegeven door: RC Teststad",
        "   Vervalt: 2027-01-01",
        "Goednummer            : EX001",
        "Merk en model         : test make, test model",
        "IMEI                  : test imei",
        "met test tool, versie test version; soort: test type.",
        "7.1  Aangetroffen account: whatsapp (android), +31600000000",
        "1 aanbiedingen (1 verschillende teksten)",
        "nog niet beoordeeld: 1.",
        "   report.pdf (1234 bytes)",
        "      SHA-256 " + "ab" * 32,
        "(G21): " + "ef" * 32,
    ):
        assert line in text, line
    assert "$" not in text


def test_what_nobody_recorded_is_a_line_to_fill_in():
    case = small_case()
    case.info = {
        **case.info,
        "config": {},
        "organisation": "",
        "authorities": [{"kind": "none", "reference": "", "date": ""}],
    }
    text = text_of(case)
    for line in (
        f"Dienst                : {BLANK}",
        f"IMEI                  : {BLANK}",
        f"Proces-verbaalnummer  : {BLANK}",
        f"Er is geen grondslag vastgelegd. Grondslag, kenmerk en datum: {BLANK}",
        f"met {BLANK}, versie {BLANK}; soort: {BLANK}.",
        f"Eigen bevindingen: {BLANK}",
    ):
        assert line in text, line
    assert "None" not in text and "$" not in text


def test_it_is_dutch_whatever_the_language_of_the_report_and_the_same_every_time():
    assert text_of(small_case(), "en") == text_of(small_case(), "nl") == text_of(small_case(), "nl")


def test_a_confirmed_flag_is_a_finding_with_a_description_to_write_and_another_is_not():
    case = small_case()
    made = {
        "decision": "confirmed",
        "reason": "zelf gelezen",
        "by": "V. Oorbeeld",
        "at": "2026-03-01T10:00:00.000Z",
    }
    case.flag_list[0]["decision"] = made
    assert f"Aanwijzing V1, bevestigd door V. Oorbeeld: berichten 1-30. Omschrijving: {BLANK}" in text_of(
        case
    )
    case.flag_list[0]["decision"] = made | {"decision": "rejected"}
    text = text_of(case)
    assert "Aanwijzing V1" not in text and "1 verworpen" in text


def test_values_cannot_pass_for_the_text_or_be_read_as_names_in_it():
    case = small_case()
    case.info["config"]["examiner"]["role"] = "x\n\n10. SLUITING\u202e ${A2.case_number} $blank {0}"
    text = text_of(case)
    assert "Functie               : x 10. SLUITING⟨U+202E⟩ ${A2.case_number} $blank {0}\n" in text
    assert text.count("\n10. SLUITING") == 1


def test_what_was_not_looked_for_is_not_said_to_have_been():
    case = small_case()
    assert "zijn gezocht" in text_of(case)
    case.info["unrecovered"] = ["e1" * 32]
    assert "is niet in alle stukken gezocht" in text_of(case)


def test_many_files_are_counted_after_the_first():
    text = text_of(small_case(), files=[(f"messages-{each:02}.pdf", 1, "00" * 32) for each in range(60)])
    assert "messages-39.pdf" in text and "messages-40.pdf" not in text
    assert "en 20 verdere bestanden, in manifest-sha256.txt" in text
