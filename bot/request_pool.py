"""
The threads that answer people, in two lanes: requests that call no cloud have their own.

Which lane a request takes, its row in the routes says (`asks_cloud`). In each lane one person, and
where there are several workspaces one workspace, may have only a share of the threads and of the
queue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.pool import Bound, Key, Pool
from bot.settings import Settings
from handlers import Person

PERSON, WORKSPACE = "person", "workspace"


class RequestPool:
    """Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        shares = {PERSON: settings.person_share_percent}
        if settings.many_workspaces:
            shares[WORKSPACE] = settings.workspace_share_percent

        def lane(threads: int, name: str) -> Pool:
            bounds = {
                kind: Bound(_share(threads, percent), _share(settings.answer_queue, percent))
                for kind, percent in shares.items()
            }
            return Pool(threads, settings.answer_queue, name, bounds)

        self._cloud = lane(settings.answer_threads, "answer")
        self._quick = lane(settings.quick_threads, "quick")

    def take(
        self, task: Callable[[], None], person: Person | None = None, *, asks_cloud: bool = True
    ) -> bool:
        """Have this done soon. False, at once, if there is no room or the pool is closing."""
        keys: tuple[Key, ...] = ()
        if person:
            keys = ((PERSON, person.actor), (WORKSPACE, person.team_id))
        return (self._cloud if asks_cloud else self._quick).take(task, *keys) is not None

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The two lanes, by name."""
        return {"answer": self._cloud, "quick": self._quick}

    def finish(self) -> None:
        """Finish the tasks that were taken, and take no more. Quick ones may add slow ones."""
        self._quick.finish()
        self._cloud.finish()


def _share(whole: int, percent: int) -> int:
    """Rounded up, so that it is at least one."""
    return -(-whole * percent // 100)
