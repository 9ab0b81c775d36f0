"""Words about an account's policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.core.effects import RULES, Effect
from handlers.core.replies import Block, Message
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import context, counted, listed, section, sentences, text_message
from handlers.ui.labels import account_label
from storage import Account, Guarded, Policy, Rule

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
_EFFECTS: Mapping[Effect, str] = {
    Effect.GIVES_BACK: "restores access",
    Effect.TAKES_ACCESS: "ends access",
    Effect.DATA_LEAVES: "exports data",
    Effect.DESTROYS: "destroys data",
}
"""Phrases for effects, as they follow "anything that"; the others are their own."""


def allowed_rules(guarded: Guarded) -> list[Rule]:
    """Only who gains access can be outside the address book."""
    return [rule for rule in Rule if rule != Rule.OUTSIDE or guarded == Guarded.SHARE]


def effects_phrase(guarded: Guarded) -> str:
    """What a rule guards, as it follows "anything that"."""
    return listed([_EFFECTS.get(each, each) for each in GUARDED_BY[guarded]], "or")


def lines(policy: Policy) -> tuple[Block, ...]:
    text = sentences([_rules(policy), _how(policy), _strict(policy)])
    return (section(text), *(_unreadable(policy) if policy.unreadable else []))


def changed(policy: Policy, account: Account, approvers: int) -> str:
    """*approvers* is how many could approve requests of this person."""
    said = f"Updated the policy of account {account_label(account)}."
    if approvers >= policy.people or not _guarded(policy):
        return said
    return f"{said} {_too_few(policy, approvers, 'your requests')}"


def unmet(policy: Policy, account: Account, others: int) -> Message:
    """For an admin, after somebody has left; *others* is how many could approve their requests."""
    requests = f"your requests on account {account_label(account)}"
    return text_message(f"Someone has left this workspace. {_too_few(policy, others, requests)}")


def policy_notice(by: str, policy: Policy, account: Account) -> Message:
    """Notify the other admins."""
    text = f"<@{by}> changed the policy of account {account_label(account)}."
    return text_message(text, *lines(policy), context("See `/images rights`."))


def record(policy: Policy) -> dict[str, Any]:
    """Return the change for the audit log."""
    return {
        "rules": {str(what): str(rule) for what, rule in policy.rules.items()},
        "people": policy.people,
        "reason": policy.reason,
        "channel": policy.channel_id,
        "hours": policy.hours,
        "strict": policy.strict,
    }


def _too_few(policy: Policy, approvers: int, requests: str) -> str:
    only = (
        f"only {counted(approvers, 'other person', 'other people')}" if approvers else "nobody else"
    )
    return (
        f"Now {only} can approve {requests}, and the policy needs {policy.people}. Add approvers: "
        "`/images allow @someone approver`."
    )


def _guarded(policy: Policy) -> list[Guarded]:
    return [what for what, rule in policy.rules.items() if rule != NEVER]


def _rules(policy: Policy) -> str:
    wanted = _guarded(policy)
    if not wanted:
        return "Nothing needs approval."
    each = [f"{effects_phrase(what)}{_to_whom(policy, what)} (`{what}`)" for what in wanted]
    return f"Needs approval: anything that {listed(each, 'or')}."


def _to_whom(policy: Policy, what: Guarded) -> str:
    return " to accounts outside the address book" if policy.rules[what] == OUTSIDE else ""


def _unreadable(policy: Policy) -> tuple[Block, ...]:
    names = listed([f"`{name}`" for name in policy.unreadable])
    text = (
        f"The stored {names} cannot be read, so the strictest value applies. An admin can set it "
        "again with `/images policy`."
    )
    return (callout(Level.WARNING, text),)


def _how(policy: Policy) -> str:
    if not _guarded(policy):
        return ""
    where = f"in <#{policy.channel_id}>" if policy.channel_id else "by direct message"
    why = " A reason is required." if policy.reason else ""
    who = counted(policy.people, "other person", "other people")
    return (
        f"Approval by {who}, asked {where}; requests expire after "
        f"{counted(policy.hours, 'hour')}.{why}"
    )


def _strict(policy: Policy) -> str:
    if not policy.strict:
        return ""
    return (
        "*Strict*: every change is confirmed on a secure page, with the account's password or key."
    )
