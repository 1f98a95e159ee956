"""A message of the private database becomes the recovered one: its id, its state and where it really lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forensics.formats.sqlite_recovery import FoundAt
from forensics.identity import Place
from forensics.items import Found
from forensics.model import Message, Notice, Reply, Source
from forensics.parser import Installation
from forensics.recovered_plan import Live, Plan, Row, Verdict
from forensics.recovered_rows import RowPlace
from forensics.recovered_words import of_message

_SUFFIXES = {"main": "", "wal": "-wal", "journal": "-journal"}


class Restorer:
    """Puts the messages of one private database in their place; ``notices`` are by message id."""

    def __init__(self, found: Found, installation: Installation, plan: Plan) -> None:
        self._evidence, self._path = installation.evidence_sha256, installation.path
        self._digests = {each.path: each.sha256 for each in found.companions}
        self._digests[installation.path] = installation.file_sha256
        self._digests.update(found.plain.values())
        self._plain = {suffix: path for suffix, (path, _digest) in found.plain.items()}
        self._plan = plan
        self.notices: dict[str, list[Notice]] = {}

    def message(self, message: Message, verdict: Verdict) -> Message:
        """The recovered message."""
        place, table = verdict.place, message.source.table or ""
        sources = list(self._sources(message, verdict))
        key = self._id(table, place)
        self.notices[key] = list(of_message(verdict.live, place.at, place.is_whole, sources[0]))
        return replace(
            message,
            id=key,
            state="uncommitted" if place.state == "uncommitted" else "recovered",
            source=sources[0],
            also=tuple(dict.fromkeys(sources[1:])),
            reply_to=message.reply_to and self._reply(message.reply_to),
        )

    def companions(self) -> list[tuple[str, str, str]]:
        """Path, suffix and digest of the files beside the database that a recovered message has its source
        in."""
        first = {each.place.at[0].file: each.place.at[0] for each in self._plan.verdicts.values()}
        found = sorted((self._path_of(at), _SUFFIXES[file]) for file, at in first.items() if _SUFFIXES[file])
        return [(path, suffix, self._digests[path]) for path, suffix in found]

    def files(self) -> dict[str, Source]:
        """The files that a row can lie in, by their kind."""
        paths = {file: self._plain.get(suffix, self._path + suffix) for file, suffix in _SUFFIXES.items()}
        return {
            file: Source(evidence_sha256=self._evidence, file_sha256=self._digests[path], path=path)
            for file, path in paths.items()
            if path in self._digests
        }

    def _path_of(self, at: FoundAt) -> str:
        suffix = _SUFFIXES[at.file]
        return self._plain.get(suffix, self._path + suffix)

    def _id(self, table: str, place: RowPlace) -> str:
        at = place.at[0]
        maker = Place(self._evidence, self._path_of(at))
        return maker.message(table, f"{place.rowid}@{at.page}:{at.offset}")

    def _sources(self, message: Message, verdict: Verdict) -> Iterator[Source]:
        """The place of the row first, then the others of it and of its repetitions."""
        table, app_id = message.source.table, message.source.app_id
        for place in (verdict.place, *verdict.also):
            for at in place.at:
                yield self._source(table, place.rowid, at, app_id, message.source.rowid_key)
        for other in message.also:
            copy = self._plan.place((other.table or "", other.rowid or 0))
            for at in copy.at if copy is not None else ():
                yield self._source(other.table, copy.rowid if copy is not None else None, at, app_id)

    def _source(
        self, table: str | None, rowid: int | None, at: FoundAt, app_id: str | None, key: str | None = None
    ) -> Source:
        path = self._path_of(at)
        return Source(
            evidence_sha256=self._evidence,
            file_sha256=self._digests[path],
            path=path,
            table=table,
            rowid=rowid,
            rowid_key=key,
            page=at.page,
            offset=at.offset,
            app_id=app_id,
        )

    def _reply(self, reply: Reply) -> Reply:
        """What the answer answers, by its real id; null when that is gone."""
        target = self._plan.target(reply.id) if reply.id else None
        if isinstance(target, Live):
            return replace(reply, id=target.id)
        return replace(reply, id=self._target_id(target) if target else None)

    def _target_id(self, row: Row) -> str:
        return self._id(row[0], self._plan.verdicts[row].place)
