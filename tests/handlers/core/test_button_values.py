"""What buttons and forms carry: written and read alike, and as messages already sent have it."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers
from handlers.addressbook.views import addressbook
from handlers.approvals.views import requests
from handlers.core.button_values import HIGHEST, ButtonValue, number, unpack
from handlers.core.errors import BadButton, TooLong
from handlers.core.places import ImageRef, ProducerRef
from handlers.editing.parse import RequestedChanges
from handlers.editing.views.delete import Delete
from handlers.editing.views.update import Form
from handlers.editing.views.wake import Wake
from handlers.images.views.browse import Query
from handlers.images.views.choose import Choice
from handlers.invitations.views.inbox import InboxPage
from handlers.invitations.views.snooze import Snooze, SnoozeLength
from handlers.notifications.views.escalation import ContactOf
from handlers.notifications.views.preferences import Save
from handlers.permissions.views.permissions import OfAccount, TakeBack
from handlers.permissions.views.policy_form import Shown
from handlers.reports.views.audit import AuditQuery
from handlers.servers.views.launch import Launch
from handlers.servers.views.list import ServerRef
from handlers.servers.views.snapshot import Snapshot
from handlers.sharing.views import expiry
from handlers.sharing.views.members import Unshare
from handlers.sharing.views.share import Share
from handlers.tracking.views.tracking import Remind
from handlers.transfers.views.copy import Copy
from handlers.transfers.views.download import Stored
from handlers.transfers.views.export import Export
from handlers.transfers.views.import_ import Follow, Import
from handlers.transfers.views.tasks import TaskRef
from handlers.ui.image_buttons import InvitationAnswer, MembersPage, Origin
from handlers.ui.kept_forms import Reopen
from handlers.ui.pick_image import Picked
from handlers.ui.typeahead_options import FormRegion
from storage import Decision, Subject

IMAGE, SERVER = ImageRef("a-1", "DFW", "i-1"), ServerRef("a-1", "DFW", "s-1")
AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)

IN_MESSAGES = (
    (IMAGE, '["a-1","DFW","i-1"]'),
    (SERVER, '["a-1","DFW","s-1"]'),
    (TaskRef("a-1", "DFW", "t-1"), '["a-1","DFW","t-1"]'),
    (ProducerRef("a-1", "1100111"), '["a-1","1100111"]'),
    (InvitationAnswer(IMAGE, "pending", Origin.HOME), '["a-1","DFW","i-1","pending","home"]'),
    (MembersPage(IMAGE, 2), '["a-1","DFW","i-1","2"]'),
    (FormRegion("a-1", "DFW"), '["a-1","DFW"]'),
    (Reopen("f0e1"), '["f0e1"]'),
    (addressbook.BookPage("a-1", 2), '["a-1","2"]'),
    (addressbook.Entry("a-1", "554433"), '["a-1","554433"]'),
    (requests.Decide("a2b3c4", Decision.DENY), '["a2b3c4","deny"]'),
    (requests.ListPage("U2", 2, 7), '["U2","2","7"]'),
    (
        Wake.of(IMAGE, RequestedChanges({"visibility": "shared"}), ["554433"]),
        r'["a-1","DFW","i-1","[{\"visibility\":\"shared\"},[],[],[]]","554433"]',
    ),
    (Delete(IMAGE, "0123", "old"), '["a-1","DFW","i-1","0123","old"]'),
    (
        Form(IMAGE, "2026-03-01T12:00:00Z", 1, {"name": 'a "web"'}),
        r'["a-1","DFW","i-1","2026-03-01T12:00:00Z","1","name","a \"web\""]',
    ),
    (
        Query("a-1", "mine", ("web", 's"1'), None, ("blue",), "active", "name", 3),
        r'["a-1","mine","[\"web\",\"s\\\"1\"]","","[\"blue\"]","active","name","3"]',
    ),
    (Choice("share", IMAGE, ("554433", "7d")), '["share","a-1","DFW","i-1","554433","7d"]'),
    (InboxPage("U2", 2, 4), '["U2","2","4"]'),
    (Picked("tag"), '["tag"]'),
    (OfAccount("a-1"), '["a-1"]'),
    (ContactOf("a-1"), '["a-1","",""]'),
    (
        Shown("a-1", 2, 8, "C5", True, False, True, ("outside", "never")),
        '["a-1","2","8","C5","1","","1","outside","never"]',
    ),
    (Snooze(IMAGE, SnoozeLength.WEEK), '["a-1","DFW","i-1","1w"]'),
    (Save("", '{"mode":"off"}'), r'["","{\"mode\":\"off\"}"]'),
    (TakeBack("a-1", Subject.PERSON, "U3"), '["a-1","person","U3"]'),
    (
        AuditQuery("T1/U2", "image.share", "i-1", "1100111", "DFW", AT, None, True, 30, 0),
        '["T1/U2","image.share","i-1","1100111","DFW","2026-03-05T09:00:00+00:00","","1","30","0"]',
    ),
    (AuditQuery(until=AT), '["","","","","","","2026-03-05T09:00:00+00:00","","0","0"]'),
    (Launch(IMAGE, "0123", "front", "f-1"), '["a-1","DFW","i-1","0123","front","f-1"]'),
    (Snapshot(SERVER, "golden", "0123"), '["a-1","DFW","s-1","golden","0123"]'),
    (
        expiry.Extend(IMAGE, "554433", AT, expiry.Origin.MEMBERS),
        '["a-1","DFW","i-1","554433","2026-03-05T09:00:00+00:00","members"]',
    ),
    (Unshare(IMAGE, "554433", "old"), '["a-1","DFW","i-1","554433","old"]'),
    (Remind(IMAGE, "554433"), '["a-1","DFW","i-1","554433"]'),
    (
        Share(IMAGE, ("554433", "7700770"), timedelta(days=7), "why", {"554433": "U9"}),
        '["a-1","DFW","i-1","for 604800","why","554433@U9","7700770"]',
    ),
    (Copy.of(IMAGE, "0123", "ORD", ["554433"]), '["a-1","DFW","i-1","0123","ORD","554433"]'),
    (
        Copy.of(IMAGE, "0123", "ORD", ["554433"], "a test"),
        '["a-1","DFW","i-1","0123","ORD","554433","because a test"]',
    ),
    (Copy.of(IMAGE, "0123"), '["a-1","DFW","i-1","0123",""]'),
    (Stored("a-1", "DFW", "exports", "web/ü.vhd"), '["a-1","DFW","exports","web/ü.vhd"]'),
    (Export(IMAGE, "0123", "exports"), '["a-1","DFW","i-1","0123","exports"]'),
    (Follow(IMAGE, "all"), '["a-1","DFW","i-1","all"]'),
    (Import("a-1", "DFW", "0123"), '["a-1","DFW","0123"]'),
)
"""A value of each kind, as it stands in messages already sent."""


def _kinds() -> list[type[ButtonValue]]:
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        importlib.import_module(module.name)
    return sorted(_below(ButtonValue), key=lambda kind: (kind.__module__, kind.__name__))


def _below(kind: type[ButtonValue]) -> set[type[ButtonValue]]:
    below = set(kind.__subclasses__())
    return below.union(*map(_below, below))


KINDS = _kinds()


@pytest.mark.parametrize(("held", "packed"), IN_MESSAGES)
def test_what_stands_in_messages_already_sent_stays_as_it_is(held: Any, packed: str) -> None:
    assert held.value() == packed
    assert type(held).read(packed) == held


def test_a_page_button_of_before_counts_pages_as_it_did_then() -> None:
    assert InboxPage.read('["U2","2"]') == InboxPage("U2", 2, 5)


def test_what_each_kind_looks_like_in_messages_is_written_down() -> None:
    """Whoever adds a kind adds its sample above, and so notices when they change it."""
    assert set(KINDS) - {type(held) for held, _ in IN_MESSAGES} == set()


texts = st.text(max_size=12)


def _held(kind: Any) -> st.SearchStrategy[Any]:
    if isinstance(kind, type) and issubclass(kind, ButtonValue):
        parts = {name: _held(each) for name, each in get_type_hints(kind).items() if name != "most"}
        return st.builds(kind, **parts)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    moments = st.datetimes(timezones=st.just(UTC))
    return {
        str: texts,
        int: st.integers(0, HIGHEST),
        bool: st.booleans(),
        datetime: moments,
        str | None: st.none() | st.text(min_size=1, max_size=12),
        datetime | None: st.none() | moments,
        tuple[str, ...]: st.lists(texts, max_size=5).map(tuple),
    }[kind]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@given(data=st.data())
def test_what_was_written_is_read(kind: type[ButtonValue], data: st.DataObject) -> None:
    held = data.draw(_held(kind))

    try:
        packed = held.value()
    except TooLong:
        return
    assert kind.read(packed) == held


FORGED = (
    *("", "x", "null", "{}", "[]", "[1]", "[null,null]", '["a"]', "[" * 2000),
    '["","","","","","","never","","0","0"]',
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@given(packed=st.sampled_from(FORGED) | st.lists(st.text(max_size=4), max_size=12).map(str))
def test_what_nobody_wrote_is_a_bad_button_or_an_odd_value(
    kind: type[ButtonValue], packed: str
) -> None:
    """Never an error without a name."""
    try:
        held = kind.read(packed)
    except BadButton:
        return
    assert isinstance(held, kind)


def test_a_part_that_a_later_version_adds_is_passed_over() -> None:
    assert ImageRef.read('["a-1","DFW","i-1","more"]') == IMAGE


@pytest.mark.parametrize("part", ["", "-1", "1.5", " 1", "²", "٣", str(HIGHEST + 1), "9" * 5000])
def test_no_number_is_read_where_none_was_written(part: str) -> None:
    with pytest.raises(BadButton):
        number(part)


def test_an_origin_that_is_not_known_is_the_default_where_there_is_one() -> None:
    assert InvitationAnswer.read('["a-1","DFW","i-1","pending","moon"]').origin == Origin.LIST
    with pytest.raises(BadButton):
        expiry.Extend.read('["a-1","DFW","i-1","5","2026-03-05T09:00:00+00:00","moon"]')


def test_what_slack_would_not_take_is_not_packed() -> None:
    assert len(ImageRef("a", "r", "i" * 1988).value()) == 2000
    with pytest.raises(TooLong):
        ImageRef("a", "r", "i" * 1989).value()


def test_too_few_parts_are_no_value() -> None:
    with pytest.raises(BadButton):
        unpack('["a"]', 2)
