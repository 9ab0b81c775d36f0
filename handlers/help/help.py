"""Where to start, by what a person has linked and may do; and what each command does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command
from handlers.core.lists import STOPS
from handlers.core.replies import Message
from handlers.core.roles import AccountAccess
from handlers.core.routing import Verb, find_verb
from handlers.core.services import Services
from handlers.help.groups import ALL, GROUPS
from handlers.help.views import help as views
from storage import Role, highest

HELP = "help [verb|group|all]"


def help_(command: Command, verbs: Sequence[Verb], services: Services) -> Message:
    """/images help [verb|group|all]: the next step, or what a group or one command does."""
    known = _Known.of(command, services)
    match [word.rstrip(STOPS).lower() for word in command.words if not word.startswith("/")]:
        case []:
            pending = _count_pending(known.accesses, services)
            return views.start(known.role, pending)
        case [word] if word == ALL:
            return _list_verbs(verbs, known)
        case [word] if word in GROUPS:
            return _list_group(word, verbs, known)
        case [word]:
            return _explain(find_verb(word, verbs), known)
    raise Usage(HELP)


def group_request(click: Click, _services: Services) -> Command:
    """Return the command of a group's button."""
    return group_command(click)


def group_command(click: Click) -> Command:
    """As typed: `help sharing`, or `help` for the button that leads back."""
    group = click.action_id.removeprefix(views.GROUP)
    words = (group,) if group in GROUPS else ()
    return Command(click.person, "help", words, channel_id=click.channel_id, team_id=click.team_id)


@dataclass(frozen=True)
class _Known:
    """What a person may do in a channel."""

    accesses: Sequence[AccountAccess]

    @classmethod
    def of(cls, command: Command, services: Services) -> _Known:
        return cls(services.roles.accesses(command.person, command.channel_id))

    @property
    def role(self) -> Role | None:
        """The highest role here; None if no account is linked or lent."""
        return highest(each.effective_role for each in self.accesses) if self.accesses else None

    def allows(self, verb: Verb) -> bool:
        return self.role is None or verb.needs is None or self.role.allows(verb.needs)


def _list_verbs(verbs: Sequence[Verb], known: _Known) -> Message:
    return views.all_verbs(
        [(verb.form, verb.help) for verb in verbs if known.allows(verb)],
        [verb.name for verb in verbs if not known.allows(verb)],
        known.role,
    )


def _list_group(word: str, verbs: Sequence[Verb], known: _Known) -> Message:
    group = GROUPS[word]
    listed = [find_verb(name, verbs) for name in group.verbs]
    return views.group(
        group.label,
        [(verb.form, verb.help) for verb in listed if known.allows(verb)],
        [verb.name for verb in listed if not known.allows(verb)],
        known.role,
    )


def _explain(verb: Verb, known: _Known) -> Message:
    missing_role = None if known.allows(verb) else verb.needs
    return views.verb_help(verb.form, verb.help, verb.details, sorted(verb.options), missing_role)


def _count_pending(accesses: Sequence[AccountAccess], services: Services) -> int:
    """Invitations that the person may see here."""
    readable = [each.account.id for each in accesses if each.effective_role.allows(Role.VIEWER)]
    return sum(len(services.store.invitations.pending(account_id)) for account_id in readable)
