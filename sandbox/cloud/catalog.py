"""The service catalog, as Identity v2.0 and v3 write it: which service is where."""

from __future__ import annotations

from sandbox.cloud.object_state import tenant_of
from sandbox.cloud.state import Json, State

_NAMES = {
    "image": "glance",
    "object-store": "cloudFiles",
    "compute": "cloudServers",
    "network": "cloudNetworks",
    "identity": "keystone",
}
INTERFACES = ("public", "internal", "admin")


class Catalog:
    """What an account finds in its catalog."""

    def __init__(self, state: State, base_url: str) -> None:
        self._state = state
        self._base_url = base_url
        self.ending: str | None = None
        """What a catalog writes after a region's address; unless set, /v2 in v2.0, else nothing."""
        self.has_images = True
        """Whether catalogs name the Images service at all."""
        self.services = {"object-store", "compute", "network"}
        """What else they name."""

    def v2_catalog(self, number: str) -> list[Json]:
        """The tenant of an object store has a name of its own."""
        endpoints = [
            {"region": region, "tenantId": number, "publicURL": url}
            for region, url in self._image_urls("/v2").items()
        ]
        images = {"name": "cloudImages", "type": "image", "endpoints": endpoints}
        others = [
            {
                "name": _NAMES[service],
                "type": service,
                "endpoints": [
                    {"region": region, "tenantId": url.rpartition("/")[2], "publicURL": url}
                    for region, url in self._urls(service, number).items()
                ],
            }
            for service in sorted(self.services)
        ]
        return [*([images] if self.has_images else []), *others]

    def v3_catalog(self, number: str) -> list[Json]:
        regions = self._state.regions
        services = {"identity": dict.fromkeys(regions, f"{self._base_url}/v3")}
        services |= {"image": self._image_urls("")} if self.has_images else {}
        services |= {each: self._urls(each, number) for each in sorted(self.services)}
        return [
            {
                "id": service,
                "name": _NAMES[service],
                "type": service,
                "endpoints": [
                    endpoint
                    for region, url in urls.items()
                    for endpoint in _endpoints(service, region, url)
                ],
            }
            for service, urls in services.items()
        ]

    def _urls(self, service: str, number: str) -> dict[str, str]:
        """Each region's address of one account in a service."""
        below = {
            "object-store": f"files/{{region}}/v1/{tenant_of(number)}",
            "compute": f"servers/{{region}}/v2.1/{number}",
            "network": "networks/{region}",
        }[service]
        regions = self._state.regions
        return {each: f"{self._base_url}/{below.format(region=each)}" for each in regions}

    def _image_urls(self, usual: str) -> dict[str, str]:
        """Each region's Images API, under a path of its own."""
        ending = usual if self.ending is None else self.ending
        return {region: f"{self._base_url}/{region}{ending}" for region in self._state.regions}


def _endpoints(service: str, region: str, url: str) -> list[Json]:
    where = {"region": region, "region_id": region, "url": url}
    return [
        {"id": f"{service}-{region}-{interface}", "interface": interface, **where}
        for interface in INTERFACES
    ]
