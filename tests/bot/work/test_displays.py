"""Every copy of an invitation, of a list of requests and of a home shows what is so now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from bot.wiring import Runtime
from bot.work import deliver, jobs
from bot.work.displays import HOME_SEEN
from cloud.models import MemberStatus
from handlers import Message as Words
from handlers import Person
from handlers.approvals import requests
from handlers.core.button_values import pack
from handlers.core.notify import notify
from handlers.invitations import inbox
from handlers.invitations.share_records import record_unshare
from handlers.ui.rows import MORE
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from sandbox.slack.state import CHANNEL_ID, Message
from storage import Account, Guarded, Mode, Policy, Preference, Role, Rule, Subject
from storage.work.displays import HOME_PACE
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER, link_to
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S, until

ACCEPT, REJECT = "invitations.accept", "invitations.reject"
BOTH = (CONSUMER_A, CONSUMER_B)
NINE_TOMORROW = datetime(2026, 3, 3, 14, 5, tzinfo=UTC)
"""In New York, where the consumers are."""


@pytest.fixture
def consumers(cloud: CloudStandIn, served: Runtime) -> Mapping[str, Account]:
    """Two people who have linked the same account."""
    number = NUMBERS[CONSUMER_A]
    return {each: link_to(cloud, served, each, region="DFW", number=number) for each in BOTH}


@pytest.fixture
def web(invite: Callable[..., str], consumers: Mapping[str, Account]) -> str:
    return invite("web", CONSUMER_A)


@pytest.fixture
def copies(
    served: Runtime, slack: SlackStandIn, clock: HandClock, web: str
) -> dict[str, list[Message]]:
    """Of each of the two: the notification that they got, and a list that they asked for."""
    jobs.profiles(served)
    jobs.look_everywhere(served)
    clock.advance(seconds=30)
    jobs.notices(served)
    deliver.run(served)
    return {each: [slack.messages(each)[-1], listed(slack, each)] for each in BOTH}


def listed(slack: SlackStandIn, user_id: str, words: str = "invitations") -> Message:
    """The answer to a command in their own conversation with the bot."""
    version = slack.workspace.version
    slack.say(user_id, words)
    return slack.wait_for(user_id, newer_than=version)


@pytest.fixture
def settle(served: Runtime, clock: HandClock) -> Callable[[], None]:
    """Lets a moment pass in which all is drawn that is due."""

    def _settle() -> None:
        clock.advance(seconds=HOME_PACE.total_seconds() + 5)
        jobs.delivery(served)

    return _settle


def now(slack: SlackStandIn, user_id: str, message: Message) -> Message:
    return next(each for each in slack.messages(user_id) if each.ts == message.ts)


def actions(message: Message) -> set[str]:
    return {each["action_id"] for each in message.buttons()}


def everywhere(
    slack: SlackStandIn, copies: Mapping[str, list[Message]], *but: Message
) -> list[Message]:
    left_out = {each.ts for each in but}
    return [
        now(slack, user_id, each)
        for user_id, messages in copies.items()
        for each in messages
        if each.ts not in left_out
    ]


def test_all_copies_offer_an_answer_while_it_is_pending(
    slack: SlackStandIn, copies: dict[str, list[Message]], settle: Callable[[], None]
) -> None:
    settle()

    for each in everywhere(slack, copies):
        assert {ACCEPT, REJECT} <= actions(each)
        assert not each.edited


@pytest.mark.parametrize("answer", [ACCEPT, REJECT])
@pytest.mark.parametrize("pressed", [0, 1])
def test_an_answer_is_seen_in_every_other_copy_of_everybody(
    slack: SlackStandIn,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
    answer: str,
    pressed: int,
) -> None:
    clicked = copies[CONSUMER_B][pressed]

    slack.press(CONSUMER_B, clicked, answer)
    settle()

    for each in everywhere(slack, copies, clicked):
        assert not {ACCEPT, REJECT} & actions(each), each.text
    assert REJECT not in actions(now(slack, CONSUMER_B, clicked))
    notice = now(slack, CONSUMER_A, copies[CONSUMER_A][0])
    done = "accepted" if answer == ACCEPT else "rejected"
    assert f"was {done} for account `{NUMBERS[CONSUMER_A]}` by <@{CONSUMER_B}>" in str(
        notice.blocks
    )
    assert "No pending invitations" in now(slack, CONSUMER_A, copies[CONSUMER_A][1]).text


def test_the_clicked_message_keeps_its_answer(
    slack: SlackStandIn, copies: dict[str, list[Message]], settle: Callable[[], None]
) -> None:
    clicked = copies[CONSUMER_A][0]

    slack.press(CONSUMER_A, clicked, ACCEPT)
    settle()

    assert "accepted `web`" in now(slack, CONSUMER_A, clicked).text


def test_an_answer_by_a_command_is_seen_in_every_copy(
    slack: SlackStandIn, copies: dict[str, list[Message]], settle: Callable[[], None]
) -> None:
    slack.ask(CONSUMER_A, "accept web")
    settle()

    for each in everywhere(slack, copies):
        assert not {ACCEPT, REJECT} & actions(each)


def test_an_answer_at_the_cloud_is_seen_once_a_look_has_found_it(
    served: Runtime,
    slack: SlackStandIn,
    consumers: Mapping[str, Account],
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
    web: str,
) -> None:
    images = served.services.images(consumers[CONSUMER_A], "DFW")
    images.set_member_status(web, MemberStatus.ACCEPTED)

    jobs.look_everywhere(served)
    settle()

    for each in everywhere(slack, copies):
        assert not {ACCEPT, REJECT} & actions(each)
    assert "outside this bot" in str(now(slack, CONSUMER_B, copies[CONSUMER_B][0]).blocks)


def test_what_its_producer_withdraws_is_offered_nowhere(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
    web: str,
) -> None:
    producer = link(PRODUCER)
    served.services.images(producer, "DFW").remove_member(web, NUMBERS[CONSUMER_A])
    record_unshare(producer, "DFW", web, NUMBERS[CONSUMER_A], served.services)

    settle()

    for each in everywhere(slack, copies):
        assert not {ACCEPT, REJECT} & actions(each)
    assert "was withdrawn" in str(now(slack, CONSUMER_A, copies[CONSUMER_A][0]).blocks)


def test_a_snooze_is_seen_in_the_copies_of_who_snoozed_it_alone(
    slack: SlackStandIn, copies: dict[str, list[Message]], settle: Callable[[], None]
) -> None:
    notice, list_ = copies[CONSUMER_A]
    menu = list_.element(MORE)
    week = next(each["value"] for each in menu["options"] if '"1w"' in each["value"])
    slack.press(CONSUMER_A, list_, MORE, value=week)
    settle()

    assert "snoozed until" in str(now(slack, CONSUMER_A, notice).blocks)
    for each in copies[CONSUMER_B]:
        assert not now(slack, CONSUMER_B, each).edited


@pytest.fixture
def digest(served: Runtime, slack: SlackStandIn, clock: HandClock, web: str) -> Message:
    """One of Consumer A's, in a channel."""
    jobs.profiles(served)
    preference = Preference(mode=Mode.DIGEST, channel_id=CHANNEL_ID)
    served.store.preferences.put(TEAM_ID, CONSUMER_A, "", preference)
    jobs.look_everywhere(served)
    clock.now = NINE_TOMORROW
    jobs.digests(served)
    deliver.run(served)
    return next(each for each in slack.messages(PRODUCER) if each.channel_id == CHANNEL_ID)


def test_a_digest_in_a_channel_is_drawn_again_there(
    slack: SlackStandIn, digest: Message, settle: Callable[[], None]
) -> None:
    assert ACCEPT in actions(digest)

    slack.ask(CONSUMER_B, "reject web")
    settle()

    assert not {ACCEPT, REJECT} & actions(now(slack, PRODUCER, digest))


def test_a_digest_in_a_channel_says_nothing_new_once_its_person_is_no_admin(
    served: Runtime,
    slack: SlackStandIn,
    digest: Message,
    consumers: Mapping[str, Account],
    settle: Callable[[], None],
) -> None:
    """Only an admin may send it there, and the next one does not go there either."""
    account, rights = consumers[CONSUMER_A], served.store.rights
    rights.end_proved_admin(account.key, CONSUMER_A)
    rights.grant(account.key, account.id, Subject.PERSON, CONSUMER_A, Role.OPERATOR, CONSUMER_B)

    slack.ask(CONSUMER_B, "reject web")
    settle()

    assert not now(slack, PRODUCER, digest).edited


def test_a_list_that_only_one_person_sees_is_drawn_again_for_half_an_hour(
    slack: SlackStandIn,
    clock: HandClock,
    invite: Callable[..., str],
    served: Runtime,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    """Slack tells where such a message can be edited only once it was clicked."""
    invite("db", CONSUMER_A)
    jobs.look_everywhere(served)
    alone = slack.ask(CONSUMER_A, "invitations")
    assert alone.ephemeral
    slack.press(CONSUMER_A, alone, ACCEPT)

    slack.ask(CONSUMER_B, "accept db")
    slack.ask(CONSUMER_B, "accept web")
    settle()

    assert not {ACCEPT, REJECT} & actions(now(slack, CONSUMER_A, alone))


def test_a_click_on_what_slack_lets_nobody_edit_says_what_is_so(
    slack: SlackStandIn,
    served: Runtime,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    alone = slack.ask(CONSUMER_A, "invitations")
    slack.ask(CONSUMER_B, "accept web")
    settle()
    assert ACCEPT in actions(now(slack, CONSUMER_A, alone))

    answer = slack.press(CONSUMER_A, alone, REJECT)

    assert "had already been accepted" in answer.text
    assert f"<@{CONSUMER_B}>" in answer.text


def test_copies_that_slack_limits_hold_up_no_message(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    """Slack limits edits apart from new messages: the one waits, the others go on."""
    slack.ask(CONSUMER_B, "accept web")
    slack.fail_next("chat.update", "ratelimited")
    settle()
    waiting = taking.undrawn(served.store)

    notify(Person(TEAM_ID, PRODUCER), Words("news"), served.store)
    deliver.run(served)

    assert waiting
    assert [each.text for each in slack.messages(PRODUCER)][-1:] == ["news"]
    clock.advance(minutes=1)
    settle()
    for each in everywhere(slack, copies):
        assert not {ACCEPT, REJECT} & actions(each), each.text


def test_while_slack_limits_edits_it_is_asked_for_no_other(
    served: Runtime,
    slack: SlackStandIn,
    invite: Callable[..., str],
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    """Each new copy of what changes meanwhile would get a refusal of its own."""
    invite("db", CONSUMER_A)
    jobs.look_everywhere(served)
    slack.rate_limit_next(100, retry_after_s=300, method="chat.update")
    slack.ask(CONSUMER_B, "accept web")
    settle()
    refused = edits_asked_for(slack)
    wait_until_kept(served, *(listed(slack, each) for each in BOTH))

    for answer in ("accept db", "reject db"):
        slack.ask(CONSUMER_B, answer)
        settle()

    assert refused
    assert edits_asked_for(slack) == refused
    assert taking.undrawn(served.store)


def edits_asked_for(slack: SlackStandIn) -> int:
    return sum(each.get("method") == "chat.update" for each in slack.calls)


def test_a_message_that_was_deleted_is_not_said_again(
    served: Runtime,
    slack: SlackStandIn,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    notice = copies[CONSUMER_A][0]
    slack.workspace.delete(now(slack, CONSUMER_A, notice))
    count = len(slack.messages(CONSUMER_A))

    slack.ask(CONSUMER_B, "accept web")
    settle()

    assert len(slack.messages(CONSUMER_A)) == count
    assert taking.undrawn(served.store) == 0
    assert all(each.failed == 0 for each in served.store.work.all())


def test_an_answer_while_a_list_is_drawn_and_sent_is_seen_in_it(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    consumers: Mapping[str, Account],
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    """The answer comes before it is known where the list is, and so cannot make it due."""
    person = Person(TEAM_ID, CONSUMER_B)
    drawn = inbox.list_message(person, [consumers[CONSUMER_B]], served.services)
    clock.advance(seconds=1)
    slack.ask(CONSUMER_A, "accept web")
    clock.advance(seconds=1)
    notify(person, drawn, served.store)
    deliver.run(served)
    sent = slack.messages(CONSUMER_B)[-1]
    assert ACCEPT in actions(sent)

    settle()

    assert not {ACCEPT, REJECT} & actions(now(slack, CONSUMER_B, sent))


def test_nothing_asks_the_cloud_to_draw_again(
    cloud: CloudStandIn,
    slack: SlackStandIn,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    slack.ask(CONSUMER_B, "accept web")
    asked = len(cloud.requests)

    settle()

    assert len(cloud.requests) == asked


@pytest.fixture
def producer_team(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> Account:
    """An account whose sharing two others may approve."""
    account = link(PRODUCER)
    cloud.add_image(NUMBERS[PRODUCER], name="golden", region="DFW", visibility="shared")
    for each in BOTH:
        link(each)
        served.store.rights.grant(
            account.key, account.id, Subject.PERSON, each, Role.APPROVER, PRODUCER
        )
    policy = Policy({Guarded.SHARE: Rule.ALWAYS})
    served.store.policies.put(account.key, policy, PRODUCER)
    return account


def ask_to_share(slack: SlackStandIn, number: str, name: str = "golden") -> None:
    question = slack.ask(PRODUCER, f"share {name} {number}")
    slack.press(PRODUCER, question, "sharing.confirm")


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_a_decision_is_seen_in_every_list_of_requests(
    served: Runtime,
    slack: SlackStandIn,
    producer_team: Account,
    settle: Callable[[], None],
    decision: str,
) -> None:
    ask_to_share(slack, NUMBERS[CONSUMER_A])
    ask_to_share(slack, NUMBERS[CONSUMER_B])
    [first, second] = served.store.approvals.waiting(TEAM_ID)
    lists = {each: [listed(slack, each, "requests") for _ in range(2)] for each in BOTH}

    slack.ask(CONSUMER_A, f"{decision} {first.id}")
    settle()

    for each in everywhere(slack, lists):
        values = [b["value"] for b in each.buttons() if b["action_id"] == "approvals.approve"]
        assert values == [pack(second.id, "list")]


def test_approve_in_a_list_leaves_what_is_still_open(
    served: Runtime, slack: SlackStandIn, producer_team: Account
) -> None:
    ask_to_share(slack, NUMBERS[CONSUMER_A])
    ask_to_share(slack, NUMBERS[CONSUMER_B])
    [first, second] = served.store.approvals.waiting(TEAM_ID)
    alone = slack.ask(CONSUMER_A, "requests")

    left = slack.press(CONSUMER_A, alone, "approvals.approve")

    approve = [b["value"] for b in left.buttons() if b["action_id"] == "approvals.approve"]
    assert left.ts == alone.ts
    assert approve in ([pack(first.id, "list")], [pack(second.id, "list")])
    assert "Approved" in left.text


def test_a_denial_by_form_takes_its_request_out_of_the_list_below(
    served: Runtime,
    slack: SlackStandIn,
    producer_team: Account,
    settle: Callable[[], None],
) -> None:
    """The list is seen by this person alone: it is edited where Slack said after the click."""
    ask_to_share(slack, NUMBERS[CONSUMER_A])
    alone = slack.ask(CONSUMER_A, "requests")
    slack.click(CONSUMER_A, alone, "approvals.deny")
    with slack.workspace.changed:
        assert slack.workspace.changed.wait_for(
            lambda: (top := slack.modals.top(CONSUMER_A)) and "approvals.reason" in str(top.body),
            PATIENCE_S,
        )

    slack.modals.submit(CONSUMER_A, {"approvals.reason": "not now"})
    until(lambda: not served.store.approvals.waiting(TEAM_ID))
    settle()

    assert not {"approvals.approve", "approvals.deny"} & actions(now(slack, CONSUMER_A, alone))


def home_text(slack: SlackStandIn, user_id: str) -> str:
    view = slack.home(user_id)
    return str(view.body["blocks"]) if view else ""


def open_home(slack: SlackStandIn, user_id: str, words: str) -> None:
    slack.open_home(user_id)
    slack.wait_for_home(user_id, lambda view: words in str(view.body["blocks"]))


def test_a_home_that_is_open_shows_what_a_look_has_found(
    served: Runtime,
    slack: SlackStandIn,
    consumers: Mapping[str, Account],
    invite: Callable[..., str],
    settle: Callable[[], None],
) -> None:
    for each in BOTH:
        open_home(slack, each, "No pending invitations")
    invite("web", CONSUMER_A)

    jobs.look_everywhere(served)
    settle()

    assert ["web" in home_text(slack, each) for each in BOTH] == [True, True]


def test_a_home_that_is_open_shows_what_somebody_else_has_answered(
    served: Runtime,
    slack: SlackStandIn,
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    open_home(slack, CONSUMER_A, "web")

    slack.press(CONSUMER_B, copies[CONSUMER_B][0], ACCEPT)
    settle()

    assert "web" not in home_text(slack, CONSUMER_A)


def test_a_home_keeps_what_a_click_has_said(
    slack: SlackStandIn, copies: dict[str, list[Message]], settle: Callable[[], None]
) -> None:
    open_home(slack, CONSUMER_A, "web")
    slack.press_home(CONSUMER_A, ACCEPT)
    slack.wait_for_home(CONSUMER_A, lambda view: "accepted `web`" in str(view.body["blocks"]))

    settle()

    assert "accepted `web`" in home_text(slack, CONSUMER_A)


def test_a_home_that_nobody_looks_at_is_left_alone(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    consumers: Mapping[str, Account],
    invite: Callable[..., str],
    settle: Callable[[], None],
) -> None:
    open_home(slack, CONSUMER_A, "No pending invitations")
    clock.advance(seconds=HOME_SEEN.total_seconds() + 1)
    invite("web", CONSUMER_A)

    jobs.look_everywhere(served)
    settle()

    assert "web" not in home_text(slack, CONSUMER_A)
    assert served.store.displays.claims.next_due() is None


def test_a_busy_workspace_has_a_home_wait_and_not_fail(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    consumers: Mapping[str, Account],
    invite: Callable[..., str],
    settle: Callable[[], None],
) -> None:
    open_home(slack, CONSUMER_A, "No pending invitations")
    invite("web", CONSUMER_A)
    jobs.look_everywhere(served)
    slack.fail_next("views.publish", "ratelimited")
    settle()
    assert "web" not in home_text(slack, CONSUMER_A)

    clock.advance(minutes=2)
    settle()

    assert "web" in home_text(slack, CONSUMER_A)


def test_a_home_that_is_open_ticks_its_first_step_once_an_account_was_linked(
    slack: SlackStandIn, served: Runtime, link: Callable[..., Account], settle: Callable[[], None]
) -> None:
    """The account is linked on a page of the bot, while the home is open in Slack."""
    open_home(slack, CONSUMER_A, ":white_large_square: Link")
    link(CONSUMER_A)

    settle()

    assert ":white_check_mark: Link" in home_text(slack, CONSUMER_A)


LONG = '"' * 90
"""A name that takes as much room in Slack's JSON as any."""


def every_page(slack: SlackStandIn, user_id: str, words: str, on: str) -> list[Message]:
    """The list in their own conversation, a copy for each page, turned to that page."""
    pages: list[Message] = []
    while not pages or on in actions(pages[-1]):
        turned = listed(slack, user_id, words)
        for _ in pages:
            turned = slack.press(user_id, turned, on)
        pages.append(turned)
    return pages


def test_a_list_too_long_for_a_message_is_redrawn_on_each_of_its_pages(
    served: Runtime,
    slack: SlackStandIn,
    consumers: Mapping[str, Account],
    invite: Callable[..., str],
    settle: Callable[[], None],
) -> None:
    """Slack does not tell where the second message of an answer is, so there is none."""
    ids = {invite(f"{n}{LONG}", CONSUMER_A) for n in range(6)}
    jobs.look_everywhere(served)

    pages = every_page(slack, CONSUMER_A, "invitations", "invitations.page")
    shown = {b["value"] for each in pages for b in each.buttons() if b["action_id"] == ACCEPT}
    assert all(any(image_id in value for value in shown) for image_id in ids)
    for image_id in ids:
        slack.ask(CONSUMER_B, f"reject {image_id}")
    settle()

    for each in pages:
        assert not {ACCEPT, REJECT} & actions(now(slack, CONSUMER_A, each))


@pytest.fixture
def many_requests(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, producer_team: Account
) -> set[str]:
    """More than fit one message, by id."""
    for n in range(12):
        cloud.add_image(NUMBERS[PRODUCER], name=f"many-{n}", region="DFW", visibility="shared")
        ask_to_share(slack, NUMBERS[CONSUMER_A], f"many-{n}")
    found = {each.id for each in served.store.approvals.waiting(TEAM_ID)}
    assert len(found) == 12
    return found


def test_a_list_of_many_requests_is_redrawn_on_each_of_its_pages(
    served: Runtime, slack: SlackStandIn, many_requests: set[str], settle: Callable[[], None]
) -> None:
    pages = every_page(slack, CONSUMER_A, "requests", "approvals.page")
    shown = {b["value"] for each in pages for b in each.buttons() if "approve" in b["action_id"]}
    assert {pack(each, "list") for each in many_requests} == shown
    for each in many_requests:
        slack.ask(CONSUMER_B, f"deny {each}")
    settle()

    for page in pages:
        assert "approvals.approve" not in actions(now(slack, CONSUMER_A, page))


@pytest.fixture
def grant(served: Runtime, consumers: Mapping[str, Account]) -> Callable[..., None]:
    """Gives a role on the consumers' account, past the bot's commands."""
    account = consumers[CONSUMER_A]

    def _grant(role: Role, subject: str, kind: Subject = Subject.PERSON) -> None:
        served.store.rights.grant(account.key, account.id, kind, subject, role, CONSUMER_A)

    return _grant


def wait_until_kept(served: Runtime, *messages: Message) -> None:
    """A message is there a moment before it is noted how to redraw it."""
    wanted = {each.ts for each in messages}
    until(lambda: wanted <= {row["ts"] for row in served.store._db.rows("select ts from displays")})


def test_a_home_and_a_list_follow_a_role_that_is_given_and_taken(
    served: Runtime,
    slack: SlackStandIn,
    copies: dict[str, list[Message]],
    grant: Callable[..., None],
    settle: Callable[[], None],
) -> None:
    open_home(slack, PRODUCER, "Link")
    grant(Role.OPERATOR, PRODUCER)
    settle()
    given, list_ = home_text(slack, PRODUCER), listed(slack, PRODUCER)
    wait_until_kept(served, list_)
    assert ACCEPT in given
    assert ACCEPT in actions(list_)

    grant(Role.NONE, PRODUCER)
    settle()

    assert "web" not in home_text(slack, PRODUCER)
    assert "no longer have access" in now(slack, PRODUCER, list_).text
    assert not now(slack, PRODUCER, list_).buttons()

    grant(Role.OPERATOR, PRODUCER)
    settle()

    assert ACCEPT in actions(now(slack, PRODUCER, list_))


def test_a_home_follows_a_role_given_to_a_user_group(
    slack: SlackStandIn,
    copies: dict[str, list[Message]],
    grant: Callable[..., None],
    settle: Callable[[], None],
) -> None:
    slack.workspace.groups["S0TEAM"] = (PRODUCER,)
    open_home(slack, PRODUCER, "Link")

    grant(Role.OPERATOR, "S0TEAM", Subject.GROUP)
    settle()

    assert ACCEPT in home_text(slack, PRODUCER)


def test_a_digest_offers_no_answer_once_its_account_is_unlinked(
    served: Runtime,
    slack: SlackStandIn,
    consumers: Mapping[str, Account],
    copies: dict[str, list[Message]],
    settle: Callable[[], None],
) -> None:
    wait_until_kept(served, copies[CONSUMER_B][1])

    served.store.accounts.unlink(consumers[CONSUMER_B].id)
    settle()

    for each in copies[CONSUMER_B]:
        assert not {ACCEPT, REJECT} & actions(now(slack, CONSUMER_B, each))


def test_a_home_shows_a_share_that_a_colleague_has_ended(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    settle: Callable[[], None],
) -> None:
    account = link(PRODUCER)
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW", visibility="shared")
    served.store.shares.put(account, PRODUCER, "DFW", image_id, "web", NUMBERS[CONSUMER_A])
    open_home(slack, PRODUCER, "web")

    served.store.shares.forget(TEAM_ID, account.cloud, "DFW", image_id, NUMBERS[CONSUMER_A])
    settle()

    assert "web" not in home_text(slack, PRODUCER)


def test_a_reminder_offers_no_decision_to_who_may_no_longer_decide(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    producer_team: Account,
    settle: Callable[[], None],
) -> None:
    ask_to_share(slack, NUMBERS[CONSUMER_A])
    clock.advance(minutes=61)
    jobs.approvals(served)
    deliver.run(served)
    reminder = next(each for each in slack.messages(CONSUMER_B) if "Reminder" in each.text)
    assert "approvals.approve" in actions(reminder)

    served.store.rights.grant(
        *(producer_team.key, producer_team.id, Subject.PERSON, CONSUMER_B, Role.VIEWER, PRODUCER)
    )
    settle()

    assert not now(slack, CONSUMER_B, reminder).buttons()


def test_a_card_offers_a_decision_to_those_alone_who_may_decide(
    served: Runtime,
    slack: SlackStandIn,
    producer_team: Account,
    settle: Callable[[], None],
) -> None:
    ask_to_share(slack, NUMBERS[CONSUMER_A])
    settle()
    card = {each: newest_to_decide(slack, each) for each in BOTH}
    role = (producer_team.key, producer_team.id, Subject.PERSON, CONSUMER_B)

    served.store.rights.grant(*role, Role.VIEWER, PRODUCER)
    settle()
    taken = now(slack, CONSUMER_B, card[CONSUMER_B])
    of_another = now(slack, CONSUMER_A, card[CONSUMER_A])
    [request] = served.store.approvals.waiting(TEAM_ID)
    requests.redraw_cards(request, served.services)
    settle()
    redrawn = now(slack, CONSUMER_B, card[CONSUMER_B])
    served.store.rights.grant(*role, Role.APPROVER, PRODUCER)
    settle()

    assert not taken.buttons()
    assert "can no longer approve" in taken.text
    assert not of_another.edited
    assert not redrawn.buttons()
    assert "approvals.approve" in actions(now(slack, CONSUMER_B, card[CONSUMER_B]))


def test_cards_of_a_request_that_has_ended_are_no_longer_redrawn(
    served: Runtime,
    slack: SlackStandIn,
    producer_team: Account,
    settle: Callable[[], None],
) -> None:
    ask_to_share(slack, NUMBERS[CONSUMER_A])
    settle()
    card = newest_to_decide(slack, CONSUMER_B)
    [request] = served.store.approvals.waiting(TEAM_ID)

    slack.ask(CONSUMER_A, f"deny {request.id}")
    settle()
    served.store.rights.revoke(producer_team.key, Subject.PERSON, CONSUMER_B)
    settle()

    assert "Denied" in str(now(slack, CONSUMER_B, card).blocks)
    assert not served.store._db.rows("select 1 as one from displays where kind = 'cards'")


def newest_to_decide(slack: SlackStandIn, user_id: str) -> Message:
    return [each for each in slack.messages(user_id) if "approvals.approve" in actions(each)][-1]


def test_a_list_that_others_read_shows_no_later_invitation(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    invite: Callable[..., str],
    consumers: Mapping[str, Account],
    web: str,
    settle: Callable[[], None],
) -> None:
    """It was shown to the channel as it was; the reader's own lists show what comes later."""
    jobs.look_everywhere(served)
    version = slack.workspace.version
    slack.say(CONSUMER_A, "@cloud-images: invitations --public", CHANNEL_ID)
    public = slack.wait_for(PRODUCER, lambda m: "web" in str(m.blocks), newer_than=version)
    own = listed(slack, CONSUMER_A)

    invite("secret-project", CONSUMER_A)
    clock.advance(minutes=20)
    jobs.look_everywhere(served)
    settle()
    drawn, mine = now(slack, PRODUCER, public), now(slack, CONSUMER_A, own)
    slack.ask(CONSUMER_B, "accept web")
    settle()

    assert "secret-project" not in str(drawn.blocks)
    assert "secret-project" in str(mine.blocks)
    assert ACCEPT in actions(drawn)
    assert ACCEPT not in actions(now(slack, PRODUCER, public))


def published(slack: SlackStandIn, user_id: str, words: str) -> Message:
    """The answer to a command in a channel, for all who read it."""
    version = slack.workspace.version
    slack.command(user_id, f"{words} --public", CHANNEL_ID)
    return slack.wait_for(PRODUCER, lambda m: not m.ephemeral, newer_than=version)


def choices(message: Message, label: str) -> list[str]:
    """The values of the ⋮ menus whose label begins so."""
    menus = [each for each in message.buttons() if each["action_id"].startswith(MORE)]
    options = [option for menu in menus for option in menu["options"]]
    return [each["value"] for each in options if each["text"]["text"].startswith(label)]


@pytest.mark.parametrize("action", [ACCEPT, REJECT, "invitations.page", "Snooze", "Mute"])
def test_a_click_in_a_list_that_others_read_is_answered_to_who_clicked_alone(
    served: Runtime,
    slack: SlackStandIn,
    invite: Callable[..., str],
    web: str,
    settle: Callable[[], None],
    action: str,
) -> None:
    """The answer has all that is pending for them now, and what they have muted."""
    for number in range(5):
        invite(f"old-{number}", CONSUMER_A)
    jobs.look_everywhere(served)
    public = published(slack, CONSUMER_A, "invitations")
    invite("secret-project", CONSUMER_A)

    if chosen := choices(public, action):
        answer = slack.press(CONSUMER_A, public, MORE, value=chosen[0])
    else:
        answer = slack.press(CONSUMER_A, public, action)
    settle()

    shown = str(now(slack, PRODUCER, public).blocks)
    assert answer.ephemeral
    assert "secret-project" not in shown
    assert "muted" not in shown
    assert "snoozed" not in shown


@pytest.mark.parametrize(
    ("words", "label"), [("list --mine", "Members"), ("members web", "Unshare")]
)
def test_what_a_click_brings_does_not_replace_what_others_read(
    slack: SlackStandIn, link: Callable[..., Account], web: str, words: str, label: str
) -> None:
    link(PRODUCER)
    public = published(slack, PRODUCER, words)

    if chosen := choices(public, label):
        answer = slack.press(PRODUCER, public, MORE, value=chosen[0])
    else:
        [button] = [each for each in public.buttons() if label in str(each.get("text"))]
        answer = slack.press(PRODUCER, public, button["action_id"])

    assert answer.ephemeral
    assert now(slack, CONSUMER_A, public).blocks == public.blocks
