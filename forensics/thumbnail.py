"""Makes small pictures out of files of unknown origin; a program, so that no file can harm what asks for it.

It reads requests from standard input, each a length of 4 bytes and a picture, and answers each on standard
output with the JSON of ``Answer`` behind a length of 4 bytes. Run: python thumbnail.py blurred|shown. What it
can use is bounded: memory, seconds of processor time for each picture, and it can write no file. The encoder
is told everything that it could choose itself; nothing of the file but its points goes into the answer.

A blurred picture is no veil over the picture: all but ``BLURRED_POINTS`` points on its longest side are
thrown away, and these are enlarged smoothly.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import sys
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]  # told from a module by every use

# What Pillow reads without another program and without scripts; SVG, PDF, EPS and HEIF are not among them.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
MOST_POINTS = 50_000_000
BLURRED_POINTS, BLURRED_SIDE, SHOWN_SIDE = 8, 64, 160
LENGTH = struct.Struct(">I")
_MEMORY, _SECONDS = 2 << 30, 20
# What the decoders raise on damaged files.
_DAMAGED = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
    *(MemoryError, struct.error, RuntimeError, AssertionError, Image.DecompressionBombError),
)


class _NotDrawn(ValueError):
    """The picture has a reason not to be drawn."""


def drawn(data: bytes, mode: str) -> dict[str, object]:
    """``{"jpeg", "width", "height", "is_first"}`` or ``{"why"}``: kind, points or damaged."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return _drawn(picture, mode)
    except UnidentifiedImageError:
        return {"why": "kind"}
    except _NotDrawn as error:
        return {"why": str(error)}
    except _DAMAGED:
        return {"why": "damaged"}


def _drawn(picture: Image.Image, mode: str) -> dict[str, object]:
    width, height = picture.size
    if not width or not height:
        raise _NotDrawn("damaged")
    if width * height > MOST_POINTS:
        raise _NotDrawn("points")
    is_first = bool(getattr(picture, "is_animated", False))
    picture.draft("RGB", (8 * SHOWN_SIDE, 8 * SHOWN_SIDE))
    picture.load()
    small, made = _reduced(_flat(picture), mode), io.BytesIO()
    # made of the points alone: comments, profiles and densities would be written with it
    small = Image.frombytes("RGB", small.size, small.tobytes())
    small.save(made, "JPEG", quality=70, subsampling=0, optimize=False, progressive=False)
    coded = base64.b64encode(made.getvalue()).decode()
    return {"jpeg": coded, "width": small.width, "height": small.height, "is_first": is_first}


def _flat(picture: Image.Image) -> Image.Image:
    """The points as RGB, upright, on white where the picture is transparent."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):  # of which Pillow keeps the low values only
        upright = upright.point(lambda value: value * (1 / 256)).convert("L")
    if upright.mode in ("RGB", "L") and "transparency" not in upright.info:
        return upright.convert("RGB")
    seen = upright.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")


def _reduced(picture: Image.Image, mode: str) -> Image.Image:
    if mode != "blurred":
        return picture.resize(_within(picture.size, SHOWN_SIDE), Image.Resampling.BOX)
    points = picture.resize(_within(picture.size, BLURRED_POINTS), Image.Resampling.BOX)
    return points.resize(_within(picture.size, BLURRED_SIDE, least=8), Image.Resampling.BICUBIC)


def _within(size: tuple[int, int], side: int, least: int = 1) -> tuple[int, int]:
    """That size with its longest side of ``side`` points."""
    longest = max(size)
    width, height = (max(least, (each * side + longest // 2) // longest) for each in size)
    return width, height


def _limit() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_seconds() -> None:
    """So many seconds from now; the process ends when it uses more."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _SECONDS, hard))


def serve(requests: BinaryIO, answers: BinaryIO, mode: str) -> None:
    """Answer every request until there are no more."""
    Image.MAX_IMAGE_PIXELS = None  # told above, without a warning
    Image.init()
    _limit()
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        _limit_seconds()
        data = requests.read(LENGTH.unpack(head)[0])
        answer = json.dumps(drawn(data, mode)).encode()
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, sys.argv[1])
