"""The tables of the reference pages, as the code has them. Pages call these between cog's marks."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, redirect_stderr, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from cryptography.fernet import Fernet
from werkzeug.routing import Rule

import handlers
from bot.__main__ import main
from bot.settings import Settings
from bot.slack.scopes import SCOPES
from bot.web.app import create_app
from bot.wiring import Runtime
from handlers.core.effects import EFFECTS
from handlers.reports.views.audit_phrases import PHRASES

ROOT = Path(__file__).parents[2]
MANIFEST = json.loads((ROOT / "manifest.json").read_text())
EVENTS: Mapping[str, str] = {
    "app_home_opened": "draws the home tab",
    "app_mention": "a command in a channel, answered to its person alone",
    "app_uninstalled": "forgets the installation",
    "user_change": "asks again about people who have left, come back or moved",
    "link_shared": "shows an image below a link to it",
    "message.im": "a command in the bot's own conversation",
    "tokens_revoked": "forgets the token",
}
"""By event of the manifest: what the bot does with it."""

PATHS: Mapping[str, tuple[str, str]] = {
    "/confirm/<token>": ("a person", "confirms a change with the account's own key; once"),
    "/healthz": ("your platform", "200 while the process runs"),
    "/link/<token>": ("a person", "links a cloud account; once, for a few minutes"),
    "/metrics": ("Prometheus", "what the process counts; keep it inside your network"),
    "/readyz": (
        "your platform",
        "200 if the database answers, Slack can reach the bot, and background work is polled",
    ),
    "/slack/events": ("Slack", "commands, clicks, forms, menus and events; signed"),
    "/slack/install": ("a person", "installs the app in another workspace"),
    "/slack/oauth_redirect": ("a person, sent by Slack", "the end of an installation"),
}
"""By path: who asks for it, and what it is."""


def verbs() -> Iterator[str]:
    """Print every verb, the role that it takes, and what it does."""
    yield from table(
        ("verb", "role", "what it does"),
        [
            (f"[`{verb.name}`](#{verb.name})", verb.needs.value if verb.needs else "", verb.help)
            for verb in handlers.ROUTES.verbs
        ],
    )


def scopes() -> Iterator[str]:
    yield from table(("scope", "what it is for"), [(f"`{k}`", v) for k, v in SCOPES.items()])


def events() -> Iterator[str]:
    named = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    yield from table(("event", "what the bot does"), [(f"`{e}`", EVENTS[e]) for e in named])


def steps() -> Iterator[str]:
    """Print the steps of workflows, and what each takes and gives."""
    for step in MANIFEST["functions"].values():
        yield from ("", f"### {step['title']}", "", f"{step['description']}.", "")
        rows = [
            (each["title"], each.get("description", ""), _use(each, "takes"))
            for each in step["input_parameters"].values()
        ]
        rows += [
            (each["title"], each.get("description", ""), "gives")
            for each in step["output_parameters"].values()
        ]
        yield from table(("value", "what it is", "the step"), rows)


def manifest() -> Iterator[str]:
    yield "```json"
    yield from (ROOT / "manifest.json").read_text().splitlines()
    yield "```"


def audit_actions() -> Iterator[str]:
    yield from table(
        ("action", "what the record says", "what it does to others"),
        [
            (f"`{action}`", phrase.format("…"), _effects(action))
            for action, phrase in PHRASES.items()
        ],
    )


def programs() -> Iterator[str]:
    """Print what `python -m bot` says of each of its programs."""
    wide, said = patch.dict(os.environ, COLUMNS="200"), io.StringIO()
    with wide, redirect_stderr(said), suppress(SystemExit):
        main([])
    listed = re.findall(r"^ {4}([a-z][\w-]+) +(\S.*)$", said.getvalue(), re.MULTILINE)
    yield from table(
        ("program", "what it does"),
        [(f"`python -m bot {name}`", words) for name, words in listed],
    )


def paths() -> Iterator[str]:
    """Print every path that the bot answers."""
    asked: dict[str, set[str]] = {}
    for rule in _rules():
        asked.setdefault(rule.rule, set()).update((rule.methods or set()) & {"GET", "POST"})
    yield from table(
        ("path", "methods", "who asks", "what it is"),
        [
            (f"`{path}`", ", ".join(sorted(methods)), *PATHS[path])
            for path, methods in sorted(asked.items())
        ],
    )


def _rules() -> Sequence[Rule]:
    """The paths of a bot that has everything on."""
    with TemporaryDirectory() as folder:
        settings = Settings.from_env(
            {
                "SECRET_KEYS": Fernet.generate_key().decode(),
                "SLACK_SIGNING_SECRET": "made up",
                "SLACK_CLIENT_ID": "1.2",
                "SLACK_CLIENT_SECRET": "made up",
                "PUBLIC_URL": "https://bot.example.com",
                "DATABASE_URL": f"sqlite:///{folder}/bot.db",
            }
        )
        with closing(Runtime.build(settings)) as runtime:
            rules = create_app(runtime).url_map.iter_rules()
            return [rule for rule in rules if "static" not in rule.endpoint]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Print a table of Markdown."""
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _use(parameter: Mapping[str, Any], verb: str) -> str:
    return verb if parameter["is_required"] else f"may {verb.removesuffix('s')}"


def _effects(action: str) -> str:
    row = EFFECTS.get(action)
    if row is None:
        return ""
    always = sorted(row.always)
    maybe = sorted((row.if_gains | row.if_loses | row.by_change) - row.always)
    return "; ".join(
        [", ".join(always)] * bool(always) + [f"may: {', '.join(maybe)}"] * bool(maybe)
    )
