"""What help says, by what a person has linked and may do."""

from __future__ import annotations

import pytest

from cloud.models import Visibility
from handlers import ROUTES, Person
from handlers.core.places import AccountRegion
from handlers.help.groups import GROUPS
from handlers.invitations import look
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read

MOST_LINES, MOST_WORDS = 12, 60


def test_each_verb_is_in_one_group() -> None:
    grouped = [name for group in GROUPS.values() for name in group.verbs]

    assert sorted(grouped) == sorted(v.name for v in ROUTES.verbs if v.name != "help")
    assert not {name for verb in ROUTES.verbs for name in verb.names} & set(GROUPS)


def test_help_is_one_screen_for_everybody(
    talk: Talk, producer: Person, consumer: Person, stranger: Person
) -> None:
    talk.say(producer, f"allow <@{consumer.user_id}> viewer")
    for person in (producer, consumer, stranger):
        lines = [line for line in read(talk.say(person, "help")).splitlines() if line]
        words = [word for line in lines if not line.startswith("[") for word in line.split()]
        assert len(lines) <= MOST_LINES, lines
        assert len(words) <= MOST_WORDS, words


def test_help_begins_with_the_next_step(
    talk: Talk, consumer: Person, stranger: Person, cloud: CloudStandIn
) -> None:
    unlinked = talk.say(stranger, "help").text
    linked = talk.say(consumer, "help").text
    image = cloud.add_image(PRODUCER, name="web", region="DFW", visibility=Visibility.SHARED)
    cloud.add_member(image, CONSUMER_A)
    [account] = talk.services.store.accounts.of("T1", consumer.user_id)
    look.refresh_region(AccountRegion(account, "DFW"), talk.services)

    assert unlinked == "*Start here:* link a cloud account with `/images link`."
    assert linked == "*Commands*"
    assert talk.say(consumer, "help").text == "*1 invitation pending:* `/images invitations`"


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_opened_by_its_button_and_by_its_word(
    talk: Talk, producer: Person, group: str
) -> None:
    start = talk.say(producer, "help")

    opened = talk.press(producer, start, GROUPS[group].label)

    assert read(opened) == read(talk.say(producer, f"help {group}"))
    assert f"`/images {GROUPS[group].verbs[0]}" in read(opened)
    assert read(talk.press(producer, opened, "Back")) == read(start)
    assert labels(opened) == ["Back"]


@pytest.mark.parametrize(
    ("alias", "verb"),
    [("-h", "help"), ("pending", "invitations"), ("notify", "digest"), ("settings", "digest")],
)
def test_other_words_for_a_verb_are_taken(
    talk: Talk, producer: Person, alias: str, verb: str
) -> None:
    assert read(talk.say(producer, alias)) == read(talk.say(producer, verb))
