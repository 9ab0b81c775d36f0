"""
Logins: Rackspace's Identity v2.0 with API keys, and Keystone's v3.

Source: Rackspace's Identity v2.0 guide (token pages) and a Keystone of today.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.catalog import Catalog
from sandbox.cloud.errors import v2_error, v3_error
from sandbox.cloud.identity_records import DOMAIN, UNAUTHENTICATED, Records
from sandbox.cloud.state import Json, State, Token, User, stamp

WRONG = "Unable to authenticate user with credentials provided."
MALFORMED = (
    "Expecting to find {}. The server could not comply with the request since it is either "
    "malformed or otherwise incorrect. The client is assumed to be in error."
)


class ObjectRefused(Exception):
    """A login is refused, by v3: a status and its words."""

    def __init__(self, status: int, message: str = UNAUTHENTICATED) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Identity(Catalog):
    """Logs in, and lists what there is in the service catalog."""

    def __init__(self, state: State, base_url: str) -> None:
        super().__init__(state, base_url)
        self.records = Records(state, base_url)

    def log_in_v2(self, request: Request) -> Response:
        """POST /v2.0/tokens."""
        auth = _part(request.get_json(silent=True), "auth")
        if "tenantId" in auth and "tenantName" in auth:
            return v2_error(400, "badRequest", "Only one of tenantId and tenantName may be given.")
        user = self._v2_user(auth)
        if user is None:
            return v2_error(401, "unauthorized", WRONG)
        if refusal := _v2_refusal(user, auth):
            return refusal
        return as_json(self._v2_answer(self._state.log_in(user)))

    def log_in_v3(self, request: Request) -> Response:
        """POST /v3/auth/tokens."""
        try:
            token, methods = self._logged_in(request)
        except ObjectRefused as refused:
            return v3_error(refused.status, refused.message)
        return self._told(token, methods, 201)

    def show_token(self, request: Request) -> Response:
        """GET /v3/auth/tokens: what a token is good for."""
        if self._state.token(request.headers.get("X-Auth-Token")) is None:
            return v3_error(401, UNAUTHENTICATED)
        token = self._state.token(request.headers.get("X-Subject-Token"))
        if token is None:
            return v3_error(404, "Could not recognize Fernet token")
        return self._told(token, ["password"], 200)

    def revoke(self, request: Request) -> Response:
        """DELETE of one's own token, in both versions."""
        header = "X-Subject-Token" if request.path.startswith("/v3") else "X-Auth-Token"
        with self._state.lock:
            self._state.tokens.pop(request.headers.get(header, ""), None)
        return empty()

    def versions(self, _: Request) -> Response:
        """What discovery asks for, GET /."""
        return as_json({"versions": {"values": [self._version("v3.14", "v3")]}}, 300)

    def version_v3(self, _: Request) -> Response:
        """GET /v3."""
        return as_json({"version": self._version("v3.14", "v3")})

    def version_v2(self, _: Request) -> Response:
        """GET /v2.0."""
        return as_json({"version": self._version("v2.0", "v2.0")})

    def show_catalog(self, request: Request) -> Response:
        """GET /v3/auth/catalog."""
        token = self._state.token(request.headers.get("X-Auth-Token"))
        if token is None:
            return v3_error(401, UNAUTHENTICATED)
        return as_json({"catalog": self.v3_catalog(token.user.number), "links": {}})

    def _version(self, name: str, path: str) -> Json:
        media = f"application/vnd.openstack.identity-{path}+json"
        return {
            "id": name,
            "status": "stable",
            "updated": "2020-04-07T00:00:00Z",
            "links": [{"rel": "self", "href": f"{self._base_url}/{path}/"}],
            "media-types": [{"base": "application/json", "type": media}],
        }

    def _v2_user(self, auth: Json) -> User | None:
        if held := _part(auth, "token"):
            token = self._state.token(str(held.get("id")))
            return token.user if token else None
        key = _part(auth, "RAX-KSKEY:apiKeyCredentials")
        given = key or _part(auth, "passwordCredentials")
        user = self._state.users.get(str(given.get("username")))
        if user is None:
            return None
        secret, sent = (
            (user.api_key, given.get("apiKey")) if key else (user.password, given.get("password"))
        )
        return user if _same(secret, sent) else None

    def _logged_in(self, request: Request) -> tuple[Token, list[str]]:
        """
        Raises:
            ObjectRefused
        """
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise ObjectRefused(400, MALFORMED.format("valid JSON in request body"))
        if "auth" not in body:
            raise ObjectRefused(400, MALFORMED.format("auth in request body"))
        auth = _part(body, "auth")
        identity = _part(auth, "identity")
        methods = identity.get("methods")
        if not isinstance(methods, list):
            raise ObjectRefused(400, "'identity' is a required property")
        user = self._v3_user(identity, methods)
        if user is None or not user.enabled or not _in_scope(user, auth):
            raise ObjectRefused(401)
        return self._state.log_in(user), methods

    def _v3_user(self, identity: Json, methods: list[str]) -> User | None:
        for method in methods:
            if method not in identity:
                raise ObjectRefused(400, MALFORMED.format(f"{method} in identity"))
        match methods:
            case ["password"]:
                given = _part(_part(identity, "password"), "user")
                user = self._named(given)
                return user if user and _same(user.password, given.get("password")) else None
            case ["application_credential"]:
                given = _part(identity, "application_credential")
                return self._by_application_credential(given)
            case ["token"]:
                return self._by_token(_part(identity, "token"))
        return None

    def _named(self, given: Json) -> User | None:
        if "name" in given and "domain" not in given:
            raise ObjectRefused(400, MALFORMED.format("domain in user"))
        users = self._state.users.values()
        return next(
            (u for u in users if given.get("name", given.get("id")) in (u.name, u.id)), None
        )

    def _by_application_credential(self, given: Json) -> User | None:
        for user in self._state.users.values():
            id_, secret = user.application_credential
            if id_ and id_ == given.get("id"):
                return user if _same(secret, given.get("secret")) else None
        raise ObjectRefused(404, f"Could not find Application Credential: {given.get('id')}.")

    def _by_token(self, given: Json) -> User:
        token = self._state.token(str(given.get("id")))
        if token is None:
            raise ObjectRefused(404, "Could not recognize Fernet token")
        return token.user

    def _v2_answer(self, token: Token) -> Json:
        user = token.user
        return {
            "access": {
                "token": {
                    "id": token.id,
                    "expires": stamp(token.expires_at),
                    "tenant": {"id": user.number, "name": user.account_name},
                    "RAX-AUTH:authenticatedBy": ["APIKEY"],
                },
                "serviceCatalog": self.v2_catalog(user.number),
                "user": {
                    "id": user.id,
                    "name": user.name,
                    "RAX-AUTH:defaultRegion": next(iter(self._state.regions)),
                    "roles": [
                        {"id": str(number), "name": role, "tenantId": user.number}
                        for number, role in enumerate(user.roles, 1)
                    ],
                },
            }
        }

    def _told(self, token: Token, methods: list[str], status: int) -> Response:
        user = token.user
        who = {"id": user.id, "name": user.name, "domain": DOMAIN, "password_expires_at": None}
        told = {
            "methods": methods,
            "user": who,
            "audit_ids": [secrets.token_urlsafe(16)],
            "expires_at": stamp(token.expires_at),
            "issued_at": stamp(self._state.clock()),
            "project": {"id": user.number, "name": user.account_name, "domain": DOMAIN},
            "is_domain": False,
            "roles": [{"id": role, "name": role} for role in user.roles],
            "catalog": self.v3_catalog(user.number),
        }
        answer = as_json({"token": told}, status)
        answer.headers["X-Subject-Token"] = token.id
        return answer


def _v2_refusal(user: User, auth: Json) -> Response | None:
    if not user.enabled:
        return v2_error(403, "userDisabled", "User is disabled.")
    own = {"tenantId": user.number, "tenantName": user.account_name}
    if any(auth.get(key, value) != value for key, value in own.items()):
        return v2_error(401, "unauthorized", WRONG)
    if user.mfa:
        refusal = v2_error(401, "unauthorized", "Additional authentication credentials required.")
        refusal.headers["WWW-Authenticate"] = "OS-MF sessionId='made-up-session', factor='PASSCODE'"
        return refusal
    return None


def _part(body: Any, name: str) -> Json:
    """An object within a request's, or an empty one: a login may hold anything."""
    found = body.get(name) if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}


def _in_scope(user: User, auth: Json) -> bool:
    """Whether the project that is asked for, if one is, is the user's."""
    project = _part(_part(auth, "scope"), "project")
    if "name" in project and "domain" not in project:
        raise ObjectRefused(400, MALFORMED.format("domain in project"))
    own = {"id": user.number, "name": user.account_name}
    return all(project.get(key, value) == value for key, value in own.items())


def _same(secret: str, sent: Any) -> bool:
    return isinstance(sent, str) and bool(secret) and hmac.compare_digest(secret, sent)
