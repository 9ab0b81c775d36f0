"""
Limits on wrong secrets on the bot's pages, over all links and all processes.

By person, because a page is bound to one; by login, as the cloud tells logins apart, because many
people could try one together; and by account. Not by address: behind a proxy everyone has the same.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

from cloud import Credentials
from handlers import Person
from storage import AccountKey, Store

MOST = 20
"""Wrong secrets of one person, or for one login or account, before the pages are closed to it."""
WINDOW_S = 3600.0
_NAMES = ("application_credential_id", "username", "user_id")
"""The options that name a login, but for its domain."""
_DOMAINS = ("user_domain_name", "user_domain_id")


def closed(store: Store, person: Person, *what: str) -> bool:
    """
    Return whether too many wrong secrets were tried in the last hour.

    Args:
        what: the login that the secret belongs to, or the account; "" for none.
    """
    return any(store.once.count(key, WINDOW_S, 0) >= MOST for key in _keys(person, what))


def failed(store: Store, person: Person, *what: str) -> None:
    """Count one more wrong secret, of the person and of what they try."""
    for key in _keys(person, what):
        store.once.count(key, WINDOW_S)


def login(credentials: Credentials) -> str:
    """
    A login, the same for all that its cloud takes for the same: clouds ignore capitals, accents and
    white space in names. What it is not named by, such as its project, does not matter.
    """
    options = credentials.options
    named = [options[name] for name in _NAMES if name in options][:1]
    domain = [options[name] for name in _DOMAINS if name in options][:1] or ["default"]
    by_id = "application_credential_id" in options
    return " ".join(map(_folded, [credentials.token_url, *named, *([] if by_id else domain)]))


def account(key: AccountKey) -> str:
    """Return the key of a cloud account, the same for everybody who has linked it."""
    return f"account {key.cloud} {key.project_id}"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not (unicodedata.combining(c) or c.isspace()))


def _keys(person: Person, what: Sequence[str]) -> list[str]:
    """Return hashed keys, because logins are names that no table should have in clear."""
    return [f"secret {person.actor}", *(f"secret {_hashed(each)}" for each in what if each)]


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
