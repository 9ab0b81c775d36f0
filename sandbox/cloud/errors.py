"""Refusals, in the bodies that Glance and Identity really send."""

from __future__ import annotations

import html
from collections.abc import Mapping
from http import HTTPStatus

from werkzeug.wrappers import Request, Response

from sandbox.cloud.answers import as_json

NOT_VERIFIED = (
    "This server could not verify that you are authorized to access the document you "
    "requested. Either you supplied the wrong credentials (e.g., bad password), or your "
    "browser does not understand how to supply the credentials required."
)
BROKEN = "The server has either erred or is incapable of performing the requested operation."
TITLES = {416: "Request Range Not Satisfiable"}
"""Where Glance's is another than Python's."""


class Refusal(Exception):
    """
    An answer of 400 and above of the Images API.

    Args:
        detail: what Glance writes behind the tags that end its message.
    """

    def __init__(
        self,
        status: int,
        message: str,
        detail: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.detail = detail
        self.headers = headers or {}


def denied(detail: str) -> Refusal:
    """403 for a change that nobody but an administrator may make."""
    return Refusal(403, "Access was denied to this resource.", detail)


def not_allowed(action: str) -> Refusal:
    """403 for a role too weak, or the wrong account."""
    return Refusal(403, f"You are not authorized to complete {action} action.")


def image_error(request: Request, refusal: Refusal) -> Response:
    """JSON if it is asked for, else a page of HTML; a Glance answers so."""
    title = TITLES.get(refusal.status, HTTPStatus(refusal.status).phrase)
    if "application/json" in request.headers.get("Accept", ""):
        body = {
            "message": f"{refusal.message}<br /><br />\n{refusal.detail}\n\n",
            "code": f"{refusal.status} {title}",
            "title": title,
        }
        response = as_json(body, refusal.status)
    else:
        page = (
            f"<html>\n <head>\n  <title>{refusal.status} {title}</title>\n </head>\n <body>\n"
            f"  <h1>{refusal.status} {title}</h1>\n"
            f"  {html.escape(refusal.message)}<br /><br />\n{html.escape(refusal.detail)}\n\n\n"
            " </body>\n</html>"
        )
        response = Response(page, refusal.status, mimetype="text/html")
    response.headers.extend(dict(refusal.headers))
    return response


def not_authenticated(request: Request, auth_url: str) -> Response:
    """What keystonemiddleware says to a token that is missing, unknown or expired."""
    challenge = {"WWW-Authenticate": f'Keystone uri="{auth_url}"'}
    return image_error(request, Refusal(401, NOT_VERIFIED, headers=challenge))


def v3_error(status: int, message: str) -> Response:
    title = HTTPStatus(status).phrase
    return as_json({"error": {"code": status, "message": message, "title": title}}, status)


def v2_error(status: int, kind: str, message: str) -> Response:
    """Rackspace's shape: the kind of error is the key."""
    return as_json({kind: {"code": status, "message": message}}, status)
