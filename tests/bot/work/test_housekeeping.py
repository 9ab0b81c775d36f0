"""Housekeeping deletes what is of no more use."""

from __future__ import annotations

from collections.abc import Callable

from bot.wiring import Runtime
from bot.work import housekeeping
from sandbox.slack import TEAM_ID
from storage import Account, Invitation, Kind, TransferState
from tests import taking
from tests.bot.people import CONSUMER_A
from tests.storage.asking import ask
from tests.storage.fixtures import HandClock


def test_housekeeping_forgets_what_has_lapsed_and_what_was_said_long_ago(
    runtime: Runtime, clock: HandClock
) -> None:
    outbox = runtime.store.outbox
    token = runtime.store.once.issue("link", {}, seconds=60)
    outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="said", dedupe_key="said")
    [said] = taking.notices(runtime.store)
    taking.sent(runtime.store, said.id)
    outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="waiting", dedupe_key="waiting")
    clock.advance(days=31)

    housekeeping.run(runtime)

    assert runtime.store.once.redeem("link", token) is None
    assert outbox.waiting() == 1
    assert outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="said", dedupe_key="said")
    assert not outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="w", dedupe_key="waiting")


def test_housekeeping_forgets_cards_after_a_month_and_transfers_after_half_a_year(
    runtime: Runtime, clock: HandClock
) -> None:
    cards, transfers = runtime.store.cards, runtime.store.transfers
    cards.draw(key="old", team_id=TEAM_ID, user_id=CONSUMER_A, text="old", blocks=[])
    transfer, _ = transfers.begin(
        click="c",
        key="k",
        kind=Kind.EXPORT,
        team_id=TEAM_ID,
        user_id=CONSUMER_A,
        account_id="a",
        account="1",
        region="DFW",
        title="web",
        plan={},
    )
    [claimed] = transfers.claims.claim(1)
    transfers.end(claimed, TransferState.DONE)

    clock.advance(days=31)
    housekeeping.run(runtime)
    after_a_month = (taking.undrawn(runtime.store), transfers.get(transfer.id) is not None)
    clock.advance(days=150)
    housekeeping.run(runtime)

    assert after_a_month == (0, True)
    assert transfers.get(transfer.id) is None


def test_housekeeping_forgets_what_was_decided_after_a_season_and_figures_after_a_year(
    runtime: Runtime, link: Callable[..., Account], clock: HandClock
) -> None:
    store, account = runtime.store, link(CONSUMER_A)
    approval, _ = ask(store, account_id=account.id)
    store.approvals.withdraw(approval.id, approval.user_id)
    begun = Invitation(account.id, "DFW", "i1", "web", "9", 5, clock())
    store.invitations.begin(begun)
    store.delivered.note(TEAM_ID, CONSUMER_A, begun)
    store.invitations.answered(account.id, "DFW", "i1", "rejected", None, clock())
    store.figures.put(account.id, "DFW", 1, 5)

    kept = []
    for days in (89, 2, 308, 2):
        clock.advance(days=days)
        housekeeping.run(runtime)
        kept.append(
            (
                store.approvals.get(approval.id) is not None,
                len(store.invitations.of(account.id)),
                len(store.delivered.of(TEAM_ID, CONSUMER_A)),
                len(store.figures.of([account.id])),
            )
        )

    assert kept == [(True, 1, 1, 1), (False, 0, 0, 1), (False, 0, 0, 1), (False, 0, 0, 0)]
