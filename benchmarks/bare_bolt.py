"""
A Bolt app that only acknowledges, on the server that the bot uses.

As Bolt does it unless told otherwise, which is to look for the acknowledgement every 10 ms;
or, with AT_ONCE=1, in the request's own thread, as the bot does.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, request
from gunicorn.app.base import BaseApplication
from slack_bolt import Ack, App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from bot.web.server import THREADS


class Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    def load_config(self) -> None:
        options = {"bind": f"127.0.0.1:{os.environ['PORT']}", "worker_class": "gthread"}
        for name, value in {**options, "threads": THREADS, "loglevel": "warning"}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = App(
            signing_secret=os.environ["SLACK_SIGNING_SECRET"],
            process_before_response=os.environ["AT_ONCE"] == "1",
            authorize=lambda enterprise_id, team_id: AuthorizeResult(
                enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-made-up"
            ),
        )
        app.command("/images")(_acknowledge)
        handler = SlackRequestHandler(app)
        flask = Flask("bare")
        url: Any = ("/slack/events", "events", lambda: handler.handle(request))
        flask.add_url_rule(*url, methods=["POST"])
        return flask


def _acknowledge(ack: Ack) -> None:
    ack()


if __name__ == "__main__":
    Server().run()
