"""Installing into many workspaces, and keeping their tokens alive."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from slack_sdk.oauth.installation_store import Installation

from bot.settings import Settings
from bot.slack.listeners import NOT_INSTALLED
from bot.slack.refusals import NotInstalled
from bot.slack.scopes import SCOPES
from bot.slack.workspaces import Installations, States, keep
from bot.web.app import create_app
from bot.wiring import Runtime
from sandbox.slack import PEOPLE, TEAM_ID, SlackStandIn
from sandbox.slack.api import Reply, Trouble
from storage import AuditFilter, Store, new_key
from tests.bot.conftest import serving
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S

HOUR = 3600


@pytest.fixture
def many(environ: Mapping[str, str], slack: SlackStandIn) -> Iterator[Runtime]:
    """A bot for many workspaces, in none as yet."""
    given = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "made-up-client-secret",
        "PUBLIC_URL": "https://bot.example.com",
    }
    runtime = Runtime.build(Settings.from_env({**environ, **given}))
    yield runtime
    runtime.close()


@pytest.fixture
def served_many(many: Runtime, slack: SlackStandIn) -> Iterator[Runtime]:
    """The same, where Slack can reach it."""
    with serving(many, slack):
        yield many


@pytest.fixture
def web(many: Runtime) -> Iterator[FlaskClient]:
    with create_app(many).test_client() as client:
        yield client


def installation(token: str, *, ends_in_s: float | None = None) -> Installation:
    return Installation(
        team_id=TEAM_ID,
        user_id=PEOPLE[0].user_id,
        bot_token=token,
        bot_refresh_token="xoxe-made-up" if ends_in_s else None,
        bot_token_expires_at=int(time.time() + ends_in_s) if ends_in_s else None,
    )


def test_a_workspace_is_installed_from_the_page(
    web: FlaskClient, many: Runtime, slack: SlackStandIn
) -> None:
    page = web.get("/slack/install").get_data(as_text=True)
    [address] = re.findall(r'href="([^"]+/oauth/v2/authorize[^"]+)"', page)
    assert address.startswith(f"{slack.base_url}/oauth/v2/authorize?")
    asked = parse_qs(urlsplit(html.unescape(address)).query)
    assert asked["redirect_uri"] == ["https://bot.example.com/slack/oauth_redirect"]
    assert asked["scope"] == [",".join(SCOPES)]

    [state] = asked["state"]
    web.set_cookie("slack-app-oauth-state", state, domain="localhost")
    done = web.get(f"/slack/oauth_redirect?code=good&state={state}")

    assert done.status_code == 200
    assert "slack.com" not in done.get_data(as_text=True)
    [row] = many.store.audit.find(AuditFilter(action="app.install"))
    assert (row.target, row.outcome) == (TEAM_ID, "done")
    assert many.workspaces.client(TEAM_ID).token == slack.bot_token
    assert many.workspaces.installed(TEAM_ID)


def test_a_state_is_good_once_and_only_in_the_browser_that_asked(
    web: FlaskClient, many: Runtime
) -> None:
    states = States(many.store)
    stolen, spent = states.issue(), states.issue()
    assert states.consume(spent)

    web.set_cookie("slack-app-oauth-state", spent, domain="localhost")
    for state in (stolen, spent, "made-up"):
        refused = web.get(f"/slack/oauth_redirect?code=good&state={state}")
        assert refused.status_code == 400

    assert many.store.installations.find_team(TEAM_ID) is None


@pytest.mark.parametrize(
    "query", ["error=access_denied", "code=bad-made-up", "code=", "", "code=good-but-no-state"]
)
def test_an_installation_that_comes_to_nothing_keeps_nothing_and_says_so(
    query: str, web: FlaskClient, many: Runtime
) -> None:
    """The person says no, Slack says no, or someone came here by an address of their own."""
    state = States(many.store).issue()
    if "no-state" not in query:
        web.set_cookie("slack-app-oauth-state", state, domain="localhost")
        query = f"{query}&state={state}"

    refused = web.get(f"/slack/oauth_redirect?{query}")

    page = refused.get_data(as_text=True)
    assert "try it again" in page.lower() or "try again" in page.lower()
    assert not any(secret in page for secret in (state, "bad-made-up"))
    assert many.store.installations.find_team(TEAM_ID) is None


def test_an_installation_while_the_database_is_away_shows_no_traceback(
    web: FlaskClient, many: Runtime
) -> None:
    state = States(many.store).issue()
    web.set_cookie("slack-app-oauth-state", state, domain="localhost")
    many.store.close()

    done = web.get(f"/slack/oauth_redirect?code=good&state={state}")
    pages = [web.get("/slack/install"), done]

    assert done.status_code >= 400
    assert not any("Traceback" in page.get_data(as_text=True) for page in pages)


def test_of_eight_who_redeem_a_state_at_once_one_succeeds(many: Runtime) -> None:
    states = States(many.store)
    state = states.issue()

    with ThreadPoolExecutor(8) as pool:
        consumed = list(pool.map(lambda _: states.consume(state), range(8)))

    assert sorted(consumed) == [False] * 7 + [True]


def test_an_installation_comes_back_as_it_was_kept(many: Runtime) -> None:
    kept = installation("xoxb-1", ends_in_s=12 * HOUR)
    installations = Installations(many.store)

    installations.save(kept)
    found = installations.find_bot(enterprise_id=None, team_id=TEAM_ID)

    assert found
    assert found.to_dict() == kept.to_bot().to_dict()


def test_a_workspace_that_never_installed_is_unreachable(many: Runtime) -> None:
    with pytest.raises(NotInstalled, match="not_installed"):
        many.workspaces.client("T-OTHER")

    assert not many.workspaces.installed("T-OTHER")


def test_an_organisation_s_installation_is_that_of_its_workspaces(many: Runtime) -> None:
    everywhere = Installation(
        enterprise_id="E1",
        user_id=PEOPLE[0].user_id,
        bot_token="xoxb-e",
        is_enterprise_install=True,
    )
    keep(many.store, everywhere)
    assert not many.workspaces.installed(TEAM_ID)

    many.workspaces.authorize("E1", TEAM_ID)

    assert many.workspaces.installed(TEAM_ID)
    assert many.workspaces.client(TEAM_ID).token == "xoxb-e"


def test_people_where_the_app_is_not_installed_are_told_so(
    served_many: Runtime, slack: SlackStandIn
) -> None:
    told = slack.ask(PEOPLE[0].user_id, "help")
    keep(served_many.store, installation("xoxb-1"))
    helped = slack.ask(PEOPLE[0].user_id, "help")

    assert told.text == NOT_INSTALLED
    assert "/images link" in str(helped.blocks)


def test_a_request_is_acknowledged_whatever_becomes_of_the_database(
    served_many: Runtime, slack: SlackStandIn
) -> None:
    """Bolt asks who we are before it acknowledges: it must not be the database that knows."""
    served_many.store.close()

    ack = slack.command(PEOPLE[0].user_id, "accounts")
    said = slack.wait_for(PEOPLE[0].user_id, newer_than=ack.version)

    assert ack.ok
    assert "database is not responding" in said.text


def test_tokens_sealed_with_a_lost_key_are_unreachable_and_no_crash(
    many: Runtime, sqlite_url: str
) -> None:
    other = Store.open(sqlite_url, [new_key()])
    keep(other, installation("xoxb-1"))
    other.close()

    assert not many.workspaces.installed(TEAM_ID)
    with pytest.raises(NotInstalled, match="sealed"):
        many.workspaces.client(TEAM_ID)


def test_a_token_that_ends_soon_is_renewed_before_the_scheduler_speaks(
    many: Runtime, slack: SlackStandIn
) -> None:
    keep(many.store, installation("xoxb-old", ends_in_s=HOUR))
    slack.api.troubles.append(_renewal("xoxb-new"))

    assert many.workspaces.client(TEAM_ID).token == "xoxb-new"
    assert many.workspaces.client(TEAM_ID).token == "xoxb-new"
    assert _asked(slack) == ["oauth.v2.access"]


def test_bolt_never_waits_for_a_renewal(many: Runtime, slack: SlackStandIn) -> None:
    """It would stand between a command and its acknowledgement."""
    keep(many.store, installation("xoxb-old", ends_in_s=60))

    assert many.workspaces.authorize(None, TEAM_ID)
    assert many.workspaces.installed(TEAM_ID)
    assert _asked(slack) == []


def test_a_renewal_that_fails_leaves_the_old_token(many: Runtime, slack: SlackStandIn) -> None:
    keep(many.store, installation("xoxb-old", ends_in_s=HOUR))
    slack.fail_next("oauth.v2.access", "internal_error")

    assert many.workspaces.client(TEAM_ID).token == "xoxb-old"


def test_of_many_who_renew_at_once_one_asks_slack(many: Runtime, slack: SlackStandIn) -> None:
    """A refresh token works once."""
    keep(many.store, installation("xoxb-old", ends_in_s=HOUR))
    slack.api.troubles.append(_renewal("xoxb-new"))
    together = threading.Barrier(8)

    def token(_: int) -> str | None:
        together.wait(PATIENCE_S)
        return many.workspaces.client(TEAM_ID).token

    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(token, range(8)))

    assert tokens <= {"xoxb-old", "xoxb-new"}
    assert _asked(slack) == ["oauth.v2.access"]


def test_in_one_workspace_nothing_is_asked_or_looked_up(runtime: Runtime) -> None:
    runtime.store.close()

    bolt = runtime.workspaces.authorize(None, TEAM_ID)

    assert bolt
    assert bolt.bot_token == runtime.settings.slack_bot_token


def _renewal(token: str) -> Trouble:
    body = {
        "ok": True,
        "access_token": token,
        "token_type": "bot",
        "refresh_token": "xoxe-next",
        "expires_in": 43200,
    }
    return Trouble(1, Reply(body), "oauth.v2.access")


def _asked(slack: SlackStandIn) -> list[str]:
    return [call["method"] for call in slack.calls if call["kind"] == "request"]


def test_whoever_only_opens_the_installation_page_leaves_no_row(
    web: FlaskClient, many: Runtime
) -> None:
    for _ in range(3):
        assert web.get("/slack/install").status_code == 200

    assert many.store._db.rows("select * from once") == []


@pytest.mark.parametrize("path", ["/slack/install", "/slack/oauth_redirect?code=bad&state=x"])
def test_the_pages_of_installation_are_guarded_as_the_others_are(
    web: FlaskClient, path: str
) -> None:
    headers = web.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_state_ends_after_ten_minutes(sqlite_store: Store, clock: HandClock) -> None:
    states = States(sqlite_store)
    state = states.issue()
    clock.advance(minutes=10)

    assert not states.consume(state)
