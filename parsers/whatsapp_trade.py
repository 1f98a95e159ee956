"""Orders, products, payments, invitations, events, forms of businesses: their side tables in words.

Source: WhatsApp reference 2.3. Prices of ``*_1000`` columns are a thousand times the price.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model import System
from parsers.side_rows import Found
from parsers.whatsapp_cards import further
from parsers.whatsapp_codes import MESSAGE_TYPES, VIEW_ONCE_STATES, countable, spoken
from parsers.whatsapp_context import Context
from parsers.whatsapp_events import spoken_time
from parsers.whatsapp_side_tables import (
    EVENT,
    INVITE,
    LEGACY_VCARD,
    LOCATION,
    MEDIA,
    ORDER,
    PAYMENT,
    PRODUCT,
    TEMPLATE,
    UI_ELEMENT,
    VCARD,
    VIEW_ONCE,
)
from parsers.whatsapp_sides import first, rows_of

_TABLES = frozenset(
    side.table.name
    for side in (
        *(EVENT, INVITE, LEGACY_VCARD, LOCATION, MEDIA, ORDER, PAYMENT, PRODUCT, TEMPLATE, UI_ELEMENT),
        *(VCARD, VIEW_ONCE),
    )
)


def remark(
    context: Context, message_type: int | None, found: Found, text: str | None = None, stored: object = None
) -> System | None:
    """What a message that is no event holds beyond its kind and ``text``; None where there is nothing.
    ``stored``: the type as it stands in the row, where it is no number."""
    meaning = MESSAGE_TYPES.get(message_type) if message_type is not None else None
    if meaning is not None and meaning.is_plain and _TABLES.isdisjoint(found):
        return None
    parts = list(_parts(context, found, text))
    if meaning is None:
        if message_type is None and stored is not None:
            context.notes.count(f"message type {stored} is no number that is known to this parser")
        else:
            context.notes.unknown("message type", message_type)
        code = stored if message_type is None else message_type
        words = "message type: no number is stored" if code is None else f"message type: unknown ({code})"
        return System(type="unknown", code=countable(message_type), detail="; ".join((words, *parts)))
    if not parts and meaning.is_plain:
        return None
    return System(type=meaning.words, code=message_type, detail="; ".join(parts) or None)


def _parts(context: Context, found: Found, text: str | None) -> Iterator[str]:
    yield from _orders(context, found)
    yield from _invitations(context, found)
    payment = first(found, PAYMENT)
    if payment is not None:
        amount = payment[4] or "an amount that is not stored"
        yield f"payment of {amount}{_route(context, payment[2], payment[3])}"
    event = first(found, EVENT)
    if event is not None:
        yield _event(event[2:])
    template, media = first(found, TEMPLATE), first(found, MEDIA)
    if template is not None and template[2] and text and template[2] != text:
        yield f"text of the template: “{template[2]}”"
    if template is not None and template[3]:
        yield f"footer: “{template[3]}”"
    if media is not None and media[9]:
        yield f"what was said, as the app wrote it down: “{media[9]}”"
    for row in rows_of(found, UI_ELEMENT):
        yield f"element of type {row[2]}: {row[3]}"
    state = first(found, VIEW_ONCE)
    if state is not None:
        yield f"to be seen once: {spoken(VIEW_ONCE_STATES, state[2])}"
    yield from _place(found)
    cards = (row[2] for side in (VCARD, LEGACY_VCARD) for row in rows_of(found, side) if row[2])
    for words in dict.fromkeys(each for card in cards for each in further(card)):
        yield f"on the card: {words}"


def _place(found: Found) -> Iterator[str]:
    """What a shared place has beside its coordinates, name and address."""
    location = first(found, LOCATION)
    if location is None:
        return
    seconds, latitude, longitude, at, url = location[6:11]
    if seconds:
        yield f"the position was to be shared for {seconds} seconds"
    if latitude is not None and longitude is not None and (latitude or longitude):
        yield f"last position of the live location: {latitude}, {longitude}{_at(at)}"
    if url:
        yield f"address of the place on the web: {url}"


def _orders(context: Context, found: Found) -> Iterator[str]:
    order, product = first(found, ORDER), first(found, PRODUCT)
    if order is not None:
        _row, _key, number, title, count, text, currency, total, seller = order
        words = f"{title or 'no title'}, {count} items{price(total, currency)}"
        words += f", message: “{text}”" if text else ""
        yield f"order {number or 'without a number'}: {words}{_of(context, 'seller', seller)}"
    if product is not None:
        _row, _key, number, title, description, currency, amount, code, url, owner = product
        words = f"{title or 'no title'}{f', {description}' if description else ''}{price(amount, currency)}"
        words += f", the seller's code {code}" if code else ""
        words += f", {url}" if url else ""
        yield f"product {number or 'without a number'}: {words}{_of(context, 'seller', owner)}"


def _of(context: Context, what: str, jid_row: int | None) -> str:
    who = context.people.words(jid_row)
    return f", {what}: {who}" if who else ""


def price(amount: int | None, currency: str | None) -> str:
    """An amount of a ``*_1000`` column behind a comma; nothing where none is stored."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    whole, thousandths = divmod(abs(amount), 1000)
    cents = f"{thousandths:03}"
    digits = cents[:2] if cents[2] == "0" else cents
    return f", {currency or 'currency not stored'} {sign}{whole}.{digits}"


def _invitations(context: Context, found: Found) -> Iterator[str]:
    row = first(found, INVITE)
    if row is not None:
        _row, _key, group, admin, name, code, expires, is_expired = row
        inviter = context.people.words(admin)
        by = f" by {inviter}" if inviter else ""
        group_words = f"“{name or ''}” ({context.people.words(group) or 'jid not stored'})"
        until = f", its expiration as it is stored: {expires}" if expires else ""
        until += ", expired" if is_expired == 1 else ""
        yield f"invitation to the group {group_words}{by}, code {code or 'not stored'}{until}"


def _route(context: Context, sender: int | None, receiver: int | None) -> str:
    payer, payee = context.people.words(sender), context.people.words(receiver)
    origin = f" from {payer}" if payer else ""
    return f"{origin} to {payee}" if payee else origin


def _event(values: tuple[str | int | None, ...]) -> str:
    name, description, place, link, start, end = values
    parts = [f"event “{name}”" if name else "event"]
    parts.extend(f"“{part}”" for part in (description, place, link) if part)
    parts.extend(
        f"{word} {spoken_time(value)}"
        for word, value in (("from", start), ("until", end))
        if isinstance(value, int) and value > 0
    )
    return ", ".join(parts)


def _at(value: int | None) -> str:
    return f" at {spoken_time(value)}" if value is not None and value > 0 else ""
