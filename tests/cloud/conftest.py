"""`provider`: a cloud with a producer and two consumers, once the stand-in and once the lab."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests

from cloud import AuthType, Clouds, Connection, Credentials, ImageFilter, Images
from sandbox.cloud import CloudStandIn
from tests.cloud.stub import Stub
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

LOGINS = {
    "standin": tuple(AuthType),
    "lab": (AuthType.V3_PASSWORD, AuthType.V3_APPLICATION_CREDENTIAL),
}
"""The kinds of login that each provider has."""
NAMES = ("producer", "consumer-a", "consumer-b")


@dataclass
class Provider:
    """A cloud to test against: what it has, and what only its administrator can do."""

    clouds: Clouds
    regions: tuple[str, ...]
    projects: Mapping[str, str]
    """Account number of `producer`, `consumer-a` and `consumer-b`."""
    entry: Callable[[str, AuthType], Mapping[str, Any]] = field(repr=False)
    """The entry of clouds.yaml of a user."""
    new_image: Callable[..., str] = field(repr=False)
    end_tokens: Callable[[str], None] = field(repr=False)
    token: Callable[[str], str] = field(repr=False)
    """A token of a user, for what our client does not do."""
    standin: CloudStandIn | None = None
    """The stand-in, where it is one: some things must be told to it."""
    probe: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    """A property of all images of this test, by which it lists only them."""

    def credentials(
        self, who: str, kind: AuthType = AuthType.V3_PASSWORD, **changes: str
    ) -> Credentials:
        options = {**self.entry(who, kind)["auth"], **changes}
        return Credentials(kind, options.pop("auth_url"), options)

    def connect(
        self, who: str, kind: AuthType = AuthType.V3_PASSWORD, **changes: str
    ) -> Connection:
        return self.clouds.connect(self.credentials(who, kind, **changes))

    def images(self, who: str, region: str = "") -> Images:
        return self.connect(who).images(region or self.regions[0])

    def create_image(
        self,
        name: str = "",
        *,
        owner: str = "producer",
        region: str = "",
        visibility: str = "shared",
        data: bytes = b"",
        **fields: Any,
    ) -> str:
        """An image with this test's `probe`; active if it has *data*. Returns its id."""
        return self.new_image(
            owner,
            name or f"image-{uuid.uuid4().hex[:8]}",
            region=region or self.regions[0],
            visibility=visibility,
            data=data,
            **{"probe": self.probe, **fields},
        )

    def put_manifest(self, who: str, store_url: str, container: str, name: str) -> None:
        """A dynamic large object of `<name>-…`, as Rackspace's export makes one."""
        place = f"{store_url}/{quote(container)}/{quote(name)}"
        headers = {
            "X-Auth-Token": self.token(who),
            "X-Object-Manifest": f"{container}/{name}-",
            "Content-Length": "0",
        }
        requests.put(place, headers=headers, timeout=PATIENCE_S).raise_for_status()

    def mine(self, **filters: Any) -> ImageFilter:
        """A filter that leaves out what other tests made."""
        properties = {"probe": self.probe, **filters.pop("properties", {})}
        return ImageFilter(**filters, properties=properties)

    def listed(self, who: str, **filters: Any) -> list[str]:
        """Names, sorted, of this test's images that *who* is shown."""
        return [i.name for i in self.images(who).list(self.mine(**filters), sort="name:asc")]


@pytest.fixture
def naps() -> list[float]:
    """The pauses made before requests were repeated, none of which is slept."""
    return []


@pytest.fixture
def clouds(naps: list[float]) -> Iterator[Clouds]:
    clouds = Clouds(timeout_s=(PATIENCE_S, PATIENCE_S), sleep=naps.append)
    yield clouds
    clouds.close()


@pytest.fixture
def standin() -> Iterator[CloudStandIn]:
    with CloudStandIn() as cloud:
        for number, name in enumerate(NAMES, 1):
            cloud.add_account(f"{number}00", name, name, api_key=f"key-of-{name}")
        cloud.add_account("100", "producer", "producer-reader", roles=("reader",))
        yield cloud


@pytest.fixture
def provider(request: pytest.FixtureRequest, clouds: Clouds) -> Provider:
    make = {"standin": _standin_provider, "lab": _lab_provider}[request.param]
    return make(request.getfixturevalue(request.param), clouds)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test runs on each provider; if it asks for `login`, with each kind of login of each."""
    if "login" in metafunc.fixturenames:
        cases = [_case(name, kind) for name, kinds in LOGINS.items() for kind in kinds]
        metafunc.parametrize(("provider", "login"), cases, indirect=["provider"])
    elif "provider" in metafunc.fixturenames:
        metafunc.parametrize("provider", [_case(name) for name in LOGINS], indirect=True)


def _case(name: str, *more: AuthType) -> ParameterSet:
    marks = [pytest.mark.lab] if name == "lab" else []
    return pytest.param(name, *more, marks=marks, id="-".join([name, *more]))


def _standin_provider(standin: CloudStandIn, clouds: Clouds) -> Provider:
    return Provider(
        clouds=clouds,
        regions=tuple(standin.state.regions),
        projects={user.name: user.number for user in standin.state.users.values()},
        entry=standin.credentials,
        new_image=partial(_standin_image, standin),
        end_tokens=lambda _: standin.expire_tokens(),
        token=lambda who: standin.state.log_in(standin.state.users[who]).id,
        standin=standin,
    )


def _standin_image(
    standin: CloudStandIn, owner: str, name: str, *, data: bytes, **fields: Any
) -> str:
    content: dict[str, Any] = {"data": data} if data else {"status": "queued", "size": None}
    return standin.add_image(standin.state.users[owner].number, name=name, **{**content, **fields})


def _lab_provider(lab: Any, clouds: Clouds) -> Provider:
    return Provider(
        clouds=clouds,
        regions=lab.regions,
        projects={name: lab.project(name) for name in NAMES},
        entry=lambda who, kind: lab.credentials(_cloud(who, kind)),
        new_image=lab.create_image,
        end_tokens=lab.end_tokens,
        token=lab.token,
    )


def _cloud(who: str, kind: AuthType) -> str:
    return f"{who}-app" if kind is AuthType.V3_APPLICATION_CREDENTIAL else who


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stubbed(stub: Stub, clouds: Clouds) -> Connection:
    """Logged in at the stub."""
    return clouds.connect(stub.credentials)
