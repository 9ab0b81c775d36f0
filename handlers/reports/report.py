"""Report the number and size of images over time, and the shares by state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cloud import ImageFilter, Images
from cloud.models import Image
from handlers.core import chart, find_image
from handlers.core.chart import Count, Figures
from handlers.core.errors import Usage
from handlers.core.interactions import Command
from handlers.core.places import account_regions
from handlers.core.region_queries import RegionResults
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.reports.views import report as views
from storage import Account

REPORT = "report"


def report(command: Command, services: Services) -> Message:
    """/images report: a picture of the images by region over time, and of the shares by state."""
    if command.words:
        raise Usage(REPORT)
    accounts = find_image.selected_accounts(command, services)
    places = account_regions(accounts, command.last("region"))
    gathered = services.query_images(places, own_images).or_raise()
    for place, images in gathered.results:
        services.store.figures.put(place.account.id, place.region, *count_and_size(images))
    return views.report(_figures(gathered, accounts, services), gathered.troubles)


def own_images(images: Images) -> Sequence[Image]:
    """The account's own images in one region."""
    return list(images.list(ImageFilter(owner=images.project_id, hidden=True)))


def count_and_size(images: Sequence[Image]) -> tuple[int, int]:
    """How many, and their bytes."""
    return len(images), sum(image.size or 0 for image in images)


def _figures(
    gathered: RegionResults[Sequence[Image]], accounts: Sequence[Account], services: Services
) -> Figures:
    today = services.clock().date()
    known = services.store.figures.of([account.id for account in accounts])
    made = _created(gathered)
    first = min(
        [today, *(day.day for day in known), *(at for each in made.values() for at, _ in each)]
    )
    days = chart.days_to_draw(first, today)
    regions: dict[str, list[Count]] = {}
    for (account_id, region), images in sorted(made.items()):
        counted_ = {
            day.day: Count(day.images, day.size)
            for day in known
            if (day.account_id, day.region) == (account_id, region)
        }
        counts = chart.daily_counts(images, counted_, days)
        before = regions.get(region)
        regions[region] = _sums(before, counts) if before else counts
    return Figures(days, regions, _shares(accounts, services))


def _created(
    gathered: RegionResults[Sequence[Image]],
) -> Mapping[tuple[str, str], list[tuple[date, int]]]:
    """When the images of each place were made, and their bytes."""
    return {
        (place.account.id, place.region): [
            (image.created_at.date(), image.size or 0) for image in images
        ]
        for place, images in gathered.results
    }


def _sums(one: Iterable[Count], other: Iterable[Count]) -> list[Count]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _shares(accounts: Sequence[Account], services: Services) -> Mapping[str, int]:
    """Those that were made through the bot, from any link to these accounts."""
    keys = {account.key for account in accounts}
    shares = (share for key in keys for share in services.store.shares.of_account(key))
    return Counter(share.status for share in shares)
