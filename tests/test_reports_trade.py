"""Part E: offers taken together, accounts, transactions, figures; every flag with its source, and no word too many."""

# ruff: noqa: E501  # records and expected rows: easier to compare unbroken

from __future__ import annotations

import re

import pikepdf
import pytest
from test_reports_cases import BRAM, OWNER, YASMIN, FakeCase, conversation, flag, message
from test_reports_pdf import whole_text

from forensics.hit_language import own_reasons
from reports import markup, pdf, web
from reports.blocks import Chart, Fields, Group, Prose, Quotation, Table, every_block
from reports.cards import reason
from reports.content import compose
from reports.edition import Edition
from reports.indications import indications
from reports.shares import shares
from reports.trade import Trade

MENU = "🍬 3 voor 20\nwiet 5g 40\n<b>"
LATER = "🍬 3 voor 25\nwiet 5g 40"


def item(substance, listed, quantity, price, text="x"):
    return {
        "substance": substance, "candidates": [substance], "text": text, "quantity": quantity, "unit": "g", "price": price,
        "currency": "EUR", "list": listed, "law": {"list": listed, "confidence": "verified"},
    }  # fmt: skip


def mixed_flag(number, talk, key, price=20, kind="menu"):
    rule = {
        "id": "drug-name", "version": "1", "message": key, "start": 2, "end": 11, "text": "3 voor 20",
        "reason": "names a drug (mdma)", "weight": 2, "sign": "+",
    }  # fmt: skip
    against = rule | {
        "id": "innocent",
        "reason": "words of another subject (sweets)",
        "weight": -3,
        "sign": "-",
        "text": "voor",
    }
    goods = [item("mdma", "I", 3, price), item("cannabis", "II", 5, 40), item("ketamine", None, 1, 25)]
    return flag(
        talk,
        [key],
        id=f"f{number:024x}",
        kind=kind,
        rules=[rule, against],
        items=goods,
        markets=["hard", "soft"],
    )


def trading_case(copies=12):
    """The owner sends one text to many and a later one to one; Yasmin buys; Bram offers something too."""
    talks, flags = [], []
    for each in range(1, copies + 1):
        talk = conversation(
            each, 2, participants=[OWNER, YASMIN if each < copies else BRAM], title=f"Klant {each}"
        )
        sent = message(100 * each, talk["id"], MENU, sender=OWNER, from_owner=True)
        order = message(
            100 * each + 1, talk["id"], "doe mij 3", sender=talk["participants"][1], from_owner=False
        )
        talks.append((talk, [sent, order]))
        flags.append(mixed_flag(each, talk["id"], sent["id"]))
    talk, found = talks[0]
    found.append(
        message(150, talk["id"], LATER, sender=OWNER, from_owner=True, sent_at="2026-05-01T10:00:00.000Z")
    )
    flags.append(mixed_flag(90, talk["id"], found[-1]["id"], price=25))
    flags.append(mixed_flag(91, talk["id"], found[1]["id"], kind="deal"))
    flags.append(flag(talk["id"], [each["id"] for each in found], id="f9", kind="conversation"))
    last, others = talks[-1]
    flags.append(flag(last["id"], [others[1]["id"]], id="f8"))
    return FakeCase(talks, flags)


def background_of(case, language="nl"):
    return compose(case, language, "0").background


def blocks_of(case, form="html", language="nl"):
    part = indications(background_of(case, language), Edition(form=form))
    return [block for section in part.sections for block in every_block(section.blocks)]


def tables(case, form="html", language="nl"):
    return {
        block.key: list(block.rows()) for block in blocks_of(case, form, language) if isinstance(block, Table)
    }


def test_equal_texts_of_an_account_are_one_offer_with_all_its_sendings():
    trade = Trade(background_of(trading_case()))
    first = trade.offers[0]
    assert (len(trade.offers), len(first.sendings), len(first.conversations)) == (3, 12, 12)
    assert first.flags == tuple(range(1, 13))
    assert [seller.participant for seller in trade.sellers] == [OWNER, BRAM]


def test_the_same_text_of_two_accounts_is_two_offers():
    case = trading_case(2)
    case.talks[1][1][0] = message(200, case.talks[1][0]["id"], MENU, sender=BRAM)
    assert [len(offer.sendings) for offer in Trade(background_of(case)).offers] == [1, 1, 1, 1]


def test_an_offer_is_printed_once_and_every_sending_is_listed_with_its_flag_and_source():
    case = trading_case()
    for form in ("html", "flags"):
        assert [block.text for block in blocks_of(case, form) if isinstance(block, Quotation)].count(
            MENU
        ) == 1
    sent = tables(case)["M1.sent"]
    assert [row[0] for row in sent] == [f"{each}-1" for each in range(1, 13)]
    assert sent[0][1:] == ("V1", "2026-02-01 22:56:43 +01:00", "Klant 1 (een-op-een)", "F1 message rij 100")


@pytest.mark.parametrize("form", ["html", "flags", "pdf"])
def test_every_flag_is_in_the_table_of_flags(form):
    found = tables(trading_case(), form)["E17.flags"]
    assert [row[0] for row in found] == [f"V{each}" for each in range(1, 17)]
    assert all(row[2] and row[3].startswith("F1 message") for row in found)


def test_no_list_is_read_twice_in_the_printed_conversations():
    case = trading_case()
    for talk, found in case.talks:
        found[0] = message(int(talk["id"][1:], 16) * 100, talk["id"], MENU * 8, sender=OWNER, from_owner=True)
    texts = [each for each in compose(case, "nl", "0").selection.excerpts() if hasattr(each, "text")]
    assert [each.text for each in texts].count(MENU * 8) == 1
    repeated = dict(next(each for each in texts if each.number == "2-1").details)
    assert (
        repeated["tekst"]
        == f"[Zelfde tekst als bericht 1-1, daar volledig weergegeven ({len(MENU * 8)} tekens)]"
    )


def test_goods_stand_by_list_with_their_tiers():
    assert tables(trading_case())["M1.goods"] == [
        ("I", "MDMA (xtc)", "3 g: 20 EUR", "nagegaan"),
        ("II", "hennep (wiet)", "5 g: 40 EUR", "nagegaan"),
        ("geen / na te gaan", "ketamine", "1 g: 25 EUR", "nagegaan"),
    ]


def test_prices_are_followed_through_time():
    rows = tables(trading_case())["S1.price_figures"]
    assert ("1", "MDMA (xtc)", "3 g", "2026-02-01: 20 EUR, 2026-05-01: 25 EUR") in rows


def test_a_mixed_market_is_stated_with_the_goods_of_either_list():
    texts = [block.text for block in blocks_of(trading_case()) if isinstance(block, Prose)]
    assert any(
        text.startswith("Gemengd aanbod: in 2 van de 2 teksten")
        and "Lijst I: MDMA (xtc). Lijst II: hennep (wiet)." in text
        for text in texts
    )
    unmixed = FakeCase(
        [(talk := conversation(1, 1), [one := message(2, talk["id"], MENU)])], [flag(talk["id"], [one["id"]])]
    )
    assert "In geen tekst staan waren van lijst I en van lijst II naast elkaar" in " ".join(
        block.text for block in blocks_of(unmixed) if isinstance(block, Prose)
    )


def test_the_other_side_of_transactions_is_counted():
    assert tables(trading_case())["S1.customers"] == [
        ("ياسمين 🌸 (+31600000001)", "1", "2026-02-01", "2026-02-01", "MDMA (xtc), hennep (wiet), ketamine"),
    ]  # fmt: skip


def test_hours_have_a_chart_and_its_table():
    rows = tables(trading_case())["S1.hour_figures"]
    assert sum(map(int, rows[0][1:])) == 13 and len(rows[0]) == 25


def test_figures_count_each_flagged_message_once_by_app_kind_list_and_period():
    case = trading_case()
    found = {
        block.key: list(block.rows())
        for block in shares(Trade(background_of(case)))
        if isinstance(block, Table)
    }
    assert found["E17.by_app"] == [("whatsapp", "15", "15 van 15", "15 van 24", "12")]
    assert found["E17.by_kind"] == [("een-op-een", "15", "15 van 15", "15 van 24", "12")]
    assert [row[:2] for row in found["E17.by_list"]] == [("I", "15"), ("II", "14")]
    assert [row[:2] for row in found["E17.by_period"]] == [("2026-02", "14"), ("2026-05", "1")]
    assert ("whatsapp", "een-op-een", "I", "2026-Q2", "1", "1 van 15") in found["E17.shares"]


def test_what_was_found_is_marked_and_what_speaks_against_is_named():
    quotation = next(block for block in blocks_of(trading_case()) if isinstance(block, Quotation))
    page = "".join(markup._block(background_of(trading_case()).words, quotation))
    assert "🍬 <mark>3 voor 20</mark>\nwiet 5g 40\n&lt;b&gt;" in page
    fields = [block for block in blocks_of(trading_case()) if isinstance(block, Fields) and block.key == "M1"]
    assert any("innocent · woorden van een ander onderwerp" in str(block) for block in fields)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", "noemt een drug of geneesmiddel (MDMA (xtc))"), ("en", "names a drug (MDMA)")],
)
def test_reasons_are_in_the_language_of_the_report(language, expected):
    assert tables(trading_case(), language=language)["M1.rules"][0][-1] == expected


def test_a_reason_calls_the_message_that_it_leans_on_by_its_number():
    talk = conversation(1, 2)
    menu, order = message(1, talk["id"], MENU), message(2, talk["id"], "doe mij 3")
    own = own_reasons("nl")["context-menu"]
    leaning = {**mixed_flag(1, talk["id"], order["id"])["rules"][0], "id": "context-menu"}
    leaning["reason"] = f"{own[0]} (message {menu['id']})"
    flags = [flag(talk["id"], [menu["id"], order["id"]], kind="deal", rules=[leaning])]
    told = reason(background_of(FakeCase([(talk, [menu, order])], flags)), leaning)
    assert told == f"{own[1]} (bericht 1-1)"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "waar van berichten die er zelf geen noemen: overgenomen uit eerder bericht 1-1"),
        ("en", "goods of messages that name none themselves: taken over from earlier message 1-1"),
    ],
)
def test_goods_of_an_earlier_message_are_said_to_be_of_that(language, said):
    talk = conversation(1, 2)
    menu = message(1, talk["id"], MENU)
    order = message(2, talk["id"], "doe mij 3")
    flags = [
        flag(talk["id"], [order["id"]], kind="deal", items=[], goods_from=[menu["id"]]),
        flag(talk["id"], [menu["id"]], id="f" + "1" * 24),
    ]
    case = FakeCase([(talk, [menu, order])], flags)
    assert [said in row[4] for row in tables(case, language=language)["E17.flags"]] == [True, False]
    fields = [
        each
        for block in blocks_of(case, language=language)
        if isinstance(block, Fields)
        for each in block.fields
    ]
    assert [each.values for each in fields if each.key == "deal.taken"] == [(said,)]


def test_a_decision_of_a_person_stands_with_the_offer():
    case = trading_case()
    case.flag_list[0]["decision"] = {
        "decision": "confirmed",
        "by": "T. Weede",
        "at": "2026-03-02T10:00:00.000Z",
        "reason": "gezien",
    }
    judged = next(block for block in blocks_of(case) if isinstance(block, Fields) and block.key == "M1")
    assert "bevestigd\nT. Weede\n2026-03-02 11:00:00 +01:00\ngezien (1)\nnog niet beoordeeld (11)" in str(
        ["\n".join(field.values) for field in judged.fields][1]
    )


def test_an_account_without_a_sender_is_a_channel():
    talk = conversation(1, 1, kind="channel", title="Nachtwinkel 🌙", participants=[])
    one = message(2, talk["id"], MENU, sender=None, from_owner=None)
    case = FakeCase([(talk, [one])], [mixed_flag(1, talk["id"], one["id"])])
    assert "Account Nachtwinkel 🌙" in [block.title for block in blocks_of(case) if isinstance(block, Group)]


def test_nothing_flagged_is_said_and_drawn_as_nothing():
    case = FakeCase([(conversation(1, 0), [])])
    texts = [block.text for block in blocks_of(case) if isinstance(block, Prose)]
    assert "De regels vonden geen aanbod." in texts and "De regels vonden geen mogelijke transactie." in texts
    assert not [block for block in blocks_of(case) if isinstance(block, Chart)]


def test_flags_of_messages_that_are_gone_are_listed_all_the_same():
    case = FakeCase([(conversation(1, 0), [])], [flag("c" + f"{1:024x}", ["m-gone"])])
    assert [row[0] for row in tables(case)["E17.flags"]] == ["V1"]


def test_every_link_of_the_sendings_leads_to_the_message(tmp_path):
    web.FORM.write(case := trading_case(), tmp_path, compose(case, "nl", "0"))
    page = (tmp_path / "html/index.html").read_text("utf-8")
    targets = set(re.findall(r'href="(chats/[^"#]+)#(i[\d-]+)"', page))
    assert len(targets) > 12
    for name, anchor in targets:
        assert f'id="{anchor}"' in (tmp_path / "html" / name).read_text("utf-8")


def test_the_annex_of_flags_holds_every_flag_and_the_sentence(tmp_path):
    pdf.FORM.write(case := trading_case(), tmp_path, compose(case, "en", "0"))
    with pikepdf.open(tmp_path / "flags.pdf") as document:
        text = whole_text(document)
        assert document.open_metadata()["pdfaid:conformance"] == "A"
    assert "It is not a finding and not an opinion about guilt." in text and "End of the flags" in text
    assert all(f"V{each}" in text for each in range(1, 17))


def test_a_message_to_a_broadcast_list_was_sent_once_however_many_chats_it_stands_in():
    talks, flags = [], []
    for each in range(1, 14):
        talk = conversation(each, 1, kind="broadcast" if each == 1 else "direct")
        found = message(
            each, talk["id"], MENU, sender=OWNER, from_owner=True, sent_at="2026-04-01T10:00:00.000Z"
        )
        found["source"] = found["source"] | {"app_id": "AC74"}
        talks.append((talk, [found]))
        flags.append(mixed_flag(each, talk["id"], found["id"]))
    document = compose(FakeCase(talks, flags), "en", "0.1").document(Edition(form="html"))
    blocks = [b for part in document.parts for section in part.sections for b in every_block(section.blocks)]
    (sellers,) = [b for b in blocks if isinstance(b, Table) and b.key == "E17.sellers"]
    assert [row[1:4] for row in sellers.rows()] == [("1", "1", "13")]
    assert "Offer M1: sent once, in 13 conversations" in [b.title for b in blocks if isinstance(b, Group)]
