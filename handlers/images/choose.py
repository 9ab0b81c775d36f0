"""Which of several images a command means: a button each, which gives the command again."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from handlers.core.errors import NoSuchImage, SeveralImages
from handlers.core.interactions import Click, Command, Request
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.images.errors import NoLongerShared
from handlers.images.views import choose as choose_views
from handlers.ui.blocks import SHORT_ID
from storage import Invitation, Role


def ask_which(_request: Request, several: SeveralImages, _services: Services) -> Message:
    return choose_views.choice(several)


def suggest(request: Request, missing: NoSuchImage, services: Services) -> Message:
    """
    Images that are called like what was typed.

    Raises:
        NoLongerShared: it was shared with one of the person's accounts, and is no longer.

        NoSuchImage: no name is similar, or the request was not a command.
    """
    if ended := _ended(request, missing.word, services):
        raise ended
    if missing.command is None or not missing.near or not isinstance(request, Command):
        raise missing
    return choose_views.suggestion(missing, missing.command)


def _ended(request: Request, word: str, services: Services) -> NoLongerShared | None:
    """What the word names among the images that the person's accounts had and lost."""
    accesses = services.roles.accesses(request.person, request.channel_id)
    mine = {e.account.id: e.account for e in accesses if e.effective_role.allows(Role.VIEWER)}
    for each in reversed(services.store.invitations.ended(list(mine))):
        if _names(word, each):
            number = mine[each.account_id].project_id
            return NoLongerShared(each.image_name or word, each.owner, number, each.answered_at)
    return None


def _names(word: str, invitation: Invitation) -> bool:
    by_id = len(word) >= SHORT_ID and invitation.image_id.startswith(word.lower())
    return by_id or invitation.image_name == word


def chosen_request(click: Click, services: Services) -> Request:
    """The command of the button that was pressed, with its image, account and region."""
    choice = choose_views.Choice.read(click.value)
    account = services.account(click.person, choice.place.account_id)
    where = {"region": (choice.place.region,), "account": (account.project_id,)}
    return replace(chosen_command(click), options=MappingProxyType(where))


def chosen_command(click: Click) -> Command:
    """Return the command, read from the button's value alone."""
    choice = choose_views.Choice.read(click.value)
    words = (choice.place.image_id, *choice.other_words)
    return Command(
        click.person, choice.verb, words, channel_id=click.channel_id, team_id=click.team_id
    )
