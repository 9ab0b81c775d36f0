"""Menus whose options the app finds, as Slack asks for them and as it takes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App, BoltResponse
from slack_sdk import WebClient

from sandbox.slack import PEOPLE, Message, SlackStandIn, View
from sandbox.slack.refusals import MethodRefused
from tests.sandbox.talk import Json, plain

PRODUCER, CONSUMER, _ = (person.user_id for person in PEOPLE)


def option(text: str) -> Json:
    return {"text": plain(text), "value": f"id-{text}"}


def menu(**more: Any) -> Json:
    return {
        "type": "external_select",
        "action_id": "images.find",
        "min_query_length": 0,
        **more,
    }


SEVERAL = menu(type="multi_external_select", action_id="images.several")


def modal(*elements: Json) -> Json:
    inputs = [
        {
            "type": "input",
            "block_id": element["action_id"],
            "label": plain("Image"),
            "element": element,
        }
        for element in elements
    ]
    return {
        "type": "modal",
        "callback_id": "images.pick",
        "title": plain("Pick"),
        "submit": plain("Go"),
        "private_metadata": "DFW",
        "blocks": inputs,
    }


@pytest.fixture
def show(slack: SlackStandIn, bot: App, client: WebClient) -> Callable[[Json], Message | View]:
    """Shows the producer a menu in a message, or with `modal` a form."""
    bot.command("/images")(lambda ack: ack())

    def show(body: Json) -> Message | View:
        if body["type"] != "modal":
            client.chat_postMessage(channel=PRODUCER, text="Pick", blocks=[body])
            return slack.messages(PRODUCER)[-1]
        slack.command(PRODUCER, "pick")
        client.views_open(trigger_id=slack.calls[-1]["body"]["trigger_id"], view=body)
        view = slack.modals.top(PRODUCER)
        assert view
        return view

    return show


Show = Callable[[Json], Message | View]
ROW = {"type": "actions", "elements": [menu()]}


def test_bolt_is_asked_for_options_and_its_options_can_be_chosen_in_a_form(
    slack: SlackStandIn, bot: App, show: Show
) -> None:
    asked: list[Any] = []
    sent: list[Any] = []

    @bot.options("images.find")
    def find(ack: Any, payload: Any, body: Any) -> None:
        asked.append((payload["value"], body["view"]["private_metadata"]))
        ack(options=[option("golden"), option("gone")])

    @bot.view("images.pick")
    def pick(ack: Any, view: Any) -> None:
        sent.append(view["state"]["values"]["images.find"]["images.find"])
        ack()

    options = slack.suggest(PRODUCER, show(modal(menu())), "images.find", "go")
    slack.modals.submit(PRODUCER, {"images.find": "id-gone"})

    assert (asked, options) == ([("go", "DFW")], [option("golden"), option("gone")])
    assert sent == [{"type": "external_select", "selected_option": option("gone")}]


def test_an_option_of_a_menu_in_a_message_is_chosen_as_a_click(
    slack: SlackStandIn, bot: App, show: Show
) -> None:
    chosen: list[Any] = []
    bot.options("images.find")(lambda ack: ack(options=[option("golden")]))

    @bot.action("images.find")
    def find(ack: Any, action: Any) -> None:
        ack()
        chosen.append(action["selected_option"])

    message = show(ROW)
    assert isinstance(message, Message)
    slack.suggest(PRODUCER, message, "images.find", "g")
    slack.click(PRODUCER, message, "images.find", value="id-golden")

    assert chosen == [option("golden")]


def test_what_the_app_never_offered_cannot_be_chosen(
    slack: SlackStandIn, bot: App, show: Show
) -> None:
    show(modal(menu(initial_option=option("first"))))

    with pytest.raises(LookupError, match="id-other"):
        slack.modals.submit(PRODUCER, {"images.find": "id-other"})


def test_slack_asks_only_once_enough_is_typed(slack: SlackStandIn, bot: App, show: Show) -> None:
    bot.options("images.find")(lambda ack: ack(options=[option("golden")]))
    unsaid = menu()
    del unsaid["min_query_length"]
    view = show(modal(unsaid))

    too_few = slack.suggest(PRODUCER, view, "images.find", "go")
    enough = slack.suggest(PRODUCER, view, "images.find", "gol")

    assert (too_few, enough) == ([], [option("golden")])
    assert [call["body"]["value"] for call in slack.calls if call["kind"] == "suggestion"] == [
        "gol"
    ]


def test_the_app_sees_what_stands_in_the_other_fields(
    slack: SlackStandIn, bot: App, show: Show
) -> None:
    seen: list[Any] = []

    @bot.options("images.find")
    def find(ack: Any, body: Any) -> None:
        seen.append(body["view"]["state"]["values"]["region"]["region"]["value"])
        ack(options=[])

    region = {"type": "plain_text_input", "action_id": "region"}
    view = show(modal(region, menu()))

    assert slack.suggest(PRODUCER, view, "images.find", "", given={"region": "ORD"}) == []
    assert seen == ["ORD"]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"options": [option(str(i)) for i in range(101)]}, "no more than 100 items allowed"),
        ({"options": [option("x" * 76)]}, "must be less than 76 characters"),
        ({"options": [{"text": plain("x"), "value": "v" * 151}]}, "must be less than 151"),
        ({"options": [{"text": plain("x")}]}, "missing required field: value"),
        (
            {"options": [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]},
            "must be plain_text",
        ),
        (
            {"option_groups": [{"label": plain("x" * 76), "options": [option("a")]}]},
            "must be less than 76",
        ),
        ({"text": "no options"}, "missing required field: options"),
    ],
)
def test_options_beyond_the_limits_are_refused(
    slack: SlackStandIn, bot: App, show: Show, answer: Json, problem: str
) -> None:
    """The middleware answers by itself: Bolt's own ack lets no wrong keys through."""
    bot.middleware(_answering(answer))
    view = show(modal(menu()))

    with pytest.raises(MethodRefused) as refused:
        slack.suggest(PRODUCER, view, "images.find", "x")

    assert refused.value.error == "invalid_options"
    assert problem in refused.value.messages[0]


def _answering(answer: Json) -> Callable[..., Any]:
    def listener(body: Any, next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt's name
        if body.get("type") == "block_suggestion":
            return BoltResponse(status=200, body=json.dumps(answer))
        return next()

    return listener


def test_groups_of_options_are_offered_in_one_list(
    slack: SlackStandIn, bot: App, show: Show
) -> None:
    groups = [
        {"label": plain("Mine"), "options": [option("a")]},
        {"label": plain("Shared"), "options": [option("b")]},
    ]
    bot.options("images.several")(lambda ack: ack(option_groups=groups))
    view = show(modal(SEVERAL))

    assert slack.suggest(PRODUCER, view, "images.several", "") == [option("a"), option("b")]


def test_options_that_no_listener_finds_are_refused(slack: SlackStandIn, show: Show) -> None:
    """Bolt answers 404 to what nobody listens to."""
    with pytest.raises(MethodRefused, match="dispatch_failed"):
        slack.suggest(PRODUCER, show(modal(menu())), "images.find", "x")


@pytest.mark.node
def test_what_slack_asks_for_options_is_what_slack_declares(
    slack: SlackStandIn,
    bot: App,
    show: Show,
    slack_accepts: Callable[[list[Json]], None],
) -> None:
    for action_id in ("images.find", "images.several"):
        bot.options(action_id)(lambda ack: ack(options=[option("golden")]))
    message = show(ROW)
    assert isinstance(message, Message)
    slack.suggest(PRODUCER, message, "images.find", "g")
    slack.click(PRODUCER, message, "images.find", value="id-golden")
    view = show(modal(menu(), SEVERAL))
    slack.suggest(PRODUCER, view, "images.find", "g")
    slack.suggest(PRODUCER, view, "images.several", "g")
    slack.modals.submit(PRODUCER, {"images.find": "id-golden", "images.several": ["id-golden"]})

    slack_accepts(slack.calls)
