"""Lists of servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.compute import Server
from handlers.core.button_values import ButtonValue
from handlers.core.errors import Trouble
from handlers.core.replies import Block, Message
from handlers.ui import rows
from handlers.ui.blocks import (
    button,
    context,
    counted,
    listed,
    moment,
    mono,
    named,
    section,
    short_id,
    strong,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.labels import account_label
from handlers.ui.rows import facts
from storage import Account

SNAPSHOT = "snapshots.open"
"""The button of a server that opens the form for a snapshot."""

SHOWN = 10
"""Servers in a list, and matches in a choice."""


@dataclass(frozen=True)
class FoundServer:
    """A server, and the linked account and region in which it is."""

    account: Account
    region: str
    server: Server

    @property
    def place(self) -> ServerRef:
        return ServerRef(self.account.id, self.region, self.server.id)


@dataclass(frozen=True)
class ServerRef(ButtonValue):
    """A server as one linked account sees it; the value of the button that opens the form."""

    account_id: str
    """The bot's own id of the linked account, not its number."""
    region: str
    server_id: str


def servers(
    found: Sequence[FoundServer],
    words: Sequence[str],
    regions: Sequence[str],
    troubles: Sequence[Trouble] = (),
) -> Message:
    """List servers, SHOWN at most."""
    number = f"*{counted(len(found), 'server')}*" if found else "No servers"
    matching = f" matching {named(' '.join(words))}" if words else ""
    text = f"{number} in {listed(regions) or 'no region'}{matching}."
    blocks = [section(text)]
    for seen in found[:SHOWN]:
        label = f"Snapshot… {seen.server.name or short_id(seen.server.id)}"
        press = button("Snapshot…", SNAPSHOT, seen.place.value(), label=label)
        blocks += row(seen, press)
    if len(found) > SHOWN:
        left = counted(len(found) - SHOWN, "other")
        blocks.append(context(f"…and {left}. Add words: `/images servers WORDS`"))
    return Message(text, (*blocks, *trouble_notes(troubles)))


def described(seen: FoundServer) -> str:
    where = f"{seen.region}, {seen.server.status}"
    return f"{named(seen.server.name)} ({where}) in account {account_label(seen.account)}"


def row(seen: FoundServer, choose: Block) -> list[Block]:
    """A server in a list, with its button."""
    server = seen.server
    return rows.row(
        facts(strong(server.name), server.status, mono(server.flavor, 60)),
        facts(
            seen.region,
            *server.addresses[:4],
            ["created ", moment(server.created_at)],
            ["account ", mono(seen.account.project_id)],
            mono(short_id(server.id)),
        ),
        [choose],
    )
