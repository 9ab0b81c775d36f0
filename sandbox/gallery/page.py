"""The samples as the sandbox's page takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from bot.slack.modals import as_json
from handlers.core.replies import Message, Modal, split
from handlers.home.views.home import Home
from sandbox.gallery import TOPICS, errors_of, home
from sandbox.gallery.values import named

Json = dict[str, Any]

Sample = Message | Modal | Home
Maker = Callable[[], Iterable[tuple[str, Sample]]]


def drawn(names: str = "usual", makers: Sequence[Maker] = ()) -> list[Json]:
    """
    Each part of each sample; one that cannot be made tells why, and spoils no other.

    Args:
        names: one of NAMES, what images and accounts are called in them.
    """
    with named(names):
        return [part for make in makers or _MAKERS for part in _all_of(make)]


def _all_of(make: Maker) -> Iterator[Json]:
    try:
        for name, sample in make():
            yield from ({"name": name, **part} for part in _parts_or_error(sample))
    except Exception as error:  # noqa: BLE001 - whatever it is, the page shows it
        yield {"name": f"what follows in {_name(make)}", **_told(error)}


def _parts_or_error(sample: Sample) -> Sequence[Json]:
    try:
        return list(_parts(sample))
    except Exception as error:  # noqa: BLE001 - as above
        return [_told(error)]


def _name(make: Maker) -> str:
    return str(getattr(make, "__module__", make))


def _told(error: Exception) -> Json:
    return {"error": f"{type(error).__name__}: {error}"}


def _parts(sample: Sample) -> Iterable[Json]:
    if isinstance(sample, Modal):
        return [{"view": as_json(sample)}]
    if isinstance(sample, Home):
        return [{"surface": "home", "text": "Home", "blocks": list(sample.blocks)}]
    return [{"text": part.text, "blocks": list(part.blocks)} for part in split(sample)]


_MAKERS: Sequence[Maker] = (
    *(maker for topic in TOPICS for maker in (topic.samples, partial(errors_of, topic))),
    home.homes,
)
"""What makes the samples, each alone responsible for its own."""
