"""The delivery: a BagIt 1.0 folder (RFC 8493) that ordinary commands can check, without this program.

The tag files are written last: a delivery that was broken off has no bagit.txt and no manifest.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from forensics.errors import MachineFailed, SporenError, WrongUse
from forensics.pictures import NO_PICTURES, Pictures
from forensics.places import check_empty
from forensics.record_tree import BAG_INFO, RECORDS, TREE, Growing, write_tree
from forensics.registry import report_form
from forensics.textual import visible
from reports import case_uco, jsonl, pdf, sheets, web
from reports.content import CaseReader, Content, compose
from reports.leaves import tree_of
from reports.proces_verbaal import NAME, proces_verbaal

_MANY = ("data/html/", "data/case/conversations/")
CHECKER = "verify_delivery.py"
TAGS = "tagmanifest-sha256.txt"


class Form(Protocol):
    """One form of a report; what it writes goes into the payload."""

    @property
    def name(self) -> str: ...

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write the form into ``folder``; what was written before stands in ``content.delivered``."""


# In the order of writing: the report comes last, because it lists the files written before it.
FORMS: tuple[Form, ...] = (jsonl.FORM, sheets.CSV, sheets.XLSX, case_uco.FORM, web.FORM, pdf.FORM)
# Forms of an extra: imported when they are asked for.
_EXTRA_FORMS = ("parquet",)


class Signed(Protocol):
    """What a signature says of itself in bag-info.txt."""

    def bag_info(self) -> Sequence[tuple[str, str]]: ...
    def logged(self) -> Mapping[str, object]:
        """What the custody log says of it."""


class Seal(Protocol):
    """Signs the report, and in the end the tag manifest, which covers every file."""

    def sign(self, path: Path) -> Signed:
        """Sign the PDF in its place."""

    def cover(self, tags: Path) -> None:
        """Put a signature beside the tag manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySummary:
    """What was delivered; ``tagmanifest_sha256`` is the number that covers everything."""

    files: int
    bytes: int
    tagmanifest_sha256: str
    report: Path
    signed: Signed | None = None


def write(
    case: CaseReader,
    folder: Path,
    forms: Sequence[str],
    *,
    language: str,
    version: str,
    printed: Collection[str] | None = None,
    further: Sequence[Form] = (),
    seal: Seal | None = None,
    workers: int = 1,
    pictures: Pictures = NO_PICTURES,
) -> DeliverySummary:
    """Write the delivery of a case in these forms.

    ``printed``: ids of conversations that the PDF prints whole, instead of those with a flag; ``further``:
    forms beside the built-in ones; ``seal``: what signs report.pdf; ``workers``: processes for a large case;
    ``pictures``: the thumbnails of the messages.

    Raises WrongUse for an unknown form or a folder that is not empty, and
    MachineFailed without space or permission; what was written by then is removed.
    """
    chosen = _chosen(forms, further)
    if seal is not None and pdf.FORM not in chosen:
        raise WrongUse("a signature stands in report.pdf: add pdf to --format")
    existed = folder.is_dir()
    check_empty(folder)
    content = compose(case, language, version, printed, pictures)
    content = replace(content, workers=workers if content.is_large else 1)
    try:
        return _deliver(case, folder, chosen, content, seal)
    except SporenError:
        _remove(folder, keep=existed)
        raise
    except OSError as error:
        _remove(folder, keep=existed)
        raise MachineFailed(
            f"{folder.name}: the delivery could not be written: {error.strerror or error}"
        ) from error


def _chosen(names: Sequence[str], further: Sequence[Form]) -> list[Form]:
    known = {form.name: form for form in (*further, *FORMS)}
    unknown = sorted(set(names) - {*known, *_EXTRA_FORMS})
    if unknown or not names:
        choices = ", ".join(sorted({*known, *_EXTRA_FORMS}))
        raise WrongUse(f"{', '.join(unknown) or 'no form'}: choose from {choices}")
    extra: dict[str, Form] = {
        name: report_form(f"{name}_annex")() for name in _EXTRA_FORMS if name in names and name not in known
    }
    known = extra | known
    return [form for form in known.values() if form.name in names]


def _deliver(
    case: CaseReader, folder: Path, forms: Sequence[Form], content: Content, seal: Seal | None
) -> DeliverySummary:
    data = folder / "data"
    data.mkdir(parents=True)
    _custody(case, data)
    with pdf.Printing(data, content) if pdf.FORM in forms else nullcontext() as printing:
        if jsonl.FORM in forms:  # first: the tree is grown over what it writes
            jsonl.FORM.write(case, data, content)
        grows = (
            web.FORM in forms and jsonl.FORM not in forms
        )  # with its pages: nothing else reads all messages
        tree = web.FORM.tree(case, data, content) if grows else _tree(case, folder, content, forms)
        content = replace(content, tree=tree.bag_info, has_pages=grows)
        known = _hashes(folder, {})
        for form in (each for each in forms if each is not jsonl.FORM):
            if printing is not None and form is pdf.FORM:
                printing.finish()
                known |= _hashes(folder, known)
                printing.report(_stamped(content, known))
            else:
                form.write(case, data, _stamped(content, known))
            known |= _hashes(folder, known)
    if any(form in forms for form in (pdf.FORM, web.FORM)):
        _write(data / NAME, proces_verbaal(content, _stamped(content, known).delivered))
    signed = seal.sign(data / "report.pdf") if seal is not None else None
    if signed is not None:
        del known["data/report.pdf"]
    known |= _hashes(folder, known)
    tag = _tag_files(folder, content, known, signed)
    if seal is not None:
        seal.cover(folder / TAGS)
    return DeliverySummary(
        files=len(known),
        bytes=sum(size for size, _ in known.values()),
        tagmanifest_sha256=tag,
        report=_report(data),
        signed=signed,
    )


def _stamped(content: Content, known: Mapping[str, tuple[int, str]]) -> Content:
    """The content with the files of the payload that are there."""
    listed = sorted(path for path in known if not _is_page(path))
    return replace(content, delivered=tuple((path.removeprefix("data/"), *known[path]) for path in listed))


def _is_page(path: str) -> bool:
    """Pages of the HTML and graphs of conversations are too many to list in a report; the manifest does."""
    return path.startswith(_MANY) and path != "data/html/index.html"


def _report(data: Path) -> Path:
    for name in ("report.pdf", "html/index.html", "messages.xlsx", "messages.csv", "messages.jsonl"):
        if (data / name).exists():
            return data / name
    return data


def _tree(case: CaseReader, folder: Path, content: Content, forms: Sequence[Form]) -> Growing:
    """The tree over the records, whose salts stand beside messages.jsonl where that is delivered."""
    if jsonl.FORM not in forms:
        return tree_of(case, content.workers)
    with (folder / RECORDS).open("rb") as records, (folder / TREE).open("wb") as stream:
        return write_tree(records, case.tree_key(), stream)


def _custody(case: CaseReader, data: Path) -> None:
    lines = (line if line.endswith(b"\n") else line + b"\n" for line in case.log_lines())
    (data / "custody.jsonl").write_bytes(b"".join(lines))
    keys = "".join(f"{name}  {key}\n" for name, key in case.public_keys())
    (data / "public-keys.txt").write_bytes(keys.encode())


def _hashes(folder: Path, known: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of the payload files that are not known yet."""
    found = {}
    for path in sorted((folder / "data").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name not in known and path.is_file():
            found[name] = (path.stat().st_size, _sha256(path))
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _tag_files(
    folder: Path, content: Content, payload: Mapping[str, tuple[int, str]], signed: Signed | None
) -> str:
    """Write manifests and tag files; gives the SHA-256 of the tag manifest."""
    _write(folder / "manifest-sha256.txt", _manifest({name: digest for name, (_, digest) in payload.items()}))
    _write(folder / "bag-info.txt", _bag_info(content, payload, signed))
    templates = files("reports") / "templates"
    _write(folder / "VERIFY.txt", (templates / "VERIFY.txt").read_text("utf-8"))
    _write(folder / CHECKER, (templates / CHECKER).read_text("utf-8"))
    _write(folder / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    tags = {path.name: _sha256(path) for path in folder.iterdir() if path.is_file()}
    _write(folder / TAGS, _manifest(tags))
    return _sha256(folder / TAGS)


def _manifest(digests: Mapping[str, str]) -> str:
    """Digest, two spaces, path: what ``sha256sum -c`` reads. CR, LF and % are encoded as RFC 8493 says."""
    return "".join(f"{digests[name]}  {_encoded(name)}\n" for name in sorted(digests))


def _encoded(name: str) -> str:
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _bag_info(content: Content, payload: Mapping[str, tuple[int, str]], signed: Signed | None) -> str:
    background, info = content.background, content.background.info
    exhibit = f" {info['exhibit']}" if info["exhibit"] else ""
    found = {
        "Source-Organization": info["organisation"],
        "Contact-Name": info["examiner"],
        "External-Identifier": f"{info['number']}{exhibit}",
        "Internal-Sender-Identifier": background.report_id,
        "External-Description": background.words("title"),
        "Bagging-Date": info["changed_at"][:10],
        "Bag-Software-Agent": f"sporen {background.version}",
        "Payload-Oxum": f"{sum(size for size, _ in payload.values())}.{len(payload)}",
        BAG_INFO: content.tree,
        **dict(signed.bag_info() if signed is not None else ()),
    }
    return "".join(
        f"{label}: {' '.join(visible(str(value)).split())}\n" for label, value in found.items() if value
    )


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _remove(folder: Path, *, keep: bool) -> None:
    """Remove what was written; the folder itself stays if it was there before."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if not keep and folder.is_dir():
        folder.rmdir()
