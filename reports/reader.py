"""What a report needs of a case; ``forensics.case`` fulfils it. Records: the contract, section 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from forensics.packed_messages import Unpacking

Record = Mapping[str, Any]


class CaseReader(Protocol):
    """A case, read in export order; every value comes from the case, nothing from the clock."""

    @property
    def info(self) -> Record:
        """Number, examiner, authorities, scope, configuration, and the environment of the logged ingest."""

    def accounts(self) -> Iterator[Record]: ...
    def conversations(self) -> Iterator[Record]: ...
    def participants(self) -> Iterator[Record]: ...
    def messages(self, conversation: str | None = None) -> Iterator[Record]:
        """All messages, or those of one conversation, by ``sent_at`` and then source."""

    def calls(self) -> Iterator[Record]: ...
    def notices(self) -> Iterator[Record]: ...
    def texts(self) -> Iterator[str]:
        """The text of every message that has one."""

    def copies(self) -> Sequence[Record]:
        """Copies of texts whose message no longer has them, each with the message that it stands beside."""

    def flags(self) -> Iterator[Record]: ...
    def flagged(self) -> Iterator[tuple[int, Record]]:
        """The messages that flags name, with their place in their conversation, in export order."""

    def message_lines(self) -> Iterator[tuple[str, bytes]]:
        """The conversation and the finished JSON of every message, in export order."""

    def packed(self, conversation: str | None, size: int) -> Iterator[bytes]:
        """All messages, or those of one conversation, in blocks for another process."""

    @property
    def unpacking(self) -> Unpacking:
        """What makes such blocks into records and lines there."""

    def merged(self) -> int:
        """How many messages stand in several databases of one account."""

    def device_pairs(self) -> Sequence[Record]:
        """Every two accounts that share conversations: links by ground, clocks."""

    def differences(self) -> Iterator[Record]:
        """What databases of one account, and phones, say otherwise of the same messages."""

    def seen_again(self, conversation: str) -> Mapping[str, Record]:
        """By message: its counterparts on other phones, and its differences."""

    def selection(self) -> Sequence[Record]:
        """What persons selected for the report, in their order: conversation, messages, note, by, at."""

    def decisions_without_flag(self) -> Sequence[Record]:
        """Decisions on flags of which no message is in any flag now."""

    def evidence(self) -> Sequence[Record]:
        """The items of evidence with their hashes, files, tables and problems."""

    def acquisition(self) -> Sequence[Record]:
        """What files of the extraction say about phone and acquisition, each with its source."""

    def comparisons(self, kind: str) -> Sequence[Record]:
        """Stated digests (``hash``) or chats of another tool (``records``), compared with what was found."""

    def totals(self) -> Record:
        """Per app: conversations, messages, media, states, first and last."""

    def daily(self, conversation: str | None = None) -> Sequence[tuple[str, int]]:
        """Messages per local date."""

    def ends(self, conversation: str) -> Sequence[str]:
        """The first and the last local date of a conversation; nothing where no message has a time."""

    def pairs(self) -> Sequence[tuple[str, str, int]]:
        """Sender, conversation and the number of messages."""

    def lost(self) -> Sequence[tuple[str | None, str | None, str | None, str, int]]:
        """What is gone: conversation, first and last month, which trace, how many."""

    def sealed(self) -> int:
        """How many privileged records are sealed for whoever may open them."""

    def sealed_files(self) -> int:
        """How many files of attachments are sealed with them."""

    def log_lines(self) -> Sequence[bytes]:
        """The custody log, cut at the last entry that changed the case."""

    def tree_key(self) -> bytes:
        """What the salts of the tree over the records are made from."""

    def public_keys(self) -> Sequence[tuple[str, str]]:
        """Key ids and public keys in hex."""

    def rules(self) -> Record:
        """Version and SHA-256 of the rules, thresholds, and the figures of the last validation."""
