"""When people are told, by the wall clock of where they are: no slot lost, none twice."""

from __future__ import annotations

import random
from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from handlers.notifications import slots
from storage import Mode, Preference, Slot

NINE = Preference(times=("09:00",))
START = datetime(2025, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=730)
SEED = 20260302


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def names(preference: Preference, zone: str, start: str, end: str) -> list[tuple[str, str]]:
    """Each slot, with the wall clock's time at which it comes."""
    where = ZoneInfo(zone)
    found = slots.slots(preference, where, at(start, zone), at(end, zone))
    return [(slot.name, f"{slot.at.astimezone(where):%Y-%m-%d %H:%M}") for slot in found]


def test_a_time_that_clocks_leave_out_comes_at_the_first_moment_after_it() -> None:
    early = Preference(times=("02:30",))

    assert names(early, "Europe/Zurich", "2026-03-28", "2026-03-31") == [
        ("2026-03-28 02:30", "2026-03-28 02:30"),
        ("2026-03-29 02:30", "2026-03-29 03:00"),
        ("2026-03-30 02:30", "2026-03-30 02:30"),
    ]


def test_a_time_that_clocks_show_twice_comes_once_at_the_first() -> None:
    early = Preference(times=("02:30",))
    where = ZoneInfo("Europe/Zurich")

    found = list(slots.slots(early, where, at("2026-10-24"), at("2026-10-27")))

    assert [slot.name for slot in found] == [
        "2026-10-24 02:30",
        "2026-10-25 02:30",
        "2026-10-26 02:30",
    ]
    assert found[1].at == at("2026-10-25 00:30")


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Australia/Lord_Howe", "2026-07-01", "2026-06-30 22:30"),
        ("Asia/Kathmandu", "2026-07-01", "2026-07-01 03:15"),
        ("America/St_Johns", "2026-07-01", "2026-07-01 11:30"),
    ],
)
def test_zones_of_half_and_quarter_hours_are_kept(zone: str, day: str, moment: str) -> None:
    found = slots.slots(NINE, ZoneInfo(zone), at(moment), at(moment))

    assert list(found) == [Slot(f"{day} 09:00", at(moment))]


def test_a_day_that_a_country_left_out_loses_no_other() -> None:
    """Samoa went from the 29th of December 2011 to the 31st."""
    found = names(NINE, "Pacific/Apia", "2011-12-28", "2012-01-01 12:00")

    assert ("2011-12-29 09:00", "2011-12-29 09:00") in found
    assert ("2011-12-31 09:00", "2011-12-31 09:00") in found
    assert ("2012-01-01 09:00", "2012-01-01 09:00") in found


def test_only_on_the_days_that_were_chosen() -> None:
    working = Preference(days=(0, 1, 2, 3, 4), times=("09:00", "16:00"))

    assert [name for name, _ in names(working, "UTC", "2026-03-06", "2026-03-09 12:00")] == [
        "2026-03-06 09:00",
        "2026-03-06 16:00",
        "2026-03-09 09:00",
    ]


@pytest.mark.parametrize(
    ("begin", "end", "comes"),
    [
        ("08:00", "10:00", "2026-03-02 10:00"),
        ("22:00", "09:30", "2026-03-02 09:30"),
        ("09:00", "07:00", "2026-03-03 07:00"),
        ("10:00", "08:00", "2026-03-02 09:00"),
    ],
)
def test_a_slot_in_quiet_hours_comes_when_they_end(begin: str, end: str, comes: str) -> None:
    quiet = Preference(times=("09:00",), quiet_from=begin, quiet_to=end)

    assert ("2026-03-02 09:00", comes) in names(quiet, "UTC", "2026-03-02", "2026-03-04")


def test_several_in_the_same_quiet_hours_come_as_one_when_they_end() -> None:
    """So the next three that a form shows are three, and not one thrice."""
    late = Preference(times=("22:15", "23:30", "06:00"), quiet_from="22:00", quiet_to="07:00")

    assert names(late, "UTC", "2026-03-02 12:00", "2026-03-04 12:00") == [
        ("2026-03-02 22:15", "2026-03-03 07:00"),
        ("2026-03-03 22:15", "2026-03-04 07:00"),
    ]
    [first, second, third] = slots.next_slots(late, ZoneInfo("UTC"), at("2026-03-02"), 3)
    assert first.at < second.at < third.at


def test_quiet_hours_that_clocks_show_twice_are_quiet_twice() -> None:
    """Where 02:00 to 03:00 comes again, the end at 02:30 does, too."""
    quiet = Preference(times=("02:15",), quiet_from="02:00", quiet_to="02:30")
    where = ZoneInfo("Europe/Zurich")

    [slot] = slots.slots(quiet, where, at("2026-10-25"), at("2026-10-25 12:00"))

    assert slot.at == at("2026-10-25 00:30")
    assert slots.quiet_until(quiet, where, at("2026-10-25 00:45")) is None
    assert slots.quiet_until(quiet, where, at("2026-10-25 01:10")) == at("2026-10-25 01:30")


@pytest.mark.parametrize(
    ("preference", "now", "until"),
    [
        (Preference(), "2026-03-02 12:00", None),
        (Preference(quiet_from="22:00", quiet_to="07:00"), "2026-03-02 23:00", "2026-03-03 07:00"),
        (Preference(quiet_from="22:00", quiet_to="07:00"), "2026-03-02 06:59", "2026-03-02 07:00"),
        (Preference(quiet_from="22:00", quiet_to="07:00"), "2026-03-02 07:00", None),
        (Preference(weekends=False), "2026-03-07 12:00", "2026-03-09 00:00"),
        (Preference(weekends=False), "2026-03-06 23:59", None),
        (Preference(paused_until=at("2026-03-05")), "2026-03-02 12:00", "2026-03-05 00:00"),
    ],
)
def test_what_is_said_at_once_waits_for_the_end_of_quiet_times(
    preference: Preference, now: str, until: str | None
) -> None:
    wanted = at(until) if until else None

    assert slots.quiet_until(preference, ZoneInfo("UTC"), at(now)) == wanted


def test_working_days_are_counted_by_the_calendar_of_the_person() -> None:
    friday, monday = at("2026-03-06 12:00"), at("2026-03-09 12:00")

    assert slots.working_days(friday, monday, ZoneInfo("UTC")) == 1
    assert slots.working_days(friday, friday, ZoneInfo("UTC")) == 0
    assert slots.working_days(at("2026-03-01 23:30"), monday, ZoneInfo("Asia/Tokyo")) == 5


def test_the_next_ones() -> None:
    where, now = ZoneInfo("UTC"), at("2026-03-02 09:00")

    coming = list(slots.next_slots(NINE, where, now, 2))

    assert [slot.name for slot in coming] == ["2026-03-03 09:00", "2026-03-04 09:00"]


def test_the_zone_chosen_counts_before_slacks_and_nonsense_is_utc() -> None:
    chosen = Preference(zone="Asia/Tokyo")

    assert slots.zone_of(chosen, "Europe/Zurich").key == "Asia/Tokyo"
    assert slots.zone_of(Preference(), "Europe/Zurich").key == "Europe/Zurich"
    assert slots.zone_of(Preference(zone="No/Where"), None).key == "UTC"


def _schedule(dice: random.Random) -> Preference:
    """A random one, with quiet hours in every other."""
    clock = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 59)]
    begin, end = dice.sample(clock, 2) if dice.random() < 0.5 else ("", "")
    return Preference(
        mode=Mode.DIGEST,
        days=tuple(sorted(dice.sample(range(7), dice.randint(1, 7)))),
        times=tuple(sorted(dice.sample(clock, dice.randint(1, 4)))),
        quiet_from=begin,
        quiet_to=end,
    )


def test_in_every_zone_each_chosen_day_and_time_comes_once_in_order_and_never_in_quiet_hours() -> (
    None
):
    """Two years, against the calendar alone: what falls into the same quiet hours is one."""
    dice, checked = random.Random(SEED), 0  # noqa: S311 - no secret
    for name in sorted(available_timezones()):
        where, preference = ZoneInfo(name), _schedule(dice)
        found = list(slots.slots(preference, where, START, START + YEARS))
        checked += len(found)

        moments = [slot.at for slot in found]
        assert moments == sorted(set(moments)), name
        assert len({slot.name for slot in found}) == len(found), name
        assert not [at for at in moments if _is_quiet(preference, where, at)], name
        assert not _lost(preference, where, found), name
    print(f"{checked:,} slots in {len(available_timezones())} zones")  # noqa: T201 - the figures are asked for
    assert checked > 100_000


def _lost(preference: Preference, where: ZoneInfo, found: list[Slot]) -> list[str]:
    """Chosen days and times with no slot of theirs, nor another before quiet hours are over."""
    names, moments = {slot.name for slot in found}, [slot.at for slot in found]
    first, last = (START + timedelta(days=2)).date(), (START + YEARS - timedelta(days=2)).date()
    lost = []
    for n in range((last - first).days):
        day = first + timedelta(days=n)
        for clock in preference.times if day.weekday() in preference.days else ():
            if f"{day} {clock}" in names:
                continue
            begun = datetime.combine(day, time.fromisoformat(clock), where).astimezone(UTC)
            next_at = moments[bisect_left(moments, begun)]
            minutes = (next_at - begun) // timedelta(minutes=15)
            if not all(
                _is_quiet(preference, where, begun + timedelta(minutes=15) * k)
                for k in range(minutes)
            ):
                lost.append(f"{day} {clock}")
    return lost


def _is_quiet(preference: Preference, where: ZoneInfo, moment: datetime) -> bool:
    if not preference.quiet_from:
        return False
    clock = f"{moment.astimezone(where):%H:%M}"
    begin, end = preference.quiet_from, preference.quiet_to
    return begin <= clock < end if begin <= end else clock >= begin or clock < end
