"""New substances: the class that the end of a name or the pattern of a code gives, of one that is not known.

The members of a family are named after one scheme, so that "fluetonitazene" or "ADB-HEXINACA" say what they
are to whoever has never met them. The class alone is said: which substance it is, and whether a law names it,
is not.
"""

from __future__ import annotations

import re

_LONGEST, _SHORTEST_NAME = 32, 8  # characters of a code; letters of a name
_CATHINONE, _STIMULANT, _OPIOID = "cathinone-unspecified", "stimulant-unspecified", "fentanyl-unspecified"
_CANNABINOID, _HALF = "spice-unspecified", "semi-synthetic-unspecified"
_PSYCHEDELIC, _DISSOCIATIVE = "psychedelic-unspecified", "dissociative-unspecified"
# The ends of names, written as one word of letters (stems of the international non-proprietary names, and
# those that followed them); what stands before is what tells one member from another.
_NAMES = (
    (r"[a-z]{2,}nita(?:z(?:ene|een|en|eno|enes|epyne|epipne)|ceno)", "nitazene-unspecified"),
    (r"[a-z]{3,}fentan(?:yl|il|ilo|yle|ylum)", _OPIOID),
    (r"[a-z]*(?:chl|br|brom|flu|iod)orphine", "opioid-unspecified"),
    (r"[a-z]{2,}(?:azolam|azepam)", "benzodiazepine-unspecified"),
    (r"[a-z]*(?:prop|but|pent|hex|hept|eph|eut|put|dib)ylone", _CATHINONE),
)
# Codes, without their case: a digit says where on the ring something stands, letters say what.
_CODES = (
    (r"[2-7]-(?:[bcfm]|cl|br)(?:mc|ec)", _CATHINONE),
    (r"[2-7]-(?:[bcfm]|cl|br)(?:ma|ea|pm|mma)", _STIMULANT),
    (r"[2-5]-?(?:f|cl|br|me|meo)-?(?:a|alpha|α)?-?p(?:v|h|b|ih|hi|ip|hp)p", _CATHINONE),
    (r"(?:a|alpha|alfa|α)-?p(?:v|h|b|ih|hi|ip|hp)p|md-?p(?:v|h|b|ih|hi)p", _CATHINONE),
    (r"[56]-?[em]?apd?b", _STIMULANT),
    (r"25[a-z]-?nb(?:ome|oh|f|md)", _PSYCHEDELIC),
    (r"2c-[a-z](?:-[a-z0-9]{1,6})?|2c-t-?\d{1,2}", _PSYCHEDELIC),
    (r"1[abcdfhnpstvw][a-z]?-?lsd|(?:al|eth|pro|ip|pargy|cyp|lsz|bu)-lad", _PSYCHEDELIC),
    (
        r"[45]-?(?:aco|ho|meo|pro|po|br)-?(?:dmt|met|mipt|dipt|dalt|det|dpt|mpt|ept|eipt|malt|mcpt|pyrt)",
        _PSYCHEDELIC,
    ),
    (r"[2-5]-?(?:meo|ho|me|f|cl)-?pc(?:e|p|py|pr|m|i|mo)", _DISSOCIATIVE),
    (r"2?-?(?:br|cl|me|f|t|meo)-?dck|d?[fm]?mxe|fxe|hxe|mxi?pr|dmxi?pr", _DISSOCIATIVE),
    (r"(?:hhc|thc)-?(?:o|p|b|h|jd|m|x|pm|cm|po)|\d{1,2}-oh-(?:hhc|thc)", _HALF),
    (r"jwh-?\d{3}", _CANNABINOID),
    (r"u-?[45]\d{4}|(?:2-?m)?ap-?237", "opioid-unspecified"),
)
# A synthetic cannabinoid is written as head, chain, core, linker and tail: these begin and end such codes.
_HEADS = (
    *("adb", "ab-", "mdmb", "mmb", "emb", "edmb", "amb-", "app-", "cumyl", "bzo", "ch-", "mn-", "sdb"),
    *("4f", "5f", "5cl", "5br", "4cn"),
)
_TAILS = ("inaca", "pica", "bica", "piata", "iata", "oxizid", "oxizide", "aclone")
# One pattern of all: of its groups the one that matched tells the class.
_NAME, _CODE = (re.compile("|".join(f"({pattern})" for pattern, _ in each)) for each in (_NAMES, _CODES))


def class_of(text: str) -> str | None:
    """The id of the class of a word or a code, in small letters and with its hyphens, if it has one."""
    if len(text) > _LONGEST:
        return None
    if text.startswith(_HEADS) and text.endswith(_TAILS):
        return _CANNABINOID
    pattern, kinds = (_NAME, _NAMES) if is_name(text) else (_CODE, _CODES)
    found = pattern.fullmatch(text)
    return kinds[found.lastindex - 1][1] if found and found.lastindex else None


def is_name(text: str) -> bool:
    """Whether what has a class is a name, which means nothing else, and no code."""
    return text.isalpha() and len(text) >= _SHORTEST_NAME
