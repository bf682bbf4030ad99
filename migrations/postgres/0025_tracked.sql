-- Issues of development: which inquiries are linked to one, written by the commits that change it, and what is known of
-- the issue itself.
create table tracked (
    tracker text collate "C" not null,
    issue text collate "C" not null,
    inquiry text collate "C" not null,
    is_done bigint not null default 0,
    is_filed bigint not null default 0,
    customer text collate "C",
    primary key (tracker, issue, inquiry)
);
create index tracked_by_inquiry on tracked (inquiry);
create index tracked_not_done on tracked (tracker, issue) where is_done = 0;
create table issues (
    tracker text collate "C" not null,
    issue text collate "C" not null,
    url text,
    state text,
    is_done bigint not null default 0,
    fixed_in text,
    workaround text,
    workaround_by text collate "C",
    workaround_at_ms bigint,
    noted bigint not null default 0,
    noted_at_ms bigint,
    look_at_ms bigint not null default 0,
    looked_at_ms bigint,
    failures bigint not null default 0,
    problem text,
    primary key (tracker, issue)
);
