"""
Run command-line clients, each command in a process of its own, and import them only once.

Most of a client's second is spent on imports. So this process, which runs in the clients' own
environment, makes them first, and forks for each command.

Reads a JSON object a line: `command`, a list; `environment`, variables that it gets; `folder`,
where it runs; `limit_s`, seconds after which it is killed. Answers with one: `code`, `out`, `err`.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from importlib.metadata import entry_points
from typing import IO, Any

Client = Callable[[], Any]
CLIENTS = ("openstack", "glance", "swift")
EXPLAINED = ("openstack help image list", "glance help image-list", "swift --help")
"""Commands that have a client import all that it knows, and keep what it looks up at each start."""
LATE = (
    *("openstack.connection", "openstack.image.v2._proxy", "openstack.object_store.v1._proxy"),
    *("glanceclient.v2.client", "glanceclient.v2.shell", "swiftclient.service"),
    *("keystoneclient.v3.client", "keystoneauth1.loading._plugins.identity.v3"),
    *("rackspaceauth.loading.v2", "openstack.tests.base"),
)
"""What is imported only when it is used."""


def main() -> None:
    scripts = {entry.name: entry for entry in entry_points(group="console_scripts")}
    clients: dict[str, Client] = {name: scripts[name].load() for name in CLIENTS}
    for line in EXPLAINED:
        _explain(clients, line.split())
    for name in LATE:
        import_module(name)
    clients["functional-tests"] = import_module("run_functional_tests").main
    gc.freeze()
    gc.disable()  # a command is over before it would gain by it
    for line in sys.stdin:
        print(json.dumps(_run(clients, json.loads(line))), flush=True)


def _explain(clients: Mapping[str, Client], command: list[str]) -> None:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        sys.argv[:] = command  # the same list: swift keeps it from its import
        with suppress(SystemExit):
            clients[command[0]]()
    logging.getLogger().handlers.clear()  # each command adds its own


def _run(clients: Mapping[str, Client], asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            _become(clients[asked["command"][0]], asked, out, err)
        code = _ending(pid, asked["limit_s"])
        return {"code": code, "out": _text(out), "err": _text(err)}


def _ending(pid: int, limit_s: float) -> int:
    """The code with which a process ends, or by which signal: negative."""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    _, status = os.waitpid(pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return os.waitstatus_to_exitcode(status)


def _become(client: Client, asked: dict[str, Any], out: IO[bytes], err: IO[bytes]) -> None:
    """Be the command, and end as it ends."""
    code: Any = 1
    try:
        os.dup2(os.openpty()[1], 0)  # what comes from elsewhere they take for an image's data
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        tempfile.tempdir = asked["folder"]
        sys.argv[:] = asked["command"]
        code = client()
    except SystemExit as ending:
        code = ending.code
    except BaseException:  # noqa: BLE001 - whatever it is, it must not leave this process
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else code is not None)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


if __name__ == "__main__":
    main()
