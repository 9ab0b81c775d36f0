"""Words about what an account wants approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.core.effects import RULES, Effect
from handlers.core.replies import Block, Message
from handlers.ui.blocks import context, counted, listed, section, sentences, text_message
from handlers.ui.labels import account_label
from storage import Account, Guarded, Policy

OPTIONS = ("people", "reason", "channel", "hours", "strict")
"""Of the verb, besides the rules themselves."""
NEVER, OUTSIDE = "never", "outside"
GUARDED_BY: Mapping[Guarded, Sequence[Effect]] = {
    guard: [effect for effect, guards in RULES.items() if guard in guards] for guard in Guarded
}
"""By rule: the effects that it guards."""
RULE_WORDS: Mapping[str, Guarded] = {
    **{effect.replace(" ", "-"): guards[0] for effect, guards in RULES.items() if guards},
    **{str(guard): guard for guard in Guarded},
}
"""By word of a command: the rule. An effect is a word for the rule that guards it first."""


def lines(policy: Policy) -> tuple[Block, ...]:
    text = sentences([_rules(policy), _how(policy), _strict(policy)])
    return (section(text), *([section(_unreadable(policy))] if policy.unreadable else []))


def changed(policy: Policy, account: Account, approvers: int) -> str:
    """*approvers* is how many could approve what this person asks for."""
    said = f"The policy of account {account_label(account)} is changed."
    if approvers >= policy.people or not _guarded(policy):
        return said
    return (
        f"{said} :warning: What you ask for takes {policy.people}, and {_only(approvers)} can "
        "approve. Name more with `/images allow @someone approver`."
    )


def unmet(policy: Policy, account: Account, others: int) -> Message:
    """For an admin, after somebody has left; *others* is how many could approve their requests."""
    return text_message(
        f"Somebody has left this workspace, and {_only(others)} can approve what you ask for on "
        f"account {account_label(account)}. Its policy takes {policy.people}. Add approvers with "
        "`/images allow @someone approver`."
    )


def policy_notice(by: str, policy: Policy, account: Account) -> Message:
    """For the other admins."""
    text = f"<@{by}> changed the policy of account {account_label(account)}."
    return text_message(text, *lines(policy), context("See `/images rights`."))


def record(policy: Policy) -> dict[str, Any]:
    """For the audit."""
    return {
        "rules": {str(what): str(rule) for what, rule in policy.rules.items()},
        "people": policy.people,
        "reason": policy.reason,
        "channel": policy.channel_id,
        "hours": policy.hours,
        "strict": policy.strict,
    }


def _only(approvers: int) -> str:
    if approvers == 0:
        return "nobody but you"
    return f"only {counted(approvers, 'other person')}"


def _guarded(policy: Policy) -> list[Guarded]:
    return [what for what, rule in policy.rules.items() if rule != NEVER]


def _rules(policy: Policy) -> str:
    wanted = _guarded(policy)
    if not wanted:
        return "Nothing needs a second person's approval."
    each = [
        f"{listed(GUARDED_BY[what], 'or')}{_to_whom(policy, what)} (`{what}`)" for what in wanted
    ]
    return f"Needs approval: whatever {listed(each, 'or')}."


def _to_whom(policy: Policy, what: Guarded) -> str:
    return " to accounts outside the address book" if policy.rules[what] == OUTSIDE else ""


def _unreadable(policy: Policy) -> str:
    names = listed([f"`{name}`" for name in policy.unreadable])
    return (
        f":warning: What is stored of {names} cannot be read, so the strictest value counts. An "
        "admin can set it again."
    )


def _how(policy: Policy) -> str:
    if not _guarded(policy):
        return ""
    where = f"in <#{policy.channel_id}>" if policy.channel_id else "by direct message"
    why = " They have to say why." if policy.reason else ""
    who = "one other person" if policy.people == 1 else f"{policy.people} other people"
    return (
        f"By {who} who may approve, asked {where}; it lapses after "
        f"{counted(policy.hours, 'hour')}.{why}"
    )


def _strict(policy: Policy) -> str:
    if not policy.strict:
        return ""
    return "It is *strict*: every change is confirmed on a page, with the account's own secret."
