"""The routes of this topic: buttons in messages of workflow steps."""

from __future__ import annotations

from handlers.core.routing import Button, Routes
from handlers.workflows import steps
from handlers.workflows.views import steps as views

ROUTES = Routes(buttons={views.DECLINE: Button(steps.decline_clicked, None, asks_cloud=False)})
