"""What the evidence itself holds: an attachment's bytes and a message's row, read again when they are asked
for."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from forensics.case_reader import CaseReader
from forensics.content_type import mime_type
from forensics.source_media import MOST, BehindKey, TooLarge, Unreadable, attachment_bytes
from forensics.source_row import shown as shown_message
from forensics.web.desk import Desk, desk

pages = Blueprint("media", __name__)

# What a browser draws or plays and can never run; anything else stays where it is.
_SHOWN = frozenset(
    {
        *("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"),
        *("video/mp4", "video/webm", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/webm"),
    }
)


@pages.get("/messages/<key>/media/<int:number>")
def shown(key: str, number: int) -> Response:
    """The bytes of an attachment, if they are still those of the record."""
    at = desk()
    message = _message(at, key)
    attachments = message["attachments"]
    if number >= len(attachments) or not attachments[number]["present"]:
        abort(404)
    each = attachments[number]
    evidence = at.case.db.execute(
        "SELECT path FROM evidence WHERE sha256 = ?", (message["source"]["evidence_sha256"],)
    ).fetchone()
    try:
        data = attachment_bytes(Path(evidence[0]), each["path"], each["sha256"])
    except BehindKey:
        abort(410, at.words("media.key"))
    except TooLarge:
        abort(410, at.words("media.large", most=MOST // 2**20))
    except Unreadable:
        abort(410, at.words("media.odd"))  # the page of 404 has one sentence of its own
    kind = mime_type(data)
    if kind not in _SHOWN:
        abort(415, at.words("media.kind"))
    at.log("view", {"message": key, "sha256": each["sha256"]}, what="attachment")
    answer: Response = send_file(io.BytesIO(data), mimetype=kind, max_age=0)
    answer.headers["Content-Disposition"] = "inline"
    return answer


@pages.get("/messages/<key>/source")
def source(key: str) -> str:
    """The row of a message, read again from the evidence; in a page of its own or as a part of one."""
    at = desk()
    _message(at, key)
    at.log("view", {"message": key}, what="source row")
    found = shown_message(at.case, key, None, [])
    part = "source_part.html" if request.args.get("part") else "source.html"
    return render_template(part, message=found["message"], row=found["source_row"])


def _message(at: Desk, key: str) -> dict[str, Any]:
    found = CaseReader(at.case).message(key)
    if found is None:
        abort(404)
    return found
