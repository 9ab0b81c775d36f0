"""manifest.json asks Slack for what the code uses: no more, and no less."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import handlers
from bot.settings import Settings
from bot.slack import listeners
from bot.slack.listeners import ACTION, COMMAND
from bot.slack.scopes import SCOPES
from handlers import Message, Modal
from handlers.workflows.steps import PATIENCE
from sandbox.gallery import FORMS, SHOWN
from sandbox.slack.workflows import TYPES

ROOT = Path(__file__).parents[3]
EVENTS = "https://YOUR-HOST/slack/events"


class Listening:
    """Stands where Bolt's app stands, and notes what the code wants to hear."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.actions: list[object] = []
        self.events: list[str] = []
        self.shortcuts: list[str] = []
        self.global_shortcuts: list[str] = []
        self.forms: list[object] = []
        self.menus: list[object] = []

    def command(self, name: str) -> Callable[[object], None]:
        return lambda _: self.commands.append(name)

    def action(self, constraint: object) -> Callable[[object], None]:
        return lambda _: self.actions.append(constraint)

    def message_shortcut(self, name: str) -> Callable[[object], None]:
        return lambda _: self.shortcuts.append(name)

    def global_shortcut(self, name: str) -> Callable[[object], None]:
        return lambda _: self.global_shortcuts.append(name)

    def view(self, constraint: object) -> Callable[[object], None]:
        return lambda _: self.forms.append(constraint)

    def options(self, constraint: object) -> Callable[[object], None]:
        return lambda _: self.menus.append(constraint)

    def event(self, name: str) -> Callable[[object], None]:
        return lambda _: self.events.append("message.im" if name == "message" else name)


@pytest.fixture
def manifest() -> Mapping[str, Any]:
    given: Mapping[str, Any] = json.loads((ROOT / "manifest.json").read_text())
    return given


@pytest.fixture
def listening(runtime: Any) -> Listening:
    listening = Listening()
    parts = (
        runtime.services,
        runtime.workspaces,
        runtime.request_pool,
        runtime.busy_replies,
        runtime.metrics,
        runtime.settings,
    )
    listeners.Listeners(*parts).register(listening)  # type: ignore[arg-type]
    return listening


def test_the_command_is_the_one_the_code_answers(
    manifest: Mapping[str, Any], listening: Listening
) -> None:
    [command] = manifest["features"]["slash_commands"]

    assert (command["command"], command["url"]) == (COMMAND, EVENTS)
    assert Settings.slack_command == COMMAND
    assert listening.commands == [COMMAND]
    assert command["usage_hint"] in {verb.name for verb in handlers.ROUTES.verbs}


def test_the_shortcuts_are_the_ones_the_code_answers(
    manifest: Mapping[str, Any], listening: Listening
) -> None:
    named: dict[str, list[str]] = {"message": [], "global": []}
    for shortcut in manifest["features"]["shortcuts"]:
        named[shortcut["type"]].append(shortcut["callback_id"])

    assert named == {"message": listening.shortcuts, "global": listening.global_shortcuts}
    for callback_id in (*named["message"], *named["global"]):
        assert handlers.ROUTES.buttons[callback_id].opens


def test_the_scopes_are_the_ones_the_code_asks_for(manifest: Mapping[str, Any]) -> None:
    assert sorted(manifest["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)
    assert list(manifest["oauth_config"]["scopes"]) == ["bot"]


def test_the_events_are_the_ones_the_code_hears(
    manifest: Mapping[str, Any], listening: Listening
) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]

    # Slack sends a step's event to whoever has the step, and takes no subscription to it.
    assert sorted([*subscribed["bot_events"], "function_executed"]) == sorted(listening.events)
    assert subscribed["request_url"] == EVENTS


def test_buttons_and_menus_come_to_the_same_address_and_people_may_write_to_the_bot(
    manifest: Mapping[str, Any],
) -> None:
    """A digest comes into the messages tab; without it Slack refuses to deliver one."""
    assert manifest["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": EVENTS,
        "message_menu_options_url": EVENTS,
    }
    assert manifest["features"]["app_home"]["messages_tab_enabled"]


def test_every_button_form_and_menu_that_is_ever_shown_is_heard() -> None:
    elements = [_elements(sample) for sample in SHOWN.values()]
    shown = {e["action_id"] for each in elements for e in each if e["type"] == "button"}
    menus = {e["action_id"] for each in elements for e in each if "external" in e["type"]}

    assert shown <= {*handlers.ROUTES.buttons, *handlers.ROUTES.repeats}
    assert handlers.ROUTES.menus.keys() >= menus
    ids = [*handlers.ROUTES.buttons, *handlers.ROUTES.forms, *handlers.ROUTES.menus]
    assert [each for each in ids if not ACTION.match(each)] == []


def test_every_form_that_can_be_sent_has_a_sample_in_the_gallery() -> None:
    known = {*handlers.ROUTES.forms, *handlers.ROUTES.resubmits}
    assert known == {form.name for form in FORMS.values() if form.submit}


def test_the_steps_are_the_ones_the_code_runs(manifest: Mapping[str, Any]) -> None:
    """As docs.slack.dev/tools/bolt-python/concepts/custom-steps has a step in a manifest."""
    steps = manifest["functions"]

    assert steps.keys() == PATIENCE.keys()
    assert manifest["settings"]["function_runtime"] == "remote"
    assert manifest["settings"]["org_deploy_enabled"]
    for step in steps.values():
        assert step["title"]
        assert step["description"]
        for name, each in (step["input_parameters"] | step["output_parameters"]).items():
            assert each["name"] == name
            assert each["type"] in TYPES
            assert {"title", "is_required"} <= each.keys()


def _elements(sample: Message | Modal) -> list[Mapping[str, Any]]:
    """Everything to press, choose or fill in."""
    return [
        element
        for block in sample.blocks
        for element in [block.get("accessory"), block.get("element"), *block.get("elements", ())]
        if element and "action_id" in element
    ]


@pytest.mark.node
def test_slack_s_declarations_take_the_manifest(
    manifest: Mapping[str, Any],
    slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None],
) -> None:
    # Their type of `functions` has `properties`; Slack's documents and templates have not.
    declared = {name: part for name, part in manifest.items() if name != "functions"}
    args = {"manifest": declared, "app_id": "A0CLOUDIMG"}

    slack_accepts([{"kind": "request", "method": "apps.manifest.validate", "args": args}])
