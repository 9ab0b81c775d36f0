"""The docs say what the code does."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

import handlers
from bot.__main__ import RESEAL, main
from bot.settings import Settings
from bot.work import RUNS
from cloud import clouds_yaml

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/*.md")])
README = (ROOT / "README.md").read_text()
COMMANDS = (ROOT / "docs/commands.md").read_text()
SETTINGS = (ROOT / "docs/settings.md").read_text()
VARIABLES = [f.name.upper() for f in dataclasses.fields(Settings)]


@pytest.mark.parametrize("verb", handlers.ROUTES.verbs, ids=lambda verb: verb.name)
def test_commands_page_shows_form_and_help_of(verb: handlers.Verb) -> None:
    assert f"`/images {verb.form}`" in COMMANDS
    assert verb.help in COMMANDS


def test_commands_page_describes_no_verb_that_is_not_there() -> None:
    described = re.findall(r"^## (\w+)$", COMMANDS, re.MULTILINE)

    assert described == [verb.name for verb in handlers.ROUTES.verbs]


@pytest.mark.parametrize("variable", VARIABLES)
def test_settings_page_and_example_name(variable: str) -> None:
    assert f"`{variable}`" in SETTINGS
    assert variable in (ROOT / ".env.example").read_text()


def test_settings_page_names_no_variable_that_is_not_read() -> None:
    described = re.findall(r"`([A-Z_]+)`", "\n".join(_table(SETTINGS)))

    assert set(described) == set(VARIABLES) | {"DEBUG", "INFO", "WARNING", "ERROR"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#\s]+)[^)]*\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_have_a_head_and_rows_of_as_many_cells(page: Path) -> None:
    for head, line, *rows in _tables(page.read_text()):
        assert not re.fullmatch(r"[\s|:-]+", head), f"no head: {head}"
        assert re.fullmatch(r"(\| *:?-{3,}:? *)+\|", line), line
        assert {_cells(row) for row in (line, *rows)} == {_cells(head)}, head


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    packages = "bot|handlers|storage|cloud|sandbox|tests|benchmarks"
    named = re.findall(rf"`((?:{packages})/[\w/.]+(?:\.py|/))`", page.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_deploy_page_shows_a_clouds_yaml_that_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs/deploy.md").read_text()
    [example] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "clouds.yaml").write_text(example)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))

    assert clouds_yaml.load("rackspace").regions == ("DFW", "ORD")
    assert clouds_yaml.load("keystone").region == "RegionOne"


def test_deploy_pages_commands_are_the_programs(capsys: pytest.CaptureFixture[str]) -> None:
    pages = "\n".join(page.read_text() for page in PAGES)
    used = set(re.findall(r"python -m bot ([a-z][\w-]+)", pages))

    with pytest.raises(SystemExit):
        main([])
    programs = set(re.findall(r"^    ([a-z][\w-]+)(?: |$)", capsys.readouterr().err, re.MULTILINE))
    assert {"web", "copy-database"} <= used <= programs
    assert set(re.findall(r"python -m bot run (\w+)", pages)) <= {*RUNS, RESEAL}


def test_readme_names_a_test_for_each_thing_that_it_claims() -> None:
    claims = [line for line in _table(README) if "](tests/" in line]
    named = re.findall(r'\]\((tests/[\w/]+\.py) "(test_\w+)"\)', README)

    assert len(named) == len(claims) >= 8
    missing = [test for path, test in named if f"def {test}(" not in (ROOT / path).read_text()]
    assert missing == []


def test_readme_quotes_the_benchmark() -> None:
    [quoted] = [line for line in _table(README) if "CPU seconds" in line]
    benchmark = (ROOT / "docs/benchmarks.md").read_text()
    clients = ("this bot's client", "`openstack image list`|openstack image list", "openstacksdk")

    measured = [
        re.search(rf"^\| (?:{who}) \| ([\d.]+)", benchmark, re.MULTILINE) for who in clients
    ]
    assert re.findall(r"\d+\.\d+", quoted) == [each[1] for each in measured if each]


def _tables(page: str) -> list[list[str]]:
    """The lines of each table."""
    text = re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)
    return [found.splitlines() for found in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)]


def _cells(row: str) -> int:
    """How many: a bar within one is written with a backslash."""
    return len(re.findall(r"(?<!\\)\|", row)) - 1


def _table(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("|")]
