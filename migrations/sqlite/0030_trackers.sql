-- How trackers of development answer: since when one fails or is out, so that an outage is told once.
create table trackers (
    tracker text not null primary key,
    failures integer not null default 0,
    failing_since_ms integer,
    opened_at_ms integer,
    last_error text,
    last_ok_at_ms integer
) strict, without rowid;
