-- What intake keeps beside inquiries: documents nobody could read, and what pollers know of their source.
create table unreadables (
    id text primary key,
    source text not null,
    at_ms integer not null,
    why text not null,
    body text not null,
    replayed_at_ms integer
) strict;
create index unreadables_at on unreadables (at_ms);

create table sources (
    source text primary key,
    since_ms integer,
    cursor text,
    etag text,
    last_modified text,
    failures integer not null default 0,
    last_error text,
    last_ok_at_ms integer
) strict;
