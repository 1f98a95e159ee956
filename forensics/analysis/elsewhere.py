"""What other lines of a message say of its amounts: what they are of, and what that is in this company."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from forensics.analysis.lexicon import Term
from forensics.analysis.pairing import is_unspecified
from forensics.analysis.text import Token
from forensics.analysis.tier import GAS, PIECES, Tier, in_tanks

_SEVERAL = 2  # prices above the product of all; words for the gas, and weights of it, in a list of tanks
_ALL = frozenset({"all", "alleen", "alles", "only", "nur", "solo", "tout", "toute", "tutto", "todo", "tudo"})
_ALWAYS = frozenset({"altijd", "always", "but"})
_DEFINED = 2  # tokens before what a name means
_IS = frozenset({"is", "zijn", "are", "ist", "sind", "est", "sont"})  # before what a name means
_SYRUP, _VAPES, _OF_VAPES = "lean", "tobacco-vapes", ("thc",)
_METH = "methamphetamine"
_SILDENAFIL, _JELLY = "sildenafil", "jelly"
_GRAMS, _DEAR = 2, 60  # of so few grams the price of each
_COCAINE, _BLOCKS = "cocaine", frozenset({"blok", "blokken", "stempel"})
_BASE, _CRACK = "base", "crack"
_BLOCK = 10_000  # a kilo of cocaine costs at least
_HEMP = frozenset({"cannabis", "hashish"})
_BRANDS = ("smartwhip", "fastgas", "creamdeluxe", "exotic")
_OUNCE = 28  # grams
_CASE = 20  # fewer tanks are sold at once
_STEPS, _ONE = 3, (40, 150)  # prices of one word, and what one of it costs at least and at most
_ROLL = 1.0  # euros, above what a roll of bread costs
_LOAF, _LOAVES = 4.0, frozenset({"bruin", "bruine", "wit", "witte"})  # and a loaf, white or brown
_STREET = 2  # the grade of a name that may mean something else
_CARTRIDGE = 100  # grams; tanks hold more
_CARTRIDGES = (8.0, 16.0)  # grams


def named_elsewhere(tiers: list[Tier], terms: Sequence[Term], tokens: Sequence[Token]) -> list[Tier]:
    """The tiers with what another line says of their product."""
    tiers = _of_legend(tiers, terms, tokens)
    tiers = tiers and _of_strains(_of_footer(_of_gas(tiers, terms), terms, tokens), terms)
    tiers = _of_base(_of_jelly(_of_blocks([_no_gas(t) for t in tiers], terms), terms), terms)
    return _of_neighbours(_of_dear_crystals(tiers))


def _no_gas(tier: Tier) -> Tier:
    """A few grams of "gas" are hemp: no tank holds so little, and cartridges hold 8 or 16."""
    few = tier.unit == "g" and tier.written and 0 < (tier.quantity or 0.0) <= _OUNCE
    few = few and tier.quantity not in _CARTRIDGES
    if tier.term is None or tier.term.entry.term != "gas" or not few:
        return tier
    return replace(tier, term=tier.term._replace(entry=tier.term.entry._replace(targets=("cannabis", GAS))))


def _of_jelly(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """Jelly beside sildenafil is that, and no cocaine: "kama strip 8, jelly 7 voor 15"."""
    named = next((t for t in terms if t.entry.targets[0] == _SILDENAFIL), None)
    if named is None:
        return tiers
    found = []
    for tier in tiers:
        jelly = tier.term is not None and tier.term.entry.term == _JELLY
        unit = tier.unit if tier.written else None
        found.append(replace(tier, term=named, unit=unit) if jelly else tier)
    return found


def _of_base(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """Base is crack in a list of cocaine or heroin, amphetamine in one that has that by another name."""
    others = {t.entry.targets[0] for t in terms if t.entry.term != _BASE}
    if "amphetamine" in others or "speed-paste" in others or not others & {"cocaine", "heroin"}:
        return tiers
    return [replace(t, term=_as_crack(t.term)) if t.term else t for t in tiers]


def _as_crack(term: Term) -> Term:
    if term.entry.term != _BASE or _CRACK not in term.entry.targets:
        return term
    others = tuple(t for t in term.entry.targets if t != _CRACK)
    return term._replace(entry=term.entry._replace(targets=(_CRACK, *others)))


def _of_blocks(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """Blocks that cost what no hashish does are kilos of cocaine, and so is what is sold of them by weight:
    "Wit blok 24.500", "stempel: blok 24.500, ons 2700".
    """
    if not any(map(_is_dear_block, tiers)):
        return tiers
    named = next((t for t in terms if t.entry.targets[0] == _COCAINE), None)
    return [_of_cocaine(t, named) if _is_of_block(t) else t for t in tiers]


def _of_cocaine(tier: Tier, named: Term | None) -> Tier:
    """A tier of blocks as one of cocaine, by its name where the message has it; a dear one is a kilo."""
    term = tier.term
    if named is None and term is not None:
        named = term._replace(entry=term.entry._replace(targets=(_COCAINE, *term.entry.targets)))
    if _is_dear_block(tier) and tier.unit != "kg":
        count = tier.quantity or 1.0
        several = count % 1 == 0 and (tier.price or 0.0) >= _BLOCK * count  # "1 = 23.500", "3 = 69.000"
        return replace(tier, term=named, quantity=count if several else 1.0, unit="kg")
    return replace(tier, term=named)


def _is_of_block(tier: Tier) -> bool:
    return tier.term is not None and tier.term.entry.term in _BLOCKS


def _is_dear_block(tier: Tier) -> bool:
    kilos = tier.quantity if tier.unit == "kg" and tier.quantity else 1.0
    return _is_of_block(tier) and (tier.price or 0.0) >= _BLOCK * kilos


def _of_neighbours(tiers: list[Tier]) -> list[Tier]:
    """Names that are not known between lines of one kind of hemp are of that kind, as strains are."""
    following: list[Term | None] = []  # what the lines below each are of, from the last one up
    behind: Term | None = None
    for tier in reversed(tiers):
        following.append(behind)
        behind = tier.term or (behind if tier.name else None)
    found: list[Tier] = []
    before: Term | None = None
    for tier, after in zip(tiers, reversed(following), strict=True):
        strain = tier.term is None and tier.name and tier.unit in (None, "g")
        is_theirs = strain and before and after and _are_one_hemp(before, after)
        found.append(replace(tier, term=before, unit="g") if is_theirs else tier)
        before = found[-1].term
    return found


def _are_one_hemp(before: Term, after: Term) -> bool:
    first, second = before.entry.targets[0], after.entry.targets[0]
    return first == second and first in _HEMP


def _of_dear_crystals(tiers: list[Tier]) -> list[Tier]:
    """Every amount under a name is of what one of them is by its price: "crystal 1g 80, 5g 300"."""
    dear = {t.term.entry.term for t in tiers if t.term and _is_dear(t)}
    return [replace(t, term=_as_meth(t.term)) if t.term and t.term.entry.term in dear else t for t in tiers]


def _is_dear(tier: Tier) -> bool:
    """Whether about a gram costs what no MDMA does."""
    few = tier.unit == "g" and tier.quantity is not None and 0 < tier.quantity <= _GRAMS
    return few and tier.currency in (None, "EUR", "GBP") and (tier.price or 0) >= _DEAR * (tier.quantity or 0)


def _as_meth(term: Term) -> Term:
    first, *others = term.entry.targets
    if first != "mdma" or _METH not in others:
        return term
    return term._replace(entry=term.entry._replace(targets=(_METH, first)))


def _of_footer(tiers: list[Tier], terms: Sequence[Term], tokens: Sequence[Token]) -> list[Tier]:
    """Amounts without a product are of the one that a line behind them names for all: "All hash"; also of an
    ordinary word where the message names nothing else.
    """
    if sum(t.price is not None for t in tiers) < _SEVERAL or any(t.term or t.name for t in tiers):
        return tiers
    behind = [t for t in terms if t.start >= tiers[-1].end]
    behind = [t for t in behind if t.entry.term not in PIECES] or behind
    named = [t for t in behind if t.entry.grade > 1 or (t.first and tokens[t.first - 1].text in _ALL)]
    if (
        not named
        and behind
        and terms[0].start >= tiers[-1].end
        and all(t.price and t.quantity for t in tiers)
    ):
        named = [t for t in behind if _is_a_line(t, tokens)]
        named = named or (_said_of_all(behind, tokens) if _cost_as_drugs(tiers) else [])
    if len({t.entry.targets[0] for t in named}) != 1 or is_unspecified(named[0]):
        return tiers
    return [replace(t, term=named[0], inherited=True) for t in tiers]


def _said_of_all(behind: Sequence[Term], tokens: Sequence[Token]) -> list[Term]:
    """The ordinary words for one drug that say what all is: twice in other words ("snow ❄"), or behind
    "always" or "nothing but".
    """
    words = {t.entry.term for t in behind}
    one = len({t.entry.targets[0] for t in behind}) == 1
    said = any(t.first and tokens[t.first - 1].text in _ALWAYS for t in behind)
    return list(behind) if one and (said or len(words) > 1) else []


def _cost_as_drugs(tiers: Sequence[Tier]) -> bool:
    """Whether one of each costs what one of few other things does."""
    least, most = _ONE
    return all(
        least * (t.quantity or 0.0) / 2 <= (t.price or 0.0) <= most * (t.quantity or 0.0) for t in tiers
    )


def _is_a_line(term: Term, tokens: Sequence[Token]) -> bool:
    """Whether no other word or number stands on the line of the name: "🍀 amnesia", not "T-shirt wit"."""
    before = next((t.kind for t in reversed(tokens[: term.first]) if t.kind != "s"), "l")
    behind = next((t.kind for t in tokens[term.after :] if t.kind != "s"), "l")
    return before == behind == "l"


def _of_legend(tiers: list[Tier], terms: Sequence[Term], tokens: Sequence[Token]) -> list[Tier]:
    """Names that are not known are of what another line says that they are: "(blorp = 3mmc)"."""
    if all(t.term or not t.name for t in tiers):
        return tiers
    legend = {tokens[t.first - 2].text: t for t in terms if _is_said(t, tokens)}
    return [replace(t, term=legend.get(t.name)) if t.term is None and t.name else t for t in tiers]


def _is_said(term: Term, tokens: Sequence[Token]) -> bool:
    """Whether a word and an equals sign, or before a name of nothing else "is", stand before it."""
    if term.first < _DEFINED or tokens[term.first - _DEFINED].kind != "w":
        return False
    sign = tokens[term.first - 1].text
    return sign == "=" or (sign in _IS and term.entry.grade > 1)


def _of_strains(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """What is weighed beside cannabis is no syrup and holds no tobacco: "Purple 5g", "vape pens 1g"."""
    cannabis = next((t for t in terms if t.entry.targets[0] == "cannabis" and t.entry.grade > 1), None)
    if cannabis is None:
        return tiers
    return [replace(t, term=_strain(t.term, cannabis)) if t.term and t.unit == "g" else t for t in tiers]


def _strain(term: Term, cannabis: Term) -> Term:
    targets = {_SYRUP: cannabis.entry.targets, _VAPES: _OF_VAPES}.get(term.entry.targets[0])
    if targets is None or term.entry.grade > _STREET:
        return term
    return term._replace(entry=term.entry._replace(targets=targets))


def _of_gas(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """Tanks of no named product hold the gas that the message names elsewhere."""
    gas = next((t for t in terms if t.entry.targets[0] == GAS and t.entry.grade > 1), None)
    if gas is not None:
        tiers = [replace(t, term=gas, inherited=True, tank=True) if _is_tank(t) else t for t in tiers]
    else:
        tank = next((t for t in terms if t.entry.targets[0] == GAS), None)
        tiers = [replace(t, term=tank) if tank and _is_unnamed_tank(t) else t for t in tiers]
    tiers = [in_tanks(t) if _is_gas(t) and (t.tank or _is_full(t) or _is_whip(t)) else t for t in tiers]
    tanks = any(_is_gas(t) and t.unit == "tank" for t in tiers)
    return [
        replace(t, unit=_unit_of_gas(t, tanks=tanks)) if _is_gas(t) and t.unit is None else t for t in tiers
    ]


def _unit_of_gas(tier: Tier, *, tanks: bool) -> str | None:
    """Balloons are counted; what else has a price beside tanks is one."""
    if _is_balloon(tier) and (tier.price or tier.quantity is not None):
        return "piece"
    return "tank" if tanks and tier.price else None


def _is_unnamed_tank(tier: Tier) -> bool:
    """Whether the word for a tank is all that names what is sold by the weight of one: "tank 2kg 60" below
    other goods.
    """
    return tier.tank and tier.inherited and _is_full(tier)


def _grams(tier: Tier) -> float:
    return (tier.quantity or 0.0) * (1000 if tier.unit == "kg" else 1)


def _is_balloon(tier: Tier) -> bool:
    return tier.term is not None and tier.term.entry.term.startswith("ballo")


def _is_full(tier: Tier) -> bool:
    """Whether a price is for the weight of a tank: "smartwhip 2kg 80"."""
    return tier.price is not None and tier.unit in ("g", "kg") and _grams(tier) > _CARTRIDGE


def _is_whip(tier: Tier) -> bool:
    """Whether the gas has the name of a maker of tanks and is counted: "smartwhip 20 per stuk"."""
    brand = tier.term is not None and tier.term.entry.term.replace(" ", "").startswith(_BRANDS)
    return brand and tier.unit == "piece" and 0 < (tier.quantity or 0) < _CASE and tier.price is not None


def _is_gas(tier: Tier) -> bool:
    return tier.term is not None and tier.term.entry.targets[0] == GAS


def sure_of_gas(terms: list[Term], tiers: list[Tier]) -> tuple[list[Term], list[Tier]]:
    """Ordinary words for the gas and its tanks make each other sure in a list of such weights with prices."""
    if not tiers:
        return terms, tiers
    words = {t.entry.term for t in terms if t.entry.targets[0] == GAS}
    priced = [t for t in tiers if t.price and _is_gas(t)]
    weighed = sum(t.unit in ("kg", "tank") or (t.unit == "g" and _grams(t) > _CARTRIDGE) for t in priced)
    if len(words) < _SEVERAL or weighed < _SEVERAL:
        return terms, tiers
    return [_sure(t) for t in terms], [replace(t, term=_sure(t.term)) if t.term else t for t in tiers]


def sure_of_steps(terms: list[Term], tiers: list[Tier]) -> tuple[list[Term], list[Tier]]:
    """An ordinary word is a drug where one, two and more of it cost what no drink or food does, less for each
    the more there are: "Cola: 1 - 50, 2 - 95, 4 - 180".
    """
    sold: dict[str, list[Tier]] = {}
    for tier in tiers:
        if tier.term is not None and tier.term.entry.grade == 1 and tier.term.entry.term.isalpha():
            sold.setdefault(tier.term.entry.term, []).append(tier)
    steps = {word for word, found in sold.items() if _are_steps(found)}
    if not steps:
        return terms, tiers
    found = [_sold(t, steps) for t in terms]
    return found, [replace(t, term=_sold(t.term, steps)) if t.term else t for t in tiers]


def _are_steps(tiers: Sequence[Tier]) -> bool:
    pairs = [(t.quantity or 0.0, t.price or 0.0) for t in tiers]
    one = pairs[0][1]
    if len(pairs) < _STEPS or pairs[0][0] != 1 or not _ONE[0] <= one <= _ONE[1]:
        return False
    return all(a < b and q / b < p / a for (a, p), (b, q) in pairwise(pairs))


def _sold(term: Term, words: Collection[str]) -> Term:
    if term.entry.term not in words:
        return term
    return term._replace(entry=term.entry._replace(grade=2))


def sure_of_bread(terms: list[Term], tiers: list[Tier]) -> tuple[list[Term], list[Tier]]:
    """Rolls that cost less than a euro each, one of them with cents, are bread: "bolletjes wit 10 voor 3
    euro, bruin 10 voor 3,50"; and so are loaves: "halfje wit 1,80".
    """
    if not any(t.price is not None and t.price % 1 for t in tiers):
        return terms, tiers
    if terms and all(t.entry.term in _LOAVES for t in terms) and all(map(_is_loaf, tiers)):
        return [], []
    if not all(t.price is not None and t.price < _ROLL * (t.quantity or 0.0) for t in tiers):
        return terms, tiers
    return [_bread(t) for t in terms], [replace(t, term=_bread(t.term)) if t.term else t for t in tiers]


def _is_loaf(tier: Tier) -> bool:
    """Whether it costs what no gram of a drug does, white or brown, and a loaf may."""
    return tier.price is not None and 0 < tier.price < _LOAF * max(tier.quantity or 1.0, 1.0)


def _bread(term: Term) -> Term:
    if not term.entry.term.startswith("bolletje"):
        return term
    return term._replace(entry=term.entry._replace(grade=1))


def _sure(term: Term) -> Term:
    if term.entry.targets[0] != GAS or term.entry.grade > 1:
        return term
    return term._replace(entry=term.entry._replace(grade=2))


def _is_tank(tier: Tier) -> bool:
    return tier.term is None and (tier.unit == "tank" or "tank" in tier.name.split(" "))
