"""What people have been told of invitations, do not want to hear of, and accept unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from storage import (
    AUTO_ACCEPT_JOB,
    Account,
    Contact,
    Invitation,
    Mute,
    Slot,
    SlotState,
    Snooze,
    State,
    Store,
    fingerprint,
    invitation_key,
)
from tests import taking
from tests.storage.conftest import Link
from tests.storage.fixtures import START, HandClock


def invited(store: Store, account: Account, image_id: str = "i1") -> Invitation:
    """As a look at the cloud leaves it."""
    invitation = Invitation(account.id, "DFW", image_id, "web", "9", 5, START)
    store.invitations.begin(invitation)
    found = store.invitations.find(account.id, "DFW", image_id)
    assert found is not None
    return found


def test_a_telling_is_news_once_a_person_and_state(store: Store, link: Link) -> None:
    invitation = invited(store, link())

    assert store.delivered.note("T1", "U1", invitation)
    assert not store.delivered.note("T1", "U1", invitation)
    assert store.delivered.note("T1", "U2", invitation)
    assert store.delivered.note("T1", "U1", replace(invitation, state=State.ACCEPTED))
    assert store.delivered.of("T1", "U1")[invitation_key(invitation)].state == State.ACCEPTED


def test_an_invitation_made_anew_is_news(store: Store, link: Link) -> None:
    invitation = invited(store, link())
    store.delivered.note("T1", "U1", invitation)

    assert store.delivered.note(
        "T1", "U1", replace(invitation, first_seen=START + timedelta(days=1))
    )


def test_only_those_are_missing_who_were_not_told(store: Store, link: Link) -> None:
    mine, colleagues = link("U1"), link("U2")
    first = invited(store, mine)
    invited(store, colleagues)
    assert taking.missing(store) == [("T1", "U1"), ("T1", "U2")]

    store.delivered.note("T1", "U1", first)

    assert taking.missing(store) == [("T1", "U2")]


def test_what_was_answered_is_missing_only_if_a_job_answered_it(store: Store, link: Link) -> None:
    account = link()
    for image_id, by in (("i1", "T1/U1"), ("i2", None), ("i3", AUTO_ACCEPT_JOB)):
        invited(store, account, image_id)
        store.invitations.answered(account.id, "DFW", image_id, State.ACCEPTED, by, START)
        expected = [("T1", "U1")] if by == AUTO_ACCEPT_JOB else []
        assert taking.missing(store) == expected


def test_a_snooze_lasts_until_its_time_and_ends_once(
    store: Store, link: Link, clock: HandClock
) -> None:
    invitation = invited(store, link())
    store.delivered.note("T1", "U1", invitation)
    until = START + timedelta(days=1)
    store.snoozes.put("T1", "U1", invitation, until)

    assert store.snoozes.of("T1", "U1") == {
        invitation_key(invitation): Snooze(until, fingerprint(invitation))
    }
    assert taking.missing(store) == []
    clock.advance(days=1)
    assert taking.missing(store) == [("T1", "U1")]
    assert store.snoozes.end("T1", "U1", invitation_key(invitation))
    assert not store.snoozes.end("T1", "U1", invitation_key(invitation))
    assert taking.missing(store) == []


def test_a_snooze_without_an_end_knows_what_it_was_of(store: Store, link: Link) -> None:
    invitation = invited(store, link())

    store.snoozes.put("T1", "U1", invitation, None)

    [snooze] = store.snoozes.of("T1", "U1").values()
    assert snooze == Snooze(None, fingerprint(invitation))
    assert snooze.seen != fingerprint(replace(invitation, size=6))
    assert snooze.seen != fingerprint(replace(invitation, first_seen=START + timedelta(days=1)))


def test_a_producer_is_muted_by_each_for_themself(store: Store) -> None:
    assert store.snoozes.mute("T1", "U1", "https://c", "9")
    assert not store.snoozes.mute("T1", "U1", "https://c", "9")

    assert store.snoozes.muted("T1", "U1") == [Mute("https://c", "9", START)]
    assert store.snoozes.muted("T1", "U2") == []
    assert store.snoozes.unmute("T1", "U1", "https://c", "9")
    assert not store.snoozes.unmute("T1", "U1", "https://c", "9")


def test_trust_is_the_first_one_s_and_ends_with_their_login(store: Store, link: Link) -> None:
    mine, colleagues = link("U1"), link("U2")
    assert store.trusted.put(mine.key, "9", mine.id, "U1")
    assert not store.trusted.put(mine.key, "9", colleagues.id, "U2")
    [trust] = store.trusted.of(mine.key)
    assert (trust.producer, trust.user_id, trust.account_id) == ("9", "U1", mine.id)

    store.accounts.unlink(mine.id)

    assert store.trusted.of(colleagues.key) == []
    assert not store.trusted.end(colleagues.key, "9")


def test_an_account_has_one_second_contact(store: Store, link: Link) -> None:
    key = link().key
    store.contacts.put(key, "U2", 5, "U1")
    store.contacts.put(key, "U3", 7, "U1")

    assert store.contacts._table.find() == [Contact(key, "U3", 7, "U1")]
    assert store.contacts.forget(key)
    assert store.contacts.of(key) is None
    assert not store.contacts.forget(key)


def test_an_invitation_made_here_is_known_before_the_cloud_is_asked(
    store: Store, link: Link, clock: HandClock
) -> None:
    """A look that began before it cannot know of it, and must not take it for withdrawn."""
    account = link()
    began: datetime = clock()
    clock.advance(seconds=1)
    invitation = invited(store, account)
    assert not store.invitations.begin(invitation)

    store.invitations.settle(account.id, "DFW", [], asked_at=began)

    assert [each.image_id for each in store.invitations.pending(account.id)] == ["i1"]
    assert not store.invitations.begin(replace(invitation, account_id="nobody's"))


def test_of_several_who_tell_the_same_at_once_one_does(store: Store, link: Link) -> None:
    """As a digest and a notice do: a slot is settled, each part is noted, and then it is put."""
    account = link()
    news = [invited(store, account, f"i{number}") for number in range(5)]
    slot = Slot("2026-03-02 09:00", START)

    def tell(worker: int) -> bool:
        try:
            with store.together():
                if worker % 2 and not store.digests.settle("T1", "U1", "", slot, SlotState.SENT):
                    raise KeyError
                if not all(store.delivered.note("T1", "U1", each) for each in news):
                    raise KeyError
                store.outbox.put(team_id="T1", user_id="U1", text="news")
        except KeyError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(tell, range(8)))

    assert (told.count(True), store.outbox.waiting()) == (1, 1)


def test_what_is_written_together_is_written_wholly_or_not_at_all(store: Store, link: Link) -> None:
    invitation = invited(store, link())

    try:
        with store.together():
            store.delivered.note("T1", "U1", invitation)
            store.outbox.put(team_id="T1", user_id="U1", text="hello")
            raise KeyError
    except KeyError:
        pass

    assert (store.delivered.of("T1", "U1"), store.outbox.waiting()) == ({}, 0)
