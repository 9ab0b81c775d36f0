"""Limits of one share."""

MAX_REASON_LENGTH = 200
"""Characters of a reason: a button carries it."""
MAX_ACCOUNTS = 10
"""Accounts that are shared with at a time."""
