"""The same trips on two stages: the cloud stand-in, and a real Keystone and Glance."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from sandbox.scene import CONSUMER_A, CONSUMER_B, PRODUCER, Scene
from sandbox.scene import Stage as SandboxStage
from sandbox.slack.pages import About, TourStep
from tests.lab.fixtures import Lab

CLOUDS = {PRODUCER: "producer", CONSUMER_A: "consumer-a", CONSUMER_B: "consumer-b"}


class Stage(SandboxStage, Protocol):
    """What a trip needs to do behind the bot's back."""

    def number(self, user_id: str) -> str:
        """The person's account number."""

    def image(self, name: str, *, visibility: str = "shared") -> str:
        """An image of the producer's. Returns its id."""

    def now(self, image_id: str) -> Mapping[str, Any]:
        """An image of the producer's as the API shows it."""

    def end_tokens(self, user_id: str) -> None:
        """The person's tokens end now; a new login works."""

    def locked_out(self, user_id: str) -> AbstractContextManager[None]:
        """While it lasts, the person's credentials open nothing."""


class StandInStage(Scene):
    def number(self, user_id: str) -> str:
        return self.cloud.state.users[CLOUDS[user_id]].number

    def image(self, name: str, *, visibility: str = "shared") -> str:
        return self.cloud.add_image(self.number(PRODUCER), name=name, visibility=visibility)

    def now(self, image_id: str) -> Mapping[str, Any]:
        regions = self.cloud.state.regions.values()
        return next(each.images[image_id] for each in regions if image_id in each.images)

    def end_tokens(self, user_id: str) -> None:
        self.cloud.expire_tokens()

    @contextmanager
    def locked_out(self, user_id: str) -> Iterator[None]:
        users = self.cloud.state.users
        user = users[CLOUDS[user_id]]
        users[user.name] = replace(user, api_key="another", application_credential=("", ""))
        self.end_tokens(user_id)
        try:
            yield
        finally:
            users[user.name] = user


@dataclass(frozen=True)
class LabStage:
    lab: Lab
    about: dict[str, About] = field(default_factory=dict)
    trip: tuple[str, ...] = ()
    tour: tuple[TourStep, ...] = ()
    clouds: dict[str, str] = field(default_factory=lambda: dict(CLOUDS))

    @property
    def cloud(self) -> AbstractContextManager[Any]:
        """The lab is up already, for the whole run."""
        return nullcontext()

    def furnish(self) -> None:
        """Each trip makes what it needs; keys that another bot has set are none of its own."""
        self.lab.forget_signing_keys("producer")

    @property
    def link_clouds(self) -> str:
        return f"Lab={self.lab.auth_url}"

    def write_clouds_yaml(self, path: Path) -> None:
        entries = {name: self.lab.credentials(name) for name in CLOUDS.values()}
        path.write_text(json.dumps({"clouds": entries}))

    def number(self, user_id: str) -> str:
        return self.lab.project(CLOUDS[user_id])

    def image(self, name: str, *, visibility: str = "shared") -> str:
        return self.lab.create_image("producer", name, visibility=visibility, data=b"bits")

    def now(self, image_id: str) -> Mapping[str, Any]:
        image: Mapping[str, Any] = self.lab.image_call(
            "producer", "GET", f"/images/{image_id}"
        ).json()
        return image

    def end_tokens(self, user_id: str) -> None:
        self.lab.end_tokens(CLOUDS[user_id])

    @contextmanager
    def locked_out(self, user_id: str) -> Iterator[None]:
        self.lab.disable(CLOUDS[user_id])
        try:
            yield
        finally:
            self.lab.enable(CLOUDS[user_id])
            self.end_tokens(user_id)
