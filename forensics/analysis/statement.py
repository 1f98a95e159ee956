"""A message read: its drug terms, goods and prices, acts of trade and words of other subjects, and how they
hold together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType

from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.menu import Reading, read
from forensics.analysis.phrases import Phrase, Phrases
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_DIRECT = frozenset({"request", "order", "offer", "sample", "gift"})
_NO_GOODS = frozenset({"pharmacy", "sport", "news", "harm_reduction"})  # subjects that sell nothing in a list
# Acts whose words are of something else than goods; and those that ask, which may name them.
_OF_NO_GOODS = frozenset(
    {"security", "payment", "place", "spot", "delivery", "hours", "handover", "noprescription", "credit"}
)
_OF_ASKING = frozenset({"price", "request", "order"})
_LONGEST_GAP = 8
_SHORT = 6
_SMALL = 3  # words of trade or small talk that may follow a verb behind its goods
_FEW_WORDS = 7  # of a message in which an everyday word may be one of trade
_SENTENCE = 8  # tokens of a message that can hold a name inside a sentence
# Statements kept by their text: short ones are said by many, of long ones it is lists that come again. Each
# takes some 10,000 bytes; with sixteen times as many a fifth less was read, in no less time. One of a text
# longer than any list takes two hundred times its length.
_SHORT_KEPT, _LONG_KEPT, _SHORT_TEXT = 128, 48, 80
_LONGEST_LIST = 20_000


_LONGEST_TALK = 12  # tokens of a phrase that says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A message read: its drug terms and tiers, its acts, and the innocent subjects it speaks of."""

    reading: Reading
    terms: tuple[Term, ...]  # the drug terms, without those inside another name ("coke zero")
    acts: tuple[Phrase, ...]
    subjects: tuple[Phrase, ...]
    by_line: Mapping[int, Phrase]  # on each line the first word of another subject that sells goods
    small_talk: Mapping[int, tuple[Phrase, ...]]  # phrases that say nothing, by the token they begin at
    said: frozenset[int]  # the places of the tokens in acts
    named: frozenset[int]  # those of the tokens in names of drugs that have no other meaning
    strange: int  # see ``foreign_words``


class Reader:
    """Reads messages with one set of vocabularies."""

    def __init__(
        self,
        lexicon: Lexicon,
        acts: Phrases,
        subjects: Phrases,
        elsewhere: Mapping[str, frozenset[str]] = MappingProxyType({}),
    ) -> None:
        self.lexicon = lexicon
        self.elsewhere = elsewhere  # what some names of drugs are beside words of these subjects
        self._acts = acts
        self._subjects = subjects
        # the same list goes to many people, and the same question is asked every week
        self._read_short = lru_cache(maxsize=_SHORT_KEPT)(self._read)
        self._read_long = lru_cache(maxsize=_LONG_KEPT)(self._read)
        self._read_longest = lru_cache(maxsize=1)(self._read)

    def read(self, text: str) -> Statement:
        """A message as a statement, once for the same text."""
        if len(text) <= _SHORT_TEXT:
            return self._read_short(text)
        return self._read_long(text) if len(text) <= _LONGEST_LIST else self._read_longest(text)

    def _read(self, text: str) -> Statement:
        """A message as a statement."""
        reading = read(text, self.lexicon)
        acts = _said_here(self._acts.find(reading.tokens), reading.tokens)
        found = [s for s in self._subjects.find(reading.tokens) if not _inside(s.first, s.after, acts)]
        kept = self._meant(_common(reading, _named(reading.terms, found)), found)
        subjects = _apart(found, kept)
        said = frozenset([place for a in acts for place in range(a.first, a.after)])
        return Statement(
            reading=reading,
            terms=kept,
            acts=tuple(acts),
            subjects=tuple(subjects),
            by_line=_lines(reading, subjects),
            small_talk=_by_place(a for a in acts if a.name == "neutral"),
            said=said,
            named=frozenset(p for t in kept if t.entry.grade >= 2 for p in range(t.first, t.after)),
            strange=len(_strange(reading.tokens, said, kept)),
        )

    def _meant(self, terms: tuple[Term, ...], subjects: Sequence[Phrase]) -> tuple[Term, ...]:
        """Without the terms that mean something else beside words of that subject: a coke and two beers."""
        spoken = {s.name for s in subjects}
        return tuple(t for t in terms if spoken.isdisjoint(self.elsewhere.get(t.entry.term, ())))

    def market(self, term: Term) -> str:
        """The market of the term's first meaning."""
        return self.lexicon.substances[term.entry.targets[0]].market

    def is_drug(self, term: Term) -> bool:
        """Whether the term's first meaning is a drug or medicine at all."""
        return self.lexicon.substances[term.entry.targets[0]].kind not in ("other-goods", "cutting-agent")


def _said_here(acts: list[Phrase], tokens: Sequence[Token]) -> list[Phrase]:
    """Without the everyday words that are of trade in a message of a few words only: "ile?" is how much in
    Polish, an island in French.
    """
    if all(act.strength for act in acts):
        return acts
    if sum(token.kind in "wn" for token in tokens) > _FEW_WORDS:
        return [act for act in acts if act.strength]
    return [act if act.strength else act._replace(strength=2) for act in acts]


def _named(terms: Sequence[Term], subjects: Sequence[Phrase]) -> tuple[Term, ...]:
    """The terms that are no part of a longer phrase of another subject (the coke in "coke zero")."""
    return tuple(t for t in terms if not _inside(t.first, t.after, subjects))


def _common(reading: Reading, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Without the street names and ordinary words that are part of the name of a person or firm: written with
    a capital inside a sentence, right behind or before another word so written that is no drug.
    """
    if reading.lines > 1 or len(reading.tokens) < _SENTENCE:
        return terms
    of_terms = {p for t in terms if t.entry.grade > 1 for p in range(t.first, t.after)}
    text = reading.text

    def is_capital(place: int) -> bool:
        if not 0 < place < len(reading.tokens) or reading.tokens[place].kind != "w":
            return False
        before = reading.tokens[place - 1]
        start = reading.tokens[place].start
        return (
            before.kind == "w" and text[start : start + 1].isupper() and not text[start : start + 4].isupper()
        )

    def is_name(term: Term) -> bool:
        if term.entry.grade > 2 or not is_capital(term.first):
            return False
        return any(is_capital(p) and p not in of_terms for p in (term.first - 1, term.after))

    return tuple(t for t in terms if not is_name(t))


def _inside(first: int, after: int, phrases: Sequence[Phrase]) -> bool:
    place = bisect_right(phrases, first, key=lambda p: p.first)
    near = phrases[max(0, place - 8) : place]
    return any(p.first <= first and after <= p.after and p.after - p.first > after - first for p in near)


def _apart(subjects: Sequence[Phrase], terms: Sequence[Term]) -> list[Phrase]:
    """Subjects that are no part of the name of a drug ("weed gummies")."""
    strong = {place for t in terms if t.entry.grade >= 2 for place in range(t.first, t.after)}
    return [s for s in subjects if not all(p in strong for p in range(s.first, s.after))]


def drugs_of(statement: Statement, reader: Reader, hints: frozenset[str]) -> list[Term]:
    """The terms that are meant for goods. An ordinary word in a turn of phrase about the meeting, the money
    or the chat ("wis de chat", "nur bar") is none, nor, in one that asks ("cat vrei"), any but ``hints``.
    """
    placed, asked = (
        {p for a in statement.acts if a.name in names for p in range(a.first, a.after)}
        for names in (_OF_NO_GOODS, _OF_ASKING)
    )

    def is_meant(term: Term) -> bool:
        if term.entry.grade >= 2:
            return True
        taken = placed if term.entry.term in hints else placed | asked
        return not taken.issuperset(range(term.first, term.after))

    return [t for t in statement.terms if reader.is_drug(t) and is_meant(t)]


def is_modifier(statement: Statement, term: Term) -> bool:
    """Whether a strange word stands right beside the term, which says of it how it is: "witte tas", "casa
    blanca".
    """
    tokens = statement.reading.tokens
    for place in (term.first - 1, term.after):
        if not 0 <= place < len(tokens) or tokens[place].kind != "w" or place in statement.said:
            continue
        if not vocabulary().is_amount_word(tokens[place].text) and place not in statement.named:
            return True
    return False


def _lines(reading: Reading, subjects: Sequence[Phrase]) -> dict[int, Phrase]:
    selling = {s.first: s for s in subjects if s.name not in _NO_GOODS}
    found: dict[int, Phrase] = {}
    line, blank = 1, True
    for place, token in enumerate(reading.tokens if selling else ()):
        if token.kind == "l":
            line += not blank
            blank = True
            continue
        blank = False
        if place in selling:
            found.setdefault(line, selling[place])
    return found


def direct(statement: Statement, terms: Sequence[Term]) -> Phrase | None:
    """The act that bears on the goods: before them with nothing strange between, or a verb right behind
    them.
    """
    tokens = statement.reading.tokens
    firsts, afters = [t.first for t in terms], [t.after for t in terms]
    for act in statement.acts:
        if act.name in ("after", *_DIRECT) and is_small_talk(statement, act):
            continue
        if act.name in _DIRECT:
            behind = bisect_right(afters, act.first) - 1  # "Lyrica'dan kaldı mı": the verb comes last
            asks = act.name in ("request", "order") and act.strength == 2 and behind >= 0
            asks = asks and terms[behind].entry.grade >= 2 and _ends_clause(statement, act)
            if asks and _is_gap(tokens, terms[behind].after, act.first):
                return act
            place = bisect_left(firsts, act.first + 1)  # "need some" may be the beginning of "some bud"
            if place == len(terms) or (act.strength == 1 and terms[place].entry.grade == 1):
                continue
            if _is_gap(tokens, act.after, terms[place].first):
                return act
        elif act.name == "after":
            place = bisect_right(afters, act.first) - 1
            holds = place >= 0 and (act.strength == 2 or _ends_clause(statement, act))
            if holds and _is_gap(tokens, terms[place].after, act.first):
                return act
    return None


def _ends_clause(statement: Statement, act: Phrase) -> bool:
    """Whether nothing but a few words of trade or small talk follow an act before the clause ends: no
    "ecstasy about five times", no "the heroine who has given".
    """
    ahead = statement.reading.tokens[act.after : act.after + _SMALL + 1]
    rest = sum(1 for _ in takewhile(lambda token: token.kind not in "sl", ahead))
    return rest <= _SMALL and statement.said.issuperset(range(act.after, act.after + rest))


def _is_gap(tokens: Sequence[Token], first: int, after: int) -> bool:
    """Whether only words stand between that do not break the hold of a verb on its goods."""
    if after - first > _LONGEST_GAP:
        return False
    words = vocabulary()
    for token in tokens[first:after]:
        word = token.text
        if token.kind == "s":
            if word in ".?!;":
                return False
        elif not (token.kind == "n" or word in words.between or words.counts(word) or word[0].isdigit()):
            return False
    return True


def direct_amount(statement: Statement) -> Phrase | None:
    """An order that bears on a number or amount: "doe er 2"."""
    tokens = statement.reading.tokens
    for act in statement.acts:
        if act.name in ("order", "request") and act.strength >= 2 and act.after < len(tokens):
            ahead = tokens[act.after : act.after + 4]
            for place, token in enumerate(ahead):
                if token.kind == "n" or token.text[0].isdigit():
                    return act if _is_gap(tokens, act.after, act.after + place) else None
    return None


def _by_place(phrases: Iterable[Phrase]) -> dict[int, tuple[Phrase, ...]]:
    found: dict[int, tuple[Phrase, ...]] = {}
    for each in phrases:
        found[each.first] = (*found.get(each.first, ()), each)
    return found


def is_small_talk(statement: Statement, act: Phrase) -> bool:
    """Whether the act is part of a longer phrase that says nothing: the "you got" of "you got this"."""
    return any(
        a.first <= act.first and act.after <= a.after and a.after - a.first > act.after - act.first
        for first in range(max(0, act.first - _LONGEST_TALK), act.first + 1)
        for a in statement.small_talk.get(first, ())
    )


def is_short(statement: Statement) -> bool:
    """Whether the message is a few words: it leans on what was said before."""
    return sum(1 for t in statement.reading.tokens if t.kind in "wn") <= _SHORT


def is_definite(statement: Statement, term: Term) -> bool:
    """Whether the word is spoken of as a thing both know ("the snow"), not asked for as a kind of goods."""
    return term.first > 0 and statement.reading.tokens[term.first - 1].text in (
        "the",
        "de",
        "het",
        "der",
        "das",
        "la",
        "le",
    )


def foreign_words(statement: Statement, hints: frozenset[str] | None = None) -> int:
    """How many words are neither of trade, nor amounts, nor the small change of talk: what the message is
    about.

    With ``hints``, an ordinary word that is none of them counts as foreign although it can mean a drug.
    """
    terms = [t for t in statement.terms if hints is None or t.entry.grade > 1 or t.entry.term in hints]
    if len(terms) == len(statement.terms):
        return statement.strange
    return len(_strange(statement.reading.tokens, statement.said, terms))


def strange_words(statement: Statement) -> list[Token]:
    """The words that ``foreign_words`` counts."""
    return _strange(statement.reading.tokens, statement.said, statement.terms)


def _strange(tokens: Sequence[Token], said: frozenset[int], terms: Sequence[Term]) -> list[Token]:
    known = said.union([p for t in terms for p in range(t.first, t.after)]) if terms else said
    is_amount = vocabulary().is_amount_word
    return [
        t for place, t in enumerate(tokens) if t.kind == "w" and place not in known and not is_amount(t.text)
    ]
