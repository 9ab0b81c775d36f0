"""How long a request may be pending."""

from __future__ import annotations

MAX_HOURS = 168
"""Hours, of a policy."""
