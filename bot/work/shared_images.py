"""Refresh the shares of each image, and remind producers of pending ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind
from cloud import MemberStatus, asking_for
from handlers.tracking import refresh
from storage import SharedImage


class SharedImageRows:
    """The rows of this kind."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._images = runtime.store.shared_images
        claims = self._images.claims
        self.renew, self.release, self.next_due = claims.renew, claims.release, claims.next_due

    def claim(self, limit: int) -> Sequence[SharedImage]:
        breakers = self._runtime.store.places.breakers.all()
        silent = [each.lane for each in breakers if each.open_until]
        return self._images.claim(limit, self._runtime.settings.looks_per_region, silent)

    def mend(self) -> None:
        self._images.claims.pull_in(timedelta(seconds=self._runtime.settings.look_seldom_s))


def do(runtime: Runtime, image: SharedImage) -> None:
    """Look, and set the next look: soon while an account has not answered, otherwise later."""
    store, settings = runtime.store, runtime.settings
    this = (image.account_id, image.region, image.image_id)
    if shares := store.shares.of_link(*this):
        with asking_for(settings.look_deadline_s):
            refresh.refresh_shares(shares, runtime.services)
    left = store.shares.of_link(*this)
    refresh.remind_producers(left, runtime.services)
    pending = any(each.status == MemberStatus.PENDING for each in left)
    pause = timedelta(seconds=settings.look_every_s if pending else settings.look_seldom_s)
    if left:
        store.shared_images.looked(image, runtime.clock() + pause)
    else:
        store.shared_images.claims.finish(image)


def _hands(settings: Settings) -> int:
    return settings.share_hands


SHARED_IMAGES = Kind(SharedImageRows, do, _hands, topics=frozenset({"shared_images"}))
