"""Modals, as Slack opens, checks, sends, stacks and closes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn, View
from tests.sandbox.talk import Clock, Json, plain, refusal

PRODUCER = PEOPLE[0].user_id


def field(
    name: str, kind: str = "plain_text_input", *, optional: bool = False, **more: Any
) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name.title()),
        "optional": optional,
        "element": {"type": kind, "action_id": name, **more},
    }


CHECK = {
    "type": "actions",
    "block_id": "row",
    "elements": [{"type": "button", "action_id": "images.check", "text": plain("Check")}],
}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Update"),
        "submit": plain("Save"),
        "callback_id": "images.update",
        "blocks": list(blocks) or [field("name")],
        **more,
    }


@pytest.fixture
def trigger(slack: SlackStandIn, bot: App) -> Callable[[], str]:
    """A new trigger id, of a command that the producer types."""
    bot.command("/images")(lambda ack: ack())

    def trigger() -> str:
        slack.command(PRODUCER, "update")
        return str(slack.calls[-1]["body"]["trigger_id"])

    return trigger


@pytest.fixture
def opened(client: WebClient, trigger: Callable[[], str]) -> Callable[..., str]:
    """Opens a modal for the producer, and returns its id."""
    return lambda view: str(client.views_open(trigger_id=trigger(), view=view)["view"]["id"])


Opened = Callable[[Json], str]


def on_top(slack: SlackStandIn) -> View:
    view = slack.modals.top(PRODUCER)
    assert view
    return view


def titles(slack: SlackStandIn) -> list[str]:
    return [view.body["title"]["text"] for view in slack.workspace.modals[PRODUCER]]


def answering(bot: App, **answer: Any) -> None:
    bot.view("images.update")(lambda ack: ack(**answer))


def test_a_trigger_opens_one_modal_within_three_seconds(
    client: WebClient, trigger: Callable[[], str], clock: Clock
) -> None:
    good, late = trigger(), trigger()

    assert client.views_open(trigger_id=good, view=modal())["ok"]
    assert refusal(lambda: client.views_open(trigger_id=good, view=modal())) == (
        "exchanged_trigger_id"
    )
    clock.advance(seconds=3.1)
    assert refusal(lambda: client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert refusal(lambda: client.views_open(trigger_id="1.2.3", view=modal())) == (
        "invalid_trigger_id"
    )


def test_a_modal_shows_what_the_bot_finds_wrong_and_closes_when_all_is_well(
    slack: SlackStandIn, bot: App, opened: Opened
) -> None:
    @bot.view("images.update")
    def submitted(ack: Any, view: Any) -> None:
        name = view["state"]["values"]["name"]["name"]["value"]
        if name == "golden":
            ack()
        else:
            ack(response_action="errors", errors={"name": "That name is taken."})

    opened(modal())
    slack.modals.submit(PRODUCER, {"name": "silver"})
    assert on_top(slack).errors == {"name": "That name is taken."}
    slack.modals.submit(PRODUCER, {"name": "golden"})
    assert slack.modals.top(PRODUCER) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {"row": "a button is no input"}},
        {"response_action": "errors", "errors": {"name": ""}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push", "view": modal(title=plain("x" * 25))},
    ],
)
def test_an_answer_that_slack_cannot_use_is_trouble_above_the_form(
    slack: SlackStandIn, bot: App, opened: Opened, answer: Json
) -> None:
    answering(bot, **answer)
    view_id = opened(modal(field("name"), CHECK))

    slack.modals.submit(PRODUCER, {"name": "golden"})

    assert on_top(slack).id == view_id
    assert on_top(slack).errors == {"": "We had some trouble connecting. Try again?"}


def test_a_form_that_nobody_answers_is_trouble_and_stays(
    slack: SlackStandIn, opened: Opened
) -> None:
    """Bolt answers 404 to what nobody listens to."""
    opened(modal())

    ack = slack.modals.submit(PRODUCER, {"name": "golden"})

    assert ack.status == 404
    assert on_top(slack).errors == {"": "We had some trouble connecting. Try again?"}


def number(**more: Any) -> Json:
    return field("n", "number_input", **{"is_decimal_allowed": False, **more})


@pytest.mark.parametrize(
    ("block", "given", "problem"),
    [
        (field("n"), None, "Please complete this required field."),
        (field("n", initial_value="x"), "", "Please complete this required field."),
        (field("n", min_length=3), "ab", "Enter at least 3 characters."),
        (field("n", max_length=3), "abcd", "Enter at most 3 characters."),
        (number(), "many", "Enter a number."),
        (number(), "NaN", "Enter a number."),
        (number(), "2.5", "Enter a whole number."),
        (number(min_value="1"), "0", "Enter a number of 1 or more."),
        (number(max_value="9"), "10", "Enter a number of 9 or less."),
        (
            field("n", "url_text_input"),
            "example",
            "Enter a valid URL, one that begins with http:// or https://.",
        ),
        (field("n", "email_text_input"), "me", "Enter a valid email address."),
    ],
)
def test_slack_sends_no_form_that_it_finds_wrong_itself(
    slack: SlackStandIn, opened: Opened, block: Json, given: str | None, problem: str
) -> None:
    opened(modal(block))

    ack = slack.modals.submit(PRODUCER, {"n": given})

    assert ack.error == "not_sent"
    assert on_top(slack).errors == {"n": problem}
    assert "view" not in {call["kind"] for call in slack.calls}


def test_what_is_emptied_is_sent_as_nothing(slack: SlackStandIn, bot: App, opened: Opened) -> None:
    sent: list[Json] = []

    @bot.view("images.update")
    def submitted(ack: Any, view: Any) -> None:
        ack()
        sent.append(view["state"]["values"]["name"]["name"])

    for given in ({"name": ""}, {}):
        opened(modal(field("name", optional=True, initial_value="golden")))
        slack.modals.submit(PRODUCER, given)

    assert [state["value"] for state in sent] == [None, "golden"]


def test_a_button_in_a_modal_is_answered_by_an_update_and_knows_what_was_typed(
    slack: SlackStandIn, bot: App, client: WebClient, opened: Opened
) -> None:
    typed: list[str] = []

    @bot.action("images.check")
    def check(ack: Any, body: Any) -> None:
        typed.append(body["view"]["state"]["values"]["name"]["name"]["value"])
        view = modal(field("name"), title=plain("Checked"))
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
        ack()

    view_id = opened(modal(field("name"), CHECK))
    slack.modals.click(PRODUCER, "images.check", given={"name": "golden"})

    assert (on_top(slack).id, titles(slack), typed) == (view_id, ["Checked"], ["golden"])


def test_a_button_that_nobody_answers_is_told_above_the_form(
    slack: SlackStandIn, opened: Opened
) -> None:
    opened(modal(CHECK))

    slack.modals.click(PRODUCER, "images.check")

    assert on_top(slack).errors == {"": "This app responded with Status Code 404."}


def test_an_update_of_an_older_form_conflicts(
    slack: SlackStandIn, client: WebClient, opened: Opened
) -> None:
    view_id = opened(modal())
    first = on_top(slack).hash
    client.views_update(view_id=view_id, hash=first, view=modal())

    assert refusal(lambda: client.views_update(view_id=view_id, hash=first, view=modal())) == (
        "hash_conflict"
    )
    assert client.views_update(view_id=view_id, view=modal())["ok"]


def test_a_form_that_is_closed_or_unnamed_cannot_be_updated(
    slack: SlackStandIn, client: WebClient, opened: Opened
) -> None:
    view_id = opened(modal())
    slack.modals.close(PRODUCER)

    assert refusal(lambda: client.views_update(view_id=view_id, view=modal())) == "not_found"
    assert refusal(lambda: client.api_call("views.update", json={"view": modal()})) == (
        "invalid_arguments"
    )


def test_an_external_id_names_one_open_form(client: WebClient, opened: Opened) -> None:
    view_id = opened(modal(external_id="mine"))

    assert refusal(lambda: opened(modal(external_id="mine"))) == "duplicate_external_id"
    assert client.views_update(external_id="mine", view=modal())["view"]["id"] == view_id


def test_three_forms_stand_on_each_other_and_no_fourth(
    slack: SlackStandIn, client: WebClient, opened: Opened, trigger: Callable[[], str]
) -> None:
    def push(title: str) -> Any:
        return client.views_push(trigger_id=trigger(), view=modal(title=plain(title)))

    assert refusal(lambda: push("on nothing")) == "not_found"
    root = opened(modal())
    views = [push(title)["view"] for title in ("Two", "Three")]
    assert refusal(lambda: push("Four")) == "push_limit_reached"

    assert titles(slack) == ["Update", "Two", "Three"]
    assert [view["root_view_id"] for view in views] == [root, root]
    assert on_top(slack).previous_view_id == views[0]["id"]


def test_a_form_that_is_sent_can_be_updated_pushed_on_or_cleared(
    slack: SlackStandIn, bot: App, opened: Opened
) -> None:
    steps: Iterator[Json] = iter(
        [
            {"response_action": "update", "view": modal(title=plain("Again"))},
            {"response_action": "push", "view": modal(title=plain("Sure?"))},
            {"response_action": "clear"},
        ]
    )
    bot.view("images.update")(lambda ack: ack(**next(steps)))
    opened(modal())

    seen = []
    for _ in range(3):
        slack.modals.submit(PRODUCER, {"name": "golden"})
        seen.append(titles(slack))

    assert seen == [["Again"], ["Again", "Sure?"], []]


def test_sending_the_form_on_top_shows_the_one_below(
    slack: SlackStandIn, bot: App, client: WebClient, opened: Opened, trigger: Callable[[], str]
) -> None:
    answering(bot)
    opened(modal())
    client.views_push(trigger_id=trigger(), view=modal(title=plain("Sure?")))

    slack.modals.submit(PRODUCER, {"name": "golden"})

    assert titles(slack) == ["Update"]


def test_what_the_bot_changed_while_it_was_asked_is_not_lost(
    slack: SlackStandIn, bot: App, client: WebClient, opened: Opened
) -> None:
    @bot.view("images.update")
    def submitted(ack: Any, view: Any) -> None:
        client.views_update(view_id=view["id"], view=modal(title=plain("Newer")))
        ack(response_action="errors", errors={"name": "That name is taken."})

    opened(modal())
    slack.modals.submit(PRODUCER, {"name": "golden"})

    assert titles(slack) == ["Newer"]
    assert on_top(slack).errors == {"name": "That name is taken."}


@pytest.mark.parametrize(
    ("everything", "left", "told"),
    [
        (False, ["Update"], [("Sure?", False)]),
        (True, [], [("Sure?", True), ("Update", True)]),
    ],
)
def test_an_app_that_asked_for_it_hears_of_closing(
    slack: SlackStandIn,
    bot: App,
    client: WebClient,
    opened: Opened,
    trigger: Callable[[], str],
    everything: bool,
    left: list[str],
    told: list[tuple[str, bool]],
) -> None:
    heard: list[tuple[str, bool]] = []

    @bot.view_closed("images.update")
    def closed(ack: Any, body: Any) -> None:
        ack()
        heard.append((body["view"]["title"]["text"], body["is_cleared"]))

    opened(modal(notify_on_close=True))
    sure = modal(title=plain("Sure?"), notify_on_close=True)
    client.views_push(trigger_id=trigger(), view=sure)
    slack.modals.close(PRODUCER, everything=everything)

    assert (titles(slack), heard) == (left, told)


OPTION = {"text": plain("x"), "value": "x"}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (field("n", "number_input"), "missing required field: is_decimal_allowed"),
        (number(min_value="9", max_value="1"), "must be at most max_value"),
        (number(min_value=1), "must be a number in a string"),
        (number(multiline=True), "invalid additional property: multiline"),
        (field("n", "checkboxes", options=[OPTION] * 11), "no more than 10 items allowed"),
        (field("n", "radio_buttons", options=[]), "no fewer than 1 items required"),
        (
            field("n", "radio_buttons", options=[OPTION], initial_option=OPTION | {"value": "y"}),
            "initial option must be one of options",
        ),
        (field("n", "url_text_input", placeholder=plain("x" * 151)), "less than 151 characters"),
        (field("n", "plain_text_input", max_length=0), "must be at least 1 and at most 3000"),
        (field("n", "external_select", min_query_length=-1), "whole number of 0 or more"),
        (field("n", "external_select", options=[OPTION]), "invalid additional property: options"),
        (field("n", "conversations_select", options=[OPTION]), "invalid additional property"),
        (field("n", "conversations_select", filter={"include": []}), "must be of im, mpim"),
        (field("n", "conversations_select", filter={"include": ["dm"]}), "must be of im, mpim"),
        (field("n", "button", text=plain("x")), "unsupported type: button"),
        (
            {"type": "actions", "elements": [field("n", "number_input")["element"]]},
            "unsupported type: number_input",
        ),
    ],
)
def test_inputs_beyond_the_limits_are_refused(
    client: WebClient, trigger: Callable[[], str], block: Json, problem: str
) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments") as refused:
        client.views_open(trigger_id=trigger(), view=modal(block))

    [message] = refused.value.response["response_metadata"]["messages"]
    assert problem in message


@pytest.mark.node
def test_all_traffic_of_modals_is_what_slack_declares(
    slack: SlackStandIn,
    bot: App,
    client: WebClient,
    opened: Opened,
    trigger: Callable[[], str],
    slack_accepts: Callable[[list[Json]], None],
) -> None:
    bot.action("images.check")(lambda ack: ack())
    bot.view_closed("images.update")(lambda ack: ack())
    answering(bot)
    options = [OPTION, OPTION | {"value": "y"}]
    every = modal(
        field("name"),
        number(),
        field("url", "url_text_input"),
        field("boxes", "checkboxes", options=options),
        field("radio", "radio_buttons", options=options),
        field("select", "static_select", options=options),
        field("channel", "conversations_select", filter={"include": ["public", "private"]}),
        CHECK,
        notify_on_close=True,
    )
    given = {"name": "x", "n": "1", "url": "https://x.example/", "boxes": ["x", "y"]}
    given |= {"radio": "y", "select": "x", "channel": CHANNEL_ID}
    view_id = opened(every)
    slack.modals.click(PRODUCER, "images.check", given=given)
    client.views_update(view_id=view_id, view=every)
    client.views_push(trigger_id=trigger(), view=modal(notify_on_close=True))
    slack.modals.close(PRODUCER)
    slack.modals.submit(PRODUCER, given)

    assert titles(slack) == []
    slack_accepts(slack.calls)
