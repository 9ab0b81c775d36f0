"""
The conversation: a request and the services in, a message out.

This is the routing table: what one can say, and which function answers.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from cloud.errors import CloudError
from handlers import digest, images, invitations, members, sharing
from handlers.errors import BadButton, NoValue, Several, UnknownOption, Unreadable, UserError
from handlers.grammar import VALUED, parse
from handlers.help import HELP, find, help_
from handlers.message import Message, split
from handlers.requests import Click, Command, Person
from handlers.services import Services
from handlers.suggest import like
from handlers.verbs import Verb
from handlers.views import errors as error_views
from handlers.views import images as image_views
from handlers.views import invitations as invitation_views
from handlers.views import members as member_views
from handlers.views import notices
from handlers.views import sharing as sharing_views
from storage.errors import Unreachable

__all__ = [
    "ACTIONS",
    "VERBS",
    "Click",
    "Command",
    "Message",
    "Person",
    "Services",
    "Verb",
    "answer",
    "digest",
    "parse",
    "split",
]

log = logging.getLogger(__name__)

_WHERE = frozenset({"region", "account"})
_PUBLIC = frozenset({"public"})

VERBS: tuple[Verb, ...] = (
    Verb(
        "help",
        HELP,
        "Shows what you can say.",
        lambda command, _: help_(command, VERBS),
        _PUBLIC,
    ),
    Verb(
        "list",
        images.LIST,
        "Lists images of all your regions, 10 a page; words are looked for in name, id, tags and "
        "operating system.",
        images.list_,
        frozenset({*images.KINDS, "tag", "status", "sort"}) | _WHERE | _PUBLIC,
        "An image fits if it has all the words. Without a choice the list holds standard images, "
        "your own, and those shared with you that you accepted.",
    ),
    Verb(
        "show",
        images.SHOW,
        "Shows everything about an image, and what you can do with it.",
        images.show,
        _WHERE | _PUBLIC,
    ),
    Verb(
        "share",
        sharing.SHARE,
        "Invites accounts to one of your images, after asking you to check their numbers.",
        sharing.share,
        _WHERE,
        "Access begins at once and ends when you unshare. The API does not check that an account "
        "exists. Up to 10 accounts at a time. Needs the role `cloudImages:creator`.",
    ),
    Verb(
        "unshare",
        sharing.UNSHARE,
        "Ends an account's access to one of your images, after asking.",
        sharing.unshare,
        _WHERE,
        "Servers and images already built from it stay. Needs the role `cloudImages:admin`.",
    ),
    Verb(
        "members",
        members.MEMBERS,
        "Lists the accounts an image is shared with, and what each has answered.",
        members.members,
        _WHERE | _PUBLIC,
    ),
    Verb(
        "member",
        members.MEMBER,
        "Shows one account's answer.",
        members.member,
        _WHERE | _PUBLIC,
    ),
    Verb(
        "invitations",
        invitations.INVITATIONS,
        "Lists the images that wait for your answer, in all your accounts and regions.",
        invitations.invitations,
        _PUBLIC,
    ),
    Verb(
        "accept",
        invitations.ACCEPT,
        "Puts an image that was shared with you in your account's list.",
        invitations.accept,
        _WHERE,
        "You may accept what you rejected before. Needs the role `cloudImages:admin`.",
    ),
    Verb(
        "reject",
        invitations.REJECT,
        "Keeps an image that was shared with you out of your account's list.",
        invitations.reject,
        _WHERE,
        "Rejecting only hides it: the owner's sharing lasts. Needs the role `cloudImages:admin`.",
    ),
)


def _choose(click: Click, services: Services) -> Message:
    """The command that was not clear, again, with the image that was chosen."""
    choice = image_views.Choice.read(click.value)
    verb = next((verb for verb in VERBS if verb.name == choice.verb), None)
    if verb is None:
        raise BadButton
    account = services.account(click.person, choice.place.account_id)
    where = {"region": (choice.place.region,), "account": (account.project_id,)}
    words = (choice.place.image_id, *choice.rest)
    command = Command(click.person, verb.name, words, MappingProxyType(where), click.channel_id)
    return verb.function(command, services)


ACTIONS: Mapping[str, Callable[[Click, Services], Message]] = {
    image_views.SHOW: images.show_clicked,
    image_views.PAGE: images.page,
    image_views.PAGE_BACK: images.page,
    image_views.CHOOSE: _choose,
    sharing_views.CONFIRM: sharing.confirm,
    member_views.CANCEL: sharing.cancel,
    sharing_views.UNDO: sharing.undo,
    member_views.UNSHARE: sharing.unshare_clicked,
    member_views.MEMBERS: members.members_clicked,
    member_views.MEMBERS_BACK: members.members_clicked,
    invitation_views.ACCEPT: invitations.accept_clicked,
    invitation_views.REJECT: invitations.reject_clicked,
    invitation_views.PAGE: invitations.page,
    invitation_views.PAGE_BACK: invitations.page,
}


def answer(request: Command | Click, services: Services) -> Message:
    """
    What to say to a request. Never raises.

    What has a name is put into words; what has none is our fault, and is logged
    under a reference that the person can pass on. A click that failed changes no
    message: its answer is a note.
    """
    try:
        return _resumed(_said(request, services), request.person, services)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("reference %s: %s broke", reference, _what(request))
        return _failed(request, error_views.broken(reference))


def _said(request: Command | Click, services: Services) -> Message:
    try:
        if isinstance(request, Click):
            return _action(request)(request, services)
        return _run(request, services)
    except Several as several:
        return image_views.choice(several)
    except (UserError, CloudError, Unreachable) as error:
        log.info("%s: %s: %s", _what(request), type(error).__name__, error)
        return _failed(request, error_views.explain(error))


def _run(command: Command, services: Services) -> Message:
    verb = find(command.verb, VERBS)
    if command.unreadable:
        raise Unreadable
    for option, values in command.options.items():
        if option not in verb.options:
            raise UnknownOption(option, verb.form, like(option, sorted(verb.options)))
        if option in VALUED and not all(values or ("",)):
            raise NoValue(option, VALUED[option])
    return replace(verb.function(command, services), public="public" in command.options)


def _action(click: Click) -> Callable[[Click, Services], Message]:
    try:
        return ACTIONS[click.action_id]
    except KeyError as error:
        raise BadButton from error


def _resumed(message: Message, person: Person, services: Services) -> Message:
    """Say so if the person's notices had been stopped: hearing from them, they start again."""
    try:
        reason = services.store.people.resume(person.team_id, person.user_id)
    except Unreachable as error:
        log.warning("%s: %s", person.actor, error)
        return message
    return notices.resumed(message, reason) if reason else message


def _failed(request: Command | Click, message: Message) -> Message:
    return message.as_note() if isinstance(request, Click) else message


def _what(request: Command | Click) -> str:
    asked = request.action_id if isinstance(request, Click) else request.verb
    return f"{asked!r} by {request.person.actor}"
