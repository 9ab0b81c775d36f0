"""What needs a second person: asked for, decided, carried out, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

import handlers
from handlers import Message, Modal, Person, Services
from handlers.approvals import requests as approvals
from sandbox.cloud import CloudStandIn
from storage import Account, Approval, ApprovalState, Guarded, Policy, Rule
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, options, read
from tests.storage import asking
from tests.storage.fixtures import HandClock

ANN, BOB = Person("T1", "U7"), Person("T1", "U8")


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)


@pytest.fixture
def guarded(talk: Talk, producer: Person, web: str) -> str:
    """The image, in an account that wants Ann or Bob to approve sharing."""
    talk.say(producer, "allow <@U7> approver")
    talk.say(producer, "allow <@U8> approver")
    talk.say(producer, "policy share always")
    return web


def asked(talk: Talk, person: Person, command: str = f"share web {CONSUMER_A}") -> Message:
    """The answer to the Share button, and to that of the second question if there is one."""
    answer = talk.say(person, command)
    while buttons := [label for label in labels(answer) if label.startswith("Share")]:
        answer = talk.press(person, answer, buttons[0])
    return answer


def only(services: Services) -> Approval:
    [approval] = services.store.approvals.waiting("T1")
    return approval


def carry_out(services: Services) -> None:
    """What the job does with all that is approved."""
    for approval in asking.begun(services.store.approvals):
        approvals.carry_out(approval, handlers.DISPATCHER.carry_out, services)


def cards(services: Services) -> dict[str, Message]:
    """What every copy of the cards shows now, by whom it is for."""
    drawn = taking.cards(services.store)
    return {card.key.split()[-1]: Message(card.text, tuple(card.blocks)) for card in drawn}


def raw(services: Services, person: Person, image_id: str) -> Mapping[str, Any]:
    """The image as the cloud shows it."""
    return services.images(services.current_account(person), "DFW").get(image_id).raw


def set_rule(services: Services, person: Person, guard: Guarded, rule: Rule = Rule.ALWAYS) -> None:
    """The only rule of the account, past those who would have to approve of it."""
    key = services.current_account(person).key
    services.store.policies.put(key, Policy({guard: rule}), person.user_id)


def told(services: Services, user_id: str) -> Sequence[Message]:
    notices = taking.notices(services.store)
    return [Message(n.text, tuple(n.blocks)) for n in notices if n.user_id == user_id]


def _link_in_another_cloud(services: Services, cloud: CloudStandIn, person: Person) -> None:
    """An account of the same number, in a cloud of another address."""
    known = services.store.accounts.credentials(services.current_account(person).id)
    services.store.accounts.link(
        person.team_id,
        person.user_id,
        cloud=cloud.auth_url_v3.replace("127.0.0.1", "localhost"),
        project_id=PRODUCER,
        project_name="Elsewhere",
        user_name="",
        regions=["DFW"],
        region=None,
        credentials=known,
    )


@pytest.mark.parametrize("command", ["deactivate web", "policy share never"])
def test_an_approved_command_means_the_account_it_was_asked_for_though_another_has_its_number(
    talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn, command: str
) -> None:
    talk.say(producer, "allow <@U8> approver")
    set_rule(services, producer, Guarded.UNSHARE)
    key = services.current_account(producer).key
    services.store.policies.put(
        key, Policy(dict.fromkeys((Guarded.UNSHARE, Guarded.SHARE), Rule.ALWAYS)), "U1"
    )
    talk.say(producer, command)
    _link_in_another_cloud(services, cloud, producer)

    talk.say(BOB, f"approve {only(services).id}")
    carry_out(services)

    [approval] = services.store.approvals.of("T1", "U1")
    assert (approval.state, approval.outcome) == (ApprovalState.DONE, "")


def test_an_approved_command_means_the_account_by_its_number_once_it_was_linked_anew(
    talk: Talk,
    services: Services,
    producer: Person,
    web: str,
    link: Callable[..., Account],
) -> None:
    talk.say(producer, "allow <@U8> approver")
    set_rule(services, producer, Guarded.UNSHARE)
    talk.say(producer, "deactivate web")
    services.store.accounts.unlink(services.current_account(producer).id)
    link(producer, PRODUCER, "Producer")

    talk.say(BOB, f"approve {only(services).id}")
    carry_out(services)

    [approval] = services.store.approvals.of("T1", "U1")
    assert (approval.state, approval.outcome) == (ApprovalState.DONE, "")


def test_sharing_waits_for_a_second_person_and_says_so(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    answer = asked(talk, producer)

    approval = only(services)
    assert read(answer) == (
        ":hourglass_flowing_sand: This needs someone else's approval. I asked 2 people and will "
        "do it as soon as it is approved.\n"
        "<@U1> asks to share `web` (DFW, 2.5 GB) with `2200222`, with account `1100111`.\n"
        f"• Image: `web` · `{guarded[:8]}` · DFW · 2.5 GB\n"
        "• Gain access: `2200222`\n"
        "[Withdraw]\n"
        "[Add a reason…]\n"
        f"Request `{approval.id}` · expires (time) · `/images requests`"
    )
    assert cards(services).keys() == {"own", "U7", "U8"}
    assert cloud.members(guarded) == {}


def test_what_is_approved_is_done_with_the_login_of_who_asked(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    asked(talk, producer)
    card = cards(services)["U7"]

    decided = talk.press(ANN, card, "Approve")
    carry_out(services)

    assert cloud.members(guarded) == {CONSUMER_A: "pending"}
    assert ":white_check_mark: Approved. In progress." in read(decided)
    [news] = [each for each in told(services, "U1") if "approved" in each.text]
    assert read(news).startswith(
        "<@U7> approved your request to share `web` (DFW, 2.5 GB) with `2200222`.\n"
        "Shared `web` (DFW, 2.5 GB) with 1 account.\n"
    )
    assert labels(news)[0] == "Undo"
    [row] = [row for row in services.store.audit.recent() if row.action == "image.share"]
    assert (row.actor, row.outcome) == ("T1/U1", "done")


def test_every_copy_of_the_card_shows_the_decision(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer)
    for card in taking.cards(services.store):
        services.store.cards.drawn(card, "D1", "1.0")

    talk.say(BOB, f"deny {only(services).id} because it is not ready")

    shown = {to: read(card) for to, card in cards(services).items()}
    assert shown.keys() == {"own", "U7", "U8"}
    for card_ in shown.values():
        assert "<@U8> denies: `it is not ready`" in card_
        assert ":no_entry: Denied. Nothing was changed." in card_
        assert "[Approve]" not in card_
    assert "[Ask again]" in shown["own"]


def test_nobody_approves_what_they_asked_for(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    asked(talk, producer)

    refused = read(talk.press(producer, cards(services)["U7"], "Approve"))

    carry_out(services)
    assert refused.startswith("Request ")
    assert cloud.members(guarded) == {}


def test_an_operator_cannot_approve_and_a_stranger_learns_nothing(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    talk.say(producer, "allow <@U9> operator")
    asked(talk, producer)
    request = only(services).id

    operator = read(talk.say(Person("T1", "U9"), f"approve {request}"))
    nobody = read(talk.say(Person("T1", "U6"), f"approve {request}"))
    elsewhere = read(talk.say(Person("T2", "U7"), f"approve {request}"))

    assert operator.startswith("You need the role *approver* on account `1100111`")
    unknown = f"No request `{request}` for you to decide."
    assert nobody.startswith(unknown)
    assert elsewhere.startswith(unknown)


def test_it_takes_as_many_different_people_as_the_account_wants(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    talk.say(producer, "policy --people 2")
    asked(talk, producer)
    request = only(services).id

    talk.say(ANN, f"approve {request}")
    again = read(talk.say(ANN, f"approve {request}"))
    carry_out(services)
    before = cloud.members(guarded)
    talk.say(BOB, f"approve {request}")
    carry_out(services)

    assert again.startswith(f"You have already voted on `{request}`")
    assert (before, cloud.members(guarded)) == ({}, {CONSUMER_A: "pending"})


def test_a_reason_is_asked_for_in_a_form_where_the_account_wants_one(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    talk.say(producer, "policy --reason required")
    asked(talk, producer)

    form = talk.open(ANN, cards(services)["U7"], "Approve…")
    without = read(talk.say(ANN, f"approve {only(services).id}"))
    sent = talk.submit(ANN, form, approvals__reason="for the release")

    assert isinstance(sent, Message)
    assert "<@U7> approves: `for the release`" in read(sent)
    assert without.startswith("This account requires a reason: `/images approve ")


def test_what_changed_since_it_was_approved_is_not_done(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    """Those who would lose the image are part of what was approved."""
    set_rule(services, producer, Guarded.DELETE)
    question = talk.say(producer, "delete web")
    talk.press(producer, question, labels(question)[0])
    talk.say(ANN, f"approve {only(services).id}")
    cloud.add_member(guarded, CONSUMER_A)

    carry_out(services)

    [failed] = services.store.approvals.of("T1", "U1")
    assert failed.state == ApprovalState.FAILED
    assert raw(services, producer, guarded)["status"] == "active"
    [news] = [each for each in told(services, "U1") if "approved" in each.text]
    assert labels(news)[-1] == "Ask again"


def test_a_role_lost_before_it_is_carried_out_stops_it(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    talk.say(producer, "allow <@U9> operator")
    asked(talk, Person("T1", "U9"))
    talk.say(ANN, f"approve {only(services).id}")
    talk.say(producer, "allow <@U9> viewer")

    carry_out(services)

    [failed] = services.store.approvals.of("T1", "U9")
    assert failed.state == ApprovalState.FAILED
    assert failed.outcome.startswith("You need the role *operator*")
    assert cloud.members(guarded) == {}


def test_it_is_withdrawn_by_who_asked_and_asked_again_with_one_click(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    answer = asked(talk, producer)
    first = only(services).id

    withdrawn = talk.press(producer, answer, "Withdraw")
    late = read(talk.say(ANN, f"approve {first}"))
    again = talk.press(producer, withdrawn, "Ask again")

    assert read(withdrawn).startswith("Withdrew your request to share `web`")
    assert late.startswith(f"Request `{first}` is no longer pending: it is withdrawn.")
    assert "will do it as soon as" in read(again)
    assert only(services).id != first


def test_the_same_is_asked_only_once(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer)

    again = asked(talk, producer)

    assert "You have already asked for this." in read(again)
    assert only(services)


def test_it_says_at_once_if_nobody_can_approve(talk: Talk, producer: Person, web: str) -> None:
    changed = read(talk.say(producer, "policy share always"))

    answer = read(asked(talk, producer))

    assert "nobody else can approve" in changed
    assert (
        ":warning: This needs someone else's approval, and nobody else can approve on this account."
    ) in answer


def test_a_request_that_lapsed_is_not_decided_any_more(
    talk: Talk,
    services: Services,
    producer: Person,
    guarded: str,
    clock: HandClock,
    cloud: CloudStandIn,
) -> None:
    asked(talk, producer)
    request = only(services).id
    clock.advance(hours=8)

    late = read(talk.say(ANN, f"approve {request}"))
    for approval in asking.expired(services.store.approvals):
        approvals.notify_ended(approval, services)

    assert late.startswith(f"Request `{request}` is no longer pending: it is expired.")
    assert ":hourglass: Expired without a decision" in read(cards(services)["own"])
    assert [read(each) for each in told(services, "U1") if "without a decision" in each.text]
    assert cloud.members(guarded) == {}


def test_approvers_are_reminded_after_longer_and_longer_pauses(
    talk: Talk, services: Services, producer: Person, guarded: str, clock: HandClock
) -> None:
    talk.say(producer, "policy --people 2")
    asked(talk, producer)
    talk.say(ANN, f"approve {only(services).id}")
    reminded = []
    for hour in range(1, 8):
        clock.advance(hours=1)
        for approval in asking.reminded(services.store.approvals):
            approvals.remind(approval, services)
            reminded.append(hour)

    assert reminded == [1, 3, 7]
    to_bob = [each for each in told(services, "U8") if "Reminder: " in each.text]
    assert len(to_bob) == 3
    assert labels(to_bob[0]) == ["Approve", "Deny…", "Details"]


def test_requests_lists_what_waits_for_me_and_what_i_asked_for(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer)

    mine, to_decide = talk.say(producer, "requests"), talk.say(ANN, "requests")

    assert read(mine).startswith("No requests for you to decide.\n*Your requests*\n")
    assert labels(mine) == ["Withdraw", "Add a reason…"]
    assert read(to_decide).startswith(
        f"*1 request for you to decide*\n<@U1> asks to share *web* (DFW, 2.5 GB) with "
        f"`{CONSUMER_A}`\naccount `{PRODUCER}` · `{guarded[:8]}` · Gain access: `{CONSUMER_A}` · "
        f"expires (time) · `{only(services).id}`\n[Approve]"
    )
    assert labels(to_decide) == ["Approve", "Deny…"]
    assert [each["text"]["text"] for each in options(to_decide)] == ["Details"]


def test_requests_come_in_pages_for_whom_they_were_listed(
    talk: Talk, cloud: CloudStandIn, producer: Person, guarded: str
) -> None:
    for n in range(12):
        cloud.add_image(owner=PRODUCER, name=f"many-{n}", region="DFW")
        asked(talk, producer, f"share many-{n} {CONSUMER_A}")

    first = talk.say(ANN, "requests")
    second, note = talk.press(ANN, first, "Next"), talk.press(BOB, first, "Next")

    both = labels(first) + labels(second)
    assert both.count("Approve") == both.count("Deny…") == 12
    assert (labels(first)[-1], labels(second)[-1]) == ("Next", "Previous")
    assert read(second).startswith("*12 requests for you to decide*\n")
    assert note.text == "This list is for <@U7>. See yours with `/images requests`."


def test_a_row_of_requests_shows_all_that_its_card_does(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, guarded: str
) -> None:
    odd = "*web* <!channel> x"
    image = cloud.add_image(PRODUCER, name=odd, region="DFW", visibility="shared")
    cloud.add_member(image, CONSUMER_B)
    set_rule(services, producer, Guarded.UNSHARE)
    asked(talk, producer, f"update {image} a=1 b=2 visibility=private because release")

    listed = talk.say(ANN, "requests")

    assert f"<@U1> asks to make *{odd}* (DFW, " in read(listed)
    second = read(listed).splitlines()[2]
    assert second.startswith(
        f"account `{PRODUCER}` · `{image[:8]}` · Lose access: `{CONSUMER_B}` · "
        "`a`: none → `1` · `b`: none → `2` · `visibility`: `shared` → `private` · "
        "because `release` · expires (time) · "
    )


def test_outside_the_address_book_only_what_another_approver_wrote_counts(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    set_rule(services, producer, Guarded.SHARE, Rule.OUTSIDE)
    account = services.current_account(producer)
    book = services.store.names
    book.put("T1", account.cloud, CONSUMER_A, "partner", "U7")
    book.put("T1", account.cloud, CONSUMER_B, "friend", "U1")

    asked(talk, producer, f"share web {CONSUMER_A}")
    asked(talk, producer, f"share web {CONSUMER_B}")

    assert cloud.members(guarded) == {CONSUMER_A: "pending"}
    assert only(services).target == f"{guarded} with {CONSUMER_B}"


@pytest.mark.parametrize("rule", ["unshare", "delete", "export"])
def test_other_things_wait_too_where_the_account_wants_it(
    talk: Talk,
    services: Services,
    producer: Person,
    guarded: str,
    cloud: CloudStandIn,
    rule: str,
) -> None:
    set_rule(services, producer, Guarded(rule))
    cloud.add_member(guarded, CONSUMER_A)
    cloud.add_object(PRODUCER, "exports", "other.vhd", b"other", "DFW")
    commands = {
        "unshare": f"unshare web {CONSUMER_A}",
        "delete": "delete web",
        "export": "export web exports",
    }

    answer = talk.say(producer, commands[rule])
    if rule != "export":
        answer = talk.press(producer, answer, labels(answer)[0])

    assert "will do it as soon as" in read(answer)
    assert only(services).action == f"image.{rule}"
    assert cloud.members(guarded) == {CONSUMER_A: "pending"}
    assert services.store.transfers.running() == []


def test_what_a_command_named_is_what_is_done_later(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    """Though another image is called that, too, by then."""
    set_rule(services, producer, Guarded.EXPORT)
    cloud.add_object(PRODUCER, "exports", "other.vhd", b"other", "DFW")
    talk.say(producer, "export web exports")
    cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=1)

    talk.say(ANN, f"approve {only(services).id}")
    carry_out(services)

    [transfer] = services.store.transfers.running()
    assert transfer.plan["image_id"] == guarded


def test_making_an_image_everybodys_counts_as_sharing(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    answer = talk.say(producer, "update web visibility=community")

    assert "will do it as soon as" in read(answer)
    assert raw(services, producer, guarded)["visibility"] != "community"


def test_the_approvers_channel_gets_one_card_that_only_approvers_can_use(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    talk.say(producer, "policy --channel <#C9|approvals>")
    answer = asked(talk, producer)
    places = {each.key.split()[-1]: each.channel for each in services.store.cards.places("appr")}

    refused = read(talk.press(Person("T1", "U6"), cards(services)["channel"], "Approve"))

    assert "I asked in <#C9>" in read(answer)
    assert places == {"channel": "C9", "own": None}
    assert refused.startswith("No request ")


def test_a_card_that_slack_does_not_take_in_the_channel_goes_to_each_approver(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    talk.say(producer, "policy --channel <#C9|approvals>")
    asked(talk, producer)
    for card in taking.cards(services.store):
        if card.channel:
            services.store.cards.fail(card, "not_in_channel")

    approvals.redraw_cards(only(services), services)

    keys = {each.key.split()[-1] for each in services.store.cards.places("approval ")}
    assert keys == {"channel", "own", "U7", "U8"}


def test_a_form_of_another_version_is_refused(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer)
    form = talk.open(ANN, cards(services)["U7"], "Deny…")
    forged = Modal(form.name, form.title, form.blocks, form.submit, f'["{only(services).id}","?"]')

    refused = talk.submit(ANN, forged)

    assert not isinstance(refused, Message)
    assert only(services).votes == ()
