"""
What happened and what to do next, for every error that has a name.

The words of a topic's own errors are beside them, in its `errors.py`; here are those that any
topic may raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from handlers.core import errors as errors
from handlers.core.replies import Block, Message
from handlers.ui.blocks import code, command, context, listed, named, text_message, typed


@singledispatch
def words(error: Exception) -> str:
    """
    What happened and what to do next.

    Raises:
        LookupError: the error has no words, so it is our own fault.
    """
    raise LookupError(type(error).__name__)


@singledispatch
def blocks_below(_: Exception) -> tuple[Block, ...]:
    """Return the blocks below the words: a button that does what they advise, for instance."""
    return ()


def explain(error: Exception) -> Message:
    text = words(error)
    return text_message(text, *blocks_below(error))


def internal_error(reference: str) -> Message:
    """Say that an unexpected error happened, with a reference to find it in the log."""
    text = (
        f"Something broke on our side (reference {reference}). Look whether it was done before "
        "you try again; give the reference to whoever runs this bot."
    )
    return text_message(text)


def trouble_notes(troubles: Sequence[errors.Trouble]) -> tuple[Block, ...]:
    """A line for each region that could not be asked, beside what the others answered."""
    places_by_error: dict[str, list[str]] = {}
    for trouble in troubles:
        where = f"{trouble.region} of account {code(trouble.account)}"
        places_by_error.setdefault(words(trouble.error), []).append(where)
    return tuple(
        context(f":warning: Without {listed(places)}. {why}")
        for why, places in places_by_error.items()
    )


@blocks_below.register
def _(error: errors.NotFoundAnywhere) -> tuple[Block, ...]:
    return trouble_notes(error.troubles)


@words.register
def _(_: errors.Unreadable) -> str:
    return (
        "A quotation mark is not closed. Put names with spaces in a pair of quotes: "
        '`/images show "my image"`.'
    )


@words.register
def _(error: errors.Usage) -> str:
    return f"{_use(error.form, error.options)} Names with spaces need quotes."


@words.register
def _(error: errors.NoImageSaid) -> str:
    return f"Say which image, first: `/images {error.form}`. Nothing was changed."


@words.register
def _(error: errors.NotAnImage) -> str:
    return f"{typed(error.mention)} is not an image. Say the image first, by its name or its id."


@words.register
def _(error: errors.UnknownVerb) -> str:
    return _unknown_verb(error)


@words.register
def _(error: errors.UnknownOption) -> str:
    return (
        f"{code('--' + error.option)} does not belong "
        f"there.{_did_you_mean(error.suggestion, '--')} {_use(error.form, error.options)}"
    )


@words.register
def _(error: errors.NoValue) -> str:
    return (
        f"{code('--' + error.option)} needs a value, as in "
        f"{code(f'--{error.option} {error.example}')}."
    )


@words.register
def _(error: errors.BadValue) -> str:
    return f"{code('--' + error.option)} cannot be {typed(error.value)}. It takes {error.allowed}."


@words.register
def _(_: errors.TooLong) -> str:
    return "That is more than I can carry along. Use fewer or shorter words."


@words.register
def _(_: errors.BadButton) -> str:
    return "This button was made by another version of me. Give the command again."


@words.register
def _(_: errors.FormGone) -> str:
    return "That form is no longer kept. Give the command again."


@words.register
def _(error: errors.PersonLeft) -> str:
    return f"<@{error.user_id}> has left this workspace. Name somebody else."


@words.register
def _(error: errors.NotLinked) -> str:
    return (
        "No cloud account is linked to you yet. Whoever runs this bot links one with "
        f"`python -m bot link --team {error.team_id} --user {error.user_id} --cloud NAME`."
    )


@words.register
def _(_: errors.LooksLikeKey) -> str:
    return (
        "That looks like a password or a key, so nothing was done with it. Slack "
        "keeps what is typed: make a new one and end this one. Accounts are linked on a page of "
        "this bot, never in Slack: `/images link`."
    )


@words.register
def _(error: errors.NoPages) -> str:
    return (
        "This bot has no page to link an account on. Whoever runs it sets `PUBLIC_URL`, or links "
        f"you with `python -m bot link --team {error.team_id} --user {error.user_id} --cloud NAME`."
    )


@words.register
def _(error: errors.NotYours) -> str:
    return _not_yours(error)


@words.register
def _(error: errors.NotForYou) -> str:
    return f"This list was made for <@{error.user_id}>. See your own with `/images invitations`."


@words.register
def _(error: errors.WhichAccount) -> str:
    if not error.word:
        return "Several accounts were lent to you, and none is in use. Choose one: `/images use`."
    numbers = listed([code(each.project_id) for each in error.accounts])
    return f"{named(error.word)} may mean several of your accounts: {numbers}. Give the number."


@words.register
def _(error: errors.NoSuchAccount) -> str:
    return (
        f"You have linked no account {typed(error.word)}. "
        f"Linked: {listed([code(number) for number in error.linked])}."
    )


@words.register
def _(error: errors.LostCredentials) -> str:
    return (
        f"The stored credentials of account {code(error.number)} can no longer be read, because "
        "the bot's secret key was changed. Link the account again with `/images link`."
    )


@words.register
def _(error: errors.NoSuchImage) -> str:
    where = listed(error.searched) or "your regions"
    nothing = f"No image is called {typed(error.word)} in {where}, and none has that id."
    if error.near:
        names = [named(match.image.name or "") for match in error.near]
        return f"{nothing} Did you mean {listed(names, 'or')}?"
    return (
        f"{nothing} Give the whole name, or 6 characters or more of an id: find it with "
        "`/images list`, or `/images invitations` if it is not yet accepted."
    )


@words.register
def _(error: errors.SeveralImages) -> str:
    return (
        f"{len(error.matches)} images match {typed(error.word)}. Give the id of the one you mean."
    )


@words.register
def _(error: errors.ImageGone) -> str:
    return (
        f"The image {code(error.image_id)} is no longer there, or no longer shared with you. "
        "Nothing was changed. See `/images list`."
    )


@words.register
def _(error: errors.NotOwner) -> str:
    return (
        f"{named(error.name)} belongs to account {code(error.owner or 'unknown')}: only its owner "
        f"may {error.doing} it. To hide it from your list: `/images reject`."
    )


@words.register
def _(error: errors.PublicImage) -> str:
    return (
        f"{named(error.name)} is a public image: every account has it already, "
        "so it can be neither shared nor unshared."
    )


@words.register
def _(error: errors.MissingRole) -> str:
    return (
        f"Your login may look but not {error.doing}: that needs the role {_role(error.role)}. "
        "Ask the administrator of your account. Nothing was changed."
    )


@words.register
def _(error: errors.OutcomeUnknown) -> str:
    return (
        f"The cloud did not answer when asked to {error.doing}, so it may or may not have been "
        f"done. Look with {command(error.check_command)} before you try again."
    )


@words.register
def _(_: errors.UnderWay) -> str:
    return "That is being done at this moment. Nothing was done twice."


@words.register
def _(error: errors.BeyondPlane) -> str:
    return (
        f"The image service stores no {typed(error.characters)}: leave out emoji and other "
        "characters of four bytes. Nothing was changed."
    )


@words.register
def _(error: errors.BadName) -> str:
    return f"Give a name of 1 to {error.most} visible characters."


@words.register
def _(_: errors.UserError) -> str:
    return "That cannot be done. See `/images help`."


def _use(form: str, options: Sequence[str]) -> str:
    beside = f" Options: {listed([code(option) for option in options])}." if options else ""
    return f"Use it like this: `/images {form}`.{beside}"


def _role(role: str) -> str:
    return f"`{role}` (on other OpenStack clouds, `member`)"


def _unknown_verb(error: errors.UnknownVerb) -> str:
    if error.suggestion:
        return (
            f"I do not know {named(error.verb)}. Did you mean `/images {error.suggestion}`? "
            "Nothing was done."
        )
    return f"I do not know {named(error.verb)}. See `/images help`."


def _not_yours(error: errors.NotYours) -> str:
    if not error.number:
        return "This button speaks of an account that is no longer linked. Nothing was changed."
    return (
        f"This is for account {code(error.number)}, which <@{error.user_id}> has linked and you "
        "have not. Only someone who has linked it may answer. Nothing was changed."
    )


def _did_you_mean(suggestion: str | None, prefix: str) -> str:
    return f" Did you mean `{prefix}{suggestion}`?" if suggestion else ""
