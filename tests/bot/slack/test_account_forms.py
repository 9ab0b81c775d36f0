"""The forms for roles, the policy and the second contact, as Slack sends what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from bot.wiring import Runtime
from bot.work import deliver
from sandbox.slack import CHANNEL_ID, SlackStandIn
from sandbox.slack.state import View
from storage import Account, Guarded, Role, Rule, Subject
from tests.bot.people import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.bot.slack.test_lookup import seen
from tests.waiting import until


def opened(slack: SlackStandIn, command: str, words: str) -> View:
    slack.command(PRODUCER, command)
    seen(slack, PRODUCER, words)
    form = slack.modals.top(PRODUCER)
    assert form
    return form


def test_people_groups_and_channels_that_were_picked_get_the_role(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    account = link(PRODUCER)
    slack.workspace.groups["S1"] = (CONSUMER_B,)
    slack.workspace.group_handles["S1"] = "ops"
    form = opened(slack, "allow", "User groups")

    [found] = slack.suggest(PRODUCER, form, "rights.groups", "op")
    slack.modals.submit(
        PRODUCER,
        {
            "rights.people": [CONSUMER_A],
            "rights.groups": ["S1"],
            "rights.channels": [CHANNEL_ID],
            "rights.role": "viewer",
        },
    )

    assert found["text"]["text"] == "@ops"
    seen(slack, PRODUCER, "is now *viewer*")
    grants = served.services.store.rights.of_account(account.key)
    assert {(each.kind, each.subject, each.role) for each in grants} == {
        (Subject.PERSON, CONSUMER_A, Role.VIEWER),
        (Subject.GROUP, "S1", Role.VIEWER),
        (Subject.CHANNEL, CHANNEL_ID, Role.VIEWER),
    }


def test_the_policy_is_set_by_a_form_and_said_in_a_message_that_stays(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    account = link(PRODUCER)
    opened(slack, "policy", "Approvals needed")

    slack.modals.submit(PRODUCER, {"policy.delete": "always", "policy.channel": CHANNEL_ID})

    seen(slack, PRODUCER, "Updated the policy")
    _stays(served, slack, "Updated the policy")
    policy = served.services.store.policies.of(account.key)
    assert (policy.rule(Guarded.DELETE), policy.channel_id) == (Rule.ALWAYS, CHANNEL_ID)


def test_a_second_contact_is_picked_and_shown_when_the_form_opens_again(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    account = link(PRODUCER)
    opened(slack, "contact", "Second contact")

    slack.modals.submit(PRODUCER, {"contacts.who": CONSUMER_A, "contacts.days": "3"})

    seen(slack, PRODUCER, "From now on")
    [contact] = served.services.store.contacts._table.find()
    assert (contact.key, contact.user_id, contact.days) == (account.key, CONSUMER_A, 3)
    opened(slack, "contact", f"'initial_user': '{CONSUMER_A}'")


def _stays(served: Runtime, slack: SlackStandIn, words: str) -> None:
    def kept() -> bool:
        deliver.run(served)
        return any(words in str(each.blocks) for each in slack.messages(PRODUCER))

    until(kept)
