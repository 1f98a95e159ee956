"""The PDF form: report.pdf, and the printed conversations in volumes when they are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from forensics.times import parse_rfc3339
from reports.bubbles import Bubble
from reports.content import CaseReader, Content, Document
from reports.edition import Edition
from reports.excerpts import SMALL, Excerpt, Heading
from reports.setter import Setter
from reports.typesetting import FONTS, Press, compiled

PER_VOLUME = 5_000
# Rows of a table in the annex of flags.
MOST_ROWS = 2_000
_WORDS = ("page", "of", "not_recorded", "no_rows", "missing_title", "missing_none", "first_page")


class Pdf:
    """The PDF form of a report: PDF/A-2a and PDF/UA-1."""

    name = "pdf"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write report.pdf; flags.pdf when there are flags; messages-01.pdf and on for many messages."""
        timestamp = parse_rfc3339(content.background.info["changed_at"]) // 1000
        with Press(timestamp) as press:
            if content.background.flags:
                press.put(folder / "flags.pdf", _flags(content))
            edition, excerpts = self._volumes(content, folder, press)
        report = _report(content, edition, excerpts)
        (folder / "report.pdf").write_bytes(compiled(report, timestamp))

    def _volumes(self, content: Content, folder: Path, press: Press) -> tuple[Edition, list[Excerpt]]:
        """Write the volumes; gives what the report says of them, or the excerpts if they fit into it."""
        excerpts, chosen = content.selection.excerpts(), len(content.selection.chosen)
        head = _first(excerpts, SMALL)
        following = next(excerpts, None)
        if following is None:
            return Edition(form=self.name, messages=_messages(head), conversations=chosen), head
        volumes, messages = [], 0
        for number, volume in enumerate(_volumes(chain(head, (following,), excerpts)), 1):
            volumes.append(f"messages-{number:02}.pdf")
            messages += _messages(volume)
            press.put(folder / volumes[-1], _volume(content, number, volume))
        edition = Edition(form=self.name, volumes=tuple(volumes), messages=messages, conversations=chosen)
        return edition, []


class _Maker:
    """Makes the data of one PDF for a set of refused characters."""

    def __init__(self, content: Content, title: str, end: str, excerpts: list[Excerpt]) -> None:
        self._content, self._title, self._end, self._excerpts = content, title, end, excerpts
        self.rows: int | None = None
        self.document: Document | None = None

    def __call__(self, refused: frozenset[str]) -> dict[str, Any]:
        words = self._content.background.words
        setter = Setter(words, refused, self.rows)
        return {
            "language": words.language,
            "fonts": list(FONTS),
            "words": {name: words(name) for name in _WORDS},
            "title": setter.plain(self._title),
            "header": setter.plain(self._content.header),
            "end": self._end,
            "first": self._first(setter),
            "parts": self._parts(setter),
            "excerpts": [setter.excerpt(each) for each in self._excerpts],
        }

    def _first(self, setter: Setter) -> dict[str, Any] | None:
        document = self.document
        if document is None or not document.key_facts:
            return None
        missing: dict[str, list[str]] = {}
        for section, label in document.missing:
            missing.setdefault(section, []).append(label)
        return {
            "facts": setter.fields(document.key_facts),
            "statements": [setter.prose(each) for each in document.statements],
            "missing": [[section, ", ".join(labels)] for section, labels in missing.items()],
        }

    def _parts(self, setter: Setter) -> list[dict[str, Any]]:
        return [
            {
                "key": part.key,
                "title": part.title,
                "sections": [setter.section(each) for each in part.sections],
            }
            for part in (self.document.parts if self.document else ())
        ]


def _report(content: Content, edition: Edition, excerpts: list[Excerpt]) -> _Maker:
    words = content.background.words
    maker = _Maker(content, words("title"), words("end_of_report"), excerpts)
    maker.document = content.document(edition)
    return maker


def _flags(content: Content) -> _Maker:
    words = content.background.words
    maker = _Maker(content, words("flags_title"), words("end_of_flags"), [])
    maker.document, maker.rows = content.flags(), MOST_ROWS
    return maker


def _volume(content: Content, number: int, excerpts: list[Excerpt]) -> _Maker:
    words = content.background.words
    return _Maker(content, words("volume_title", number=number), words("end_of_volume"), excerpts)


def _first(excerpts: Iterator[Excerpt], most: int) -> list[Excerpt]:
    """The first excerpts, until one more message than ``most``."""
    found: list[Excerpt] = []
    messages = 0
    for each in excerpts:
        found.append(each)
        messages += isinstance(each, Bubble)
        if messages > most:
            break
    return found


def _messages(excerpts: Iterable[Excerpt]) -> int:
    return sum(isinstance(each, Bubble) for each in excerpts)


def _volumes(excerpts: Iterable[Excerpt]) -> Iterator[list[Excerpt]]:
    """Excerpts of at most PER_VOLUME messages; a conversation that goes on has its heading again."""
    volume: list[Excerpt] = []
    heading: Heading | None = None
    messages = 0
    for each in excerpts:
        if isinstance(each, Bubble) and messages == PER_VOLUME:
            yield volume
            volume, messages = [heading] if heading else [], 0
        heading = each if isinstance(each, Heading) else heading
        messages += isinstance(each, Bubble)
        volume.append(each)
    if volume:
        yield volume


FORM = Pdf()
