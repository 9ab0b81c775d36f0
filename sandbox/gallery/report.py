"""The report, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.core.chart import GB, Count, Figures, span
from handlers.core.replies import Message
from handlers.reports.views import report
from sandbox.gallery.values import NOW, ODD, TROUBLE

TODAY = NOW.date()
DAYS = span(TODAY - timedelta(days=60), TODAY)


def samples() -> Iterator[tuple[str, Message]]:
    growing = [Count(n // 7, n // 7 * 2 * GB) for n in range(len(DAYS))]
    level = [Count(3, GB)] * len(DAYS)
    shares = {"accepted": 3, "pending": 1}
    yield "report", report.report(Figures(DAYS, {"DFW": growing, "ORD": level}, shares))
    yield "report of nothing", report.report(Figures(DAYS, {}))
    many = {f"{ODD} {n}": growing for n in range(30)}
    yield "report of many regions", report.report(Figures(DAYS, many, shares), [TROUBLE])
