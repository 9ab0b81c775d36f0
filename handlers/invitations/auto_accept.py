"""Accept the invitations of trusted producers automatically: opt-in, and audited each time."""

from __future__ import annotations

from handlers.core.facts import Facts
from handlers.core.interactions import Click, Person
from handlers.core.operations import Operation
from handlers.core.places import ProducerRef
from handlers.core.replies import Block, Message
from handlers.core.services import Services
from handlers.invitations import inbox
from handlers.invitations.views import auto_accept as views
from handlers.ui import operation_words
from handlers.ui.tell_admins import tell_admins
from storage import Account, Role, Trust


def trust_clicked(click: Click, services: Services) -> Message:
    """The button "Always accept from …" of an acceptance."""
    asked = ProducerRef.read(click.value)
    account = services.account(click.person, asked.account_id)
    result = trust(click.person, account, asked.number, services)
    return inbox.redraw(click, asked.account_id, account, result, services)


def trust(person: Person, account: Account, producer: str, services: Services) -> str:
    """Accept this producer's invitations automatically from now on; return what to say."""
    store = services.store
    if store.policies.of(account.key).strict:
        return views.strict(account)
    operation = _operation(account, producer)
    services.authorize(operation)
    with services.audited(person.actor, "invitation.trust", producer, account=account.key) as entry:
        now = store.trusted.put(account.key, producer, account.id, person.user_id)
        if not now:
            entry.note("trusted already")
    if now:
        tell_admins(person, operation, services)
    held = next((t for t in store.trusted.of(account.key) if t.producer == producer), None)
    by = held.user_id if held else person.user_id
    return views.trusted(views.Trust(account, producer, by), new=now)


def _operation(account: Account, producer: str) -> Operation:
    facts = Facts(details=(("accepted automatically from", producer),))
    words = operation_words.trust(account, producer)
    return Operation("invitation.trust", account, "", producer, words, facts)


def end_clicked(click: Click, services: Services) -> Message:
    """The Stop accepting button."""
    asked = ProducerRef.read(click.value)
    account, producer = services.account(click.person, asked.account_id), asked.number
    stop(click.person.actor, account, producer, services)
    result = views.ended(producer, account)
    return inbox.redraw(click, asked.account_id, account, result, services)


def stop(actor: str, account: Account, producer: str, services: Services) -> None:
    """Stop accepting this producer's invitations automatically."""
    store = services.store
    with services.audited(actor, "invitation.distrust", producer, account=account.key) as entry:
        if not store.trusted.end(account.key, producer):
            entry.note("was not trusted")


def trusted_producers(account: Account, services: Services) -> frozenset[str]:
    """Return the numbers of the producers whose invitations are accepted automatically now."""
    trusts = services.store.trusted.of(account.key)
    return frozenset(t.producer for t in trusts if active_trust(account, t.producer, services))


def active_trust(account: Account, producer: str, services: Services) -> Trust | None:
    """
    Return the trust by which this producer's invitations are accepted now, or None.

    It is inactive while the account is strict, and once the person who set it may no longer answer.
    """
    trusts = services.store.trusted.of(account.key)
    trust = next((each for each in trusts if each.producer == producer), None)
    if trust is None or services.store.policies.of(account.key).strict:
        return None
    held = services.roles.access_to(Person(account.team_id, trust.user_id), account)
    return trust if held and held.role.allows(Role.OPERATOR) else None


def offer_button(account: Account, producer: str, services: Services) -> Block | None:
    """The button that trusts a producer; None where that is so already, or would not hold."""
    trusted = {trust.producer for trust in services.store.trusted.of(account.key)}
    if not producer or producer in trusted or services.store.policies.of(account.key).strict:
        return None
    return views.trust_button(ProducerRef(account.id, producer))
