-- Boards: one post for a queue at a place, edited in place. What is wanted is counted up by the commits that change what
-- a board would say; what is shown is the count that was met.
create table boards (
    queue text collate "C" not null,
    platform text collate "C" not null,
    channel text collate "C" not null,
    message text collate "C",
    thread text collate "C",
    shown bigint not null default 0,
    wanted bigint not null default 0,
    attempts bigint not null default 0,
    retry_at_ms bigint,
    gone text,
    holder text collate "C",
    lease_until_ms bigint,
    epoch bigint not null default 0,
    primary key (queue, platform, channel)
);
create index boards_behind on boards (queue, platform, channel)
    where shown < wanted and message is not null and gone is null;
