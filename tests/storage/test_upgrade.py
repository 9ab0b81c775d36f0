"""
A database that version 0.1 has written is read, whole, by today's code.

See `tests.storage.version_0_1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from storage import (
    ALL_ACCOUNTS,
    Account,
    Contact,
    Decision,
    Guarded,
    Mode,
    Mute,
    Policy,
    Preference,
    Role,
    Rule,
    SlotState,
    State,
    Store,
)
from tests import taking
from tests.storage import asking
from tests.storage.fixtures import START, HandClock
from tests.storage.version_0_1 import DATA, KEY, load

DAY = timedelta(days=1)


@pytest.fixture
def old(database_url: str, clock: HandClock) -> Iterator[Store]:
    load(database_url)
    store = Store.open(database_url, [KEY], clock)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def account(old: Store) -> Account:
    [account] = old.accounts.all()
    return account


def test_the_dumps_hold_a_row_of_every_table(old: Store) -> None:
    text = (DATA / "version_0_1.sqlite.sql").read_text()
    tables = re.findall(r"^CREATE TABLE (\w+)", text, re.MULTILINE)

    empty = [each for each in tables if not old._db.rows(f"select 1 from {each}")]  # noqa: S608

    assert (len(tables) > 25, empty) == (True, [])
    assert old.ready()


def test_links_and_people_are_read(old: Store, account: Account) -> None:
    assert (account.cloud, account.regions, account.region, account.trouble) == (
        "https://identity.example.com",
        ("DFW", "ORD"),
        "ORD",
        {"ORD": "Unavailable"},
    )
    assert old.accounts.credentials(account.id) == {"api_key": "s3cret"}
    [person] = old.people.all()
    assert (person.time_zone, person.dm_channel) == ("Europe/Vienna", "D1")
    assert old.people.resume("T1", "U1") == "user_disabled"
    assert old.installations.find("T1", "E1") == {"bot_token": "xoxb-old"}
    assert old.once.redeem("link", "old-token") == {"user": "U1"}
    key = old.signing_keys.get("https://store.example.com/v1/123")
    assert key
    assert (key.slot, key.key, key.used_until) == (1, "signing-key", START + DAY)


def test_roles_policies_and_approvals_are_read(old: Store, account: Account) -> None:
    [grant] = old.rights.of_account(account.key)
    assert (grant.subject, grant.role, grant.account_id) == ("U2", Role.OPERATOR, account.id)
    assert old.rights.ceilings("T1") == {account.key: {"C1": Role.VIEWER}}
    assert old.rights.borrowed("T1", "U2") == {account.id: ("DFW", START)}
    assert old.policies.of(account.key) == Policy(
        {Guarded.SHARE: Rule.OUTSIDE}, people=2, reason=True, channel_id="C9", hours=4, strict=True
    )
    [approval] = old.approvals.waiting("T1")
    assert (approval.key, approval.request) == (
        account.key,
        {"verb": "delete", "words": ["i1"]},
    )
    assert [(vote.user_id, vote.reason) for vote in approval.votes] == [("U3", "fine")]
    _, counted = old.approvals.vote(approval.id, "U4", Decision.APPROVE, "")
    assert counted
    assert [each.id for each in asking.begun(old.approvals)] == [approval.id]


def test_invitations_and_shares_are_read(old: Store, account: Account) -> None:
    known = {each.image_id: each for each in old.invitations.of(account.id)}
    assert {name: each.state for name, each in known.items()} == {
        "i1": State.PENDING,
        "i2": State.ACCEPTED,
    }
    assert (known["i2"].answered_by, known["i1"].first_seen) == ("T1/U1", START)
    place = (account.id, "DFW", "i1")
    assert old.delivered.of("T1", "U1")[place].state == State.PENDING
    assert old.snoozes.of("T1", "U1")[place].until == START + 2 * DAY
    cloud = account.cloud
    assert old.snoozes.muted("T1", "U1") == [Mute(cloud, "888", START)]
    assert [each.producer for each in old.trusted.of(account.key)] == ["777"]
    assert old.contacts._table.find() == [Contact(account.key, "U4", 5, "U1")]
    [name] = old.names.of("T1", cloud)
    assert (name.number, name.nickname) == ("999", "Acme")
    [share] = old.shares._table.find()
    assert (share.number, share.status, share.shared_at) == ("999", "pending", START)
    expiry = old.expiries.of_image(account, "DFW", "i1")["999"]
    assert (expiry.span, expiry.ends_at, expiry.because) == (4 * DAY, START + 4 * DAY, "a test")


def test_messages_and_transfers_are_read(old: Store, account: Account) -> None:
    [notice] = taking.notices(old)
    assert (notice.channel, notice.text, notice.blocks) == ("C1", "hello", [{"type": "divider"}])
    [card] = taking.cards(old)
    assert (card.key, card.text) == ("card 1", "card")
    assert not old.outbox.put(team_id="T1", user_id="U2", text="again", dedupe_key="k")
    assert old.preferences.of("T1", "U1") == {
        ALL_ACCOUNTS: Preference(
            mode=Mode.INSTANT,
            days=(0, 2),
            times=("08:00", "16:00"),
            quiet_from="20:00",
            quiet_to="06:00",
            regions=("DFW",),
            paused_until=START + DAY,
        )
    }
    slot = old.digests.last("T1", "U1", ALL_ACCOUNTS)
    assert slot
    assert (slot.slot, slot.state) == ("2026-03-02 09:00", SlotState.SENT)
    [transfer] = old.transfers.claims.claim(5)
    assert (transfer.account_id, transfer.plan) == (account.id, {"container": "exports"})
    assert [(day.images, day.size) for day in old.figures.of([account.id])] == [(3, 7)]


def test_the_record_is_whole_and_goes_on(old: Store) -> None:
    [row] = old.audit.recent()
    assert (row.actor, row.outcome, row.after) == ("T1/U1", "done", {"number": "999"})
    with old.audit.entry("T1/U1", "image.unshare", "i1"):
        pass

    assert (old.audit.verify().rows, old.audit.verify().broken) == (4, "")
