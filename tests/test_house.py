"""The walls of the house: who imports whom, who may do what, and how large a thing may grow."""

from __future__ import annotations

import ast
import configparser
import importlib
from collections.abc import Iterable
from importlib.metadata import entry_points

import pytest
from source_tree import PACKAGES, ROOT, STANDALONE, Function, Module, modules

# The order of the core: a module imports only what stands before it. A new module gets its place here.
ORDER = [
    *(
        "errors",
        "times",
        "model",
        "identity",
        "cells",
        "digest",
        "record_tree",
        "copies",
        "actor",
        "environment",
        "interrupts",
        "workers",
        "beside",
    ),
    # bytes -> values
    *("formats", "formats.source", "formats.side_hash", "formats.protobuf", "formats.plist", "formats.tl"),
    *("formats.murmur3", "formats.postbox"),
    "formats.json_stream",
    "formats.sqlite_checksum",
    *("formats.sqlite_tree", "formats.sqlite_header", "formats.sqlite_problem", "formats.sqlite_record"),
    "formats.sqlite_damage",
    *(
        "formats.sqlite_ascending",
        "formats.sqlite_rows",
        "formats.sqlite_journal",
        "formats.sqlite_wal",
    ),
    "formats.sqlite_schema",
    *(
        *("formats.sqlite_pages", "formats.sqlite_tails", "formats.sqlite_copy"),
        "formats.sqlite_table",
        "formats.sqlite_order",
        "formats.sqlite_connection",
        "formats.sqlite",
        "formats.sqlite_private",
    ),
    *("formats.sqlite_recovery_serial", "formats.sqlite_recovery_sql"),
    "formats.sqlite_recovery_template",
    *("formats.sqlite_recovery_record", "formats.sqlite_recovery_text", "formats.sqlite_recovery_plan"),
    "formats.sqlite_recovery_rebuild",
    "formats.sqlite_recovery_nameless",
    *("formats.sqlite_recovery_carve", "formats.sqlite_recovery_keys", "formats.sqlite_recovery_files"),
    *("formats.sqlite_recovery_damage", "formats.sqlite_recovery_limits"),
    *("formats.sqlite_recovery_trees", "formats.sqlite_recovery_live", "formats.sqlite_recovery_tables"),
    *("formats.sqlite_recovery_check", "formats.sqlite_recovery_pointers"),
    *("formats.sqlite_recovery_cells", "formats.sqlite_recovery_strangers", "formats.sqlite_recovery_sift"),
    *("formats.sqlite_recovery_spool", "formats.sqlite_recovery_overflow", "formats.sqlite_recovery_gather"),
    *("formats.sqlite_recovery_judge", "formats.sqlite_recovery_history", "formats.sqlite_recovery_open"),
    *("formats.sqlite_recovery_fts", "formats.sqlite_recovery_index"),
    *("formats.sqlite_recovery",),
    *("formats.sqlcipher_key", "formats.sqlcipher", "formats.sqlcipher_log", "formats.sqlite_build"),
    *(
        "formats.unpacked",
        "formats.ufdr",
        "formats.tar_archive",
        "formats.zip_archive",
        "formats.zip_encrypted",
    ),
    *(
        "formats.file_stamp",
        "formats.ufd",
        "formats.deciphered",
        "formats.android_backup",
        "formats.keybag",
        "formats.keyed_archive",
        "formats.android_xml",
        "formats.clbx",
        "formats.mbdb",
    ),
    # evidence, and who did what to it
    *("acquisition", "acquisition_ufdr", "app_folders"),
    *("members", "progressed", "archives", "evidence", "content_type"),
    *("containers", "containers.locked", "containers.locked_zip", "containers.android_backup"),
    *("containers.itunes_manifest", "containers.itunes", "containers.kinds", "containers.images"),
    *(
        "tokens",
        "keys",
        "signed_statement",
        "custody_entry",
        "custody_check",
        "custody",
        "known_log",
        "purged",
        "ground",
        "authority",
        "roles",
        "sealing_keys",
        "media_bytes",
        "sealing",
    ),
    # what a parser is, and what belongs together in the evidence
    *("fields", "parser", "registry"),
    *(
        "key_ring",
        "items",
        "stated_hashes",
        "file_record",
        "looking",
        "inner_containers",
        "unextracted",
        "lost_mains",
        "file_stamps",
        "graykey",
        "unlocking",
        "recognition",
    ),
    *("installations", "private_copies", "intake"),
    # what the messages are about
    *(
        "analysis",
        "analysis.text",
        "analysis.data_files",
        "analysis.spelling",
        "analysis.starred",
        "analysis.new_substances",
        "analysis.lexicon_rows",
        "analysis.lexicon",
        "analysis.law_table",
        "analysis.law",
        "analysis.vocabulary",
    ),
    *(
        "analysis.phrases",
        *("analysis.faults", "analysis.score"),
        "analysis.compounds",
        "analysis.atoms",
        "analysis.tier",
        *("analysis.rocks", "analysis.pairing"),
        *("analysis.struck", "analysis.one_piece"),
        "analysis.cursor",
        "analysis.spoken",
        *("analysis.dates", "analysis.hours", "analysis.places"),
        "analysis.uncounted",
        "analysis.named_amounts",
        "analysis.written",
        "analysis.shares",
        "analysis.numerals",
        "analysis.amounts",
        *("analysis.emoji_rows", "analysis.endings", "analysis.digit_groups", "analysis.disguised"),
        *("analysis.mistyped", "analysis.hidden_names"),
        "analysis.initials",
        *("analysis.bundles", "analysis.orders"),
        "analysis.letters",
        "analysis.strangers",
        "analysis.rows",
        "analysis.goods_behind",
        "analysis.grams",
        "analysis.company",
        *("analysis.vapes", "analysis.sheets", "analysis.sweets"),
        *("analysis.in_stock", "analysis.sums_before"),
        "analysis.series",
        "analysis.bracketed",
        *("analysis.packs_in_row", "analysis.pill_signs", "analysis.packs", "analysis.tank_sizes"),
        "analysis.ledger",
        "analysis.tiers",
        "analysis.pointed",
        "analysis.fees",
        "analysis.denied",
        "analysis.aside",
        "analysis.columns",
        *("analysis.sold_by", "analysis.each"),
        "analysis.steps",
        "analysis.sizes",
        "analysis.lines",
        "analysis.counting",
        "analysis.marks",
        "analysis.gifts",
        *("analysis.falling", "analysis.kilos"),
        "analysis.above",
        "analysis.named_money",
        "analysis.names",
        *(
            "analysis.sums_first",
            "analysis.sums_of_several",
            "analysis.sums_in_steps",
            "analysis.let_go",
            "analysis.ordering",
        ),
        "analysis.as_sold",
        "analysis.elsewhere",
        *("analysis.stops", "analysis.cuttings"),
        "analysis.menu",
    ),
    *(
        "analysis.pieces",
        "analysis.stretches",
        "analysis.cues",
        "analysis.statement",
        "analysis.plain",
        "analysis.household",
        "analysis.offered",
        "analysis.deal",
        "analysis.exchange",
        *("analysis.enumeration", "analysis.spoken_of", "analysis.goods"),
    ),
    *(
        *("analysis.parts", "analysis.kinds"),
        "analysis.past",
        "analysis.listener",
        *("analysis.implicit", "analysis.earlier_trade"),
        "analysis.answers",
        "analysis.tally",
        "analysis.continuation",
        "analysis.coded",
        "analysis.lists",
        "analysis.surroundings",
        "analysis.window",
        "analysis.languages",
        "analysis.verdicts",
        "analysis.grouping",
        "analysis.seeable",
        "analysis.learnt",
        "analysis.weights",
        "analysis.balance",
        "analysis.glance",
        "analysis.sums",
        "analysis.reasons",
        "analysis.right_behind",
        *(
            "analysis.tangible",
            "analysis.heard_line",
            "analysis.neighbours",
            "analysis.added",
            "analysis.opinion",
        ),
        "analysis.findings",
        "analysis.talk",
    ),
    *("analysis.validation", "analysis.measured"),
    # the case
    *(
        "message_row",
        "packed_messages",
        "databases",
        "twin_rows",
        "differences",
        "twins",
        "call_twins",
        "same_account",
    ),
    "statements",
    *("clocks", "device_clock", "devices", "links", "comparison"),
    *(
        "case_schema",
        "case_settings",
        "case_passphrase",
        "case_key",
        "case_file",
        "case_seal",
        "case",
        "waiting",
        "places",
    ),
    *("attempts", "decisions", "selected"),
    *("timestamps", "anchors"),
    "case_tables",
    *("case_writer", "case_copies", "case_lost", "case_reader", "case_comparison", "case_comparison_others"),
    *("flag_rows", "case_faults", "flag_work", "case_law", "case_lines", "case_analysis"),
    # what people read: texts that can be shown safely, words in two languages, drawings
    *("signs", "textual", "sentences", "words", "other_laws", "substance_names", "hit_language"),
    *("charts", "outlines"),
    *("platforms", "provisions", "trades", "flag_law"),
    # what is done with a case
    *(
        "search",
        "review",
        "privilege",
        "candidates",
        "sealed_container",
        "unsealing",
        "ranges",
        "extract",
        "live_rows",
        "contacts",
        "mentions",
    ),
    *("recovered_rows", "recovered_plan", "recovered_words", "recovered_messages", "recovered_attribution"),
    *("recovered_calls", "recovered_search", "recovered_waiting", "recovered"),
    *("removal_quotes", "removal", "sealed_removal", "closing"),
    *(
        "events",
        "long_messages",
        "database_problems",
        "range_reading",
        "range_readers",
        "reading",
        "engine",
        "cluster",
        "combining",
    ),
    *("ingest_told", "ingest", "ingest_command", "reanalysis", "grounds", "source_row"),
    *("hansken_model", "hansken_copy", "hansken_traces", "hansken"),
    *("export", "zipped", "handles", "shared"),
    *("verify", "verify_merged", "verify_files", "verify_records", "verify_delivery"),
    *("purge", "destruction", "transfer"),
    *("signatures", "proof", "redaction"),
    *("signers", "journal"),
    # the review page
    *("case_thread", "case_overview", "case_flags", "case_figures", "selection", "agreement", "source_media"),
    *("thumbnail", "pictures"),
    *("web", "web.words", "web.session", "web.access", "web.showing", "web.hits", "web.known", "web.desk"),
    *(
        "web.bubbles",
        "web.flag_cards",
        "web.filters",
        "web.reading",
        "web.media",
        "web.deciding",
        "web.choosing",
        "web.comparing",
        "web.overviews",
        "web.app",
        "web.server",
    ),
    # the command line
    *(
        "cli.progress_words",
        "cli.clock",
        "cli.talk",
        "cli.authorising",
        "cli.report_signing",
        "cli.proving",
        "cli.comparing",
        "cli.finding",
        "cli.handing_over",
        "cli.reporting",
        "cli.linking",
        "cli.making",
        "cli.judging",
        "cli.recovering",
        "cli.reviewing",
        "cli.removing",
        "cli.filtering",
        "cli.recording",
        "cli.transferring",
        "cli.group",
        "cli",
    ),
]
TALKS = "forensics.cli"
WORD_TABLES = {"forensics/words.py", "forensics/web/words.py"}
MAKES_TIMES = "forensics.times"
CONNECTS = ("forensics.formats.sqlite", "forensics.case", "forensics.search")
CORE = modules("forensics")
ALL = modules(*PACKAGES)
OWN = [module for module in ALL if module.place != STANDALONE]


def nowhere(places: Iterable[str], advice: str = "") -> None:
    """Fails with the places where a rule is broken, one a line, and what to do about it."""
    broken = sorted(set(places))
    if broken:
        pytest.fail("\n".join([*broken, advice]), pytrace=False)


def may_talk(module: Module) -> bool:
    return module.name == TALKS or module.name.startswith(f"{TALKS}.")


def is_one_of(module: Module, names: Iterable[str]) -> bool:
    return any(module.name == name or module.name.startswith(f"{name}_") for name in names)


# --- Who imports whom ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("forensics", {"forensics"}),
        ("parsers", {"parsers", "forensics"}),
        ("reports", {"reports", "forensics"}),
    ],
)
def test_imports_run_one_way(package: str, allowed: set[str]):
    ours = {*PACKAGES, "tests", "benchmarks", "fixtures"} - allowed
    broken = (
        f"{module.at(node)} imports {name}"
        for module in modules(package)
        for name, node in module.imported()
        if name.partition(".")[0] in ours
    )
    nowhere(broken)


def test_every_module_of_the_core_has_its_place_in_the_order():
    names = {module.name.removeprefix("forensics.") for module in CORE} - {"forensics"}
    nowhere(names - set(ORDER), "give each of these its place in ORDER")
    assert len(ORDER) == len(set(ORDER))


def test_a_module_of_the_core_imports_only_what_stands_before_it():
    place = {f"forensics.{name}": number for number, name in enumerate(ORDER)}
    broken = (
        f"{module.at(node)} imports {name}, which does not stand before it in ORDER"
        for module in CORE
        for name, node in module.imported()
        if name in place and place[name] >= place.get(module.name, -1)
    )
    nowhere(broken)


def test_imports_are_absolute():
    broken = (module.at(node) for module in ALL for node in module.nodes(ast.ImportFrom) if node.level)
    nowhere(broken)


def test_nothing_is_imported_inside_a_function_but_in_the_command_line():
    broken = (
        module.at(node)
        for module in OWN
        if not may_talk(module)
        for function in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
    nowhere(broken, "an import inside a function hides a circle; only the command line starts lazily")


# --- Who may do what ----------------------------------------------------------------------------------------


def test_only_the_command_line_talks():
    broken = [
        module.at(node)
        for module in OWN
        if not may_talk(module)
        for name, node in module.calls
        if name == "print"
    ]
    broken += [
        f"{module.at(node)} imports {name}"
        for module in OWN
        if not may_talk(module)
        for name, node in module.imported()
        if name.partition(".")[0] == "rich"
    ]
    nowhere(broken)


def test_only_times_makes_datetimes_from_numbers():
    makers = ("fromtimestamp", "utcfromtimestamp", "gmtime", "localtime")
    broken = (
        module.at(node)
        for module in OWN
        if module.name != MAKES_TIMES
        for name, node in module.calls
        if name.rpartition(".")[2] in makers
    )
    nowhere(broken, "use forensics.times")


def test_only_the_formats_and_the_case_connect_to_sqlite():
    broken = [
        module.at(node)
        for module in OWN
        if not is_one_of(module, CONNECTS)
        for name, node in module.calls
        if name in ("sqlite3.connect", "sqlite3.Connection")
    ]
    broken += [
        module.at(node) for module in OWN for node in module.nodes(ast.ImportFrom) if node.module == "sqlite3"
    ]
    nowhere(broken)


def test_parsers_get_streams_and_open_nothing_themselves():
    openers = {"open", "os.open", "io.open", "Path", "pathlib.Path"}
    methods = {"open", "read_bytes", "read_text"}
    broken = [
        module.at(node)
        for module in modules("parsers")
        for name, node in module.calls
        if name in openers or ("." in name and name.rpartition(".")[2] in methods)
    ]
    broken += [
        f"{module.at(node)} imports {name}"
        for module in modules("parsers")
        for name, node in module.imported()
        if name.partition(".")[0] in {"os", "shutil", "tempfile", "sqlite3", "subprocess", "socket"}
    ]
    broken += [
        f"{module.at(node)} imports more of pathlib than pure paths"
        for module in modules("parsers")
        for node in module.nodes(ast.ImportFrom)
        if node.module == "pathlib" and {alias.name for alias in node.names} - {"PurePosixPath"}
    ]
    nowhere(broken, "evidence is opened by forensics.evidence; a parser is handed streams and tables")


def test_nothing_reaches_for_the_network():
    """The review page listens on this machine only; nothing else has a use for a socket."""
    banned = {"socket", "urllib.request", "http.client", "ftplib", "smtplib", "requests", "ssl"}
    broken = (
        f"{module.at(node)} imports {name}"
        for module in OWN
        for name, node in module.imported()
        if name in banned
    )
    nowhere(broken)


def test_nothing_depends_on_pythons_salted_hash():
    broken = (module.at(node) for module in OWN for name, node in module.calls if name == "hash")
    nowhere(broken, "hash() differs from run to run; use forensics.digest")


# --- Errors -------------------------------------------------------------------------------------------------


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Catches everything; allowed only where it cleans up and raises again."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {ast.unparse(kind) if kind else "everything" for kind in kinds}
    last = handler.body[-1]
    raises_again = isinstance(last, ast.Raise) and last.exc is None
    return bool(names & {"everything", "Exception", "BaseException"}) and not raises_again


def is_silent(module: Module, handler: ast.ExceptHandler) -> bool:
    """Does nothing and gives no reason for it in a comment."""
    lines = module.lines[handler.lineno - 1 : handler.end_lineno]
    does_nothing = all(isinstance(each, ast.Pass | ast.Continue | ast.Expr) for each in handler.body)
    calls_something = any(
        isinstance(node, ast.Call | ast.Yield | ast.YieldFrom) for node in ast.walk(handler)
    )
    return does_nothing and not calls_something and not any("#" in line for line in lines)


def test_no_handler_catches_everything():
    broken = [module.at(node) for module in ALL for node in module.nodes(ast.ExceptHandler) if is_broad(node)]
    broken += [
        module.at(node)
        for module in ALL
        for name, node in module.calls
        if name.rpartition(".")[2] == "suppress"
        and any(ast.unparse(each) in ("Exception", "BaseException") for each in node.args)
    ]
    nowhere(broken, "name what is expected; everything else is a bug and may show a traceback")


def test_no_handler_is_silent():
    broken = (
        module.at(node)
        for module in ALL
        for node in module.nodes(ast.ExceptHandler)
        if is_silent(module, node)
    )
    nowhere(broken, "say what is done about it: a notice, another answer, or a comment with the reason")


# --- Size and words -----------------------------------------------------------------------------------------


def test_every_module_says_what_it_is():
    everything = modules(*PACKAGES, "benchmarks", "fixtures", "install")
    nowhere(module.place for module in everything if not ast.get_docstring(module.tree))


def test_no_file_is_over_400_lines():
    long = (
        f"{module.place}: {len(module.lines)} lines"
        for module in ALL
        if len(module.lines) > 400 and module.place not in WORD_TABLES
    )
    nowhere(long, "look for a seam")


def test_no_function_is_over_60_lines():
    long = (
        f"{module.at(node)} {node.name}"
        for module in ALL
        for node in module.nodes(*Function.__args__)
        if node.end_lineno - node.lineno >= 60
    )
    nowhere(long)


def test_no_module_is_a_drawer_or_hides_one_of_the_standard_library():
    names = {module.path.stem for module in ALL}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools"}
    beside = {module.path.stem for module in ALL if module.path.parent == ROOT / "parsers"}
    assert not beside & {"signal", "csv", "html", "types", "email", "json", "calendar"}


# --- What is installed --------------------------------------------------------------------------------------


def declared() -> list[tuple[str, str, str]]:
    """Group, name and target of every entry point in setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return [
        (group, *(part.strip() for part in line.split("=", 1)))
        for group, lines in config["options.entry_points"].items()
        for line in lines.strip().splitlines()
    ]


@pytest.mark.parametrize(("group", "name", "target"), declared())
def test_every_entry_point_is_installed_and_loads(group: str, name: str, target: str):
    again = "setup.cfg is not what is installed: run `make test`, or `pip install -e .` again"
    assert [each.value for each in entry_points(group=group, name=name)] == [target], again
    module, _, attribute = target.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


def test_every_installed_entry_point_is_declared():
    installed = {
        (each.group, each.name)
        for group in ("forensics.parsers", "forensics.documents", "forensics.reports")
        for each in entry_points(group=group)
    }
    assert installed <= {(group, name) for group, name, _ in declared()}, "run `pip install -e .` again"
