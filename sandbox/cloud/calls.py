"""A request to the Images API as it reaches an operation: logged in, and in its region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from sandbox.cloud.access import seen
from sandbox.cloud.contents import PIECE, Content
from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Region, State, User, stamp


def pieces_of(request: Request) -> Iterator[bytes]:
    """What was sent, as it comes."""
    while piece := request.stream.read(PIECE):
        yield piece


@dataclass(frozen=True)
class Call:
    """Held under the state's lock while it is answered."""

    request: Request
    user: User
    region: Region
    state: State
    sent: Content | None = None
    """The bytes of an image, if those were sent."""

    @property
    def now(self) -> str:
        return stamp(self.state.clock())

    def image(self, image_id: str) -> Json:
        return seen(self.user, self.region, image_id)

    def image_of_members(self, image_id: str) -> Json:
        """The same; these operations say it in other words."""
        return seen(self.user, self.region, image_id, "Image {} not found.")

    def body(self) -> Any:
        """The request's JSON, whatever it is."""
        if not self.request.get_data():
            raise Refusal(400, "Body expected in request.")
        body = self.request.get_json(force=True, silent=True)
        if body is None:
            raise Refusal(400, "Malformed JSON in request body.")
        return body
