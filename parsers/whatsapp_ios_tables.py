"""The tables of WhatsApp's databases on iOS and macOS, by what of them is read.

Source: WhatsApp reference 3.2 (Core Data: Z_PK is the row id), 3.3 (columns seen in an iOS 15 image) and 3.6.
Which columns are there differs from version to version; an absent one reads as NULL.
"""

from __future__ import annotations

from forensics.fields import BLOB, NUMBER, REAL, TEXT, Column, Table

_C = Column

SESSION = Table(
    "ZWACHATSESSION",
    (
        _C("ZCONTACTJID", TEXT),
        _C("ZPARTNERNAME", TEXT),
        _C("ZSESSIONTYPE"),
        _C("ZREMOVED"),
        _C("ZSAVEDINPUT", TEXT),
    ),
)
MESSAGE = Table(
    "ZWAMESSAGE",
    (
        _C("ZCHATSESSION"),
        _C("ZISFROMME"),
        _C("ZSTANZAID", TEXT),
        _C("ZGROUPMEMBER"),
        _C("ZMESSAGESTATUS"),
        _C("ZFLAGS"),
        _C("ZMESSAGETYPE"),
        _C("ZMESSAGEDATE", NUMBER),
        _C("ZSENTDATE", NUMBER),
        _C("ZTEXT", TEXT),
        _C("ZSTARRED"),
        _C("ZGROUPEVENTTYPE"),
        _C("ZMEDIAITEM"),
        _C("ZPARENTMESSAGE"),
        _C("ZFROMJID", TEXT),
        _C("ZTOJID", TEXT),
    ),
)
MEDIA = Table(
    "ZWAMEDIAITEM",
    (
        _C("ZMESSAGE"),
        _C("ZMEDIALOCALPATH", TEXT),
        _C("ZFILESIZE"),
        _C("ZTITLE", TEXT),
        _C("ZVCARDNAME", TEXT),
        _C("ZVCARDSTRING", TEXT),
        _C("ZLATITUDE", REAL),
        _C("ZLONGITUDE", REAL),
        _C("ZMEDIAURL", TEXT),
        _C("ZMETADATA", BLOB),
    ),
)
INFO = Table("ZWAMESSAGEINFO", (_C("ZMESSAGE"), _C("ZRECEIPTINFO", BLOB)))
LINK = Table(
    "ZWAMESSAGEDATAITEM",
    (
        _C("ZMESSAGE"),
        _C("ZMATCHEDTEXT", TEXT),
        _C("ZCONTENT1", TEXT),
        _C("ZTITLE", TEXT),
        _C("ZSUMMARY", TEXT),
    ),
)
MEMBER = Table(
    "ZWAGROUPMEMBER",
    (_C("ZCHATSESSION"), _C("ZMEMBERJID", TEXT), _C("ZCONTACTNAME", TEXT), _C("ZISACTIVE"), _C("ZISADMIN")),
)
GROUP = Table("ZWAGROUPINFO", (_C("ZCHATSESSION"), _C("ZCREATIONDATE", NUMBER), _C("ZCREATORJID", TEXT)))
MEMBERS_CHANGE = Table(
    "ZWAGROUPMEMBERSCHANGE",
    (_C("ZCHANGETYPE"), _C("ZCHANGEDATE", NUMBER), _C("ZGROUPJID", TEXT), _C("ZMEMBERJIDS", TEXT)),
)
PUSH_NAME = Table("ZWAPROFILEPUSHNAME", (_C("ZJID", TEXT), _C("ZPUSHNAME", TEXT)))
BLOCKED = Table("ZWABLACKLISTITEM", (_C("ZJID", TEXT),))
PAYMENT = Table(
    "ZWAZ1PAYMENTTRANSACTION",
    (
        _C("ZAMOUNT_1000"),
        _C("ZCURRENCY", TEXT),
        _C("ZSENDERJID", TEXT),
        _C("ZRECEIVERJID", TEXT),
        _C("ZTIMESTAMP", NUMBER),
    ),
)
PRIMARY_KEY = Table("Z_PRIMARYKEY", (_C("Z_NAME", TEXT), _C("Z_MAX")))

# ContactsV2.sqlite, and Contacts.sqlite of older versions (IPED; how its two tables join is not verified).
CONTACT = Table(
    "ZWAADDRESSBOOKCONTACT",
    (
        _C("ZWHATSAPPID", TEXT),
        _C("ZFULLNAME", TEXT),
        _C("ZGIVENNAME", TEXT),
        _C("ZPHONENUMBER", TEXT),
        _C("ZLID", TEXT),
    ),
)
OLD_CONTACT = Table("ZWACONTACT", (_C("ZFULLNAME", TEXT),))
OLD_PHONE = Table("ZWAPHONE", (_C("ZCONTACT"), _C("ZWHATSAPPID", TEXT)))

# LID.sqlite (SWA).
LID_ACCOUNT = Table(
    "ZWAZACCOUNT", (_C("ZIDENTIFIER", TEXT), _C("ZPHONENUMBER", TEXT), _C("ZCREATEDAT", NUMBER))
)

# CallHistory.sqlite. Z1PARTICIPANTS names the call by Core Data's way of naming; not verified, because in
# the one known database it equals Z1CALLEVENTS.
CALL = Table(
    "ZWACDCALLEVENT",
    (
        _C("Z1CALLEVENTS"),
        _C("ZOUTCOME"),
        _C("ZDATE", NUMBER),
        _C("ZDURATION", NUMBER),
        _C("ZCALLIDSTRING", TEXT),
        _C("ZGROUPCALLCREATORUSERJIDSTRING", TEXT),
        _C("ZGROUPJIDSTRING", TEXT),
    ),
)
CALL_GROUP = Table(
    "ZWAAGGREGATECALLEVENT", (_C("ZINCOMING"), _C("ZMISSED"), _C("ZVIDEO"), _C("ZFIRSTDATE", NUMBER))
)
CALL_PARTICIPANT = Table("ZWACDCALLEVENTPARTICIPANT", (_C("Z1PARTICIPANTS"), _C("ZJIDSTRING", TEXT)))
JOINABLE_CALL = Table("ZWAJOINABLECALLEVENT", ())

# Every table of ChatStorage.sqlite that is read, and those that hold no talk: Core Data's own, pictures of
# profiles, settings of notifications.
READ_TABLES = frozenset(
    (
        *(each.name for each in (SESSION, MESSAGE, MEDIA, INFO, LINK, MEMBER, GROUP, MEMBERS_CHANGE)),
        *(each.name for each in (PUSH_NAME, BLOCKED, PAYMENT, PRIMARY_KEY)),
        *("Z_METADATA", "Z_MODELCACHE", "ZWAPROFILEPICTUREITEM", "ZWACHATPUSHCONFIG"),
    )
)
UNREAD_MEANINGS = {"ZWAVCARDMENTION": "the accounts on contact cards"}

# What is given of a database together with recovered rows: the small tables whole, of the others those rows.
MESSAGE_TABLES = frozenset({MESSAGE.name.lower()})
SIDE_TABLES = frozenset(table.name.lower() for table in (MEDIA, INFO, LINK))
CONTEXT_TABLES = frozenset(
    table.name.lower() for table in (SESSION, MEMBER, GROUP, MEMBERS_CHANGE, PUSH_NAME, BLOCKED, PRIMARY_KEY)
)
