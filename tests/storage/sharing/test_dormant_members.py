"""Whom an image was shared with before it was made private."""

from __future__ import annotations

from storage import Store

PLACE = ("https://cloud.example", "DFW", "i1")
OTHER = ("https://cloud.example", "ORD", "i1")


def test_members_are_noted_once_by_place_and_forgotten(store: Store) -> None:
    store.dormant.note(*PLACE, ["22", "11"])
    store.dormant.note(*PLACE, ["22"])
    store.dormant.note(*OTHER, ["33"])

    known = store.dormant.of_image(*PLACE)
    store.dormant.forget(*PLACE)

    assert known == ["11", "22"]
    assert (store.dormant.of_image(*PLACE), store.dormant.of_image(*OTHER)) == ([], ["33"])
