"""Words for the app's Home: a person's accounts, invitations, requests and transfers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.accounts.views import accounts
from handlers.approvals.views import requests as approvals
from handlers.core.button_values import pack
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.core.roles import AccountAccess
from handlers.home.views.home_facts import HomeFacts, Schedule, Steps
from handlers.invitations.views import cards
from handlers.notifications.views.preferences import OPEN
from handlers.transfers.views import transfers
from handlers.ui import rows
from handlers.ui.alerts import small_warning
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    header,
    listed,
    mono,
    section,
    short_id,
    strong,
)
from handlers.ui.image_buttons import OPEN_SHARE, MembersPage, Origin, answer_buttons
from handlers.ui.labels import tally
from handlers.ui.rows import facts
from storage import Account, Drawing, Share

LINK = "home.link"
IMAGES = "home.images"
INVITATIONS = "home.invitations"
STATUS = "home.status"
UNLINK = "home.unlink"
TRANSFER = "home.transfer"
MEMBERS = "home.members"

MOST_BLOCKS = 100
"""Of a home tab, as Slack takes it."""
INVITATIONS_SHOWN = 8
REQUESTS_SHOWN = 4
TRANSFERS_SHOWN = 5
ACCOUNTS_SHOWN = 8
SHARES_SHOWN = 5


@dataclass(frozen=True)
class Home:
    """What the home tab of one person shows."""

    blocks: tuple[Block, ...]
    drawing: Drawing | None = None
    """How to draw it again when something has changed; None if it could not be drawn."""


def home(facts: HomeFacts, result: str = "") -> Home:
    """Draw the tab from the database, without asking a cloud; *result* is what a click just did."""
    blocks = [section(result)] if result else []
    blocks += _steps(facts.steps)
    if facts.accesses:
        blocks += _invitations(facts)
        blocks += _shares(facts.shares)
    if facts.decidable or facts.asked:
        decidable, asked = facts.decidable[:REQUESTS_SHOWN], facts.asked[:REQUESTS_SHOWN]
        blocks += [header("Approvals"), *approvals.requests(decidable, asked).blocks]
        blocks += _more(len(facts.decidable) + len(facts.asked) - len(decidable) - len(asked))
    blocks += _transfers(facts)
    blocks += _accounts(facts.accesses)
    blocks += _schedules(facts)
    return Home(_within_limit(blocks))


def broken(text: str) -> Home:
    """Say that the tab could not be drawn."""
    return Home((section(text), context("To try again, leave this tab and come back.")))


def installed() -> Message:
    """Welcome the person who has installed the app."""
    return _welcome("Cloud Images is installed. In short:", linked=False)


def welcome() -> Message:
    """Welcome a person who has linked their first account."""
    return _welcome("Your first account is linked. In short:", linked=True)


def _welcome(text: str, *, linked: bool) -> Message:
    lines = (
        "• `/images list` and `/images show`: the images in all your regions\n"
        "• `/images share` and `/images accept`: share images, and accept those shared with you\n"
        "• I'll notify you of pending invitations. The cloud itself doesn't."
    )
    first = _link_button("Link another account" if linked else "Link an account")
    row = buttons(first, _images_button(), _invitations_button())
    return Message(text, (section(f"{text}\n{lines}"), row))


def _steps(steps: Steps) -> list[Block]:
    """Return the checklist; nothing once all of it is done."""
    if steps.done:
        return []
    link = "Link a cloud account on a secure page."
    look = "List your images."
    return [
        header("First steps"),
        section(f"{_tick(done=steps.linked)} {link}", None if steps.linked else _link_button()),
        section(
            f"{_tick(done=steps.viewed_images)} {look}",
            _images_button() if steps.linked and not steps.viewed_images else None,
        ),
        section(
            f"{_tick(done=steps.chose_schedule)} Choose when to be notified.",
            _schedule_button() if steps.linked and not steps.chose_schedule else None,
        ),
    ]


def _invitations(facts: HomeFacts) -> list[Block]:
    shown = facts.invitations[:INVITATIONS_SHOWN]
    blocks = [header("Invitations")]
    if not shown:
        blocks.append(section("No pending invitations."))
    for card in shown:
        answers = answer_buttons(
            card.place,
            card.status,
            Origin.HOME,
            name=card.name,
            primary=False,
        )
        blocks += cards.row(card, facts.now, answers if card.may_answer else ())
    hushed = f"{counted(facts.silenced_count, 'invitation')} snoozed or muted."
    blocks += [context(hushed)] if facts.silenced_count else []
    blocks += _more(len(facts.invitations) - len(shown))
    if shown:
        blocks.append(context(cards.MEANING))
    return [*blocks, buttons(_invitations_button())]


def _shares(shares: Sequence[Share]) -> list[Block]:
    """List what the person has shared, a row for each image with its answers."""
    by_image: dict[tuple[str, str], list[Share]] = {}
    for each in shares:
        by_image.setdefault((each.region, each.image_id), []).append(each)
    share = buttons(button("Share an image…", OPEN_SHARE, pack()))
    if not by_image:
        return [share]
    blocks = [header("Shared by you")]
    for of_image in list(by_image.values())[:SHARES_SHOWN]:
        blocks += _shared_image(of_image)
    return [*blocks, *_more(len(by_image) - SHARES_SHOWN), share]


def _shared_image(shares: Sequence[Share]) -> list[Block]:
    """**web** · 3 accounts, and below it: DFW · 2 accepted, 1 pending · `1a2b3c4d`."""
    first, answers = shares[0], tally(each.status for each in shares)
    place = ImageRef(first.account_id, first.region, first.image_id)
    name = first.image_name or short_id(first.image_id)
    return rows.row(
        facts(strong(first.image_name), counted(len(shares), "account")),
        facts(first.region, ", ".join(answers), mono(short_id(first.image_id))),
        [
            button("Members", MEMBERS, MembersPage(place).value(), label=f"Members of {name}"),
            button("Share…", OPEN_SHARE, place.value(), label=f"Share… {name}"),
        ],
    )


def _transfers(facts: HomeFacts) -> list[Block]:
    if not facts.transfers:
        return []
    shown = facts.transfers[:TRANSFERS_SHOWN]
    blocks = [header("Running")]
    for each in shown:
        details = button("Details", TRANSFER, pack(each.id), label=f"Details of {each.title}")
        blocks += transfers.row(each, facts.now, details)
    return [*blocks, *_more(len(facts.transfers) - len(shown))]


def _accounts(accesses: Sequence[AccountAccess]) -> list[Block]:
    if not accesses:
        return []
    blocks = [header("Accounts")]
    for number, each in enumerate(accesses[:ACCOUNTS_SHOWN]):
        unlink = [_unlink_button(each.account)] if each.own else []
        blocks += accounts.row(each, first=number == 0, more=unlink)
        blocks += _trouble(each.account)
    status = button("Check accounts", STATUS, pack())
    more = _more(len(accesses) - ACCOUNTS_SHOWN)
    return [*blocks, *more, buttons(_link_button("Link another"), status)]


def _unlink_button(account: Account) -> Block:
    label = f"Unlink {account.project_id}"
    return button("Unlink…", UNLINK, pack(account.id), label=label)


def _trouble(account: Account) -> tuple[Block, ...]:
    if not account.trouble:
        return ()
    return (small_warning("Its invitations could not be checked. See `/images status`."),)


def _schedules(facts: HomeFacts) -> list[Block]:
    if not facts.schedules:
        return []
    lines = [
        f"• account {code(each.number)}: {_schedule(each, facts.now)}" for each in facts.schedules
    ]
    return [
        header("Notifications"),
        section("\n".join(lines[:ACCOUNTS_SHOWN]), _schedule_button("Change…")),
    ]


def _schedule(schedule: Schedule, now: datetime) -> str:
    if not (schedule.digests or schedule.instant):
        return "off."
    if schedule.paused_until and schedule.paused_until > now:
        return f"paused until {date(schedule.paused_until)}."
    ways = ["at once"] if schedule.instant else []
    if schedule.digests:
        upcoming = f", next {date(schedule.next_at)}" if schedule.next_at else ""
        ways.append(f"in a digest{upcoming}")
    return f"{listed(ways)}."


def _link_button(text: str = "Link an account") -> Block:
    return button(text, LINK, pack())


def _schedule_button(text: str = "Choose…") -> Block:
    return button(text, OPEN, pack(""))


def _images_button() -> Block:
    return button("List images", IMAGES, pack())


def _invitations_button() -> Block:
    return button("Show invitations", INVITATIONS, pack())


def _tick(*, done: bool) -> str:
    return ":white_check_mark:" if done else ":white_large_square:"


def _more(count: int) -> list[Block]:
    return [context(f"…and {count} more.")] if count > 0 else []


def _within_limit(blocks: Sequence[Block]) -> tuple[Block, ...]:
    if len(blocks) <= MOST_BLOCKS:
        return tuple(blocks)
    left_out = context("This tab can't show everything. To list it: `/images help`")
    return (*blocks[: MOST_BLOCKS - 1], left_out)
