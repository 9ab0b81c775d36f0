"""
What a person can put right themselves, each with a name.

The words are not here but in views/errors.py, made from what each error carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.errors import CloudError
from cloud.models import Image
from handlers.core.interactions import Command


class UserError(Exception):
    """The request cannot be done as it stands. Nothing was changed."""


@dataclass(frozen=True)
class Trouble:
    """One account and region that could not be asked, beside others that answered."""

    account: str
    """Account number."""
    region: str
    error: CloudError | UserError


class Unreadable(UserError):
    """The command has a quotation mark that nothing closes."""


class Usage(UserError):
    """The words of the command do not fit the verb's form."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form


class UnknownVerb(UserError):
    """No such verb. What it resembles is only suggested, never run."""

    def __init__(self, verb: str, suggestion: str | None) -> None:
        super().__init__(verb)
        self.verb, self.suggestion = verb, suggestion


class UnknownOption(UserError):
    """The verb has no such option."""

    def __init__(self, option: str, form: str, suggestion: str | None) -> None:
        super().__init__(option)
        self.option, self.form, self.suggestion = option, form, suggestion


class NoValue(UserError):
    """An option that needs a value has none."""

    def __init__(self, option: str, example: str) -> None:
        super().__init__(option)
        self.option, self.example = option, example


class BadValue(UserError):
    """An option's value that cannot be used; *allowed* says what can."""

    def __init__(self, option: str, value: str, allowed: str) -> None:
        super().__init__(f"{option}={value}")
        self.option, self.value, self.allowed = option, value, allowed


class OnlyOne(UserError):
    """Options that exclude each other were given together."""

    def __init__(self, options: Sequence[str]) -> None:
        super().__init__(" ".join(options))
        self.options = tuple(options)


class TooLong(UserError):
    """More words than a button can carry to the next page or to the confirmation."""


class BadButton(UserError):
    """A button whose value cannot be read: it was made by another version of the bot."""


class NotLinked(UserError):
    """The person has no cloud account linked."""

    def __init__(self, team_id: str, user_id: str) -> None:
        super().__init__(f"{team_id}/{user_id}")
        self.team_id, self.user_id = team_id, user_id


class LooksLikeKey(UserError):
    """The command holds what looks like a password or a key. It was not read any further."""


class NoPages(UserError):
    """There is no page to link an account on: the bot was not told its own address."""

    def __init__(self, team_id: str, user_id: str) -> None:
        super().__init__("PUBLIC_URL")
        self.team_id, self.user_id = team_id, user_id


class NotYours(UserError):
    """The button acts for an account that whoever pressed it has not linked."""

    def __init__(self, number: str, user_id: str) -> None:
        super().__init__(number)
        self.number, self.user_id = number, user_id
        """The account, and the person whom the message was made for; empty where unknown."""


class NotForYou(UserError):
    """The button belongs to a list that was made for someone else."""

    def __init__(self, user_id: str) -> None:
        super().__init__(user_id)
        self.user_id = user_id


class NoSuchAccount(UserError):
    """`--account` names none of the person's linked accounts."""

    def __init__(self, word: str, linked: Sequence[str]) -> None:
        super().__init__(word)
        self.word, self.linked = word, tuple(linked)


class NotOneAccount(UserError):
    """Several accounts are linked, and the command does not say which one it means."""

    def __init__(self, form: str, linked: Sequence[str]) -> None:
        super().__init__(form)
        self.form, self.linked = form, tuple(linked)


class LostCredentials(UserError):
    """The stored credentials cannot be unsealed: the bot's secret key was changed."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class NoSuchImage(UserError):
    """Nothing by that id, prefix or name where the person may look."""

    def __init__(
        self, word: str, searched: Sequence[str], troubles: Sequence[Trouble] = ()
    ) -> None:
        super().__init__(word)
        self.word, self.searched, self.troubles = word, tuple(searched), tuple(troubles)


class SeveralImages(UserError):
    """Several images fit the word. The answer is a choice, never a guess."""

    def __init__(
        self, command: Command, word: str, matches: Sequence[Match], troubles: Sequence[Trouble]
    ) -> None:
        super().__init__(word)
        self.command, self.word = command, word
        self.matches, self.troubles = tuple(matches), tuple(troubles)


@dataclass(frozen=True)
class Match:
    """One of several images that a word may mean, as one account sees it."""

    account_id: str
    number: str
    image: Image


class ImageGone(UserError):
    """The image of a button is no longer there, or no longer visible to the account."""

    def __init__(self, image_id: str) -> None:
        super().__init__(image_id)
        self.image_id = image_id


class NotInvited(UserError):
    """There is nothing to accept or reject: the image is one's own, or the provider's."""

    def __init__(self, name: str, *, standard: bool) -> None:
        super().__init__(name)
        self.name, self.standard = name, standard


class NotOwner(UserError):
    """Only the owner of an image may share or unshare it, or see all its members."""

    def __init__(self, name: str, owner: str, doing: str) -> None:
        super().__init__(name)
        self.name, self.owner, self.doing = name, owner, doing


class PublicImage(UserError):
    """A public image is everyone's already: it has no members."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotShareable(UserError):
    """
    The image's visibility allows no members.

    On today's Glance only `shared` does; on Rackspace `private` images may be shared.
    """

    def __init__(self, account_id: str, image: Image) -> None:
        super().__init__(image.id)
        self.account_id, self.image = account_id, image


class MissingRole(UserError):
    """The person's login may look but not do that."""

    def __init__(self, role: str, doing: str) -> None:
        super().__init__(role)
        self.role, self.doing = role, doing


class ShareWithSelf(UserError):
    """The account to share with is the image's owner."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class NotAnAccount(UserError):
    """The word cannot be an account number."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class TooManyAccounts(UserError):
    """More accounts than one command may share with."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


class NotShared(UserError):
    """The image is not shared with that account."""

    def __init__(self, name: str, image_id: str, number: str) -> None:
        super().__init__(number)
        self.name, self.image_id, self.number = name, image_id, number


class OutcomeUnknown(UserError):
    """The cloud gave no answer to a change: it may have been made. *look* is what tells."""

    def __init__(self, doing: str, look: str) -> None:
        super().__init__(doing)
        self.doing, self.look = doing, look


class UnderWay(UserError):
    """The same thing is being done at this moment: a double click, or a colleague's."""


class ObjectExists(UserError):
    """The container has an object of that name already, which is not to be overwritten."""

    def __init__(self, container: str, name: str) -> None:
        super().__init__(f"{container}/{name}")
        self.container, self.name = container, name


class Vanished(UserError):
    """What a transfer was making, an image or a server, was deleted before it was done."""

    def __init__(self, kind: str, vanished_id: str) -> None:
        super().__init__(vanished_id)
        self.kind, self.id = kind, vanished_id


class TaskForgotten(UserError):
    """A task ended so long ago that the cloud no longer says how."""

    def __init__(self, task_id: str) -> None:
        super().__init__(task_id)
        self.task_id = task_id


class NoSuchServer(UserError):
    """No server by that id, prefix or name where the person may look."""

    def __init__(
        self, word: str, searched: Sequence[str], troubles: Sequence[Trouble] = ()
    ) -> None:
        super().__init__(word)
        self.word, self.searched, self.troubles = word, tuple(searched), tuple(troubles)


class ServerGone(UserError):
    """The server of a button was deleted, or is another account's now."""

    def __init__(self, server_id: str) -> None:
        super().__init__(server_id)
        self.server_id = server_id


class NoSuchFlavor(UserError):
    """The region has no size of server by that id or name; *known* are the names there are."""

    def __init__(self, word: str, region: str, known: Sequence[str]) -> None:
        super().__init__(word)
        self.word, self.region, self.known = word, region, tuple(known)


class TooSmall(UserError):
    """The image asks for more disk or memory than the size of server has."""

    def __init__(self, name: str, flavor: str, min_disk: int, min_ram: int) -> None:
        super().__init__(flavor)
        self.name, self.flavor = name, flavor
        self.min_disk, self.min_ram = min_disk, min_ram
        """GB and MB."""


class NotBootable(UserError):
    """Only an active image can be booted from."""

    def __init__(self, name: str, status: str) -> None:
        super().__init__(status)
        self.name, self.status = name, status


class BadName(UserError):
    """What is to be the name of a server or an image is empty, or too long."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most
