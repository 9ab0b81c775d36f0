"""Keys of temporary URLs: ours is set and changed, and nobody else's touched."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from cloud import ObjectStore
from handlers import Person, Services
from handlers.core.errors import MissingRole
from handlers.transfers import temp_url_keys
from handlers.transfers.errors import KeysTaken
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import PRODUCER
from tests.storage.fixtures import HandClock

OTHERS = "a-key-of-somebody-else"


class Signer:
    """Someone whose account has the object `exports/web.vhd`."""

    def __init__(self, services: Services, account: Account) -> None:
        self._services = services
        self._account = account

    @property
    def store(self) -> ObjectStore:
        return self._services.connection(self._account).object_store("DFW")

    @property
    def keys(self) -> tuple[str, str]:
        return self.store.signing_keys()

    def url(self, **life: float) -> str:
        until = self._services.clock() + timedelta(**(life or {"hours": 1}))
        return temp_url_keys.temporary_url(
            self._account, "DFW", "exports", "web.vhd", until, self._services
        )


def read(url: str) -> bytes:
    with urlopen(url) as answer:  # noqa: S310 - of the stand-in
        return bytes(answer.read())


@pytest.fixture
def signer(services: Services, cloud: CloudStandIn, producer: Person, clock: HandClock) -> Signer:
    cloud.state.clock = clock
    cloud.add_object(PRODUCER, "exports", "web.vhd", b"disk", "DFW")
    return Signer(services, services.current_account(producer))


def test_the_second_slot_gets_our_key_and_the_url_reads_the_object(signer: Signer) -> None:
    assert read(signer.url()) == b"disk"

    first, second = signer.keys
    assert first == ""
    assert len(second) == 64


def test_the_url_ends_when_it_was_said_to(signer: Signer, clock: HandClock) -> None:
    url = signer.url(hours=1)
    clock.advance(minutes=59)
    assert read(url) == b"disk"

    clock.advance(minutes=2)

    with pytest.raises(HTTPError, match="401"):
        read(url)


def test_one_key_serves_for_all_urls(signer: Signer) -> None:
    first = signer.url()
    held = signer.keys

    second = signer.url(hours=2)

    assert signer.keys == held
    assert [read(url) for url in (first, second)] == [b"disk", b"disk"]


def test_keys_of_others_stay_and_the_other_slot_is_taken(signer: Signer) -> None:
    signer.store.set_signing_key(2, OTHERS)

    assert read(signer.url()) == b"disk"

    first, second = signer.keys
    assert second == OTHERS
    assert len(first) == 64


def test_no_key_is_changed_when_both_are_somebody_elses(signer: Signer) -> None:
    for slot in (1, 2):
        signer.store.set_signing_key(slot, OTHERS)

    with pytest.raises(KeysTaken):
        signer.url()

    assert signer.keys == (OTHERS, OTHERS)


def test_a_key_that_was_ours_and_is_not_any_more_is_not_changed_back(signer: Signer) -> None:
    signer.url()
    signer.store.set_signing_key(2, OTHERS)

    assert read(signer.url()) == b"disk"

    assert signer.keys[1] == OTHERS


def test_our_key_is_changed_after_30_days(signer: Signer, clock: HandClock) -> None:
    signer.url()
    old = signer.keys
    clock.advance(days=29)
    signer.url()
    assert signer.keys == old

    clock.advance(days=2)

    assert read(signer.url()) == b"disk"
    assert signer.keys != old
    assert signer.keys[0] == ""


def test_it_is_not_changed_while_a_url_is_good_that_it_has_signed(
    signer: Signer, clock: HandClock
) -> None:
    signer.url()
    clock.advance(days=29, hours=23)
    long_lived = signer.url(days=2)
    clock.advance(days=1)

    signer.url()
    assert read(long_lived) == b"disk"

    held = signer.keys
    clock.advance(days=2)
    signer.url()
    assert signer.keys != held


def test_eight_at_once_set_one_key(signer: Signer) -> None:
    with ThreadPoolExecutor(8) as pool:
        urls = list(pool.map(lambda _: signer.url(), range(8)))

    assert [read(url) for url in urls] == [b"disk"] * 8
    assert signer.keys[0] == ""


def test_setting_it_is_on_record_without_the_key(signer: Signer, services: Services) -> None:
    signer.url()

    [row] = services.store.audit.recent()
    assert (row.actor, row.action, row.target, row.outcome) == (
        "T1/U1",
        "object_store.signing_key",
        "slot 2",
        "done",
    )
    assert signer.keys[1] not in str(row)


def test_a_login_that_may_only_look_sets_none(
    signer: Signer,
    cloud: CloudStandIn,
    services: Services,
    link: Callable[..., Account],
) -> None:
    cloud.add_account(
        PRODUCER, "Producer", "reader", password="made-up-password", roles=("reader",)
    )
    account = link(Person("T1", "U7"), PRODUCER, "Producer", user="reader")

    with pytest.raises(MissingRole, match="object-store:admin"):
        Signer(services, account).url()

    assert signer.keys == ("", "")
