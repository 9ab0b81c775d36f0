"""Forms: opened at once, filled in later, and never losing what was typed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from werkzeug.serving import make_server

from bot.slack import modals
from bot.slack.answers import CLOSED
from bot.web.app import create_app
from bot.wiring import Runtime
from bot.work import deliver
from handlers import (
    Button,
    Click,
    Command,
    Dispatcher,
    FieldErrors,
    Form,
    Menu,
    Message,
    Modal,
    Option,
    Reply,
    Routes,
    Search,
    Services,
    Submission,
    Verb,
)
from handlers.core.errors import UnderWay
from handlers.ui import form_fields, kept_forms
from handlers.ui import routes as ui
from handlers.ui.blocks import button, buttons, section
from sandbox.serving import serving
from sandbox.slack import CHANNEL_ID, SlackStandIn
from sandbox.slack.state import Message as SentMessage
from sandbox.slack.state import View
from tests.bot.people import CONSUMER_A, PRODUCER
from tests.waiting import PATIENCE_S, until

NAME, COLOUR = "colours.name", "colours.colour"
FORM = Modal(
    "colours.send",
    "A colour",
    (
        section("What is it like?"),
        form_fields.text_input("Name", NAME, initial="web"),
        form_fields.typeahead("Colour", COLOUR, optional=True),
        buttons(button("Help", "colours.help", "red")),
    ),
    "Send",
    value="a claim",
)


@dataclass
class Colours:
    """A bot about colours, whose cloud is as slow as the test wants."""

    hold: threading.Event = field(default_factory=threading.Event)
    """Every answer waits for this."""
    reply: Reply | Exception = field(default_factory=lambda: Message("Sent."))
    sent: list[Submission] = field(default_factory=list)
    searched: list[Search] = field(default_factory=list)
    form: Reply | Exception = FORM

    @property
    def routes(self) -> Routes:
        verb = Verb("colour", "colour", "Asks.", None, self._ask, opens=lambda _: True)
        return Routes(
            verbs=(verb,),
            buttons={
                "colours.open": Button(self._open, None, opens=True),
                "colours.help": Button(self._help, None),
            },
            forms={FORM.name: Form(self._send, None)},
            menus={COLOUR: Menu(self._search)},
        )

    def _ask(self, _: Command, __: Services) -> Reply:
        self.hold.wait(PATIENCE_S)
        return _raised(self.form)

    def _open(self, _: Click, __: Services) -> Reply:
        return _raised(self.form)

    def _help(self, click: Click, _: Services) -> Reply:
        return Message(f"Help about {click.value}.", note=True)

    def _send(self, submission: Submission, _: Services) -> Reply:
        self.sent.append(submission)
        self.hold.wait(PATIENCE_S)
        return _raised(self.reply)

    def _search(self, search: Search, _: Services) -> list[Option]:
        self.searched.append(search)
        self.hold.wait(PATIENCE_S)
        return [Option(f"{search.words} {n}", str(n)) for n in range(2)]


def _raised(reply: Reply | Exception) -> Reply:
    if isinstance(reply, Exception):
        raise reply
    return reply


@pytest.fixture
def colours() -> Iterator[Colours]:
    colours = Colours()
    colours.hold.set()
    yield colours
    colours.hold.set()


@pytest.fixture
def bot(runtime: Runtime, slack: SlackStandIn, colours: Colours) -> Iterator[Runtime]:
    """Served to Slack, with the colours for its conversation."""
    runtime = replace(runtime, dispatcher=Dispatcher(Routes.sum([colours.routes, ui.ROUTES])))
    server = make_server("127.0.0.1", 0, create_app(runtime), threaded=True)
    slack.bot_url = f"http://127.0.0.1:{server.server_port}"
    with serving(server):
        yield runtime


def top(slack: SlackStandIn, shown: Callable[[View], bool]) -> View:
    """The modal on top of the producer's screen, once it is as *shown* says."""

    def view() -> View | None:
        top = slack.modals.top(PRODUCER)
        return top if top and shown(top) else None

    return until(view, lambda: slack.modals.top(PRODUCER))


def titled(title: str) -> Callable[[View], bool]:
    return lambda view: bool(view.body["title"]["text"] == title)


def item(text: str) -> Callable[[View], bool]:
    return lambda view: text in str(view.body["blocks"])


def test_a_form_opens_at_once_and_is_filled_in_when_the_cloud_has_answered(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.hold.clear()

    slack.command(PRODUCER, "colour")
    waiting = top(slack, item("Asking the cloud"))
    colours.hold.set()
    form = top(slack, titled("A colour"))

    assert form.id == waiting.id
    assert form.body["private_metadata"].endswith("|a claim")
    assert form.body["submit"]["text"] == "Send"
    assert slack.messages(PRODUCER) == []


def test_what_cannot_be_shown_as_a_form_is_a_page_of_the_open_window(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.form = UnderWay()

    slack.command(PRODUCER, "colour")

    page = top(slack, item("already in progress"))
    assert "submit" not in page.body
    assert page.body["close"]["text"] == "Close"


def test_a_window_that_slack_does_not_open_is_told_of_in_words(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    slack.fail_next("views.open", "expired_trigger_id")

    said = slack.ask(PRODUCER, "colour")

    assert said.text == modals.LATE
    assert slack.modals.top(PRODUCER) is None


def test_what_was_typed_reaches_the_handler_with_the_form_s_value(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    slack.command(PRODUCER, "colour")
    top(slack, titled("A colour"))

    ack = slack.modals.submit(PRODUCER, {NAME: " db "})

    assert ack.ok
    [sent] = colours.sent
    assert (sent.view, sent.value) == (FORM.name, "a claim")
    assert (sent.text(NAME), sent.text(COLOUR)) == ("db", "")
    assert top(slack, item("Sent.")).body["title"]["text"] == modals.TITLE


def test_whom_an_error_means_is_spelled_for_beside_a_field_nothing_is_a_mention(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.reply = FieldErrors({NAME: "Ask <@U0CONSUMERA> or <@U0GONE>."})
    slack.command(PRODUCER, "colour")
    top(slack, titled("A colour"))

    slack.modals.submit(PRODUCER, {})

    view = top(slack, lambda view: bool(view.errors))
    assert view.errors == {NAME: "Ask @Consumer A or a colleague."}


def test_errors_stand_beside_their_fields(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.reply = FieldErrors({NAME: "There is one of that name."})
    slack.command(PRODUCER, "colour")
    form = top(slack, titled("A colour"))

    slack.modals.submit(PRODUCER, {NAME: "db"})

    shown = top(slack, titled("A colour"))
    assert (shown.id, dict(shown.errors)) == (form.id, {NAME: "There is one of that name."})


def test_an_error_of_the_whole_form_stands_at_its_first_field_without_markup(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.reply = UnderWay()
    slack.command(PRODUCER, "colour")
    top(slack, titled("A colour"))

    slack.modals.submit(PRODUCER, {NAME: "db"})

    errors = dict(top(slack, titled("A colour")).errors)
    assert errors == {NAME: "That is already in progress. Nothing was done twice."}


def test_errors_that_come_late_redraw_the_form_with_what_was_typed(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    """Slack takes errors only in the acknowledgement, and that only for three seconds."""
    slack.command(PRODUCER, "colour")
    top(slack, titled("A colour"))
    colours.hold.clear()
    colours.reply = FieldErrors({NAME: "There is one of that name."})

    ack = slack.modals.submit(PRODUCER, {NAME: "db"})

    assert ack.ok
    top(slack, item("Asking the cloud"))
    colours.hold.set()
    again = top(slack, titled("A colour"))
    blocks = {block["block_id"]: block for block in again.body["blocks"]}
    assert blocks[NAME]["element"]["initial_value"] == "db"
    assert item("There is one of that name.")(again)
    assert again.body["private_metadata"].endswith("|a claim")
    assert again.body["submit"]["text"] == "Send"


def test_a_form_that_is_redrawn_again_keeps_no_error_of_the_time_before(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    slack.command(PRODUCER, "colour")
    top(slack, titled("A colour"))
    for error in ("There is one of that name.", "That is no colour."):
        colours.hold.clear()
        colours.reply = FieldErrors({NAME: error})
        slack.modals.submit(PRODUCER, {NAME: "db"})
        top(slack, item("Asking the cloud"))
        colours.hold.set()
        again = top(slack, item(error))

    alerts = [each for each in again.body["blocks"] if each["type"] == "alert"]
    assert [each["text"]["text"] for each in alerts] == ["That is no colour."]
    assert alerts[0]["level"] == "error"


def closed_while_it_is_sent(
    bot: Runtime, slack: SlackStandIn, colours: Colours, typed: str = "db"
) -> SentMessage:
    """What comes as a direct message of a form whose window is closed before its outcome."""
    slack.command(PRODUCER, "colour")
    top(slack, titled("A colour"))
    colours.hold.clear()
    slack.modals.submit(PRODUCER, {NAME: typed})
    top(slack, item("Asking the cloud"))
    slack.modals.close(PRODUCER)
    colours.hold.set()
    until(lambda: bot.store.outbox.waiting())
    deliver.run(bot)
    [message] = slack.messages(PRODUCER)
    return message


def test_the_outcome_of_a_form_whose_window_was_closed_comes_as_a_direct_message(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    message = closed_while_it_is_sent(bot, slack, colours)

    assert message.text == f"Sent. ({CLOSED})"
    assert message.channel_id == slack.person(PRODUCER).dm_channel


def test_what_was_typed_into_a_form_that_failed_after_its_window_was_closed_is_not_gone(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.reply = FieldErrors({NAME: "There is <one> of that name."})

    message = closed_while_it_is_sent(bot, slack, colours)
    slack.click(PRODUCER, message, kept_forms.REOPEN)
    again = top(slack, titled("A colour"))

    assert "Name: There is &lt;one&gt; of that name." in str(message.blocks)
    blocks = {block["block_id"]: block for block in again.body["blocks"]}
    assert blocks[NAME]["element"]["initial_value"] == "db"
    colours.reply = Message("Sent at last.")
    slack.modals.submit(PRODUCER, {NAME: "db-2"})
    top(slack, item("Sent at last."))
    assert [sent.text(NAME) for sent in colours.sent] == ["db", "db-2"]
    assert {sent.value for sent in colours.sent} == {"a claim"}


@pytest.mark.parametrize("reply", [FieldErrors({NAME: "No."}), FieldErrors({"": "Not now."})])
def test_what_looks_like_a_secret_is_not_kept_with_a_form(
    bot: Runtime, slack: SlackStandIn, colours: Colours, reply: FieldErrors
) -> None:
    """Whatever the form was refused for."""
    colours.reply = reply

    message = closed_while_it_is_sent(bot, slack, colours, "password: hunter2")
    slack.click(PRODUCER, message, kept_forms.REOPEN)
    again = top(slack, titled("A colour"))

    [kept] = [
        bot.store.once.recall(f"form {kept_forms.Reopen.read(button['value']).form_id}")
        for button in message.buttons()
    ]
    assert "hunter2" not in str(kept)
    assert "hunter2" not in str(again.body["blocks"])
    assert "except what looks like a password or a key" in str(message.blocks)


def test_a_kept_form_is_for_whoever_typed_it(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.reply = FieldErrors({NAME: "There is one of that name."})
    message = closed_while_it_is_sent(bot, slack, colours)

    copied = slack.workspace.post(CHANNEL_ID, message.text, message.blocks)
    slack.click(CONSUMER_A, copied, kept_forms.REOPEN)

    shown = until(lambda: slack.modals.top(CONSUMER_A))
    until(lambda: "has expired" in str(slack.modals.top(CONSUMER_A)))
    assert "db" not in str(shown.body["blocks"])


def test_a_form_that_was_to_follow_is_offered(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    colours.reply = replace(FORM, title="Another colour")

    message = closed_while_it_is_sent(bot, slack, colours)
    slack.click(PRODUCER, message, kept_forms.REOPEN)

    top(slack, titled("Another colour"))


def test_a_note_in_a_window_goes_on_top_and_leaves_the_form_as_it_is(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    slack.command(PRODUCER, "colour")
    form = top(slack, titled("A colour"))

    slack.modals.click(PRODUCER, "colours.help")

    note = top(slack, item("Help about red."))
    assert note.previous_view_id == form.id
    slack.modals.close(PRODUCER)
    assert slack.modals.top(PRODUCER) == form


def test_a_menu_offers_what_is_found_for_the_words_typed(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    slack.command(PRODUCER, "colour")
    form = top(slack, titled("A colour"))

    options = slack.suggest(PRODUCER, form, COLOUR, "re")

    assert [option["text"]["text"] for option in options] == ["re 0", "re 1"]
    [search] = colours.searched
    assert (search.words, search.value) == ("re", "a claim")


def test_a_menu_whose_options_come_too_late_is_empty(
    bot: Runtime, slack: SlackStandIn, colours: Colours
) -> None:
    slack.command(PRODUCER, "colour")
    form = top(slack, titled("A colour"))
    colours.hold.clear()

    options = slack.suggest(PRODUCER, form, COLOUR, "re")

    assert list(options) == []
