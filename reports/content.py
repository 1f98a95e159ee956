"""What is said, in which order, in which words: the one source of every form of report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from forensics.pictures import NO_PICTURES, Pictures
from forensics.textual import joined
from reports.background import Background
from reports.blocks import Field, Part, Prose
from reports.closing import closing, interpretation
from reports.edition import Edition
from reports.excerpts import Selection
from reports.facts import facts
from reports.first_page import key_facts, missing, statements
from reports.identification import acquisition, identification
from reports.indications import indications
from reports.method import method
from reports.reader import CaseReader, Record

__all__ = ["CaseReader", "Content", "Delivered", "Document", "Edition", "Record", "compose"]


# Messages; with fewer a second process costs more than it saves.
WORTH_A_POOL = 20_000
# Path, size in bytes and SHA-256 of a file of the delivery that is already written.
Delivered = tuple[str, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in the order of the checklist, with its first page."""

    title: str
    header: str
    key_facts: tuple[Field, ...]
    statements: tuple[Prose, ...]
    missing: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One case in one language: what every form draws on."""

    background: Background
    selection: Selection
    delivered: tuple[Delivered, ...] = ()
    # root of the tree over the records, with their number
    tree: str = ""
    # whether the pages of the HTML were written as that tree grew
    has_pages: bool = False
    # processes for a large case
    workers: int = 1

    @property
    def messages(self) -> int:
        """How many messages the case has."""
        return sum(int(each["messages"]) for each in self.background.conversations)

    @property
    def is_large(self) -> bool:
        """Whether further processes save more than they cost."""
        return self.messages >= WORTH_A_POOL

    @property
    def header(self) -> str:
        """What stands at the top of every page."""
        return header(self.background)

    def flags(self) -> Document:
        """The annex with all machine flags, and nothing else."""
        part = indications(self.background, Edition(form="flags"))
        title = self.background.words("flags_title")
        return Document(
            title=title, header=self.header, key_facts=(), statements=(), missing=(), parts=(part,)
        )

    def document(self, edition: Edition) -> Document:
        """The report as one form shows it."""
        background = self.background
        parts = (
            identification(background),
            acquisition(background),
            method(background),
            facts(background, self.selection, edition),
            indications(background, edition),
            interpretation(background),
            closing(background, self.delivered, self.tree),
        )
        return Document(
            title=background.words("title"),
            header=header(background),
            key_facts=tuple(key_facts(background)),
            statements=tuple(statements(background)),
            missing=tuple(missing(parts)),
            parts=parts,
        )


def compose(
    case: CaseReader,
    language: str,
    version: str,
    printed: Collection[str] | None = None,
    pictures: Pictures = NO_PICTURES,
) -> Content:
    """The content of a case; ``printed``: ids of conversations to print whole, else those with a flag."""
    background = Background(case, language, version, pictures)
    return Content(background=background, selection=Selection(background, printed))


def header(background: Background) -> str:
    """What stands at the top of every page: case, exhibit, report, classification."""
    words, info = background.words, background.info
    classification = (*background.configured("report.classification"), words("classification"))[0]
    exhibit = ", ".join(background.exhibits) or words("not_recorded")
    return joined(
        *(
            f"{words('case')} {info['number']}",
            f"{words('exhibit')} {exhibit}",
            f"{words('report')} {background.report_id}",
            classification,
        )
    )
