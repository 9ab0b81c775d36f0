"""The environment becomes one value, or one error that names all that is wrong."""

from __future__ import annotations

import pytest

from bot.settings import BadSettings, Settings
from storage import new_key

KEY = new_key()
ONE_WORKSPACE = {
    "SECRET_KEYS": KEY,
    "SLACK_SIGNING_SECRET": "made-up-secret",
    "SLACK_BOT_TOKEN": "xoxb-made-up",
}
MANY_WORKSPACES = {
    "SECRET_KEYS": KEY,
    "SLACK_SIGNING_SECRET": "made-up-secret",
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "made-up-client-secret",
    "PUBLIC_URL": "https://bot.example.com/",
}


def test_all_else_has_a_default() -> None:
    assert Settings.from_env(ONE_WORKSPACE) == Settings(
        secret_keys=(KEY,),
        slack_signing_secret="made-up-secret",
        slack_bot_token="xoxb-made-up",
        slack_api_url="https://slack.com/api/",
        database_url="sqlite:///imagebot.db",
        host="127.0.0.1",
        port=3000,
        log_level="INFO",
    )


def test_everything_can_be_set() -> None:
    other = new_key()
    settings = Settings.from_env(
        MANY_WORKSPACES
        | {
            "SECRET_KEYS": f"{KEY}, {other}",
            "SLACK_API_URL": "http://127.0.0.1:9/api",
            "DATABASE_URL": "postgresql://bot:word@db/bot",
            "HOST": "0.0.0.0",  # noqa: S104
            "PORT": "8080",
            "LOG_LEVEL": "debug",
        }
    )

    assert settings.secret_keys == (KEY, other)
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert settings.public_url == "https://bot.example.com"
    assert (settings.port, settings.log_level) == (8080, "DEBUG")
    assert settings.many_workspaces
    assert not settings.embedded_database


def test_one_error_names_all_that_is_missing_or_wrong() -> None:
    with pytest.raises(BadSettings) as error:
        Settings.from_env({"PORT": "http", "LOG_LEVEL": "loud", "DATABASE_URL": "mysql://x"})

    named = [problem.split()[0] for problem in error.value.problems]
    assert sorted(named) == [
        *("DATABASE_URL", "LOG_LEVEL", "PORT"),
        *("SECRET_KEYS", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    ]
    assert all(f"\n  - {problem}" in str(error.value) for problem in error.value.problems)


def test_no_key_is_made_silently_but_the_error_tells_how() -> None:
    with pytest.raises(BadSettings, match="python -m bot key"):
        Settings.from_env(ONE_WORKSPACE | {"SECRET_KEYS": ""})


def test_a_key_that_is_none_is_not_repeated() -> None:
    with pytest.raises(BadSettings) as error:
        Settings.from_env(ONE_WORKSPACE | {"SECRET_KEYS": "hunter2"})

    assert "not a Fernet key" in str(error.value)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "excludes"),
        ({"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2"}, "must be set together"),
        ({"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_SECRET": "s"}, "must be set together"),
        (
            {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"},
            "PUBLIC_URL is missing",
        ),
        ({"SLACK_BOT_TOKEN": "xoxp-made-up"}, "is not a bot token"),
        ({"SLACK_BOT_TOKEN": "xoxe.xoxp-made-up"}, "is not a bot token"),
        ({"SLACK_BOT_TOKEN": "xapp-made-up"}, "is not a bot token"),
        ({"PORT": "70000"}, "PORT is not a port"),
        ({"PERSON_SHARE_PERCENT": "101"}, "PERSON_SHARE_PERCENT is not a percentage"),
        ({"ANSWER_THREADS": "0"}, "ANSWER_THREADS is not a number"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is not an address"),
    ],
)
def test_what_does_not_fit_together_is_said(change: dict[str, str], problem: str) -> None:
    with pytest.raises(BadSettings, match=problem):
        Settings.from_env(ONE_WORKSPACE | change)


def test_socket_mode_needs_no_signing_secret() -> None:
    environ = ONE_WORKSPACE | {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-made-up"}

    assert Settings.from_env(environ).slack_app_token == "xapp-made-up"


def test_link_and_migrate_need_no_slack() -> None:
    assert Settings.from_env({"SECRET_KEYS": KEY}, slack=False).secret_keys == (KEY,)

    with pytest.raises(BadSettings, match="SECRET_KEYS is missing"):
        Settings.from_env({}, slack=False)


def test_no_secret_is_in_the_repr() -> None:
    environ = MANY_WORKSPACES | {
        "SLACK_APP_TOKEN": "xapp-made-up",
        "DATABASE_URL": "postgresql://bot:word@db/bot",
    }

    shown = repr(Settings.from_env(environ)) + repr(Settings.from_env(ONE_WORKSPACE))

    secrets = (KEY, "made-up-secret", "xoxb-made-up", "made-up-client-secret", "xapp-", ":word@")
    assert [secret for secret in secrets if secret in shown] == []
