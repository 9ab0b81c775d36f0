"""The home tab, and messages to new people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.core.replies import Message, Modal
from handlers.core.roles import AccountAccess
from handlers.home.views import home, home_facts
from sandbox.gallery import transfers
from sandbox.gallery.approvals import TWO, WANTED
from sandbox.gallery.tracking import SHARE
from sandbox.gallery.values import CONSUMER, CONSUMERS, NOW, ODD, OWN, PRODUCER, card
from storage import Kind, Role

RUNNING = transfers.transfer(Kind.EXPORT, transfers.EXPORT)
FULL = home_facts.HomeFacts(
    now=NOW,
    steps=home_facts.Steps(linked=True),
    invitations=[
        card(1),
        card(2, image_name=ODD, region="ORD", may_answer=False),
    ],
    silenced_count=1,
    decidable=[WANTED],
    asked=[TWO],
    shares=[
        SHARE,
        replace(SHARE, number="3300333", status="accepted"),
        replace(SHARE, image_id="another", image_name=ODD),
    ],
    transfers=[RUNNING],
    accesses=[
        AccountAccess(CONSUMERS, Role.ADMIN),
        AccountAccess(replace(OWN, trouble={"DFW": "no answer"}), Role.VIEWER, own=False),
    ],
    schedules=[
        home_facts.Schedule(CONSUMER, True, True, next_at=NOW + timedelta(days=1)),
        home_facts.Schedule(PRODUCER, False, False),
        home_facts.Schedule("4400444", True, False, paused_until=NOW + timedelta(days=3)),
    ],
)
CROWDED = replace(
    FULL,
    invitations=[card(n, image_name=ODD) for n in range(1, 30)],
    decidable=[TWO] * 30,
    asked=[WANTED] * 30,
    shares=[replace(SHARE, image_id=f"i-{n}", image_name=ODD) for n in range(30)],
    transfers=[RUNNING] * 30,
    accesses=[AccountAccess(CONSUMERS, Role.ADMIN)] * 30,
    schedules=[*FULL.schedules] * 10,
)


def homes() -> Iterator[tuple[str, home.Home]]:
    yield "home of someone new", home.home(home_facts.HomeFacts(NOW))
    yield "home", home.home(FULL)
    yield "home after a click", home.home(FULL, "<@U2> accepted `web-server-1`.")
    steps = home_facts.Steps(linked=True, viewed_images=True, chose_schedule=True)
    idle = replace(home_facts.HomeFacts(NOW, steps), accesses=FULL.accesses[:1])
    yield "home with nothing to do", home.home(idle)
    yield "home, crowded", home.home(CROWDED)
    yield "home that broke", home.broken("Something broke on our side (reference 1a2b3c4d).")


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield "welcome after installing", home.installed()
    yield "welcome after the first account", home.welcome()
