"""Measures WhatsApp-Chat-Exporter (PyPI `whatsapp-chat-exporter`) on the same database.

Its options were taken from its help text, version 0.13.1: -a is Android, -d and -w are the databases. It
makes a media folder if there is none, so it runs in a folder of its own.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from inputs import bytes_in
from make_whatsapp import CONTACTS_PATH, MESSAGES_PATH
from measure import NOT_THERE, Figure, Measurement, measure, repeated

PROGRAM = "wtsexporter"
FORMS = {
    "exporter-json": ("WhatsApp-Chat-Exporter, JSON", ("--no-html", "-j", "result.json")),
    "exporter-html": ("WhatsApp-Chat-Exporter, HTML", ()),
}


def find_exporter(asked: str | None) -> Path | None:
    """The program asked for, the one beside the running Python, or the one on the path."""
    beside = Path(sys.executable).with_name(PROGRAM)
    candidates = [asked] if asked else [str(beside) if beside.is_file() else None, shutil.which(PROGRAM)]
    found = next((candidate for candidate in candidates if candidate), None)
    return Path(found).absolute() if found else None


def measure_exporter(
    program: Path | None, phone: Path, folder: Path, announce: Callable[[str], None]
) -> dict[str, Figure]:
    """Both its forms, in a scratch folder that is emptied again."""
    figures = {}
    for key, (name, options) in FORMS.items():
        announce(name)
        if program is None:
            figures[key] = Figure(name=name, remark=NOT_THERE)
            continue
        sizes: list[int] = []
        figure = repeated(name, partial(export, program, phone, folder / key, options, sizes))
        remark = f"{sizes[-1] / 1_000_000:.0f} MB written" if figure.wall is not None else figure.remark
        figures[key] = replace(figure, remark=remark)
    return figures


def export(program: Path, phone: Path, folder: Path, options: Sequence[str], sizes: list[int]) -> Measurement:
    """One run in an empty folder; adds the bytes it wrote to `sizes`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    databases = [str(phone.resolve() / path) for path in (MESSAGES_PATH, CONTACTS_PATH)]
    command = [str(program), "-a", "-d", databases[0], "-w", databases[1], "-m", "WhatsApp", "-o", "out"]
    run = measure([*command, "--no-banner", *options], folder=folder)
    sizes.append(bytes_in(folder))
    shutil.rmtree(folder)
    return run
