-- The one timers table: an inquiry has at most one row, its deadline.
-- The epoch grows at every take-over and every move, so that a holder who was away too long is fenced.
create table timers (
    kind text not null,
    subject text not null,
    due_at_ms integer not null,
    holder text,
    lease_until_ms integer,
    epoch integer not null default 0,
    primary key (kind, subject)
) strict, without rowid;
create index timers_due on timers (due_at_ms, kind);
