"""What is about to be done, as it follows "asks to" or "confirm that I shall"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cloud.models import Image
from handlers.ui.blocks import code, listed, named
from handlers.ui.labels import duration, image_label


def change(verb: str, image: Image, what: Sequence[str] = ()) -> str:
    """*what* names the properties."""
    shown = f": {listed([named(each) for each in what])}" if what else ""
    return f"{verb} {image_label(image)}{shown}"


def share(image: Image, whom: Sequence[str], span: timedelta | None = None) -> str:
    """*whom* are accounts as messages name them."""
    until = f" for {duration(span)}" if span else ""
    return f"share {image_label(image)} with {listed(whom)}{until}"


def unshare(image: Image, whom: str) -> str:
    """*whom* is an account as messages name it."""
    return f"end the access of {whom} to {image_label(image)}"


def delete(image: Image, shared: Sequence[str]) -> str:
    losing = f", which {listed([code(n) for n in shared])} would lose" if shared else ""
    return f"delete {image_label(image)}{losing}"


def export(image: Image, container: str) -> str:
    return f"export {image_label(image)} to the container {named(container)}"


def download(container: str, name: str, region: str) -> str:
    return f"make a public link to {named(f'{container}/{name}')} in {region}"


def import_(container: str, name: str, image_name: str, region: str) -> str:
    return f"import {named(f'{container}/{name}')} in {region} as {named(image_name)}"


def copy(image: Image, region: str, numbers: Sequence[str]) -> str:
    shared = f" and share the copy with {listed([code(n) for n in numbers])}" if numbers else ""
    return f"copy {image_label(image)} to {named(region)}{shared}"


def answer(verb: str, image: Image) -> str:
    return f"{verb} the invitation to {image_label(image)}"


def snapshot(server: str, name: str, region: str) -> str:
    return f"make the image {named(name)} of the server {named(server)} in {region}"


def launch(image: Image, name: str, flavor: str) -> str:
    return f"build the server {named(name)} ({named(flavor)}) from {image_label(image)}"


def extend(image: Image, number: str) -> str:
    return f"let {code(number)} have {image_label(image)} for longer"
