"""Invented chat text in nine languages, combined from parts: the words of the benchmark inputs.

Everything here is fictitious. The trade talk is there because the analysis must have something to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The parts of which the sentences of one language are combined."""

    openers: tuple[str, ...]
    cores: tuple[str, ...]
    times: tuple[str, ...]
    tails: tuple[str, ...]
    short: tuple[str, ...]


def parts(text: str) -> tuple[str, ...]:
    """The parts of a text, separated by bars; an empty part is kept."""
    return tuple(part.strip() for part in text.split("|"))


LANGUAGES = {
    "nl": Language(
        openers=parts(
            "| hey, | hoi! | nou, | ja | oh | zeg, | trouwens, | goedemorgen, | haha ja, | nee hoor, | sorry,"
        ),
        cores=parts(
            "ik ben onderweg naar huis | kun je de kinderen ophalen | ik sta nog in de file | "
            "heb je de sleutels gezien | zullen we samen eten | "
            "de trein heeft weer vertraging | mijn moeder belt je terug | ik moet nog werken | "
            "we zijn bij de sportschool | de afspraak gaat niet door | "
            "vergeet je de boodschappen niet | ik heb de foto's doorgestuurd | "
            "het regent hier echt heel hard | de buurman heeft je pakketje aangenomen | "
            "hoe was het op school | ik ben mijn oplader vergeten | de vergadering loopt uit | "
            "zin om een film te kijken | de hond moet nog naar buiten | "
            "ik heb je iets overgemaakt | wil je koffie meenemen | "
            "de fiets staat bij het station | we komen een kwartier later | ik bel je zo | "
            "ben je al wakker | kom je ook naar de verjaardag | het eten staat klaar | "
            "ik heb de huur betaald | de monteur komt langs | je jas hangt nog hier | "
            "laat even weten of het lukt | ik heb geen bereik gehad | "
            "de wedstrijd was echt spannend | hij is gezakt voor zijn rijexamen | "
            "zij begint met haar nieuwe baan | ik heb een tafel gereserveerd | "
            "de cv-ketel doet het weer niet | we gaan verhuizen | morgen is er geen zwemles | "
            "neem je zwembroek mee"
        ),
        times=parts(
            "| vanavond | morgen | om half acht | rond zes uur | zaterdag | volgende week | na het werk | "
            "straks | dit weekend | vanmiddag | zo meteen | maandag na school | als het droog blijft"
        ),
        tails=parts("| ! | ? | ... | 😂 | groetjes | x | tot zo | oke? | 👍 | liefs"),
        short=parts(
            "ok | oke | ja | nee | haha | hahaha | top | prima | thanks | doe ik | is goed | "
            "waar ben je | 👍 | 😂😂 | ❤️ | bel me | kom eraan | gelukt | wat? | leuk! | "
            "gefeliciteerd 🎉 | welterusten | lekker | jammer"
        ),
    ),
    "en": Language(
        openers=parts("| hey, | so | well, | oh no, | yeah | by the way, | morning! | sorry, | listen,"),
        cores=parts(
            "I am on my way home | can you pick up the kids | the train is late again | "
            "did you see my keys | let's have dinner together | my phone was dead | "
            "the meeting got moved | I left my jacket at yours | we are at the airport | "
            "the results came in | do you want anything from the shop | I'll call you back | "
            "the landlord finally answered | she passed her exam | the match was incredible | "
            "the dog ate my lunch | I booked the tickets | are you coming to the party | "
            "the boiler is broken | I sent you the pictures | work was exhausting | "
            "he starts his new job | the car needs a new battery | "
            "I forgot the password again | remember to water the plants | the kids are asleep"
        ),
        times=parts(
            "| tonight | tomorrow | at half past seven | around six | on Saturday | next week | "
            "after work | later | this weekend | this afternoon | in ten minutes"
        ),
        tails=parts("| ! | ? | lol | 😂 | cheers | x | see you | ok? | 👍"),
        short=parts(
            "ok | yes | no | lol | thanks | sure | cool | on my way | where are you | 👍 | 😂 | ❤️ | "
            "call me | done | what? | nice! | congrats 🎉 | good night | same | brb"
        ),
    ),
    "de": Language(
        openers=parts("| hallo, | also | ach ja, | sorry, | übrigens,"),
        cores=parts(
            "ich bin gleich zu Hause | der Zug fällt schon wieder aus | kannst du Brot mitbringen | "
            "wir treffen uns am Bahnhof | hast du meine Nachricht gesehen | die Prüfung war schwierig | "
            "das Auto ist in der Werkstatt | ich rufe dich zurück | die Kinder schlafen schon | "
            "wir brauchen noch Getränke | meine Schwester kommt zu Besuch | der Termin wurde verschoben"
        ),
        times=parts(
            "| heute Abend | morgen | um halb acht | am Samstag | nächste Woche | nach der Arbeit | gleich"
        ),
        tails=parts("| ! | ? | 😂 | LG | bis dann"),
        short=parts("ok | ja | nein | danke | klar | bis gleich | 👍 | super | alles gut | genau"),
    ),
    "fr": Language(
        openers=parts("| salut, | alors | désolé, | au fait, | coucou !"),
        cores=parts(
            "je suis en route | le train est encore en retard | tu peux acheter du pain | "
            "on se retrouve à la gare | j'ai oublié mes clés | la réunion est annulée | "
            "les enfants dorment déjà | je te rappelle | tu viens à l'anniversaire | "
            "le médecin a téléphoné | il pleut des cordes ici | j'ai réservé une table"
        ),
        times=parts(
            "| ce soir | demain | vers dix-huit heures | samedi | la semaine prochaine | après le travail | "
            "tout de suite"
        ),
        tails=parts("| ! | ? | 😂 | bisous | à plus"),
        short=parts("ok | oui | non | merci | d'accord | j'arrive | 👍 | super | bonne nuit | mdr"),
    ),
    "tr": Language(
        openers=parts("| selam, | ya | tamam, | kusura bakma, | bu arada"),
        cores=parts(
            "yoldayım | tren yine gecikti | ekmek alır mısın | anahtarlarımı gördün mü | "
            "çocukları okuldan alıyorum | annem seni arayacak | toplantı iptal oldu | yemek hazır | "
            "telefonum kapandı | doğum gününe geliyor musun | arabayı tamire verdim | biletleri aldım"
        ),
        times=parts("| bu akşam | yarın | saat altıda | cumartesi | haftaya | işten sonra | birazdan"),
        tails=parts("| ! | ? | 😂 | görüşürüz | öptüm"),
        short=parts(
            "tamam | evet | hayır | sağ ol | olur | geliyorum | 👍 | iyi geceler | neredesin | aynen"
        ),
    ),
    "pl": Language(
        openers=parts("| hej, | no | słuchaj, | przepraszam, | a tak w ogóle"),
        cores=parts(
            "jestem w drodze do domu | pociąg znowu się spóźnia | kupisz chleb | "
            "widziałeś moje klucze | spotkanie jest przełożone | dzieci już śpią | "
            "zadzwonię do ciebie | samochód jest w warsztacie | przyjdziesz na urodziny | "
            "obiad jest gotowy | zapomniałem hasła | pada deszcz"
        ),
        times=parts(
            "| dziś wieczorem | jutro | o szóstej | w sobotę | w przyszłym tygodniu | po pracy | zaraz"
        ),
        tails=parts("| ! | ? | 😂 | pa | do zobaczenia"),
        short=parts("ok | tak | nie | dzięki | dobra | już idę | 👍 | super | dobranoc | jasne"),
    ),
    "es": Language(
        openers=parts("| hola, | oye, | bueno, | perdona, | por cierto,"),
        cores=parts(
            "voy camino a casa | el tren llega tarde otra vez | puedes comprar pan | has visto mis llaves | "
            "nos vemos en la estación | se canceló la reunión | los niños ya duermen | te llamo luego | "
            "vienes al cumpleaños | la comida está lista | reservé una mesa | llueve muchísimo aquí"
        ),
        times=parts(
            "| esta noche | mañana | a las seis | el sábado | la semana que viene | después del trabajo | "
            "ahora"
        ),
        tails=parts("| ! | ? | 😂 | besos | hasta luego"),
        short=parts("vale | sí | no | gracias | claro | ya voy | 👍 | genial | buenas noches | jajaja"),
    ),
    "ar": Language(
        openers=parts("| مرحبا، | طيب | آسف، | بالمناسبة"),
        cores=parts(
            "أنا في الطريق إلى البيت | القطار متأخر مرة أخرى | هل رأيت مفاتيحي | اشتر الخبز من فضلك | "
            "الأولاد نائمون الآن | سأتصل بك لاحقا | الاجتماع تأجل | الطعام جاهز | السيارة عند الميكانيكي | "
            "نلتقي عند المحطة"
        ),
        times=parts("| الليلة | غدا | الساعة السادسة | يوم السبت | الأسبوع القادم | بعد العمل"),
        tails=parts("| ! | ؟ | 😂 | مع السلامة"),
        short=parts("تمام | نعم | لا | شكرا | حسنا | أنا قادم | 👍 | تصبح على خير"),
    ),
    "ru": Language(
        openers=parts("| привет, | ну | слушай, | извини, | кстати,"),
        cores=parts(
            "я уже еду домой | поезд опять опаздывает | купи хлеба пожалуйста | ты видел мои ключи | "
            "встреча переносится | дети уже спят | я тебе перезвоню | машина в ремонте | ужин готов | "
            "придёшь на день рождения | я забыл пароль | встретимся на вокзале"
        ),
        times=parts(
            "| сегодня вечером | завтра | в шесть часов | в субботу | на следующей неделе | после работы"
        ),
        tails=parts("| ! | ? | 😂 | пока | до встречи"),
        short=parts("ок | да | нет | спасибо | хорошо | иду | 👍 | спокойной ночи | где ты | ага"),
    ),
}

# Of 100 conversations, how many are in which language.
LANGUAGE_SHARES = {"nl": 52, "en": 20, "tr": 6, "pl": 6, "ar": 5, "de": 4, "fr": 3, "es": 2, "ru": 2}

TRADE_TALK = parts(
    "heb je nog wit? | ja nieuwe binnen, topkwaliteit | hoeveel voor {n} gram | {n}g voor {p} | "
    "doe maar {n} dan | zelfde plek als vorige keer? | ben er over {n} min | sta buiten, "
    "grijze auto | cash of tikkie? | kan het op de pof | prijs is {p} nu, andere batch | "
    "heb je ook pillen | 10 voor {p} | top, was weer goed spul | minimaal {n} | "
    "bezorg je ook in de buurt? | ja vanaf {p} gratis bezorgd | you got any weed left? | "
    "{n}g for {p}, same as always | can you do {p} for {n}? | ok come through | "
    "need {n} of the blue ones | drop it at the usual spot | no calls please, text only | "
    "hij wil {n} ons hasj, wat is je prijs | {p} per gram als je er {n} neemt"
)

MENUS = (
    "🔥 MENU 🔥\n❄️ coke 1g €{p} / 3g €{q}\n🌿 wiet 5g €{p} / 10g €{q}\n🍬 xtc 10 st €{p}\n"
    "Bezorgd van 12:00 tot 02:00\nGeen bellen!",
    "Prijslijst vandaag\n3-mmc 1g {p} 5g {q}\nketa 1g {p}\nspeed 5g {p}\nMinimum {q}, alleen cash",
    "MENU\nweed 3.5g £{p} | 7g £{q}\nmdma 1g £{p}\nxans 10 for {p}\nmin order {q}, no calls",
)

TOPICS = parts(
    "familie | voetbal | vakantie | buurt | klas | werk | feest | boekenclub | koor | huiswerk | "
    "hardlopen | tuin | weekend | verbouwing | kamp | ouders | squad | studie | band | "
    "marktplaats"
)

FIRST_NAMES = parts(
    "Abel | Bilal | Carice | Daan | Emine | Floor | Gijs | Hanna | Ilse | Jamal | Karel | Lotte | "
    "Mees | Noor | Omar | Puck | Quinten | Roos | Sem | Tess | Umut | Vera | Wout | Xander | "
    "Yara | Zeynep | Agnieszka | Bram | Chaima | Dirk"
)

LAST_NAMES = parts(
    "van Verzonnen | Verbeeldsma | de Bedachte | Fictief | Nergenshuis | Droomveld | El Fantasi | "
    "Yokoglu | Zmyslony | Sprookjes | Bovenwolk | Duimzuiger | Luchtkasteel | Papier | "
    "Achterdemaan | Inktpot | Zeepbel"
)


def sentences_of(language: Language) -> tuple[str, ...]:
    """The distinct sentences of a language: every core with every time, in three dresses."""
    found: dict[str, None] = {}
    for core_number, core in enumerate(language.cores):
        for time_number, time in enumerate(language.times):
            for dress in range(3):
                number = core_number * 7 + time_number * 3 + dress * 5
                opener = language.openers[number % len(language.openers)]
                tail = language.tails[(number // 2 + dress) % len(language.tails)]
                sentence = " ".join(part for part in (opener, core, time) if part)
                found[sentence + (tail if tail in "!?..." else f" {tail}").rstrip()] = None
    return tuple(found)


class Talker:
    """Texts in the proportions of a real phone: many short ones, half below 35 characters, a few long."""

    def __init__(self, random: Random) -> None:
        self.random = random.random
        self.sentences = {code: sentences_of(language) for code, language in LANGUAGES.items()}
        self.short = {code: language.short for code, language in LANGUAGES.items()}

    def pick(self, choices: tuple[str, ...]) -> str:
        return choices[int(self.random() * len(choices))]

    def text(self, language: str) -> str:
        """An ordinary message."""
        draw = self.random()
        if draw < 0.38:
            return self.pick(self.short[language])
        sentences = self.sentences[language]
        if draw < 0.80:
            return self.pick(sentences)
        if draw < 0.88:
            return f"{self.pick(sentences)} {self.detail(draw)}"
        count = 2 if draw < 0.975 else 4 + int(self.random() * 9)
        return ". ".join(self.pick(sentences) for _ in range(count))

    def detail(self, draw: float) -> str:
        """A time, an amount, a reference or a link: words that a sentence list does not have."""
        number = int(self.random() * 1_000_000)
        if draw < 0.82:
            return f"{number % 24}:{number // 24 % 60:02d}"
        if draw < 0.84:
            return f"€{number % 400},{number // 400 % 100:02d}"
        if draw < 0.865:
            return f"ref {number:06d}"
        return f"https://voorbeeld.example/{number:05x}"

    def trade(self) -> str:
        """Trade talk; one in twelve is a menu."""
        fill = {
            "n": 1 + int(self.random() * 9),
            "p": 5 * (2 + int(self.random() * 18)),
            "q": 10 * (10 + int(self.random() * 15)),
        }
        return self.pick(MENUS if self.random() < 0.083 else TRADE_TALK).format(**fill)
