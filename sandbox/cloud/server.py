"""The cloud on a loopback port."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sandbox.cloud.errors import Refusal, image_error, not_authenticated
from sandbox.cloud.identity import Identity
from sandbox.cloud.images import Images
from sandbox.cloud.state import Clock, Json, Member, State, User

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLL_S = 0.05
"""How often the server looks whether it is to stop."""


@dataclass
class Trouble:
    """An answer that is given instead of the right one."""

    times: int
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = "<html><body>trouble was ordered</body></html>"
    path_part: str = "/images"


class CloudStandIn:
    """
    An Identity and, for each region, an Images service; served while the `with` block runs.

    Args:
        regions: their names; each has its Images API under `/<region>/v2`.

        clock: ages tokens and dates rows.

        token_life: how long a login lasts.
    """

    def __init__(
        self,
        regions: tuple[str, ...] = ("DFW", "ORD"),
        *,
        clock: Clock = lambda: datetime.now(UTC),
        token_life: timedelta = timedelta(hours=24),
    ) -> None:
        self.state = State(regions, clock, token_life)
        self.delay_s = 0.0
        """Seconds that every answer of an Images service takes."""
        self.requests: list[tuple[str, str, int]] = []
        """Method, path and status of all that was asked."""
        self._troubles: deque[Trouble] = deque()
        self._server = make_server(
            "127.0.0.1", 0, self._wsgi, threaded=True, request_handler=_Quiet
        )
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self.identity = Identity(self.state, self.base_url)
        self.images = Images(self.state)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), daemon=True
        )

    @property
    def auth_url_v2(self) -> str:
        return f"{self.base_url}/v2.0"

    @property
    def auth_url_v3(self) -> str:
        return f"{self.base_url}/v3"

    def add_account(
        self,
        number: str,
        name: str,
        user: str,
        *,
        api_key: str = "made-up-key",
        password: str = "made-up-password",  # noqa: S107
        roles: tuple[str, ...] = ("admin",),
        mfa: bool = False,
        enabled: bool = True,
    ) -> User:
        """An account with one user. The same *number* adds another user to it."""
        return self.state.add_user(
            User(user, number, name, api_key, password, roles, mfa=mfa, enabled=enabled)
        )

    def credentials(self, user: str, kind: str) -> Json:
        """The entry of clouds.yaml by which *user* logs in; *kind* is an `auth_type`."""
        known = self.state.users[user]
        regions = {"regions": list(self.state.regions)}
        secret = {"username": user, "password": known.password}
        match kind:
            case "rackspace_apikey":
                auth = {"username": user, "api_key": known.api_key}
            case "v2password":
                auth = secret
            case "v3password":
                domains = {"user_domain_id": "default", "project_domain_id": "default"}
                auth = {**secret, **domains, "project_id": known.number}
            case "v3applicationcredential":
                id_, word = known.application_credential
                auth = {"application_credential_id": id_, "application_credential_secret": word}
            case _:
                raise ValueError(kind)
        url = self.auth_url_v3 if kind.startswith("v3") else self.auth_url_v2
        return {"auth_type": kind, "auth": {"auth_url": url, **auth}, **regions}

    def add_image(self, owner: str, *, name: str, region: str = "", **fields: Any) -> str:
        """An image with data, in the first region unless named. Returns its id."""
        region = region or next(iter(self.state.regions))
        fields = {"status": "active", "size": 1024, "disk_format": "raw", **fields}
        fields = {"container_format": "bare", **fields, "name": name}
        return str(self.state.add_image(region, owner, fields)["id"])

    def add_member(self, image_id: str, account: str) -> None:
        """What a producer does with POST members."""
        with self.state.lock:
            self.images.invite(self._region_of(image_id), image_id, account)

    def members(self, image_id: str) -> dict[str, str]:
        """Status of each account that the image is shared with."""
        with self.state.lock:
            rows: Mapping[str, Member] = self._region_of(image_id).members[image_id]
            return {account: member.status for account, member in rows.items()}

    def delete_image(self, image_id: str) -> None:
        with self.state.lock:
            region = self._region_of(image_id)
            del region.images[image_id], region.members[image_id]

    def remove_member(self, image_id: str, account: str) -> None:
        with self.state.lock:
            del self._region_of(image_id).members[image_id][account]

    def expire_tokens(self) -> None:
        """All tokens end now; a new login works."""
        with self.state.lock:
            self.state.tokens.clear()

    def fail_next(
        self,
        n: int = 1,
        status: int = 503,
        headers: Mapping[str, str] | None = None,
        body: str = "<html><body>trouble was ordered</body></html>",
        path_prefix: str = "/images",
    ) -> None:
        """Answer the next *n* requests whose path holds *path_prefix* like this."""
        self._troubles.append(Trouble(n, status, headers or {}, body, path_prefix))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _region_of(self, image_id: str) -> Any:
        return next(r for r in self.state.regions.values() if image_id in r.images)

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        response = self._serve(request)
        if isinstance(response, Response):
            self.requests.append((request.method, request.path, response.status_code))
        return response(environ, start_response)

    def _serve(self, request: Request) -> WSGIApplication:
        request.get_data(cache=True)
        if trouble := self._trouble(request.path):
            return Response(trouble.body, trouble.status, dict(trouble.headers))
        try:
            endpoint, values = _URLS.bind_to_environ(request.environ).match()
            if endpoint in _IDENTITY:
                answer: Response = getattr(self.identity, endpoint)(request)
                return answer
            return self._images(request, endpoint, values)
        except HTTPException as error:
            return error.get_response(request.environ)

    def _images(self, request: Request, endpoint: str, values: Mapping[str, str]) -> Response:
        time.sleep(self.delay_s)
        token = self.state.token(request.headers.get("X-Auth-Token"))
        region = self.state.regions.get(values["region"])
        names = {key: value for key, value in values.items() if key not in ("region", "number")}
        if token is None:
            return not_authenticated(request, self.auth_url_v3)
        try:
            if region is None:
                raise Refusal(404, "The resource could not be found.")
            with self.state.lock:
                answer: Response = getattr(self.images, endpoint)(
                    request, token.user, region, **names
                )
        except Refusal as refusal:
            answer = image_error(request, refusal)
        answer.headers["X-Openstack-Request-Id"] = f"req-{uuid.uuid4()}"
        return answer

    def _trouble(self, path: str) -> Trouble | None:
        with self.state.lock:
            for trouble in self._troubles:
                if trouble.times > 0 and trouble.path_part in path:
                    trouble.times -= 1
                    return trouble
        return None


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request, and keeps connections open as a cloud does."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what matters is in `requests`."""


_IDENTITY = frozenset({"log_in_v2", "log_in_v3", "revoke", "projects", "versions"})
_IMAGE = "/images/<image_id>"
_MEMBER = f"{_IMAGE}/members/<account>"
_OPERATIONS = [
    ("/images", "list_images", "GET"),
    ("/images", "create_image", "POST"),
    (_IMAGE, "get_image", "GET"),
    (_IMAGE, "update_image", "PATCH"),
    (_IMAGE, "delete_image", "DELETE"),
    (f"{_IMAGE}/file", "upload", "PUT"),
    (f"{_IMAGE}/members", "list_members", "GET"),
    (f"{_IMAGE}/members", "add_member", "POST"),
    (_MEMBER, "get_member", "GET"),
    (_MEMBER, "update_member", "PUT"),
    (_MEMBER, "delete_member", "DELETE"),
]
_VERSIONS = ("/<region>/v2", "/<region>/v2/<int:number>")
"""Some catalogs add the account's number."""
_URLS = Map(
    [
        Rule("/", endpoint="versions"),
        Rule("/v3", endpoint="versions", strict_slashes=False),
        Rule("/v2.0", endpoint="versions", strict_slashes=False),
        Rule("/v2.0/tokens", endpoint="log_in_v2", methods=["POST"]),
        Rule("/v2.0/tokens", endpoint="revoke", methods=["DELETE"]),
        Rule("/v3/auth/tokens", endpoint="log_in_v3", methods=["POST"]),
        Rule("/v3/auth/tokens", endpoint="revoke", methods=["DELETE"]),
        Rule("/v3/auth/projects", endpoint="projects"),
        *(
            Rule(version + path, endpoint=operation, methods=[method])
            for version in _VERSIONS
            for path, operation, method in _OPERATIONS
        ),
    ],
    merge_slashes=False,
)
