"""
Words of errors: what happened and what to do next, for every error that has a name.

The words of a topic's own errors are beside them, in its `errors.py`; here are those that any
topic may raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from handlers.core import errors as errors
from handlers.core.replies import Block, Message
from handlers.ui.alerts import Level, callout, small_warning
from handlers.ui.blocks import code, command, listed, named, section, typed


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
    return _failure(words(error), blocks_below(error))


def internal_error(reference: str) -> Message:
    """Say that an unexpected error happened, with a reference to find it in the log."""
    text = (
        f"Something broke on our side (reference {reference}). Check whether it was done before "
        "you try again, and give the reference to the people who run this bot."
    )
    return _failure(text)


def trouble_notes(troubles: Sequence[errors.Trouble]) -> tuple[Block, ...]:
    """A line for each region that could not be asked, beside what the others answered."""
    places_by_error: dict[str, list[str]] = {}
    for trouble in troubles:
        where = f"{trouble.region} of account {code(trouble.account)}"
        places_by_error.setdefault(words(trouble.error), []).append(where)
    return tuple(
        small_warning(f"{listed(places)} could not be checked. {why}")
        for why, places in places_by_error.items()
    )


@blocks_below.register
def _(error: errors.NotFoundAnywhere) -> tuple[Block, ...]:
    return trouble_notes(error.troubles)


@words.register
def _(_: errors.Unreadable) -> str:
    return (
        "A closing quotation mark is missing. Quote names with spaces, as in "
        '`/images show "my image"`.'
    )


@words.register
def _(error: errors.Usage) -> str:
    return f"{_use(error.form, error.options)} Quote names with spaces."


@words.register
def _(error: errors.NoImageSaid) -> str:
    return f"Name the image first: `/images {error.form}`. Nothing was changed."


@words.register
def _(error: errors.NotAnImage) -> str:
    return f"{typed(error.mention)} is not an image. Put the image first, by name or id."


@words.register
def _(error: errors.UnknownVerb) -> str:
    return _unknown_verb(error)


@words.register
def _(error: errors.UnknownOption) -> str:
    return (
        f"{code('--' + error.option)} is not an option of this command."
        f"{_did_you_mean(error.suggestion, '--')} {_use(error.form, error.options)}"
    )


@words.register
def _(error: errors.OneDash) -> str:
    return f"Write {code(f'--{error.option}')} with two dashes. Nothing was done."


@words.register
def _(error: errors.NoValue) -> str:
    return (
        f"{code('--' + error.option)} needs a value, as in "
        f"{code(f'--{error.option} {error.example}')}."
    )


@words.register
def _(error: errors.BadValue) -> str:
    return f"{code('--' + error.option)} cannot be {typed(error.value)}. Use {error.allowed}."


@words.register
def _(_: errors.TooLong) -> str:
    return "That command is too long. Use fewer or shorter words."


@words.register
def _(_: errors.BadButton) -> str:
    return "This button is out of date. Run the command again."


@words.register
def _(_: errors.FormGone) -> str:
    return "That form has expired. Run the command again."


@words.register
def _(error: errors.PersonLeft) -> str:
    return f"<@{error.user_id}> has left this workspace. Name someone else."


@words.register
def _(error: errors.NotLinked) -> str:
    return (
        "You have not linked a cloud account yet. Ask the people who run this bot to run "
        f"`python -m bot link --team {error.team_id} --user {error.user_id} --cloud NAME`."
    )


@words.register
def _(_: errors.LooksLikeKey) -> str:
    return (
        "That looks like a password or a key, so I did nothing with it. Slack keeps what you "
        "type: revoke it and create a new one. To link an account, use `/images link`; never "
        "paste keys in Slack."
    )


@words.register
def _(error: errors.NoPages) -> str:
    return (
        "This bot has no linking page. Ask the people who run it to set `PUBLIC_URL`, "
        "or to run "
        f"`python -m bot link --team {error.team_id} --user {error.user_id} --cloud NAME`."
    )


@words.register
def _(error: errors.NotYours) -> str:
    return _not_yours(error)


@words.register
def _(error: errors.NotForYou) -> str:
    return f"This list is for <@{error.user_id}>. See yours with `/images {error.verb}`."


@words.register
def _(error: errors.WhichAccount) -> str:
    if not error.word:
        return "You can use several accounts, and none is selected. Choose one: `/images use`."
    numbers = listed([code(each.project_id) for each in error.accounts])
    return f"{named(error.word)} matches several of your accounts: {numbers}. Use the number."


@words.register
def _(error: errors.NoSuchAccount) -> str:
    return (
        f"You have not linked an account {typed(error.word)}. "
        f"Linked: {listed([code(number) for number in error.linked])}."
    )


@words.register
def _(error: errors.LostCredentials) -> str:
    return (
        f"I can no longer read the stored credentials of account {code(error.number)}, because "
        "the bot's secret key has changed. Link the account again with `/images link`."
    )


@words.register
def _(error: errors.NoSuchImage) -> str:
    where = listed(error.searched) or "your regions"
    nothing = f"No image named {typed(error.word)}, or with that id, in {where}."
    if error.near:
        names = [named(match.image.name or "") for match in error.near]
        return f"{nothing} Did you mean {listed(names, 'or')}?"
    return (
        f"{nothing} Use the full name, or at least 6 characters of the id. To find it: "
        "`/images list`, or `/images invitations` if you have not accepted it yet."
    )


@words.register
def _(error: errors.SeveralImages) -> str:
    return f"{len(error.matches)} images match {typed(error.word)}. Use the id of the one you mean."


@words.register
def _(error: errors.ImageGone) -> str:
    return (
        f"Image {code(error.image_id[:8])} no longer exists, or is no longer shared with you. "
        "Nothing was changed. See `/images list`."
    )


@words.register
def _(error: errors.NotOwner) -> str:
    return (
        f"{named(error.name)} belongs to account {code(error.owner or 'unknown')}. Only its owner "
        f"can {error.doing} it. To hide it from your list, use `/images reject`."
    )


@words.register
def _(error: errors.PublicImage) -> str:
    return (
        f"{named(error.name)} is public: every account can already use it, so there is nothing to "
        "share or unshare."
    )


@words.register
def _(error: errors.MissingRole) -> str:
    return (
        f"Your login cannot {error.doing}: that needs the role {_role(error.role)}. "
        "Ask the administrator of your cloud account. Nothing was changed."
    )


@words.register
def _(error: errors.OutcomeUnknown) -> str:
    return (
        f"The cloud did not respond to the request to {error.doing}, so it may or may not have "
        f"been done. Check with {command(error.check_command)} before you try again."
    )


@words.register
def _(_: errors.UnderWay) -> str:
    return "That is already in progress. Nothing was done twice."


@words.register
def _(error: errors.ReadByOthers) -> str:
    return (
        f"People from another organisation are in <#{error.channel_id}> and would see the answer, "
        "too. Nothing was shown."
    )


@words.register
def _(error: errors.BeyondPlane) -> str:
    return (
        f"The image service can't store {typed(error.characters)}. Leave out emoji and other "
        "4-byte characters. Nothing was changed."
    )


@words.register
def _(error: errors.BadName) -> str:
    return f"Use a name of 1 to {error.most} visible characters."


@words.register
def _(_: errors.UserError) -> str:
    return "I can't do that. See `/images help`."


def _failure(text: str, below: tuple[Block, ...] = ()) -> Message:
    return Message(text, (callout(Level.ERROR, text, section(text)), *below))


def _use(form: str, options: Sequence[str]) -> str:
    beside = f" Options: {listed([code(option) for option in options])}." if options else ""
    return f"Usage: `/images {form}`.{beside}"


def _role(role: str) -> str:
    return f"`{role}` (`member` on other OpenStack clouds)"


def _unknown_verb(error: errors.UnknownVerb) -> str:
    if error.suggestion:
        return (
            f"{named(error.verb)} is not a command. Did you mean `/images {error.suggestion}`? "
            "Nothing was done."
        )
    return f"{named(error.verb)} is not a command. See `/images help`."


def _not_yours(error: errors.NotYours) -> str:
    if not error.number:
        return (
            "This button is for an account that is no longer linked. Nothing was changed. Link it "
            "with `/images link`."
        )
    return (
        f"This is for account {code(error.number)}, which <@{error.user_id}> has linked and you "
        "have not. Ask them, or link it too with `/images link`. Nothing was changed."
    )


def _did_you_mean(suggestion: str | None, prefix: str) -> str:
    return f" Did you mean `{prefix}{suggestion}`?" if suggestion else ""
