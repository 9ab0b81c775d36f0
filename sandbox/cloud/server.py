"""The cloud on a loopback port."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sandbox.cloud import compute, compute_schema, networking, object_info, object_store, tasks
from sandbox.cloud.answers import as_json
from sandbox.cloud.calls import Call, pieces_of
from sandbox.cloud.contents import Content, Pattern, kept
from sandbox.cloud.errors import Refusal, image_error, not_authenticated
from sandbox.cloud.identity import Identity
from sandbox.cloud.image_data import described, is_data, received
from sandbox.cloud.object_state import StoredObject
from sandbox.cloud.object_store import add_object
from sandbox.cloud.objects import PLAIN
from sandbox.cloud.routes import IDENTITY, operation_of, split, versions
from sandbox.cloud.state import Clock, Json, Provider, Region, State, User
from sandbox.cloud.switches import CloudSwitches
from sandbox.serving import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REMEMBERED = 100_000
"""Requests kept in the log, of a stand-in that may run for days."""


Watcher = Callable[[str, str], None]
"""Is told the method and the path of a request."""


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
    An Identity and, for each region, Images, an object store and Compute.

    Served while the `with` block runs.

    Args:
        regions: their names; each has its Images API under `/<region>/v2`, its object store
            under `/files/<region>` and Compute under `/servers/<region>`.

        clock: ages tokens and dates rows.

        token_life: how long a login lasts.

        provider: what differs by provider, such as tasks.

        task_s: seconds that a task, a snapshot or a server takes.
    """

    def __init__(
        self,
        regions: tuple[str, ...] = ("DFW", "ORD"),
        *,
        clock: Clock = lambda: datetime.now(UTC),
        token_life: timedelta = timedelta(hours=24),
        provider: Provider = Provider.RACKSPACE,
        task_s: float = 0.0,
    ) -> None:
        self.state = State(regions, clock, token_life, provider, task_s)
        self.before: Watcher | None = None
        """Called before each request is answered; a test may end a process here."""
        self.after: Watcher | None = None
        """Told when what was asked is done, before the answer goes out."""
        self.delay_s = 0.0
        """Seconds that every answer of an Images service takes."""
        self.bytes_per_s = float("inf")
        """How fast the bytes of an answer are sent."""
        self.requests: list[tuple[str, str, int]] = []
        self.references: list[str] = []
        """The request ids that callers gave, of those that gave one."""
        """Method, path and status of the last REMEMBERED that were asked."""
        self.switches = CloudSwitches(self.state)
        """Trouble that lasts until it is switched off."""
        self._troubles: list[Trouble] = []
        self._server = make_server(
            "127.0.0.1", 0, self._wsgi, threaded=True, request_handler=_Quiet
        )
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self.identity = Identity(self.state, self.base_url)
        self._serving = serving(self._server)

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
        roles: tuple[str, ...] | None = None,
        mfa: bool = False,
        enabled: bool = True,
    ) -> User:
        """
        An account with one user. The same *number* adds another user to it.

        Args:
            roles: unless given, those of who may everything to what is the account's.
        """
        everything = "admin" if self.state.provider is Provider.RACKSPACE else "member"
        made = User(user, number, name, api_key, password, roles or (everything,))
        return self.state.add_user(replace(made, mfa=mfa, enabled=enabled))

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

    def write_clouds_yaml(self, path: Path, kind: str = "v3password") -> None:
        """Each user under its name, logging in by that kind. (JSON is YAML.)"""
        clouds = {user: self.credentials(user, kind) for user in self.state.users}
        path.write_text(json.dumps({"clouds": clouds}, indent=2))
        path.chmod(0o600)

    def add_image(
        self,
        owner: str,
        *,
        name: str,
        region: str = "",
        data: bytes | None = None,
        pattern: bytes = b"image data. ",
        **fields: Any,
    ) -> str:
        """
        An image, in the first region unless named. Returns its id.

        Args:
            data: its bytes. Without, it has as many as `size` says, of the *pattern* again and
                again; those are made when they are read, and their checksum is not told.
        """
        held = self.state.regions[region or next(iter(self.state.regions))]
        told = described(kept(data)) if data is not None else {"size": 1024}
        fields = {"status": "active", "disk_format": "raw", **told, **fields}
        fields = {"container_format": "bare", **fields, "name": name}
        image = self.state.add_image(held, owner, fields)
        if image["size"] is not None:
            held.contents[image["id"]] = (
                kept(data) if data is not None else Pattern(image["size"], pattern)
            )
        return str(image["id"])

    def add_object(
        self, number: str, container: str, name: str, content: bytes | Content, region: str = ""
    ) -> None:
        """An object of an account, and its container if there is none."""
        held = self.state.regions[region or next(iter(self.state.regions))]
        made = kept(content) if isinstance(content, bytes) else content
        stored = StoredObject(made, PLAIN, self.state.clock())
        add_object(held, self.state, number, container, name, stored)

    def add_server(self, number: str, *, name: str, region: str = "", **fields: Any) -> str:
        """A server of an account. Returns its id."""
        held = self.state.regions[region or next(iter(self.state.regions))]
        return str(compute.add_server(held, self.state, number, name=name, **fields)["id"])

    def add_network(self, number: str, *, name: str, region: str = "", **fields: Any) -> str:
        """A network of an account. Returns its id."""
        held = self.state.regions[region or next(iter(self.state.regions))]
        return str(networking.add_network(held, number, name=name, **fields)["id"])

    def add_security_group(self, number: str, *, name: str, region: str = "") -> str:
        """A security group of an account, beside its default one. Returns its id."""
        held = self.state.regions[region or next(iter(self.state.regions))]
        return str(networking.add_group(held, number, name=name)["id"])

    def add_keypair(self, user: str, name: str, region: str = "") -> None:
        """A public key of a user."""
        held = self.state.regions[region or next(iter(self.state.regions))]
        held.keypairs.setdefault(user, []).append(name)

    def delete_server(self, server_id: str) -> None:
        """What its owner does with DELETE."""
        with self.state.lock:
            for region in self.state.regions.values():
                if server_id in region.servers:
                    compute.delete(region, self.state, server_id)

    def forget_tasks(self) -> None:
        """As the service does 48 hours after their end."""
        with self.state.lock:
            for region in self.state.regions.values():
                region.tasks.clear()

    def disable(self, user: str) -> None:
        """No login of this user works from now on."""
        with self.state.lock:
            self.state.users[user] = replace(self.state.users[user], enabled=False)
            self.state.tokens.clear()

    def add_member(self, image_id: str, account: str) -> None:
        """What a producer does with POST members."""
        with self.state.lock:
            self.state.add_member(self._region_of(image_id), image_id, account)

    def members(self, image_id: str) -> dict[str, str]:
        """Status of each account that the image is shared with."""
        with self.state.lock:
            rows = self._region_of(image_id).members[image_id]
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
        self._serving.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.switches.close()
        self._serving.__exit__(None, None, None)

    def _region_of(self, image_id: str) -> Region:
        return next(r for r in self.state.regions.values() if image_id in r.images)

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if self.before:
            self.before(request.method, request.path)
        response = self._serve(request)
        _exhaust(request)
        if isinstance(response, Response):
            self.requests.append((request.method, request.path, response.status_code))
            if given := request.headers.get("X-Openstack-Request-Id"):
                self.references.append(given)
                del self.references[:-REMEMBERED]
            del self.requests[:-REMEMBERED]
        if self.after:
            self.after(request.method, request.path)
        return self._paced(response(environ, start_response))

    def _paced(self, body: Iterable[bytes]) -> Iterator[bytes]:
        """One piece after another, none before its time."""
        try:
            for piece in body:
                time.sleep(len(piece) / self.bytes_per_s)
                yield piece
        finally:
            if close := getattr(body, "close", None):
                close()

    def _serve(self, request: Request) -> WSGIApplication:
        if trouble := self._trouble(request.path):
            return Response(trouble.body, trouble.status, dict(trouble.headers))
        if instead := self.switches.answer(request):
            return instead
        if other := self._other_service(request):
            return other
        if not is_data(request):
            request.get_data(cache=True)
        region, version, _ = split(request.path)
        if region in self.state.regions:
            return self._images(request, self.state.regions[region], version)
        if request.path == "/info":  # swift asks for it there, whatever comes after the host
            return as_json(object_info.told(self.state))
        try:
            endpoint, names = IDENTITY.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return error.get_response(request.environ)
        answer: Response = attrgetter(endpoint)(self.identity)(request, **names)
        return answer

    def _other_service(self, request: Request) -> Response | None:
        """`/files/<region>/…`, `/networks/…`, and `/servers/<region>/<version>/<account>/…`."""
        service, name, rest = (*request.path.removeprefix("/").split("/", 2), "", "")[:3]
        region = self.state.regions.get(name)
        if region is None or service not in ("files", "servers", "networks"):
            return None
        tasks.settle(region, self.state)
        if (service, rest) == ("files", "info"):
            return as_json(object_info.told(self.state))
        if service == "files":
            answer = object_store.serve(request, self.state, region, rest, self.auth_url_v3)
            answer.headers["X-Trans-Id"] = f"tx{uuid.uuid4().hex[:21]}-{int(time.time()):010x}"
            return answer
        version, _, below = rest.partition("/")
        if service == "networks" and not below:
            return networking.versions(f"{self.base_url}/networks/{name}")
        if not below:
            return compute_schema.versions(f"{self.base_url}/servers/{name}", version)
        token = self.state.token(request.headers.get("X-Auth-Token"))
        if token is None:
            return not_authenticated(request, self.auth_url_v3)
        if service == "networks":
            return networking.serve(request, region, token.user, below)
        _, _, below = below.partition("/")
        answer = compute.serve(request, self.state, region, token.user, below)
        answer.headers["X-Compute-Request-Id"] = f"req-{uuid.uuid4()}"
        return answer

    def _images(self, request: Request, region: Region, version: str) -> Response:
        time.sleep(self.delay_s)
        if version != "v2":
            return versions(request)
        token = self.state.token(request.headers.get("X-Auth-Token"))
        if token is None:
            return not_authenticated(request, self.auth_url_v3)
        try:
            sent = received(request) if is_data(request) else None
            answer = self._answer(Call(request, token.user, region, self.state, sent))
        except Refusal as refusal:
            answer = image_error(request, refusal)
        answer.headers["X-Openstack-Request-Id"] = f"req-{uuid.uuid4()}"
        return answer

    def _answer(self, call: Call) -> Response:
        *_, path = split(call.request.path)
        operation, values = operation_of(call.request.method, path)
        # As Glance does, which reads the octets of an address as Latin-1.
        names = {key: value.encode().decode("latin-1") for key, value in values.items()}
        tasks.settle(call.region, self.state)
        with self.state.lock:
            compute.settle(call.region, self.state)
            answer: Response = operation(call, **names)
        return answer

    def _trouble(self, path: str) -> Trouble | None:
        with self.state.lock:
            self._troubles = [trouble for trouble in self._troubles if trouble.times > 0]
            for trouble in self._troubles:
                if trouble.path_part in path:
                    trouble.times -= 1
                    return trouble
        return None


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request, and keeps connections open as a cloud does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Headers and body are written apart, and would wait 40 ms for each other."""

    def connection_dropped(self, *_: object) -> None:
        """The rest of the bytes does not come: end the connection, or it is waited for."""
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what matters is in `requests`."""


def _exhaust(request: Request) -> None:
    """Read what was sent and not asked for: the connection is used again."""
    for _ in pieces_of(request):
        pass
