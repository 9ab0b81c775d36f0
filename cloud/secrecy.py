"""Remove the secrets of a request from the words of its refusal, as some proxies repeat it."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote, quote_plus

SHORTEST = 12
"""Characters of a secret that give it away, in a text that people read."""
SHORTEST_OF_A_LOGIN = 4
"""The same of a password or key, whose refusal only the log has."""
HIDDEN = "(secret)"
WITHHELD = "(its words repeat the request, so they are withheld)"


def without(words: str, secrets: Sequence[str], shortest: int) -> str:
    """
    Return *words* without any of the secrets.

    A secret that is there as a whole is replaced. Words with a part of one, perhaps cut short or
    written in another way, are withheld.

    Args:
        shortest: characters of a secret that count as a part of it.
    """
    forms = [form for secret in secrets if secret for form in _forms(secret)]
    for form in sorted(forms, key=len, reverse=True):
        words = words.replace(form, HIDDEN)
    return WITHHELD if any(_shares(words, form, shortest) for form in forms) else words


def _forms(secret: str) -> Iterator[str]:
    """As it is, and as HTML, JSON, addresses and base64 have it."""
    yield secret
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="", errors="replace")
    yield quote_plus(secret, errors="replace")
    yield base64.b64encode(secret.encode(errors="replace")).decode().rstrip("=")


def _shares(words: str, secret: str, shortest: int) -> bool:
    length = min(shortest, len(secret))
    return any(secret[start : start + length] in words for start in range(len(secret) - length + 1))
