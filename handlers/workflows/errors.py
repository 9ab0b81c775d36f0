"""Errors in steps of workflows, with their words."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.core.errors import UserError
from handlers.ui.blocks import code, named, typed
from handlers.ui.error_words import words


@dataclass(eq=False)
class NotOneAccount(UserError):
    """A step shares with one account."""

    given: str


@words.register
def _(error: NotOneAccount) -> str:
    return (
        f"{typed(error.given)} is not one account. Give the step one account number, one name of "
        "the address book, or one person. Nothing was shared."
    )


@dataclass(eq=False)
class NotShared(UserError):
    """There is no answer to wait for."""

    name: str
    number: str


@words.register
def _(error: NotShared) -> str:
    return (
        f"{named(error.name)} was not shared with account {code(error.number)} through this bot, "
        "so there is no answer to wait for. Put *Share an image* before this step."
    )


@dataclass(eq=False)
class StepEnded(UserError):
    """The step of a workflow no longer waits for this person."""


@words.register
def _(_: StepEnded) -> str:
    return (
        "This step of the workflow has ended, so there is nothing to decline. If the image was "
        "shared: `/images members IMAGE` shows with whom, and `/images unshare` ends it."
    )
