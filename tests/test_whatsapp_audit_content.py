"""What the side tables of WhatsApp on Android hold and no record told."""

from __future__ import annotations

from test_whatsapp_android_rows import PEOPLE, TIME, Make, insert, make, text

from forensics.model import Message

__all__ = ["make"]


def detail(message: Message) -> str:
    assert message.system is not None
    return message.system.detail or ""


def test_whether_a_view_once_picture_was_opened_is_told(make: Make) -> None:
    rows = "".join(
        text(row, message_type=42, text_data=None)
        + insert("message_view_once_media", message_row_id=row, state=state)
        for row, state in ((2, 0), (3, 1), (4, 9))
    )
    reading = make(PEOPLE + rows)
    assert [detail(reading.message(row)) for row in (2, 3, 4)] == [
        "to be seen once: not opened (0)",
        "to be seen once: opened (1)",
        "to be seen once: unknown (9)",
    ]


def test_for_how_long_a_position_is_shared_and_the_page_of_a_place_are_told(make: Make) -> None:
    live = insert(
        "message_location",
        message_row_id=2,
        latitude=52.1,
        longitude=4.3,
        live_location_share_duration=3600,
    )
    page = insert(
        "message_location", message_row_id=3, latitude=52.1, longitude=4.3, url="https://cafe.example"
    )
    messages = text(2, message_type=16, text_data=None) + text(3, message_type=5, text_data=None)
    reading = make(PEOPLE + messages + live + page)
    assert detail(reading.message(2)) == "the position was to be shared for 3600 seconds"
    assert detail(reading.message(3)) == "address of the place on the web: https://cafe.example"


def test_the_seller_the_code_and_the_page_of_goods_are_told(make: Make) -> None:
    product = insert(
        "message_product",
        message_row_id=2,
        business_owner_jid=2,
        product_id="P1",
        title="Brood",
        retailer_id="SKU9",
        url="https://shop.example/p1",
    )
    order = insert("message_order", message_row_id=3, order_id="O1", item_count=3, seller_jid=2)
    messages = text(2, message_type=23, text_data=None) + text(3, message_type=44, text_data=None)
    reading = make(PEOPLE + messages + product + order)
    words = "Brood, the seller's code SKU9, https://shop.example/p1, seller: +31600000001"
    assert detail(reading.message(2)) == f"product P1: {words}"
    assert detail(reading.message(3)) == "order O1: no title, 3 items, seller: +31600000001"


def test_that_an_invitation_has_expired_is_told(make: Make) -> None:
    invitation = insert(
        "message_group_invite",
        message_row_id=2,
        group_jid_row_id=4,
        admin_jid_row_id=2,
        invite_code="ABC",
        expiration=1709999999,
        expired=1,
    )
    reading = make(PEOPLE + text(2, message_type=24) + invitation)
    assert detail(reading.message(2)).endswith(
        "code ABC, its expiration as it is stored: 1709999999, expired"
    )


def test_a_missed_call_that_only_its_message_speaks_of_is_told_as_missed(make: Make) -> None:
    reading = make(PEOPLE + text(2, message_type=10) + text(3, message_type=90))
    assert [call.result for call in reading.calls] == ["missed", None]


def test_an_event_says_from_when_until_when(make: Make) -> None:
    event = insert("message_event", message_row_id=2, name="Feest", start_time=TIME, end_time=TIME)
    reading = make(PEOPLE + text(2, message_type=92, text_data=None) + event)
    at = "2024-03-04T10:00:00.000Z"
    assert detail(reading.message(2)) == f"event “Feest”, from {at}, until {at}"
