"""A cloud stand-in over HTTP: Identity v2.0 and v3, and Images v2 with members, by their rules."""

from sandbox.cloud.server import CloudStandIn
from sandbox.cloud.state import User

__all__ = ["CloudStandIn", "User"]
