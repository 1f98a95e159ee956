"""The PDF form: report.pdf, and the printed conversations in volumes when they are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
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
        """Write report.pdf and what goes with it."""
        with Printing(folder, content) as printing:
            printing.finish()
            printing.report(content)


class Printing:
    """The PDFs of a delivery in the making: flags.pdf when there are flags, volumes when messages are many.

    Use as a context: typesetting begins with it and goes on beside whatever else is done; ``finish`` waits
    for it, and ``report`` comes last, because it lists the files written before it.
    """

    def __init__(self, folder: Path, content: Content) -> None:
        self._folder, self._content = folder, content
        self._timestamp = parse_rfc3339(content.background.info["changed_at"]) // 1000
        self._press = Press(self._timestamp)
        self._edition = Edition(form=Pdf.name)
        self._excerpts: list[Excerpt] = []

    def __enter__(self) -> Printing:
        try:
            if self._content.background.flags:
                self._press.put(self._folder / "flags.pdf", _flags(self._content))
            self._print_volumes()
        except BaseException:
            self._press.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._press.close()

    def finish(self) -> None:
        """Wait until everything but the report is written."""
        self._press.finish()

    def report(self, content: Content) -> None:
        """Write report.pdf; ``content`` names the files written before."""
        report = _report(content, self._edition, self._excerpts)
        (self._folder / "report.pdf").write_bytes(compiled(report, self._timestamp))

    def _print_volumes(self) -> None:
        """Put the volumes to press, or keep the excerpts if they fit into the report."""
        selection = self._content.selection
        excerpts, chosen = selection.excerpts(), len(selection.chosen)
        head = _first(excerpts, SMALL)
        following = next(excerpts, None)
        if following is None:
            self._excerpts = head
            self._edition = Edition(form=Pdf.name, messages=_messages(head), conversations=chosen)
            return
        volumes, messages = [], 0
        for number, volume in enumerate(_volumes(chain(head, (following,), excerpts)), 1):
            volumes.append(f"messages-{number:02}.pdf")
            messages += _messages(volume)
            self._press.put(self._folder / volumes[-1], _volume(self._content, number, volume))
        self._edition = Edition(
            form=Pdf.name, volumes=tuple(volumes), messages=messages, conversations=chosen
        )


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
            "pictures": setter.pictures,  # of the excerpts, which stand before it
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
