"""Docs, pages, messages and docstrings use the field's words, and none of our own."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "storage", "cloud", "sandbox")

PRIVATE: Mapping[str, str] = {
    r"whoever": "the person who, anyone who, the worker that",
    r"hears?": "is notified, gets a message, listens to",
    r"tidings": "notifications",
    r"waits? for (?:you|your answer)": "is pending",
    r"stands?(?! ?-)": "is, means, remains, hangs",
    r"lives": "is",
    r"lets? be": "cancel, leave unchanged",
    r"by itself": "automatically, separately",
    r"goes on": "continues",
    r"at most look": "view only",
    r"(?:is|are) said": "is posted, sent, shown",
    r"told of": "notified of",
    r"knows nothing": "has no",
    r"anew": "again",
}
"""Words that a cloud engineer would not say, and what to write instead."""


def texts() -> Iterator[tuple[str, str]]:
    """Yield where each text is, and the text."""
    for path in (*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        yield _name(path), _prose(path.read_text())
    yield "CHANGELOG.md", _unreleased()
    for path in sorted(ROOT.glob("bot/web/pages/*.html")):
        yield _name(path), path.read_text()
    yield "manifest.json", (ROOT / "manifest.json").read_text()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from _of_code(path)


def _prose(page: str) -> str:
    """Drop code: blocks, and words in backticks, such as the names of tests."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page, flags=re.DOTALL)


def _unreleased() -> str:
    whole = (ROOT / "CHANGELOG.md").read_text()
    return _prose(whole.partition("## [Unreleased]")[2].partition("\n## [")[0])


def _of_code(path: Path) -> Iterator[tuple[str, str]]:
    """Strings, docstrings included, and comments, a line each."""
    code = path.read_text()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield f"{_name(path)}:{node.lineno}", node.value
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield f"{_name(path)}:{token.start[0]}", token.string


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _all() -> tuple[tuple[str, str], ...]:
    return tuple(texts())


@pytest.mark.parametrize("words", PRIVATE)
def test_no_text_has_a_word_of_our_own(words: str) -> None:
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)

    found = [
        f"{where}: {match[0]!r}; write {PRIVATE[words]}"
        for where, text in _all()
        for match in pattern.finditer(text)
    ]

    assert found == []
