"""Fixtures that every room's tests may ask for come from plugins; see each one's docstring."""

from pathlib import Path

pytest_plugins = [
    "pytester",
    "tests.canary",
    *(
        f"tests.{room}.fixtures"
        for room in ("storage", "lab", "slack_checks", "sandbox")
        if (Path(__file__).parent / room / "fixtures.py").exists()
    ),
]
