"""
The object store of one region: Cloud Files, or any Swift.

Source: docs-cloud-files, storage-api-reference/methods; and Swift's own API reference for
static large objects, which Rackspace's pages describe alike.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import quote, unquote, urlencode, urlsplit

from cloud import bodies, paths
from cloud.errors import (
    Corrupt,
    Forbidden,
    Invalid,
    NotFound,
    Unauthorized,
    UnexpectedAnswer,
)
from cloud.streams import Download
from cloud.transport import Transport
from cloud.walk import Params, present, walk

SERVICE = "object-store"
PAGE = 10_000
"""Names in one listing: the most that the service gives."""
KEY_HEADERS = {1: "X-Account-Meta-Temp-URL-Key", 2: "X-Account-Meta-Temp-URL-Key-2"}
STATIC = "static"
DIGESTS = ("sha256", "sha512", "sha1")
"""Hashes of temporary URLs, the best first."""
_HOW_MUCH = ("X-Container-Object-Count", "X-Container-Bytes-Used")


@dataclass(frozen=True)
class Container:
    """A container, and how much is in it."""

    name: str
    count: int
    """Objects."""
    size: int
    """Bytes."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        count, size = bodies.whole(body.get("count")), bodies.whole(body.get("bytes"))
        return cls(str(body["name"]), count or 0, size or 0)


@dataclass(frozen=True)
class StoredObject:
    """An object. A listing says 0 bytes for a dynamic large object; its own HEAD says the size."""

    name: str
    size: int
    """Bytes."""
    etag: str
    """MD5 of its bytes; of a large object, of the etags of its segments."""
    content_type: str
    last_modified: datetime
    manifest: str = ""
    """`static`, or `container/prefix` of the segments of a dynamic large object; "" for others."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        return cls(
            name=str(body["name"]),
            size=bodies.whole(body.get("bytes")) or 0,
            etag=bodies.text(body.get("hash")),
            content_type=bodies.text(body.get("content_type")),
            last_modified=bodies.moment(body.get("last_modified")),
        )


@dataclass(frozen=True)
class Segment:
    """One of the objects that a large object is made of."""

    container: str
    name: str
    size: int
    """Bytes."""
    etag: str


@dataclass(frozen=True)
class ObjectStore:
    """The containers and objects of the account whose token it is."""

    region: str
    url: str
    """Address of the account, the same for every region that shares the store."""
    transport: Transport = field(repr=False)
    digests: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    """By which hash each address checks signatures, once that was asked."""

    def containers(self) -> Iterator[Container]:
        """
        Raises:
            cloud.errors.NoSuchService: the store knows no such account.
        """
        with present(SERVICE, self.region):
            yield from map(Container.from_json, self._listing("", ()))

    def container(self, name: str) -> Container:
        """
        Raises:
            cloud.errors.NotFound: there is none of that name.
        """
        told = self.transport.ask("HEAD", _container(name)).headers
        count, used = map(bodies.whole, map(told.get, _HOW_MUCH))
        return Container(name, count or 0, used or 0)

    def create_container(self, name: str) -> None:
        """Have a container of that name. It may be there already."""
        self.transport.ask("PUT", _container(name))

    def objects(self, container: str, prefix: str = "") -> Iterator[StoredObject]:
        """
        In the order of their names.

        Raises:
            cloud.errors.NotFound: no such container.
        """
        given = (("prefix", prefix),) if prefix else ()
        for row in self._listing(_container(container), given):
            # Listed objects may be deleted next: a service may ignore the prefix, we must not.
            if row["name"].startswith(prefix):
                yield StoredObject.from_json(row)

    def object(self, container: str, name: str) -> StoredObject:
        """
        One object, with its true size if it is a large one.

        Raises:
            cloud.errors.NotFound: no such object, or container.
        """
        told = self.transport.ask("HEAD", _object(container, name)).headers
        static = told.get("X-Static-Large-Object", "").lower() == "true"
        return StoredObject(
            name=name,
            size=bodies.whole(told.get("Content-Length")) or 0,
            etag=_etag(told),
            content_type=told.get("Content-Type", ""),
            last_modified=_date(told.get("Last-Modified", "")),
            manifest=STATIC if static else unquote(told.get("X-Object-Manifest", "")),
        )

    def read(self, container: str, name: str, offset: int = 0) -> AbstractContextManager[Download]:
        """The bytes of an object, from *offset* on, as they come."""
        return self.transport.download(_object(container, name), offset, stored=True)

    def write(
        self,
        container: str,
        name: str,
        chunks: Iterable[bytes],
        size: int,
        *,
        content_type: str = "application/octet-stream",
        delete_after_s: int | None = None,
    ) -> str:
        """
        Write an object of *size* bytes as they are given, and return its etag.

        At most 5 GB: what is larger is written in segments.

        Raises:
            cloud.errors.NotFound: no such container.

            cloud.errors.Corrupt: other bytes arrived than were sent.
        """
        self.container(container)  # also checks the token, because the bytes can be sent only once
        sent = hashlib.md5(usedforsecurity=False)
        headers = {"Content-Type": content_type}
        if delete_after_s is not None:
            headers["X-Delete-After"] = str(delete_after_s)
        answer = self.transport.upload(
            _object(container, name), _hashed(chunks, sent), size, headers
        )
        etag = _etag(answer.headers) or self.object(container, name).etag
        if etag and etag.lower() != sent.hexdigest():
            raise Corrupt(f"{name} did not arrive as it was sent")
        return sent.hexdigest()

    def write_manifest(self, container: str, name: str, segments: Sequence[Segment]) -> None:
        """
        Make one (static large) object of segments; the service compares their etags and sizes.

        Raises:
            cloud.errors.Invalid: a segment is not there, or is another.
        """
        manifest = [
            {"path": f"/{s.container}/{s.name}", "etag": s.etag, "size_bytes": s.size}
            for s in segments
        ]
        self.transport.ask(
            "PUT",
            _object(container, name),
            params=[("multipart-manifest", "put")],
            body=manifest,
            content_type="application/octet-stream",  # that of the object
        )

    def delete(self, container: str, name: str, *, segments: bool = False) -> None:
        """
        Args:
            segments: of a large object, delete those too; else they stay, and cost.

        Raises:
            cloud.errors.NotFound: no such object.
        """
        found = self.object(container, name) if segments else None
        static = found is not None and found.manifest == STATIC
        params = [("multipart-manifest", "delete")] if static else None
        self.transport.ask("DELETE", _object(container, name), params=params)
        if found and found.manifest and not static:
            self._delete_segments(found.manifest)

    def signing_keys(self) -> tuple[str, str]:
        """The keys of temporary URLs in both slots; "" where there is none. They are secrets."""
        told = self.transport.ask("HEAD", "").headers
        return told.get(KEY_HEADERS[1], ""), told.get(KEY_HEADERS[2], "")

    def set_signing_key(self, slot: int, key: str) -> None:
        """
        Set the key of one slot, 1 or 2. URLs signed with the one before end within a minute.

        Raises:
            cloud.errors.Forbidden: the role may not.

        Source: use-cases/public-access-to-your-cloud-files-account/tempurl.rst
        """
        self.transport.ask("POST", "", headers={KEY_HEADERS[slot]: key})

    def temporary_url(
        self,
        container: str,
        name: str,
        key: str,
        until: datetime,
        *,
        filename: str | None = None,
    ) -> str:
        """
        An address from which anyone may read the object, without a login. It is a secret.

        Args:
            key: one of `signing_keys`.

            until: when it expires; a running download continues.

            filename: what a browser is to call the file.
        """
        expires = int(until.timestamp())
        parts = urlsplit(self.url)
        path = f"{parts.path.rstrip('/')}{_object(container, name)}"
        text = f"GET\n{expires}\n{_unquoted(parts.path, container, name)}"
        signature = hmac.new(key.encode(), text.encode(), self._digest()).hexdigest()
        query = {"temp_url_sig": signature, "temp_url_expires": str(expires)}
        if filename:
            query["filename"] = filename
        return f"{parts.scheme}://{parts.netloc}{path}?{urlencode(query, quote_via=quote)}"

    def _digest(self) -> str:
        """
        The hash that the store checks signatures by, which its `/info` tells.

        A Swift that names none has SHA1 only. Without `/info`, assume a current one.
        """
        if self.url not in self.digests:
            told = bodies.fields(self._info().get("tempurl", {"allowed_digests": [*DIGESTS]}))
            allowed = bodies.texts(told.get("allowed_digests")) or ("sha1",)
            self.digests[self.url] = next((each for each in DIGESTS if each in allowed), DIGESTS[0])
        return self.digests[self.url]

    def _info(self) -> Mapping[str, Any]:
        parts = urlsplit(self.url)
        root = replace(self.transport, base_url=f"{parts.scheme}://{parts.netloc}")
        try:
            return bodies.fields(root.call("GET", "/info"))
        except (NotFound, Forbidden, Invalid, Unauthorized, UnexpectedAnswer):
            return {}

    def _delete_segments(self, manifest: str) -> None:
        """Those that are listed. One that has expired still is, for a while, and is gone."""
        container, _, prefix = manifest.partition("/")
        for each in list(self.objects(container, prefix)):
            with suppress(NotFound):
                self.delete(container, each.name)

    def _listing(self, path: str, given: Sequence[tuple[str, str]]) -> Iterator[Mapping[str, Any]]:
        def page(more: Params) -> Sequence[Mapping[str, Any]]:
            params = [("format", "json"), ("limit", str(PAGE)), *given, *more]
            listed = self.transport.call("GET", path, params=params) or []
            return bodies.rows(listed, "names", "name")

        return walk(page, "name", "names")


def _etag(headers: Mapping[str, str]) -> str:
    """Without what proxies add that compress what passes: it is weak then, or ends so."""
    return headers.get("Etag", "").removeprefix("W/").strip('"').removesuffix("-gzip")


def _date(told: str) -> datetime:
    with suppress(ValueError, TypeError, LookupError, OverflowError):
        return parsedate_to_datetime(told[:64]).astimezone(UTC)
    return bodies.LONG_AGO


def _container(name: str) -> str:
    return f"/{paths.segment(name)}"


def _object(container: str, name: str) -> str:
    return f"{_container(container)}/{paths.rest(name)}"


def _unquoted(account: str, container: str, name: str) -> str:
    """The path as the service sees it when it checks a signature: from its version on."""
    before, version, rest = account.rstrip("/").partition("/v1/")
    return f"{version}{rest or before}/{container}/{name}"


def _hashed(chunks: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
