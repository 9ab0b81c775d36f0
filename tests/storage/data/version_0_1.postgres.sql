SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.account_troubles (
    account_id text NOT NULL,
    region text NOT NULL,
    message text NOT NULL,
    since text NOT NULL
);
CREATE TABLE public.accounts (
    id text NOT NULL,
    team_id text NOT NULL,
    user_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    project_name text NOT NULL,
    user_name text NOT NULL,
    regions text NOT NULL,
    region text,
    credentials text NOT NULL,
    linked_at text NOT NULL,
    used_at text
);
CREATE TABLE public.approvals (
    id text NOT NULL,
    team_id text NOT NULL,
    user_id text NOT NULL,
    account_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    region text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    words text NOT NULL,
    request text NOT NULL,
    because text NOT NULL,
    people integer NOT NULL,
    reason integer NOT NULL,
    channel_id text NOT NULL,
    state text NOT NULL,
    outcome text NOT NULL,
    created_at text NOT NULL,
    expires_at text NOT NULL,
    remind_at text NOT NULL,
    reminders integer NOT NULL,
    ended_at text,
    claim text NOT NULL,
    claimed_until text
);
CREATE TABLE public.audit_head (
    id integer NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.audit_log (
    seq bigint NOT NULL,
    entry_id text NOT NULL,
    at text NOT NULL,
    stage text NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    account text NOT NULL,
    region text NOT NULL,
    detail text NOT NULL,
    error text NOT NULL,
    before_json text NOT NULL,
    after_json text NOT NULL,
    request_id text NOT NULL,
    approvers text NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.borrowed (
    team_id text NOT NULL,
    user_id text NOT NULL,
    account_id text NOT NULL,
    region text,
    used_at text NOT NULL
);
CREATE TABLE public.cards (
    key text NOT NULL,
    team_id text NOT NULL,
    user_id text NOT NULL,
    channel text,
    ts text,
    message text NOT NULL,
    version bigint NOT NULL,
    drawn bigint NOT NULL,
    attempts integer NOT NULL,
    claim text NOT NULL,
    claimed_until text,
    created_at text NOT NULL,
    due_at text NOT NULL,
    failed_at text,
    error text
);
CREATE TABLE public.ceilings (
    team_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    channel_id text NOT NULL,
    role text NOT NULL,
    set_by text NOT NULL,
    set_at text NOT NULL
);
CREATE TABLE public.contacts (
    team_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    user_id text NOT NULL,
    days integer NOT NULL,
    set_by text NOT NULL,
    set_at text NOT NULL
);
CREATE TABLE public.digests (
    team_id text NOT NULL,
    user_id text NOT NULL,
    slot text NOT NULL,
    claimed_at text NOT NULL
);
CREATE TABLE public.expiries (
    team_id text NOT NULL,
    cloud text NOT NULL,
    region text NOT NULL,
    image_id text NOT NULL,
    number text NOT NULL,
    account_id text NOT NULL,
    user_id text NOT NULL,
    project_id text NOT NULL,
    image_name text NOT NULL,
    because text NOT NULL,
    seconds bigint NOT NULL,
    ends_at text NOT NULL,
    remind_at text,
    due_at text NOT NULL,
    attempts integer NOT NULL,
    claim text NOT NULL,
    claimed_until text
);
CREATE TABLE public.figures (
    account_id text NOT NULL,
    region text NOT NULL,
    day text NOT NULL,
    images integer NOT NULL,
    bytes bigint NOT NULL,
    shares text NOT NULL
);
CREATE TABLE public.grants (
    id text NOT NULL,
    team_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    account_id text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    role text NOT NULL,
    granted_by text NOT NULL,
    granted_at text NOT NULL
);
CREATE TABLE public.installations (
    team_id text NOT NULL,
    enterprise_id text NOT NULL,
    sealed text NOT NULL,
    installed_at text NOT NULL
);
CREATE TABLE public.invitations (
    account_id text NOT NULL,
    region text NOT NULL,
    image_id text NOT NULL,
    image_name text NOT NULL,
    owner text NOT NULL,
    size bigint,
    standard integer NOT NULL,
    invited_at text,
    first_seen text NOT NULL,
    state text NOT NULL,
    answered_by text,
    answered_at text,
    noted_at text
);
CREATE TABLE public.migrations (
    name text NOT NULL,
    applied_at text NOT NULL
);
CREATE TABLE public.mutes (
    team_id text NOT NULL,
    user_id text NOT NULL,
    cloud text NOT NULL,
    producer text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.names (
    team_id text NOT NULL,
    cloud text NOT NULL,
    number text NOT NULL,
    nickname text NOT NULL,
    folded text NOT NULL,
    named_by text NOT NULL,
    named_at text NOT NULL
);
CREATE TABLE public.once (
    key text NOT NULL,
    payload text,
    expires_at text NOT NULL
);
CREATE TABLE public.outbox (
    id text NOT NULL,
    team_id text NOT NULL,
    user_id text NOT NULL,
    channel text,
    message text NOT NULL,
    dedupe_key text,
    created_at text NOT NULL,
    due_at text NOT NULL,
    claimed_until text,
    attempts integer NOT NULL,
    sent_at text,
    ts text,
    failed_at text,
    error text
);
CREATE TABLE public.people (
    team_id text NOT NULL,
    user_id text NOT NULL,
    time_zone text,
    time_zone_at text,
    dm_channel text,
    paused_reason text,
    paused_at text,
    seen_at text NOT NULL
);
CREATE TABLE public.policies (
    team_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    rules text NOT NULL,
    people integer NOT NULL,
    reason integer NOT NULL,
    channel_id text NOT NULL,
    hours integer NOT NULL,
    strict integer NOT NULL,
    set_by text NOT NULL,
    set_at text NOT NULL
);
CREATE TABLE public.preferences (
    team_id text NOT NULL,
    user_id text NOT NULL,
    number text NOT NULL,
    settings text NOT NULL,
    changed_at text NOT NULL
);
CREATE TABLE public.shares (
    team_id text NOT NULL,
    cloud text NOT NULL,
    region text NOT NULL,
    image_id text NOT NULL,
    number text NOT NULL,
    account_id text NOT NULL,
    user_id text NOT NULL,
    project_id text NOT NULL,
    image_name text NOT NULL,
    status text NOT NULL,
    shared_at text NOT NULL,
    answered_at text,
    looked_at text,
    reminded_at text,
    told_at text
);
CREATE TABLE public.signing_keys (
    store_url text NOT NULL,
    slot integer NOT NULL,
    sealed text NOT NULL,
    set_at text NOT NULL,
    used_until text
);
CREATE TABLE public.slots (
    team_id text NOT NULL,
    user_id text NOT NULL,
    number text NOT NULL,
    slot text NOT NULL,
    due_at text NOT NULL,
    state text NOT NULL,
    detail text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.snoozes (
    team_id text NOT NULL,
    user_id text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    image_id text NOT NULL,
    until text NOT NULL,
    seen text NOT NULL
);
CREATE TABLE public.told (
    team_id text NOT NULL,
    user_id text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    image_id text NOT NULL,
    first_seen text NOT NULL,
    told_at text NOT NULL,
    state text NOT NULL
);
CREATE TABLE public.transfers (
    id text NOT NULL,
    click text NOT NULL,
    about text NOT NULL,
    kind text NOT NULL,
    team_id text NOT NULL,
    user_id text NOT NULL,
    account_id text NOT NULL,
    account text NOT NULL,
    region text NOT NULL,
    title text NOT NULL,
    step text NOT NULL,
    plan text NOT NULL,
    memory text NOT NULL,
    result text NOT NULL,
    state text NOT NULL,
    error text NOT NULL,
    words text NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    step_at text NOT NULL,
    look_at text NOT NULL,
    ended_at text,
    attempts integer NOT NULL,
    claim text NOT NULL,
    claimed_until text
);
CREATE TABLE public.trusted (
    team_id text NOT NULL,
    cloud text NOT NULL,
    project_id text NOT NULL,
    producer text NOT NULL,
    account_id text NOT NULL,
    trusted_by text NOT NULL,
    at text NOT NULL
);
CREATE TABLE public.votes (
    approval_id text NOT NULL,
    user_id text NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL,
    at text NOT NULL
);
INSERT INTO public.account_troubles VALUES ('18ec4ec90e33d5b0f3fee9ec', 'ORD', 'Unavailable', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.accounts VALUES ('18ec4ec90e33d5b0f3fee9ec', 'T1', 'U1', 'https://identity.example.com', '123', 'web shop', 'producer', '["DFW", "ORD"]', 'ORD', 'gAAAAABrCzaQyb1eYG6OI58K7i_Prj8Klzyjznb6bqiONyE2apyiYdjmFbjf43KH00J2SZ-9MePxA36AtZiPeUQaCC0GCRVb1Ru55wy13NyXFyGLjcBfzjY=', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.approvals VALUES ('q5j7eb', 'T1', 'U1', '18ec4ec90e33d5b0f3fee9ec', 'https://identity.example.com', '123', 'DFW', 'image.delete', 'i1', 'delete *web*', '{"verb": "delete", "words": ["i1"]}', 'old', 2, 0, 'C9', 'waiting', '', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T16:00:00.000000+00:00', '2026-03-02T09:00:00.000000+00:00', 0, NULL, '', NULL);
INSERT INTO public.audit_head VALUES (1, 2, 'f8836c2095706e24e5d8f05546ea86a227aaade1f91f733eebaf0ec289b3cbea');
INSERT INTO public.audit_log VALUES (1, '18ec4ec911fe86bb16e8c3b2', '2026-03-02T08:00:00.000000+00:00', 'started', 'T1/U1', 'image.share', 'i1', '123', 'DFW', 'to 999', '', '{}', '{}', '', '[]', '0000000000000000000000000000000000000000000000000000000000000000', '67c0a08b828185e6ecc5e1646723d3024584c513a66fe1327f83df963d17dde4');
INSERT INTO public.audit_log VALUES (2, '18ec4ec911fe86bb16e8c3b2', '2026-03-02T08:00:00.000000+00:00', 'done', 'T1/U1', 'image.share', 'i1', '123', 'DFW', 'to 999', '', '{}', '{"number": "999"}', '', '[]', '67c0a08b828185e6ecc5e1646723d3024584c513a66fe1327f83df963d17dde4', 'f8836c2095706e24e5d8f05546ea86a227aaade1f91f733eebaf0ec289b3cbea');
INSERT INTO public.borrowed VALUES ('T1', 'U2', '18ec4ec90e33d5b0f3fee9ec', 'DFW', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.cards VALUES ('card 1', 'T1', 'U2', 'C1', NULL, '{"text": "card", "blocks": [{"type": "divider"}]}', 1, 0, 0, '', NULL, '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00', NULL, NULL);
INSERT INTO public.ceilings VALUES ('T1', 'https://identity.example.com', '123', 'C1', 'viewer', 'U1', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.contacts VALUES ('T1', 'https://identity.example.com', '123', 'U4', 5, 'U1', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.digests VALUES ('T1', 'U1', '2026-03-01 09:00', '2026-03-01T08:00:00.000000+00:00');
INSERT INTO public.expiries VALUES ('T1', 'https://identity.example.com', 'DFW', 'i1', '999', '18ec4ec90e33d5b0f3fee9ec', 'U1', '123', 'web', 'a test', 345600, '2026-03-06T08:00:00.000000+00:00', '2026-03-05T08:00:00.000000+00:00', '2026-03-05T08:00:00.000000+00:00', 0, '', NULL);
INSERT INTO public.figures VALUES ('18ec4ec90e33d5b0f3fee9ec', 'DFW', '2026-03-02', 3, 7, '');
INSERT INTO public.grants VALUES ('18ec4ec912a6849956641fa0', 'T1', 'https://identity.example.com', '123', '18ec4ec90e33d5b0f3fee9ec', 'person', 'U2', 'operator', 'U1', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.installations VALUES ('T1', 'E1', 'gAAAAABrCzaQj3aE93idEuaDwseHfAKBIfadtccIDPcHZmPmdUc7vO7EMmt7KZ3TkREh3p291Hh6Y6LEMI_lwifVQB5UgORDr6D-mZQmyigmH-QpBfEQsc4=', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.invitations VALUES ('18ec4ec90e33d5b0f3fee9ec', 'DFW', 'i1', 'web', '999', 5, 0, NULL, '2026-03-02T08:00:00.000000+00:00', 'pending', NULL, NULL, '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.invitations VALUES ('18ec4ec90e33d5b0f3fee9ec', 'DFW', 'i2', 'db', '999', NULL, 0, NULL, '2026-03-02T08:00:00.000000+00:00', 'accepted', 'T1/U1', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0001_people_and_accounts', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0002_invitations_and_digests', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0003_outbox_audit_once', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0004_answers_outlast_older_looks', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0005_transfers', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0006_cards', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0007_signing_keys', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0008_audit_is_a_chain', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0009_accounts_in_use', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0010_rights', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0011_approvals', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0012_names', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0013_expiries', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0014_preferences', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0015_shares', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.migrations VALUES ('0016_one_cloud_one_name', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.mutes VALUES ('T1', 'U1', 'https://identity.example.com', '888', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.names VALUES ('T1', 'https://identity.example.com', '999', 'Acme', 'acme', 'U1', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.once VALUES ('token:link:9bdf10a691a1cfda89d9ff66629d1609ab176cec9b6a3146a8929f28937a9fce', '{"user": "U1"}', '2026-03-03T08:00:00.000000+00:00');
INSERT INTO public.outbox VALUES ('18ec4ec910d4d34bceefd18f', 'T1', 'U2', 'C1', '{"text": "hello", "blocks": [{"type": "divider"}]}', 'k', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.people VALUES ('T1', 'U1', 'Europe/Vienna', '2026-03-02T08:00:00.000000+00:00', 'D1', 'user_disabled', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.policies VALUES ('T1', 'https://identity.example.com', '123', '{"share": "outside"}', 2, 1, 'C9', 4, 1, 'U1', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.preferences VALUES ('T1', 'U1', '', '{"channel_id": "", "days": [0, 2], "mode": "instant", "name": "", "patience_days": 3, "paused_until": "2026-03-03T08:00:00.000000+00:00", "producers": [], "quiet_from": "20:00", "quiet_to": "06:00", "regions": ["DFW"], "times": ["08:00", "16:00"], "weekends": true, "working_days": 0, "zone": ""}', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.shares VALUES ('T1', 'https://identity.example.com', 'DFW', 'i1', '999', '18ec4ec90e33d5b0f3fee9ec', 'U1', '123', 'web', 'pending', '2026-03-02T08:00:00.000000+00:00', NULL, NULL, NULL, NULL);
INSERT INTO public.signing_keys VALUES ('https://store.example.com/v1/123', 1, 'gAAAAABrCzaQhQSIjU6kZwtIP5jn495qnrUQJigOX-qXhn7uB1ogNFGoWvGhiZQz8SxC21qthUe1fGXPovm3NDQhGbzvAHfjvH3IokOudvM2WRxbcQbzQK8=', '2026-03-02T08:00:00.000000+00:00', '2026-03-03T08:00:00.000000+00:00');
INSERT INTO public.slots VALUES ('T1', 'U1', '', '2026-03-02 09:00', '2026-03-02T08:00:00.000000+00:00', 'sent', '', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.snoozes VALUES ('T1', 'U1', '18ec4ec90e33d5b0f3fee9ec', 'DFW', 'i1', '2026-03-04T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00 web 5');
INSERT INTO public.told VALUES ('T1', 'U1', '18ec4ec90e33d5b0f3fee9ec', 'DFW', 'i1', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00', 'pending');
INSERT INTO public.transfers VALUES ('n2pod7dg', 'c1', 'k1', 'export', 'T1', 'U1', '18ec4ec90e33d5b0f3fee9ec', '123', 'DFW', 'web', '', '{"container": "exports"}', '{}', '{}', 'running', '', '', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00', '2026-03-02T08:00:00.000000+00:00', NULL, 0, '', NULL);
INSERT INTO public.trusted VALUES ('T1', 'https://identity.example.com', '123', '777', '18ec4ec90e33d5b0f3fee9ec', 'U1', '2026-03-02T08:00:00.000000+00:00');
INSERT INTO public.votes VALUES ('q5j7eb', 'U3', 'approve', 'fine', '2026-03-02T08:00:00.000000+00:00');
ALTER TABLE ONLY public.account_troubles
    ADD CONSTRAINT account_troubles_pkey PRIMARY KEY (account_id, region);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_team_id_user_id_cloud_project_id_key UNIQUE (team_id, user_id, cloud, project_id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.borrowed
    ADD CONSTRAINT borrowed_pkey PRIMARY KEY (team_id, user_id, account_id);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.ceilings
    ADD CONSTRAINT ceilings_pkey PRIMARY KEY (team_id, cloud, project_id, channel_id);
ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (team_id, cloud, project_id);
ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_pkey PRIMARY KEY (team_id, user_id, slot);
ALTER TABLE ONLY public.expiries
    ADD CONSTRAINT expiries_pkey PRIMARY KEY (team_id, cloud, region, image_id, number);
ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (account_id, region, day);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_team_id_cloud_project_id_kind_subject_key UNIQUE (team_id, cloud, project_id, kind, subject);
ALTER TABLE ONLY public.installations
    ADD CONSTRAINT installations_pkey PRIMARY KEY (team_id, enterprise_id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (account_id, region, image_id);
ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_pkey PRIMARY KEY (team_id, user_id, cloud, producer);
ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_pkey PRIMARY KEY (team_id, cloud, number);
ALTER TABLE ONLY public.names
    ADD CONSTRAINT names_team_id_cloud_folded_key UNIQUE (team_id, cloud, folded);
ALTER TABLE ONLY public.once
    ADD CONSTRAINT once_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_dedupe_key_key UNIQUE (dedupe_key);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (team_id, user_id);
ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (team_id, cloud, project_id);
ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT preferences_pkey PRIMARY KEY (team_id, user_id, number);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (team_id, cloud, region, image_id, number);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (store_url);
ALTER TABLE ONLY public.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (team_id, user_id, number, slot);
ALTER TABLE ONLY public.snoozes
    ADD CONSTRAINT snoozes_pkey PRIMARY KEY (team_id, user_id, account_id, region, image_id);
ALTER TABLE ONLY public.told
    ADD CONSTRAINT told_pkey PRIMARY KEY (team_id, user_id, account_id, region, image_id);
ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_click_key UNIQUE (click);
ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trusted
    ADD CONSTRAINT trusted_pkey PRIMARY KEY (team_id, cloud, project_id, producer);
ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (approval_id, user_id);
CREATE INDEX approvals_waiting ON public.approvals USING btree (expires_at) WHERE (state = 'waiting'::text);
CREATE INDEX audit_log_at ON public.audit_log USING btree (at);
CREATE UNIQUE INDEX audit_log_stage ON public.audit_log USING btree (entry_id, stage);
CREATE INDEX cards_due ON public.cards USING btree (due_at) WHERE (failed_at IS NULL);
CREATE INDEX expiries_due ON public.expiries USING btree (due_at);
CREATE INDEX outbox_waiting ON public.outbox USING btree (due_at) WHERE (sent_at IS NULL);
CREATE INDEX shares_of_account ON public.shares USING btree (account_id);
CREATE INDEX transfers_due ON public.transfers USING btree (look_at) WHERE (state = 'running'::text);
CREATE INDEX transfers_of ON public.transfers USING btree (team_id, user_id, created_at);
CREATE UNIQUE INDEX transfers_running_about ON public.transfers USING btree (about) WHERE (state = 'running'::text);
ALTER TABLE ONLY public.account_troubles
    ADD CONSTRAINT account_troubles_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.borrowed
    ADD CONSTRAINT borrowed_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.expiries
    ADD CONSTRAINT expiries_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.snoozes
    ADD CONSTRAINT snoozes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.told
    ADD CONSTRAINT told_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.trusted
    ADD CONSTRAINT trusted_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.approvals(id) ON DELETE CASCADE;
