"""Errors of storage."""

from __future__ import annotations


class StorageError(Exception):
    """Anything of the database or the vault. The message names the next step."""


class BadUrl(StorageError):
    """DATABASE_URL is neither sqlite:///… nor postgresql://…"""


class NoDatabase(StorageError):
    """There is no such SQLite file. What only reads a database does not make one."""


class Unreachable(StorageError):
    """The database cannot be opened or does not answer. Safe to try again later."""


class Taken(StorageError):
    """Another row has what may be there only once. Nothing was changed; choose another."""


class NotMigrated(StorageError):
    """The tables are older than this program. `python -m bot migrate` brings them up."""


class Held(StorageError):
    """Others hold a table that has to be changed. Nothing was changed; safe to try again."""


class TooNew(StorageError):
    """The tables are newer than this program: a later version has migrated them."""


class Different(StorageError):
    """A copy is not what it was copied from."""


class NotEmpty(StorageError):
    """A database that is to be written whole holds something already."""


class BadKeys(StorageError):
    """SECRET_KEYS is missing or holds something that is no Fernet key."""


class Sealed(StorageError):
    """
    A secret was sealed with a key that SECRET_KEYS does not hold.

    Put the old key back after the new one, or link the account again.
    """


class LostClaim(StorageError):
    """Another worker has this row now, for the claim lapsed. Stop, and leave it to them."""


class ChainBroken(StorageError):
    """The audit cannot be gone on with, so nothing is changed: `python -m bot audit verify`."""
