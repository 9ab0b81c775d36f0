"""What strangers named is shown harmless, and numbers and times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cloud.models import LONG_AGO
from handlers.ui import blocks

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("web", "`web`"),
        ("", "_(no name)_"),
        ("\u200b\n", "_(no name)_"),
        ("<!channel> & <@U1>", "`&lt;!channel&gt; &amp; &lt;@U1&gt;`"),
        ("*a* _b_ ~c~", "`*a* _b_ ~c~`"),
        ("`a` ```b```", "`ˋaˋ ˋˋˋbˋˋˋ`"),
        ("two\nlines\tand  more", "`two lines and more`"),
        ("gnp\u202eexe", "`gnpexe`"),
        ("x" * 100, f"`{'x' * 79}…`"),
        ("&" * 100, f"`{'&amp;' * 79}…`"),
    ],
)
def test_a_strangers_name_is_shown_as_code_on_one_line(name: str, shown: str) -> None:
    assert blocks.named(name) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "no data yet"),
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_500, "1.5 KB (1,500 bytes)"),
        (70_000, "70.0 KB (70,000 bytes)"),
        (2_577_777_777, "2.6 GB (2,577,777,777 bytes)"),
        (3 * 10**12, "3.0 TB (3,000,000,000,000 bytes)"),
    ],
)
def test_sizes_are_human_with_exact_bytes(count: int | None, shown: str) -> None:
    assert blocks.exact_size(count) == shown


def test_a_time_is_drawn_in_the_readers_zone_with_utc_where_it_cannot_be() -> None:
    moment = NOW.astimezone(timezone(timedelta(hours=5)))

    assert blocks.date(moment) == (
        "<!date^1772701200^{date_short_pretty} at {time}|05 Mar 2026 09:00 UTC>"
    )


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=5), "less than a minute"),
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=5, minutes=59), "5 hours"),
        (timedelta(days=40), "40 days"),
    ],
)
def test_ages_are_in_the_largest_unit(ago: timedelta, shown: str) -> None:
    assert blocks.age(NOW - ago, NOW) == shown


def test_texts_are_clipped_to_slacks_limits() -> None:
    section = blocks.section("x" * 4000)
    button = blocks.button("x" * 100, "a.b", "v", label="y" * 100)

    assert len(section["text"]["text"]) == 3000
    assert len(blocks.header("x" * 200)["text"]["text"]) == 150
    assert len(button["text"]["text"]) == len(button["accessibility_label"]) == 75


def test_a_header_is_never_empty() -> None:
    assert blocks.header("\u200b")["text"]["text"] == "–"


def test_fields_come_ten_to_a_section() -> None:
    sections = blocks.fields(*map(str, range(12)))

    assert [len(section["fields"]) for section in sections] == [10, 2]


def test_lists_are_sentences() -> None:
    assert [blocks.listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_time_that_the_cloud_does_not_tell_is_unknown() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    assert blocks.date(LONG_AGO) == "an unknown date"
    assert blocks.age(LONG_AGO, now) == "an unknown time"


def test_our_own_words_are_the_same_in_rich_text() -> None:
    words = f"share {blocks.named('a & `b` <@U1>')} (DFW) with `33` and *all* of <@U2>, <#C3>, "
    ends = f"<!subteam^S4> until {blocks.date(NOW)} &lt;3"

    assert blocks.as_parts(words + ends, leads=True) == [
        "share ",
        blocks.strong("a & ˋbˋ <@U1>"),
        " (DFW) with ",
        blocks.mono("33"),
        " and ",
        {"type": "text", "text": "all", "style": {"bold": True}},
        " of ",
        blocks.who("U2"),
        ", ",
        {"type": "channel", "channel_id": "C3"},
        ", ",
        {"type": "usergroup", "usergroup_id": "S4"},
        " until ",
        blocks.moment(NOW),
        " <3",
    ]


def test_no_name_leads_unless_it_is_to() -> None:
    assert blocks.as_parts("`a`: `b`") == [blocks.mono("a"), ": ", blocks.mono("b")]


@pytest.mark.parametrize("words", ["delete `web", "all *", "<@", "a > b"])
def test_what_was_cut_in_the_middle_is_text(words: str) -> None:
    assert blocks.as_parts(words, leads=True) == [words]


def test_a_time_that_nobody_knows_is_said_so_in_rich_text() -> None:
    assert blocks.moment(LONG_AGO) == "an unknown date"
