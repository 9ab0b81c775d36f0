"""Linking an account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.accounts.capabilities import abilities
from handlers.accounts.views import accounts
from handlers.core.replies import Message
from handlers.core.roles import Held
from sandbox.gallery.values import CONSUMERS, NOW, OWN
from storage import Role

PAGE = "https://bot.example/link/made-up"


def samples() -> Iterator[tuple[str, Message]]:
    until = NOW + timedelta(minutes=10)
    yield "link", accounts.link(PAGE, until)
    yield "link first", accounts.link(PAGE, until, 'show "my <image>"')
    for role in ("cloudImages:admin", "cloudImages:creator", "made-up"):
        yield f"linked, {role}", accounts.linked(OWN, abilities([role]))
    own, lent = Held(OWN, Role.ADMIN), Held(CONSUMERS, Role.VIEWER, own=False)
    nothing = Held(CONSUMERS, Role.NONE)
    yield "accounts", accounts.accounts([own, lent, nothing])
    yield "accounts, many", accounts.accounts([own] * 30, accounts.used(OWN, "DFW"))
    yield "unlink?", accounts.confirm_unlink(OWN, 2, 3)
    yield "unlinked", accounts.unlinked(OWN)
    yield "not unlinked", accounts.kept(OWN)
    yield "linked, and now?", accounts.go_on("accept web")
