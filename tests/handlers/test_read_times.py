"""Times, spans and zones, as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import clock_times, spans, zones
from handlers.core.command_line import parse
from handlers.core.interactions import Person


@pytest.mark.parametrize(
    ("text", "time"),
    [
        *(("9", "09:00"), ("9am", "09:00"), ("9 AM", "09:00"), ("9a.m.", "09:00")),
        *(("9:30pm", "21:30"), ("12am", "00:00"), ("12pm", "12:00"), ("noon", "12:00")),
        *(("24:00", "24:00"), ("0900", "09:00"), ("9.30", "09:30"), ("9h30", "09:30")),
    ],
)
def test_a_time_of_day_is_read(text: str, time: str) -> None:
    assert clock_times.time_of_day(text) == time


@pytest.mark.parametrize(
    "text", ["", "25:00", "24:01", "9:60", "13pm", "0am", "٩:00", "９:00", "x"]
)
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert clock_times.time_of_day(text) is None


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("22-7", ("22:00", "07:00")),
        ("22:00 - 7:00", ("22:00", "07:00")),
        ("10pm to 7am", ("22:00", "07:00")),
        ("20–24", ("20:00", "00:00")),
        ("9-5pm", None),
        ("22", None),
        ("22-7-9", None),
    ],
)
def test_a_range_of_times_is_read(text: str, ends: tuple[str, str] | None) -> None:
    assert clock_times.time_range(text) == ends


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(("mon", (0,)), ("Monday", (0,)), ("mondays", (0,)), ("tues", (1,)), ("weds", (2,))),
        *(("mon-fri", (0, 1, 2, 3, 4)), ("fri-mon", (4, 5, 6, 0)), ("thurs", (3,))),
        *(("month", None), ("mo", None), ("sunny", None), ("mon-", None)),
    ],
)
def test_days_of_the_week_are_read(text: str, days: tuple[int, ...] | None) -> None:
    assert clock_times.day_range(text) == days


@pytest.mark.parametrize(
    ("text", "length"),
    [
        *(("7d", 168), ("7 days", 168), ("7days", 168), ("a week", 168), ("1 HOUR", 1)),
        *(("month", None), ("٧d", None), ("７d", None), ("7", None), ("ad", None), ("7m", None)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: int | None) -> None:
    assert spans.span(text) == (None if length is None else timedelta(hours=length))


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        *(("Berlin", "Europe/Berlin"), ("new york", "America/New_York")),
        *(("Zürich", "Europe/Zurich"), ("europe/zurich", "Europe/Zurich"), ("utc", "UTC")),
        *(("Singapore", "Singapore"), ("US/Eastern", "US/Eastern")),
        *(("EST", None), ("GMT+2", None), ("Etc/GMT+2", None), ("IST", None), ("CET", None)),
    ],
)
def test_a_zone_is_that_of_a_city(text: str, zone: str | None) -> None:
    assert zones.zone(text) == zone


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"}),
        ("EST", {"America/New_York", "America/Toronto", "America/Panama"}),
        ("GMT+2", {"Africa/Johannesburg", "Asia/Jerusalem", "Europe/Berlin"}),
        ("+05:30", {"Asia/Kolkata"}),
        ("Berln", {"Europe/Berlin"}),
    ],
)
def test_other_words_are_answered_with_the_cities_they_may_mean(text: str, meant: set[str]) -> None:
    assert meant <= set(zones.candidates(text))


def test_the_menu_of_zones_names_cities_first() -> None:
    assert zones.search("zur")[0] == "Europe/Zurich"
    assert zones.search("est")[0] != "EST"


@given(st.text(max_size=20))
def test_nothing_that_is_typed_makes_a_reader_raise(text: str) -> None:
    clock_times.time_of_day(text)
    clock_times.time_range(text)
    clock_times.day_range(text)
    spans.span(text)
    spans.days(text)
    zones.zone(text)


@pytest.mark.parametrize(
    ("text", "option", "value", "words"),
    [
        ("audit --since 7 days", "since", "7 days", ()),
        ("audit --since 7 days ago", "since", "7 days ago", ()),
        ("audit --since yesterday", "since", "yesterday", ()),
        ("digest --zone New York daily 9", "zone", "New York", ("daily", "9")),
        ("digest --zone Ho Chi Minh", "zone", "Ho Chi Minh", ()),
        ("digest --zone Berlin off", "zone", "Berlin", ("off",)),
        ("digest --quiet 10 pm to 7 am off", "quiet", "10 pm to 7 am", ("off",)),
        ("digest --quiet 22 - 7 off", "quiet", "22 - 7", ("off",)),
        ("digest --quiet 22-7 daily 9", "quiet", "22-7", ("daily", "9")),
        ("policy --hours 2 days share always", "hours", "2 days", ("share", "always")),
        ("policy --hours 8 share always", "hours", "8", ("share", "always")),
    ],
)
def test_an_option_takes_all_the_words_of_a_time(
    text: str, option: str, value: str, words: tuple[str, ...]
) -> None:
    command = parse(Person("T1", "U1"), text)

    assert (command.options[option], command.words) == ((value,), words)
