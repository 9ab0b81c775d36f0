"""Exporting, downloading, importing and copying, end to end, on a stand-in and real services."""

from __future__ import annotations

import html
import re
import uuid
from contextlib import suppress
from urllib.request import urlopen

from handlers import Message
from sandbox.bot import THEN
from sandbox.demo import Demo
from sandbox.gallery import aloud
from sandbox.scene import PRODUCER
from sandbox.slack import Message as Shown
from sandbox.slack import SlackStandIn
from tests.trips.stages import Stage
from tests.waiting import PATIENCE_S

LOOKS = 20
"""After which a transfer of a few bytes has ended."""


def test_exported_to_a_new_container_downloaded_and_imported(
    demo: Demo, slack: SlackStandIn, stage: Stage
) -> None:
    name = f"trip-{uuid.uuid4().hex[:8]}"
    stage.image(name)

    refused = said(slack, f"export {name} {name}", r"\w+ has no container")
    slack.click(PRODUCER, refused, "exports.create")
    heard(slack, f"Exporting `{name}`")
    done = ended(demo, f"Export of `{name}` in \\w+ is done. Saved as `{name}/")
    [place] = re.findall(rf"Saved as `({name}/[^`]+)`", done.text)

    slack.click(PRODUCER, done, "downloads.link")
    link = heard(slack, f"Download link for `{re.escape(place)}`")
    assert link.only_for == PRODUCER
    [url] = re.findall(r"<(http[^|]+)\|Download>", read(link))
    with urlopen(html.unescape(url)) as download:  # noqa: S310 - on loopback
        data = download.read()
    assert data

    said(slack, f"import {place} {name}-again --format raw --region DFW", "Importing")
    ended(demo, f"Import of `{re.escape(place)}` in \\w+ is done. New image:")
    shown = read(said(slack, f"show {name}-again", f"`{name}-again` in"))
    assert "*Status*\nactive" in shown
    assert f"*Size*\n{len(data):,} bytes" in shown or f"({len(data):,} bytes)" in shown


def test_it_has_one_card_that_is_redrawn_in_place(
    demo: Demo, slack: SlackStandIn, stage: Stage
) -> None:
    """It may be done before the card is posted for the first time: these are few bytes."""
    name = f"trip-{uuid.uuid4().hex[:8]}"
    stage.image(name)
    refused = said(slack, f"export {name} {name}", r"\w+ has no container")

    slack.click(PRODUCER, refused, "exports.create")

    done = ended(demo, f":white_check_mark: Export of `{name}` in \\w+ is done")
    cards = re.compile(f":\\w+: Export of `{name}`")
    assert [m.ts for m in slack.messages(PRODUCER) if cards.match(m.text)] == [done.ts]


def test_copied_to_another_region_with_its_metadata(
    demo: Demo, slack: SlackStandIn, stage: Stage
) -> None:
    name = f"trip-{uuid.uuid4().hex[:8]}"
    image_id = stage.image(name)
    said(slack, f"update {name} os_distro=debian tag+=web", "Changed")
    plan = said(slack, f"copy {name} to ORD", f"Copy `{name}`")

    for _ in range(2):
        slack.click(PRODUCER, plan, "copies.start")

    done = ended(demo, f"Copy of `{name}` from DFW to ORD is done.")
    [copy_id] = re.findall(rf"Copied `{image_id[:8]}` in DFW to `([^`]+)` in ORD", done.text)
    shown = read(said(slack, f"show {copy_id}", f"`{name}` in ORD: active"))
    assert "`os_distro`  `debian`" in shown
    assert f"`imagebot_copy_of`  `{image_id}`" in shown
    assert "*Tags*\n`web`" in shown
    tasks = read(said(slack, "tasks", "\\*"))
    assert tasks.count(f"*{name}* · Copy from") == 1


def said(slack: SlackStandIn, words: str, answer: str) -> Shown:
    """What comes of a command: a message that begins so."""
    slack.command(PRODUCER, words)
    return heard(slack, answer)


def heard(slack: SlackStandIn, beginning: str, timeout_s: float = PATIENCE_S) -> Shown:
    """The message that begins so, waited for; *beginning* is a regular expression."""
    pattern = re.compile(beginning)
    return slack.wait_for(PRODUCER, lambda m: bool(pattern.match(m.text)), timeout_s)


def ended(demo: Demo, beginning: str) -> Shown:
    """What is told at the end. The job looks at once, and not as seldom as it would by itself."""
    for _ in range(LOOKS):
        demo.run("run", "transfers", "--now", THEN, "run", "delivery")
        with suppress(TimeoutError, AssertionError):
            return heard(demo.slack, beginning, timeout_s=1)
    raise AssertionError(f"nobody said {beginning}")


def read(shown: Shown) -> str:
    """All that a person reads in a message."""
    return "\n".join(aloud(Message(shown.text, shown.blocks)))
