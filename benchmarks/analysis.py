"""What the analysis of text costs: CPU microseconds a message, beside a bare scan of the same messages.

    python benchmarks/analysis.py --messages 100000 --work /tmp/sporen-bench

Three things are done with the same messages, in turns, and of each the round that took least counts:

- a bare scan: ``str.casefold`` and one pass of an automaton (pyahocorasick, in the extra ``bench``) over the
  words of the lexicon and the phrases of trade;
- the cheap test that every message takes (``Classifier.speaks``), with nothing kept from the round before;
- the whole way from messages to findings (``find``), conversation by conversation.

The messages are those of the benchmark's phone, and the ordinary and everyday sets of the validation.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from inputs import asked, phone_of

from forensics.analysis.findings import Classifier, Line, find
from forensics.analysis.lexicon import Lexicon
from forensics.analysis.phrases import Phrases
from forensics.analysis.validation import cases

_MOST = 5  # times a bare scan that the cheap test may take
_SHORTEST = 4  # letters of a word of the bare scan: shorter ones stand inside others and would slow it
_MICROSECONDS = 1_000_000
Talks = list[list[Line]]


def of_phone(phone: Path) -> Talks:
    """The messages of the benchmark's phone by conversation, in order."""
    (database,) = phone.rglob("msgstore.db")
    talks: dict[int, list[Line]] = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        rows = db.execute(
            "SELECT _id, chat_row_id, from_me, sender_jid_row_id, timestamp, text_data FROM message"
            " WHERE text_data IS NOT NULL ORDER BY timestamp, _id"
        )
        for key, chat, owner, sender, sent_at, text in rows:
            talks.setdefault(chat, []).append(Line(str(key), text, sent_at, str(sender), bool(owner)))
    return list(talks.values())


def of_set(part: str) -> Talks:
    """The messages of a validation set by conversation, one a minute."""
    talks: dict[str, list[Line]] = {}
    for place, case in enumerate(cases(part)):
        line = Line(case.id, case.text, place * 60_000, case.sender)
        talks.setdefault(case.conversation or case.id, []).append(line)
    return list(talks.values())


def bare_scan() -> Callable[[Sequence[str]], int]:
    """Counts the hits of an automaton of all words and phrases in casefolded texts."""
    automaton = import_module("ahocorasick").Automaton()
    acts, _raw = Phrases.acts()
    lexicon, _digest = Lexicon.load()
    words = {entry.term for entry in lexicon.entries()} | {" ".join(key) for key, *_ in acts.listed()}
    for word in sorted(each for each in words if len(each) >= _SHORTEST):
        automaton.add_word(word, word)
    automaton.make_automaton()
    return lambda texts: sum(1 for text in texts for _hit in automaton.iter(text.casefold()))


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def ways(
    classifier: Classifier, talks: Talks, texts: Sequence[str]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the classifier does with the messages: the cheap test of each, and all that is found."""
    yield "cheap test", lambda: sum(map(classifier.speaks, texts))
    yield "findings", lambda: sum(len(find(talk, classifier)) for talk in talks)


def measured(talks: Talks, rounds: int) -> dict[str, float]:
    """CPU microseconds a message of each way, the least of several rounds in turns."""
    texts = [line.text for talk in talks for line in talk]
    scan, least = bare_scan(), dict[str, float]()
    for _ in range(rounds):
        # another classifier each round: nothing is kept
        for name, work in (("scan", partial(scan, texts)), *ways(Classifier.load(), talks, texts)):
            least[name] = min(least.get(name, float("inf")), seconds(work))
    return {name: took * _MICROSECONDS / len(texts) for name, took in least.items()}


def main() -> None:
    wanted = asked(__doc__)
    failed = False
    with TemporaryDirectory() as scratch:
        phone = phone_of(wanted.work or Path(scratch), wanted.messages)
        inputs = {"phone": of_phone(phone), **{part: of_set(part) for part in ("ordinary", "everyday")}}
        for name, talks in inputs.items():
            took = measured(talks, wanted.rounds)
            times = {way: took[way] / took["scan"] for way in took}
            failed = failed or times["cheap test"] > _MOST
            told = ", ".join(f"{way} {took[way]:.2f} us ({times[way]:.2f} x)" for way in took)
            print(f"{name}: {sum(map(len, talks))} messages, {told}")
    raise SystemExit(int(failed))


if __name__ == "__main__":
    main()
