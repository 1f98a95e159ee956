from __future__ import annotations

import hashlib
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # the benchmarks are programs beside the packages, not a package

import decryption  # noqa: E402
import exporter  # noqa: E402
import figures  # noqa: E402
import growth  # noqa: E402
import inputs  # noqa: E402
import measure  # noqa: E402
import sentences  # noqa: E402
import sporen_commands  # noqa: E402
import yardsticks  # noqa: E402
from make_whatsapp import CONTACTS_PATH, MESSAGES_PATH, PREFERENCES_PATH, make_whatsapp  # noqa: E402
from make_whatsapp_ios import STORAGE_PATH  # noqa: E402

MESSAGES, CHATS = 15_000, 60


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phone") / "whatsapp"
    make_whatsapp(folder, MESSAGES, CHATS)
    return folder


@pytest.fixture(scope="module")
def ask(phone):
    with closing(sqlite3.connect(phone / MESSAGES_PATH)) as connection:
        yield lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def count(ask):
    return lambda query: ask(f"SELECT count(*) FROM {query}")[0][0]


def figure(wall, cpu=1.0, peak=100_000_000):
    return measure.Figure(name="x", runs=1, wall=wall, cpu=cpu, peak=peak)


def test_the_message_table_holds_the_rows_asked_for_and_the_sentinel(ask, count):
    assert count("message") == MESSAGES + 1
    assert ask("SELECT chat_row_id, from_me, key_id, timestamp FROM message WHERE _id = 1") == [
        (-1, 0, "-1", None)
    ]


def test_some_rows_were_removed_again_and_leave_gaps(ask):
    (highest,) = ask("SELECT max(_id) FROM message")[0]
    assert highest == MESSAGES + 1 + MESSAGES // 500
    assert ask("SELECT count(*) FROM message WHERE _id % 501 = 0") == [(0,)]


def test_the_database_is_whole(ask):
    assert ask("PRAGMA integrity_check") == [("ok",)]


def test_the_same_numbers_make_the_same_bytes(phone, tmp_path):
    make_whatsapp(tmp_path / "again", MESSAGES, CHATS)
    for path in (MESSAGES_PATH, CONTACTS_PATH, PREFERENCES_PATH):
        first, second = ((folder / path).read_bytes() for folder in (phone, tmp_path / "again"))
        assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


def test_a_phone_that_exists_is_not_overwritten(phone):
    with pytest.raises(FileExistsError):
        make_whatsapp(phone, 10, 40)


@pytest.mark.parametrize(
    ("query", "share"),
    [
        ("message_quoted", 0.05),
        ("(SELECT DISTINCT parent_message_row_id FROM message_add_on WHERE message_add_on_type = 56)", 0.08),
        ("message_media", 0.12),
        ("message_edit_info", 0.01),
        ("message_forwarded", 0.025),
        ("call_log", 0.02),
        ("message_system", 0.025),
    ],
)
def test_what_hangs_on_messages_is_there_in_its_share(count, query, share):
    assert count(query) / MESSAGES == pytest.approx(share, rel=0.3)


@pytest.mark.parametrize(
    "table", ["receipt_user", "message_poll", "message_vcard", "message_location", "message_call_log"]
)
def test_the_rarer_tables_are_not_empty(count, table):
    assert count(table) > 0


def test_every_message_has_a_chat_and_every_sender_a_jid(count):
    orphans = "message LEFT JOIN chat ON chat._id = chat_row_id WHERE message._id > 1 AND chat._id IS NULL"
    strangers = (
        "message LEFT JOIN jid ON jid._id = sender_jid_row_id WHERE sender_jid_row_id > 0 AND jid._id IS NULL"
    )
    assert count(orphans) == 0
    assert count(strangers) == 0


def test_chats_are_direct_keyed_by_lid_or_groups(ask):
    servers = dict(ask("SELECT server, count(*) FROM chat JOIN jid ON jid._id = jid_row_id GROUP BY server"))
    assert servers["g.us"] == CHATS // 4
    assert servers["lid"] > 3 < servers["s.whatsapp.net"]
    assert servers["broadcast"] == servers["newsletter"] == 1


def test_most_lids_lead_to_a_phone_number_and_some_do_not(count):
    lids = count("jid WHERE server = 'lid'")
    assert 0.7 * lids < count("jid_map JOIN jid ON jid._id = lid_row_id WHERE server = 'lid'") < lids


def test_all_numbers_are_fictitious(ask):
    users = [user for (user,) in ask("SELECT user FROM jid WHERE server = 's.whatsapp.net' AND user <> '0'")]
    assert users[0] == "31600000001"
    assert all(user.startswith("3160000") and len(user) == 11 for user in users)


def test_texts_are_mostly_short_and_sometimes_long(ask):
    lengths = [len(text) for (text,) in ask("SELECT text_data FROM message WHERE text_data IS NOT NULL")]
    assert 28 <= median(lengths) <= 42
    assert min(lengths) <= 2
    assert max(lengths) > 300


def test_trade_talk_is_rare_and_in_a_few_direct_chats(ask):
    texts = "text_data LIKE '%gram%' OR text_data LIKE '%no calls%' OR text_data LIKE '%zelfde plek%'"
    chats = ask(f"SELECT chat_row_id, count(*) FROM message WHERE {texts} GROUP BY chat_row_id")
    assert {chat for chat, _ in chats} <= set(range(3, 23))
    assert 0 < sum(messages for _, messages in chats) < MESSAGES // 100


def test_there_are_thousands_of_distinct_sentences():
    made = {text for language in sentences.LANGUAGES.values() for text in sentences.sentences_of(language)}
    assert len(made) >= 3000


def test_the_contacts_name_people_and_groups(phone):
    with closing(sqlite3.connect(phone / CONTACTS_PATH)) as connection:
        rows = connection.execute("SELECT jid, display_name, wa_name FROM wa_contacts").fetchall()
    assert sum(jid.endswith("@g.us") and name is not None for jid, name, _ in rows) == CHATS // 4
    assert any(name is None and own_name for _, name, own_name in rows)


def test_the_preferences_name_the_owner(phone):
    assert "31600000001@s.whatsapp.net" in (phone / PREFERENCES_PATH).read_text(encoding="utf-8")


def test_the_hash_yardstick_is_the_hash_of_the_file(phone):
    path = phone / MESSAGES_PATH
    assert yardsticks.hash_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_select_yardstick_gives_every_message_with_its_sender(phone, ask):
    rows = list(yardsticks.messages(phone / MESSAGES_PATH))
    assert len(rows) == MESSAGES + 1
    senders = sum(1 for row in rows if row[4] is not None)
    assert senders == ask("SELECT count(*) FROM message WHERE sender_jid_row_id > 0")[0][0] > 0


def test_the_copy_yardstick_can_be_searched(phone, tmp_path, ask):
    assert yardsticks.copy_messages(phone / MESSAGES_PATH, tmp_path / "copy.db") == MESSAGES + 1
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        found = copy.execute("SELECT count(*) FROM message_text WHERE message_text MATCH 'trein'").fetchone()
    assert found == ask("SELECT count(*) FROM message_ftsv2 WHERE message_ftsv2 MATCH 'trein'")[0]
    assert found[0] > 0


def test_the_yardsticks_leave_the_phone_as_it_was(phone, tmp_path):
    before = sorted(path.name for path in (phone / MESSAGES_PATH).parent.iterdir())
    measured = yardsticks.measure_yardsticks(phone / MESSAGES_PATH, tmp_path)
    assert [entry.runs for entry in measured.values()] == [3, 3, 3]
    assert sorted(path.name for path in (phone / MESSAGES_PATH).parent.iterdir()) == before
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_measured_with_its_exit_code_and_its_last_words():
    program = (
        "import sys; x = bytearray(60_000_000); sum(range(10**6)); sys.stderr.write('away'); sys.exit(3)"
    )
    run = measure.measure([sys.executable, "-c", program])
    assert (run.exit_code, run.error) == (3, "away")
    assert run.wall > 0 < run.cpu
    assert 60_000_000 < run.peak <= run.peak_together


def test_standard_output_goes_to_the_file_named(tmp_path):
    measure.measure([sys.executable, "-c", "print('told')"], output=tmp_path / "told")
    assert (tmp_path / "told").read_text(encoding="utf-8").strip() == "told"


def test_a_program_or_command_that_is_not_there_is_said_to_be_so(tmp_path):
    assert measure.repeated("x", lambda: measure.measure([tmp_path / "none"])).remark == "not there"
    absent = "import sys; sys.exit('Error: No such command \"report\".')"
    assert (
        measure.repeated("x", lambda: measure.measure([sys.executable, "-c", absent])).remark == "not there"
    )


def test_a_failure_keeps_its_code_and_last_line():
    failing = "import sys; sys.stderr.write('first\\nlast\\n'); sys.exit(5)"
    shown = measure.repeated("x", lambda: measure.measure([sys.executable, "-c", failing]))
    assert (shown.wall, shown.remark) == (None, "failed, exit 5: last")


def test_the_summary_is_the_median_of_time_and_the_largest_memory():
    runs = [
        measure.Measurement(wall=wall, cpu=wall / 2, peak=1, peak_together=peak, exit_code=0, error="")
        for wall, peak in ((3.0, 10), (1.0, 30), (2.0, 20))
    ]
    shown = measure.summary("x", runs)
    assert (shown.runs, shown.wall, shown.cpu, shown.peak) == (3, 2.0, 1.0, 30)


def test_targets_are_met_missed_or_not_measured():
    verdicts = {
        target.name: target.verdict
        for target in figures.targets_of({"ingest": figure(10.0), "copy": figure(2.0), "help": figure(0.2)})
    }
    assert verdicts["ingest against yardstick (c)"] == "MISSED"
    assert verdicts["peak memory of ingest"] == "met"
    assert verdicts["sporen --help"] == "met"
    assert verdicts["exporter's JSON against ingest"] == "not measured"


def test_the_search_is_judged_without_the_start_of_the_program():
    (target,) = (
        target
        for target in figures.targets_of({"help": figure(0.25), "search": figure(0.3)})
        if target.name.startswith("search")
    )
    assert target.value == pytest.approx(0.05)
    assert target.verdict == "met"


def test_the_html_of_the_other_exporter_is_held_against_ingest_and_report_together():
    known = {"exporter-html": figure(90.0), "ingest": figure(8.0), "report-html": figure(1.0)}
    (target,) = (target for target in figures.targets_of(known) if "HTML" in target.name)
    assert target.row()[1:] == ("10.00 x", "0.50", "at least 8 x", "met")


def test_ios_is_held_against_its_own_yardstick():
    known = {"ios-copy": figure(2.0), "ios-ingest": figure(7.0), "copy": figure(1.0)}
    (target,) = (each for each in figures.targets_of(known) if "iOS" in each.name)
    assert (target.value, target.bound, target.verdict) == (3.5, 4, "met")


def test_an_iphone_of_the_same_messages_is_made_once(tmp_path):
    made = inputs.phone_of(tmp_path, 200, is_ios=True)
    assert made == inputs.phone_of(tmp_path, 200, is_ios=True)
    assert yardsticks.count_messages(made / STORAGE_PATH) == 200


def test_the_tables_are_the_same_in_both_forms():
    known = {"ingest": figure(1.5), "help": measure.Figure(name="sporen --help", remark="not there")}
    plain, marked = (figures.page("Title", known, markdown=markdown) for markdown in (False, True))
    assert "x              1     1.50    1.00   100" in plain
    assert "| x | 1 | 1.50 | 1.00 | 100 |  |" in marked
    assert "| sporen --help | - | - | - | - | not there |" in marked


STAND_IN = """#!{python}
import pathlib, sys
command, *rest = sys.argv[1:]
folder = pathlib.Path(rest[0]) if rest else None
if command == "new":
    folder.mkdir()
elif command == "ingest":
    if list(folder.iterdir()):
        sys.exit("Error: this case is not new.")
    (folder / "case.db").write_bytes(bytes(3_000_000))
elif command == "search":
    print('[{{"id": "m-1"}}]')
elif command == "show" and rest[1] != "m-1":
    sys.exit("Error: unknown id.")
elif command in ("report", "export"):
    target = pathlib.Path(rest[rest.index("-o") + 1])
    if command == "report":
        target.mkdir()
        target = target / "report.html"
    target.write_bytes(bytes(2_000_000))
"""


def test_each_command_of_sporen_is_measured_on_a_new_case(phone, tmp_path, monkeypatch):
    program = tmp_path / "sporen"
    program.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sporen_commands, "find_sporen", lambda: program)
    commands = sporen_commands.SporenCommands(tmp_path, phone, "some messages", lambda text: None)
    ingest = commands.ingest()
    made = {**commands.questions(), **commands.report("report", "report"), **commands.export("csv")}
    assert (ingest.runs, ingest.remark) == (3, "3 MB written")
    assert {key: (entry.runs, entry.remark) for key, entry in made.items()} == {
        "search": (3, ""),
        "search-frequent": (3, ""),
        "show": (3, ""),
        "report": (3, "2 MB written"),
        "export-csv": (3, "2 MB written"),
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case", "found.json", "ingest.json", "sporen"]


def test_without_sporen_every_command_is_said_to_be_not_there(phone, tmp_path, monkeypatch):
    monkeypatch.setattr(sporen_commands, "find_sporen", lambda: tmp_path / "sporen")
    commands = sporen_commands.SporenCommands(tmp_path, phone, "some messages", lambda text: None)
    made = {
        "ingest": commands.ingest(),
        **commands.start(),
        **commands.report("report", "report"),
        **commands.export("csv"),
    }
    assert {entry.remark for entry in made.values()} == {"not there"}
    assert commands.questions()["show"].remark == "no message was found to show"


def test_without_the_other_exporter_its_figures_say_so(phone, tmp_path):
    made = exporter.measure_exporter(None, phone, tmp_path, lambda text: None)
    assert [entry.remark for entry in made.values()] == ["not there", "not there"]


def test_an_input_is_made_once_and_named_by_what_made_it(tmp_path):
    first = inputs.phone_of(tmp_path, 300)
    stamp = (first / MESSAGES_PATH).stat().st_mtime_ns
    assert inputs.phone_of(tmp_path, 300) == first
    assert (first / MESSAGES_PATH).stat().st_mtime_ns == stamp
    assert first.name == f"whatsapp-300-{inputs.maker_hash()[:8]}"
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


def test_what_decryption_costs_is_measured_against_bare_loops():
    targets = decryption.measured(1 << 18)
    assert [(target.bound, target.unit, target.at_least) for target in targets] == [
        *[(1.3, "x", False)] * 4,
        (150, "MB/s", True),
        (1.2, "x", False),
        *[(100, "MB/s", True)] * 2,
    ]
    assert all(target.value is not None and target.value > 0 for target in targets)


def test_the_phones_of_several_items_are_of_several_people_and_made_once(tmp_path):
    phones = growth.phones_of(tmp_path, growth.Size(400, 2))
    assert phones == growth.phones_of(tmp_path, growth.Size(400, 2))
    owners = [(each / PREFERENCES_PATH).read_text(encoding="utf-8") for each in phones]
    assert ["31600000001@s" in each for each in owners] == [True, False]
    assert ["31600000901@s" in each for each in owners] == [False, True]
    assert [yardsticks.count_messages(each / MESSAGES_PATH) for each in phones] == [201, 201]
    first, second = ((each / MESSAGES_PATH).read_bytes() for each in phones)
    assert first != second


def test_growth_is_told_by_message_and_held_against_its_bound():
    def of(messages, cpu):
        return growth.Size(messages, 1), growth.Grown(figure(cpu, cpu=cpu), messages * 500)

    table = dict([of(100_000, 10.0), of(1_000_000, 115.0), of(10_000_000, 1300.0)])
    text = growth.page(table, markdown=True)
    assert "| 100,000 | 1 | 1 | 10.0 | 10.0 | 100 | 100 | 50.0 | 500 |  |" in text
    assert (
        "1,000,000 messages in 1: a message costs 1.15 of what it does at 100,000 (at most 1.2): met" in text
    )
    assert "10,000,000 messages in 1: a message costs 1.30 of what" in text
    assert "(at most 1.2): MISSED" in text
