"""Tagging an image."""

from __future__ import annotations

import pytest

from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, read


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=1000, tags=["prod"])


def tags(services: Services, person: Person, image_id: str) -> set[str]:
    """As the cloud has them."""
    return set(services.images(services.current_account(person), "DFW").get(image_id).tags)


def test_tags_are_added_by_calls_of_their_own(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    """On Rackspace whoever may look may tag, but not update."""
    answer = talk.say(producer, 'tag web db "two words" prod db')

    assert read(answer).startswith(
        "Changed `web` (DFW, 1.0 KB).\n• tags: added `db` and `two words`\n[Undo]"
    )
    assert tags(services, producer, web) == {"prod", "db", "two words"}
    assert {method for method, path, _ in cloud.requests if "/tags/" in path} == {"PUT"}
    assert not any(method == "PATCH" for method, _, _ in cloud.requests)


def test_tags_are_taken_away(talk: Talk, services: Services, producer: Person, web: str) -> None:
    answer = talk.say(producer, "untag web prod")

    assert "• tags: removed `prod`" in read(answer)
    assert tags(services, producer, web) == set()


def test_tagging_is_on_record(talk: Talk, services: Services, producer: Person, web: str) -> None:
    talk.say(producer, "tag web db")

    [row] = services.store.audit.recent()
    assert (row.action, row.target, row.outcome) == ("image.tag", web, "done")
    assert (row.before, row.after) == ({"tags": ["prod"]}, {"tags": ["prod", "db"]})


def test_undo_of_tags_uses_the_same_calls(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    tagged = talk.say(producer, "tag web db")

    answer = talk.press(producer, tagged, "Undo")

    assert "• tags: removed `db`" in read(answer)
    assert tags(services, producer, web) == {"prod"}
    assert not any(method == "PATCH" for method, _, _ in cloud.requests)


def test_a_tag_that_is_there_is_not_sent(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    assert "already has these values" in read(talk.say(producer, "tag web prod"))
    assert not any("/tags/" in path for _, path, _ in cloud.requests)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("tag web", "Usage: `/images tag IMAGE TAG…`"),
        ("untag web", "Usage: `/images untag IMAGE TAG…`"),
        ('tag web ""', "`tag` cannot be empty."),
        (f"tag web {'t' * 256}", "A tag can have at most 255 characters."),
        ("untag web prdo", "`web` has no tag `prdo`. Did you mean `prod`?"),
    ],
)
def test_what_is_no_tag_is_refused(
    talk: Talk, services: Services, producer: Person, web: str, text: str, refusal: str
) -> None:
    assert refusal in read(talk.say(producer, text))
    assert tags(services, producer, web) == {"prod"}


def test_a_full_quota_is_told(talk: Talk, cloud: CloudStandIn, producer: Person, web: str) -> None:
    cloud.state.regions["DFW"].images[web]["tags"] = [f"t{n}" for n in range(128)]

    assert "This image has reached a quota" in read(talk.say(producer, "tag web one_more"))


def test_a_tag_that_an_older_cloud_does_not_take_is_no_missing_image(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    """It answers 404. Source: Rackspace's own tests."""
    cloud.fail_next(status=404, path_prefix="/tags/")

    answer = read(talk.say(producer, "tag web a$b"))

    assert answer == "`tag` cannot be `a$b`. Use letters, digits and underscores."


def test_a_tag_that_went_meanwhile_is_taken_away_all_the_same(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    image = cloud.state.regions["DFW"].images[web]
    cloud.before = lambda method, _: image["tags"].clear() if method == "DELETE" else None

    assert "• tags: removed `prod`" in read(talk.say(producer, "untag web prod"))


@pytest.mark.parametrize(
    "command",
    [
        "tag web 🚀",
        "update web tag+=🚀",
        "update web name=🚀",
        "update web 🚀=x",
        "update web x=🚀",
    ],
)
def test_what_the_image_service_stores_not_is_refused_before_it_is_asked(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str, command: str
) -> None:
    answer = talk.say(producer, command)

    assert answer.text == (
        "The image service can't store `🚀`. Leave out emoji and other 4-byte characters. "
        "Nothing was changed."
    )
    assert not any(method in ("PUT", "PATCH") for method, _, _ in cloud.requests)
