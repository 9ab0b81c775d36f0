"""Link, list, choose and unlink cloud accounts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from cloud.errors import NoSuchRegion
from handlers.accounts.capabilities import abilities
from handlers.accounts.errors import LentAccount, NotOneAccount
from handlers.accounts.views import accounts as views
from handlers.core.account_words import fitting
from handlers.core.command_line import parse
from handlers.core.effects import Effect
from handlers.core.errors import (
    LostCredentials,
    NoPages,
    NoSuchAccount,
    NotLinked,
    ReadByOthers,
    Usage,
    WhichAccount,
)
from handlers.core.facts import Change, Facts
from handlers.core.find_account import account_named
from handlers.core.interactions import Click, Command, Person, Request
from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.ui import operation_words
from handlers.ui.tell_admins import tell_admins
from storage import Account, Role

LINK = "link"
ACCOUNTS = "accounts"
USE = "use ACCOUNT [REGION|all]"
UNLINK = 'unlink [ACCOUNT] [because "…"]'
ALL = "all"
PURPOSE = "link"
"""The kind of token that the page takes."""
MAX_COMMAND_LENGTH = 1500
"""Characters of a command that is remembered; one that is longer is to be given again."""
LIFETIME = timedelta(minutes=10)


def link(command: Command, services: Services) -> Message:
    """/images link: the address of a page, for this person and ten minutes."""
    if command.words:
        raise Usage(LINK)
    until = services.clock() + LIFETIME
    return views.link(link_address(command.person, "", services), until)


def accounts(command: Command, services: Services) -> Message:
    """/images accounts: list a person's accounts, the one in use first."""
    if command.words:
        raise Usage(ACCOUNTS)
    return _list(command.person, command.channel_id, services)


def use(command: Command, services: Services) -> Message:
    """/images use <account> [<region>]: choose the account and region to work with."""
    match command.words:
        case (word,):
            region = None
        case (word, given):
            region = given
        case _:
            raise Usage(USE)
    account = account_named(command.person, (word,), services)
    return _use(command, account, region, services)


def use_clicked(click: Click, services: Services) -> Message:
    """The Use button of the list."""
    account = services.account(click.person, views.read_account(click.value))
    return _use(click, account, account.region, services)


def unlink(command: Command, services: Services) -> Message:
    """/images unlink [<account>]: ask before deleting an account's login."""
    linked = _own_accounts(command.person, services)
    match command.words:
        case () if len(linked) == 1:
            account = linked[0]
        case ():
            raise NotOneAccount(UNLINK, [each.project_id for each in linked])
        case (word,):
            account = _own_named(command.person, word, services)
        case _:
            raise Usage(UNLINK)
    return _ask_unlink(account, services)


def ask_unlink_clicked(click: Click, services: Services) -> Message:
    """The Unlink… button of the home."""
    return _ask_unlink(_own_from_button(click, services), services)


def unlink_clicked(click: Click, services: Services) -> Message:
    """The Unlink button: end the login and delete its stored secret."""
    account = _own_from_button(click, services)
    services = services.because(views.read_reason(click.value))
    operation, admins = _unlinking(account, services), services.roles.admins(account.key)
    services.authorize(operation)
    with services.audited(
        click.person.actor, "account.unlink", click.person.actor, account=account.key
    ):
        with suppress(LostCredentials):
            services.clouds.forget(services.credentials(account))
        services.store.accounts.unlink(account.id)
    tell_admins(click.person, operation, services, admins)
    return views.unlinked(account)


def cancel_unlink_clicked(click: Click, services: Services) -> Message:
    """The Cancel button beside Unlink."""
    account = _own_from_button(click, services)
    return views.unlink_cancelled(account)


def _unlinking(account: Account, services: Services) -> Operation:
    """Build the operation; it loosens a guard if the person is the account's only admin."""
    alone = _is_last_admin(account, services)
    effect = Effect.LOOSENS if alone else None
    change = Change("last admin" if alone else "link", f"<@{account.user_id}>", "", effect)
    words = operation_words.unlink(account)
    return Operation("account.unlink", account, "", account.id, words, Facts(changes=(change,)))


def _ask_unlink(account: Account, services: Services) -> Message:
    promised = services.store.expiries.count(account.id)
    return views.confirm_unlink(
        account,
        _running(account, services),
        promised,
        _last_login(account, services),
        services.reason,
    )


def _last_login(account: Account, services: Services) -> views.LastLogin:
    grants = services.store.rights.of_account(account.key)
    lent = [each for each in grants if each.account_id == account.id and each.role != Role.NONE]
    return views.LastLogin(len(lent), _is_last_admin(account, services))


def _is_last_admin(account: Account, services: Services) -> bool:
    return list(services.roles.admins(account.key)) == [account.user_id]


def _list(person: Person, channel_id: str, services: Services, result: str = "") -> Message:
    """List the person's accounts, and those lent to the channel of the request."""
    accesses = services.roles.accesses(person, channel_id)
    if not accesses:
        raise NotLinked(person.team_id, person.user_id)
    return views.accounts(accesses, result)


def _own_accounts(person: Person, services: Services) -> Sequence[Account]:
    """
    Return the accounts that the person has linked, which they may always unlink.

    Raises:
        NotLinked: nothing.
    """
    linked = services.store.accounts.of(person.team_id, person.user_id)
    if not linked:
        raise NotLinked(person.team_id, person.user_id)
    return linked


def _own_named(person: Person, word: str, services: Services) -> Account:
    own = _own_accounts(person, services)
    fits = fitting(word, own, person.user_id)
    if len(fits) > 1:
        raise WhichAccount(word, fits)
    if fits:
        return fits[0]
    lent = [each.account for each in services.roles.accesses(person) if not each.own]
    for account in fitting(word, lent, person.user_id):
        raise LentAccount(account.project_id, account.user_id)
    raise NoSuchAccount(word, [account.project_id for account in own])


def _own_from_button(click: Click, services: Services) -> Account:
    account = services.account(click.person, views.read_account(click.value))
    if account.user_id != click.person.user_id:
        raise LentAccount(account.project_id, account.user_id)
    return account


def _use(
    request: Command | Click, account: Account, region: str | None, services: Services
) -> Message:
    person = request.person
    known = {each.casefold(): each for each in account.regions}
    where = None if region is None or region == ALL else known.get(region.casefold())
    if where is None and region not in (None, ALL):
        raise NoSuchRegion(str(region), account.regions)
    if account.user_id == person.user_id:
        services.store.accounts.use(account.id, where)
    else:
        services.store.rights.borrow(person.team_id, person.user_id, account.id, where)
    return _list(person, request.channel_id, services, views.used(account, where))


def _running(account: Account, services: Services) -> int:
    """Count the transfers that would fail without the account."""
    running = services.store.transfers.running()
    return sum(transfer.account_id == account.id for transfer in running)


def answer_with_link(request: Request, error: NotLinked, services: Services) -> Message:
    """
    Answer a command of a person without an account with the page to link one.

    Raises:
        NotLinked: the bot has no page, or the request is no command that could be postponed.
    """
    if not isinstance(request, Command) or not services.public_url:
        raise error
    until = services.clock() + LIFETIME
    return views.link(link_address(request.person, request.text, services), until, request.text)


def ask_which(request: Request, error: WhichAccount, services: Services) -> Message:
    """
    Offer the accounts that a word matches, each with a button that repeats the command.

    Raises:
        WhichAccount: the request is no command.
    """
    if not isinstance(request, Command):
        raise error
    if not error.word:
        return _list(request.person, request.channel_id, services, views.choose_first())
    again = [(each, _with_account(request, error.word, each)) for each in error.accounts]
    return views.which(error.word, again, request.person.user_id)


def _with_account(command: Command, word: str, account: Account) -> str:
    """Return the command with the bot's own id of the account in place of the word."""
    options = [
        (name, account.id if name == "account" and value == word else value)
        for name, values in command.options.items()
        for value in (values or ("",))
    ]
    named = any(value == account.id for _, value in options)
    words = [account.id if each == word and not named else each for each in command.words]
    typed = [f'"{each}"' if " " in each else each for each in words]
    given = [
        f"--{name} {value}".strip() if " " not in value else f'--{name} "{value}"'
        for name, value in options
    ]
    return " ".join([command.verb, *typed, *given])


def postponed_command(click: Click, _services: Services | None = None) -> Command:
    """The Run it button: return the command that was postponed until an account was linked."""
    return parse(click.person, views.read_run(click.value), click.channel_id, click.team_id)


def ask_before_public(_: Request, error: ReadByOthers, __: Services) -> Message:
    """Ask whether what a public answer has may be seen by another organisation."""
    return views.ask_before_public(error)


def linked_message(
    account: Account, roles: Sequence[str], instead_of: Account | None = None
) -> Message:
    """Say in Slack that the page has linked an account, and which is in use now."""
    return views.linked(account, abilities(roles), instead_of)


def link_address(person: Person, command_text: str, services: Services) -> str:
    """
    Return a one-time address to link an account for this person. It is a secret of theirs.

    Args:
        command_text: the command to answer afterwards; "" for none.

    Raises:
        NoPages: PUBLIC_URL is not set.
    """
    if not services.public_url:
        raise NoPages(person.team_id, person.user_id)
    until = services.clock() + LIFETIME
    payload: dict[str, Any] = {
        "team": person.team_id,
        "user": person.user_id,
        "then": command_text if len(command_text) <= MAX_COMMAND_LENGTH else "",
        "until": until.isoformat(),
    }
    token = services.store.once.issue(PURPOSE, payload, LIFETIME.total_seconds())
    return f"{services.public_url}/link/{quote(token)}"
