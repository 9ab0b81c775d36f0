"""Phrases for audited operations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.ui.blocks import code, named

PHRASES: Mapping[str, str] = {
    "image.share": "shared {}",
    "image.unshare": "unshared {}",
    "image.extend": "extended the share of {}",
    "image.update": "updated {}",
    "image.tag": "changed the tags of {}",
    "image.delete": "deleted {}",
    "image.deactivate": "deactivated {}",
    "image.reactivate": "reactivated {}",
    "invitation.accept": "accepted {}",
    "invitation.reject": "rejected {}",
    "invitation.reopen": "undid the answer to {}",
    "invitation.trust": "turned on automatic acceptance from account {}",
    "invitation.distrust": "turned off automatic acceptance from account {}",
    "export.begin": "started exporting {}",
    "import.begin": "started importing {}",
    "copy.begin": "started copying {}",
    "snapshot.begin": "started a snapshot of server {}",
    "launch.begin": "started launching a server from {}",
    "image.export": "ran a step of exporting {}",
    "image.import": "ran a step of importing {}",
    "image.copy": "ran a step of copying {}",
    "server.snapshot": "ran a step of a snapshot of server {}",
    "server.launch": "ran a step of launching a server from {}",
    "transfer.stop": "stopped waiting for the transfer of {}",
    "object.link": "created a download link for {}",
    "object_store.container": "created container {}",
    "object_store.signing_key": "set the temporary URL key in {}",
    "access.refuse": "was refused {}",
    "app.install": "installed the app in {}",
    "app.uninstall": "uninstalled the app from {}",
    "account.link": "linked an account for {}",
    "account.unlink": "unlinked the account of {}",
    "account.allow": "changed the role of {}",
    "account.limit": "changed the limit in {}",
    "account.policy": "changed the policy of account {}",
    "account.name": "changed the name of account {}",
    "account.contact": "changed the second contact: {}",
    "account.confirm": "was asked for the password or key of account {}",
    "approval.ask": "requested approval of {}",
    "approval.approve": "approved request {}",
    "approval.deny": "denied request {}",
    "approval.explain": "gave a reason for request {}",
    "approval.withdraw": "withdrew request {}",
    "approval.carry_out": "carried out request {}",
    "approval.expire": "closed expired request {}",
    "approval.give_up": "could not determine whether request {} was done",
    "digest.set": "changed the notifications of {}",
    "notices.pause": "paused notifications to {}",
    "notices.test": "sent a test message to {}",
    "outbox.retry": "retried message {}",
    "outbox.drop": "dropped message {}",
    "person.forget": "deleted the data of {}",
}
"""Each with a place for what it was done to."""

_TARGET = 100
_REQUEST = re.compile(r"(?:([a-z0-9]+) )?([a-z_]+\.[a-z_]+) (.+)", re.DOTALL)
"""A request, its action and its target."""
_MENTIONS = (
    (re.compile(r"(?:person |[TE][A-Z0-9]*/)([UW][A-Z0-9]*)"), "<@{}>"),
    (re.compile(r"([UW][A-Z0-9]*)"), "<@{}>"),
    (re.compile(r"group (S[A-Z0-9]*)"), "<!subteam^{}>"),
    (re.compile(r"channel ([CG][A-Z0-9]*)"), "everyone in <#{}>"),
    (re.compile(r"([CG][A-Z0-9]*)"), "<#{}>"),
    (re.compile(r"(\*)"), "all other channels"),
)


def sentence(action: str, target: str) -> str:
    """Return what was done, without the actor."""
    what = _what(action, target)
    return PHRASES[action].format(what) if action in PHRASES else f"did {named(action)}: {what}"


def _what(action: str, target: str) -> str:
    if action.startswith("account."):
        for pattern, mention in _MENTIONS:
            if found := pattern.fullmatch(target):
                return mention.format(found[1])
    if action.startswith("approval.") and (found := _REQUEST.fullmatch(target)):
        request, wanted, rest = found.groups()
        what = f"{named(wanted)}: {_what(wanted, rest)}"
        return f"{code(request)} ({what})" if request else what
    image_id, _, number = target.partition(" with ")
    if number and action.startswith("image."):
        return f"{code(image_id)} with {code(number)}"
    return named(target, _TARGET)
