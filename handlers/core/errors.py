"""
Errors that a person can correct themselves, each with a name.

Their words are in `ui/error_words.py`, made from what each error carries; a topic's own errors
are in its `errors.py`, with their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.errors import CloudError
from cloud.models import Image
from handlers.core.interactions import Command
from storage import Account


class UserError(Exception):
    """The request cannot be done as given. Nothing was changed."""


@dataclass(frozen=True)
class Trouble:
    """One account and region that could not be asked, beside others that answered."""

    account: str
    """Account number."""
    region: str
    error: CloudError | UserError


class Unreadable(UserError):
    """The command has a quotation mark that nothing closes."""


@dataclass(eq=False)
class Usage(UserError):
    """The words of the command do not fit the verb's form."""

    form: str
    options: Sequence[str] = ()
    """The options of the verb."""


@dataclass(eq=False)
class NoImageSaid(UserError):
    """The command names an account, but no image."""

    form: str


@dataclass(eq=False)
class NotAnImage(UserError):
    """A person, a group or a channel is mentioned where an image is wanted."""

    mention: str


@dataclass(eq=False)
class UnknownVerb(UserError):
    """No such verb. What it resembles is only suggested, never run."""

    verb: str
    suggestion: str | None


@dataclass(eq=False)
class UnknownOption(UserError):
    """The verb has no such option."""

    option: str
    form: str
    suggestion: str | None
    options: Sequence[str] = ()
    """The options that the verb has."""


@dataclass(eq=False)
class OneDash(UserError):
    """An option of the verb was typed with one dash, as a word."""

    option: str


@dataclass(eq=False)
class NoValue(UserError):
    """An option that needs a value has none."""

    option: str
    example: str


@dataclass(eq=False)
class BadValue(UserError):
    """An option's value that cannot be used; *allowed* says what can."""

    option: str
    value: str
    allowed: str


class TooLong(UserError):
    """More words than a button can carry to the next page or to the confirmation."""


class BadButton(UserError):
    """A button whose value cannot be read: it was made by another version of the bot."""


class FormGone(UserError):
    """A form that was kept to be opened again is kept no longer, or is somebody else's."""


@dataclass(eq=False)
class PersonLeft(UserError):
    """The person who is meant has left the workspace."""

    user_id: str


@dataclass(eq=False)
class NotLinked(UserError):
    """The person has no cloud account linked."""

    team_id: str
    user_id: str


class LooksLikeKey(UserError):
    """A command or a reason holds what looks like a password or a key. Nothing was done with it."""


@dataclass(eq=False)
class NoPages(UserError):
    """There is no page to link an account on: PUBLIC_URL is not set."""

    team_id: str
    user_id: str


@dataclass(eq=False)
class NotYours(UserError):
    """The button acts for an account that the person who pressed it has not linked."""

    number: str
    user_id: str
    """The account, and the person whom the message was made for; empty where unknown."""


@dataclass(eq=False)
class NotForYou(UserError):
    """The button belongs to a list that was made for someone else."""

    user_id: str
    verb: str = "invitations"
    """Shows one's own."""


@dataclass(eq=False)
class NoSuchAccount(UserError):
    """`--account` names none of the person's linked accounts."""

    word: str
    linked: Sequence[str]


@dataclass(eq=False)
class WhichAccount(UserError):
    """Several of the person's accounts may be meant. The answer is a choice, never a guess."""

    word: str
    """The word typed; "" if none was, and no account is in use."""
    accounts: Sequence[Account]


@dataclass(eq=False)
class LostCredentials(UserError):
    """The stored credentials cannot be unsealed: the bot's secret key was changed."""

    number: str


@dataclass(eq=False)
class NotFoundAnywhere(UserError):
    """Nothing by that id, prefix or name where the person may look."""

    word: str
    searched: Sequence[str]
    """Regions that answered."""
    troubles: Sequence[Trouble] = ()


@dataclass(eq=False)
class NoSuchImage(NotFoundAnywhere):
    """No image by that id, prefix or name."""

    command: Command | None = None
    near: Sequence[Match] = ()
    """Images whose names are like it; the answer offers them, and takes none."""


@dataclass(eq=False)
class SeveralImages(UserError):
    """Several images fit the word. The answer is a choice, never a guess."""

    command: Command
    word: str
    matches: Sequence[Match]
    troubles: Sequence[Trouble]


@dataclass(frozen=True)
class Match:
    """One of several images that a word may mean, as one account sees it."""

    account_id: str
    number: str
    image: Image


@dataclass(eq=False)
class ImageGone(UserError):
    """The image of a button is no longer there, or no longer visible to the account."""

    image_id: str


@dataclass(eq=False)
class NotOwner(UserError):
    """Only the owner of an image may share or unshare it, or see all its members."""

    name: str
    owner: str
    doing: str


@dataclass(eq=False)
class PublicImage(UserError):
    """A public image is everyone's already: it has no members."""

    name: str


@dataclass(eq=False)
class MissingRole(UserError):
    """The person's login may look but not do that."""

    role: str
    doing: str


@dataclass(eq=False)
class OutcomeUnknown(UserError):
    """The cloud gave no answer to a change: it may have been made. *check_command* shows it."""

    doing: str
    check_command: str


class UnderWay(UserError):
    """The same thing is being done at this moment: a double click, or a colleague's."""


@dataclass(eq=False)
class ReadByOthers(UserError):
    """People of another organisation read the channel of a public answer; *command* gives it."""

    channel_id: str
    command: str


@dataclass(eq=False)
class BeyondPlane(UserError):
    """A text has characters that no image service stores."""

    characters: str


@dataclass(eq=False)
class BadName(UserError):
    """The name of a server or an image is empty, or too long."""

    most: int
