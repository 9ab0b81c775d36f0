"""Trouble that is switched on, and lasts until it is switched off."""

from __future__ import annotations

import threading
from enum import StrEnum

from werkzeug.wrappers import Request, Response

from sandbox.cloud.errors import Refusal, image_error, v2_error, v3_error
from sandbox.cloud.routes import split
from sandbox.cloud.state import State

SLOW_S = 4.0
"""Seconds that each answer of a slow cloud takes."""
HANGING_S = 120.0
"""Longer than anybody waits for an answer."""
FULL_MEMBERS = (
    "The limit has been exceeded on the number of allowed image members for this image. "
    "Attempted: 129, Maximum: 128."
)
FULL_IMAGES = "The limit has been exceeded on the number of allowed images: quota 100, in use 100."
EXPIRED = "Unable to authenticate user with credentials provided."


class CloudTrouble(StrEnum):
    SLOW = "cloud-slow"
    """Images answers after SLOW_S."""
    HANGING = "region-hanging"
    """The last region does not answer at all."""
    EXPIRED = "login-expired"
    """No token is good any more, and nobody can log in."""
    QUOTA = "quota"
    """The cloud takes no new image, member or object."""


class CloudSwitches:
    """Which trouble is on, and what it does to requests."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._on: set[CloudTrouble] = set()
        self._changed = threading.Condition()
        self._over = False

    def is_on(self, trouble: CloudTrouble) -> bool:
        return trouble in self._on

    def turn(self, trouble: CloudTrouble, *, on: bool) -> None:
        with self._changed:
            (self._on.add if on else self._on.discard)(trouble)
            self._changed.notify_all()
        if on and trouble is CloudTrouble.EXPIRED:
            with self._state.lock:
                self._state.tokens.clear()

    def clear(self) -> None:
        with self._changed:
            self._on.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Keep nobody waiting any longer."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def answer(self, request: Request) -> Response | None:
        """What is answered instead, if anything; who is to wait has waited."""
        if self._is_of_last_region(request):
            self._wait(CloudTrouble.HANGING, HANGING_S)
        if split(request.path)[0] in self._state.regions:
            self._wait(CloudTrouble.SLOW, SLOW_S)
        if self.is_on(CloudTrouble.EXPIRED) and _is_login(request):
            v2 = request.path.startswith("/v2.0")
            return v2_error(401, "unauthorized", EXPIRED) if v2 else v3_error(401, EXPIRED)
        return self._full(request) if self.is_on(CloudTrouble.QUOTA) else None

    def _wait(self, trouble: CloudTrouble, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._over or trouble not in self._on, seconds)

    def _is_of_last_region(self, request: Request) -> bool:
        *_, last = self._state.regions
        return last in request.path.split("/")[1:3]

    def _full(self, request: Request) -> Response | None:
        region, _, path = split(request.path)
        if region in self._state.regions and request.method == "POST":
            if path == "/images":
                return image_error(request, Refusal(413, FULL_IMAGES))
            if path.endswith("/members"):
                return image_error(request, Refusal(413, FULL_MEMBERS))
        if request.path.startswith("/files/") and request.method == "PUT":
            return Response("Upload exceeds quota.", 413, mimetype="text/plain")
        return None


def _is_login(request: Request) -> bool:
    return request.method == "POST" and request.path in ("/v2.0/tokens", "/v3/auth/tokens")
