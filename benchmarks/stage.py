"""
The bot between its stand-ins, in a process of its own, until its input ends.

Each line of the input is a number of seconds that the cloud takes for an answer from then on.
"""

from __future__ import annotations

import json
import sys

from sandbox.demo import Demo
from sandbox.scene import PRODUCER, Scene

if __name__ == "__main__":
    scene = Scene()
    with Demo(scene=scene) as demo:
        about = {
            "bot_url": demo.slack.bot_url,
            "secret": demo.slack.signing_secret,
            "slack_url": demo.slack.base_url,
            "user": PRODUCER,
        }
        print(json.dumps(about), flush=True)
        for line in sys.stdin:
            scene.cloud.delay_s = float(line)
