"""`python -m sandbox`: try the bot, with nothing to configure."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser

from sandbox.demo import Demo, DemoError, paced, run
from sandbox.real import CannotStart, RealScene


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the page (default: any free one)")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--cloud", choices=("standin", "real"), default="standin", help="what it is tried on"
    )
    options = parser.parse_args()
    print("Starting the bot, a cloud and a Slack ...", flush=True)  # noqa: T201 - a program speaks
    try:
        scene = RealScene() if options.cloud == "real" else paced()
        run(options.port, scene, lambda demo: _opened(demo, show=not options.no_open))
    except (DemoError, CannotStart) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print("\nEnded; nothing is left behind.")  # noqa: T201
    return 0


def _opened(demo: Demo, *, show: bool) -> None:
    print(_welcome(demo), flush=True)  # noqa: T201
    if show and _has_screen():
        webbrowser.open(demo.slack.page_url)


def _welcome(demo: Demo) -> str:
    steps = "\n".join(f"  {n}. {step}" for n, step in enumerate(demo.scene.trip, 1))
    return f"""
Open  {demo.slack.page_url}

A trip that takes a minute:
{steps}

The bot's log is {demo.log}
Ctrl-C ends everything.
"""


def _has_screen() -> bool:
    """Whether a browser would open a window, rather than take over this terminal."""
    if not sys.stdout.isatty():
        return False
    desktop = sys.platform in ("darwin", "win32")
    return desktop or any(name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
