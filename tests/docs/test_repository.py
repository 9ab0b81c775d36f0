"""What a stranger finds in the repository."""

from __future__ import annotations

import re

from bot import __version__
from tests.repository import ROOT, tracked


def test_readme_begins_with_the_two_commands() -> None:
    code = (ROOT / "README.md").read_text().split("```")[1].splitlines()

    assert [line.split("#")[0].strip() for line in code[1:3]] == ["make demo", "make test"]


def test_no_file_names_a_package_registrys_host() -> None:
    """Whoever installs chooses the registry; a lock file must not choose for them."""
    hosts = re.compile(r"(files\.)?python" r"hosted\.org|registry\.npm" r"js\.org|pypi" r"\.org")
    named = [name for name in tracked() if hosts.search((ROOT / name).read_text(errors="ignore"))]

    assert named == []


def test_text_files_keep_to_the_editorconfig() -> None:
    """UTF-8, lines that end in a line feed, no blanks before it, tabs in the Makefile alone."""
    texts = {name: (ROOT / name).read_bytes() for name in tracked()}
    texts = {name: data for name, data in texts.items() if data and b"\0" not in data}

    badly_ended = [name for name, data in texts.items() if not data.endswith(b"\n")]
    with_blanks = [name for name, data in texts.items() if re.search(rb"[ \t\r]\n", data)]
    with_tabs = [name for name, data in texts.items() if b"\t" in data]

    assert (badly_ended, with_blanks, with_tabs) == ([], [], ["Makefile"])
    assert [name for name, data in texts.items() if not _is_utf8(data)] == []


def test_license_is_all_of_apache_2() -> None:
    """Its beginning, its end, and the notice that one copies."""
    text = (ROOT / "LICENSE").read_text()

    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License to your work." in text
    assert len(text.split()) == 1581


def test_changelog_begins_with_what_is_unreleased_then_this_version() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert re.fullmatch(rf"\[{re.escape(__version__)}\] - \d{{4}}-\d\d-\d\d", headings[1])


def test_changelog_keeps_to_the_kinds_of_change() -> None:
    kinds = re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Upgrading"}
    assert set(kinds) <= known


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
