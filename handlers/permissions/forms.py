"""Give roles and limit channels by a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from handlers.core.errors import PersonLeft
from handlers.core.find_account import account_for
from handlers.core.interactions import Click, Command, Search, Submission
from handlers.core.mentions import ALL
from handlers.core.replies import FieldErrors, Modal, Option, Reply
from handlers.core.services import Services
from handlers.permissions import commands
from handlers.permissions.errors import OpenSubject, OwnerStays
from handlers.permissions.views import forms as views
from handlers.permissions.views.permissions import OfAccount
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from handlers.ui.typeahead_options import matching_options
from storage import Account, Role


def roles_command(command: Command, services: Services) -> Modal:
    """/images allow: open the form."""
    account = account_for(command, services)
    return views.roles_form(account, _others(command, account, services))


def limit_command(command: Command, services: Services) -> Modal:
    """/images limit: open the form."""
    account = account_for(command, services)
    return views.limit_form(account, _others(command, account, services))


def roles_clicked(click: Click, services: Services) -> Modal:
    """The Roles… button."""
    account = _account(click, services)
    return views.roles_form(account, _others(click, account, services))


def limit_clicked(click: Click, services: Services) -> Modal:
    """The Limit… button."""
    account = _account(click, services)
    return views.limit_form(account, _others(click, account, services))


def roles_submitted(submission: Submission, services: Services) -> Reply:
    """Give the role to all that were chosen, as `allow` does."""
    whom = list(_mentions(submission))
    if not whom:
        return FieldErrors({views.PEOPLE: "Choose a person, a user group or a channel."})
    try:
        return commands.allow(_command(submission, commands.ALLOW, whom, services), services)
    except (OwnerStays, PersonLeft) as error:
        return FieldErrors({views.PEOPLE: unformatted(words(error))})
    except OpenSubject as error:
        return FieldErrors({views.ROLE: unformatted(words(error))})


def limit_submitted(submission: Submission, services: Services) -> Reply:
    """Limit all channels that were chosen, as `limit` does."""
    others = [ALL] if submission.chosen(views.OTHERS) else []
    where = [*(f"<#{each}>" for each in submission.chosen(views.CHANNELS)), *others]
    if not where:
        return FieldErrors({views.CHANNELS: "Choose a channel, or the other channels below."})
    return commands.limit(_command(submission, commands.LIMIT, where, services), services)


def find_groups(search: Search, services: Services) -> Sequence[Option]:
    """User groups of the workspace."""
    services.accounts_of(search.person)
    groups = services.directory.group_handles(search.person.team_id)
    return matching_options((views.group(*each) for each in groups.items()), search.words)


def _mentions(submission: Submission) -> Iterator[str]:
    """Return the chosen people, as a command mentions them."""
    yield from (f"<@{each}>" for each in submission.chosen(views.PEOPLE))
    yield from (f"<!subteam^{each}>" for each in submission.chosen(views.GROUPS))
    yield from (f"<#{each}>" for each in submission.chosen(views.CHANNELS))


def _command(submission: Submission, form: str, whom: Sequence[str], services: Services) -> Command:
    """Return the command that the form builds."""
    account = services.account(submission.person, submission.text(views.ACCOUNT))
    return Command(
        submission.person,
        form.split()[0],
        (*whom, submission.text(views.ROLE)),
        MappingProxyType({"account": (account.project_id, account.id)}),
        submission.channel_id,
        team_id=submission.team_id,
    )


def _account(click: Click, services: Services) -> Account:
    return services.account(click.person, OfAccount.read(click.value).account_id)


def _others(asked: Command | Click, account: Account, services: Services) -> Sequence[Account]:
    """The other accounts whose roles the person manages."""
    accesses = services.roles.accesses(asked.person, asked.channel_id)
    return [
        each.account
        for each in accesses
        if each.account.id != account.id and each.effective_role.allows(Role.ADMIN)
    ]
