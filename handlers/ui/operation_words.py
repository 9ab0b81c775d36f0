"""Phrase an operation so that it follows "asks to"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cloud.models import Image
from handlers.core.facts import ALL_ACCOUNTS, EVERYBODY, UNLISTED, Change, Facts, Party
from handlers.ui.blocks import code, listed, named, typed
from handlers.ui.labels import account_label, duration, image_label
from storage import Account

SHOWN = 10
"""Accounts, or properties, named in one line."""


def change(verb: str, image: Image) -> str:
    return f"{verb} {image_label(image)}"


def update(image: Image, facts: Facts) -> str:
    """Who gains or loses access comes first."""
    names = [named(each.name) for each in facts.changes]
    access = _access(image, facts)
    if not access:
        return f"update {image_label(image)}: {few(names)}"
    rest = [each for each in names if each != named("visibility")]
    return f"{access}, and update {few(rest)}" if rest else access


def change_account(what: str, account: Account, changes: Sequence[Change]) -> str:
    """A change of an account's roles, limits or policy."""
    lines = [
        f"{typed(each.name)} from {_some(each.before)} to {_some(each.after)}" for each in changes
    ]
    return f"change the {what} of account {account_label(account)}: {listed(lines)}"


def unlink(account: Account) -> str:
    return f"unlink account {account_label(account)}"


def trust(account: Account, producer: str) -> str:
    return f"accept images from {code(producer)} automatically for account {account_label(account)}"


def _some(value: str) -> str:
    return typed(value) if value else "none"


def _access(image: Image, facts: Facts) -> str:
    shown = image_label(image)
    if facts.gains == EVERYBODY:
        return f"make {shown} bootable by *every account in this cloud*"
    if facts.loses == EVERYBODY:
        return f"stop *every account in this cloud* except its members from booting {shown}"
    if facts.gains:
        return f"make {shown} shared, which gives access to {parties(facts.gains)}"
    if facts.loses:
        return f"make {shown} private, which ends access for {parties(facts.loses)}"
    return ""


def parties(whom: Sequence[Party]) -> str:
    """Accounts that gain or lose access; the first few of many."""
    return few([party(each) for each in whom])


def few(items: Sequence[str]) -> str:
    """List the first few; the details show all of them."""
    more = [f"{len(items) - SHOWN} more"] if len(items) > SHOWN else []
    return listed([*items[:SHOWN], *more])


def party(whom: Party) -> str:
    """One of them, with its name and who gave it."""
    if whom.number == ALL_ACCOUNTS:
        return "*every account in this cloud*"
    if whom.number == UNLISTED:
        return "any other account it was shared with before"
    by = f", named by <@{whom.named_by}>" if whom.named_by else ""
    return (
        f"{code(whom.number)} ({named(whom.nickname)}{by})" if whom.nickname else code(whom.number)
    )


def share(image: Image, whom: Sequence[str], span: timedelta | None = None) -> str:
    """*whom* are accounts as messages name them."""
    until = f" for {duration(span)}" if span else ""
    return f"share {image_label(image)} with {few(whom)}{until}"


def unshare(image: Image, whom: str) -> str:
    """*whom* is an account as messages name it."""
    return f"end access to {image_label(image)} for {whom}"


def delete(image: Image, shared: Sequence[str]) -> str:
    losing = f", which ends access for {few([code(n) for n in shared])}" if shared else ""
    return f"delete {image_label(image)}{losing}"


def export(image: Image, container: str) -> str:
    return f"export {image_label(image)} to container {named(container)}"


def download(container: str, name: str, region: str) -> str:
    return f"create a public download link for {named(f'{container}/{name}')} in {region}"


def import_(container: str, name: str, image_name: str, region: str) -> str:
    return f"import {named(f'{container}/{name}')} in {region} as {named(image_name)}"


def copy(image: Image, region: str, numbers: Sequence[str]) -> str:
    shared = f" and share the copy with {few([code(n) for n in numbers])}" if numbers else ""
    return f"copy {image_label(image)} to {named(region)}{shared}"


def answer(verb: str, image: Image) -> str:
    return f"{verb} the invitation to {image_label(image)}"


def snapshot(server: str, name: str, region: str) -> str:
    return f"create image {named(name)} from server {named(server)} in {region}"


def launch(image: Image, name: str, flavor: str) -> str:
    return f"launch server {named(name)} ({named(flavor)}) from {image_label(image)}"


def extend(image: Image, number: str) -> str:
    return f"extend access to {image_label(image)} for {code(number)}"
