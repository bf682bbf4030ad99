-- Pings: whom a notice called, and whom it would have called but for their allowance. Written with what called them.
create table pings (
    key text not null,
    member text not null,
    queue text not null,
    inquiry text not null,
    at_ms integer not null,
    held text,
    told_at_ms integer,
    primary key (key, member)
) strict, without rowid;
create index pings_said on pings (member, at_ms) where held is null;
create index pings_held on pings (member, at_ms) where held is not null;
create index pings_untold on pings (member, queue, at_ms) where held is not null and told_at_ms is null;
