"""The words and pairs that count at a glance, by numbers (analysis.glance)."""

from __future__ import annotations


class Seeable:
    """What counts at a glance. A word that does, alone or in a pair, has a number from ``OTHER`` + 1 on; what
    weighs anything has a mark, a number from 1 on."""

    OTHER = 1  # the number of every other word
    PAIRED = 1 << 24  # times the number of the first word, with that of the second: the key of a pair

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.mark_of = [0, 0]  # of a word by its number, 0 where it weighs nothing alone
        self.pairs: dict[int, int] = {}  # the mark by the key
        self.worth = [0]  # thousandths by mark

    def add(self, name: str, weight: int) -> None:
        """A word, or two with a space between."""
        numbers = list(map(self._number, name.split(" ")))
        if len(numbers) > 1:
            self.pairs[numbers[0] * self.PAIRED + numbers[1]] = len(self.worth)
        else:
            self.mark_of[numbers[0]] = len(self.worth)
        self.worth.append(weight)

    def _number(self, word: str) -> int:
        if word not in self.words:
            self.words[word] = len(self.mark_of)
            self.mark_of.append(0)
        return self.words[word]
