"""The home tab through Slack: opened, pressed, and drawn again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.wiring import Runtime
from bot.work import deliver, jobs
from sandbox.slack import TEAM_ID, SlackStandIn
from sandbox.slack.state import View
from storage import Account
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS


def text(view: View) -> str:
    return str(view.body["blocks"])


def has(words: str) -> Callable[[View], bool]:
    return lambda view: words in text(view)


def lacks(words: str) -> Callable[[View], bool]:
    return lambda view: words not in text(view)


def test_opening_it_is_acknowledged_at_once_and_publishes_the_person_s_own(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)

    ack = slack.open_home(CONSUMER_A)
    slack.open_home(CONSUMER_B)

    assert (ack.status, ack.ok) == (200, True)
    slack.wait_for_home(CONSUMER_A, has(NUMBERS[CONSUMER_A]))
    view = slack.wait_for_home(CONSUMER_B, has("Link an account"))
    assert NUMBERS[CONSUMER_A] not in text(view)


def test_accept_redraws_the_home_and_says_it_in_the_person_s_messages(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("golden", CONSUMER_A)
    jobs.invitations(served)
    slack.open_home(CONSUMER_A)
    slack.wait_for_home(CONSUMER_A, has("golden"))

    ack = slack.press_home(CONSUMER_A, "invitations.accept")

    assert ack.ok
    view = slack.wait_for_home(CONSUMER_A, has("accepted `golden`"))
    assert "invitations.accept" not in text(view)
    deliver.run(served)
    slack.wait_for(CONSUMER_A, lambda m: "accepted `golden`" in m.text)


def test_a_button_that_looks_opens_a_modal_over_the_home(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)
    slack.open_home(CONSUMER_A)
    slack.wait_for_home(CONSUMER_A, has("List your images"))

    ack = slack.press_home(CONSUMER_A, "home.images")

    assert ack.ok
    slack.wait_for_home(CONSUMER_A, has(":white_check_mark: List your images"))
    modal = slack.modals.top(CONSUMER_A)
    assert modal
    assert "Asking the cloud" not in text(modal)


def test_unlink_in_a_modal_of_the_home_redraws_the_home(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    account = link(CONSUMER_A)
    slack.open_home(CONSUMER_A)
    slack.wait_for_home(CONSUMER_A, has(NUMBERS[CONSUMER_A]))
    slack.press_home(CONSUMER_A, "home.unlink")
    with slack.workspace.changed:
        slack.workspace.changed.wait_for(
            lambda: (top := slack.modals.top(CONSUMER_A)) and "accounts.unlink" in text(top), 10
        )

    slack.modals.click(CONSUMER_A, "accounts.unlink")

    slack.wait_for_home(CONSUMER_A, lacks(NUMBERS[CONSUMER_A]))
    assert served.store.accounts.get(account.id) is None


def test_opening_the_messages_tab_publishes_nothing(served: Runtime, slack: SlackStandIn) -> None:
    event: dict[str, Any] = {
        "type": "event_callback",
        "team_id": TEAM_ID,
        "event_id": "Ev1",
        "event": {"type": "app_home_opened", "user": CONSUMER_A, "tab": "messages"},
    }

    assert slack.sender.event(event, 0).status == 200
    served.request_pool.finish()

    assert slack.home(CONSUMER_A) is None


def test_a_home_that_slack_does_not_take_breaks_nothing(
    served: Runtime, slack: SlackStandIn
) -> None:
    slack.fail_next("views.publish", "user_not_found")

    assert slack.open_home(CONSUMER_A).ok
    assert slack.open_home(CONSUMER_A).ok

    slack.wait_for_home(CONSUMER_A, has("First steps"))
