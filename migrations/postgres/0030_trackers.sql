-- How trackers of development answer: since when one fails or is out, so that an outage is told once.
create table trackers (
    tracker text collate "C" not null primary key,
    failures bigint not null default 0,
    failing_since_ms bigint,
    opened_at_ms bigint,
    last_error text collate "C",
    last_ok_at_ms bigint
);
