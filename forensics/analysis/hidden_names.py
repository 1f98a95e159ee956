"""Names of goods without their vowels or written backwards, in a list of such: "ktmn 1g 30", "tek 1g 30".

One such word may be anything. Without its vowels it is read as a name only where it opens an entry before
its number, and another one does so too, or a sure name stands in the message and this one is long or has
invisible characters among its letters; two letters ("wd") only beside two longer ones, or where three words
stand so, one of them longer. Backwards a short or ordinary name is read only where a sure one is written so
too ("ekoc").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.mistyped import openings, renamed
from forensics.analysis.spelling import REPEATED
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

UNVOWELLED, REVERSED = "unvowelled", "reversed"
_VOWELS = frozenset("aeiou")
_NAMES = (
    *("cocaine", "cocaina", "kokain", "koks", "coca", "coke", "ketamine", "ketamina", "ketamin", "keta"),
    *("mdma", "speed", "amphetamine", "amphetamin", "amfetamine", "anfetamina", "hasj", "hasch", "hash"),
    *("haschisch", "hachis", "weed", "wiet", "gras", "marihuana", "marijuana", "heroine", "heroina"),
    *("pillen", "pills", "pilules", "taz", "beuh", "shit", "ecstasy", "extasis", "crystal", "crack"),
    *("cannabis", "skunk", "farlopa", "hierba", "tramadol", "diazepam", "oxazepam", "temazepam", "xanax"),
    *("zolpidem", "lyrica", "rivotril", "oxycodon", "methadon", "viagra", "kamagra", "lachgas"),
)
_SHORT = 2  # letters of a name that says little without its vowels
_LONG = 4  # letters of one that is read beside a sure name
_OTHERS = 2  # names of more letters beside one of two; or names without vowels where none is sure
_TURNED = 3  # letters of a name that is read backwards beside another
_NOT_MEANT = frozenset({"mdm"})  # alone it is another word


def with_hidden_names(
    tokens: list[Token], terms: list[Term], lexicon: Lexicon
) -> tuple[list[Token], list[Term]]:
    """Tokens and terms with such names as they are meant; the terms say so."""
    sure = {place for t in terms if t.entry.grade > 1 for place in range(t.first, t.after)}
    open_ = [place for place in openings(tokens) if place not in sure]
    if not open_:
        return tokens, terms
    if any(REVERSED in t.fired for t in terms):
        tokens, terms = renamed(tokens, terms, _turned(tokens, open_, lexicon), lexicon, REVERSED)
    return renamed(tokens, terms, _unvowelled(tokens, open_, sure), lexicon, UNVOWELLED)


def _turned(tokens: Sequence[Token], places: Iterable[int], lexicon: Lexicon) -> dict[int, str]:
    """The names that are written backwards there, ordinary words too."""
    words = ((place, tokens[place].text[::-1]) for place in places if len(tokens[place].text) >= _TURNED)
    names = lexicon.first_words
    return {place: word for place, word in words if any(not entry.rest for entry in names.get(word, ()))}


def _unvowelled(tokens: Sequence[Token], places: Iterable[int], sure: set[int]) -> dict[int, str]:
    """The names that stand there without their vowels."""
    known = _without_vowels()
    found = {place: name for place in places if (name := _name_of(tokens[place].text, known))}
    several = {tokens[place].text for place in found if len(tokens[place].text) > _SHORT}
    if len(several) >= _OTHERS or (several and len({tokens[place].text for place in found}) > _OTHERS):
        return found
    return {place: name for place, name in found.items() if sure and _is_plain(tokens[place])}


def _name_of(text: str, known: Mapping[str, str]) -> str:
    return known.get(text) or known.get(REPEATED.sub(r"\1\1", text), "")


def _is_plain(token: Token) -> bool:
    """Whether the word can be read beside a sure name: it is long, or invisible characters stand in it."""
    hidden = token.end - token.start > len(token.text) > _SHORT
    return token.text not in _NOT_MEANT and (hidden or len(token.text) >= _LONG)


@cache
def _without_vowels() -> dict[str, str]:
    """Each name without its vowels, and the name; none that is a name itself, or counts or measures."""
    made = ((word, name) for name in reversed(_NAMES) for word in _forms(name))
    return {w: n for w, n in made if w not in _NAMES and not vocabulary().is_amount_word(w)}


def _forms(name: str) -> Iterator[str]:
    """The name without vowels, and with only its first or its last letter where that is one."""
    inner = "".join(c for c in name[1:-1] if c not in _VOWELS)
    for first in {name[0], "" if name[0] in _VOWELS else name[0]}:
        for last in {name[-1], "" if name[-1] in _VOWELS else name[-1]}:
            if len(word := first + inner + last) >= _SHORT:
                yield word
