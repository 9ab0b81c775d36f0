"""What it takes to know who has a role."""

from __future__ import annotations

from collections.abc import Callable

from handlers import Person, Services
from storage import Account, Role, Subject
from tests.handlers.conftest import PRODUCER


def test_the_grants_of_an_account_are_read_once_however_many_people_have_some(
    services: Services, link: Callable[..., Account]
) -> None:
    account = link(Person("T1", "U1"), PRODUCER, "Producer")
    people = [f"U{number}" for number in range(10, 20)]
    for each in people:
        services.store.rights.grant(
            account.key, account.id, Subject.PERSON, each, Role.OPERATOR, "U1"
        )
    statements: list[str] = []
    services.store._db._connection().conn.set_trace_callback(statements.append)  # type: ignore[attr-defined]

    able = services.roles.people_with_role(account.key, Role.OPERATOR)

    assert able == {"U1", *people}
    assert len([each for each in statements if " from grants " in each]) == 1
