"""Signal's Android backup against a maker that was written from the reference alone."""

from __future__ import annotations

import hashlib
import io
import itertools
from functools import cache, cached_property

import pytest
from fixture_programs import FIXTURES, load
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_golden import make_database

from forensics.errors import DamagedEvidence, LimitExceeded, SporenError, WrongKey
from forensics.formats.side_hash import SideHasher
from forensics.formats.sqlite import Database
from parsers import signal_backup, signal_frames
from parsers.signal_backup import SignalBackupForm

FOLDER = FIXTURES / "signal_android"
LIMIT = 1 << 26
PICTURE = hashlib.sha256(b"picture").digest() * 2188
LONG_TEXT = "het begin van een lange tekst die hier pas eindigt \U0001f642"
VOICE = b"stem!"
PAYLOADS = {
    ("attachment", 1, 0): PICTURE,
    ("attachment", 2, 0): LONG_TEXT.encode(),
    ("attachment", 3, 0): VOICE,
}


MAKER = load("signal_android", "make_backup")
FORM = SignalBackupForm()
PASSPHRASE = MAKER.PASSPHRASE
(KEY,) = FORM.keys(PASSPHRASE.encode())
# The rounds of the key are the reference's own; they are counted once, and not at every opening of a test.
REAL = signal_frames.derive(KEY, MAKER.SALT)


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch):
    real = signal_backup.derive

    def derive(passphrase, salt):
        if (passphrase, salt) == (KEY, MAKER.SALT):
            return REAL
        wrong = hashlib.sha512(passphrase + salt).digest()
        return signal_frames.Keys(wrong[:32], wrong[32:]) if salt else real(passphrase, salt)

    monkeypatch.setattr(signal_backup, "derive", derive)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "signal.db"
    scripts = ("schema/modern.sql", "people.sql", "backup/rows.sql")
    make_database(path, [FOLDER / name for name in scripts])
    return path


@pytest.fixture(scope="module", params=[0, 1])
def made(request, source):
    return MAKER.write(source, request.param, PAYLOADS)


def opened(data, key=KEY, limit=LIMIT):
    target = io.BytesIO()
    result = FORM.open(io.BytesIO(data), len(data), key, target, limit)
    return target.getvalue(), result


def test_the_keys_are_those_of_the_reference():
    writer = MAKER.Writer(0)
    assert (REAL.cipher, REAL.mac) == (writer.cipher_key, writer.mac_key)
    assert KEY.decode() not in repr(REAL)
    assert repr(REAL) == "Keys()"


@pytest.mark.parametrize(
    ("material", "fits"),
    [
        (PASSPHRASE, True),
        ("00000 11111 22222\n33333 44444 55555\n", True),
        ("\ufeff00000-11111-22222-33333-44444-55555\r\n", True),
        (PASSPHRASE[:-1], False),
        (PASSPHRASE + "6", False),
        (PASSPHRASE[:-1] + "a", False),
        ("0" * 300, False),
        ("", False),
    ],
)
def test_the_passphrase_is_its_thirty_digits(material, fits):
    assert FORM.keys(material.encode()) == ([KEY] if fits else [])


def test_a_backup_is_recognised_by_its_header(made):
    data, _ = made
    assert FORM.recognises(data[:4096], b"", "anything")
    for other in (
        b"",
        bytes(100),
        b"SQLite format 3\x00" + bytes(100),
        data[:20],
        data[1:200],
        b"PK\x03\x04" + bytes(60),
    ):
        assert not FORM.recognises(other, b"", "signal-2024-03-04-10-00-00.backup")


def test_every_row_comes_back_as_it_was(made, source, tmp_path):
    data, _ = made
    plain, result = opened(data)
    assert (result.kind, result.problems, result.rebuilt) == ("sqlite", (), True)
    assert result.details["has_end"] is True
    assert result.details["payloads"] == 5
    with (
        Database.open(io.BytesIO(plain), work=tmp_path / "a") as found,
        source.open("rb") as stream,
        Database.open(stream, work=tmp_path / "b") as wanted,
    ):
        assert found.user_version == 302
        tables = {name for name in found.tables() if not name.startswith("sporen_")}
        assert tables == set(wanted.tables())
        for name in tables - {"key_value"}:
            columns = [column.name for column in wanted.tables()[name].columns]
            assert [*found.rows(name, columns)] == [*wanted.rows(name, columns)], name
        values = {row[1]: row[2] for row in found.rows("sporen_key_value", ["key", "value"])}
        assert values == {
            "account.aci": "00000000-0000-4000-8000-000000000100",
            "account.e164": "+31600000100",
        }


def test_every_frame_and_payload_has_its_place(made, tmp_path):
    data, places = made
    plain, _ = opened(data)
    with Database.open(io.BytesIO(plain), work=tmp_path) as database:
        frames = {
            (row[1], row[2]): row[3] for row in database.rows("sporen_frame", ["table_name", "row", "offset"])
        }
        assert frames == {key: place for key, place in places.items() if key[0] in ("message", "call")}
        columns = ["kind", "row", "length", "sha256", "is_right", "content"]
        payloads = [row[1:] for row in database.rows("sporen_payload", columns)]
    digest = [hashlib.sha256(each).hexdigest() for each in (*PAYLOADS.values(), b"avatar", b"sticker")]
    assert payloads == [
        ("attachment", 1, len(PICTURE), digest[0], 1, None),
        ("attachment", 2, len(LONG_TEXT.encode()), digest[1], 1, LONG_TEXT.encode()),
        ("attachment", 3, 5, digest[2], 1, None),
        ("avatar", None, 6, digest[3], 1, None),
        ("sticker", 1, 7, digest[4], 1, None),
    ]


def test_a_wrong_passphrase_opens_nothing(made):
    data, _ = made
    target = io.BytesIO()
    with pytest.raises(WrongKey, match="wrong passphrase or changed file"):
        FORM.open(io.BytesIO(data), len(data), b"0" * 30, target, LIMIT)
    assert target.getvalue() == b""


@cache
def small(version):
    writer = MAKER.Writer(version)
    offsets = [writer.frame(MAKER.part(5, MAKER.part(1, 302)))]
    offsets.append(writer.frame(MAKER.statement("CREATE TABLE message (_id INTEGER PRIMARY KEY, body TEXT)")))
    offsets.append(
        writer.frame(MAKER.statement("CREATE TABLE attachment (_id INTEGER PRIMARY KEY, ct TEXT)"))
    )
    for number in (1, 2):
        text = f"bericht {number}"
        offsets.append(writer.frame(MAKER.statement("INSERT INTO message VALUES (?,?)", (number, text))))
    offsets.append(writer.frame(MAKER.statement("INSERT INTO attachment VALUES (?,?)", (7, "image/png"))))
    offsets.append(writer.frame(MAKER.part(4, MAKER.part(1, 7) + MAKER.part(3, 9))))
    writer.payload(b"een plaat")
    offsets.append(writer.frame(MAKER.statement("INSERT INTO message VALUES (?,?)", (3, "bericht 3"))))
    offsets.append(writer.frame(MAKER.part(6, 1)))
    return writer.data, offsets


both = pytest.mark.parametrize("version", [0, 1])


def messages(plain, tmp_path):
    with Database.open(io.BytesIO(plain), work=tmp_path) as database:
        if not database.has("message"):
            return {}
        return {row[0]: row[1] for row in database.rows("message", ["body"])}


@both
def test_every_truncation_is_told_with_its_place_and_what_is_before_it_is_read(version, tmp_path):
    data, offsets = small(version)
    start = offsets[0]
    ends = [*offsets[1:], len(data)]
    before = -1
    for length in range(len(data)):
        if length < ends[0]:
            with pytest.raises((WrongKey, DamagedEvidence)) as caught:
                opened(data[:length])
            assert length >= start or caught.type is DamagedEvidence or length > start
            continue
        plain, result = opened(data[:length])
        assert result.problems
        assert {each.kind for each in result.problems} <= {"missing", "row"}
        assert any("missing" in each.kind for each in result.problems)
        assert any("byte" in each.text for each in result.problems)
        whole = sum(end <= length for end in ends)
        if whole != before:  # the rows change only where a frame ends
            wanted = {n: f"bericht {n}" for n, frame in ((1, 3), (2, 4), (3, 7)) if whole > frame}
            assert messages(plain, tmp_path) == wanted
            before = whole


def sweep(version, bits, tmp_path):
    data, offsets = small(version)
    seen = set()
    for position, bit in itertools.product(range(len(data)), bits):
        changed = bytearray(data)
        changed[position] ^= bit
        try:
            plain, result = opened(bytes(changed))
        except SporenError as error:
            assert position < offsets[1]
            assert error.exit_code in (3, 4)
            continue
        assert result.problems, (position, bit)
        if plain in seen:
            continue
        seen.add(plain)
        for number, text in messages(plain, tmp_path).items():
            assert text == f"bericht {number}"


@both
def test_every_changed_byte_is_told_or_refused(version, tmp_path):
    sweep(version, [0x04], tmp_path)


@pytest.mark.full
@both
def test_every_changed_bit_is_told_or_refused(version, tmp_path):
    sweep(version, [1 << bit for bit in range(8)], tmp_path)


@both
def test_a_damaged_frame_costs_that_frame(version, tmp_path):
    data, offsets = small(version)
    for index, lost in ((3, {1}), (4, {2}), (7, {3})):
        for place in (offsets[index] + 4, offsets[index + 1] - 1):
            changed = bytearray(data)
            changed[place] ^= 1
            plain, result = opened(bytes(changed))
            assert messages(plain, tmp_path) == {n: f"bericht {n}" for n in {1, 2, 3} - lost}
            (problem,) = result.problems
            assert f"the frame at byte {offsets[index]} has a wrong authentication code" in problem.text
            assert result.details["has_end"] is True


@both
def test_a_damaged_frame_before_a_payload_costs_both_and_no_more(version, tmp_path):
    data, offsets = small(version)
    changed = bytearray(data)
    changed[offsets[7] - 9 - 10 - 1] ^= 1  # the last byte of the code of the frame before the payload
    plain, result = opened(bytes(changed))
    assert messages(plain, tmp_path) == {n: f"bericht {n}" for n in (1, 2, 3)}
    assert len(result.problems) == 1
    assert result.details["payloads"] == 0


@both
def test_a_damaged_payload_is_not_taken_and_the_rest_is_read(version, tmp_path):
    data, offsets = small(version)
    for place in (offsets[7] - 19, offsets[7] - 11, offsets[7] - 10, offsets[7] - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        plain, result = opened(bytes(changed))
        assert len(messages(plain, tmp_path)) == 3
        (problem,) = result.problems
        assert problem.kind == "row"
        assert f"the data at byte {offsets[7] - 19} were not read" in problem.text
        with Database.open(io.BytesIO(plain), work=tmp_path) as database:
            ((_rowid, sha256, is_right),) = database.rows("sporen_payload", ["sha256", "is_right"])
        assert (sha256, is_right) == (None, 0)


def backup_of(*frames, version=1):
    writer = MAKER.Writer(version)
    for frame in frames:
        writer.frame(frame)
    writer.frame(MAKER.part(6, 1))
    return writer.data


TABLE = MAKER.statement("CREATE TABLE message (_id INTEGER PRIMARY KEY, body TEXT)")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("DROP TABLE message", "not run: 'DROP TABLE message'"),
        ("DELETE FROM message", "not run"),
        ("UPDATE message SET body = 'x'", "not run"),
        ("ATTACH DATABASE 'x.db' AS x", "not run"),
        ("INSERT INTO message SELECT 1, 'x'", "not run"),
        ("INSERT INTO message VALUES (9, 'x')", "not run"),
        ("PRAGMA writable_schema=ON", "not run"),
        ("CREATE VIEW v AS SELECT 1", "not run"),
        ("INSERT INTO nowhere VALUES (?)", "a table that is not there: 'nowhere'"),
        ("CREATE TABLE sporen_frame (a)", "a table that cannot be made"),
        ("CREATE TABLE message (a)", "a table that cannot be made"),
        ("CREATE TABLE t (a, a)", "a table that cannot be made"),
        ("CREATE TABLE t (", "not run"),
    ],
)
def test_only_what_a_backup_may_hold_is_done(text, match, tmp_path):
    row = MAKER.statement("INSERT INTO message VALUES (?,?)", (1, "blijft"))
    plain, result = opened(backup_of(TABLE, row, MAKER.statement(text, (1,) if "?" in text else ())))
    assert messages(plain, tmp_path) == {1: "blijft"}
    (problem,) = result.problems
    assert match in problem.text


@pytest.mark.parametrize(
    "text",
    [
        "CREATE INDEX i ON message (body)",
        "CREATE UNIQUE INDEX i ON message (body)",
        "CREATE TRIGGER t AFTER INSERT ON message BEGIN DELETE FROM message; END",
        "CREATE VIRTUAL TABLE message_fts USING fts5(body)",
        "CREATE TABLE sqlite_sequence(name,seq)",
        "CREATE TABLE message_fts_data (id INTEGER PRIMARY KEY, block BLOB)",
        "INSERT INTO emoji_search_docsize VALUES (?)",
    ],
)
def test_what_is_of_no_use_is_left_out_without_a_word(text, tmp_path):
    row = MAKER.statement("INSERT INTO message VALUES (?,?)", (1, "blijft"))
    plain, result = opened(backup_of(TABLE, row, MAKER.statement(text, (1,) if "?" in text else ())))
    assert messages(plain, tmp_path) == {1: "blijft"}
    assert result.problems == ()


def test_values_keep_their_kind(tmp_path):
    values = (1, "", b"", None, -1, -(2**63), 2**63 - 1, 1.5, "é\U0001f642", b"\xff\x00")
    names = ", ".join(f"c{number} TEXT DEFAULT 'a,b'" for number in range(1, len(values)))
    table = MAKER.statement(
        f"CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, {names}, UNIQUE(c1, c2))"
    )
    marks = ",".join("?" * len(values))
    plain, result = opened(backup_of(table, MAKER.statement(f"INSERT INTO message VALUES ({marks})", values)))
    assert result.problems == ()
    with Database.open(io.BytesIO(plain), work=tmp_path) as database:
        (row,) = database.rows("message", [f"c{number}" for number in range(1, len(values))])
    assert row == values


def test_rows_that_do_not_fit_are_named_with_their_place(tmp_path):
    insert = "INSERT INTO message VALUES (?,?)"
    rows = [(1, "een"), (1, "weer een"), ("x", "geen getal"), (2, "twee")]
    data = backup_of(
        TABLE,
        *(MAKER.statement(insert, row) for row in rows),
        MAKER.statement("INSERT INTO message VALUES (?,?)", (3,)),
        b"\xff\xff",
        MAKER.part(14, b"new"),
    )
    plain, result = opened(data)
    assert messages(plain, tmp_path) == {1: "een", 2: "twee"}
    texts = " | ".join(each.text for each in result.problems)
    for words in (
        "UNIQUE",
        "datatype mismatch",
        "1 values for the 2 columns",
        "cannot be understood",
        "not known (14)",
    ):
        assert words in texts


def test_a_text_that_is_no_utf_8_stays_bytes(tmp_path):
    bad = MAKER.part(
        2,
        MAKER.part(1, "INSERT INTO message VALUES (?,?)")
        + MAKER.part(2, MAKER.part(2, 1))
        + MAKER.part(2, MAKER.part(1, b"H\xff")),
    )
    plain, result = opened(backup_of(TABLE, bad))
    assert result.problems == ()
    assert messages(plain, tmp_path) == {1: b"H\xff"}


def test_a_newer_version_and_the_limit(made):
    data = backup_of(TABLE)
    newer = data.replace(MAKER.part(3, 1), MAKER.part(3, 2), 1)
    with pytest.raises(DamagedEvidence, match="unsupported backup version 2"):
        opened(newer)
    target = io.BytesIO()
    with pytest.raises(LimitExceeded):
        FORM.open(io.BytesIO(made[0]), len(made[0]), KEY, target, 100)
    assert target.getvalue() == b""


def test_a_backup_without_salt_and_bytes_behind_the_end():
    writer = MAKER.Writer(0, salt=b"")
    writer.frame(TABLE)
    writer.frame(MAKER.part(6, 1))
    _plain, result = opened(writer.data)
    assert (result.problems, result.details["salt"]) == ((), None)
    _plain, result = opened(small(1)[0] + b"rest")
    assert "4 bytes behind the frame that ends the backup" in result.problems[0].text


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_behind_a_header_are_refused_by_the_own_errors(data):
    header = small(1)[0][: small(1)[1][0]]
    for each in (data, header + data):
        with pytest.raises(SporenError):
            opened(each)


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=6), st.sampled_from([0, 1]))
@settings(max_examples=50, deadline=None)
def test_frames_come_back_in_order(frames, version):
    writer = MAKER_OF[version]()
    for frame in frames:
        writer.frame(frame)
    header = signal_frames.read_header(writer.data)
    with SideHasher() as hasher:
        reader = signal_frames.FrameReader(
            io.BytesIO(writer.data), len(writer.data), header, REAL, lambda _data: None, hasher=hasher
        )
        assert [each.data for each in reader.frames()] == frames
    assert reader.damage == []


class _Quick:
    """Writers that do not count the rounds of the key again."""

    def __init__(self, version):
        self._version = version

    @cached_property
    def _made(self):
        return MAKER.Writer(self._version)

    def __call__(self):
        fresh = object.__new__(MAKER.Writer)
        fresh.__dict__.update(self._made.__dict__)
        return fresh


MAKER_OF = {version: _Quick(version) for version in (0, 1)}
