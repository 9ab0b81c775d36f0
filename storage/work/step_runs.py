"""Runs of workflow steps in progress, and those whose outcome Slack has not taken yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table


@dataclass(frozen=True)
class StepRun:
    """One run of a step, in a workflow that somebody has started."""

    id: str
    """Slack's id of it, `Fx…`."""
    step: str
    team_id: str
    user_id: str
    """Who started the workflow: it is done with their rights."""
    account_id: str
    """Their link to the producer's account."""
    cloud: str
    region: str
    image_id: str
    """"" until it is known which image the step is about."""
    image_name: str
    number: str
    """Account number of the consumer."""
    link: str
    """Where the conversation with the bot is, for people to follow."""
    created_at: datetime
    due_at: datetime
    """When to look next whether it can end, or when its outcome is sent to Slack next."""
    ended_at: datetime | None = None
    outputs: Mapping[str, Any] | None = None
    """Its outputs; None if it failed."""
    error: str = ""
    """Why it failed, for people to read."""
    attempts: int = field(default=0, compare=False)
    claim: str = field(default="", repr=False, compare=False)


class StepRuns:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(db, "step_runs", StepRun, key=("id",), order="created_at, id")
        self._clock = clock
        self.claims = Claims(db, clock, self._table, lane="team_id")

    def begin(self, run_id: str, step: str, team_id: str, user_id: str, link: str) -> bool:
        """Record that a step runs. False if it was recorded before: Slack may repeat the event."""
        return self._table.insert_or_ignore(
            id=run_id,
            step=step,
            team_id=team_id,
            user_id=user_id,
            account_id="",
            cloud="",
            region="",
            image_id="",
            image_name="",
            number="",
            link=link,
            created_at=self._clock(),
            due_at=self._clock(),
            error="",
        )

    def wait_for(
        self,
        run_id: str,
        *,
        account_id: str,
        cloud: str,
        region: str,
        image_id: str,
        image_name: str,
        number: str,
    ) -> None:
        """Note which share a run waits for, and have it be looked at now."""
        share = {
            "account_id": account_id,
            "cloud": cloud,
            "region": region,
            "image_id": image_id,
            "image_name": image_name,
            "number": number,
        }
        with self._db.alone():
            self._table.update(share, id=run_id)
            make_due(self._db, self._clock(), id=run_id)

    def get(self, run_id: str) -> StepRun | None:
        return self._table.get(id=run_id)

    def end(self, run_id: str, outputs: Mapping[str, str] | None, error: str = "") -> bool:
        """Record a run's outcome, whichever worker has claimed it. True for the first who does."""
        now = self._clock()
        with self._db.alone():
            make_due(self._db, now, id=run_id)
            return bool(
                self._db.execute(
                    """update step_runs set ended_at = :now, outputs = :outputs, error = :error
                       where id = :id and ended_at is null""",
                    {"id": run_id, "now": now, "outputs": outputs, "error": error},
                )
            )

    def end_claimed(
        self, run: StepRun, outputs: Mapping[str, str] | None, error: str = ""
    ) -> StepRun:
        """
        Record the outcome of a run, and keep its claim.

        Raises:
            storage.errors.LostClaim: it was ended meanwhile, or is to be looked at again.
        """
        return self.claims.save(run, ended_at=self._clock(), outputs=outputs, error=error)

    def since_end(self, run: StepRun) -> timedelta:
        """For how long its outcome has been known."""
        return self._clock() - (run.ended_at or self._clock())


def make_due(db: Database, now: datetime, **columns: str) -> None:
    """
    Within a transaction: have runs with these values that still wait be looked at now.

    A worker that has claimed one loses the claim: it has read the old state.
    """
    where = " and ".join(f"{each} = :{each}" for each in columns)
    if db.execute(
        f"""update step_runs set due_at = :now, claim = '', claimed_until = null, attempts = 0
            where ended_at is null and {where}""",  # noqa: S608 - our own words
        {**columns, "now": now},
    ):
        db.notify("step_runs")


def fail_all(db: Database, now: datetime, error: str, *, team_id: str, user_id: str) -> int:
    """
    Within a transaction: end a person's runs, and keep of them only what it takes to tell Slack.

    Returns:
        The number of their runs. Once Slack knows their outcome, they are deleted as all others.
    """
    who = {"team_id": team_id, "user_id": user_id}
    make_due(db, now, **who)
    db.execute(
        """update step_runs set ended_at = :now, error = :error
           where team_id = :team_id and user_id = :user_id and ended_at is null""",
        {**who, "now": now, "error": error},
    )
    return db.execute(
        """update step_runs set user_id = '', account_id = '', image_name = '', link = ''
           where team_id = :team_id and user_id = :user_id""",
        who,
    )
