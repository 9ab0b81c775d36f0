"""The bot between its stand-ins, in a process of its own, until its input ends."""

from __future__ import annotations

import json
import sys

from sandbox.demo import Demo
from sandbox.scene import PRODUCER

if __name__ == "__main__":
    with Demo() as demo:
        about = {
            "bot_url": demo.slack.bot_url,
            "secret": demo.slack.signing_secret,
            "slack_url": demo.slack.base_url,
            "user": PRODUCER,
        }
        print(json.dumps(about), flush=True)
        sys.stdin.read()
