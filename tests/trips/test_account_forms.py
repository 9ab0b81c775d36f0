"""A browser on the sandbox page fills in the forms for roles, the policy and the second contact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.demo import Demo
from sandbox.scene import CONSUMER_A

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


def opened(page: Page, command: str, field: str) -> Locator:
    page.get_by_label("Message to Cloud Images").fill(f"/images {command}")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form.get_by_text(field, exact=False).first).to_be_visible()
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save").click()


def test_people_and_channels_are_ticked_and_given_a_role(page: Page) -> None:
    form = opened(page, "allow", "User groups")
    save(form)
    expect(form).to_contain_text("Please complete this required field.")

    form.get_by_label("Consumer A").check()
    form.get_by_label("#cloud-images").check()
    form.get_by_label("Viewer").check()
    save(form)

    expect(form).to_contain_text("is now viewer on account 872341")


def test_the_policy_is_set_and_shown_when_the_form_opens_again(page: Page) -> None:
    form = opened(page, "policy", "Approvals needed")
    form.get_by_label("Delete: anything that destroys data").select_option("always")
    form.get_by_label("Ask approvers in").select_option(label="#cloud-images")
    save(form)
    expect(form).to_contain_text("Updated the policy")
    form.get_by_role("button", name="Close").last.click()

    again = opened(page, "policy", "Approvals needed")

    expect(again.get_by_label("Delete: anything that destroys data")).to_have_value("always")


def test_a_second_contact_is_chosen_from_the_people(page: Page) -> None:
    form = opened(page, "contact", "After days without an answer")
    form.get_by_label("Second contact (optional)").select_option(CONSUMER_A)
    save(form)

    expect(form).to_contain_text("From now on, @Consumer A is notified once of each invitation")
