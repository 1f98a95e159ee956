"""Ordinary talk, made from patterns with everyday words that are street names too: it must raise no flag of
trade.
"""

from __future__ import annotations

import random

import pytest

from forensics.analysis.findings import Line, find
from forensics.analysis.weights import Weights
from forensics.flag_work import built_in

_SLOTS = {
    "name": [
        "Tina",
        "Molly",
        "Charlie",
        "Mandy",
        "Emma",
        "Maria",
        "Henk",
        "Fatima",
        "Gina",
        "Piet",
        "Boris",
        "Lucy",
        "Adam",
        "Mary",
    ],
    "thing": [
        "kaas",
        "brood",
        "melk",
        "een taart",
        "chips",
        "koffie",
        "een tafel",
        "een kat",
        "de hond",
        "een fiets",
        "de krant",
        "pindakaas",
        "een paraplu",
        "een oppas",
        "het boek",
        "een jas",
        "de sleutel",
        "een cadeau",
        "wc papier",
        "de oplader",
        "een trui",
        "aardappels",
        "ijsjes",
        "koekjes",
        "paracetamol",
        "witte verf",
        "een witte jas",
        "groene appels",
        "bruin brood",
        "een ticket",
        "kaartjes",
        "wasmiddel",
        "tomaten",
    ],
    "unit": ["gram", "kilo", "stuks", "pakken", "zakken", "dozen", "flessen", "bakjes", "liter"],
    "food": [
        "gehakt",
        "bloem",
        "suiker",
        "kaas",
        "tomaten",
        "appels",
        "melk",
        "boter",
        "rijst",
        "garnalen",
        "champignons",
        "olijven",
        "noten",
        "koffie",
        "kipfilet",
        "sla",
        "druiven",
        "spinazie",
        "zout",
        "meel",
    ],
    "place": [
        "station",
        "school",
        "de Jumbo",
        "de sportschool",
        "kantoor",
        "het zwembad",
        "oma",
        "de markt",
        "het park",
        "de bakker",
    ],
    "n": [str(n) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 50, 100, 250)],
    "price": ["2,50", "5 euro", "€10", "12,95", "20", "€ 7,50", "50 euro", "15,-", "100", "3"],
    "time": ["10:30", "8 uur", "half 7", "14.00", "vanavond", "morgen", "over 10 min", "om 5 uur", "straks"],
    "word": [
        "sneeuw",
        "ijs",
        "wit",
        "groen",
        "bruin",
        "kristal",
        "bar",
        "speedboot",
        "gras",
        "paard",
        "poes",
        "ballon",
        "crackers",
        "pasta",
        "cola",
        "bus",
        "tank",
        "snoep",
        "zegels",
        "postzegels",
        "pillen",
        "trip",
        "spul",
        "dingen",
        "shit",
        "blauw",
        "zero",
        "stof",
        "bloemen",
        "bus",
        "tabs",
        "game",
        "snow",
        "lijn",
    ],
    "emoji": [
        "😂",
        "❤️",
        "🔥",
        "😊",
        "👍",
        "🎉",
        "🌴",
        "❄️",
        "🍀",
        "⚡",
        "🙏",
        "💪",
        "🍕",
        "🎂",
        "💊",
        "🐴",
        "🍫",
    ],
}
_NL = (
    "hoe laat ben je bij {place}?",
    "ben er over 10 min",
    "heb je nog {thing}?",
    "neem jij {thing} mee?",
    "kan je {n} {unit} {food} meenemen",
    "{n} {unit} {food} voor {price} in de aanbieding",
    "ik sta bij {place}, kom je?",
    "tikkie gestuurd van {price}",
    "is goed, tot {time}",
    "{name} komt ook {time}",
    "wat een {word} zeg {emoji}",
    "heb je {thing} nog gezien?",
    "ik heb {n} {word} gezien vandaag",
    "hoeveel kost {thing}?",
    "{price}",
    "{n}",
    "zelfde plek als vorige keer?",
    "doe maar {n}",
    "ik wil {thing}",
    "mag ik {n} {unit} {food}",
    "ok top {emoji}",
    "ik ben bij {place}, wil je nog {thing}?",
    "{n} {word} voor {price}",
    "de {word} is op",
    "heb jij {word} gehaald?",
    "vergeet {thing} niet, {time}",
    "ga je mee naar {place} {time}? kost {price}",
    "{name} is jarig, {price} inleggen",
    "training is om {time}",
    "nee joh haha {emoji}",
    "waar ben je? sta buiten",
    "stuur je locatie even",
    "lunch: soep {price}, salade {price}, {n} broodjes {price}",
    "oppas {price} per uur",
    "trein van {time} spoor {n}",
    "te koop: {thing}, {price}, ophalen bij {place}",
    "ik zoek {thing}, iemand?",
    "wie heeft {thing}?",
    "{emoji}{emoji}",
    "{food} {n} gram, {food} {n} gram, oven 180 graden",
    "wij rijden {time}, benzine {price} pp",
    "welke {word}?",
    "het is {word} buiten {emoji}",
    "mijn {word} is kapot, kost {price}",
    "bestelling is bezorgd bij {place}",
)
_EN = (
    "on my way, be there at {time}",
    "got any plans {emoji}",
    "need {n} more people, {n} each",
    "can you get {thing}",
    "where you at? im outside",
    "how much is it? {n} quid",
    "{name} said {n} pm",
    "same place as usual?",
    "want some tea?",
    "selling {n} tickets, {n} each, cash",
    "i'll take {n}",
    "do you have the {word}?",
    "lol {emoji}",
    "i got {n} left",
    "who's bringing the {word}",
    "{n} pounds of potatoes please",
    "white jacket {n}, green one {n}",
    "love it {emoji}",
)


def _message(chance: random.Random) -> str:
    pattern = chance.choice(_NL if chance.random() < 0.75 else _EN)
    while "{" in pattern:
        name = pattern[pattern.index("{") + 1 : pattern.index("}")]
        pattern = pattern.replace("{" + name + "}", chance.choice(_SLOTS[name]), 1)
    return pattern


def _talks(seed: int) -> list[list[Line]]:
    """Forty stretches of ordinary lines in no order."""
    chance = random.Random(seed)
    return [
        [Line(id=f"{talk}-{n}", text=_message(chance), sent_at=n * 60_000) for n in range(25)]
        for talk in range(40)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_conversations_have_no_finding_by_the_rules(seed: int) -> None:
    none = b"form,thousandths\n(version),0\n(base),-50\n(line),1000\n(list),-1000\n"
    classifier = built_in().weighing(Weights(none))
    for lines in _talks(seed):
        found = find(lines, classifier)
        texts = {line.id: line.text for line in lines}
        assert not found, [
            (f.kind, [texts[m] for m in f.messages], [(h.id, h.text) for h in f.rules]) for f in found
        ]


def test_ordinary_conversations_have_hardly_a_finding_by_the_weights() -> None:
    found = [find(lines, built_in()) for seed in range(5) for lines in _talks(seed)]
    assert sum(map(bool, found)) <= len(found) // 16
