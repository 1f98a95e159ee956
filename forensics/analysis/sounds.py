"""Names of goods written as they sound: "shitt", "ketta", "kokaïne", "bheu", "fummo", "haschich".

Two words sound alike here where they are the same without doubled letters, mute ones, and the choices that
the spelling of a language makes: c, k and q, s and z, i and y, v and w.
"""

from __future__ import annotations

import re
from functools import cache

from forensics.analysis.vocabulary import vocabulary

_SHORTEST = 4  # letters of what is written
_LEAST = 3  # letters of how it sounds
_SOUNDS = (
    (re.compile("tsch|sch|tch|sh|ch(?=[aeiouy]|$)"), "S"),
    (re.compile("ph"), "f"),
    (re.compile("ck|qu|kh|q"), "k"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("y|ie"), "i"),
    (re.compile("w"), "v"),
    (re.compile("tz|z"), "s"),
    (re.compile("ou"), "u"),
    (re.compile("h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("(?<=..)e$"), ""),
)
_NAMES = (
    *("shit", "hasch", "haschisch", "hashish", "hasj", "hachis", "haschich", "chocolate", "beuh", "fumo"),
    *("pollen", "polen", "haszysz", "marok", "keta", "ketamin", "ketamina", "ketamine", "koks"),
    *("kokain", "kokaina", "cocaina", "cocaine", "coca", "farlopa", "perico", "speed", "amphetamin"),
    *("amfetamina", "anfetamina", "amphetamine", "mefa", "mefedron", "krysztal", "marihuana"),
    *("marijuana", "cannabis", "weed", "hierba", "erba", "iarba", "ganja"),
    *("extasy", "ecstasy", "extasis", "pastillas", "pasticche", "pilules"),
    *("pillen", "pastis", "tesla", "rivotril", "lyrica", "tramadol", "xanax", "valium"),
    *("diazepam", "zolpidem", "stilnox", "viagra", "cialis", "kamagra", "heroine", "heroina", "heroin"),
    *("eroina", "crack", "kristalle", "cristal", "crystal", "tucibi", "tusi", "popper", "poppers"),
    *("esrar", "skunk", "kokain", "metamfetamin", "amnesia", "champis", "setas", "pilze"),
    *("oxycodon", "oxycontin", "bromazepam", "alprazolam", "clonazepam", "pregabalin", "pregabalina"),
)
# Ordinary words that sound so.
_ORDINARY = frozenset({"chit", "grass", "herba", "tussi", "vede"})


@cache
def sound_of(word: str) -> str:
    """How a word sounds."""
    for spelled, sounds in _SOUNDS:
        word = spelled.sub(sounds, word)
    return word


@cache
def _by_sound() -> dict[str, str]:
    """Each sound, and the name that sounds so first."""
    return {sound_of(name): name for name in reversed(_NAMES) if len(sound_of(name)) >= _LEAST}


def name_of_sound(word: str) -> str | None:
    """The name of goods that sounds as a word that is none."""
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha() or word in _ORDINARY:
        return None
    name = _by_sound().get(sound_of(word))
    return None if name is None or name == word or vocabulary().is_amount_word(word) else name
