-- Calendars of others at an address: the last good copy of each, for when the other side does not answer.
create table feeds (
    url text not null primary key,
    body text not null,
    etag text,
    last_modified text,
    fetched_at_ms integer not null,
    checked_at_ms integer not null,
    problem text
) strict;
