"""Forms on the sandbox page, filled in by a browser with mouse, keyboard and phone."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from sandbox.slack import PEOPLE, SlackStandIn
from tests.sandbox.form_app import FormApp, serving
from tests.sandbox.talk import Json, plain
from tests.waiting import until

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
PRODUCER = PEOPLE[0]
TYPE_AT_ONCE = """(field, text) => {
  for (const letter of text) {
    field.value += letter;
    field.dispatchEvent(new Event("input", {bubbles: true}));
  }
}"""
"""Types letter by letter, with no pause between that a busy machine could make longer."""


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as slack:
        yield slack


@pytest.fixture
def app(slack: SlackStandIn) -> Iterator[FormApp]:
    with serving(slack) as app:
        yield app


@pytest.fixture
def page(chromium: Browser, slack: SlackStandIn) -> Iterator[Page]:
    """The page, which must not complain."""
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(slack.page_url)
    expect(page.locator(".person")).to_have_count(3)
    yield page
    page.close()
    assert complaints == []


@pytest.fixture
def form(page: Page, app: FormApp) -> Locator:
    """The form that the app opens for a command."""
    page.get_by_label("Message to Cloud Images").fill("/images update")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Update image")
    expect(form).to_be_visible()
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save").click()


def search(form: Locator, label: str = "Image (optional)") -> Locator:
    return form.get_by_role("combobox", name=label, exact=True)


def option(form: Locator, name: str) -> Locator:
    return form.get_by_role("option", name=re.compile(f"^(✓ )?{name}"))


def held(values: Json) -> Json:
    """What stands in each field of a form that was sent: a text or the texts of its options."""
    return {name: _plain(next(iter(block.values()))) for name, block in values.items()}


def _plain(state: Json) -> str | list[str] | None:
    options = state.get("selected_options")
    if options is not None:
        return [each["text"]["text"] for each in options]
    chosen = state.get("selected_option")
    text: str | None = chosen["text"]["text"] if chosen else state.get("value")
    return text


def test_everything_that_is_filled_in_arrives(app: FormApp, form: Locator, page: Page) -> None:
    form.get_by_label("Name").fill("silver")
    form.get_by_label("Notes").fill("two\nlines")
    form.get_by_label("Disk").fill("20")
    form.get_by_label("Home page").fill("https://images.example/silver")
    form.get_by_label("Size").select_option("Large")
    search(form).fill("db")
    option(form, "db-2026").click()
    for name in ("web-2025", "web-2026"):
        search(form, "More images (optional)").fill("web")
        option(form, name).click()
    form.get_by_role("button", name="Remove web-2025").click()
    form.get_by_role("checkbox", name="Protected").check()
    form.get_by_role("radio", name="Everyone").check()
    save(form)

    expect(form).to_be_hidden()
    [sent] = app.sent
    assert held(sent) == {
        "name": "silver",
        "notes": "two\nlines",
        "disk": "20",
        "home": "https://images.example/silver",
        "size": "Large",
        "image": "db-2026",
        "others": ["web-2026"],
        "flags": ["Protected"],
        "who": "Everyone",
    }


def test_what_is_left_alone_is_sent_as_nothing_and_what_was_chosen_already_as_it_was(
    app: FormApp, form: Locator
) -> None:
    form.get_by_label("Name").fill("silver")
    save(form)

    expect(form).to_be_hidden()
    nothing = dict.fromkeys(("notes", "disk", "home", "size", "image"))
    assert held(app.sent[0]) == nothing | {
        "name": "silver",
        "others": [],
        "flags": [],
        "who": "Only us",
    }


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    app: FormApp, form: Locator
) -> None:
    form.get_by_label("Name").fill("golden")
    form.get_by_label("Notes").fill("keep me")
    save(form)

    name = form.get_by_label("Name")
    expect(form.locator('[data-block-id="name"] .problem')).to_have_text("That name is taken.")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description("That name is taken. What people will call it.")
    expect(name).to_be_focused()
    expect(form.get_by_label("Notes")).to_have_value("keep me")
    save(form)
    expect(form.locator('[data-block-id="name"] .problem')).to_have_text("That name is taken.")
    name.fill("silver")
    save(form)
    expect(form).to_be_hidden()
    assert len(app.sent) == 1


def test_what_slack_finds_wrong_itself_never_reaches_the_app(
    slack: SlackStandIn, form: Locator
) -> None:
    form.get_by_label("Disk").fill("many")
    save(form)

    problems = form.locator(".problem:visible")
    expect(problems).to_have_text(["Please complete this required field.", "Enter a number."])
    assert [call for call in slack.calls if call["kind"] == "view"] == []


def test_a_form_whose_app_is_down_says_so_and_stays(slack: SlackStandIn, form: Locator) -> None:
    form.get_by_label("Name").fill("silver")
    slack.bot_url = "http://127.0.0.1:9"
    save(form)

    expect(form.get_by_role("alert").first).to_have_text(
        "We had some trouble connecting. Try again?"
    )
    expect(form.get_by_label("Name")).to_have_value("silver")


def test_options_are_asked_for_once_people_stop_typing(app: FormApp, form: Locator) -> None:
    search(form).evaluate(TYPE_AT_ONCE, "golden")

    expect(option(form, "golden-2026")).to_be_visible()
    assert app.queries == ["golden"]


def test_options_are_chosen_by_keyboard_alone(app: FormApp, form: Locator, page: Page) -> None:
    field = search(form)
    field.focus()
    field.press_sequentially("golden")
    expect(option(form, "golden-2025")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(form.locator(f"#{active}")).to_contain_text("golden-2025")
    page.keyboard.press("Enter")
    expect(field).to_have_value("golden-2025")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(form).to_be_visible()

    form.get_by_label("Name").fill("silver")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    assert held(app.sent[0])["image"] == "golden-2025"


def test_escape_closes_the_list_first_and_then_the_form(form: Locator, page: Page) -> None:
    search(form).fill("golden")
    expect(option(form, "golden-2026")).to_be_visible()

    page.keyboard.press("Escape")
    expect(form.get_by_role("listbox")).to_have_count(0)
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()


def test_a_choice_can_be_taken_back(app: FormApp, form: Locator) -> None:
    form.get_by_label("Name").fill("silver")
    search(form).fill("db")
    option(form, "db-2026").click()
    search(form).fill("")
    save(form)

    expect(form).to_be_hidden()
    assert held(app.sent[0])["image"] is None


def test_a_menu_says_what_it_waits_for_and_what_it_does_not_find(form: Locator) -> None:
    notes = form.locator(".options .note:visible")

    search(form).click()
    expect(notes).to_have_text("Type 2 characters or more.")
    search(form).fill("nothing like it")
    expect(notes).to_have_text("No results.")
    search(form).fill("broken")
    expect(notes).to_have_text("The options could not be loaded.")


def test_a_late_answer_does_not_replace_that_to_newer_words(app: FormApp, form: Locator) -> None:
    app.late["golden"] = threading.Event()

    with form.page.expect_request("**/suggest"):
        search(form).fill("golden")
    with form.page.expect_response("**/suggest"):
        search(form).fill("db")
    expect(option(form, "db-2026")).to_be_visible()
    with form.page.expect_response("**/suggest"):
        app.late["golden"].set()

    expect(form.get_by_role("listbox").get_by_role("option")).to_have_count(1)


def test_words_that_are_not_chosen_are_not_sent(app: FormApp, form: Locator) -> None:
    form.get_by_label("Name").fill("silver")
    search(form).fill("golden")
    expect(option(form, "golden-2026")).to_be_visible()
    form.get_by_label("Notes").click()

    expect(search(form)).to_have_value("")
    save(form)
    expect(form).to_be_hidden()
    assert held(app.sent[0])["image"] is None


def test_a_button_in_a_form_redraws_it_and_what_was_typed_stays(form: Locator, page: Page) -> None:
    form.get_by_label("Name").fill("silver")
    search(form).fill("db")
    option(form, "db-2026").click()
    form.get_by_role("checkbox", name="Hidden").check()
    form.get_by_role("button", name="Check the name").click()

    expect(form).to_contain_text("silver is free.")
    expect(form.get_by_label("Name")).to_have_value("silver")
    expect(form.get_by_role("button", name="Check the name")).to_be_focused()
    expect(search(form)).to_have_value("db-2026")
    expect(form.get_by_role("checkbox", name="Hidden")).to_be_checked()


def test_a_form_on_top_of_another_leads_back_to_it_as_it_was(form: Locator, page: Page) -> None:
    form.get_by_label("Name").fill("silver")
    form.get_by_role("button", name="More", exact=True).click()
    more = page.get_by_role("dialog", name="More")
    expect(more.get_by_label("Why")).to_be_focused()

    more.get_by_role("button", name="Back").click()
    expect(form.get_by_label("Name")).to_have_value("silver")
    expect(form.get_by_role("button", name="More", exact=True)).to_be_focused()

    form.get_by_role("button", name="More", exact=True).click()
    more.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Message to Cloud Images")).to_be_focused()


def test_a_form_that_was_waited_for_is_ready_to_be_typed_into(app: FormApp, page: Page) -> None:
    page.get_by_label("Message to Cloud Images").fill("/images slow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Wait")).to_contain_text("One moment…")

    app.ready.set()

    form = page.get_by_role("dialog", name="Update image")
    expect(form.get_by_label("Name")).to_be_focused()


def test_a_form_that_is_gone_is_not_sent(slack: SlackStandIn, page: Page, form: Locator) -> None:
    """As from a page whose news have not arrived yet."""
    sent = {"user": PRODUCER.user_id, "view": "V0", "values": {}}

    answer = page.request.post(f"{slack.page_url}submit", data=sent)

    assert (answer.status, "that form is closed" in answer.text()) == (400, True)


def test_form_fits_a_phone(form: Locator, page: Page) -> None:
    page.set_viewport_size(PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    expect(form.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    search(form).fill("golden")
    expect(option(form, "golden-2026")).to_be_in_viewport(ratio=1)


def card(percent: int) -> list[Json]:
    bar = "█" * (percent // 10) + "░" * (10 - percent // 10)
    text = {"type": "mrkdwn", "text": f"*Export of golden-2026*\n`{bar}` {percent} %"}
    stop = {"type": "button", "action_id": "transfers.stop", "text": plain("Stop")}
    return [
        {"type": "section", "block_id": "words", "text": text},
        {"type": "actions", "block_id": "row", "elements": [stop]},
    ]


def test_a_progress_card_is_redrawn_in_its_place_without_jumping(
    slack: SlackStandIn, page: Page
) -> None:
    channel = PRODUCER.dm_channel
    shown = slack.workspace.post(channel, "0 %", card(0))
    for i in range(30):
        slack.workspace.post(channel, f"message {i}")
    progress = page.locator(".message").first
    expect(page.locator(".message")).to_have_count(31)
    progress.get_by_role("button", name="Stop").focus()
    page.locator("#messages").evaluate("list => { list.scrollTop = 40; }")
    read = page.get_by_text("message 3", exact=True)
    place = read.bounding_box()
    node = read.element_handle()

    for percent in (30, 70, 100):
        slack.workspace.edit(shown, f"{percent} %", card(percent))
        expect(progress).to_contain_text(f"{percent} %")

    expect(progress.locator("code")).to_have_text("█" * 10)
    expect(progress.get_by_role("button", name="Stop")).to_be_focused()
    assert read.bounding_box() == place
    assert node
    assert node.evaluate("node => node.isConnected")


def test_a_reader_at_the_end_stays_at_the_end(slack: SlackStandIn, page: Page) -> None:
    for i in range(40):
        slack.workspace.post(PRODUCER.dm_channel, f"message {i}")

    expect(page.get_by_text("message 39", exact=True)).to_be_in_viewport()
    slack.workspace.post(PRODUCER.dm_channel, "one more")
    expect(page.get_by_text("one more")).to_be_in_viewport()


def test_a_menu_in_a_message_is_searched_and_chosen_as_well(
    slack: SlackStandIn, app: FormApp, page: Page
) -> None:
    menu = {"type": "external_select", "action_id": "images.find", "min_query_length": 1}
    row = {"type": "actions", "block_id": "row", "elements": [menu]}
    slack.workspace.post(PRODUCER.dm_channel, "Which?", [row])

    page.locator(".message").get_by_role("combobox").fill("db")
    page.get_by_role("option", name="db-2026").click()

    chosen = page.locator(".message").get_by_role("combobox")
    expect(chosen).to_have_value("db-2026")
    [message] = slack.messages(PRODUCER.user_id)
    slack.workspace.edit(message, "Which one?", [row, {"type": "divider"}])
    expect(page.locator(".message hr")).to_be_attached()
    expect(chosen).to_have_value("db-2026")
    calls = until(lambda: [call["body"] for call in slack.calls if call["kind"] == "action"])
    actions = [action for call in calls for action in call["actions"]]
    assert [action["selected_option"]["value"] for action in actions] == ["id-db-2026"]
