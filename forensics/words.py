"""Every word a report says by itself, in Dutch and English. Text from the evidence is never translated."""

# ruff: noqa: E501  # a table of sentences is easier to compare unbroken

from __future__ import annotations

from forensics.sentences import translated, translated_whole

LANGUAGES = ("nl", "en")

# key: (Dutch, English). A key with a letter and a number names an item of the checklist (parts A to G).
WORDS: dict[str, tuple[str, str]] = {
    # General
    "title": ("Rapport digitaal onderzoek: chatberichten", "Digital examination report: chat messages"),
    "not_recorded": ("niet vastgelegd", "not recorded"),
    "none": ("geen", "none"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "unknown": ("onbekend", "unknown"),
    "page": ("pagina", "page"),
    "of": ("van", "of"),
    "case": ("zaak", "case"),
    "exhibit": ("goed", "exhibit"),
    "report": ("rapport", "report"),
    "classification": ("POLITIE-INTERN / vertrouwelijk", "LAW ENFORCEMENT / confidential"),
    "end_of_report": ("Einde van het rapport", "End of report"),
    "end_of_volume": ("Einde van dit deel", "End of this volume"),
    "missing_title": (
        "Verplichte gegevens die niet zijn vastgelegd",
        "Mandatory items that are not recorded",
    ),
    "missing_none": ("Alle verplichte gegevens zijn vastgelegd.", "All mandatory items are recorded."),
    "first_page": ("Kerngegevens", "Key facts"),
    "no_authority": (
        "Er is GEEN wettelijke grondslag voor dit onderzoek vastgelegd.",
        "NO legal basis for this examination is recorded.",
    ),
    "account_is_not_a_person": (
        "Een account is geen persoon. Wie de telefoon of het account gebruikte, is hier niet vastgesteld.",
        "An account is not a person. Who held the phone or used the account is not established here.",
    ),
    "flag_sentence": (
        "Dit is een automatische aanwijzing die door een mens moet worden beoordeeld. "
        "Het is geen bevinding en geen oordeel over schuld.",
        "This is an automatic indication to be assessed by a person. "
        "It is not a finding and not an opinion about guilt.",
    ),
    "relates_only": (
        "De uitkomsten hebben alleen betrekking op de onderzochte gegevens. Dit rapport is een bijlage bij een "
        "proces-verbaal of deskundigenrapport en vervangt dat niet.",
        "The results relate only to the data examined. This report is an annex to an official or expert "
        "report and does not replace it.",
    ),
    "more_rows": (
        "Nog {count} regels; de hele tabel staat in de HTML en de gegevensbestanden.",
        "{count} more rows; the whole table is in the HTML and the data files.",
    ),
    "more_rows.1": (
        "Nog 1 regel; de hele tabel staat in de HTML en de gegevensbestanden.",
        "1 more row; the whole table is in the HTML and the data files.",
    ),
    "whole_table": ("Hele tabel ({count} regels)", "Whole table ({count} rows)"),
    "whole_table.1": ("Hele tabel (1 regel)", "Whole table (1 row)"),
    "filter.messages": ("Filter de berichten op deze pagina", "Filter the messages on this page"),
    "filter.rows": ("Filter de regels van deze tabel", "Filter the rows of this table"),
    "filter.chat": ("Gesprek", "Conversation"),
    "filter.person": ("Afzender", "Sender"),
    "filter.from": ("Vanaf", "From"),
    "filter.until": ("Tot en met", "Until"),
    "filter.flag": ("Machinevlag", "Machine flag"),
    "filter.words": ("Woorden", "Words"),
    "filter.any": ("alle", "all"),
    "filter.any_flag": ("met een vlag", "with a flag"),
    "filter.reset": ("Wissen", "Clear"),
    "filter.count": ("{shown} van {all} berichten", "{shown} of {all} messages"),
    "filter.count_rows": ("{shown} van {all} regels", "{shown} of {all} rows"),
    "search.title": ("Zoeken in alle berichten", "Search in all messages"),
    "search.explained": (
        "Alle berichten van alle gesprekken in het kort, in de volgorde van de gesprekken; het nummer leidt naar het "
        "bericht zelf. Het filter werkt met een script in deze pagina en doorzoekt alleen wat op deze pagina staat.",
        "All messages of all conversations in short, in the order of the conversations; the number leads to the "
        "message itself. The filter works by a script in this page and looks only through what stands on this page.",
    ),
    "search.too_many": (
        "Er zijn meer dan {most} berichten: daarvoor is geen zoekpagina gemaakt. Elke pagina van een gesprek heeft een "
        "filter; de gegevensbestanden bevatten alles.",
        "There are more than {most} messages: no search page was made of them. Each page of a conversation has a "
        "filter; the data files hold everything.",
    ),
    "no_rows": ("Geen.", "None."),
    "contents": ("Inhoud", "Contents"),
    "back": ("Terug naar het rapport", "Back to the report"),
    "previous": ("Vorige pagina", "Previous page"),
    "next": ("Volgende pagina", "Next page"),
    "volume_title": ("Gesprekken, deel {number}", "Conversations, volume {number}"),
    # Parts
    "part.A": ("A. Identificatie", "A. Identification"),
    "part.B": ("B. Veiligstellen", "B. Acquisition"),
    "part.C": ("C. Werkwijze", "C. Method"),
    "part.D": ("D. Bevindingen (feiten)", "D. Findings (facts)"),
    "part.E": (
        "E. Automatische aanwijzingen (geen bevindingen)",
        "E. Machine flags (not findings)",
    ),
    "part.F": ("F. Interpretatie (alleen door een mens)", "F. Interpretation (by a person only)"),
    "part.G": ("G. Beperkingen en bijlagen", "G. Limits and annexes"),
    # Sections
    "A1": ("Dit rapport", "This report"),
    "A2": ("Zaak", "Case"),
    "A3": ("Onderzocht goed", "Exhibit examined"),
    "A4": ("Onderzoeker", "Examiner"),
    "A5": ("Wettelijke grondslag en reikwijdte", "Legal basis and scope"),
    "B6": ("Hoe de gegevens zijn veiliggesteld", "How the data were acquired"),
    "B7": ("Staat van het toestel", "State of the device"),
    "B8": ("Invoerbestanden", "Input files"),
    "C9": ("Programma en instellingen", "Tool and settings"),
    "C10": ("Stappen en uitkomst", "Steps and results"),
    "C11": ("Tijden", "Times"),
    "C12": ("Validatie", "Validation"),
    "D13": ("Accounts en deelnemers", "Accounts and participants"),
    "D14": ("Totalen", "Totals"),
    "D15": ("Gesprekken", "Conversations"),
    "D16": ("Wat niet is afgedrukt", "What is not shown"),
    "E17": ("Aanwijzingen", "Flags"),
    "F18": ("Interpretatie", "Interpretation"),
    "G19": ("Beperkingen", "Limitations"),
    "G20": ("Begrippen", "Glossary"),
    "G21": ("Bijlagen en controle", "Annexes and verification"),
    "G22": ("Ondertekening", "Signature"),
    # A: identification
    "A1.report_id": ("Rapportnummer", "Report id"),
    "A1.report_version": (
        "Versie (laatste logregel die de zaak wijzigde)",
        "Version (last log entry that changed the case)",
    ),
    "A1.status": ("Status", "Status"),
    "A1.replaces": ("Vervangt, en waarom", "Replaces, and why"),
    "A1.date": ("Stand van de zaak op", "State of the case at"),
    "A2.case_number": ("Zaaknummer", "Case number"),
    "A2.investigation": ("Naam van het onderzoek", "Investigation name"),
    "A2.requesting_authority": ("Aanvrager", "Requesting authority"),
    "A2.offence_category": ("Soort feit", "Offence category"),
    "A3.exhibit": ("Goednummer", "Exhibit number"),
    "A3.parent_exhibit": ("Bovenliggend goed", "Parent exhibit"),
    "A3.seals": ("Zegelnummer(s)", "Seal number(s)"),
    "A3.make": ("Merk", "Make"),
    "A3.model": ("Model", "Model"),
    "A3.serial": ("Serienummer", "Serial number"),
    "A3.imei": ("IMEI", "IMEI"),
    "A3.iccid": ("SIM/ICCID", "SIM/ICCID"),
    "A3.os_version": ("Besturingssysteem", "OS version"),
    "A3.owner_stated": ("Gebruiker of eigenaar zoals opgegeven", "Owner as stated"),
    "A3.owner_stated_by": ("Opgegeven door", "Stated by"),
    "A3.stated": ("Wat de extractie over het toestel zegt", "What the extraction says about the device"),
    "A3.contradictions": ("Tegenstrijdig tussen bronnen", "Contradictions between sources"),
    "A3.fact": ("Gegeven", "Item"),
    "A3.value": ("Zoals opgeslagen", "As stored"),
    "A3.fact_source": ("Bron in het bewijsstuk", "Source in the evidence"),
    "A3.fact_field": ("Veld", "Field"),
    "fact.make": ("Merk", "Make"),
    "fact.model": ("Model", "Model"),
    "fact.device_name": ("Naam van het toestel", "Device name"),
    "fact.serial": ("Serienummer", "Serial number"),
    "fact.imei": ("IMEI", "IMEI"),
    "fact.iccid": ("SIM/ICCID", "SIM/ICCID"),
    "fact.phone_number": ("Telefoonnummer", "Phone number"),
    "fact.udid": ("Toestel-id (UDID)", "Device id (UDID)"),
    "fact.android_id": ("Android-id", "Android id"),
    "fact.os_version": ("Besturingssysteem", "OS version"),
    "fact.build": ("Build", "Build"),
    "fact.security_patch": ("Beveiligingsupdate", "Security patch"),
    "fact.time_zone": ("Tijdzone van het toestel", "Time zone of the device"),
    "fact.device_clock": ("Klok van het toestel", "Clock of the device"),
    "fact.file": ("Bestand op het toestel", "File on the device"),
    "fact.user": ("Gebruiker op het toestel", "User of the device"),
    "fact.tool": ("Programma voor het veiligstellen", "Acquisition tool"),
    "fact.tool_version": ("Versie van dat programma", "Version of that tool"),
    "fact.operator": ("Uitgevoerd door", "Operator"),
    "fact.type": ("Soort extractie", "Type of extraction"),
    "fact.status": ("Afloop van de extractie", "Outcome of the extraction"),
    "fact.start": ("Begin", "Start"),
    "fact.end": ("Einde", "End"),
    "fact.encrypted": ("Versleuteld", "Encrypted"),
    "fact.other": ("Overig", "Other"),
    "A4.examiner": ("Onderzoeker (naam of dienstnummer)", "Examiner (name or service number)"),
    "A4.role": ("Functie", "Role"),
    "A4.unit": ("Dienst of organisatie", "Unit or organisation"),
    "A4.qualification": ("Kwalificatie", "Qualification"),
    "A4.reviewer": ("Tweede lezer", "Reviewer"),
    "A4.language": ("Taal van dit rapport", "Language of this report"),
    "A5.kind": ("Soort", "Kind"),
    "A5.reference": ("Kenmerk", "Reference"),
    "A5.issuer": ("Afgegeven door", "Issuing authority"),
    "A5.date": ("Datum", "Date"),
    "A5.expires": ("Vervalt", "Expires"),
    "A5.scope": ("Reikwijdte (tekst)", "Scope (text)"),
    "A5.limits": ("Beperkingen aan het gebruik", "Limits on use"),
    "A5.reason": ("Reden (spoed)", "Reason (urgency)"),
    "A5.covers": ("Reikwijdte (toegepast)", "Scope (applied)"),
    "A5.authorities": ("Vastgelegde grondslagen", "Legal bases recorded"),
    "A5.applied_apps": ("Toegepast bij het inlezen: apps", "Applied at ingest: apps"),
    "A5.applied_period": ("Toegepast bij het inlezen: periode", "Applied at ingest: period"),
    "A5.all_apps": ("alle apps", "all apps"),
    "A5.all_dates": ("geen begrenzing in de tijd", "no limits in time"),
    "authority.prosecutor": ("toestemming officier van justitie", "consent of the public prosecutor"),
    "authority.examining-magistrate": (
        "machtiging rechter-commissaris",
        "authorisation of the examining magistrate",
    ),
    "authority.consent": ("toestemming van de gebruiker", "consent of the user"),
    "authority.urgent": ("spoed", "urgency"),
    "authority.none": ("geen", "none"),
    "status.draft": ("concept", "draft"),
    "status.final": ("definitief", "final"),
    "status.amended": ("gewijzigd", "amended"),
    "language.nl": ("Nederlands", "Dutch"),
    "language.en": ("Engels", "English"),
    # B: acquisition
    "B6.tool": ("Programma voor het veiligstellen", "Acquisition tool"),
    "B6.version": ("Versie van dat programma", "Version of that tool"),
    "B6.type": ("Soort extractie", "Type of extraction"),
    "B6.operator": ("Uitgevoerd door", "Operator"),
    "B6.place": ("Plaats", "Place"),
    "B6.start": ("Begin", "Start"),
    "B6.end": ("Einde", "End"),
    "B6.containers": ("Aangeleverde bewijsstukken", "Items of evidence as supplied"),
    "B6.item": ("Stuk", "Item"),
    "B6.kind": ("Soort", "Kind"),
    "B6.size": ("Grootte (bytes)", "Size (bytes)"),
    "B6.sha256": ("SHA-256, hier berekend", "SHA-256, recomputed here"),
    "B6.sha256_after": ("SHA-256 na verwerking", "SHA-256 after processing"),
    "B6.expected": ("Hash zoals aangeleverd", "Hash as supplied"),
    "B6.match": ("Gelijk", "Match"),
    "B6.unchanged": ("Ongewijzigd", "Unchanged"),
    "B6.hashes": (
        "Hashes die in de extractie staan, vergeleken",
        "Hashes stated in the extraction, compared",
    ),
    "B6.hash_file": ("Bestand", "File"),
    "B6.hash_source": ("Vermeld in", "Stated in"),
    "B6.hash_stated": ("Vermelde hash", "Stated hash"),
    "B6.hash_found": ("Hier berekend", "Recomputed here"),
    "hash.match": ("gelijk", "match"),
    "hash.mismatch": ("NIET gelijk", "MISMATCH"),
    "hash.missing": ("bestand niet in het bewijsstuk", "file not in the evidence"),
    "B7.locked": ("Vergrendeld", "Locked"),
    "B7.airplane_mode": ("Vliegtuigstand", "Airplane mode"),
    "B7.clock_offset_seconds": ("Afwijking van de klok (seconden)", "Clock offset (seconds)"),
    "B7.clock_compared_at": ("Klok vergeleken op", "Clock compared at"),
    "B7.time_zone": ("Tijdzone van het toestel", "Time zone of the device"),
    "B8.files": ("Gelezen bestanden", "Files read"),
    "B8.number": ("Nr.", "No."),
    "B8.path": ("Pad in het bewijsstuk", "Path in the evidence"),
    "B8.format": ("App en platform", "App and platform"),
    "B8.companions": ("Begeleidende bestanden", "Companion files"),
    "B8.applied": ("toegepast", "applied"),
    "B8.not_applied": ("niet toegepast", "not applied"),
    "B8.encryption": ("Versleuteling en herkomst van de sleutel", "Encryption and source of the key"),
    "B8.key_sha256": ("sleutelbestand SHA-256", "key file SHA-256"),
    "B8.problems": ("Wat niet gelezen kon worden", "What could not be read"),
    "B8.problem": ("Probleem", "Problem"),
    "B8.compared": (
        "Chats volgens een ander programma, vergeleken met wat hier uit de databank is gelezen",
        "Chats as another tool decoded them, compared with what was read here from the database",
    ),
    "B8.compared_calls": (
        "Oproepen volgens een ander programma, vergeleken met wat hier uit de databank is gelezen",
        "Calls as another tool decoded them, compared with what was read here from the database",
    ),
    "B8.compared_people": (
        "Personen volgens een ander programma, vergeleken met wat hier uit de databank is gelezen",
        "People as another tool decoded them, compared with what was read here from the database",
    ),
    "B8.app": ("App", "App"),
    "B8.own": ("Hier gelezen", "Read here"),
    "B8.other": ("Ander programma", "Other tool"),
    "B8.same": ("Bij beide", "In both"),
    "B8.only_own": ("Alleen hier", "Only here"),
    "B8.only_other": ("Alleen ander programma", "Only other tool"),
    "B8.text_differs": ("Andere tekst", "Text differs"),
    "B8.time_differs": ("Andere tijd", "Time differs"),
    "B8.seconds_differ": ("Andere duur", "Length differs"),
    "B8.names_differ": ("Andere naam", "Name differs"),
    "B8.compared_note": (
        "Berichten zijn dezelfde als hun id in de app gelijk is, anders als seconde en tekst gelijk zijn; oproepen "
        "als seconde en richting gelijk zijn; personen als kenmerk of nummer gelijk is. Een verschil zegt niet welk "
        "van beide programma's gelijk heeft.",
        "Messages are the same when their id in the app is equal, else when second and text are equal; calls when "
        "second and direction are equal; people when identifier or number is equal. A difference does not say which "
        "of the two programs is right.",
    ),
    "B8.note": (
        "De hash per bestand is die van het bestand zoals het gelezen is. Dat het bewijsstuk tijdens de verwerking "
        "gelijk bleef, blijkt uit de hash ervoor en erna in B6.",
        "The hash per file is that of the file as it was read. That the item of evidence stayed the same during "
        "processing is shown by the hashes before and after in B6.",
    ),
    # C: method
    "C9.tool": ("Programma", "Tool"),
    "C9.version": ("Versie", "Version"),
    "C9.commit": ("Commit", "Commit"),
    "C9.build_sha256": ("Hash van het gebruikte programma", "Build hash"),
    "C9.python": ("Python", "Python"),
    "C9.sqlite": ("SQLite", "SQLite"),
    "C9.os": ("Besturingssysteem", "Operating system"),
    "C9.locale": ("Taalinstelling", "Locale"),
    "C9.tzdata": ("Tijdzonedatabank", "Time-zone database"),
    "C9.command": ("Opdracht", "Command line"),
    "C9.settings": ("Instellingen van de zaak", "Case settings"),
    "C9.setting": ("Instelling", "Setting"),
    "C9.value": ("Waarde", "Value"),
    "C9.rules_version": ("Versie van regels en woordenlijst", "Version of rules and word list"),
    "C9.rules_sha256": ("SHA-256 van regels en woordenlijst", "SHA-256 of rules and word list"),
    "C9.law": ("Tabel van lijsten van de gebruiker", "The user's table of lists"),
    "C9.rules": ("Regels en drempels", "Rules and thresholds"),
    "C9.typesetter": ("Zetprogramma van de PDF", "Typesetter of the PDF"),
    "C9.libraries": ("Bibliotheken van spreadsheet en miniaturen", "Libraries of spreadsheet and thumbnails"),
    "C9.fonts_sha256": ("SHA-256 van de lettertypelijst", "SHA-256 of the list of fonts"),
    "C10.steps": ("Stappen volgens het logboek", "Steps according to the custody log"),
    "C10.seq": ("Regel", "Entry"),
    "C10.time": ("Tijd", "Time"),
    "C10.action": ("Handeling", "Action"),
    "C10.object": ("Voorwerp", "Object"),
    "C10.result": ("Uitkomst", "Result"),
    "C10.rows": ("Verantwoording van elke rij", "What became of every row"),
    "C10.table": ("Tabel", "Table"),
    "C10.read": ("Rijen", "Rows"),
    "C10.messages": ("Berichten", "Messages"),
    "C10.skipped": ("Overgeslagen (reden)", "Skipped (reason)"),
    "C10.failed": ("Mislukt", "Failed"),
    "C10.notices": ("Meldingen bij het lezen", "Notices"),
    "C10.severity": ("Ernst", "Severity"),
    "C10.count": ("Aantal", "Number"),
    "C10.text": ("Melding", "Notice"),
    "C11.zone": ("Tijdzone van de weergave", "Zone used for display"),
    "C11.rule": ("Regel", "Rule"),
    "C11.rule_text": (
        "Elke tijd staat met haar afwijking van UTC. De opgeslagen tijd is gelezen als UTC, tenzij hieronder anders "
        "staat. Een afwijking van de klok van het toestel is alleen vermeld en nooit verrekend: waar zij is "
        "vastgelegd (B7), staat zij achter elke tijd die een app van het toestel opsloeg, als (klok -2 s).",
        "Every time is printed with its offset from UTC. The stored time is read as UTC unless stated otherwise "
        "below. A drift of the device's clock is only reported and never applied: where it is recorded (B7), it "
        "stands behind every time that an app of the device stored, as (clock -2 s).",
    ),
    "clock.mark": ("(klok {seconds} s)", "(clock {seconds} s)"),
    "C11.units": ("Opgeslagen tijden per bron", "Stored times per source"),
    "C11.source": ("Bron", "Source"),
    "C11.unit": ("Eenheid en beginpunt", "Unit and epoch"),
    # Unit and epoch of the stored times per app, from the descriptions of the apps' formats.
    "stored.whatsapp": ("milliseconden sinds 1970-01-01 UTC", "milliseconds since 1970-01-01 UTC"),
    "stored.whatsapp.ios": (
        "seconden sinds 2001-01-01 UTC (Core Data)",
        "seconds since 2001-01-01 UTC (Core Data)",
    ),
    "stored.whatsapp.export": (
        "plaatselijke tijd van het exporterende toestel, zonder tijdzone",
        "local time of the exporting device, without a zone",
    ),
    "stored.telegram": ("seconden sinds 1970-01-01 UTC", "seconds since 1970-01-01 UTC"),
    "stored.telegram.ios": ("seconden sinds 1970-01-01 UTC", "seconds since 1970-01-01 UTC"),
    "stored.telegram.export": ("seconden sinds 1970-01-01 UTC", "seconds since 1970-01-01 UTC"),
    "stored.signal": ("milliseconden sinds 1970-01-01 UTC", "milliseconds since 1970-01-01 UTC"),
    "stored.signal.ios": ("milliseconden sinds 1970-01-01 UTC", "milliseconds since 1970-01-01 UTC"),
    "C12.test_set": ("Testverzameling", "Test set"),
    "C12.last_run": ("Laatste validatie", "Last validation run"),
    "C12.error_rates": ("Bekende foutpercentages", "Known error rates"),
    "C12.measure": ("Wat is gemeten", "What was measured"),
    "C12.set": ("Testverzameling", "Test set"),
    "C12.of": ("Aantal", "Count"),
    "C12.rate": ("Deel", "Share"),
    "C12.interval": ("Interval (95 van 100)", "Interval (95 in 100)"),
    "measure.labels.menu.precision": (
        "Aanbiedingen: van wat gemeld wordt, klopt",
        "Menus: of what is flagged, right",
    ),
    "measure.labels.menu.recall": ("Aanbiedingen: van wat er is, gevonden", "Menus: of what is there, found"),
    "measure.trade.precision": (
        "Handelsberichten: van wat gemeld wordt, klopt",
        "Trade messages: of what is flagged, right",
    ),
    "measure.trade.recall": (
        "Handelsberichten: van wat er is, gevonden",
        "Trade messages: of what is there, found",
    ),
    "measure.trade.false_flags": ("Andere berichten: ten onrechte gemeld", "Other messages: flagged wrongly"),
    "measure.conversations.precision": (
        "Gesprekken: van wat gemeld wordt, klopt",
        "Conversations: of what is flagged, right",
    ),
    "measure.conversations.recall": (
        "Gesprekken: van wat er is, gevonden",
        "Conversations: of what is there, found",
    ),
    "measure.conversations.false_flags": (
        "Gewone gesprekken: ten onrechte gemeld",
        "Ordinary conversations: flagged wrongly",
    ),
    "measure.items.precision": (
        "Waren met hoeveelheid en prijs: gelezen en juist",
        "Goods with amount and price: of what is read, right",
    ),
    "measure.items.recall": (
        "Waren met hoeveelheid en prijs: van wat er is, juist gelezen",
        "Goods with amount and price: of what is there, read right",
    ),
    "measure.obfuscated": (
        "Verhulde handelsberichten: van wat er is, gevonden",
        "Disguised trade messages: of what is there, found",
    ),
    "C12.obfuscated": ("Per soort verhulling, alle testverzamelingen", "By kind of disguise, all test sets"),
    "C12.kind": ("Soort verhulling", "Kind of disguise"),
    "obfuscation.accents": ("accenten", "accents"),
    "obfuscation.circled": ("omcirkelde letters", "circled letters"),
    "obfuscation.look-alike": ("letters van een ander schrift", "letters of another script"),
    "obfuscation.emoji": ("emoji als woord", "emoji as a word"),
    "obfuscation.fullwidth": ("brede letters", "full-width letters"),
    "obfuscation.leet": ("cijfers en tekens als letters", "digits and signs as letters"),
    "obfuscation.menu-obfuscated": ("menukaarten, soort niet genoemd", "menus, kind not named"),
    "obfuscation.math": ("wiskundige letters", "mathematical letters"),
    "obfuscation.several": ("meer dan één soort", "more than one kind"),
    "obfuscation.repeated": ("herhaalde letters", "repeated letters"),
    "obfuscation.reversed": ("achterstevoren", "written backwards"),
    "obfuscation.separated": ("letters uit elkaar", "letters apart"),
    "obfuscation.strikethrough": ("doorgehaald", "struck through"),
    "obfuscation.typo": ("spelfouten", "misspellings"),
    "obfuscation.zero-width": ("onzichtbare tekens", "invisible characters"),
    "set.built-in": ("eerste (leidde de regels)", "first (guided the rules)"),
    "set.second": ("tweede (leidde de regels)", "second (guided the rules)"),
    "set.third": ("derde (leidde de regels)", "third (guided the rules)"),
    "set.fourth": ("vierde (leidde de regels)", "fourth (guided the rules)"),
    "set.fifth": ("vijfde (leidde de regels)", "fifth (guided the rules)"),
    "set.sixth": ("zesde (leidde de regels)", "sixth (guided the rules)"),
    "set.seventh": ("zevende (leidde de gewichten)", "seventh (guided the weights)"),
    "set.eighth": ("achtste (leidde de gewichten)", "eighth (guided the weights)"),
    "set.ninth": ("negende (leidde de gewichten)", "ninth (guided the weights)"),
    "set.tenth": ("tiende (leidde de gewichten)", "tenth (guided the weights)"),
    "set.eleventh": ("elfde (leidde de gewichten)", "eleventh (guided the weights)"),
    "set.twelfth": ("twaalfde (leidde de gewichten)", "twelfth (guided the weights)"),
    "set.thirteenth": ("dertiende (leidde de gewichten)", "thirteenth (guided the weights)"),
    "set.fourteenth": ("veertiende (leidde de gewichten)", "fourteenth (guided the weights)"),
    "set.fifteenth": ("vijftiende (leidde de gewichten)", "fifteenth (guided the weights)"),
    "set.sixteenth": ("zestiende (leidde de gewichten)", "sixteenth (guided the weights)"),
    "set.seventeenth": ("zeventiende (leidde de gewichten)", "seventeenth (guided the weights)"),
    "set.eighteenth": ("achttiende (leidde de gewichten)", "eighteenth (guided the weights)"),
    "set.nineteenth": ("negentiende (leidde de gewichten)", "nineteenth (guided the weights)"),
    "set.twentieth": ("twintigste (leidde de gewichten)", "twentieth (guided the weights)"),
    "set.twenty-first": ("eenentwintigste (leidde de gewichten)", "twenty-first (guided the weights)"),
    "set.twenty-second": ("tweeëntwintigste (leidde de gewichten)", "twenty-second (guided the weights)"),
    "set.twenty-third": ("drieëntwintigste (leidde de gewichten)", "twenty-third (guided the weights)"),
    "set.twenty-fourth": ("vierentwintigste (leidde de gewichten)", "twenty-fourth (guided the weights)"),
    "set.twenty-fifth": ("vijfentwintigste (leidde de gewichten)", "twenty-fifth (guided the weights)"),
    "set.twenty-sixth": ("zesentwintigste (leidde de gewichten)", "twenty-sixth (guided the weights)"),
    "set.twenty-seventh": ("zevenentwintigste (leidde de gewichten)", "twenty-seventh (guided the weights)"),
    "set.twenty-eighth": ("achtentwintigste (leidde de gewichten)", "twenty-eighth (guided the weights)"),
    "set.twenty-ninth": ("negenentwintigste (leidde de gewichten)", "twenty-ninth (guided the weights)"),
    "set.thirtieth": ("dertigste (leidde de gewichten)", "thirtieth (guided the weights)"),
    "set.thirty-first": ("eenendertigste (leidde de gewichten)", "thirty-first (guided the weights)"),
    "set.thirty-second": ("tweeëndertigste (koos drempels)", "thirty-second (chose thresholds)"),
    "set.thirty-third": ("drieëndertigste (leidde de gewichten)", "thirty-third (guided the weights)"),
    "set.thirty-fourth": ("vierendertigste (leidde de gewichten)", "thirty-fourth (guided the weights)"),
    "set.mixed": (
        "handel tussen alledaagse gesprekken (leidde de gewichten)",
        "trade amid daily life (guided the weights)",
    ),
    "set.singles": ("losse berichten (leidden de gewichten)", "single messages (guided the weights)"),
    "set.menus": (
        "menukaarten (leidden de grammatica en de gewichten)",
        "menus (guided the grammar and the weights)",
    ),
    "set.menus-2": (
        "tweede reeks menukaarten (leidde de grammatica en de gewichten)",
        "second series of menus (guided the grammar and the weights)",
    ),
    "set.everyday": (
        "alledaagse gesprekken (leidden de regels)",
        "everyday conversations (guided the rules)",
    ),
    "set.ordinary": ("gewone gesprekken (leidden de regels)", "ordinary conversations (guided the rules)"),
    "set.ordinary-2": (
        "nog eens gewone gesprekken (leidden de gewichten)",
        "further ordinary conversations (guided the weights)",
    ),
    "set.ordinary-3": (
        "derde reeks gewone gesprekken (leidde de gewichten)",
        "third series of ordinary conversations (guided the weights)",
    ),
    "set.ordinary-4": (
        "vierde reeks gewone gesprekken (leidde de gewichten)",
        "fourth series of ordinary conversations (guided the weights)",
    ),
    "set.ordinary-5": (
        "vijfde reeks gewone gesprekken en berichten (leidde de gewichten)",
        "fifth series of ordinary conversations and messages (guided the weights)",
    ),
    "set.ordinary-6": (
        "zesde reeks gewone gesprekken en berichten, in de stijl van sms (leidde de gewichten)",
        "sixth series of ordinary conversations and messages, as people text (guided the weights)",
    ),
    "set.ordinary-7": (
        "zevende reeks gewone gesprekken en berichten, die als handel klinken (leidde de gewichten)",
        "seventh series of ordinary conversations and messages, which sound like trade (guided the weights)",
    ),
    "set.price-lists": (
        "gewone prijslijsten (leidden de gewichten)",
        "ordinary price lists (guided the weights)",
    ),
    "set.prose": ("gewoon proza (leidde de gewichten)", "ordinary prose (guided the weights)"),
    "set.blind": ("blind (leidde niets)", "blind (guided nothing)"),
    "set.blind-ordinary": (
        "blind, gewone gesprekken en berichten (leidde niets)",
        "blind, ordinary conversations and messages (guided nothing)",
    ),
    "set.blind-mixed": (
        "blind, handel tussen alledaagse gesprekken (leidde niets)",
        "blind, trade amid daily life (guided nothing)",
    ),
    "severity.copy": ("kopie", "copy"),
    "severity.damage": ("schade", "damage"),
    "severity.database": ("database", "database"),
    "severity.doubt": ("twijfel", "doubt"),
    "severity.failed": ("mislukt", "failed"),
    "severity.gap": ("ontbreekt", "missing"),
    "severity.info": ("mededeling", "information"),
    "severity.recovered": ("teruggehaald", "recovered"),
    "severity.scope": ("reikwijdte", "scope"),
    "severity.unread": ("niet gelezen", "not read"),
    "C12.schemas": ("Aangetroffen schema's", "Schemas met"),
    "C12.note": (
        "De cijfers zijn gemeten op de ingebouwde testverzamelingen; op andere gesprekken kunnen zij afwijken.",
        "The figures were measured on the built-in test sets; on other conversations they may differ.",
    ),
    # D: facts
    "D13.accounts": ("Accounts op het toestel", "Accounts on the device"),
    "D13.participants": ("Deelnemers", "Participants"),
    "D13.handle": ("Kenmerk zoals opgeslagen", "Identifier as stored"),
    "D13.phone": ("Telefoonnummer", "Phone number"),
    "D13.names": ("Naam (herkomst)", "Name (source)"),
    "D13.account_name": ("Naam zoals opgeslagen", "Name as stored"),
    "D13.owner": ("Eigenaar van het account", "Account owner"),
    "D13.app": ("App", "App"),
    "D13.platform": ("Platform", "Platform"),
    "D13.note": (
        "Een weergavenaam is door iemand ingevuld en bewijst geen identiteit.",
        "A display name was entered by somebody and is no proof of identity.",
    ),
    "D14.totals": ("Totalen per app", "Totals per app"),
    "D14.figure": ("Telling", "Count"),
    "D14.timeline": ("Berichten door de tijd", "Messages over time"),
    "D14.pairs": ("Wie schreef in welk gesprek", "Who wrote in which conversation"),
    "D14.gaps": ("Ontbrekende nummers in de opslag", "Gaps in the stored sequence"),
    "D14.lost": ("Sporen van berichten die er niet meer zijn", "Traces of messages that are gone"),
    "D14.lost_note": (
        "Geteld zijn nummers die in een tabel van berichten ontbreken, aangehaalde berichten die niet in het "
        "materiaal staan, en teksten die alleen de zoekindex nog heeft. Eén bericht kan meer dan één spoor "
        "hebben, en een ontbrekend nummer hoeft nooit een bericht te zijn geweest. De periode is die tussen de "
        "naaste berichten die er nog zijn.",
        "Counted are ids that are missing from a table of messages, quoted messages that the evidence does not "
        "hold, and texts that only the search index still has. One message can have left more than one trace, "
        "and a missing id need never have been a message. The period is the one between the nearest messages "
        "that are still there.",
    ),
    "lost.trace": ("Spoor", "Trace"),
    "lost.missing": ("ontbrekend nummer", "missing id"),
    "lost.quoted": ("aangehaald, niet aanwezig", "quoted, not present"),
    "lost.indexed": ("tekst alleen in de zoekindex", "text in the search index only"),
    "lost.unknown": ("niet bekend", "not known"),
    "D14.period": ("Periode", "Period"),
    "D14.messages": ("Berichten", "Messages"),
    "D14.sender": ("Afzender", "Sender"),
    "D14.conversation": ("Gesprek", "Conversation"),
    "D14.timeline_alt": (
        "Staafdiagram van het aantal berichten per periode; de getallen staan in de tabel eronder.",
        "Bar chart of the number of messages per period; the figures are in the table beneath.",
    ),
    "total.conversations": ("gesprekken", "conversations"),
    "total.messages": ("berichten", "messages"),
    "total.calls": ("oproepen", "calls"),
    "total.media_present": ("media aanwezig", "media present"),
    "total.media_missing": ("media genoemd, niet aanwezig", "media referenced but missing"),
    "total.state": ("toestand", "state"),
    "total.first": ("eerste bericht", "first message"),
    "total.last": ("laatste bericht", "last message"),
    "D15.list": ("Alle gesprekken", "All conversations"),
    "D15.calls": ("Oproepen", "Calls"),
    "D15.number": ("Nr.", "No."),
    "D15.title": ("Titel", "Title"),
    "D15.kind": ("Soort", "Kind"),
    "D15.account": ("Account", "Account"),
    "D15.messages": ("Berichten", "Messages"),
    "D15.first_last": ("Eerste en laatste bericht", "First and last message"),
    "D15.participants": ("Deelnemers", "Participants"),
    "D15.id": ("Kenmerk in de gegevens", "Id in the data"),
    "D15.files": ("Bronbestanden", "Source files"),
    "D15.recipients": (
        "Een bericht is gericht aan de andere deelnemers van het gesprek, tenzij er iets anders bij staat.",
        "A message is addressed to the other participants of the conversation, unless stated otherwise.",
    ),
    "D15.printed": ("Afgedrukte gesprekken", "Conversations printed"),
    "D15.in_volumes": (
        "De afgedrukte gesprekken staan in {count} afzonderlijke delen: {names}.",
        "The printed conversations are in {count} separate volumes: {names}.",
    ),
    "D15.in_volumes.1": (
        "De afgedrukte gesprekken staan in een afzonderlijk deel: {names}.",
        "The printed conversations are in a separate volume: {names}.",
    ),
    "D15.none_printed": (
        "In dit document zijn geen gesprekken afgedrukt. Alle berichten staan in de HTML en de gegevensbestanden.",
        "No conversations are printed in this document. All messages are in the HTML and the data files.",
    ),
    "D15.call_at": ("Tijd", "Time"),
    "D15.call_seconds": ("Duur (s)", "Duration (s)"),
    "D15.call_video": ("Video", "Video"),
    "D15.call_result": ("Uitkomst", "Result"),
    "D16.rule": (
        "Van een gesprek zijn de aangewezen berichten afgedrukt met ten minste {context} berichten ervoor en erna. "
        "Waar berichten zijn weggelaten, staat hoeveel. Het hele gesprek staat in de HTML en de gegevensbestanden.",
        "Of a conversation, the selected messages are printed with at least {context} messages before and after. "
        "Wherever messages are left out it says how many. The whole conversation is in the HTML and the data files.",
    ),
    "D16.picked": (
        "Afgedrukt is wat personen hebben gekozen ({people}): {items} onderdelen met samen {messages} berichten, elk met {context} berichten ervoor en erna. Al het andere is weggelaten; waar berichten ontbreken staat hoeveel. De HTML en de gegevensbestanden hebben alles.",
        "Printed is what persons selected ({people}): {items} items with {messages} messages together, each with {context} messages before and after. All else is left out; where messages are missing it says how many. The HTML and the data files have everything.",
    ),
    "picked": ("Door personen gekozen voor dit rapport", "Selected by persons for this report"),
    "picked.item": ("Onderdeel van de selectie", "Item of the selection"),
    "picked.count": ("{place} ({count} berichten gekozen)", "{place} ({count} messages selected)"),
    "picked.count.1": ("{place} (1 bericht gekozen)", "{place} (1 message selected)"),
    "picked.by": ("Gekozen door", "Selected by"),
    "picked.gone": ("dit gesprek is niet in de zaak", "this conversation is not in the case"),
    "picked.note": ("Notitie van een persoon", "Note of a person"),
    "D16.all": (
        "De afgedrukte gesprekken zijn volledig afgedrukt.",
        "The printed conversations are printed in full.",
    ),
    "D16.html": (
        "In deze HTML staat elk gesprek volledig. In de PDF staan alleen de aangewezen berichten met hun omgeving.",
        "In this HTML every conversation is shown in full. The PDF holds only the selected messages with their context.",
    ),
    "D16.printed_count": ("Berichten afgedrukt", "Messages printed"),
    "D16.total_count": ("Berichten in de zaak", "Messages in the case"),
    "D16.conversations_count": ("Gesprekken afgedrukt (van het geheel)", "Conversations printed (of all)"),
    # D15.1: messages that were seen more than once
    "D15.1": ("Berichten die meer dan eens zijn gezien", "Messages seen more than once"),
    "seen.how": (
        "Staat een bericht in meer databanken van een account, dan telt het hier één keer; de nieuwste databank is de bron, "
        "de andere staan erbij. Staat een bericht op meer toestellen, dan blijven het twee berichten, elk met de eigen bron. "
        "Wat de bronnen verschillend zeggen is hieronder opgesomd; waarom het verschilt is niet vastgesteld.",
        "A message that stands in several databases of an account is counted once here; the newest database is its source "
        "and the others are listed with it. A message that stands on several devices stays two messages, each with its own "
        "source. What the sources say differently is listed below; why they differ is not established.",
    ),
    "seen.weak": (
        "Gelijk gevonden op afzender, tijd en tekst is een zwakkere grond dan op het nummer dat de app zelf geeft: het wordt "
        "gebruikt waar die nummers per account verschillen.",
        "A match by sender, time and text is a weaker ground than one by the app's own id: it is used where those ids differ "
        "per account.",
    ),
    "seen.counts": ("Aantallen", "Counts"),
    "seen.merged": (
        "Berichten die in meer databanken van een account staan",
        "Messages that stand in several databases of an account",
    ),
    "ground.id": (
        "Op beide toestellen, zelfde nummer van de app",
        "On both devices, the app's own id the same",
    ),
    "ground.text": (
        "Op beide toestellen, zelfde afzender, tijd en tekst (zwakker)",
        "On both devices, same sender, time and text (weaker)",
    ),
    "ground.time": (
        "Op beide toestellen, zelfde afzender en tijd (zwakker)",
        "On both devices, same sender and time (weaker)",
    ),
    "seen.copies": ("databanken van één account", "databases of one account"),
    "seen.devices": ("twee toestellen", "two devices"),
    "difference.gone": ("verdwenen", "gone"),
    "difference.deleted": ("gewist op een van beide", "deleted on one of them"),
    "difference.edited": ("andere tekst", "other text"),
    "difference.changed": ("anders", "different"),
    "difference.one side only": ("alleen op één toestel", "on one device only"),
    "seen.gone": (
        "staat in {older} en niet in {newer}: gewist of anders verdwenen tussen beide",
        "is in {older} and not in {newer}: deleted, or lost otherwise, between the two",
    ),
    "seen.recovered": (
        "daar teruggevonden: pagina {page}, byte {byte}",
        "recovered there: page {page}, byte {byte}",
    ),
    "seen.one_side": (
        "geen tegenhanger gevonden op het toestel van {account}",
        "no counterpart found on the device of {account}",
    ),
    "seen.by_name": ("datum in de bestandsnaam", "date in the name of the file"),
    "seen.by_newest": ("nieuwste bericht erin", "newest message in it"),
    "seen.here": ("hier", "here"),
    "seen.there": ("daar", "there"),
    "seen.pairs": ("Toestellen met gedeelde gesprekken", "Devices that share conversations"),
    "seen.one": ("Account van het ene toestel", "Account of the one device"),
    "seen.other": ("Account van het andere toestel", "Account of the other device"),
    "seen.by_id": ("Op beide: nummer van de app", "On both: the app's own id"),
    "seen.by_text": ("Op beide: zwakkere grond", "On both: weaker ground"),
    "seen.offset": (
        "Klok van het andere toestel loopt voor (als berichten heen en terug even lang doen over de weg)",
        "Clock of the other device is ahead by (if messages take equally long both ways)",
    ),
    "seen.clocks": ("Klokken vergeleken, per tweetal toestellen", "Clocks compared, per pair of devices"),
    "seen.pair": ("Het ene / het andere", "The one / the other"),
    "seen.compared": ("Wat is vergeleken", "What is compared"),
    "seen.sent_by": ("Verzonden door", "Sent by"),
    "seen.median": ("Mediaan", "Median"),
    "seen.spread": ("Spreiding (10e tot 90e percentiel)", "Spread (10th to 90th percentile)"),
    "clock.sent": (
        "verzendtijd op het andere toestel min die op het ene",
        "sent time on the other device less that on the one",
    ),
    "clock.arrived": (
        "ontvangsttijd bij de ontvanger min verzendtijd bij de afzender",
        "received time at the receiver less sent time at the sender",
    ),
    "clock.received": (
        "ontvangsttijd op het andere toestel min die op het ene",
        "received time on the other device less that on the one",
    ),
    "sent_by.one": ("het ene toestel", "the one device"),
    "sent_by.other": ("het andere toestel", "the other device"),
    "sent_by.third": ("iemand anders", "somebody else"),
    "seen.differences": ("Verschillen", "Differences"),
    "seen.kind": ("Soort verschil", "Kind of difference"),
    "seen.message": ("Bericht", "Message"),
    "seen.difference": ("Wat verschilt", "What differs"),
    "field.text": ("tekst", "text"),
    "field.state": ("toestand", "state"),
    "field.edits": ("eerdere teksten", "earlier texts"),
    "field.edited_at": ("bewerkt op", "edited at"),
    "field.deleted_at": ("gewist op", "deleted at"),
    "field.deleted_by": ("gewist door", "deleted by"),
    "field.kind": ("soort", "kind"),
    "field.status": ("status", "status"),
    "field.starred": ("ster", "starred"),
    "field.attachments": ("bijlagen", "attachments"),
    "field.reactions": ("reacties", "reactions"),
    "field.receipts": ("ontvangstmeldingen", "receipts"),
    "detail.both_devices": ("Ook op het toestel van", "Also on the device of"),
    "detail.difference": ("Verschil", "Difference"),
    "E17.earlier": (
        "Besluit op een eerdere versie van deze aanwijzing (berichten {messages}): {made}",
        "Decision made on an earlier version of this flag (messages {messages}): {made}",
    ),
    "E17.replaced": (
        "Vervangen: eerder besluit van dezelfde persoon, dat gold tot {until}: {made}",
        "Replaced: earlier decision of the same person, which stood until {until}: {made}",
    ),
    "E17.withdrawn": (
        "Teruggenomen op {until} ({why}): {made}",
        "Taken back at {until} ({why}): {made}",
    ),
    "E17.without_flag": (
        "Besluit op een aanwijzing waarvan geen bericht nu nog in een aanwijzing staat (berichten {messages}): {made}",
        "Decision made on a flag of which no message is in a flag now (messages {messages}): {made}",
    ),
    "gap.1": ("1 bericht niet afgedrukt", "1 message not shown"),
    "gap": ("{count} berichten niet afgedrukt", "{count} messages not shown"),
    # E: machine flags
    "E17.flags": ("Aanwijzingen", "Flags"),
    "E17.counts": ("Stand van de beoordeling", "State of the review"),
    "E17.decision": ("Beoordeling", "Decision"),
    "E17.count": ("Aantal", "Number"),
    "E17.explained": (
        "Per aanwijzing: de regels en waarom (gelijke teksten één keer; een gesprek bestaat uit aanwijzingen die al genoemd zijn)",
        "Per flag: the rules and why (equal texts once; a conversation consists of flags named already)",
    ),
    "E17.number": ("Aanwijzing", "Flag"),
    "E17.kind": ("Soort", "Kind"),
    "E17.messages": ("Berichten", "Messages"),
    "E17.rule": ("Regel en versie", "Rule and version"),
    "E17.span": ("Gevonden tekst", "Matched text"),
    "E17.code_points": ("Tekens in woorden", "Characters in words"),
    "E17.reason": ("Waarom", "Why"),
    "hit.language": ("taal", "language"),
    "hit.or": ("of", "or"),
    "hit.of.invisible characters": ("onzichtbare tekens", "invisible characters"),
    "hit.of.styled letters": ("sierletters", "styled letters"),
    "hit.of.combining marks": ("losse accenten", "combining marks"),
    "hit.of.misspelled": ("spelfout", "misspelled"),
    "hit.of.mixed-script": ("letters van twee schriften door elkaar", "mixed-script"),
    "hit.of.look-alike": ("letters van een ander schrift", "look-alike"),
    "hit.of.leet": ("cijfers of tekens als letters", "leet"),
    "hit.of.separated": ("letters uit elkaar", "separated"),
    "hit.of.repeated": ("herhaalde letters", "repeated"),
    "hit.of.reversed": ("omgekeerd geschreven", "reversed"),
    "hit.of.inflected": ("verbogen", "inflected"),
    "hit.of.bakery": ("bakkerij", "bakery"),
    "hit.of.cooking": ("koken", "cooking"),
    "hit.of.drinks": ("dranken", "drinks"),
    "hit.of.fiction": ("fictie", "fiction"),
    "hit.of.figure": ("beeldspraak of naam", "figure"),
    "hit.of.garden": ("tuin", "garden"),
    "hit.of.grocery": ("boodschappen", "grocery"),
    "hit.of.hair": ("kapper", "hair"),
    "hit.of.harm_reduction": ("hulp en voorlichting", "harm_reduction"),
    "hit.of.music": ("muziek", "music"),
    "hit.of.news": ("nieuws", "news"),
    "hit.of.pharmacy": ("apotheek en zorg", "pharmacy"),
    "hit.of.restaurant": ("restaurant", "restaurant"),
    "hit.of.secondhand": ("tweedehands", "secondhand"),
    "hit.of.sport": ("sport", "sport"),
    "hit.of.telephony": ("telefonie", "telephony"),
    "hit.of.place": ("plaats", "place"),
    "hit.of.payment": ("betaling", "payment"),
    "hit.of.credit": ("krediet", "credit"),
    "hit.of.security": ("verbergen", "security"),
    "hit.of.referral": ("verwijzing", "referral"),
    "hit.of.resupply": ("voorraad", "resupply"),
    "hit.of.complaint": ("klacht", "complaint"),
    "hit.of.handover": ("overdracht", "handover"),
    "hit.of.role": ("rol", "role"),
    "hit.of.gift": ("gift", "gift"),
    "hit.of.number": ("nummer", "number"),
    "hit.of.noprescription": ("zonder recept", "noprescription"),
    "hit.message": ("bericht", "message"),
    "language.ar": ("Arabisch", "Arabic"),
    "language.ar-latn": ("Arabisch in Latijnse letters", "Arabic in Latin letters"),
    "language.de": ("Duits", "German"),
    "language.es": ("Spaans", "Spanish"),
    "language.fr": ("Frans", "French"),
    "language.it": ("Italiaans", "Italian"),
    "language.pl": ("Pools", "Polish"),
    "language.pt": ("Portugees", "Portuguese"),
    "language.ro": ("Roemeens", "Romanian"),
    "language.straattaal": ("straattaal", "Dutch street language"),
    "language.tr": ("Turks", "Turkish"),
    "E17.items": ("Genoemde waar", "Items named"),
    "E17.substance": ("Stof volgens de woordenlijst", "Substance according to the word list"),
    "E17.quantity": ("Hoeveelheid", "Quantity"),
    "E17.price": ("Prijs", "Price"),
    "E17.list": ("Lijst Opiumwet", "Opium Act list"),
    "E17.markets": ("Soort markt", "Kind of market"),
    "E17.trade": ("Soort handel volgens de regels", "Kind of trade according to the rules"),
    "E17.chat": ("Gesprek", "Chat"),
    "trade.line": ("handel: {kind}", "trade: {kind}"),
    "trade.wholesale_or_production": ("groothandel of productie", "wholesale or production"),
    "trade.supply": ("verstrekking", "supply"),
    "trade.medicine_trade": ("geneesmiddelen", "medicines"),
    "concerned.title": (
        "Bepalingen waarvoor aanwijzingen van belang kunnen zijn",
        "Provisions that flags may be relevant to",
    ),
    "concerned.note": (
        "Aanwijzing op grond van de tekst: voor welke bepalingen een aanwijzing van belang kan zijn, afgeleid uit wat de regels "
        "lazen. Het is geen kwalificatie en geen oordeel over schuld.",
        "Indication, based on the text: which provisions a flag may be relevant to, derived from what the rules read. It is no "
        "legal classification and no opinion about guilt.",
    ),
    "concerned.how": (
        "Een bericht is een bewering over een stof; welke stof het is, stelt alleen een laboratorium vast. Of een bepaling geldt, "
        "en in welke tekst, beoordeelt een jurist. De lijst is die op de datum van het bericht; bij een bericht zonder tijd is geen "
        "bepaling genoemd. Niet uit berichten afgeleid: in- en uitvoer (A), voorbereiding van teelt (11a), deelneming aan een "
        "organisatie (11b), eigen gebruik, straffen.",
        "A message is a claim about a substance; which substance it is, only a laboratory establishes. Whether a provision "
        "applies, and in which text, is for a lawyer. The list is that on the date of the message; of a message without a time no "
        "provision is named. Not derived from messages: import and export (A), preparing cultivation (11a), organisation (11b), "
        "own use, penalties.",
    ),
    "concerned.provision": ("Bepaling", "Provision"),
    "concerned.by": ("Genoemd omdat", "Named because"),
    "concerned.ground": ("Hoe zeker de tekst is", "How sure the text is"),
    "concerned.short": ("Kan van belang zijn voor", "May be relevant to"),
    "services.title": (
        "Kanaal of privégesprek: wat bekend is over de Digital Services Act",
        "Channel or private chat: what is known about the Digital Services Act",
    ),
    "services.note": (
        "Een onlineplatform in de zin van de Digital Services Act (Verordening (EU) 2022/2065, art. 3, onder i) verspreidt op "
        "verzoek opgeslagen informatie onder het publiek. De soort gesprek staat er zoals de app haar opsloeg; wat over een dienst "
        "bekend is, komt uit de genoemde bron en is geen kwalificatie van dit gesprek.",
        "An online platform under the Digital Services Act (Regulation (EU) 2022/2065, art. 3(i)) disseminates to the public "
        "information that it stores at a user's request. The kind of chat is that which the app stored; what is known of a service "
        "comes from the source named and is no legal classification of this chat.",
    ),
    "services.short": (
        "Wat over de dienst bekend is, is geen kwalificatie van het gesprek. Uitleg en bronnen: flags.pdf en de HTML.",
        "What is known of the service is no legal classification of the chat. Reasons and sources: flags.pdf and the HTML.",
    ),
    "services.platform": ("platform", "platform"),
    "services.outside": ("geen platform", "no platform"),
    "services.open": ("open", "open"),
    "services.known": ("Wat bekend is (DSA)", "What is known (DSA)"),
    "E17.goods": ("Waar", "Goods"),
    "E17.taken_over": (
        "waar van berichten die er zelf geen noemen: overgenomen uit eerder bericht {messages}",
        "goods of messages that name none themselves: taken over from earlier message {messages}",
    ),
    "E17.laws": ("Lijst Opiumwet op de datum van het bericht", "Opium Act list on the date of the message"),
    "E17.counter": ("Tegenaanwijzingen", "Counter-indications"),
    "E17.more_counter": (
        "en nog {} tegenaanwijzingen, in messages.jsonl",
        "and {} more counter-indications, in messages.jsonl",
    ),
    "E17.no_counter": ("geen gevonden door de regels", "none found by the rules"),
    # E: offers, accounts that sent them, possible transactions, figures
    "E17.how": (
        "Gelijke teksten van een account zijn samengenomen tot één aanbod; elke verzending staat er met haar bron bij. "
        "Gemarkeerd is wat een regel vond; de tekst staat er zoals opgeslagen. Aantallen zijn aantallen berichten op dit "
        "toestel en zeggen niets over wat werkelijk geleverd of betaald is. Een bericht aan een verzendlijst staat in de lijst en "
        "in het gesprek met elke ontvanger: het is één keer verzonden, maar telt als bericht en als aanwijzing per gesprek.",
        "Equal texts of an account are taken together as one offer; every sending is listed with its source. What a rule "
        "matched is marked; the text stands as stored. The numbers are numbers of messages on this device and say nothing "
        "of what was really delivered or paid. A message to a broadcast list stands in the list and in the chat of each "
        "recipient: it was sent once, but counts as a message and as a flag in each conversation.",
    ),
    "E17.elsewhere": (
        "Alle aanwijzingen met elke regel en bron: flags.pdf, de HTML en messages.xlsx.",
        "All flags with every rule and source: flags.pdf, the HTML and messages.xlsx.",
    ),
    "E17.overview": ("Overzicht per soort", "Overview by kind"),
    "E17.texts": ("Verschillende teksten", "Different texts"),
    "E17.talks": ("Gesprekken", "Conversations"),
    "E17.source": ("Bron", "Source"),
    "E17.all": ("Alle aanwijzingen met hun bron", "All flags with their source"),
    "E17.decided": ("Beoordeling door een mens", "Decision by a person"),
    "sellers": (
        "Accounts die iets aanbieden, volgens de regels",
        "Accounts that offer something, according to the rules",
    ),
    "sellers.none": ("De regels vonden geen aanbod.", "The rules found no offer."),
    "sellers.more": (
        "Nog {count} accounts met een aanbod staan in flags.pdf en in de HTML.",
        "{count} more accounts with an offer are in flags.pdf and in the HTML.",
    ),
    "sellers.more.1": (
        "Nog 1 account met een aanbod staat in flags.pdf en in de HTML.",
        "1 more account with an offer is in flags.pdf and in the HTML.",
    ),
    "sellers.capped": (
        "Nog {count} accounts met een aanbod staan in de tabel hierboven en in de gegevensbestanden.",
        "{count} more accounts with an offer are in the table above and in the data files.",
    ),
    "sellers.capped.1": (
        "Nog 1 account met een aanbod staat in de tabel hierboven en in de gegevensbestanden.",
        "1 more account with an offer is in the table above and in the data files.",
    ),
    "seller.title": ("Account", "Account"),
    "seller.identifier": ("Kenmerk van het account", "Identifier of the account"),
    "seller.offers": ("Aanbod", "Offers"),
    "seller.offers_value": (
        "verschillende teksten: {texts}; verzonden: {sendings} keer; gesprekken: {talks}",
        "different texts: {texts}; times sent: {sendings}; conversations: {talks}",
    ),
    "seller.period": ("Eerste en laatste aanbod", "First and last offer"),
    "seller.kinds": ("Soorten gesprek", "Kinds of chat"),
    "seller.deals": ("Mogelijke transacties", "Possible transactions"),
    "seller.deals_value": (
        "aanwijzingen: {deals}; gesprekken: {talks}",
        "flags: {deals}; conversations: {talks}",
    ),
    "seller.lists": (
        "Lijsten Opiumwet op de datum van het bericht",
        "Opium Act lists on the date of the message",
    ),
    "seller.mixed": (
        "Gemengd aanbod: in {count} van de {total} teksten staan waren van lijst I en van lijst II naast elkaar "
        "(zoals de regels ze lazen, op de datum van het bericht). Lijst I: {hard}. Lijst II: {soft}.",
        "Mixed offers: in {count} of the {total} texts goods of list I and of list II stand beside each other "
        "(as the rules read them, on the date of the message). List I: {hard}. List II: {soft}.",
    ),
    "seller.mixed_over": (
        "Het account biedt waren van lijst I en van lijst II aan, in verschillende teksten (zoals de regels ze lazen). "
        "Lijst I: {hard}. Lijst II: {soft}.",
        "The account offers goods of list I and of list II, in different texts (as the rules read them). "
        "List I: {hard}. List II: {soft}.",
    ),
    "seller.not_mixed": (
        "In geen tekst staan waren van lijst I en van lijst II naast elkaar (zoals de regels ze lazen).",
        "In no text do goods of list I and of list II stand beside each other (as the rules read them).",
    ),
    "seller.broadcasts": ("Gelijke teksten en hun bereik", "Equal texts and their reach"),
    "seller.offers_more": (
        "Nog {count} teksten van dit account staan in flags.pdf en in de HTML.",
        "{count} more texts of this account are in flags.pdf and in the HTML.",
    ),
    "seller.offers_more.1": (
        "Nog 1 tekst van dit account staat in flags.pdf en in de HTML.",
        "1 more text of this account is in flags.pdf and in the HTML.",
    ),
    "offer.number": ("Aanbod", "Offer"),
    "offer.title": (
        "Aanbod M{number}: {sendings} keer verzonden, in {talks} gesprekken",
        "Offer M{number}: sent {sendings} times, in {talks} conversations",
    ),
    "offer.title_one": ("Aanbod M{number}: één keer verzonden", "Offer M{number}: sent once"),
    "offer.title_list": (
        "Aanbod M{number}: één keer verzonden, in {talks} gesprekken",
        "Offer M{number}: sent once, in {talks} conversations",
    ),
    "offer.first": ("Eerste verzending", "First sending"),
    "offer.last": ("Laatste verzending", "Last sending"),
    "offer.sendings": ("Keer verzonden", "Times sent"),
    "offer.reach": ("In gesprekken", "In conversations"),
    "offer.lists": ("Lijsten", "Lists"),
    "offer.flags": ("Aanwijzingen", "Flags"),
    "offer.goods": ("Waren in dit aanbod, naar lijst op {date}", "Goods in this offer, by list on {date}"),
    "offer.sent": ("Alle verzendingen", "All sendings"),
    "offer.item": ("Bericht", "Message"),
    "offer.rules": ("Gevonden door", "Found by"),
    "goods": ("Waren naar lijst, alle teksten van dit account", "Goods by list, all texts of this account"),
    "goods.list": ("Lijst", "List"),
    "goods.tiers": ("Hoeveelheid en prijs zoals gelezen", "Amount and price as read"),
    "goods.unit_price": ("Prijs per eenheid", "Price per unit"),
    "amount.piece": ("stuks", "pieces"),
    "amount.strip": ("strips", "strips"),
    "amount.box": ("dozen", "boxes"),
    "amount.tank": ("tanks", "tanks"),
    "amount.pack": ("zakjes", "packs"),
    "amount.1.piece": ("stuk", "piece"),
    "amount.1.strip": ("strip", "strip"),
    "amount.1.box": ("doos", "box"),
    "amount.1.tank": ("tank", "tank"),
    "amount.1.pack": ("zakje", "pack"),
    "goods.law": ("Grond", "Ground"),
    "goods.unlisted": ("geen / na te gaan", "none / to be checked"),
    "goods.unknown": ("niet in de woordenlijst", "not in the word list"),
    "law.verified": ("nagegaan", "verified"),
    "law.secondary": ("uit tweede hand, na te gaan", "from a secondary source, to be checked"),
    "law.none": ("geen stof genoemd", "no substance named"),
    "law.told.list": ("lijst", "list"),
    "law.told.decision": ("besluit", "decision"),
    "law.told.valid_from": ("sinds", "since"),
    "law.told.confidence": ("grond", "ground"),
    "law.told.note": ("aantekening van de tabel", "note of the table"),
    "law.told.beside": ("andere landen", "other countries"),
    "law.decision": ("besluit bekend", "decision known"),
    "law.decision+secondary-date": ("besluit bekend, datum na te gaan", "decision known, date to be checked"),
    "law.recalled": ("niet nagegaan", "not verified"),
    "law.table": (
        "De lijsten zijn niet alleen in de ingebouwde tabel opgezocht, maar eerst in of naast een tabel van de gebruiker: "
        "{name}, versie {version}, SHA-256 {sha256}, {rows} regels, van: {jurisdictions}.",
        "The lists were not looked up in the built-in table alone, but first in or beside a table of the user: "
        "{name}, version {version}, SHA-256 {sha256}, {rows} rows, of: {jurisdictions}.",
    ),
    "law.unknown": ("onbekend, na te gaan", "unknown, to be checked"),
    "prices": ("Verloop van de gevraagde prijzen", "History of the prices asked"),
    "prices.alt": (
        "Trapsgewijze lijnen van de gevraagde prijs door de tijd; het nummer bij elke lijn staat in de tabel eronder.",
        "Stepped lines of the price asked over time; the number at each line is that in the table beneath.",
    ),
    "prices.line": ("Lijn", "Line"),
    "prices.history": ("Prijs vanaf de datum", "Price from the date on"),
    "customers": ("Andere accounts in mogelijke transacties", "Other accounts in possible transactions"),
    "customers.who": ("Account", "Account"),
    "customers.first": ("Eerste", "First"),
    "customers.last": ("Laatste", "Last"),
    "customers.named": ("Genoemde waar", "Goods named"),
    "hours": (
        "Tijdstip van aanbod en mogelijke transacties",
        "Times of day of offers and possible transactions",
    ),
    "hours.alt": (
        "Staafdiagram van het aantal berichten per uur van de dag; de getallen staan in de tabel eronder.",
        "Bar chart of the number of messages per hour of the day; the figures are in the table beneath.",
    ),
    "hours.hour": ("Uur ({zone})", "Hour ({zone})"),
    "deals": ("Mogelijke transacties", "Possible transactions"),
    "deals.none": ("De regels vonden geen mogelijke transactie.", "The rules found no possible transaction."),
    "deal.title": ("Mogelijke transactie {flag}:", "Possible transaction {flag}:"),
    "deals.more": (
        "Nog {count} mogelijke transacties staan in flags.pdf en in de HTML.",
        "{count} more possible transactions are in flags.pdf and in the HTML.",
    ),
    "deals.more.1": (
        "Nog 1 mogelijke transactie staat in flags.pdf en in de HTML.",
        "1 more possible transaction is in flags.pdf and in the HTML.",
    ),
    "deals.capped": (
        "Nog {count} mogelijke transacties staan in de tabel van alle aanwijzingen en in de gegevensbestanden.",
        "{count} more possible transactions are in the table of all flags and in the data files.",
    ),
    "deals.capped.1": (
        "Nog 1 mogelijke transactie staat in de tabel van alle aanwijzingen en in de gegevensbestanden.",
        "1 more possible transaction is in the table of all flags and in the data files.",
    ),
    "network": ("Wie met wie in mogelijke transacties", "Who with whom in possible transactions"),
    "network.alt": (
        "Netwerk van accounts: een lijn is dikker naarmate er meer aanwijzingen zijn; nummers en getallen staan in de tabel eronder.",
        "Network of accounts: a line is thicker the more flags there are; numbers and figures are in the table beneath.",
    ),
    "network.one": ("Nr. en account", "No. and account"),
    "network.other": ("Nr. en ander account", "No. and other account"),
    "shares": (
        "Cijfers: aangewezen handel over chat",
        "Figures: flagged trade over chat",
    ),
    "shares.note": (
        "Geteld zijn de berichten in aanwijzingen van de soorten aanbod en mogelijke transactie, elk één keer. Alles hier liep "
        "over chat op dit toestel; wat langs een andere weg ging, is niet te zien en niet te schatten. Een bericht met waren "
        "van meer dan één lijst telt bij elk van die lijsten.",
        "Counted are the messages in flags of the kinds offer and possible transaction, each once. All of it ran over chat on "
        "this device; what went another way cannot be seen and not be estimated. A message with goods of more than one list "
        "counts under each of those lists.",
    ),
    "shares.by_app": ("Per app", "By app"),
    "shares.by_kind": ("Per soort gesprek", "By kind of chat"),
    "shares.by_list": ("Per lijst van de Opiumwet", "By list of the Opium Act"),
    "shares.by_period": ("Per periode", "By period"),
    "shares.all": ("App, soort gesprek, lijst en kwartaal", "App, kind of chat, list and quarter"),
    "shares.flagged": ("Aangewezen berichten", "Flagged messages"),
    "shares.of_flagged": ("Van alle aangewezen", "Of all flagged"),
    "shares.of_all": ("Van alle berichten", "Of all messages"),
    "shares.talks": ("Gesprekken met een aanwijzing", "Conversations with a flag"),
    "shares.quarter": ("Kwartaal", "Quarter"),
    "shares.repeated": (
        "Teksten die in drie of meer gesprekken zijn verzonden: {count}, samen {sendings} berichten.",
        "Texts that were sent in three or more conversations: {count}, {sendings} messages in all.",
    ),
    "of_value": ("{count} van {total}", "{count} of {total}"),
    "no_date": ("zonder datum", "without a date"),
    # First page
    "first.who": ("Accounts op het toestel", "Accounts on the device"),
    "first.device": ("Toestel", "Device"),
    "first.authority": ("Grondslag", "Legal basis"),
    "first.read": ("Gelezen", "Read"),
    "first.read_value": (
        "{messages} berichten in {conversations} gesprekken, {calls} oproepen",
        "{messages} messages in {conversations} conversations, {calls} calls",
    ),
    "first.period": ("Eerste en laatste bericht", "First and last message"),
    "first.states": ("Gewist, verborgen of teruggehaald", "Deleted, hidden or recovered"),
    "first.unread": ("Niet gelezen", "Not read"),
    "first.unread_value": (
        "{failed} rijen mislukt, {problems} bestanden met een probleem (B8), {notices} meldingen (C10)",
        "{failed} rows failed, {problems} files with a problem (B8), {notices} notices (C10)",
    ),
    "first.left_out": ("Niet opgenomen", "Not included"),
    "first.left_out_value": (
        "{scope} rijen buiten de reikwijdte, {privilege} verschoningsgerechtigd",
        "{scope} rows out of scope, {privilege} privileged",
    ),
    "first.unchanged": ("Bewijsstuk ongewijzigd", "Evidence unchanged"),
    "container.file": ("bestand", "file"),
    "container.folder": ("map", "folder"),
    "container.zip": ("zip-bestand", "zip"),
    "container.tar": ("tar-bestand", "tar"),
    "container.android backup": ("back-up van Android", "Android backup"),
    "container.itunes backup": ("back-up van iTunes", "iTunes backup"),
    "container.disk image": ("schijfkopie", "disk image"),
    "first.unchanged_yes": (
        "ja, SHA-256 voor en na verwerking gelijk (aantal: {count})",
        "yes, SHA-256 before and after processing equal (items: {count})",
    ),
    "first.unchanged_no": ("NEE of niet vastgesteld: zie B6", "NO or not established: see B6"),
    "first.flags": ("Automatische aanwijzingen (geen bevindingen)", "Machine flags (not findings)"),
    "first.flags_value": (
        "{offers} aanbiedingen ({texts} verschillende teksten), {deals} mogelijke transacties, {others} overige; "
        "{unreviewed} nog niet door een mens beoordeeld",
        "{offers} offers ({texts} different texts), {deals} possible transactions, {others} others; "
        "{unreviewed} not yet reviewed by a person",
    ),
    "first.worth": (
        "Wat dit rapport waard is: delen A tot en met D geven weer wat in de bestanden staat, elk bericht met zijn vindplaats; "
        "zij zijn te controleren zonder dit programma. Deel E zijn aanwijzingen van regels, met bekende fouten (C12). Deel F "
        "is voor de lezer. Wat dit onderzoek niet kan laten zien, staat in G19.",
        "What this report is worth: parts A to D render what is in the files, each message with its place; they can be "
        "checked without this program. Part E holds flags of rules, with known errors (C12). Part F is for the reader. What "
        "this examination cannot show is in G19.",
    ),
    # Long texts
    "text.cut": (
        "[Hier afgebroken: nog {count} tekens niet weergegeven. De hele tekst staat in de gegevensbestanden; SHA-256 van de hele "
        "tekst (UTF-8): {sha256}]",
        "[Cut here: {count} more characters not shown. The whole text is in the data files; SHA-256 of the whole text "
        "(UTF-8): {sha256}]",
    ),
    "text.repeated": (
        "[Zelfde tekst als bericht {number}, daar volledig weergegeven ({count} tekens)]",
        "[Same text as message {number}, shown there in full ({count} characters)]",
    ),
    "flags_title": ("Alle automatische aanwijzingen", "All machine flags"),
    "end_of_flags": ("Einde van de aanwijzingen", "End of the flags"),
    "decision.confirmed": ("bevestigd", "confirmed"),
    "decision.rejected": ("verworpen", "rejected"),
    "decision.uncertain": ("onzeker", "uncertain"),
    "decision.unreviewed": ("nog niet beoordeeld", "not yet reviewed"),
    "flag.menu": ("aanbod of prijslijst", "offer or price list"),
    "flag.deal": ("mogelijke transactie", "possible transaction"),
    "flag.mention": ("vermelding", "mention"),
    "flag.conversation": ("gesprek", "conversation"),
    # F
    "F18.template": (
        "Ruimte voor de interpretatie door een mens. Dit programma vult hier niets in.",
        "Room for the interpretation by a person. This program fills in nothing here.",
    ),
    "F18.author": ("Naam van de schrijver", "Name of the author"),
    "F18.date": ("Datum", "Date"),
    "F18.text": ("Interpretatie", "Interpretation"),
    "F18.by": ("Geschreven door", "Written by"),
    # G
    "G19.limits": ("Beperkingen", "Limitations"),
    "G19.tokens": (
        "Tekens zonder afbeelding in de meegeleverde lettertypen, of onzichtbaar (in teksten, namen en titels)",
        "Characters without a glyph in the fonts that come with it, or invisible (in texts, names and titles)",
    ),
    "G19.character": ("Weergegeven als", "Shown as"),
    "G19.character_name": ("Naam in Unicode", "Name in Unicode"),
    "G19.texts": ("Aantal teksten", "Number of texts"),
    "G19.limit.apps": (
        "Alleen de apps, schema's en versies die in C12 staan zijn gelezen. Andere apps op het toestel zijn niet onderzocht.",
        "Only the apps, schemas and versions listed in C12 were read. Other apps on the device were not examined.",
    ),
    "G19.limit.disappearing": (
        "Berichten die vanzelf verdwijnen of gewist zijn, kunnen ontbreken zonder een spoor na te laten.",
        "Disappearing or deleted messages may be missing without leaving a trace.",
    ),
    "G19.limit.drafts": (
        "Concepten en mislukte berichten zijn niet verzonden en zijn als zodanig gemerkt.",
        "Drafts and failed messages were not sent and are marked as such.",
    ),
    "G19.limit.media": (
        "Media die niet in de extractie zitten, zijn genoemd maar niet gezien. Beeld en geluid zijn hier niet beschreven.",
        "Media that are not in the extraction are referenced but were not seen. Image and sound are not described here.",
    ),
    "G19.limit.cloud": (
        "Gesprekken die alleen in de cloud staan (zoals gewone Telegramgesprekken op een ander toestel) staan hier niet in.",
        "Chats that exist only in the cloud (such as ordinary Telegram chats on another device) are not included.",
    ),
    "G19.limit.devices": (
        "Een account kan op meer toestellen in gebruik zijn geweest; de opslag van dit toestel hoeft niet volledig te zijn.",
        "An account may have been in use on more devices; the storage of this device need not be complete.",
    ),
    "G19.limit.lock": (
        "Wat door schermvergrendeling of versleuteling niet is veiliggesteld, ontbreekt. Wat niet geopend kon worden, staat in B8.",
        "What a screen lock or encryption kept out of the acquisition is missing. What could not be opened is listed in B8.",
    ),
    "G19.limit.recovered": (
        "Teruggehaalde rijen kunnen onvolledig zijn en kunnen oudere versies van bestaande berichten zijn.",
        "Recovered rows may be incomplete and may be older versions of existing messages.",
    ),
    "G19.limit.flags": (
        "De automatische aanwijzingen missen berichten en wijzen soms ten onrechte; geen aanwijzing betekent niet dat er niets is.",
        "The machine flags miss messages and are sometimes wrong; no flag does not mean that there is nothing.",
    ),
    "G19.limit.signs": (
        "Een teken als ⟨U+202E⟩ staat voor een onzichtbaar of niet weer te geven teken; emoji verschillen per toestel. De ruwe tekst staat in messages.jsonl.",
        "A sign such as ⟨U+202E⟩ stands for an invisible or unprintable character; emoji differ per device. The raw text is in messages.jsonl.",
    ),
    "G19.fixed": ("Wat dit onderzoek niet kan laten zien", "What this examination cannot show"),
    "G19.excluded": (
        "Buiten de reikwijdte of verschoningsgerechtigd: niet opgenomen (alleen aantallen)",
        "Out of scope or privileged: not included (counts only)",
    ),
    "excluded.scope": ("buiten de reikwijdte", "out of scope"),
    "excluded.privilege": ("verschoningsgerechtigd", "privileged"),
    "excluded.sealed": (
        "records die verzegeld zijn voor de rechter-commissaris, teruggevonden records inbegrepen",
        "records that are sealed for the examining magistrate, recovered ones included",
    ),
    "excluded.sealed_files": (
        "bestanden van bijlagen die daarmee verzegeld zijn",
        "files of attachments that are sealed with them",
    ),
    "excluded.files_not_sealed": (
        "bestanden bij verzegelde berichten die niet verzegeld zijn en in het bewijs blijven: {reason}",
        "files of sealed messages that are not sealed and stay in the evidence: {reason}",
    ),
    "not_sealed.in a form that is opened once": (
        "de app bewaart ze versleuteld in een vorm die één keer geopend wordt",
        "the app keeps them encrypted in a form that is opened once",
    ),
    "not_sealed.unreadable": ("niet nogmaals leesbaar", "could not be read a second time"),
    "not_sealed.not the same twice": (
        "bij nogmaals lezen niet dezelfde bytes",
        "other bytes when they were read a second time",
    ),
    "not_sealed.too large": ("groter dan 4 GiB", "larger than 4 GiB"),
    "not_sealed.without a place": (
        "hun plaats in het bewijs is niet vastgelegd",
        "their place in the evidence is not recorded",
    ),
    "market.soft": ("softdrugs", "soft drugs"),
    "market.hard": ("harddrugs", "hard drugs"),
    "market.medicine": ("geneesmiddelen", "medicines"),
    "market.designer": ("designerdrugs", "designer drugs"),
    "G19.reason": ("Reden", "Reason"),
    "G20.term": ("Begrip", "Term"),
    "G20.meaning": ("Betekenis", "Meaning"),
    "G20.glossary": ("Begrippen", "Glossary"),
    "G21.files": (
        "Eerder in deze levering geschreven bestanden",
        "Files of this delivery written before this one",
    ),
    "G21.file": ("Bestand", "File"),
    "G21.size": ("Grootte (bytes)", "Size (bytes)"),
    "G21.sha256": ("SHA-256", "SHA-256"),
    "G21.rest": (
        "De volledige lijst met hashes staat in manifest-sha256.txt. De SHA-256 van tagmanifest-sha256.txt dekt de "
        "hele levering: neem dat getal op in het proces-verbaal. Controle zonder dit programma: zie VERIFY.txt.",
        "The whole list with hashes is manifest-sha256.txt. The SHA-256 of tagmanifest-sha256.txt covers the whole "
        "delivery: quote that number in the official report. To check without this program, see VERIFY.txt.",
    ),
    "G21.log_head": ("Laatste logregel (hash)", "Last log entry (hash)"),
    "G21.log_entries": ("Logregels", "Log entries"),
    "G21.public_keys": ("Openbare sleutels van het logboek", "Public keys of the log"),
    "G21.record_tree": (
        "Wortel van de boom over alle records (RFC 6962; bewijst één bericht, zie VERIFY.txt)",
        "Root of the tree over all records (RFC 6962; proves a single message, see VERIFY.txt)",
    ),
    "G21.trusted_time": ("Tijdstempel van een derde", "Time stamp by a third party"),
    "G21.no_trusted_time": (
        "geen bij het maken van dit rapport; een handtekening die later is gezet, zegt zelf of zij er een heeft",
        "none when this report was made; a signature that was put later says itself whether it has one",
    ),
    "G22.name": ("Naam", "Name"),
    "G22.function": ("Functie", "Function"),
    "G22.place": ("Plaats", "Place"),
    "G22.date": ("Datum", "Date"),
    "G22.signature": ("Handtekening", "Signature"),
    "G22.report_hash": (
        "SHA-256 van tagmanifest-sha256.txt (bij afdruk in te vullen)",
        "SHA-256 of tagmanifest-sha256.txt (to be filled in on a printed copy)",
    ),
    # Messages
    "owner": ("eigenaar van het account", "owner of the account"),
    "sender_unknown": ("afzender niet opgeslagen", "sender not stored"),
    "no_time": ("geen tijd opgeslagen", "no time stored"),
    "state.deleted_for_everyone": ("GEWIST VOOR IEDEREEN", "DELETED FOR EVERYONE"),
    "state.hidden": ("NIET MEER GETOOND DOOR DE APP", "NO LONGER SHOWN BY THE APP"),
    "state.recovered": ("TERUGGEHAALD", "RECOVERED"),
    "state.uncommitted": ("NIET VASTGELEGD IN DE DATABANK", "NOT COMMITTED"),
    "state.live": ("aanwezig", "live"),
    "status_of.draft": ("CONCEPT, NIET VERZONDEN", "DRAFT, NOT SENT"),
    "status_of.scheduled": ("GEPLAND, NIET VERZONDEN", "SCHEDULED, NOT SENT"),
    "status_of.pending": ("wacht op verzending", "pending"),
    "status_of.failed": ("VERZENDEN MISLUKT", "SENDING FAILED"),
    "status_of.sent": ("verzonden", "sent"),
    "status_of.delivered": ("afgeleverd", "delivered"),
    "status_of.read": ("gelezen", "read"),
    "status_of.played": ("afgespeeld", "played"),
    "copy.as_it_was": ("kopie", "copy"),
    "copy.normalised": ("kopie, genormaliseerd", "copy, normalised"),
    "copy.quote": ("citaat", "quote"),
    "copy.index of words": ("zoekindex", "index of words"),
    "copy.older table": ("oudere tabel", "older table"),
    "copy.link preview": ("voorvertoning van een koppeling", "link preview"),
    "copy.notification": ("melding van de telefoon", "notification of the phone"),
    "label.edited": ("BEWERKT", "EDITED"),
    "label.forwarded": ("DOORGESTUURD", "FORWARDED"),
    "label.view_once": ("EENMALIG TE BEKIJKEN", "VIEW ONCE"),
    "label.starred": ("MET STER", "STARRED"),
    "detail.status": ("status", "status"),
    "detail.received_at": ("ontvangen", "received"),
    "detail.delivered_at": ("afgeleverd", "delivered"),
    "detail.read_at": ("gelezen", "read"),
    "detail.edited_at": ("bewerkt", "edited"),
    "detail.deleted_at": ("gewist", "deleted"),
    "detail.deleted_by": ("gewist door", "deleted by"),
    "detail.copy": ("kopie, niet het origineel", "copy, not the original"),
    "detail.edit": ("eerdere tekst", "earlier text"),
    "detail.quote": ("antwoord op", "in reply to"),
    "detail.quote_missing": ("bericht niet gevonden", "message not found"),
    "detail.forwarded_from": ("doorgestuurd van", "forwarded from"),
    "detail.forwarded_times": ("doorgestuurd", "forwarded"),
    "forwarded.often": ("vaak (127, de code van de app daarvoor)", "many (127, the app's code for that)"),
    "detail.reaction": ("reactie", "reaction"),
    "detail.reaction_removed": ("reactie verwijderd", "reaction removed"),
    "detail.receipt": ("ontvangst", "receipt"),
    "receipts.count": (
        "{count} ontvangers, elk afzonderlijk in de HTML en de gegevensbestanden",
        "{count} recipients, one by one in the HTML and the data files",
    ),
    "detail.mention": ("genoemd", "mentioned"),
    "detail.attachment": ("bijlage", "attachment"),
    "detail.caption": ("bijschrift", "caption"),
    "detail.location": ("locatie", "location"),
    "detail.contact": ("contactkaart", "contact card"),
    "detail.poll": ("peiling", "poll"),
    "detail.system": ("gebeurtenis", "event"),
    "detail.expires": ("verdwijnt na (seconden)", "disappears after (seconds)"),
    "detail.source": ("bron", "source"),
    "detail.also": ("ook gevonden in", "also found in"),
    "attachment.present": ("aanwezig, SHA-256 {sha256}", "present, SHA-256 {sha256}"),
    "attachment.absent": (
        "genoemd, niet aanwezig in de extractie",
        "referenced, not present in the extraction",
    ),
    "attachment.absent_hash": (
        "genoemd, niet aanwezig in de extractie; SHA-256 volgens de app {sha256}",
        "referenced, not present in the extraction; SHA-256 according to the app {sha256}",
    ),
    "detail.picture": ("niet getoond", "not shown"),
    "picture.absent": (
        "het bewijsstuk is niet meer waar het is ingelezen",
        "the evidence is no longer where it was read",
    ),
    "picture.key": (
        "het bestand lag achter een sleutel of in een back-up, die niet opnieuw wordt geopend",
        "the file lay behind a key or in a backup, which is not opened again",
    ),
    "picture.large": ("het bestand is groter dan 64 MiB", "the file is larger than 64 MiB"),
    "picture.odd": (
        "het bestand is niet opnieuw te lezen, of zijn SHA-256 is een andere",
        "the file cannot be read again, or its SHA-256 is another one",
    ),
    "picture.kind": (
        "geen JPEG, PNG, WebP, GIF of BMP; andere soorten worden niet getekend",
        "no JPEG, PNG, WebP, GIF or BMP; other kinds are not drawn",
    ),
    "picture.points": (
        "de afbeelding heeft meer dan 50 miljoen beeldpunten",
        "the picture has more than 50 million points",
    ),
    "picture.damaged": (
        "de afbeelding is beschadigd of afgebroken",
        "the picture is damaged or cut off",
    ),
    "picture.ended": (
        "het lezen van de afbeelding liep vast of vroeg te veel geheugen",
        "reading the picture broke off or took too much memory",
    ),
    "picture.many": (
        "een rapport toont hoogstens {most} verschillende afbeeldingen",
        "a report shows at most {most} different pictures",
    ),
    "picture.alt.blurred": (
        "Afbeelding, onherkenbaar gemaakt, niet beschreven; SHA-256 {sha256}",
        "Picture, made unrecognisable, not described; SHA-256 {sha256}",
    ),
    "picture.alt.shown": (
        "Afbeelding, verkleind, niet beschreven; SHA-256 {sha256}",
        "Picture, made small, not described; SHA-256 {sha256}",
    ),
    "picture.alt.first": (
        "het eerste beeld van een bewegende afbeelding",
        "the first picture of one that moves",
    ),
    "D15.pictures.blurred": (
        "Afbeeldingen bij berichten zijn onherkenbaar gemaakt: van elk zijn hoogstens 8 x 8 beeldpunten "
        "bewaard. Wie of wat erop staat is niet te zien en uit dit rapport niet terug te halen; het bestand zelf "
        "is te vinden met zijn naam en SHA-256. Getoond: {shown} verschillende; met reden niet getoond: {not_shown}. "
        "Stickers, video's en documenten worden alleen genoemd.",
        "Pictures of messages are made unrecognisable: at most 8 x 8 points are kept of each. Who or what is on them "
        "cannot be seen, nor be got back from this report; the file itself is found by its name and SHA-256. "
        "Shown: {shown} different ones; not shown, with the reason: {not_shown}. Stickers, videos and documents "
        "are named only.",
    ),
    "D15.pictures.shown": (
        "LET OP: afbeeldingen bij berichten zijn verkleind en NIET onherkenbaar gemaakt; zo is dit rapport "
        "gevraagd. Getoond: {shown} verschillende; met reden niet getoond: {not_shown}. Stickers, video's en "
        "documenten worden alleen genoemd.",
        "NOTE: pictures of messages are made small and NOT unrecognisable; this report was asked for so. Shown: "
        "{shown} different ones; not shown, with the reason: {not_shown}. Stickers, videos and documents are named "
        "only.",
    ),
    "redacted.title": ("Geredigeerde levering: wat is verstrekt", "Redacted delivery: what is given"),
    "redacted.title_withheld": (
        "(gesprek waarvan de gegevens zijn achtergehouden)",
        "(conversation whose record is withheld)",
    ),
    "redacted.delivery": ("zaak en goed", "case and exhibit"),
    "redacted.from": (
        "gemaakt uit de levering met het nummer (SHA-256)",
        "made from the delivery of the number (SHA-256)",
    ),
    "redacted.root": ("wortel van alle records", "root of all records"),
    "redacted.says.1": (
        "Uit deze levering zijn records achtergehouden. Waar zij stonden staat hoeveel het er zijn en waarom; wat erin "
        "staat is uit deze levering niet af te leiden, omdat van elk alleen een gezouten hash is opgenomen.",
        "Records are withheld from this delivery. Where they stood it says how many and why; what they hold cannot be "
        "found from this delivery, since of each only a salted hash is in it.",
    ),
    "redacted.says.2": (
        "Achtergehouden is ook wat een achtergehouden record noemt of aanhaalt. Bij de grens van twee gesprekken is "
        "niet te zien van welk van de twee een achtergehouden record was.",
        "Withheld is also what names or quotes a withheld record. At the border of two conversations it cannot be seen "
        "to which of the two a withheld record belonged.",
    ),
    "redacted.says.3": (
        "Dat ieder record hoort bij de hele levering is na te gaan met: python3 verify_delivery.py MAP. De wortel moet "
        "die van de hele levering zijn (rapport, G21).",
        "That each record belongs to the whole delivery is checked with: python3 verify_delivery.py FOLDER. The root must "
        "be that of the whole delivery (report, G21).",
    ),
    "redacted.says.4": (
        "Tijden zijn in UTC. Afbeeldingen, het logboek, het rapport en de overige vormen van de hele levering zijn niet "
        "opgenomen.",
        "Times are in UTC. Pictures, the log, the report and the other forms of the whole delivery are not included.",
    ),
    "redacted.numbers": (
        "Het nummer van een bericht is de regel van zijn record in record-tree.txt.",
        "The number of a message is the line of its record in record-tree.txt.",
    ),
    "redacted.counts": ("Achtergehouden records, met de reden", "Withheld records, with the reason"),
    "redacted.here": (
        "[achtergehouden vanaf record {number}: {count}]",
        "[withheld from record {number} on: {count}]",
    ),
    "redacted.shown": ("berichten", "messages"),
    "redacted.hidden": ("achtergehouden", "withheld"),
    "redacted.why.privilege": ("verschoningsrecht", "privilege"),
    "redacted.why.third-person": ("een derde", "a third person"),
    "redacted.why.investigation": ("belang van het onderzoek", "interest of the investigation"),
    "redacted.why.unstated": ("geen reden opgegeven", "no reason stated"),
    "redacted.why.raw": (
        "melding met ruwe waarden, die van alles kunnen bevatten",
        "notice with raw values, which may hold anything",
    ),
    "D15.pictures.none": (
        "Afbeeldingen bij berichten worden niet getoond; elk bestand staat met naam en SHA-256 bij zijn bericht.",
        "Pictures of messages are not shown; every file stands with its name and SHA-256 at its message.",
    ),
    "unit.bytes": ("bytes", "bytes"),
    "source.row": ("rij", "row"),
    "source.page": ("pagina", "page"),
    "source.offset": ("byte", "byte"),
    # Sheets
    "sheet.signs": (
        "Een teken als ⟨U+0000⟩ staat voor een teken dat een werkblad niet kan bevatten; de ruwe tekst staat in messages.jsonl.",
        "A sign such as ⟨U+0000⟩ stands for a character that a sheet cannot hold; the raw text is in messages.jsonl.",
    ),
    "sheet.split": (
        "Een tekst of details van een bericht die niet in een cel passen (32.000 tekens), zijn over vervolgrijen verdeeld (kolom part); in andere cellen staat erbij wat er niet getoond is.",
        "The text or details of a message that do not fit into a cell (32,000 characters) are split over further rows (column part); other cells say what of them is not shown.",
    ),
}
_KINDS = {
    "kind.text": ("tekst", "text"),
    "kind.image": ("afbeelding", "image"),
    "kind.video": ("video", "video"),
    "kind.video_note": ("videobericht", "video note"),
    "kind.audio": ("geluid", "audio"),
    "kind.voice": ("spraakbericht", "voice message"),
    "kind.document": ("document", "document"),
    "kind.sticker": ("sticker", "sticker"),
    "kind.gif": ("gif", "gif"),
    "kind.location": ("locatie", "location"),
    "kind.live_location": ("livelocatie", "live location"),
    "kind.contact": ("contactkaart", "contact card"),
    "kind.poll": ("peiling", "poll"),
    "kind.call": ("oproep", "call"),
    "kind.payment": ("betaling", "payment"),
    "kind.order": ("bestelling", "order"),
    "kind.product": ("product", "product"),
    "kind.invite": ("uitnodiging", "invite"),
    "kind.story": ("verhaal", "story"),
    "kind.system": ("gebeurtenis", "event"),
    "kind.unknown": ("onbekende soort", "unknown kind"),
    "kind.link": ("link", "link"),
    "conversation.direct": ("een-op-een", "direct"),
    "conversation.group": ("groep", "group"),
    "conversation.channel": ("kanaal", "channel"),
    "conversation.broadcast": ("verzendlijst", "broadcast list"),
    "conversation.status": ("status", "status"),
    "conversation.self": ("met zichzelf", "with oneself"),
    "conversation.secret": ("geheim gesprek", "secret chat"),
    "conversation.community": ("community", "community"),
}
WORDS.update(_KINDS)
_OFTEN = 127


class Words:
    """The words of one language; ``words("gap", count=3)``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with its values filled in, those of ``key.1`` for a ``count`` of one where there
        are any; KeyError for a key that does not exist."""
        one = f"{key}.1"
        text = WORDS[one if values.get("count") == 1 and one in WORDS else key][self._index]
        return text.format(**values) if values else text

    def sentence(self, text: str) -> str:
        """A sentence of the program that records hold in English, in the language of the report."""
        return translated(text, LANGUAGES[self._index])

    def forwards(self, app: str, times: int) -> str:
        """How often a message was forwarded, as a phrase ("3 x"); WhatsApp's 127 is no count (WhatsApp
        reference 2.3)."""
        is_code = times == _OFTEN and app.startswith("whatsapp")
        return self("forwarded.often") if is_code else f"{times} x"

    def unit(self, unit: str | None, quantity: float | None) -> str | None:
        """The unit of an amount, singular for one; a unit without words (g, ml) as it is, None for none."""
        one = f"amount.1.{unit}"
        return self(one) if quantity == 1 and one in WORDS else self.code("amount", unit) if unit else None

    def of_law(self, text: str) -> str:
        """A note or decision of the built-in table of law in the language of the report; what a user's table
        says stays as it is."""
        return translated_whole(text, LANGUAGES[self._index])

    def code(self, family: str, value: str | None) -> str:
        """The words of a coded value such as ``kind.image``; a value without words is shown as it is."""
        if value is None:
            return self("unknown")
        found = WORDS.get(f"{family}.{value}")
        return found[self._index] if found else value
