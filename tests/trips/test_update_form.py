"""A browser on the sandbox page fills in the form that changes an image."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.demo import Demo
from sandbox.scene import PRODUCER

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


@pytest.fixture
def form(page: Page) -> Locator:
    page.get_by_label("Message to Cloud Images").fill("/images update web-2026")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Minimum disk, in GB")).to_be_visible(timeout=15_000)
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save").click()


def test_the_form_is_filled_in_with_what_there_is_and_saved(form: Locator) -> None:
    expect(form.get_by_label("Name")).to_have_value("web-2026")
    form.get_by_label("Minimum disk, in GB").fill("40")
    form.get_by_label("Metadata").fill("owner_team=web")
    save(form)

    expect(form).to_contain_text("owner_team: web (new)")
    form.get_by_role("button", name="Undo").click()
    expect(form).to_contain_text("Undone:")


def test_trouble_is_shown_beside_its_field_and_nothing_typed_is_lost(form: Locator) -> None:
    form.get_by_label("Name").fill("mine")
    form.get_by_label("Metadata").fill("status=active")
    save(form)

    expect(form).to_contain_text("Only the cloud can set status.")
    expect(form.get_by_label("Name")).to_have_value("mine")
    expect(form.get_by_label("Metadata")).to_have_value("status=active")


def test_someone_elses_change_is_shown_before_anything_is_saved(demo: Demo, form: Locator) -> None:
    form.get_by_label("Name").fill("mine")
    demo.slack.ask(PRODUCER, "update web-2026 min_ram=3072")
    save(form)

    expect(form).to_contain_text("Someone changed this image")
    expect(form.get_by_label("Name")).to_have_value("mine")
    expect(form.get_by_label("Minimum RAM, in MB")).to_have_value("3072")
