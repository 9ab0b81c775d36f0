"""Link a person of a workspace to a cloud account: from clouds.yaml, or by the linking page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cloud import Clouds, clouds_yaml
from cloud.clouds_yaml import CloudEntry
from cloud.errors import NoSuchRegion
from handlers import Person
from handlers.accounts.announce_link import announce_link
from handlers.core.directory import EmptyDirectory
from handlers.core.roles import Roles
from handlers.home import home
from storage import Account, Store


@dataclass(frozen=True)
class Linked:
    account: Account
    roles: tuple[str, ...]
    first: bool = False
    """True if the person has linked no other account."""
    instead_of: Account | None = None
    """The account that the person worked with before, if it was another."""


def link(
    store: Store, clouds: Clouds, *, team: str, user: str, cloud: str, region: str | None
) -> Linked:
    """
    Log in with an entry of clouds.yaml, and store its credentials, encrypted, for this person.

    Raises:
        cloud.errors.BadConfiguration: no such entry, or one that cannot be used.

        cloud.errors.NoSuchRegion: the account has no image service in that region.

        cloud.errors.CloudError: the login was refused, or the cloud does not answer.
    """
    entry = clouds_yaml.load(cloud, region)
    person = Person(team, user)
    linked = link_entry(store, clouds, entry, person, by="program/link", region=region)
    if linked.first:
        home.notify_first_link(person, store)
    announce_link(linked.account, "the bot's own machine", Roles(store, EmptyDirectory()), store)
    return linked


def link_entry(
    store: Store,
    clouds: Clouds,
    entry: CloudEntry,
    person: Person,
    *,
    by: str,
    region: str | None = None,
) -> Linked:
    """
    Log in, and store the credentials, encrypted, for this person.

    Args:
        by: who does it, for the audit.

    Raises:
        cloud.errors.NoSuchRegion, cloud.errors.CloudError: as `link`.
    """
    with store.audit.entry(by, "account.link", person.actor, detail=entry.name) as audit:
        before = next(iter(store.accounts.of(person.team_id, person.user_id)), None)
        linked = _linked(store, clouds, entry, person, region)
        audit.note(f"account {linked.account.project_id}")
    other = before if before and before.key != linked.account.key else None
    return replace(linked, first=before is None, instead_of=other)


def _linked(
    store: Store, clouds: Clouds, entry: CloudEntry, person: Person, region: str | None
) -> Linked:
    connection = clouds.connect(entry.credentials)
    connection.try_again()
    available = connection.regions
    fixed = region or (None if entry.regions else entry.region)
    wanted = [fixed] if fixed else [*entry.regions]
    for each in wanted:
        if each not in available:
            raise NoSuchRegion(each, available)
    store.people.seen(person.team_id, person.user_id)
    account = store.accounts.link(
        person.team_id,
        person.user_id,
        cloud=entry.credentials.auth_url,
        project_id=connection.project_id,
        project_name=connection.project_name,
        user_name=connection.user_name,
        regions=entry.regions or available,
        region=fixed,
        credentials=entry.credentials.to_json(),
    )
    return Linked(account, connection.roles)
