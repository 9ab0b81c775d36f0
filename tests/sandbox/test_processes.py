"""What a test, the demo or a benchmark starts ends with it, however that ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox import reaper
from sandbox.demo import ROOT
from sandbox.processes import reserved_port, run, spawn, temporary_folder
from tests.leftovers import processes_of
from tests.waiting import PATIENCE_S, until

HANG = ROOT / "tests" / "sandbox" / "hang.py"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where what is started keeps its files. PostgreSQL's own user has to come through."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        with suppress(ProcessLookupError, FileNotFoundError):  # unless the test has failed
            os.killpg(int(Path(name, "pid").read_text()), signal.SIGKILL)
        until(lambda: not processes_of(Path(name)), lambda: processes_of(Path(name)))


def hanging(folder: Path, *options: str, **environ: str) -> tuple[subprocess.Popen[bytes], int]:
    """A pytest in which everything is started, and the process in which its test hangs."""
    says = folder / "says"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(HANG)]
    told = {"TMPDIR": str(folder), "HANG_SAYS": str(says)}
    out = (folder / "out").open("wb")
    with out:
        pytest_ = spawn(
            command, cwd=ROOT, env={**os.environ, **told, **environ}, stdout=out, stderr=out
        )
    (folder / "pid").write_text(str(pytest_.pid))
    until(lambda: says.exists() or pytest_.poll() is not None, patience_s=4 * PATIENCE_S)
    assert pytest_.poll() is None, (folder / "out").read_text()
    return pytest_, int(until(says.read_text))


def left(folder: Path) -> list[str]:
    """What runs still, and the folders of what ran. Pytest itself keeps its own of three runs."""
    kept = [path.name for path in folder.iterdir() if path.name.startswith("image")]
    return processes_of(folder) + kept


@pytest.mark.postgres
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_pytest_that_is_ended(told: signal.Signals, folder: Path) -> None:
    pytest_, _ = hanging(folder)
    assert len(processes_of(folder)) > 8

    pytest_.send_signal(told)
    pytest_.wait(PATIENCE_S)

    until(lambda: not left(folder), lambda: left(folder))


@pytest.mark.postgres
@pytest.mark.lab
@pytest.mark.browser
def test_nothing_is_left_of_a_pytest_that_is_killed_with_all_that_tests_start(
    folder: Path,
) -> None:
    pytest_, _ = hanging(folder, HANG_WITH_EVERYTHING="1")
    assert len(processes_of(folder)) > 15

    pytest_.kill()
    pytest_.wait(PATIENCE_S)

    until(lambda: not left(folder), lambda: left(folder))


@pytest.mark.postgres
@pytest.mark.parametrize("victim", ["the worker", "all the others"])
def test_nothing_is_left_where_several_test_and_one_of_them_is_killed(
    victim: str, folder: Path
) -> None:
    pytest_, worker = hanging(folder, "--numprocesses", "1")
    assert worker != pytest_.pid

    os.kill(worker if victim == "the worker" else pytest_.pid, signal.SIGKILL)
    pytest_.wait(PATIENCE_S)

    until(lambda: not left(folder), lambda: left(folder))


@pytest.mark.postgres
def test_nothing_is_left_of_a_benchmark_whose_database_outlives_it(folder: Path) -> None:
    """pg_ctl makes it a daemon, which no death of a parent ends."""
    script = """if True:
        from benchmarks.engines import databases
        with databases.server() as server:
            server.stop("fast")
            server.start()
            print(server.url, flush=True)
            input()"""
    command = [sys.executable, "-c", script]
    environ = {**os.environ, "TMPDIR": str(folder)}
    pipe = subprocess.PIPE

    with spawn(command, cwd=ROOT, env=environ, stdin=pipe, stdout=pipe) as benchmark:
        assert benchmark.stdout
        assert benchmark.stdout.readline().startswith(b"postgresql://")
        assert len(left(folder)) > 3
        benchmark.kill()

    until(lambda: not left(folder), lambda: left(folder))


def test_what_takes_too_long_is_ended_with_all_that_it_started(folder: Path) -> None:
    script = "sleep 1000 & sleep 1000"

    with pytest.raises(subprocess.TimeoutExpired):
        run(["sh", "-c", script], cwd=folder, timeout_s=0.2)

    until(lambda: not processes_of(folder), lambda: processes_of(folder))


def test_a_folder_goes_with_its_block_whatever_happens_in_it() -> None:
    with temporary_folder("imagebot-") as quietly:
        assert quietly.is_dir()
    with suppress(KeyError), temporary_folder("imagebot-") as by_an_error:
        raise KeyError

    assert (quietly.exists(), by_an_error.exists()) == (False, False)


def test_a_port_that_is_reserved_is_given_to_nobody_who_asks_for_any() -> None:
    """And a server listens on it, again and again."""
    with reserved_port() as port:
        with pytest.raises(OSError, match="in use"), socket.socket() as another:
            another.bind(("127.0.0.1", port))
        for _ in range(2):
            with (
                socket.create_server(("127.0.0.1", port)) as server,
                socket.create_connection(("127.0.0.1", port)),
            ):
                server.accept()[0].close()


def test_a_number_that_is_free_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its program had ended before the reaper was told. Somebody else may get it any time."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("then it would be killed"))

    reaper._end(ended.pid, "", signal.SIGKILL)
