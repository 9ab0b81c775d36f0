"""The samples as the sandbox's page takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.slack.modals import as_json
from handlers.core.replies import Message, Modal, split
from handlers.home.views.home import Home
from sandbox.gallery import HOMES, SHOWN

Sample = Message | Modal | Home


def drawn(
    *given: Mapping[str, Message] | Mapping[str, Modal] | Mapping[str, Home],
) -> Iterator[dict[str, Any]]:
    """Each part of each sample; one that cannot be made tells why, and spoils no other."""
    for samples in given or (SHOWN, HOMES):
        for name, sample in samples.items():
            try:
                parts = list(_parts(sample))
            except Exception as error:  # noqa: BLE001 - whatever it is, the page shows it
                parts = [{"error": f"{type(error).__name__}: {error}"}]
            yield from ({"name": name, **part} for part in parts)


def _parts(sample: Sample) -> Iterable[dict[str, Any]]:
    if isinstance(sample, Modal):
        return [{"view": as_json(sample)}]
    if isinstance(sample, Home):
        return [{"text": "Home", "blocks": list(sample.blocks)}]
    return [{"text": part.text, "blocks": list(part.blocks)} for part in split(sample)]
