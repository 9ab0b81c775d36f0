"""The form that shares an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from cloud.models import Image
from handlers.core.list_cache import MenuItem
from handlers.core.replies import Modal, Option
from handlers.sharing.limits import MAX_ACCOUNTS, MAX_REASON_LENGTH
from handlers.sharing.views.confirm import unknown_rows
from handlers.sharing.views.share import KnownAccounts, Share
from handlers.ui.alerts import Level, alert
from handlers.ui.blocks import context, named
from handlers.ui.form_fields import multi_typeahead, select, text_input, typeahead
from handlers.ui.typeahead_options import option_text

IMAGE = "sharing.image"
FORM = "sharing.form"
SURE = "sharing.sure"
WITH = "sharing.with"
SPAN = "sharing.span"
BECAUSE = "sharing.because"

SPANS: Mapping[str, timedelta | None] = MappingProxyType(
    {
        "none": None,
        "1d": timedelta(days=1),
        "7d": timedelta(days=7),
        "30d": timedelta(days=30),
        "90d": timedelta(days=90),
    }
)
_LABELS = MappingProxyType(
    {
        "none": "Until I unshare it",
        "1d": "1 day",
        "7d": "7 days",
        "30d": "30 days",
        "90d": "90 days",
    }
)


def share_form(image: Option | None = None, because: str = "") -> Modal:
    """Ask for the image, with whom, how long and why; sending it is the confirmation."""
    return Modal(
        FORM,
        "Share an image",
        (
            typeahead("Image", IMAGE, initial=image, placeholder="Name or id"),
            multi_typeahead(
                "Share with",
                WITH,
                placeholder="Name, company or account number",
                max_selected=MAX_ACCOUNTS,
            ),
            select(
                "For",
                SPAN,
                [Option(label, value) for value, label in _LABELS.items()],
                initial="none",
            ),
            text_input(
                "Reason", BECAUSE, initial=because, optional=True, max_length=MAX_REASON_LENGTH
            ),
            context("Access starts at once, for everyone who uses that account."),
        ),
        submit="Share",
    )


def sure_form(
    image: Image,
    request: Share,
    similar: Mapping[str, Sequence[str]],
    accounts_known: KnownAccounts,
) -> Modal:
    """Once more, for numbers that nobody here knows."""
    text = "Nobody here has linked or named this. A typo gives a stranger "
    lead = alert(Level.WARNING, f"{text}{named(image.name or '')}.")
    rows = unknown_rows(similar, accounts_known)
    return Modal(SURE, "Check the number", (lead, *rows), "Share anyway", request.value())


def recipient(number: str, name: str, known_by: str, *, search_text: str) -> MenuItem:
    """An account that is known here: its name before its number, and how it is known."""
    label = f"{name} ({number})" if name else number
    return MenuItem(
        Option(option_text(label), number, option_text(known_by)), search_text.casefold()
    )


def typed_recipient(number: str) -> Option:
    """A number that nobody here knows."""
    return Option(option_text(number), number, "not known here: check the number")
