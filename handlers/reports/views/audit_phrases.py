"""What each operation on record is called, for people to read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.ui.blocks import code, named

PHRASES: Mapping[str, str] = {
    "image.share": "shared {}",
    "image.unshare": "ended the share of {}",
    "image.extend": "extended the share of {}",
    "image.update": "updated {}",
    "image.tag": "changed the tags of {}",
    "image.delete": "deleted {}",
    "image.deactivate": "deactivated {}",
    "image.reactivate": "reactivated {}",
    "invitation.accept": "accepted {}",
    "invitation.reject": "rejected {}",
    "invitation.reopen": "took the answer to {} back",
    "invitation.trust": "chose to accept whatever account {} shares",
    "invitation.distrust": "ended that whatever account {} shares is accepted",
    "export.begin": "began to export {}",
    "import.begin": "began to import {}",
    "copy.begin": "began to copy {}",
    "snapshot.begin": "began to make an image of server {}",
    "launch.begin": "began to build a server from {}",
    "image.export": "did a step of exporting {}",
    "image.import": "did a step of importing {}",
    "image.copy": "did a step of copying {}",
    "server.snapshot": "did a step of making an image of server {}",
    "server.launch": "did a step of building a server from {}",
    "transfer.stop": "stopped waiting for what was begun with {}",
    "object.link": "made a download link to {}",
    "object_store.container": "made container {}",
    "object_store.signing_key": "set the key that signs download links, in {}",
    "access.refuse": "was refused {}",
    "app.install": "installed the app in {}",
    "app.uninstall": "took the app out of {}",
    "account.link": "linked an account for {}",
    "account.unlink": "unlinked the account of {}",
    "account.allow": "changed the role of {}",
    "account.limit": "changed how much is allowed in {}",
    "account.policy": "changed the policy of account {}",
    "account.name": "changed the name of account {}",
    "account.contact": "chose who is told of late answers: {}",
    "account.confirm": "was asked for the secret of account {}",
    "approval.ask": "asked for approval of {}",
    "approval.approve": "approved request {}",
    "approval.deny": "denied request {}",
    "approval.withdraw": "withdrew request {}",
    "approval.carry_out": "carried out request {}",
    "approval.expire": "let request {} lapse",
    "approval.give_up": "could not learn whether request {} was done",
    "digest.set": "chose how to hear of invitations to {}",
    "notices.pause": "stopped the notices to {}",
    "notices.test": "sent a test message to {}",
    "outbox.retry": "had message {} sent again",
    "outbox.drop": "dropped message {}",
    "person.forget": "had {} forgotten",
}
"""Each with a place for what it was done to."""

_TARGET = 100
_REQUEST = re.compile(r"(?:([a-z0-9]+) )?([a-z_]+\.[a-z_]+) (.+)", re.DOTALL)
"""A request, what it wants done, and to what."""
_MENTIONS = (
    (re.compile(r"(?:person |[TE][A-Z0-9]*/)([UW][A-Z0-9]*)"), "<@{}>"),
    (re.compile(r"([UW][A-Z0-9]*)"), "<@{}>"),
    (re.compile(r"group (S[A-Z0-9]*)"), "<!subteam^{}>"),
    (re.compile(r"channel ([CG][A-Z0-9]*)"), "everyone in <#{}>"),
    (re.compile(r"([CG][A-Z0-9]*)"), "<#{}>"),
    (re.compile(r"(\*)"), "all other channels"),
)


def sentence(action: str, target: str) -> str:
    """What was done, without who did it."""
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
