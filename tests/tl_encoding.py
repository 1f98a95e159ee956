"""The encoder of TL that the fixtures are made with: it shares nothing with the decoder but a text."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_FILE = Path(__file__).resolve().parent.parent / "fixtures" / "telegram_tl" / "encoding.py"
_specification = importlib.util.spec_from_file_location("telegram_tl_encoding", _FILE)
assert _specification is not None
assert _specification.loader is not None
_encoding = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_encoding)

by_type = _encoding.by_type
encode = _encoding.encode
fields = _encoding.fields
lines = _encoding.lines
made = _encoding.made
number_of = _encoding.number_of
obj = _encoding.obj
string = _encoding.string
