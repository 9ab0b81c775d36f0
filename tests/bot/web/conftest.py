"""The bot's pages, served to a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from bot.web.app import create_app
from bot.wiring import Runtime
from sandbox.serving import serving


@contextmanager
def at_home(runtime: Runtime) -> Iterator[str]:
    """Serve the pages of a process. Gives their address."""
    server = make_server("127.0.0.1", 0, create_app(runtime), threaded=True)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def home(runtime: Runtime) -> Iterator[str]:
    """Where the bot's pages are served."""
    with at_home(runtime) as home:
        yield home
