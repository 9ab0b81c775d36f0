"""The typed client of Identity, Images, Object Storage and Compute. Knows no Slack, no database."""

from cloud import errors
from cloud.asking import asking_for
from cloud.capabilities import Capabilities, Way
from cloud.compute import Attached, Compute, Flavor, Server, ServerStatus
from cloud.credentials import AuthType, Credentials
from cloud.filters import ImageFilter
from cloud.identity import Clouds, Connection
from cloud.images import Images, import_failed, importing
from cloud.models import (
    ENDED_WITHOUT_DATA,
    HAS_DATA,
    Image,
    ImageStatus,
    Member,
    MemberStatus,
    Visibility,
)
from cloud.networking import Network, Networking, SecurityGroup
from cloud.object_store import Container, ObjectStore, Segment, StoredObject
from cloud.observing import Call, Observe
from cloud.patch import Changes
from cloud.streams import Download
from cloud.tasks import Task, Tasks, TaskStatus
from cloud.tracing import traced

__all__ = [
    "ENDED_WITHOUT_DATA",
    "HAS_DATA",
    "Attached",
    "AuthType",
    "Call",
    "Capabilities",
    "Changes",
    "Clouds",
    "Compute",
    "Connection",
    "Container",
    "Credentials",
    "Download",
    "Flavor",
    "Image",
    "ImageFilter",
    "ImageStatus",
    "Images",
    "Member",
    "MemberStatus",
    "Network",
    "Networking",
    "ObjectStore",
    "Observe",
    "SecurityGroup",
    "Segment",
    "Server",
    "ServerStatus",
    "StoredObject",
    "Task",
    "TaskStatus",
    "Tasks",
    "Visibility",
    "Way",
    "asking_for",
    "errors",
    "import_failed",
    "importing",
    "traced",
]
