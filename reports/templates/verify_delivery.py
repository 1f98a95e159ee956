"""Controleer een levering zonder Sporen. / Check a delivery without Sporen.

Usage: python3 verify_delivery.py FOLDER [NUMBER]. FOLDER is the delivery (a BagIt folder), NUMBER the SHA-256
of tagmanifest-sha256.txt that stands in the proces-verbaal.
Or: python3 verify_delivery.py PROOF [ROOT]. PROOF: a file of `sporen prove`; ROOT stands in the report (G21).
Needs Python 3.8 or newer and nothing else; writes nothing. Exit status 0: as delivered, 1: not.
Use a copy of this file that you trust, not the one in an envelope that you do not trust.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

# Ed25519, RFC 8032 section 5.1: points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def add(p: Any, q: Any) -> Any:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def times(number: int, point: Any) -> Any:
    even = times(number >> 1, add(point, point)) if number else (0, 1, 1, 0)
    return add(even, point) if number & 1 else even


def point_of(data: bytes) -> Any:
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    x = x if (x * x - square) % PRIME == 0 else x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if len(data) != 32 or y >= PRIME or (x * x - square) % PRIME or (x == 0 and sign):
        raise ValueError("these bytes are no point of the curve")
    x = x if x & 1 == sign else PRIME - x
    return (x, y, 1, x * y % PRIME)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 verification of 64 signature bytes; ValueError for bytes that are no point of the curve."""
    s, r, key = int.from_bytes(signature[32:], "little"), point_of(signature[:32]), point_of(public)
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    p, q = times(s, point_of(bytes.fromhex("58" + "66" * 31))), add(r, times(k, key))
    return s < ORDER and all((p[axis] * q[2] - q[axis] * p[2]) % PRIME == 0 for axis in (0, 1))


def canonical(value: Any) -> str:
    """The one canonical form of a JSON value (RFC 8785): sorted names, no spaces."""
    if isinstance(value, float):  # a location has two; JavaScript's way of writing numbers is the rule
        exact = Decimal(repr(value)).normalize()
        return "0" if value == 0 else f"{exact:f}" if -7 < exact.adjusted() < 21 else f"{exact:e}"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def digest_without(record: Any, *names: str) -> str:
    kept = {name: value for name, value in record.items() if name not in names}
    return hashlib.sha256(canonical(kept).encode()).hexdigest()


def file_digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def leaf_of(salt: bytes, line: bytes) -> bytes:
    return hashlib.sha256(b"\0" + salt + line).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_by(found: bytes, place: int, size: int, path: Any) -> bytes:
    """The root that a leaf leads to, with the hashes beside its way (RFC 6962; RFC 9162 2.1.3.2)."""
    last = size - 1
    for beside in path:
        if last <= 0 or place > last:
            raise ValueError("the path is too long")
        if place & 1 or place == last:
            found = node_of(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_of(found, beside)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ValueError("the path is too short")
    return found


class Check:
    """One delivery being checked; `faults` counts what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.faults = folder, 0
        self.keys: dict[str, bytes] = {}

    def say(self, mark: str, text: str) -> None:
        shown = (letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
        sys.stdout.write(f"{mark:15}{''.join(shown)}\n")

    def wrong(self, where: str, dutch: str, english: str) -> None:
        self.faults += 1
        self.say("FOUT/WRONG", f"{where}: {dutch} / {english}")

    def manifest(self, name: str) -> set[str]:
        """Every file that a manifest lists: there, inside the delivery, unchanged. Gives the listed paths."""
        listed: set[str] = set()
        for line in filter(None, (self.folder / name).read_bytes().decode().split("\n")):
            digest, _, path = line.partition("  ")
            path = path.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            file = (self.folder / path).resolve()
            if self.folder not in file.parents or path in listed or not file.is_file():
                self.wrong(f"{name}: {path}", "ontbreekt of mag niet", "missing, repeated or forbidden")
            elif file_digest(file, name.split("-")[1][:-4]) != digest:
                self.wrong(path, f"gewijzigd (zie {name})", f"changed (see {name})")
            listed.add(path)
        self.say("gelezen/read", f"{name}: {len(listed)} bestanden / files")
        return listed

    def package(self) -> None:
        """The manifests, and that nothing was added to what they list (BagIt, RFC 8493)."""
        found = (path for path in self.folder.rglob("*") if path.is_symlink() or not path.is_dir())
        names = {path: normalize("NFC", path.relative_to(self.folder).as_posix()) for path in found}
        payload = {path: name for path, name in names.items() if name.startswith("data/")}
        if len(set(names.values())) != len(names) or any(path.is_symlink() for path in names):
            self.wrong("data", "gelijke namen of verwijzingen", "names that look the same, or links")
        for manifest in sorted(self.folder.glob("manifest-sha*.txt")):
            for name in sorted(set(payload.values()) ^ self.manifest(manifest.name)):
                self.wrong(name, "alleen in de map of de lijst", f"in the folder or {manifest.name} only")
        listed = self.manifest("tagmanifest-sha256.txt")
        for name in sorted({"bagit.txt", "bag-info.txt", "manifest-sha256.txt"} - listed):
            self.wrong(name, "niet in tagmanifest-sha256.txt", "not in tagmanifest-sha256.txt")
        for name in sorted(
            set(names.values())
            - set(payload.values())
            - listed
            - {"tagmanifest-sha256.txt", "tagmanifest-sha256.txt.p7s"}
        ):
            self.say("let op/note", f"{name}: niet in de lijsten / not in the lists")
        oxum = f"Payload-Oxum: {sum(path.stat().st_size for path in payload)}.{len(payload)}"
        if oxum not in (self.folder / "bag-info.txt").read_bytes().decode().split("\n"):
            self.wrong("bag-info.txt", "Payload-Oxum klopt niet", f"it should say {oxum}")

    def text(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def tree(self) -> None:
        """The root of the tree (RFC 6962), from records with their salts, and hashes of what is withheld."""
        peaks: list[bytes] = []
        size, hidden = 0, 0
        with (self.folder / "data" / "messages.jsonl").open("rb") as records:
            for size, row in enumerate(self.text("data/record-tree.txt").split("\n")[:-1], start=1):
                kind, value = row[:5], bytes.fromhex(row[5:])
                hidden += ("salt ", "leaf ").index(kind)
                leaf = value if kind == "leaf " else leaf_of(value, records.readline()[:-1])
                for _ in range((size & -size).bit_length() - 1):
                    leaf = node_of(peaks.pop(), leaf)
                peaks.append(leaf)
            rest = records.readline()
        root = peaks.pop() if peaks else hashlib.sha256().digest()
        while peaks:
            root = node_of(peaks.pop(), root)
        said = f"{root.hex()} ({size} records)"
        if rest or f"Record-Tree: {said}" not in self.text("bag-info.txt").split("\n"):
            self.wrong("record-tree.txt", "geeft een andere wortel", f"gives another root: {said}")
        self.say("wortel/root", f"{said}; niet getoond / withheld: {hidden}")

    def before_signing(self) -> None:
        """The signed report begins with the unsigned one, which bag-info.txt names."""
        found = re.search(r"\nReport-Unsigned-SHA256: (\w+) \((\d+) bytes\)\n", self.text("bag-info.txt"))
        if found:
            beginning = (self.folder / "data" / "report.pdf").read_bytes()[: int(found[2])]
            if hashlib.sha256(beginning).hexdigest() != found[1]:
                self.wrong("report.pdf", "begint niet met het ongetekende", "another unsigned beginning")
            self.say("let op/note", "report.pdf: handtekening met / signature with: pdfsig data/report.pdf")

    def proof(self, path: Path, expected: str) -> None:
        """Every record of a proof leads to its root."""
        proof = json.loads(path.read_bytes().decode())
        for each in proof["records"]:
            leaf = leaf_of(bytes.fromhex(each["salt"]), each["line"].encode())
            root = root_by(leaf, each["index"], proof["size"], map(bytes.fromhex, each["path"])).hex()
            if root != proof["root"] or json.loads(each["line"])["id"] != each["id"]:
                self.wrong(each["id"], "hoort er niet bij", "does not belong to it")
            self.say("bericht/record", each["line"])
        if expected and expected.lower() != proof["root"]:
            self.wrong(path.name, "niet de opgegeven wortel", "not the root given")
        self.say(
            "wortel/root", f"{proof['root']} (vergelijk met het rapport, G21 / compare with the report, G21)"
        )

    def log(self) -> None:
        """The custody log: each entry unchanged, linked to the one before it, and signed."""
        data = (self.folder / "data" / "custody.jsonl").read_bytes().decode()
        count, before = 0, "0" * 64
        for count, line in enumerate(data.split("\n")[:-1], start=1):
            try:
                before = self.entry(json.loads(line), line, count, before)
            except UNREADABLE:
                self.wrong(f"custody.jsonl {count}", "geen logregel", "no log entry")
        if not data.endswith("\n"):
            self.wrong("custody.jsonl", "leeg of afgebroken", "empty or broken off")
        self.say("gelezen/read", f"custody.jsonl: {count} regels / lines; laatste / last hash {before}")

    def entry(self, entry: Any, line: str, count: int, before: str) -> str:
        """One line of the log. A key counts from the first entry on, or from the one that introduces it."""
        where = f"custody.jsonl {count}"
        if (entry["action"], count) == ("case.open", 1) or entry["action"] == "key.add":
            public = bytes.fromhex(entry["detail"]["public_key"])
            key_id = hashlib.sha256(public).hexdigest()[:16]
            if entry["key"] == key_id or entry["key"] in self.keys:
                self.keys.setdefault(key_id, public)
            self.say("sleutel/key", f"{where}: {key_id} = {public.hex()}, door / by {entry['key']}")
        key, signature = self.keys.get(entry["key"]), entry["sig"]
        if canonical(entry) != line or digest_without(entry, "hash", "sig") != entry["hash"]:
            self.wrong(where, "gewijzigd", "changed")
        elif (entry["seq"], entry["prev"]) != (count, before):
            self.wrong(where, "sluit niet aan op de vorige regel", "not linked to the line before it")
        elif not key or not re.fullmatch("[0-9a-f]{128}", signature):
            self.wrong(where, "onbekende sleutel of geen handtekening", "unknown key or no signature")
        elif not signature_holds(key, bytes.fromhex(entry["hash"]), bytes.fromhex(signature)):
            self.wrong(where, "handtekening klopt niet", "the signature does not hold")
        return str(entry["hash"])

    def records(self) -> None:
        """The SHA-256 that each message and call carries, made again from its own fields."""
        place = 0
        with (self.folder / "data" / "messages.jsonl").open("rb") as stream:
            for place, line in enumerate(stream, start=1):
                try:
                    record = json.loads(line.decode())
                    made_again = digest_without(record, "id", "record_sha256")
                    if record["record"] in ("message", "call") and record["record_sha256"] != made_again:
                        raise ValueError("the record gives another digest")
                except UNREADABLE:
                    self.wrong(f"messages.jsonl {place}", "gewijzigd of onleesbaar", "changed or unreadable")
        self.say("gelezen/read", f"messages.jsonl: {place} regels / lines")

    def parts(self) -> list[Any]:
        """What there is to check in this delivery."""
        data, found = self.folder / "data", [self.package, self.before_signing]
        info = self.folder / "bag-info.txt"
        if not info.is_file() or b"\nRedacted-From: " not in info.read_bytes():
            found.append(self.log)
        if (data / "messages.jsonl").exists():
            found += [self.records, *([self.tree] if (data / "record-tree.txt").exists() else [])]
        return found


def result(check: Check) -> int:
    check.say("UITSLAG/RESULT", f"{check.faults} fouten / faults" if check.faults else "klopt / as delivered")
    return 1 if check.faults else 0


def main(arguments: list[str]) -> int:
    check = Check(Path(arguments[0] if arguments else Path(__file__).parent).resolve())
    if check.folder.is_file():
        try:
            check.proof(check.folder, "".join(arguments[1:]))
        except (OSError, *UNREADABLE) as error:
            check.wrong(check.folder.name, f"niet te lezen: {error}", "could not be read")
        return result(check)
    for part in check.parts():
        try:
            part()
        except (OSError, *UNREADABLE) as error:
            check.wrong(part.__name__, f"niet te lezen: {error}", "could not be read")
    tags = check.folder / "tagmanifest-sha256.txt"
    found = file_digest(tags, "sha256") if tags.is_file() else "-"
    if len(arguments) > 1 and arguments[1].lower() != found:
        check.wrong("tagmanifest-sha256.txt", "niet het opgegeven getal", "not the number given")
    check.say("getal/number", f"{found} (vergelijk met het proces-verbaal / compare with the report)")
    return result(check)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console of few letters
    sys.exit(main(sys.argv[1:]))
