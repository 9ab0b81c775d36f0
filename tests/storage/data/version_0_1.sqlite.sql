BEGIN TRANSACTION;
CREATE TABLE account_troubles (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, message text not null, since text not null,
                primary key (account_id, region));
INSERT INTO "account_troubles" VALUES('18ec4dccb4e96a4974f620ec','ORD','Unavailable','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE accounts (
                id text primary key, team_id text not null, user_id text not null,
                cloud text not null, project_id text not null, project_name text not null,
                user_name text not null, regions text not null, region text,
                credentials text not null, linked_at text not null, used_at text,
                unique (team_id, user_id, cloud, project_id));
INSERT INTO "accounts" VALUES('18ec4dccb4e96a4974f620ec','T1','U1','https://identity.example.com','123','web shop','producer','["DFW", "ORD"]','ORD','gAAAAABrCzJVuqStswQsB5EJHXuEcXLRzlKXI5v24h1sxUKNBuxGseO5xeqVM6BoCzz0n4JZal4_ov7NuIHboxRpfEkT-JJAkIE2y9lWcsDcznM5eAOTBzQ=','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE approvals (
                id text primary key, team_id text not null, user_id text not null,
                account_id text not null, cloud text not null, project_id text not null,
                region text not null, action text not null, target text not null,
                words text not null, request text not null, because text not null,
                people integer not null, reason integer not null, channel_id text not null,
                state text not null, outcome text not null, created_at text not null,
                expires_at text not null, remind_at text not null, reminders integer not null,
                ended_at text, claim text not null, claimed_until text);
INSERT INTO "approvals" VALUES('mbdrw8','T1','U1','18ec4dccb4e96a4974f620ec','https://identity.example.com','123','DFW','image.delete','i1','delete *web*','{"verb": "delete", "words": ["i1"]}','old',2,0,'C9','waiting','','2026-03-02T08:00:00.000000+00:00','2026-03-02T16:00:00.000000+00:00','2026-03-02T09:00:00.000000+00:00',0,NULL,'',NULL);
CREATE TABLE audit_head (
                id integer primary key, seq bigint not null, hash text not null);
INSERT INTO "audit_head" VALUES(1,2,'10f707e7ea5fdde6659b8c4a28f9be71b7f884095d4f4ad4531107819e1e9ca8');
CREATE TABLE audit_log (
                seq bigint primary key, entry_id text not null, at text not null,
                stage text not null, actor text not null, action text not null,
                target text not null, account text not null, region text not null,
                detail text not null, error text not null, before_json text not null,
                after_json text not null, request_id text not null, approvers text not null,
                previous text not null, hash text not null);
INSERT INTO "audit_log" VALUES(1,'18ec4dccc8fdbc676fc1c229','2026-03-02T08:00:00.000000+00:00','started','T1/U1','image.share','i1','123','DFW','to 999','','{}','{}','','[]','0000000000000000000000000000000000000000000000000000000000000000','f3f4cc1d9424074b122cf89945667af38843b11237b0ba43b5ff9d6ff9e7fff0');
INSERT INTO "audit_log" VALUES(2,'18ec4dccc8fdbc676fc1c229','2026-03-02T08:00:00.000000+00:00','done','T1/U1','image.share','i1','123','DFW','to 999','','{}','{"number": "999"}','','[]','f3f4cc1d9424074b122cf89945667af38843b11237b0ba43b5ff9d6ff9e7fff0','10f707e7ea5fdde6659b8c4a28f9be71b7f884095d4f4ad4531107819e1e9ca8');
CREATE TABLE borrowed (
                team_id text not null, user_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                region text, used_at text not null,
                primary key (team_id, user_id, account_id));
INSERT INTO "borrowed" VALUES('T1','U2','18ec4dccb4e96a4974f620ec','DFW','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE cards (
                key text primary key, team_id text not null, user_id text not null,
                channel text, ts text, message text not null, version bigint not null,
                drawn bigint not null, attempts integer not null, claim text not null,
                claimed_until text, created_at text not null, due_at text not null,
                failed_at text, error text);
INSERT INTO "cards" VALUES('card 1','T1','U2','C1',NULL,'{"text": "card", "blocks": [{"type": "divider"}]}',1,0,0,'',NULL,'2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00',NULL,NULL);
CREATE TABLE ceilings (
                team_id text not null, cloud text not null, project_id text not null,
                channel_id text not null, role text not null,
                set_by text not null, set_at text not null,
                primary key (team_id, cloud, project_id, channel_id));
INSERT INTO "ceilings" VALUES('T1','https://identity.example.com','123','C1','viewer','U1','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE contacts (
                team_id text not null, cloud text not null, project_id text not null,
                user_id text not null, days integer not null,
                set_by text not null, set_at text not null,
                primary key (team_id, cloud, project_id));
INSERT INTO "contacts" VALUES('T1','https://identity.example.com','123','U4',5,'U1','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE digests (
                team_id text not null, user_id text not null, slot text not null,
                claimed_at text not null,
                primary key (team_id, user_id, slot));
INSERT INTO "digests" VALUES('T1','U1','2026-03-01 09:00','2026-03-01T08:00:00.000000+00:00');
CREATE TABLE expiries (
                team_id text not null, cloud text not null, region text not null,
                image_id text not null, number text not null,
                account_id text not null references accounts (id) on delete cascade,
                user_id text not null, project_id text not null, image_name text not null,
                because text not null, seconds bigint not null, ends_at text not null,
                remind_at text, due_at text not null, attempts integer not null,
                claim text not null, claimed_until text,
                primary key (team_id, cloud, region, image_id, number));
INSERT INTO "expiries" VALUES('T1','https://identity.example.com','DFW','i1','999','18ec4dccb4e96a4974f620ec','U1','123','web','a test',345600,'2026-03-06T08:00:00.000000+00:00','2026-03-05T08:00:00.000000+00:00','2026-03-05T08:00:00.000000+00:00',0,'',NULL);
CREATE TABLE figures (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, day text not null, images integer not null,
                bytes bigint not null, shares text not null,
                primary key (account_id, region, day));
INSERT INTO "figures" VALUES('18ec4dccb4e96a4974f620ec','DFW','2026-03-02',3,7,'');
CREATE TABLE grants (
                id text primary key, team_id text not null, cloud text not null,
                project_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                kind text not null, subject text not null, role text not null,
                granted_by text not null, granted_at text not null,
                unique (team_id, cloud, project_id, kind, subject));
INSERT INTO "grants" VALUES('18ec4dcccb7eb670d6c418ad','T1','https://identity.example.com','123','18ec4dccb4e96a4974f620ec','person','U2','operator','U1','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE installations (
                team_id text not null, enterprise_id text not null, sealed text not null,
                installed_at text not null, primary key (team_id, enterprise_id));
INSERT INTO "installations" VALUES('T1','E1','gAAAAABrCzJVMikHpiZx8AeLn-DVJCsESzNKQGIwI99-FdI9lnHA6CyT3tOQRRoIK-za2yncWvGvLc0x-h---BSea3x0mERcCtdIxO-ILR6G-xqEdxATb00=','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE invitations (
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null, image_name text not null,
                owner text not null, size bigint, standard integer not null,
                invited_at text, first_seen text not null,
                state text not null, answered_by text, answered_at text, noted_at text,
                primary key (account_id, region, image_id));
INSERT INTO "invitations" VALUES('18ec4dccb4e96a4974f620ec','DFW','i1','web','999',5,0,NULL,'2026-03-02T08:00:00.000000+00:00','pending',NULL,NULL,'2026-03-02T08:00:00.000000+00:00');
INSERT INTO "invitations" VALUES('18ec4dccb4e96a4974f620ec','DFW','i2','db','999',NULL,0,NULL,'2026-03-02T08:00:00.000000+00:00','accepted','T1/U1','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE migrations (name text primary key, applied_at text not null);
INSERT INTO "migrations" VALUES('0001_people_and_accounts','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0002_invitations_and_digests','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0003_outbox_audit_once','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0004_answers_outlast_older_looks','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0005_transfers','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0006_cards','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0007_signing_keys','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0008_audit_is_a_chain','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0009_accounts_in_use','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0010_rights','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0011_approvals','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0012_names','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0013_expiries','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0014_preferences','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0015_shares','2026-03-02T08:00:00.000000+00:00');
INSERT INTO "migrations" VALUES('0016_one_cloud_one_name','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE mutes (
                team_id text not null, user_id text not null, cloud text not null,
                producer text not null, at text not null,
                primary key (team_id, user_id, cloud, producer));
INSERT INTO "mutes" VALUES('T1','U1','https://identity.example.com','888','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE names (
                team_id text not null, cloud text not null, number text not null,
                nickname text not null, folded text not null,
                named_by text not null, named_at text not null,
                primary key (team_id, cloud, number), unique (team_id, cloud, folded));
INSERT INTO "names" VALUES('T1','https://identity.example.com','999','Acme','acme','U1','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE once (
                key text primary key, payload text, expires_at text not null);
INSERT INTO "once" VALUES('token:link:9bdf10a691a1cfda89d9ff66629d1609ab176cec9b6a3146a8929f28937a9fce','{"user": "U1"}','2026-03-03T08:00:00.000000+00:00');
CREATE TABLE outbox (
                id text primary key, team_id text not null, user_id text not null,
                channel text, message text not null, dedupe_key text unique,
                created_at text not null, due_at text not null, claimed_until text,
                attempts integer not null, sent_at text, ts text, failed_at text, error text);
INSERT INTO "outbox" VALUES('18ec4dccbf014eaba10372eb','T1','U2','C1','{"text": "hello", "blocks": [{"type": "divider"}]}','k','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00',NULL,0,NULL,NULL,NULL,NULL);
CREATE TABLE people (
                team_id text not null, user_id text not null,
                time_zone text, time_zone_at text, dm_channel text,
                paused_reason text, paused_at text, seen_at text not null,
                primary key (team_id, user_id));
INSERT INTO "people" VALUES('T1','U1','Europe/Vienna','2026-03-02T08:00:00.000000+00:00','D1','user_disabled','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE policies (
                team_id text not null, cloud text not null, project_id text not null,
                rules text not null, people integer not null, reason integer not null,
                channel_id text not null, hours integer not null, strict integer not null,
                set_by text not null, set_at text not null,
                primary key (team_id, cloud, project_id));
INSERT INTO "policies" VALUES('T1','https://identity.example.com','123','{"share": "outside"}',2,1,'C9',4,1,'U1','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE preferences (
                team_id text not null, user_id text not null, number text not null,
                settings text not null, changed_at text not null,
                primary key (team_id, user_id, number));
INSERT INTO "preferences" VALUES('T1','U1','','{"channel_id": "", "days": [0, 2], "mode": "instant", "name": "", "patience_days": 3, "paused_until": "2026-03-03T08:00:00.000000+00:00", "producers": [], "quiet_from": "20:00", "quiet_to": "06:00", "regions": ["DFW"], "times": ["08:00", "16:00"], "weekends": true, "working_days": 0, "zone": ""}','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE shares (
                team_id text not null, cloud text not null, region text not null,
                image_id text not null, number text not null,
                account_id text not null references accounts (id) on delete cascade,
                user_id text not null, project_id text not null, image_name text not null,
                status text not null, shared_at text not null, answered_at text,
                looked_at text, reminded_at text, told_at text,
                primary key (team_id, cloud, region, image_id, number));
INSERT INTO "shares" VALUES('T1','https://identity.example.com','DFW','i1','999','18ec4dccb4e96a4974f620ec','U1','123','web','pending','2026-03-02T08:00:00.000000+00:00',NULL,NULL,NULL,NULL);
CREATE TABLE signing_keys (
                store_url text primary key, slot integer not null, sealed text not null,
                set_at text not null, used_until text);
INSERT INTO "signing_keys" VALUES('https://store.example.com/v1/123',1,'gAAAAABrCzJVYIU6fUU8XRl2epEXeUtJ8AUYf67w3RaKYx8BANDOTgBY2fvexpxBUzUJUeS_Z3t1oJn1A8CfGQJgQZypvtppewLykIichevyiXm7tGVMuu0=','2026-03-02T08:00:00.000000+00:00','2026-03-03T08:00:00.000000+00:00');
CREATE TABLE slots (
                team_id text not null, user_id text not null, number text not null,
                slot text not null, due_at text not null, state text not null,
                detail text not null, at text not null,
                primary key (team_id, user_id, number, slot));
INSERT INTO "slots" VALUES('T1','U1','','2026-03-02 09:00','2026-03-02T08:00:00.000000+00:00','sent','','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE snoozes (
                team_id text not null, user_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null,
                until text not null, seen text not null,
                primary key (team_id, user_id, account_id, region, image_id));
INSERT INTO "snoozes" VALUES('T1','U1','18ec4dccb4e96a4974f620ec','DFW','i1','2026-03-04T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00 web 5');
CREATE TABLE told (
                team_id text not null, user_id text not null,
                account_id text not null references accounts (id) on delete cascade,
                region text not null, image_id text not null,
                first_seen text not null, told_at text not null, state text not null,
                primary key (team_id, user_id, account_id, region, image_id));
INSERT INTO "told" VALUES('T1','U1','18ec4dccb4e96a4974f620ec','DFW','i1','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00','pending');
CREATE TABLE transfers (
                id text primary key, click text not null unique, about text not null,
                kind text not null, team_id text not null, user_id text not null,
                account_id text not null, account text not null, region text not null,
                title text not null, step text not null, plan text not null,
                memory text not null, result text not null, state text not null,
                error text not null, words text not null, created_at text not null,
                updated_at text not null, step_at text not null, look_at text not null,
                ended_at text, attempts integer not null, claim text not null,
                claimed_until text);
INSERT INTO "transfers" VALUES('ursx2nhp','c1','k1','export','T1','U1','18ec4dccb4e96a4974f620ec','123','DFW','web','','{"container": "exports"}','{}','{}','running','','','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00','2026-03-02T08:00:00.000000+00:00',NULL,0,'',NULL);
CREATE TABLE trusted (
                team_id text not null, cloud text not null, project_id text not null,
                producer text not null, account_id text not null
                references accounts (id) on delete cascade,
                trusted_by text not null, at text not null,
                primary key (team_id, cloud, project_id, producer));
INSERT INTO "trusted" VALUES('T1','https://identity.example.com','123','777','18ec4dccb4e96a4974f620ec','U1','2026-03-02T08:00:00.000000+00:00');
CREATE TABLE votes (
                approval_id text not null references approvals (id) on delete cascade,
                user_id text not null, decision text not null, reason text not null,
                at text not null,
                primary key (approval_id, user_id));
INSERT INTO "votes" VALUES('mbdrw8','U3','approve','fine','2026-03-02T08:00:00.000000+00:00');
CREATE INDEX outbox_waiting on outbox (due_at) where sent_at is null;
CREATE UNIQUE INDEX transfers_running_about on transfers (about)
                where state = 'running';
CREATE INDEX transfers_due on transfers (look_at) where state = 'running';
CREATE INDEX transfers_of on transfers (team_id, user_id, created_at);
CREATE INDEX cards_due on cards (due_at) where failed_at is null;
CREATE UNIQUE INDEX audit_log_stage on audit_log (entry_id, stage);
CREATE INDEX audit_log_at on audit_log (at);
CREATE INDEX approvals_waiting on approvals (expires_at) where state = 'waiting';
CREATE INDEX expiries_due on expiries (due_at);
CREATE INDEX shares_of_account on shares (account_id);
COMMIT;
