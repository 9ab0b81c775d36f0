"""`python -m bot check`: check the settings, one line each, with the next step where one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot import exposure, lateness
from bot.settings import Settings
from bot.slack import clients
from bot.slack.clients import SlackClient
from bot.slack.refusals import NOT_SENT, SlackRefusal
from bot.slack.scopes import SCOPES
from storage import NO_ANSWER, SlackTrouble, Store
from storage.clock import utc_now
from storage.errors import StorageError


@dataclass(frozen=True)
class Finding:
    good: bool
    text: str
    warning: bool = False
    """Whether it works, but could be safer."""

    def __str__(self) -> str:
        sign = "WARN" if self.warning else "ok  " if self.good else "BAD "
        return f"{sign} {self.text}"


def check(settings: Settings) -> Iterator[Finding]:
    """
    Check the database, its keys, its background work and Slack's tokens.

    Args:
        settings: valid settings; invalid ones are reported when they are read.

    Yields:
        A finding for each, with the next step where it failed.
    """
    yield Finding(True, "settings: complete")
    yield from (Finding(True, text, warning=True) for text in exposure.of_settings(settings))
    yield from _database(settings)
    yield _slack(settings)
    if settings.slack_app_token:
        yield _asked("Socket Mode", settings, settings.slack_app_token, _socket_mode)


def _database(settings: Settings) -> Iterator[Finding]:
    kind = "SQLite" if settings.embedded_database else "PostgreSQL"
    try:
        store = Store.open(settings.database_url, settings.secret_keys)
    except StorageError as error:
        yield Finding(False, f"database: {error}")
        return
    try:
        if settings.embedded_database:
            store.migrate()
        store.must_be_migrated()
        yield Finding(True, f"database: {kind}, migrated")
        yield _keys(store)
        for trouble in store.slack_troubles.all():
            yield Finding(False, f"Slack, workspace {trouble.team_id}: {_refused(trouble)}")
        yield from (Finding(True, text, warning=True) for text in exposure.of_roles(store))
        yield from _work(store)
    except StorageError as error:
        yield Finding(False, f"database: {error}")
    finally:
        store.close()


def _work(store: Store) -> Iterator[Finding]:
    """Report what is late, stuck, given up or tried again and again."""
    backlogs = store.work.all()
    troubles = list(lateness.troubles(backlogs, utc_now()))
    for trouble in troubles:
        yield Finding(not trouble.bad, f"work: {trouble.text}", warning=not trouble.bad)
    if not any(each.kind.startswith(f"{lateness.TICKS}/") for each in backlogs):
        yield Finding(True, "work: no worker has run yet; start `python -m bot worker`, or `all`")
    elif not troubles:
        yield Finding(True, f"work: {len(backlogs)} kinds, nothing late, stuck or given up")


def _refused(trouble: SlackTrouble) -> str:
    lacking = f", it lacks the scope {trouble.needed}" if trouble.needed else ""
    since = f"{trouble.since:%Y-%m-%d %H:%M} UTC"
    return (
        f"has refused {trouble.method} since {since} ({trouble.error}{lacking}); "
        "install the app there again"
    )


def _keys(store: Store) -> Finding:
    accounts = store.accounts.all()
    for account in accounts:
        try:
            store.accounts.credentials(account.id)
        except StorageError as error:
            return Finding(False, f"keys: account {account.project_id} is {error}")
    count = f"{len(accounts)} linked account{'' if len(accounts) == 1 else 's'}"
    return Finding(True, f"keys: decrypt the credentials of {count}")


def _slack(settings: Settings) -> Finding:
    if settings.many_workspaces:
        return Finding(True, f"Slack: install the app from {settings.public_url}/slack/install")
    return _asked("Slack", settings, settings.slack_bot_token, _workspace)


def _asked(what: str, settings: Settings, token: str, ask: Callable[[SlackClient], str]) -> Finding:
    try:
        return Finding(True, f"{what}: {ask(clients.client(settings, token))}")
    except SlackRefusal as refused:
        return Finding(False, f"{what}: {_why(refused, settings)}")


def _why(refused: SlackRefusal, settings: Settings) -> str:
    if refused.error in (NO_ANSWER, NOT_SENT):
        return f"no answer from {settings.slack_api_url}"
    if refused.needed:
        return f"the token lacks {refused.needed}; install the app in the workspace again"
    if refused.passing:
        return f"Slack is having a problem ({refused.error}); try again"
    return f"the token is refused ({refused.error}); copy it from your Slack app again"


def _workspace(client: SlackClient) -> str:
    told = client.auth_test()
    lacking = _lacking_scopes(told.headers)
    if lacking:
        raise SlackRefusal("missing_scope", needed=", ".join(lacking))
    return f"{told.get('user')} in {told.get('team')}"


def _lacking_scopes(headers: Mapping[str, str]) -> list[str]:
    """
    Return the scopes that the bot asks for and the token lacks; none if Slack does not say.

    Source: docs.slack.dev/authentication/installing-with-oauth, "x-oauth-scopes".
    """
    told = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    has = {each.strip() for each in told.split(",")}
    return [scope for scope in SCOPES if told and scope not in has]


def _socket_mode(client: SlackClient) -> str:
    client.apps_connections_open(app_token=client.token or "")
    return "the app token opens a connection"
