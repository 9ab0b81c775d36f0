"""Programs that the demo, a test or a benchmark starts: they end with it, however it ends."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

REAPER = Path(__file__).with_name("reaper.py")
Command = Sequence[str | Path]
_numbers = itertools.count(1)


class Program(subprocess.Popen[Any]):
    """A `with` block that ends by an error kills it, where Popen's would wait for its end."""

    def __exit__(self, *error: Any) -> None:
        if error[0]:
            kill(self)
        super().__exit__(*error)


def spawn(command: Command, *, end_by: signal.Signals = signal.SIGKILL, **options: Any) -> Program:
    """
    Start a program in a session of its own. If this process dies, the whole session is ended.

    Args:
        end_by: the signal that ends it then. After 10 seconds it is killed.
        options: as for subprocess.Popen.
    """
    process = Program(command, start_new_session=True, **options)
    end_with_us(process.pid, end_by)
    return process


def end_with_us(pid: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have a process, and the session that it leads if it does, ended if this process dies."""
    _tell({"end": pid, "by": by})


def run(
    command: Command, *, timeout_s: float = 300, **options: Any
) -> subprocess.CompletedProcess[str]:
    """
    Run a program to its end, or at most so long, as `spawn` starts it.

    Raises:
        subprocess.TimeoutExpired: it took longer, and was killed.
    """
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with spawn(command, text=True, **{**pipes, **options}) as process:
        out, err = process.communicate(timeout=timeout_s)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def kill(process: subprocess.Popen[Any]) -> None:
    """Kill a program that `spawn` started, and all in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def at_death(*command: str | Path) -> Iterator[None]:
    """
    Have a command run if this process dies within the block.

    Likewise if the block ends by an error, at the end of this process: then it is not certain
    what is still there. So it is a command that harms nothing where nothing is.
    """
    number = next(_numbers)
    _tell({"run": [str(word) for word in command], "id": number})
    yield
    _tell({"forget": number})


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A new folder, which goes with the block or with this process."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    with at_death("rm", "-rf", folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


@contextmanager
def reserved_port() -> Iterator[int]:
    """
    A port of 127.0.0.1 for a program to listen on, which nobody else gets within the block.

    It is bound here, and not listened on. The system then gives it to nobody who asks for any,
    and lets a server listen on it that sets SO_REUSEADDR, as all of ours do. A port that was
    merely free is sometimes another's by the time it is used.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def _tell(what: dict[str, Any]) -> None:
    """In one write, so that threads do not mix their lines."""
    pipe = _reaper().stdin
    assert pipe is not None
    pipe.write(json.dumps(what).encode() + b"\n")


@cache
def _reaper() -> subprocess.Popen[bytes]:
    """One for this process, which it outlives by a moment."""
    reaper = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-I", "-S", REAPER],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
    )
    atexit.register(_dismiss, reaper)
    return reaper


def _dismiss(reaper: subprocess.Popen[bytes]) -> None:
    """What is still there when this process ends in an orderly way is ended, too."""
    assert reaper.stdin is not None
    reaper.stdin.close()
    reaper.wait()
