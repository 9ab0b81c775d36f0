"""The list of attacks and the tests of them are the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text().partition("## What attackers try")[2]
NAMED = re.findall(r"^- .+: `(tests/[\w/]+\.py::test_\w+)`$", PAGE, re.MULTILINE)


def defined_in(path: Path) -> set[str]:
    found = ast.parse(path.read_text()).body
    names = (each.name for each in found if isinstance(each, ast.FunctionDef))
    return {f"{path.relative_to(ROOT)}::{name}" for name in names if name.startswith("test_")}


def test_every_line_names_a_test() -> None:
    assert len(NAMED) == len([line for line in PAGE.splitlines() if line.strip()])


@pytest.mark.parametrize("name", NAMED)
def test_the_test_of_an_attack_is_there(name: str) -> None:
    assert name in defined_in(ROOT / name.partition("::")[0])


def test_every_test_of_an_attack_is_on_the_list() -> None:
    files = [*ROOT.glob("tests/attacks/test_*.py"), ROOT / "tests/bot/test_attacks.py"]
    there = set().union(*map(defined_in, files))

    assert there - set(NAMED) == set()
