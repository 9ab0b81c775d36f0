"""Keys and passwords that somebody types into Slack, where they are kept and can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from handlers.core.replies import Block

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:api[-_ ]?key|apikey|passw(?:or)?d|secret|access[-_ ]?token|private[-_ ]?key)"
    r"\s*[=:]\s*\S",
    re.IGNORECASE,
)
_SHAPED = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|gAAAAA[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY"
)
_LONG = re.compile(
    r"(?<![\w/+-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{60,}={0,2}"
)
"""Of one piece, with small and capital letters and digits: ids and checksums are hexadecimal."""


_ADDRESS = re.compile(r"[?&;]temp_url_sig=|/(?:link|confirm)/[\w-]{20}")
"""Signed addresses, and those of the bot's own pages with their token."""


def holds_address(blocks: Sequence[Block]) -> bool:
    """Whether a message holds an address that is as good as a password."""
    return _ADDRESS.search(json.dumps(blocks)) is not None


def looks_like_key(text: str) -> bool:
    """
    Whether something in a command looks like a secret.

    An account number may be 32 hexadecimal digits, and so may a key: these are accepted.
    """
    return any(pattern.search(text) for pattern in (_NAMED, _SHAPED, _LONG))
