"""Who talks with the bot in its tests, and the account of each."""

from __future__ import annotations

from bot.wiring import Runtime
from cloud import AuthType, Credentials
from sandbox.cloud import CloudStandIn
from sandbox.slack import PEOPLE, TEAM_ID
from storage import Account

PRODUCER, CONSUMER_A, CONSUMER_B = (person.user_id for person in PEOPLE)
NUMBERS = {PRODUCER: "1100111", CONSUMER_A: "2200222", CONSUMER_B: "3300333"}
REGIONS = ("DFW", "ORD")
PASSWORD = "made-up-password"


def link_to(
    cloud: CloudStandIn,
    runtime: Runtime,
    user_id: str,
    *,
    password: str = PASSWORD,
    region: str | None = None,
    number: str = "",
) -> Account:
    """Links someone to their account of the stand-in, or to that with this number."""
    number = number or NUMBERS[user_id]
    options = {
        "username": f"user-{number}",
        "password": password,
        "project_id": number,
        "user_domain_id": "default",
    }
    runtime.store.people.seen(TEAM_ID, user_id)
    return runtime.store.accounts.link(
        TEAM_ID,
        user_id,
        cloud=cloud.auth_url_v3,
        project_id=number,
        project_name="",
        user_name=options["username"],
        regions=REGIONS,
        region=region,
        credentials=Credentials(AuthType.V3_PASSWORD, cloud.auth_url_v3, options).to_json(),
    )
