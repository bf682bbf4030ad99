-- What is to be delivered, in lanes: only the head of a lane may leave. `pos` is the order of insertion.
create table outbox (
    pos bigint generated always as identity primary key,
    id text collate "C" not null unique,
    key text collate "C" not null unique,
    lane text collate "C" not null,
    inquiry text collate "C",
    platform text collate "C" not null,
    channel text collate "C" not null,
    deliver text collate "C" not null,
    what text not null,
    state text collate "C" not null default 'queued',
    attempts bigint not null default 0,
    not_before_ms bigint not null,
    first_sent_at_ms bigint,
    is_unknown bigint not null default 0,
    holder text collate "C",
    lease_until_ms bigint,
    epoch bigint not null default 0,
    why text,
    message text collate "C",
    thread text collate "C",
    merged_into text collate "C",
    settled_at_ms bigint
);
-- Undone rows only: they are few, whatever was ever delivered.
create index outbox_undone on outbox (lane, pos) where state in ('queued', 'sending', 'retry', 'unknown');
create index outbox_state on outbox (state, pos) where state <> 'sent';

-- Cards and where they are: what is shown and what is wanted are ledger lengths.
create table cards (
    inquiry text collate "C" not null,
    platform text collate "C" not null,
    channel text collate "C" not null,
    message text collate "C",
    thread text collate "C",
    shown bigint not null default 0,
    wanted bigint not null,
    attempts bigint not null default 0,
    retry_at_ms bigint,
    gone text,
    holder text collate "C",
    lease_until_ms bigint,
    epoch bigint not null default 0,
    primary key (inquiry, platform, channel)
);
create index cards_message on cards (platform, message) where message is not null;
create index cards_thread on cards (platform, thread) where thread is not null;
create index cards_behind on cards (inquiry) where shown < wanted;
