"""The card of a transfer, and the notifications about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.core.button_values import pack, unpack
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.transfers.views import download as downloads
from handlers.transfers.views import import_ as imports
from handlers.transfers.views.phases import Phase, phases
from handlers.ui import rows
from handlers.ui.alerts import small_warning
from handlers.ui.blocks import (
    age,
    button,
    buttons,
    code,
    context,
    date,
    emoji,
    listed,
    moment,
    mono,
    named,
    section,
    size,
    strong,
    text_message,
)
from handlers.ui.image_buttons import SHOW
from handlers.ui.rows import facts
from storage import Transfer

LOOK = "transfers.look"
"""The button that shows a transfer's card as it is now."""
STOP = "transfers.stop"
"""The button that stops waiting for a transfer that is stuck."""

RUNNING, DONE, FAILED = "running", "done", "failed"
NOUNS: Mapping[str, str] = {
    "export": "Export",
    "import": "Import",
    "copy": "Copy",
    "snapshot": "Snapshot",
    "launch": "New server",
}
STATES: Mapping[str, str] = {
    RUNNING: "is running",
    DONE: "is done",
    FAILED: "failed",
}
MARKS: Mapping[str, str] = {
    RUNNING: ":hourglass_flowing_sand:",
    DONE: ":white_check_mark:",
    FAILED: ":x:",
}
CELLS = 20
"""Width of the bar in characters."""


def card(transfer: Transfer, now: datetime) -> Message:
    """Show progress, trouble, result and next steps of a transfer."""
    text = f"{MARKS[transfer.state]} {about(transfer)} {STATES[transfer.state]}."
    told = [transfer.words, result(transfer)]
    blocks = [section(text), *(section(words) for words in told if words)]
    if lines := _phases(transfer):
        blocks.append(section("\n".join(lines)))
    blocks += [*_trouble(transfer), context(_times(transfer, now))]
    return Message(f"{text} {transfer.words}".strip(), (*blocks, *_ways_on(transfer)))


def row(transfer: Transfer, now: datetime, details: Block) -> list[Block]:
    """A transfer in a list; *details* is the button that shows its card."""
    running = transfer.state == RUNNING
    stuck = running and transfer.memory.get("stuck")
    return rows.row(
        facts(
            [emoji(MARKS[transfer.state]), " ", strong(transfer.title)],
            f"{NOUNS[transfer.kind]} {_where(transfer)}",
            _since(transfer, now) if running else transfer.state,
        ),
        facts(
            ["started ", moment(transfer.created_at)],
            "" if running else _since(transfer, now),
            mono(transfer.id),
        ),
        [details, *([_stop_button(transfer)] if stuck else _result_buttons(transfer))],
    )


def ended(transfer: Transfer) -> Message:
    """Notify of the end, because the card may be far up in the conversation."""
    said = transfer.words or result(transfer)
    text = f"{about(transfer)} {STATES[transfer.state]}. {said}".strip()
    return text_message(text, *_ways_on(transfer))


def locked_out(transfer: Transfer, words: str) -> Message:
    text = f"{about(transfer)} is on hold. {words} I retry every hour for a day."
    return text_message(text)


def stuck(transfer: Transfer, now: datetime) -> Message:
    """Say that a step has made no progress for long."""
    waited = age(transfer.step_at, now)
    text = (
        f"{about(transfer)} has made no progress for {waited}. "
        "I keep checking for 3 days. Contact your provider, or stop waiting and try again."
    )
    return text_message(text, *_ways_on(transfer))


def let_go(user_id: str) -> str:
    """Say who stopped waiting."""
    return (
        f"<@{user_id}> stopped waiting for it. The cloud may still finish what it has started: "
        "check before you start again."
    )


def stopping(transfer: Transfer) -> Message:
    return text_message(f"Stopping: {about(transfer)}. I'll tell you when it has stopped.")


def about(transfer: Transfer) -> str:
    """Name a transfer: `Export of web in DFW`."""
    return f"{NOUNS[transfer.kind]} of {named(transfer.title)} {_where(transfer)}"


def result(transfer: Transfer) -> str:
    """Describe the result; "" if there is none."""
    match transfer.result:
        case {"container": container, "object": name, **rest}:
            return (
                f"Saved as {named(f'{container}/{name}', 200)} ({size(rest.get('size'))})."
                + _pieces(transfer, name)
            )
        case {"source_image_id": source, "image_id": image_id, "region": region, **rest}:
            shared = rest.get("shared_with") or ()
            also = f" Shared with {listed([code(n) for n in shared])}." if shared else ""
            old = f"{code(source[:8])} in {rest.get('source_region', '')}"
            return f"Copied {old} to {code(image_id[:8])} in {region}.{also}"
        case {"image_id": image_id}:
            return f"New image: {code(image_id[:8])}."
        case {"server_id": server_id, **rest}:
            addresses = listed([code(each) for each in rest.get("addresses", ())])
            at = f" at {addresses}" if addresses else ""
            return f"New server: {code(server_id[:8])}{at}."
    return ""


def bar(done: int, total: int) -> str:
    """`▓▓▓▓▓░░░░░ 50 %, 1.0 GB of 2.0 GB`, rounded down."""
    share = min(1.0, done / total) if total else 0.0
    full = int(share * CELLS)
    cells = "▓" * full + "░" * (CELLS - full)
    return f"{cells} {int(share * 100)} %, {size(done)} of {size(total)}"


def _where(transfer: Transfer) -> str:
    if transfer.kind == "copy":
        return f"from {transfer.region} to {transfer.plan.get('target_region', '')}"
    return f"in {transfer.region}"


def look_button(transfer: Transfer, text: str = "Details") -> Block:
    return button(text, LOOK, pack(transfer.id), label=f"{text}: {_spoken(transfer)}")


def _stop_button(transfer: Transfer) -> Block:
    text = "Stop waiting"
    return button(text, STOP, pack(transfer.id), label=f"{text}: {_spoken(transfer)}")


def _spoken(transfer: Transfer) -> str:
    """As a screen reader says it: names, rather than ids."""
    return f"{NOUNS[transfer.kind]} of {transfer.title}"


def read_look(value: str) -> str:
    """Read the transfer's id from either button."""
    return unpack(value, 1)[0]


def _pieces(transfer: Transfer, name: str) -> str:
    """Rackspace's exports are large objects. Source: Cloud Images FAQ, "segments"."""
    if transfer.plan.get("way") != "task":
        return ""
    pieces = named(f"{name}-…", 200)
    return f" Its data is in the segments {pieces} next to it: keep all of them."


def _phases(transfer: Transfer) -> list[str]:
    """Draw a line for each phase, and a bar where bytes are counted; a single phase has none."""
    found = phases(transfer.kind, transfer.plan, transfer.memory, transfer.step)
    progress = transfer.memory.get("progress") if transfer.state == RUNNING else None
    moved = bar(progress["done"], progress["total"]) if progress and progress["total"] else ""
    if len(found) == 1:
        return [moved] if moved else _unmeasured(transfer)
    current = next((phase for phase in found if phase.current), None)
    at = found.index(current) if current else -1
    lines = [_phase(phase, n, at, transfer.state) for n, phase in enumerate(found)]
    if moved and at >= 0:
        lines.insert(at + 1, moved)
    return lines


def _unmeasured(transfer: Transfer) -> list[str]:
    if transfer.state != RUNNING or transfer.plan.get("way") != "task":
        return []
    return ["The cloud reports no progress for this."]


def _phase(phase: Phase, number: int, at: int, state: str) -> str:
    if state == DONE or number < at:
        return f":white_check_mark: {phase.words}"
    if number == at:
        mark = MARKS[FAILED] if state == FAILED else ":arrow_forward:"
        return f"{mark} *{phase.words}*"
    return f":white_small_square: {phase.words}"


def _trouble(transfer: Transfer) -> Sequence[Block]:
    trouble = transfer.memory.get("trouble") if transfer.state == RUNNING else None
    return (small_warning(f"{trouble['words']} I'll keep trying."),) if trouble else ()


def _times(transfer: Transfer, now: datetime) -> str:
    begun = f"started {date(transfer.created_at)} · {_since(transfer, now)}"
    return f"{code(transfer.id)} · account {code(transfer.account)} · {begun}"


def _since(transfer: Transfer, now: datetime) -> str:
    took = age(transfer.created_at, transfer.ended_at or now)
    return f"took {took}" if transfer.ended_at else f"running for {took}"


def _ways_on(transfer: Transfer) -> Sequence[Block]:
    """Buttons for the next steps."""
    if transfer.state == RUNNING:
        stop = (_stop_button(transfer),) if transfer.memory.get("stuck") else ()
        return (buttons(look_button(transfer, "Refresh"), *stop),)
    found = _result_buttons(transfer)
    boots = transfer.kind == "import" and transfer.plan.get("way") == "task"
    more = imports.follow_up(_new_image(transfer)) if found and boots else ()
    return (buttons(*found), *more) if found else ()


def _result_buttons(transfer: Transfer) -> Sequence[Block]:
    """Return the button that leads to the result, if there is one."""
    if "object" in transfer.result:
        stored = downloads.of_result(transfer.account_id, transfer.region, transfer.result)
        return (downloads.link_button(stored),)
    if transfer.result.get("image_id"):
        return (button("Show image", SHOW, _new_image(transfer).value()),)
    return ()


def _new_image(transfer: Transfer) -> ImageRef:
    region = transfer.result.get("region", transfer.region)
    return ImageRef(transfer.account_id, region, str(transfer.result["image_id"]))
