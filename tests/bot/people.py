"""Who talks with the bot in its tests, and the account of each."""

from __future__ import annotations

from sandbox.slack import PEOPLE

PRODUCER, CONSUMER_A, CONSUMER_B = (person.user_id for person in PEOPLE)
NUMBERS = {PRODUCER: "1100111", CONSUMER_A: "2200222", CONSUMER_B: "3300333"}
REGIONS = ("DFW", "ORD")
PASSWORD = "made-up-password"
