"""The words that WhatsApp itself writes into text exports, by language, and what they stand for.

Source: WhatsApp reference 5 for English and Dutch; those of the other languages are assumed, and a text of
another wording stays what it is: the text of a message. Words are compared in lower case.
"""

from __future__ import annotations

# Part of the notice with which a chat begins, in the wording of several versions.
ENCRYPTED = (
    *("end-to-end encrypted", "end-to-end versleuteld", "eind-tot-eind", "ende-zu-ende", "bout en bout"),
    *("extremo a extremo", "crittografati end-to-end", "crittografia end-to-end", "ponta a ponta"),
    *("uçtan uca", "szyfrowan", "end-to-end"),
)

# Android: the file was not exported. The whole text.
OMITTED_MEDIA = frozenset(
    {
        *("<media omitted>", "<media weggelaten>"),
        *("<medien ausgeschlossen>", "<medien weggelassen>", "<médias omis>", "<multimedia omitido>"),
        *("<archivo omitido>", "<media omessi>", "<mídia oculta>", "<arquivo de mídia oculto>"),
        *("<ficheiro não revelado>", "<medya dahil edilmedi>", "<medya atlanmış>", "<pominięto multimedia>"),
    }
)

# iOS: the same, by the kind of the file. The whole text.
OMITTED_FILES: dict[str, str] = {
    **dict.fromkeys(("image omitted", "afbeelding weggelaten", "bild weggelassen", "image absente"), "image"),
    **dict.fromkeys(("imagen omitida", "immagine omessa", "imagem ocultada", "imagem omitida"), "image"),
    **dict.fromkeys(("görüntü dahil edilmedi", "obraz pominięto", "pominięto obraz"), "image"),
    **dict.fromkeys(("video omitted", "video weggelaten", "video weggelassen", "vidéo absente"), "video"),
    **dict.fromkeys(("video omitido", "video omesso", "vídeo omitido", "vídeo ocultado"), "video"),
    **dict.fromkeys(("video dahil edilmedi", "film pominięto", "pominięto wideo"), "video"),
    **dict.fromkeys(("audio omitted", "audio weggelaten", "audio weggelassen", "audio omis"), "audio"),
    **dict.fromkeys(("audio omitido", "audio omesso", "áudio ocultado", "áudio omitido"), "audio"),
    **dict.fromkeys(("ses dahil edilmedi", "audio pominięto", "pominięto dźwięk"), "audio"),
    **dict.fromkeys(("sticker omitted", "sticker weggelaten", "sticker weggelassen"), "sticker"),
    **dict.fromkeys(("sticker omis", "sticker omitido", "sticker non incluso"), "sticker"),
    **dict.fromkeys(("figurinha omitida", "çıkartma dahil edilmedi", "pominięto naklejkę"), "sticker"),
    **dict.fromkeys(("gif omitted", "gif weggelaten", "gif weggelassen", "gif omis"), "gif"),
    **dict.fromkeys(("gif omitido", "gif esclusa", "gif dahil edilmedi", "pominięto gif"), "gif"),
    **dict.fromkeys(("document omitted", "document weggelaten", "dokument weggelassen"), "document"),
    **dict.fromkeys(("document omis", "documento omitido", "documento omesso"), "document"),
    **dict.fromkeys(("belge dahil edilmedi", "pominięto dokument"), "document"),
    **dict.fromkeys(("contact card omitted", "contactkaart weggelaten"), "contact"),
}

# Android: what stands behind the name of a file that was exported.
ATTACHED = frozenset(
    {
        *("file attached", "bestand bijgevoegd", "datei angehängt", "fichier joint", "archivo adjunto"),
        *("file allegato", "arquivo anexado", "ficheiro anexado", "dosya ekli", "załączono plik"),
        "plik dołączony",
    }
)

# The whole text, but for a full stop.
DELETED_BY_OWNER = frozenset(
    {
        *("you deleted this message", "je hebt dit bericht verwijderd", "u hebt dit bericht verwijderd"),
        *("du hast diese nachricht gelöscht", "vous avez supprimé ce message", "eliminaste este mensaje"),
        *("hai eliminato questo messaggio", "você apagou esta mensagem", "você apagou essa mensagem"),
        *("bu mesajı sildiniz", "usunięto tę wiadomość", "usunąłeś tę wiadomość"),
    }
)
DELETED = frozenset(
    {
        *("this message was deleted", "dit bericht is verwijderd", "dit bericht werd verwijderd"),
        *("diese nachricht wurde gelöscht", "ce message a été supprimé", "se eliminó este mensaje"),
        *("este mensaje fue eliminado", "questo messaggio è stato eliminato", "mensagem apagada"),
        *("esta mensagem foi apagada", "bu mesaj silindi", "ta wiadomość została usunięta"),
        "wiadomość usunięta",
    }
)

# At the end of a text.
EDITED = (
    *("<this message was edited>", "<dit bericht is bewerkt>", "<diese nachricht wurde bearbeitet>"),
    *("<ce message a été modifié>", "<se editó este mensaje>", "<se editó este mensaje.>"),
    *("<questo messaggio è stato modificato>", "<mensagem editada>", "<esta mensagem foi editada>"),
    *("<bu mesaj düzenlendi>", "<ta wiadomość została zmieniona>", "<wiadomość edytowana>"),
)

# The first line of a poll; in English and Dutch each option has a word before it.
POLL = (
    *("poll:", "peiling:", "umfrage:", "sondage :", "sondage:", "encuesta:", "sondaggio:", "enquete:"),
    *("anket:", "ankieta:"),
)
OPTION = ("option:", "optie:", "option :", "opción:", "opzione:", "opção:", "seçenek:", "opcja:")

# View-once and unsupported messages (seen). A person may type the word too.
NOTHING = "null"

# Languages of which the reference knows month-first dates: only English, and only of the United States.
ENGLISH = frozenset({"<media omitted>", "file attached", "image omitted", "this message was deleted"})

# What stands before the name of the chat in the name of the file.
FILE_NAMES = ("whatsapp chat with ", "whatsapp-chat met ", "whatsapp chat - ", "whatsapp-chat mit ",
              "discussion whatsapp avec ", "chat de whatsapp con ", "chat whatsapp con ",
              "conversa do whatsapp com ", "whatsapp sohbeti - ", "czat whatsapp z ")  # fmt: skip
