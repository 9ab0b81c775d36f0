"""Refusals, in the bodies that Glance and Identity really send."""

from __future__ import annotations

import html
from http import HTTPStatus

from werkzeug.wrappers import Request, Response

from sandbox.cloud.answers import as_json


class Refusal(Exception):
    """An answer of 400 and above of the Images API."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def image_error(request: Request, refusal: Refusal) -> Response:
    """JSON if it is asked for, else a page of HTML; a Glance answers so."""
    title = HTTPStatus(refusal.status).phrase
    if "application/json" in request.headers.get("Accept", ""):
        body = {
            "message": f"{refusal.message}<br /><br />\n\n\n",
            "code": f"{refusal.status} {title}",
            "title": title,
        }
        return as_json(body, refusal.status)
    page = (
        f"<html>\n <head>\n  <title>{refusal.status} {title}</title>\n </head>\n <body>\n"
        f"  <h1>{refusal.status} {title}</h1>\n  {html.escape(refusal.message)}<br /><br />\n\n\n\n"
        " </body>\n</html>"
    )
    return Response(page, refusal.status, mimetype="text/html")


def not_authenticated(request: Request, auth_url: str) -> Response:
    """What keystonemiddleware says to a token that is missing, unknown or expired."""
    response = image_error(
        request,
        Refusal(
            401,
            "This server could not verify that you are authorized to access the document you "
            "requested. Either you supplied the wrong credentials (e.g., bad password), or your "
            "browser does not understand how to supply the credentials required.",
        ),
    )
    response.headers["WWW-Authenticate"] = f'Keystone uri="{auth_url}"'
    return response


def v3_error(status: int, message: str) -> Response:
    title = HTTPStatus(status).phrase
    return as_json({"error": {"code": status, "message": message, "title": title}}, status)


def v2_error(status: int, kind: str, message: str) -> Response:
    """Rackspace's shape: the kind of error is the key."""
    return as_json({kind: {"code": status, "message": message}}, status)
