"""Every way a call to the cloud can end badly, each with a name. Translated once, in transport."""

from __future__ import annotations


class CloudError(Exception):
    """
    Anything but success. The message is the service's own words, cleaned of markup.

    Catch it only to turn it into words; catch a subclass to act on it.
    """

    def __init__(
        self, message: str = "", *, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        """The HTTP status, or None if no answer came."""
        self.request_id = request_id
        """The service's own id of the call, for the log and for its support."""


class BadConfiguration(CloudError):
    """
    clouds.yaml, or what was taken from it, cannot be used. Trying again changes nothing.

    Also an address that leads to another host, or whose certificate is not trusted: neither was
    given a secret, and nothing was done.
    """


class BadCredentials(CloudError):
    """Identity refused the user name, password, key or application credential."""


class MfaRequired(CloudError):
    """The credentials are right, but the account asks for a second factor, which a bot has not."""


class LoginForbidden(CloudError):
    """Identity knows the user and will not let it in: disabled, or its second factor not set up."""


class Unauthorized(CloudError):
    """A service refused our token even after a fresh login."""


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
        super().__init__(f"no {service} service in region {region}")
        self.service = service
        """The catalog's type: `object-store` or `compute`."""
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


class QuotaReached(CloudError):
    """A quota is full: members, tags or properties of an image (413)."""


class Unavailable(CloudError):
    """
    The cloud is down, slow or limiting us (a 413 that is a limit, 429, 5xx, timeouts).

    Safe to try again later. Only safe requests were repeated already, so after a
    change the outcome may be unknown: read before trying again.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, status=status, request_id=request_id)
        self.retry_after = retry_after
        """Seconds the service asked us to wait, if it said."""


class UnexpectedAnswer(CloudError):
    """The answer is not what the API documents: not JSON, or a field missing."""
