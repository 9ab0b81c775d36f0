"""Words for what the cloud, or our own database, answers."""

from __future__ import annotations

from collections.abc import Mapping

from cloud import errors as cloud
from handlers.ui.blocks import listed, named
from handlers.ui.error_words import words
from storage.errors import Unreachable

_SERVICES: Mapping[str, str] = {
    "object-store": "object storage (Cloud Files)",
    "compute": "compute service (Cloud Servers)",
}


@words.register
def _(error: cloud.BadConfiguration) -> str:
    return f"The account's configuration cannot be used: {_own(error)}"


@words.register
def _(_: cloud.BadCredentials) -> str:
    return (
        "The cloud no longer takes this account's password or key. "
        "Link it again with `/images link`."
    )


@words.register
def _(_: cloud.MfaRequired) -> str:
    return (
        "This account asks for a second factor at login, which a bot has not. "
        "Link it with an API key or an application credential."
    )


@words.register
def _(_: cloud.LoginForbidden) -> str:
    return (
        "The cloud knows this user and does not let it in: it is disabled, "
        "or must set up its second factor. Ask the administrator of your account."
    )


@words.register
def _(_: cloud.Unauthorized) -> str:
    return "The cloud refused a login it had just given. Try again in a minute."


@words.register
def _(_: cloud.NoImageService) -> str:
    return "This account has no image service. Link one that has."


@words.register
def _(error: cloud.NoSuchRegion) -> str:
    return (
        f"There is no region {named(error.region)} in your account. "
        f"It has {listed(error.available) or 'none'}."
    )


@words.register
def _(error: cloud.NoSuchService) -> str:
    return (
        f"There is no {_SERVICES.get(error.service, error.service)} in {named(error.region)} for "
        "your account. See `/images status`."
    )


@words.register
def _(error: cloud.Invalid) -> str:
    return f"The cloud did not take the request: {_own(error)}"


@words.register
def _(error: cloud.Forbidden) -> str:
    if error.service in _SERVICES:
        return f"{_refuser(error)} does not allow that: {_own(error)} Nothing was changed."
    return (
        "Your login may not do that: it needs the role `cloudImages:admin`, or on "
        "other OpenStack clouds `member`. Nothing was changed."
    )


@words.register
def _(error: cloud.NotFound) -> str:
    if error.service in _SERVICES:
        return (
            f"{_refuser(error)} does not have that, or does not show it to your account: "
            f"{_own(error)}"
        )
    return "The cloud knows no such image, or does not show it to your account. See `/images list`."


@words.register
def _(error: cloud.Conflict) -> str:
    if error.service in _SERVICES:
        return f"{_refuser(error)} refused for now: {_own(error)} Look at it again, then try again."
    return "Someone changed it at the same moment. Look at it again, then try again."


@words.register
def _(error: cloud.ChoiceNeeded) -> str:
    return (
        f"{_refuser(error)} needs a choice that I cannot make: {_own(error)} Nothing was changed."
    )


@words.register
def _(error: cloud.QuotaReached) -> str:
    if error.service in _SERVICES:
        return (
            f"A quota of your account is full: {_own(error)} Make room first, or ask for a larger "
            "quota."
        )
    return (
        f"A quota of this image is full: {_own(error)} Make room first, "
        "for example with `/images unshare`."
    )


@words.register
def _(error: cloud.Unavailable) -> str:
    return "The cloud does not answer: it is down, slow, or asks us to wait. Try again in " + (
        f"{max(1, round(error.retry_after))} seconds." if error.retry_after else "a minute."
    )


@words.register
def _(error: cloud.ServiceFault) -> str:
    return (
        f"{_refuser(error)} failed while it did that: {_own(error)} Look whether it was done. "
        "If it fails again, ask your provider."
    )


@words.register
def _(error: cloud.Corrupt) -> str:
    return (
        f"The data did not arrive as it was sent: {_own(error)} What arrived was deleted. Try "
        "again; if it stays so, tell whoever runs this bot."
    )


@words.register
def _(_: cloud.UnexpectedAnswer) -> str:
    return (
        "The cloud answered with something that cannot be read. "
        "Try again; if it stays so, tell whoever runs this bot."
    )


@words.register
def _(_: Unreachable) -> str:
    return (
        "The bot's own database does not answer. Look whether it was done before you "
        "try again in a minute; if it stays so, tell whoever runs this bot."
    )


@words.register
def _(error: cloud.CloudError) -> str:
    return f"The cloud refused: {_own(error)}"


def _refuser(error: cloud.CloudError) -> str:
    """The service that refused, as the subject of a sentence."""
    return f"The {_SERVICES.get(error.service, 'cloud')}"


def _own(error: cloud.CloudError) -> str:
    """The service's own words, if it said anything."""
    return f"{named(error.message, 300)}." if error.message else "it did not say why."
