"""What python-openstackclient does with an object store, on the stand-in and on a real Swift."""

from __future__ import annotations

from tests.clients.sites import Site


def test_a_container_is_made_described_listed_and_deleted(site: Site) -> None:
    site.run("openstack container create c1-@ c2-@")
    site.run("openstack container set c1-@ --property owner=ann")
    described = site.read("container show c1-@")
    site.run("openstack container unset c1-@ --property owner")
    bare = site.read("container show c1-@")
    listed = site.read("container list --prefix c --all")
    after = site.read("container list --prefix c --marker c1-@ --end-marker c3")
    site.run("openstack container delete c1-@ c2-@")

    assert described["properties"] == {"Owner": "ann"}
    assert "properties" not in bare
    assert {f"c1-{site.mark}", f"c2-{site.mark}"} <= {row["Name"] for row in listed}
    assert f"c1-{site.mark}" not in {row["Name"] for row in after}
    assert site.ends("openstack container show c1-@").code == 1


def test_an_object_is_sent_described_read_and_deleted(site: Site) -> None:
    site.write("one.txt", b"first")
    site.write("two.txt", b"second")
    site.run("openstack container create c-@")
    sent = site.read("object create c-@ one.txt two.txt")
    site.run("openstack object set c-@ one.txt --property colour=red")
    shown = site.read("object show c-@ one.txt")
    site.run("openstack object unset c-@ one.txt --property colour")
    bare = site.read("object show c-@ one.txt")
    listed = site.read("object list c-@ --prefix t --long")
    site.run("openstack object save c-@ two.txt --file copy.txt")
    refused = site.ends("openstack container delete c-@")
    site.run("openstack container delete c-@ --recursive")

    assert [row["object"] for row in sent] == ["one.txt", "two.txt"]
    assert (shown["content-length"], shown["properties"]) == ("5", {"Colour": "red"})
    assert "properties" not in bare
    assert [(row["Name"], row["Bytes"]) for row in listed] == [("two.txt", 6)]
    assert site.saved("copy.txt") == b"second"
    assert refused.code == 1
    assert site.ends("openstack container show c-@").code == 1


def test_a_container_is_saved_whole(site: Site) -> None:
    site.write("one.txt", b"first")
    site.run("openstack container create c-@")
    site.run("openstack object create c-@ one.txt --name folder/one.txt")

    site.run("openstack container save c-@")

    assert site.saved("folder/one.txt") == b"first"


def test_an_account_is_described(site: Site) -> None:
    site.run("openstack object store account set --property colour-@=red")
    shown = site.read("object store account show")
    site.run("openstack object store account unset --property colour-@")
    after = site.read("object store account show")

    assert shown["properties"][f"Colour-{site.mark.title()}"] == "red"
    assert f"Colour-{site.mark.title()}" not in after.get("properties", {})
