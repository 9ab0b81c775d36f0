"""
How often a secret may be tried on the bot's pages, over all links and all processes.

By person, because a page is bound to one; and by login, because many people could try one
together. Not by address: behind a proxy everyone has the same.
"""

from __future__ import annotations

import hashlib

from handlers import Person
from storage import Store

MOST = 20
"""Wrong secrets of one person, and for one login, before the pages are closed to them."""
WINDOW_S = 3600.0


def closed(store: Store, person: Person, login: str = "") -> bool:
    """
    Return whether too many wrong secrets were tried in the last hour.

    Args:
        login: name of the cloud login that the secret belongs to; "" for none.
    """
    return any(store.once.count(key, WINDOW_S, 0) >= MOST for key in _keys(person, login))


def failed(store: Store, person: Person, login: str = "") -> None:
    """Count one more wrong secret, of the person and of the login."""
    for key in _keys(person, login):
        store.once.count(key, WINDOW_S)


def _keys(person: Person, login: str) -> list[str]:
    """The login is a name, which need not stand in a table in clear."""
    keys = [f"secret {person.actor}"]
    if login:
        keys.append(f"secret {hashlib.sha256(login.encode()).hexdigest()}")
    return keys
