"""The log: one line per event, to standard error, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from cloud import reference

TEXT, JSON = "text", "json"
FORMAT = "%(asctime)s %(levelname)-7s %(reference)s %(name)s: %(message)s"

_SECRETS = re.compile(
    r"xox[a-z][.-][\w.-]+|xapp-[\w-]+|https?://[^\s/]+/(?:commands|actions|app|services)/\S+"
    r"|wss?://\S+|(?<=://)[^\s/@:]+:[^\s/@]+(?=@)|(?<=[?&])(?:temp_url_sig|token|state|code)=[^&\s]+"
    r"|(?<=/link/)[\w-]{20,}|(?<=/confirm/)[\w-]{20,}"
)
LOUD = ("slack_sdk", "urllib3", "keystoneauth", "apscheduler", "openstack")
"""Libraries whose finer lines may hold payloads: from warnings upwards only."""


class Refer(logging.Filter):
    """Add the reference of the current request or tick to each line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = reference.shown()
        return True


def configure(level: str, form: str = TEXT) -> None:
    logging.basicConfig(level=level, handlers=[handler(form)], force=True)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Bolt warns at each start that it ignores a token in the environment, as intended.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)


def handler(form: str = TEXT) -> logging.StreamHandler[TextIO]:
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(Json() if form == JSON else Redacting(FORMAT))
    made.addFilter(Refer())
    return made


class Redacting(logging.Formatter):
    """
    The last safety net, over every word of an entry, whichever library wrote it.

    What looks like a token or a response URL leaves no process. An entry is one line, and a
    traceback, whose lines are all indented: so a stranger's line feed begins no entry of its own,
    and no control character reaches a terminal.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _clean(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return _indented(super().formatStack(stack_info))


class Json(Redacting):
    """An object a line, for programs that collect logs; a traceback is one of its values."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "reference": getattr(record, "reference", "-"),
            "thread": record.threadName,
            "message": _clean(record.getMessage()),
            **{key: _plain(value) for key, value in getattr(record, "fields", {}).items()},
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else _clean(str(value))


def _clean(text: str) -> str:
    text = _SECRETS.sub("(secret)", text)
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


def _indented(text: str) -> str:
    text = _SECRETS.sub("(secret)", text)
    return "\n".join(f"  {_clean(line)}" for line in text.split("\n"))
