"""
The drawings of the docs. `python -m tests.docs.drawings` writes them anew.

The floors are those that import-linter holds; the sequence is the main job.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/images"
WIDTH = 760
ROW = 34
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1d2a33}.small{font-size:12px;fill:#51626d}"
    ".box{fill:#eef4f7;stroke:#1f4e5f}.line{stroke:#1f4e5f;fill:none}.life{stroke:#a9bac4}"
)
ROOMS = {
    "sandbox": "stand-ins for Slack and the cloud, the gallery",
    "bot": "Bolt, Flask, the environment: the door in, the door out",
    "handlers": "the conversation, by topics",
    "storage | cloud": "what is remembered (SQL); the cloud's services (HTTP)",
}
PEOPLE = ("Producer", "Bot", "Cloud", "Consumer")
STEPS = (
    (0, 1, "share web-2026 554433"),
    (1, 0, "the number large: Share?"),
    (0, 1, "Share"),
    (1, 2, "add member 554433"),
    (1, 2, "which are pending?"),
    (1, 3, "an invitation: Accept, Reject"),
    (3, 1, "Accept"),
    (1, 2, "status: accepted"),
    (1, 3, "the message, redrawn"),
    (1, 0, "the card: 1 of 1 accepted"),
)
"""From whom, to whom, what is said."""


def floors() -> str:
    """Draw the packages from top to bottom, and the topics of handlers beside them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages, topics = (
        each["layers"] for each in contracts["contracts"] if each["type"] == "layers"
    )
    height = 60 + ROW * max(len(topics), 2 * len(packages))
    return _svg(height, [*_packages(packages), *_topics(topics)])


def invitation() -> str:
    """Draw who says what to whom, from sharing an image to its answer."""
    x = [95 + 190 * n for n in range(len(PEOPLE))]
    height = 70 + ROW * len(STEPS)
    parts = [
        part
        for at, name in zip(x, PEOPLE, strict=True)
        for part in (
            f'<line class="life" x1="{at}" y1="44" x2="{at}" y2="{height - 12}"/>',
            *_box(at - 60, 14, 120, name),
        )
    ]
    for n, (source, target, words) in enumerate(STEPS):
        parts += _arrow(x[source], x[target], 78 + ROW * n, words)
    return _svg(height, parts)


DRAWINGS: Mapping[str, Callable[[], str]] = {"floors.svg": floors, "invitation.svg": invitation}


def _packages(names: Sequence[str]) -> Iterator[str]:
    yield _text(20, 26, "Packages: imports go down only", "small")
    for n, name in enumerate(names):
        y = 40 + 2 * ROW * n
        yield from _box(20, y, 330, name)
        yield _text(20, y + 46, ROOMS[name], "small")


def _topics(names: Sequence[str]) -> Iterator[str]:
    yield _text(390, 26, "Topics of handlers, floor by floor", "small")
    for n, name in enumerate(names):
        lines = name.split(" | ")
        words = " · ".join(lines) if len(lines) < 4 else f"{len(lines)} topics side by side"
        yield from _box(390, 40 + ROW * n, 350, words, ", ".join(lines))


def _box(x: int, y: int, width: int, words: str, title: str = "") -> Iterator[str]:
    yield f'<rect class="box" x="{x}" y="{y}" width="{width}" height="28" rx="5">'
    yield f"<title>{escape(title or words)}</title></rect>"
    yield f'<text x="{x + width // 2}" y="{y + 19}" text-anchor="middle">{escape(words)}</text>'


def _arrow(start: int, end: int, y: int, words: str) -> Iterator[str]:
    tip = end - 4 if end > start else end + 4
    yield f'<line class="line" x1="{start}" y1="{y}" x2="{tip}" y2="{y}" marker-end="url(#tip)"/>'
    at = f'x="{(start + end) // 2}" y="{y - 6}"'
    yield f'<text class="small" {at} text-anchor="middle">{escape(words)}</text>'


def _text(x: int, y: int, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(words)}</text>'


def _svg(height: int, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<style>{STYLE}</style>",
        '<marker id="tip" markerWidth="8" markerHeight="8" refX="6" refY="3" orient="auto">'
        '<path d="M0,0L6,3L0,6Z" fill="#1f4e5f"/></marker>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    )
    return "\n".join((*head, *parts, "</svg>\n"))


if __name__ == "__main__":
    for name, draw in DRAWINGS.items():
        (FOLDER / name).write_text(draw())
