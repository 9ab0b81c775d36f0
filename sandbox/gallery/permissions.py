"""Who may do what, and what an account wants approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.core.effects import Effect
from handlers.core.facts import Change, Facts
from handlers.core.operations import Operation
from handlers.core.replies import Message, Modal
from handlers.permissions.errors import BadRule, NoSuchRole, NoSuchSubject, OpenSubject, OwnerStays
from handlers.permissions.views import forms, permissions, policy_form
from handlers.permissions.views import policy as policies
from handlers.permissions.views.permissions import Linked
from handlers.ui import tell_admins
from sandbox.gallery.values import NOW, OWN
from storage import EVERYWHERE, AccountKey, Grant, Guarded, Policy, Role, Rule, Subject

KEY = AccountKey("T1", OWN.cloud, OWN.project_id)
GRANTS = [
    Grant(f"g-{subject}", KEY, OWN.id, kind, subject, role, "U1", NOW, lender)
    for kind, subject, role, lender in (
        (Subject.PERSON, "U3", Role.APPROVER, "U1"),
        (Subject.GROUP, "S1", Role.OPERATOR, ""),
        (Subject.CHANNEL, "C7", Role.VIEWER, "U1"),
    )
]
CEILINGS = {"C7": Role.VIEWER, EVERYWHERE: Role.NONE}
POLICY = Policy(
    {Guarded.SHARE: Rule.OUTSIDE, Guarded.DELETE: Rule.ALWAYS, Guarded.EXPORT: Rule.NEVER},
    people=2,
    reason=True,
    channel_id="C7",
    hours=24,
    strict=True,
)


LINKED = Linked(["U1", "U2"], ["U4"], on_hold=frozenset({GRANTS[0].id, GRANTS[1].id}))
ALONE = Linked(["U1"])


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield "roles form", forms.roles_form(OWN, [replace(OWN, id="a-2", project_name="")])
    yield "limit form", forms.limit_form(OWN, [])
    yield "policy form", policy_form.form(OWN, POLICY)
    yield "policy form where nothing needs approval", policy_form.form(OWN, Policy())
    for mine in (True, False):
        yield f"named admin, {mine}", permissions.named_admin(OWN, mine=mine)
    for role in Role:
        yield (
            f"rights of a {role}",
            permissions.rights(OWN, role, LINKED, GRANTS, CEILINGS, POLICY),
        )
    yield "rights of one alone", permissions.rights(OWN, Role.ADMIN, ALONE, [], {}, Policy())
    for grant in GRANTS:
        for role in (grant.role, Role.NONE):
            said = permissions.role_changed(grant.kind, grant.subject, role, OWN)
            yield (
                f"allowed {grant.kind} {role}",
                permissions.rights(OWN, Role.ADMIN, ALONE, [grant], {}, Policy(), said),
            )
    for channel, role in (("C7", Role.VIEWER), (EVERYWHERE, Role.NONE), ("C7", Role.ADMIN)):
        said = permissions.limited(channel, role, OWN)
        yield (
            f"limited {channel} {role}",
            permissions.rights(OWN, Role.ADMIN, ALONE, [], {channel: role}, Policy(), said),
        )
    nobody = Linked([], ["U4"], has_admin=False)
    yield (
        "rights without an admin",
        permissions.rights(OWN, Role.OPERATOR, nobody, [], {}, Policy()),
    )
    yield "given a role", permissions.role_notice("U1", Role.OPERATOR, OWN)
    yield "taken a role", permissions.role_notice("U1", Role.NONE, OWN)
    yield "policy unmet", policies.unmet(POLICY, OWN, 0)
    yield "policy unmet, one left", policies.unmet(POLICY, OWN, 1)
    yield "policy changed by another", policies.policy_notice("U1", POLICY, OWN)
    facts = Facts(changes=(Change("strict", "yes", "no", Effect.LOOSENS),))
    loosened = Operation("account.policy", OWN, "", "strict", "change it", facts)
    yield "guard loosened", tell_admins.notice("U1", loosened)
    yield "guard loosened, with approval", tell_admins.notice("U1", loosened, ["U2", "U3"])
    unreadable = replace(POLICY, unreadable=("rules", "hours"))
    yield "policy that cannot be read", policies.policy_notice("U1", unreadable, OWN)
    for approvers in (0, 1, 2):
        said = policies.changed(POLICY, OWN, approvers)
        yield (
            f"policy changed, {approvers}",
            permissions.rights(OWN, Role.ADMIN, ALONE, [], {}, POLICY, said),
        )


ERRORS: tuple[Exception, ...] = (
    NoSuchSubject("ann"),
    NoSuchRole("boss"),
    OpenSubject(Role.APPROVER),
    OwnerStays("U1"),
    BadRule("share", "sometimes", "`never` or `always`"),
)
