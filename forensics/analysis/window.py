"""A conversation as it is read: what was said before gives words their meaning (an implicit deal)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from forensics.analysis.answers import Answers
from forensics.analysis.coded import Coded
from forensics.analysis.continuation import Continuation
from forensics.analysis.cues import CUE_DRUG, CUE_HINT
from forensics.analysis.deal import advert_signs, judge
from forensics.analysis.earlier_trade import trade_of
from forensics.analysis.exchange import opening
from forensics.analysis.goods import Good, listed, named
from forensics.analysis.implicit import implicit
from forensics.analysis.kinds import address, delivery_note, note
from forensics.analysis.lists import (
    are_ordinary_goods,
    is_bare_count,
    is_menu,
    is_of_other_goods,
    is_otherwise,
    negotiates,
)
from forensics.analysis.offered import goods as priced_goods
from forensics.analysis.past import Past, taken_from, within
from forensics.analysis.score import Hit, Rules, Sheet
from forensics.analysis.statement import (
    Reader,
    Statement,
    drugs_of,
    foreign_words,
    is_definite,
    is_modifier,
)
from forensics.analysis.surroundings import Heard, Surroundings
from forensics.analysis.tally import Tally

_HIDDEN = 2  # goods with prices that are a list where a name is written so as to be missed
_ASKING = ("asks-for-it", "bare-request", "quantity", "price", "price-asked", "bare-amount", "credit")
_PLAIN = (
    "drug-name",
    "street-name",
    "unnamed-weight",
    "asked-in-grams",
    "small-weights",
    "asks-for-it",
    "delivery-note",
    "word-traded",
)
_OWN = (
    "drug-name",
    "street-name",
    "double-meaning",
    "further-drug",
    "disguise",
    "unnamed-weight",
    "counted-word",
    "asked-in-grams",
    "asked-plainly",
    "word-traded",
)
_REQUESTS = frozenset({"asks-for-it", "bare-request", "request", "order", "price-asked"})
_NAMING = 2  # strange words in a line that names the drug of what was asked before
_ASKED_LINES = 3  # how many lines later a list of prices still answers a question
_ANSWERING = ("answers-order", "counter-offer", "answers-place", "exchange")
_MORE_OF_LIST = 2  # amounts with prices of a line that goes on with a list
_MEETING = ("place", "payment", "security")
_CONTEXT_TRADE = (
    "asks-for-it",
    "bare-request",
    "request",
    "order",
    "offer",
    "quantity",
    "price",
    "price-asked",
    "place",
    "payment",
    "delivery",
    "bare-amount",
    "credit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The outcome for one message."""

    label: str
    score: int
    hits: Sequence[Hit]
    goods: tuple[Good, ...]
    targets: tuple[str, ...]
    named_in: str | None = None  # the earlier message whose goods these are
    anchor: str | None = None  # the earlier message this one leans on
    opener: str | None = None  # the short order this one answers


class WindowState:
    """The lines of one conversation that said something, as far back as they may matter."""

    def __init__(self, reader: Reader, rules: Rules) -> None:
        self._reader = reader
        self._rules = rules
        self._place = 0
        self._recent: deque[Past] = deque(maxlen=rules.window["lines"])
        self._menu: Past | None = None
        self._meaning: Past | None = None  # the last line that may give a later one its meaning
        self._trade_of = partial(trade_of, reader, rules)  # no method: it would keep this alive in a ring
        self._answers = Answers(reader, rules, self._recent, self._trade_of)
        self._tally = Tally(reader, rules, self._recent, self._trade_of)
        self._deal = Continuation(reader, rules, self._recent, self._trade_of)
        self._coded = Coded(reader, rules, self._recent, self._trade_of)
        self._around = Surroundings(reader, rules)

    def judge(
        self,
        message: str,
        text: str,
        sent_at: int | None,
        flags: int,
        writer: tuple[str | None, bool | None] = (None, None),
        *,
        before: Sequence[Heard] = (),
    ) -> Judged | None:
        """The outcome for the next line that says something; None when it can be none but ``none``.

        ``before``: the lines before it that can contribute (cues), the last of them at the end.
        """
        self._place += 1
        past = Past(self._place, sent_at, message, text, flags, writer)
        context = self._context(past) if self._means(self._place) else None
        answers = self._answers.listens(self._place) and self._answers.may_answer(past)
        judged: Judged | None = None
        hinted = bool(flags & CUE_HINT)
        self._coded.hears(past)
        goes_on = self._deal.listens(self._place)
        near = answers or hinted or goes_on or self._tally.listens(self._place)
        near = near or self._coded.listens(self._place)
        if flags & CUE_DRUG or context is not None or near:
            judged = self._judge(past, context, before, answers=answers)
            self._keep(past)
        self._recent.append(past)
        return judged

    def _keep(self, past: Past) -> None:
        """Keeps a line that was read, where it may give a later one its meaning."""
        if past.drug >= 3 or past.hint or past.explicit or past.label == "menu":
            self._meaning = past
        if past.opens:
            self._answers.opened = past.place
        if past.label == "menu":
            self._menu = past
        if past.label == "menu" or (past.label == "deal" and past.drug >= 3):
            self._answers.history = past

    def listens(self) -> bool:
        """Whether an earlier line may still give the next one its meaning. Else the next line is judged
        ``none`` unless it has a drug cue of its own, and leaves nothing but itself to look back at.
        """
        place = self._place + 1
        return (
            self._means(place)
            or self._answers.listens(place)
            or self._tally.listens(place)
            or self._deal.listens(place)
            or self._coded.listens(place)
        )

    def pass_over(self) -> None:
        """Counts a line that says something and matters to no other (see ``findings.find``)."""
        self._place += 1

    def _means(self, place: int) -> bool:
        """Whether a line at this place is near enough to one that may be its context (see ``_context``)."""
        window, meaning, menu = self._rules.window, self._meaning, self._menu
        if meaning is not None and place - meaning.place <= window["lines"]:
            return True
        return menu is not None and place - menu.place <= window["menu_lines"]

    def _context(self, now: Past) -> Past | None:
        """The earlier line that gives this one its meaning: a deal, else a list, else a drug named."""
        window = self._rules.window
        best: Past | None = None
        for past in reversed(self._recent):
            if not within(past, now, window["hours"], window["lines"]):
                break
            if past.explicit and past.label == "deal":
                return past
            hinted = past.hint and within(past, now, window["hint_hours"], window["hint_lines"])
            named = past.drug >= 3 or hinted or past.label == "menu"
            if named and (best is None or _rank(past) > _rank(best)):
                best = past
        if best is not None and _rank(best) >= 2:
            return best
        if self._menu is not None and within(self._menu, now, window["menu_days"] * 24, window["menu_lines"]):
            return self._menu
        return best

    def _judge(self, past: Past, context: Past | None, before: Sequence[Heard], *, answers: bool) -> Judged:
        statement = self._reader.read(past.text)
        sheet = Sheet(self._rules, past.id, past.text)
        judge(sheet, statement, self._reader, self._rules)
        delivery_note(sheet, statement, self._rules)
        past.trade = frozenset(h.id for h in sheet.hits if h.dimension == "trade")
        past.innocent = sheet.total("innocent")
        label = self._own_label(sheet, statement, past)
        leans = None
        if label in ("none", "mention"):
            leans = self._answers.answer(past, statement, sheet) if answers else None
            if leans is None and context is not None:
                leans = self._lean(past, context, statement, sheet)
            label = self._leaning_label(past, leans, statement) if leans else label
        if label in ("none", "mention") and context is None:
            label = self._accumulated(past, sheet, statement, label)
        self._tally.remember(past, statement)
        if label in ("none", "mention") and self._tally.listens(past.place):
            leans = self._tally.weigh(past, statement, sheet)
            label = "deal" if leans else label
        if label in ("none", "mention") and self._deal.listens(past.place):
            leans = self._deal.joins(past, statement, sheet)
            label = "deal" if leans else label
        elif label in ("none", "mention") and self._coded.listens(past.place):
            leans = self._coded.weigh(past, statement, sheet)
            label = "deal" if leans else label
        if label in ("menu", "deal") and self._around.contradicts(sheet, statement, past, leans, before):
            label, leans, past.answered = "none", None, None
        self._remember(past, sheet, statement, label, leans)
        self._deal.heard(past, statement)
        note(sheet, statement, label, self._reader, self._rules.parts)
        return self._outcome(statement, sheet, label, past, leans)

    def _own_label(self, sheet: Sheet, statement: Statement, past: Past) -> str:
        limits = self._rules.thresholds
        score, drug = sheet.total(), sheet.total("drug")
        deal, mention = limits["deal"], limits["mention"]
        plain = self._is_plain(sheet) or are_ordinary_goods(sheet, statement, self._rules.colour_terms)
        if not plain or is_otherwise(sheet) or is_of_other_goods(sheet, statement):
            return "none"
        if is_menu(sheet, statement, self._reader, self._rules):
            return "deal" if negotiates(sheet, statement, self._reader, self._is_asked(past)) else "menu"
        reported = sheet.has("report") and not sheet.has("asks-for-it")
        if (
            not reported
            and drug >= deal["drug"]
            and sheet.total("trade") >= deal["trade"]
            and score >= deal["score"]
            and not is_bare_count(sheet, statement, self._rules.colour_terms)
        ):
            return "deal"
        said = score - sheet.total("other")  # of a drug that is named, whatever else is spoken of
        return "mention" if _own_drug(sheet) >= mention["drug"] and said >= mention["score"] else "none"

    def _is_asked(self, now: Past) -> bool:
        """Whether another asked for something in the lines right before."""
        window = self._rules.window
        for past in reversed(self._recent):
            if not within(past, now, window["answer_hours"], _ASKED_LINES):
                return False
            asks = not self._trade_of(past).isdisjoint(_REQUESTS)
            if asks and past.label != "menu" and past.is_other(now, surely=True):
                return True
        return False

    def _is_plain(self, sheet: Sheet) -> bool:
        """Whether ordinary words alone may make a verdict: only when weighed in grams, asked for, written so
        as to be missed, or as emoji.
        """
        if sheet.has(*_PLAIN) or (sheet.has("falling-price") and sheet.total("innocent") == 0):
            return True
        sold = sum(h.id == "goods" for h in sheet.hits)
        if sold >= _HIDDEN and sheet.has("disguise") and sheet.total("innocent") == 0:
            return True
        emoji = sum(h.id == "double-meaning" and not h.text[0].isalnum() for h in sheet.hits)
        return emoji > 0 or advert_signs(sheet) >= self._rules.thresholds["menu"]["advert_signs"] + 1

    def _lean(self, past: Past, context: Past, statement: Statement, sheet: Sheet) -> Past | None:
        """Whether the line is part of a deal because of what was said before; enters the hits that say so."""
        window = self._rules.window
        near = within(context, past, window["near_hours"], window["near_lines"])
        foreign = foreign_words(statement, self._rules.hint_terms)
        before = len(sheet.hits)
        implicit(sheet, statement)
        meets = context.label == "deal" and near and not sheet.has(*_ASKING)
        if sheet.total("innocent") < 0 or foreign > (1 if meets else 0):
            sheet.back_to(before)
            return None
        asking, meeting = sheet.has(*_ASKING), sheet.has(*_MEETING)
        follow = self._rules.thresholds["deal"]["follow_trade"]
        if not (asking or (meeting and near and context.label == "deal")) or sheet.total("trade") < follow:
            sheet.back_to(before)
            return None
        if context.label not in ("menu", "deal") and context.drug < 3 and not sheet.has("price", "quantity"):
            sheet.back_to(before)
            return None
        kind = {"menu": "context-menu", "deal": "context-deal"}.get(context.label)
        if kind is None:
            kind = "context-drug" if context.drug >= 3 else "context-hint"
        sheet.hit(kind, 0, 0, f"message {context.id}")
        if near:
            self._trade_before(past, sheet)
        deal = self._rules.thresholds["deal"]
        if sheet.total("drug") >= deal["drug"] and sheet.total() >= deal["score"]:
            return context
        sheet.back_to(before)
        return None

    def _trade_before(self, now: Past, sheet: Sheet) -> None:
        window = self._rules.window
        for past in reversed(self._recent):
            if not within(past, now, window["near_hours"], window["near_lines"]):
                break
            if past.label == "menu":
                continue
            for rule in sorted(self._trade_of(past)):
                if rule in _CONTEXT_TRADE:
                    sheet.hit("context-trade", 0, 0, f"message {past.id}: {self._rules.rules[rule].en}")

    def _accumulated(self, past: Past, sheet: Sheet, statement: Statement, label: str) -> str:
        """A drug named after words of trade: "heb je nog?" - "ja, wit"."""
        if _own_drug(sheet) < 3 or sheet.total("innocent") < 0 or foreign_words(statement) > _NAMING:
            return label
        before = len(sheet.hits)
        self._trade_before(past, sheet)
        deal = self._rules.thresholds["deal"]
        trade = sheet.total("trade", "context")
        asked = any(p.trade and ("request" in p.trade or "price-asked" in p.trade) for p in self._recent)
        if asked and trade >= deal["trade"] and sheet.total() >= deal["score"]:
            return "deal"
        sheet.back_to(before)
        return label

    def _leaning_label(self, now: Past, leans: Past, statement: Statement) -> str:
        """What a line is that leans on another: more of a list, where who wrote that list goes on with it."""
        priced = [t for t in priced_goods(statement, self._reader) if t.quantity and t.price]
        goes_on = leans.label == "menu" and leans.writer == now.writer != (None, None)
        return "menu" if goes_on and len(priced) >= _MORE_OF_LIST else "deal"

    def _remember(
        self, past: Past, sheet: Sheet, statement: Statement, label: str, leans: Past | None
    ) -> None:
        own = _own_drug(sheet) + sheet.total("innocent")
        past.label = label
        past.drug = max(own, 0)
        past.explicit = label == "deal" and (
            leans is None or (leans.label != "deal" and sheet.has(*_ASKING, *_ANSWERING))
        )
        past.offers = sheet.asks == "offer" or sheet.has("offer")
        past.opens = opening(statement, past.drug, self._rules, self._reader) if past.innocent == 0 else ""
        hints = [t for t in statement.terms if t.entry.term in self._rules.hint_terms]
        hinting = bool(hints) and not is_definite(statement, hints[0])
        colours = self._rules.colour_terms
        hinting = hinting and not (hints[0].entry.term in colours and is_modifier(statement, hints[0]))
        past.hint = hinting and 0 < own < 3 and sheet.has("asks-for-it") and foreign_words(statement) == 0
        terms = drugs_of(statement, self._reader, self._rules.hint_terms)
        strong = [t for t in terms if t.entry.grade >= 2] or terms
        found = dict.fromkeys(t.entry.targets[0] for t in strong) if own > 0 else {}
        past.targets = tuple(found) or (leans.targets if leans else ())
        past.named_in = past.id if found or not leans else leans.named_in

    def _outcome(
        self, statement: Statement, sheet: Sheet, label: str, past: Past, leans: Past | None
    ) -> Judged:
        house = address(statement) if sheet.has("delivery-note") else None
        found: tuple[Good, ...] = ()
        if label in ("menu", "deal"):
            found = listed(statement, label, leans.targets if leans else (), house)
        if label in ("menu", "deal") and not found:
            found = named(statement, self._reader, self._rules.hint_terms)
        return Judged(
            label=label,
            score=sheet.total(),
            hits=tuple(sheet.hits),
            goods=found,
            targets=past.targets,
            named_in=taken_from(past, leans, [each.candidates for each in found]),
            anchor=leans.id if leans else None,
            opener=past.answered,
        )


def _rank(past: Past) -> int:
    if past.label == "menu":
        return 3
    return 2 if past.drug >= 3 else 1


def _own_drug(sheet: Sheet) -> int:
    return sum([h.weight for h in sheet.hits if h.id in _OWN])
