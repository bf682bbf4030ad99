-- The one timers table: an inquiry has at most one row, its deadline.
-- The epoch grows at every take-over and every move, so that a holder who was away too long is fenced.
create table timers (
    kind text collate "C" not null,
    subject text collate "C" not null,
    due_at_ms bigint not null,
    holder text collate "C",
    lease_until_ms bigint,
    epoch bigint not null default 0,
    primary key (kind, subject)
);
create index timers_due on timers (due_at_ms, kind);
