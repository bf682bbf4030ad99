-- What intake keeps beside inquiries: documents nobody could read, and what pollers know of their source.
create table unreadables (
    id text collate "C" primary key,
    source text collate "C" not null,
    at_ms bigint not null,
    why text not null,
    body text not null,
    replayed_at_ms bigint
);
create index unreadables_at on unreadables (at_ms);

create table sources (
    source text collate "C" primary key,
    since_ms bigint,
    cursor text,
    etag text,
    last_modified text,
    failures bigint not null default 0,
    last_error text,
    last_ok_at_ms bigint
);
