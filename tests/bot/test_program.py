"""`python -m bot …`: what each program says, and the code it ends with."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.fernet import Fernet

from bot import __version__
from bot.settings import Settings
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Role, Store, Subject, new_key
from tests.bot.people import CONSUMER_A, NUMBERS, PASSWORD
from tests.bot.program import Program

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
VARIABLES = [field.name.upper() for field in dataclasses.fields(Settings)]
KINDS = ("rackspace_apikey", "v2password", "v3password", "v3applicationcredential")


@pytest.fixture
def file_of_clouds(environ: Mapping[str, str]) -> Path:
    return Path(environ["OS_CLIENT_CONFIG_FILE"])


def link_words(cloud: str, *more: str) -> tuple[str, ...]:
    return ("link", "--team", TEAM_ID, "--user", CONSUMER_A, "--cloud", cloud, *more)


def test_version_is_told_without_any_setting(program: Program) -> None:
    code, said, _ = program("--version", SECRET_KEYS="", SLACK_SIGNING_SECRET="")

    assert (code, said) == (0, f"cloud-images-bot {__version__}\n")


def test_called_without_a_program_it_lists_them_with_a_line_each(program: Program) -> None:
    code, said, complaint = program()

    assert (code, said) == (2, "")
    listed = re.findall(r"^    (\w+) +\w.+$", complaint, re.MULTILINE)
    assert {"web", "worker", "all", "migrate", "check", "run", "link", "audit", "key"} <= set(
        listed
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("serve",), "web"),
        (("run",), "housekeeping"),
        (("run", "digests"), "housekeeping"),
        (("audit",), "verify"),
        (("link",), "--team"),
    ],
    ids=str,
)
def test_a_wrong_call_is_answered_with_what_there_is_and_then_with_the_error(
    words: tuple[str, ...], named: str, program: Program
) -> None:
    code, said, complaint = program(*words)

    assert (code, said) == (2, "")
    *choices, error = complaint.strip().splitlines()
    assert named in "\n".join(choices)
    assert ": error: " in error


def test_a_key_is_made_and_works(program: Program) -> None:
    code, said, _ = program("key")

    assert code == 0
    assert Fernet(said.strip())


def test_what_is_missing_is_named_in_one_error(program: Program) -> None:
    code, _, complaint = program("web", SECRET_KEYS="", SLACK_SIGNING_SECRET="", PORT="none")

    assert code == 1
    for name in ("SECRET_KEYS", "SLACK_SIGNING_SECRET", "PORT"):
        assert f"\n  - {name} " in complaint


def test_an_unknown_job_names_the_jobs(program: Program) -> None:
    code, _, complaint = program("run", "digests")

    assert code == 2
    for job in ("invitations", "delivery", "transfers", "expiries", "housekeeping"):
        assert job in complaint


def test_migrate_names_its_steps_and_then_has_nothing_to_do(program: Program) -> None:
    _, first, _ = program("migrate", SLACK_SIGNING_SECRET="", SLACK_BOT_TOKEN="")
    code, second, _ = program("migrate")

    assert "0001" in first
    assert (code, second) == (0, "nothing to migrate\n")


@pytest.mark.postgres
@pytest.mark.parametrize("words", [("web",), ("worker",), ("all",), ("run", "delivery")])
def test_on_postgresql_a_database_that_is_behind_is_refused_with_the_command(
    words: tuple[str, ...], program: Program, request: pytest.FixtureRequest
) -> None:
    url = f"{request.getfixturevalue('postgres_url')}/postgres"

    code, _, complaint = program(*words, DATABASE_URL=url)

    assert code == 1
    assert "python -m bot migrate" in complaint


@pytest.mark.parametrize("kind", KINDS)
def test_link_logs_in_tells_the_account_and_keeps_it_sealed(
    kind: str,
    program: Program,
    cloud: CloudStandIn,
    file_of_clouds: Path,
    sqlite_url: str,
    keys: list[str],
) -> None:
    number = NUMBERS[CONSUMER_A]
    cloud.write_clouds_yaml(file_of_clouds, kind)

    code, said, _ = program(*link_words(f"user-{number}"), SLACK_BOT_TOKEN="")

    assert code == 0
    assert f"to account {number}" in said
    assert "Regions: DFW, ORD" in said
    assert "Roles: admin" in said
    store = Store.open(sqlite_url, keys)
    [account] = store.accounts.of(TEAM_ID, CONSUMER_A)
    assert (account.project_id, account.regions, account.region) == (number, ("DFW", "ORD"), None)
    assert store.accounts.credentials(account.id)["auth_type"] == kind
    store.close()
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    kept = b"".join(each.read_bytes() for each in database.parent.glob(f"{database.name}*"))
    assert PASSWORD.encode() not in kept
    assert b"made-up-key" not in kept


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--user", value) for value in ("NOBODY", "@ann", "U", TEAM_ID)),
        *(("--team", value) for value in ("acme", CONSUMER_A, "https://acme.slack.com")),
    ],
)
def test_link_takes_no_name_for_an_id(
    option: str, value: str, program: Program, sqlite_url: str, keys: list[str]
) -> None:
    code, _, complaint = program(*link_words("any"), option, value)

    assert code == 2
    assert f"argument {option}: '{value}' is not a Slack {option[2:]} id" in complaint
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


@pytest.mark.parametrize(
    ("left", "said"),
    [(False, "Slack has no user U0NOBODY in"), (True, "has left")],
)
def test_link_says_that_no_such_person_is_there(
    left: bool,
    said: str,
    program: Program,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    file_of_clouds: Path,
    sqlite_url: str,
    keys: list[str],
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)
    words = link_words(f"user-{NUMBERS[CONSUMER_A]}")
    if left:
        slack.workspace.left.add(CONSUMER_A)
    else:
        words = (*words, "--user", "U0NOBODY")

    code, _, complaint = program(*words)

    assert code == 1
    assert said in complaint
    assert Store.open(sqlite_url, keys).accounts.all() == []


def test_link_goes_on_where_slack_does_not_answer_and_says_so(
    program: Program, slack: SlackStandIn, cloud: CloudStandIn, file_of_clouds: Path
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)
    slack.fail_next("users.info", "internal_error")

    code, said, _ = program(*link_words(f"user-{NUMBERS[CONSUMER_A]}"))

    assert code == 0
    assert "exists in Slack: Slack did not say (internal_error)." in said


def test_link_with_a_region_works_in_that_one_only(
    program: Program, cloud: CloudStandIn, file_of_clouds: Path, sqlite_url: str, keys: list[str]
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)

    code, said, _ = program(*link_words(f"user-{NUMBERS[CONSUMER_A]}", "--region", "ORD"))

    assert (code, "Regions: ORD" in said) == (0, True)
    store = Store.open(sqlite_url, keys)
    [account] = store.accounts.of(TEAM_ID, CONSUMER_A)
    store.close()
    assert account.region == "ORD"


def test_link_with_a_region_that_is_not_there_names_those_that_are(
    program: Program, cloud: CloudStandIn, file_of_clouds: Path
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)

    code, _, complaint = program(*link_words(f"user-{NUMBERS[CONSUMER_A]}", "--region", "LON"))

    assert code == 1
    assert "no image service in region LON; it has DFW, ORD" in complaint


def test_link_with_a_wrong_password_says_so_without_repeating_it(
    program: Program, cloud: CloudStandIn, file_of_clouds: Path, sqlite_url: str, keys: list[str]
) -> None:
    name = f"user-{NUMBERS[CONSUMER_A]}"
    entry = cloud.credentials(name, "v3password")
    entry["auth"]["password"] = "a wrong one"
    file_of_clouds.write_text(json.dumps({"clouds": {name: entry}}))

    code, said, complaint = program(*link_words(name))

    assert code == 1
    assert complaint.splitlines()[-1].startswith("bad credentials")
    assert "a wrong one" not in said + complaint
    store = Store.open(sqlite_url, keys)
    assert store.accounts.all() == []
    store.close()


def test_link_is_on_record_whether_it_worked_or_not(
    program: Program, cloud: CloudStandIn, file_of_clouds: Path, sqlite_url: str, keys: list[str]
) -> None:
    name = f"user-{NUMBERS[CONSUMER_A]}"
    cloud.write_clouds_yaml(file_of_clouds)
    program(*link_words(name))
    program(*link_words(name, "--region", "LON"))

    store = Store.open(sqlite_url, keys)
    failed, done = store.audit.recent()
    store.close()
    assert {(row.actor, row.action) for row in (failed, done)} == {("program/link", "account.link")}
    assert {row.target for row in (failed, done)} == {f"{TEAM_ID}/{CONSUMER_A}"}
    assert (failed.outcome, done.outcome) == ("failed: NoSuchRegion", "done")
    assert done.detail == f"{name}; account {NUMBERS[CONSUMER_A]}"


def test_link_with_an_entry_that_is_not_there_names_those_that_are(
    program: Program, cloud: CloudStandIn, file_of_clouds: Path
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)

    code, _, complaint = program(*link_words("production"))

    assert code == 1
    assert f"no cloud 'production'; it has user-{min(NUMBERS.values())}" in complaint


def test_run_invitations_now_and_delivery_tell_whoever_is_invited(
    program: Program,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    file_of_clouds: Path,
    invite: Callable[..., str],
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)
    program(*link_words(f"user-{NUMBERS[CONSUMER_A]}"))
    invite("web-2026", CONSUMER_A)

    codes = [program("run", "invitations", "--now")[0], program("run", "delivery")[0]]

    assert codes == [0, 0]
    assert "web-2026" in str(slack.messages(CONSUMER_A)[-1].blocks)


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_on_postgresql_it_is_the_same_once_it_is_migrated(
    database_url: str,
    program: Program,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    file_of_clouds: Path,
    invite: Callable[..., str],
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)
    invite("web-2026", CONSUMER_A)

    ended = [
        program("migrate", DATABASE_URL=database_url)[0],
        program(*link_words(f"user-{NUMBERS[CONSUMER_A]}"))[0],
        program("run", "invitations", "--now")[0],
        program("run", "delivery")[0],
        program("run", "housekeeping")[0],
    ]

    assert ended == [0] * 5
    assert "web-2026" in str(slack.messages(CONSUMER_A)[-1].blocks)
    assert "ok   database: PostgreSQL, migrated" in program("check")[1]


def test_check_says_that_all_is_well(program: Program) -> None:
    code, said, _ = program("check")

    assert code == 0
    assert said.splitlines() == [
        "ok   settings: complete",
        "ok   database: SQLite, migrated",
        "ok   keys: decrypt the credentials of 0 linked accounts",
        "ok   work: no worker has run yet; start `python -m bot worker`, or `all`",
        "ok   Slack: cloudimages in Sandbox",
    ]


def test_check_warns_of_what_lets_more_in_than_need_be(
    program: Program, cloud: CloudStandIn, file_of_clouds: Path, sqlite_url: str, keys: list[str]
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)
    program(*link_words(f"user-{NUMBERS[CONSUMER_A]}"))
    with closing(Store.open(sqlite_url, keys)) as kept:
        [account] = kept.accounts.all()
        kept.rights.grant(account.key, account.id, Subject.CHANNEL, "C1", Role.OPERATOR, "U1")

    code, said, _ = program(
        "check",
        PUBLIC_URL="http://bot.example.invalid",
        LINK_CLOUDS="Lab=http://lab.example.invalid/v3,Here=http://127.0.0.1:9/v3",
    )

    warned = [line for line in said.splitlines() if line.startswith("WARN")]
    assert [line.split(":")[0] for line in warned] == [
        "WARN PUBLIC_URL is plain http",
        "WARN LINK_CLOUDS",
        "WARN roles",
    ]
    assert "Lab is plain http" in warned[1]
    assert code == 0


def test_check_warns_of_figures_that_anyone_may_read(program: Program) -> None:
    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"# HELP python_info")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Metrics) as server:
        Thread(target=server.handle_request, daemon=True).start()
        said = program("check", PUBLIC_URL=f"http://127.0.0.1:{server.server_port}")[1]

    assert "/metrics can be read by anyone" in said


def test_check_says_what_to_mend(
    program: Program, environ: Mapping[str, str], cloud: CloudStandIn, file_of_clouds: Path
) -> None:
    cloud.write_clouds_yaml(file_of_clouds)
    program(*link_words(f"user-{NUMBERS[CONSUMER_A]}"))

    code, said, _ = program(
        "check", SECRET_KEYS=new_key(), SLACK_BOT_TOKEN="xoxb-old", SLACK_APP_TOKEN="xapp-old"
    )

    assert code == 1
    bad = [line for line in said.splitlines() if line.startswith("BAD")]
    assert [line.split(":")[0] for line in bad] == ["BAD  keys", "BAD  Slack", "BAD  Socket Mode"]
    assert "put the old key back" in bad[0]
    assert "invalid_auth" in bad[1]
    assert "xoxb-old" not in said


@pytest.mark.parametrize("command", ["check", "web"])
def test_a_person_s_token_in_place_of_the_bot_s_is_refused(program: Program, command: str) -> None:
    code, said, errors = program(command, SLACK_BOT_TOKEN="xoxp-made-up")

    assert code != 0
    assert "SLACK_BOT_TOKEN is not a bot token" in said + errors
    assert "xoxp-made-up" not in said + errors


def test_check_without_an_answer_of_slack(program: Program) -> None:
    code, said, _ = program("check", SLACK_API_URL="http://127.0.0.1:9/api/")

    assert code == 1
    assert "BAD  Slack: no answer from http://127.0.0.1:9/api/" in said


def test_check_does_not_blame_the_token_for_a_slack_that_is_unwell(
    program: Program, slack: SlackStandIn
) -> None:
    slack.fail_next("auth.test", "internal_error")

    code, said, _ = program("check")

    assert code == 1
    assert "BAD  Slack: Slack is having a problem (internal_error)" in said
    assert "token" not in said


def test_check_names_a_database_that_cannot_be_opened(program: Program) -> None:
    code, said, _ = program("check", DATABASE_URL="sqlite:////nowhere/at/all.db")

    assert code == 1
    assert "BAD  database: the database /nowhere/at/all.db cannot be opened" in said


def test_settings_of_the_example_file_are_complete(environ: Mapping[str, str]) -> None:
    """Whoever fills in what is empty in .env.example has a bot that starts."""
    empty = re.findall(r"^([A-Z_]+)=''$", EXAMPLE, re.MULTILINE)

    assert empty
    Settings.from_env({name: environ[name] for name in empty})


def test_a_shell_reads_the_example_file_as_it_was_filled_in(tmp_path: Path) -> None:
    """The name of a cloud has a space, a password what a shell would take for its own."""
    hard = r'My Cloud=https://a.example.com/v3,p$5&w;r#d"`s\t!*?~'
    filled = re.sub(
        r"^(?:# )?([A-Z_]+=)'.*'$", lambda found: f"{found[1]}'{hard}'", EXAMPLE, flags=re.MULTILINE
    )
    (tmp_path / ".env").write_text(filled)
    [load] = re.findall(r"^set -a.*$", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE)

    read = subprocess.run(
        ["sh", "-c", f"{load}; env -0"], cwd=tmp_path, env={}, capture_output=True, check=True
    ).stdout.decode()

    given = dict(line.split("=", 1) for line in read.split("\0") if line)
    assert {name: given.get(name) for name in VARIABLES} == dict.fromkeys(VARIABLES, hard)


def test_what_draws_charts_is_not_loaded_before_the_first() -> None:
    """It takes 30 MB of every process."""
    loaded = "import bot.wiring, bot.slack.listeners, sys; print('matplotlib' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
