"""
`site`: the stand-in of a Glance of today, and the lab. `rackspace`: those with Rackspace's tasks.
`own_site`: as `site`, with accounts that no other test uses.

The clients have an environment of their own (`make check` builds it), named by CLIENTS_PYTHON or
found in .clients-venv.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.cloud import CloudStandIn, Provider
from tests.clients.sites import Clients, Site, of_lab, of_new_projects, of_standin
from tests.programs import missing

BOTH = ["standin", pytest.param("lab", marks=pytest.mark.lab)]


@pytest.fixture(scope="session")
def clients_python() -> Path:
    beside = Path(__file__).parents[2] / ".clients-venv" / "bin" / "python"
    python = shutil.which(os.environ.get("CLIENTS_PYTHON") or beside)
    if python is None:
        missing("the clients' environment", "build it with: make check")
    return Path(python)


@pytest.fixture(scope="session")
def clients(clients_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    clients = Clients(clients_python, tmp_path_factory.mktemp("home"))
    yield clients
    clients.close()


@pytest.fixture(scope="session")
def glance() -> Iterator[CloudStandIn]:
    with CloudStandIn(provider=Provider.GLANCE) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[CloudStandIn]:
    """Rackspace's, with its tasks."""
    with CloudStandIn(provider=Provider.RACKSPACE) as cloud:
        yield cloud


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, clients: Clients, tmp_path: Path) -> Site:
    if request.param == "standin":
        return of_standin(request.getfixturevalue("glance"), clients, tmp_path)
    return of_lab(request.getfixturevalue("lab"), clients, tmp_path)


@pytest.fixture(params=BOTH)
def own_site(request: pytest.FixtureRequest, clients: Clients, tmp_path: Path) -> Iterator[Site]:
    """For what looks at all that an account has, or leaves its keys there."""
    if request.param == "standin":
        with CloudStandIn(provider=Provider.GLANCE) as cloud:
            yield of_standin(cloud, clients, tmp_path)
    else:
        yield of_new_projects(request.getfixturevalue("lab"), clients, tmp_path)


@pytest.fixture(params=BOTH)
def rackspace(request: pytest.FixtureRequest, clients: Clients, tmp_path: Path) -> Site:
    if request.param == "standin":
        return of_standin(request.getfixturevalue("cloud"), clients, tmp_path)
    return of_lab(request.getfixturevalue("rackspace_lab"), clients, tmp_path)
