"""Text of a case on a page: escaped, and what cannot be seen shown as a token. Nowhere else does text become
HTML.

Every value that a template prints goes through ``shown``, whether its author thought of it or not; only what
this module has put together itself is markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from forensics import times
from forensics.signs import marked_pieces, whole_signs
from forensics.textual import direction, visible
from forensics.words import Words

# Characters of a text that a bubble shows; the record and its source row are on demand.
MOST_TEXT = 20_000
OPTIONS = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}

Span = tuple[int, int]


def shown(value: object) -> object:
    """What a template prints: text with everything in it visible; markup of this module as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def marked(text: str, spans: Iterable[Span], strong: Iterable[Span], words: Words) -> Markup:
    """A text with the stretches marked that rules matched; those of the flag in hand stronger."""
    kept, in_hand = list(spans), list(strong)
    whole = len(text)
    text = whole_signs(text, MOST_TEXT)
    found = Markup("")
    for piece, is_marked in _pieces(text, [*kept, *in_hand]):
        found += _piece(piece, in_hand) if is_marked else escape(visible(piece[1]))
    if whole > len(text):
        found += Markup('<span class="cut">{}</span>').format(
            words("text.cut_short", count=whole - len(text))
        )
    return found


def _pieces(text: str, spans: list[Span]) -> Iterable[tuple[tuple[int, str], bool]]:
    """The pieces of the text, each with its place, cut where any span begins or ends; no sign is cut."""
    edges = sorted({0, len(text), *(edge for span in spans for edge in span if 0 <= edge <= len(text))})
    place = 0
    for piece, is_marked in marked_pieces(text, spans):
        end = place + len(piece)
        cuts = [place, *(edge for edge in edges if place < edge < end), end] if is_marked else [place, end]
        whole = _whole(text, cuts)
        for first, last in pairwise(whole):
            yield (first, text[first:last]), is_marked
        place = end


def _whole(text: str, cuts: list[int]) -> list[int]:
    """The cuts that no sign of several characters lies across."""
    kept = [cuts[0]]
    for cut in cuts[1:-1]:
        start = kept[-1]
        if len(whole_signs(text[start:], cut - start)) == cut - start:
            kept.append(cut)
    return [*kept, cuts[-1]]


def _piece(piece: tuple[int, str], strong: list[Span]) -> Markup:
    place, text = piece
    is_strong = any(start <= place < end for start, end in strong)
    form = '<mark class="hand">{}</mark>' if is_strong else "<mark>{}</mark>"
    return Markup(form).format(visible(text))


def moment(instant: int | None, zone: str) -> str:
    """An instant in the zone of the case; empty for None."""
    return times.display(instant, zone)


def told_time(text: str | None, zone: str) -> str:
    """A time of a record in the zone of the case; empty for None."""
    return times.display(times.parse_rfc3339(text), zone) if text else ""


def side(text: str) -> str:
    """The direction of an element with this text."""
    return direction(text)
