"""What is shown below links to images."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.message import Message
from handlers.views import unfurls
from sandbox.gallery.values import ODD, image


def samples() -> Iterator[tuple[str, Message]]:
    yield "link, where everyone may look", unfurls.card(image())
    yield "link to an odd name", unfurls.card(image(name=ODD))
    yield "link, anywhere else", unfurls.closed(image().id)
