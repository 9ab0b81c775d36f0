"""Errors about servers that a person can correct, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.errors import NotFoundAnywhere, UserError
from handlers.ui.blocks import code, listed, named, typed
from handlers.ui.error_words import words


class NoSuchServer(NotFoundAnywhere):
    """No server by that id, prefix or name in the person's accounts."""


@words.register
def _(error: NoSuchServer) -> str:
    return (
        f"No server named {typed(error.word)}, or with that id, in "
        f"{listed(error.searched) or 'your regions'}. Use the full name, or at least 6 characters "
        "of the id. To find it: `/images servers`."
    )


@dataclass(eq=False)
class ServerGone(UserError):
    """The server of a button was deleted, or is another account's now."""

    server_id: str


@words.register
def _(error: ServerGone) -> str:
    return (
        f"Server {code(error.server_id[:8])} no longer exists. Nothing was started. See "
        "`/images servers`."
    )


@dataclass(eq=False)
class NoSuchFlavor(UserError):
    """The region has no flavor by that id or name; *known* are the names there are."""

    word: str
    region: str
    known: Sequence[str]


@words.register
def _(error: NoSuchFlavor) -> str:
    return (
        f"{error.region} has no flavor {typed(error.word)}. {_flavors(error.known)} To pick one "
        "from a menu, use `/images launch IMAGE`."
    )


@dataclass(eq=False)
class NetworkNeeded(UserError):
    """There are several networks to choose from; *known* are their names."""

    region: str
    known: Sequence[str]


@words.register
def _(error: NetworkNeeded) -> str:
    return (
        f"{error.region} has {len(error.known)} networks: {_some(error.known)}. Choose one with "
        "`--network NAME`, or in the form of `/images launch IMAGE`."
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
            f"{error.region} has several {error.kind}s named {typed(error.word)}. Use an id: "
            f"{_some(error.known)}."
        )
    there = f"Available: {_some(error.known)}." if error.known else "It has none."
    return f"{error.region} has no {error.kind} {typed(error.word)}. {there}"


@dataclass(eq=False)
class TooSmall(UserError):
    """The image needs more disk or RAM than the flavor has."""

    name: str
    flavor: str
    min_disk: int
    min_ram: int
    """GB and MB."""


@words.register
def _(error: TooSmall) -> str:
    return (
        f"{named(error.flavor)} is too small: {named(error.name)} needs {error.min_disk} GB disk "
        f"and {error.min_ram} MB RAM. Choose a larger flavor. Nothing was started."
    )


@dataclass(eq=False)
class NotBootable(UserError):
    """Only an active image can be booted from."""

    name: str
    status: str


@words.register
def _(error: NotBootable) -> str:
    return (
        f"{named(error.name)} is {error.status}, and only active images can be booted. Try again "
        "when it is active. Nothing was started."
    )


def _flavors(known: Sequence[str]) -> str:
    return f"Available: {_some(known)}." if known else "It has none."


def _some(known: Sequence[str]) -> str:
    return listed([named(name, 40) for name in known[:10]])
