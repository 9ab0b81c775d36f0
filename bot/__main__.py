"""The program: `python -m bot PROGRAM`; without PROGRAM it lists them."""

from __future__ import annotations

import argparse
import functools
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import NoReturn, TextIO

from bot import __version__, checks, linking, logs, work
from bot.bus import program as bus
from bot.operators import admins, auditing, backups, outbox, people
from bot.operators import work as work_list
from bot.operators.admins import NoSuchAdmin
from bot.operators.backups import BadFile
from bot.operators.people import LeftBehind
from bot.operators.send_test import send_test
from bot.operators.slack_people import NobodyThere, require_person
from bot.settings import BadSettings, Settings
from bot.web.server import CannotStart, Server, WorkerServer
from bot.wiring import Runtime, open_store
from cloud import Clouds
from cloud.errors import CloudError, NoSuchRegion
from storage import Store, new_key
from storage.clock import Clock, utc_now
from storage.errors import StorageError

RESEAL = "reseal"
"""The one job that is only run by hand: after a new key was put first in SECRET_KEYS."""


Program = Callable[[argparse.Namespace], int]
REFUSALS = (BadFile, LeftBehind, NoSuchAdmin, NobodyThere)
"""Errors that an operator can fix; their messages say how."""


class Parser(argparse.ArgumentParser):
    """Parse the command line; on a wrong call, print the whole help."""

    def error(self, message: str) -> NoReturn:
        self.print_help(sys.stderr)
        self.exit(2, f"\n{self.prog}: error: {message}\n")


def main(argv: Sequence[str] | None = None, clock: Clock = utc_now) -> int:
    arguments = _parser().parse_args(argv, argparse.Namespace(clock=clock))
    run: Program = arguments.program
    try:
        code = run(arguments)
        sys.stdout.flush()
    except (
        BadSettings,
        CannotStart,
        StorageError,
        BadFile,
        LeftBehind,
        NoSuchAdmin,
        NobodyThere,
    ) as error:
        return _fail(str(error))
    except NoSuchRegion as error:
        return _fail(f"{error}; it has {', '.join(error.available)}")
    except CloudError as error:
        return _fail(f"{_words(error)}: {error}")
    except BrokenPipeError:
        # The reader has closed the pipe, as in `audit export | head`; flushing at exit would fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m bot", description="The Cloud Images bot.")
    parser.add_argument("--version", action="version", version=f"cloud-images-bot {__version__}")
    programs = parser.add_subparsers(required=True, metavar="PROGRAM")

    def add(name: str, run: Program, words: str) -> argparse.ArgumentParser:
        program = programs.add_parser(name, help=words, description=words)
        program.set_defaults(program=run)
        return program

    add("web", functools.partial(_web, with_scheduler=False), "serve Slack's requests")
    add("worker", _worker, "do background work: notifications, shares that expire, transfers")
    add("all", functools.partial(_web, with_scheduler=True), "web and worker in one process")
    add("listen", _listen, "check accounts as soon as a cloud's message bus reports a change")
    add("migrate", _migrate, "migrate the database's tables")
    add("check", _check, "check the settings and what is running, and say what to fix")
    run = add("run", _run, "run one job now, and wait until it has finished")
    jobs = [*work.RUNS, RESEAL]
    run.add_argument("job", choices=sorted(jobs), metavar="JOB", help=", ".join(jobs))
    run.add_argument(
        "--now",
        action="store_true",
        help=f"with {' or '.join(sorted(work.NOW))}: treat all of them as due",
    )
    link = add("link", _link, "link a person to an account in clouds.yaml")
    _add_person(link)
    link.add_argument("--cloud", required=True, help="the entry in clouds.yaml")
    link.add_argument("--region", help="use this region only")
    auditing.add_arguments(add("audit", _on_store(auditing.run), "verify or export the audit log"))
    backups.add_file(
        add("backup", _on_database(backups.backup), "write a backup of the database to FILE")
    )
    restoring = add("restore", _on_database(backups.restore), "restore a backup into the database")
    backups.add_file(restoring)
    backups.add_replace(restoring)
    copying = add(
        "copy-database", _on_database(backups.copy_database), "copy one database into another"
    )
    backups.add_databases(copying)
    outbox.add_arguments(
        add("outbox", _on_store(outbox.run), "list, retry or drop unsent messages")
    )
    work_list.add_arguments(add("work", _on_store(work_list.run), "list background work, by kind"))
    people.add_forget(
        add("people", _on_store(people.forget), "delete the data of a person who has left"),
        _add_person,
    )
    admins.add_arguments(
        add("accounts", _on_store(admins.run), "list linked accounts, or name an admin"),
        _add_person,
    )
    _add_person(add("send-test", _send_test, "send a person a test message"))
    add("key", _key, "generate a key for SECRET_KEYS")
    return parser


def _add_person(program: argparse.ArgumentParser) -> None:
    program.add_argument("--team", required=True, type=_team_id, help="Slack team id (T…)")
    program.add_argument("--user", required=True, type=_user_id, help="Slack user id (U… or W…)")


def _on_store(run: Callable[[Store, argparse.Namespace, TextIO], int]) -> Program:
    """Run a program that needs the database only, and no Slack."""

    def opened(arguments: argparse.Namespace) -> int:
        settings = _settings(slack=False)
        Store.must_exist(settings.database_url)
        with closing(open_store(settings)) as store, store.without_bound():
            return run(store, arguments, sys.stdout)

    return opened


def _on_database(run: Callable[[Settings, argparse.Namespace, TextIO], int]) -> Program:
    """Run a program that opens databases itself."""
    return lambda arguments: run(_settings(slack=False), arguments, sys.stdout)


def _send_test(arguments: argparse.Namespace) -> int:
    with closing(Runtime.build(_settings())) as runtime:
        return send_test(runtime, arguments, sys.stdout)


def _team_id(text: str) -> str:
    return _slack_id(text, "TE", "team id (T…): it is in your workspace's web address")


def _user_id(text: str) -> str:
    return _slack_id(text, "UW", "user id (U… or W…): Copy member ID in their profile")


def _slack_id(text: str, first: str, kind: str) -> str:
    """Refuse anything else: an account linked to a wrong id could never be used."""
    if not re.fullmatch(f"[{first}][A-Z0-9]{{2,}}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a Slack {kind}")
    return text


def _web(arguments: argparse.Namespace, *, with_scheduler: bool) -> int:
    settings = _settings()
    open_store(settings).close()  # report its errors before binding to an address
    Server(settings, with_scheduler=with_scheduler, clock=arguments.clock).run()
    return 0


def _worker(arguments: argparse.Namespace) -> int:
    WorkerServer(_settings(), arguments.clock).run()
    logging.shutdown()
    os._exit(0)  # a hanging thread has released its work, and must not keep the program alive


def _listen(_: argparse.Namespace) -> NoReturn:
    settings = Settings.from_env(os.environ, slack=False, bus=True)
    logs.configure(settings.log_level, settings.log_format)
    try:
        bus.run(settings)
    except ModuleNotFoundError as error:
        raise CannotStart(f"{error.name} is missing: pip install 'cloud-images-bot[bus]'") from None


def _migrate(_: argparse.Namespace) -> int:
    settings = _settings(slack=False)
    store = Store.open(settings.database_url, settings.secret_keys)
    try:
        for name in store.migrate() or ["nothing to migrate"]:
            _say(name)
    finally:
        store.close()
    return 0


def _check(_: argparse.Namespace) -> int:
    findings = list(checks.check(_settings()))
    for finding in findings:
        _say(str(finding))
    return 0 if all(finding.good for finding in findings) else 1


def _run(arguments: argparse.Namespace) -> int:
    if arguments.job == RESEAL:
        return _reseal()
    runtime = Runtime.build(_settings(), clock=arguments.clock)
    try:
        options = {"now": arguments.now} if arguments.job in work.NOW else {}
        work.RUNS[arguments.job](runtime, **options)
    finally:
        runtime.close()
    return 0


def _reseal() -> int:
    store = open_store(_settings(slack=False))
    try:
        _say(f"{store.reseal()} secrets are encrypted with the newest key. Remove the older ones.")
    finally:
        store.close()
    return 0


def _link(arguments: argparse.Namespace) -> int:
    store = open_store(_settings(slack=False), arguments.clock)
    clouds = Clouds()
    try:
        unasked = require_person(arguments.team, arguments.user, store)
        linked = linking.link(
            store,
            clouds,
            team=arguments.team,
            user=arguments.user,
            cloud=arguments.cloud,
            region=arguments.region,
        )
    finally:
        clouds.close()
        store.close()
    account = linked.account
    _say(
        f"Linked {arguments.user} of {arguments.team} to account {account.project_id} "
        f"({account.project_name or 'no name'}) as {account.user_name or 'its application'}.\n"
        f"Regions: {', '.join([account.region] if account.region else account.regions)}\n"
        f"Roles: {', '.join(linked.roles) or 'unknown'}"
    )
    if unasked:
        _say(f"Not checked whether {arguments.user} exists in Slack: {unasked}.")
    return 0


def _key(_: argparse.Namespace) -> int:
    _say(new_key())
    return 0


def _settings(*, slack: bool = True) -> Settings:
    settings = Settings.from_env(os.environ, slack=slack)
    logs.configure(settings.log_level)
    return settings


def _words(error: CloudError) -> str:
    """`BadCredentials` as `bad credentials`."""
    name = type(error).__name__
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _say(text: str) -> None:
    print(text)  # noqa: T201 - a program answers


def _fail(text: str) -> int:
    print(text, file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
