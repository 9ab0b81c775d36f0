from storage import Invitation, Store
from tests.storage.fixtures import START


def test_round(store: Store) -> None:
    store.people.seen("T1", "U1")
    a = store.accounts.link(
        "T1",
        "U1",
        cloud="c",
        project_id="1",
        project_name="n",
        user_name="u",
        regions=["DFW"],
        region=None,
        credentials={"k": "v"},
    )
    assert store.accounts.of("T1", "U1") == [a]
    assert store.accounts.credentials(a.id) == {"k": "v"}
    i = Invitation(a.id, "DFW", "i1", "web", "9", 5, START)
    c = store.invitations.settle(a.id, "DFW", [i])
    assert [x.image_id for x in c.new] == ["i1"]
    c = store.invitations.settle(a.id, "DFW", [])
    assert [x.image_id for x in c.gone] == ["i1"]
    assert store.outbox.put(team_id="T1", user_id="U1", text="x", dedupe_key="k")
    assert not store.outbox.put(team_id="T1", user_id="U1", text="x", dedupe_key="k")
    [n] = store.outbox.claim()
    assert store.outbox.claim() == []
    store.outbox.sent(n.id, "1.2")
    assert store.once.claim("a", 5)
    assert not store.once.claim("a", 5)
    t = store.once.issue("x", {"a": 1}, 5)
    assert store.once.redeem("x", t) == {"a": 1}
    assert store.once.redeem("x", t) is None
    assert store.digests.claim_slot("T1", "U1", "s")
    assert not store.digests.claim_slot("T1", "U1", "s")
    with store.audit.entry("T1/U1", "a", "t") as e:
        e.note("n")
    assert store.audit.recent()[0].outcome == "done"
    store.people.pause("T1", "U1", "why")
    assert store.people.resume("T1", "U1") == "why"
    assert store.ready()
