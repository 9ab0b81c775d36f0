"""What people see of steps in workflows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.core.replies import Message
from handlers.workflows.errors import NotOneAccount, NotShared, StepEnded
from handlers.workflows.views import steps
from sandbox.gallery.values import CONSUMER, ODD, image

RUN_ID = "Fx0123456789"
ERRORS = (
    NotOneAccount("2200222 3300333"),
    NotOneAccount(ODD),
    NotShared(ODD, CONSUMER),
    StepEnded(),
)


def samples() -> Iterator[tuple[str, Message]]:
    names = {CONSUMER: "partner"}
    yield "step asks", steps.asked(image(), CONSUMER, names, None, "", RUN_ID)
    yield (
        "step asks, for a time, with a reason",
        steps.asked(image(), CONSUMER, {}, timedelta(days=7), ODD[:200], RUN_ID),
    )
    yield "step declined", steps.declined()
    yield "step declined, a request is open", steps.declined(asked_for=True)
