"""The workspaces that have installed the app."""

from __future__ import annotations

from storage import Store
from tests.storage.fixtures import HandClock


def test_an_installation_is_found_by_its_workspace(store: Store) -> None:
    store.installations.save("T1", None, {"bot_token": "xoxb-1"})
    store.installations.save("T2", "E1", {"bot_token": "xoxb-2"})

    assert store.installations.find("T1", None) == {"bot_token": "xoxb-1"}
    assert store.installations.find("T2", "E1") == {"bot_token": "xoxb-2"}
    assert store.installations.find("T2", None) is None


def test_an_organisations_installation_has_no_workspace(store: Store) -> None:
    store.installations.save(None, "E1", {"bot_token": "xoxb"})

    assert store.installations.find(None, "E1") == {"bot_token": "xoxb"}
    assert store.installations.find_team("T1") is None


def test_a_workspace_is_found_whatever_organisation_it_has_joined(
    store: Store, clock: HandClock
) -> None:
    store.installations.save("T1", None, {"bot_token": "before"})
    clock.advance(days=1)
    store.installations.save("T1", "E1", {"bot_token": "after"})

    assert store.installations.find_team("T1") == {"bot_token": "after"}


def test_installed_again_the_newest_tokens_count(store: Store) -> None:
    store.installations.save("T1", None, {"bot_token": "old"})
    store.installations.save("T1", None, {"bot_token": "new"})

    assert store.installations.find("T1", None) == {"bot_token": "new"}


def test_an_uninstalled_workspace_is_forgotten_whatever_organisation_it_is_of(
    store: Store, clock: HandClock
) -> None:
    store.installations.save("T1", None, {"bot_token": "xoxb-1"})
    store.installations.save("T1", "E1", {"bot_token": "xoxb-1"})
    store.installations.save("T2", None, {"bot_token": "xoxb-2"})

    assert store.installations.forget_team("T1", clock.now) == 2

    assert store.installations.find_team("T1") is None
    assert store.installations.find("T2", None) == {"bot_token": "xoxb-2"}


def test_what_is_installed_since_is_kept(store: Store, clock: HandClock) -> None:
    store.installations.save("T1", None, {"bot_token": "old"})
    store.installations.save(None, "E1", {"bot_token": "old"})
    removed = clock.now
    clock.advance(minutes=1)
    store.installations.save("T1", "E1", {"bot_token": "new"})
    store.installations.save(None, "E2", {"bot_token": "new"})

    gone = store.installations.forget_team("T1", removed)
    kept = store.installations.forget_organisation("E2", removed)

    assert (gone, kept) == (1, 0)
    assert store.installations.find_team("T1") == {"bot_token": "new"}
    assert store.installations.forget_organisation("E1", removed) == 1
