-- Boards: one post for a queue at a place, edited in place. What is wanted is counted up by the commits that change what
-- a board would say; what is shown is the count that was met.
create table boards (
    queue text not null,
    platform text not null,
    channel text not null,
    message text,
    thread text,
    shown integer not null default 0,
    wanted integer not null default 0,
    attempts integer not null default 0,
    retry_at_ms integer,
    gone text,
    holder text,
    lease_until_ms integer,
    epoch integer not null default 0,
    primary key (queue, platform, channel)
) strict, without rowid;
create index boards_behind on boards (queue, platform, channel)
    where shown < wanted and message is not null and gone is null;
