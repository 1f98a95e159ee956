"""What Telegram keeps beside its messages, in notices; and tables that nothing reads are named."""

from __future__ import annotations

import tl_encoding as tl
from test_telegram_faults import Make, make, row, text  # noqa: F401  # a fixture
from whatsapp_installations import Reading

BRAM = tl.obj("user#020b1422", id=5, first_name="Bram", last_name="Kist").hex()
PEOPLE = f"INSERT INTO users(uid, name, data) VALUES (5, '', x'{BRAM}');"


def raw(reading: Reading, words: str) -> list[str]:
    """The lines of the one notice with these words."""
    (found,) = [each for each in reading.notices if words in each.text]
    return (found.raw or "").split("\n")


def test_folders_say_what_they_show(make: Make):  # noqa: F811
    reading = make(
        [],
        PEOPLE
        + """
        CREATE TABLE dialog_filter(id INTEGER PRIMARY KEY, ord INTEGER, unread_count INTEGER, flags INTEGER,
            title TEXT, color INTEGER DEFAULT -1, entities BLOB, noanimate INTEGER);
        CREATE TABLE dialog_filter_ep(id INTEGER, peer INTEGER, PRIMARY KEY (id, peer));
        CREATE TABLE dialog_filter_pin_v2(id INTEGER, peer INTEGER, pin INTEGER, PRIMARY KEY (id, peer));
        INSERT INTO dialog_filter VALUES (3, 2, 0, 0, 'Klanten', 1, NULL, 0),
            (2, 1, 0, 609, 'Werk', 1, NULL, 0),
            (0, 0, 0, 31, NULL, 1, NULL, 0);
        INSERT INTO dialog_filter_pin_v2 VALUES (3, 5, 0), (3, -9, -2147483648), (8, 5, 1);
        INSERT INTO dialog_filter_ep VALUES (2, 5);
        """,
    )
    assert raw(reading, "folders of the list of chats") == [
        "“” (0): contacts, no contacts, groups, channels, bots",
        "“Werk” (2): contacts, without muted ones, without read ones, flags 0x200; never Bram Kist (5)",
        "“Klanten” (3): no kind of chats as such; with Bram Kist (5) (pinned), -9",
        "folder 8, whose row is gone: Bram Kist (5) (pinned)",
    ]


def test_the_archive_is_a_list_of_its_chats(make: Make):  # noqa: F811
    archive = 0x2000000000000000 | 1
    dialogs = f"INSERT INTO dialogs(did, folder_id) VALUES (5, 1), (-9, 0), ({archive}, 1);"
    assert raw(make([], PEOPLE + dialogs), "chats in the archive") == ["Bram Kist (5)"]


def test_files_that_were_sent_are_listed(make: Make):  # noqa: F811
    named = tl.obj("documentAttributeFilename", file_name="menu.pdf")
    document = tl.obj("document#8fd4c4d8", id=77, access_hash=1, file_reference=b"", date=1, dc_id=2,
                      mime_type="application/pdf", size=5000, attributes=[named])  # fmt: skip
    medium = tl.obj("messageMediaDocument#52d8ccd9", document=document).hex()
    statements = f"""
        CREATE TABLE sent_files_v2(uid TEXT, type INTEGER, data BLOB, parent TEXT, PRIMARY KEY (uid, type));
        INSERT INTO sent_files_v2 VALUES ('0cc175b9', 1, x'{medium}', 'sent_0_12'),
            ('92eb5ffe', 0, x'01020304', NULL);
        """
    reading = make([], statements)
    assert raw(reading, "files that were sent from this phone") == [
        "document 77, “menu.pdf”, application/pdf, 5000 bytes; type 1; sent with sent_0_12; "
        "MD5 of its place 0cc175b9",
        "a medium that is not known; type 0; sent with a message that is not stored; "
        "MD5 of its place 92eb5ffe",
    ]
    assert any("sent_files_v2: constructor 0x04030201" in each.text for each in reading.notices)


def test_keyboards_of_bots_are_menus(make: Make):  # noqa: F811
    buttons = [tl.obj("keyboardButton#a2fa4880", text=words) for words in ("Wiet 50", "Hasj 40")]
    keyboard = tl.obj(
        "replyKeyboardMarkup#85dd99d1", rows=[tl.obj("keyboardButtonRow", buttons=buttons)]
    ).hex()
    reading = make(
        [],
        PEOPLE
        + f"""
        CREATE TABLE bot_keyboard(uid INTEGER PRIMARY KEY, mid INTEGER, info BLOB);
        CREATE TABLE bot_keyboard_topics(uid INTEGER, tid INTEGER, mid INTEGER, info BLOB,
            PRIMARY KEY(uid, tid));
        INSERT INTO bot_keyboard VALUES (5, 12, x'{keyboard}');
        INSERT INTO bot_keyboard_topics VALUES (5, 3, 13, NULL);
        """,
    )
    found = [each.raw for each in reading.notices if "keyboards that bots showed last" in each.text]
    assert found == [
        "Bram Kist (5), message 12: buttons: [Wiet 50] [Hasj 40]",
        "Bram Kist (5), message 13: no buttons",
    ]


def test_pictures_that_were_used_are_listed(make: Make):  # noqa: F811
    reading = make(
        [],
        """
        CREATE TABLE web_recent_v3(id TEXT, type INTEGER, image_url TEXT, thumb_url TEXT, local_url TEXT,
            width INTEGER, height INTEGER, size INTEGER, date INTEGER, document BLOB, PRIMARY KEY (id, type));
        INSERT INTO web_recent_v3 VALUES ('a1', 0, 'https://example.org/a.jpg', NULL, '/sdcard/a.jpg', 1, 1,
            9, 1709546400, NULL);
        """,
    )
    assert raw(reading, "pictures and GIFs that were used") == [
        "type 0; a1; https://example.org/a.jpg; /sdcard/a.jpg; 2024-03-04T10:00:00.000Z"
    ]


def test_tables_that_nothing_reads_are_named_with_their_rows(make: Make):  # noqa: F811
    reading = make(
        [row(1, text(1, "hoi"))],
        "CREATE TABLE botcache(id TEXT PRIMARY KEY, date INTEGER, data BLOB); CREATE TABLE empty_one(id);"
        "CREATE TABLE params(id INTEGER PRIMARY KEY, seq, pts); INSERT INTO params VALUES (1, 2, 3);"
        "INSERT INTO botcache VALUES ('a', 1, NULL), ('b', 2, NULL);",
    )
    (found,) = [each for each in reading.notices if each.severity == "unread"]
    lines = ["botcache: 2", "params (how far the app was synchronised): 1"]
    assert found.text == f"tables that are not read: 2, with 3 rows: {'; '.join(lines)}"
    assert found.raw == "\n".join(lines)


def test_of_very_many_tables_the_notice_names_some_and_its_raw_value_all(make: Make):  # noqa: F811
    made = "".join(f"CREATE TABLE x{each:03}(a); INSERT INTO x{each:03} VALUES (1);" for each in range(70))
    (found,) = [each for each in make([], made).notices if each.severity == "unread"]
    assert found.text.startswith("tables that are not read: 70, with 70 rows: x000: 1; ")
    assert found.text.endswith("x059: 1; and 10 more")
    assert len((found.raw or "").split("\n")) == 70


def test_a_database_that_is_read_whole_has_no_such_notice(make: Make):  # noqa: F811
    assert not [each for each in make([row(1, text(1, "hoi"))]).notices if each.severity == "unread"]
