"""Files that the phone had and the extraction has not: a CLBX container lists both.

Before the first unlocking, or of a class of protection whose key is missing, a tool sees that a file is there
and cannot read it. No content is not no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from forensics.errors import EvidenceUnreadable
from forensics.evidence import Evidence, Member
from forensics.formats.clbx import ClbxError, content_folder, listed_files
from forensics.items import Trouble

_MOST_NAMED = 20
_TOLD = " was on the phone; its content was not extracted"


def unextracted(evidence: Evidence, listing: Member, matters: Callable[[str], bool]) -> Iterator[Trouble]:
    """What is to be said of the files that matter, that a list names, and whose content is missing."""
    folder = content_folder(listing.path)
    if folder is None:
        return
    present = {
        each.path
        for each in evidence.members()
        if each.path.startswith(folder) and each.size and matters(each.path)
    }
    named: list[str] = []
    count = 0
    try:
        with evidence.open(listing) as stream:
            for file in listed_files(stream):
                path = folder + file.path.lstrip("/")
                if file.size and path not in present and matters(path):
                    count += 1
                    named += [file.path] if count <= _MOST_NAMED else []
    except ClbxError as error:
        yield Trouble(path=listing.path, text=str(error), code=EvidenceUnreadable.exit_code)
    except EvidenceUnreadable:
        return  # opening or reading has put it among the evidence's problems
    for path in named:
        yield Trouble(path=listing.path, text=f"{path}{_TOLD}", code=0)
    if count > len(named):
        more = f"{count - len(named)} more files of apps that are read"
        text = f"{more} were on the phone; their content was not extracted"
        yield Trouble(path=listing.path, text=text, code=0)


def is_told(troubles: Iterable[Trouble], path: str) -> bool:
    """Whether one of these says of an empty file at that path that its content was not extracted."""
    told = (each.text.removesuffix(_TOLD) for each in troubles if each.text.endswith(_TOLD))
    return any(path.endswith(each) for each in told)
