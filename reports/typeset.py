"""Makes made.pdf of report.typ and data.json in a folder; also a program, to be run in its own process.

The typesetter keeps its memory until its process ends. Run: python typeset.py FOLDER FONTS TIMESTAMP; exit
code 3 and the reason on standard error when the typesetter refuses the document.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst

REFUSED = 3


def typeset(folder: Path, fonts: Path, timestamp: int) -> None:
    """Raises typst.TypstError when the document is refused."""
    found = typst.Fonts(False, False, [str(fonts)])
    compiler = typst.Compiler(folder / "report.typ", root=folder, font_paths=found, ignore_system_fonts=True)
    compiler.compile(
        output=folder / "made.pdf", format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=timestamp
    )


def main(folder: str, fonts: str, timestamp: str) -> int:
    """The program; gives its exit code."""
    try:
        typeset(Path(folder), Path(fonts), int(timestamp))
    except typst.TypstError as error:
        sys.stderr.buffer.write(str(error.message).encode("utf-8", "surrogatepass"))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
