"""Parts F and G: room for a person's interpretation, the limits, the glossary, the annexes, the signature."""

from __future__ import annotations

from forensics.words import WORDS
from reports.background import Background, texts
from reports.blocks import Blanks, Block, Field, Fields, Part, Prose, Section, Table, fixed_table
from reports.glossary import GLOSSARY
from reports.glyphs import token_rows

# Reasons of skipped rows that mean: not to be read under the authority (contract, section 4).
_EXCLUDED = ("scope", "privilege")


def interpretation(background: Background) -> Part:
    """Part F of the checklist: empty, for a person to fill in."""
    words = background.words
    blanks = Blanks(
        key="F18.blanks", labels=tuple(words(f"F18.{name}") for name in ("author", "date", "text"))
    )
    blocks = (Prose(key="F18.template", text=words("F18.template")), blanks)
    return Part(
        key="F", title=words("part.F"), sections=(Section(key="F18", title=words("F18"), blocks=blocks),)
    )


def closing(background: Background, delivered: tuple[tuple[str, int, str], ...], tree: str = "") -> Part:
    """Part G of the checklist; ``delivered``: path, size and SHA-256 of the files written before; ``tree``:
    the root of the tree over the records."""
    words = background.words
    labels = ("name", "function", "place", "date", "signature", "report_hash")
    sections: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("G19", (_limits(background), _tokens(background), _excluded(background))),
        ("G20", (_glossary(background),)),
        ("G21", _annexes(background, delivered, tree)),
        ("G22", (Blanks(key="G22", labels=tuple(words(f"G22.{name}") for name in labels)),)),
    )
    return Part(
        key="G",
        title=words("part.G"),
        sections=tuple(Section(key=key, title=words(key), blocks=blocks) for key, blocks in sections),
    )


def _limits(background: Background) -> Table:
    words = background.words
    rows = [(words(key),) for key in WORDS if key.startswith("G19.limit.")]
    return fixed_table("G19.limits", "", (words("G19.fixed"),), rows, printed=50)


def excluded(background: Background) -> dict[str, int]:
    """How many rows were not included, by the reason why they may not be read."""
    counts = dict.fromkeys(_EXCLUDED, 0)
    for item in background.case.evidence():
        for file in item["files"]:
            for table in (file["tables"] or {}).values():
                for name in _EXCLUDED:
                    counts[name] += table["skipped"].get(name, 0)
    return counts


def not_sealed(background: Background) -> dict[str, int]:
    """How many files of sealed messages stayed in the evidence, by the reason: as the log has it of the last
    reading of each item in the case."""
    items = {item["sha256"] for item in background.case.evidence()}
    last: dict[str, dict[str, int]] = {}
    for entry in background.log:
        subject = entry.get("object")
        digest = subject.get("sha256") if isinstance(subject, dict) else None
        if entry.get("action") == "parse.start":
            last.pop(str(digest), None)
        if entry.get("action") == "privilege.exclude" and digest in items:
            last[str(digest)] = entry["detail"].get("files_not_sealed") or {}
    counts: dict[str, int] = {}
    for found in last.values():
        for reason, count in found.items():
            counts[reason] = counts.get(reason, 0) + count
    return dict(sorted(counts.items()))


def _tokens(background: Background) -> Table:
    """Which characters a page does not show as they are, and in how many texts."""
    words = background.words
    columns = (words("G19.character"), words("G19.character_name"), words("G19.texts"))
    return fixed_table("G19.tokens", words("G19.tokens"), columns, token_rows(background.tokens), printed=3)


def _excluded(background: Background) -> Table:
    words = background.words
    rows = [(words.code("excluded", name), str(count)) for name, count in excluded(background).items()]
    if sealed := background.case.sealed():
        rows.append((words("excluded.sealed"), str(sealed)))
        rows.append((words("excluded.sealed_files"), str(background.case.sealed_files())))
        rows += [
            (words("excluded.files_not_sealed", reason=words.code("not_sealed", reason)), str(count))
            for reason, count in not_sealed(background).items()
        ]
    columns = (words("G19.reason"), words("C10.count"))
    return fixed_table("G19.excluded", words("G19.excluded"), columns, rows)


def _glossary(background: Background) -> Table:
    words = background.words
    rows = [(term, meanings[words.language == "en"]) for term, meanings in GLOSSARY.items()]
    return fixed_table("G20.glossary", "", (words("G20.term"), words("G20.meaning")), rows, printed=50)


def _annexes(
    background: Background, delivered: tuple[tuple[str, int, str], ...], tree: str
) -> tuple[Block, ...]:
    words = background.words
    columns = (words("G21.file"), words("G21.size"), words("G21.sha256"))
    rows = [(path, str(size), digest) for path, size, digest in delivered]
    head = background.log[-1].get("hash") if background.log else None
    keys = tuple(f"{name}: {key}" for name, key in background.case.public_keys())
    fields = (
        Field(key="G21.log_head", label=words("G21.log_head"), values=texts(head), mandatory=True),
        Field(key="G21.log_entries", label=words("G21.log_entries"), values=(str(len(background.log)),)),
        Field(key="G21.public_keys", label=words("G21.public_keys"), values=keys, mandatory=True),
        Field(key="G21.record_tree", label=words("G21.record_tree"), values=texts(tree)),
        Field(
            key="G21.trusted_time", label=words("G21.trusted_time"), values=(words("G21.no_trusted_time"),)
        ),
    )
    return (
        Fields(key="G21", fields=fields),
        Prose(key="G21.rest", text=words("G21.rest")),
        fixed_table("G21.files", words("G21.files"), columns, rows),
    )
