"""Figures over time."""

from __future__ import annotations

from datetime import date

from handlers.core.chart import Count, Figures, daily_counts, days_to_draw

DAYS = [date(2026, 3, day) for day in range(1, 6)]


def test_what_is_there_today_is_counted_from_when_it_was_made() -> None:
    made = [(date(2026, 2, 1), 5), (DAYS[2], 7), (DAYS[4], 1)]

    assert daily_counts(made, {}, DAYS) == [
        Count(1, 5),
        Count(1, 5),
        Count(2, 12),
        Count(2, 12),
        Count(3, 13),
    ]


def test_what_was_counted_then_counts_more_also_for_days_that_nobody_counted() -> None:
    known = {DAYS[1]: Count(9, 90), DAYS[3]: Count(8, 80)}

    assert daily_counts([(DAYS[0], 5)], known, DAYS) == [
        Count(1, 5),
        Count(9, 90),
        Count(9, 90),
        Count(8, 80),
        Count(8, 80),
    ]


def test_a_picture_has_two_days_at_least_and_a_year_at_most() -> None:
    today = DAYS[4]

    assert days_to_draw(today, today) == DAYS[3:]
    assert days_to_draw(DAYS[0], today) == DAYS
    assert len(days_to_draw(date(2001, 1, 1), today)) == 366


def test_the_change_is_told_since_days_ago_or_the_first_day() -> None:
    figures = Figures(DAYS, {"DFW": [Count(n, n) for n in range(5)], "ORD": [Count(1, 1)] * 5})

    assert (figures.now("DFW"), figures.before("DFW", 2)) == (Count(4, 4), Count(2, 2))
    assert figures.before("DFW", 30) == Count(0, 0)
    assert figures.total == Count(5, 5)
