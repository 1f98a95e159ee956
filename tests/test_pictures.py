"""Thumbnails in a report: unrecognisable unless asked otherwise, of hostile files too, always alike."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import sys
import zlib
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pytest
from archive_files import zip_bytes
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sporen_runs import done, done_in, ingest, new

from forensics import pictures as pictures_module
from forensics import source_media, thumbnail
from forensics.case import Case
from forensics.pictures import Maker, Picture, pictures

CHAT = """31-01-2026 00:01 - Noor: hoi
31-01-2026 00:02 - Bram Kist: IMG-1.jpg (bestand bijgevoegd)
31-01-2026 00:03 - Bram Kist: IMG-2.jpg (bestand bijgevoegd)
31-01-2026 00:04 - Bram Kist: IMG-3.png (bestand bijgevoegd)
31-01-2026 00:05 - Noor: VID-4.mp4 (bestand bijgevoegd)
31-01-2026 00:06 - Noor: STK-5.webp (bestand bijgevoegd)
31-01-2026 00:07 - Noor: IMG-6.jpg (bestand bijgevoegd)
"""


def image(size: tuple[int, int] = (320, 240), form: str = "JPEG", **options: object) -> bytes:
    """Stripes and a gradient: what a blurred thumbnail must lose and keep."""
    made = io.BytesIO()
    gradient = Image.linear_gradient("L").resize(size)
    Image.merge("RGB", (gradient, gradient.rotate(90), gradient.point(lambda each: 255 * (each % 2)))).save(
        made, form, **options
    )
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of 40,000 by 40,000 points in a few bytes: its header is all that may be believed."""
    made = io.BytesIO()
    Image.new("1", (1, 1)).save(made, "PNG")
    data = bytearray(made.getvalue())
    data[16:24] = (40_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


FILES = {
    "IMG-1.jpg": image(),
    "IMG-2.jpg": image()[:2_000],
    "IMG-3.png": bomb(),
    "VID-4.mp4": b"\0\0\0\x18ftypmp42invented",
    "STK-5.webp": image(form="WEBP"),
    "IMG-6.jpg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
}


def digest(name: str) -> str:
    return hashlib.sha256(FILES[name]).hexdigest()


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    chat = ("WhatsApp-chat met Bram Kist.txt", CHAT.encode())
    (folder / "chat.zip").write_bytes(zip_bytes(chat, *FILES.items()))
    made = new(folder / "case", "--language", "en")
    ingest(made, folder / "chat.zip")
    return made


def html(delivery: Path) -> str:
    return (delivery / "data/html/chats/c00001.html").read_text("utf-8")


def drawn(page: str) -> list[bytes]:
    return [base64.b64decode(each) for each in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)]


def made_of(data: bytes, mode: str = "blurred") -> Picture | str:
    with Maker(mode) as maker:
        return maker.picture(data)


def test_a_picture_is_shown_unrecognisable_with_its_alternative_and_others_say_why(
    pictured: Path, tmp_path: Path
):
    done("report", pictured, "-o", tmp_path / "one", "--format", "html")
    page = html(tmp_path / "one")
    (jpeg,) = drawn(page)
    assert Image.open(io.BytesIO(jpeg)).size == (64, 48)
    assert f'alt="Picture, made unrecognisable, not described; SHA-256 {digest("IMG-1.jpg")}"' in page
    assert page.count("<img") == 1, "a sticker, a video or a damaged picture is named, not drawn"
    assert "<dt>not shown<dd>the picture is damaged or cut off" in page
    assert "<dt>not shown<dd>the picture has more than 50 million points" in page
    assert "<dt>not shown<dd>no JPEG, PNG, WebP, GIF or BMP; other kinds are not drawn" in page
    assert "alert(1)" not in page
    index = (tmp_path / "one/data/html/index.html").read_text("utf-8")
    assert "at most 8 x 8 points are kept of each" in index
    assert "Shown: 1 different ones; not shown, with the reason: 3." in index


def test_they_are_shown_recognisably_or_not_at_all_when_that_is_asked_for(pictured: Path, tmp_path: Path):
    done("report", pictured, "-o", tmp_path / "shown", "--format", "html", "--pictures", "shown")
    (jpeg,) = drawn(html(tmp_path / "shown"))
    assert Image.open(io.BytesIO(jpeg)).size == (160, 120)
    assert "NOT unrecognisable" in (tmp_path / "shown/data/html/index.html").read_text("utf-8")
    done("report", pictured, "-o", tmp_path / "none", "--format", "html", "--pictures", "none")
    assert "<img" not in html(tmp_path / "none")
    assert "not shown<dd>" not in html(tmp_path / "none")
    assert digest("IMG-1.jpg") in html(tmp_path / "none"), "it is named all the same"
    assert [each["detail"]["pictures"] for each in done_in(pictured) if each["action"] == "report.write"][
        -2:
    ] == [
        "shown",
        "none",
    ]


def test_a_report_with_pictures_is_the_same_bytes_again_and_accessible(pictured: Path, tmp_path: Path):
    for name in ("one", "two"):
        done("report", pictured, "-o", tmp_path / name, "--format", "pdf,html")
    assert (tmp_path / "one/tagmanifest-sha256.txt").read_bytes() == (
        tmp_path / "two/tagmanifest-sha256.txt"
    ).read_bytes()
    with pikepdf.open(tmp_path / "one/data/report.pdf") as pdf:
        said = [
            str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        ]
        jpegs = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Filter") == pikepdf.Name.DCTDecode
        ]
    assert [each for each in said if digest("IMG-1.jpg") in each]
    assert len(jpegs) == 1
    assert "/Interpolate" not in jpegs[0] or not jpegs[0].Interpolate


def test_evidence_that_is_gone_or_changed_is_a_reason(tmp_path: Path):
    folder = tmp_path / "chat"
    folder.mkdir()
    (folder / "WhatsApp-chat met Bram Kist.txt").write_text(CHAT, encoding="utf-8")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    made = new(tmp_path / "case", "--language", "en")
    ingest(made, folder)
    (folder / "IMG-1.jpg").write_bytes(image(form="PNG"))
    done("report", made, "-o", tmp_path / "changed", "--format", "html")
    assert "its SHA-256 is another one" in html(tmp_path / "changed")
    assert not drawn(html(tmp_path / "changed"))
    folder.rename(tmp_path / "elsewhere")
    done("report", made, "-o", tmp_path / "gone", "--format", "html")
    assert html(tmp_path / "gone").count("the evidence is no longer where it was read") == 4


def test_a_picture_of_two_items_is_shown_as_long_as_one_of_them_has_it_and_written_once(tmp_path: Path):
    """Two items of evidence with the same two messages, of which either can be gone."""
    chat = [*CHAT.splitlines(keepends=True)[:2], "31-01-2026 00:03 - Noor: IMG-1.jpg (bestand bijgevoegd)\n"]
    made = new(tmp_path / "case", "--language", "en")
    for phone, with_whom in (("one", "Bram Kist"), ("two", "Noor")):
        (tmp_path / phone).mkdir()
        (tmp_path / phone / f"WhatsApp-chat met {with_whom}.txt").write_text("".join(chat), encoding="utf-8")
        (tmp_path / phone / "IMG-1.jpg").write_bytes(FILES["IMG-1.jpg"])
        ingest(made, tmp_path / phone)
    for phone, other in (("one", "two"), ("two", "one")):
        (tmp_path / phone).rename(tmp_path / "away")
        with Case.open(made) as opened:
            found = pictures(opened.db, "blurred")
        assert isinstance(found.found[digest("IMG-1.jpg")], Picture), f"{other} has it"
        (tmp_path / "away").rename(tmp_path / phone)
    with Case.open(made) as opened:
        talks = [id for (id,) in opened.db.execute("SELECT id FROM conversation")]
    printed = [each for talk in talks for each in ("--conversation", talk)]
    done("report", made, "-o", tmp_path / "out", "--format", "pdf,html", *printed)
    pages = [each.read_text("utf-8") for each in (tmp_path / "out/data/html/chats").iterdir()]
    assert sum(page.count("<img") for page in pages) == 2
    with pikepdf.open(tmp_path / "out/data/report.pdf") as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    assert [each.get("/Filter") for each in streams].count(pikepdf.Name.DCTDecode) == 1
    index = (tmp_path / "out/data/html/index.html").read_text("utf-8")
    assert f"XlsxWriter {version('XlsxWriter')}, Pillow {version('Pillow')}</dd>" in index


def looked_for(name: str, items: list[Path], path: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is said of a picture whose message was read from the first of these items, in order."""
    monkeypatch.setattr(source_media, "MOST", 100_000)
    first = pictures_module._Known(first=(str(items[0]), path), paths={path: None, "b/x.jpg": None})
    with Maker("blurred") as maker:
        found = pictures_module._looked_for(maker, {digest(name): first}, [str(each) for each in items])
        return [each if isinstance(each, str) else "shown" for _, each in found]


def folders(tmp_path: Path, count: int) -> list[Path]:
    """Items of evidence with nothing in them yet."""
    items = [tmp_path / f"item{number}" for number in range(count)]
    for each in items:
        (each / "b").mkdir(parents=True)
    return items


def test_another_file_that_is_too_large_is_not_said_of_a_picture_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    items = folders(tmp_path, 3)
    (items[1] / "a.jpg").write_bytes(bytes(200_000))
    items[0] = tmp_path / "gone"
    assert looked_for("IMG-1.jpg", items, "a.jpg", monkeypatch) == ["absent"]
    (items[2] / "a.jpg").write_bytes(FILES["IMG-1.jpg"])
    assert looked_for("IMG-1.jpg", items, "a.jpg", monkeypatch) == ["absent", "shown"]
    assert looked_for("IMG-1.jpg", items[1:], "a.jpg", monkeypatch) == ["large", "shown"]


@pytest.mark.parametrize("path", ["a.jpg", "b/x.jpg"])
def test_a_picture_is_looked_for_in_every_item_at_every_path_of_its_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
):
    items = folders(tmp_path, 40)
    (items[0] / "a.jpg").write_bytes(b"another")
    (items[-1] / path).write_bytes(FILES["IMG-1.jpg"])
    assert looked_for("IMG-1.jpg", items, "a.jpg", monkeypatch) == ["odd", "shown"]


def test_no_places_are_kept_of_pictures_that_a_report_does_not_show(
    pictured: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pictures_module, "MOST", 1)
    with Case.open(pictured) as opened:
        known, found = pictures_module._places(opened.db, ())
    assert list(known) == [digest("IMG-1.jpg")]
    assert list(found.values()) == ["many"] * 4


def test_more_pictures_than_a_report_shows_are_counted_and_named(
    pictured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pictures_module, "MOST", 1)
    with Case.open(pictured) as opened:
        found = pictures(opened.db, "blurred").found
    assert isinstance(found[digest("IMG-1.jpg")], Picture)
    assert sorted(each for each in found.values() if isinstance(each, str)) == ["many"] * 3


def test_blurred_keeps_nothing_but_eight_points_on_a_side():
    """Two pictures whose eight by six fields have the same means cannot be told apart any more."""
    plain, chequered = Image.new("L", (640, 480), 128), Image.new("L", (640, 480))
    chequered.putdata([0 if (x + y) % 2 else 255 for y in range(480) for x in range(640)])
    made = []
    for each in (plain, chequered):
        data = io.BytesIO()
        each.save(data, "PNG")
        found = made_of(data.getvalue())
        assert isinstance(found, Picture)
        made.append(Image.open(io.BytesIO(found.jpeg)).convert("L"))
    one, other = (each.tobytes() for each in made)
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2


def test_nothing_but_points_goes_into_a_thumbnail():
    exif = Image.Exif()
    exif[0x010E] = "Kerkstraat 1, geheim"
    found = made_of(image(exif=exif.tobytes(), comment=b"geheim"), "shown")
    assert isinstance(found, Picture)
    assert b"geheim" not in found.jpeg
    assert b"Exif" not in found.jpeg


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "kind"),
        (b"%PDF-1.7\n", "kind"),
        (image()[:3_000], "damaged"),
        (image(form="PNG")[:-200], "damaged"),
        (bomb(), "points"),
    ],
)
def test_a_hostile_file_is_a_reason(data: bytes, why: str):
    assert made_of(data) == why


def test_of_a_picture_that_moves_the_first_is_shown_and_called_so():
    frames = [Image.new("RGB", (40, 30), each) for each in ("red", "blue")]
    for form in ("GIF", "WEBP", "PNG"):
        data = io.BytesIO()
        frames[0].save(data, form, save_all=True, append_images=frames[1:])
        found = made_of(data.getvalue())
        assert isinstance(found, Picture)
        assert found.is_first
        red, _, blue = Image.open(io.BytesIO(found.jpeg)).convert("RGB").getpixel((5, 5))
        assert red > 200 > blue


def test_a_file_that_ends_the_decoder_costs_one_picture():
    with Maker("blurred") as maker:
        assert isinstance(maker.picture(image()), Picture)
        assert maker._process is not None
        maker._process.kill()
        maker._process.wait()
        assert maker.picture(image()) == "ended"
        assert isinstance(maker.picture(image()), Picture)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1_500), st.integers(0, 255)), min_size=1, max_size=40),
    st.sampled_from([image((90, 60), each) for each in thumbnail.FORMATS]),
)
def test_no_change_of_bytes_is_more_than_a_reason(changes: list[tuple[int, int]], data: bytes):
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    found = thumbnail.drawn(bytes(changed), "blurred")
    assert "jpeg" in found or found["why"] in ("kind", "points", "damaged")


HALF = (
    "import sys; given = sys.stdin.buffer; given.read(int.from_bytes(given.read(4), 'big'));"
    "sys.stdout.buffer.write((9).to_bytes(4, 'big') + b'half')"
)


def test_a_process_that_breaks_off_in_an_answer_or_an_odd_pipe_costs_one_picture(
    monkeypatch: pytest.MonkeyPatch,
):
    with Maker("blurred") as maker:
        with monkeypatch.context() as patched:
            patched.setattr(maker, "_command", [sys.executable, "-c", HALF])
            assert maker.picture(image()) == "ended"
        assert isinstance(maker.picture(image()), Picture)
        with monkeypatch.context() as patched:
            patched.setattr(Maker, "_asked", lambda _self, _data: _invalid())
            assert maker.picture(image()) == "ended"


def _invalid() -> bytes:
    raise OSError(22, "Invalid argument")  # Windows, of a pipe whose reader has ended


@pytest.mark.parametrize(("mode", "value"), [("I;16", 30_000), ("L", 117)])
def test_a_grey_of_sixteen_bits_is_that_grey(mode: str, value: int):
    made = io.BytesIO()
    Image.new(mode, (32, 32), value).save(made, "PNG")
    found = made_of(made.getvalue(), "shown")
    assert isinstance(found, Picture)
    red, green, blue = Image.open(io.BytesIO(found.jpeg)).getpixel((16, 16))
    assert max(abs(each - 117) for each in (red, green, blue)) <= 2


def test_what_is_transparent_by_a_colour_is_white():
    made = io.BytesIO()
    Image.new("RGB", (32, 32), (9, 9, 9)).save(made, "PNG", transparency=(9, 9, 9))
    found = made_of(made.getvalue(), "shown")
    assert isinstance(found, Picture)
    assert min(Image.open(io.BytesIO(found.jpeg)).getpixel((16, 16))) > 250
