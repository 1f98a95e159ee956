"""A flag as a person judges it: what a rule read and why, how heavy it weighs, what speaks against it, the
law on that date, and what persons decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forensics import hit_language
from forensics.other_laws import beside
from forensics.substance_names import substance_names
from forensics.textual import code_points, joined
from forensics.web.known import Known
from forensics.web.showing import side, told_time
from forensics.web.words import PageWords

Record = Mapping[str, Any]
_HEAVIEST = 5  # texts of learnt weights that a card names unasked


def named(form: Record) -> Iterator[str]:
    """The ids of all messages that the card of a flag names, its own first; some more than once."""
    yield from form["messages"]
    yield from form.get("goods_from", ())
    yield from filter(None, map(hit_language.leans_on, form["rules"]))


def _is_added_up(rule: Record) -> bool:
    """Whether it is a learnt weight or a sum of them that does not lower the score: those speak against."""
    return hit_language.is_learnt(rule) and (rule.get("weight") or 0) >= 0


def _heaviest(learnt: Sequence[Record], sign: int) -> list[tuple[str, str]]:
    """The texts that weigh most for trade (``sign`` 1) or against it (-1), each with its base direction, by
    all that counts of the same text: a word counts as a whole and by its letters."""
    totals: Counter[str] = Counter()
    for each in learnt:
        if each.get("text"):
            totals[each["text"]] += sign * each.get("thousandths", 0)
    return [(text, side(text)) for text, total in totals.most_common(_HEAVIEST) if total > 0]


class FlagCards:
    """Makes what a template shows of flags."""

    def __init__(self, known: Known, words: PageWords) -> None:
        self._known, self._words = known, words

    def card(
        self, key: str, form: Record, history: Sequence[Record], item_numbers: Mapping[str, str]
    ) -> dict[str, Any]:
        """One flag in full; ``history``: everything recorded on it that this reviewer may see, oldest
        first."""
        words = self._words
        learnt = [each for each in form["rules"] if _is_added_up(each)]
        found = [each for each in form["rules"] if not _is_added_up(each)]
        return {
            "id": key,
            "number": self._known.flag_numbers.get(key, 0),
            "kind": words.code("flag", form["kind"]),
            "score": form["score"],
            "markets": [words.code("market", each) for each in form["markets"]],
            "goods_from": [(each, item_numbers.get(each, "")) for each in form.get("goods_from", ())],
            "messages": [(each, item_numbers.get(each, "")) for each in form["messages"]],
            "rules": [self._rule(each, item_numbers) for each in found if not hit_language.is_against(each)],
            "against": [self._rule(each, item_numbers) for each in found if hit_language.is_against(each)],
            "learnt": [self._rule(each, item_numbers) for each in learnt],
            "learnt_points": sum(each.get("weight") or 0 for each in learnt),
            "heaviest": _heaviest(learnt, 1),
            "heaviest_against": _heaviest(learnt, -1),
            "items": [self._item(each) for each in form["items"]],
            "laws": [*self._laws(form["laws"])],
            "history": [self._made(each) for each in history],
            "copies": len(form.get("copies", ())),
        }

    def _rule(self, rule: Record, item_numbers: Mapping[str, str]) -> dict[str, Any]:
        text = rule.get("text") or ""
        return {
            "id": f"{rule['id']} v{rule['version']}",
            "reason": self._reason(rule, item_numbers),
            "weight": rule.get("weight"),
            "text": text,
            "direction": side(text),
            "signs": code_points(text),
            "message": rule.get("message") or "",
            "number": item_numbers.get(rule.get("message") or "", ""),
            "place": f"{rule['start']}-{rule['end']}" if text and rule.get("start") is not None else "",
        }

    def _reason(self, rule: Record, item_numbers: Mapping[str, str]) -> str:
        own = hit_language.own_reasons(self._words.language)
        return hit_language.reason(rule, own, self._words, item_numbers)

    def _substance(self, key: str | None) -> str:
        return substance_names(self._words.language).get(key or "", key or self._words("goods.unknown"))

    def _item(self, item: Record) -> tuple[str, str, str, str]:
        named = " / ".join(self._substance(each) for each in item.get("candidates") or [item["substance"]])
        unit = self._words.unit(item.get("unit"), item.get("quantity"))
        amount = self._words.measured(item.get("quantity"), unit)
        price = self._words.measured(item.get("price"), item.get("currency"))
        return named, amount, price, str(item.get("list") or self._words("goods.unlisted"))

    def _laws(self, laws: Sequence[Record]) -> Iterator[tuple[str, str, str, str]]:
        for law in laws:
            sure = self._words.code("law", law.get("confidence"))
            decision, note = (self._words.of_law(law.get(name) or "") for name in ("decision", "note"))
            ground = joined(decision, law.get("valid_from"), note, *beside(law, self._words))
            listed = str(law.get("list") or self._words("goods.unlisted"))
            yield self._substance(law.get("substance")), listed, sure, ground

    def _made(self, made: Record) -> dict[str, str]:
        at = told_time(made["at"], self._known.zone)
        label = self._words.code("decision", made["decision"])
        return {
            "decision": made["decision"],
            "label": label,
            "by": made["by"],
            "at": at,
            "reason": made["reason"],
        }
