"""Words for errors of the cloud, and of our own database."""

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
    return (
        f"This account's configuration is not valid: {_own(error)} Link it again with "
        "`/images link`."
    )


@words.register
def _(_: cloud.BadCredentials) -> str:
    return (
        "The cloud no longer accepts this account's password or key. "
        "Link it again with `/images link`."
    )


@words.register
def _(_: cloud.MfaRequired) -> str:
    return (
        "This account needs a second factor at login, which I cannot provide. "
        "Link it with an API key or an application credential: `/images link`."
    )


@words.register
def _(_: cloud.LoginForbidden) -> str:
    return (
        "The cloud does not let this user log in: it is disabled, or has to set up a second "
        "factor. Ask the administrator of your cloud account."
    )


@words.register
def _(_: cloud.Unauthorized) -> str:
    return "The cloud rejected a login that it had just issued. Try again in a minute."


@words.register
def _(_: cloud.NoImageService) -> str:
    return "This account has no image service. Link another with `/images link`."


@words.register
def _(error: cloud.NoSuchRegion) -> str:
    return (
        f"Your account has no region {named(error.region)}. "
        f"Available: {listed(error.available) or 'none'}."
    )


@words.register
def _(error: cloud.NoSuchService) -> str:
    return (
        f"Your account has no {_SERVICES.get(error.service, error.service)} in "
        f"{named(error.region)}. See `/images status`."
    )


@words.register
def _(error: cloud.Invalid) -> str:
    return f"The cloud rejected the request: {_own(error)}"


@words.register
def _(error: cloud.Forbidden) -> str:
    if error.service in _SERVICES:
        return f"{_refuser(error)} denied the request: {_own(error)} Nothing was changed."
    return (
        "Your login is not allowed to do that. It needs the role `cloudImages:admin` (`member` "
        "on other OpenStack clouds): ask the administrator of your cloud account. Nothing was "
        "changed."
    )


@words.register
def _(error: cloud.NotFound) -> str:
    if error.service in _SERVICES:
        return f"{_refuser(error)} does not have that, or your account cannot see it: {_own(error)}"
    return "That image does not exist, or your account cannot see it. See `/images list`."


@words.register
def _(error: cloud.Conflict) -> str:
    if error.service in _SERVICES:
        return f"{_refuser(error)} reports a conflict: {_own(error)} Check it, then try again."
    return "Someone else changed it at the same moment. Check it, then try again."


@words.register
def _(error: cloud.ChoiceNeeded) -> str:
    return (
        f"{_refuser(error)} needs a setting that I cannot choose: {_own(error)} Nothing was "
        "changed. Use your provider's control panel instead."
    )


@words.register
def _(error: cloud.QuotaReached) -> str:
    if error.service in _SERVICES:
        return (
            f"Your account has reached a quota: {_own(error)} Make room, or ask your provider for "
            "a larger quota."
        )
    return (
        f"This image has reached a quota: {_own(error)} Make room, for example with "
        "`/images unshare`."
    )


@words.register
def _(error: cloud.Unavailable) -> str:
    return "The cloud is not responding: it is down, slow or limiting requests. Try again in " + (
        f"{max(1, round(error.retry_after))} seconds." if error.retry_after else "a minute."
    )


@words.register
def _(error: cloud.ServiceFault) -> str:
    return (
        f"{_refuser(error)} failed on this request: {_own(error)} It may have been done anyway: "
        "check before you try again. If it keeps failing, contact your provider."
    )


@words.register
def _(error: cloud.Corrupt) -> str:
    return (
        f"The data was damaged on the way: {_own(error)} I deleted the bad copy. Try again; if it "
        "keeps happening, tell the people who run this bot."
    )


@words.register
def _(_: cloud.UnexpectedAnswer) -> str:
    return (
        "The cloud sent a reply that I cannot read. Try again; if it keeps happening, tell "
        "the people who run this bot."
    )


@words.register
def _(_: Unreachable) -> str:
    return (
        "My database is not responding. Try again in a minute, after checking whether it was "
        "done; if it keeps happening, tell the people who run this bot."
    )


@words.register
def _(error: cloud.CloudError) -> str:
    return f"The cloud returned an error: {_own(error)}"


def _refuser(error: cloud.CloudError) -> str:
    """The service that refused, as the subject of a sentence."""
    return f"The {_SERVICES.get(error.service, 'cloud')}"


def _own(error: cloud.CloudError) -> str:
    """The service's own words, if it said anything."""
    return f"{named(error.message, 300)}." if error.message else "no reason given."
