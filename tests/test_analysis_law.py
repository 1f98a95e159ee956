"""The status in law on the day of a message (law model, table of changes)."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from forensics.analysis.findings import Classifier, Line
from forensics.analysis.law import status
from forensics.errors import WrongUse
from forensics.flag_work import built_in


@pytest.mark.parametrize(
    ("substance", "before", "old", "after", "new"),
    [
        ("ghb", "2012-05-08", "II", "2012-05-09", "I"),
        ("mephedrone", "2012-05-08", None, "2012-05-09", "I"),
        ("3-mmc", "2021-10-27", None, "2021-10-28", "II"),
        ("3-mmc", "2024-04-15", "II", "2024-04-16", "I"),
        ("nitrous-oxide", "2022-12-31", None, "2023-01-01", "II"),
        ("magic-mushrooms", "2008-11-30", None, "2008-12-01", "II"),
        ("khat", "2013-01-04", None, "2013-01-05", "II"),
        ("2-mmc", "2025-06-30", None, "2025-07-01", "IA"),
        ("3-cmc", "2023-09-11", None, "2023-09-12", "I"),
    ],
)
def test_a_listing_begins_on_its_day(
    substance: str, before: str, old: str | None, after: str, new: str | None
) -> None:
    assert status(substance, date.fromisoformat(before)).list == old
    assert status(substance, date.fromisoformat(after)).list == new


def test_a_verified_listing_needs_no_check_and_another_says_so() -> None:
    assert "to be checked" not in status("cocaine", date(2020, 1, 1)).note
    assert "to be checked" in status("3-mmc", date(2024, 4, 16)).note


def test_a_group_candidate_is_never_plainly_list_ia() -> None:
    before, after = status("2-cmc", date(2025, 6, 30)), status("2-cmc", date(2025, 7, 1))
    assert (before.list, after.list) == (None, None)
    assert "list IA" not in before.note
    assert "may fall under list IA" in after.note


@pytest.mark.parametrize("substance", ["3-mmc", "3-cmc", "mephedrone"])
def test_a_listing_of_its_own_goes_first_and_the_group_is_shown_beside_it(substance: str) -> None:
    before, after = status(substance, date(2025, 6, 30)), status(substance, date(2025, 7, 1))
    assert (before.list, after.list) == ("I", "I")
    assert "list IA" not in before.note
    also = "also named as an example of a group of list IA from 2025-07-01, to be checked"
    assert after.note == f"{before.note}; {also}"


def test_an_unnamed_drug_and_a_mixture_have_no_list() -> None:
    assert status("drug-unspecified", date(2020, 1, 1)).list is None
    assert status("pink-cocaine", date(2020, 1, 1)).list is None


def test_an_unlisted_day_after_the_last_text_read_is_unknown() -> None:
    assert status("4-aco-dmt", date(2020, 1, 1)).confidence == "unknown"


def test_the_day_is_that_of_dutch_civil_time() -> None:
    classifier = built_in()
    lists = []
    # 2022-12-31 22:59:59 and 23:00:00 UTC: one second before and at midnight in Amsterdam.
    for sent_at in (1672527599000, 1672527600000):
        verdict = classifier.conversation().read(
            Line(id="1", text="lachgas tank €45, 5 tanks €200", sent_at=sent_at)
        )
        lists.append([i.list for i in verdict.items])
    assert lists == [[None, None], ["II", "II"]]


def test_nitazenes_name_the_planned_day_and_that_no_decision_was_found() -> None:
    before, after = status("flunitazene", date(2026, 6, 30)), status("flunitazene", date(2026, 7, 1))
    assert "planned for list IA from 2026-07-01, before that day, to be checked" in before.note
    assert "whether it took effect was not found, to be checked" in after.note
    assert "IA" not in (before.list, after.list)
    assert "nitazenes" not in status("flunitazene", date(2025, 6, 30)).note


_HEAD = "substance_id,list,valid_from,valid_to,decision,confidence,note,jurisdiction\n"


def test_a_table_of_the_user_goes_before_the_built_in_one_and_another_country_beside(tmp_path: Path) -> None:
    law = tmp_path / "law.csv"
    law.write_text(
        _HEAD
        + "ketamine,II,2026-01-01,,Invented decision,verified,,NL\n"
        + "cocaine,IIb,2000-01-01,2019-12-31,Invented act,verified,,XX\n"
    )
    mine, plain = Classifier.load(law=law), built_in()
    assert mine.version != plain.version
    assert mine.laws.status("ketamine", date(2026, 1, 1)).list == "II"
    assert mine.laws.status("ketamine", date(2025, 12, 31)).list is None
    assert plain.laws.status("ketamine", date(2026, 1, 1)).list is None
    verdict = mine.conversation().read(Line(id="1", text="coke 1g 50, 2g 90", sent_at=1_500_000_000_000))
    law_of = verdict.items[0].law
    assert (law_of["list"], verdict.items[0].list) == ("I", "I")
    (beside,) = law_of["beside"]  # type: ignore[misc]  # law holds JSON values of any kind
    assert (beside["jurisdiction"], beside["list"]) == ("XX", "IIb")
    assert beside["table_sha256"] == sha256(law.read_bytes()).hexdigest()
    assert mine.laws.beside("cocaine", date(2020, 1, 1)) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("substance_id,list\ncocaine,I\n", "needs the columns"),
        (_HEAD + "no-such-thing,I,,,,,,\n", "line 2: no substance"),
        (_HEAD + "cocaine,I,soon,,,,,\n", "line 2"),
        (_HEAD + "cocaine,I\n", "line 2: not as many columns"),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_table_that_is_none_is_refused_and_named(tmp_path: Path, text: str, told: str) -> None:
    law = tmp_path / "law.csv"
    law.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(WrongUse, match=told):
        Classifier.load(law=law)


@pytest.mark.parametrize(
    ("substance", "group"),
    [
        ("cathinone-unspecified", "may fall under list IA (group phenethylamine)"),
        ("stimulant-unspecified", "may fall under list IA (group phenethylamine)"),
        ("fentanyl-unspecified", "may fall under list IA (group 4-aminopiperidine)"),
        ("spice-unspecified", "may fall under list IA (group cannabimimetic)"),
        ("nitazene-unspecified", "planned for list IA from 2026-07-01"),
    ],
)
def test_a_class_names_the_group_that_its_members_may_fall_under(substance: str, group: str) -> None:
    before, after = status(substance, date(2025, 6, 30)), status(substance, date(2025, 7, 1))
    assert (before.list, after.list) == (None, None)
    assert before.note == "no substance is named"
    assert group in after.note


@pytest.mark.parametrize(
    ("substance", "law"),
    [
        ("tramadol", "prescription-only medicine"),
        ("ketamine", "prescription-only medicine"),
        ("diazepam", "where it is a medicine"),
        ("tapentadol", "where it is a medicine"),
        ("pmk", "precursors"),
        ("gbl", "art. 10a"),
    ],
)
def test_what_other_laws_may_apply_is_said_beside_the_list(substance: str, law: str) -> None:
    note = status(substance, date(2026, 1, 1)).note
    assert law in note and note.endswith("to be checked") and note.count("to be checked") == 1
    assert ("content unknown" in note) == ("Geneesmiddelenwet" in note)


def test_a_drug_that_no_pharmacy_sells_is_no_medicine() -> None:
    assert all("Geneesmiddelenwet" not in status(each, date(2026, 1, 1)).note for each in ("cocaine", "lsd"))
