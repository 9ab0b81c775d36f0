"""The one table of words for everything that can go wrong: what happened, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cloud import errors as cloud
from handlers.addressbook.nicknames import SeveralAccounts
from handlers.addressbook.views import addressbook
from handlers.core import errors as user
from handlers.core.replies import Block, Message
from handlers.editing.views import errors as refusals
from handlers.notifications.views import preferences
from handlers.sharing.views import expiry
from handlers.transfers.errors import NoContainer
from handlers.transfers.views import errors as obstacles
from handlers.transfers.views.export import create_button
from handlers.ui import authorization_words
from handlers.ui.blocks import buttons, code, context, listed, named, section
from handlers.ui.image_buttons import make_shared_button
from storage.errors import Unreachable

WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    # What the person asked
    user.Unreadable: "A quotation mark is not closed. Put names with spaces in a pair of quotes: "
    '`/images show "my image"`.',
    user.Usage: lambda e: f"Use it like this: `/images {e.form}`. Names with spaces need quotes.",
    user.UnknownVerb: lambda e: _unknown_verb(e),
    user.UnknownOption: lambda e: (
        f"{code('--' + e.option)} does not belong there.{_meant(e.suggestion, '--')} "
        f"Use it like this: `/images {e.form}`."
    ),
    user.NoValue: lambda e: (
        f"{code('--' + e.option)} needs a value, as in {code(f'--{e.option} {e.example}')}."
    ),
    user.BadValue: lambda e: (
        f"{code('--' + e.option)} cannot be {named(e.value)}. It takes {e.allowed}."
    ),
    user.OnlyOne: lambda e: f"Give only one of {listed([f'`--{o}`' for o in e.options])}.",
    user.TooLong: "That is more than I can carry along. Use fewer or shorter words.",
    user.BadButton: "This button was made by another version of me. Give the command again.",
    # Whose account
    user.NotLinked: lambda e: (
        "No cloud account is linked to you yet. Whoever runs this bot links one with "
        f"`python -m bot link --team {e.team_id} --user {e.user_id} --cloud NAME`."
    ),
    user.LooksLikeKey: "That looks like a password or a key, so nothing was done with it. Slack "
    "keeps what is typed: make a new one and end this one. Accounts are linked on a page of this "
    "bot, never in Slack: `/images link`.",
    user.NotOneAccount: lambda e: (
        f"You have linked {listed([code(number) for number in e.linked])}. Say which one: "
        f"`/images {e.form}`."
    ),
    user.NoPages: lambda e: (
        "This bot has no page to link an account on. Whoever runs it sets `PUBLIC_URL`, or links "
        f"you with `python -m bot link --team {e.team_id} --user {e.user_id} --cloud NAME`."
    ),
    user.NotYours: lambda e: _not_yours(e),
    user.NotForYou: lambda e: (
        f"This list was made for <@{e.user_id}>. See your own with `/images invitations`."
    ),
    user.NoSuchAccount: lambda e: (
        f"You have linked no account {named(e.word)}. "
        f"Linked: {listed([code(number) for number in e.linked])}."
    ),
    user.LostCredentials: lambda e: (
        f"The stored credentials of account {code(e.number)} can no longer be read, because the "
        "bot's secret key was changed. Link the account again with `/images link`."
    ),
    # Which image
    user.NoSuchImage: lambda e: (
        f"No image is called {named(e.word)} in {listed(e.searched) or 'your regions'}, and none "
        "has that id. Names must be exact, an id's beginning has 6 characters or more: "
        "find it with `/images list`, or `/images invitations` if it is not yet accepted."
    ),
    user.SeveralImages: lambda e: (
        f"{len(e.matches)} images match {named(e.word)}. Give the id of the one you mean."
    ),
    user.ImageGone: lambda e: (
        f"The image {code(e.image_id)} is no longer there, or no longer shared with you. "
        "Nothing was changed. See `/images list`."
    ),
    user.NotInvited: lambda e: (
        f"{named(e.name)} is a standard image: everyone has it, there is nothing to answer."
        if e.standard
        else f"{named(e.name)} belongs to your own account: there is nothing to answer. "
        f"See whom it is shared with by `/images members`."
    ),
    # Sharing
    user.NotOwner: lambda e: (
        f"{named(e.name)} belongs to account {code(e.owner or 'unknown')}: only its owner may "
        f"{e.doing} it. To hide it from your list: `/images reject`."
    ),
    user.PublicImage: lambda e: (
        f"{named(e.name)} is a public image: every account has it already, "
        "so it can be neither shared nor unshared."
    ),
    user.NotShareable: lambda e: (
        f"{named(e.image.name or e.image.id)} is {e.image.visibility}, and this cloud shares only "
        f"images whose visibility is `shared`. Change it first: "
        f"`/images update {e.image.id} visibility=shared`."
    ),
    user.MissingRole: lambda e: (
        f"Your login may look but not {e.doing}: that needs the role {_role(e.role)}. "
        "Ask the administrator of your account. Nothing was changed."
    ),
    user.ShareWithSelf: lambda e: (
        f"Account {code(e.number)} owns the image and need not be invited. "
        "Give the number of another account."
    ),
    user.NotAnAccount: lambda e: (
        f"{named(e.word)} is not an account number. Images are shared with an account: "
        "ask its people for the number, and put image names with spaces in quotes."
    ),
    user.TooManyAccounts: lambda e: f"Share with at most {e.most} accounts at a time.",
    user.NotShared: lambda e: (
        f"{named(e.name)} is not shared with account {code(e.number)}. Nothing was changed. "
        f"See whom it is shared with: `/images members {e.image_id}`"
    ),
    user.OutcomeUnknown: lambda e: (
        f"The cloud did not answer when asked to {e.doing}, so it may or may not have been done. "
        f"Look with {code('/images ' + e.look)} before you try again."
    ),
    user.UnderWay: "That is being done at this moment. Nothing was done twice.",
    # Changing
    **authorization_words.WORDS,
    **addressbook.WORDS,
    **preferences.WORDS,
    **refusals.WORDS,
    **expiry.WORDS,
    # Transfers
    **obstacles.WORDS,
    user.ObjectExists: lambda e: (
        f"{named(e.container)} has an object {named(e.name)} already, and it is not overwritten. "
        "Delete that first, or take another container."
    ),
    user.Vanished: lambda e: (
        f"The new {e.kind} {code(e.id)} was deleted before it was done. Begin again if you "
        "still want it."
    ),
    user.TaskForgotten: lambda e: (
        f"The cloud has forgotten its task {code(e.task_id)}, so how it ended cannot be told. "
        "Look with `/images list` whether the image is there before you begin again."
    ),
    # Servers
    user.NoSuchServer: lambda e: (
        f"No server is called {named(e.word)} in {listed(e.searched) or 'your regions'}, and none "
        "has that id. Names must be exact, an id's beginning has 6 characters or more: "
        "find it with `/images servers`."
    ),
    user.ServerGone: lambda e: (
        f"The server {code(e.server_id)} is no longer there. Nothing was begun. "
        "See `/images servers`."
    ),
    user.NoSuchFlavor: lambda e: (
        f"{e.region} has no size of server called {named(e.word)}. "
        f"{_flavors(e.known)} With the image alone, `/images launch IMAGE` opens a form that "
        "lists them."
    ),
    user.TooSmall: lambda e: (
        f"{named(e.flavor)} is too small for {named(e.name)}, which needs {e.min_disk} GB of disk "
        f"and {e.min_ram} MB of memory. Choose a larger one. Nothing was begun."
    ),
    user.NotBootable: lambda e: (
        f"{named(e.name)} is {e.status}: only an active image can be booted from. "
        "Nothing was begun."
    ),
    user.BadName: lambda e: f"Give a name of 1 to {e.most} visible characters.",
    # The cloud
    cloud.BadConfiguration: lambda e: f"The account's configuration cannot be used: {_own(e)}",
    cloud.BadCredentials: "The cloud no longer takes this account's password or key. "
    "Link it again with `/images link`.",
    cloud.MfaRequired: "This account asks for a second factor at login, which a bot has not. "
    "Link it with an API key or an application credential.",
    cloud.LoginForbidden: "The cloud knows this user and does not let it in: it is disabled, "
    "or must set up its second factor. Ask the administrator of your account.",
    cloud.Unauthorized: "The cloud refused a login it had just given. Try again in a minute.",
    cloud.NoImageService: "This account has no image service. Link one that has.",
    cloud.NoSuchRegion: lambda e: (
        f"There is no region {named(e.region)} in your account. "
        f"It has {listed(e.available) or 'none'}."
    ),
    cloud.NoSuchService: lambda e: (
        f"There is no {_SERVICES.get(e.service, e.service)} in {named(e.region)} for your account. "
        "See `/images status`."
    ),
    cloud.Invalid: lambda e: f"The cloud did not take the request: {_own(e)}",
    cloud.Forbidden: "Your login may not do that: it needs the role `cloudImages:admin`, or on "
    "other OpenStack clouds `member`. Nothing was changed.",
    cloud.NotFound: "The cloud knows no such image, or does not show it to your account. "
    "See `/images list`.",
    cloud.Conflict: "Someone changed it at the same moment. Look at it again, then try again.",
    cloud.QuotaReached: lambda e: (
        f"A quota of this image is full: {_own(e)} Make room first, "
        "for example with `/images unshare`."
    ),
    cloud.Unavailable: lambda e: (
        "The cloud does not answer: it is down, slow, or asks us to wait. Try again in "
        + (f"{max(1, round(e.retry_after))} seconds." if e.retry_after else "a minute.")
    ),
    cloud.Corrupt: lambda e: (
        f"The data did not arrive as it was sent: {_own(e)} What arrived was deleted. Try again; "
        "if it stays so, tell whoever runs this bot."
    ),
    cloud.UnexpectedAnswer: "The cloud answered with something that cannot be read. "
    "Try again; if it stays so, tell whoever runs this bot.",
    # What we remember
    Unreachable: "The bot's own database does not answer. Look whether it was done before you "
    "try again in a minute; if it stays so, tell whoever runs this bot.",
    cloud.CloudError: lambda e: f"The cloud refused: {_own(e)}",
    user.UserError: "That cannot be done. See `/images help`.",
}


_SERVICES: Mapping[str, str] = {
    "object-store": "object storage (Cloud Files)",
    "compute": "compute service (Cloud Servers)",
}


def words(error: Exception) -> str:
    """What happened and what to do next; for an error that has a name."""
    entry = next(WORDS[kind] for kind in type(error).__mro__ if kind in WORDS)
    return entry if isinstance(entry, str) else entry(error)


def explain(error: Exception) -> Message:
    said = words(error)
    searched = (user.NoSuchImage, user.NoSuchServer)
    troubles = error.troubles if isinstance(error, searched) else ()
    return Message(said, (section(said), *_way_out(error), *notes(troubles)))


def broken(reference: str) -> Message:
    """For what has no name: our own fault."""
    text = (
        f"Something broke on our side (reference {reference}). Look whether it was done before "
        "you try again; give the reference to whoever runs this bot."
    )
    return Message(text, (section(text),))


def notes(troubles: Sequence[user.Trouble]) -> tuple[Block, ...]:
    """A line for each region that could not be asked, beside what the others answered."""
    said: dict[str, list[str]] = {}
    for trouble in troubles:
        where = f"{trouble.region} of account {code(trouble.account)}"
        said.setdefault(words(trouble.error), []).append(where)
    return tuple(
        context(f":warning: Without {listed(places)}. {why}") for why, places in said.items()
    )


def _way_out(error: Exception) -> tuple[Block, ...]:
    """The button that does what the words advise."""
    match error:
        case user.NotShareable(image=image, account_id=account_id):
            return (buttons(make_shared_button(image, account_id)),)
        case SeveralAccounts():
            return addressbook.which(error)
        case NoContainer(place=place, container=container, click=click):
            return (buttons(create_button(place, container, click)),)
    return ()


def _unknown_verb(error: user.UnknownVerb) -> str:
    if error.suggestion:
        return (
            f"I do not know {named(error.verb)}. Did you mean `/images {error.suggestion}`? "
            "Nothing was done."
        )
    return f"I do not know {named(error.verb)}. See `/images help`."


def _flavors(known: Sequence[str]) -> str:
    shown = listed([named(name, 40) for name in known[:10]])
    return f"There {'is' if len(known) == 1 else 'are'} {shown}." if known else "It has none."


def _not_yours(error: user.NotYours) -> str:
    if not error.number:
        return "This button speaks of an account that is no longer linked. Nothing was changed."
    return (
        f"This is for account {code(error.number)}, which <@{error.user_id}> has linked and you "
        "have not. Only someone who has linked it may answer. Nothing was changed."
    )


def _meant(suggestion: str | None, prefix: str) -> str:
    return f" Did you mean `{prefix}{suggestion}`?" if suggestion else ""


def _role(role: str) -> str:
    return f"`{role}` (on other OpenStack clouds, `member`)"


def _own(error: cloud.CloudError) -> str:
    """The service's own words, if it said anything."""
    return f"{named(error.message, 300)}." if error.message else "it did not say why."
