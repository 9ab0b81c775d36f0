"""
The conversation: from a request and the services to a message or a form.

Verbs, buttons, forms and menus are in the `routes` of each topic, and are summed here.
"""

from __future__ import annotations

from handlers.accounts import routes as accounts
from handlers.addressbook import routes as addressbook
from handlers.approvals import routes as approvals
from handlers.core.command_line import parse
from handlers.core.interactions import Click, Command, Links, Person, Search, Submission
from handlers.core.replies import FieldErrors, Message, Modal, Option, Reply, split
from handlers.core.routing import Button, Form, Menu, Routes, Verb
from handlers.core.services import Services
from handlers.dispatcher import Dispatcher
from handlers.editing import routes as editing
from handlers.help import routes as help_
from handlers.home import routes as home
from handlers.images import routes as images
from handlers.invitations import routes as invitations
from handlers.notifications import routes as notifications
from handlers.permissions import routes as permissions
from handlers.reports import routes as reports
from handlers.servers import routes as servers
from handlers.sharing import routes as sharing
from handlers.transfers import routes as transfers
from handlers.ui import routes as ui
from handlers.workflows import routes as workflows

__all__ = [
    "DISPATCHER",
    "ROUTES",
    "Button",
    "Click",
    "Command",
    "Dispatcher",
    "FieldErrors",
    "Form",
    "Links",
    "Menu",
    "Message",
    "Modal",
    "Option",
    "Person",
    "Reply",
    "Routes",
    "Search",
    "Services",
    "Submission",
    "Verb",
    "answer",
    "parse",
    "split",
]

_TOPICS = Routes.sum(
    [
        home.ROUTES,
        images.ROUTES,
        editing.ROUTES,
        sharing.ROUTES,
        invitations.ROUTES,
        notifications.ROUTES,
        transfers.ROUTES,
        accounts.ROUTES,
        addressbook.ROUTES,
        permissions.ROUTES,
        approvals.ROUTES,
        servers.ROUTES,
        reports.ROUTES,
        workflows.ROUTES,
        ui.ROUTES,
    ]
)
ROUTES = Routes.sum([help_.routes(_TOPICS.verbs), _TOPICS])
DISPATCHER = Dispatcher(ROUTES)

answer = DISPATCHER.answer
