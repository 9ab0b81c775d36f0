"""The scheduled jobs: which work is due, and how much of it at a time."""

from __future__ import annotations

import time

from bot.wiring import Runtime
from bot.work import deliver
from bot.work.displays import DISPLAYS
from bot.work.engine import Engine
from bot.work.looks import LOOKS
from bot.work.notices import NOTICES
from bot.work.people import DIGESTS, ESCALATIONS, PROFILES
from bot.work.regions import APPROVALS, EXPIRIES, FIGURES
from bot.work.shared_images import SHARED_IMAGES
from bot.work.workflow_steps import WORKFLOW_STEPS
from handlers.notifications import send_digests

GLANCE_S = 0.05


def invitations(runtime: Runtime, *, now: bool = False) -> None:
    """
    Look everywhere once, then have all said that is due.

    Args:
        now: treat every digest as due.
    """
    look_everywhere(runtime)
    profiles(runtime)
    if now:
        send_digests.enqueue_all_now(runtime.services)
    else:
        digests(runtime)
    escalations(runtime)


def profiles(runtime: Runtime) -> None:
    """Ask Slack about everybody who is due."""
    Engine(runtime, {"profiles": PROFILES}).run_dry()


def escalations(runtime: Runtime) -> None:
    """Look at each account's second contact whether to notify them."""
    runtime.store.contacts.make_all_due()
    Engine(runtime, {"escalations": ESCALATIONS}).run_dry()


def digests(runtime: Runtime) -> None:
    """Enqueue each digest that is due."""
    Engine(runtime, {"digests": DIGESTS}).run_dry()


def look_everywhere(runtime: Runtime) -> None:
    """
    Bring what is known of every account and region in line with the cloud.

    What other workers are just looking at is waited for, but no longer than a look may take.
    """
    places = runtime.store.places
    places.reconcile()  # the last release links accounts without them
    places.make_all_due()
    Engine(runtime, {"looks": LOOKS}).run_dry()
    deadline = time.monotonic() + runtime.settings.look_deadline_s
    while places.claims.under_way() and time.monotonic() < deadline:
        if runtime.stopping.wait(GLANCE_S):
            break


def find_news(runtime: Runtime) -> None:
    """Make people due who were not notified of something."""
    runtime.store.news.find()


def notices(runtime: Runtime) -> None:
    """Send instant notifications to those who want them."""
    find_news(runtime)
    Engine(runtime, {"notices": NOTICES}).run_dry()


def shares(runtime: Runtime) -> None:
    """Look at every image shared through the bot, and remind of what is pending for too long."""
    runtime.store.shared_images.make_all_due()
    Engine(runtime, {"shared_images": SHARED_IMAGES}).run_dry()


def displays(runtime: Runtime) -> None:
    """Have drawn again what shows something that has changed."""
    Engine(runtime, {"displays": DISPLAYS}).run_dry()


def delivery(runtime: Runtime) -> None:
    """Draw what is due to be drawn again, then deliver all that is due."""
    displays(runtime)
    deliver.run(runtime)


def expiries(runtime: Runtime) -> None:
    """End the shares that have expired, and remind people of those that expire soon."""
    Engine(runtime, {"expiries": EXPIRIES}).run_dry()


def approvals(runtime: Runtime) -> None:
    """Carry out what is approved, end what has lapsed, remind of what is pending."""
    Engine(runtime, {"approvals": APPROVALS}).run_dry()


def workflow_steps(runtime: Runtime) -> None:
    """End the steps whose share was made or answered, and tell Slack."""
    Engine(runtime, {"workflow_steps": WORKFLOW_STEPS}).run_dry()


def figures(runtime: Runtime) -> None:
    """Count the images that were not counted today."""
    runtime.store.figures.reconcile()
    Engine(runtime, {"figures": FIGURES}).run_dry()
