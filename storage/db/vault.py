"""Encrypt secrets at rest: the database's are useless without SECRET_KEYS."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import BadKeys, Sealed


def new_key() -> str:
    """A fresh key for SECRET_KEYS."""
    return Fernet.generate_key().decode()


class Vault:
    """
    Seals with the first key, opens with any.

    Raises:
        BadKeys: no key, or one that is not 32 bytes in URL-safe base64.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKeys("SECRET_KEYS is empty: make a key with `python -m bot key`")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise BadKeys(
                "SECRET_KEYS holds something that is not a Fernet key: "
                "make one with `python -m bot key`"
            ) from None

    def seal(self, secret: Mapping[str, Any]) -> str:
        return self._fernet.encrypt(json.dumps(dict(secret)).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """
        Raises:
            Sealed: none of the keys opens it.
        """
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise Sealed(
                "sealed with a key that SECRET_KEYS does not hold: put the old key back, after "
                "the new one"
            ) from None
        return opened

    def reseal(self, sealed: str) -> str:
        """The same secret under the newest key."""
        try:
            return self._fernet.rotate(sealed).decode()
        except InvalidToken:
            raise Sealed("sealed with a key that SECRET_KEYS does not hold") from None
