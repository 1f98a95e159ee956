"""Where the pages of the PDF end, and what lines its messages take."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from test_reports_cases import FakeCase, conversation, message
from test_reports_pdf import page_text, written


def pages_of(case: FakeCase, folder: Path) -> list[str]:
    """The texts of the pages with every conversation printed."""
    folder.mkdir()
    with pikepdf.open(written(case, folder, printed=[talk["id"] for talk, _ in case.talks])) as document:
        return [page_text(page) for page in document.pages]


def test_a_conversation_begins_on_the_page_of_its_first_message(tmp_path: Path):
    """Many conversations of several lengths, so that some would begin at the foot of a page."""
    talks = []
    for number in range(1, 61):
        count = 1 + number % 4
        talk = conversation(number, count, title=f"Gesprek-nummer-{number}-hier")
        texts = (f"Tekst-{number}-{place}-eind" for place in range(count))
        talks.append(
            (talk, [message(100 * number + place, talk["id"], text) for place, text in enumerate(texts)])
        )
    pages = pages_of(FakeCase(talks), tmp_path / "out")
    begins = {}
    for number in range(1, 61):
        (begins[number],) = (place for place, page in enumerate(pages) if f"Tekst-{number}-0-eind" in page)
        assert f"Gesprek-nummer-{number}-hier" in pages[begins[number]]
    assert len(set(begins.values())) > 10


def test_a_text_from_right_to_left_takes_no_line_more_than_another(tmp_path: Path):
    counts = []
    for name, text in (("one", "مرحبا"), ("two", "hallo مرحبا")):
        talk = conversation(1, 200)
        case = FakeCase([(talk, [message(each, talk["id"], text) for each in range(1, 201)])])
        counts.append(len(pages_of(case, tmp_path / name)))
    assert counts[0] == counts[1]
