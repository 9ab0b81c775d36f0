"""Share an image by a form: which, with whom, how long and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image, mentions, reasons
from handlers.core.interactions import Click, Command, Person, Search, Submission
from handlers.core.list_cache import MenuItem
from handlers.core.places import ImageRef
from handlers.core.replies import FieldErrors, Modal, Option, Reply
from handlers.core.services import Services
from handlers.sharing import share as sharing
from handlers.sharing.errors import ShareWithSelf
from handlers.sharing.parse import check_reason
from handlers.sharing.views import form as views
from handlers.sharing.views.share import Share
from handlers.ui import typeahead
from handlers.ui import typeahead_options as menus
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from storage import Account


def opens(command: Command) -> bool:
    """Whether the command opens the form: nobody to share with was typed."""
    words = reasons.split(command)[0].words
    return len(words) < 2 and not any(map(mentions.mentions, words))


def command(command: Command, services: Services) -> Modal:
    """/images share [image] [because "…"]: open the form with what was typed."""
    command, because = reasons.split(command)
    check_reason(because)
    because = reasons.tidy(because)
    if not command.words:
        return open_form(command.person, services, because)
    found = find_image.find_image(command, command.words[0], services)
    cloud_roles.must_own(found.image, found.account, "share")
    return _form(command.person, found.account, found.image, services, because)


def open_clicked(click: Click, services: Services) -> Modal:
    """The Share… button of an image, or one that names none."""
    if not click.value or click.value == "[]":
        return open_form(click.person, services)
    account, image = sharing.owned_image(
        click.person, ImageRef.read(click.value), services, "share"
    )
    return _form(click.person, account, image, services)


def open_form(person: Person, services: Services, because: str = "") -> Modal:
    """The form without an image; its menu is read while it opens."""
    services.accounts_of(person)
    typeahead.prefetch(person, "", services, menus.IMAGE)
    return views.share_form(because=because)


def submitted(submission: Submission, services: Services) -> Reply:
    """Share; ask once more if nobody here knows a number."""
    # A form of the release before, still open or kept, has its image in the menu of all images.
    chosen = submission.text(views.IMAGE) or submission.text(menus.IMAGE)
    place = ImageRef.read(chosen)
    numbers = tuple(dict.fromkeys(submission.chosen(views.WITH)))
    span = views.SPANS.get(submission.text(views.SPAN))
    request = Share(place, numbers, span, reasons.tidy(submission.text(views.BECAUSE)))
    account, image = sharing.owned_image(submission.person, place, services, "share")
    if account.project_id in numbers:
        error = ShareWithSelf(account.project_id)
        return FieldErrors({views.WITH: unformatted(words(error))})
    unknown = recipients.unknown_numbers(numbers, account, services)
    if unknown:
        similar = {n: recipients.similar_numbers(n, account, services) for n in unknown}
        known = sharing.known_accounts(account, services)
        return views.sure_form(image, request, similar, known)
    return sharing.share_all(submission.person, account, image, request, services)


def sure_submitted(submission: Submission, services: Services) -> Reply:
    """The second form, for numbers that nobody here knows."""
    request = Share.read(submission.value)
    account, image = sharing.owned_image(submission.person, request.place, services, "share")
    return sharing.share_all(submission.person, account, image, request, services)


def find_recipients(search: Search, services: Services) -> Sequence[Option]:
    """Accounts that are linked or named here, and the number that was typed."""
    accounts = services.accounts_of(search.person)
    found = menus.matching_options(_known(accounts, services), search.words)
    typed = search.words.strip()
    if recipients.looks_like_number(typed) and typed not in {each.value for each in found}:
        return [*found, views.typed_recipient(typed)]
    return found


def _form(
    person: Person, account: Account, image: Image, services: Services, because: str = ""
) -> Modal:
    typeahead.prefetch(person, "", services, menus.IMAGE)
    return views.share_form(menus.image(image, account).option, because)


def _known(accounts: Sequence[Account], services: Services) -> Iterator[MenuItem]:
    """Each account of the same clouds that someone here has linked or named, once."""
    seen = {account.project_id for account in accounts}
    for account in {each.cloud: each for each in accounts}.values():
        nicknames = recipients.nicknames(account, services)
        links = services.store.accounts.of_cloud(account.team_id, account.cloud)
        linked = {link.project_id: link for link in links}
        for number in sorted({*nicknames, *linked} - seen):
            seen.add(number)
            yield _recipient(number, nicknames.get(number, ""), linked.get(number))


def _recipient(number: str, nickname: str, link: Account | None) -> MenuItem:
    company = link.project_name if link and link.project_name != number else ""
    user = link.user_name if link else ""
    known_by = " · ".join(
        each
        for each in (
            "linked here" if link else "in the address book",
            company if nickname else "",
            user,
        )
        if each
    )
    text = " ".join((nickname, company, number, user))
    return views.recipient(number, nickname or company, known_by, search_text=text)
