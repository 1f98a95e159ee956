"""Service messages that are rarer, in words; what all of them are told with.

Source: Telegram reference 3.3 (names of MessageAction); what their fields mean is read from their names in
the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parsers.telegram_people import People
from parsers.telegram_tl_value import Value
from parsers.telegram_words import quoted, stars, with_entities


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an event is told with: ``randoms`` says which message a random id of a secret chat is."""

    people: People
    randoms: dict[int, int]

    def names(self, keys: list[int]) -> str:
        """Several people in words."""
        return ", ".join(self.people.person(key).spoken for key in keys) or "nobody who is stored"

    def messages(self, value: Value) -> str:
        """Messages of a secret chat by their numbers, or by their random ids where these are not known."""
        return ", ".join(
            str(self.randoms.get(each, f"random id {each}")) for each in value.numbers("random_ids")
        )


Say = Callable[[Value, Surroundings], str]


def _users(value: Value, name: str, around: Surroundings) -> str:
    number = value.number(name)
    return around.names([] if number is None else [number])


def _tasks(value: Value) -> str:
    return "; ".join(f"“{with_entities(each, 'title')}”" for each in value.children("list")) or "nothing"


def _numbers(value: Value, name: str) -> str:
    return ", ".join(map(str, value.numbers(name))) or "none"


def _documents(value: Value) -> str:
    names = [each.name.removeprefix("secureValueType") for each in value.children("types")]
    return ", ".join(names) or f"{len(value.children('values'))} of them"


def _approval(value: Value) -> str:
    words = "refused a suggested post" if value.has("rejected") else "approved a suggested post"
    comment = value.text("reject_comment")
    return f"{words}, {quoted(comment)}" if comment else words


def _offer(value: Value) -> str:
    end = "accepted" if value.has("accepted") else "refused" if value.has("declined") else "open"
    return f"offered {stars(value.child('price'))} for a gift, {end}"


def _birthday(value: Value) -> str:
    found = value.child("birthday")
    parts = [found.number(name) for name in ("day", "month", "year")] if found is not None else []
    return "-".join(str(each) for each in parts if each is not None) or "not stored"


OTHER_EVENTS: dict[str, Say] = {
    "AttachMenuBotAllowed": lambda v, s: "allowed a bot to write, in the menu",
    "BoostApply": lambda v, s: f"boosted the group {v.number('boosts')} times",
    "ChangeCommunity": lambda v, s: f"changed the community to {v.number('community_id') or 'none'}",
    "ChangeCreator": lambda v, s: f"made {_users(v, 'new_creator_id', s)} the creator",
    "ChannelToggleComments": lambda v, s: f"turned comments {'on' if v.get('enabled') is True else 'off'}",
    "ChatActivate": lambda v, s: "made the group active again",
    "ChatDeactivate": lambda v, s: "closed the group",
    "ChatJoinedViaCommunity": lambda v, s: f"joined through the community {v.number('community_id')}",
    "CreatedBroadcastList": lambda v, s: "created a broadcast list",
    "GameScore": lambda v, s: f"scored {v.number('score')} in a game",
    "GeoChatCheckin": lambda v, s: "checked in",
    "GeoChatCreate": lambda v, s: f"created {quoted(v.text('title'))} at {quoted(v.text('address'))}",
    "GiveawayLaunch": lambda v, s: (
        f"began a giveaway of {v.number('stars')} stars" if v.number("stars") else "began a giveaway"
    ),
    "GiveawayResults": lambda v, s: (
        f"ended a giveaway: {v.number('winners_count')} winners,"
        f" {v.number('unclaimed_count')} prizes not claimed"
    ),
    "ManagedBotCreated": lambda v, s: f"created the bot {_users(v, 'bot_id', s)}",
    "NewCreatorPending": lambda v, s: f"{_users(v, 'new_creator_id', s)} will be the creator",
    "NoForwardsRequest": lambda v, s: (
        f"asked to {'protect' if v.get('new_value') is True else 'no longer protect'} the content"
    ),
    "NoForwardsToggle": lambda v, s: (
        "protected the content" if v.get("new_value") is True else "no longer protects the content"
    ),
    "PaidMessagesPrice": lambda v, s: f"set the price of a message to {v.number('stars')} stars",
    "PhoneNumberRequest": lambda v, s: "asked for the telephone number",
    "PollAppendAnswer": lambda v, s: f"added an answer to the poll: {_answer(v)}",
    "PollDeleteAnswer": lambda v, s: f"removed an answer from the poll: {_answer(v)}",
    "SecureValuesSent": lambda v, s: f"sent identity documents: {_documents(v)}",
    "SecureValuesSentMe": lambda v, s: f"was sent identity documents: {_documents(v)}",
    "SetChatTheme": lambda v, s: f"changed the theme to {v.text('emoticon') or 'another one'}",
    "SetChatWallPaper": lambda v, s: "changed the background",
    "SetSameChatWallPaper": lambda v, s: "took over the background",
    "StarGiftPurchaseOffer": lambda v, s: _offer(v),
    "StarGiftPurchaseOfferDeclined": lambda v, s: f"refused {stars(v.child('price'))} for a gift",
    "SuggestBirthday": lambda v, s: f"suggested a birthday: {_birthday(v)}",
    "SuggestProfilePhoto": lambda v, s: "suggested a profile photo",
    "SuggestedPostApproval": lambda v, s: _approval(v),
    "SuggestedPostRefund": lambda v, s: "a suggested post was paid back",
    "TodoAppendTasks": lambda v, s: f"added to the list: {_tasks(v)}",
    "TodoCompletions": lambda v, s: (
        f"done on the list: {_numbers(v, 'completed')}; open again: {_numbers(v, 'incompleted')}"
    ),
    "TopicEditIcon": lambda v, s: "changed the topic's icon",
    "WebViewDataSentMe": lambda v, s: (
        f"sent by a web app: {quoted(v.text('text'))}, {quoted(v.text('data'))}"
    ),
}


def _answer(value: Value) -> str:
    answer = value.child("answer")
    return quoted(with_entities(answer, "text")) if answer is not None else "not stored"
