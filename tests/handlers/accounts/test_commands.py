"""Which account one works with, and giving one back."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from handlers import Person, Services
from handlers.core.secret_detection import looks_like_key
from sandbox.cloud import CloudStandIn
from storage import Account, Kind
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock


@pytest.fixture
def both(link: Callable[..., Account]) -> Person:
    """Someone with two accounts, the producer's linked last."""
    person = Person("T1", "U7")
    link(person, CONSUMER_A, "Consumer A")
    link(person, PRODUCER, "Producer")
    return person


def test_accounts_lists_them_the_one_in_use_first(talk: Talk, both: Person) -> None:
    shown = talk.say(both, "accounts")

    text = read(shown)
    assert text.startswith("You can use 2 accounts.")
    assert text.index(PRODUCER) < text.index(CONSUMER_A)
    assert text.count("in use") == 1
    assert labels(shown) == ["Use"]


def test_use_changes_what_is_worked_with(
    talk: Talk, both: Person, services: Services, clock: HandClock
) -> None:
    clock.advance(minutes=1)
    by_number = talk.say(both, f"use {CONSUMER_A} ord")
    shown = talk.say(both, "accounts")
    clock.advance(minutes=1)
    by_button = talk.press(both, shown, "Use")

    assert by_number.text.startswith(
        f"Account `{CONSUMER_A}` (`Consumer A`) is now in use, in ORD only."
    )
    assert by_button.text.startswith(f"Account `{PRODUCER}`")
    assert [each.region for each in services.accounts_of(both)] == [None, "ORD"]
    clock.advance(minutes=1)
    talk.say(both, f"use {CONSUMER_A} all")
    assert services.current_account(both).region is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("use", "Usage: `/images use ACCOUNT [REGION|all]`"),
        ("use 999", "You have not linked an account `999`"),
        (f"use {PRODUCER} LON", "Your account has no region `LON`"),
        ("unlink", f"`{PRODUCER}` and `{CONSUMER_A}`. Name one"),
        ("unlink 999", "You have not linked an account `999`"),
        ("accounts all", "Usage: `/images accounts`"),
    ],
)
def test_what_is_not_clear_is_said(talk: Talk, both: Person, text: str, said: str) -> None:
    assert said in talk.say(both, text).text


def test_unlink_asks_and_then_ends_the_login_and_forgets_the_secret(
    talk: Talk, producer: Person, services: Services, cloud: CloudStandIn
) -> None:
    cloud.add_image(PRODUCER, name="web")
    talk.say(producer, "show web")
    tokens = len(cloud.state.tokens)
    asked = talk.say(producer, "unlink")
    before = services.store.accounts.all()

    said = talk.press(producer, asked, "Unlink")

    assert (len(before), services.store.accounts.all()) == (1, [])
    assert len(cloud.state.tokens) == tokens - 1
    assert said.text == (
        f"Unlinked account `{PRODUCER}` (`Producer`) and deleted its stored password or key."
    )
    [row] = services.store.audit.recent()
    assert (row.action, row.account, row.outcome) == ("account.unlink", PRODUCER, "done")


def test_unlink_says_what_would_fail_and_cancel_changes_nothing(
    talk: Talk, producer: Person, services: Services
) -> None:
    [account] = services.accounts_of(producer)
    services.store.transfers.begin(
        click="c",
        key="k",
        kind=Kind.EXPORT,
        team_id="T1",
        user_id="U1",
        account_id=account.id,
        account=PRODUCER,
        region="DFW",
        title="web",
        plan={},
    )

    asked = talk.say(producer, f"unlink {PRODUCER}")
    said = talk.press(producer, asked, "Cancel")

    assert "1 running transfer will fail" in read(asked)
    assert said.text == f"Cancelled: account `{PRODUCER}` (`Producer`) is still linked."
    assert services.accounts_of(producer) == [account]


def test_somebody_else_s_button_unlinks_nothing(
    talk: Talk, producer: Person, consumer: Person, services: Services
) -> None:
    asked = talk.say(producer, "unlink")

    said = talk.press(consumer, asked, "Unlink")

    assert said.note
    assert len(services.store.accounts.all()) == 2


KEYS = (
    "link api_key=0123456789abcdef0123456789abcdef",
    "link --password: hunter2",
    "my secret = x",
    "xoxb-1234567890-abcdef",
    "gAAAAABkqwertyuiopasdfghjklzxcvbnm",
    "share web " + "aB3" * 25,
    "-----BEGIN RSA PRIVATE KEY-----",
)
NO_KEYS = (
    "share web 0123456789abcdef0123456789abcdef",
    f"update web sha512={'0a' * 64}",
    "show 126a6674-6308-421f-801e-fc302ab4f53f",
    "list key secret words",
    'import "exports/the secret garden.vhd" garden',
)


@pytest.mark.parametrize("text", KEYS)
def test_what_looks_like_a_key_is_refused_and_not_logged(
    talk: Talk, producer: Person, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level(logging.DEBUG)

    said = talk.say(producer, text)

    assert said.text.startswith("That looks like a password or a key")
    assert text[:8] not in caplog.text


@pytest.mark.parametrize("text", NO_KEYS)
def test_numbers_checksums_and_words_are_no_keys(text: str) -> None:
    assert not looks_like_key(text)


def test_what_somebody_invents_is_not_logged(
    talk: Talk, producer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    talk.say(producer, "hunter2")

    assert "hunter2" not in caplog.text
