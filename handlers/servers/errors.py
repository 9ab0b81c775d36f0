"""What a person can put right about servers, with the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import NotFoundAnywhere, UserError
from handlers.ui.blocks import code, listed, named, typed
from handlers.ui.error_words import words


class NoSuchServer(NotFoundAnywhere):
    """No server by that id, prefix or name where the person may look."""


@words.register
def _(error: NoSuchServer) -> str:
    return (
        f"No server is called {typed(error.word)} in {listed(error.searched) or 'your regions'}, "
        "and none has that id. Names must be exact, an id's beginning has 6 characters or more: "
        "find it with `/images servers`."
    )


@dataclass(eq=False)
class ServerGone(UserError):
    """The server of a button was deleted, or is another account's now."""

    server_id: str


@words.register
def _(error: ServerGone) -> str:
    return (
        f"The server {code(error.server_id)} is no longer there. Nothing was begun. "
        "See `/images servers`."
    )


@dataclass(eq=False)
class NoSuchFlavor(UserError):
    """The region has no size of server by that id or name; *known* are the names there are."""

    word: str
    region: str
    known: Sequence[str]


@words.register
def _(error: NoSuchFlavor) -> str:
    return (
        f"{error.region} has no size of server called {typed(error.word)}. "
        f"{_flavors(error.known)} With the image alone, `/images launch IMAGE` opens a form that "
        "lists them."
    )


@dataclass(eq=False)
class NetworkNeeded(UserError):
    """There are several networks that the server may be attached to; *known* are their names."""

    region: str
    known: Sequence[str]


@words.register
def _(error: NetworkNeeded) -> str:
    return (
        f"{error.region} has {len(error.known)} networks: {_some(error.known)}. Say which one with "
        "`--network NAME`, or open the form with `/images launch IMAGE`."
    )


@dataclass(eq=False)
class NoSuchAttachment(UserError):
    """The region has no network, key pair or security group by that name, or *several*."""

    kind: str
    word: str
    region: str
    known: Sequence[str]
    """Names; ids where several have the name."""
    several: bool = False


@words.register
def _(error: NoSuchAttachment) -> str:
    if error.several:
        return (
            f"{error.region} has several {error.kind}s called {typed(error.word)}. Use an id: "
            f"{_some(error.known)}."
        )
    there = f"There are: {_some(error.known)}." if error.known else "There are none."
    return f"{error.region} has no {error.kind} called {typed(error.word)}. {there}"


@dataclass(eq=False)
class TooSmall(UserError):
    """The image asks for more disk or memory than the size of server has."""

    name: str
    flavor: str
    min_disk: int
    min_ram: int
    """GB and MB."""


@words.register
def _(error: TooSmall) -> str:
    return (
        f"{named(error.flavor)} is too small for {named(error.name)}, which needs {error.min_disk} "
        f"GB of disk and {error.min_ram} MB of memory. Choose a larger one. Nothing was begun."
    )


@dataclass(eq=False)
class NotBootable(UserError):
    """Only an active image can be booted from."""

    name: str
    status: str


@words.register
def _(error: NotBootable) -> str:
    return (
        f"{named(error.name)} is {error.status}: only an active image can be booted from. "
        "Nothing was begun."
    )


def _flavors(known: Sequence[str]) -> str:
    verb = "is" if len(known) == 1 else "are"
    return f"There {verb} {_some(known)}." if known else "It has none."


def _some(known: Sequence[str]) -> str:
    return listed([named(name, 40) for name in known[:10]])
