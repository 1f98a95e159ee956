"""Messages with texts too long for the analysis to read them whole: each has a notice that says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from forensics.analysis.stretches import LONGEST_READ
from forensics.events import Event
from forensics.extract import Batch
from forensics.message_row import EDITS, Packed, PackedRow, edited_texts
from forensics.model import Notice, Source

_TEXT, _RARE = (Packed._fields.index(name) for name in ("text", "rare"))


def told(events: Iterable[Event]) -> Iterator[Event]:
    """The events; batches with a notice for each message of which the analysis reads a part only."""
    for event in events:
        if isinstance(event, Batch):
            event.notices += [_notice(Packed._make(row)) for row in event.messages if _longest(row)]
        yield event


def _longest(row: PackedRow) -> int:
    """The characters of the longest of a message's texts, where that is too long; 0 of all others."""
    text, rare = row[_TEXT], row[_RARE]
    size = len(text) if text else 0
    if rare and len(rare) > LONGEST_READ and EDITS in rare:
        size = max(size, *map(len, edited_texts(rare)))
    return size if size > LONGEST_READ else 0


def _notice(packed: Packed) -> Notice:
    key, page, offset = json.loads(packed.place) if packed.place else (None, None, None)
    source = Source(
        evidence_sha256=packed.evidence_sha256, file_sha256=packed.file_sha256, path=packed.path,
        table=packed.table_name, rowid=packed.row_id, rowid_key=key, page=page, offset=offset,
        app_id=packed.app_id,
    )  # fmt: skip
    text = (
        f"a text of {_longest(packed)} characters is kept whole, but the analysis reads {LONGEST_READ} of"
        " them: the part in which most may speak of drugs"
    )
    return Notice(severity="info", text=text, source=source)
