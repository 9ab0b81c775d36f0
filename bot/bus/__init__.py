"""Notifications from a cloud's message bus, used as hints: the API remains the source of truth."""
