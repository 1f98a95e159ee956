"""Every form of a text export in the format reference (section 5), in every language that it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_whatsapp_text import of, read

from forensics.model import Message, Notice
from parsers.whatsapp_text import WhatsAppText
from parsers.whatsapp_text_lines import prefix

# 31 January 2026, 21:05 (with seconds 21:05:07), in Amsterdam.
MINUTE, SECOND = 1_769_889_900_000, 1_769_889_907_000
LRM, NARROW, NO_BREAK = "\u200e", "\u202f", "\u00a0"
FORMS = {
    "iOS en-US": ("[1/31/26, 9:05:07 PM] ", SECOND),
    "iOS en-US, narrow space": (f"[1/31/26, 9:05:07{NARROW}PM] ", SECOND),
    "iOS en-US, hard space": (f"[1/31/26, 9:05:07{NO_BREAK}PM] ", SECOND),
    "iOS en-GB": ("[31/01/2026, 21:05:07] ", SECOND),
    "iOS en-GB without a comma": ("[31/01/2026 21:05:07] ", SECOND),
    "iOS en-GB with LRM": (f"{LRM}[31/01/2026, 21:05:07] ", SECOND),
    "iOS nl": ("[31-01-2026, 21:05:07] ", SECOND),
    "iOS nl without a comma": ("[31-01-2026 21:05:07] ", SECOND),
    "iOS de": ("[31.01.26, 21:05:07] ", SECOND),
    "iOS fr": ("[31/01/2026 21:05:07] ", SECOND),
    "iOS es": ("[31/1/26, 21:05:07] ", SECOND),
    "iOS it": ("[31/01/26, 21:05:07] ", SECOND),
    "iOS pt": ("[31/01/2026, 21:05:07] ", SECOND),
    "iOS tr": ("[31.01.2026 21:05:07] ", SECOND),
    "iOS pl": ("[31.01.2026, 21:05:07] ", SECOND),
    "iOS fi": ("[31.1.2026 klo 21.05.07] ", SECOND),
    "Android en-US, 24 hours": ("1/31/26, 21:05 - ", MINUTE),
    "Android en-US, 12 hours": ("1/31/26, 9:05 PM - ", MINUTE),
    "Android en-US, narrow space": (f"1/31/26, 9:05{NARROW}PM - ", MINUTE),
    "Android en-US, small letters": (f"1/31/26, 9:05{NARROW}pm - ", MINUTE),
    "Android en-GB": ("31/01/2026, 21:05 - ", MINUTE),
    "Android en-GB, 12 hours": ("31/01/2026, 9:05 pm - ", MINUTE),
    "Android nl": ("31-01-2026 21:05 - ", MINUTE),
    "Android nl, older": ("31-01-26, 21:05 - ", MINUTE),
    "Android de": ("31.01.26, 21:05 - ", MINUTE),
    "Android fr": ("31/01/2026, 21:05 - ", MINUTE),
    "Android fr, with a word": ("31/01/2026 à 21:05 - ", MINUTE),
    "Android es": ("31/1/26, 21:05 - ", MINUTE),
    "Android es, 12 hours": (f"31/1/26, 9:05{NARROW}p.{NO_BREAK}m. - ", MINUTE),
    "Android it": ("31/01/26, 21:05 - ", MINUTE),
    "Android pt": ("31/01/2026 21:05 - ", MINUTE),
    "Android tr": ("31.01.2026 21:05 - ", MINUTE),
    "Android tr, 12 hours": ("31.01.2026 ÖS 9:05 - ", MINUTE),
    "Android pl": ("31.01.2026, 21:05 - ", MINUTE),
    "Android sv": ("2026-01-31 21:05 - ", MINUTE),
}
# The whole text of a message that the app says was deleted, and of a file that was left out.
DELETED = {
    "en": ("This message was deleted", "<Media omitted>"),
    "nl": ("Dit bericht is verwijderd", "<Media weggelaten>"),
    "de": ("Diese Nachricht wurde gelöscht", "<Medien ausgeschlossen>"),
    "fr": ("Ce message a été supprimé", "<Médias omis>"),
    "es": ("Se eliminó este mensaje", "<Multimedia omitido>"),
    "it": ("Questo messaggio è stato eliminato", "<Media omessi>"),
    "pt": ("Esta mensagem foi apagada", "<Mídia oculta>"),
    "tr": ("Bu mesaj silindi", "<Medya dahil edilmedi>"),
    "pl": ("Ta wiadomość została usunięta", "<pominięto multimedia>"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("start", "end"), [("", "\n"), ("\ufeff", "\r\n")], ids=["LF", "BOM and CRLF"])
def test_every_form_of_a_time_is_read(form: str, start: str, end: str):
    stamp, at = FORMS[form]
    lines = (f"{stamp}Bram Kist: Hoi: met een dubbele punt", "tweede regel", f"{stamp}Noor: Ja")
    data = (start + end.join(lines) + end).encode()
    assert WhatsAppText().recognises(data[:4096], "WhatsApp Chat with Bram Kist.txt")
    records = read(data, "WhatsApp Chat with Bram Kist.txt")
    first, second = of(records, Message)
    assert (first.sent_at, second.sent_at) == (at, at)
    assert first.text is not None
    assert first.text.replace("\r", "") == "Hoi: met een dubbele punt\ntweede regel"
    assert second.text == "Ja"
    assert first.platform == "export"
    precision = "second" if at == SECOND else "minute"
    notices = [each.text for each in of(records, Notice)]
    assert any("that WhatsApp wrote" in each and f"times to the {precision}" in each for each in notices)


@pytest.mark.parametrize("language", DELETED)
def test_deleted_and_omitted_are_known_in_every_language(language: str):
    deleted, omitted = DELETED[language]
    text = f"31-01-2026 21:05 - Bram: {deleted}\n31-01-2026 21:06 - Noor: {omitted}\n"
    gone, left_out = of(read(text.encode(), "WhatsApp-chat met Bram.txt"), Message)
    assert gone.state == "deleted_for_everyone"
    assert [each.present for each in left_out.attachments] == [False]


@pytest.mark.parametrize(
    ("lines", "day_first"),
    [
        (("05/06/26, 21:05", "13/06/26, 21:05"), True),  # a part above twelve, anywhere in the file
        (("5/6/26, 21:05", "5/13/26, 21:05"), False),
        (("05/06/26, 21:05", "01/07/26, 21:05"), True),  # only so in the order of time
        (("06/05/26, 21:05", "07/01/26, 21:05"), False),
        (("5/6/26, 9:05 PM", "5/6/26, 9:06 PM"), None),  # both readings are in order
    ],
)
def test_day_and_month_are_told_apart_over_the_whole_file_or_not_at_all(
    lines: tuple[str, ...], day_first: bool | None
):
    text = "".join(f"{line} - Bram: Hoi\n" for line in lines)
    records = read(text.encode(), "WhatsApp Chat with Bram.txt")
    first = of(records, Message)[0]
    said = [each for each in of(records, Notice) if "order of day and month" in each.text]
    assert len(said) == 1
    if day_first is None:
        assert first.sent_at is None
        assert (said[0].severity, "cannot be decided" in said[0].text) == ("doubt", True)
    else:
        assert said[0].text.startswith(f"the order of day and month: {'day' if day_first else 'month'} first")


@given(st.sampled_from(sorted(FORMS)), st.integers(0, 40), st.integers(0, 255))
def test_no_cut_and_no_changed_byte_of_a_line_raises(form: str, place: int, value: int):
    data = bytearray(f"{FORMS[form][0]}Bram: Hoi\n".encode())
    assert prefix(data.decode()) is not None
    changed = bytearray(data)
    changed[place % len(data)] ^= value
    for each in (bytes(data[:place]), bytes(changed)):
        for record in of(read(each), Message):
            assert record.source.offset is not None
