"""What is shown below links to images."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.core.replies import Message
from handlers.images.views import unfurl
from sandbox.gallery.values import ODD, image


def samples() -> Iterator[tuple[str, Message]]:
    yield "link, where everyone may look", unfurl.card(image())
    yield "link to an odd name", unfurl.card(image(name=ODD))
    yield "link, anywhere else", unfurl.closed(image().id)
