"""The stream of messages of a benchmark phone: bursts in changing chats, in order of time."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from whatsapp_kinds import KINDS, KindWriter
from whatsapp_people import FIRST_DAY, Conversation, Population, Store

LAST_DAY = 1_750_000_000_000  # June 2025, in milliseconds
BURST = 6  # messages in a burst, on average
BURST_LENGTH = 225_000  # milliseconds, on average
DELETED_EVERY = 501  # one row in so many is removed again, as a person removes messages
TRADE_SHARE, FROM_OWNER = 0.01, 0.42
# WhatsApp reference 2.8: the first row of a group, and of other chats
GROUP_CREATED, ENCRYPTION_BANNER = 11, 67


class Stream(KindWriter):
    """Writes all messages; the same seed gives the same rows."""

    def __init__(self, random: Random, population: Population, store: Store, messages: int) -> None:
        super().__init__(random, population, store, calls=messages // 50)
        self.last_row = messages + 1 + messages // (DELETED_EVERY - 1)
        self.pause = max(1000, (LAST_DAY - FIRST_DAY) * BURST // max(messages, 1) - BURST_LENGTH)
        chats = population.conversations
        self.totals = list(accumulate(1 / (place % population.direct + 4) for place in range(len(chats))))
        self.traders = [chat for chat in chats if chat.trades]

    def write(self) -> None:
        """Write all messages, then the calls that have no message."""
        while self.row < self.last_row:
            self.burst()
        while self.call <= self.calls:
            self.now = FIRST_DAY + (LAST_DAY - FIRST_DAY) * self.call // self.calls
            self.chat = self.population.conversations[self.number(self.population.direct)]
            self.from_me = self.number(2)
            self.log_call()

    def burst(self) -> None:
        """Some messages in one chat, seconds or minutes apart."""
        self.now += int(self.random() * 2 * self.pause) + 1000
        trades = self.random() < TRADE_SHARE and bool(self.traders)
        self.chat = self.traders[self.number(len(self.traders))] if trades else self.chosen_chat()
        if not self.chat.is_begun:
            self.begin()
        for _ in range(1 + self.number(2 * BURST - 1)):
            if self.row >= self.last_row:
                return
            self.now += 2000 + self.number(70_000)
            self.message(trades)

    def chosen_chat(self) -> Conversation:
        """Few chats have most of the messages."""
        place = bisect(self.totals, self.random() * self.totals[-1], hi=len(self.totals) - 1)
        return self.population.conversations[place]

    def begin(self) -> None:
        """The first row of a chat: the group was made, or the encryption banner."""
        self.chat.is_begun = True
        self.next_message(from_me=0)
        self.event(GROUP_CREATED if self.is_group else ENCRYPTION_BANNER, self.chat.subject)

    def message(self, trades: bool) -> None:
        self.next_message(from_me=int(self.random() < FROM_OWNER))
        if trades:
            self.plain(self.talker.trade())
            return
        draw = self.random()
        if draw >= KINDS[-1][0]:
            self.plain(self.words())
        else:
            next(write for bound, write in KINDS if draw < bound)(self)
