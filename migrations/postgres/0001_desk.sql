-- Teams and queues, inquiries with their ledger and words, and the keys that make a repeat harmless.
-- Ids are text, instants are milliseconds since the epoch, documents are JSON text.

create table counters (
    name text collate "C" primary key,
    value bigint not null
);
insert into counters (name, value) values ('desk', 0);

-- A sequence, so that no new inquiry waits for another's commit; a lost race may leave a gap.
create sequence reference_no as bigint;

create table teams (
    id text collate "C" primary key
);
insert into teams (id) values ('default');

create table queues (
    id text collate "C" primary key,
    team text collate "C" not null default 'default' references teams (id)
);

create table inquiries (
    ref_no bigint primary key,
    id text collate "C" not null unique,
    team text collate "C" not null default 'default',
    queue text collate "C" not null,
    source text collate "C" not null,
    external_id text collate "C" not null,
    owner text collate "C",
    stage text collate "C" not null,
    severity text collate "C" not null,
    version bigint not null,
    deadline_at_ms bigint,
    received_at_ms bigint not null,
    portal_key text collate "C",
    doc text not null,
    unique (source, external_id)
);
create index inquiries_stage on inquiries (stage, queue);
create index inquiries_owner on inquiries (owner, stage) where owner is not null;
create unique index inquiries_portal_key on inquiries (portal_key) where portal_key is not null;

-- The ledger: written once, never changed.
create table events (
    inquiry text collate "C" not null,
    seq bigint not null,
    at_ms bigint not null,
    actor text not null,
    via text not null,
    kind text collate "C" not null,
    v bigint not null,
    body text not null,
    primary key (inquiry, seq)
);

-- Outside words, apart from the ledger so that they can be erased.
create table texts (
    id text collate "C" primary key,
    inquiry text collate "C" not null,
    body text not null
);

create table command_keys (
    key text collate "C" primary key,
    inquiry text collate "C" not null,
    ref_no bigint not null,
    at_ms bigint not null
);
