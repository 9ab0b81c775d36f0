"""Delete the data of a person who has left, except what others rely on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storage.db.database import Database
from storage.work import step_runs

_THEIRS = "team_id = :team and user_id = :user"
OWN = {
    "votes": "user_id = :user and approval_id in (select id from approvals where team_id = :team)",
    "grants": "team_id = :team and kind = 'person' and subject = :user",
    "conversations": "team_id = :team and place = :user",
    "display_subjects": """display_id in (select id from displays where team_id = :team
                           and user_id = :user) or subject = 'person ' || :team || ' ' || :user""",
    "subject_changes": "subject = 'person ' || :team || ' ' || :user",
    **dict.fromkeys(
        (
            *("outbox", "cards", "transfers", "approvals", "preferences", "slots", "digests"),
            *(
                "digest_schedules",
                "told",
                "news",
                "snoozes",
                "mutes",
                "contacts",
                "borrowed",
                "shares",
                "expiries",
            ),
            *("displays", "proved_admins", "name_uses", "accounts", "people"),
        ),
        _THEIRS,
    ),
}
"""
Which rows are a person's own, by table; those that refer to others come first.

What they decided for an account stays (roles, policies, names, what is accepted automatically),
and so does the audit: others rely on it, and have to be able to see who it was.
"""

STARTER_FORGOTTEN = "The bot deleted the data of the person who started this workflow."
"""Why a step of theirs fails, as Slack shows it."""

_HAND_OVER = """
    update {table} set account_id = o.id, user_id = o.user_id
    from accounts a, accounts o
    where {table}.account_id = a.id and a.team_id = :team and a.user_id = :user
      and o.team_id = a.team_id and o.cloud = a.cloud and o.project_id = a.project_id
      and o.id = (select min(id) from accounts x
                  where x.team_id = a.team_id and x.cloud = a.cloud
                    and x.project_id = a.project_id and x.user_id <> a.user_id)"""


def hand_over(db: Database, team_id: str, user_id: str) -> int:
    """
    Pass timed shares, and shares with cards, to another person who has linked the account.

    Returns:
        How many timed shares were passed on.
    """
    who = {"team": team_id, "user": user_id}
    db.execute(_HAND_OVER.format(table="shares"), who)
    return db.execute(_HAND_OVER.format(table="expiries"), who)


def forget(db: Database, team_id: str, user_id: str, now: datetime) -> Mapping[str, int]:
    """
    Delete a person's rows, in the transaction of the caller; how many, by table.

    Steps of workflows that they started would stay open in Slack, so these fail first.
    """
    who = {"team": team_id, "user": user_id}
    steps = step_runs.fail_all(db, now, STARTER_FORGOTTEN, team_id=team_id, user_id=user_id)
    counts = {name: db.execute(f"delete from {name} where {own}", who) for name, own in OWN.items()}  # noqa: S608 - our own words
    return {table: rows for table, rows in {"step_runs": steps, **counts}.items() if rows}
