"""Errors of calls to the cloud, each with a name. Translated once, in transport."""

from __future__ import annotations

from typing import ClassVar


class CloudError(Exception):
    """
    Anything but success. The message is the service's own words, cleaned of markup.

    Catch it only to turn it into words; catch a subclass to act on it.
    """

    passing: ClassVar[bool] = False
    """Whether the same request may succeed later, without anybody doing anything about it."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        request_id: str | None = None,
        service: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        """The HTTP status, or None if no answer came."""
        self.request_id = request_id
        """The service's own id of the call, for the log and for its support."""
        self.service = service
        """Who refused, by its type in the catalog, such as `compute`; "" if no service did."""


class BadConfiguration(CloudError):
    """
    clouds.yaml, or what was taken from it, cannot be used. Trying again changes nothing.

    Also an address that leads to another host, or whose certificate is not trusted: neither was
    given a secret, and nothing was done.
    """


class LoginRefused(CloudError):
    """
    Identity let nobody in. Asking again with the same credentials can lock the account.

    The message is ours: what a service says to a login may repeat it.
    """


class BadCredentials(LoginRefused):
    """Identity refused the user name, password, key or application credential."""


class MfaRequired(LoginRefused):
    """The credentials are right, but the account asks for a second factor, which a bot has not."""


class LoginForbidden(LoginRefused):
    """Identity knows the user and will not let it in: disabled, or its second factor not set up."""


class Unauthorized(CloudError):
    """A service refused our token even after a fresh login."""

    passing = True


class NoImageService(CloudError):
    """The service catalog of this account has no endpoint of type `image`."""


class NoSuchRegion(CloudError):
    """The account's catalog has no image endpoint in that region."""

    def __init__(self, region: str, available: tuple[str, ...]) -> None:
        super().__init__(f"no image service in region {region}")
        self.region = region
        self.available = available


class NoSuchService(CloudError):
    """The account's catalog has no such service in that region."""

    def __init__(self, service: str, region: str) -> None:
        super().__init__(f"no {service} service in region {region}", service=service)
        self.region = region


class Corrupt(CloudError):
    """Bytes arrived that are not those that were sent. What was stored is not to be used."""


class Invalid(CloudError):
    """The service could not make sense of the request (400, 405, 415)."""


class Forbidden(CloudError):
    """The image is visible, but this account or role may not do that to it (403)."""


class NotFound(CloudError):
    """
    No such image or member, or none this account may see (404).

    The API answers so for a stranger's image too, so as not to reveal that it exists.
    """


class Conflict(CloudError):
    """It is already so, or someone else changed it first (409)."""


class ChoiceNeeded(Conflict):
    """Several networks or security groups would do, and the service chooses none of them (409)."""


class QuotaReached(CloudError):
    """
    A quota is full (413, or a 403 that says so).

    Of an image: its members, tags or properties. Of an account: images and their bytes, servers,
    cores, memory, bytes of a container.
    """


class Unavailable(CloudError):
    """
    The cloud is down, slow or limiting us (408, a 413 that is a limit, 429, 5xx, timeouts).

    Safe to try again later. Only safe requests were repeated already, so after a
    change the outcome may be unknown: read before trying again.
    """

    passing = True

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        request_id: str | None = None,
        service: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, status=status, request_id=request_id, service=service)
        self.retry_after = retry_after
        """Seconds the service asked us to wait, if it said; an hour at most."""


class ServiceFault(Unavailable):
    """
    The service failed over this very change (500, 501, 505).

    It may pass. What fails so a few times hardly ever does: do not try for a day.
    """


class UnexpectedAnswer(CloudError):
    """The answer is not what the API documents: not JSON, or a field missing."""
