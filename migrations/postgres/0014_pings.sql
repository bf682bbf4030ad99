-- Pings: whom a notice called, and whom it would have called but for their allowance. Written with what called them.
create table pings (
    key text collate "C" not null,
    member text collate "C" not null,
    queue text collate "C" not null,
    inquiry text collate "C" not null,
    at_ms bigint not null,
    held text,
    told_at_ms bigint,
    primary key (key, member)
);
create index pings_said on pings (member, at_ms) where held is null;
create index pings_held on pings (member, at_ms) where held is not null;
create index pings_untold on pings (member, queue, at_ms) where held is not null and told_at_ms is null;
