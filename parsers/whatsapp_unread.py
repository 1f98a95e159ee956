"""Tables of WhatsApp on Android that no reader asks: named with their rows, those apart that hold no talk.

Source: WhatsApp reference 2.2, 2.3, 2.7 and 2.8. What is small and whose columns are known is given with its
rows: comments, payments, changes of groups, numbers of unknown callers, and what whatsapp_marks lists.
"""

from __future__ import annotations

from forensics.fields import TEXT, Column, Row, Table
from parsers.unread_tables import unread_tables
from parsers.whatsapp_context import Context
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_listings import LABELED_JID, LABELED_MESSAGES, LABELS, QUICK_REPLIES
from parsers.whatsapp_marks import MARKS, QUOTED_CONTENT, as_stored, list_marks
from parsers.whatsapp_people import People
from parsers.whatsapp_side_tables import ORPHAN_TABLES, SIDE_TABLE_NAMES
from parsers.whatsapp_tables import (
    CALL_LOG,
    CALL_LOG_PARTICIPANT,
    CONTEXT_TABLES,
    DELETED_CHAT_JOB,
    MESSAGE_TABLES,
)
from parsers.whatsapp_trade import price

COMMENT = Table("message_comment", (Column("message_row_id"), Column("parent_message_row_id")))
PAYMENT = Table(
    "pay_transaction",
    (
        *(Column("amount_1000"), Column("currency_code", TEXT), Column("sender_jid_row_id")),
        *(Column("receiver_jid_row_id"), Column("type"), Column("status")),
    ),
)
GROUP_CHANGES = Table(
    "group_participants_history",
    (Column("timestamp"), Column("gjid", TEXT), Column("jid", TEXT), Column("action")),
)
# Its columns stand in no source: each row is given as it is stored.
UNKNOWN_CALLER = "call_unknown_caller"
_READ = frozenset(
    (
        *(*SIDE_TABLE_NAMES, *CONTEXT_TABLES, *MESSAGE_TABLES),
        *(each.table.name for each in ORPHAN_TABLES),
        *(CALL_LOG.name, CALL_LOG_PARTICIPANT.name, DELETED_CHAT_JOB.name),
        *(LABELS.name, LABELED_JID.name, LABELED_MESSAGES.name, QUICK_REPLIES.name),
        *(COMMENT.name, PAYMENT.name, GROUP_CHANGES.name, UNKNOWN_CALLER),
        *(*MARKS.values(), *QUOTED_CONTENT),
        # the owner's device, and the index of words
        *("message_details", "message_ftsv2_content", "messages_fts_content"),
    )
)
# Pictures, keys, devices, indexes and the app's own bookkeeping: nothing that anybody said or did.
_NO_TALK = frozenset(
    (
        *("message_thumbnail", "message_thumbnails", "media_hash_thumbnail", "mms_thumbnail_metadata"),
        *("audio_data", "media_refs", "message_link", "messages_links", "message_secret"),
        *("group_participant_device", "user_device", "user_device_info", "primary_device_version"),
        *("receipt_device", "message_add_on_receipt_device", "message_system_initial_privacy_provider"),
        *("message_ftsv2_segments", "message_ftsv2_segdir", "message_ftsv2_docsize", "message_ftsv2_stat"),
        *("messages_fts_segments", "messages_fts_segdir", "messages_fts_docsize", "messages_fts_stat"),
        *("android_metadata", "frequent", "frequents"),
    )
)
_MEANINGS = {
    "joinable_call_log": "group calls that could be joined",
    "call_link": "links to calls",
    "played_self_receipt": "messages that the owner played",
    "message_add_on_poll_vote": "when votes were cast",
    "message_association": "which messages belong together",
    "message_poll": "how many options of a poll may be chosen, and until when",
    "message_scheduled_call": "calls that were planned",
    "message_template_button": "buttons of templates",
    "message_vcard_jid": "the accounts on contact cards",
    "messages_vcards_jids": "the accounts on contact cards",
    "messages_edits": "deletions that wait to be sent",
    "newsletter_message": "views and own reactions of messages of channels",
    "newsletter_message_reaction": "reactions in channels",
    "away_messages": "answers that are sent in the owner's absence",
    "status_list": "status posts by person",
}


def list_rest(context: Context) -> None:
    """What is small and known, then what is not read; of recovered rows nothing, which are few of many."""
    if context.installation.is_recovered:
        return
    database, people, notes = context.installation.database, context.people, context.notes
    comments = [
        f"row {message} of message comments on row {parent}"
        for _rowid, message, parent in all_rows(database, COMMENT, notes)
    ]
    notes.listing("comments, which are messages of their own, on messages", COMMENT.name, comments)
    payments = [_payment(people, row) for row in all_rows(database, PAYMENT, notes)]
    notes.listing("payments (how a message names its payment is not known)", PAYMENT.name, payments)
    changes = [
        f"{group}: {jid}, action {action}, {at} ms"
        for _rowid, at, group, jid, action in all_rows(database, GROUP_CHANGES, notes)
    ]
    notes.listing(
        "changes of members of groups (what its numbers of actions mean is not known)",
        GROUP_CHANGES.name,
        changes,
    )
    notes.listing(
        "numbers and names of unknown callers, as they are stored",
        UNKNOWN_CALLER,
        as_stored(database, UNKNOWN_CALLER),
    )
    list_marks(context)
    unread_tables(database, notes, _READ | _NO_TALK, _MEANINGS)


def _payment(people: People, row: Row) -> str:
    """A payment in words: what its row says, codes as they are."""
    rowid, amount, currency, sender, receiver, kind, status = row
    payer, payee = (people.words(each) or "nobody stored" for each in (sender, receiver))
    words = price(amount, currency).removeprefix(", ") or "amount not stored"
    return f"row {rowid}: {words}, {payer} to {payee}, type {kind}, status {status}"
