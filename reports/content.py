"""What is said, in which order, in which words: the one source of every form of report."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reports.background import Background
from reports.blocks import Field, Fields, Part, Prose, Table
from reports.closing import closing, interpretation
from reports.excerpts import Selection
from reports.facts import Edition, facts
from reports.identification import acquisition, has_authority, identification
from reports.indications import decision_counts, indications
from reports.method import method
from reports.reader import CaseReader, Record
from reports.textual import joined

__all__ = ["CaseReader", "Content", "Delivered", "Document", "Edition", "Record", "compose"]


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

    @property
    def header(self) -> str:
        """What stands at the top of every page."""
        return header(self.background)

    def document(self, edition: Edition) -> Document:
        """The report as one form shows it."""
        background = self.background
        parts = (
            identification(background),
            acquisition(background),
            method(background),
            facts(background, self.selection, edition),
            indications(background),
            interpretation(background),
            closing(background, self.delivered),
        )
        return Document(
            title=background.words("title"),
            header=header(background),
            key_facts=tuple(_key_facts(background)),
            statements=tuple(_statements(background)),
            missing=tuple(_missing(parts)),
            parts=parts,
        )


def compose(case: CaseReader, language: str, version: str, printed: Collection[str] | None = None) -> Content:
    """The content of a case; ``printed``: ids of conversations to print whole, else those with a flag."""
    background = Background(case, language, version)
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


def _key_facts(background: Background) -> Iterable[Field]:
    words, info = background.words, background.info
    total = sum(each["messages"] for each in background.conversations)
    flagged = sum(decision_counts(background).values())
    open_flags = decision_counts(background)["unreviewed"]
    for key, value in (
        ("A2.case_number", info["number"]),
        ("A3.exhibit", ", ".join(background.exhibits)),
        ("A4.examiner", info["examiner"]),
        ("A1.report_id", background.report_id),
        ("A1.date", background.time(info["changed_at"])),
        ("D14.messages", f"{total} ({len(background.conversations)} {words('total.conversations')})"),
        ("part.E", f"{flagged} ({open_flags} {words('decision.unreviewed')})"),
    ):
        yield Field(key=key, label=words(key), values=(str(value),) if value else (), mandatory=True)


def _statements(background: Background) -> Iterable[Prose]:
    words = background.words
    if not has_authority(background):
        yield Prose(key="first.no_authority", text=words("no_authority"), tone="warning")
    yield Prose(key="first.account", text=words("account_is_not_a_person"), tone="strong")
    yield Prose(key="first.relates_only", text=words("relates_only"))


def _missing(parts: Iterable[Part]) -> Iterable[tuple[str, str]]:
    """The mandatory items without a value: section and label, each once, in order."""
    found: dict[tuple[str, str], None] = {}
    for part in parts:
        for section in part.sections:
            for block in section.blocks:
                if isinstance(block, Fields):
                    found.update(
                        {(section.key, each.label): None for each in block.fields if each.is_missing}
                    )
                elif isinstance(block, Table) and block.is_mandatory and not block.count:
                    found[section.key, block.title] = None
    return found
