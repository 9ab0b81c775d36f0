"""
A process of its own that works on a store, for the tests of what several do at once.

    python -m tests.storage.workers URL KEY TASK [NAME...]

It says `ready`, waits for a line, works, and prints what it got as JSON. The tasks that end
in nothing wait to be killed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from storage import Invitation, Kind, Slot, SlotState, Store, Transfer
from tests import taking
from tests.storage import asking, claiming, deciding, naming
from tests.storage.fixtures import START
from tests.waiting import PATIENCE_S

TOKEN = "install"


def contest(store: Store, names: Sequence[str]) -> dict[str, list[str]]:
    """Try for things that only one may have; which names were won, by kind."""
    kinds: dict[str, Callable[[str], bool]] = {
        "claim": lambda name: store.once.claim(name, 60),
        "slot": lambda name: _slot(store, name),
        "dedupe key": lambda name: bool(
            store.outbox.put(team_id="T1", user_id="U1", text="hello", dedupe_key=name)
        ),
        "resumed person": lambda name: store.people.resume("T1", name) is not None,
    }
    return {kind: [name for name in names if wins(name)] for kind, wins in kinds.items()}


def _slot(store: Store, name: str) -> bool:
    return store.digests.settle("T1", "U1", "", Slot(name, START), SlotState.SENT)


def redeem(store: Store, tokens: Sequence[str]) -> list[str]:
    """Spend tokens; which were good."""
    return [token for token in tokens if store.once.redeem(TOKEN, token) is not None]


def drain(store: Store, _: Sequence[str]) -> list[str]:
    """Claim until nothing is left, a few at a time."""
    claimed: list[str] = []
    while notices := taking.notices(store, limit=3):
        claimed += [notice.id for notice in notices]
    return claimed


def migrate(store: Store, _: Sequence[str]) -> list[str]:
    return store.migrate()


def look(store: Store, names: Sequence[str]) -> list[str]:
    """Settle the same list in the same place; which invitations were news."""
    [account_id, *image_ids] = names
    told = [Invitation(account_id, "DFW", id_, "web", "9", 5, START) for id_ in image_ids]
    return [each.image_id for each in store.invitations.settle(account_id, "DFW", told).new]


def write(store: Store, names: Sequence[str]) -> None:
    for name in names:
        store.people.seen("T1", name)


def claim_and_hang(store: Store, _: Sequence[str]) -> None:
    _say([notice.id for notice in taking.notices(store, limit=3)])
    sys.stdin.read()


def hold_and_hang(store: Store, names: Sequence[str]) -> None:
    _say([name for name in names if store.once.claim(name, 60)])
    sys.stdin.read()


def hang_half_way(store: Store, names: Sequence[str]) -> None:
    """Inside a transaction that has written these people."""
    with store._db.transaction():
        write(store, names)
        _say(names)
        sys.stdin.read()


def act_and_hang(store: Store, _: Sequence[str]) -> None:
    """Within what is on record as begun."""
    with store.audit.entry("T1/U1", "image.share", "web"):
        _say("begun")
        sys.stdin.read()


def record(store: Store, names: Sequence[str]) -> None:
    for name in names:
        with store.audit.entry("T1/U1", "image.share", name):
            pass


def transfer(store: Store, names: Sequence[str]) -> Any:
    """Which of these clicks began a transfer here, and which transfers were claimed here."""
    begun = [name for name in names if _export(store, name, name)[1]]
    claimed = []
    while taken := store.transfers.claims.claim(2):
        claimed += [each.id for each in taken]
    return {"begun": begun, "claimed": claimed}


def export(store: Store, names: Sequence[str]) -> list[tuple[str, bool]]:
    """Ask for an export of each, by a click of this process alone: its id, and if it is new."""
    begun = [_export(store, f"{name} {os.getpid()}", name) for name in names]
    return [(each.id, new) for each, new in begun]


def move_and_hang(store: Store, _: Sequence[str]) -> None:
    """Half way through the transfers that are due."""
    claimed = store.transfers.claims.claim(2)
    saved = [store.transfers.save(each, memory={"task_id": "t1"}) for each in claimed]
    _say([each.id for each in saved])
    sys.stdin.read()


def paint(store: Store, _: Sequence[str]) -> list[str]:
    """Claim and draw cards until none is due, a few at a time."""
    drawn: list[str] = []
    while cards := taking.cards(store, limit=3):
        for card in cards:
            store.cards.drawn(card, "D1", card.key)
        drawn += [card.key for card in cards]
    return drawn


def expire(store: Store, _: Sequence[str]) -> list[str]:
    """Claim and end shares until none is due, a few at a time."""
    ended: list[str] = []
    while due := store.expiries.claims.claim(limit=3):
        for expiry in due:
            store.expiries.done(expiry)
        ended += [expiry.number for expiry in due]
    return ended


TASKS: dict[str, Callable[[Store, Sequence[str]], Any]] = {
    task.__name__: task
    for task in (
        contest,
        redeem,
        drain,
        migrate,
        look,
        write,
        claim_and_hang,
        hold_and_hang,
        hang_half_way,
        act_and_hang,
        record,
        transfer,
        export,
        move_and_hang,
        paint,
        expire,
        asking.request,
        deciding.decide,
        claiming.win_spans,
        claiming.visit_places,
        naming.write_names,
    )
}


def main() -> None:
    url, key, task, *names = sys.argv[1:]
    _say("ready")
    sys.stdin.readline()
    store = Store.open(url, [key], lambda: START, timeout_s=PATIENCE_S)
    _say(TASKS[task](store, names))
    store.close()


def _export(store: Store, click: str, key: str) -> tuple[Transfer, bool]:
    return store.transfers.begin(
        click=click,
        key=key,
        kind=Kind.EXPORT,
        team_id="T1",
        user_id="U1",
        account_id="a",
        account="1",
        region="DFW",
        title="web",
        plan={},
    )


def _say(something: object) -> None:
    sys.stdout.write(json.dumps(something) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
