"""The form for an account's policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue
from handlers.core.replies import Block, Modal, Option
from handlers.permissions.limits import MAX_HOURS
from handlers.permissions.views.policy import allowed_rules, effects_phrase
from handlers.ui.blocks import section
from handlers.ui.form_fields import channel, checkboxes, number_input, reason, select
from handlers.ui.labels import account_label
from storage import MAX_PEOPLE, Account, Guarded, Policy, Rule

FORM = "rights.policy_form"
PEOPLE, HOURS, CHANNEL = "policy.people", "policy.hours", "policy.channel"
REASON, STRICT = "policy.reason", "policy.strict"
ON = "on"
"""The value of a box that is checked."""
RULES: Mapping[Guarded, str] = {guarded: f"policy.{guarded}" for guarded in Guarded}
"""By rule: its field."""
_RULE_LABELS: Mapping[Rule, str] = {
    Rule.NEVER: "No approval",
    Rule.OUTSIDE: "Approval for accounts outside the address book",
    Rule.ALWAYS: "Approval every time",
}


@dataclass(frozen=True)
class Shown(ButtonValue):
    """The value of the form: the account, and the policy that its fields showed at first."""

    account_id: str
    people: int
    hours: int
    channel_id: str
    reason: bool
    strict: bool
    readable: bool
    """Whether all of it could be read: if not, everything in the form is set again."""
    rules: tuple[str, ...]
    """In the order of `Guarded`."""

    @classmethod
    def of(cls, account: Account, policy: Policy) -> Shown:
        return cls(
            account.id,
            policy.people,
            policy.hours,
            policy.channel_id,
            policy.reason,
            policy.strict,
            not policy.unreadable,
            tuple(policy.rule(each) for each in Guarded),
        )


def form(account: Account, policy: Policy) -> Modal:
    """Ask for the whole policy, filled in with the one in force."""
    return Modal(
        FORM,
        "Policy",
        (
            section(f"What needs approval on account {account_label(account)}:"),
            *(_rule(guarded, policy) for guarded in Guarded),
            *_how(policy),
            _strict(policy),
            reason(),
        ),
        "Save",
        Shown.of(account, policy).value(),
    )


def _rule(guarded: Guarded, policy: Policy) -> Block:
    options = [Option(_RULE_LABELS[rule], rule) for rule in allowed_rules(guarded)]
    label = f"{str(guarded).capitalize()}: anything that {effects_phrase(guarded)}"
    return select(label, RULES[guarded], options, initial=policy.rule(guarded))


def _how(policy: Policy) -> tuple[Block, ...]:
    required = [Option("Decisions need a reason", ON)]
    return (
        number_input(
            "Approvals needed", PEOPLE, initial=policy.people, minimum=1, maximum=MAX_PEOPLE
        ),
        channel(
            "Ask approvers in",
            CHANNEL,
            initial=policy.channel_id,
            optional=True,
            hint="Leave empty for a direct message to each. Invite me to the channel first.",
        ),
        number_input(
            "Requests expire after (hours)",
            HOURS,
            initial=policy.hours,
            minimum=1,
            maximum=MAX_HOURS,
        ),
        checkboxes("Reasons", REASON, required, initial=[ON] if policy.reason else []),
    )


def _strict(policy: Policy) -> Block:
    return checkboxes(
        "Strict",
        STRICT,
        [Option("Confirm every change on a secure page", ON)],
        initial=[ON] if policy.strict else [],
        hint="The page asks for the account's own password or key.",
    )
