"""
What a million accounts would take, from what was measured: `python -m benchmarks scale model`.

Arithmetic, not a measurement. Each figure that goes into it stands below, with where it is from;
docs/scale.md has the result, and what it means.
"""

from __future__ import annotations

from benchmarks.report import table
from cloud.identity import LOGINS

ACCOUNTS, REGIONS, WORKSPACES = 1_000_000, 6, 10_000
LOOK_EVERY_S = 3600
DAY_S = 86_400

# Measured: docs/benchmarks.md, "Looking with several workers" and "Polling 10,000 accounts"; the
# bytes of a login stand beside LOGINS, how many a process keeps.
ANSWER_S = 0.3
QUESTIONS = 2
CPU_S = 0.0066
TRANSACTIONS = 1.35
LOGIN_BYTES = 5_000
WORKER_BYTES = 114_000_000
SIMPLE_POSTGRES = 10_000
"""Small transactions a second that PostgreSQL commits on one good machine; not ours to measure."""

# Chosen for such a size.
HANDS = 64
BUSY = 0.6
"""Of a core, so that a worker is never late for want of it."""
TOKEN_S = DAY_S
"""How long a token lives on Rackspace; a Keystone often gives an hour or four."""

# Assumed, and to be watched.
BURSTS_A_WEEK = 0.1
"""Invitations that an account gets in a week, in the mean of all."""
PEOPLE = 1.3
"""Who are told of each."""
DIGESTS = 0.02
"""Digests that an account's people get on a working day: most have nothing pending."""
POSTS_S = 1.0
"""Slack takes one message a second for each conversation, and more for a workspace."""


def main() -> None:
    print(f"\n{table(['what', 'figure'], rows())}")


def rows() -> list[list[str]]:
    places = ACCOUNTS * REGIONS
    looks = places / LOOK_EVERY_S
    a_worker = min(HANDS / (QUESTIONS * ANSWER_S), BUSY / CPU_S)
    workers = looks / a_worker
    messages = ACCOUNTS * (BURSTS_A_WEEK / 7 * PEOPLE + DIGESTS)
    return [
        ["places: accounts in each region", f"{places:,}"],
        ["looks a second", f"{looks:,.0f}"],
        ["questions to clouds a second", f"{looks * QUESTIONS:,.0f}"],
        ["questions to one region a second", f"{looks * QUESTIONS / REGIONS:,.0f}"],
        ["under way in one region (`LOOKS_PER_REGION`)", f"{in_flight(looks):,.0f}"],
        ["cores for looks", f"{looks * CPU_S:.0f}"],
        [f"looks a second of a worker, `LOOK_HANDS={HANDS}`", f"{a_worker:.0f}"],
        ["workers", f"{workers:.0f}"],
        ["transactions a second", f"{looks * TRANSACTIONS:,.0f}"],
        ["of what one PostgreSQL does", f"{looks * TRANSACTIONS / SIMPLE_POSTGRES:.0%}"],
        ["accounts for each worker", f"{ACCOUNTS / workers:,.0f}"],
        ["logins a second, each account by one process", f"{ACCOUNTS / TOKEN_S:.0f}"],
        ["logins a second, each account by any process", f"{strangers(looks):,.0f}"],
        ["memory of a worker with all logins that it keeps", f"{memory():,.0f} MB"],
        ["messages a day", f"{messages:,.0f}"],
        ["messages a day of a workspace, mean", f"{messages / WORKSPACES:.1f}"],
        ["seconds of one conversation's limit for them", f"{messages / WORKSPACES / POSTS_S:.0f}"],
    ]


def in_flight(looks: float) -> float:
    """Looks that wait for one region's answers at the same time."""
    return looks / REGIONS * QUESTIONS * ANSWER_S


def strangers(looks: float) -> float:
    """Looks that find no token in their process, which keeps so few of all that it may get."""
    return looks * (1 - LOGINS / ACCOUNTS)


def memory() -> float:
    """In MB."""
    return (WORKER_BYTES + LOGINS * LOGIN_BYTES) / 1e6
