"""Every request gets an answer, whatever happens, and nothing is run on a guess."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

import handlers
from cloud import errors as cloud_errors
from handlers import Click, Person, Services
from handlers.core import errors
from handlers.core.replies import Message
from handlers.sharing import share as sharing
from handlers.ui.error_words import words
from sandbox.cloud import CloudStandIn
from storage import Store
from storage.errors import Unreachable
from tests.handlers.conftest import CONSUMER_A
from tests.handlers.talk import Talk, read, said


def family(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for each in kind.__subclasses__():
        yield from family(each)


@pytest.mark.parametrize(
    "kind",
    sorted({*family(errors.UserError), *family(cloud_errors.CloudError)}, key=str),
    ids=lambda k: k.__name__,
)
def test_every_error_with_a_name_has_words(kind: type[Exception]) -> None:
    named = [each for each in kind.__mro__ if each not in (errors.UserError, Exception)]
    assert kind in words.registry or any(each in words.registry for each in named[1:])


def test_verbs_are_told_apart_and_described() -> None:
    names = [verb.name for verb in handlers.ROUTES.verbs]

    assert len(names) == len(set(names))
    assert all(verb.form.split()[0] == verb.name and verb.help for verb in handlers.ROUTES.verbs)


def test_actions_are_topic_and_verb() -> None:
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", action) for action in handlers.ROUTES.buttons)


def test_nothing_typed_is_answered_with_help(talk: Talk, stranger: Person) -> None:
    assert read(talk.say(stranger, "")) == read(talk.say(stranger, "help"))
    answer = read(talk.say(stranger, "help all"))

    assert all(f"`/images {verb.form}`" in answer for verb in handlers.ROUTES.verbs)


def test_help_of_a_verb_tells_its_options(talk: Talk, stranger: Person) -> None:
    assert read(talk.say(stranger, "help accept")) == (
        "*`/images accept IMAGE`*\n"
        "Adds an image shared with you to your account's list.\n"
        "You may accept what you rejected before. Alone, opens a form for several. Needs the role "
        "`cloudImages:admin`.\n"
        "• `--account NUMBER`: one of your linked accounts, if you have several\n"
        "• `--region R`: only this region, instead of all\n"
        "IMAGE is an id, the beginning of one (6 characters or more), or an exact name; a name "
        'with spaces in quotes: `"my image"`. ACCOUNT is an account number.'
    )


def test_every_option_has_its_words_in_help(talk: Talk, stranger: Person) -> None:
    for verb in handlers.ROUTES.verbs:
        answer = read(talk.say(stranger, f"help {verb.name}"))

        assert all(f"`--{option}" in answer for option in verb.options)


def test_help_may_be_shown_to_the_channel(talk: Talk, stranger: Person) -> None:
    assert talk.say(stranger, "help --public").public
    assert not talk.say(stranger, "help").public


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("frobnicate", "`frobnicate` is not a command. See `/images help`."),
        (
            "help a b",
            "Usage: `/images help [verb|group|all]`. Quote names with spaces.",
        ),
        ("show a b", "Usage: `/images show IMAGE`. Quote names with spaces."),
        (
            "share x with",
            f"Usage: `/images {sharing.SHARE}`. Quote names with spaces.",
        ),
        (
            'show "web',
            "A closing quotation mark is missing. Quote names with spaces, as in `/images show "
            '"my image"`.',
        ),
        (
            "show web --regoin DFW",
            "`--regoin` is not an option of this command. Did you mean `--region`? Usage: "
            "`/images show IMAGE`.",
        ),
        (
            "accept web --public",
            "`--public` is not an option of this command. Usage: `/images accept IMAGE`.",
        ),
        ("list --mine --shared", "Use only one of `--mine` and `--shared`."),
        (
            "list --sort colour",
            "`--sort` cannot be `colour`. Use `created`, `updated`, `name`, `size`, `status`, "
            "`region`.",
        ),
        ("list --region", "`--region` needs a value, as in `--region DFW`."),
        ("list " + "x" * 201, "That command is too long. Use fewer or shorter words."),
        ("list --account 9", "You have not linked an account `9`. Linked: `1100111`."),
        ("list --region LON", "Your account has no region `LON`. Available: DFW and ORD."),
        (
            "share x @someone",
            "I don't know who `@someone` is. Pick the person from Slack's suggestions while you "
            "type, or use the account number.",
        ),
        ("share x " + " ".join(map(str, range(11))), "Share with up to 10 accounts at a time."),
    ],
)
def test_a_command_that_cannot_be_run_says_what_to_do(
    talk: Talk, producer: Person, text: str, words: str
) -> None:
    answer = talk.say(producer, text)

    assert (answer.text, read(answer)) == (words, words)
    assert (answer.public, answer.note) == (False, False)


@pytest.mark.parametrize("text", ["shwo web", "help shwo"])
def test_a_misspelt_verb_is_suggested(talk: Talk, producer: Person, text: str) -> None:
    answer = talk.say(producer, text)

    assert answer.text == "`shwo` is not a command. Did you mean `/images show`? Nothing was done."
    assert read(answer) == f"{answer.text}\n[Do that]"


def test_a_misspelt_verb_changes_nothing(talk: Talk, cloud: CloudStandIn, producer: Person) -> None:
    image_id = cloud.add_image(owner="1100111", name="web", region="DFW")
    before = len(cloud.requests)

    talk.say(producer, f"unsahre {image_id} {CONSUMER_A}")

    assert len(cloud.requests) == before


@pytest.mark.parametrize("verb", ["list", "show x", "share x 1", "invitations", "accept x"])
def test_who_has_linked_nothing_is_told_how(talk: Talk, stranger: Person, verb: str) -> None:
    assert talk.say(stranger, verb).text == (
        "You have not linked a cloud account yet. Ask the people who run this bot to run "
        "`python -m bot link --team T1 --user U9 --cloud NAME`."
    )


def test_what_has_no_name_is_our_fault_and_logged_under_a_reference(
    services: Services, producer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Exception):
        pass

    class BrokenStore:
        @property
        def accounts(self) -> Store:
            raise Broken("the disk is gone")

    broken = Services(BrokenStore(), services.clouds, services.clock)  # type: ignore[arg-type]

    with caplog.at_level(logging.ERROR, "handlers"):
        answer = said(handlers.answer(handlers.parse(producer, "list"), broken))

    [record] = caplog.records
    [reference] = re.findall(r"\(reference ([0-9a-f]{8})\)", answer.text)
    assert reference in record.getMessage()
    assert "Broken" in str(record.exc_text)
    assert "the disk is gone" not in answer.text


WITHOUT_VALUE = frozenset(
    {"home.link", "home.images", "home.invitations", "home.status", "images.lookup", "images.find"}
    | {"invitations.answer"}
)
"""Buttons that carry nothing, and the shortcut, which carries whatever a message says."""


def test_a_failed_click_is_a_note(services: Services, producer: Person) -> None:
    read = [name for name in handlers.ROUTES.buttons if name not in WITHOUT_VALUE]
    for action_id in read:
        answer = said(handlers.answer(Click(producer, action_id, "nonsense"), services))

        assert answer.note
        assert answer.text == ("This button is out of date. Run the command again.")


def test_a_button_of_another_version_is_a_note(services: Services, producer: Person) -> None:
    answer = said(handlers.answer(Click(producer, "images.frobnicate", ""), services))

    assert answer.note


def test_hearing_from_someone_turns_their_notices_on_again(
    services: Services, talk: Talk, stranger: Person
) -> None:
    services.store.people.seen("T1", "U9")
    services.store.people.pause("T1", "U9", "the channel is not there")

    first, second = talk.say(stranger, "help"), talk.say(stranger, "help")

    line = "Your notifications had stopped (the channel is not there). They are on again."
    assert read(first).endswith(line)
    assert first.text.endswith(line)
    assert line not in read(second)


def test_a_mistake_is_answered_with_the_notices_too(
    services: Services, talk: Talk, stranger: Person
) -> None:
    services.store.people.seen("T1", "U9")
    services.store.people.pause("T1", "U9", "the channel is not there")

    answer = talk.say(stranger, "frobnicate")

    assert isinstance(answer, Message)
    assert "They are on again." in read(answer)


def test_a_lost_database_is_named_and_the_next_step_too(services: Services) -> None:
    services.store.close()

    answer = said(handlers.answer(handlers.parse(Person("T1", "U1"), "list"), services))

    assert read(answer) == words(Unreachable("gone"))
