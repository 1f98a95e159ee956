"""Names and codes that no list holds: their class is read off them, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import CUE_OPENS, Classifier, Line, Window
from forensics.flag_work import built_in


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return built_in()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fluetonitazene", "nitazene-unspecified"),
        ("butyronitazeen", "nitazene-unspecified"),
        ("orthofluorofentanyl", "fentanyl-unspecified"),
        ("spirochlorphine", "opioid-unspecified"),
        ("nitazolam", "benzodiazepine-unspecified"),
        ("putylone", "cathinone-unspecified"),
        ("4-cl-pvp", "cathinone-unspecified"),
        ("4clpvp", "cathinone-unspecified"),
        ("α-PiHP", "cathinone-unspecified"),
        ("7-CMC", "cathinone-unspecified"),
        ("3-MPM", "stimulant-unspecified"),
        ("ADB-HEXINACA", "spice-unspecified"),
        ("5F-XYB-PINACA", "spice-unspecified"),
        ("ADB-5'Br-BUTINACA", "spice-unspecified"),
        ("JWH-999", "spice-unspecified"),
        ("THCM", "semi-synthetic-unspecified"),
        ("2C-X", "psychedelic-unspecified"),
        ("5-MeO-PyrT", "psychedelic-unspecified"),
        ("3-Cl-PCP", "dissociative-unspecified"),
        ("U-48800", "opioid-unspecified"),
    ],
)
def test_a_name_that_is_not_known_has_its_class(classifier: Classifier, name: str, kind: str) -> None:
    text = f"{name} 1g 20 euro\nketamine 1g 25 euro"
    verdict = Window(classifier).read(Line(id="1", text=text))
    assert verdict.label == "menu"
    assert [(i.substance, i.quantity, i.price) for i in verdict.items] == [(kind, 1, 20), ("ketamine", 1, 25)]
    (told,) = (hit for hit in verdict.rules if hit.id == "new-substance")
    assert (text[told.start : told.end], told.weight) == (name, 0)
    assert kind in told.reason
    assert "not established" in told.reason


@pytest.mark.parametrize("text", ["heb je nog {} liggen?", "({})", "x,{}, y", "koop:{}!"])
@pytest.mark.parametrize("name", ["fluetonitazene", "4-cl-pvp", "ADB-HEXINACA"])
def test_the_cheap_look_sees_what_the_full_one_reads(classifier: Classifier, name: str, text: str) -> None:
    said = text.format(name)
    assert classifier.reader.read(said).terms
    assert classifier.speaks(said) & CUE_OPENS


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("isotonitazene", "isotonitazene"),
        ("HHCP", "hhc-p"),
        ("thcp", "thc-p"),
        ("3-MMC", "3-mmc"),
        ("a-PVP", "a-pvp"),
    ],
)
def test_what_is_known_keeps_its_own_name(classifier: Classifier, name: str, known: str) -> None:
    (term,) = classifier.reader.read(f"{name} 1g 20").terms
    assert term.entry.targets[0] == known


@pytest.mark.parametrize(
    "text",
    [
        "500 g espinaca y 2 huevos",
        "klas 4-ma heeft om 2 uur gym",
        "gate 3-B, rij 2-C-14",
        "de php-cursus kost 40 euro",
        "bus 4-cm te laat, 2 min",
        "een 2cm-plank van 3-ab",
        "U-15 speelt om 4",
        "THC-waarde staat in het rapport",
    ],
)
def test_other_codes_are_no_drugs(classifier: Classifier, text: str) -> None:
    assert not [t for t in classifier.reader.read(text).terms if "new-substance" in t.fired]
