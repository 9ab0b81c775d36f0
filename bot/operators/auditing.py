"""`python -m bot audit`: verify the audit log, or export it for other programs."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from storage import AuditFilter, AuditRow, Store

COLUMNS = (
    *("at", "ended_at", "actor", "action", "target", "account", "region", "outcome", "detail"),
    *("before", "after", "request_id", "approvers", "cloud"),
)
UNSEEN = (
    "Keep this head somewhere else, and pass it to `--head` next time: without it nobody can see "
    "whether the last rows were removed, or all of them rewritten.\n"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Characters with which a formula begins in spreadsheets, which would run it."""


def add_arguments(program: argparse.ArgumentParser) -> None:
    actions = program.add_subparsers(required=True, dest="what", metavar="WHAT")
    verify = actions.add_parser("verify", help="check that nothing was changed or removed")
    verify.add_argument("--head", default="", help="what `verify` printed last time")
    export = actions.add_parser("export", help="write all entries, newest first")
    export.add_argument("--format", choices=("csv", "jsonl"), default="jsonl")
    for name in ("actor", "action", "account", "cloud", "region", "outcome"):
        export.add_argument(f"--{name}")
    for name in ("since", "until"):
        export.add_argument(f"--{name}", type=_moment, help="YYYY-MM-DD, or with a time; UTC")


def verify(store: Store, head: str, out: TextIO) -> bool:
    """Report whether the chain is intact, and print its head, to be kept elsewhere."""
    verdict = store.audit.verify(head)
    if verdict.broken:
        out.write(f"The audit log is broken: {verdict.broken}.\n")
        out.write(f"{verdict.rows} rows before that are intact.\n")
    else:
        out.write(f"The audit log is intact: {verdict.rows} rows.\nhead {verdict.head}\n")
        out.write("" if head else UNSEEN)
    return not verdict.broken


def export(store: Store, arguments: argparse.Namespace, out: TextIO) -> None:
    """Write the matching entries, as CSV with a header or as one JSON object per line."""
    names = ("actor", "action", "account", "cloud", "region", "outcome", "since", "until")
    wanted = AuditFilter(**{name: getattr(arguments, name) for name in names})
    write = _as_csv if arguments.format == "csv" else _as_json_lines
    write(store.audit.export(wanted), out)


def run(store: Store, arguments: argparse.Namespace, out: TextIO) -> int:
    if arguments.what == "verify":
        return 0 if verify(store, arguments.head, out) else 1
    export(store, arguments, out)
    return 0


def _as_json_lines(rows: Iterable[AuditRow], out: TextIO) -> None:
    out.writelines(json.dumps(_record(row), ensure_ascii=False) + "\n" for row in rows)


def _as_csv(rows: Iterable[AuditRow], out: TextIO) -> None:
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([_cell(value) for value in _record(row).values()])


def _record(row: AuditRow) -> Mapping[str, Any]:
    values = {name: getattr(row, name) for name in COLUMNS}
    return {key: v.isoformat() if isinstance(v, datetime) else v for key, v in values.items()}


def _cell(value: Any) -> str:
    """Return text that no spreadsheet runs as a formula: strangers name images."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        words = f"{text!r} is not a date: write it like 2026-03-05 or 2026-03-05T14:30"
        raise argparse.ArgumentTypeError(words) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
