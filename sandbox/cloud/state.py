"""What the cloud holds: accounts, users, tokens, and the images and members of each region."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sandbox.cloud.contents import Content
from sandbox.cloud.object_state import ObjectAccount

Json = dict[str, Any]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class User:
    """Someone who can log in, always to the same account."""

    name: str
    number: str
    """Account number (tenant, project)."""
    account_name: str
    api_key: str = field(repr=False)
    password: str = field(repr=False)
    roles: tuple[str, ...] = ("admin",)
    mfa: bool = False
    enabled: bool = True
    application_credential: tuple[str, str] = field(default=("", ""), repr=False)
    """Id and secret."""
    operator: bool = False
    """An administrator of a Glance of today: sees and may change what is anybody's."""

    @property
    def id(self) -> str:
        return uuid.uuid5(uuid.NAMESPACE_DNS, self.name).hex


@dataclass(frozen=True)
class Token:
    id: str = field(repr=False)
    user: User
    expires_at: datetime


@dataclass(frozen=True)
class Member:
    member_id: str
    status: str
    created_at: datetime
    updated_at: datetime


class Provider(StrEnum):
    """What differs by provider."""

    RACKSPACE = "rackspace"
    """Tasks that export and import; no interoperable import."""
    GLANCE = "glance"
    """Today's Glance: interoperable import, and tasks for administrators only."""


@dataclass
class Task:
    """What a service was asked to do, and does when its time has come."""

    id: str
    type: str
    user: User
    input: Json
    created_at: datetime
    run: Callable[[Task], Json]
    """Does it, and returns its result; raises TaskFailed."""
    begun: bool = False
    """Somebody runs it."""
    result: Json | None = None
    message: str = ""
    ended_at: datetime | None = None


class TaskFailed(Exception):
    """A task could not be done. The text is the service's."""


@dataclass
class Namespace:
    """Metadata definitions, as the API shows them, by name; newest last."""

    fields: Json
    objects: dict[str, Json] = field(default_factory=dict)
    properties: dict[str, Json] = field(default_factory=dict)
    tags: dict[str, Json] = field(default_factory=dict)
    associations: dict[str, Json] = field(default_factory=dict)
    """Resource types."""


@dataclass
class Region:
    """One region's services. Ids are unique within it."""

    images: dict[str, Json] = field(default_factory=dict)
    """As the API shows them, newest last."""
    members: dict[str, dict[str, Member]] = field(default_factory=dict)
    """By image id and account."""
    contents: dict[str, Content] = field(default_factory=dict)
    """The bytes of images, by id."""
    staged: dict[str, Content] = field(default_factory=dict)
    """Bytes that wait to be imported, by image."""
    metadefs: dict[str, Namespace] = field(default_factory=dict)
    """Metadata definitions, by the name of their namespace."""
    resource_types: dict[str, Json] = field(default_factory=dict)
    """What metadata definitions are for."""
    tasks: dict[str, Task] = field(default_factory=dict)
    stores: dict[str, ObjectAccount] = field(default_factory=dict)
    """The object store, by the account's name in it."""
    servers: dict[str, Json] = field(default_factory=dict)
    """As the Compute API shows them."""
    networks: list[Json] = field(default_factory=list)
    security_groups: list[Json] = field(default_factory=list)
    """As the Networking API shows them."""
    keypairs: dict[str, list[str]] = field(default_factory=dict)
    """Names, by the user whose they are."""
    attached: dict[str, list[str]] = field(default_factory=dict)
    """Names of the networks of a server that is being built, by its id."""
    since: dict[str, datetime] = field(default_factory=dict)
    """Since when a server, or an image of one, is being made, by id."""


@dataclass(frozen=True)
class Snapshot:
    """What there was at one time."""

    users: dict[str, User]
    regions: dict[str, Region]


class State:
    """Everything, behind one lock."""

    def __init__(
        self,
        regions: tuple[str, ...],
        clock: Clock,
        token_life: timedelta,
        provider: Provider = Provider.RACKSPACE,
        task_s: float = 0.0,
    ) -> None:
        self.provider = provider
        self.task_time = timedelta(seconds=task_s)
        self.temp_url_digests = ("sha1", "sha256", "sha512")
        """By which object stores take temporary URLs."""
        self.lock = threading.RLock()
        self.clock = clock
        self.token_life = token_life
        self.users: dict[str, User] = {}
        self.tokens: dict[str, Token] = {}
        self.regions = {name: Region() for name in regions}

    def snapshot(self) -> Snapshot:
        """What there is now. Bytes that were uploaded cannot be copied."""
        with self.lock:
            return Snapshot(dict(self.users), deepcopy(self.regions))

    def restore(self, snapshot: Snapshot) -> None:
        """Reset everything; all clients have to log in again."""
        with self.lock:
            self.users, self.regions = dict(snapshot.users), deepcopy(snapshot.regions)
            self.tokens.clear()

    def add_user(self, user: User) -> User:
        credential = (uuid.uuid4().hex, secrets.token_urlsafe(16))
        operator = self.provider is Provider.GLANCE and "admin" in user.roles
        user = replace(user, application_credential=credential, operator=operator)
        with self.lock:
            self.users[user.name] = user
        return user

    def log_in(self, user: User) -> Token:
        token = Token(secrets.token_urlsafe(24), user, self.clock() + self.token_life)
        with self.lock:
            self.tokens[token.id] = token
        return token

    def token(self, token_id: str | None) -> Token | None:
        """The token, while it is good."""
        with self.lock:
            token = self.tokens.get(token_id or "")
        if token is None or token.expires_at <= self.clock():
            return None
        return token

    def add_image(self, region: Region, owner: str, fields: Json) -> Json:
        fields = dict(fields)
        image_id = str(fields.pop("id", None) or uuid.uuid4())
        now = stamp(self.clock())
        image = {
            "name": None,
            "disk_format": None,
            "container_format": None,
            "visibility": "shared",
            "size": None,
            "virtual_size": None,
            "status": "queued",
            "checksum": None,
            "protected": False,
            "min_ram": 0,
            "min_disk": 0,
            "owner": owner,
            "os_hidden": False,
            "os_hash_algo": None,
            "os_hash_value": None,
            "created_at": now,
            "updated_at": now,
            "tags": [],
            **fields,
            "id": image_id,
            "self": f"/v2/images/{image_id}",
            "file": f"/v2/images/{image_id}/file",
            "schema": "/v2/schemas/image",
        }
        with self.lock:
            region.images[image_id] = image
            region.members[image_id] = {}
        return image

    def add_member(self, region: Region, image_id: str, account: str) -> Member:
        """A new row; an invitation always begins as pending."""
        now = self.clock()
        member = Member(account, "pending", now, now)
        with self.lock:
            region.members[image_id][account] = member
        return member


def stamp(moment: datetime) -> str:
    """A time as the APIs write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
