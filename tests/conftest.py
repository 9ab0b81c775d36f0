"""
Fixtures that every room's tests may ask for come from plugins; see each one's docstring.

Hypothesis draws the same examples in every run, however slow the machine is. To look for others:
`pytest --hypothesis-profile explore`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.order import heaviest_first

pytest_plugins = [
    "pytester",
    "tests.canary",
    "tests.last_release",
    "tests.lab.rabbit",
    *(
        f"tests.{room}.fixtures"
        for room in ("storage", "lab", "slack_checks", "sandbox")
        if (Path(__file__).parent / room / "fixtures.py").exists()
    ),
]

STEADY = settings.get_profile("ci")
settings.register_profile("steady", STEADY)
settings.register_profile("explore", STEADY, derandomize=False, max_examples=2000)
settings.load_profile("steady")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """
    Keep the order of a file that tells one story, step by step, when tests are shuffled.

    Its tests take the places that they have been dealt, in the order in which they stand. Then
    pytest once more puts those together that share a fixture, so that each is set up once.
    Several processes begin with the files that take longest.
    """
    written = {item: number for number, item in enumerate(items)}
    yield
    stories: dict[Path, list[int]] = {}
    for place, item in enumerate(items):
        if item.get_closest_marker("in_order"):
            stories.setdefault(item.path, []).append(place)
    for places in stories.values():
        ordered = sorted((items[place] for place in places), key=lambda item: written[item])
        for place, item in zip(places, ordered, strict=True):
            items[place] = item
    fixtures = config.pluginmanager.get_plugin("funcmanage")
    assert fixtures, "pytest calls what groups tests by their fixtures otherwise now"
    fixtures.pytest_collection_modifyitems(items)
    if hasattr(config, "workerinput"):
        items[:] = heaviest_first(items)
