"""A cloud stand-in over HTTP: Identity, Images, an object store and Compute, by their rules."""

from sandbox.cloud.server import CloudStandIn
from sandbox.cloud.state import Provider, User

__all__ = ["CloudStandIn", "Provider", "User"]
