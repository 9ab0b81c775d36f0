"""
Fixtures that every room's tests may ask for come from plugins; see each one's docstring.

Hypothesis draws the same examples in every run, however slow the machine is. To look for others:
`pytest --hypothesis-profile explore`.
"""

from pathlib import Path

from hypothesis import settings

pytest_plugins = [
    "pytester",
    "tests.canary",
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
