"""
The bytes of images: sent, read, and read in part.

Source: a Glance of today, measured.
"""

from __future__ import annotations

import re

from werkzeug.wrappers import Request, Response

from sandbox.cloud import image_formats, patch
from sandbox.cloud.access import may, must_own
from sandbox.cloud.answers import empty
from sandbox.cloud.calls import Call, pieces_of
from sandbox.cloud.contents import Content, Kept, kept
from sandbox.cloud.errors import Refusal, not_allowed
from sandbox.cloud.state import Json, Provider

DATA = "application/octet-stream"
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def is_data(request: Request) -> bool:
    """Whether what is sent is the bytes of an image: they are received under no lock."""
    return request.method == "PUT" and request.path.endswith(("/file", "/stage"))


def received(request: Request) -> Content:
    """The bytes, and their digests, which take as long."""
    content = Kept(pieces_of(request))
    _ = content.sha512
    return content


def upload(call: Call, image_id: str) -> Response:
    """Data, all of it at once."""
    _must_be_data(call)
    image = call.image(image_id)
    must_own(call.user, image, "upload_image")
    missing = [key for key in patch.FOR_QUEUED if image[key] is None]
    if missing:
        raise Refusal(400, f"Properties {', '.join(missing)} must be set prior to saving data.")
    _must_be_queued(image, "saving")
    content = call.sent or kept(b"")
    if call.state.provider is Provider.GLANCE:
        if wrong := image_formats.mismatch(image, content):
            raise _unsupported(DATA, wrong)
        image |= stored(image, content)
    else:
        image |= described(content)
    call.region.contents[image_id] = content
    image.update(status="active", updated_at=call.now)
    return empty()


def stage(call: Call, image_id: str) -> Response:
    """Data that an import makes an image of, later."""
    if call.state.provider is Provider.RACKSPACE:
        raise Refusal(404, "The resource could not be found.")
    _must_be_data(call)
    image = call.image(image_id)
    must_own(call.user, image, "modify_image")
    _must_be_queued(image, "uploading")
    content = call.region.staged[image_id] = call.sent or kept(b"")
    image.update(status="uploading", size=content.size, updated_at=call.now)
    return empty()


def download(call: Call, image_id: str) -> Response:
    """The bytes of an image, or a part of them; they are read when the lock is given back."""
    image = call.image(image_id)
    if not may(call.user.roles, "download_image"):
        raise not_allowed("download_image")
    if image["status"] == "deactivated":
        said = "The requested image has been deactivated. Image data download is forbidden."
        raise Refusal(403, said)
    content = call.region.contents.get(image_id)
    if content is None:
        return empty()
    headers = {"Content-MD5": image["checksum"]} if image["checksum"] else {}
    start, stop = 0, content.size
    if asked := call.request.headers.get("Range"):
        start, stop = _part(asked, content.size)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{content.size}"
    answer = Response(content.pieces(start, stop), 206 if asked else 200, headers, mimetype=DATA)
    answer.headers["Content-Length"] = str(stop - start)
    return answer


def described(content: Content) -> Json:
    """What the API tells of an image's bytes."""
    return {
        "size": content.size,
        "virtual_size": content.size or None,
        "checksum": content.md5,
        "os_hash_algo": "sha512",
        "os_hash_value": content.sha512,
    }


def stored(image: Json, content: Content) -> Json:
    """The same, of a Glance of today, which may keep data in several stores."""
    virtual_size = image_formats.virtual_size(image, content)
    return {**described(content), "virtual_size": virtual_size, "stores": "file"}


def _must_be_data(call: Call) -> None:
    kind = call.request.mimetype
    if kind != DATA:
        raise _unsupported(kind, f"Invalid content type {kind}")


def _unsupported(kind: str, detail: str) -> Refusal:
    said = f"The request media type {kind} is not supported by this server.\n"
    return Refusal(415, said, detail)


def _must_be_queued(image: Json, wanted: str) -> None:
    if image["status"] != "queued":
        said = f"Image status transition from {image['status']} to {wanted} is not allowed"
        raise Refusal(409, said)


def _part(asked: str, size: int) -> tuple[int, int]:
    """First byte and the one after the last."""
    if "," in asked:
        raise Refusal(
            400,
            "Requests with multiple ranges are not supported in Glance. "
            "You may make multiple single-range requests instead.",
        )
    found = ONE_RANGE.fullmatch(asked)
    first, last = found.groups() if found else ("", "")
    if (not first and not last) or (first and last and int(last) < int(first)):
        raise _no_such_part("Invalid Range header.")
    start = int(first) if first else max(size - int(last), 0)
    if start >= size:
        where = f"Start position MUST be in the inclusive range [0, {size - 1}]."
        raise _no_such_part(f"Invalid start position in Range header. {where}")
    return start, min(int(last) + 1, size) if first and last else size


def _no_such_part(detail: str) -> Refusal:
    return Refusal(416, "The Range requested is not available.", detail)
