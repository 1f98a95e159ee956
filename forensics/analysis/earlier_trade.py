"""What a line that was heard before says of trade by itself."""

from __future__ import annotations

from forensics.analysis.deal import judge
from forensics.analysis.implicit import implicit
from forensics.analysis.past import Past
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader


def trade_of(reader: Reader, rules: Rules, past: Past) -> frozenset[str]:
    """The rules of trade that the line meets, worked out once; ``innocent`` of it is then known too."""
    if past.trade is None:
        sheet = Sheet(rules, past.id, past.text)
        statement = reader.read(past.text)
        judge(sheet, statement, reader, rules)
        implicit(sheet, statement)
        past.trade = frozenset(h.id for h in sheet.hits if h.dimension == "trade")
        past.innocent = sheet.total("innocent")
    return past.trade
