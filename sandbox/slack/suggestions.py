"""
Menus whose options the app finds for the words typed.

Source: docs.slack.dev, "block_suggestion payload" and "Select menu of external data source".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.check import Check
from sandbox.slack.controls import EXTERNAL, controls, options_of
from sandbox.slack.inputs import suggested
from sandbox.slack.refusals import MethodRefused
from sandbox.slack.sender import Ack
from sandbox.slack.state import Json, Message, View, Workspace

QUERY_MIN = 3
"""Characters to type before Slack asks the app, where `min_query_length` says nothing else."""


class Suggestions:
    """Asks the app for options, and remembers which it offered to whom."""

    def __init__(self, workspace: Workspace, interact: Callable[[str, Json, int], Ack]) -> None:
        self._workspace = workspace
        self._interact = interact
        self._offered: dict[tuple[str, str], dict[str, Json]] = {}

    def ask(
        self,
        user_id: str,
        place: Message | View,
        action_id: str,
        words: str,
        given: Mapping[str, Any],
    ) -> list[Json]:
        """
        The options for *words*, those of groups in one list; none while the words are too few.

        Raises:
            Refused: no answer in 3 s (`operation_timeout`), none that worked
                (`dispatch_failed`), or options that Slack would not show (`invalid_options`).
        """
        element = place.element(action_id)
        if element["type"] not in EXTERNAL:
            raise LookupError(f"{action_id} is no menu whose options the app finds")
        if len(words) < element.get("min_query_length", QUERY_MIN):
            return []
        answer = self._answer(user_id, element, words, self._place(user_id, place, given))
        options = options_of(answer)
        offered = self._offered.setdefault((user_id, action_id), {})
        offered |= {option["value"]: option for option in options}
        return options

    def resolved(
        self, user_id: str, blocks: Sequence[Json], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What was *given*, with the whole option for each value that the app offered."""
        return {**given} | {
            element["action_id"]: self._chosen(user_id, element, given[element["action_id"]])
            for element in controls(blocks)
            if element["type"] in EXTERNAL and given.get(element["action_id"])
        }

    def _chosen(self, user_id: str, element: Json, given: Any) -> Any:
        known = {option["value"]: option for option in options_of(element)}
        known |= self._offered.get((user_id, element["action_id"]), {})
        return known[given] if isinstance(given, str) else [known[value] for value in given]

    def _place(self, user_id: str, place: Message | View, given: Mapping[str, Any]) -> Json:
        if isinstance(place, View):
            return payloads.in_view(place, self.resolved(user_id, place.body["blocks"], given))
        name = self._workspace.channel_name(place.channel_id) or "directmessage"
        return payloads.in_message(place, name)

    def _answer(self, user_id: str, element: Json, words: str, place: Json) -> Json:
        person = self._workspace.people[user_id]
        body = payloads.suggestion(person, element, words, place)
        ack = self._interact("suggestion", body, self._workspace.version)
        if not ack.ok:
            raise MethodRefused(ack.error)
        check = Check()
        answer = _json(ack.body)
        suggested(check, answer)
        if check.problems:
            raise MethodRefused("invalid_options", *check.problems)
        return answer


def _json(body: str) -> Json:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
