"""Files that were made to be slow to read: the work grows as the file does, whatever stands in it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator

import pytest

from forensics.formats import json_stream
from forensics.formats.json_stream import JsonStream
from parsers import telegram_export_stream, telegram_html_shown
from parsers.telegram_export_stream import Entry, Part, parts

HEAD = b'{"name":"x","type":"personal_chat","id":1,"messages":['
MESSAGE = b'{"id":1,"type":"message"'
CHAT = b'{"type":"","id":1,"messages":['


class Counted:
    """A pattern that counts the characters it was given to look through, and how often."""

    def __init__(self, pattern):
        self._pattern, self.bytes, self.calls = pattern, 0, 0

    def finditer(self, data) -> Iterator:
        self.bytes += len(data)
        self.calls += 1
        return self._pattern.finditer(data)


@pytest.mark.parametrize(
    "unit", [b'"messages":[', CHAT, b'{"name":"', b"{   ", b'{"name":null,"type":"x","id":-']
)
def test_looking_for_chats_goes_through_the_file_once(unit, monkeypatch):
    counted = Counted(telegram_html_shown._HEADER)
    monkeypatch.setattr(telegram_html_shown, "_HEADER", counted)
    monkeypatch.setattr(telegram_html_shown, "_CHUNK", 1 << 16)
    data = unit * (300_000 // len(unit))
    start = time.process_time()
    found = telegram_html_shown.chats(io.BytesIO(data))
    assert time.process_time() - start < 5  # a tenth of a second; it was over a second for each 300,000 bytes
    assert len(found) == (len(data) // len(CHAT) if unit == CHAT else 0)
    kept = 2 * telegram_html_shown._LONGEST_HEADER
    assert counted.calls <= len(data) / (1 << 16) + 1
    assert counted.bytes <= len(data) + counted.calls * kept


def test_a_header_that_is_too_long_is_none_wherever_it_stands():
    long, short = b'{"name":"' + b"a" * 9000 + b'",' + CHAT[1:], b'{"name":"b",' + CHAT[1:]
    names = [chat.header["name"] for chat in telegram_html_shown.chats(io.BytesIO(long + short))]
    assert names == ["b"]


@pytest.mark.parametrize(
    "tail",
    [b",\n" * 50_000 + b"x}", b',\n"a": v' + b" " * 50_000 + b'"}', b',\n"a": v' + b", " * 25_000 + b'"}'],
)
def test_looking_for_paths_without_quotation_marks_looks_at_a_line_once(tail):
    start = time.process_time()
    entries = [each for each in parts(io.BytesIO(HEAD + MESSAGE + tail)) if isinstance(each, Entry)]
    assert time.process_time() - start < 5  # milliseconds; the second of these took hours
    assert [each.value for each in entries] == [None]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("video_files/a b.webm", "video_files/a b.webm"),
        ("video_files/a.webm  ", "video_files/a.webm"),
        ("(File not included.) ,  ", "(File not included.)"),
        ("a,, ", "a,"),
        ("true", True),
        ("null ", None),
        ("truely", "truely"),
    ],
)
def test_a_path_without_quotation_marks_goes_to_the_end_of_its_line(written, value):
    comma = "" if "," in written else ","
    found, mended = telegram_export_stream.mend(f'{{"id": 1,\n "file": {written}{comma}\n "b": x\n}}')
    assert isinstance(found, dict)
    assert (found["file"], found["b"]) == (value, "x")
    assert len(mended) == 1 + isinstance(value, str)


class Watched:
    """A decoder of the library that notes how far into the text its errors are: so much they cost."""

    def __init__(self, decode):
        self._decode, self.places = decode, []

    def __call__(self, text, at):
        try:
            return self._decode(text, at)
        except json.JSONDecodeError as error:
            self.places.append(error.pos)
            raise


def watched(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[Part]]:
    made: list[Watched] = []
    start = JsonStream.__init__

    def begin(self: JsonStream, stream) -> None:
        start(self, stream)
        made.append(Watched(self._decode))
        self._decode = made[-1]

    monkeypatch.setattr(JsonStream, "__init__", begin)
    found = list(parts(io.BytesIO(data)))
    return made[0].places, found


def test_after_a_large_text_that_is_broken_little_is_held(monkeypatch):
    """An error of the library costs as much as stands before it in what is held."""
    large = MESSAGE + b',"text":"' + b"a" * 3_000_000 + b"\n"
    broken = (MESSAGE + b',"text":x},') * 3000
    whole = MESSAGE + b',"text":"last"}]}'
    places, found = watched(HEAD + large + broken + whole, monkeypatch)
    entries = [each for each in found if isinstance(each, Entry)]
    assert len(entries) == 3002
    assert [each.offset for each in entries[1:4]] == [len(HEAD + large) + 35 * number for number in range(3)]
    assert entries[-1].value == {"id": 1, "type": "message", "text": "last"}
    assert entries[-1].offset == len(HEAD + large + broken)
    later = sorted(places)[: len(places) * 9 // 10]  # some of them are in the large text itself
    assert later[-1] <= 2 * json_stream._AFTER_FAULT


@pytest.mark.parametrize("size", [1, 7, 100, 8192])
def test_what_is_held_changes_nothing(size, monkeypatch):
    texts = [b',"text":"' + bytes([97 + number % 26]) * (number * 37 % 400) for number in range(60)]
    ends = [b'"},', b'"', b'\xff\xfe"},', b"x},", b'","a":[{"b":"\\ud83d"}]},\n']
    data = HEAD + b"".join(MESSAGE + text + ends[number % 5] for number, text in enumerate(texts)) + b"]}"
    expected = list(parts(io.BytesIO(data)))
    monkeypatch.setattr(json_stream, "_AFTER_FAULT", size)
    assert list(parts(io.BytesIO(data))) == expected
    monkeypatch.setattr(json_stream, "_CHUNK", 64)
    assert [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)] == [
        each for each in expected if isinstance(each, Entry)
    ]


class Work:
    """A decoder that counts how often it is asked, how far it goes, and how often values nest too deep."""

    def __init__(self, decode):
        self._decode, self.calls, self.characters, self.too_deep = decode, 0, 0, 0

    def __call__(self, text, at):
        self.calls += 1
        try:
            found, end = self._decode(text, at)
        except json.JSONDecodeError as error:
            self.characters += error.pos - at
            raise
        except RecursionError:
            self.too_deep += 1
            raise
        self.characters += end - at
        return found, end


def worked(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Work, list[Entry]]:
    made: list[Work] = []
    start = JsonStream.__init__

    def begin(self: JsonStream, stream) -> None:
        start(self, stream)
        made.append(Work(self._decode))
        self._decode = made[-1]

    monkeypatch.setattr(JsonStream, "__init__", begin)
    entries = [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)]
    return made[0], entries


@pytest.mark.parametrize("unit", [b',"a":', b',"a":[', b',"a":[{},', b',"b":{"c":[]},"a":'])
def test_messages_nested_in_each_other_without_an_end_cost_what_one_does(unit, monkeypatch):
    """Each of them was tried: gone through to where the library gives up, a thousand levels further on."""
    count, size = 12_000, len(MESSAGE + unit)
    work, entries = worked(HEAD + (MESSAGE + unit) * count, monkeypatch)
    assert work.too_deep <= count // 50
    assert work.characters <= 3 * size * count
    assert [each.offset for each in entries] == [len(HEAD) + size * number for number in range(count)]
    assert "".join(each.raw or "" for each in entries).encode() == (MESSAGE + unit) * count
    problems = {(each.value is None, (each.problem or "").partition(" at ")[0]) for each in entries[:-1100]}
    assert problems == {(True, "values nested too deep")}


def test_what_is_wrong_in_an_inner_message_is_not_looked_for_again_from_each_around_it(monkeypatch):
    """Too few levels for the library to give up: each of them failed at the same place, and was gone through
    to there."""
    count, levels = 40, 300
    unit = MESSAGE + b',"t":"' + b"a" * 100 + b'","a":'
    data = (unit * levels + b"x") * count
    work, entries = worked(HEAD + data, monkeypatch)
    assert work.characters <= 5 * len(data)
    assert len(entries) == count * levels
    first = len(HEAD + unit * levels)
    assert {each.problem for each in entries[:levels]} == {f"Expecting value at offset {first}"}
    assert "".join(each.raw or "" for each in entries).encode() == data


def test_a_number_of_thousands_of_digits_is_named_in_words_of_our_own():
    data = HEAD + MESSAGE + b',"n":' + b"9" * 5000 + b"}," + MESSAGE + b"}]}"
    first, second = (each for each in parts(io.BytesIO(data)) if isinstance(each, Entry))
    assert first.problem is not None
    assert first.problem.startswith("a whole number of thousands of digits, which is not read at offset")
    assert second.value == {"id": 1, "type": "message"}


@pytest.mark.parametrize("padding", [0, 6, 24])
def test_however_long_the_levels_are_few_of_them_are_tried(padding, monkeypatch):
    """Of what is held when the library gives up, little may be beyond where it does."""
    monkeypatch.setattr(json_stream, "_CHUNK", 1 << 12)
    monkeypatch.setattr(json_stream, "_AFTER_FAULT", 1 << 10)
    count, unit = 12_000, MESSAGE + b',"t":"' + b"a" * padding + b'","a":'
    work, entries = worked(HEAD + unit * count, monkeypatch)
    assert len(entries) == count
    assert work.too_deep <= count // 200


@pytest.mark.parametrize("inner", [10, 65])
def test_whatever_can_be_read_within_a_message_that_nests_too_deep_is_read(inner, monkeypatch):
    """Each message within was tried before it was known which nest too deep; not one fewer is read."""
    chain = (MESSAGE + b',"a":') * inner + b"1" + b"}" * inner
    level = MESSAGE + b',"a":'
    deep = ((MESSAGE + b',"b":[' + chain + b"," + chain + b'],"a":') + level * 99) * 11 + b"1" + b"}" * 1100
    data = HEAD + deep + b"]}"
    found = [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)]
    monkeypatch.setattr(JsonStream, "_know", lambda *_: None)
    expected = [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)]
    problems = [(each.offset, each.problem) for each in found]
    assert problems == [(each.offset, each.problem) for each in expected]
    whole = [each.offset for each in found if each.value is not None]
    assert whole == [each.offset for each in expected if each.value is not None]
    # both of the first level, which is too deep itself
    first = len(HEAD + MESSAGE) + 6
    assert whole[:2] == [first, first + len(chain) + 1]


def test_lists_among_the_messages_that_nest_as_deep_as_can_be_read_cost_themselves():
    whole = MESSAGE + b',"text":"after"}]}'
    for levels in range(900, 1010):
        data = HEAD + b"[" * levels + b"]" * levels + b"," + whole
        first, *_rest, last = [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)]
        assert (first.value, first.offset) == (None, len(HEAD))
        assert last.value == {"id": 1, "type": "message", "text": "after"}


def test_closed_messages_within_one_that_nests_too_deep_are_read(monkeypatch):
    inner = b'{"id":7,"type":"message","text":"inner"}'
    deep = (MESSAGE + b',"b":' + inner + b',"a":') * 3000 + b"1" + b"}" * 3000
    _work, entries = worked(HEAD + deep + b"]}", monkeypatch)
    read = [each for each in entries if each.value is not None and each.value.get("text") == "inner"]
    # the innermost are read as one, with what is nested in them: as many as the library reads
    assert 1000 < len(read) < 3000 - 500
    second = len(HEAD + MESSAGE * 2 + inner) + 15
    assert [each.offset for each in read[:2]] == [len(HEAD + MESSAGE) + 5, second]
