"""What a report says, whatever its form."""

# ruff: noqa: E501, SIM905  # lists of names as text: easier to compare with the checklist

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reports_cases import ARABIC, FakeCase, conversation, flag, full_info, message, small_case

from forensics.words import WORDS, Words
from reports.blocks import Excerpts, Fields, Prose, Quotation, Table, every_block
from reports.bubbles import Bubble, Presenter
from reports.content import Edition, compose
from reports.excerpts import Gap, Heading, with_context
from reports.glossary import GLOSSARY

SECTIONS = (
    "A1 A2 A3 A4 A5 B6 B7 B8 C9 C10 C11 C12 D13 D14 D15 D16 E17 E17.1 E17.2 E17.3 E17.4 F18 G19 G20 G21 G22"
).split()  # fmt: skip
# The stable names of the checklist's items: parts A to C field by field, then the tables and texts.
ITEMS = """
A1.report_id A1.report_version A1.status A1.replaces A2.case_number A2.investigation A2.requesting_authority
A2.offence_category A3.exhibit A3.parent_exhibit A3.seals A3.make A3.model A3.serial A3.imei A3.iccid A3.os_version
A3.owner_stated A3.owner_stated_by A4.examiner A4.role A4.unit A4.qualification A4.reviewer A4.language A5.kind
A5.reference A5.issuer A5.date A5.scope A5.expires A5.limits A5.applied_apps A5.applied_period B6.tool B6.version
B6.type B6.operator B6.place B6.start B6.end B6.containers B7.locked B7.airplane_mode B7.clock_offset_seconds
B7.clock_compared_at B7.time_zone B8.files B8.problems C9.tool C9.version C9.commit C9.build_sha256 C9.python C9.sqlite
C9.os C9.locale C9.tzdata C9.command C9.settings C9.rules_version C9.rules_sha256 C9.rules C10.steps C10.rows
C10.notice_counts C10.notices C11.zone C11.rule C11.units C12.test_set C12.last_run C12.error_rates C12.schemas
D13.accounts D13.participants D14.totals D14.timeline D14.pairs D14.gaps D15.list D15.printed D15.calls D16.rule
E17.sentence E17.how E17.kinds E17.counts E17.counter E17.sellers E17.shares E17.flags F18.template F18.blanks G19.limits G19.tokens G19.excluded
G20.glossary G21.log_head G21.public_keys G21.rest G21.files G22
""".split()
HTML = Edition(form="html")
PRINTED = Edition(form="pdf", messages=1, conversations=1)


def report(case, language="nl", edition=PRINTED):
    return compose(case, language, "0.1").document(edition)


def keys(document):
    found = []
    for part in document.parts:
        for section in part.sections:
            for block in every_block(section.blocks):
                found.append(block.key)
                if isinstance(block, Fields):
                    found += [each.key for each in block.fields]
    return found


def tables_of(document):
    return {
        block.key: block
        for part in document.parts
        for section in part.sections
        for block in every_block(section.blocks)
        if isinstance(block, Table)
    }


def every_text(document):
    for part in document.parts:
        yield part.title
        for section in part.sections:
            yield section.title
            for block in every_block(section.blocks):
                yield str(getattr(block, "title", ""))
                if isinstance(block, (Prose, Quotation)):
                    yield block.text
                elif isinstance(block, Table):
                    yield from (block.title, *block.columns)
                    yield from (cell for row in block.rows() for cell in row)
                elif isinstance(block, Fields):
                    yield from (text for each in block.fields for text in (each.label, *each.values))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_item_of_the_checklist_is_there_in_order(language):
    document = report(small_case(), language)
    assert [part.key for part in document.parts] == list("ABCDEFG")
    assert [section.key for part in document.parts for section in part.sections] == SECTIONS
    found = keys(document)
    assert [item for item in ITEMS if item not in found] == []


def test_a_complete_case_misses_nothing():
    assert report(small_case()).missing == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("config", "device", "imei"), ("A3", "IMEI")),
        (("config", "acquisition", "tool"), ("B6", "Programma voor het veiligstellen")),
        (("config", "reviewer"), ("A4", "Tweede lezer")),
        (("environment", "commit"), ("C9", "Commit")),
        (("exhibit",), None),
    ],
)
def test_a_missing_mandatory_item_is_listed(path, expected):
    case = small_case()
    found = case.info
    for step in path[:-1]:
        found = found[step]
    found[path[-1]] = None
    missing = report(case).missing
    assert missing == (() if expected is None else (expected,))


def test_every_gap_and_nothing_else_is_listed_as_one():
    """One id alone too, and no notice that only has the letters of the word."""
    case = small_case()
    said = ("gap", "1 id missing from table message: 1931"), ("gap", "2 ids missing from table message: 5-6")
    said = (*said, ("doubt", "the file Media/Singapore.jpg is not the one that was sent"))
    case.notice_list = [
        {"record": "notice", "severity": severity, "text": text, "source": None, "raw": None}
        for severity, text in said
    ]
    told = [row[1] for row in tables_of(report(case, "en"))["D14.gaps"].rows()]
    assert told == ["1 id missing from table message: 1931", "2 ids missing from table message: 5-6"]


def test_evidence_without_a_hash_of_its_acquisition_is_listed_as_missing():
    case = small_case()
    items = [each | {"expected": None} for each in case.evidence()]
    case.evidence = lambda: items
    assert report(case, "en").missing == (("B6", "Hash as supplied"),)


def test_an_optional_item_is_not_listed():
    case = small_case()
    assert "qualification" not in case.info["config"]["examiner"]
    assert report(case).missing == ()


@pytest.mark.parametrize("authorities", [[], [{"kind": "none", "reference": "", "date": None}]])
def test_without_a_legal_basis_the_first_page_says_so(authorities):
    case = small_case()
    case.info["authorities"] = authorities
    document = report(case)
    assert document.statements[0].tone == "warning"
    assert document.statements[0].text == "Er is GEEN wettelijke grondslag voor dit onderzoek vastgelegd."
    assert [label for key, label in document.missing if key == "A5"][:2] == ["Soort", "Kenmerk"]


def test_an_urgent_ground_is_a_legal_basis():
    case = small_case()
    case.info["authorities"][0]["kind"] = "urgent"
    assert all(each.tone != "warning" for each in report(case).statements)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "nl",
            "Een account is geen persoon. Wie de telefoon of het account gebruikte, is hier niet vastgesteld.",
        ),
        ("en", "An account is not a person. Who held the phone or used the account is not established here."),
    ],
)
def test_an_account_is_not_a_person(language, sentence):
    assert sentence in [each.text for each in report(small_case(), language).statements]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_speaks_of_a_probability_or_a_score(language):
    texts = [*every_text(report(small_case(), language))]
    texts += [pair[language == "en"] for pair in (*WORDS.values(), *GLOSSARY.values())]
    for word in ("waarschijnlijk", "probab", "likelihood", "kans", "score", "%"):
        assert [text for text in texts if word in text.lower()] == []


def test_flags_appear_only_in_their_chapter_and_change_no_finding():
    with_flag, without = small_case(), small_case()
    without.flag_list = []
    for case in (with_flag, without):
        case.info["config"]["report"] = {"status": "final"}
    edition = Edition(form="html")
    parts = {part.key: part for part in report(with_flag, edition=edition).parts}
    others = {part.key: part for part in report(without, edition=edition).parts}
    for key in "ABCDFG":
        assert keys_and_texts(parts[key]) == keys_and_texts(others[key]), key
    assert keys_and_texts(parts["E"]) != keys_and_texts(others["E"])
    assert any("menu.line v3" in text for text in keys_and_texts(parts["E"]))


def keys_and_texts(part):
    class One:
        parts = (part,)

    return [*keys(One), *every_text(One)]


def test_every_flag_has_its_rule_its_reason_and_its_decision():
    case = small_case()
    made = {
        "decision": "rejected",
        "by": "T. Weede",
        "at": "2026-03-02T10:00:00.000Z",
        "reason": "echt snoep",
    }
    case.flag_list.append(flag(case.talks[0][0]["id"], [case.talks[0][1][2]["id"]], decision=made))
    tables = tables_of(report(case, edition=HTML))
    assert [row[0] for row in tables["E17.flags"].rows()] == ["V1", "V2"]
    flags = list(tables["E17.flags"].rows())
    assert flags[0][2:4] == ("1-30", "F1 message rij 30") and flags[0][-1] == "nog niet beoordeeld"
    assert flags[1][-1] == "verworpen\nT. Weede\n2026-03-02 11:00:00 +01:00\necht snoep"
    assert next(iter(tables["E17.explained"].rows())) == (
        "V1", "1-30 [0-9]", "menu.line v3", "🍬 3 voor 20", "U+1F36C CANDY", "price beside an amount",
    )  # fmt: skip
    assert next(iter(tables["E17.items"].rows())) == (
        "V1",
        "🍬 3 voor 20",
        "MDMA (xtc)",
        "3 stuks",
        "20 EUR",
        "I",
    )
    counts = tables["E17.counts"]
    assert counts.columns == ("nog niet beoordeeld", "bevestigd", "verworpen", "onzeker")
    assert [*counts.rows()] == [("1", "0", "1", "0")]


def test_what_speaks_against_a_flag_is_said():
    case = small_case()
    against = case.flag_list[0]["rules"][0] | {
        "id": "context.sweets",
        "weight": -2,
        "reason": "snoepwinkel genoemd",
    }
    case.flag_list[0]["rules"].append(against)
    assert "V1 · context.sweets · snoepwinkel genoemd · “🍬 3 voor 20”" in every_text(report(case))
    assert "geen gevonden door de regels" in every_text(report(small_case()))


def test_the_window_around_a_flag_says_how_many_messages_are_not_shown():
    excerpts = list(compose(small_case(), "nl", "0.1").selection.excerpts())
    assert isinstance(excerpts[0], Heading)
    assert excerpts[1] == Gap(count=19)
    assert excerpts[-1] == Gap(count=20)
    shown = [each for each in excerpts if isinstance(each, Bubble)]
    assert [shown[0].number, shown[10].number, shown[-1].number] == ["1-20", "1-30", "1-40"]
    assert len(shown) == 21


@given(st.integers(0, 40), st.sets(st.integers(0, 40)), st.integers(0, 6))
def test_a_context_window_counts_every_message_once(length, selected, context):
    shown = list(with_context(range(length), lambda item: item in selected, context))
    near = {each for item in selected if item < length for each in range(item - context, item + context + 1)}
    assert [each for each in shown if not isinstance(each, Gap)] == sorted(near & set(range(length)))
    assert sum(each.count if isinstance(each, Gap) else 1 for each in shown) == length
    place = 0
    for each in shown:
        assert isinstance(each, Gap) or each == place
        place += each.count if isinstance(each, Gap) else 1


def test_a_small_case_without_flags_is_printed_whole_and_a_large_one_not_at_all():
    small = small_case()
    small.flag_list = []
    assert not any(isinstance(each, Gap) for each in compose(small, "nl", "0").selection.excerpts())
    large = FakeCase([(conversation(1, 301), [])])
    assert list(compose(large, "nl", "0").selection.excerpts()) == []
    assert "D15.none_printed" in keys(report(large, edition=Edition(form="pdf")))


def test_the_report_id_follows_the_log_and_not_the_clock():
    case = small_case()
    first = compose(case, "nl", "0").background.report_id
    assert compose(small_case(), "en", "9").background.report_id == first
    case.log = case.log[:-1]
    assert compose(case, "nl", "0").background.report_id != first
    assert first.startswith("2026-0001-")


def test_every_time_has_its_offset():
    background = compose(small_case(), "nl", "0").background
    assert background.time("2026-02-01T20:15:03.250Z") == "2026-02-01 21:15:03 +01:00"
    assert background.time("2026-07-01T22:30:59.999Z") == "2026-07-02 00:30:59 +02:00"
    assert background.time("1930-01-01T00:00:00.000Z") == "1930-01-01 00:19:32 +00:19"
    assert background.time("2026-03-29T00:59:59.000Z") == "2026-03-29 01:59:59 +01:00"
    assert background.time("2026-03-29T01:00:00.000Z") == "2026-03-29 03:00:00 +02:00"
    assert background.time(None) == ""


def bubbles():
    background = compose(small_case(), "en", "0").background
    talk = background.conversations[2]
    presenter = Presenter(background)
    return [
        presenter.bubble(str(place), each)
        for place, each in enumerate(background.case.messages(talk["id"]), 1)
    ]


def test_a_bubble_tells_what_became_of_a_message_in_words():
    found = bubbles()
    assert [each.labels for each in found] == [
        ("image",), ("image",), ("FORWARDED",), ("EDITED", "STARRED"), ("DELETED FOR EVERYONE",), ("RECOVERED",),
        ("poll", "VIEW ONCE"), ("event", "DRAFT, NOT SENT"),
    ]  # fmt: skip
    assert [each.side for each in found] == [
        "other", "owner", "other", "owner", "other", "owner", "other", "system",
    ]  # fmt: skip


def test_a_bubble_names_media_that_are_there_and_media_that_are_not():
    present, absent = (dict(each.details)["attachment"] for each in bubbles()[:2])
    assert present == f"image · IMG-1.jpg · image/jpeg · 5 bytes · present, SHA-256 {'aa' * 32}"
    assert absent == "image · IMG-1.jpg · image/jpeg · 5 bytes · referenced, not present in the extraction"


def test_a_bubble_has_the_source_of_its_message_and_of_its_copies():
    recovered = bubbles()[5]
    assert recovered.source == "F1 message row 206 page 7 byte 99"
    assert dict(recovered.details)["also found in"] == "F1 message row 3"


def test_a_bubble_shows_quotes_edits_reactions_polls_and_events():
    found = bubbles()
    assert dict(found[2].details)["in reply to"] == f"2026-02-01 21:15:03 +01:00 · ياسمين 🌸 · {ARABIC}"
    assert dict(found[3].details)["earlier text"] == "2026-02-01 21:15:03 +01:00 · oud"
    details = found[6].details
    assert ("poll", "Hier · (2) · ياسمين 🌸 · Bram <i>de</i> =Wit") in details
    assert ("reaction", "👍🏽 · Bram <i>de</i> =Wit · 2026-02-01 21:15:03 +01:00") in details
    assert ("location", "52.1, 4.9 · Plein") in details
    assert ("contact card", "Zus · +31600000009") in details
    assert found[7].text == "onbekend (99)" and found[7].time == "no time stored"
    assert dict(found[7].details)["event"] == "unknown · 99"


def test_an_unknown_code_is_shown_as_it_is():
    background = compose(FakeCase([]), "nl", "0").background
    odd = message(1, "c" + "0" * 24, "x", kind="hologram", state="frozen", sender="p-gone")
    shown = Presenter(background).bubble("1-1", odd)
    assert shown.labels == ("hologram", "frozen")
    assert shown.sender == "p-gone"


def test_a_name_of_an_account_is_not_said_to_have_a_source_that_is_not_there():
    tables = tables_of(report(small_case(), "en"))
    assert "Name as stored" in tables["D13.accounts"].columns
    assert "Name (source)" in tables["D13.participants"].columns


def test_the_code_for_often_forwarded_is_no_count():
    background = compose(FakeCase([]), "en", "0").background
    details = [
        dict(
            Presenter(background)
            .bubble("1-1", message(1, "c" + "0" * 24, "x", app=app, forwarded=often))
            .details
        )
        for app in ("whatsapp", "signal")
        for often in ({"times": 127, "from": None, "at": None},)
    ]
    assert [each["forwarded"] for each in details] == ["many (127, the app's code for that)", "127 x"]


def test_a_link_preview_shows_where_it_leads_and_is_no_missing_file():
    background = compose(FakeCase([]), "en", "0").background
    link = dict.fromkeys(("mime", "size", "sha256")) | {"kind": "link", "present": False, "caption": None}
    links = [link | {"filename": name, "path": "https://a.example"} for name in ("Title", None)]
    shown = Presenter(background).bubble("1-1", message(1, "c" + "0" * 24, "x", attachments=links))
    said = [value for name, value in shown.details if name == "attachment"]
    assert said == ["link · Title · https://a.example", "link · https://a.example"]


def test_an_empty_case_has_a_report_too():
    case = FakeCase([])
    case.info = full_info() | {"authorities": [], "config": {}, "environment": {}, "exhibit": None}
    document = report(case)
    assert len(document.missing) > 30
    assert ("A3", "IMEI") in document.missing and ("D15", "Alle gesprekken") in document.missing


def test_html_has_no_excerpts_and_a_pdf_has():
    def excerpts(edition):
        document = report(small_case(), edition=edition)
        blocks = (b for part in document.parts for section in part.sections for b in section.blocks)
        return [block for block in blocks if isinstance(block, Excerpts)]

    assert excerpts(Edition(form="html")) == []
    assert len(excerpts(PRINTED)) == 1


_COUNTED = sorted(key for key, (text, _) in WORDS.items() if "{count}" in text and f"{key}.1" in WORDS)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", _COUNTED)
def test_one_of_a_thing_is_said_in_the_singular(key: str, language: str):
    one, two = (Words(language)(key, count=count, names="x", place="y") for count in (1, 2))
    assert "2 " in two and one != two.replace("2 ", "1 ")
