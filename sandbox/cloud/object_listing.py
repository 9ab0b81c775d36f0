"""
Listings of containers and of objects: which rows, in what order, and how written.

Source: docs-cloud-files, storage-api-reference; a Swift of today, measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from werkzeug.wrappers import Request, Response

from sandbox.cloud.object_answers import PAGE, ObjectRefused, as_json
from sandbox.cloud.state import Json

LISTED = 10_000
TRUE = ("true", "1", "yes", "on", "t", "y")
XML = ("application/xml", "text/xml")


@dataclass(frozen=True)
class Asked:
    """What a listing is asked for."""

    prefix: str
    delimiter: str
    marker: str
    end: str
    reverse: bool
    limit: int

    @classmethod
    def of(cls, request: Request) -> Asked:
        """A `path` is a folder by another name, and it alone decides."""
        args = request.args
        prefix, delimiter = args.get("prefix", ""), args.get("delimiter", "")
        if "path" in args:
            prefix, delimiter = args["path"].removesuffix("/") + "/", "/"
            prefix = prefix.removeprefix("/")
        reverse = args.get("reverse", "").lower() in TRUE
        marker, end = args.get("marker", ""), args.get("end_marker", "")
        return cls(prefix, delimiter, marker, end, reverse, _limit(args.get("limit", "")))


def listing(request: Request, what: str, rows: list[Json], headers: dict[str, str]) -> Response:
    """As JSON, as XML with *what* as its root, or a name a line."""
    asked = Asked.of(request)
    found = list(_folded(_between(rows, asked), asked))
    if "path" in request.args:
        found = [row for row in found if "name" in row and row["name"] != asked.prefix]
    found = found[: asked.limit]
    kind = request.args.get("format", "") or request.headers.get("Accept", "")
    if "json" in kind:
        return as_json(found, headers)
    if "xml" in kind:
        kind = kind if kind in XML else XML[0]
        told = {**headers, "Content-Type": f"{kind}; charset=utf-8"}
        return Response(_as_xml(what, found), 200, told)
    text = "".join(f"{row.get('name', row.get('subdir'))}\n" for row in found)
    told = {**headers, "Content-Type": "text/plain; charset=utf-8"}
    return Response(text, 200 if text else 204, told)


def _between(rows: list[Json], asked: Asked) -> Iterator[Json]:
    """
    Of all names those with the prefix, after one marker and before the other.

    A marker that is a folder covers all that is in it.
    """
    is_folder = bool(asked.delimiter) and asked.marker.endswith(asked.delimiter)
    passed = asked.marker if is_folder and len(asked.marker) > len(asked.prefix) else ""
    low, high = (asked.end, asked.marker) if asked.reverse else (asked.marker, asked.end)
    for row in reversed(rows) if asked.reverse else rows:
        name = row["name"]
        if not name.startswith(asked.prefix) or (passed and name.startswith(passed)):
            continue
        if name > low and (not high or name < high):
            yield row


def _folded(rows: Iterable[Json], asked: Asked) -> Iterator[Json]:
    """Group what is below a delimiter into one folder."""
    last = ""
    for row in rows:
        rest = row["name"][len(asked.prefix) :]
        head, found, _ = rest.partition(asked.delimiter or "\0")
        folder = f"{asked.prefix}{head}{found}"
        if not asked.delimiter or not found:
            yield row
        elif folder != last:
            last = folder
            yield {"subdir": folder}


def _as_xml(what: str, rows: list[Json]) -> str:
    """Swift's own order of the elements."""
    lines = [f"<{what}>"]
    for row in rows:
        if "subdir" in row:
            name = row["subdir"]
            lines.append(f"<subdir name={quoteattr(name)}><name>{escape(name)}</name></subdir>")
        else:
            kind = "object" if "hash" in row else "container"
            keys = ("name", "hash", "count", "bytes", "content_type", "last_modified")
            cells = [f"<{key}>{escape(str(row[key]))}</{key}>" for key in keys if key in row]
            lines.append(f"<{kind}>{''.join(cells)}</{kind}>")
    body = "".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}</{what.partition(" ")[0]}>'


def _limit(sent: str) -> int:
    """What is no number is not heard."""
    limit = int(sent) if sent.isdigit() else LISTED
    if limit > LISTED:
        raise ObjectRefused(412, f"Maximum limit is {LISTED}", kind=PAGE)
    return limit
