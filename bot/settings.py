"""Settings from the environment, read once. One error names everything that is wrong."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from storage import Vault
from storage.errors import BadKeys

SLACK_API_URL = "https://slack.com/api/"
RACKSPACE = "https://identity.api.rackspacecloud.com/v2.0"
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
NEW_KEY = "make one with `python -m bot key`"


class BadSettings(Exception):
    """One or more settings are missing or wrong; the message has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"Some settings are missing or wrong:\n{lines}\nSee docs/settings.md.")
        self.problems = tuple(problems)


NOT_BOT_TOKENS = ("xoxp-", "xoxe.xoxp-", "xoxe-", "xapp-")
"""Prefixes of user, refresh and app tokens. Source: docs.slack.dev/authentication/tokens"""


@dataclass(frozen=True)
class Settings:
    """Each field is read from the environment variable of that name in capitals."""

    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    """Fernet keys, newest first."""
    slack_signing_secret: str = field(default="", repr=False)
    slack_bot_token: str = field(default="", repr=False)
    """For one workspace."""
    slack_client_id: str = ""
    slack_client_secret: str = field(default="", repr=False)
    """With the id: for many workspaces."""
    slack_app_token: str = field(default="", repr=False)
    """For Socket Mode."""
    slack_api_url: str = SLACK_API_URL
    slack_timeout_s: int = 10
    """Seconds to wait for a response from Slack."""
    slack_command: str = "/images"
    """The slash command's name."""
    database_url: str = field(default="sqlite:///imagebot.db", repr=False)
    database_timeout_s: int = 3
    """Seconds to wait for a response, a lock or a free connection of the database."""
    database_connections: int = 20
    """The most connections of one process to PostgreSQL."""
    public_url: str = ""
    link_clouds: Mapping[str, str] = field(default_factory=lambda: {"Rackspace": RACKSPACE})
    """The clouds that people may link: name and address of Identity. The bot calls no others."""
    host: str = "127.0.0.1"
    port: int = 3000
    worker_port: int = 3001
    """Port of `worker` for probes and metrics; `all` serves them on PORT."""
    log_level: str = "INFO"
    log_format: str = "text"
    """`text`, or `json`: one object per line."""
    ack_threads: int = 16
    """Commands, clicks and events acknowledged at the same time."""
    form_threads: int = 16
    """Forms and menus answered at the same time; they may wait for the cloud."""
    page_threads: int = 4
    """Pages served at the same time; they may wait for the database."""
    web_queue: int = 200
    """Requests that may queue for each of these three; more are refused."""
    web_connections: int = 2048
    """Connections that are idle or slow. At the limit, the oldest is closed."""
    web_buffer_bytes: int = 64_000_000
    """Bytes of request bodies being read. At the limit, the oldest request is dropped."""
    answer_threads: int = 40
    """Requests answered at the same time that may call a cloud; they mostly wait for it."""
    quick_threads: int = 8
    """Requests answered at the same time that call no cloud."""
    answer_queue: int = 400
    """Requests that may queue for each of these two; more get a message saying so."""
    person_share_percent: int = 20
    """The largest share of these threads and queues for one person."""
    workspace_share_percent: int = 75
    """The largest share for one workspace, if there are several."""
    region_requests: int = 24
    """The most of these threads that may wait for one region of a cloud."""
    cloud_answer_s: int = 20
    """Seconds after which an answer is sent without the regions that have not responded."""
    late_answer_s: int = 22
    """Seconds after which the bot says that it is still working on an answer."""
    transfer_threads: int = 8
    """Transfers worked on at the same time."""
    transfer_streams: int = 4
    """The most of these that may copy data; the others are left for polling."""
    max_body_bytes: int = 1_000_000
    """Size of a request's body; Slack's largest are far smaller."""
    idle_timeout_s: int = 75
    """Seconds until a connection's next request has sent its headers."""
    body_timeout_s: int = 10
    """Seconds until a request has sent its body."""
    stop_timeout_s: int = 60
    """Seconds that running work may take when the program is stopped."""
    lease_s: int = 60
    """Seconds after which other workers take over the work of one that died."""
    look_hands: int = 32
    """Account regions that one worker checks for invitations at the same time."""
    share_hands: int = 8
    """Shared images whose members one worker reads at the same time."""
    looks_per_region: int = 12
    """Account regions checked at the same time in one region of one cloud, by all workers."""
    due_hands: int = 8
    """Of ends of shares, approvals, counts and workflow steps: the most at the same time."""
    region_share_percent: int = 50
    """The largest share of these, and of transfers, for one region or one workspace."""
    digest_hands: int = 2
    """Digests that one worker composes at the same time. They only use the database."""
    profile_hands: int = 2
    """Workspaces whose user profiles one worker reads at the same time."""
    delivery_hands: int = 16
    """Notifications that one worker posts to Slack at the same time."""
    card_hands: int = 4
    """Cards, such as those of approvals, that one worker updates at the same time."""
    deliveries_per_workspace: int = 8
    """The most of each of these at the same time in one workspace, by all workers."""
    look_deadline_s: int = 30
    """Seconds for all requests of one check."""
    look_every_s: int = 300
    """Seconds between checks of an account's region where something has changed recently."""
    look_seldom_s: int = 900
    """Seconds between checks where nothing changes."""
    bus_url: str = field(default="", repr=False)
    """The message bus of a cloud's Glance, with user name and password."""
    bus_cloud: str = ""
    """The cloud of the bus: a name in LINK_CLOUDS, or the address of its Identity."""
    bus_region: str = ""
    """The region of that Glance."""
    bus_topics: tuple[str, ...] = ("notifications",)
    """Glance's topics: `topics` in its `[oslo_messaging_notifications]`."""
    bus_exchange: str = "glance"
    """The exchange of these topics: Glance's `control_exchange`."""
    bus_pool: str = "cloud-images-bot"
    """The bot's own queue, so that it takes no messages from other listeners."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str], *, slack: bool = True, bus: bool = False) -> Self:
        """
        Read the settings from the environment.

        Args:
            slack: whether the program calls Slack; `link` and `migrate` do not.

            bus: whether it listens to a cloud's message bus.

        Raises:
            BadSettings: naming everything that is missing or wrong.
        """
        given: dict[str, Any] = {}
        problems: list[str] = []
        for name in (f.name for f in dataclasses.fields(cls)):
            if text := environ.get(name.upper(), "").strip():
                try:
                    given[name] = _PARSERS.get(name, str)(text)
                except ValueError as error:
                    problems.append(f"{name.upper()} {error}")
        settings = cls(**given)
        problems += settings._problems_of_keys() + (settings._problems_of_slack() if slack else [])
        problems += settings._problems_of_bus() if bus else []
        if problems:
            raise BadSettings(problems)
        return settings

    @property
    def slack_site(self) -> str:
        """Address of Slack's pages, next to its API."""
        return self.slack_api_url.removesuffix("api/")

    @property
    def bus_identity(self) -> str:
        """Address of the Identity service of the bus's cloud; "" if BUS_CLOUD does not say."""
        if not self.bus_cloud and len(self.link_clouds) == 1:
            return next(iter(self.link_clouds.values()))
        return self.link_clouds.get(self.bus_cloud, self.bus_cloud)

    @property
    def many_workspaces(self) -> bool:
        return bool(self.slack_client_id)

    @property
    def embedded_database(self) -> bool:
        """Whether the database is SQLite, which the bot migrates when it starts."""
        return self.database_url.startswith("sqlite:")

    def _problems_of_keys(self) -> list[str]:
        if not self.secret_keys:
            return [f"SECRET_KEYS is missing: {NEW_KEY}, and keep it safe"]
        try:
            Vault(self.secret_keys)
        except BadKeys:
            return [f"SECRET_KEYS contains something that is not a Fernet key: {NEW_KEY}"]
        return []

    def _problems_of_bus(self) -> list[str]:
        checks = (
            (not self.bus_url, "BUS_URL is missing, such as rabbit://user:password@host/vhost"),
            (not self.bus_region, "BUS_REGION is missing: the region whose Glance is on the bus"),
            (
                not self.bus_identity.startswith(("http://", "https://")),
                "BUS_CLOUD is missing: one of LINK_CLOUDS by name, or the address of its Identity",
            ),
        )
        return [problem for wrong, problem in checks if wrong]

    def _problems_of_slack(self) -> list[str]:
        one, two = self.slack_client_id, self.slack_client_secret
        checks = (
            (
                not self.slack_signing_secret and not self.slack_app_token,
                "SLACK_SIGNING_SECRET is missing: it is under Basic Information of your Slack app",
            ),
            (
                not self.slack_bot_token and not (one or two),
                "SLACK_BOT_TOKEN is missing: it is under OAuth & Permissions of your Slack app "
                "(for many workspaces set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET instead)",
            ),
            (
                self.slack_bot_token.startswith(NOT_BOT_TOKENS),
                "SLACK_BOT_TOKEN is not a bot token, but a person's or the app's; copy the Bot "
                "User OAuth Token, which begins with xoxb-",
            ),
            (
                bool(self.slack_bot_token and (one or two)),
                "SLACK_BOT_TOKEN (one workspace) excludes SLACK_CLIENT_ID (many): set one of them",
            ),
            (
                bool(one) != bool(two),
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET must be set together",
            ),
            (
                bool(one) and not self.public_url,
                "PUBLIC_URL is missing: workspaces install the app from it",
            ),
        )
        return [problem for wrong, problem in checks if wrong]


def _keys(value: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in value.split(",") if key.strip())


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or not 0 < int(value) < 65536:
        raise ValueError(f"is not a port: {value!r}; give a number from 1 to 65535")
    return int(value)


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise ValueError(f"is not a number: {value!r}; give a whole number from 1")
    return int(value)


def _percent(value: str) -> int:
    if _count(value) > 100:
        raise ValueError(f"is not a percentage: {value!r}; give a whole number from 1 to 100")
    return int(value)


def _command(value: str) -> str:
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
        raise ValueError(f"is not a command: {value!r}; write it like /images, in lower case")
    return value


def _level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise ValueError(f"is not a level: {value!r}; set one of {', '.join(LOG_LEVELS)}")
    return value.upper()


def _format(value: str) -> str:
    if value.lower() not in LOG_FORMATS:
        raise ValueError(f"is not a format: {value!r}; set one of {', '.join(LOG_FORMATS)}")
    return value.lower()


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not an address; begin it with https://")
    return value


def _api_url(value: str) -> str:
    return _url(value).rstrip("/") + "/"


def _public_url(value: str) -> str:
    return _url(value).rstrip("/")


def _clouds(value: str) -> Mapping[str, str]:
    """`name=address`, separated by commas."""
    pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
    if not all(name.strip() and "/v" in url for name, _, url in pairs):
        raise ValueError(
            "names no clouds; write them like Rackspace=https://…/v2.0,Lab=https://…/v3"
        )
    return {name.strip(): _url(url.strip()).rstrip("/") for name, _, url in pairs}


def _words(value: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in value.split(",") if word.strip())
    if not words:
        raise ValueError("is empty; give one or more, separated by commas")
    return words


def _bus(value: str) -> str:
    if not value.startswith("rabbit://"):
        raise ValueError(
            "is not a message bus; write it like rabbit://user:password@host:5672/vhost"
        )
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("is neither sqlite:///path nor postgresql://user:password@host/name")
    return value


BOUNDS = tuple(
    f.name for f in dataclasses.fields(Settings) if f.type == "int" and not f.name.endswith("port")
)

_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "secret_keys": _keys,
    "port": _port,
    "worker_port": _port,
    "slack_command": _command,
    "log_level": _level,
    "log_format": _format,
    "slack_api_url": _api_url,
    "public_url": _public_url,
    "link_clouds": _clouds,
    "database_url": _database,
    "bus_url": _bus,
    "bus_topics": _words,
    **{name: _percent if name.endswith("_percent") else _count for name in BOUNDS},
}
