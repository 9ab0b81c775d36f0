"""
Custom steps of Slack's Workflow Builder: *Share an image*, and *Wait for an answer*.

The person who builds a workflow decides what a step is given, and the one who starts it may not
have read it. So a step shares nothing: it asks the person who started the workflow, who then shares
as usual, with their own rights and under the account's policy. The step ends with the outcome.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cloud.errors import CloudError
from handlers.addressbook import recipients
from handlers.core import cloud_roles, find_image
from handlers.core.button_values import unpack
from handlers.core.command_line import as_word
from handlers.core.errors import NoImageSaid, UserError
from handlers.core.find_image import Found
from handlers.core.interactions import Click, Command, Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.request_context import RequestContext
from handlers.core.services import Services
from handlers.sharing.durations import parse_duration
from handlers.sharing.parse import check_reason
from handlers.ui.error_words import words
from handlers.workflows.errors import NotOneAccount, NotShared, StepEnded
from handlers.workflows.views import steps as views
from storage import Account, ApprovalState, Role, Share, StepRun
from storage.errors import Unreachable

log = logging.getLogger(__name__)

SHARE, WAIT = "share_image", "wait_for_answer"
"""As manifest.json names them."""
GIVEN = "the step *Share an image*, with an image and an account"
PATIENCE: Mapping[str, timedelta] = {SHARE: timedelta(days=7), WAIT: timedelta(days=30)}
"""How long a step waits for people before it fails."""
BEGINS_WITHIN = timedelta(minutes=5)
NOT_DONE = (ApprovalState.DENIED, ApprovalState.EXPIRED, ApprovalState.WITHDRAWN)


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
    if not store.step_runs.begin(start.run_id, start.step, who.team_id, who.user_id, start.link):
        return
    needs = Role.OPERATOR if start.step == SHARE else Role.VIEWER
    context = RequestContext(who, needs=needs)
    try:
        _BEGIN[start.step](start, services.for_request(context))
    except (UserError, CloudError, Unreachable) as error:
        log.info("step %s of %s: %s", start.step, who.actor, type(error).__name__)
        store.step_runs.end(start.run_id, None, views.failure(words(error)))


def look(run: StepRun, services: Services) -> StepRun | None:
    """
    End a run if its share was made or answered, or if nobody can end it any more.

    Args:
        run: as its worker has claimed it.

    Returns:
        The run as it has ended; None if it still waits.

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
    if run is None or Person(run.team_id, run.user_id) != click.person:
        raise StepEnded
    if not services.store.step_runs.end(run.id, None, views.declined_by(click.person.user_id)):
        raise StepEnded
    return views.declined()


def _begin_share(start: Start, services: Services) -> None:
    found, number = _image_and_account(start, services)
    account, image = found.account, found.image
    cloud_roles.must_own(image, account, "share")
    span = parse_duration(start.inputs["duration"]) if start.inputs.get("duration") else None
    because = as_word(start.inputs.get("reason", ""))
    check_reason(because)
    shared = _share(account, image.region, image.id, number, services)
    nicknames = recipients.nicknames(account, services)
    question = views.asked(image, number, nicknames, span, because, start.run_id)
    with services.store.together():
        _wait_for(start, found, number, services)
        if shared and span is None:
            services.store.step_runs.end(start.run_id, _outputs(shared, start.link))
        else:
            notify(start.person, question, services.store, f"step {start.run_id}")


def _begin_waiting(start: Start, services: Services) -> None:
    found, number = _image_and_account(start, services)
    if _share(found.account, found.image.region, found.image.id, number, services) is None:
        raise NotShared(found.image.name, number)
    _wait_for(start, found, number, services)


_BEGIN: Mapping[str, Callable[[Start, Services], None]] = {
    SHARE: _begin_share,
    WAIT: _begin_waiting,
}


def _image_and_account(start: Start, services: Services) -> tuple[Found, str]:
    """
    Find what a step is about.

    Raises:
        NoImageSaid, NotOneAccount: no image is given, or none or several accounts.

        UserError, cloud.errors.CloudError: as `share` says.
    """
    image, given = start.inputs.get("image", "").strip(), start.inputs.get("account", "").split()
    if not image:
        raise NoImageSaid(GIVEN)
    command = Command(start.person, "share", (image, *given))
    found = find_image.find_image(command, command.words[0], services)
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
    """What a run has come to: outputs, or why it failed; None if it has to wait."""
    if not run.image_id:
        interrupted = services.clock() - run.created_at > BEGINS_WITHIN
        return (None, views.INTERRUPTED) if interrupted else None
    if outcome := _outcome(run, services):
        return outcome, ""
    why = views.ENDED if outcome is not None else _hopeless(run, services)
    return (None, why) if why else None


def _outcome(run: StepRun, services: Services) -> Mapping[str, str] | None:
    """What a run has come to; an empty one if its share has ended, None if it has to wait."""
    account = services.store.accounts.get(run.account_id)
    if account is None:
        return {}
    share = _share(account, run.region, run.image_id, run.number, services)
    if run.step == SHARE:
        return _outputs(share, run.link) if share and share.shared_at >= run.created_at else None
    if share is None:
        return {}
    return _answer(share, services) if share.answered_at else None


def _hopeless(run: StepRun, services: Services) -> str:
    """Why a run will come to nothing; "" if it may."""
    if services.clock() - run.created_at > PATIENCE[run.step]:
        return views.NOBODY[run.step]
    if run.step == SHARE and _was_refused(run, services):
        return views.REFUSED
    return ""


def _was_refused(run: StepRun, services: Services) -> bool:
    """Whether the approval that the share needed was not given."""
    target = f"{run.image_id} with "
    return any(
        each.state in NOT_DONE
        and each.created_at >= run.created_at
        and each.action == "image.share"
        and each.target.startswith(target)
        and run.number in each.target.removeprefix(target).split()
        for each in services.store.approvals.of(run.team_id, run.user_id)
    )


def _share(
    account: Account, region: str, image_id: str, number: str, services: Services
) -> Share | None:
    shares = services.store.shares.of_image(account.team_id, account.cloud, region, image_id)
    return next((each for each in shares if each.number == number), None)


def _outputs(share: Share, link: str) -> Mapping[str, str]:
    """What later steps of the workflow can use; manifest.json names the same."""
    return {
        "status": share.status,
        "image": share.image_id,
        "account": share.number,
        "link": link,
    }


def _answer(share: Share, services: Services) -> Mapping[str, str]:
    """As `_outputs`, of a step that waits for an answer."""
    store = services.store
    consumers = [
        each
        for each in store.accounts.of_cloud(share.team_id, share.cloud)
        if each.project_id == share.number
    ]
    known = [store.invitations.find(each.id, share.region, share.image_id) for each in consumers]
    by = next((each.answered_by for each in known if each and each.answered_by), "")
    return {
        "status": share.status,
        "by": f"<@{by.rpartition('/')[2]}>" if by else "",
        "image": share.image_id,
        "account": share.number,
    }
