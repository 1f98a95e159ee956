"""The messages of a benchmark phone that are no plain text: media, events, cards, polls, calls, links."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from random import Random

from whatsapp_people import Population, Store
from whatsapp_rows import CONTROL, HEX_120, ODD, MessageWriter

MEDIA = (
    "message_row_id, chat_row_id, transferred, file_path, file_size, media_key, media_key_timestamp, width, "
    "height, direct_path, message_url, mime_type, file_length, media_name, file_hash, media_duration, "
    "page_count, enc_file_hash, is_animated_sticker, media_caption"
)
CALL = (
    "_id, jid_row_id, from_me, call_id, transaction_id, timestamp, video_call, duration, call_result, "
    "bytes_transferred, group_jid_row_id, is_joinable_group_call, call_random_id, call_type"
)
# Upper bound of the draw, message type (reference 2.6), folder and file name, MIME type, has a duration
MEDIA_KINDS = (
    (0.55, 1, "WhatsApp Images/IMG-{day}-WA{n:04d}.jpg", "image/jpeg", False),
    (0.76, 2, "WhatsApp Voice Notes/202401/PTT-{day}-WA{n:04d}.opus", "audio/ogg; codecs=opus", True),
    (0.86, 3, "WhatsApp Video/VID-{day}-WA{n:04d}.mp4", "video/mp4", True),
    (0.95, 20, "WhatsApp Stickers/STK-{day}-WA{n:04d}.webp", "image/webp", False),
    (1.01, 9, "WhatsApp Documents/DOC-{day}-WA{n:04d}.pdf", "application/pdf", False),
)
# WhatsApp reference 2.8: added, left, removed, subject; security code, devices, timer, business
GROUP_ACTIONS, DIRECT_ACTIONS = (12, 13, 14, 1), (18, 57, 59, 46)
SUBJECT, MEMBER_ACTIONS = 1, (12, 13, 14)
POLL_VOTE = 67


class KindWriter(MessageWriter):
    """Writes the rarer kinds; counts what has ids of its own."""

    def __init__(self, random: Random, population: Population, store: Store, calls: int) -> None:
        super().__init__(random, population, store)
        self.option, self.call, self.card, self.calls = 1, 1, 1, calls

    def media(self) -> None:
        draw = self.random()
        _, kind, path, mime, is_timed = next(entry for entry in MEDIA_KINDS if draw < entry[0])
        caption = self.words() if self.random() < 0.25 else None
        self.insert(kind, caption if kind in (1, 3) else None, origin=1 if kind == 2 else 0)
        digest = (self.row * ODD & HEX_120).to_bytes(15, "big") * 2 + b"\x00\x01"
        file = (1, "Media/" + path.format(day=20_210_104 + self.row % 28, n=self.row % 10_000))
        size = 2000 + self.number(400_000)
        wide, high = (0, 0) if is_timed else (1200, 1600)
        remote = (f"/v/t62.7118-24/{self.row}_n.enc", f"https://mmg.example/d/{self.row}.enc", mime, size)
        name, pages = (f"bestand {self.row}.pdf", 3) if kind == 9 else (None, 0)
        hashes = (
            b64encode(digest).decode(),
            self.number(90) if is_timed else 0,
            pages,
            b64encode(digest[::-1]).decode(),
        )
        row = (
            self.row,
            self.chat.row_id,
            *file,
            size,
            digest,
            self.now,
            wide,
            high,
            *remote,
            name,
            *hashes,
            0,
        )
        self.store.add("message_media", MEDIA, (*row, caption if kind == 9 else None))
        self.after()

    def system(self) -> None:
        action = (GROUP_ACTIONS if self.is_group else DIRECT_ACTIONS)[self.number(4)]
        self.event(action, self.chat.subject if action == SUBJECT else None)
        if action in MEMBER_ACTIONS:
            row = (self.row, self.member())
            self.store.add("message_system_chat_participant", "message_row_id, user_jid_row_id", row)
        elif action == SUBJECT:
            self.store.add("message_system_value_change", "message_row_id, old_data", (self.row, "oude naam"))

    def event(self, action: int, text: str | None) -> None:
        """Write a system message with its action code."""
        self.insert(7, text, status=CONTROL)
        self.store.add("message_system", "message_row_id, action_type", (self.row, action))

    def revoked(self) -> None:
        self.insert(15, None)
        columns = "message_row_id, revoked_key_id, admin_jid_row_id, revoke_timestamp"
        self.store.add("message_revoked", columns, (self.row, f"3F{self.key[2:20]}", 0, self.now + 45_000))

    def location(self) -> None:
        self.insert(5, None)
        columns = "message_row_id, chat_row_id, latitude, longitude, place_name, place_address"
        latitude, longitude = round(51.5 + self.random(), 6), round(4 + self.random(), 6)
        row = (self.row, self.chat.row_id, latitude, longitude, "Verzonnen plein", "Nergenslaan 1")
        self.store.add("message_location", columns, row)

    def vcard(self) -> None:
        """A contact card, only where no LID is in the way: another reader of this input stops at those."""
        if self.chat.server == "lid":
            self.plain(self.words())
            return
        person = self.population.people[self.number(len(self.population.people))]
        self.insert(4, person.name)
        phone = f"TEL;waid={person.number}:+{person.number}"
        text = f"BEGIN:VCARD\nVERSION:3.0\nFN:{person.name}\n{phone}\nEND:VCARD"
        self.store.add("message_vcard", "_id, message_row_id, vcard", (self.card, self.row, text))
        columns = "vcard_jid_row_id, vcard_row_id, message_row_id"
        self.store.add("message_vcard_jid", columns, (person.phone_row, self.card, self.row))
        self.card += 1

    def poll(self) -> None:
        if not self.is_group:
            self.plain(self.words())
            return
        self.insert(66, "Welke dag?", add_ons=1)
        columns = "message_row_id, enc_key, selectable_options_count"
        self.store.add("message_poll", columns, (self.row, b"\x07" * 32, 1))
        for name in ("vrijdag", "zaterdag", "zondag"):
            row = (self.option, self.row, name, 1)
            self.store.add("message_poll_option", "_id, message_row_id, option_name, vote_total", row)
            self.option += 1
        for member in self.chat.senders[:3]:
            self.vote(member, self.option - 1 - self.number(3))

    def vote(self, member: int, option: int) -> None:
        add_on = self.hang_on(POLL_VOTE, 0, member)
        row = (add_on, self.now + 9000)
        self.store.add("message_add_on_poll_vote", "message_add_on_row_id, sender_timestamp", row)
        columns = "message_add_on_row_id, message_poll_option_id"
        self.store.add("message_add_on_poll_vote_selected_option", columns, (add_on, option))

    def log_call(self) -> None:
        """Write one row of call_log for the chat at hand."""
        is_connected = self.random() < 0.6
        duration, result = (5 + self.number(900), 5) if is_connected else (0, 2)
        peer, group = (self.chat.senders[0], self.chat.jid_row) if self.is_group else (self.chat.jid_row, 0)
        key = f"call:{self.call * ODD & HEX_120:030X}"
        row = (self.call, peer, self.from_me, key, -1, self.now, self.number(2), duration, result)
        self.store.add("call_log", CALL, (*row, duration * 9000, group, 0, f"{self.call:032X}", 0))
        if self.is_group:
            columns = "call_log_row_id, jid_row_id, call_result"
            self.store.add("call_log_participant_v2", columns, (self.call, peer, result))
        self.call += 1

    def call_message(self) -> None:
        if self.chat.server not in ("s.whatsapp.net", "lid") or self.call > self.calls:
            self.plain(self.words())
            return
        self.insert(90, None)
        self.store.add("message_call_log", "message_row_id, call_log_row_id", (self.row, self.call))
        self.log_call()

    def missed_call(self) -> None:
        self.from_me = 0
        self.insert(10, None, status=CONTROL)
        columns = "message_row_id, timestamp, video_call, is_joinable_group_call"
        self.store.add("missed_call_logs", columns, (self.row, self.now, self.number(2), 0))

    def link(self) -> None:
        url = f"https://voorbeeld.example/{self.row:x}"
        self.insert(0, f"{self.words()} {url}")
        columns = "message_row_id, description, page_title, url, preview_type"
        self.store.add("message_text", columns, (self.row, "Een verzonnen pagina", "Voorbeeld", url, 0))
        columns = "chat_row_id, message_row_id, link_index"
        self.store.add("message_link", columns, (self.chat.row_id, self.row, 0))
        self.after()


# Upper bound of the draw and what writes the message; above all of them comes plain text
KINDS: tuple[tuple[float, Callable[[KindWriter], None]], ...] = (
    (0.120, KindWriter.media),
    (0.135, KindWriter.system),
    (0.143, KindWriter.revoked),
    (0.146, KindWriter.location),
    (0.148, KindWriter.vcard),
    (0.150, KindWriter.poll),
    (0.153, KindWriter.call_message),
    (0.155, KindWriter.missed_call),
    (0.175, KindWriter.link),
)
