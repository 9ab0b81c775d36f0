"""The picture: drawn, uploaded to whom it is for, and never in the way of the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from bot import plots
from bot.wiring import Runtime
from bot.work import jobs
from handlers.core.chart import GB, Count, Figures, days_to_draw
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, SlackStandIn
from storage import Account
from tests.bot.people import NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock

TODAY = date(2026, 3, 5)
DAYS = days_to_draw(TODAY - timedelta(days=40), TODAY)
SOME = Figures(DAYS, {"DFW": [Count(n, n * GB) for n in range(len(DAYS))]}, {"pending": 2})
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def image(link: Callable[..., Account], cloud: CloudStandIn) -> str:
    link(PRODUCER)
    return cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW", size=10)


@pytest.mark.parametrize(
    "drawn", [SOME, Figures(DAYS, {}), Figures(days_to_draw(TODAY, TODAY), {})]
)
def test_a_picture_is_drawn_of_much_and_of_nothing(drawn: Figures) -> None:
    assert plots.draw(drawn, "Images").startswith(PNG)


@pytest.mark.parametrize("days", [1, 2, 3, 4, 6, 10, 30, 90, 365])
def test_a_picture_is_drawn_of_any_time_without_a_warning(days: int) -> None:
    shown = days_to_draw(TODAY - timedelta(days=days), TODAY)
    counts = [Count(n, n * GB) for n in range(len(shown))]

    assert plots.draw(Figures(shown, {"DFW": counts}), "Images").startswith(PNG)


def test_pictures_are_drawn_side_by_side() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: plots.draw(SOME, "Images"), range(8)))

    assert len(set(drawn)) == 1


def test_the_picture_comes_as_a_direct_message_with_what_is_on_it_in_words(
    served: Runtime, slack: SlackStandIn, image: str
) -> None:
    slack.ask(PRODUCER, "report")

    shown = slack.wait_for(PRODUCER, lambda m: bool(m.blocks) and m.blocks[0]["type"] == "image")

    assert shown.channel_id == slack.person(PRODUCER).dm_channel
    assert shown.blocks[0]["alt_text"].startswith("You own 1 image")
    [upload] = slack.workspace.files.values()
    assert upload.data.startswith(PNG)


@pytest.mark.node
def test_all_traffic_of_a_picture_is_what_slack_declares(
    served: Runtime,
    slack: SlackStandIn,
    image: str,
    slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None],
) -> None:
    slack.ask(PRODUCER, "report")
    slack.wait_for(PRODUCER, lambda m: bool(m.blocks) and m.blocks[0]["type"] == "image")

    assert "files.completeUploadExternal" in {call.get("method") for call in slack.calls}
    slack_accepts(slack.calls)


def test_asked_for_the_channel_it_comes_there(
    served: Runtime, slack: SlackStandIn, image: str
) -> None:
    slack.command(PRODUCER, "report --public", CHANNEL_ID)

    shown = slack.wait_for(PRODUCER, lambda m: bool(m.blocks) and m.blocks[0]["type"] == "image")

    assert shown.channel_id == CHANNEL_ID


@pytest.mark.parametrize(
    ("method", "error", "says"),
    [
        ("files.getUploadURLExternal", "missing_scope", "show the chart (`missing_scope`)"),
        ("files.completeUploadExternal", "channel_not_found", "invite me to this channel"),
    ],
)
def test_a_picture_that_slack_does_not_take_leaves_the_words(
    served: Runtime, slack: SlackStandIn, image: str, method: str, error: str, says: str
) -> None:
    slack.fail_next(method, error)

    words = slack.ask(PRODUCER, "report")
    told = slack.wait_for(PRODUCER, lambda m: says in m.text)

    assert words.text.startswith("You own 1 image")
    assert told.ephemeral


def test_every_account_is_counted_once_a_day(
    runtime: Runtime, cloud: CloudStandIn, image: str, clock: HandClock
) -> None:
    for _ in range(2):
        jobs.figures(runtime)
    asked = sum("/images" in path for _, path, _ in cloud.requests)
    clock.advance(days=1)
    jobs.figures(runtime)

    [account] = runtime.store.accounts.all()
    days = [day for day in runtime.store.figures.of([account.id]) if day.region == "DFW"]
    assert [(day.images, day.size) for day in days] == [(1, 10), (1, 10)]
    assert asked == 5, "two regions, each with hidden ones, and the page that ends a listing"


def test_one_accounts_trouble_keeps_no_other_from_being_counted(
    runtime: Runtime, link: Callable[..., Account], image: str
) -> None:
    link("U0CONSUMERA", password="wrong")

    jobs.figures(runtime)

    [account] = [each for each in runtime.store.accounts.all() if each.user_id == PRODUCER]
    assert [day.region for day in runtime.store.figures.of([account.id])] == ["DFW", "ORD"]
