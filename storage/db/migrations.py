"""
The tables, one step after another. Steps are appended, never edited.

Times are ISO-8601 text in UTC, all of one length, so that they compare as text.

Nothing reads these any more: the table `digests`, the columns `figures.shares` and
`transfers.look_at`. A release after the one that runs everywhere without them may drop them; until
then an older one may still run.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from storage.clock import Clock
from storage.db.chain import GENESIS, bind
from storage.db.columns import parse_time, site, to_text
from storage.db.database import Database
from storage.errors import Held, NotMigrated, TooNew

PATIENCE_S = 90.0
"""For which a table that others hold is tried for: the bot's own idle transactions end earlier."""
PAUSE_S = 1.0

Statement = str | Callable[[Database], None]
Step = tuple[str, tuple[Statement, ...]]


def _chain_what_was_recorded(db: Database) -> None:
    """Entries of before there was a chain are its first rows."""
    for row in db.rows("select * from audit order by at, id"):
        stage, _, error = row["outcome"].partition(": ")
        same = {key: row[key] for key in ("actor", "action", "target", "account", "region")}
        fixed = {**same, "entry_id": row["id"], "detail": row["detail"], "approvers": "[]"}
        learnt = {"before_json": "{}", "after_json": "{}", "request_id": ""}
        begun = {"at": row["at"], "stage": "started", "error": ""}
        bind(db, {**fixed, **learnt, **begun})
        if row["ended_at"]:
            ended = {"at": row["ended_at"], "stage": stage, "error": error}
            bind(db, {**fixed, **learnt, **ended})


def _name_clouds_without_versions(db: Database) -> None:
    """Where that makes two of a person's links one, the older is left as it is."""
    for row in db.rows("select id, cloud from accounts order by linked_at desc, id desc"):
        named = {"id": row["id"], "cloud": site(row["cloud"])}
        db.execute(
            """update accounts set cloud = :cloud
               where id = :id and not exists (
                   select 1 from accounts o
                   where o.id <> :id and o.team_id = accounts.team_id
                     and o.user_id = accounts.user_id and o.project_id = accounts.project_id
                     and o.cloud = :cloud)""",
            named,
        )


def _fill_places(db: Database) -> None:
    """Each region in which an account is used is looked at, and is due."""
    for row in db.rows("select id, cloud, regions, region, linked_at from accounts"):
        for region in [row["region"]] if row["region"] else json.loads(row["regions"]):
            db.execute(
                """insert into places (account_id, region, lane, due_at, interval_s, last_answer,
                                       failures, attempts, claim)
                   values (:id, :region, :lane, :due, 300, '', 0, 0, '')
                   on conflict do nothing""",
                {
                    "id": row["id"],
                    "region": region,
                    "lane": f"{row['cloud']} {region}",
                    "due": row["linked_at"],
                },
            )


def _fill_digest_schedules(db: Database) -> None:
    """Continue each preference after its last slot that was served or skipped."""
    changed, settled, kept = (
        {(row["team_id"], row["user_id"], row["number"]): row for row in db.rows(sql)}
        for sql in (
            "select team_id, user_id, number, changed_at as at from preferences",
            """select team_id, user_id, number, max(due_at) as at from slots
               where state <> 'claimed' group by team_id, user_id, number""",
            "select * from slots where state = 'claimed' order by due_at",
        )
    )
    linked = db.rows(
        """select team_id, user_id, project_id, min(linked_at) as at from accounts
           group by team_id, user_id, project_id"""
    )
    first: dict[tuple[str, str, str], str] = {}
    for row in linked:
        for number in ("", row["project_id"]):
            key = (row["team_id"], row["user_id"], number)
            if not number or key in changed:
                first[key] = min(row["at"], first.get(key, row["at"]))
    for key in first.keys() | changed.keys():
        later = [each[key]["at"] for each in (changed, settled) if key in each]
        team_id, user_id, number = key
        db.execute(
            """insert into digest_schedules (team_id, user_id, number, since, slot, slot_at,
                                             due_at, error, attempts, claim)
               values (:team, :user, :number, :since, :slot, :slot_at, :since, '', 0, '')""",
            {
                "team": team_id,
                "user": user_id,
                "number": number,
                "since": max([*later, *([first[key]] if key in first else [])]),
                "slot": kept[key]["slot"] if key in kept else "",
                "slot_at": kept[key]["due_at"] if key in kept else None,
            },
        )
    db.execute("delete from slots where state = 'claimed'")


def _ask_about_people_a_day_later(db: Database) -> None:
    """Each a day after Slack was last asked, as it was spread before."""
    for row in db.rows("select team_id, user_id, time_zone_at from people"):
        if row["time_zone_at"]:
            db.execute(
                "update people set due_at = :due where team_id = :team and user_id = :user",
                {
                    "team": row["team_id"],
                    "user": row["user_id"],
                    "due": parse_time(row["time_zone_at"]) + timedelta(days=1),
                },
            )


MIGRATIONS: tuple[Step, ...] = (
    (
        "0001_people_and_accounts",
        (
            """create table people (
                team_id text not null, user_id text not null,
                time_zone text, time_zone_at text, dm_channel text,
                paused_reason text, paused_at text, seen_at text not null,
                primary key (team_id, user_id))""",
            """create table accounts (
                id text primary key, team_id text not null, user_id text not null,
                cloud text not null, project_id text not null, project_name text not null,
                user_name text not null, regions text not null, region text,
                credentials text not null, linked_at text not null,
                unique (team_id, user_id, cloud, project_id))""",
            """create table account_troubles (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, message text not null, since text not null,
                primary key (account_id, region))""",
        ),
    ),
    (
        "0002_invitations_and_digests",
        (
            """create table invitations (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null, image_name text not null,
                owner text not null, size bigint, standard integer not null,
                invited_at text, first_seen text not null,
                state text not null, answered_by text, answered_at text,
                primary key (account_id, region, image_id))""",
            """create table digests (
                team_id text not null, user_id text not null, slot text not null,
                claimed_at text not null,
                primary key (team_id, user_id, slot))""",
        ),
    ),
    (
        "0003_outbox_audit_once",
        (
            """create table outbox (
                id text primary key, team_id text not null, user_id text not null,
                channel text, message text not null, dedupe_key text unique,
                created_at text not null, due_at text not null, claimed_until text,
                attempts integer not null, sent_at text, ts text, failed_at text, error text)""",
            "create index outbox_waiting on outbox (due_at) where sent_at is null",
            """create table audit (
                id text primary key, at text not null, actor text not null, action text not null,
                target text not null, account text not null, region text not null,
                detail text not null, outcome text not null, ended_at text)""",
            "create index audit_at on audit (at)",
            """create table once (
                key text primary key, payload text, expires_at text not null)""",
            """create table installations (
                team_id text not null, enterprise_id text not null, sealed text not null,
                installed_at text not null, primary key (team_id, enterprise_id))""",
        ),
    ),
    (
        "0004_answers_outlast_older_looks",
        ("alter table invitations add column noted_at text",),
    ),
    (
        "0005_transfers",
        (
            """create table transfers (
                id text primary key, click text not null unique, about text not null,
                kind text not null, team_id text not null, user_id text not null,
                account_id text not null, account text not null, region text not null,
                title text not null, step text not null, plan text not null,
                memory text not null, result text not null, state text not null,
                error text not null, words text not null, created_at text not null,
                updated_at text not null, step_at text not null, look_at text not null,
                ended_at text, attempts integer not null, claim text not null,
                claimed_until text)""",
            """create unique index transfers_running_about on transfers (about)
                where state = 'running'""",
            "create index transfers_due on transfers (look_at) where state = 'running'",
            "create index transfers_of on transfers (team_id, user_id, created_at)",
        ),
    ),
    (
        "0006_cards",
        (
            """create table cards (
                key text primary key, team_id text not null, user_id text not null,
                channel text, ts text, message text not null, version bigint not null,
                drawn bigint not null, attempts integer not null, claim text not null,
                claimed_until text, created_at text not null, due_at text not null,
                failed_at text, error text)""",
            "create index cards_due on cards (due_at) where failed_at is null",
        ),
    ),
    (
        "0007_signing_keys",
        (
            """create table signing_keys (
                store_url text primary key, slot integer not null, sealed text not null,
                set_at text not null, used_until text)""",
        ),
    ),
    (
        "0008_audit_is_a_chain",
        (
            """create table audit_log (
                seq bigint primary key, entry_id text not null, at text not null,
                stage text not null, actor text not null, action text not null,
                target text not null, account text not null, region text not null,
                detail text not null, error text not null, before_json text not null,
                after_json text not null, request_id text not null, approvers text not null,
                previous text not null, hash text not null)""",
            "create unique index audit_log_stage on audit_log (entry_id, stage)",
            "create index audit_log_at on audit_log (at)",
            """create table audit_head (
                id integer primary key, seq bigint not null, hash text not null)""",
            f"insert into audit_head (id, seq, hash) values (1, 0, '{GENESIS}')",  # noqa: S608 - ours
            _chain_what_was_recorded,
            "drop table audit",
        ),
    ),
    (
        "0009_accounts_in_use",
        ("alter table accounts add column used_at text",),
    ),
    (
        "0010_rights",
        (
            """create table grants (
                id text primary key, team_id text not null, cloud text not null,
                project_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                kind text not null, subject text not null, role text not null,
                granted_by text not null, granted_at text not null,
                unique (team_id, cloud, project_id, kind, subject))""",
            """create table ceilings (
                team_id text not null, cloud text not null, project_id text not null,
                channel_id text not null, role text not null,
                set_by text not null, set_at text not null,
                primary key (team_id, cloud, project_id, channel_id))""",
            """create table borrowed (
                team_id text not null, user_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                region text, used_at text not null,
                primary key (team_id, user_id, account_id))""",
        ),
    ),
    (
        "0011_approvals",
        (
            """create table policies (
                team_id text not null, cloud text not null, project_id text not null,
                rules text not null, people integer not null, reason integer not null,
                channel_id text not null, hours integer not null, strict integer not null,
                set_by text not null, set_at text not null,
                primary key (team_id, cloud, project_id))""",
            """create table approvals (
                id text primary key, team_id text not null, user_id text not null,
                account_id text not null, cloud text not null, project_id text not null,
                region text not null, action text not null, target text not null,
                words text not null, request text not null, because text not null,
                people integer not null, reason integer not null, channel_id text not null,
                state text not null, outcome text not null, created_at text not null,
                expires_at text not null, remind_at text not null, reminders integer not null,
                ended_at text, claim text not null, claimed_until text)""",
            "create index approvals_waiting on approvals (expires_at) where state = 'waiting'",
            """create table votes (
                approval_id text not null references approvals (id) on delete cascade,
                user_id text not null, decision text not null, reason text not null,
                at text not null,
                primary key (approval_id, user_id))""",
        ),
    ),
    (
        "0012_names",
        (
            """create table names (
                team_id text not null, cloud text not null, number text not null,
                nickname text not null, folded text not null,
                named_by text not null, named_at text not null,
                primary key (team_id, cloud, number), unique (team_id, cloud, folded))""",
        ),
    ),
    (
        "0013_expiries",
        (
            """create table expiries (
                team_id text not null, cloud text not null, region text not null,
                image_id text not null, number text not null,
                account_id text not null references accounts (id) on delete cascade,
                user_id text not null, project_id text not null, image_name text not null,
                because text not null, seconds bigint not null, ends_at text not null,
                remind_at text, due_at text not null, attempts integer not null,
                claim text not null, claimed_until text,
                primary key (team_id, cloud, region, image_id, number))""",
            "create index expiries_due on expiries (due_at)",
        ),
    ),
    (
        "0014_preferences",
        (
            """create table preferences (
                team_id text not null, user_id text not null, number text not null,
                settings text not null, changed_at text not null,
                primary key (team_id, user_id, number))""",
            """create table slots (
                team_id text not null, user_id text not null, number text not null,
                slot text not null, due_at text not null, state text not null,
                detail text not null, at text not null,
                primary key (team_id, user_id, number, slot))""",
            """insert into slots (team_id, user_id, number, slot, due_at, state, detail, at)
                select team_id, user_id, '', slot, claimed_at, 'sent', '', claimed_at
                from digests""",
            """create table told (
                team_id text not null, user_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null,
                first_seen text not null, told_at text not null, state text not null,
                primary key (team_id, user_id, account_id, region, image_id))""",
            """create table snoozes (
                team_id text not null, user_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null,
                until text not null, seen text not null,
                primary key (team_id, user_id, account_id, region, image_id))""",
            """create table mutes (
                team_id text not null, user_id text not null, cloud text not null,
                producer text not null, at text not null,
                primary key (team_id, user_id, cloud, producer))""",
            """create table trusted (
                team_id text not null, cloud text not null, project_id text not null,
                producer text not null, account_id text not null
                references accounts (id) on delete cascade,
                trusted_by text not null, at text not null,
                primary key (team_id, cloud, project_id, producer))""",
            """create table contacts (
                team_id text not null, cloud text not null, project_id text not null,
                user_id text not null, days integer not null,
                set_by text not null, set_at text not null,
                primary key (team_id, cloud, project_id))""",
        ),
    ),
    (
        "0015_shares",
        (
            """create table shares (
                team_id text not null, cloud text not null, region text not null,
                image_id text not null, number text not null,
                account_id text not null references accounts (id) on delete cascade,
                user_id text not null, project_id text not null, image_name text not null,
                status text not null, shared_at text not null, answered_at text,
                looked_at text, reminded_at text, told_at text,
                primary key (team_id, cloud, region, image_id, number))""",
            "create index shares_of_account on shares (account_id)",
            """create table figures (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, day text not null, images integer not null,
                bytes bigint not null, shares text not null,
                primary key (account_id, region, day))""",
        ),
    ),
    (
        "0016_one_cloud_one_name",
        (_name_clouds_without_versions,),
    ),
    (
        "0017_ticks",
        (
            """create table ticks (
                name text primary key, due_at text not null, attempts integer not null,
                claim text not null, claimed_until text)""",
        ),
    ),
    (
        "0018_places",
        (
            """create table places (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, lane text not null, due_at text not null,
                interval_s integer not null, last_looked_at text, last_answer text not null,
                failures integer not null, attempts integer not null,
                claim text not null, claimed_until text,
                primary key (account_id, region))""",
            "create index places_due on places (due_at)",
            "create index places_lanes on places (lane, due_at)",
            "create index places_held on places (lane) where claim <> ''",
            """create table breakers (
                lane text primary key, failures integer not null, open_until text)""",
            _fill_places,
        ),
    ),
    (
        "0032_transfers_may_be_let_go",
        ("alter table transfers add column stopped_by text",),
    ),
    (
        "0024_slack_troubles",
        (
            """create table slack_troubles (
                team_id text not null, method text not null, error text not null,
                needed text not null, since text not null, told_at text,
                primary key (team_id, method))""",
        ),
    ),
    (
        "0024_organisations",
        (
            """create table organisations (
                team_id text not null primary key, enterprise_id text not null)""",
        ),
    ),
    (
        "0019_shared_images",
        (
            """create table shared_images (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null, lane text not null,
                due_at text not null, attempts integer not null,
                claim text not null, claimed_until text,
                primary key (account_id, region, image_id))""",
            "create index shared_images_due on shared_images (due_at)",
            "create index shared_images_lanes on shared_images (lane, due_at)",
            "create index shared_images_held on shared_images (lane) where claim <> ''",
            """insert into shared_images (account_id, region, image_id, lane, due_at, attempts,
                                          claim)
               select account_id, region, image_id, min(cloud || ' ' || region), min(shared_at),
                      0, ''
               from shares group by account_id, region, image_id""",
        ),
    ),
    (
        "0028_roles_outlast_links",
        (
            """create table proved_admins (
                team_id text not null, cloud text not null, project_id text not null,
                user_id text not null, proved_at text not null,
                primary key (team_id, cloud, project_id, user_id))""",
            """insert into proved_admins (team_id, cloud, project_id, user_id, proved_at)
                select team_id, cloud, project_id, user_id, linked_at from accounts a
                where not exists (
                    select 1 from accounts o
                    where o.team_id = a.team_id and o.cloud = a.cloud
                      and o.project_id = a.project_id and o.id < a.id)""",
            """create table lasting_grants (
                id text primary key, team_id text not null, cloud text not null,
                project_id text not null, account_id text not null,
                kind text not null, subject text not null, role text not null,
                granted_by text not null, granted_at text not null,
                lent_by text not null default '',
                unique (team_id, cloud, project_id, kind, subject))""",
            """insert into lasting_grants (id, team_id, cloud, project_id, account_id, kind,
                                           subject, role, granted_by, granted_at, lent_by)
                select g.id, g.team_id, g.cloud, g.project_id, g.account_id, g.kind, g.subject,
                       g.role, g.granted_by, g.granted_at, a.user_id
                from grants g join accounts a on a.id = g.account_id""",
            "drop table grants",
            "alter table lasting_grants rename to grants",
        ),
    ),
    (
        "0029_audit_knows_the_cloud",
        ("alter table audit_log add column cloud text",),
    ),
    (
        "0030_secrets_wait_sealed",
        ("alter table outbox add column sealed text",),
    ),
    (
        "0031_names_have_a_past",
        (
            """create table past_names (
                id text primary key, team_id text not null, cloud text not null,
                number text not null, nickname text not null, folded text not null,
                named_by text not null, named_at text not null,
                ended_by text not null, ended_at text not null)""",
            "create index past_names_of on past_names (team_id, cloud, folded)",
            """create table name_uses (
                team_id text not null, cloud text not null, folded text not null,
                user_id text not null, used_at text not null,
                primary key (team_id, cloud, folded, user_id))""",
        ),
    ),
    (
        "0025_votes_know_their_channel",
        ("alter table votes add column channel_id text not null default ''",),
    ),
    (
        "0026_dormant_members",
        (
            """create table dormant_members (
                cloud text not null, region text not null, image_id text not null,
                number text not null, since text not null,
                primary key (cloud, region, image_id, number))""",
        ),
    ),
    (
        "0033_hints_find_their_places",
        (
            "create index accounts_of_project on accounts (project_id)",
            "create index invitations_of_image on invitations (image_id)",
            "create index shared_images_of_image on shared_images (image_id)",
        ),
    ),
    (
        "0034_digest_schedules",
        (
            """create table digest_schedules (
                team_id text not null, user_id text not null, number text not null,
                since text not null, slot text not null, slot_at text, due_at text,
                error text not null, attempts integer not null,
                claim text not null, claimed_until text,
                primary key (team_id, user_id, number))""",
            "create index digest_schedules_due on digest_schedules (due_at)",
            """create index digest_schedules_held on digest_schedules (claimed_until)
               where claim <> ''""",
            _fill_digest_schedules,
        ),
    ),
    (
        "0035_people_are_asked_about",
        (
            """alter table people add column due_at text not null
               default '1970-01-01T00:00:00.000000+00:00'""",
            "alter table people add column claim text not null default ''",
            "alter table people add column claimed_until text",
            "alter table people add column attempts integer not null default 0",
            "create index people_due on people (due_at)",
            "create index people_lanes on people (team_id, due_at)",
            "create index people_held on people (team_id, claimed_until) where claim <> ''",
            _ask_about_people_a_day_later,
        ),
    ),
    (
        "0036_what_is_tried_over_and_over_is_found",
        (
            "create index places_tried on places (attempts) where attempts >= 5",
            "create index shared_images_tried on shared_images (attempts) where attempts >= 5",
            "create index digests_tried on digest_schedules (attempts) where attempts >= 5",
            "create index people_tried on people (attempts) where attempts >= 5",
        ),
    ),
    (
        "0037_conversations",
        (
            """create table conversations (
                team_id text not null, place text not null, card integer not null,
                due_at text not null, waiting integer not null, attempts integer not null,
                claim text not null, claimed_until text,
                primary key (team_id, place, card))""",
            *(
                f"create index conversations_{what}_{name} where waiting = 1 and {of}"
                for what, of in (("notices", "card = 0"), ("cards", "card = 1"))
                for name in (
                    "due on conversations (due_at)",
                    "lanes on conversations (team_id, due_at)",
                )
            ),
            "create index conversations_held on conversations (team_id, card) where claim <> ''",
            "create index conversations_tried on conversations (attempts) where attempts >= 5",
            """create table rests (
                team_id text primary key, until text not null, error text not null,
                failures integer not null)""",
            "alter table outbox add column conversation text",
            """create index outbox_unfiled on outbox (created_at)
                where conversation is null and sent_at is null and failed_at is null""",
            """create index outbox_of on outbox (team_id, conversation, created_at, id)
                where sent_at is null and failed_at is null""",
            "alter table cards add column conversation text",
            """create index cards_unfiled on cards (created_at)
                where conversation is null and drawn < version and failed_at is null""",
            """create index cards_of on cards (team_id, conversation, due_at, key)
                where drawn < version and failed_at is null""",
            "delete from ticks where name = 'delivery'",
        ),
    ),
    (
        "0050_step_runs",
        (
            """create table step_runs (
                id text primary key, step text not null, team_id text not null,
                user_id text not null, account_id text not null, cloud text not null,
                region text not null, image_id text not null, image_name text not null,
                number text not null, link text not null, created_at text not null,
                due_at text not null, ended_at text, outputs text, error text not null)""",
        ),
    ),
    (
        "0051_work_remembers_its_cause",
        (
            "alter table outbox add column reference text",
            "alter table transfers add column reference text",
        ),
    ),
    (
        "0052_ends_of_shares_by_region",
        (
            "create index expiries_lanes on expiries ((cloud || ' ' || region), due_at)",
            """create index expiries_held on expiries ((cloud || ' ' || region))
               where claim <> ''""",
        ),
    ),
    (
        "0053_transfers_by_region",
        (
            """alter table transfers add column due_at text not null
               default '1970-01-01T00:00:00.000000+00:00'""",
            "alter table transfers add column lane text not null default ' '",
            """update transfers set due_at = look_at, lane = coalesce(
                   (select cloud from accounts where id = transfers.account_id), '')
                   || ' ' || region""",
            "drop index transfers_due",
            "create index transfers_due on transfers (due_at) where state = 'running'",
            "create index transfers_lanes on transfers (lane, due_at) where state = 'running'",
            "create index transfers_held on transfers (lane) where claim <> ''",
        ),
    ),
    (
        "0054_approvals_by_region",
        (
            """alter table approvals add column due_at text not null
               default '1970-01-01T00:00:00.000000+00:00'""",
            "alter table approvals add column attempts integer not null default 0",
            """update approvals
               set due_at = case when remind_at < expires_at then remind_at else expires_at end
               where state = 'waiting'""",
            """create index approvals_due on approvals (due_at)
               where state in ('waiting', 'approved', 'running')""",
            """create index approvals_lanes on approvals ((cloud || ' ' || region), due_at)
               where state in ('waiting', 'approved', 'running')""",
            """create index approvals_held on approvals ((cloud || ' ' || region))
               where claim <> ''""",
        ),
    ),
    (
        "0055_contacts_are_due",
        (
            """alter table contacts add column due_at text not null
               default '1970-01-01T00:00:00.000000+00:00'""",
            "alter table contacts add column claim text not null default ''",
            "alter table contacts add column claimed_until text",
            "alter table contacts add column attempts integer not null default 0",
            "create index contacts_due on contacts (due_at)",
        ),
    ),
    (
        "0056_counts",
        (
            """create table counts (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, lane text not null, due_at text not null,
                attempts integer not null, claim text not null, claimed_until text,
                primary key (account_id, region))""",
            "create index counts_due on counts (due_at)",
            "create index counts_lanes on counts (lane, due_at)",
            "create index counts_held on counts (lane) where claim <> ''",
            "create index counts_tried on counts (attempts) where attempts >= 5",
        ),
    ),
    (
        "0057_ticks_of_what_has_rows",
        (
            """delete from ticks
               where name in ('transfers', 'expiries', 'approvals', 'figures')""",
        ),
    ),
    (
        "0058_step_runs_are_claimed",
        (
            "alter table step_runs add column claim text not null default ''",
            "alter table step_runs add column claimed_until text",
            "alter table step_runs add column attempts integer not null default 0",
            "create index step_runs_due on step_runs (due_at)",
            "create index step_runs_lanes on step_runs (team_id, due_at)",
            "create index step_runs_held on step_runs (team_id) where claim <> ''",
            "create index step_runs_tried on step_runs (attempts) where attempts >= 5",
            "create index step_runs_waiting on step_runs (image_id) where ended_at is null",
            "delete from ticks where name = 'workflow_steps'",
        ),
    ),
    (
        "0059_ticks_of_what_rows_do",
        (
            """delete from ticks
               where name in ('notifications', 'reminders', 'approval_cards')""",
        ),
    ),
    (
        "0060_displays",
        (
            """create table displays (
                id text primary key, team_id text not null, user_id text not null,
                kind text not null, about text not null, shown text not null, channel text,
                ts text, reply text, drawn_at text not null, rests_until text not null,
                due_at text, attempts integer not null, claim text not null,
                claimed_until text)""",
            "create index displays_whose on displays (team_id, user_id, kind, drawn_at)",
            "create index displays_at on displays (team_id, ts) where ts is not null",
            "create index displays_due on displays (due_at) where due_at is not null",
            """create index displays_lanes on displays (team_id, due_at)
               where due_at is not null""",
            "create index displays_held on displays (team_id) where claim <> ''",
            """create table display_subjects (
                display_id text not null references displays (id) on delete cascade,
                subject text not null, primary key (display_id, subject))""",
            "create index display_subjects_of on display_subjects (subject)",
            "alter table cards add column only_edited integer not null default 0",
        ),
    ),
    (
        "0061_bulk",
        (
            "alter table outbox add column bulk integer not null default 0",
            "alter table conversations add column bulk integer not null default 0",
            "drop index conversations_notices_lanes",
            """create index conversations_notices_turns on conversations (team_id, bulk, due_at)
               where waiting = 1 and card = 0""",
        ),
    ),
    (
        "0062_approvals_and_cards_remember_their_cause",
        (
            "alter table approvals add column reference text",
            "alter table cards add column reference text",
        ),
    ),
    (
        "0063_news",
        (
            """create table news (
                team_id text not null, user_id text not null, due_at text not null,
                looked_at text not null, attempts integer not null, claim text not null,
                claimed_until text, primary key (team_id, user_id))""",
            "create index news_due on news (due_at)",
            "create index news_lanes on news (team_id, due_at)",
            "create index news_held on news (team_id) where claim <> ''",
            "create index news_tried on news (attempts) where attempts >= 5",
        ),
    ),
    (
        "0064_subject_changes",
        (
            "create table subject_changes (subject text not null, changed_at text not null)",
            "create index subject_changes_of on subject_changes (subject, changed_at)",
        ),
    ),
)

_TABLE = "create table if not exists migrations (name text primary key, applied_at text not null)"


def migrate(db: Database, clock: Clock, steps: Sequence[Step] = MIGRATIONS) -> list[str]:
    """
    Take the steps that are still to be taken, all or none, and name them.

    Of two processes that do so at once, one waits and then finds nothing to do. Where others hold a
    table, it lets them go on and tries again for PATIENCE_S.

    Raises:
        storage.errors.Held: somebody still holds a table; who may be, and how to end that.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _migrate(db, clock, steps)
        except Held:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_S)


def _migrate(db: Database, clock: Clock, steps: Sequence[Step]) -> list[str]:
    with db.migrating():
        must_not_be_newer(db, steps)
        db.execute(_TABLE)
        names = pending(db, steps)
        for name in names:
            _take(db, name, dict(steps)[name], clock)
    return names


def tables(steps: Sequence[Step] = MIGRATIONS) -> list[str]:
    """Name the tables that the steps leave, each after those that it refers to."""
    made: list[str] = []
    for statement in (each for _, statements in steps for each in statements):
        if isinstance(statement, str):
            made += re.findall(r"^create table (\w+)", statement)
            made = [name for name in made if statement != f"drop table {name}"]
            if renamed := re.match(r"alter table (\w+) rename to (\w+)", statement):
                made = [renamed[2] if name == renamed[1] else name for name in made]
    return made


def pending(db: Database, steps: Sequence[Step] = MIGRATIONS) -> list[str]:
    """Names of the steps that are still to be taken."""
    rows = db.rows("select name from migrations") if db.has_table("migrations") else []
    taken = {row["name"] for row in rows}
    return [name for name, _ in steps if name not in taken]


def unknown(db: Database, steps: Sequence[Step] = MIGRATIONS) -> list[str]:
    """Names of the steps that were taken and are none of this program's: a later one took them."""
    rows = db.rows("select name from migrations") if db.has_table("migrations") else []
    ours = {name for name, _ in steps}
    return sorted(row["name"] for row in rows if row["name"] not in ours)


def must_be_migrated(db: Database) -> None:
    """
    Raises:
        NotMigrated, TooNew: naming the steps.
    """
    must_not_be_newer(db)
    if steps := pending(db):
        lacking = "all its tables" if len(steps) == len(MIGRATIONS) else ", ".join(steps)
        raise NotMigrated(f"the database lacks {lacking}: run `python -m bot migrate`")


def must_not_be_newer(db: Database, steps: Sequence[Step] = MIGRATIONS) -> None:
    """
    Raises:
        TooNew: naming the steps. A process that runs already is not asked: steps only add, so
            that the processes of the release before go on while they are replaced.
    """
    if newer := unknown(db, steps):
        raise TooNew(
            f"a later version of the bot has migrated the database ({', '.join(newer)}): "
            "start that version, or restore a backup of before into an empty database"
        )


def _take(db: Database, name: str, statements: Sequence[Statement], clock: Clock) -> None:
    for statement in statements:
        if isinstance(statement, str):
            db.execute(statement)
        else:
            statement(db)
    db.execute(
        "insert into migrations (name, applied_at) values (:name, :now)",
        {"name": name, "now": to_text(clock())},
    )
