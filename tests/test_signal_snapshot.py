"""The new backups of Signal against records that are made from the reference alone."""

from __future__ import annotations

import base64
import hashlib
import io

import pytest
import signal_snapshots as made
from signal_golden import read
from signal_snapshots import BRAM, CLEO, NOON, OWNER, Media, event, item, part, sent, text
from whatsapp_installations import Reading

from forensics.digest import message_canonical
from forensics.identity import account_id, participant_id
from forensics.model import Conversation, Edit, Participant, Poll, PollOption, Receipt
from parsers.signal_group_id import group_handle, group_id
from parsers.signal_message_backup import FORM
from parsers.signal_snapshot import SignalSnapshot

LIMIT = 1 << 26
OWNER_ACI, BRAM_ACI, CLEO_ACI = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2, 3))
ACCOUNT = account_id("signal", "android", OWNER_ACI, "")
NOOR, BRAM_PERSON, CLEO_PERSON = (participant_id(ACCOUNT, each) for each in ("owner", BRAM_ACI, CLEO_ACI))
# Rows: 0 the backup, 1 the account, 2 to 8 recipients, 9 to 12 chats, then the messages.
FIRST = 13


def opened(data: bytes):
    (key,) = FORM.joined_keys(made.metadata(), made.POOL.encode())
    target = io.BytesIO()
    result = FORM.open(io.BytesIO(data), len(data), key, target, LIMIT)
    return target.getvalue(), result


@pytest.fixture
def reading(tmp_path):
    def make(*records: bytes, media=(), snapshot=made.SNAPSHOT, frames=None) -> Reading:
        data = made.main(made.items(*records) if frames is None else frames)
        root = made.write(tmp_path, data, media, snapshot)
        place = root / snapshot / "main.decrypted"
        place.write_bytes(opened(data)[0])
        return read(SignalSnapshot(), place, root, tmp_path / "work")

    return make


def message(found: Reading, place: int = 0):
    return found.message(FIRST + place, "chat_item")


def standard(body: str = "", *more: bytes) -> bytes:
    return part(11, (part(2, text(body)) if body else b"") + b"".join(more))


def minutes(number: int) -> int:
    return NOON + number * 60_000


def notices(found: Reading) -> str:
    return "\n".join(f"{each.text} {each.raw or ''}" for each in found.notices)


# --- People and conversations ---


def test_people_have_every_name_with_its_source(reading):
    people = {each.handle: each for each in reading().of(Participant)}
    assert set(people) == {OWNER_ACI, BRAM_ACI, CLEO_ACI}
    assert people[BRAM_ACI].phone == "+31600000001"
    assert [(each.name, each.source) for each in people[BRAM_ACI].names] == [
        ("Bosje", "nickname (given by the owner)"),
        ("Bram van de haven", "address book"),
        ("Bram Bos", "profile name (self-chosen)"),
    ]
    assert [(each.name, each.source) for each in people[CLEO_ACI].names] == [
        ("Cleo", "profile name (self-chosen)"),
        ("cleo.01", "username"),
    ]
    assert people[OWNER_ACI].is_owner
    assert [each.name for each in people[OWNER_ACI].names] == ["Noor Visser", "noor.99"]


def test_the_owner_is_not_guessed_where_no_group_names_him(reading):
    found = reading(frames=[each for each in made.people() if b"Havenploeg" not in each])
    (owner,) = [each for each in found.of(Participant) if each.is_owner]
    assert (owner.handle, owner.phone) == (None, None)
    assert "the owner is not named" in notices(found)
    assert "chat 2 is with recipient 4, who is gone" in notices(found)


def test_conversations_have_their_kind(reading):
    chats = {each.title or each.handle: each for each in reading().of(Conversation)}
    assert {key: chat.kind for key, chat in chats.items()} == {
        BRAM_ACI: "direct",
        "Havenploeg": "group",
        OWNER_ACI: "self",
        "Stories": "status",
        "Signal": "channel",
        "Overleg": "group",
    }
    assert set(chats["Havenploeg"].participants) == {NOOR, BRAM_PERSON, CLEO_PERSON}
    assert chats["Havenploeg"].handle == f"__signal_group__v2__!{group_id(b'M' * 32).hex()}"


def test_the_id_of_a_group_is_the_known_answer():
    """GroupIdTest of Signal-Android."""
    answer = "8c4a5ec277691282f64b965b1b9affc0285380c993c413f7560967d502dcf2e6"
    key = bytes.fromhex("0123456789abcdef" * 4)
    assert group_id(key).hex() == answer
    assert group_handle(key, "android") == f"__signal_group__v2__!{answer}"
    assert group_handle(key, "ios") == base64.b64encode(bytes.fromhex(answer)).decode()


# --- Messages ---


def test_a_received_message(reading):
    one = message(reading(item(1, standard("hoi \ufffc")), item(2, standard("tweede"))))
    assert (one.text, one.kind, one.state, one.status) == ("hoi \ufffc", "text", "live", None)
    assert (one.sender, one.from_owner) == (BRAM_PERSON, False)
    assert (one.sent_at, one.received_at) == (minutes(1), minutes(1) + 1000)
    assert (one.source.table, one.source.rowid, one.source.app_id) == ("chat_item", 13, str(minutes(1)))
    frames = made.items(item(1, standard("hoi \ufffc")))
    assert one.source.offset == len(made.stream(frames[:13]))


def test_a_sent_message_has_the_receipts_of_each_member(reading):
    statuses = made.status(made.BRAM_ID, 6, minutes(3)) + made.status(made.CLEO_ID, 5, minutes(2))
    one = message(reading(sent(1, standard("allemaal?"), statuses, chat=made.GROUP_CHAT)))
    assert (one.status, one.from_owner, one.sender, one.conversation_kind) == ("read", True, NOOR, "group")
    assert one.receipts == (
        Receipt(participant=BRAM_PERSON, delivered_at=None, read_at=minutes(3), played_at=None),
        Receipt(participant=CLEO_PERSON, delivered_at=minutes(2), read_at=None, played_at=None),
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [(3, "pending"), (4, "sent"), (5, "delivered"), (6, "read"), (7, "played"), (8, "failed"), (9, "failed")],
)
def test_the_state_of_a_sent_message(kind, status, reading):
    statuses = made.status(made.BRAM_ID, kind, minutes(2))
    one = message(reading(sent(1, standard("hoi"), statuses)))
    assert one.status == status
    assert one.delivered_at == (minutes(2) if status == "delivered" else None)
    assert one.read_at == (minutes(2) if status == "read" else None)


def test_a_note_to_self_is_sent(reading):
    one = message(reading(sent(1, standard("melk"), chat=made.OWN_CHAT)))
    assert (one.conversation_kind, one.status, one.sender) == ("self", "sent", NOOR)


def test_all_versions_of_an_edited_message_are_one(reading):
    older = part(6, item(1, standard("om zes uur"))) + part(6, item(2, standard("om zeven uur")))
    quote = part(1, minutes(2)) + part(2, made.BRAM_ID) + part(3, text("om zeven uur"))
    found = reading(item(5, standard("om acht uur"), more=older), sent(6, standard("goed", part(1, quote))))
    one, answer = message(found), message(found, 1)
    assert (one.text, one.sent_at, one.edited_at) == ("om acht uur", minutes(1), minutes(5))
    assert one.edits == (
        Edit(text="om zes uur", at=minutes(1)),
        Edit(text="om zeven uur", at=minutes(2)),
    )
    assert answer.reply_to.id == one.id
    assert len(found.messages) == 2


def test_a_quotation_keeps_the_text_of_a_target_that_is_gone(reading):
    quote = part(1, minutes(-9)) + part(2, made.BRAM_ID) + part(3, text("weg"))
    nowhere = part(2, made.BRAM_ID) + part(3, text("ook weg"))
    found = reading(item(1, standard("ja", part(1, quote))), item(2, standard("ja", part(1, nowhere))))
    one, two = message(found).reply_to, message(found, 1).reply_to
    assert (one.id, one.app_id, one.text, one.sent_at) == (None, str(minutes(-9)), "weg", minutes(-9))
    assert (two.id, two.app_id, two.text, two.sent_at) == (None, None, "ook weg", None)
    assert one.sender == two.sender == BRAM_PERSON


def test_reactions_and_mentions(reading):
    body = part(
        11, part(2, text("\ufffc en \ufffc", (0, CLEO), (5, OWNER))) + part(6, made.reaction("👍", 3, NOON))
    )
    one = message(reading(item(1, body, chat=made.GROUP_CHAT)))
    assert one.mentions == (CLEO_PERSON, NOOR)
    assert [(each.sender, each.emoji, each.at) for each in one.reactions] == [(CLEO_PERSON, "👍", NOON)]


def test_who_deleted_a_message_for_everyone(reading):
    admin = part(22, part(1, made.CLEO_ID))
    found = reading(item(1, part(14, b"")), item(2, admin, chat=made.GROUP_CHAT))
    one, two = message(found), message(found, 1)
    assert (one.state, one.deleted_by, one.text, one.kind) == (
        "deleted_for_everyone",
        BRAM_PERSON,
        None,
        "unknown",
    )
    assert (two.state, two.deleted_by, two.sender) == ("deleted_for_everyone", CLEO_PERSON, BRAM_PERSON)


def test_a_timer_and_a_plain_sms(reading):
    found = reading(
        item(1, standard("kort"), more=part(5, 3_600_000)), item(2, standard("sms"), more=part(7, 1))
    )
    assert message(found).expires_after == 3600
    assert message(found, 1).system.type == "SMS or MMS"


def test_a_poll_has_its_votes(reading):
    options = part(3, part(1, "ja") + part(2, part(1, 2) + part(2, 1)) + part(2, part(1, 1))) + part(
        3, part(1, "nee")
    )
    one = message(reading(item(1, part(20, part(1, "Komt iedereen?") + options), chat=made.GROUP_CHAT)))
    assert (one.kind, one.text) == ("poll", "Komt iedereen?")
    wanted = (PollOption(text="ja", votes=(BRAM_PERSON, NOOR)), PollOption(text="nee", votes=()))
    assert one.poll == Poll(question="Komt iedereen?", options=wanted)


def test_a_contact_card_a_payment_a_gift_and_answers_to_stories(reading):
    card = part(1, part(1, "Daan") + part(2, "Kok")) + part(3, part(1, "+31600000009") + part(2, 2))
    found = reading(
        item(1, part(12, part(1, card))),
        item(2, part(16, part(1, "1.5") + part(2, "0.01") + part(3, "voor gisteren"))),
        item(3, part(17, part(2, 2))),
        item(4, part(19, part(1, part(1, text("mooi"))))),
        item(5, part(19, part(2, "😮"))),
    )
    contact, payment, gift, reply, emoji = (message(found, place) for place in range(5))
    assert (contact.kind, contact.text, contact.contacts[0].phones) == (
        "contact",
        "Daan Kok",
        ("+31600000009",),
    )
    assert (payment.kind, payment.text, payment.system.detail) == (
        "payment",
        "voor gisteren",
        "amount 1.5 MOB, fee 0.01 MOB",
    )
    assert (gift.kind, gift.text, gift.system.type, gift.system.detail) == (
        "unknown",
        None,
        "gift badge",
        "redeemed",
    )
    assert (reply.kind, reply.text, reply.system.type) == ("text", "mooi", "reply to a story")
    assert (emoji.text, emoji.system.type) == ("😮", "reaction to a story")


# --- Files ---


def test_files_of_the_pool_are_decrypted_and_hashed(reading):
    picture = Media(b"een plaat" * 300, "image/jpeg", "haven.jpg")
    voice, once, seal = (
        Media(name, mime)
        for name, mime in ((b"stem", "audio/aac"), (b"eenmaal", "image/png"), (b"zegel", "image/webp"))
    )
    link = part(1, "https://example.org/x") + part(2, "Titel") + part(4, "Wat het is")
    found = reading(
        item(1, standard("kijk", part(3, picture.attachment()), part(4, link))),
        item(2, standard("", part(3, voice.attachment(1)))),
        item(3, part(18, part(1, once.attachment()))),
        item(4, part(18, b"")),
        item(5, part(13, part(1, part(1, b"pack") + part(3, 1) + part(5, seal.pointer)))),
        media=(picture, voice, once, seal),
    )
    first, second, third, fourth, fifth = (message(found, place) for place in range(5))
    file, preview = first.attachments
    assert (file.kind, file.mime, file.filename, file.size, file.present) == (
        "image",
        "image/jpeg",
        "haven.jpg",
        2700,
        True,
    )
    assert file.sha256 == hashlib.sha256(b"een plaat" * 300).hexdigest()
    assert file.path == f"files/{picture.name[:2]}/{picture.name}!/decrypted"
    assert (preview.kind, preview.path, preview.filename) == ("link", "https://example.org/x", "Titel")
    assert (first.kind, second.kind, second.text) == ("image", "voice", None)
    assert (third.view_once, third.attachments[0].present, third.kind) == (True, True, "image")
    assert (fourth.view_once, fourth.attachments, fourth.kind) == (True, (), "unknown")
    assert (fifth.kind, fifth.attachments[0].kind, fifth.attachments[0].present) == (
        "sticker",
        "sticker",
        True,
    )


def test_a_long_text_is_whole(reading):
    whole = "een heel verhaal dat niet in het bericht past"
    long = Media(whole.encode(), "text/x-signal-plain")
    body = standard("een heel", part(5, long.pointer))
    assert message(reading(item(1, body), media=(long,))).text == whole


def test_a_long_text_that_is_not_there_is_said(reading):
    long = Media(b"weg", "text/x-signal-plain")
    found = reading(item(1, standard("een heel", part(5, long.pointer))))
    assert message(found).text == "een heel"
    assert "its text is longer than what is stored in it" in notices(found)


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_changed_file_is_not_present_and_a_notice(place, reading):
    picture = Media(b"een plaat", "image/jpeg")
    changed = bytearray(picture.data)
    changed[place] ^= 1
    picture.data = bytes(changed)
    found = reading(item(1, standard("", part(3, picture.attachment()))), media=(picture,))
    (file,) = message(found).attachments
    assert (file.present, file.sha256, file.size) == (False, None, 9)
    assert "cannot be decrypted: its authentication code is wrong" in notices(found)


def test_files_that_no_message_names_and_files_that_are_not_there_are_named(reading):
    stray, absent = Media(b"zwerft", "image/png"), Media(b"niet hier", "image/png")
    found = reading(item(1, standard("", part(3, absent.attachment()))), media=(stray,))
    assert message(found).attachments[0].present is False
    assert f"files that the snapshot lists and no message names: 1 {stray.name}" in notices(found)


# --- Events and calls ---


@pytest.mark.parametrize(
    ("update", "words", "code", "detail"),
    [
        (part(1, part(1, 2)), "safety number changed", 2, None),
        (part(1, part(1, 14)), "blocked", 14, None),
        (part(1, part(1, 99)), None, 99, "unknown (99)"),
        (
            part(3, part(1, 3_600_000)),
            "disappearing messages changed",
            3,
            "disappearing messages after 3600 s",
        ),
        (part(3, b""), "disappearing messages changed", 3, "disappearing messages switched off"),
        (
            part(4, part(1, "B") + part(2, "Bram")),
            "profile change",
            4,
            "profile name: 'B' before, 'Bram' now",
        ),
        (part(5, part(1, 31600000005)), "conversations merged", 5, "number +31600000005"),
        (part(6, part(1, 31600000005)), "session switched to another number", 6, "number +31600000005"),
        (part(9, part(2, "b.01")), "profile change", 9, "before known as b.01"),
        (
            part(10, part(1, NOON) + part(2, "Wie?")),
            "poll ended",
            10,
            "the message sent at 2026-03-01T11:00:00.000Z, question: Wie?",
        ),
        (
            part(11, part(1, NOON) + part(2, 3)),
            "message pinned",
            11,
            f"the message sent at 2026-03-01T11:00:00.000Z by Cleo ({CLEO_ACI})",
        ),
    ],
)
def test_events_in_words(update, words, code, detail, reading):
    one = message(reading(event(1, update)))
    assert (one.kind, one.from_owner, one.text) == ("system", None, None)
    assert (one.system.type, one.system.code, one.system.detail) == (words, code, detail)


BY_CLEO, TO_BRAM = part(1, CLEO), part(2, BRAM)
SPOKEN_CLEO, SPOKEN_BRAM = f"Cleo ({CLEO_ACI})", "Bosje (+31600000001)"


@pytest.mark.parametrize(
    ("number", "content", "words"),
    [
        (1, BY_CLEO, f"by {SPOKEN_CLEO}; group changed"),
        (2, BY_CLEO, f"by {SPOKEN_CLEO}; group made"),
        (3, BY_CLEO + part(2, "Kade"), f"by {SPOKEN_CLEO}; title: Kade"),
        (3, b"", "title removed"),
        (4, part(2, 1), "picture removed"),
        (5, part(2, "Alles over de kade"), "description: Alles over de kade"),
        (6, part(2, 3), "who may add members: admins"),
        (7, part(2, 9), "who may change the details: unknown (9)"),
        (8, part(2, 1), "only admins may write"),
        (9, BY_CLEO + TO_BRAM + part(3, 1), f"by {SPOKEN_CLEO}; {SPOKEN_BRAM} is now admin"),
        (10, BY_CLEO, f"left by {SPOKEN_CLEO}"),
        (11, BY_CLEO + TO_BRAM, f"by {SPOKEN_CLEO}; removed {SPOKEN_BRAM}"),
        (12, BY_CLEO, f"by {SPOKEN_CLEO}; the owner was invited"),
        (13, part(1, BRAM), f"the owner invited {SPOKEN_BRAM}"),
        (14, BY_CLEO + part(2, 3), f"by {SPOKEN_CLEO}; people invited: 3"),
        (15, TO_BRAM, f"invitation accepted by {SPOKEN_BRAM}"),
        (16, TO_BRAM, f"invitation declined by {SPOKEN_BRAM}"),
        (17, part(1, BRAM), f"joined by {SPOKEN_BRAM}"),
        (18, BY_CLEO + TO_BRAM, f"by {SPOKEN_CLEO}; added {SPOKEN_BRAM}"),
        (19, BY_CLEO, f"by {SPOKEN_CLEO}; invitation of the owner withdrawn"),
        (20, BY_CLEO + part(2, part(2, BRAM)), f"by {SPOKEN_CLEO}; invitation withdrawn: {SPOKEN_BRAM}"),
        (21, part(1, BRAM), f"asks to join: {SPOKEN_BRAM}"),
        (
            22,
            part(1, BRAM) + part(2, CLEO) + part(3, 1),
            f"by {SPOKEN_CLEO}; request to join approved: {SPOKEN_BRAM}",
        ),
        (23, part(1, BRAM), f"request to join withdrawn by {SPOKEN_BRAM}"),
        (24, BY_CLEO, f"by {SPOKEN_CLEO}; link for joining changed"),
        (25, b"", "link for joining on"),
        (26, part(2, 1), "link for joining: admins must approve"),
        (27, b"", "link for joining off"),
        (28, part(1, BRAM), f"joined by the link: {SPOKEN_BRAM}"),
        (29, b"", "group migrated"),
        (30, b"", "group migrated, the owner was invited"),
        (31, part(1, 2), "group migrated, members invited: 2"),
        (32, part(1, 2), "group migrated, members dropped: 2"),
        (33, part(1, BRAM) + part(2, 4), f"{SPOKEN_BRAM} asked to join and withdrew it, times: 4"),
        (34, part(1, 60_000) + part(2, CLEO), f"by {SPOKEN_CLEO}; disappearing messages after 60 s"),
        (35, b"", "unknown (35)"),
        (36, BY_CLEO, f"by {SPOKEN_CLEO}; group ended"),
    ],
)
def test_changes_of_a_group_in_words(number, content, words, reading):
    one = message(reading(event(1, part(2, part(1, part(number, content))), chat=made.GROUP_CHAT)))
    assert (one.system.type, one.system.detail) == ("group updated", words)


def test_calls_with_their_results(reading):
    missed = part(7, part(1, 5) + part(2, 2) + part(3, 1) + part(4, 3) + part(5, minutes(1)))
    made_call = part(7, part(2, 1) + part(3, 2) + part(4, 1) + part(5, minutes(2)))
    group = part(8, part(2, 4) + part(3, made.CLEO_ID) + part(5, minutes(3)) + part(6, minutes(5)))
    link = part(6, part(1, 9) + part(2, made.LINK_ID) + part(3, 1) + part(4, minutes(9)))
    frames = made.items(event(1, missed), event(2, made_call), event(3, group, chat=made.GROUP_CHAT))
    found = reading(frames=[*frames, link])
    calls = [(c.sender, c.from_owner, c.at, c.seconds, c.video, c.result) for c in found.calls]
    assert calls == [
        (BRAM_PERSON, False, minutes(1), None, True, "missed"),
        (NOOR, True, minutes(2), None, False, "accepted"),
        (CLEO_PERSON, False, minutes(3), 120, None, "accepted"),
        (None, None, minutes(9), None, None, "call by a link"),
    ]
    assert [each.kind for each in found.messages] == ["call"] * 3
    assert found.calls[0].participants == (BRAM_PERSON,)
    assert (found.accounting["chat_item"].rows, found.accounting["ad_hoc_call"].rows) == (3, 1)


# --- What is not known, and what is damaged ---


def test_unknown_fields_and_kinds_are_kept_as_notices(reading):
    found = reading(
        item(1, standard("hoi", part(40, b"\x01\x02")), more=part(60, 7)),
        item(2, part(29, b"iets nieuws")),
    )
    assert message(found).text == "hoi"
    assert message(found, 1).kind == "unknown"
    assert 'field 40 of StandardMessage has no meaning known to this parser: 1 row [[13, "0102"]]' in notices(
        found
    )
    assert 'field 60 of ChatItem has no meaning known to this parser: 1 row [[13, "7"]]' in notices(found)
    assert "field 29 of ChatItem" in notices(found)


def test_no_more_unknown_fields_are_listed_than_a_person_reads(reading):
    many = b"".join(part(number, 1) for number in range(100, 400))
    found = reading(item(1, standard("hoi"), more=many))
    assert sum("has no meaning known" in each.text for each in found.notices) == 200
    assert "fields without a known meaning beyond these: 100" in notices(found)


def test_a_record_that_cannot_be_understood_costs_itself(reading):
    found = reading(item(1, standard("voor")), part(1, made.BRAM_CHAT) + b"\x5a\x05", item(3, standard("na")))
    assert [each.text for each in found.messages] == ["voor", "na"]
    accounting = found.accounting["chat_item"]
    assert (accounting.rows, accounting.messages, accounting.failed) == (3, 2, 1)
    assert "row 14 of chat_item cannot be understood" in notices(found)


HUGE = (1 << 63) - 1


@pytest.mark.parametrize(
    ("record", "is_read"),
    [
        (item(1, standard("hoi"), more=part(5, HUGE)), True),
        (item(1, standard("hoi", part(3, part(1, part(13, part(3, HUGE)))))), True),
        (item(HUGE // 60_000 - made.NOON, standard("hoi")), True),
        (item(1, standard("hoi"), chat=HUGE, author=HUGE), True),
        (item(1, part(17, part(2, HUGE))), False),
        (event(1, part(1, part(1, HUGE))), False),
        (event(1, part(7, part(4, HUGE))), False),
        (event(1, part(3, part(1, HUGE))), True),
        (event(1, part(8, part(5, HUGE) + part(6, HUGE))), True),
    ],
)
def test_numbers_that_no_phone_writes_end_in_a_record_or_a_notice(record, is_read, reading):
    found = reading(record)
    accounting = found.accounting["chat_item"]
    assert (accounting.messages, accounting.failed) == ((1, 0) if is_read else (0, 1))
    for each in found.messages:
        assert message_canonical(each)
    assert is_read or "which is no code" in notices(found)


def test_what_a_backup_leaves_out_is_said(reading):
    found = reading(snapshot=f"{made.SNAPSHOT}-tmp")
    assert "it may leave out messages that disappear within a day" in notices(found)
    assert "the backup was made at 2026-03-01T11:00:00.000Z by Android 8.1.2" in notices(found)
    assert "was not finished (-tmp)" in notices(found)
