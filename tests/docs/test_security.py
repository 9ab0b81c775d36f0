"""The list of attacks and the tests of them are the same, and so are the tables of effects."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from handlers.core.effects import EFFECTS, RULES, Row

ROOT = Path(__file__).parents[2]
WHOLE = (ROOT / "docs/security.md").read_text()
PAGE = WHOLE.partition("## What attackers try")[2]
THREATS = re.findall(r"\| `(tests/[\w/]+\.py::test_\w+)` \|$", WHOLE, re.MULTILINE)
NAMED = re.findall(r"^- .+: `(tests/[\w/]+\.py::test_\w+)`$", PAGE, re.MULTILINE)


def defined_in(path: Path) -> set[str]:
    found = ast.parse(path.read_text()).body
    names = (each.name for each in found if isinstance(each, ast.FunctionDef))
    return {f"{path.relative_to(ROOT)}::{name}" for name in names if name.startswith("test_")}


def test_every_line_names_a_test() -> None:
    assert len(NAMED) == len([line for line in PAGE.splitlines() if line.strip()])


@pytest.mark.parametrize("name", [*NAMED, *THREATS])
def test_the_test_of_an_attack_is_there(name: str) -> None:
    assert name in defined_in(ROOT / name.partition("::")[0])


def test_every_test_of_an_attack_is_on_the_list() -> None:
    files = [*ROOT.glob("tests/attacks/test_*.py"), ROOT / "tests/bot/test_attacks.py"]
    there = set().union(*map(defined_in, files))

    assert there - set(NAMED) == set()


def test_every_threat_names_a_test() -> None:
    table = WHOLE.partition("## Threats")[2].partition("\n## ")[0]

    assert len(THREATS) == len([line for line in table.splitlines() if line.startswith("| ")]) - 1


def test_the_page_says_what_each_operation_does() -> None:
    lines = WHOLE.splitlines()
    operations = [f"| `{action}` | {_does(row)} |" for action, row in EFFECTS.items()]
    rules = [f"| {effect} | {_guards(guards)} |" for effect, guards in RULES.items()]

    assert [each for each in (*operations, *rules) if each not in lines] == []


def _does(row: Row) -> str:
    said = [*map(str, sorted(row.always))]
    said += [f"{each}, if an account gains by it" for each in sorted(row.if_gains)]
    said += [f"{each}, if an account loses by it" for each in sorted(row.if_loses)]
    said += [f"may: {each}" for each in sorted(row.by_change)]
    return "; ".join(said) or "nothing to others"


def _guards(guards: Sequence[str]) -> str:
    return ", ".join(f"`{each}`" for each in guards) or "see below"
