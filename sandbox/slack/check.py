"""Collects what is wrong with Block Kit JSON, in Slack's words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_TEXT_KEYS = {
    "plain_text": frozenset({"type", "text", "emoji"}),
    "mrkdwn": frozenset({"type", "text", "verbatim"}),
}


class Check:
    """Looks at one thing after another; `problems` is what came of it."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._block_ids: set[str] = set()

    def wrong(self, pointer: str, problem: str) -> None:
        self.problems.append(f"[ERROR] {problem} [json-pointer:{pointer}]")

    def string(
        self, of: Json, key: str, pointer: str, longest: int, *, needed: bool = False
    ) -> None:
        value = of.get(key)
        if value is None:
            if needed:
                self.wrong(pointer, f"missing required field: {key}")
        elif not isinstance(value, str):
            self.wrong(f"{pointer}/{key}", "must be a string")
        elif len(value) > longest:
            self.wrong(f"{pointer}/{key}", f"must be less than {longest + 1} characters")

    def text(
        self,
        of: Json,
        key: str,
        pointer: str,
        longest: int,
        *,
        plain: bool = False,
        required: bool = False,
    ) -> None:
        value, pointer = of.get(key), f"{pointer}/{key}"
        if value is None:
            if required:
                self.wrong(pointer, f"missing required field: {key}")
            return
        if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
            self.wrong(pointer, "must be a text object")
            return
        if plain and value["type"] != "plain_text":
            self.wrong(f"{pointer}/type", "must be plain_text")
        self.only(value, pointer, _TEXT_KEYS[value["type"]])
        self.string(value, "text", pointer, longest, needed=True)
        if value.get("text") == "":
            self.wrong(f"{pointer}/text", "must be more than 0 characters")

    def items(self, of: Json, key: str, pointer: str, least: int, most: int) -> list[Json]:
        values, pointer = of.get(key), f"{pointer}/{key}"
        if not isinstance(values, list | tuple):
            self.wrong(pointer, "must provide an array")
            return []
        if len(values) < least:
            self.wrong(pointer, f"no fewer than {least} items required")
        if len(values) > most:
            self.wrong(pointer, f"no more than {most} items allowed")
        for i, value in enumerate(values):
            if not isinstance(value, dict):
                self.wrong(f"{pointer}/{i}", "must be an object")
        return [value for value in values if isinstance(value, dict)]

    def only(self, of: Json, pointer: str, allowed: frozenset[str]) -> None:
        for key in of.keys() - allowed:
            self.wrong(pointer, f"invalid additional property: {key}")

    def once(self, block_id: str | None, pointer: str) -> None:
        if block_id in self._block_ids:
            self.wrong(f"{pointer}/block_id", "block_id already exists")
        elif block_id:
            self._block_ids.add(block_id)
