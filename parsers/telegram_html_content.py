"""What one message of an HTML export holds, by the classes of its elements.

Source: Telegram reference 6.2, export_output_html.cpp of tdesktop (classes, titles and words of each medium).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from forensics.model import Attachment, Contact, Location, Poll, PollOption
from forensics.parser import Media
from parsers.telegram_export_content import Content
from parsers.telegram_html_tree import Node

# The picture of a medium that is there is a link of one of these classes.
_WRAPS = {
    "photo_wrap": "image",
    "sticker_wrap": "sticker",
    "animated_wrap": "gif",
    "video_file_wrap": "video",
}
# Other media are a block with a title; for two classes the title decides.
_TITLES = {
    "Sticker": "sticker",
    "Photo": "image",
    "Self-destructing photo": "image",
    "Animation": "gif",
    "Video file": "video",
    "Video message": "video_note",
    "Self-destructing video": "video",
}
_CLASSES = {
    "media_voice_message": "voice",
    "media_audio_file": "audio",
    "media_file": "document",
    "media_contact": "contact",
    "media_location": "location",
    "media_live_location": "live_location",
    "media_venue": "location",
    "media_call": "call",
    "media_invoice": "payment",
    "media_game": "text",
    "media_giveaway": "text",
}
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,20})?), ?(-?\d{1,3}(?:\.\d{1,20})?)")
_VOTES = re.compile(r"^- ")
_SECONDS = re.compile(r"\((\d{1,9}) seconds\)")
_GLOBAL = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
Find = Callable[[str], Media | None]


def content(body: Node, find: Find, folder: str) -> Content:
    """The content of a message's body; ``folder`` is that of its page."""
    found = Content()
    text = body.own("text")
    if text is not None:
        found.text = text.text() or None
        _links(text, found)
    wrap = body.own("media_wrap")
    if wrap is not None:
        _media(wrap, found, find, folder)
    for each in body.every():
        if "signature" in each.classes:
            found.remarks.append(("author", f"signed “{each.text()}”"))
        elif "bot_buttons_table" in each.classes:
            _buttons(each, found)
        elif "reactions" in each.classes:
            _reactions(each, found)
    return found


def _links(text: Node, found: Content) -> None:
    words = []
    for each in text.every():
        shown, target = each.text(), each.attributes.get("href", "")
        if each.tag == "a" and target and target not in (shown, f"mailto:{shown}", f"tel:{shown}"):
            words.append(f"link “{shown}” to {target}")
        elif "spoiler" in each.classes:
            words.append(f"spoiler “{shown}”")
    if words:
        found.remarks.append(("formatting", "; ".join(words)))


def _buttons(table: Node, found: Content) -> None:
    shown = []
    for each in table.every():
        if each.tag == "a" or (each.tag == "td" and not any(one.tag == "a" for one in each.every())):
            target = each.attributes.get("href", "")
            shown.append(f"[{each.text()}{f': {target}' if target else ''}]")
    if shown:
        found.remarks.append(("buttons", f"buttons: {' '.join(shown)}"))


def _reactions(node: Node, found: Content) -> None:
    shown = []
    for each in node.every():
        if "reaction" in each.classes:
            givers = [one.attributes["title"] for one in each.every() if one.attributes.get("title")]
            words = " ".join(each.text(without="userpics").split())
            shown.append(f"{words} ({', '.join(givers)})" if givers else words)
    if shown:
        found.remarks.append(("reactions", f"reactions: {', '.join(shown)}"))


def _media(wrap: Node, found: Content, find: Find, folder: str) -> None:
    for each in wrap.nodes():
        kind = next((_WRAPS[name] for name in each.classes if name in _WRAPS), None)
        if kind is not None:
            found.kind = kind
            _attach(each, found, find, folder, None)
        elif "media_poll" in each.classes:
            _poll(each, found)
        elif "media" in each.classes:
            _block(each, found, find, folder)
        elif each.text():
            found.kind = "unknown"
            found.remarks.append(("unknown", f"{' '.join(each.classes)}: {' '.join(each.text().split())}"))


def _block(block: Node, found: Content, find: Find, folder: str) -> None:
    """A medium with a title, a description and a status."""
    title, description, status = (
        node.text() if (node := block.first(name)) is not None else ""
        for name in ("title", "description", "status")
    )
    known = next((name for name in block.classes if name in _CLASSES), None)
    found.kind = _CLASSES[known] if known is not None else _TITLES.get(title, "unknown")
    said = [each for each in (title, description, status) if each]
    match found.kind:
        case "contact":
            found.text = found.text or title or None
            number = status.removesuffix(" - vCard")
            found.contacts = (Contact(name=title or None, phones=(number,) if number else ()),)
            said = []
        case "location" | "live_location":
            _place(block, found, title, description, status, is_venue=known == "media_venue")
            said = []
        case "call":
            said = ["call", status.lower()] if status else ["call"]
        case "unknown":
            said.insert(0, " ".join(block.classes))
    if said:
        found.remarks.append((known or "media", ", ".join(said)))
    if found.kind not in ("location", "live_location", "call", "payment", "text"):
        _attach(block, found, find, folder, title if known == "media_file" else None)


def _place(block: Node, found: Content, title: str, description: str, status: str, *, is_venue: bool) -> None:
    point = _POINT.search(status) or _POINT.search(block.attributes.get("href", ""))
    found.location = Location(
        latitude=float(point[1]) if point is not None else None,
        longitude=float(point[2]) if point is not None else None,
        name=title or None if is_venue else None,
        address=description or None if is_venue else None,
    )


def _attach(link: Node, found: Content, find: Find, folder: str, name: str | None) -> None:
    target = link.attributes.get("href", "")
    path = local(target, folder) if target and _GLOBAL.match(target) is None else None
    there = find(path) if path is not None else None
    if found.kind == "contact" and path is None:
        return
    found.attachments.append(
        Attachment(
            kind="document" if found.kind == "contact" else found.kind,
            filename=name or (path.rpartition("/")[2] if path else None),
            size=there.size if there is not None else None,
            sha256=there.sha256 if there is not None else None,
            path=there.path if there is not None else path,
            present=there is not None,
            caption=found.text if found.kind != "contact" else None,
        )
    )
    if path is not None and there is None:
        found.remarks.append(("media", f"{path} is not in the evidence"))


def local(target: str, folder: str) -> str:
    """A link of a page as a path from the page's folder: the app writes all of them from the export's own."""
    parts = unquote(target.partition("#")[0]).split("/")
    up = 0
    while up < len(parts) and parts[up] == "..":
        up += 1
    around = [each for each in folder.split("/") if each]
    if up and parts[up : 2 * up] == around[-up:]:
        return "/".join(parts[2 * up :])
    return "/".join(parts)


def _poll(node: Node, found: Content) -> None:
    question = node.own("question")
    options, counts = [], []
    for each in node.nodes():
        if "answer" in each.classes:
            text, count = _VOTES.sub("", each.text(without="details")).rstrip(), each.first("details")
            options.append(PollOption(text=text, votes=()))
            counts.append(f"“{text}” {count.text() if count is not None else 'no votes'}")
    found.kind = "poll"
    asked = question.text() if question is not None else None
    found.poll = Poll(question=asked, options=tuple(options))
    if found.text:
        found.remarks.append(("poll", f"text: “{found.text}”"))
    found.text = asked
    kind, total = node.own("details"), node.own("total")
    ends = [each.text() for each in (kind, total) if each is not None and each.text()]
    found.remarks.append(("poll", f"votes: {', '.join(counts)}; {'; '.join(ends)}"))


def call_of(found: Content) -> tuple[int | None, str | None]:
    """Seconds and result of a call, from the app's words."""
    words = next((words for kind, words in found.remarks if kind == "media_call"), "")
    match = _SECONDS.search(words)
    if match is not None:
        return int(match[1]), "answered"
    known = ("missed", "cancelled", "declined")
    return None, next((each for each in known if each in words), None)
