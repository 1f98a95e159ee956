"""Text as people write it to text that can be looked up, with the way back to every original character.

Steps (in this order): NFKD without combining marks and case folding; invisible characters dropped; styled
alphabets (small capitals, squared letters) to plain letters; look-alike letters of other scripts inside a
word (Unicode TR39 confusables, the letters that occur in Latin words); letters parted by spaces or
points; digits and signs used for letters; repeated letters. The first three are done here for the whole
text, the others where a word is looked up (``lexicon.py``), because they lower its certainty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

# Letters that NFKD leaves alone although a Latin keyboard writes them plain.
_PLAIN = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ß": "ss",
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "×": "x",
    "✕": "x",
    "✖": "x",
    "⁄": "/",
    "∕": "/",
    "➡": "→",
    "➜": "→",
    "➔": "→",
    "™": " ",
    "®": " ",
    "｡": ".",
    "·": "•",
    "●": "•",
    "▪": "•",
    "◾": "•",
    "◽": "•",
    "🔹": "•",
    "🔸": "•",
    "ᴀ": "a",
    "ʙ": "b",
    "ᴄ": "c",
    "ᴅ": "d",
    "ᴇ": "e",
    "ғ": "f",
    "ꜰ": "f",
    "ɢ": "g",
    "ʜ": "h",
    "ɪ": "i",
    "ᴊ": "j",
    "ᴋ": "k",
    "ʟ": "l",
    "ᴍ": "m",
    "ɴ": "n",
    "ᴏ": "o",
    "ᴘ": "p",
    "ǫ": "q",
    "ʀ": "r",
    "ꜱ": "s",
    "ᴛ": "t",
    "ᴜ": "u",
    "ᴠ": "v",
    "ᴡ": "w",
    "ʏ": "y",
    "ᴢ": "z",
    "₿": "btc",
    "﹣": "-",
    "🔟": "10",
}
# and the digits of Arabic and of Persian
_PLAIN |= {chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
# Unicode TR39: characters of other scripts that look like these Latin letters (folded form on the right).
_LOOK_ALIKE = dict(
    zip(
        "аАвВсСеЕнНіІјЈкКмМоОрРѕЅтТуУхХԁԛԝӏгпѡѵ"
        + "αΑβΒεΕΗιΙκΚΜΝνοΟρΡτΤυΥΧχΖγω"
        + "օսԍհոսց"
        + "ɑƙєησϲ"
        + "ᎪᏴᏟᎬᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᏃ",
        "aabbcceehhiijjkkmmooppssttyyxxdqwlrnwv"
        + "aabbeehiikkmnvooppttuyxxzyw"
        + "oughnug"
        + "akenoc"
        + "abcehijklmprstvz",
        strict=True,
    )
)
# Letters of the table above that are Latin ones in another style: small capitals.
_STYLED: frozenset[str] = frozenset("ᴀʙᴄᴅᴇғꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ")
_OF_EMOJI = frozenset("\ufe0e\ufe0f\u20e3")
_SIGNS = 0x2000  # characters beyond it are signs and emoji, but for other scripts
_SOFT_HYPHEN = "\u00ad"
_STYLES = ("<font>", "<circle>", "<square>", "<wide>", "<super>", "<sub>")  # of letters and digits
_FRACTIONS = frozenset("¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")
_MOST_DIGITS = 9  # of a whole number
_KEYCAP = "\u20e3"
_SKIN = range(0x1F3FB, 0x1F400)
# Negative squared and circled letters; A, B, O and P are emoji too and letters only beside another such
# letter.
_SQUARED = {chr(base + i): chr(ord("a") + i) for base in (0x1F150, 0x1F170) for i in range(26)}
_EMOJI_LETTERS = frozenset("🅰🅱🅾🅿")
_STYLED |= _SQUARED.keys()
# A digit means another thing before a keycap only: without one, ASCII folds in whole stretches.
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ANY = re.compile(r".", re.DOTALL)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\d+x(?=\d+[.,]\d)|[^\W_]+|\n|[^\w\s]|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text in its form for looking up; ``origins`` holds for each character its place in the original, and
    behind them its end.
    """

    original: str
    text: str
    origins: tuple[int, ...] | None  # None: the same places (ASCII)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of folded characters ``start`` to ``end``."""
        origins = self.origins
        if origins is None or end <= start:
            return start, end
        last, after = origins[end - 1], origins[end]
        # Invisible characters behind the last letter stay outside, those that belong to an emoji inside.
        while after > last + 1 and self.original[after - 1] not in "\ufe0f\u20e3":
            after -= 1
        return origins[start], after if after > last else last + 1


class Token(NamedTuple):
    """A word, number, sign or line end; places are those in the original text."""

    text: str
    start: int
    end: int
    kind: str  # w word (also mixed with digits), n number, s sign or emoji, l end of line
    glued: bool  # nothing between it and the token before
    alias: str | None = None  # the word in Latin letters, when it is written in look-alikes only


_TOKEN_OF = partial(tuple.__new__, Token)  # all six fields as one tuple: half the time of Token(...)


class _FoldTable(dict[int, str]):
    """For ``str.translate``: each character's folded form, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        self[code] = folded
        return folded


def fold_character(character: str) -> str:
    """One character in folded form: several, one, or none when it is invisible or a combining mark."""
    if character.isascii():
        return character.lower()
    if character in _PLAIN:
        return _PLAIN[character]
    if character in _FRACTIONS:
        return character
    if character in _SQUARED and character not in _EMOJI_LETTERS:
        return _SQUARED[character]
    if ord(character) in _SKIN or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""
    wide = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_PLAIN.get(c, c) for c in wide if unicodedata.category(c) not in ("Mn", "Me", "Cf"))


FOLD_TABLE = _FoldTable()


_ENDING_O = re.compile(r"\d[oо]")
_ZEROS = re.compile(
    r"(?<=\d)[oо]{1,3}(?= ?(?:€|£|\$|,-|euro{1,9}s?\b|quid\b|zl\b|lei\b)"
    r"| ?(?:/|\||\n|\Z)|[,;] | ?(?:gr?|gram|st|stk|ml)\b)"
)
# Three or more letters, or digits between two of them, each parted from the next by the same sign: "k;e;t".
_APART = re.compile(r"(?<!\w)[^\W\d_]([;,:|+=^#\\⋅])[^\W_](?:\1[^\W_])*\1[^\W\d_](?!\w)")


def fold(text: str) -> Folded:
    """The folded text with the way back; ASCII keeps its places."""
    if text.isascii():
        return Folded(original=text, text=_read(text.lower()), origins=None)
    pieces: list[str] = []
    origins: list[int] = []
    after = 0
    keycaps = _KEYCAP in text
    for found in (_ANY if keycaps else _NOT_ASCII).finditer(text):
        place = found.start()
        pieces.append(text[after:place].lower())
        origins.extend(range(after, place))
        after = place + 1
        character = found.group()
        meant = _in_context(text, place) if keycaps or character in _EMOJI_LETTERS else None
        folded = meant or FOLD_TABLE[ord(character)]
        pieces.append(folded)
        origins.extend([place] * len(folded))
    pieces.append(text[after:].lower())
    origins.extend(range(after, len(text) + 1))
    return Folded(original=text, text=_read("".join(pieces)), origins=tuple(origins))


def _read(text: str) -> str:
    """With noughts, and letters that are parted by a sign that parts none elsewhere, as they are read; no
    place changes."""
    return _APART.sub(lambda found: found.group().replace(found[1], "."), _with_zeros(text))


def _with_zeros(text: str) -> str:
    """With the letter o, of Cyrillic too, read as zero where it ends a sum: "3o,-", "16o€", "1g 5o"."""
    return _ZEROS.sub(lambda found: "0" * len(found.group()), text) if _ENDING_O.search(text) else text


def _in_context(text: str, place: int) -> str | None:
    """What a character means because of its neighbours: a numbered bullet, a squared letter in a word."""
    character = text[place]
    if character.isdigit() and _KEYCAP in text[place + 1 : place + 3]:
        is_bullet = _opens_line(text, place) and _KEYCAP not in text[place + 3 : place + 6]
        return "•" if is_bullet and _is_followed(text, place + 1) else character
    if character in _EMOJI_LETTERS and any(
        c in _SQUARED or c.isalpha() for c in text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    ):
        return _SQUARED[character]
    return None


def _opens_line(text: str, place: int) -> bool:
    """Whether only white space stands before it on its line; looks back no further than that."""
    while place and text[place - 1] != "\n":
        place -= 1
        if not text[place].isspace():
            return False
    return True


def _is_followed(text: str, place: int) -> bool:
    """Whether anything stands there but the signs of a keycap."""
    while place < len(text) and text[place] in "\ufe0f\u20e3":
        place += 1
    return place < len(text)


def skeleton(word: str) -> str | None:
    """The word with each look-alike as the Latin letter it imitates; None when one letter imitates none."""
    folded = (c if c in _LOOK_ALIKE else FOLD_TABLE[ord(c)] for c in word)
    plain = "".join(_LOOK_ALIKE.get(c, c) for letters in folded for c in letters)
    return plain if plain.isascii() and plain else None


def rewritten(original: str) -> tuple[str, ...]:
    """How letters are written that no keyboard writes so: what folding undid there, beyond accents.

    Signs of a script that needs them (joiners of Persian, vowels of Arabic) and soft hyphens are none.
    """
    if original.isascii():
        return ()
    added = list(_added(unicodedata.normalize("NFC", original)))
    found = {
        "invisible characters": any(map(_is_hidden, added)),
        "styled letters": any(map(_is_styled, original)),
        "combining marks": any(map(_is_mark, added)),
    }
    return tuple(name for name, is_there in found.items() if is_there)


def _added(text: str) -> Iterator[str]:
    """The characters that stand on Latin letters, or before any, and are hidden or marks."""
    is_latin = True
    for character in text:
        if _is_hidden(character) or _is_mark(character):
            if is_latin:
                yield character
        elif character.isalpha() or ord(character) > _SIGNS:
            is_latin = unicodedata.name(character, "").startswith("LATIN")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and character != _SOFT_HYPHEN


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me") and character not in _OF_EMOJI


def _is_styled(character: str) -> bool:
    return character in _STYLED or unicodedata.decomposition(character).startswith(_STYLES)


def tokenize(folded: Folded) -> list[Token]:
    """The tokens of a folded text, in order."""
    tokens: list[Token] = []
    text, origins, after = folded.text, folded.origins, 0
    for piece in _TOKEN.findall(text):
        first = text.find(piece, after)  # only white space stands between, and no token begins with that
        glued = first == after > 0
        after = first + len(piece)
        start, end = (first, after) if origins is None else folded.span(first, after)
        kind = "w" if piece.isalpha() and piece.isascii() else _kind(piece)
        if kind:
            tokens.append(_TOKEN_OF((piece, start, end, kind, glued, None)))
        else:
            tokens.append(_foreign(folded.original, piece, start, end, glued))
    return tokens


def _kind(text: str) -> str:
    """The kind of a token; "" for a word that is not in ASCII."""
    first = text[0]
    if not first.isalnum():
        return "l" if text == "\n" else "s"
    if first.isdigit() and text.replace(".", "").replace(",", "").isdigit():
        return "n"
    return "w" if text.isascii() or first in _FRACTIONS else ""


def _foreign(original: str, text: str, start: int, end: int, glued: bool) -> Token:
    """A word with letters that are not ASCII: look-alikes of Latin letters, or another script."""
    plain = skeleton(original[start:end])
    if plain is None:
        return Token(text, start, end, "w", glued)
    if any(c.isascii() and c.isalpha() for c in text):
        return Token(plain, start, end, "w", glued, "mixed-script")
    return Token(text, start, end, "w", glued, plain)


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text (and its emoji when there are no words): the key of a lexicon term."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return tuple(text.lower().split())  # as most are: nothing to fold, and no sign
    tokens = tokenize(fold(text))
    plain = tuple(t.text for t in tokens if t.kind in "wn")
    return plain or tuple(t.text for t in tokens)


def number(text: str) -> float | None:
    """A written number: 1.200,50 and 1,200.50 and 2,5 and 1½; None when it is none."""
    if text and text[-1] in _FRACTIONS:
        whole = text[:-1]
        if whole and not (whole.isdigit() and whole.isascii() and len(whole) <= _MOST_DIGITS):
            return None
        return (int(whole) if whole else 0) + float(unicodedata.numeric(text[-1]))
    cut = max(text.rfind("."), text.rfind(","))
    if cut < 0:
        return float(text) if text.isdigit() and text.isascii() and len(text) <= _MOST_DIGITS else None
    head, tail = text[:cut].replace(".", "").replace(",", ""), text[cut + 1 :]
    if not (head + tail).isdigit() or not (head + tail).isascii() or len(head + tail) > 12:
        return None
    thousands = len(tail) == 3 and head != "0" and not head.startswith("0")
    return float(head + tail) if thousands else float(f"{head}.{tail}")
