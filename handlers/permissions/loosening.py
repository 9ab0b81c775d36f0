"""Which changes of roles, limits or the policy make an account less strict."""

from __future__ import annotations

from collections.abc import Iterator, Set

from handlers.core.effects import Effect
from handlers.core.facts import Change
from handlers.core.services import Services
from handlers.permissions.views.permissions import mention
from storage import Account, AccountKey, Guarded, Policy, Role, Rule, Subject

_STRENGTH = (Rule.NEVER, Rule.OUTSIDE, Rule.ALWAYS)


def of_policy(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Return what changes of a policy; a weaker rule loosens it."""
    return tuple(each for each in _policy(before, after) if each.before != each.after)


def of_role(
    account: Account,
    kind: Subject,
    subject: str,
    roles: tuple[Role, Role],
    not_left: Set[str],
    services: Services,
) -> Change:
    """
    Return the change of a role.

    Making somebody approver or admin loosens a guard, because they can decide requests. So does
    removing an approver, because fewer people have to be asked.

    Args:
        roles: before and after.

        not_left: Slack's ids of who changes it, and of all whose roles are changed with it.
    """
    before, after = roles
    effect = None
    if after.rank > before.rank:
        effect = Effect.LOOSENS if after.allows(Role.APPROVER) else Effect.WIDENS
    elif before.allows(Role.APPROVER) and not after.allows(Role.APPROVER):
        left = _approvers_left(account.key, not_left, services)
        effect = Effect.LOOSENS if left < services.store.policies.of(account.key).people else None
    return Change(mention(kind, subject), before, after, effect)


def of_limit(channel: str, before: Role, after: Role) -> Change:
    """Return the change of a channel's limit."""
    return Change(channel, before, after, Effect.WIDENS if after.rank > before.rank else None)


def _policy(before: Policy, after: Policy) -> Iterator[Change]:
    for guard in Guarded:
        rules = before.rule(guard), after.rule(guard)
        yield _change(guard, *rules, weaker=_strength(rules[1]) < _strength(rules[0]))
    yield _change("people", before.people, after.people, weaker=after.people < before.people)
    yield _change("reason", before.reason, after.reason, weaker=before.reason and not after.reason)
    yield _change("hours", before.hours, after.hours, weaker=after.hours > before.hours)
    yield _change("strict", before.strict, after.strict, weaker=before.strict and not after.strict)
    widens = Effect.WIDENS if after.channel_id else None
    yield Change("channel", before.channel_id, after.channel_id, widens)


def _change(name: str, before: object, after: object, *, weaker: bool) -> Change:
    return Change(name, _said(before), _said(after), Effect.LOOSENS if weaker else None)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _strength(rule: Rule) -> int:
    return _STRENGTH.index(rule)


def _approvers_left(key: AccountKey, others: Set[str], services: Services) -> int:
    """Count the approvers without these: the requester, and those who lose a role."""
    return len(services.roles.people_with_role(key, Role.APPROVER) - others)
