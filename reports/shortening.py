"""Texts that no page shows whole: the beginning, and a statement of how much more the data files hold."""

from __future__ import annotations

from forensics.digest import sha256
from forensics.signs import whole_signs
from forensics.words import Words

# Characters that pages show of a text, and of a name, an identifier or what an extraction says.
MOST_TEXT = 65_000
MOST_NAME = 500


def shortened(words: Words, text: str, most: int = MOST_TEXT) -> str:
    """The text, or its beginning and a statement of what is not shown; the data files have it whole."""
    if len(text) <= most:
        return text
    kept, whole = whole_signs(text, most), sha256(text.encode("utf-8", "surrogatepass"))
    return f"{kept}\n{words('text.cut', count=len(text) - len(kept), sha256=whole)}"
