"""Writes one message of the benchmark phone with everything that hangs on it."""

from __future__ import annotations

from random import Random

from sentences import Talker
from whatsapp_people import FIRST_DAY, Conversation, Population, Store

HEX_120, HEX_72 = (1 << 120) - 1, (1 << 72) - 1
ODD = 0x9E3779B97F4A7C15F39CC0605CEDC9  # odd: multiplying by it gives every row another key
EMOJI = ("👍", "❤️", "😂", "😮", "😢", "🙏", "🔥", "🎉")
FORWARDS = (1, 1, 1, 1, 2, 3, 4, 127)
# WhatsApp reference 2.6 and 2.3: message status, kinds of add-on
PENDING, DELIVERED, CONTROL, READ = 0, 5, 6, 13
REACTION, EDIT = 56, 74
WEEK = 604_800

MESSAGE = (
    "_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, broadcast, recipient_count, "
    "origination_flags, origin, timestamp, received_timestamp, receipt_server_timestamp, message_type, "
    "text_data, starred, lookup_tables, sort_id, message_add_on_flags, view_mode"
)
ADD_ON = (
    "_id, chat_row_id, from_me, key_id, sender_jid_row_id, parent_message_row_id, timestamp, status, "
    "message_add_on_type"
)
QUOTED = (
    "message_row_id, chat_row_id, parent_message_chat_row_id, from_me, sender_jid_row_id, key_id, "
    "timestamp, message_type, text_data"
)
RECEIPT = "message_row_id, receipt_user_jid_row_id, receipt_timestamp, read_timestamp, played_timestamp"


class MessageWriter:
    """The message at hand, and the methods that write its rows."""

    def __init__(self, random: Random, population: Population, store: Store) -> None:
        self.random = random.random
        self.population, self.store, self.talker = population, store, Talker(random)
        self.row, self.add_on = 1, 1
        self.now = FIRST_DAY
        self.chat: Conversation = population.conversations[0]
        self.from_me, self.sender, self.key, self.text = 0, 0, "", ""

    def number(self, below: int) -> int:
        return int(self.random() * below)

    @property
    def is_group(self) -> bool:
        return self.chat.server == "g.us"

    def member(self) -> int:
        return self.chat.senders[self.number(len(self.chat.senders))]

    def words(self) -> str:
        return self.talker.text(self.chat.language)

    def next_message(self, from_me: int) -> None:
        """Go on to a new row: its direction, sender and key."""
        self.row += 1
        self.from_me = 0 if self.chat.server == "newsletter" else from_me
        is_shared = self.chat.server in ("g.us", "broadcast")
        self.sender = self.member() if is_shared and not self.from_me else 0
        self.key = f"AC{self.row * ODD & HEX_120:030X}"

    def insert(
        self,
        kind: int,
        text: str | None,
        *,
        status: int | None = None,
        flags: int = 0,
        origin: int = 0,
        add_ons: int = 0,
    ) -> None:
        """Write the row of the message table itself; incoming times are whole seconds, as on a phone."""
        sent = self.now if self.from_me else self.now // 1000 * 1000
        if status is None:
            status = (READ if self.random() < 0.8 else DELIVERED) if self.from_me else PENDING
        recipients = len(self.chat.senders) if self.from_me and self.is_group else 0
        received, on_server = (0, sent + 400) if self.from_me else (self.now + 900, -1)
        head = (self.row, self.chat.row_id, self.from_me, self.key, self.sender, status, 0, recipients)
        times = (flags, origin, sent, received, on_server)
        tail = (kind, text, int(self.row % 400 == 9), 0, self.row, add_ons, 0)
        self.store.add("message", MESSAGE, (*head, *times, *tail))
        self.text = text or ""

    def plain(self, text: str) -> None:
        """A text with, now and then, a quote, a forward, an edit, a mention, a timer and reactions."""
        draw = self.random()
        is_forwarded, is_reacted = draw < 0.03, self.random() < 0.096
        if 0.1 < draw < 0.115 and self.is_group:
            text = f"{text} @{self.mention()}"
        self.insert(0, text, flags=int(is_forwarded), add_ons=int(is_reacted))
        if is_forwarded:
            score = FORWARDS[self.number(8)]
            self.store.add("message_forwarded", "message_row_id, forward_score", (self.row, score))
        elif draw < 0.09:
            self.quote()
        elif 0.12 < draw < 0.1325:
            self.edit()
        elif 0.2 < draw < 0.21:
            row = (self.row, WEEK, self.now + WEEK * 1000)
            self.store.add("message_ephemeral", "message_row_id, duration, expire_timestamp", row)
        if is_reacted:
            self.react()
        self.after()

    def after(self) -> None:
        """Receipts of the owner's messages, and the memory of what may be quoted."""
        if self.from_me:
            self.receipts()
        sent = self.now // 1000 * 1000
        self.chat.recent.append((self.from_me, self.sender, self.key, sent, self.text))
        if len(self.chat.recent) > 24:
            del self.chat.recent[:12]

    def quote(self) -> None:
        if self.chat.recent:
            from_me, sender, key, sent, text = self.chat.recent[self.number(len(self.chat.recent))]
            chat = self.chat.row_id
            row = (self.row, chat, chat, from_me, sender, key, sent, 0, text)
            self.store.add("message_quoted", QUOTED, row)

    def edit(self) -> None:
        columns = "message_row_id, original_key_id, edited_timestamp, sender_timestamp"
        row = (self.row, f"3A{self.key[4:22]}", self.now + 30_000, self.now + 29_000)
        self.store.add("message_edit_info", columns, row)
        self.hang_on(EDIT, self.from_me, self.sender)

    def mention(self) -> str:
        """Mention one member; gives the digits that stand in the text."""
        member = self.member()
        self.store.add("message_mentions", "message_row_id, jid_row_id, mention_type", (self.row, member, 0))
        return self.population.users[member]

    def hang_on(self, kind: int, from_me: int, sender: int) -> int:
        """Write a row of message_add_on and give its id."""
        key = f"3EB0{self.add_on * ODD & HEX_72:018X}"
        status = READ if from_me else PENDING
        row = (self.add_on, self.chat.row_id, from_me, key, sender, self.row, self.now + 5000, status, kind)
        self.store.add("message_add_on", ADD_ON, row)
        self.add_on += 1
        return self.add_on - 1

    def react(self) -> None:
        """One reaction, in groups up to four; in a direct chat the stored sender is -1 (reference 2.3)."""
        columns = "message_add_on_row_id, reaction, sender_timestamp"
        for place in range(min(1 + self.number(4), len(self.chat.senders)) if self.is_group else 1):
            from_me = int(place == 0 and self.random() < 0.4)
            sender = self.chat.senders[place] if self.is_group and not from_me else -1
            add_on = self.hang_on(REACTION, from_me, sender)
            emoji = EMOJI[self.number(8)] if self.random() < 0.98 else ""
            self.store.add("message_add_on_reaction", columns, (add_on, emoji, self.now + 5000))

    def receipts(self) -> None:
        """For half of the direct messages a row; for a third of the group messages rows of eight members."""
        if self.random() > (0.33 if self.is_group else 0.5):
            return
        for place, member in enumerate(self.chat.senders[:8]):
            read = self.now + 60_000 * (place + 1) if self.random() < 0.8 else 0
            self.store.add("receipt_user", RECEIPT, (self.row, member, self.now + 1500, read, 0))
