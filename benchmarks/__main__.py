"""`make bench`: every comparison in one run, or those that are named."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import (
    accounts,
    ack,
    audit,
    beside,
    bus,
    first_minute,
    listing,
    menus,
    polling,
    scale,
    servers,
    transfers,
)

ALL = {
    "listing": listing.main,
    "ack": ack.main,
    "servers": servers.main,
    "beside": beside.main,
    "polling": polling.main,
    "transfers": transfers.main,
    "menus": menus.main,
    "accounts": accounts.main,
    "scale": scale.main,
    "audit": audit.main,
    "bus": bus.main,
    "first_minute": first_minute.main,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="*", metavar="WHICH", help=", ".join(ALL))
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    arguments = parser.parse_args()
    for run in _runs(arguments.which or list(ALL)):
        run(arguments.rounds)


def _runs(names: list[str]) -> list[Callable[[int], None]]:
    """`scale looking` is that part of `scale`."""
    parts = [scale.PARTS[each] for each in names if each in scale.PARTS]
    return parts if names[0] == "scale" and parts else [ALL[each] for each in names]


if __name__ == "__main__":
    main()
