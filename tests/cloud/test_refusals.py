"""What each service refuses, in its own words: whether it passes, and what somebody has to do."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from cloud import Connection, errors
from tests.cloud.stub import REGION, Answer, Stub

CORES = "Quota exceeded for cores: Requested 4, but already used 10 of 10 cores"
NETWORKS = "Multiple possible networks found, use a Network ID to be more specific."
GROUPS = "Multiple security groups found matching 'default'. Use an ID to be more specific."
BROKEN = (
    "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach "
    "the Nova API log if possible."
)


@pytest.mark.parametrize(
    ("status", "fault", "headers", "kind"),
    [
        (403, {"forbidden": {"code": 403, "message": CORES}}, {}, errors.QuotaReached),
        (
            *(413, {"overLimit": {"code": 413, "message": CORES, "retryAfter": "0"}}),
            *({"Retry-After": "0"}, errors.QuotaReached),
        ),
        (
            *(403, {"forbidden": {"message": "Maximum number of ports exceeded"}}, {}),
            errors.QuotaReached,
        ),
        (
            *(403, {"forbidden": {"message": "Maximum number of metadata items exceeds 128"}}, {}),
            errors.QuotaReached,
        ),
        (
            *(
                403,
                {"forbidden": {"message": "Policy doesn't allow os_compute_api:servers:create"}},
            ),
            *({}, errors.Forbidden),
        ),
        (
            *(413, {"overLimit": {"code": 413, "message": "This request was rate-limited."}}),
            *({"Retry-After": "30"}, errors.Unavailable),
        ),
        (409, {"conflictingRequest": {"message": NETWORKS}}, {}, errors.ChoiceNeeded),
        (409, {"conflictingRequest": {"message": GROUPS}}, {}, errors.ChoiceNeeded),
        (
            *(409, {"conflictingRequest": {"message": "Instance is locked: image_snapshot"}}, {}),
            errors.Conflict,
        ),
        (
            *(400, {"badRequest": {"message": "Flavor's disk is too small for requested image."}}),
            *({}, errors.Invalid),
        ),
        (500, {"computeFault": {"code": 500, "message": BROKEN}}, {}, errors.ServiceFault),
        (501, {"notImplemented": {"message": "No."}}, {}, errors.ServiceFault),
        (503, {"serviceUnavailable": {"message": "Try later."}}, {}, errors.Unavailable),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else None,
)
def test_compute_refuses_in_its_own_words(
    stubbed: Connection,
    stub: Stub,
    status: int,
    fault: Mapping[str, Mapping[str, str]],
    headers: Mapping[str, str],
    kind: type[errors.CloudError],
) -> None:
    [said] = fault.values()
    stub.answer = lambda _: Answer(fault, status, headers)

    with pytest.raises(errors.CloudError) as caught:
        stubbed.compute(REGION).launch("web", "i-1", "f-1", {})

    error = caught.value
    assert (type(error), error.message, error.status, error.service) == (
        *(kind, said["message"], status, "compute"),
    )
    assert error.passing is issubclass(kind, errors.Unavailable)
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [500, 501, 505])
def test_a_question_that_a_service_fails_over_passes(
    stubbed: Connection, stub: Stub, status: int
) -> None:
    """Services that are being restarted answer so, too."""
    stub.answer = lambda _: Answer("", status)

    with pytest.raises(errors.Unavailable) as caught:
        stubbed.compute(REGION).server("1")

    assert type(caught.value) is errors.Unavailable


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (413, "Upload exceeds quota.", errors.QuotaReached),
        (413, "<html><h1>Request Entity Too Large</h1></html>", errors.QuotaReached),
        (498, "Slow down", errors.Unavailable),
        (507, "", errors.Unavailable),
        (422, "<html><h1>Unprocessable Entity</h1></html>", errors.Invalid),
        (403, "<html><h1>Forbidden</h1></html>", errors.Forbidden),
    ],
)
def test_the_object_store_refuses_in_its_own_words(
    stubbed: Connection, stub: Stub, status: int, body: str, kind: type[errors.CloudError]
) -> None:
    stub.answer = lambda _: Answer(body, status)

    with pytest.raises(errors.CloudError) as caught:
        stubbed.object_store(REGION).create_container("exports")

    assert (type(caught.value), caught.value.service) == (kind, "object-store")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (
            *(413, "The limit has been exceeded on the number of allowed image members for this"),
            errors.QuotaReached,
        ),
        (
            *(413, "Project 1 is over limit for image_size_total (usage 2)"),
            errors.QuotaReached,
        ),
        (403, "Image quota exceeded", errors.QuotaReached),
        (403, "You are not authorized to complete this action.", errors.Forbidden),
        (403, "Image 1 is protected and cannot be deleted.", errors.Forbidden),
        (409, "Image 1 could not be deleted because it is in use", errors.Conflict),
        (410, "Gone.", errors.NotFound),
    ],
)
def test_images_refuse_in_their_own_words(
    stubbed: Connection, stub: Stub, status: int, message: str, kind: type[errors.CloudError]
) -> None:
    stub.answer = lambda _: Answer({"message": message}, status)

    with pytest.raises(errors.CloudError) as caught:
        stubbed.images(REGION).add_member("1", "200")

    error = caught.value
    assert (type(error), error.message, error.service) == (kind, message, "image")


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_segment_that_was_not_taken_may_be_sent_again(
    stubbed: Connection, stub: Stub, status: int
) -> None:
    """The bytes can be given only once, so whoever has them sends them again."""
    stub.answer = lambda asked: Answer("", status if asked.method == "PUT" else 204)

    with pytest.raises(errors.Unavailable) as caught:
        stubbed.object_store(REGION).write("exports", "1", [b"abc"], 3)

    assert caught.value.passing
    assert [each.method for each in stub.asked] == ["HEAD", "PUT"]


def test_an_address_that_is_repeated_in_part_is_not_told(stubbed: Connection, stub: Stub) -> None:
    """It is a secret of any length, and words are cut."""
    url = "https://store.example/v1/a/c/o?temp_url_sig=" + "0123456789abcdef" * 20
    stub.answer = lambda _: Answer({"message": f"cannot read {url}"[:200]}, 400)

    with pytest.raises(errors.Invalid) as caught:
        stubbed.images(REGION).import_from("1", url)

    assert "0123456789" not in caught.value.message


@pytest.mark.parametrize("echo", ["whole", "part"])
def test_a_token_or_key_that_is_repeated_is_not_told(
    stubbed: Connection, stub: Stub, echo: str
) -> None:
    usual, token = stub.log_in, "gAAAAABtoken-of-the-account-0123456789"

    def log_in(asked: object) -> Answer:
        given = usual(asked)  # type: ignore[arg-type]
        return Answer(given.body, given.status, {"X-Subject-Token": token})

    stub.log_in = log_in

    def repeat(asked: object) -> Answer:
        told = json.dumps(asked.headers)  # type: ignore[attr-defined]
        return Answer(told if echo == "whole" else f"bad: {token[:20]} {'canary-key-of-ours'}", 400)

    stub.answer = repeat
    with pytest.raises(errors.Invalid) as caught:
        stubbed.object_store(REGION).set_signing_key(2, "canary-key-of-ours")

    assert "gAAAAABtoken" not in caught.value.message
    assert "canary-key" not in caught.value.message
