"""Sentences of books and news hold the words of trade too: what keeps them from being taken for it."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Classifier, Line, Window
from forensics.analysis.learnt import LONGEST_ALONE
from forensics.flag_work import built_in


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return built_in()


# Names of drugs, "list", "offer", "share", "call the number", "quality", somewhere in a long text.
_REVIEW = (
    "A long film about the trade that never becomes a sermon. The director follows a clerk who keeps the "
    "list of a harbour for thirty years, and who has seen everything pass: heroin in the sixties, speed "
    "and cocaine later, hash in between. Nobody shoots, nobody runs; the camera rests on hands, on rope, "
    "on rain. The deals of the title are the small ones that people make with themselves. The actors have "
    "little to say and much to share, and what they offer is pure craft. The second half loses its way in "
    "a trial that could have lasted ten minutes, and the music is far too loud in the last scene. Still, "
    "the quality of the pictures stays with you for days, and the best of them, a ferry turning in the "
    "fog, is worth the price of the ticket alone. Available now in cinemas, open every day; call the "
    "number on the poster for the times in your town. A second pair of eyes would have cut twenty minutes "
    "from the middle, where two brothers quarrel about a house that neither of them wants, and where the "
    "mother, who knows it, says nothing at all. That silence is the finest thing in the film. "
)


def _label(classifier: Classifier, text: str) -> str:
    return Window(classifier).read(Line(id="1", text=text)).label


def _rules(classifier: Classifier, text: str) -> list[tuple[str, str]]:
    verdict = Window(classifier).read(Line(id="1", text=text))
    return [(hit.id, hit.text) for hit in verdict.rules]


@pytest.mark.parametrize(
    "text",
    [
        "She had eaten ecstasy about five times before the summer ended",
        "The heroine who has given her name to the story marries a baker",
        "Cette héroïne qui a donné son nom au village aimait la mer",
        "Da bambina parlava con la nonna dell'hashish letto nei romanzi",
        "Le ministre a annoncé que la police a saisi de la cocaïne en 1993",
        "The Commission on Narcotic Drugs met in 1998 and again in 2004",
        "The G-20 spoke of gas and of the base of taxes for most of a morning",
        "Und da sind wir!",
        "The wind at the lighthouse reached a speed of 120 before the window of the kitchen broke",
    ],
)
def test_a_sentence_of_a_book_or_the_news_is_no_trade(classifier: Classifier, text: str) -> None:
    assert _label(classifier, text) not in ("deal", "menu")


@pytest.mark.parametrize(
    "text",
    [
        "heb je nog coke voor morgen",
        "any weed about tonight?",
        "coke left mate?",
        "3 gram speed, 20 euro, kom maar",
    ],
)
def test_the_same_words_in_a_request_are(classifier: Classifier, text: str) -> None:
    assert _label(classifier, text) == "deal"


def test_an_everyday_word_is_one_of_trade_in_a_few_words_only(classifier: Classifier) -> None:
    """``ile`` asks for the price in Polish and is an island in French."""
    few = _rules(classifier, "koks ile")
    many = _rules(classifier, "le koks est le nom que donnent les gens de cette ile au charbon des mines")
    assert ("price-asked", "ile") in few
    assert not any(rule == "price-asked" for rule, _ in many)


def test_each_word_of_something_else_counts_from_the_sixth_on_and_is_shown(classifier: Classifier) -> None:
    text = "the weed choked tulips lilies peonies daisies violets behind grandmother's greenhouse"
    shown = [word for rule, word in _rules(classifier, text) if rule == "much-else"]
    assert shown == ["violets", "behind", "grandmother", "greenhouse"]


def test_a_drug_that_is_named_stays_a_mention_whatever_else_is_said(classifier: Classifier) -> None:
    text = (
        "Journalists, teachers, farmers, sailors, painters and bakers wrote letters about heroin to the"
        " newspapers of Lisbon, Porto and Coimbra"
    )
    assert _label(classifier, text) == "mention"


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("wiet kilo 1950", 1950.0),
        ("hash = 1975", 1975.0),
        ("weed 1998 euro", 1998.0),
        ("speed in 1993", None),
    ],
)
def test_a_year_is_no_price_unless_something_makes_it_one(
    classifier: Classifier, text: str, price: float | None
) -> None:
    tiers = classifier.reader.read(text).reading.tiers
    assert [tier.price for tier in tiers] == ([] if price is None else [price])


def test_an_article_before_an_elided_word_is_no_amount(classifier: Classifier) -> None:
    assert classifier.reader.read("J'ai du mal à l'entraîner").reading.tiers == ()
    assert classifier.reader.read("La coke, à un moment donné").reading.tiers == ()


def test_the_name_of_a_group_of_countries_is_no_weight(classifier: Classifier) -> None:
    assert classifier.reader.read("les pays du G-20, base").reading.tiers == ()
    (tier,) = classifier.reader.read("wiet g-20").reading.tiers
    assert (tier.quantity, tier.unit, tier.price) == (1.0, "g", 20.0)


@pytest.mark.parametrize("text", ["l'exo 4 de maths", "d'amphi en amphi", "Da sind wir!"])
def test_an_article_cut_short_and_a_call_hide_no_name(classifier: Classifier, text: str) -> None:
    assert not any(term.fired for term in classifier.reader.read(text).terms)


def test_a_name_broken_by_a_sign_is_still_found(classifier: Classifier) -> None:
    (term,) = classifier.reader.read("x'anax").terms
    assert (term.entry.targets[0], term.fired) == ("alprazolam", ("separated",))


def test_a_time_with_seconds_and_the_years_of_a_life_are_no_goods(classifier: Classifier) -> None:
    assert [t.price for t in classifier.reader.read("Mar 12 22:20:36 crack").reading.tiers] == [None]
    assert classifier.reader.read("bellota (1803-1882)").reading.tiers == ()
    (tier,) = classifier.reader.read("xtc 1000-1100").reading.tiers
    assert (tier.quantity, tier.price) == (1000.0, 1100.0)


def test_digits_of_another_script_beside_a_year_are_no_year(classifier: Classifier) -> None:
    """Ethiopic digits are digits that ``int`` does not read."""
    (tier,) = classifier.reader.read("coke 1803-\u1369\u136a\u136b\u136c").reading.tiers
    assert tier.price == 1803.0


def test_a_third_drug_priced_by_name_counts_for_a_list(classifier: Classifier) -> None:
    shown = [hit for hit in _rules(classifier, "coke 50, keta 25, xtc 4, speed 8") if hit[0] == "priced-name"]
    assert len(shown) == 2


def test_emoji_for_several_drugs_are_a_list_where_one_is_hardly_of_food(classifier: Classifier) -> None:
    drugs = "❄️ 55 | 🐴 25 | 🍄 30"
    food = "🍫 5 | 🥦 3 | 🍄 4"
    assert _label(classifier, drugs) == "menu"
    assert any(rule == "emblem-list" for rule, _ in _rules(classifier, drugs))
    assert not any(rule == "emblem-list" for rule, _ in _rules(classifier, food))


def test_one_word_of_a_joke_takes_no_long_list_back(classifier: Classifier) -> None:
    text = "nee grapje mensen: wit 1 vr 50, keta 1 vr 25 3 vr 65, speed 10 vr 30, xtc 10 vr 25, 3mmc 5 vr 75"
    assert _label(classifier, text) == "menu"


def test_words_of_an_advertisement_all_over_a_long_text_make_no_list(classifier: Classifier) -> None:
    assert len(_REVIEW) > LONGEST_ALONE  # no weight of the whole denies it
    assert _label(classifier, _REVIEW) == "mention"
    assert (
        _label(
            classifier, f"Cocaine 1g 50, 5g 200. Heroin 1g 40. Speed 10g 60. Call the number. {_REVIEW[:300]}"
        )
        == "menu"
    )
