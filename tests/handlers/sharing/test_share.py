"""Sharing an image, and ending it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

import handlers
from cloud import MemberStatus
from handlers import Click, Message, Person, Services
from handlers.core.button_values import pack
from handlers.core.places import ImageRef
from handlers.sharing.views import members as member_views
from handlers.sharing.views import share as views
from handlers.ui.image_buttons import MEMBERS, MembersPage
from sandbox.cloud import CloudStandIn
from storage import ALL_ACCOUNTS, Account, Mode, Preference
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, GONE, PRODUCER
from tests.handlers.talk import Talk, buttons, labels, read, said
from tests.storage.fixtures import HandClock

SURE = "Share anyway"
OBSERVER = ("cloudImages:observer",)


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)


@pytest.fixture
def members(cloud: CloudStandIn) -> Callable[[str], dict[str, str]]:
    """Whom an image is shared with, as the cloud knows it."""
    return cloud.members


def last(talk: Talk, person: Person, command: str) -> Message:
    """The second question, which is asked of numbers that nobody here knows."""
    return talk.press(person, talk.say(person, command), "Share")


def accept(services: Services, consumer: Person, image_id: str) -> None:
    images = services.images(services.current_account(consumer), "DFW")
    images.set_member_status(image_id, MemberStatus.ACCEPTED)


def test_share_asks_in_two_lines_and_changes_nothing(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    question = talk.say(producer, f"share web {CONSUMER_A}")

    assert read(question) == (
        "Share *web* with `2200222`?\nAccess starts at once, until you unshare it.\n"
        "[Share]\n[Details]\n[Cancel]"
    )
    assert question.text == "Share `web` with `2200222`?"
    assert members(web) == {}


def test_what_sharing_means_stands_behind_details(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    question = talk.say(producer, f"share web {CONSUMER_A}")

    details = talk.press(producer, question, "Details")

    assert read(details) == (
        "Share *web* with `2200222`?\n"
        "Access starts at once, until you unshare it.\n"
        f"`web` (DFW, 2.5 GB) · `{web}`\n"
        "From your account `1100111` (`Producer`)\n"
        "• *Check the number.* The cloud doesn't: a typo shares with a stranger, or with "
        "nobody.\n"
        "• Nobody in this workspace has linked `2200222`.\n"
        "• *Access starts at once*, before anyone accepts. Accepting only adds the image to that "
        "account's list.\n"
        "• Everyone who uses that account gets it, not one person.\n"
        "• Only `/images unshare` ends access. Servers and images built from it are not "
        "affected.\n"
        "• Check for licences you may not pass on, and for passwords and keys left inside.\n"
        "[Share]\n"
        "[Cancel]"
    )
    assert members(web) == {}


def test_a_slip_in_a_number_gets_a_button_with_what_was_meant(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    question = talk.say(producer, "share web 2200232 for 7d")

    meant = talk.press(producer, question, f"Use {CONSUMER_A}")

    assert f"`2200232` is new here. Did you mean `{CONSUMER_A}`?" in read(question)
    assert read(meant).startswith(f"Share *web* with `{CONSUMER_A}`?\nAccess starts at once, until")


def test_the_details_know_the_accounts_that_are_linked_here(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    question = talk.say(producer, f"share web {CONSUMER_A} {CONSUMER_B}")
    details = read(talk.press(producer, question, "Details"))

    assert read(question).startswith("Share *web* with `2200222` and `3300333`?\n")
    assert "• Someone in this workspace has linked `2200222`.\n" in details
    assert "• Nobody in this workspace has linked `3300333`.\n" in details


def test_confirming_shares_and_says_who_tells_the_consumer(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    shared = talk.press(producer, last(talk, producer, f"share web {CONSUMER_A}"), SURE)

    assert read(shared) == (
        "Shared `web` (DFW, 2.5 GB) with 1 account.\n"
        "`2200222` · pending since (time) · can boot it now\n"
        "[Undo]\n"
        "I won't notify anyone of `2200222`: tell them yourself.\n"
        "[Members]"
    )
    assert members(web) == {CONSUMER_A: "pending"}
    assert not shared.note


def test_sharing_is_audited(talk: Talk, services: Services, producer: Person, web: str) -> None:
    talk.press(producer, last(talk, producer, f"share web {CONSUMER_A}"), SURE)

    [row] = services.store.audit.recent()
    assert (row.actor, row.action, row.target, row.account, row.region, row.outcome) == (
        "T1/U1",
        "image.share",
        f"{web} with {CONSUMER_A}",
        PRODUCER,
        "DFW",
        "done",
    )


def test_the_record_has_the_clouds_own_id_of_the_change(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.press(producer, last(talk, producer, f"share web {CONSUMER_A}"), SURE)

    [row] = services.store.audit.recent()
    assert row.request_id.startswith("req-")


def test_cancel_changes_nothing(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    answer = talk.press(producer, talk.say(producer, f"share web {CONSUMER_A}"), "Cancel")

    assert read(answer) == "Cancelled: `web` was not shared."
    assert members(web) == {}


def test_pressing_share_twice_shares_once(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    question = last(talk, producer, f"share web {CONSUMER_A}")
    talk.press(producer, question, SURE)

    again = talk.press(producer, question, SURE)

    assert read(again).startswith(
        "Shared `web` (DFW, 2.5 GB) with no other account.\n"
        "`web` is already shared with `2200222`, pending since (time)."
    )
    assert members(web) == {CONSUMER_A: "pending"}


def test_a_double_click_at_the_same_moment_is_a_note(
    talk: Talk,
    services: Services,
    producer: Person,
    web: str,
    members: Callable[[str], dict[str, str]],
) -> None:
    question = last(talk, producer, f"share web {CONSUMER_A}")

    with services.lock(f"member DFW {web} {CONSUMER_A}"):
        note = talk.press(producer, question, SURE)

    assert note.note
    assert note.text == "That is already in progress. Nothing was done twice."
    assert members(web) == {}


def test_eight_clicks_at_once_share_once(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    """Eight such requests made up to three rows in a real Glance."""
    question = last(talk, producer, f"share web {CONSUMER_A}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.press(producer, question, SURE), range(8)))

    assert [status for method, _, status in cloud.requests if method == "POST"].count(200) == 1
    assert sum("can boot it now" in read(answer) for answer in answers) == 1


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (
            MemberStatus.PENDING,
            "`web` is already shared with `2200222`, pending since (time). "
            "If they don't know about it, check the number.",
        ),
        (
            MemberStatus.REJECTED,
            "`web` is already shared with `2200222`, who rejected it (time). "
            "To invite them again: unshare, then share again.",
        ),
        (
            MemberStatus.ACCEPTED,
            "`web` is already shared with `2200222`: accepted (time).",
        ),
    ],
)
def test_sharing_again_tells_how_it_stands(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
    invite: Callable[..., None],
    status: MemberStatus,
    says: str,
) -> None:
    invite(web, CONSUMER_A)
    services.images(services.current_account(consumer), "DFW").set_member_status(web, status)

    answer = talk.say(producer, f"share web {CONSUMER_A}")

    assert read(answer) == f"{says}\n[Members]"


def test_several_accounts_are_reported_one_by_one(
    talk: Talk,
    cloud: CloudStandIn,
    producer: Person,
    consumer: Person,
    web: str,
    invite: Callable[..., None],
    members: Callable[[str], dict[str, str]],
) -> None:
    question = last(talk, producer, f"share web {CONSUMER_A} {CONSUMER_B}")
    invite(web, CONSUMER_B)

    shared = talk.press(producer, question, SURE)

    assert read(shared) == (
        "Shared `web` (DFW, 2.5 GB) with 1 account.\n"
        "`2200222` · pending since (time) · can boot it now\n"
        "[Undo]\n"
        "`web` is already shared with `3300333`, pending since (time). "
        "If they don't know about it, check the number.\n"
        "I'll notify everyone here who uses `2200222`.\n"
        "[Members]"
    )
    assert members(web) == {CONSUMER_A: "pending", CONSUMER_B: "pending"}


def test_undo_unshares_and_shows_who_is_left(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    question = last(talk, producer, f"share web {CONSUMER_A} {CONSUMER_B}")
    shared = talk.press(producer, question, SURE)

    undone = talk.press(producer, shared, "Undo", 0)

    assert read(undone) == (
        "Undone: `web` (DFW, 2.5 GB) is no longer shared with `2200222`. "
        "They had not accepted it.\n"
        "`web` (DFW, 2.5 GB) is shared with *1 account*: 1 pending.\n"
        "*3300333* · pending\nsince (time)\n"
        "[Unshare]\n"
        "[Share…]"
    )
    assert members(web) == {CONSUMER_B: "pending"}


def test_undo_says_so_if_it_had_been_accepted(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    shared = last(talk, producer, f"share web {CONSUMER_A}")
    accept(services, consumer, web)

    undone = talk.press(producer, shared, "Undo")

    assert read(undone).startswith(
        "Undone: `web` (DFW, 2.5 GB) is no longer shared with `2200222`. They had already "
        "accepted it (time): servers and images built from it are not affected.\n"
    )


def test_undoing_twice_changes_nothing_more(talk: Talk, producer: Person, web: str) -> None:
    shared = talk.press(producer, last(talk, producer, f"share web {CONSUMER_A}"), SURE)
    talk.press(producer, shared, "Undo")

    again = talk.press(producer, shared, "Undo")

    assert read(again).startswith(
        "`web` (DFW, 2.5 GB) was no longer shared with `2200222`. Nothing was changed.\n"
    )


def test_unshare_asks_first_and_says_what_remains(
    talk: Talk,
    producer: Person,
    web: str,
    invite: Callable[..., None],
    members: Callable[[str], dict[str, str]],
) -> None:
    invite(web, CONSUMER_A)

    question = talk.say(producer, f"unshare web {CONSUMER_A}")
    kept = members(web)
    unshared = talk.press(producer, question, "Unshare")

    assert read(question) == (
        "Stop sharing `web` (DFW, 2.5 GB) with account `2200222`?\n"
        "Their answer: pending since (time).\n"
        "• That account loses access at once.\n"
        "• Servers and images built from it are not affected.\n"
        "[Unshare]\n"
        "[Cancel]"
    )
    assert kept == {CONSUMER_A: "pending"}
    assert read(unshared) == (
        "`web` (DFW, 2.5 GB) is no longer shared with `2200222`. They had not accepted it.\n"
        "`web` (DFW, 2.5 GB) is not shared with anyone.\n[Share…]"
    )
    assert members(web) == {}


def test_members_lists_each_answer_with_a_button_that_asks(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
    invite: Callable[..., None],
    members: Callable[[str], dict[str, str]],
) -> None:
    invite(web, CONSUMER_A, CONSUMER_B)
    accept(services, consumer, web)

    listed = talk.say(producer, "members web")
    first, second, _share = buttons(listed)
    unshared = talk.press(producer, listed, "Unshare", 1)

    assert read(listed) == (
        "`web` (DFW, 2.5 GB) is shared with *2 accounts*: 1 accepted and 1 pending.\n"
        "*2200222* · accepted\nsince (time)\n"
        "[Unshare]\n"
        "*3300333* · pending\nsince (time)\n"
        "[Unshare]\n"
        "[Share…]"
    )
    assert first["confirm"]["title"]["text"] == "Unshare with 2200222?"
    assert second["confirm"]["text"]["text"] == (
        "That account loses access at once. Servers and images built from it are not affected. "
        "Image: `web`"
    )
    assert read(unshared).startswith("`web` (DFW, 2.5 GB) is no longer shared with `3300333`.")
    assert members(web) == {CONSUMER_A: "accepted"}


def test_many_members_come_in_pages(
    talk: Talk, producer: Person, web: str, invite: Callable[..., None]
) -> None:
    invite(web, *(str(7700000 + n) for n in range(10)))

    first = talk.say(producer, "members web")
    second = talk.press(producer, first, "Next")

    assert labels(first) == ["Unshare"] * 6 + ["Next", "Share…"]
    assert labels(second) == ["Unshare"] * 4 + ["Previous", "Share…"]
    assert read(talk.press(producer, second, "Previous")) == read(first)


def test_a_consumer_sees_only_its_own_row(
    talk: Talk, producer: Person, consumer: Person, web: str, invite: Callable[..., None]
) -> None:
    invite(web, CONSUMER_A, CONSUMER_B)

    assert read(talk.say(consumer, "members web")) == (
        "Only the owner of `web` (DFW, 2.5 GB), account `1100111`, sees all its members. "
        "Your account `2200222` (`Consumer A`):\n"
        "*2200222* · pending\nsince (time)"
    )


def test_member_tells_one_accounts_answer(
    talk: Talk, producer: Person, web: str, invite: Callable[..., None]
) -> None:
    invite(web, CONSUMER_A)

    assert read(talk.say(producer, f"member web {CONSUMER_A}")) == (
        "`web` (DFW, 2.5 GB) and account `2200222`: pending since (time).\n"
        "*2200222* · pending\nsince (time)\n"
        "[Unshare]\n"
        "Invited (time), last change (time). The answer only decides whether the image is in "
        "that account's list: access lasts from sharing to unsharing."
    )


@pytest.mark.parametrize("verb", ["member", "unshare"])
def test_an_account_it_is_not_shared_with_is_named(
    talk: Talk, producer: Person, web: str, verb: str
) -> None:
    assert talk.say(producer, f"{verb} web {CONSUMER_A}").text == (
        "`web` is not shared with account `2200222`. Nothing was changed. "
        f"To see its members: `/images members {web}`"
    )


def test_sharing_with_oneself_is_refused(talk: Talk, producer: Person, web: str) -> None:
    assert talk.say(producer, f"share web {PRODUCER}").text == (
        "Account `1100111` owns the image, so it needs no invitation. "
        "Use the number of another account."
    )


@pytest.mark.parametrize("verb", ["share", "unshare", "members", "member"])
def test_a_public_image_has_its_own_sentence(
    talk: Talk, cloud: CloudStandIn, producer: Person, verb: str
) -> None:
    cloud.add_image(owner="657197", name="Debian", region="DFW", visibility="public")
    rest = "" if verb == "members" else CONSUMER_A

    assert talk.say(producer, f"{verb} Debian {rest}").text == (
        "`Debian` is public: every account can already use it, so there is nothing to share or "
        "unshare."
    )


def test_a_private_image_of_todays_glance_has_its_own_sentence(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    image_id = cloud.add_image(owner=PRODUCER, name="secret", region="DFW", visibility="private")

    refused = talk.say(producer, f"share secret {CONSUMER_A}")

    assert read(refused) == (
        "`secret` is private, and this cloud shares only images whose visibility is `shared`. "
        f"Change it first: `/images update {image_id} visibility=shared`.\n"
        "[Make shared]"
    )
    talk.press(producer, refused, "Make shared")
    assert "[Share]" in read(talk.say(producer, f"share secret {CONSUMER_A}"))


@pytest.mark.parametrize("verb", ["share", "unshare"])
def test_a_foreign_image_has_its_own_sentence(
    talk: Talk, consumer: Person, web: str, invite: Callable[..., None], verb: str
) -> None:
    invite(web, CONSUMER_A)

    assert talk.say(consumer, f"{verb} web {CONSUMER_B}").text == (
        f"`web` belongs to account `1100111`. Only its owner can {verb} it. To hide it from your "
        "list, use `/images reject`."
    )


def test_a_button_for_a_foreign_image_is_checked_again(
    talk: Talk,
    services: Services,
    consumer: Person,
    web: str,
    invite: Callable[..., None],
    members: Callable[[str], dict[str, str]],
) -> None:
    """A button's value is a claim: here one that the bot never made."""
    invite(web, CONSUMER_A)
    place = ImageRef(services.current_account(consumer).id, "DFW", web)
    made_up = Click(consumer, views.CONFIRM, views.Share(place, (CONSUMER_B,)).value())

    answer = said(handlers.answer(made_up, services))

    assert answer.note
    assert "Only its owner can share it" in answer.text
    assert members(web) == {CONSUMER_A: "pending"}


def test_someone_without_the_account_cannot_press_share(
    talk: Talk,
    producer: Person,
    consumer: Person,
    web: str,
    members: Callable[[str], dict[str, str]],
) -> None:
    question = talk.say(producer, f"share web {CONSUMER_A}")

    note = talk.press(consumer, question, "Share")

    assert note.note
    assert note.text == (
        "This is for account `1100111`, which <@U1> has linked and you have not. Ask them, or "
        "link it too with `/images link`. Nothing was changed."
    )
    assert members(web) == {}


def test_a_colleague_with_the_same_account_may_press_with_their_own_login(
    talk: Talk,
    producer: Person,
    link: Callable[..., Account],
    web: str,
    members: Callable[[str], dict[str, str]],
) -> None:
    colleague = Person("T1", "U6")
    link(colleague, PRODUCER, "Producer")
    question = last(talk, producer, f"share web {CONSUMER_A}")

    talk.press(colleague, question, SURE)

    assert members(web) == {CONSUMER_A: "pending"}


def test_an_image_that_is_gone_meanwhile_is_a_note(services: Services, producer: Person) -> None:
    place = ImageRef(services.current_account(producer).id, "DFW", GONE)

    for action, value in (
        (views.CONFIRM, views.Share(place, (CONSUMER_A,)).value()),
        (member_views.UNSHARE, member_views.Unshare(place, CONSUMER_A).value()),
        (MEMBERS, MembersPage(place).value()),
    ):
        note = said(handlers.answer(Click(producer, action, value), services))

        assert note.note
        assert note.text == (
            f"Image `{GONE[:8]}` no longer exists, or is no longer shared with you. "
            "Nothing was changed. See `/images list`."
        )


def test_a_login_without_the_role_is_told_which_it_needs(
    talk: Talk,
    cloud: CloudStandIn,
    services: Services,
    link: Callable[..., Account],
    web: str,
) -> None:
    cloud.add_account(PRODUCER, "Producer", "observer", roles=OBSERVER)
    person = Person("T1", "U5")
    link(person, PRODUCER, "Producer", user="observer")

    note = talk.press(person, last(talk, person, f"share web {CONSUMER_A}"), SURE)

    assert note.note
    assert note.text == (
        "Your login cannot share images: that needs the role `cloudImages:creator` (`member` on "
        "other OpenStack clouds). Ask the administrator of your cloud account. Nothing was "
        "changed."
    )
    [row] = services.store.audit.recent()
    assert row.outcome == "failed: MissingRole"
    assert row.request_id.startswith("req-")


def test_a_number_that_nobody_here_knows_is_asked_twice_with_what_may_be_meant(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    talk.say(producer, "name 2200222 partner")

    second = last(talk, producer, "share web 2200223")

    assert read(second) == (
        "Nobody here has linked or named this number. If it is a typo, a stranger gets `web` "
        "(DFW, 2.5 GB). Check digit by digit:\n"
        "220 022 3\n"
        ":point_right: Did you mean `2200222` (`partner`)?\n"
        "[Share anyway]\n"
        "[Cancel]\n"
        "Named numbers skip this question: `/images name 2200223 NAME`"
    )
    assert members(web) == {}


def test_a_name_of_the_address_book_stands_for_its_number_and_is_asked_once(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    talk.say(producer, f"name {CONSUMER_A} partner")

    question = talk.say(producer, "share web with PARTNER")
    details = read(talk.press(producer, question, "Details"))
    shared = read(talk.press(producer, question, "Share"))

    assert read(question).startswith(f"Share *web* with *partner* (`{CONSUMER_A}`)?\n")
    assert "• In the address book: `2200222` (`partner`).\n" in details
    assert "`2200222` (`partner`) · pending since (time) · can boot it now" in shared
    assert members(web) == {CONSUMER_A: "pending"}


def test_a_person_stands_for_the_account_that_they_have_linked(
    talk: Talk,
    producer: Person,
    consumer: Person,
    web: str,
    members: Callable[[str], dict[str, str]],
) -> None:
    talk.press(producer, talk.say(producer, "share web <@U2|cara>"), "Share")

    assert members(web) == {CONSUMER_A: "pending"}


def test_a_person_is_told_at_once_with_answers_that_work(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
    members: Callable[[str], dict[str, str]],
) -> None:
    question = talk.say(producer, f'share web <@U2|cara> {CONSUMER_B} for 7d because "a test"')
    shared = talk.press(producer, talk.press(producer, question, "Share"), SURE)
    [notice] = taking.notices(services.store)
    told = Message(notice.text, tuple(notice.blocks))
    answered = talk.press(consumer, told, "Accept")

    assert "with <@U2> (`2200222`) and `3300333`?\n" in read(question)
    assert (
        "<@U2> can accept or reject it now. I won't notify anyone of `3300333`: "
        "tell them yourself.\n"
    ) in read(shared)
    assert (notice.team_id, notice.user_id, notice.channel) == ("T1", "U2", None)
    assert read(told).startswith(
        "<@U1> has shared `web` (DFW, 2.5 GB) with your account `2200222` (`Consumer A`), until "
        "(time). Because: `a test`.\n"
    )
    assert labels(told)[:2] == ["Accept", "Reject"]
    assert read(answered).startswith("<@U2> accepted `web` (DFW, from `1100111`)")
    assert members(web) == {CONSUMER_A: "accepted", CONSUMER_B: "pending"}


def test_a_person_is_told_once_of_one_share_and_again_of_the_next(
    talk: Talk,
    services: Services,
    clock: HandClock,
    producer: Person,
    consumer: Person,
    web: str,
) -> None:
    question = talk.say(producer, "share web <@U2>")
    talk.press(producer, question, "Share")
    talk.press(producer, question, "Share")
    first = len(taking.notices(services.store))
    clock.advance(minutes=6)
    talk.press(producer, talk.say(producer, "unshare web <@U2>"), "Unshare")
    services.store.invitations.settle(services.current_account(consumer).id, "DFW", [])
    talk.press(producer, talk.say(producer, "share web <@U2>"), "Share")

    assert first == 1
    assert [notice.attempts for notice in taking.notices(services.store)].count(1) == 1


def test_the_scheduler_does_not_tell_once_more_what_was_told_at_once(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    talk.press(producer, talk.say(producer, "share web <@U2>"), "Share")

    assert services.store.invitations.pending(services.current_account(consumer).id)
    assert taking.missing(services.store) == []


@pytest.mark.parametrize("wants", ["no producer", "no notice"])
def test_a_person_who_wants_to_hear_nothing_is_not_told(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str, wants: str
) -> None:
    account = services.current_account(consumer)
    if wants == "no producer":
        services.store.snoozes.mute("T1", "U2", account.cloud, PRODUCER)
    else:
        services.store.preferences.put("T1", "U2", CONSUMER_A, Preference(mode=Mode.OFF))

    shared = talk.press(producer, talk.say(producer, "share web <@U2>"), "Share")

    assert "I won't notify anyone of `2200222`: tell them yourself." in read(shared)
    assert taking.notices(services.store) == []


def test_a_person_who_wants_quiet_is_told_later_by_the_scheduler(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    """The clock says eight, in Greenwich."""
    night = Preference(mode=Mode.INSTANT, quiet_from="22:00", quiet_to="09:00", zone="UTC")
    services.store.preferences.put("T1", "U2", ALL_ACCOUNTS, night)

    shared = talk.press(producer, talk.say(producer, "share web <@U2>"), "Share")

    assert "I'll notify everyone here who uses `2200222`." in read(shared)
    assert taking.notices(services.store) == []
    assert taking.missing(services.store) == [("T1", "U2")]


def test_all_who_have_linked_an_account_that_was_shared_with_are_noted_at_once(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    """So that those who want instant notices need not wait for the next look at the cloud."""
    talk.press(producer, talk.say(producer, f"share web {CONSUMER_A}"), "Share")

    assert taking.missing(services.store) == [("T1", "U2")]


def test_only_who_has_linked_the_account_is_told(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    """Whom to tell stands on the button too, and is a claim like all that does."""
    place = ImageRef(services.current_account(producer).id, "DFW", web)
    value = views.Share(place, (CONSUMER_A,), people={CONSUMER_A: "U9"}).value()

    shared = said(handlers.answer(Click(producer, views.CONFIRM, value), services))

    assert "I won't notify anyone of `2200222`" in read(shared)
    assert taking.notices(services.store) == []


def test_of_a_person_with_several_accounts_it_is_asked_which(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    link: Callable[..., Account],
    web: str,
    members: Callable[[str], dict[str, str]],
) -> None:
    link(consumer, CONSUMER_B, "Consumer B")

    choice = talk.say(producer, 'share web <@U2|cara> for 7d because "<@U2> asks"')
    question = talk.press(producer, choice, "Choose", 1)
    talk.press(producer, question, "Share")

    assert read(choice) == (
        "<@U2> has linked several accounts. Which one?\n`3300333`\n[Choose]\n`2200222`\n[Choose]"
    )
    assert "until (time)." in read(question)
    assert members(web) == {CONSUMER_A: "pending"}
    [notice] = taking.notices(services.store)
    assert "Because: `<@U2> asks`".replace("<", "&lt;").replace(">", "&gt;") in notice.text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("share web <@U9>", "<@U9> has not linked an account of this cloud here."),
        ("share web @cara", "I don't know who `@cara` is."),
        ("share web &lt;@U2&gt;", "I don't know who `&lt;@U2&gt;` is."),
        ("unshare web @cara", "I don't know who `@cara` is."),
        ("share web <#C1|ops>", "Channels and groups have"),
        ("share web <!subteam^S1>", "Channels and groups"),
        ("share web <@U1>", "Account `1100111` owns the image, so it needs no invitation."),
        ("share web partnr", "`partnr` is neither an account number nor a name in the address"),
        ("share web with", "Usage: "),
        ("share web 2200222 for", "Usage: "),
        ("share web 2200222 for ever", "`ever` is not a valid duration."),
        ("share web 2200222 for 7d more", "`7d more` is not a valid duration."),
        ("share web 2200222 because", "Usage: "),
        (f"share web 2200222 because {'x' * 201}", "A reason can have up to 200 characters."),
    ],
)
def test_whom_nobody_knows_is_refused_with_the_next_step(
    talk: Talk, producer: Person, web: str, text: str, answer: str
) -> None:
    assert read(talk.say(producer, text)).startswith(answer)


def test_a_share_for_a_time_is_asked_with_its_end_and_noted(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    command = f'share web {CONSUMER_A} for 7d because "the release of March"'

    question = talk.say(producer, command)
    shared = talk.press(producer, question, "Share")

    assert read(question).startswith(
        "Share *web* with `2200222`?\nAccess starts at once, until (time).\n"
    )
    assert "Because: `the release of March`." in read(question)
    assert "can boot it now · expires (time)" in read(shared)
    account = services.current_account(producer)
    [expiry] = services.store.expiries.of_image(account, "DFW", web).values()
    assert (expiry.number, expiry.because) == (CONSUMER_A, "the release of March")
    assert expiry.ends_at == services.clock() + timedelta(days=7)
    [row] = services.store.audit.recent()
    assert row.detail == "named web; for 7 days; because the release of March"


def test_a_button_from_before_there_were_ends_is_not_misread(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    """Its accounts stood where the end and the reason are now."""
    place = ImageRef(services.current_account(producer).id, "DFW", web)
    value = pack(*place.parts, CONSUMER_A, CONSUMER_B, "4400444")

    note = said(handlers.answer(Click(producer, views.CONFIRM, value), services))

    assert note.note
    assert services.store.audit.recent() == []


def test_the_button_carries_all_that_may_be_said(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    """Slack takes 2,000 characters in it."""
    place = ImageRef(services.current_account(producer).id, "DFW", web)
    numbers = tuple(f"{n:064x}" for n in range(10))
    people = dict.fromkeys(numbers, "U" + "0" * 20)

    most = views.Share(place, numbers, timedelta(days=365), '"' * 200, people)

    assert len(most.value()) <= 2000
    assert views.Share.read(most.value()) == most


def test_an_account_that_has_the_image_is_given_an_end_and_keeps_it(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
    invite: Callable[..., None],
) -> None:
    invite(web, CONSUMER_A)

    question = talk.say(producer, f"share web {CONSUMER_A} for 12h")
    talk.press(producer, question, "Share")
    talk.say(producer, f"share web {CONSUMER_A}")

    assert "`web` is already shared with `2200222`" in read(question)
    account = services.current_account(producer)
    [expiry] = services.store.expiries.of_image(account, "DFW", web).values()
    assert expiry.span == timedelta(hours=12)


@pytest.mark.parametrize("again", ["unshare", "share"])
def test_what_was_ended_by_hand_does_not_end_once_more(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str, again: str
) -> None:
    """Or an old end would take away a share that was made anew without one."""
    talk.press(producer, talk.say(producer, f"share web {CONSUMER_A} for 7d"), "Share")
    talk.press(producer, talk.say(producer, f"unshare web {CONSUMER_A}"), "Unshare")
    if again == "share":
        talk.press(producer, talk.say(producer, f"share web {CONSUMER_A}"), "Share")

    account = services.current_account(producer)
    assert services.store.expiries.of_image(account, "DFW", web) == {}


def test_members_are_called_as_the_address_book_calls_them(
    talk: Talk, producer: Person, web: str, invite: Callable[..., None]
) -> None:
    invite(web, CONSUMER_A)
    talk.say(producer, f"name {CONSUMER_A} partner")

    assert "shared with `2200222` (`partner`), pending" in read(
        talk.say(producer, "share web partner")
    )
    assert "*partner* · pending\n`2200222` · since" in read(talk.say(producer, "members web"))
    assert "`2200222` (`partner`)" in read(talk.say(producer, "member web partner"))
    question = talk.say(producer, "unshare web partner")
    unshared = read(talk.press(producer, question, "Unshare"))
    assert "`2200222` (`partner`)" in read(question)
    assert "is no longer shared with `2200222` (`partner`)." in unshared


def test_a_name_may_have_letters_of_any_alphabet(
    talk: Talk, producer: Person, web: str, members: Callable[[str], dict[str, str]]
) -> None:
    talk.say(producer, f"name {CONSUMER_A} Zürich")

    question = talk.say(producer, "share web zu\u0308rich")
    talk.press(producer, question, "Share")

    assert members(web) == {CONSUMER_A: "pending"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2200223", True),
        ("2200033", False),
        ("2200332", True),
        ("2202022", True),
        ("220222", True),
        ("22002220", True),
        ("3300222", True),
        ("3311222", False),
        ("2220002", False),
    ],
)
def test_a_slip_is_up_to_two_digits_changed_dropped_added_or_swapped(
    talk: Talk, producer: Person, consumer: Person, web: str, typed: str, meant: bool
) -> None:
    second = last(talk, producer, f"share web {typed}")

    assert ("Did you mean `2200222`?" in read(second)) == meant
