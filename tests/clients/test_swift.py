"""What python-swiftclient does, on the stand-in and on a real Swift alike."""

from __future__ import annotations

import json

import pytest

from tests.clients.sites import Site


def test_a_container_is_made_described_and_deleted(site: Site) -> None:
    site.run("swift post c-@ --meta colour:red --read-acl .r:*,.rlistings")
    shown = _fields(site.run("swift stat c-@"))
    site.run("swift post c-@ --meta colour:")
    after = _fields(site.run("swift stat c-@"))
    site.run("swift delete c-@")

    assert (shown["Meta Colour"], shown["Read ACL"]) == ("red", ".r:*,.rlistings")
    assert "Meta Colour" not in after
    assert site.ends("swift stat c-@").code == 1


def test_an_object_is_sent_described_copied_read_and_deleted(site: Site) -> None:
    site.write("one.txt", b"first")
    site.run("swift upload c-@ one.txt --header 'X-Object-Meta-Colour: red'")
    site.run("swift post c-@ one.txt --meta size:small --header 'Content-Type: text/x-poem'")
    site.run("swift copy c-@ one.txt --destination /c-@/two.txt --meta kind:copy")
    shown, copied = (_fields(site.run(f"swift stat c-@ {name}.txt")) for name in ("one", "two"))
    site.run("swift download c-@ two.txt --output copy.txt")
    site.run("swift delete c-@ one.txt")

    assert (shown["Content Length"], shown["Content Type"]) == ("5", "text/x-poem")
    assert (shown["Meta Size"], "Meta Colour" in shown) == ("small", False)
    assert (copied["Meta Size"], copied["Meta Kind"]) == ("small", "copy")
    assert site.saved("copy.txt") == b"first"
    assert site.run("swift list c-@").split() == ["two.txt"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("", "a/1 a/b/2 c z/"),
        ("-d /", "a/ c z/"),
        ("-d / -p a/", "a/1 a/b/"),
        ("-d / -p a", "a/"),
        ("-p a", "a/1 a/b/2"),
        ("-d b", "a/1 a/b c z/"),
    ],
)
def test_objects_are_listed_by_folder(folders: Site, options: str, names: str) -> None:
    assert folders.run(f"swift list folders {options}").split() == names.split()


@pytest.fixture
def folders(site: Site) -> Site:
    if site.ends("swift stat folders").code:
        for name in ("a/1", "a/b/2", "c"):
            site.write("one.txt", b"x")
            site.run(f"swift upload folders one.txt --object-name {name}")
        site.run(
            "swift upload folders --object-name z/ --header 'Content-Type: text/plain' one.txt"
        )
    return site


@pytest.mark.parametrize("kind", ["--use-slo", "--use-dlo"])
def test_a_large_object_is_sent_in_segments_and_goes_with_them(site: Site, kind: str) -> None:
    data = site.write("large.bin", bytes(range(256)) * 4000)
    site.run(f"swift upload c-@ large.bin --segment-size 300000 {kind}")
    shown = _fields(site.run("swift stat c-@ large.bin"))
    segments = site.run("swift list c-@_segments").split()
    site.run("swift download c-@ large.bin --output copy.bin")
    again = site.run(f"swift upload c-@ large.bin --segment-size 300000 {kind} --skip-identical")
    site.run("swift delete c-@ large.bin")

    assert (shown["Content Length"], len(segments)) == (str(len(data)), 4)
    assert site.saved("copy.bin") == data
    assert "segment" not in again
    assert site.run("swift list c-@_segments") == ""


def test_a_changed_large_object_leaves_no_old_segments(site: Site) -> None:
    site.write("large.bin", b"a" * 900)
    site.run("swift upload c-@ large.bin --segment-size 300 --use-slo")
    site.write("large.bin", b"b" * 500)
    site.run("swift upload c-@ large.bin --segment-size 300 --use-slo --changed")

    assert len(site.run("swift list c-@_segments").split()) == 2


def test_a_folder_is_sent_read_and_deleted_in_bulk(site: Site) -> None:
    (site.folder / "folder").mkdir()
    for number in range(12):
        site.write(f"folder/{number}.txt", b"x" * number)
    site.run("swift upload c-@ folder")
    listed = json.loads(site.run("swift list c-@ --json"))
    total = site.run("swift list c-@ --long --totals")
    site.run("swift download c-@ --prefix folder/1 --output-dir read")
    site.run("swift delete c-@ --prefix folder/")

    assert [row["bytes"] for row in listed if row["name"] == "folder/7.txt"] == [7]
    assert str(sum(range(12))) in total
    assert sorted(path.name for path in (site.folder / "read" / "folder").iterdir()) == [
        *("1.txt", "10.txt", "11.txt")
    ]
    assert site.run("swift list c-@") == ""


def test_an_account_is_described_and_says_what_it_can_do(site: Site) -> None:
    site.run("swift post --meta colour-@:red")
    shown = _fields(site.run("swift stat"))
    site.run("swift post --meta colour-@:")
    after = _fields(site.run("swift stat"))
    told = json.loads(site.run("swift capabilities --json"))

    assert shown[f"Meta Colour-{site.mark.title()}"] == "red"
    assert f"Meta Colour-{site.mark.title()}" not in after
    assert {"swift", "slo", "tempurl", "bulk_delete"} <= told.keys()


def test_what_is_not_there_is_said_so(site: Site) -> None:
    ended = site.ends("swift download c-@ none.txt")

    assert (ended.code, "none.txt' not found" in ended.err) == (1, True)


def _fields(text: str) -> dict[str, str]:
    lines = [line.strip().partition(": ") for line in text.splitlines()]
    return {key: value for key, _, value in lines}
