"""
Time zones as people name them: by a city.

An abbreviation says neither where nor whether the clocks change there: `IST` is that of Kolkata,
Jerusalem and Dublin, and the zone called `EST` has no summer. So it is answered with cities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from handlers.core.suggestions import closest

MOST = 6
"""Cities that a word may mean are named."""
_AREAS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe")
) | {"Indian", "Pacific"}
_OFFSET = re.compile(r"(?:utc|gmt|etc/gmt)? ?([+-−–]) ?([0-9]{1,2})(?::?([0-5][0-9]))?(?::?00)?")
_GENERAL = re.compile(r"([a-z]{1,3})t")
"""`ET` for `EST` and `EDT`."""
_SEASONS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
"""When what a zone is called, and how far it is off, is looked up: once a half of a year."""
_GREAT = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo"),
    *("Australia/Sydney", "America/Sao_Paulo", "Africa/Johannesburg", "Asia/Jerusalem"),
    *("Europe/Dublin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Zurich"),
    *("Europe/Athens", "Europe/Helsinki", "Europe/Lisbon", "Europe/Istanbul", "Europe/Moscow"),
    *("Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "Africa/Casablanca", "Africa/Accra"),
    *("America/Toronto", "America/Vancouver", "America/Phoenix", "America/Anchorage"),
    *("America/Halifax", "America/Mexico_City", "America/Panama", "America/Bogota"),
    *("America/Lima", "America/Havana", "America/Santiago", "America/Argentina/Buenos_Aires"),
    *("Pacific/Honolulu", "Asia/Dubai", "Asia/Karachi", "Asia/Dhaka", "Asia/Kathmandu"),
    *("Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Hong_Kong", "Asia/Manila"),
    *("Asia/Seoul", "Asia/Tehran", "Australia/Perth", "Australia/Adelaide"),
    *("Australia/Brisbane", "Pacific/Auckland"),
)
"""Cities that many know, which are named before others."""


def zone(text: str) -> str | None:
    """The IANA name of the zone of a city, or of one written so; None if it is unclear."""
    word = _folded(text)
    if word in _whole_names():
        return _whole_names()[word]
    match _cities().get(word, ()):
        case [one]:
            return one
    return None


def candidates(text: str) -> list[str]:
    """The zones that the word may mean, best known first; none if it is like none."""
    word = _folded(text).replace("_", " ")
    if cities := _cities().get(_folded(text)):
        return cities[:MOST]
    if found := _OFFSET.fullmatch(word):
        away = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return _with_offset(away if found[1] == "+" else -away)
    return _abbreviated(word.upper()) or _alike(_folded(text))


def search(words: str) -> list[str]:
    """Zones to choose from: of cities that begin so, of what it may mean, and that hold it."""
    wanted = _folded(words)
    found = [name for name in sorted(_zones()) if wanted in name.casefold()]
    first = [name for name in found if _city(name).startswith(wanted)]
    return list(dict.fromkeys([*first, *(candidates(words) if wanted else ()), *found]))


def continues_range(value: str, word: str) -> bool:
    """Whether a word belongs to the name of a city that was begun before it: `New`, then `York`."""
    begun = _folded(f"{value} {word}")
    return any(city == begun or city.startswith(f"{begun}_") for city in _cities())


def _folded(text: str) -> str:
    """Without capitals and accents, as the zones' names are."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return "_".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def _city(name: str) -> str:
    return name.rpartition("/")[2].casefold()


@cache
def _zones() -> frozenset[str]:
    """Those that are named by a place, and UTC: others have no summer, or mean several places."""
    known = available_timezones()
    return frozenset(name for name in known if name.partition("/")[0] in _AREAS and "/" in name) | {
        "UTC"
    }


@cache
def _whole_names() -> dict[str, str]:
    """By what is typed. `US/Eastern` and `Japan` are places, `EST5EDT` and `Etc/GMT+2` none."""
    places = (name for name in available_timezones() if not name.startswith(("Etc/", "Factory")))
    named = {name.casefold(): name for name in places if "/" in name or name != name.upper()}
    return {**named, "utc": "UTC", "etc/utc": "UTC"}


@cache
def _cities() -> dict[str, list[str]]:
    """The zones of each city, by its name. Old names of a zone keep to its city's."""
    found: dict[str, list[str]] = {}
    for name in sorted(_zones(), key=_rank):
        found.setdefault(_city(name), []).append(name)
    return {city: _distinct(names) for city, names in found.items()}


def _distinct(names: Iterable[str]) -> list[str]:
    """Without those whose clocks show the same as one before them: they are other names of it."""
    kept: dict[tuple[object, ...], str] = {}
    for name in names:
        kept.setdefault(tuple(_offset(name, when) for when in _SEASONS), name)
    return list(kept.values())


def _rank(name: str) -> tuple[int, str]:
    return (_GREAT.index(name) if name in _GREAT else len(_GREAT)), name


def _offset(name: str, when: datetime) -> timedelta | None:
    return when.astimezone(ZoneInfo(name)).utcoffset()


def _with_offset(away: timedelta) -> list[str]:
    """Those whose clocks are always so far off, and then those that are for half of the year."""
    if not away:
        return ["UTC", *_with_seasons(away)[: MOST - 1]]
    return _with_seasons(away)


def _with_seasons(away: timedelta) -> list[str]:
    halves = {name: sum(_offset(name, when) == away for when in _SEASONS) for name in _GREAT}
    fits = [name for name in _GREAT if halves[name]]
    return sorted(fits, key=lambda name: -halves[name])[:MOST]


def _abbreviated(word: str) -> list[str]:
    word = re.sub("[0-9].*", "", word)  # EST of EST5EDT
    general = _GENERAL.fullmatch(word.lower())
    asked = {word, f"{general[1]}st".upper()} if general else {word}
    return _called(asked, _GREAT) or _called(asked, sorted(_zones()))


def _called(words: set[str], names: Iterable[str]) -> list[str]:
    found = (n for n in names if any(w.astimezone(ZoneInfo(n)).tzname() in words for w in _SEASONS))
    return list(found)[:MOST]


def _alike(word: str) -> list[str]:
    city = closest(word, list(_cities()))
    return _cities()[city][:MOST] if city else []
