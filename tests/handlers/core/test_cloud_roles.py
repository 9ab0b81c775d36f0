"""What only an owner or a role may do."""

from __future__ import annotations

import pytest

from cloud.errors import Forbidden, Unavailable
from handlers.core.cloud_roles import ADMIN, translating_errors
from handlers.core.errors import MissingRole, OutcomeUnknown
from handlers.ui.error_words import words


def test_a_change_that_is_refused_lacks_a_role() -> None:
    with (
        pytest.raises(MissingRole) as caught,
        translating_errors(ADMIN, "unshare images", "members x"),
    ):
        raise Forbidden(status=403)

    assert words(caught.value) == (
        "Your login cannot unshare images: that needs the role `cloudImages:admin` (`member` on "
        "other OpenStack clouds). Ask the administrator of your cloud account. Nothing was "
        "changed."
    )


@pytest.mark.parametrize("status", [None, 500, 502, 504])
def test_a_change_without_an_answer_may_have_been_made(status: int | None) -> None:
    with (
        pytest.raises(OutcomeUnknown) as caught,
        translating_errors(ADMIN, "unshare images", "members x"),
    ):
        raise Unavailable(status=status)

    assert words(caught.value) == (
        "The cloud did not respond to the request to unshare images, so it may or may not have "
        "been done. Check with `/images members x` before you try again."
    )


@pytest.mark.parametrize("status", [413, 429, 503])
def test_a_change_that_was_not_looked_at_was_not_made(status: int) -> None:
    with pytest.raises(Unavailable), translating_errors(ADMIN, "unshare images", "members x"):
        raise Unavailable(status=status)
