"""The canonical form of a message, held equal to the rfc8785 library's whatever the message holds."""

from __future__ import annotations

import dataclasses
import json
import types
import typing

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from forensics import model, times
from forensics.digest import (
    LARGEST_INTEGER,
    MESSAGE_FIELDS,
    call_canonical,
    call_dict,
    message_canonical,
    message_fields,
    rare_fields,
    sha256,
    written,
)
from forensics.message_row import FilePlace, Packed, packed, record_sha256, stored_line, stored_record
from forensics.model import Call, Message, Source

INSTANTS = st.integers(min_value=times.EARLIEST, max_value=times.LATEST)
INTEGERS = st.integers(min_value=-LARGEST_INTEGER, max_value=LARGEST_INTEGER)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
# beyond 2^53 a whole number is read back as an integer that RFC 8785 does not know
FLOATS = st.floats(min_value=-1e9, max_value=1e9)
FILE = FilePlace("e" * 64, "f" * 64, "a/b \u202e.db")


def values(kind: object, name: str):
    """A strategy for a field of the model by its annotation."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return st.one_of(*(values(each, name) for each in arguments))
    if origin is tuple:
        return st.lists(values(arguments[0], name), max_size=2).map(tuple)
    if dataclasses.is_dataclass(kind):
        return records(kind)
    if kind is int:
        return INSTANTS if name.endswith("at") else INTEGERS
    return {str: TEXTS, bool: st.booleans(), float: FLOATS, type(None): st.none()}[kind]


def records(kind: type):
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{f.name: values(hints[f.name], f.name) for f in dataclasses.fields(kind)})


def plain(value: object, name: str = "") -> object:
    """A record as the contract writes it, made without any of the code under test but the times."""
    if isinstance(value, model.Forward):
        return {"times": value.times, "from": value.sender, "at": times.rfc3339(value.at)}
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(each, name) for each in value]
    if name.endswith("at") and isinstance(value, int):
        return times.rfc3339(value)
    return value


@given(records(Message))
def test_the_form_of_a_message_is_the_one_of_rfc_8785(message):
    wanted = {"record": "message", **plain(message)}
    del wanted["id"]
    assert message_canonical(message) == rfc8785.dumps(wanted).decode()


@given(records(Call))
def test_the_form_of_a_call_is_the_one_of_rfc_8785(call):
    assert call_canonical(call) == rfc8785.dumps(call_dict(call)).decode()


@given(records(Message), st.binary(min_size=12, max_size=12))
def test_a_stored_message_is_read_back_to_the_byte(message, key):
    message = dataclasses.replace(
        message,
        id="m" + key.hex(),
        source=dataclasses.replace(
            message.source, evidence_sha256=FILE.evidence_sha256, file_sha256=FILE.file_sha256, path=FILE.path
        ),
    )
    row = Packed._make(packed(message))
    stored = (
        row.id, row.sha256, message.conversation, message.conversation_kind, message.account, message.app,
        message.platform, message.sender, message.from_owner, row.kind, row.status, row.state, row.sent_at,
        row.received_at, row.text, 1, row.table_name, row.row_id, row.app_id, row.place, row.rare,
    )  # fmt: skip
    line = json.loads(stored_line(stored, {1: FILE}))
    assert line == orjson.loads(orjson.dumps(stored_record(stored, {1: FILE})))
    assert line.pop("id") == message.id
    assert (
        sha256(rfc8785.dumps({n: v for n, v in line.items() if n != "record_sha256"}))
        == line["record_sha256"]
    )
    assert row.sha256.hex() == line["record_sha256"] == sha256(message_canonical(message))


def test_a_field_of_value_nought_is_kept():
    source = Source(evidence_sha256="e", file_sha256="f", path="p")
    message = Message(
        id="m0", app="a", platform="p", account="x", conversation="c", conversation_kind="direct",
        sender=None, from_owner=None, kind="text", source=source, expires_after=0, deleted_at=0, read_at=0,
    )  # fmt: skip
    assert set(rare_fields(message)) == {"expires_after", "deleted_at", "read_at"}


def test_a_place_that_no_map_has_is_sealed_as_it_was_read():
    place = model.Location(latitude=1e17, longitude=-0.0, name=None, address=None)
    source = Source(evidence_sha256="e", file_sha256="f", path="p")
    message = Message(
        id="m00", app="a", platform="p", account="x", conversation="c", conversation_kind="direct",
        sender=None, from_owner=None, kind="location", source=source, location=place,
    )  # fmt: skip
    assert '"latitude":100000000000000000,"longitude":0' in message_canonical(message)
    assert record_sha256(packed(message)).hex() == sha256(message_canonical(message))


def test_the_fields_stand_in_canonical_order():
    assert list(MESSAGE_FIELDS) == sorted(MESSAGE_FIELDS)


@pytest.mark.parametrize("number", [52.0, 1e-7, 1e21, -0.0, 4.9406564584124654e-324, 0.1 + 0.2])
def test_the_numbers_of_a_location_are_written_as_rfc_8785_says(number):
    location = {"address": None, "latitude": number, "longitude": 1, "name": None}
    assert written({"location": location}) == rfc8785.dumps({"location": location})


def test_every_field_of_the_model_is_written():
    names = {f.name for f in dataclasses.fields(Message)} - {"id"} | {"record"}
    source = Source(evidence_sha256="e", file_sha256="f", path="p")
    message = Message(
        id="m0", app="a", platform="p", account="x", conversation="c", conversation_kind="direct",
        sender=None, from_owner=None, kind="text", source=source,
    )  # fmt: skip
    assert set(message_fields(message, {})) == names
