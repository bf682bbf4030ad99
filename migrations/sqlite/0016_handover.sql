-- The second duty of a queue: who joined when, and when they went. Written once, numbered 1, 2, 3 … within the queue; the
-- number is the key that lets one of several processes make the change.
create table second_duties (
    queue text not null,
    number integer not null,
    member text,
    turn_at_ms integer not null,
    at_ms integer not null,
    primary key (queue, number)
) strict, without rowid;

-- How often what a calendar feed shows of a shift has changed (SEQUENCE), and when it last did (LAST-MODIFIED).
create table feed_shifts (
    uid text primary key,
    hash text not null,
    sequence integer not null default 0,
    modified_at_ms integer not null,
    ends_at_ms integer not null
) strict, without rowid;
create index feed_shifts_ends on feed_shifts (ends_at_ms);
