"""The terms of a report in plain words, in Dutch and English."""

# ruff: noqa: E501  # a table of sentences is easier to compare unbroken

from __future__ import annotations

GLOSSARY: dict[str, tuple[str, str]] = {
    "account": (
        "Registratie bij een app, meestal op een telefoonnummer. Een account is geen persoon.",
        "A registration with an app, mostly on a phone number. An account is not a person.",
    ),
    "emoji": (
        "Een beeldteken. Elk merk tekent het anders; de afzender kan iets anders hebben gezien dan hier staat.",
        "A picture sign. Each vendor draws it differently; the sender may have seen something else than is shown here.",
    ),
    "hash (SHA-256)": (
        "Een getal dat over de inhoud van een bestand wordt berekend; verandert er één teken, dan verandert het getal.",
        "A number computed over the contents of a file; if one character changes, the number changes.",
    ),
    "JID": (
        "Het kenmerk van een account of groep bij WhatsApp, zoals 31600000001@s.whatsapp.net.",
        "The identifier of a WhatsApp account or group, such as 31600000001@s.whatsapp.net.",
    ),
    "rij / row": (
        "Een regel in een tabel van een databank; het rijnummer wijst haar aan.",
        "A line in a table of a database; the row number points at it.",
    ),
    "teruggehaald / recovered": (
        "Niet meer in de tabel, maar gevonden in ruimte van de databank die nog niet was overschreven.",
        "No longer in the table, but found in space of the database that had not been overwritten yet.",
    ),
    "gewist voor iedereen / deleted for everyone": (
        "De app heeft een wismarkering opgeslagen; de inhoud kan weg zijn.",
        "The app stored a marker of deletion; the content may be gone.",
    ),
    "UTC": (
        "De wereldtijd. Amsterdam loopt in de winter één uur voor (+01:00) en in de zomer twee (+02:00).",
        "Universal time. Amsterdam is one hour ahead in winter (+01:00) and two in summer (+02:00).",
    ),
    "WAL": (
        "Write-ahead log: een bestand naast de databank waarin de nieuwste wijzigingen eerst worden opgeslagen.",
        "Write-ahead log: a file beside the database in which the newest changes are stored first.",
    ),
    "aanwijzing / flag": (
        "Een regel van het programma die op een tekst past. Geen bevinding en geen oordeel over schuld.",
        "A rule of the program that matches a text. Not a finding and not an opinion about guilt.",
    ),
    "V1, 3-17, F2": (
        "V1 is aanwijzing 1, 3-17 is bericht 17 van gesprek 3, F2 is gelezen bestand 2 (B8).",
        "V1 is flag 1, 3-17 is message 17 of conversation 3, F2 is file 2 of those read (B8).",
    ),
    "⟨U+202E⟩": (
        "Zichtbare vervanging van een onzichtbaar of niet af te drukken teken. De ruwe tekst staat in messages.jsonl.",
        "Visible replacement of an invisible or unprintable character. The raw text is in messages.jsonl.",
    ),
}
