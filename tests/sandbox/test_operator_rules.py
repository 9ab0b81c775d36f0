"""What an operator may and nobody else, each held against a real Glance as well."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.sandbox.places import Place

PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "private shared"),
        ("visibility=private", "private"),
        ("visibility=community", "community"),
        ("visibility=all", "community private shared"),
        ("member_status=pending", "private shared"),
        ("os_hidden=true", "hidden"),
    ],
)
def test_an_operator_sees_everybodys_images(place: Place, query: str, names: str) -> None:
    probe = uuid.uuid4().hex
    for name in ("private", "community", "shared"):
        place.new_image(name=name, visibility=name, probe=probe)
    place.new_image(name="hidden", os_hidden=True, probe=probe)

    seen, others = (
        [
            each["name"]
            for each in place.image("GET", f"/images?probe={probe}&{query}", who=who).json()[
                "images"
            ]
        ]
        for who in ("admin", "consumer-a")
    )

    assert " ".join(sorted(seen)) == names
    assert set(others) <= {"community"}


@pytest.mark.parametrize(("who", "status"), [("admin", 200), ("producer", 403)])
@pytest.mark.parametrize("change", [{"visibility": "public"}, {"owner": "x"}])
def test_only_an_operator_publishes_and_gives_away(
    place: Place, who: str, status: int, change: dict[str, str]
) -> None:
    image = place.new_image()
    [(key, value)] = change.items()
    body = json.dumps([{"op": "replace", "path": f"/{key}", "value": value}]).encode()

    answer = place.image("PATCH", f"/images/{image}", body, who=who, **PATCH)

    assert answer.status_code == status
    place.image("DELETE", f"/images/{image}", who="admin")


def test_an_operator_shares_answers_and_unshares_for_others(place: Place) -> None:
    image = place.new_image()
    members = f"/images/{image}/members"

    made = place.image("POST", members, {"member": "x"}, who="admin")
    answered = place.image("PUT", f"{members}/x", {"status": "accepted"}, who="admin")
    listed = place.image("GET", members, who="admin").json()["members"]
    ended = place.image("DELETE", f"{members}/x", who="admin")

    assert [each.status_code for each in (made, answered, ended)] == [200, 200, 204]
    assert [(row["member_id"], row["status"]) for row in listed] == [("x", "accepted")]
