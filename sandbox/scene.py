"""What there is in the demo's cloud: three accounts, images, an invitation, a server, an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sandbox.cloud import CloudStandIn
from sandbox.cloud.contents import Pattern
from sandbox.slack import PEOPLE
from sandbox.slack.pages import About, Act, TourStep

PRODUCER, CONSUMER_A, CONSUMER_B = (person.user_id for person in PEOPLE)
PRODUCER_ACCOUNT, ACCOUNT_A, ACCOUNT_B = "872341", "661287", "554433"
PROVIDER = "100000"
"""The account of the provider, whose public images are the standard ones."""

REGIONS = ("DFW", "ORD")
STANDARD = (
    ("Ubuntu 24.04 LTS (Noble Numbat)", "ubuntu", "24.04"),
    ("Debian 12 (Bookworm)", "debian", "12"),
    ("Rocky Linux 9", "rocky", "9"),
)


class Stage(Protocol):
    """Where the bot plays: a cloud, and the accounts of the people in it."""

    @property
    def cloud(self) -> AbstractContextManager[Any]:
        """Up while its `with` block runs."""

    @property
    def clouds(self) -> dict[str, str]: ...

    @property
    def about(self) -> dict[str, About]: ...

    @property
    def trip(self) -> tuple[str, ...]: ...

    @property
    def tour(self) -> tuple[TourStep, ...]: ...

    @property
    def link_clouds(self) -> str: ...

    def write_clouds_yaml(self, path: Path) -> None: ...

    def furnish(self) -> None: ...


def tour(account: str) -> tuple[TourStep, ...]:
    """Six steps, of which the first shares an image with Consumer B's *account*."""

    def typed(user_id: str, command: str) -> Act:
        return Act(command, user_id, f"/images {command}")

    return (
        TourStep(
            "Share an image",
            "As Producer, share web-2026 with Consumer B: send the command, then confirm.",
            (typed(PRODUCER, f"share web-2026 {account}"),),
        ),
        TourStep(
            "Deliver the digest",
            "The cloud notifies nobody. The bot does: at 9:00 in each person's time zone, or now.",
            (Act("Deliver the digest now", press="deliver"),),
        ),
        TourStep(
            "Accept",
            "As Consumer B, press Accept in the message. The image is then in the account's list.",
            (Act("Act as Consumer B", CONSUMER_B), typed(CONSUMER_B, "list --shared")),
        ),
        TourStep(
            "Require approval",
            "As Producer, require approval to delete, and delete web-2025. Consumer A decides.",
            (
                typed(PRODUCER, "allow @consumer.a approver"),
                typed(PRODUCER, "policy delete always"),
                typed(PRODUCER, "delete web-2025"),
                Act("Act as Consumer A", CONSUMER_A),
            ),
        ),
        TourStep(
            "Export or copy an image",
            "As Producer, export an image to your container, or copy one, and watch its card.",
            (typed(PRODUCER, "export web-2026 exports"), typed(PRODUCER, "copy web-2026 to ORD")),
        ),
        TourStep(
            "Move the clock",
            "Share for a day and move the clock: digests arrive in the morning, the share expires.",
            (
                typed(PRODUCER, f"share db-2026 {account} for 1d"),
                Act("Tomorrow 9:00", press="jump-tomorrow"),
                Act("In a week", press="jump-week"),
            ),
        ),
    )


class Play:
    """What people do and read, whatever cloud it is played in."""

    @property
    def numbers(self) -> Mapping[str, str]:
        """Number of each person's account, by user id."""
        raise NotImplementedError

    @property
    def clouds(self) -> dict[str, str]:
        """Name of each person's entry in clouds.yaml, by user id."""
        return {PRODUCER: "producer", CONSUMER_A: "consumer-a", CONSUMER_B: "consumer-b"}

    @property
    def about(self) -> dict[str, About]:
        """Describe the people for the page, and the commands it suggests."""
        return {
            PRODUCER: About(
                f"account {self.numbers[PRODUCER]}",
                "You create images and share them with other accounts.",
                (
                    "/images list --mine",
                    f"/images share web-2026 {self.numbers[CONSUMER_B]}",
                    "/images members web-2026",
                    "/images update web-2025",
                    "/images export web-2026 exports",
                    "/images import exports/appliance.vhd appliance",
                    "/images copy web-2026 to ORD",
                    "/images tasks",
                    "/images servers",
                    "/images report",
                    "/images rights",
                    "/images audit",
                    "/images link",
                    "/images status",
                    "/images help",
                ),
            ),
            CONSUMER_A: About(
                f"account {self.numbers[CONSUMER_A]}",
                "An image has been shared with your account, and is pending.",
                (
                    "/images invitations",
                    "/images list --shared",
                    "/images digest",
                    "/images requests",
                    "/images help",
                ),
            ),
            CONSUMER_B: About(
                f"account {self.numbers[CONSUMER_B]}",
                "Nobody has shared anything with you yet. Switch to Producer, and share an image.",
                ("/images list --shared", "/images show web-2026", "/images invitations"),
            ),
        }

    @property
    def trip(self) -> tuple[str, ...]:
        """First steps, one sentence each."""
        account = self.numbers[CONSUMER_B]
        return (
            f"As Producer, type   /images share web-2026 {account}   and confirm.",
            'Press "Deliver the digest now": both consumers are notified of what is pending.',
            "As Consumer B, press Accept.",
            "As Consumer B, type   /images list --shared   and there it is.",
            "Press Home: your pending invitations, your accounts, and your notifications.",
            f"As Producer, type   /images unshare web-2026 {account}   and it is gone again.",
            "As Producer, type   /images copy web-2026 to ORD   and watch the bar of its card.",
            "As Producer, type   /images allow @consumer.a approver   and   /images policy delete "
            "always   and delete db-2026: Consumer A is asked first.",
        )

    @property
    def tour(self) -> tuple[TourStep, ...]:
        """What the page leads through."""
        return tour(self.numbers[CONSUMER_B])


@dataclass(frozen=True)
class Scene(Play):
    """A cloud with two regions, as the demo starts."""

    cloud: CloudStandIn = field(default_factory=lambda: CloudStandIn(regions=REGIONS))

    @property
    def numbers(self) -> Mapping[str, str]:
        return {PRODUCER: PRODUCER_ACCOUNT, CONSUMER_A: ACCOUNT_A, CONSUMER_B: ACCOUNT_B}

    @property
    def link_clouds(self) -> str:
        """The cloud, as LINK_CLOUDS names it: what `/images link` offers."""
        return f"Sandbox={self.cloud.auth_url_v2},Sandbox (v3)={self.cloud.auth_url_v3}"

    def write_clouds_yaml(self, path: Path) -> None:
        """The three accounts in their standard form (JSON is YAML): each person's own way in."""
        kinds = {
            "producer": "rackspace_apikey",
            "consumer-a": "rackspace_apikey",
            "consumer-b": "v3applicationcredential",
        }
        entries = {name: self.cloud.credentials(name, kind) for name, kind in kinds.items()}
        path.write_text(json.dumps({"clouds": entries}, indent=2))
        path.chmod(0o600)

    def furnish(self) -> None:
        """Make the accounts and images."""
        accounts = (
            ("producer", PRODUCER_ACCOUNT),
            ("consumer-a", ACCOUNT_A),
            ("consumer-b", ACCOUNT_B),
        )
        for user, number in accounts:
            self.cloud.add_account(
                number, user, user, api_key=f"made-up-key-of-{user}", password=f"made-up-{user}"
            )
        for region in REGIONS:
            for name, distro, version in STANDARD:
                self._standard(region, name, distro, version)
        self._own("web-2026", "DFW", 0.43, 2, role="web", os_distro="ubuntu", release="2026.11")
        self._own("web-2025", "DFW", 0.41, 340, role="web", os_distro="ubuntu", release="2025.12")
        self._own("build-agent", "ORD", 0.67, 21, role="ci", os_distro="debian")
        database = self._own("db-2026", "DFW", 0.58, 9, role="database", os_distro="debian")
        self.cloud.add_member(database, ACCOUNT_A)
        self.cloud.add_server(PRODUCER_ACCOUNT, name="web-1", image={"id": database})
        appliance = Pattern(120_000_000, b"an appliance's disk. ")
        self.cloud.add_object(PRODUCER_ACCOUNT, "exports", "appliance.vhd", appliance)

    def _standard(self, region: str, name: str, distro: str, version: str) -> None:
        properties = {"os_distro": distro, "os_version": version}
        public = {"visibility": "public", "protected": True, "name": name, "region": region}
        self._image(PROVIDER, 1.1, 60, **public, **properties)

    def _own(self, name: str, region: str, size_gb: float, days_old: int, **properties: str) -> str:
        properties |= {"image_type": "snapshot", "name": name, "region": region}
        return self._image(PRODUCER_ACCOUNT, size_gb, days_old, **properties)

    def _image(self, owner: str, size_gb: float, days_old: int, **fields: Any) -> str:
        made = (datetime.now(UTC) - timedelta(days=days_old)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.cloud.add_image(
            owner,
            size=int(size_gb * 1e9),
            created_at=made,
            updated_at=made,
            disk_format="vhd",
            container_format="ovf",
            min_disk=40,
            min_ram=1024,
            **fields,
        )
