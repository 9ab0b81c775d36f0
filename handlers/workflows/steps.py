"""
Custom steps of Slack's Workflow Builder: *Share an image*, and *Wait for an answer*.

The person who builds a workflow decides what a step is given, and the one who starts it may not
have read it. So a step shares nothing: it asks the person who started the workflow, who then shares
as usual, with their own rights and under the account's policy. The step ends with the outcome.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from cloud.errors import CloudError
from cloud.models import Member
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image, reasons
from handlers.core.button_values import unpack
from handlers.core.command_line import as_word
from handlers.core.errors import NoImageSaid, NoSuchImage, UserError
from handlers.core.find_image import Found
from handlers.core.interactions import Click, Command, Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.request_context import RequestContext
from handlers.core.services import Services
from handlers.sharing import members
from handlers.sharing.durations import parse_duration
from handlers.sharing.errors import NotShareable, ShareWithSelf
from handlers.sharing.parse import check_reason
from handlers.ui.error_words import words
from handlers.workflows.errors import NotOneAccount, NotShared, StepEnded
from handlers.workflows.views import steps as views
from storage import Approval, ApprovalState, Role, Share, StepRun
from storage.errors import Unreachable

log = logging.getLogger(__name__)

SHARE, WAIT = "share_image", "wait_for_answer"
"""As manifest.json names them."""
GIVEN = "the step *Share an image*, with an image and an account"
PATIENCE: Mapping[str, timedelta] = {SHARE: timedelta(days=7), WAIT: timedelta(days=30)}
"""How long a step waits for people before it fails."""
BEGINS_WITHIN = timedelta(minutes=5)
TOLD_AGAIN_S = 3600.0
"""How long a step is remembered that may have ended: Slack repeats an event for up to an hour."""
NOT_DONE = frozenset({ApprovalState.DENIED, ApprovalState.EXPIRED, ApprovalState.WITHDRAWN})
FAILED = frozenset({ApprovalState.FAILED, ApprovalState.UNKNOWN})
"""It was approved, and carrying it out came to nothing, as far as is known."""
OPEN = frozenset({ApprovalState.WAITING, ApprovalState.APPROVED, ApprovalState.RUNNING})


@dataclass(frozen=True)
class Start:
    """A step that Slack has begun."""

    run_id: str
    step: str
    person: Person
    """Who started the workflow."""
    inputs: Mapping[str, str]
    link: str
    """Where the conversation with the bot is."""


def begin(start: Start, services: Services) -> None:
    """Start a step, once. An error ends it, with words for the person who started it."""
    store = services.store
    who = start.person
    if not store.once.claim(f"step {start.run_id}", TOLD_AGAIN_S):
        return
    if not store.step_runs.begin(start.run_id, start.step, who.team_id, who.user_id, start.link):
        return
    needs = Role.OPERATOR if start.step == SHARE else Role.VIEWER
    context = RequestContext(who, needs=needs)
    try:
        _BEGIN[start.step](start, services.for_request(context))
    except (UserError, CloudError, Unreachable) as error:
        log.info("step %s of %s: %s", start.step, who.actor, type(error).__name__)
        store.step_runs.end(start.run_id, None, views.failure(words(_for_managers(error))))


def _for_managers(error: Exception) -> Exception:
    """Name no other image of the person: those who manage the workflow read why it failed."""
    return replace(error, near=()) if isinstance(error, NoSuchImage) else error


def look(run: StepRun, services: Services) -> StepRun | None:
    """
    End a run if its share was made or answered, or if nobody can end it any more.

    Args:
        run: as its worker has claimed it.

    Returns:
        The run as it has ended; None if it is still pending.

    Raises:
        storage.errors.LostClaim: it was ended meanwhile, or is to be looked at again.
    """
    ending = _ending(run, services)
    return services.store.step_runs.end_claimed(run, *ending) if ending else None


def decline_clicked(click: Click, services: Services) -> Message:
    """
    Decline to share: the button of the person who started the workflow.

    Raises:
        StepEnded: there is nothing to decline any more, or it is somebody else's.
    """
    run = services.store.step_runs.get(unpack(click.value, 1)[0])
    if run is None or Person(run.team_id, run.user_id) != click.person or _outcome(run, services):
        raise StepEnded
    asked_for = any(each.state in OPEN for each in _requests(run, services))
    if not services.store.step_runs.end(run.id, None, views.declined_by(click.person.user_id)):
        raise StepEnded
    return views.declined(asked_for=asked_for)


def _begin_share(start: Start, services: Services) -> None:
    found, number = _image_and_account(start, services)
    if number == found.account.project_id:
        raise ShareWithSelf(number)
    how_long = start.inputs.get("duration", "").strip()
    span = parse_duration(how_long) if how_long else None
    because = as_word(start.inputs.get("reason", ""))
    check_reason(because)
    because = reasons.tidy(because)
    member = _member(found, number, services) if span is None else None
    nicknames = recipients.nicknames(found.account, services)
    question = views.asked(found.image, number, nicknames, span, because, start.run_id)
    with services.store.together():
        _wait_for(start, found, number, services)
        if member:
            outputs = _outputs(member.status, found.image.id, number, start.link)
            services.store.step_runs.end(start.run_id, outputs)
        else:
            notify(start.person, question, services.store, f"step {start.run_id}")


def _begin_waiting(start: Start, services: Services) -> None:
    found, number = _image_and_account(start, services)
    team_id, cloud = found.account.team_id, found.account.cloud
    if _share(team_id, cloud, found.image.region, found.image.id, number, services) is None:
        raise NotShared(found.image.name or found.image.id, number)
    _wait_for(start, found, number, services)


def _member(found: Found, number: str, services: Services) -> Member | None:
    """The account's row among the image's members; what cannot be shared yet has none."""
    try:
        everyone = members.list_members(found.account, found.image, services)
    except NotShareable:
        return None
    return next((each for each in everyone if each.member_id == number), None)


_BEGIN: Mapping[str, Callable[[Start, Services], None]] = {
    SHARE: _begin_share,
    WAIT: _begin_waiting,
}


def _image_and_account(start: Start, services: Services) -> tuple[Found, str]:
    """
    Find what a step is about: an image that the person's account owns.

    Raises:
        NoImageSaid, NotOneAccount: no image is given, or none or several accounts.

        PublicImage, NotOwner: the account does not own it.

        UserError, cloud.errors.CloudError: as `share` says.
    """
    image, given = start.inputs.get("image", "").strip(), start.inputs.get("account", "").split()
    if not image:
        raise NoImageSaid(GIVEN)
    command = Command(start.person, "share", (image, *given))
    found = find_image.find_image(command, command.words[0], services)
    cloud_roles.must_own(found.image, found.account, "share")
    numbers = recipients.account_numbers(command, found.account, given, services)
    if len(numbers) != 1:
        raise NotOneAccount(" ".join(given) or "nothing")
    return found, numbers[0]


def _wait_for(start: Start, found: Found, number: str, services: Services) -> None:
    services.store.step_runs.wait_for(
        start.run_id,
        account_id=found.account.id,
        cloud=found.account.cloud,
        region=found.image.region,
        image_id=found.image.id,
        image_name=found.image.name,
        number=number,
    )


def _ending(run: StepRun, services: Services) -> tuple[Mapping[str, str] | None, str] | None:
    """The outcome of a run: outputs, or why it failed; None if it has to wait."""
    if not run.image_id:
        interrupted = services.clock() - run.created_at > BEGINS_WITHIN
        return (None, views.INTERRUPTED) if interrupted else None
    if outcome := _outcome(run, services):
        return outcome, ""
    why = _hopeless(run, services)
    return (None, why) if why else None


def _outcome(run: StepRun, services: Services) -> Mapping[str, str] | None:
    """The outputs of a run; None if it has to wait, or has failed."""
    share = _share_of(run, services)
    if share is None:
        return None
    if run.step == WAIT:
        return _answer(share, services) if share.answered_at else None
    made = share.shared_at >= run.created_at
    return _outputs(share.status, share.image_id, share.number, run.link) if made else None


def _hopeless(run: StepRun, services: Services) -> str:
    """Why a run cannot succeed; "" if it may."""
    if services.store.accounts.get(run.account_id) is None:
        return views.UNLINKED
    if run.step == WAIT and _share_of(run, services) is None:
        return views.ENDED
    if services.clock() - run.created_at > PATIENCE[run.step]:
        return views.NOBODY[run.step]
    states = {each.state for each in _requests(run, services)}
    if states & OPEN:
        return ""  # what was refused or has failed was asked for again
    if states & FAILED:
        return views.FAILED
    return views.REFUSED if states & NOT_DONE else ""


def _requests(run: StepRun, services: Services) -> Sequence[Approval]:
    """The requests for approval of what a run has proposed."""
    target = f"{run.image_id} with "
    return [
        each
        for each in services.store.approvals.of(run.team_id, run.user_id)
        if each.created_at >= run.created_at
        and each.action == "image.share"
        and each.target.startswith(target)
        and run.number in each.target.removeprefix(target).split()
    ]


def _share_of(run: StepRun, services: Services) -> Share | None:
    return _share(run.team_id, run.cloud, run.region, run.image_id, run.number, services)


def _share(
    team_id: str, cloud: str, region: str, image_id: str, number: str, services: Services
) -> Share | None:
    shares = services.store.shares.of_image(team_id, cloud, region, image_id)
    return next((each for each in shares if each.number == number), None)


def _outputs(status: str, image_id: str, number: str, link: str) -> Mapping[str, str]:
    """What later steps of the workflow can use; manifest.json names the same."""
    return {"status": status, "image": image_id, "account": number, "link": link}


def _answer(share: Share, services: Services) -> Mapping[str, str]:
    """As `_outputs`, of a step that waits for an answer."""
    return {
        "status": share.status,
        "by": _answered_by(share, services),
        "image": share.image_id,
        "account": share.number,
    }


def _answered_by(share: Share, services: Services) -> str:
    """Mention who gave this answer; "" if that was not a person of this workspace, here."""
    store = services.store
    for each in store.accounts.of_cloud(share.team_id, share.cloud):
        if each.project_id != share.number:
            continue
        known = store.invitations.find(each.id, share.region, share.image_id)
        actor = known.answered_by or "" if known and known.state == share.status else ""
        team_id, _, user_id = actor.partition("/")
        if team_id == share.team_id and user_id and "/" not in user_id:
            return Person(team_id, user_id).mention
    return ""
