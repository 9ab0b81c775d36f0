"""Invitations, and answering them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import handlers
from cloud import MemberStatus
from handlers import Click, Person, Services
from handlers.core.places import ImageRef
from handlers.ui.image_buttons import ACCEPT, InvitationAnswer, Origin
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, buttons, labels, read, said

MEANING = (
    "*Accept* adds the image to the account's list, for everyone who uses the account. *Reject* "
    "only hides it. Trust the sender before you boot. Nonstandard images "
    "have reduced support from the provider."
)


@pytest.fixture
def web(cloud: CloudStandIn, invite: Callable[..., None]) -> str:
    """An image that waits for Consumer A's answer."""
    image_id = cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)
    invite(image_id, CONSUMER_A)
    return image_id


@pytest.fixture
def status(cloud: CloudStandIn) -> Callable[[str], str]:
    """Consumer A's answer, as the cloud knows it."""
    return lambda image_id: cloud.members(image_id)[CONSUMER_A]


def test_invitations_are_cards_by_account_and_region(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    link: Callable[..., Account],
    invite: Callable[..., None],
    web: str,
) -> None:
    link(consumer, CONSUMER_B, "Consumer B")
    db = cloud.add_image(owner=PRODUCER, name="db", region="ORD", size=None)
    invite(db, CONSUMER_B)
    cloud.add_image(owner=CONSUMER_A, name="my own shared one", region="DFW", visibility="shared")

    listed = read(talk.say(consumer, "invitations"))

    assert listed.startswith("*2 pending invitations*.\n")
    assert "(`Consumer B`) in ORD*\n*db* · from account `1100111`\nno data yet · ORD" in listed
    assert "(`Consumer A`) in DFW*\n*web* · from account `1100111`\n2.5 GB · DFW" in listed
    assert all(f" · nonstandard · `{each[:8]}`\n[Accept]" in listed for each in (web, db))
    quiet = "( ) Snooze for 1 day\n( ) Snooze for 1 week\n( ) Snooze until it changes\n"
    quiet += "( ) Mute 1100111\n"
    assert listed.endswith(f"[Accept]\n[Reject]\n{quiet}[Accept these 2]\n[Answer…]\n{MEANING}")
    assert "my own" not in listed


def test_an_image_without_a_name_is_known_by_its_short_id(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    producer: Person,
    invite: Callable[..., None],
    web: str,
) -> None:
    """A screen reader tells the rows' buttons apart by it, and no answer has a whole id."""
    nameless = cloud.add_image(owner=PRODUCER, name="", region="DFW", size=2_500)
    invite(nameless, CONSUMER_A)
    short = nameless[:8]

    listed = talk.say(consumer, "invitations")
    spoken = [button.get("accessibility_label") for button in buttons(listed)]
    rejected = read(talk.press(consumer, listed, "Reject", spoken.index(f"Reject {short}") // 2))
    members = read(talk.say(producer, f"members {nameless}"))

    assert {f"Accept {short}", f"Reject {short}", "Accept web"} <= set(spoken)
    assert rejected.startswith(f"<@U2> rejected `{short}` (DFW, from `1100111`)")
    assert members.startswith(f"`{short}` (DFW, 2.5 KB) is shared with")


def test_no_invitations_are_said_so(talk: Talk, consumer: Person) -> None:
    assert read(talk.say(consumer, "invitations")) == "No pending invitations."


def test_invitations_come_in_pages(
    talk: Talk, cloud: CloudStandIn, consumer: Person, other: Person, invite: Callable[..., None]
) -> None:
    for n in range(10):
        invite(cloud.add_image(owner=PRODUCER, name=f"web-{n}", region="DFW"), CONSUMER_A)

    first = talk.say(consumer, "invitations --public")
    second = talk.press(consumer, first, "Next")
    note = talk.press(other, first, "Next")

    card = ["Accept", "Reject"]
    assert labels(first) == card * 5 + ["Accept these 5", "Answer…", "Next"]
    assert labels(second) == card * 5 + ["Accept these 5", "Answer…", "Previous"]
    assert read(second).startswith("*10 pending invitations*.\n")
    assert note.note
    assert note.text == ("This list is for <@U2>. See yours with `/images invitations`.")


@pytest.mark.parametrize(
    ("label", "said", "now"),
    [
        ("Accept", "accepted", "It is in that account's list: `/images list --shared`."),
        ("Reject", "rejected", "It stays out of that account's list. You can still accept it."),
    ],
)
def test_an_answer_redraws_the_message_and_says_who_and_when(
    talk: Talk,
    consumer: Person,
    web: str,
    status: Callable[[str], str],
    label: str,
    said: str,
    now: str,
) -> None:
    answered = talk.press(consumer, talk.say(consumer, "invitations"), label)

    assert not answered.note
    offer = "[Always accept from 1100111]" if label == "Accept" else "[Accept instead]"
    assert read(answered) == (
        f"<@U2> {said} `web` (DFW, from `1100111`) for account `2200222` (`Consumer A`) "
        f"(time). {now}\n{offer}\n"
        "No pending invitations."
    )
    assert status(web) == said


def test_an_accepted_image_is_in_the_list(talk: Talk, consumer: Person, web: str) -> None:
    before = talk.say(consumer, "list --shared").text

    talk.press(consumer, talk.say(consumer, "invitations"), "Accept")

    assert before.startswith("*No images shared with this account*")
    assert talk.say(consumer, "list --shared").text.startswith("*1 image shared with this account*")


def test_an_answer_is_audited_and_remembered(
    talk: Talk, services: Services, consumer: Person, web: str
) -> None:
    talk.press(consumer, talk.say(consumer, "invitations"), "Accept")

    [row] = services.store.audit.recent()
    assert (row.actor, row.action, row.target, row.account, row.region, row.outcome) == (
        "T1/U2",
        "invitation.accept",
        web,
        CONSUMER_A,
        "DFW",
        "done",
    )


def test_a_second_press_says_that_it_was_answered_and_by_whom(
    talk: Talk, consumer: Person, web: str, status: Callable[[str], str]
) -> None:
    listed = talk.say(consumer, "invitations")
    talk.press(consumer, listed, "Accept")

    again = talk.press(consumer, listed, "Accept")

    assert read(again) == (
        "`web` (DFW, from `1100111`) had already been accepted for account `2200222` "
        "(`Consumer A`), by <@U2> (time). Nothing was changed. "
        "It is in that account's list: `/images list --shared`.\n"
        "No pending invitations."
    )
    assert status(web) == "accepted"


def test_an_answer_given_elsewhere_is_not_overturned(
    talk: Talk, services: Services, consumer: Person, web: str, status: Callable[[str], str]
) -> None:
    listed = talk.say(consumer, "invitations")
    images = services.images(services.current_account(consumer), "DFW")
    images.set_member_status(web, MemberStatus.REJECTED)

    answer = talk.press(consumer, listed, "Accept")

    assert read(answer) == (
        "`web` (DFW, from `1100111`) had already been rejected for account `2200222` "
        "(`Consumer A`), outside this bot, (time). Nothing was changed. "
        "It stays out of that account's list. You can still accept it.\n"
        "No pending invitations."
    )
    assert status(web) == "rejected"


def test_an_answer_of_a_job_that_died_before_it_was_noted_is_nobody_s(
    talk: Talk, services: Services, consumer: Person, web: str
) -> None:
    listed = talk.say(consumer, "invitations")
    where = {"account": CONSUMER_A, "region": "DFW"}
    with services.store.audit.entry("T1/job/invitations", "invitation.accept", web, **where):
        images = services.images(services.current_account(consumer), "DFW")
        images.set_member_status(web, MemberStatus.ACCEPTED)

    answer = read(talk.press(consumer, listed, "Accept"))

    assert "had already been accepted" in answer
    assert "<@" not in answer


def test_a_colleagues_answer_is_named(
    talk: Talk, consumer: Person, link: Callable[..., Account], web: str
) -> None:
    colleague = Person("T1", "U6")
    link(colleague, CONSUMER_A, "Consumer A")
    theirs, mine = talk.say(colleague, "invitations"), talk.say(consumer, "invitations")
    talk.press(colleague, theirs, "Reject")

    assert "had already been rejected for account `2200222` (`Consumer A`), by <@U6> (time)" in (
        read(talk.press(consumer, mine, "Accept"))
    )


def test_a_double_click_at_the_same_moment_is_a_note(
    talk: Talk, services: Services, consumer: Person, web: str, status: Callable[[str], str]
) -> None:
    listed = talk.say(consumer, "invitations")

    with services.lock(f"answer {CONSUMER_A} DFW {web}"):
        note = talk.press(consumer, listed, "Accept")

    assert note.note
    assert note.text == "That is already in progress. Nothing was done twice."
    assert status(web) == "pending"


def test_eight_clicks_at_once_answer_once(
    talk: Talk, cloud: CloudStandIn, services: Services, consumer: Person, web: str
) -> None:
    listed = talk.say(consumer, "invitations")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.press(consumer, listed, "Accept"), range(8)))

    assert [method for method, _, _ in cloud.requests].count("PUT") == 1
    assert sum(read(answer).startswith("<@U2> accepted `web` ") for answer in answers) == 1
    assert len(services.store.audit.recent()) == 1


def test_a_withdrawn_invitation_has_its_own_sentence(
    talk: Talk, services: Services, cloud: CloudStandIn, consumer: Person, web: str
) -> None:
    listed = talk.say(consumer, "invitations")
    cloud.remove_member(web, CONSUMER_A)

    answer = talk.press(consumer, listed, "Accept")

    assert read(answer) == (
        f"The invitation to `{web}` is no longer there: its owner withdrew it or deleted the "
        "image. Nothing was changed.\n"
        "No pending invitations."
    )
    assert services.store.audit.recent() == []


def test_a_deleted_image_has_the_same_sentence(
    talk: Talk, cloud: CloudStandIn, consumer: Person, web: str
) -> None:
    listed = talk.say(consumer, "invitations")
    cloud.delete_image(web)

    assert read(talk.press(consumer, listed, "Reject")).startswith(
        f"The invitation to `{web}` is no longer there:"
    )


def test_a_click_after_a_restart_is_answered(
    talk: Talk, services: Services, consumer: Person, web: str, status: Callable[[str], str]
) -> None:
    """Nothing about a message is kept in memory: the store and the button are enough."""
    listed = talk.say(consumer, "invitations")
    restarted = Talk(Services(services.store, services.clouds, services.clock))

    restarted.press(consumer, listed, "Accept")

    assert status(web) == "accepted"


def test_someone_without_the_account_cannot_answer(
    talk: Talk,
    consumer: Person,
    other: Person,
    stranger: Person,
    web: str,
    status: Callable[[str], str],
) -> None:
    listed = talk.say(consumer, "invitations --public")

    for person in (other, stranger):
        note = talk.press(person, listed, "Accept")

        assert note.note
        assert note.text == (
            "This is for account `2200222`, which <@U2> has linked and you have not. Ask them, "
            "or link it too with `/images link`. Nothing was changed."
        )
    assert status(web) == "pending"


def test_a_button_for_an_account_no_longer_linked_is_a_note(
    talk: Talk, services: Services, consumer: Person, web: str
) -> None:
    listed = talk.say(consumer, "invitations")
    services.store.accounts.unlink(services.current_account(consumer).id)

    note = talk.press(consumer, listed, "Accept")

    assert note.note
    assert note.text == (
        "This button is for an account that is no longer linked. Nothing was changed. Link it with "
        "`/images link`."
    )


def test_a_colleagues_click_shows_only_the_account_they_share(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    link: Callable[..., Account],
    invite: Callable[..., None],
    web: str,
) -> None:
    """The message is the first person's: the colleague's other accounts do not belong in it."""
    colleague = Person("T1", "U6")
    link(colleague, CONSUMER_B, "Consumer B")
    link(colleague, CONSUMER_A, "Consumer A")
    invite(cloud.add_image(owner=PRODUCER, name="db", region="DFW"), CONSUMER_B)
    listed = talk.say(consumer, "invitations --public")

    assert "db" not in read(talk.press(colleague, listed, "Accept"))


def test_a_login_without_the_role_is_told_which_it_needs(
    talk: Talk,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    web: str,
    status: Callable[[str], str],
) -> None:
    observer = ("cloudImages:observer",)
    cloud.add_account(CONSUMER_A, "Consumer A", "observer", roles=observer)
    person = Person("T1", "U5")
    link(person, CONSUMER_A, "Consumer A", user="observer")

    note = talk.press(person, talk.say(person, "invitations"), "Accept")

    assert note.note
    assert note.text == (
        "Your login cannot accept invitations: that needs the role `cloudImages:admin` (`member` "
        "on other OpenStack clouds). Ask the administrator of your cloud account. Nothing was "
        "changed."
    )
    assert status(web) == "pending"


def test_accept_and_reject_find_the_image_by_name(
    talk: Talk, consumer: Person, web: str, status: Callable[[str], str]
) -> None:
    accepted = talk.say(consumer, "accept web")
    rejected = talk.say(consumer, "reject web")
    accepted_again = talk.say(consumer, f"accept {web[:8]}")

    assert [labels(answer) for answer in (accepted, rejected)] == [
        ["Reject", "Always accept from 1100111"],
        ["Accept"],
    ]
    assert accepted.text.startswith("<@U2> accepted `web` (DFW, from `1100111`) for account ")
    assert rejected.text.startswith("<@U2> rejected `web` (DFW, from `1100111`) for account ")
    assert accepted_again.text.startswith("<@U2> accepted `web` ")
    assert status(web) == "accepted"


def test_accepting_what_is_accepted_says_so(talk: Talk, consumer: Person, web: str) -> None:
    talk.say(consumer, "accept web")

    assert "had already been accepted" in talk.say(consumer, "accept web").text


def test_accept_of_several_is_a_choice_of_cards(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    web: str,
    invite: Callable[..., None],
    status: Callable[[str], str],
) -> None:
    invite(cloud.add_image(owner=PRODUCER, name="web", region="ORD"), CONSUMER_A)

    choice = talk.say(consumer, "accept web")

    assert choice.text == "2 images shared with you match `web`. Which one?"
    assert labels(choice) == ["Accept", "Reject", "Accept", "Reject"]
    assert status(web) == "pending"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Debian", "`Debian` is a standard image: everyone has it, there is nothing to answer."),
        (
            "mine",
            "`mine` belongs to your own account: there is nothing to answer. "
            "To see its members: `/images members`.",
        ),
    ],
)
def test_what_is_no_invitation_has_its_own_sentence(
    talk: Talk, cloud: CloudStandIn, consumer: Person, name: str, says: str
) -> None:
    cloud.add_image(owner="657197", name="Debian", region="DFW", visibility="public")
    cloud.add_image(owner=CONSUMER_A, name="mine", region="DFW")

    assert talk.say(consumer, f"accept {name}").text == says


def test_accept_of_an_unknown_image_says_where_to_look(talk: Talk, consumer: Person) -> None:
    assert "or `/images invitations` if you have not accepted it yet" in (
        talk.say(consumer, "accept nothing").text
    )


def test_trouble_in_redrawing_does_not_hide_the_answer(
    services: Services, link: Callable[..., Account], web: str, status: Callable[[str], str]
) -> None:
    person = Person("T1", "U5")
    account = link(person, CONSUMER_A, "Consumer A", regions=("LON",))
    value = InvitationAnswer(ImageRef(account.id, "DFW", web), "pending", Origin.LIST).value()

    answer = said(handlers.answer(Click(person, ACCEPT, value), services))

    assert read(answer).startswith("<@U5> accepted `web` ")
    assert ":warning: LON of account `2200222` could not be checked." in read(answer)
    assert not answer.note
    assert status(web) == "accepted"
