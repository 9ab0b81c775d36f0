"""
Hold JSON against Slack's own TypeScript declarations.

Whatever the number of values, one run of the compiler checks them all (about 2 s).
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "ts"
COMPILER = HERE / "node_modules/typescript/bin/tsc"
OPTIONS = (
    *("--noEmit", "--strict", "--skipLibCheck", "--pretty", "false", "--target", "es2022"),
    *("--module", "nodenext", "--moduleResolution", "nodenext", "--types", "node"),
)
HEADER = """\
import type { WebClient } from '@slack/web-api';
import type { KnownBlock, ModalView, HomeView } from '@slack/types';
import type { SlashCommand, BlockAction, ViewSubmitAction, ViewClosedAction } from '@slack/bolt';
import type { BlockElementAction, BlockSuggestion, MessageShortcut } from '@slack/bolt';
import type { AppHomeOpenedEvent, LinkSharedEvent } from '@slack/types';
import type { EnvelopedEvent } from '@slack/bolt';
type Request<F> = F extends (...a: any[]) => any ? NonNullable<Parameters<F>[0]> : never;
type Response<F> = F extends (...a: any[]) => Promise<infer R> ? Partial<R> : never;
type Modal = Omit<ModalView, 'blocks'> & { blocks: KnownBlock[] };
type Home = Omit<HomeView, 'blocks'> & { blocks: KnownBlock[] };
"""
PAYLOADS = {
    "command": "SlashCommand",
    "action": "BlockAction<BlockElementAction>",
    "suggestion": "BlockSuggestion",
    "shortcut": "MessageShortcut",
    "event": "EnvelopedEvent<AppHomeOpenedEvent | LinkSharedEvent>",
    "view": "ViewSubmitAction | ViewClosedAction",
}
_MISNAMED = {"alt_txt": "alt_text"}
"""Arguments that Slack takes by one name, and its declarations for JavaScript have by another."""

_ERROR = re.compile(r"^\S*?\((\d+),\d+\): error (TS\d+: .*)")


@dataclass(frozen=True)
class Typed:
    """A JSON value and the declaration it must satisfy."""

    label: str
    declaration: str
    value: Any


def blocks(label: str, value: Sequence[Mapping[str, Any]]) -> Typed:
    return Typed(label, "KnownBlock[]", list(value))


def record(call: Mapping[str, Any]) -> Typed:
    """One recorded call: `kind` request or response of a `method`, or what Slack sends the bot."""
    kind = call["kind"]
    if kind not in ("request", "response"):
        return Typed(kind, PAYLOADS[kind], call["body"])
    method = "WebClient" + "".join(f"['{part}']" for part in call["method"].split("."))
    value = _renamed(call["args"]) if kind == "request" else call["body"]
    return Typed(f"{kind} {call['method']}", f"{kind.capitalize()}<{method}>", value)


def _renamed(args: Mapping[str, Any]) -> dict[str, Any]:
    return {_MISNAMED.get(name, name): value for name, value in args.items()}


def complaints(values: Sequence[Typed]) -> list[str]:
    """What Slack's declarations have against these values, one line each; empty when all fit."""
    source = HEADER.splitlines()
    owner: dict[int, tuple[str, str]] = {}
    for number, typed in enumerate(values):
        start = len(source)
        source += _statement(number, typed)
        owner |= {line: (typed.label, source[line]) for line in range(start, len(source))}
    return [
        f"{owner[line][0]}: {message} at {owner[line][1].strip()}"
        for line, message in _compile("\n".join(source) + "\n")
    ]


def _statement(number: int, typed: Typed) -> list[str]:
    """The value on lines of its own, so that an error's line tells which part is meant."""
    text = json.dumps(typed.value, indent=1)
    return f"export const v{number}: {typed.declaration} = {text};".splitlines()


def _compile(source: str) -> Iterator[tuple[int, str]]:
    with tempfile.NamedTemporaryFile("w", dir=HERE, prefix=".check_", suffix=".ts") as file:
        file.write(source)
        file.flush()
        run = subprocess.run(
            ["node", str(COMPILER), *OPTIONS, file.name],
            capture_output=True,
            text=True,
            cwd=HERE,
            check=False,
        )
    for line in (run.stdout + run.stderr).splitlines():
        if found := _ERROR.match(line):
            yield int(found[1]) - 1, found[2]
        elif not line.startswith(" ") and line.strip():
            raise RuntimeError(f"the TypeScript compiler could not run: {line}")
