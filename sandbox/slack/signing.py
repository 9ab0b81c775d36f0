"""
How Slack signs what it sends.

Source: docs.slack.dev, "Verifying requests from Slack".
"""

from __future__ import annotations

import hashlib
import hmac


def signed(secret: str, body: bytes, *, at: float, content_type: str) -> dict[str, str]:
    """The headers of a request that Slack sends at *at* (Unix seconds) with this *body*."""
    timestamp = str(int(at))
    base = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }
