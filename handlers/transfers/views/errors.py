"""Words for what stands in the way of an export, an import, a copy or a download."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.transfers import errors as user
from handlers.ui.blocks import code, listed, named

WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    user.NoWay: lambda e: (
        f"There is no way to {e.doing} images in {named(e.region)}: the cloud does not do it "
        "itself there, and has no object storage for your account. See `/images status`."
    ),
    user.NotExportable: lambda e: (
        f"{named(e.name)} cannot be exported, for its licence forbids it: it is, or was made of, "
        f"Windows or Red Hat ({code('com.rackspace__1__options')} is {named(e.options)}, not "
        "`0`). Nothing was begun."
    ),
    user.NotActive: lambda e: (
        f"{named(e.name)} is {e.status}, and only an active image has data to give."
        + (
            f" Make it active with {code(f'/images reactivate {e.image_id}')} first."
            if e.status == "deactivated"
            else ""
        )
        + " Nothing was begun."
    ),
    user.BadContainer: lambda e: (
        f"{named(e.name)} cannot be the name of a container"
        + (
            " to export to: this cloud takes none with a `/`, `?` or `.`."
            if e.by_task
            else ": it has 1 to 256 bytes, and no `/`."
        )
        + " Take another name. Nothing was begun."
    ),
    user.NoContainer: lambda e: (
        f"There is no container {named(e.container)} in {e.place.region}. Nothing was begun."
    ),
    user.NotALocation: lambda e: (
        f"{named(e.word)} does not say which object: write {code('CONTAINER/OBJECT')}, as in "
        f"{code('exports/my-image.vhd')}."
    ),
    user.NoSuchObject: lambda e: (
        f"There is no object {named(e.location, 200)} in {listed(e.searched) or 'your regions'}. "
        "Capitals count. `/images import` alone opens a form with a menu of them."
    ),
    user.InSeveralPlaces: lambda e: (
        f"{named(e.location, 200)} is there more than once: in "
        f"{listed([f'{region} of account {code(number)}' for number, region in e.places])}. "
        f"Say which one, for example with {_one_of(e.places)}."
    ),
    user.EmptyObject: lambda e: (
        f"{named(e.location, 200)} is empty: there is nothing to import. Nothing was begun."
    ),
    user.UnknownFormat: lambda e: (
        f"The name of {named(e.location, 200)} does not say what kind of disk it holds. Add one of "
        f"{listed([code(f'--format {each}') for each in e.known], 'or')}."
    ),
    user.NothingChosen: lambda e: f"Choose {e.what} first.",
    user.SameRegion: lambda e: (
        f"{named(e.name)} is in {e.region} already. Copy it to another region."
    ),
    user.KeysTaken: lambda e: (
        f"No link can be made: both keys of the object storage in {e.region} that sign such links "
        "are set by somebody else, and I change none that is not mine. Have one of the headers "
        "`X-Account-Meta-Temp-URL-Key` and `X-Account-Meta-Temp-URL-Key-2` removed, then try again."
    ),
    user.NoSuchTransfer: lambda e: (
        f"Neither you nor your accounts have a task {named(e.word)}. The cloud forgets its tasks "
        "48 hours after their end. See `/images tasks`."
    ),
}


def _one_of(places: Sequence[tuple[str, str]]) -> str:
    """What tells the first of these places, account and region, from the others."""
    number, region = places[0]
    options = [f"--region {region}"] if len({each for _, each in places}) > 1 else []
    options += [f"--account {number}"] if len({each for each, _ in places}) > 1 else []
    return code(" ".join(options))
