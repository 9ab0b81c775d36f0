"""Listing and showing images."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import handlers
from cloud import MemberStatus
from handlers import Click, Person, Services
from handlers.core.button_values import pack
from handlers.images.views import browse as views
from handlers.ui.image_buttons import SHOW
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, GONE, PRODUCER
from tests.handlers.talk import Talk, buttons, labels, read, said


def names(answer: object) -> list[str]:
    """The images of a list, in order."""
    return [
        button["accessibility_label"].removeprefix("Details of ")
        for button in buttons(answer)
        if button["text"]["text"] == "Details"
    ]


@pytest.fixture
def images(cloud: CloudStandIn, invite: Callable[..., None]) -> dict[str, str]:
    """One image of every kind, as the consumer may meet them."""
    made = {
        name: cloud.add_image(owner=PRODUCER, name=name, region=region, size=size)
        for name, region, size in (
            ("pending", "DFW", 10),
            ("accepted", "ORD", 20),
            ("rejected", "DFW", 30),
            ("unshared", "DFW", 40),
        )
    }
    made["standard"] = cloud.add_image(
        owner="657197", name="Debian 12", region="DFW", visibility="public", os_distro="debian"
    )
    made["mine"] = cloud.add_image(
        owner=CONSUMER_A, name="mine", region="ORD", tags=["web", "2026"], size=50
    )
    invite(made["pending"], CONSUMER_A)
    invite(made["rejected"], CONSUMER_A)
    invite(made["accepted"], CONSUMER_A)
    return made


@pytest.fixture
def answered(services: Services, consumer: Person, images: dict[str, str]) -> None:
    account = services.current_account(consumer)
    services.images(account, "ORD").set_member_status(images["accepted"], MemberStatus.ACCEPTED)
    services.images(account, "DFW").set_member_status(images["rejected"], MemberStatus.REJECTED)


@pytest.mark.parametrize(
    ("text", "found", "says"),
    [
        ("list --sort name", ["accepted", "Debian 12", "mine"], "*3 images* in DFW and ORD"),
        ("list --mine", ["mine"], "*1 own image* in DFW and ORD"),
        ("list --standard", ["Debian 12"], "*1 standard image* in DFW and ORD"),
        ("list --shared", ["accepted"], "*1 image shared with this account* in DFW and ORD"),
        ("list --pending", ["pending"], "*1 pending image* in DFW and ORD"),
        ("list --region ord --sort size", ["mine", "accepted"], "*2 images* in ORD"),
        (
            "list --tag web --tag 2026",
            ["mine"],
            "*1 image* in DFW and ORD, tagged `web` and `2026`",
        ),
        ("list --tag other", [], "*No images* in DFW and ORD, tagged `other`"),
        ("list DEBIAN", ["Debian 12"], "*1 image* in DFW and ORD, matching `DEBIAN`"),
        ("list deb 12", ["Debian 12"], "*1 image* in DFW and ORD, matching `deb 12`"),
        ("list 2026", ["mine"], "*1 image* in DFW and ORD, matching `2026`"),
        ("list --status queued", [], "*No images* in DFW and ORD, with status `queued`"),
    ],
)
def test_list_finds_and_says_what_it_filtered(
    talk: Talk, consumer: Person, answered: None, text: str, found: list[str], says: str
) -> None:
    answer = talk.say(consumer, text)

    assert names(answer) == found
    assert answer.text.startswith(f"{says}; account `2200222` (`Consumer A`)")


def test_list_shows_each_image_in_a_few_words(
    talk: Talk, consumer: Person, answered: None, images: dict[str, str]
) -> None:
    assert read(talk.say(consumer, "list --shared")) == (
        "*1 image shared with this account* in DFW and ORD; account `2200222` (`Consumer A`), "
        "newest first.\n"
        "*accepted* · shared by `1100111`\n"
        "ORD · 20 bytes · active · (time) · "
        f"`{images['accepted'][:8]}`\n"
        "[Details]"
    )


def test_list_comes_in_pages_of_six_that_buttons_turn(
    talk: Talk, cloud: CloudStandIn, consumer: Person
) -> None:
    for n in range(15):
        cloud.add_image(owner=CONSUMER_A, name=f"web-{n:02}", region="DFW")
    for n in range(3):
        cloud.add_image(owner=CONSUMER_A, name=f"other-{n}", region="DFW")

    first = talk.say(consumer, "list web --sort name")
    second = talk.press(consumer, first, "Next")
    third = talk.press(consumer, second, "Next")
    back = talk.press(consumer, third, "Previous")

    assert names(first) == [f"web-{n:02}" for n in range(6)]
    assert names(second) == [f"web-{n:02}" for n in range(6, 12)]
    assert names(third) == ["web-12", "web-13", "web-14"]
    assert read(back) == read(second)
    assert "Images 7–12 of 15." in read(second)
    assert [labels(m)[-2:] for m in (first, second, third)] == [
        ["Share…", "Next"],
        ["Previous", "Next"],
        ["Share…", "Previous"],
    ]


def test_a_page_that_is_no_longer_there_becomes_the_last_one(
    services: Services, cloud: CloudStandIn, consumer: Person
) -> None:
    for n in range(7):
        cloud.add_image(owner=CONSUMER_A, name=f"web-{n:02}", region="DFW")
    query = views.Query(services.current_account(consumer).id, "mine", sort="name", page=9)
    click = Click(consumer, views.PAGE, query.value())

    assert names(said(handlers.answer(click, services))) == ["web-06"]


def test_a_list_of_someone_else_does_not_turn(
    talk: Talk, cloud: CloudStandIn, consumer: Person, other: Person
) -> None:
    for n in range(11):
        cloud.add_image(owner=CONSUMER_A, name=f"web-{n:02}", region="DFW")
    shown = talk.say(consumer, "list --mine --public")

    note = talk.press(other, shown, "Next")

    assert shown.public
    assert note.note
    assert note.text == (
        "This is for account `2200222`, which <@U2> has linked and you have not. Ask them, or "
        "link it too with `/images link`. Nothing was changed."
    )


def test_one_regions_trouble_does_not_silence_the_other(
    talk: Talk, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    """The account was linked when it still had a region that is closed now."""
    person = Person("T1", "U5")
    link(person, CONSUMER_A, "Consumer A", regions=("DFW", "LON"))
    cloud.add_image(owner=CONSUMER_A, name="web", region="DFW")

    answer = talk.say(person, "list --mine")

    assert names(answer) == ["web"]
    assert answer.text.startswith("*1 own image* in DFW; ")
    assert read(answer).endswith(
        ":warning: LON of account `2200222` could not be checked. Your account has no region "
        "`LON`. Available: DFW and ORD."
    )


def test_a_fixed_region_is_the_only_one_listed_unless_another_is_asked_for(
    talk: Talk, link: Callable[..., Account]
) -> None:
    person = Person("T1", "U5")
    link(person, CONSUMER_A, "Consumer A", region="ORD")

    assert talk.say(person, "list").text.startswith("*No images* in ORD;")
    assert talk.say(person, "list --region DFW").text.startswith("*No images* in DFW;")


def test_a_wrong_password_is_the_whole_answer(
    talk: Talk, services: Services, link: Callable[..., Account]
) -> None:
    person = Person("T1", "U5")
    link(person, CONSUMER_A, "Consumer A", password="made-up-and-refused")

    assert talk.say(person, "list").text == (
        "The cloud no longer accepts this account's password or key. Link it again with `/images "
        "link`."
    )


def test_show_lays_out_all_that_is_known(talk: Talk, cloud: CloudStandIn, consumer: Person) -> None:
    note: dict[str, Any] = {"com.example.note": "hello `world`"}
    image_id = cloud.add_image(
        owner=CONSUMER_A,
        name="web <1>",
        region="DFW",
        size=2_577_777_777,
        min_disk=20,
        min_ram=512,
        disk_format="vhd",
        container_format="ovf",
        tags=["web", "2026"],
        protected=True,
        checksum="abc",
        os_distro="debian",
        **note,
    )

    shown = talk.say(consumer, f"show {image_id}")

    text = read(shown)
    assert text.startswith("web <1>\nOwned by your account `2200222` (`Consumer A`).\n*Id*\n")
    for part in (
        f"*Id*\n`{image_id}`",
        "*Region*\nDFW",
        "*Size*\n2.6 GB (2,577,777,777 bytes)",
        "*Format*\n`vhd` in `ovf`",
        "*Minimum disk and RAM*\n20 GB, 512 MB",
        "*Protected*\nyes, can't be deleted",
        "*Checksum (MD5)*\n`abc`",
        "`com.example.note`  `hello ˋworldˋ`",
        "`os_distro`  `debian`",
    ):
        assert part in text
    assert labels(shown) == ["Share…", "Members", "Update…", "Export…", "Copy…"]
    assert shown.text == "`web &lt;1&gt;` in DFW: active, 2.6 GB"


@pytest.mark.parametrize(
    ("name", "pressable", "says"),
    [
        ("pending", ["Accept", "Reject"], "Pending."),
        ("accepted", ["Reject"], "Accepted (time)."),
        ("rejected", ["Accept"], "Rejected (time)."),
        ("Debian 12", [], "A standard image of the provider, available to every account."),
        (
            "mine",
            ["Share…", "Members", "Update…", "Export…", "Copy…"],
            "Owned by your account `2200222` (`Consumer A`).",
        ),
    ],
)
def test_show_offers_what_the_account_may_do(
    talk: Talk, consumer: Person, answered: None, name: str, pressable: list[str], says: str
) -> None:
    shown = talk.say(consumer, f'show "{name}"')

    assert labels(shown) == pressable
    assert says in read(shown)


def test_details_button_shows_the_image(
    talk: Talk, consumer: Person, answered: None, images: dict[str, str]
) -> None:
    listed = talk.say(consumer, "list --pending")

    assert read(talk.press(consumer, listed, "Details")) == read(talk.say(consumer, "show pending"))


def test_details_of_an_image_that_is_gone_are_a_note(services: Services, consumer: Person) -> None:
    value = pack(services.current_account(consumer).id, "DFW", GONE)

    note = said(handlers.answer(Click(consumer, SHOW, value), services))

    assert note.note
    assert note.text == (
        f"Image `{GONE[:8]}` no longer exists, or is no longer shared with you. Nothing was "
        "changed. See `/images list`."
    )


def test_an_answer_in_show_redraws_it(talk: Talk, consumer: Person, answered: None) -> None:
    shown = talk.say(consumer, "show accepted")

    redrawn = talk.press(consumer, shown, "Reject")

    assert not redrawn.note
    assert read(redrawn).startswith("<@U2> rejected `accepted` (ORD, from `1100111`)")
    assert labels(redrawn) == ["Accept"]


def test_one_odd_image_spoils_no_list(
    cloud: CloudStandIn, talk: Talk, producer: Person, services: Services
) -> None:
    whole = {"status": "active", "visibility": "shared", "owner": PRODUCER, "tags": []}
    times = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    odd = [
        {"id": "i-1", "name": "web", "size": 5, **whole, **times},
        {"id": "i-2", "name": 7, "size": "5", **whole, "tags": [None], "created_at": None},
        {"id": "i-3", "owner": PRODUCER},
        {"name": "without an id"},
        5,
    ]
    cloud.fail_next(2, 200, body=json.dumps({"images": odd}), path_prefix="/DFW/v2/images")

    answer = talk.say(producer, "list --mine --region DFW")

    assert "an unknown date" in read(answer)
    assert names(answer)[:2] == ["web", "7"]
    assert len(names(answer)) == 3


@pytest.fixture
def hidden(cloud: CloudStandIn) -> dict[str, str]:
    """An image of each kind that is in no listing unless one asks for hidden ones."""
    made = {
        "old-mine": cloud.add_image(owner=CONSUMER_A, name="old-mine", os_hidden=True),
        "old-shared": cloud.add_image(owner=PRODUCER, name="old-shared", os_hidden=True),
        "old-standard": cloud.add_image(
            owner="657197", name="old-standard", visibility="public", os_hidden=True
        ),
        "old-community": cloud.add_image(
            owner=PRODUCER, name="old-community", visibility="community", os_hidden=True
        ),
    }
    cloud.add_member(made["old-shared"], CONSUMER_A)
    return made


def test_hidden_images_are_found_and_marked(
    talk: Talk, consumer: Person, hidden: dict[str, str]
) -> None:
    mine = talk.say(consumer, "list --mine")
    assert names(mine) == ["old-mine"]
    assert "own · hidden" in read(mine)
    assert names(talk.say(consumer, "list")) == ["old-mine"]
    assert names(talk.say(consumer, "list --pending")) == ["old-shared"]

    for name, image_id in hidden.items():
        assert image_id in read(talk.say(consumer, f"show {name}"))
        assert image_id in read(talk.say(consumer, f"show {image_id}"))
    for name in ("old-mine", "old-shared", "old-standard"):
        assert hidden[name] in read(talk.say(consumer, f"show {hidden[name][:13]}"))
        assert hidden[name] in read(talk.say(consumer, f"show {name.upper()}"))
    assert "hidden" in read(talk.say(consumer, "show old-mine"))
    assert "old-shared" in read(talk.say(consumer, "invitations"))


def test_community_images_are_found_where_one_asks_for_them_and_explained(
    talk: Talk, consumer: Person, producer: Person, cloud: CloudStandIn
) -> None:
    image_id = cloud.add_image(owner=PRODUCER, name="everyones", visibility="community")

    assert names(talk.say(consumer, "list")) == []
    assert names(talk.say(consumer, "list --community")) == ["everyones"]
    shown = read(talk.say(consumer, "show everyones"))
    assert image_id in shown
    assert "every account in this cloud" in shown
    own = talk.say(producer, "list --mine")
    assert "own · community" in read(own)


def test_a_cloud_without_community_images_says_there_are_none(
    talk: Talk, consumer: Person, cloud: CloudStandIn
) -> None:
    cloud.fail_next(9, 400)

    assert "*No community images*" in read(talk.say(consumer, "list --community"))


def test_what_is_shown_to_everyone_names_whose_account_it_is_and_has_no_buttons_of_theirs(
    talk: Talk, cloud: CloudStandIn, consumer: Person
) -> None:
    cloud.add_image(owner=CONSUMER_A, name="web", region="DFW")

    shown = talk.say(consumer, "show web --public")

    assert shown.public
    assert "Owned by <@U2>'s account `2200222`" in read(shown)
    assert "your" not in read(shown)
    assert labels(shown) == []
