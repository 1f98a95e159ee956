"""Orders without goods, places and bare numbers: they say something only because of what was said before."""

from __future__ import annotations

from forensics.analysis.exchange import is_free
from forensics.analysis.kinds import address
from forensics.analysis.score import Sheet
from forensics.analysis.statement import Statement, direct_amount, is_short, is_small_talk

_FEW_WORDS = 8


def implicit(sheet: Sheet, statement: Statement) -> None:
    """Enters what a line says when another line gives it its meaning."""
    meeting = next((a for a in statement.acts if a.name == "spot"), None)
    house = address(statement) if meeting is None else None
    if meeting:
        sheet.hit("place", meeting.start, meeting.end)
    elif house:
        sheet.hit("place", house[0], house[1])
    _order(sheet, statement)
    for tier in statement.reading.tiers:
        if tier.quantity is not None and tier.price is not None:
            sheet.hit("quantity", tier.start, tier.end)
    short = is_short(statement) or len(statement.reading.tokens) <= _FEW_WORDS
    if short and not sheet.has("price", "quantity"):
        tokens = statement.reading.tokens
        spots = [t for p, t in enumerate(tokens) if t.kind == "n" and is_free(tokens, p)]
        if len(spots) == 1 and len(spots[0].text) <= 4:
            sheet.hit("bare-amount", spots[0].start, spots[0].end)


def _order(sheet: Sheet, statement: Statement) -> None:
    """A verb of asking or ordering without goods."""
    if sheet.has("asks-for-it"):
        return
    act = direct_amount(statement)
    if act is None and is_short(statement):
        asking = (a for a in statement.acts if a.name in ("request", "order") and a.strength >= 2)
        act = next((a for a in asking if not is_small_talk(statement, a)), None)
    if act:
        sheet.hit("bare-request", act.start, act.end)
