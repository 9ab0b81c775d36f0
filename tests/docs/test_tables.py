"""What the docs have from the code is what the code has. To write it anew: `make docs`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.drawings import DRAWINGS

ROOT = Path(__file__).parents[2]
GENERATED = [page for page in sorted(ROOT.glob("docs/*.md")) if "[[[cog" in page.read_text()]


@pytest.mark.parametrize("page", GENERATED, ids=lambda page: page.name)
def test_generated_tables_are_those_of_the_code(page: Path) -> None:
    cog = (sys.executable, "-m", "cogapp", "--check", "--diff", str(page))
    checked = subprocess.run(cog, cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, f"run `make docs`\n{checked.stdout}{checked.stderr}"


def test_every_table_is_in_a_page() -> None:
    source = (ROOT / "tests/docs/tables.py").read_text()
    tables = set(re.findall(r"^def ([a-z]\w+)\(\) -> Iterator", source, re.MULTILINE))
    shown = {
        name for page in GENERATED for name in re.findall(r"tables\.(\w+)\(", page.read_text())
    }

    assert shown == tables


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_are_those_of_the_code(name: str) -> None:
    drawn = (ROOT / "docs/images" / name).read_text()

    assert drawn == DRAWINGS[name](), "run `make docs`"
    assert any(f"(images/{name})" in page.read_text() for page in ROOT.glob("docs/*.md"))


def test_site_builds_without_a_broken_link(tmp_path: Path) -> None:
    copied = tmp_path / "checkout"
    shutil.copytree(ROOT / "docs", copied / "docs")
    shutil.copy(ROOT / "zensical.toml", copied)

    zensical = (sys.executable, "-m", "zensical", "build", "--strict")
    built = subprocess.run(zensical, cwd=copied, capture_output=True, text=True, check=False)

    assert built.returncode == 0, built.stdout + built.stderr
    pages = {page.stem for page in (copied / "docs").glob("*.md")}
    assert pages <= {page.stem for page in (copied / "site").glob("*.html")}


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "zensical.toml").read_text()

    assert {page.name for page in ROOT.glob("docs/*.md")} == set(
        re.findall(r'= "([\w-]+\.md)"', navigation)
    )


def test_pages_link_to_nothing_outside_the_site() -> None:
    """The site has only what is in docs/."""
    leaving = [
        f"{page.name}: {link}"
        for page in ROOT.glob("docs/*.md")
        for link in re.findall(r"\]\((\.\./[^)]+)\)", page.read_text())
    ]

    assert leaving == []
