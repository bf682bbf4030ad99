-- Issues of development: which inquiries are linked to one, written by the commits that change it, and what is known of
-- the issue itself.
create table tracked (
    tracker text not null,
    issue text not null,
    inquiry text not null,
    is_done integer not null default 0,
    is_filed integer not null default 0,
    customer text,
    primary key (tracker, issue, inquiry)
) strict, without rowid;
create index tracked_by_inquiry on tracked (inquiry);
create index tracked_not_done on tracked (tracker, issue) where is_done = 0;
create table issues (
    tracker text not null,
    issue text not null,
    url text,
    state text,
    is_done integer not null default 0,
    fixed_in text,
    workaround text,
    workaround_by text,
    workaround_at_ms integer,
    noted integer not null default 0,
    noted_at_ms integer,
    look_at_ms integer not null default 0,
    looked_at_ms integer,
    failures integer not null default 0,
    problem text,
    primary key (tracker, issue)
) strict, without rowid;
