-- The second duty of a queue: who joined when, and when they went. Written once, numbered 1, 2, 3 … within the queue; the
-- number is the key that lets one of several processes make the change.
create table second_duties (
    queue text collate "C" not null,
    number bigint not null,
    member text collate "C",
    turn_at_ms bigint not null,
    at_ms bigint not null,
    primary key (queue, number)
);

-- How often what a calendar feed shows of a shift has changed (SEQUENCE), and when it last did (LAST-MODIFIED).
create table feed_shifts (
    uid text collate "C" primary key,
    hash text collate "C" not null,
    sequence bigint not null default 0,
    modified_at_ms bigint not null,
    ends_at_ms bigint not null
);
create index feed_shifts_ends on feed_shifts (ends_at_ms);
