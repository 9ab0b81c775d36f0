"""Set an account's policy: what needs approval, or confirmation on a page."""

from __future__ import annotations

from dataclasses import replace

from handlers.core import spans
from handlers.core.command_line import VALUED
from handlers.core.errors import NoPages, NoValue, Usage
from handlers.core.facts import Facts
from handlers.core.find_account import account_for
from handlers.core.interactions import Command, Person
from handlers.core.mentions import channel_or_here
from handlers.core.notify import notify
from handlers.core.numbers import whole
from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.permissions import commands as rights
from handlers.permissions import loosening
from handlers.permissions.errors import BadRule
from handlers.permissions.limits import MAX_HOURS
from handlers.permissions.views import policy as views
from handlers.ui import operation_words
from handlers.ui.blocks import listed
from handlers.ui.tell_admins import tell_admins
from storage import MAX_PEOPLE, Account, Guarded, Policy, Role, Rule

POLICY = 'policy [share|unshare|delete|export RULE]… [because "…"]'
OFF = "off"


def policy(command: Command, services: Services) -> Message:
    """/images policy <what> <rule>…: set which changes need approval, and how."""
    if len(command.words) % 2:
        raise Usage(POLICY)
    return set_policy(command, account_for(command, services), services)


def set_policy(command: Command, account: Account, services: Services) -> Message:
    """
    Set what the command says, in words and options.

    Raises:
        BadRule, NoPages: it cannot be so.
    """
    pairs = [command.words[i : i + 2] for i in range(0, len(command.words), 2)]
    before = services.store.policies.of(account.key)
    rules = dict(before.rules) | dict(_rule(what, word) for what, word in pairs)
    after = _options(command, replace(before, rules=rules, unreadable=()), services)
    if after == replace(before, unreadable=()) and not (before.unreadable and _given(command)):
        return rights.rights_message(command.person, account, services)
    _set(command.person, account, before, after, services)
    said = views.changed(after, account, _approvers(command.person, account, services))
    return rights.rights_message(command.person, account, services, said)


def _given(command: Command) -> bool:
    """Whether anything changes."""
    return bool(command.words) or any(name in command.options for name in views.OPTIONS)


def _rule(what: str, word: str) -> tuple[Guarded, Rule]:
    guarded = views.RULE_WORDS.get(what.casefold())
    if guarded is None:
        raise BadRule(POLICY.split()[0], what, listed([f"`{each}`" for each in Guarded], "or"))
    allowed = views.allowed_rules(guarded)
    if word.casefold() not in allowed:
        raise BadRule(what, word, listed([f"`{rule}`" for rule in allowed], "or"))
    return guarded, Rule(word.casefold())


def _options(command: Command, policy: Policy, services: Services) -> Policy:
    given = {name: command.last(name) for name in views.OPTIONS if name in command.options}
    for name, word in given.items():
        if not word:
            raise NoValue(name, VALUED[name])
        policy = _with_option(policy, name, word, command, services)
    return policy


def _with_option(
    policy: Policy, name: str, word: str, command: Command, services: Services
) -> Policy:
    match name:
        case "people":
            return replace(policy, people=_count(name, word, whole(word), MAX_PEOPLE))
        case "hours":
            return replace(policy, hours=_count(name, word, spans.hours(word), MAX_HOURS))
        case "reason":
            return replace(policy, reason=_yes_or_no(name, word, "required", "optional"))
        case "channel":
            off = word.casefold() == OFF
            found = "" if off else channel_or_here(word, command.channel_id)
            return replace(policy, channel_id=found)
    strict = _yes_or_no(name, word, "on", OFF)
    if strict and not services.public_url:
        raise NoPages(command.person.team_id, command.person.user_id)
    return replace(policy, strict=strict)


def _count(name: str, word: str, count: int | None, maximum: int) -> int:
    if count is None or not 0 < count <= maximum:
        raise BadRule(f"--{name}", word, f"a number from 1 to {maximum}")
    return count


def _yes_or_no(name: str, word: str, yes: str, no: str) -> bool:
    if word.casefold() not in (yes, no):
        raise BadRule(f"--{name}", word, f"`{yes}` or `{no}`")
    return word.casefold() == yes


def _set(
    person: Person, account: Account, before: Policy, after: Policy, services: Services
) -> None:
    """Change the policy, and notify the other admins; the actor, too, if it is loosened."""
    operation = _operation(account, before, after)
    services.authorize(operation)
    with services.audited(
        person.actor, "account.policy", account.project_id, account=account.key
    ) as entry:
        entry.before, entry.after = views.record(before), views.record(after)
        services.store.policies.put(account.key, after, person.user_id)
    if operation.effects:
        tell_admins(person, operation, services)
        return
    message = views.policy_notice(person.user_id, after, account)
    for user_id in services.roles.admins(account.key):
        if user_id != person.user_id:
            notify(Person(account.team_id, user_id), message, services.store)


def _operation(account: Account, before: Policy, after: Policy) -> Operation:
    changes = loosening.of_policy(before, after)
    words = operation_words.change_account("policy", account, changes)
    target = " ".join(f"{each.name}={each.after}" for each in changes)
    return Operation("account.policy", account, "", target, words, Facts(changes=changes))


def _approvers(person: Person, account: Account, services: Services) -> int:
    """Count the people who could approve requests of this person."""
    return len(services.roles.people_with_role(account.key, Role.APPROVER) - {person.user_id})
