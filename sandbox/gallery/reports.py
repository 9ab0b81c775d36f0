"""The audit and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.core.chart import GB, Count, Figures, days_to_draw
from handlers.core.replies import Message
from handlers.reports.views import audit, report
from handlers.reports.views.audit import AuditQuery
from sandbox.gallery.values import CONSUMER, NOW, ODD, PRODUCER, TROUBLE, image
from storage import AuditRow


def samples() -> Iterator[tuple[str, Message]]:
    yield from _audit()
    yield from _report()


SHARED = AuditRow(
    at=NOW,
    actor="T1/U2",
    action="image.share",
    target=f"{image().id} with {CONSUMER}",
    account=PRODUCER,
    region="DFW",
    detail="named web; for 7 days; because the release of March",
    outcome="done",
    ended_at=NOW + timedelta(seconds=1),
    request_id="req-5f3c1f4e-0000-4000-8000-000000000000",
    approvers=("T1/U3", "T1/U4"),
)
UPDATED = replace(
    SHARED,
    action="image.update",
    target=image().id,
    detail="named web",
    approvers=(),
    before={"name": "web", "tags": ["a", "b"], "one": 1, "two": 2, "three": 3, "four": 4},
    after={"name": ODD, "tags": [], "one": 2, "two": 3, "three": None, "four": 5},
)


def _audit() -> Iterator[tuple[str, Message]]:
    failed = replace(SHARED, outcome="failed: MissingRole", target=ODD, detail=ODD)
    dead = replace(SHARED, outcome="started", request_id="", approvers=())
    job = replace(SHARED, actor="T1/job/expiries", action="image.unshare", approvers=())
    strange = replace(SHARED, action="made.up", account="", region="")
    role = replace(
        SHARED,
        action="account.allow",
        target="person U3",
        request_id="",
        before={"role": "none"},
        after={"role": "operator"},
    )
    approved = replace(
        SHARED,
        action="approval.approve",
        target=f"2vzk2r image.share {SHARED.target}",
        detail="",
        approvers=(),
        request_id="",
    )
    entries = [SHARED, UPDATED, failed, dead, job, role, approved, strange]
    yield "audit", audit.record(entries, AuditQuery())
    yield "audit, one", audit.record([SHARED], AuditQuery())
    yield "audit, nothing", audit.record([], AuditQuery())
    asked = AuditQuery(by="T1/U2", action=ODD, region="DFW", since=NOW, failed=True, before=30)
    yield "audit, nothing that fits", audit.record([], asked, newer=replace(asked, before=0))
    newer, older = replace(asked, before=0, after=29), replace(asked, before=20)
    yield "audit, a page", audit.record([failed] * 10, asked, newer, older)


TODAY = NOW.date()
DAYS = days_to_draw(TODAY - timedelta(days=60), TODAY)


def _report() -> Iterator[tuple[str, Message]]:
    growing = [Count(n // 7, n // 7 * 2 * GB) for n in range(len(DAYS))]
    level = [Count(3, GB)] * len(DAYS)
    shares = {"accepted": 3, "pending": 1}
    yield "report", report.report(Figures(DAYS, {"DFW": growing, "ORD": level}, shares))
    yield "report of nothing", report.report(Figures(DAYS, {}))
    many = {f"{ODD} {n}": growing for n in range(30)}
    yield "report of many regions", report.report(Figures(DAYS, many, shares), [TROUBLE])
