"""The record, as people read it in Slack: all that concerns them, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import handlers
from bot.work.transfers.attempt import ACTIONS
from handlers import Click, Message, Person, Services
from handlers.core.errors import BadButton
from handlers.reports.views.audit import AuditQuery
from handlers.reports.views.audit_phrases import PHRASES
from handlers.ui import error_words
from sandbox.cloud import CloudStandIn
from storage import Account, AccountKey, AuditFilter, Kind
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read, said
from tests.storage.fixtures import HandClock

ROOT = Path(handlers.__file__).parents[1]
CODE = [path for folder in ("handlers", "bot") for path in (ROOT / folder).rglob("*.py")]
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW")


def test_it_says_who_did_what_where_and_what_came_of_it(
    talk: Talk, producer: Person, web: str, services: Services
) -> None:
    talk.say(producer, "update web name=db min_ram=512")

    [row] = services.store.audit.recent()
    assert row.request_id.startswith("req-")
    assert read(talk.say(producer, "audit")) == (
        "Audit, newest first: 1 entry.\n"
        f"<@U1> updated `{web}`\n"
        "`min_ram`: `0` → `512`\n"
        "`name`: `web` → `db`\n"
        f"(time) · account `1100111` in DFW · done · `named web` · request `{row.request_id}`\n"
        "Changes made in this workspace, on accounts that you can use here."
    )


def test_a_share_is_told_with_whom_and_why_and_a_role_with_whose_it_is(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    asked = talk.say(producer, f'share web {CONSUMER_A} for 7d because "the release"')
    talk.press(producer, asked, "Share")
    talk.say(producer, "allow <@U2> operator")
    talk.say(producer, "limit <#C7> viewer")

    limited, allowed, shared = _entries(talk.say(producer, "audit"))

    assert shared.startswith(f"<@U1> shared `{web}` with `{CONSUMER_A}`\n")
    assert "done · `named web; for 7 days; because the release` · request `req-" in shared
    assert allowed.startswith("<@U1> changed the role of <@U2>\n`role`: `none` → `operator`\n")
    assert limited.startswith("<@U1> changed the limit in <#C7>\n`most`: ")


def test_what_failed_is_there_and_can_be_asked_for_alone(
    talk: Talk,
    producer: Person,
    consumer: Person,
    link: Callable[..., Account],
    web: str,
    cloud: CloudStandIn,
) -> None:
    cloud.add_account(PRODUCER, "Producer", "observer", roles=("cloudImages:observer",))
    colleague = Person("T1", "U5")
    link(colleague, PRODUCER, "Producer", user="observer")
    talk.press(colleague, talk.say(colleague, f"share web {CONSUMER_A}"), "Share")
    talk.say(producer, f"name {CONSUMER_A} partner")

    failed = read(talk.say(producer, "audit --failed"))

    assert failed.startswith("Audit, newest first: 1 entry. Only: failed.\n")
    assert f":x: *Failed:* <@U5> shared `{web}` with `{CONSUMER_A}`" in failed
    assert "· failed: `MissingRole` · `named web` · request `req-" in failed


def test_a_change_is_shown_where_a_reader_sees_one(
    talk: Talk, producer: Person, services: Services
) -> None:
    with services.store.audit.entry("T1/U1", "account.policy", "1-2-3", account=PRODUCER) as entry:
        entry.before = {"shared_with": [], "rules": {}, "tags": ["a"], "people": 1}
        entry.after = {"rules": {"share": "always"}, "tags": [], "people": 1, "long": "x" * 200}

    [shown] = _entries(talk.say(producer, "audit"))

    assert shown.splitlines()[1:-1] == [
        f"`long`: nothing → `{'x' * 59}…`",
        "`rules`: nothing → `share: always`",
        "`tags`: `a` → nothing",
    ]


def test_a_request_is_named_with_what_it_wanted(
    talk: Talk, producer: Person, services: Services
) -> None:
    wanted = f"image.share 1-2-3 with {CONSUMER_A}"
    for action, target in (
        ("approval.ask", wanted),
        ("approval.approve", f"2vzk2r {wanted}"),
        ("approval.expire", "2vzk2r"),
    ):
        with services.store.audit.entry("T1/U1", action, target, account=PRODUCER):
            pass

    heads = [entry.splitlines()[0] for entry in _entries(talk.say(producer, "audit"))]

    assert heads == [
        "<@U1> closed expired request `2vzk2r`",
        f"<@U1> approved request `2vzk2r` (`image.share`: `1-2-3` with `{CONSUMER_A}`)",
        f"<@U1> requested approval of `image.share`: `1-2-3` with `{CONSUMER_A}`",
    ]


def test_what_never_ended_says_so(talk: Talk, producer: Person, services: Services) -> None:
    """The process died in the middle, as a killed one does."""
    died = services.store.audit.entry("T1/U1", "image.delete", "1-2-3", account=PRODUCER)
    died.__enter__()

    [entry] = _entries(talk.say(producer, "audit"))

    assert entry.startswith(":grey_question: *Unfinished:* <@U1> deleted `1-2-3`\n")
    assert "outcome unknown: check whether it was done" in entry


def test_what_a_stranger_named_is_harmless(
    talk: Talk, producer: Person, cloud: CloudStandIn
) -> None:
    image_id = cloud.add_image(owner=PRODUCER, name="<!channel> `x` & <@U9>", region="DFW")
    talk.say(producer, f"update {image_id} name=plain")

    assert "`name`: `&lt;!channel&gt; ˋxˋ &amp; &lt;@U9&gt;` → `plain`" in read(
        talk.say(producer, "audit")
    )


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("", 4),
        ("--action image", 3),
        ("--action image.tag", 1),
        ("--by me", 4),
        ("--by <@U2>", 0),
        ("--region ORD", 0),
        ("--region DFW", 3),
        ("--region dfw", 3),
        ("--by me --action image.tag --region DFW", 1),
        ("--account 1100111", 4),
        ("--since 1h", 1),
        ("--until 1h", 3),
        ("--since 2026-01-01", 4),
        ("--failed", 0),
    ],
)
def test_options_say_which_of_it(
    talk: Talk, producer: Person, web: str, clock: HandClock, options: str, count: int
) -> None:
    for command in ("tag web blue", "update web name=db", f"protect {web}"):
        talk.say(producer, command)
    clock.advance(hours=2)
    talk.say(producer, f"name {CONSUMER_A} partner")

    answer = read(talk.say(producer, f"audit {options}"))

    assert answer.count("<@U1> ") == count


def test_the_image_may_be_named_by_its_id(talk: Talk, producer: Person, web: str) -> None:
    talk.say(producer, "tag web blue")

    assert "changed the tags" in read(talk.say(producer, f"audit --image {web}"))
    assert read(talk.say(producer, "audit --image 00000000")).startswith(
        "No audit entries. Only: image `00000000`."
    )


def test_ten_are_on_a_page(talk: Talk, producer: Person) -> None:
    for n in range(23):
        talk.say(producer, f"name {7700000 + n} partner-{n}")

    first = talk.say(producer, "audit --by me")
    second = talk.press(producer, first, "Older")
    third = talk.press(producer, second, "Older")
    talk.say(producer, "name 8800000 newest")
    again = talk.press(producer, third, "Newer")
    newest = talk.press(producer, talk.press(producer, again, "Newer"), "Newer")

    assert [labels(m) for m in (first, second, third)] == [
        ["Older"],
        ["Newer", "Older"],
        ["Newer"],
    ]
    assert [_numbers(m) for m in (first, second, third)] == [
        list(range(7700022, 7700012, -1)),
        list(range(7700012, 7700002, -1)),
        list(range(7700002, 7699999, -1)),
    ]
    assert _numbers(again) == _numbers(second)
    assert _numbers(newest) == [8800000, *range(7700022, 7700013, -1)]
    assert labels(newest) == ["Older"]


def test_nobody_reads_what_was_done_with_accounts_of_others(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    talk.say(producer, "tag web blue")

    before = read(talk.say(consumer, "audit"))
    talk.say(producer, "allow <@U2> viewer")
    after = read(talk.say(consumer, "audit --account 1100111"))

    assert "changed the tags" not in before
    assert "<@U1> changed the tags" in after


def test_nobody_reads_on_when_the_account_was_taken_from_them(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    talk.say(producer, "allow <@U2> operator")
    talk.say(consumer, "tag web blue --account 1100111")
    before = read(talk.say(consumer, "audit"))
    talk.say(producer, "allow <@U2> none")

    assert "<@U2> changed the tags" in before
    assert "changed" not in read(talk.say(consumer, "audit"))


def test_where_an_account_may_not_be_used_its_record_is_not_read(
    talk: Talk, producer: Person, link: Callable[..., Account], web: str
) -> None:
    """They speak in C1."""
    link(producer, CONSUMER_A, "Consumer A")
    talk.say(producer, "tag web blue --account 1100111")
    talk.say(producer, "limit <#C1> none --account 1100111")

    answer = read(talk.say(producer, "audit"))

    assert answer.startswith("No audit entries.")


def test_what_concerns_no_account_is_for_whoever_did_it(
    talk: Talk, producer: Person, consumer: Person, services: Services
) -> None:
    for person in (producer, consumer):
        with services.store.audit.entry(person.actor, "account.link", person.actor):
            pass

    assert _entries(talk.say(producer, "audit"))[0].startswith("<@U1> linked an account for <@U1>")
    assert len(_entries(talk.say(producer, "audit"))) == 1


def test_what_jobs_did_is_on_record_for_the_workspace_they_did_it_for(
    talk: Talk, producer: Person, services: Services
) -> None:
    for team in ("T1", "T2"):
        actor = f"{team}/job/expiries"
        target = f"{team}-image with {CONSUMER_A}"
        with services.store.audit.entry(actor, "image.unshare", target, account=PRODUCER):
            pass

    [entry] = _entries(talk.say(producer, "audit"))

    assert entry.startswith(f"The bot (`expiries`) unshared `T1-image` with `{CONSUMER_A}`")


def test_another_workspace_with_the_same_account_reads_its_own_alone(
    talk: Talk, producer: Person, link: Callable[..., Account], web: str
) -> None:
    other = Person("T2", "U1")
    link(other, PRODUCER, "Producer")
    talk.say(producer, "tag web blue")
    talk.say(other, "tag web green")

    assert read(talk.say(other, "audit")).count("changed the tags") == 1
    assert read(talk.say(producer, "audit")).count("changed the tags") == 1


@pytest.mark.parametrize(
    "forged",
    [
        AuditQuery(by="T1/U1", account=PRODUCER, before=1_000_000),
        AuditQuery(by="T2/U1", account=PRODUCER, after=1),
        AuditQuery(action="image", after=1, before=1_000_000),
    ],
)
def test_a_forged_page_shows_nothing_more(
    services: Services,
    talk: Talk,
    producer: Person,
    consumer: Person,
    link: Callable[..., Account],
    web: str,
    forged: AuditQuery,
) -> None:
    other = Person("T2", "U1")
    link(other, PRODUCER, "Producer")
    for person in (producer, other):
        talk.say(person, "tag web blue green")

    answer = said(handlers.answer(Click(consumer, "audit.older", forged.value()), services))

    assert read(answer).startswith("No audit entries. Only: ")


@pytest.mark.parametrize(
    "parts",
    [
        ["", "", "", "", "", "", "", "", "one"],
        ["", "", "", "", "", "", "", "", "0", "-1"],
        ["", "", "", "", "", "", "", "", "9" * 30, "0"],
        ["", "", "", "", "", "soon", "", "", "0", "0"],
        ["", "", "", "", "", "0001-01-01T00:00:00+23:00", "", "", "0", "0"],
    ],
)
def test_a_page_that_no_button_asks_for_is_refused(
    services: Services, producer: Person, parts: list[str]
) -> None:
    click = Click(producer, "audit.newer", json.dumps(parts))

    answer = said(handlers.answer(click, services))

    assert answer == error_words.explain(BadButton()).as_note()


def test_the_beginning_of_a_transfer_is_on_record(
    talk: Talk, producer: Person, web: str, services: Services
) -> None:
    talk.press(producer, talk.say(producer, "export web backups"), "Create container and export")

    container, entry = _entries(talk.say(producer, "audit"))[::-1]

    [transfer] = services.store.transfers.of("T1", "U1")
    assert container.startswith("<@U1> created container `backups`\n")
    assert "· account `1100111` in DFW · done · request `tx" in container
    assert entry.startswith("<@U1> started exporting `web`\n")
    assert f"· account `1100111` in DFW · done · `transfer {transfer.id}`" in entry


def test_whatever_is_put_on_record_has_words() -> None:
    called = {action for path in CODE for action in _recorded(path)}
    called |= {f"{kind}.begin" for kind in Kind} | set(ACTIONS.values())

    assert {"image.share", "invitation.trust", "approval.expire", "account.link"} < called
    assert called <= PHRASES.keys()


def _recorded(path: Path) -> Iterator[str]:
    """What the calls in a file that open an entry name as the action."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("audited", "_audited", "entry", "_record", "_end"):
                given = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
                yield from (str(each) for each in given if ACTION.fullmatch(str(each)))


def _entries(message: Message) -> list[str]:
    """Each entry of a page, its lines together."""
    blocks = [block for block in message.blocks if block["type"] != "actions"][1:-1]
    pairs = zip(blocks[::2], blocks[1::2], strict=True)
    return [read(Message("an entry", pair)) for pair in pairs]


def _numbers(message: Message) -> list[int]:
    return [int(number) for number in re.findall(r"the name of account `(\d+)`", read(message))]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("audit now", "Usage: `/images audit`."),
        ("audit --since soon", "`--since` cannot be `soon`. Use a day such as `2026-03-05`"),
        ("audit --until 2026-13-01", "`--until` cannot be `2026-13-01`."),
        ("audit --by ann", "`--by` cannot be `ann`. Use `me`, or mention a person"),
        ("audit --by", "`--by` needs a value, as in `--by @ann`."),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_step(
    talk: Talk, producer: Person, text: str, answer: str
) -> None:
    assert read(talk.say(producer, text)).startswith(answer)


def test_a_refused_attempt_is_on_record_once_a_minute(
    talk: Talk, services: Services, producer: Person, link: Callable[..., Account]
) -> None:
    colleague = Person("T1", "U7")
    link(colleague, PRODUCER, "Producer")

    for _ in range(3):
        talk.say(colleague, "policy delete always")

    [row] = services.store.audit.find(AuditFilter(action="access.refuse"))
    assert (row.actor, row.target, row.account) == ("T1/U7", "policy", PRODUCER)
    assert (row.outcome, row.detail) == ("failed: LacksRole", "takes admin")
    assert "was refused `policy`" in read(talk.say(producer, "audit"))


@pytest.mark.parametrize(
    ("command", "error", "detail"),
    [
        ("allow <#C7> approver", "OpenSubject", "approver is for people only"),
        ("allow <@U1> viewer", "OwnerStays", "U1 stays admin"),
    ],
)
def test_what_a_rule_forbids_an_admin_is_on_record_too(
    talk: Talk, services: Services, producer: Person, command: str, error: str, detail: str
) -> None:
    talk.say(producer, "allow <@U7> admin")
    services.store.audit.recent()

    talk.say(producer if "#" in command else Person("T1", "U7"), command)

    [row] = services.store.audit.find(AuditFilter(action="access.refuse"))
    assert (row.target, row.account) == ("allow", PRODUCER)
    assert (row.outcome, row.detail) == (f"failed: {error}", detail)


def test_an_attempt_to_approve_ones_own_request_is_on_record(
    talk: Talk, services: Services, producer: Person, cloud: CloudStandIn
) -> None:
    cloud.add_image(PRODUCER, name="web", region="DFW")
    talk.say(producer, "allow <@U7> approver")
    talk.say(producer, "policy delete always")
    question = talk.say(producer, "delete web")
    talk.press(producer, question, labels(question)[0])
    [approval] = services.store.approvals.waiting("T1")

    talk.say(producer, f"approve {approval.id}")

    [row] = services.store.audit.find(AuditFilter(action="access.refuse"))
    assert (row.actor, row.target, row.account) == ("T1/U1", "approve", PRODUCER)
    assert row.outcome == "failed: OwnRequest"
    assert row.detail == f"{approval.id} is their own request"


def test_the_record_of_an_account_of_the_same_number_in_another_cloud_is_not_shown(
    talk: Talk, services: Services, producer: Person
) -> None:
    with services.audited(
        "T1/U8",
        "image.share",
        "theirs",
        account=AccountKey("T1", "https://other.example", PRODUCER),
    ):
        pass

    assert "theirs" not in read(talk.say(producer, "audit"))
