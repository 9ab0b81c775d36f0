"""Words of help."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.replies import Block, Message
from handlers.core.text import escape
from handlers.help.groups import GROUPS
from handlers.ui.blocks import button, buttons, code, context, counted, listed, section
from storage import Role

OPTIONS = {
    "account": "`--account NUMBER`: one of your linked accounts, if you have several",
    "action": "`--action image.share`: only this action, or a group such as `image` or `approval`",
    "after": "`--after 2`: only invitations pending for 2 working days; 0 for no limit",
    "by": "`--by @someone`: only what this person did; `--by me` for yourself",
    "channel": "`--channel #ops`: where to post; `off` for direct messages",
    "failed": "`--failed`: only what did not work",
    "format": "`--format F`: the disk format, such as qcow2, raw or vhd",
    "community": "`--community`: images that every account of the cloud may use",
    "from": "`--from 1100111`: only from this producer; repeat it for several, `all` for no limit",
    "holding": "`--holding web`: only images whose names contain this",
    "hours": "`--hours 8`: when a request expires, up to 168",
    "image": "`--image ID`: only actions on this image",
    "key-name": "`--key-name laptop`: the key pair whose holder can log in to the server",
    "mine": "`--mine`: images of your own account",
    "network": "`--network private`: the network that the server is attached to",
    "pending": "`--pending`: images shared with you, not answered yet",
    "people": "`--people 2`: how many other people must approve, up to 5",
    "public": "`--public`: show the answer to the whole channel",
    "quiet": "`--quiet 22:00-07:00`: no notifications then; `off` for none",
    "reason": "`--reason required`: whether they must give a reason, or `optional`",
    "region": "`--region R`: only this region, instead of all",
    "security-group": "`--security-group web`: what may reach the server; repeat it for several",
    "shared": "`--shared`: images shared with you, and accepted",
    "since": "`--since 7d`: not before a time ago, or a day such as 2026-03-05",
    "sort": "`--sort F`: by created, updated, name, size, status or region",
    "standard": "`--standard`: the provider's own images",
    "status": "`--status S`: for example active, deactivated or queued",
    "strict": "`--strict on`: have every change confirmed on a page of the bot, or `off`",
    "tag": "`--tag T`: with this tag; give it twice for both",
    "until": "`--until 2026-03-05`: before that day, or a time ago",
    "weekends": "`--weekends no`: not at once on Saturdays and Sundays, or `yes`",
    "zone": "`--zone Europe/Zurich`: the time zone, or `slack` for your Slack time zone",
}

IMAGE = (
    "IMAGE is an id, the beginning of one (6 characters or more), or an exact name; "
    'a name with spaces in quotes: `"my image"`. ACCOUNT is an account number.'
)
VERBS_PER_SECTION = 10
"""Verbs in one section, which holds no more than 3,000 characters."""
PUBLIC = "Only you see answers; `--public` shows those that change nothing to the channel."
ROLES = (
    "On Rackspace, sharing needs the role `cloudImages:creator`; "
    "accepting, rejecting and unsharing need `cloudImages:admin`."
)


ASK = "See who can give it to you: `/images rights`."
LINK = "You have no account yet. Link one to begin: `/images link`."

GROUP = "help."
BACK = "help.back"


def start(role: Role | None, pending: int = 0) -> Message:
    """
    The next step, the commands used most, and a button for each group of commands.

    Args:
        role: the highest that they have here; None if no account is linked.

        pending: number of invitations to answer.
    """
    text = _next_step(role, pending)
    most_used = "\n".join(_most_used(role))
    groups = buttons(*(button(each.label, f"{GROUP}{name}", name) for name, each in GROUPS.items()))
    return Message(
        text,
        (
            section(text),
            *((section(most_used),) if most_used else ()),
            groups,
            context("One command: `/images help share` · all: `/images help all`"),
        ),
    )


def _next_step(role: Role | None, pending: int) -> str:
    if role is None:
        return "*Start here:* link a cloud account with `/images link`."
    if role == Role.NONE:
        return "Your accounts can't be used here. Message me directly, or see below."
    if pending:
        return f"*{counted(pending, 'invitation')} pending:* `/images invitations`"
    return "*Commands*"


def _most_used(role: Role | None) -> list[str]:
    """One line each, for what the role allows."""
    if role is None or role == Role.NONE:
        return []
    lines = [(Role.VIEWER, "`/images list` · your images")]
    lines.append((Role.OPERATOR, "`/images share` · share an image"))
    lines.append((Role.VIEWER, "`/images invitations` · images shared with you"))
    lines.append((Role.APPROVER, "`/images requests` · approve or deny"))
    lines.append((Role.ADMIN, "`/images rights` · who may do what"))
    return [line for needs, line in lines if role.allows(needs)]


def group(
    label: str,
    verbs: Sequence[tuple[str, str]],
    not_allowed: Sequence[str] = (),
    role: Role | None = None,
) -> Message:
    """The commands of one group, and a button back to the start."""
    lines = [_line(form, what) for form, what in verbs]
    return Message(
        label,
        (
            section("\n".join([f"*{label}*", *lines])),
            *_lacking(not_allowed, role),
            buttons(button("Back", BACK, "back")),
            context("More about one: `/images help COMMAND`"),
        ),
    )


def all_verbs(
    verbs: Sequence[tuple[str, str]], not_allowed: Sequence[str] = (), role: Role | None = None
) -> Message:
    """
    List the commands that someone may use here, a line each.

    Args:
        verbs: their forms and helps.

        not_allowed: names of the verbs that their role, or the channel, does not allow.

        role: the most that they may do here with any account; None if they have none.
    """
    text = "Commands"
    lines = [_line(form, what) for form, what in verbs]
    parts = [lines[i : i + VERBS_PER_SECTION] for i in range(0, len(lines), VERBS_PER_SECTION)]
    return Message(
        text,
        (
            section(f"*{text}*"),
            *(section("\n".join(part)) for part in parts),
            *_lacking(not_allowed, role),
            context(f"{IMAGE} {PUBLIC}"),
            context(ROLES),
        ),
    )


def _line(form: str, what: str) -> str:
    return f"`/images {escape(form)}`\n{escape(what)}"


def verb_help(
    form: str, what: str, more: str, options: Sequence[str], missing_role: Role | None = None
) -> Message:
    """Explain one verb; *missing_role* is the role that the person does not have here."""
    lines = [f"• {OPTIONS[option]}" for option in options]
    body = [f"*`/images {escape(form)}`*", escape(what), more, *lines]
    blocks = [section("\n".join(line for line in body if line))]
    if missing_role:
        blocks.append(section(f":lock: You need the role *{missing_role}* here. {ASK}"))
    if "IMAGE" in form:
        blocks.append(context(IMAGE))
    return Message(f"/images {escape(form)}: {escape(what)}", tuple(blocks))


def _lacking(verbs: Sequence[str], role: Role | None) -> tuple[Block, ...]:
    if role is None:
        return (section(f":point_right: {LINK}"),)
    if not verbs:
        return ()
    here = "Without a role you can't" if role == Role.NONE else f"As *{role}* you can't"
    return (section(f":lock: {here} use {listed([code(name) for name in verbs], 'or')}. {ASK}"),)
