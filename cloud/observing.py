"""Facts of each call to the cloud, for metrics: no id, no account, no path."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cloud.errors import CloudError

OK = "ok"
LOGIN = "login"
_WORDS = frozenset(
    {
        *("images", "members", "file", "tags", "tasks", "schemas", "actions", "import", "stage"),
        *("info", "stores", "cache", "deactivate", "reactivate", "detail", "servers", "flavors"),
        *("action", "limits", "os-keypairs", "os-volumes", "os-security-groups", "metadata"),
        *("networks", "subnets", "ports", "quotas", "security-groups", "flavors", "ip_addresses"),
    }
)
"""What stays of a path; all else is an id."""
_OBJECTS = ("account", "container", "object")


@dataclass(frozen=True)
class Call:
    """One call that has ended."""

    service: str
    """Its type in the catalog; `identity` for a login."""
    cloud: str
    """The host of its Identity service."""
    region: str
    """"" for a login, which is of no region."""
    operation: str
    """`GET images/{id}/members`"""
    outcome: str
    """`ok`, or the name of the error."""
    seconds: float


Observe = Callable[[Call], None]


def ignore(call: Call) -> None:
    """Count nothing."""


def operation(service: str, method: str, path: str) -> str:
    """Name what is asked for, in one of few words whatever the path holds."""
    parts = [part for part in re.split(r"[/?]", path.partition("?")[0]) if part]
    if service == "object-store":
        return f"{method} {_OBJECTS[min(len(parts), 2)]}"
    shown = [part if part in _WORDS else "{id}" for part in parts[:5]]
    return f"{method} {'/'.join(shown)}"


@contextmanager
def observed(observe: Observe, call: Call) -> Iterator[None]:
    """Report a call when it has ended, whatever the outcome."""
    started, outcome = time.monotonic(), OK
    try:
        yield
    except BaseException as error:
        outcome = type(error).__name__ if isinstance(error, CloudError) else "broke"
        raise
    finally:
        observe(replace(call, outcome=outcome, seconds=time.monotonic() - started))
