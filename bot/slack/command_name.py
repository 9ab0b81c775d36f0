"""
The slash command's name, for workspaces in which another app has `/images`.

The words of the conversation say `/images`. On its way out that is put into the name it has here;
what strangers have named so is marked where it is shown (`handlers.ui.blocks.named`), and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.ui.blocks import COMMAND, KEPT

_TEXTS = frozenset({"text", "fallback"})
_NOT_OURS = frozenset({"options", "option_groups", "initial_option", "initial_options", "metadata"})
"""Parts that hold what others have named, or what nobody reads."""


@dataclass(frozen=True)
class CommandName:
    name: str = "/images"

    def of(self, part: Any) -> Any:
        """Return a copy of what is sent to Slack, with the command's name of this workspace."""
        if isinstance(part, list | tuple):
            return [self.of(each) for each in part]
        if not isinstance(part, Mapping):
            return part
        return {key: self._of(part, key, value) for key, value in part.items()}

    def text(self, text: str) -> str:
        return COMMAND.sub(self.name, text).replace(KEPT, "")

    def errors(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Return the words beside a form's fields, by field, with the command's name."""
        return {field: self.text(words) for field, words in errors.items()}

    def _of(self, part: Mapping[str, Any], key: str, value: Any) -> Any:
        if key in _NOT_OURS or part.get("type") == "header":
            return value
        if not isinstance(value, str):
            return self.of(value)
        if key not in _TEXTS:
            return value
        stranger = part.get("type") == "text" and not (part.get("style") or {}).get("code")
        return value.replace(KEPT, "") if stranger else self.text(value)
