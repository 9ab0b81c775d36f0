"""python-glanceclient, at its largest page."""

from typing import Any

from glanceclient import Client
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from benchmarks.clients.measure import run


def log_in(cloud: dict[str, Any]) -> Any:
    session = Session(auth=v3.Password(**cloud["auth"]))
    session.get_token()
    return Client("2", session=session, region_name=cloud["region_name"])


run(log_in, lambda client: list(client.images.list(page_size=1000)))
