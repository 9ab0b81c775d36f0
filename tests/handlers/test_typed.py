"""What people type and paste, as it comes out: in the answer, and in the cloud."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from handlers import Person, Services
from handlers.ui.blocks import date
from sandbox.cloud import CloudStandIn
from storage import Guarded, Mode, Policy, Preference, Rule
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, labels, read

SPACES = ["\n", "\t", "\r\n", "\u00a0", "\u2003", "\u2028", "\u2029", "\u0085", "\x0b", "\u3000"]


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW")


def kept(cloud: CloudStandIn, image_id: str) -> Mapping[str, Any]:
    """The image as the cloud has it."""
    return cloud.state.regions["DFW"].images[image_id]


@pytest.mark.parametrize("space", SPACES)
def test_white_space_of_every_kind_parts_words(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str, space: str
) -> None:
    talk.say(producer, f"tag{space}web{space}prod{space}test")
    talk.say(producer, f"update web os_distro=debian{space}min_disk=50")
    share = talk.say(producer, f"share web 554433{space}661287")
    delete = talk.say(producer, f"delete{space}web")

    image = kept(cloud, web)
    assert sorted(image["tags"]) == ["prod", "test"]
    assert (image["os_distro"], image["min_disk"]) == ("debian", 50)
    assert "554433661287" not in read(share)
    assert all(number in read(share) for number in ("554433", "661287"))
    assert delete.text.startswith("Delete `web`")


@pytest.mark.parametrize("space", SPACES)
def test_white_space_within_quotation_marks_is_a_space(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str, space: str
) -> None:
    talk.say(producer, f'update web "title=two{space}words"')

    assert kept(cloud, web)["title"] == "two words"


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060", "\u00ad", "\ufeff", "\u202e", "\x00"])
def test_invisible_characters_are_dropped(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str, unseen: str
) -> None:
    talk.say(producer, f"tag {unseen}we{unseen}b pr{unseen}od")

    assert kept(cloud, web)["tags"] == ["prod"]


@pytest.mark.parametrize(
    "typed",
    [
        "show `web-2026`",
        "show *web-2026*",
        "show _web-2026_",
        "show ~web-2026~",
        "show *`web-2026`*",
        "show ```web-2026```",
        "`show web-2026`",
        "`/images show web-2026`",
        "show “web-2026”",
    ],
)
def test_marks_that_were_copied_along_are_taken_off(
    talk: Talk, cloud: CloudStandIn, producer: Person, typed: str
) -> None:
    cloud.add_image(owner=PRODUCER, name="web-2026", region="DFW")

    assert talk.say(producer, typed).text.startswith("`web-2026` in DFW")


def test_a_marked_name_may_have_spaces(talk: Talk, cloud: CloudStandIn, producer: Person) -> None:
    cloud.add_image(owner=PRODUCER, name="my image", region="DFW")

    for typed in ("show `my image`", "show *my image*"):
        assert talk.say(producer, typed).text.startswith("`my image` in DFW")


def test_marks_around_numbers_tags_properties_and_verbs_are_taken_off(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    talk.say(producer, "tag web `prod` *eu*")
    talk.say(producer, "update web `os_distro=debian` title=`new one`")

    image = kept(cloud, web)
    assert (sorted(image["tags"]), image["os_distro"]) == (["eu", "prod"], "debian")
    assert image["title"] == "new one"
    assert "554433" in read(talk.say(producer, "share web `554433`"))
    assert talk.say(producer, "help `share`").text.startswith("/images share IMAGE")
    assert "4t267x" in talk.say(producer, "approve `4t267x`").text
    assert "`4t267x`" in talk.say(producer, "approve `4t267x`").text


@pytest.mark.parametrize(
    "typed",
    ["tag web a`b", 'tag web "`prod`"', "update web a`b=c", "update web tag+=a`b"],
)
def test_a_name_with_a_backtick_is_refused(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str, typed: str
) -> None:
    before = dict(kept(cloud, web))

    assert "Use a name without backticks." in talk.say(producer, typed).text
    assert kept(cloud, web) == before


def test_a_tag_that_has_a_backtick_already_can_be_taken_away(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    image = cloud.add_image(owner=PRODUCER, name="old", region="DFW", tags=["`prod`"])

    talk.say(producer, 'untag old "`prod`"')

    assert kept(cloud, image)["tags"] == []


def test_what_is_quoted_keeps_its_marks(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    talk.say(producer, 'tag web "*bold*" a*b *c d_e_')

    assert sorted(kept(cloud, web)["tags"]) == ["*bold*", "*c", "a*b", "d_e_"]


@pytest.mark.parametrize(
    "typed", ["/images show web", "/images /images show web", "/cimages show web", "show web"]
)
def test_the_command_may_be_typed_once_more(
    talk: Talk, producer: Person, web: str, typed: str
) -> None:
    assert talk.say(producer, typed).text.startswith("`web` in DFW")


@pytest.mark.parametrize("typed", ["help /images share", "help share.", "HELP Share"])
def test_help_is_given_for_a_verb_however_it_is_written(
    talk: Talk, producer: Person, typed: str
) -> None:
    assert talk.say(producer, typed).text.startswith("/images share IMAGE")


@pytest.mark.parametrize(
    ("span", "days"), [("3 days", 3), ("a week.", 7), ("7d", 7), ("2 weeks", 14), ("1 day", 1)]
)
def test_a_share_ends_after_a_time_as_people_write_it(
    talk: Talk, producer: Person, services: Services, web: str, span: str, days: int
) -> None:
    asked = talk.say(producer, f"share web 554433 for {span}")

    assert date(services.clock() + timedelta(days=days)) in asked.text


@pytest.mark.parametrize(
    "since", ["7 days", "7d", "7 days ago", "a week", "yesterday", "today", "monday", "2026-03-01"]
)
def test_the_record_is_read_since_a_time_as_people_write_it(
    talk: Talk, producer: Person, since: str
) -> None:
    talk.say(producer, "audit --since 7 days")
    assert "cannot be" not in talk.say(producer, f"audit --since {since}").text


@pytest.mark.parametrize("number", ["٥٥٤٤٣٣", "５５４４３３", "१२३४५६", "𝟓𝟓𝟒𝟒𝟑𝟑", "55²433"])
def test_digits_that_a_cloud_does_not_know_are_no_account_number(
    talk: Talk, producer: Person, services: Services, web: str, number: str
) -> None:
    for typed in (f"share web {number}", f"unshare web {number}", f"name {number} x"):
        answer = talk.say(producer, typed)
        assert labels(answer) == []
        assert "is not an account number" in answer.text
    assert services.store.names.of("T1", services.current_account(producer).cloud) == []
    assert "not linked an account" in talk.say(producer, f"list --account {number}").text


@pytest.mark.parametrize(
    "typed",
    [
        "5F4DCC3B-5AA7-65D6-1D83-27DEB882CF99",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "5F4DCC3B5AA765D61D8327DEB882CF99",
    ],
)
def test_an_account_s_id_is_known_whatever_its_capitals_and_dashes(
    talk: Talk, producer: Person, web: str, typed: str
) -> None:
    assert "5f4dcc3b5aa765d61d8327deb882cf99" in read(talk.say(producer, f"share web {typed}"))
    assert "5f4dcc3b5aa765d61d8327deb882cf99" in read(talk.say(producer, f"name {typed} acme"))


def test_a_stored_preference_that_cannot_be_read_is_the_default_and_can_be_overwritten(
    talk: Talk, producer: Person, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    preferences = services.store.preferences
    preferences.put(
        "T1", "U1", "", Preference(mode=Mode.DIGEST, times=("٠٩:٠٠",), zone="Asia/Tokyo")
    )

    shown = [talk.say(producer, "digest").text for _ in range(3)]

    assert shown == ["Your notifications"] * 3
    assert preferences.of("T1", "U1")[""] == Preference(mode=Mode.DIGEST, zone="Asia/Tokyo")
    assert [r.message for r in caplog.records if "cannot be read" in r.message] == [
        "preferences of T1/U1 '': times cannot be read, and counts as the default"
    ]
    talk.say(producer, "digest daily 10:00")
    assert preferences.of("T1", "U1")[""].times == ("10:00",)


def test_a_stored_policy_that_cannot_be_read_is_the_strictest_and_can_be_overwritten(
    talk: Talk, producer: Person, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    key = services.current_account(producer).key
    services.store.policies.put(key, Policy({Guarded.SHARE: Rule.ALWAYS}, hours=-3), "U1")
    policies = services.store.policies

    strictest = Policy({Guarded.SHARE: Rule.ALWAYS}, hours=1, unreadable=("hours",))
    assert [policies.of(key) for _ in range(2)] == [strictest] * 2
    assert len([r for r in caplog.records if "cannot be read" in r.message]) == 1
    talk.say(producer, "policy --hours 2 days")
    assert policies.of(key).hours == 48


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("audit now", ["--by @ann", "--since 7d", "--failed", "--until 2026-03-05"]),
        ("policy share", ["--people 2", "--strict on"]),
        ("audit --sinse 7d", ["--since 7d"]),
    ],
)
def test_how_to_use_a_verb_shows_its_options(
    talk: Talk, producer: Person, typed: str, options: list[str]
) -> None:
    answer = talk.say(producer, typed).text

    assert "Usage: `/images " in answer
    assert all(f"`{option}`" in answer for option in options)


@pytest.mark.usefixtures("consumer")
@pytest.mark.parametrize("number", ["2 200 222", "2 200 222, 3300333", "3300333 and 2 200 222"])
def test_a_number_with_spaces_in_it_is_not_several(
    talk: Talk, producer: Person, web: str, number: str
) -> None:
    answer = talk.say(producer, f"share web {number}")

    assert answer.text == (
        "`2 200 222` would be several accounts. For account `2200222` write the number without "
        "spaces. Nothing was changed."
    )


def test_short_numbers_that_are_no_known_one_together_are_several(
    talk: Talk, producer: Person, web: str
) -> None:
    assert "`2`, `200` and `222`" in read(talk.say(producer, "share web 2 200 222"))


@pytest.mark.parametrize("joint", ["with", "to", "WITH"])
def test_a_word_may_stand_before_the_accounts(
    talk: Talk, producer: Person, web: str, joint: str
) -> None:
    assert read(talk.say(producer, f"share web {joint} 554433")).startswith(
        "Share *web* with `554433`?"
    )


@pytest.mark.parametrize("text", ["images show web", "Images list web", "/images images show web"])
def test_the_command_s_name_may_be_typed_without_its_slash(
    talk: Talk, producer: Person, web: str, text: str
) -> None:
    assert "web" in read(talk.say(producer, text))
    assert "is not a command" not in read(talk.say(producer, text))


@pytest.mark.parametrize("text", ["list -mine", "list web -region DFW", "show web -public"])
def test_an_option_with_one_dash_is_not_taken_for_a_word(
    talk: Talk, producer: Person, web: str, text: str
) -> None:
    option = text.split("-")[1].split()[0]

    assert talk.say(producer, text).text == (
        f"Write `--{option}` with two dashes. Nothing was done."
    )


def test_a_single_dash_still_takes_a_property_away(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    image = cloud.add_image(owner=PRODUCER, name="old", region="DFW", account="x")

    talk.say(producer, "update old -account")

    assert "account" not in kept(cloud, image)
