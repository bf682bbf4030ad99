-- Calendars of others at an address: the last good copy of each, for when the other side does not answer.
create table feeds (
    url text collate "C" not null primary key,
    body text not null,
    etag text,
    last_modified text,
    fetched_at_ms bigint not null,
    checked_at_ms bigint not null,
    problem text
);
