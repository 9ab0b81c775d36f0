"""The typed client of Identity and Images. Knows no Slack and no database."""

from cloud import errors
from cloud.identity import AuthType, Clouds, Connection, Credentials
from cloud.images import ImageFilter, Images
from cloud.models import Image, ImageStatus, Member, MemberStatus, Visibility

__all__ = [
    "AuthType",
    "Clouds",
    "Connection",
    "Credentials",
    "Image",
    "ImageFilter",
    "ImageStatus",
    "Images",
    "Member",
    "MemberStatus",
    "Visibility",
    "errors",
]
