"""What a single message says of trade, as hits of rules: drugs, goods with prices, speech acts, other
subjects.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from forensics.analysis import offered
from forensics.analysis.household import at_home
from forensics.analysis.lexicon import NEW, Term
from forensics.analysis.phrases import Phrase
from forensics.analysis.plain import is_prescribed, plain
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.spelling import MISSPELLED
from forensics.analysis.statement import Reader, Statement, direct, foreign_words, is_modifier, strange_words
from forensics.analysis.text import rewritten
from forensics.analysis.tier import Tier

# Acts that are signs of an advertisement.
_ADVERT = frozenset(
    {
        "delivery",
        "hours",
        "minimum",
        "number",
        "broadcast",
        "menu",
        "quality",
        "payment",
        "security",
        "noprescription",
    }
)
# Of these the ones that are meant for many; who brings, is paid or hides the talk may speak to one.
ADDRESSED = frozenset({"menu", "hours", "minimum", "number", "broadcast", "noprescription"})
# Acts whose rule has the same name, and the one that has not.
_ACTS = frozenset(
    {
        "request",
        "order",
        "offer",
        "place",
        "credit",
        "referral",
        "resupply",
        "role",
        "gift",
        "sample",
        "confirm",
        "complaint",
        "handover",
    }
)
_ACT_RULES = {name: name for name in _ACTS | _ADVERT} | {"price": "price-asked"}
# Acts that say something of the drug beside them; of a medicine people speak so at home too, but of pay.
_BEARING = frozenset(
    {
        "place",
        "payment",
        "credit",
        "security",
        "referral",
        "resupply",
        "complaint",
        "handover",
        "role",
        "gift",
        "number",
    }
)
_BEARING_WORD = _BEARING - {"resupply", "number"}
_BEARING_MEDICINE = frozenset({"payment", "credit", "noprescription", "complaint"})
_MUCH = 5  # strange words that a sentence of trade may hold
_OF_PROSE = 2  # strange words to a line; one of a list holds fewer
_STRANGE = 2  # words of a message about an ordinary word that are neither of trade nor small talk
_BESIDE = 6  # tokens between the act and the drug
_REPORTS = frozenset({"news", "harm_reduction", "fiction"})
_LISTED = 3  # amounts with prices of one emoji that make a list
_NO_BREAD = 20  # what a few pieces of bread, or glasses of wine, do not cost
_DEAR = 1.0  # a gram of food costs less than this, in any currency
_FEW_GRAMS = 100
_GRAMS = {"g": 1, "kg": 1000}
_BETWEEN = 6  # characters between the amount and the drug
_BULK = 250  # grams of a drug that nobody keeps to use
_CONTRADICTING = frozenset({"pharmacy", "garden", "figure"})


def judge(sheet: Sheet, statement: Statement, reader: Reader, rules: Rules) -> None:
    """Enters everything one message says by itself."""
    hints = rules.hint_terms
    terms = [t for t in statement.terms if reader.is_drug(t)]
    innocent = offered.innocent(sheet, statement)
    _drugs(sheet, statement, terms, hints)
    _trade(sheet, statement, terms, hints)
    offered.enter(sheet, statement, reader)
    named = [t for t in terms if t.entry.grade >= 2]
    medical = bool(named) and all(reader.market(t) == "medicine" for t in named)
    _subjects(sheet, statement, innocent, medical)
    at_home(sheet, statement, reader, named)
    _bears(sheet, statement, reader, named)
    _bulk(sheet, statement, named)
    if not named:
        _word_traded(sheet, statement, [t for t in terms if t.entry.term in hints], rules.colour_terms)
    plain(sheet, statement, reader, rules)
    _much_else(sheet, statement)


def _much_else(sheet: Sheet, statement: Statement) -> None:
    """Enters the words that are of something else, from the sixth on: of a sentence, or of lines of prose."""
    if statement.strange > _MUCH and statement.strange >= _OF_PROSE * statement.reading.lines:
        for token in strange_words(statement)[_MUCH:]:
            sheet.hit("much-else", token.start, token.end)


def _drugs(sheet: Sheet, statement: Statement, terms: Sequence[Term], hints: frozenset[str]) -> None:
    strong = [t for t in terms if t.entry.grade >= 2]
    seen: set[str] = set()
    for term in sorted(strong, key=lambda t: (-t.entry.grade, t.start)):
        target = term.entry.targets[0]
        rule = "drug-name" if term.entry.grade == 3 else "street-name"
        if not seen:
            sheet.hit(rule, term.start, term.end, " or ".join(term.entry.targets[:3]))
        elif target not in seen:
            sheet.hit("further-drug", term.start, term.end, target)
        seen.add(target)
    ordinary = _Ordinary(statement, hints)
    for term in terms:
        if NEW in term.fired:
            sheet.hit(NEW, term.start, term.end, term.entry.targets[0])
        elif term.fired and term.fired[0] not in ("inflected", MISSPELLED):
            sheet.hit("disguise", term.start, term.end, ", ".join(term.fired))
        if how := _rewritten(statement, term):
            sheet.hit("rewritten", term.start, term.end, ", ".join(how))
        if term.entry.grade == 1 and ordinary.matters(term.entry.term) and term.entry.targets[0] not in seen:
            seen.add(term.entry.targets[0])
            sheet.hit("double-meaning", term.start, term.end, " or ".join(term.entry.targets[:3]))
    if not terms:
        _unnamed(sheet, statement)


def _rewritten(statement: Statement, term: Term) -> tuple[str, ...]:
    """How it is written otherwise than the lexicon has it, besides a disguise; of an emoji nothing."""
    if not term.entry.term[0].isalnum():
        return ()
    letters = rewritten(statement.reading.text[term.start : term.end])
    return (*letters, MISSPELLED) if MISSPELLED in term.fired else letters


class _Ordinary:
    """Whether an ordinary word counts: when it is priced, counted or asked for, or stands beside other drug
    words.
    """

    def __init__(self, statement: Statement, hints: frozenset[str]) -> None:
        self._hints = hints
        self._strong = any(t.entry.grade >= 2 for t in statement.terms)
        self._names = {t.entry.term for t in statement.terms}
        self._sold: set[str] = set()
        self._weighed: set[str] = set()
        for tier in statement.reading.tiers:
            if tier.term is not None:
                self._sold.add(tier.term.entry.term)
                if tier.written and (_is_few_grams(tier) or _is_dear_kilo(tier)):
                    self._weighed.add(tier.term.entry.term)
        self._asked = direct(statement, [t for t in statement.terms if t.entry.term in hints]) is not None
        self._advertised = len({a.name for a in statement.acts if a.name in _ADVERT}) >= 2

    def matters(self, term: str) -> bool:
        """Whether this ordinary word counts here."""
        if self._strong:
            return True
        if term in self._hints or not term[0].isalnum():
            several = len(self._names) >= 3 or (self._advertised and len(self._names) >= 2)
            return term in self._sold or self._asked or several
        beside = term in self._sold and not self._hints.isdisjoint(self._names - {term})
        return beside or term in self._weighed


def _is_few_grams(tier: Tier) -> bool:
    return tier.unit == "g" and (tier.quantity or 1000) <= _FEW_GRAMS


def _is_dear_kilo(tier: Tier) -> bool:
    """Whether kilos or blocks cost what no food does: "1 blok maroc 1800 euro"."""
    return tier.unit == "kg" and (tier.price or 0.0) >= _DEAR * 1000 * (tier.quantity or 1000)


def _unnamed(sheet: Sheet, statement: Statement) -> None:
    for tier in statement.reading.tiers:
        small = tier.unit == "g" and tier.quantity is not None and tier.quantity <= 100
        if small and tier.term is None and not tier.name and foreign_words(statement) == 0:
            sheet.hit("unnamed-weight", tier.start, tier.end)
            return


def _trade(sheet: Sheet, statement: Statement, terms: Sequence[Term], hints: frozenset[str]) -> None:
    held = direct(statement, [t for t in terms if t.entry.grade >= 2 or t.entry.term in hints])
    if held:
        sheet.hit("asks-for-it", held.start, held.end)
        sheet.asks = held.name
    beside = _Beside(terms)
    for act in _outer(statement.acts):
        if act.name == "use":
            if beside.has(act, 1, 2):
                sheet.hit("use", act.start, act.end)
        elif act.name in _ACT_RULES and not (held and (act.name == held.name or act.start == held.start)):
            if act.name == "confirm" and act.first > 0:
                continue
            sheet.hit(_ACT_RULES[act.name], act.start, act.end)
    for tier in statement.reading.tiers:
        certain = tier.written or (tier.term is not None and tier.term.entry.grade > 1)
        if tier.quantity is not None and tier.unit is not None and certain:
            sheet.hit("quantity", tier.start, tier.end)
        if tier.price is not None:
            sheet.hit("price", tier.start, tier.end)
    _weighed(sheet, statement, hints, held is not None)


class _Beside:
    """Whether a term stands near an act; found by its place, for a long list holds many of both."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._firsts = [t.first for t in terms]
        self._afters = [t.after for t in terms]

    def has(self, act: Phrase, before: int, behind: int, *, over: int = 0) -> bool:
        """Whether one ends at most so many tokens before the act or begins so many behind it; ``over``: how
        many tokens before its end that may be.
        """
        ends = _is_any(self._afters, act.first - before, act.first)
        return ends or _is_any(self._firsts, act.after - over, act.after + behind)


def _is_any(places: Sequence[int], low: int, high: int) -> bool:
    """Whether one of the places, in order, is among those from ``low`` to ``high``."""
    place = bisect_left(places, low)
    return place < len(places) and places[place] <= high


def _bears(sheet: Sheet, statement: Statement, reader: Reader, named: Sequence[Term]) -> None:
    """Enters that an act of trade is said of the drug beside it, where nothing speaks of another subject."""
    if not named or sheet.total("innocent") < 0 or sheet.has("asks-for-it"):
        return
    prescribed = all(is_prescribed(term, reader) for term in named)
    bearing = _BEARING_MEDICINE if prescribed else _BEARING
    beside = _Beside(named)
    for act in statement.acts:
        if act.name in bearing and act.strength >= 2 and beside.has(act, _BESIDE, _BESIDE, over=_BESIDE):
            sheet.hit("bears-on", act.start, act.end, act.name)
            return


def _bulk(sheet: Sheet, statement: Statement, named: Sequence[Term]) -> None:
    """Enters that more of a named drug is spoken of than anyone keeps to use, and of nothing else."""
    if not named or sheet.total("innocent") < 0 or foreign_words(statement) > _STRANGE:
        return
    text, known = statement.reading.text, {t.first: t for t in named}
    for tier in statement.reading.tiers:
        grams = (tier.quantity or 0) * _GRAMS.get(tier.unit or "", 0)
        term = tier.term
        if grams < _BULK or not tier.written or term is None or known.get(term.first) != term:
            continue
        if tier.start - _BETWEEN <= term.end <= tier.end + len(text[term.start : term.end]) + _BETWEEN:
            sheet.hit("bulk", tier.start, tier.end)
            return


def _word_traded(sheet: Sheet, statement: Statement, words: Sequence[Term], colours: frozenset[str]) -> None:
    """Enters that an ordinary word stands beside two different acts of trade and no other subject."""
    if not words or sheet.total("innocent") < 0 or foreign_words(statement) > _STRANGE:
        return
    word = next((t for t in words if not (t.entry.term in colours and is_modifier(statement, t))), None)
    strong = [a for a in statement.acts if a.strength >= 2 and a.name in _BEARING_WORD]
    business = len({a.first for a in strong}) + any(a.name == "credit" for a in strong)
    counted = sheet.has("price") or any(t.written and t.unit in ("g", "kg") for t in statement.reading.tiers)
    if word is None or not business or business + counted + sheet.has("price-asked") < 2:
        return
    sheet.hit("double-meaning", word.start, word.end, " or ".join(word.entry.targets[:3]))
    sheet.hit("word-traded", word.start, word.end)


def _weighed(sheet: Sheet, statement: Statement, hints: frozenset[str], asked: bool) -> None:
    """An ordinary word that is both asked for and counted, or weighed in grams and priced."""
    if not statement.reading.tiers:
        return
    is_alone = foreign_words(statement) == 0
    tiers = sum(bool(t.quantity and t.price) for t in statement.reading.tiers)
    for tier in statement.reading.tiers:
        if tier.term is None or tier.term.entry.grade != 1:
            continue
        hinted = tier.term.entry.term in hints
        dear = _is_few_grams(tier) and (tier.price or 0) >= _DEAR * (tier.quantity or 1)
        dear = tier.written and (dear or _is_dear_kilo(tier))
        emblem = (hinted or not tier.term.entry.term[0].isalnum()) and tiers >= _LISTED
        dear = (
            dear or emblem or (hinted and bool(tier.quantity) and (tier.price or 0) >= _NO_BREAD and is_alone)
        )
        if dear or (hinted and asked and (tier.written or tier.price is not None)):
            sheet.hit("weighed-word", tier.start, tier.end)
            return


def _outer(acts: Sequence[Phrase]) -> list[Phrase]:
    """Without acts that are part of a longer phrase of another act: the "heb" of "heb je nog"."""
    kept: list[Phrase] = []
    reach = 0
    for act in sorted(acts, key=lambda a: (a.first, -a.after, a.name)):
        if act.after < reach or (act.after == reach and act.after - act.first < _length(kept, reach)):
            continue
        kept.append(act)
        reach = max(reach, act.after)
    return kept


def _length(acts: Sequence[Phrase], reach: int) -> int:
    return max((a.after - a.first for a in acts[-3:] if a.after == reach), default=0)


def _subjects(sheet: Sheet, statement: Statement, used: set[int], medical: bool) -> None:
    seen: set[str] = set()
    text = statement.reading.text
    certain = sheet.has("asks-for-it") and sheet.has("drug-name")
    for found in statement.subjects:
        word = text[found.start : found.end].lower()
        if word in seen or found.first in used:
            continue
        seen.add(word)
        sheet.hit(_weight_rule(sheet, found, certain, medical), found.start, found.end, found.name)


def _weight_rule(sheet: Sheet, found: Phrase, certain: bool, medical: bool) -> str:
    """What another subject weighs: little beside a plain request for a drug that has no other meaning."""
    paid = medical and certain and sheet.has("payment", "noprescription", "credit")
    if found.name == "pharmacy" and paid:
        return "other-subject"  # who pays a stranger for it says why the pharmacy does not give it
    if found.name in _REPORTS or (found.name == "pharmacy" and medical):
        return "innocent-more" if sheet.has("report") else "report"
    if certain and found.name not in _CONTRADICTING:
        return "other-subject"
    return "innocent-more" if sheet.has("innocent") else "innocent"


def advert_signs(sheet: Sheet) -> int:
    """How many kinds of signs of an advertisement a message has."""
    return sheet.count(_ACT_RULES[name] for name in _ADVERT)
