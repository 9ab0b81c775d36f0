"""How people say when and of what they want to hear."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

import handlers
from handlers import Click, FieldErrors, Message, Person, Services
from storage import Mode, Preference
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock


def held(services: Services, number: str = "") -> Preference:
    return services.store.preferences.of("T1", "U1").get(number, Preference())


def test_alone_it_shows_what_holds_when_the_next_is_due_and_changes_nothing(
    talk: Talk, services: Services, producer: Person
) -> None:
    shown = talk.say(producer, "digest")

    assert read(shown).startswith(
        "*Your notifications*\n"
        "*All your accounts*\n"
        "At once, and in digests. Digests every day at 09:00. (UTC, your Slack time zone)\n"
        "no digest sent yet · next due (time)\n"
        "[Change…]\n"
    )
    assert services.store.preferences.of("T1", "U1") == {}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("daily 7:05", {"times": ("07:05",)}),
        ("weekdays 16:00,09:00", {"days": (0, 1, 2, 3, 4), "times": ("09:00", "16:00")}),
        ("weekdays 09:00 16:00", {"days": (0, 1, 2, 3, 4), "times": ("09:00", "16:00")}),
        ("weekly mon,thursday 09:00", {"days": (0, 3)}),
        ("daily", {}),
        ("daily 9pm and 9:30 am", {"times": ("09:30", "21:00")}),
        ("every monday", {"days": (0,)}),
        ("every weekday at 10", {"days": (0, 1, 2, 3, 4), "times": ("10:00",)}),
        ("weekly mon, thu 10:00", {"days": (0, 3), "times": ("10:00",)}),
        ("mon-wed at noon", {"days": (0, 1, 2), "times": ("12:00",)}),
        ("daily 24:00", {"times": ("00:00",)}),
        ("--quiet 22-7", {"quiet_from": "22:00", "quiet_to": "07:00"}),
        ("--quiet 10pm to 7 am", {"quiet_from": "22:00", "quiet_to": "07:00"}),
        ("--zone Berlin", {"zone": "Europe/Berlin"}),
        ("--zone New York", {"zone": "America/New_York"}),
        ("--after 2 days", {"working_days": 2}),
        ("instant", {"mode": Mode.INSTANT}),
        ("digest", {"mode": Mode.DIGEST}),
        ("off", {"mode": Mode.OFF}),
        ("--zone europe/zurich", {"zone": "Europe/Zurich"}),
        ("--quiet 22:00-7:00", {"quiet_from": "22:00", "quiet_to": "07:00"}),
        ("--weekends no", {"weekends": False}),
        ("--region DFW --region ORD", {"regions": ("DFW", "ORD")}),
        ("--from 2200222,3300333", {"producers": ("2200222", "3300333")}),
        ("--holding web", {"name": "web"}),
        ("--after 2", {"working_days": 2}),
        ("both --quiet 22:00-07:00", {"quiet_from": "22:00", "quiet_to": "07:00"}),
    ],
)
def test_a_line_changes_what_it_names(
    talk: Talk, services: Services, producer: Person, text: str, changed: dict[str, object]
) -> None:
    answer = talk.say(producer, f"digest {text}")

    assert read(answer).startswith(":white_check_mark: Saved, for all your accounts.")
    assert held(services) == replace(Preference(), **changed)  # type: ignore[arg-type]


def test_a_line_leaves_the_rest_as_it_was_and_can_be_taken_back(
    talk: Talk, services: Services, producer: Person
) -> None:
    talk.say(producer, "digest weekdays 08:00 --zone Asia/Tokyo --region DFW --holding web")
    talk.say(producer, "digest --region all --holding all --zone slack --quiet off")

    assert held(services) == Preference(days=(0, 1, 2, 3, 4), times=("08:00",))


def test_an_account_may_have_a_preference_of_its_own_and_follow_the_others_again(
    talk: Talk, services: Services, producer: Person
) -> None:
    shown = talk.say(producer, f"digest off --account {PRODUCER}")
    own, others = held(services, PRODUCER).mode, held(services).mode

    after = talk.press(producer, shown, "Reset to default")

    assert (own, others) == (Mode.OFF, Mode.BOTH)
    assert "*Account `1100111`*" in read(shown)
    assert "*Account `1100111`*" not in read(after)


def test_snooze_pauses_all_of_it_until_it_is_over_or_resumed(
    talk: Talk, services: Services, producer: Person, clock: HandClock
) -> None:
    snoozed = read(talk.say(producer, "digest snooze 3d"))
    until = held(services).paused_until
    talk.say(producer, "digest resume")

    assert "*Paused until (time).*" in snoozed
    assert until == clock() + timedelta(days=3)
    assert held(services).paused_until is None


def test_now_shows_what_waits_and_says_so_if_nothing_does(talk: Talk, producer: Person) -> None:
    assert read(talk.say(producer, "digest now")).startswith("Nothing pending")


def test_the_form_shows_the_next_three_before_it_is_saved(
    talk: Talk, services: Services, producer: Person
) -> None:
    form = talk.form(producer, "digest form")
    preview = talk.submit(
        producer,
        form,
        preferences__times="16:00, 8:00",
        preferences__quiet="22:00-07:00",
        preferences__zone="Europe/Zurich",
        preferences__mode="digest",
    )
    before = held(services)

    assert isinstance(preview, Message)
    assert "Next digests: (time), (time) and (time)." in read(preview)
    assert before == Preference()
    saved = read(talk.press(producer, preview, "Save"))
    assert saved.startswith(":white_check_mark: Saved")
    assert held(services) == Preference(
        mode=Mode.DIGEST,
        times=("08:00", "16:00"),
        zone="Europe/Zurich",
        quiet_from="22:00",
        quiet_to="07:00",
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("preferences.times", "at teatime", "at teatime is not a time of day."),
        ("preferences.quiet", "22:00", "22:00 is not a time of day."),
        ("preferences.zone", "Zurixh", "Did you mean Europe/Zurich?"),
        ("preferences.patience", "99", "days cannot be 99."),
    ],
)
def test_what_the_form_cannot_take_is_said_beside_its_field(
    talk: Talk, services: Services, producer: Person, field: str, value: str, says: str
) -> None:
    form = talk.form(producer, "digest form")

    refused = talk.submit(producer, form, **{field.replace(".", "__"): value})

    assert isinstance(refused, FieldErrors)
    assert says in refused.errors[field]
    assert held(services) == Preference()


def test_the_menu_of_zones_finds_them_by_any_part(talk: Talk, producer: Person) -> None:
    form = talk.form(producer, "digest form")

    assert "Europe/Zurich" in talk.find(producer, form, "preferences.zone", "zuri")
    assert "America/New_York" in talk.find(producer, form, "preferences.zone", "new york")


def test_only_an_admin_of_the_account_sends_it_to_a_channel(
    talk: Talk, services: Services, producer: Person, link: object
) -> None:
    colleague = Person("T1", "U7")
    talk.say(producer, "digest --channel <#C9|ops>")
    link(colleague, PRODUCER, "Producer")  # type: ignore[operator]

    refused = read(talk.say(colleague, "digest --channel <#C9|ops>"))

    assert held(services).channel_id == "C9"
    assert refused.startswith("You need the role *admin*")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("digest hourly", "Usage: `/images digest"),
        ("digest sometimes", "Usage: `/images digest"),
        ("digest daily 25:00", "`25:00` is not a time of day."),
        ("digest daily 1:00,2:00,3:00,4:00,5:00,6:00,7:00", "is not a time of day."),
        ("digest weekly noday 09:00", "`day` cannot be `noday`."),
        ("digest weekly month 09:00", "`day` cannot be `month`."),
        ("digest weekly 09:00", "`day` cannot be empty."),
        ("digest weekly mon 24:00", "`24:00` is not a time of day."),
        ("digest daily ٠٩:٠٠", "is not a time of day."),
        ("digest --quiet ２２-7", "is not a time of day."),
        ("digest --after ２", "`--after` cannot be `２`."),
        ("digest --from １１００１１１", "`--from` cannot be `１１００１１１`."),
        ("digest --zone EST", "Did you mean `America/New_York`, `America/Toronto`"),
        ("digest --zone IST", "`Asia/Kolkata`, `Asia/Jerusalem` or `Europe/Dublin`?"),
        ("digest --zone GMT+2", "`Africa/Johannesburg`, `Europe/Berlin`"),
        ("digest snooze forever", "`snooze` cannot be `forever`."),
        ("digest --zone Zurixh", "Did you mean `Europe/Zurich`?"),
        ("digest --weekends maybe", "`--weekends` cannot be `maybe`."),
        ("digest --after soon", "`--after` cannot be `soon`."),
        ("digest --channel ops", "`ops` is not a channel."),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_step(
    talk: Talk, services: Services, producer: Person, text: str, says: str
) -> None:
    assert says in read(talk.say(producer, text))
    assert services.store.preferences.of("T1", "U1") == {}


def test_what_was_set_is_on_record(talk: Talk, services: Services, producer: Person) -> None:
    shown = talk.say(producer, "digest off")

    [row] = services.store.audit.recent()
    assert (row.action, row.before["mode"], row.after["mode"]) == ("digest.set", "both", "off")
    assert labels(shown) == ["Change…"]


def test_now_is_a_preview_of_one_account_or_of_all_and_is_not_taken_for_a_change(
    talk: Talk, services: Services, producer: Person
) -> None:
    answer = read(talk.say(producer, f"digest now --account {PRODUCER}"))

    assert answer.startswith("Nothing pending")
    assert services.store.preferences.of("T1", "U1") == {}
    assert "9999999" in read(talk.say(producer, "digest now --account 9999999"))


LARGEST: dict[str, str | tuple[str, ...]] = {
    "preferences__times": "00:15,01:15,02:15,03:15,04:15,05:15",
    "preferences__zone": "America/Argentina/ComodRivadavia",
    "preferences__quiet": "22:00-07:00",
    "preferences__regions": ",".join(f"{n}{'é' * 63}" for n in range(8)),
    "preferences__producers": ",".join(f"{n}{'p' * 63}" for n in range(8)),
    "preferences__name": '"' * 80,
    "preferences__patience": "30",
    "preferences__after": "30",
    "preferences__channel": "C0123456789ABCDEF",
    "preferences__mode": "digest",
    "preferences__weekends": (),
    "preferences__days": ("0", "1", "2", "3", "4", "5"),
}


def test_as_much_as_may_be_chosen_has_room_in_the_button_that_saves_it(
    talk: Talk, services: Services, producer: Person
) -> None:
    preview = talk.submit(producer, talk.form(producer, "digest form"), **LARGEST)

    assert isinstance(preview, Message)
    saved = talk.press(producer, preview, "Save")
    assert read(saved).startswith(":white_check_mark: Saved")
    assert len(held(services).producers) == 8
    assert held(services).channel_id == "C0123456789ABCDEF"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("preferences.regions", "DFW ORD", "regions cannot be DFW ORD. Use names of letters"),
        ("preferences.producers", "p" * 65, "producers cannot be"),
        ("preferences.regions", ",".join("abcdefghi"), "cannot be 9 names. Use up to 8."),
        ("preferences.channel", "#ops", "channel cannot be"),
    ],
)
def test_names_that_cannot_be_are_refused_beside_their_field(
    talk: Talk, producer: Person, field: str, value: str, says: str
) -> None:
    form = talk.form(producer, "digest form")

    refused = talk.submit(producer, form, **{field.replace(".", "__"): value})

    assert isinstance(refused, FieldErrors)
    assert says in refused.errors[field]


def test_a_channel_may_be_chosen_in_the_form_by_an_admin_only(
    talk: Talk, services: Services, producer: Person, link: object
) -> None:
    colleague = Person("T1", "U7")
    link(colleague, PRODUCER, "Producer")  # type: ignore[operator]

    refused = talk.submit(colleague, talk.form(colleague, "digest form"), preferences__channel="C9")
    taken = talk.submit(producer, talk.form(producer, "digest form"), preferences__channel="C9")

    assert isinstance(refused, FieldErrors)
    assert refused.errors["preferences.channel"].startswith("You need the role admin")
    assert isinstance(taken, Message)
    assert "in <#C9> (invite me there)" in read(taken)


@pytest.mark.parametrize(
    "settings",
    [
        '{"times":["noon"]}',
        '{"times":7}',
        '{"days":[9]}',
        '{"days":"x"}',
        '{"zone":"No/Where"}',
        '{"quiet_from":"22:00"}',
        '{"patience_days":-1}',
        '{"working_days":99}',
        '{"regions":["a b"]}',
        '{"channel_id":"<!channel>"}',
        '{"mode":"loud"}',
        "[]",
    ],
)
def test_a_forged_save_button_saves_nothing(
    talk: Talk, services: Services, producer: Person, settings: str
) -> None:
    value = json.dumps(["", settings])

    answer = handlers.answer(Click(producer, "preferences.save", value, "C1"), services)

    assert isinstance(answer, Message)
    assert "Saved" not in read(answer)
    assert services.store.preferences.of("T1", "U1") == {}


def test_a_forged_save_button_sends_it_to_no_channel(
    talk: Talk, services: Services, producer: Person, link: object
) -> None:
    colleague = Person("T1", "U7")
    link(colleague, PRODUCER, "Producer")  # type: ignore[operator]
    value = json.dumps(["", '{"channel_id":"C9"}'])

    answer = handlers.answer(Click(colleague, "preferences.save", value, "C1"), services)

    assert isinstance(answer, Message)
    assert read(answer).startswith("You need the role *admin*")
    assert services.store.preferences.of("T1", "U7") == {}
