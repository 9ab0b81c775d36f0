"""Servers built from images."""

from __future__ import annotations

import pytest

from handlers import FieldErrors, Person, Services
from handlers.transfers.plans import LaunchPlan
from handlers.ui.typeahead_options import FLAVOR
from sandbox.cloud import CloudStandIn
from storage import Kind
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, filled, read, said

SMALL, MIDDLE = "general1-1", "2 GB General Purpose v1"


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(
        PRODUCER, name="web", region="ORD", size=2_500_000_000, min_disk=30, min_ram=2048
    )


def begun(services: Services) -> list[LaunchPlan]:
    running = services.store.transfers.running()
    assert all(transfer.kind == Kind.LAUNCH for transfer in running)
    return [LaunchPlan.from_json(transfer.plan) for transfer in running]


def test_launch_asks_first_with_the_size_and_that_it_costs_money(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    assert read(talk.say(producer, f'launch web front "{MIDDLE}"')) == (
        "Launch server `front` from `web` (ORD, 2.5 GB) in your account `1100111` (`Producer`)?\n"
        "Flavor: *`2 GB General Purpose v1`*, 2 GB RAM, 2 CPUs, 40 GB disk.\n"
        "• *It costs money* until you delete it, in your provider's control panel: I can't "
        "delete servers.\n"
        "• I don't show its administrator password. Log in with what is in the image, or set a "
        "new password in the control panel.\n"
        "[Launch]\n"
        "[Cancel]"
    )
    assert begun(services) == []


def test_confirming_begins_a_launch(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    answer = talk.press(producer, talk.say(producer, "launch web front general1-2"), "Launch")

    assert begun(services) == [LaunchPlan(web, "web", "front", "general1-2", MIDDLE)]
    [transfer] = services.store.transfers.running()
    assert (transfer.region, transfer.title, transfer.account) == ("ORD", "web", PRODUCER)
    assert read(answer) == (
        "Launching server `front` from `web`. I'll send you its address when it is running.\n"
        f"Progress: `/images task {transfer.id}`"
    )


def test_pressing_launch_twice_builds_one_server(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    question = talk.say(producer, "launch web front general1-2")
    talk.press(producer, question, "Launch")

    again = talk.press(producer, question, "Launch")

    assert again.text == "Already launching server `front` from `web`. Nothing was started twice."
    assert len(begun(services)) == 1


def test_cancel_builds_nothing(talk: Talk, services: Services, producer: Person, web: str) -> None:
    answer = talk.press(producer, talk.say(producer, "launch web front general1-2"), "Cancel")

    assert read(answer) == "Cancelled: server `front` was not launched."
    assert begun(services) == []


def test_with_the_image_alone_a_form_asks_for_name_and_size(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "launch web")
    assert filled(form) == {"launch.name": "", "launch.flavor": ""}
    assert "The image needs 30 GB disk and 2 GB RAM." in str(form.blocks)
    assert "*It costs money*" in str(form.blocks)
    assert talk.find(producer, form, FLAVOR, "2 gb") == [MIDDLE]

    answer = said(talk.submit(producer, form, launch__name="front", launch__flavor="general1-2"))

    assert answer.text.startswith("Launching server `front` from `web`.")
    assert begun(services) == [LaunchPlan(web, "web", "front", "general1-2", MIDDLE)]


def test_the_sizes_are_there_when_the_form_opens(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    form = talk.form(producer, "launch web")
    talk.find(producer, form, FLAVOR)
    asked = len(cloud.requests)

    talk.find(producer, form, FLAVOR, "2")

    assert len(cloud.requests) == asked


def test_a_size_that_is_too_small_keeps_the_form_open(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "launch web")

    reply = talk.submit(producer, form, launch__name="front", launch__flavor=SMALL)

    assert reply == FieldErrors(
        {
            "": "1 GB General Purpose v1 is too small: web needs 30 GB disk and 2048 MB RAM. "
            "Choose a larger flavor. Nothing was started."
        }
    )
    assert begun(services) == []


def test_a_size_that_is_not_there_is_answered_with_those_that_are(
    talk: Talk, producer: Person, web: str
) -> None:
    answer = talk.say(producer, "launch web front enormous")

    assert answer.text == (
        "ORD has no flavor `enormous`. Available: `1 GB General Purpose v1`, `2 GB General "
        "Purpose v1` and `8 GB General Purpose v1`. To pick one from a menu, use `/images launch "
        "IMAGE`."
    )


@pytest.mark.parametrize("command", ["launch web", "launch web front general1-2"])
def test_an_image_that_is_not_active_is_refused_before_anything_is_asked(
    talk: Talk, cloud: CloudStandIn, producer: Person, command: str
) -> None:
    cloud.add_image(PRODUCER, name="web", region="ORD", status="queued", size=None)

    assert talk.say(producer, command).text == (
        "`web` is queued, and only active images can be booted. Try again when it is active. "
        "Nothing was started."
    )


def test_an_image_that_changed_meanwhile_is_looked_at_again(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    question = talk.say(producer, "launch web front general1-2")
    cloud.delete_image(web)

    note = talk.press(producer, question, "Launch")

    assert note.text.startswith(f"Image `{web[:8]}` no longer exists")
    assert begun(services) == []


@pytest.mark.parametrize("command", ["launch web front", "launch web front a b"])
def test_other_words_are_answered_with_the_form(talk: Talk, producer: Person, command: str) -> None:
    assert talk.say(producer, command).text.startswith(
        "Usage: `/images launch IMAGE [NAME FLAVOR]`. Options: `--key-name laptop`, `--network "
        "private` and `--security-group web`."
    )


@pytest.fixture
def several(cloud: CloudStandIn) -> dict[str, str]:
    """Ids of two networks and of a security group; there are two key pairs, too."""
    for name in ("desk", "laptop"):
        cloud.add_keypair(f"user-{PRODUCER}", name, "ORD")
    return {
        **{n: cloud.add_network(PRODUCER, name=n, region="ORD") for n in ("inner", "outer")},
        "web": cloud.add_security_group(PRODUCER, name="web", region="ORD"),
    }


def test_the_only_network_is_taken_and_said(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    inner = cloud.add_network(PRODUCER, name="inner", region="ORD")

    question = talk.say(producer, "launch web front general1-2")
    talk.press(producer, question, "Launch")

    assert "2 GB RAM, 2 CPUs, 40 GB disk. Network: `inner`.\n" in read(question)
    assert [plan.network_id for plan in begun(services)] == [inner]


def test_of_several_networks_one_has_to_be_named(
    talk: Talk, services: Services, producer: Person, web: str, several: dict[str, str]
) -> None:
    answer = talk.say(producer, "launch web front general1-2")

    assert answer.text == (
        "ORD has 2 networks: `inner` and `outer`. Choose one with `--network NAME`, or in the "
        "form of `/images launch IMAGE`."
    )
    assert begun(services) == []


def test_network_key_pair_and_security_groups_are_named_and_shown_before_it_is_built(
    talk: Talk, services: Services, producer: Person, web: str, several: dict[str, str]
) -> None:
    question = talk.say(
        producer,
        "launch web front general1-2 --network INNER --key-name laptop --security-group web "
        "--security-group default",
    )
    talk.press(producer, question, "Launch")

    assert (
        "40 GB disk. Network: `inner`. Key pair: `laptop`. Security groups: `web, default`.\n"
    ) in read(question)
    [plan] = begun(services)
    assert (plan.network_id, plan.keypair) == (several["inner"], "laptop")
    assert plan.security_group_ids[0] == several["web"]
    assert len(plan.security_group_ids) == 2


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--network nowhere", "no network `nowhere`. Available: `inner` and `outer`."),
        ("--network inner --key-name x", "no key pair `x`. Available: `desk` and `laptop`."),
        ("--network inner --security-group x", "no security group `x`. Available: "),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(
    talk: Talk, producer: Person, web: str, several: dict[str, str], option: str, said: str
) -> None:
    answer = talk.say(producer, f"launch web front general1-2 {option}")

    assert answer.text.startswith(f"ORD has {said}")


def test_of_two_networks_with_one_name_the_id_tells_which(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    one, other = (cloud.add_network(PRODUCER, name="inner", region="ORD") for _ in range(2))

    answer = talk.say(producer, "launch web front general1-2 --network inner")
    question = talk.say(producer, f"launch web front general1-2 --network {one}")
    talk.press(producer, question, "Launch")

    assert answer.text.startswith("ORD has several networks named `inner`. Use an id: ")
    assert one in answer.text
    assert other in answer.text
    assert [plan.network_id for plan in begun(services)] == [one]


def test_the_form_has_a_menu_of_each_kind_of_which_there_are_several(
    talk: Talk, services: Services, producer: Person, web: str, several: dict[str, str]
) -> None:
    form = talk.form(producer, "launch web")

    reply = said(
        talk.submit(
            producer,
            form,
            launch__name="front",
            launch__flavor="general1-2",
            launch__network=several["outer"],
            launch__keypair="desk",
            launch__groups=(several["web"],),
        )
    )

    fields = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    menus = ["launch.network", "launch.keypair", "launch.groups"]
    assert fields == ["launch.name", "launch.flavor", *menus]
    assert reply.text.startswith("Launching server `front`")
    [plan] = begun(services)
    assert (plan.network_id, plan.keypair, plan.security_group_ids) == (
        several["outer"],
        "desk",
        (several["web"],),
    )


def test_a_network_that_is_gone_when_launch_is_pressed_builds_nothing(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.add_network(PRODUCER, name="inner", region="ORD")
    question = talk.say(producer, "launch web front general1-2")
    cloud.state.regions["ORD"].networks.clear()

    note = talk.press(producer, question, "Launch")

    assert note.text.startswith("ORD has no network ")
    assert begun(services) == []


def test_a_cloud_without_networking_lets_compute_choose(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.fail_next(2, 404, body="{}", path_prefix="/v2.0/networks")

    talk.press(producer, talk.say(producer, "launch web front general1-2"), "Launch")

    assert [plan.network_id for plan in begun(services)] == [""]
