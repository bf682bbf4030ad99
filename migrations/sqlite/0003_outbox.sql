-- What is to be delivered, in lanes: only the head of a lane may leave. `pos` is the order of insertion.
create table outbox (
    pos integer primary key,
    id text not null unique,
    key text not null unique,
    lane text not null,
    inquiry text,
    platform text not null,
    channel text not null,
    deliver text not null,
    what text not null,
    state text not null default 'queued',
    attempts integer not null default 0,
    not_before_ms integer not null,
    first_sent_at_ms integer,
    is_unknown integer not null default 0,
    holder text,
    lease_until_ms integer,
    epoch integer not null default 0,
    why text,
    message text,
    thread text,
    merged_into text,
    settled_at_ms integer
) strict;
-- Undone rows only: they are few, whatever was ever delivered.
create index outbox_undone on outbox (lane, pos) where state in ('queued', 'sending', 'retry', 'unknown');
create index outbox_state on outbox (state, pos) where state <> 'sent';

-- Cards and where they are: what is shown and what is wanted are ledger lengths.
create table cards (
    inquiry text not null,
    platform text not null,
    channel text not null,
    message text,
    thread text,
    shown integer not null default 0,
    wanted integer not null,
    attempts integer not null default 0,
    retry_at_ms integer,
    gone text,
    holder text,
    lease_until_ms integer,
    epoch integer not null default 0,
    primary key (inquiry, platform, channel)
) strict, without rowid;
create index cards_message on cards (platform, message) where message is not null;
create index cards_thread on cards (platform, thread) where thread is not null;
create index cards_behind on cards (inquiry) where shown < wanted;
