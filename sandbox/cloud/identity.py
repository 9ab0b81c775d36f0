"""
Identity: Rackspace's v2.0 with API keys, and Keystone's v3.

Source: Rackspace's Identity v2.0 guide (token pages) and a Keystone of today.
"""

from __future__ import annotations

import hmac
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.errors import v2_error, v3_error
from sandbox.cloud.object_state import tenant_of
from sandbox.cloud.state import Json, State, Token, User, stamp

WRONG = "Unable to authenticate user with credentials provided."
_NAMES = {"image": "glance", "object-store": "cloudFiles", "compute": "cloudServers"}
V3_WRONG = "The request you have made requires authentication."


class Identity:
    """Logs in, and lists what there is in the service catalog."""

    def __init__(self, state: State, base_url: str) -> None:
        self._state = state
        self._base_url = base_url
        self.ending: str | None = None
        """What a catalog writes after a region's address; unless set, /v2 in v2.0, else nothing."""
        self.has_images = True
        """Whether catalogs name the Images service at all."""
        self.services = {"object-store", "compute"}
        """What else they name."""

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
        auth = _part(request.get_json(silent=True), "auth")
        identity = _part(auth, "identity")
        user = self._v3_user(identity)
        if user is None or not user.enabled or not _in_scope(user, auth):
            return v3_error(401, V3_WRONG)
        token = self._state.log_in(user)
        response = as_json(self._v3_answer(token, identity["methods"]), 201)
        response.headers["X-Subject-Token"] = token.id
        return response

    def revoke(self, request: Request) -> Response:
        """DELETE of one's own token, in both versions."""
        header = "X-Subject-Token" if request.path.startswith("/v3") else "X-Auth-Token"
        with self._state.lock:
            self._state.tokens.pop(request.headers.get(header, ""), None)
        return empty()

    def projects(self, request: Request) -> Response:
        """GET /v3/auth/projects: only one's own."""
        token = self._state.token(request.headers.get("X-Auth-Token"))
        if token is None:
            return v3_error(401, V3_WRONG)
        project = {"id": token.user.number, "name": token.user.account_name, "enabled": True}
        return as_json({"projects": [project], "links": {}})

    def versions(self, _: Request) -> Response:
        """What discovery asks for, GET /."""
        return as_json({"versions": {"values": [self._version("v3.14", "v3")]}}, 300)

    def version_v3(self, _: Request) -> Response:
        """GET /v3."""
        return as_json({"version": self._version("v3.14", "v3")})

    def version_v2(self, _: Request) -> Response:
        """GET /v2.0."""
        return as_json({"version": self._version("v2.0", "v2.0")})

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
        key = _part(auth, "RAX-KSKEY:apiKeyCredentials")
        given = key or _part(auth, "passwordCredentials")
        user = self._state.users.get(str(given.get("username")))
        if user is None:
            return None
        secret, sent = (
            (user.api_key, given.get("apiKey")) if key else (user.password, given.get("password"))
        )
        return user if _same(secret, sent) else None

    def _v3_user(self, identity: Json) -> User | None:
        match identity.get("methods"):
            case ["password"]:
                given = _part(_part(identity, "password"), "user")
                user = self._named(given)
                return user if user and _same(user.password, given.get("password")) else None
            case ["application_credential"]:
                given = _part(identity, "application_credential")
                return self._by_application_credential(given)
        return None

    def _named(self, given: Json) -> User | None:
        users = self._state.users.values()
        return next(
            (u for u in users if given.get("name", given.get("id")) in (u.name, u.id)), None
        )

    def _by_application_credential(self, given: Json) -> User | None:
        for user in self._state.users.values():
            id_, secret = user.application_credential
            if id_ and id_ == given.get("id") and _same(secret, given.get("secret")):
                return user
        return None

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
                "serviceCatalog": self._v2_catalog(user.number),
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

    def _v3_answer(self, token: Token, methods: list[str]) -> Json:
        user, domain = token.user, {"id": "default", "name": "Default"}
        return {
            "token": {
                "methods": methods,
                "expires_at": stamp(token.expires_at),
                "issued_at": stamp(self._state.clock()),
                "project": {"id": user.number, "name": user.account_name, "domain": domain},
                "user": {"id": user.id, "name": user.name, "domain": domain},
                "roles": [{"id": role, "name": role} for role in user.roles],
                "catalog": self._v3_catalog(user.number),
            }
        }

    def _v2_catalog(self, number: str) -> list[Json]:
        endpoints = [
            {"region": region, "tenantId": number, "publicURL": url}
            for region, url in self._image_urls("/v2").items()
        ]
        images = {"name": "cloudImages", "type": "image", "endpoints": endpoints}
        return [*([images] if self.has_images else []), *self._others_v2(number)]

    def _others_v2(self, number: str) -> list[Json]:
        """The tenant of an object store has a name of its own."""
        return [
            {
                "name": _NAMES[service],
                "type": service,
                "endpoints": [
                    {"region": region, "tenantId": url.rpartition("/")[2], "publicURL": url}
                    for region, url in self._urls(service, number).items()
                ],
            }
            for service in sorted(self.services)
        ]

    def _v3_catalog(self, number: str) -> list[Json]:
        services = {"image": self._image_urls("")} if self.has_images else {}
        services |= {each: self._urls(each, number) for each in sorted(self.services)}
        return [
            {
                "id": service,
                "name": _NAMES[service],
                "type": service,
                "endpoints": [
                    {
                        "id": f"{service}-{region}",
                        "interface": "public",
                        "region": region,
                        "region_id": region,
                        "url": url,
                    }
                    for region, url in urls.items()
                ],
            }
            for service, urls in services.items()
        ]

    def _urls(self, service: str, number: str) -> dict[str, str]:
        """Each region's address of one account in a service."""
        below = {
            "object-store": f"files/{{region}}/v1/{tenant_of(number)}",
            "compute": f"servers/{{region}}/v2.1/{number}",
        }[service]
        regions = self._state.regions
        return {each: f"{self._base_url}/{below.format(region=each)}" for each in regions}

    def _image_urls(self, usual: str) -> dict[str, str]:
        """Each region's Images API, under a path of its own."""
        ending = usual if self.ending is None else self.ending
        return {region: f"{self._base_url}/{region}{ending}" for region in self._state.regions}


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
    own = {"id": user.number, "name": user.account_name}
    return all(project.get(key, value) == value for key, value in own.items())


def _same(secret: str, sent: Any) -> bool:
    return isinstance(sent, str) and bool(secret) and hmac.compare_digest(secret, sent)
