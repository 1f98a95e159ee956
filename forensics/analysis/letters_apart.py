"""Letters of a word parted by a sign that parts nothing else so: "s;n;o;w", "k+e+t", "c,o,k,e"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.text import Token

_SIGNS = frozenset(",;:+#^=~")
_POINT = "."  # what the rules of names look for
_SHORTEST = 3  # letters of such a word


def with_points(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with a point for each sign between such letters."""
    if not any(t.text in _SIGNS and t.glued for t in tokens):
        return tokens
    made = list(tokens)
    place = 0
    while place < len(made):
        after = _end(tokens, place)
        if after - place >= 2 * _SHORTEST - 1:
            for at in range(place + 1, after, 2):
                made[at] = tokens[at]._replace(text=_POINT)
        place = max(after, place + 1)
    return made


def _end(tokens: Sequence[Token], place: int) -> int:
    """The place behind single letters from here on with the same sign between each and the next."""
    after = place + 1
    if not _is_letter(tokens[place]) or (tokens[place].glued and place and tokens[place - 1].kind in "wn"):
        return after
    while after + 1 < len(tokens):
        sign, letter = tokens[after], tokens[after + 1]
        same = sign.text in _SIGNS and sign.text == tokens[place + 1].text
        if not (same and sign.glued and letter.glued and _is_letter(letter)):
            break
        after += 2
    return after


def _is_letter(token: Token) -> bool:
    return token.kind == "w" and len(token.text) == 1 and token.text.isalpha()
