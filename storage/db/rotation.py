"""Encrypt stored secrets with a new key."""

from __future__ import annotations

from storage.db.database import Database
from storage.db.vault import Vault
from storage.errors import Sealed


def reseal(db: Database, vault: Vault, table: str, column: str) -> int:
    """
    Seal a whole column with the newest key, and count what was sealed.

    No two encrypted texts are equal, so each is found again by its text; one that was
    replaced meanwhile is not, and has the newest key already.

    Raises:
        Sealed: no key opens some of them; all others are done.
    """
    olds = [row[column] for row in db.rows(f"select {column} from {table}")]  # noqa: S608 - our words
    lost = sum(not _resealed(db, vault, table, column, old) for old in olds)
    if lost:
        raise Sealed(
            f"{lost} of {len(olds)} {table} are sealed with a key that SECRET_KEYS does not hold: "
            "put the old key back, after the new one, or have them linked again"
        )
    return len(olds)


def _resealed(db: Database, vault: Vault, table: str, column: str, old: str) -> bool:
    try:
        new = vault.reseal(old)
    except Sealed:
        return False
    db.execute(
        f"update {table} set {column} = :new where {column} = :old",  # noqa: S608
        {"new": new, "old": old},
    )
    return True
