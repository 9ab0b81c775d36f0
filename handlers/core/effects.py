"""
What each operation does to others: the table that `Services.authorize` reads.

A policy guards effects, not verbs: whatever takes an account's access is guarded by the same rule,
by whichever verb, button, form, undo or job it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage import Guarded


class Effect(StrEnum):
    """Effects of operations on others, as messages and documents name them."""

    GIVES_ACCESS = "gives access"
    GIVES_BACK = "gives back access"
    """To accounts that had access before: it undoes what took it away."""
    TAKES_ACCESS = "takes access away"
    STOPS_BOOTING = "stops booting"
    DATA_LEAVES = "data leaves"
    DESTROYS = "destroys"
    WIDENS = "lets more people in"
    """People of the account can see, decide or be notified of more than before."""
    LOOSENS = "loosens a guard"
    """Weakens the account's policy, or lets others change it."""


RULES: Mapping[Effect, tuple[Guarded, ...]] = {
    Effect.GIVES_ACCESS: (Guarded.SHARE,),
    Effect.GIVES_BACK: (Guarded.SHARE, Guarded.UNSHARE),
    Effect.TAKES_ACCESS: (Guarded.UNSHARE,),
    Effect.STOPS_BOOTING: (Guarded.UNSHARE,),
    Effect.DATA_LEAVES: (Guarded.EXPORT,),
    Effect.DESTROYS: (Guarded.DELETE,),
    Effect.WIDENS: (),
    Effect.LOOSENS: (),
}
"""By effect: the rules of a policy that guard it. What loosens is guarded by every rule."""
OF_ACCOUNT = frozenset({Effect.WIDENS, Effect.LOOSENS})


@dataclass(frozen=True)
class Row:
    """The effects of one operation."""

    always: frozenset[Effect] = frozenset()
    if_gains: frozenset[Effect] = frozenset()
    """Its effects if an account gains access by it."""
    if_loses: frozenset[Effect] = frozenset()
    """Its effects if an account loses access by it."""
    by_change: frozenset[Effect] = frozenset()
    """What its changes of single values may do: each change says what it does."""
    in_cloud: bool = True
    """Whether it changes something in the cloud, which strict accounts always confirm."""


def _row(
    *always: Effect,
    if_gains: Effect | None = None,
    if_loses: Effect | None = None,
    by_change: tuple[Effect, ...] = (),
    in_cloud: bool = True,
) -> Row:
    gains, losses = (frozenset([each] if each else []) for each in (if_gains, if_loses))
    return Row(frozenset(always), gains, losses, frozenset(by_change), in_cloud)


EFFECTS: Mapping[str, Row] = {
    "image.share": _row(Effect.GIVES_ACCESS),
    "image.extend": _row(Effect.GIVES_ACCESS),
    "image.unshare": _row(Effect.TAKES_ACCESS),
    "image.update": _row(
        by_change=(
            *(Effect.GIVES_ACCESS, Effect.GIVES_BACK, Effect.TAKES_ACCESS),
            Effect.STOPS_BOOTING,
        )
    ),
    "image.tag": _row(),
    "image.deactivate": _row(Effect.STOPS_BOOTING),
    "image.reactivate": _row(if_gains=Effect.GIVES_BACK),
    "image.delete": _row(Effect.DESTROYS, if_loses=Effect.TAKES_ACCESS),
    "image.export": _row(Effect.DATA_LEAVES),
    "object.link": _row(Effect.DATA_LEAVES),
    "image.import": _row(),
    "image.copy": _row(if_gains=Effect.GIVES_ACCESS),
    "server.snapshot": _row(),
    "server.launch": _row(),
    "invitation.accept": _row(),
    "invitation.reject": _row(),
    "invitation.reopen": _row(),
    "invitation.trust": _row(Effect.WIDENS, in_cloud=False),
    "account.policy": _row(by_change=(Effect.LOOSENS, Effect.WIDENS), in_cloud=False),
    "account.allow": _row(by_change=(Effect.LOOSENS, Effect.WIDENS), in_cloud=False),
    "account.limit": _row(by_change=(Effect.WIDENS,), in_cloud=False),
    "account.unlink": _row(by_change=(Effect.LOOSENS,), in_cloud=False),
    "account.contact": _row(by_change=(Effect.WIDENS,), in_cloud=False),
    "digest.set": _row(by_change=(Effect.WIDENS,), in_cloud=False),
}
"""By action, as the audit names it. What is not in it cannot be authorized."""
