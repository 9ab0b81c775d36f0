"""The canary that sits in every test: it sees a secret wherever one would come to light."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEGINNING = """
import logging

import pytest

from cloud.errors import CloudError
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, SlackStandIn
from storage import Store, new_key

SECRET = "a-very-secret-key"


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}", [new_key()])
    store.migrate()
    store.signing_keys.put("https://files.example", 1, SECRET)
    yield store
    store.close()
"""
LEAKS = {
    "the log": "def test(store): logging.getLogger('bot').warning('key %s', SECRET)",
    "a traceback in the log": """
def test(store):
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger('bot').exception('broke')
""",
    "a finer line of the log": "def test(store): logging.getLogger('cloud').debug(SECRET)",
    "a row": """
def test(store):
    with store.audit.entry('T1/U1', 'image.share', SECRET):
        pass
""",
    "a row that waits": """
def test(store):
    store.outbox.put(team_id='T1', user_id='U1', text=SECRET, blocks=(), dedupe_key='1')
""",
    "an error": "def test(store): CloudError(f'refused {SECRET}')",
    "a message in Slack": """
def test(store):
    with SlackStandIn() as slack:
        slack.workspace.post(slack.people[0].dm_channel, SECRET)
""",
    "a call of Slack": """
def test(store):
    with SlackStandIn() as slack:
        slack.api.call('chat.postMessage', {'channel': 'C1', 'text': SECRET}, slack.bot_token)
""",
    "a password of the cloud": """
def test(store):
    with CloudStandIn() as cloud:
        cloud.add_account('1', 'One', 'one', password='pass-of-one')
        logging.getLogger('bot').error('pass-of-one')
""",
    "a token of the cloud": """
def test(store):
    with CloudStandIn() as cloud:
        cloud.add_account('1', 'One', 'one')
        token = cloud.state.log_in(cloud.state.users['one'])
        logging.getLogger('bot').error(token.id)
""",
    "a response URL": """
def test(store):
    with SlackStandIn() as slack:
        url = slack.workspace.tickets.response_url('U1', 'C1')
        logging.getLogger('bot').error('answering to %s', url)
""",
    "a one-time link for all to see": """
def test(store):
    token = store.once.issue('link', {}, 600)
    with SlackStandIn() as slack:
        slack.workspace.post(CHANNEL_ID, token)
""",
    "a one-time link in a row": """
def test(store):
    token = store.once.issue('link', {}, 600)
    store.outbox.put(team_id='T1', user_id='U1', text=token, blocks=(), dedupe_key='1')
""",
}
FINE = {
    "what is redacted": "def test(store): logging.getLogger('bot').warning('xoxb-made-up-token')",
    "what is sealed": "def test(store): assert store.signing_keys.get('https://files.example')",
    "a one-time link shown to its own person": """
def test(store):
    token = store.once.issue('link', {}, 600)
    with SlackStandIn() as slack:
        slack.workspace.post(CHANNEL_ID, token, only_for='U1')
        slack.workspace.post(slack.people[0].dm_channel, token)
""",
    "what is meant": """
@pytest.mark.shows_secret('sealed key', 'a test of the marker')
def test(store): logging.getLogger('bot').warning(SECRET)
""",
}


def run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tests: Mapping[str, str]
) -> pytest.RunResult:
    """All of them in one run, each in a file of its own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for what, test in tests.items():
        name = what.lower().replace(" ", "_").replace("-", "_")
        pytester.makepyfile(**{f"test_{name}": f"{BEGINNING}\n\n{test}"})
    return pytester.runpytest_subprocess("-p", "tests.canary", "-p", "no:cacheprovider")


def test_a_run_in_which_a_secret_comes_to_light_fails_and_does_not_show_it_again(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(pytester, monkeypatch, LEAKS)

    result.assert_outcomes(passed=len(LEAKS), errors=len(LEAKS))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    said = [line for line in result.outlines if line.startswith("a secret came to light: ")]
    assert len(said) == len(LEAKS)
    assert "a-very-secret-key" not in str(said)


def test_what_is_hidden_well_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(pytester, monkeypatch, FINE).assert_outcomes(passed=len(FINE))
