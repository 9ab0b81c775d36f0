"""Changing and deleting an image, end to end, on the stand-in and on a real Glance."""

from __future__ import annotations

import uuid

import pytest

from handlers import Message
from sandbox.gallery import aloud
from sandbox.scene import CONSUMER_A, PRODUCER
from sandbox.slack import Message as Shown
from sandbox.slack import SlackStandIn
from tests.trips.stages import Stage
from tests.waiting import until


@pytest.fixture
def name(stage: Stage) -> str:
    """The name of an image, that nothing else has."""
    name = f"change-{uuid.uuid4().hex[:8]}"
    stage.image(name)
    return name


def test_changed_by_words_and_undone(slack: SlackStandIn, name: str) -> None:
    changed = slack.ask(PRODUCER, f"update {name} os_distro=debian a/b~c=1 min_disk=20 tag+=web")

    assert read(changed).splitlines()[1:5] == [
        "• `a/b~c`: `1` (new)",
        "• `min_disk`: `0` → `20`",
        "• `os_distro`: `debian` (new)",
        "• tags: added `web`",
    ]
    undone = read(slack.press(PRODUCER, changed, "changes.undo"))
    assert undone.startswith("Undone:")
    assert "• `a/b~c`: `1` removed" in undone
    assert "*Tags*\nnone" in read(slack.ask(PRODUCER, f"show {name}"))


def test_as_long_as_the_cloud_takes_it_and_one_more_is_refused(
    slack: SlackStandIn, stage: Stage
) -> None:
    """Characters are counted, not bytes. A property's value has no such bound."""
    image_id = stage.image(f"long-{uuid.uuid4().hex[:8]}")
    longest = {name: letter * 255 for name, letter in (("name", "ü"), ("tag", "t"), ("key", "k"))}
    name, tag, key = longest.values()

    values = f"{key}={'v' * 255} more={'w' * 256}"
    slack.ask(PRODUCER, f"update {image_id} name={name} tag+={tag} {values}")
    refused = [
        read(slack.ask(PRODUCER, f"update {image_id} {words}"))
        for words in (f"name={name}ü", f"tag+={tag}t", f"{key}k=v")
    ]

    now = stage.now(image_id)
    assert (now["name"], list(now["tags"]), now[key]) == (name, [tag], "v" * 255)
    assert now["more"] == "w" * 256
    assert ["at most 255 characters" in each for each in refused] == [True] * 3


def test_an_undo_does_not_undo_what_was_changed_since(slack: SlackStandIn, name: str) -> None:
    changed = slack.ask(PRODUCER, f"update {name} os_version=12")
    slack.ask(PRODUCER, f"update {name} os_version=13")

    assert "was changed again, and" in read(slack.press(PRODUCER, changed, "changes.undo"))


def test_changed_by_the_form(slack: SlackStandIn, name: str) -> None:
    slack.command(PRODUCER, f"update {name}")
    wait_for(slack, "Minimum disk")

    slack.modals.submit(PRODUCER, {"min_disk": "20", "metadata": "nothing"})
    wait_for(slack, "nothing is not key=value")
    slack.modals.submit(PRODUCER, {"min_disk": "20", "min_ram": "512", "metadata": "k=v"})

    wait_for(slack, "`k`: `v` (new)")
    slack.modals.close(PRODUCER, everything=True)
    assert "20 GB, 512 MB" in read(slack.ask(PRODUCER, f"show {name}"))


def test_the_cloud_names_what_may_not_be_changed(slack: SlackStandIn, name: str) -> None:
    for words in ("disk_format=iso", "visibility=public"):
        refused = read(slack.ask(PRODUCER, f"update {name} {words}"))

        assert f"does not let you change `{words.partition('=')[0]}`" in refused


def test_tagged_and_untagged(slack: SlackStandIn, name: str) -> None:
    assert "• tags: added `two words`" in read(slack.ask(PRODUCER, f'tag {name} "two words"'))
    assert "• tags: removed `two words`" in read(slack.ask(PRODUCER, f'untag {name} "two words"'))


def test_deactivated_and_reactivated(slack: SlackStandIn, name: str) -> None:
    deactivated = slack.ask(PRODUCER, f"deactivate {name}")

    assert "is deactivated now" in read(deactivated)
    assert "is active now" in read(slack.press(PRODUCER, deactivated, "activation.reactivate"))


def test_protected_unprotected_and_deleted(slack: SlackStandIn, stage: Stage, name: str) -> None:
    slack.press(
        PRODUCER,
        slack.ask(PRODUCER, f"share {name} {stage.number(CONSUMER_A)}"),
        "sharing.confirm",
    )
    slack.ask(PRODUCER, f"protect {name}")

    refused = slack.ask(PRODUCER, f"delete {name}")
    assert "is protected, so it can't be deleted" in read(refused)
    slack.press(PRODUCER, refused, "deletion.unprotect")

    question = slack.ask(PRODUCER, f"delete {name}")
    assert "*1 account* loses access at once; none has accepted it." in read(question)
    deleted = read(slack.press(PRODUCER, question, "deletion.confirm"))
    assert deleted.startswith(f"Deleted `{name}`")
    assert "No image named" in read(slack.ask(PRODUCER, f"show {name}"))


def wait_for(slack: SlackStandIn, words: str) -> None:
    """Until the producer's modal says that, in its blocks or beside a field."""

    def said() -> str:
        view = slack.modals.top(PRODUCER)
        return f"{view.body['blocks']} {dict(view.errors)}" if view else ""

    until(lambda: words in said(), said)


def read(shown: Shown) -> str:
    """All that a person reads in a message."""
    return "\n".join(aloud(Message(shown.text, shown.blocks)))
