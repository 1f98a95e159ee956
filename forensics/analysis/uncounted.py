"""Numbers that count no goods: hours, dates, telephone numbers, percentages, and those that say which one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forensics.analysis.atoms import HOLDING
from forensics.analysis.cursor import is_number, opens_line
from forensics.analysis.dates import days, days_behind
from forensics.analysis.hours import dials, tells_until, tells_when, tells_where, tells_which
from forensics.analysis.places import is_behind_street, is_street, opens_street
from forensics.analysis.spoken import SpokenNumbers
from forensics.analysis.text import Token, number

PACKED = frozenset({"strip", "box", "pack"})
_CHAINED = frozenset({"en", "si", "and", "et", "und", "e", "y", "i", "-", "/", "&", "+"})
_LONG = 6  # digits of a telephone number or a code
_LARGE_SUM = re.compile(r"[1-9]\d{3,4}00")  # a round sum of six or seven digits, which may be one of money
_HIGHEST = frozenset({"5", "10"})
_ORDINALS = frozenset({"e", "de", "ste", "nd", "rd", "th"})
_OF_CLASS = frozenset({"st", "nd"})
_PREFIX = 3  # digits that telephone numbers of a town begin with
_SPEAKERS = frozenset({"ik", "je", "jij", "we"})  # behind a verb: "voor twee pak ik negentig"
_LEFT = frozenset({"left", "ubrig", "restants", "restantes", "rimasti", "rimaste"})  # of what is in stock
_PRICE = frozenset({"prijs", "price", "preis", "prix", "precio", "prezzo"})
_HALF = frozenset({"halve", "half", "halber", "moitie", "demi", "meta", "mitad"})
_ALWAYS = {("24", "/", "7"), ("24", "-", "7"), ("7", "/", "7"), ("7", "/", "24"), ("24", "/", "24")}  # open
_DAYS, _MONTHS = 31, 12
_BACK = 8  # atoms from goods to the last of their pairs
_FROM, _UNTIL = frozenset({"from", "van", "von"}), frozenset({"bis", "til", "till", "tot", "until"})
_SHARES = 8  # atoms back from a share to the one before
_ARRONDISSEMENTS = 20  # of Paris
_WEEK, _REACH = 7, 64  # days; atoms looked back
_DOTS = frozenset(".:-")  # behind the number of a sort: "Gelato #33 .... 12,50"
_IN_ORDER = frozenset({"bestellung", "bestelling", "client", "commande", "keer", "klant", "kunde", "order"})
_OCLOCKS = frozenset({"la", "las"})  # before an hour of Spanish
_LATEST = 24  # the last hour of a day
_YEAR, _YEARS_FROM, _YEARS_END = 4, 1900, 2050  # digits; our time
_WEEKS = frozenset({"semaine", "semana", "settimana", "week", "woche"})
_WEEKS_OF_YEAR = 53
_LISTS = frozenset({
    "aanbod", "angebote", "carta", "carte", "kaart", "karte", "lijst", "list", "lista", "liste", "listino",
    "menu", "menukaart", "prices", "prijslijst", "prijzen", "preisliste",
})  # fmt: skip
_ROUND = 50  # sums are in fifties
ONE = frozenset({"una", "uno", "une", "unite", "w7da", "wa7da", "we7da", "wahda"})  # behind the article
_UNTIL_HOUR = frozenset({"7ta", "7tal", "hta", "ta", "tal"})  # in Darija
_HOUSE, _SHORT = 4, 5  # digits; letters of an ending alone
_COUNTED, _LEAST_SUM = "QNMR", 8  # what has a price or is one; what one of an amount costs at least
_OF_STREET = 6  # atoms of the name of a street
_ENDS = frozenset(",;.)\n")
_LIFE = 120  # years
_DIALLED, _SAID_BEFORE = 8, 2  # tokens of the longest telephone number; words before two hours
_OCLOCK = frozenset({"uhr", "uur", "heures"})  # behind two hours: "18 - 4 Uhr"
_WEEKDAYS = frozenset({
    "ma", "di", "wo", "do", "vr", "za", "zo", "mo", "mi", "fr", "sa", "so", "mon", "tue", "tues", "wed",
    "thu", "thur", "thurs", "fri", "sat", "sun", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})  # fmt: skip
_SIGNED = frozenset("+%")  # before a number that counts no goods


class UncountedNumbers(SpokenNumbers):
    """Tells numbers that count something for sale from others."""

    def _no_amount(self, token: Token, used: int) -> int:
        """How many tokens a number takes that counts no goods: a time, a date, a telephone number, a
        percentage.
        """
        following, after = self._token(used), self._token(used + 1)
        previous = self._tokens[self._place - 1] if self._place else None
        long = len(token.text) >= _LONG and token.kind == "n" and token.text.isdigit()
        if long and not self._is_large_sum(token, following):
            return 1
        if previous and previous.text in _SIGNED and token.glued:
            return 1  # "+31", "%82"
        if len(token.text) == _PREFIX and token.text[0] == "0" and token.text.isdigit():
            return 1  # "📍020"
        if following is None:
            return 0
        if following.text in ").":
            opens = following.text == ")" or opens_line(self._place, self._tokens)
            opens = opens and not (previous and previous.text in self._words.equals)
            loose = after is not None and not after.glued
            if following.glued and opens and loose and len(token.text) <= 2 and not self._in_brackets():
                return used + 1
        if following.text in _OF_CLASS and following.glued and self._text(used + 1) == "class":
            return used + 1  # "1st class post"
        if following.text in _ORDINALS and following.glued and self._is_ordinal(used):
            return used + 1
        if self._is_until(token, following) or (
            following.text in _LEFT and not (self._atoms and self._atoms[-1].kind in "PE")
        ):
            return used + 1  # "from 12 till late"; "only 12 left"
        if following.text in self._words.no_amount and following.text not in self._words.units:
            return used + 1
        return self._no_amount_of_two(token, used)

    def _when_or_where(self) -> int:
        """How many tokens are hours, a telephone number or districts."""
        line = self._tokens[self._place : min(self._after, self._place + _DIALLED)]
        previous = self._text(-1)
        found = dials(line, abroad=previous == "+" and line[0].glued) or tells_where(line)
        found = found or self._districts(line, previous)
        if found or (self._atoms and self._atoms[-1].kind in "PEQU"):
            return found
        said = self._tokens[max(0, self._place - _SAID_BEFORE) : self._place]
        is_said = bool(said) and said[-1].kind == "w" and (self._place - 1) not in self._terms
        if tells_until(line[0], [t.text for t in said]):
            return 1
        hours = tells_when(line, [t.text for t in said], is_said=is_said)
        return hours if hours and not self._counts_at(hours) else 0

    def _districts(self, line: Sequence[Token], previous: str) -> int:
        """How many tokens are districts behind a sign for a place, and count nothing."""
        which = tells_which(line, previous)
        return which if which and not self._counts_at(which) else 0

    def _days(self) -> int:
        """How many tokens are days of the calendar and not a sum right behind goods: "wiet 20 t/m 24 dec"."""
        if self._atoms and self._atoms[-1].kind in "PEQU":
            return 0
        named = days(self._tokens, self._place, self._after)
        behind = 0 if named or self._counts_ahead() else days_behind(self._tokens, self._place, self._after)
        return named or behind

    def _is_house(self) -> bool:
        """Whether the number is that of a house: beside a street, and of nothing that it could count."""
        number_ = self._text(0)
        if not number_.isdigit() or len(number_) > _HOUSE:
            return False
        waits = self._is_sum_of_amount(int(number_))
        if opens_street((self._text(1), self._text(2))):
            return not waits
        street = self._tokens[self._place - 1] if self._place else None
        if street is None or self._counts_ahead() or not self._atoms:
            return False
        if street.kind == "w" and len(street.text) > _SHORT and is_street(street.text):
            return True  # not "philipp plein 4"
        said = self._words_before()
        behind = self._token(1)
        return is_behind_street(said, ends=not waits and (behind is None or behind.text in _ENDS))

    def _is_sum_of_amount(self, value: int) -> bool:
        """Whether an amount before has no price yet that the number may be: "coke 1g 50 rue Oberkampf"."""
        last = next((a for a in reversed(self._atoms[-_REACH:]) if a.kind in _COUNTED), None)
        return last is not None and last.kind == "Q" and value >= _LEAST_SUM * max(last.value, 1.0)

    def _words_before(self) -> list[str]:
        """The words and points right before, back to anything else."""
        said: list[str] = []
        for atom in reversed(self._atoms[-_OF_STREET:]):
            if atom.kind != "W" and atom.text != ".":
                break
            said.append(atom.text)
        return said[::-1]

    def _is_large_sum(self, token: Token, following: Token | None) -> bool:
        """Whether a long number is a round sum, behind an amount and before a word for money of more than a
        letter: "100 kg 350000 euro".
        """
        if following is None or following.text not in self._words.currencies:
            return False
        sold = any(a.kind in "QU" for a in self._atoms[-2:])
        named = following.kind == "s" or len(following.text) > 1
        return sold and named and _LARGE_SUM.fullmatch(token.text) is not None

    def _no_amount_of_two(self, token: Token, used: int) -> int:
        """The same of two numbers: "20:30", "08/11", "24/7", "2/5."."""
        between, after = self._token(used), self._token(used + 1)
        if between is None or after is None or after.kind != "n":
            return 0
        previous = self._tokens[self._place - 1] if self._place else None
        timed = between.text == ":" and between.glued and after.glued and not self._is_pair(used)
        signed = self._token(used + 2)  # "1:12€ 5:50€"
        timed = timed and not (signed and signed.glued and signed.text in self._words.currencies)
        timed = timed or (between.text in "-/" and _are_hours(token.text, after.text))
        behind = between.text == "-" and not self._counts_at(used + 2)
        timed = timed or (behind and (self._text(used + 2) in _OCLOCK or self._is_of_weekday(token, after)))
        if between.text == "/" and previous:
            timed = timed or self._is_day(token, previous, after)
            timed = timed or (previous.text in ".!?," and self._is_mark(used + 1))
        if timed and between.text == ":" and self._has_seconds(used + 2):
            return used + 4
        return used + 2 if timed or (token.text, between.text, after.text) in _ALWAYS else 0

    def _counts_at(self, ahead: int) -> bool:
        """Whether a unit, a currency or goods stand there."""
        text = self._text(ahead)
        named = (self._place + ahead) in self._terms
        return named or self._words.counts(text) or text in self._words.currencies

    def _is_of_weekday(self, first: Token, last: Token) -> bool:
        """Whether a day of the week stands before two numbers that may be hours: "Mo-Do 14-22"."""
        hours = [number(token.text) or _LATEST + 1 for token in (first, last)]
        return self._text(-1) in _WEEKDAYS and all(hour <= _LATEST and hour % 1 == 0 for hour in hours)

    def _is_until(self, token: Token, following: Token) -> bool:
        """Whether words on both sides of an hour say that it is one from which on to another: "from 12 till
        late".
        """
        said = following.text in _UNTIL and self._text(-1) in _FROM
        return said and (number(token.text) or _LATEST + 1) <= _LATEST

    def _has_seconds(self, ahead: int) -> bool:
        """Whether another colon and number follow: "22:20:36"."""
        return self._text(ahead) == ":" and is_number(self._token(ahead + 1))

    def _is_pair(self, used: int) -> bool:
        """Whether the colon stands between an amount and its price: behind goods, beside another pair."""
        sold = any(a.kind == "P" for a in self._atoms[-_BACK:])
        ahead = (
            self._text(used + 3) == ":"
            and is_number(self._token(used + 2))
            and is_number(self._token(used + 4))
        )
        return sold and (ahead or ":" in [a.text for a in self._atoms[-3:]])

    def _is_day(self, token: Token, before: Token, month: Token) -> bool:
        """Whether two numbers about a slash are a day and a month, behind a word on a line without goods."""
        day, of = number(token.text) or 0, number(month.text) or 0
        fits = _MONTHS < day <= _DAYS and 1 <= of <= _MONTHS and not (day % 1 or of % 1) and month.glued
        worded = before.kind == "w" and before.text not in self._words.marks
        worded = worded or (before.kind in "ls" and self._is_plain(3))
        return fits and worded and not any(a.kind in "PQNM" for a in self._atoms) and self._text(3) != "/"

    def _is_plain(self, ahead: int) -> bool:
        """Whether an ordinary word stands there: "🥂 31/12 rijden wij"."""
        word = self._token(ahead)
        return (
            word is not None
            and word.kind == "w"
            and word.text.isalpha()
            and word.text not in self._words.marks
        )

    def _is_year(self, token: Token) -> bool:
        """Whether four digits are those of a year: of our time, no round sum, and nothing beside them makes
        them a sum or an amount: "in 1998", "le 22 décembre 1992".
        """
        year = _year(token)
        if year is None or year > _YEARS_END:
            return False
        if self._is_of_life(year):
            return True
        if year <= _YEARS_FROM:
            return False
        before = self._tokens[self._place - 1].text if self._place else ""
        sells = (self._words.currencies, self._words.equals, self._words.fixed, self._words.units)
        beside = any(word in words for words in sells for word in (before, self._text(1)))
        return year % _ROUND > 0 and not beside

    def _is_of_life(self, year: int) -> bool:
        """Whether two years stand side by side, as those of a life or a war: "(1803-1882)"."""
        joints = (self._token(1), self._token(2)), (self._token(-1), self._token(-2))
        for joint, beside in joints:
            other = _year(beside)
            if joint is None or joint.text != "-" or other is None:
                continue
            if (other % _ROUND or year % _ROUND) and abs(other - year) <= _LIFE:
                return True
        return False

    def _is_mark(self, ahead: int) -> bool:
        """Whether the highest mark ends the sentence that gives one: "... no help. 2/5."."""
        return self._text(ahead) in _HIGHEST and self._text(ahead + 1) in ("", ".", "!")

    def _is_numbered(self, token: Token, value: float) -> int:
        """1 for a number that says which or when: "sector 3", "om 8", the 10 of "strips van 10"; else 0."""
        place, words = self._place, self._words
        before = [t.text for t in self._tokens[max(0, place - 3) : place]]
        if not before or self._is_priced():
            return 0
        following = self._text(1)
        if [a.kind for a in self._atoms[-3:] if a.kind != "O"][-2:] == ["P", "N"] and before[
            -1
        ] in words.shares:
            return 0  # "ketje half 15"
        if before[-1] in words.shares and self._is_second_share():
            return 0  # "kwart 8, half 15": the share was read as what is sold
        if before[-2:] == ["dopo", "le"] and value <= _LATEST and not self._counts_ahead():
            return 1  # "dopo le 20"
        if self._is_which(before[-1], value):
            return 1
        if before[-1] == "alle" and following in ("dan", "dann"):
            return 0  # "neem je alle 3 dan 100"
        if before[-1] in words.times and value <= _LATEST and not self._counts_ahead():
            return 0 if before[-1] == "at" and self._atoms[-2:-1] and self._atoms[-2].kind in "QPN" else 1
        chained = bool(self._atoms[-2:-1]) and self._atoms[-2].kind == "X" and before[-1] in _CHAINED
        if chained and before[-3:-2] and (before[-3] in words.numbered or before[-3] in words.times):
            return 1
        if len(before) > 1 and words.units.get(before[-2]) == "pack" and following in words.equals:
            return 0  # "zakje van 3 = 25": what is in the bag is sold
        packed = len(before) > 1 and words.units.get(before[-2], "") in PACKED
        ends = following in words.currencies or words.units.get(following) in PACKED  # "strip of 5 strips"
        ends = ends or words.units.get(following) == "g"  # "zakje van 5 g 45"
        return int(packed and before[-1] in HOLDING and not ends)

    def _is_which(self, before: str, value: float) -> bool:
        """Whether the word or sign before a number makes it that of something: "sector 3", "Gelato #33",
        "le coffre du 59", "7j/7".
        """
        if before in self._words.numbered:
            return self._text(1) not in self._words.currencies
        if before in _WEEKS and value <= _WEEKS_OF_YEAR and self._is_of_list():
            return True
        week = before == "/" and value == _WEEK and [self._text(-3), self._text(-2)] == ["7", "j"]
        if self._counts_ahead():
            return week
        named = before == "#" and self._text(-2).isalpha() and self._text(1) in _DOTS
        alone = not any(a.kind in "PQUNM" for a in self._atoms[-_REACH:])
        return named or week or (before == "du" and value > _LATEST and alone)

    def _is_of_list(self) -> bool:
        """Whether a word for a list stands before that for a week, or nothing on its line, and no amount is
        made of the number: "MENU week 23", no "diese woche 10g koks".
        """
        said, behind = self._text(-2), self._token(1)
        opens = said in _LISTS or opens_line(self._place - 1, self._tokens)
        sold = behind is not None and (behind.kind == "n" or behind.text in self._words.marks)
        named = behind is not None and behind.text.isalpha() and (self._place + 1) in self._terms
        return opens and not (sold or named)

    def _is_second_share(self) -> bool:
        """Whether a share of something was read right before, behind another with its price."""
        read = [a for a in self._atoms[-_SHARES:] if a.kind != "O"][-3:]
        first = read[0] if [a.kind for a in read] in (["N", "N", "N"], ["N", "M", "N"]) else None
        return first is not None and 0 < first.value < 1

    def _is_priced(self) -> bool:
        """Whether a sign of money stands before the number."""
        return self._tokens[self._place - 1].text in self._words.currencies

    def _counts_ahead(self) -> bool:
        """Whether what follows the number makes it an amount or a price."""
        words, following = self._words, self._text(1)
        known = words.counts(following) or following in words.currencies or following in words.per
        there = following == "da" and self._text(-1) == "in"  # "bin in 20 da"
        loose = following == "for" and not self._is_sum_at(2)  # "before 6 for same day"
        joins = (following in words.equals and not (there or loose)) or following == "k"  # "half 15k"
        return known or (self._place + 1) in self._terms or joins

    def _in_brackets(self) -> bool:
        near = self._tokens[max(0, self._place - 6) : self._place]
        return any(t.text == "(" for t in near)

    def _measures(self, ahead: int) -> bool:
        """Whether the word at this place is a unit; the "l" of "l'unité" and "60 l gram" is an article."""
        text = self._text(ahead)
        if text == "pak" and self._text(ahead + 1) in _SPEAKERS:
            return False
        if text == "q" and self._text(ahead - 2) in _OCLOCKS:
            return False  # of Spanish: "antes de las 9 q luego me voy"
        return self._is_litre(ahead) if text == "l" else self._words.counts(text)

    def _is_litre(self, ahead: int) -> bool:
        """Whether the letter is no article or word for "to": "l'unité", "60 l gram", "l una", "100 l 10g"."""
        behind, counted = self._text(ahead + 1), self._words.counts(self._text(ahead + 2))
        if behind == "'" or behind in ONE or self._words.counts(behind):
            return False
        per = self._text(-1) in self._words.per
        if ahead == 0 and not per and (behind.isalpha() or self._text(-1) in self._words.currencies):
            return False  # "l bida 600", "200dh l 9lem"
        amount = counted and is_number(self._token(ahead + 1)) and self._text(ahead + 2) != "l"
        return not (amount and ahead) and self._text(ahead - 1) not in _UNTIL_HOUR

    def _is_ordinal(self, used: int) -> bool:
        """Whether "1e" says which: "1e kwaliteit", "2e gram halve prijs", "tot de 28e"."""
        behind = self._token(used + 1)
        ahead = {self._text(used + place) for place in (1, 2, 3)}
        district = self._text(-1) == "du" and (number(self._text(0)) or 0.0) <= _ARRONDISSEMENTS  # "du 5e"
        if district or (ahead & _PRICE and ahead & _HALF) or self._text(-1) == "de":
            return True
        word = behind is not None and behind.kind == "w" and behind.text.isalpha()
        known = self._text(used + 1) in self._words.marks or (self._place + used + 1) in self._terms
        few = self._text(0) in ("1", "2", "3") or self._text(used + 1) in _IN_ORDER
        return few and word and not known


def _year(token: Token | None) -> int | None:
    """The number that four digits make; None for anything else."""
    written = token is not None and len(token.text) == _YEAR and token.text.isascii() and token.text.isdigit()
    return int(token.text) if token is not None and written else None


def _are_hours(first: str, second: str) -> bool:
    """Whether two numbers about a dash are hours: one has a zero in front ("18-03", "12.00-01.00")."""
    hours = [re.fullmatch(r"(\d\d)(?:[.,]([0-5]\d))?", text) for text in (first, second)]
    if not all(hours) or not any(text[0] == "0" for text in (first, second)):
        return False
    return all(int(found[1]) <= _LATEST for found in hours if found)
