"""The routes of this topic: the audit and the report."""

from __future__ import annotations

from handlers.core.routing import LOCATION_OPTIONS, PUBLIC_OPTION, Button, Routes, Verb
from handlers.reports import audit, report
from handlers.reports.views import audit as audit_views
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "report",
            report.REPORT,
            "Charts your images by region and size over time, and your shares by state.",
            Role.VIEWER,
            report.report,
            LOCATION_OPTIONS | PUBLIC_OPTION,
            "The chart comes as a direct message, or with `--public` to the channel, if "
            "I am in it. The text has the same figures.",
        ),
        Verb(
            "audit",
            audit.AUDIT,
            "Shows what was done with your accounts, by whom, and the outcome.",
            Role.VIEWER,
            audit.audit,
            frozenset({"by", "action", "image", "since", "until", "failed"}) | LOCATION_OPTIONS,
            "Newest first, 10 per page. Changed or removed entries are detected.",
            asks_cloud=False,
        ),
    ),
    buttons={
        audit_views.OLDER: Button(audit.page_clicked, Role.VIEWER, asks_cloud=False),
        audit_views.NEWER: Button(audit.page_clicked, Role.VIEWER, asks_cloud=False),
    },
)
