"""`make demo CLOUD=real`: the demo's trip on a real Keystone, Glance and Swift."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from sandbox.demo import ROOT, Demo
from sandbox.real import PYTHON, RealScene
from sandbox.scene import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.programs import missing

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def scene() -> RealScene:
    return RealScene()


@pytest.fixture(scope="module")
def demo(scene: RealScene) -> Iterator[Demo]:
    if not PYTHON.exists():
        missing("the lab's environment", "build it with: make check")
    with Demo(scene=scene) as demo:
        yield demo


def test_an_image_of_a_real_glance_is_shared_told_and_accepted(
    demo: Demo, scene: RealScene
) -> None:
    slack, number = demo.slack, scene.numbers[CONSUMER_B]
    asked = slack.ask(PRODUCER, f"/images share web-2026 {number}")
    slack.press(PRODUCER, asked, "sharing.confirm")

    assert "Consumer B" in demo.deliver()
    digest = next(m for m in reversed(slack.messages(CONSUMER_B)) if "web-2026" in str(m.blocks))
    slack.press(CONSUMER_B, digest, "invitations.accept")

    assert "web-2026" in str(slack.ask(CONSUMER_B, "/images list --shared").blocks)
    assert "db-2026" in str(slack.ask(CONSUMER_A, "/images invitations").blocks)


def test_a_real_cloud_has_no_switches_and_no_reset(demo: Demo) -> None:
    names = [each.name for each in demo.slack.pages.switches]

    assert names == ["slack-limits", "slack-away", "answer-lost"]
    assert demo.slack.pages.reset is None


def test_make_asks_for_the_cloud_that_was_named() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "demo", "CLOUD=real"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "-m sandbox --cloud real" in told.stdout
