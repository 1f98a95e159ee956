"""The Hansken plugin over a loopback gRPC exchange, against what the same folder gives on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hansken_client import Built, Image, Told, plugin_info, process, served
from sporen_runs import MSGSTORE, exported, ingest, new, of, phone

from forensics.errors import WrongUse
from forensics.hansken import CONFIG_VARIABLE, SporenPlugin
from forensics.hansken_copy import safe
from forensics.hansken_model import VARIABLE, load_model

WITHOUT = ("id", "source", "also", "record_sha256", "hansken")


def image_of(folder: Path) -> Image:
    """The files of a folder, at the paths that they have in an image."""
    files = {f"/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()}
    return Image({name: path.read_bytes() for name, path in files.items()})


def offered(image: Image, path: str = f"/{MSGSTORE}") -> Told:
    with served(SporenPlugin) as stub:
        return process(stub, image, path)


def records(told: Told, kind: str) -> list[dict[str, object]]:
    """The records in the traces of one kind."""
    found = [json.loads(each.text) for each in told.traces.values()]
    return [each for each in found if each["record"] == kind]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phone(tmp_path_factory.mktemp("hansken"), "wal")


@pytest.fixture(scope="module")
def told(evidence: Path) -> Told:
    return offered(image_of(evidence))


def test_the_matcher_names_the_databases_of_every_app():
    with served(SporenPlugin) as stub:
        info = plugin_info(stub)
    assert info.matcher == (
        "type=file AND $data.type=raw AND (file.name='msgstore.db' OR file.name='msgstore.db.crypt12'"
        " OR file.name='msgstore.db.crypt14' OR file.name='msgstore.db.crypt15'"
        " OR file.name='ChatStorage.sqlite' OR file.name='cache4.db' OR file.name='db_sqlite'"
        " OR file.name='signal.db' OR file.name='signal.sqlite' OR file.name='db.sqlite')"
    )
    assert (info.id.domain, info.id.category, info.id.name) == ("sporen", "extract", "chats")


def test_every_record_of_a_local_run_is_a_trace(evidence: Path, told: Told, tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    assert told.error is None
    for kind in ("conversation", "participant", "message", "call", "flag"):
        here, there = of(exported(case), kind), records(told, kind)
        assert plain(there) == plain(here), kind
    assert len(records(told, "message")) > 5


def plain(found: list[dict[str, object]]) -> list[str]:
    """Records without what the item of evidence and its salt decide, in an order of their own."""
    drop = {
        *WITHOUT,
        "account",
        "conversation",
        "participants",
        "sender",
        "messages",
        "reply_to",
        "from",
        "to",
    }
    drop |= {"name"}
    kept = [{name: each[name] for name in sorted(set(each) - drop)} for each in found]
    return sorted(json.dumps(each, sort_keys=True) for each in kept)


def test_a_message_has_its_properties_and_its_place_in_the_file(evidence: Path, told: Told):
    traces = [each for each in told.traces.values() if "chatMessage" in each.types]
    assert len(traces) == len(records(told, "message"))
    with_text = [each for each in traces if json.loads(each.text)["text"]]
    for each in with_text:
        record = json.loads(each.text)
        assert each.properties["chatMessage.message"] == record["text"]
        assert each.properties["chatMessage.application"] == "whatsapp"
        assert record["source"]["path"].endswith(MSGSTORE)
        assert record["source"]["rowid"] is not None
        assert record["hansken"] == {"trace": image_of(evidence).uid(f"/{MSGSTORE}")}
        assert [name for name, _ in each.tracelets] == ["collection"]


def test_the_log_of_changes_and_the_contacts_are_found_by_search(told: Told, evidence: Path):
    assert f"type=file AND file.name='{Path(MSGSTORE).name}-wal'" in told.queries
    assert "type=file AND file.name='wa.db'" in told.queries
    without = {
        path: content
        for path, content in files_of(evidence).items()
        if not path.endswith(("-wal", "-shm", "wa.db"))
    }
    fewer = offered(Image(without))
    assert len(records(fewer, "message")) < len(records(told, "message")), "the log holds the newest rows"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        f"/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_of_another_folder_are_not_taken_for_those_of_this_app(evidence: Path, told: Told):
    files = files_of(evidence)
    files["/data/user/10/com.whatsapp/databases/msgstore.db-wal"] = b"not of this database"
    assert [each.text for each in offered(Image(files)).traces.values()] == [
        each.text.replace(uid(told), uid_of(files)) for each in told.traces.values()
    ]


def uid(told: Told) -> bytes:
    return json.dumps(json.loads(next(iter(told.traces.values())).text)["hansken"]["trace"]).encode()


def uid_of(files: dict[str, bytes]) -> bytes:
    return json.dumps(Image(files).uid(f"/{MSGSTORE}")).encode()


def test_a_damaged_file_is_an_error_with_what_could_be_read(evidence: Path):
    files = files_of(evidence)
    files[f"/{MSGSTORE}"] = b"\0" * 4096
    told = offered(Image({path: data for path, data in files.items() if not path.endswith(("-wal", "-shm"))}))
    assert told.error is not None
    assert "msgstore.db" in told.error
    assert records(told, "message") == []


def test_the_scope_of_the_project_holds(evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    config = tmp_path / "case.toml"
    config.write_text('[scope]\napps = ["signal"]\n')
    monkeypatch.setenv(CONFIG_VARIABLE, str(config))
    told = offered(image_of(evidence))
    assert told.error is not None
    assert "outside its scope" in told.error
    assert told.traces == {} or records(told, "message") == []


def test_the_model_of_the_hansken_at_hand_adds_properties(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    model = tmp_path / "model.json"
    names = {"message": {"chatMessage.sent": "sent_at", "chatMessage.row": "source.rowid"}}
    model.write_text(json.dumps({"properties": names}))
    monkeypatch.setenv(VARIABLE, str(model))
    messages = [each for each in offered(image_of(evidence)).traces.values() if each.types == {"chatMessage"}]
    assert messages
    for each in messages:
        record = json.loads(each.text)
        assert each.properties.get("chatMessage.row") == record["source"]["rowid"]
        assert sent(each) == (record["sent_at"] and record["sent_at"][:19])


def sent(trace: Built) -> str | None:
    time = trace.properties.get("chatMessage.sent")
    return None if time is None else f"{time:%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"unknown": {}}',
        '{"keys": {}}',
        '{"keys": [1]}',
        '{"beside": [""]}',
        '{"databases": {}}',
        '{"databases": {"x.db": "two"}}',
        '{"databases": {"x.db": true}}',
        '{"databases": {"x.db": 1000000000000}}',
        '{"properties": {"message": ["text"]}}',
        '{"properties": {"message": {"chatMessage.message": null}}}',
        "[" * 200_000,
    ],
)
def test_a_model_that_is_none_is_said(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "model.json"
    file.write_text(text)
    monkeypatch.setenv(VARIABLE, str(file))
    with pytest.raises(WrongUse, match=r"model\.json"):
        load_model()


@pytest.mark.parametrize(
    "path", ["/data/../../etc/passwd", "../x", "a/\0b", "/" + "d" * 300 + "/f", "/", "", "a/\ud800.db"]
)
def test_no_path_of_an_image_leads_out_of_the_folder(path: str):
    assert len(safe(path).parts) == 1
    assert safe(path).name.startswith("unsafe-path-")


def test_an_ordinary_path_is_kept():
    assert safe("/data/data/app/databases/a.db").as_posix() == "data/data/app/databases/a.db"
    assert safe("C:/Data/x/./db.sqlite").as_posix() == "C:/Data/x/db.sqlite"
