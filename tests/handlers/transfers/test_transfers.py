"""Cards of transfers, and what the cloud's failures mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers import Person, Services
from handlers.transfers import transfers
from handlers.transfers.plans import CopyPlan
from handlers.transfers.views import failures
from handlers.transfers.views import transfers as views
from sandbox.gallery.transfers import COPY, EXPORT, done, transfer
from sandbox.gallery.values import NOW
from storage import Kind, TransferState
from tests import taking
from tests.handlers.talk import labels, read

MARKS = {
    ":white_check_mark:": "done",
    ":arrow_forward:": "now",
    ":white_small_square:": "later",
    ":x:": "failed",
}
PHASES = ["Export", "Transfer", "Import", "Set", "Share", "Delete"]


def phases(**fields: Any) -> dict[str, str]:
    """The phases of a copy's card by their first word, with the state of each."""
    plan = fields.pop("plan", COPY)
    lines = read(views.card(transfer(Kind.COPY, plan, **fields), NOW)).splitlines()
    marked = [line.replace("*", "").split() for line in lines if line.split()[0] in MARKS]
    return {words[1]: MARKS[words[0]] for words in marked if words[1] in PHASES}


def test_the_card_tells_state_bytes_and_time() -> None:
    half = {"progress": {"done": 750_000_000, "total": 1_000_000_000}}

    card = views.card(transfer(Kind.EXPORT, EXPORT, step="export.stream", memory=half), NOW)

    assert read(card) == (
        ":hourglass_flowing_sand: Export of `web-server-1` in DFW is running.\n"
        "▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░ 75 %, 750.0 MB of 1.0 GB\n"
        "`ab2cd3ef` · account `1100111` · started (time) · running for 12 minutes\n"
        "[Refresh]"
    )


@pytest.mark.parametrize(
    ("done_", "total", "shown"),
    [
        (0, 1000, "░" * 20 + " 0 %, 0 bytes of 1.0 KB"),
        (999, 1000, "▓" * 19 + "░ 99 %, 999 bytes of 1.0 KB"),
        (1000, 1000, "▓" * 20 + " 100 %, 1.0 KB of 1.0 KB"),
        (1001, 1000, "▓" * 20 + " 100 %, 1.0 KB of 1.0 KB"),
        (0, 0, "░" * 20 + " 0 %, 0 bytes of 0 bytes"),
    ],
)
def test_the_bar_shows_no_more_than_was_done(done_: int, total: int, shown: str) -> None:
    assert views.bar(done_, total) == shown


def test_a_copy_shows_all_its_phases_and_where_it_is() -> None:
    assert phases() == dict(zip(PHASES, ["now", *["later"] * 5], strict=True))
    assert phases(step="import.watch", memory={"carry_stream": {}}) == dict(
        zip(PHASES, ["done", "done", "now", *["later"] * 3], strict=True)
    )


def test_a_copy_that_failed_shows_in_which_phase() -> None:
    shown = phases(step="fields", state=TransferState.FAILED, memory={"carry_stream": {}})

    assert shown["Import"] == "done"
    assert shown["Set"] == "failed"
    assert shown["Delete"] == "later"


def test_a_copy_that_is_done_has_no_phase_left() -> None:
    assert set(phases(step="cleanup", state=TransferState.DONE).values()) == {"done"}


def test_what_is_not_carried_and_not_shared_is_no_phase() -> None:
    plan = CopyPlan.from_json({**COPY.to_json(), "imports": "download", "shares": []})

    assert list(phases(plan=plan)) == ["Export", "Import", "Set", "Delete"]


def test_one_object_store_of_two_regions_carries_nothing_as_turns_out() -> None:
    assert "Transfer" in phases(step="export.watch")
    assert "Transfer" not in phases(step="import.ask")


def test_trouble_that_may_pass_is_on_the_card_while_it_runs() -> None:
    memory = {"trouble": {"words": "The cloud is not responding."}}

    card = views.card(transfer(Kind.EXPORT, EXPORT, memory=memory), NOW)

    assert ":warning: The cloud is not responding. I'll keep trying." in read(card)


def test_a_copy_says_at_its_end_which_image_is_which() -> None:
    ended = views.ended(done(Kind.COPY, COPY))

    assert ended.text == (
        "Copy of `web-server-1` from DFW to ORD is done. Copied `00000001` in DFW to `00000002` "
        "in ORD. Shared with `2200222`."
    )
    assert labels(ended) == ["Show image"]


def test_a_card_is_drawn_once_and_again_only_if_it_changed(
    services: Services, producer: Person
) -> None:
    one, _ = transfers.begin(
        producer,
        services.current_account(producer),
        "DFW",
        Kind.EXPORT,
        click="a",
        key="a",
        title="web",
        plan=EXPORT,
        services=services,
    )
    [card] = taking.cards(services.store, 10)
    services.store.cards.drawn(card, "D1", "1.0")

    transfers.redraw(one, services)

    assert taking.cards(services.store, 10) == []


def test_the_end_is_told_once(services: Services, producer: Person) -> None:
    ended = done(Kind.EXPORT, EXPORT)

    for _ in range(2):
        transfers.notify_ended(ended, services)

    [notice] = taking.notices(services.store, 10)
    assert notice.text.startswith("Export of `web-server-1` in DFW is done. Saved as `exports/")


@pytest.mark.parametrize(
    ("said", "next_step"),
    [
        ("An image may only be exported by the image owner.", "snapshot that server"),
        (
            "Image cannot be exported due to licensing or billing restrictions "
            "(com.rackspace__1__options: '4')",
            "licence of this image forbids exporting",
        ),
        ("Container not found. Container: exports", "offers to create one"),
        (
            "Object already exists in user's container. Container/Object: exports/413.vhd",
            "export to another container",
        ),
        (
            "Swift already has an object with id 'x.vhd' in container 'exports'",
            "Delete it",
        ),
        (
            "Error: Image not found for import. Possible invalid location",
            "The object was not found",
        ),
        ("Error: Swift could not find object 396.vhd.", "The object was not found"),
        ("Unsupported element in image_properties, please consult…", "Tell the people who run"),
        ("Error code: 111", "The VHD cannot be read"),
        ("396: not a valid VHD", "qemu-img convert -O vpc"),
        ("Error 413. Virtual size over limit", "Shrink it"),
        ("error: 523 only fixed or dynamic disks", "Only fixed and dynamic VHDs"),
        ("code 609", "file is larger"),
        ("614 - VHD UUID is all zeros", "all zeros"),
        ("Error code 721: has a parent disk", "its parent"),
        ("something new, 396 times", "the id `ab2cd3ef`"),
        ("", "The cloud gave no reason. Try again. If it keeps failing"),
    ],
)
def test_a_failure_is_told_in_the_clouds_words_and_with_a_next_step(
    said: str, next_step: str
) -> None:
    words = failures.failure("ab2cd3ef", said)

    assert words.startswith(("The cloud reported: ", "The cloud gave no reason. "))
    assert next_step in words
    assert said[:40] in words


def test_a_card_of_an_hour_says_an_hour() -> None:
    card = views.card(transfer(Kind.EXPORT, EXPORT), NOW + timedelta(hours=1))

    assert "running for 1 hour" in read(card)
