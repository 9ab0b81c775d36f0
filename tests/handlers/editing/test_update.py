"""Changing an image: by words, by the form, and back again."""

from __future__ import annotations

from typing import Any

import pytest

import handlers
from handlers import Click, FieldErrors, Modal, Person, Services, Submission
from handlers.editing.views import result as change_views
from sandbox.cloud import CloudStandIn
from sandbox.gallery import aloud
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, buttons, filled, read, said


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(
        owner=PRODUCER,
        name="web",
        region="DFW",
        size=2_500_000_000,
        status="active",
        tags=["prod"],
        os_distro="debian",
        os_version="11",
        old="1",
    )


def now(services: Services, person: Person, image_id: str) -> dict[str, Any]:
    """The image as the cloud has it."""
    return dict(services.images(services.current_account(person), "DFW").get(image_id).raw)


def patches(cloud: CloudStandIn) -> int:
    return sum(method == "PATCH" for method, _, _ in cloud.requests)


CHANGE = 'update web os_version=12 min_disk=20 -old new="a b" tag+=db tag-=prod'
CHANGED = (
    "Changed `web` (DFW, 2.5 GB).\n"
    "• `min_disk`: `0` → `20`\n"
    "• `new`: `a b` (new)\n"
    "• `old`: `1` removed\n"
    "• `os_version`: `11` → `12`\n"
    "• tags: added `db`, removed `prod`\n"
    "[Undo]\n"
    "You can undo once, within 10 minutes, unless someone changes the image again."
)


def test_an_update_is_done_at_once_and_shows_old_and_new(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    answer = talk.say(producer, CHANGE)

    assert read(answer) == CHANGED
    image = now(services, producer, web)
    assert (image["os_version"], image["min_disk"], image["new"]) == ("12", 20, "a b")
    assert (image["tags"], "old" in image) == (["db"], False)


def test_an_update_is_on_record_with_old_and_new(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "update web os_version=12 -old")

    [row] = services.store.audit.recent()
    assert (row.actor, row.action, row.target, row.account, row.region, row.outcome) == (
        "T1/U1",
        "image.update",
        web,
        PRODUCER,
        "DFW",
        "done",
    )
    assert (row.before, row.after) == (
        {"old": "1", "os_version": "11"},
        {"old": None, "os_version": "12"},
    )


def test_what_is_so_already_is_not_sent(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    answer = talk.say(producer, "update web os_version=11 min_ram=0 tag+=prod protected=no")

    assert read(answer) == "No change: `web` (DFW, 2.5 GB) already has these values."
    assert patches(cloud) == 0


def test_odd_names_of_properties_are_escaped(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "update web a/b~c=1")
    talk.say(producer, "update web a/b~c=2")
    assert now(services, producer, web)["a/b~c"] == "2"

    talk.say(producer, "update web -a/b~c")
    assert "a/b~c" not in now(services, producer, web)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("status=active", "Only the cloud can set `status`."),
        ("com.rackspace__1__options=0", "names that begin with `com.rackspace` are reserved"),
        ("min_disk=much", "`min_disk` cannot be `much`. Use a whole number of GB, 0 or more."),
        ("-name", "`name` can't be removed."),
        (
            "-odl",
            "`web` has no property `odl` that you can remove. Did you mean `old`?",
        ),
        ("tag-=prd", "`web` has no tag `prd`. Did you mean `prod`?"),
        ("web2", "Usage: `/images update IMAGE"),
        ("--old", "`--old` is not an option of this command."),
        ("—old", "`--old` is not an option of this command."),
        ("disk_format=qcow2", "The cloud does not let you change `disk_format`"),
        ("visibility=public", "The cloud does not let you change `visibility`"),
    ],
)
def test_what_cannot_be_changed_is_refused_by_name(
    talk: Talk, services: Services, producer: Person, web: str, words: str, refusal: str
) -> None:
    before = now(services, producer, web)

    answer = read(talk.say(producer, f"update web new=1 {words}"))

    assert refusal in answer
    assert now(services, producer, web) == before


def test_names_that_are_meant_for_the_cloud_are_taken_with_advice(
    talk: Talk, producer: Person, web: str
) -> None:
    assert "Use another name." in read(talk.say(producer, "update web org.openstack.x=1"))


def test_only_the_owner_changes_an_image(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)

    for text in ("update web a=1", "update web", "tag web a", "protect web"):
        assert f"`web` belongs to account `{PRODUCER}`. Only its owner can" in read(
            said(handlers.answer(handlers.parse(consumer, text), talk.services))
        )


def test_a_standard_image_is_the_providers(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(owner="1", name="Debian 12", region="DFW", visibility="public")

    assert read(talk.say(producer, 'update "Debian 12" a=1')).startswith(
        "`Debian 12` is a standard image: only the provider can update it."
    )


def test_a_role_that_may_only_look_is_told_so(
    talk: Talk, cloud: CloudStandIn, link: Any, web: str
) -> None:
    cloud.add_account(
        PRODUCER, "Producer", "looker", password="pw", roles=("cloudImages:observer",)
    )
    looker = Person("T1", "U5")
    link(looker, PRODUCER, "Producer", user="looker", password="pw")

    answer = read(talk.say(looker, "update web a=1"))

    assert "Your login cannot update images" in answer


def test_a_lost_answer_says_that_nobody_knows(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    """A change is never repeated by itself."""
    cloud.fail_next(status=500, path_prefix=f"/images/{web}")

    answer = read(talk.say(producer, "update web a=1"))

    assert answer == (
        "The cloud did not respond to the request to update images, so it may or may not have "
        f"been done. Check with `/images show {web}` before you try again."
    )
    assert patches(cloud) == 1


def test_the_image_alone_opens_a_form_with_what_there_is(
    talk: Talk, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")

    assert (form.title, form.submit) == ("Update image", "Save")
    assert filled(form) == {
        "name": "web",
        "tags": "prod",
        "os_distro": "debian",
        "os_version": "11",
        "min_disk": "0",
        "min_ram": "0",
        "protected": "no",
        "visibility": "shared",
        "metadata": "old=1",
        "request.because": "",
    }


def test_the_form_sent_changes_what_differs(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")

    answer = talk.submit(
        producer,
        form,
        os_version="12",
        min_disk="20",
        tags="db",
        metadata="new = a b",
    )

    assert read(said(answer)) == CHANGED
    talk.press(producer, said(answer), "Undo")
    assert now(services, producer, web)["os_version"] == "11"


def test_the_form_sent_as_it_opened_changes_nothing(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    answer = talk.submit(producer, talk.form(producer, "update web"))

    assert "already has these values" in read(said(answer))
    assert patches(cloud) == 0


def test_trouble_stays_beside_its_field(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")

    answer = talk.submit(producer, form, min_disk="", metadata="status=active", name="db")

    assert answer == FieldErrors(
        {
            "min_disk": "min_disk cannot be empty. Use a whole number of GB, 0 or more.",
            "metadata": "Only the cloud can set status. Leave it out. Nothing was changed.",
        }
    )
    assert patches(cloud) == 0


def test_the_clouds_own_refusal_of_a_property_stands_beside_its_field(
    talk: Talk, producer: Person, web: str
) -> None:
    answer = talk.submit(
        producer, talk.form(producer, "update web"), metadata="old=1\ndisk_format=vhd"
    )

    assert isinstance(answer, FieldErrors)
    assert list(answer.errors) == ["metadata"]
    assert answer.errors["metadata"].startswith("The cloud does not let you change disk_format:")


def test_a_concurrent_change_asks_again_with_both_values(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")
    talk.say(producer, "update web name=theirs min_ram=512 b=2 tag+=new")

    again = talk.submit(
        producer, form, name="mine", os_version="12", tags="mine", metadata="old=1\nb=3"
    )

    assert isinstance(again, Modal)
    told = "\n".join(aloud(again))
    assert "Your changes are not saved yet." in told
    assert (
        "• `name`: was `web`, is now `theirs`; you: `mine`\n"
        "• `tags`: was `prod`, is now `new, prod`; you: `mine, new`\n"
        "• `min_ram`: was `0`, is now `512`\n"
        "• `b`: was nothing, is now `2`; you: `3`\n"
    ) in told
    assert filled(again) == {
        "name.1": "mine",
        "tags.1": "new\nmine",
        "os_distro.1": "debian",
        "os_version.1": "12",
        "min_disk.1": "0",
        "min_ram.1": "512",
        "protected.1": "no",
        "visibility.1": "shared",
        "metadata.1": "b=3\nold=1",
        "request.because": "",
    }
    assert now(services, producer, web)["os_version"] == "11"


def test_the_form_sent_again_keeps_what_others_have_changed(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")
    talk.say(producer, "update web name=theirs min_ram=512 tag+=new")
    again = talk.submit(producer, form, name="mine", tags="mine")
    assert isinstance(again, Modal)

    answer = talk.submit(producer, again)

    assert read(said(answer)).startswith(
        "Changed `mine` (DFW, 2.5 GB).\n"
        "• `name`: `theirs` → `mine`\n"
        "• tags: added `mine`, removed `prod`\n"
        "[Undo]"
    )
    assert now(services, producer, web)["min_ram"] == 512


def test_a_change_of_what_no_field_shows_asks_again_too(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")
    cloud.state.regions["DFW"].images[web]["updated_at"] = "2030-01-01T00:00:00Z"

    again = talk.submit(producer, form, name="mine")

    assert isinstance(again, Modal)
    assert "None of these fields has changed." in "\n".join(aloud(again))


def test_what_no_field_can_show_is_named_and_left_alone(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.state.regions["DFW"].images[web]["motd"] = "two\nlines"

    form = talk.form(producer, "update web")
    talk.submit(producer, form, metadata="")

    assert "This form can't show `motd`, and saving does not change that." in "\n".join(aloud(form))
    image = now(services, producer, web)
    assert (image["motd"], "old" in image) == ("two\nlines", False)


def test_the_forms_image_may_be_gone(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    form = talk.form(producer, "update web")
    cloud.delete_image(web)

    answer = talk.submit(producer, form, name="mine")

    assert isinstance(answer, FieldErrors)
    assert answer.errors[""].startswith(f"Image {web[:8]} no longer exists")


def test_a_form_of_another_version_is_refused(talk: Talk, producer: Person, web: str) -> None:
    form = talk.form(producer, "update web")

    for value in ("", "[]", '["a","b","c","d","0","odd"]'):
        answer = handlers.answer(Submission(producer, form.name, value, {}), talk.services)
        assert isinstance(answer, FieldErrors)


def test_several_images_of_one_name_ask_which_and_then_open_the_form(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.add_image(owner=PRODUCER, name="web", region="ORD")
    choice = said(handlers.answer(handlers.parse(producer, "update web"), talk.services))
    [button] = [b for b in buttons(choice) if web in b["value"]]
    click = Click(producer, button["action_id"], button["value"])

    assert handlers.DISPATCHER.opens(click)
    form = handlers.answer(click, talk.services)

    assert isinstance(form, Modal)
    assert filled(form)["os_version"] == "11"


def test_the_update_button_of_an_image_opens_the_form(
    talk: Talk, producer: Person, web: str
) -> None:
    shown = talk.say(producer, "show web")
    [button] = [b for b in buttons(shown) if b["text"]["text"] == "Update…"]
    click = Click(producer, button["action_id"], button["value"])

    assert handlers.DISPATCHER.opens(click)
    assert isinstance(handlers.answer(click, talk.services), Modal)


def test_protect_and_unprotect(talk: Talk, services: Services, producer: Person, web: str) -> None:
    assert "`protected`: no → yes" in read(talk.say(producer, "protect web"))
    assert now(services, producer, web)["protected"] is True

    assert "already has these values" in read(talk.say(producer, "protect web"))

    assert "`protected`: yes → no" in read(talk.say(producer, "unprotect web"))
    assert now(services, producer, web)["protected"] is False


def test_undo_puts_everything_back(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    before = now(services, producer, web)

    answer = talk.press(producer, talk.say(producer, CHANGE), "Undo")

    assert read(answer) == (
        "Undone: `web` (DFW, 2.5 GB) is back to its old values.\n"
        "• `min_disk`: `20` → `0`\n"
        "• `new`: `a b` removed\n"
        "• `old`: `1` (new)\n"
        "• `os_version`: `12` → `11`\n"
        "• tags: added `prod`, removed `db`"
    )
    after = now(services, producer, web)
    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}


def test_undo_works_once(talk: Talk, producer: Person, web: str) -> None:
    changed = talk.say(producer, "update web os_version=12")
    talk.press(producer, changed, "Undo")
    talk.say(producer, "update web os_version=12")

    again = talk.press(producer, changed, "Undo")

    assert read(again).startswith("You can undo a change once")
    assert again.note


def test_undo_is_over_after_ten_minutes(
    talk: Talk, clock: Any, services: Services, producer: Person, web: str
) -> None:
    changed = talk.say(producer, "update web os_version=12")
    clock.advance(minutes=10)

    assert read(talk.press(producer, changed, "Undo")).startswith("You can undo a change once")
    assert now(services, producer, web)["os_version"] == "12"


def test_undo_does_not_undo_what_others_have_changed_since(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    changed = talk.say(producer, "update web os_version=12")
    talk.say(producer, "update web os_version=13")

    answer = talk.press(producer, changed, "Undo")

    assert read(answer).startswith("`web` was changed again, and")
    assert answer.note
    assert now(services, producer, web)["os_version"] == "13"


def test_undo_asks_whose_account_it_is_and_is_not_spent_by_strangers(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    changed = talk.say(producer, "update web os_version=12")

    assert f"This is for account `{PRODUCER}`" in read(talk.press(consumer, changed, "Undo"))

    talk.press(producer, changed, "Undo")
    assert now(services, producer, web)["os_version"] == "11"


def test_undo_while_the_image_is_being_changed_is_not_spent(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    changed = talk.say(producer, "update web os_version=12")

    with services.lock(f"change DFW {web}"):
        busy = talk.press(producer, changed, "Undo")

    assert read(busy) == "That is already in progress. Nothing was done twice."
    assert read(talk.press(producer, changed, "Undo")).startswith("Undone:")


def test_a_made_up_undo_does_nothing(talk: Talk, producer: Person) -> None:
    answer = said(handlers.answer(Click(producer, change_views.UNDO, '["made up"]'), talk.services))

    assert read(answer).startswith("You can undo a change once")
