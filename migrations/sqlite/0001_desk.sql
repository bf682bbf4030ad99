-- Teams and queues, inquiries with their ledger and words, and the keys that make a repeat harmless.
-- Ids are text, instants are milliseconds since the epoch, documents are JSON text.

create table counters (
    name text primary key,
    value integer not null
) strict;
insert into counters (name, value) values ('reference', 0), ('desk', 0);

create table teams (
    id text primary key
) strict;
insert into teams (id) values ('default');

create table queues (
    id text primary key,
    team text not null default 'default' references teams (id)
) strict;

create table inquiries (
    ref_no integer primary key,
    id text not null unique,
    team text not null default 'default',
    queue text not null,
    source text not null,
    external_id text not null,
    owner text,
    stage text not null,
    severity text not null,
    version integer not null,
    deadline_at_ms integer,
    received_at_ms integer not null,
    portal_key text,
    doc text not null,
    unique (source, external_id)
) strict;
create index inquiries_stage on inquiries (stage, queue);
create index inquiries_owner on inquiries (owner, stage) where owner is not null;
create unique index inquiries_portal_key on inquiries (portal_key) where portal_key is not null;

-- The ledger: written once, never changed.
create table events (
    inquiry text not null,
    seq integer not null,
    at_ms integer not null,
    actor text not null,
    via text not null,
    kind text not null,
    v integer not null,
    body text not null,
    primary key (inquiry, seq)
) strict, without rowid;

-- Outside words, apart from the ledger so that they can be erased.
create table texts (
    id text primary key,
    inquiry text not null,
    body text not null
) strict;

create table command_keys (
    key text primary key,
    inquiry text not null,
    ref_no integer not null,
    at_ms integer not null
) strict, without rowid;
