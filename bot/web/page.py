"""What the bot's own pages have in common: no scripts, no caching, no framing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from bot.slack.names import PICTURE_HOSTS

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        " ".join(("img-src", *(f"https://{host}" for host in PICTURE_HOSTS))),
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with `no-referrer` a browser hides where a form is from
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page(name: str, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(f"{name}.html", **values), status)


def attempts_left(number: int) -> str:
    return f"{number} attempt{'' if number == 1 else 's'} left."


def guarded(response: Response) -> Response:
    """Return the response with headers that forbid scripts, caching and framing."""
    response.headers.update(HEADERS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def from_our_own(public_url: str) -> bool:
    """Return whether the form was sent from the bot's own page, as far as the browser tells."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "")
    here = {urlsplit(url)[:2] for url in (public_url, request.host_url)}
    return site in ("same-origin", "none") and (not origin or urlsplit(origin)[:2] in here)
