"""Names written so as to be missed: with signs for letters, parted, repeated, turned round, misspelled.

Source: detection rules, normalisation steps 4 to 8.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise, product

from forensics.analysis.text import Token

# Signs used for letters (detection rules, normalisation step 5).
_ASCII = {code: chr(code) for code in range(128)}
LEET = _ASCII | str.maketrans("013457@$!€¥", "oieastasiey")
LEET_L = _ASCII | str.maketrans("013457@$!€¥", "oleastasley")
_LEET_B = LEET | str.maketrans("8", "b")
SIGNS = frozenset("@$!€¥0|")
PARTING = frozenset(".-_*'·•/~")
_SHORTEST_ALIKE = 4  # letters of an ordinary word in look-alikes
_BESIDE = 4  # tokens beside a word of another script
_OF_CODE = 3  # pieces of a name that begins with a number and has its letters apart
_ELIDED = 2  # pieces of a word behind an article cut short
_ELIDING = frozenset("cdjlmnst")  # those articles and the like: "l'exo", "d'amphi"
REPEATED = re.compile(r"(\w)\1+")
_STRETCHED = re.compile(r"(\w)\1\1+")
_TO_NUMBER = frozenset("-=:")  # between a name and its number
_MOST_RUNS = 3  # of repeated letters in a word of which each is tried once and twice
_SHORTEST_WRITTEN = 4  # of a word that begins with a digit for a letter
_OPENING = frozenset("0145")  # digits for the first letter of a name
_OF_DARIJA = frozenset("379")  # digits that are letters of Darija
LOOK_ALIKE = ("look-alike",)
MISSPELLED = "misspelled"  # what is said of a name with an error, which hides nothing
# ways of writing that are looked for beside a number only, with what they are called
BESIDE_NUMBERS = {"reversed": "reversed", "stretched": "inflected", "opened": "leet"}
TURNED = ("coke", "hasj", "speed", "haze", "polm")  # street names that are written backwards
# Long names whose misspellings (one letter more, less, other or swapped) are looked for; the commonest ones
# only, so that no ordinary word lies one letter away.
SPELLED = [
    *("cocaine", "kokaine", "ketamine", "amfetamine", "amphetamine", "heroine", "oxycodon"),
    *("oxycodone", "tramadol", "diazepam", "oxazepam", "temazepam", "lorazepam", "alprazolam"),
    *("zopiclon", "zopiclone", "zolpidem", "pregabaline", "pregabalin", "marihuana", "marijuana"),
    *("ecstasy", "hasjiesj", "lachgas", "fentanyl", "methadon", "kamagra", "methamfetamine"),
    *("mephedrone", "mefedron", "clonazepam", "codeine", "morfine", "ritalin", "cocain", "cannabis"),
]
NOT_MISSPELLED = frozenset(
    ["vitamine", "lachgat", "morfing", "codeline", "marinana", "lachgassen", "lachgast"]
)


def plainly(text: str) -> tuple[str, str]:
    """The text with letters for the signs and digits in it, in both ways that are usual."""
    return text.translate(LEET), text.translate(LEET_L)


def plainly_inside(text: str) -> str:
    """The same behind its first character, which is a letter, of Darija too: "gh8", "7ch1ch"."""
    opens = text[0].isalpha() or text[0] in _OF_DARIJA
    return text[0] + text[1:].translate(_LEET_B) if opens else text


class Beginnings:
    """Says whether one of some words begins so, in a tenth of the memory that all their beginnings take."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)

    def __contains__(self, letters: str) -> bool:
        place = bisect_left(self._words, letters)
        return bool(letters) and place < len(self._words) and self._words[place].startswith(letters)


def is_numbered(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number stands beside the word: only there is a word read backwards."""
    beside = (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2])
    return any(token.kind == "n" or token.text[:1].isdigit() for token in beside)


def joined_places(tokens: Sequence[Token]) -> set[int]:
    """The places of tokens that may be pieces of a word with the next: nothing between, or single letters."""
    return {
        place
        for place, (token, following) in enumerate(pairwise(tokens))
        if (following.glued or (len(token.text) == 1 and len(following.text) == 1))
        and _may_join(tokens, place)
    }


def in_run(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token is a letter in the middle of a word whose letters are parted by signs."""
    if place < 2 or not tokens[place].glued or not tokens[place - 1].glued:
        return False
    return (
        tokens[place - 1].text in PARTING
        and len(tokens[place].text) == 1 == len(tokens[place - 2].text)
        and tokens[place].kind == tokens[place - 2].kind == "w"
    )


def _may_join(tokens: Sequence[Token], place: int) -> bool:
    """Whether these two tokens can be pieces of one word by what they are."""
    token, following = tokens[place], tokens[place + 1]
    if token.kind in "sl" and token.text not in SIGNS:
        return False
    if following.kind == "s" and following.text in PARTING:
        return is_parting(tokens, place + 1)
    return following.kind not in "sl" or following.text in SIGNS


def is_parting(tokens: Sequence[Token], place: int) -> bool:
    """Whether the sign parts pieces of one word: written against both, or a point apart from two letters."""
    if place + 1 >= len(tokens):
        return False
    before, sign, behind = tokens[place - 1 : place + 2]
    if sign.glued:
        return behind.glued
    return sign.text in ".|" and not behind.glued and len(before.text) == len(behind.text) == 1


def is_bar(tokens: Sequence[Token], place: int) -> bool:
    """Whether a bar stands apart between two tokens; against a letter it is one: "p|l"."""
    apart = tokens[place].text == "|" and not tokens[place].glued
    return apart and place + 1 < len(tokens) and not tokens[place + 1].glued


def in_alphabet(word: str) -> bool:
    return word in "abcdefghijklmnopqrstuvwxyz"


def stretched(text: str) -> bool:
    """Whether a letter stands three times in a row."""
    return any(len(m.group()) >= 3 for m in REPEATED.finditer(text))


def squeezed(text: str) -> tuple[str, ...]:
    """The words that a stretched one may be: with each repeated letter twice, once, or once where it stands
    more often than twice ("snelleeee"), and each letter for itself ("pillllennn").
    """
    plain = REPEATED.sub(r"\1\1", text), REPEATED.sub(r"\1", text), _STRETCHED.sub(r"\1", text)
    runs = list(REPEATED.finditer(text))
    if not 1 < len(runs) <= _MOST_RUNS:
        return plain
    mixed = (_with_runs(text, runs, times) for times in product((2, 1), repeat=len(runs)))
    return tuple(dict.fromkeys((*plain, *mixed)))


def _with_runs(text: str, runs: Sequence[re.Match[str]], times: Sequence[int]) -> str:
    """The word with each run of a letter as so many of it."""
    made, after = "", 0
    for run, many in zip(runs, times, strict=True):
        made += text[after : run.start()] + run[1] * many
        after = run.end()
    return made + text[after:]


def is_written_with_digits(text: str) -> bool:
    """Whether digits may stand for letters in a word: behind a letter too where it begins with one
    ("5p33d", not "5pil")."""
    if not text[0].isdigit():
        return True
    letters = text.lstrip("0123456789")
    behind = any(c.isdigit() for c in letters) or stretched(letters)
    return len(text) >= _SHORTEST_WRITTEN and sum(c.isalpha() for c in text) > 1 and behind


def one_away(name: str) -> set[str]:
    """Every word one letter away that begins with the same letter."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = set()
    for i in range(1, len(name) + 1):
        found.add(name[:i] + name[i + 1 :])
        if i < len(name) - 1:
            found.add(name[:i] + name[i + 1] + name[i] + name[i + 2 :])
        for letter in letters:
            found.add(name[:i] + letter + name[i:])
            found.add(name[:i] + letter + name[i + 1 :])
    found.discard(name)
    return found


def is_as_written(tokens: Sequence[Token], place: int, after: int, pieces: Sequence[str]) -> bool:
    """Whether pieces are no word broken by signs: one alone, with a sign of the sentence at its end ("wir!"
    is no "wiri"), behind a number, or behind an article cut short ("l'exo" is no "lexo").
    """
    last = tokens[after - 1].text
    if len(pieces) < _ELIDED or last in PARTING or last == "!":
        return True
    if tokens[place].kind == "n":
        return len(pieces) < _OF_CODE or not _are_apart(tokens[place:after], pieces)  # "4.m.m.c"
    return len(pieces) == _ELIDED and pieces[0] in _ELIDING and tokens[place + 1].text == "'"


def is_spelled_with_digits(tokens: Sequence[Token], after: int, letters: str) -> bool:
    """Whether digits may stand for letters of a word whose letters are parted and end before ``after``:
    inside it; at its end, or in one of three letters, before an amount only ("m d m 4 1g", "k 3 t 1g").
    """
    inside = any(c.isdigit() for c in letters[1:-1])
    if len(letters) < _SHORTEST_WRITTEN:
        return inside and letters[-1].isalpha() and _is_amount(tokens, after)
    return inside if letters[-1].isalpha() else _is_amount(tokens, after)


def is_amount_apart(tokens: Sequence[Token], place: int) -> bool:
    """Whether the digit at this place, the last of a run of parted letters, is a letter as they are: what
    follows is a number that stands further off, or one with its unit ("k 3 t 4 1g").
    """
    if not tokens[place].text.isdigit() or place + 1 >= len(tokens) or place == 0:
        return True
    behind = tokens[place + 1 : place + 3]
    further = behind[0].start - tokens[place].end > tokens[place].start - tokens[place - 1].end
    united = len(behind) > 1 and behind[1].glued and behind[1].kind == "w"
    return behind[0].text[:1].isdigit() and (further or united)


def _is_amount(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number stands there, or behind one sign."""
    at += at < len(tokens) and tokens[at].text in _TO_NUMBER
    return at < len(tokens) and tokens[at].text[:1].isdigit()


def _are_apart(run: Sequence[Token], pieces: Sequence[str]) -> bool:
    """Whether all pieces are single letters or digits, with a space between each two or the same sign."""
    if any(len(piece) > 1 for piece in pieces):
        return False
    signs = {token.text for token in run[1::2]}
    signed = len(run) == 2 * len(pieces) - 1 and len(signs) == 1 and "'" not in signs
    return signed or (len(run) == len(pieces) and not any(token.glued for token in run[1:]))


def is_hidden_word(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word in look-alikes hides a Latin one: a Latin word stands near, or in the entries beside it
    where its number is behind. Among words of its own script it is just one of them.
    """
    word = tokens[place].alias or ""
    if len(word) >= _SHORTEST_ALIKE and _is_among_latin(tokens, place, _BESIDE):
        return True
    return len(word) > 2 and _is_amount(tokens, place + 1) and _is_among_latin(tokens, place, 2 * _BESIDE)


def _is_among_latin(tokens: Sequence[Token], place: int, beside: int) -> bool:
    near = tokens[max(0, place - beside) : place + beside + 1]
    return any(t.kind == "w" and len(t.text) > 1 and t.text.isascii() and t.text.isalpha() for t in near)


def opened_with_digit(text: str) -> str:
    """The word with a letter for the digit that begins it; "" where it is no digit before letters."""
    hidden = text[0] in _OPENING and text[1:].isalpha() and len(text) >= _SHORTEST_WRITTEN
    plain = text[0].translate(LEET) + text[1:] if hidden else ""
    return plain if plain.isalpha() else ""


def match_rest(tokens: Sequence[Token], place: int, rest: Sequence[str], *, tight: bool) -> int:
    """The place after the term when its other words follow, in look-alikes or with signs for letters too;
    signs between the words may be there or not.
    """
    at = place + 1
    for word in rest:
        joined = at < len(tokens) and tokens[at].glued
        if at < len(tokens) and tokens[at].kind == "s" and tokens[at].text in PARTING and joined:
            at += 1
            joined = at < len(tokens) and tokens[at].glued
        used = _used(tokens, at, word)
        if not used or (tight and not joined):
            return 0
        at += used
    return at


def _used(tokens: Sequence[Token], at: int, word: str) -> int:
    """How many tokens from here on are the word; 0 when it does not stand there."""
    if at >= len(tokens):
        return 0
    if word in (tokens[at].text, tokens[at].alias):
        return 1
    if at + 1 >= len(tokens) or tokens[at + 1].text not in SIGNS or not tokens[at + 1].glued:
        return 0
    written, after = tokens[at].text, at + 1
    while after < len(tokens) and tokens[after].glued and len(written) < len(word):
        written += tokens[after].text
        after += 1
    return after - at if word in plainly(written) else 0


def how_written(tokens: Sequence[Token]) -> tuple[str, ...]:
    """In which way words of a term are written: in letters that look like others, with signs for letters."""
    if any(t.alias not in (None, "mixed-script") for t in tokens):
        return LOOK_ALIKE
    return ("leet",) if any(t.text in SIGNS and t.kind == "s" for t in tokens) else ()


def letter_of(token: Token) -> str:
    """The text of a token; of one letter the Latin one that it looks like."""
    return token.alias if token.alias and len(token.text) == 1 == len(token.alias) else token.text
