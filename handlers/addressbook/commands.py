"""The address book of a workspace: names for the accounts that people share with."""

from __future__ import annotations

from handlers.addressbook import recipients
from handlers.addressbook.errors import LooksLike, NameTaken
from handlers.addressbook.lookalikes import skeleton
from handlers.addressbook.nicknames import checked_nickname
from handlers.addressbook.views import addressbook as views
from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from storage import Account, Name, PastName, Role

NAME = "name [ACCOUNT NICKNAME]"


def name(command: Command, services: Services) -> Message:
    """/images name <account> <nickname>: writes it down; alone, shows the whole address book."""
    account = find_image.selected_account(command, services)
    match command.words:
        case ():
            return _book(account, services)
        case (word, given):
            services.require_role(account, Role.OPERATOR)
            given = checked_nickname(given)
            [number] = recipients.account_numbers(command, account, [word], services)
            return _name(command, account, number, given, services)
    raise Usage(NAME)


def page_clicked(click: Click, services: Services) -> Message:
    """The Next and Previous buttons of the address book."""
    asked = views.BookPage.read(click.value)
    return _book(services.account(click.person, asked.account_id), services, asked.page)


def forget_clicked(click: Click, services: Services) -> Message:
    """The Forget button of an entry."""
    asked = views.Entry.read(click.value)
    account, number = services.account(click.person, asked.account_id), asked.number
    known = services.store.names.by_number(account.team_id, account.cloud, number)
    with services.audited(click.person.actor, "account.name", number, account=account.key) as entry:
        entry.before = {"nickname": known.nickname} if known else {}
        services.store.names.forget(account.team_id, account.cloud, number, click.person.user_id)
    if known:
        _tell(click.person, account, known, "", services)
    return _book(account, services, result=views.name_forgotten(number, known))


def _name(
    command: Command, account: Account, number: str, given: str, services: Services
) -> Message:
    names = services.store.names
    before = names.by_number(account.team_id, account.cloud, number)
    _refuse_lookalike(account, number, given, services)
    with services.audited(
        command.person.actor, "account.name", number, account=account.key
    ) as entry:
        entry.before = {"nickname": before.nickname} if before else {}
        entry.after = {"nickname": given}
        by = command.person.user_id
        if not names.put(account.team_id, account.cloud, number, given, by):
            other = names.by_nickname(account.team_id, account.cloud, given)
            raise NameTaken(given, other.number if other else "")
    if before and before.nickname.casefold() != given.casefold():
        _tell(command.person, account, before, "", services)
    for past in names.past(account.team_id, account.cloud, given)[:1]:
        if past.number != number:
            _tell(command.person, account, past, number, services)
    return _book(account, services, result=views.name_changed(number, given, before))


def _refuse_lookalike(account: Account, number: str, given: str, services: Services) -> None:
    for each in services.store.names.of(account.team_id, account.cloud):
        other = each.number != number and each.nickname.casefold() != given.casefold()
        if other and skeleton(each.nickname) == skeleton(given):
            raise LooksLike(given, each.nickname, each.number)


def _tell(
    person: Person, account: Account, entry: Name | PastName, now: str, services: Services
) -> None:
    """
    Notify the person who set a name, and those who have used it, that it changed.

    Args:
        now: the number that it means now; "" for none.
    """
    users = services.store.names.users(account.team_id, account.cloud, entry.nickname)
    message = views.changed_notice(person.user_id, entry.nickname, entry.number, now)
    for user_id in dict.fromkeys([entry.named_by, *users]):
        if user_id != person.user_id:
            notify(Person(account.team_id, user_id), message, services.store)


def _book(account: Account, services: Services, page: int = 1, result: str = "") -> Message:
    known = services.store.names.of(account.team_id, account.cloud)
    return views.book(account, known, page, result)
