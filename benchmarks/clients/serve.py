"""
A Bolt app that only acknowledges, on the server that is named: `python serve.py NAME`.

As Bolt does it unless told otherwise, which is to look for the acknowledgement every 10 ms;
or, with AT_ONCE=1, in the request's own thread, as the bot does. Other servers than the bot's are
installed in the peers' environment only.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, request
from slack_bolt import Ack, App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

OURS = "the bot's (tornado)"
THREADS = 16
CONNECTIONS = 4096


def app() -> Flask:
    bolt = App(
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=os.environ["AT_ONCE"] == "1",
        authorize=lambda enterprise_id, team_id: AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-made-up"
        ),
    )
    bolt.command("/images")(_acknowledge)
    handler = SlackRequestHandler(bolt)
    flask = Flask("bare")
    url: Any = ("/slack/events", "events", lambda: handler.handle(request))
    flask.add_url_rule(*url, methods=["POST"])
    return flask


def _acknowledge(ack: Ack) -> None:
    ack()


def gthread(port: int) -> None:
    _gunicorn(port, "gthread", threads=THREADS)


def gevent(port: int) -> None:
    _gunicorn(port, "gevent", worker_connections=CONNECTIONS)


def gunicorn_asgi(port: int) -> None:
    _gunicorn(port, "asgi", worker_connections=CONNECTIONS)


def _gunicorn(port: int, worker: str, **options: Any) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
        def load_config(self) -> None:
            given = {"bind": f"127.0.0.1:{port}", "worker_class": worker, "loglevel": "warning"}
            for name, value in {**given, **options, "control_socket_disable": True}.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return _asgi() if worker == "asgi" else app()

    Server().run()


def waitress(port: int) -> None:
    from waitress import serve

    serve(
        app(),
        listen=f"127.0.0.1:{port}",
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
    )


def cheroot(port: int) -> None:
    from cheroot.wsgi import Server

    Server(("127.0.0.1", port), app(), numthreads=THREADS, request_queue_size=128).start()


def granian(port: int) -> None:
    from granian.server import Server

    Server(
        "benchmarks.clients.serve:app",
        port=port,
        interface="wsgi",
        factory=True,
        blocking_threads=THREADS,
        log_enabled=False,
    ).serve()


def uvicorn(port: int) -> None:
    import uvicorn

    uvicorn.run(_asgi(), port=port, log_level="warning")


def tornado(port: int) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tornado.httpserver import HTTPServer
    from tornado.wsgi import WSGIContainer

    async def serve() -> None:
        container = WSGIContainer(app(), ThreadPoolExecutor(THREADS))
        HTTPServer(container).listen(port, "127.0.0.1")
        await asyncio.Event().wait()

    asyncio.run(serve())


def ours(port: int) -> None:
    from tornado.netutil import bind_sockets

    from bot.settings import Settings
    from bot.web.intake import Intake

    async def serve() -> None:
        Intake(app(), Settings()).add_sockets(bind_sockets(port, "127.0.0.1"))
        await asyncio.Event().wait()

    asyncio.run(serve())


def _asgi() -> Any:
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(app(), workers=THREADS)


SERVERS: Mapping[str, Callable[[int], None]] = {
    "gunicorn, gthread": gthread,
    "gunicorn, gevent": gevent,
    "gunicorn, asgi, a2wsgi": gunicorn_asgi,
    "waitress": waitress,
    "cheroot": cheroot,
    "granian": granian,
    "uvicorn, a2wsgi": uvicorn,
    "tornado, WSGIContainer": tornado,
    OURS: ours,
}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](int(os.environ["PORT"]))
