-- The channels of the built-in desk. `pos` is the order of posting, `stamp` grows with every post or revision.
create table desk_posts (
    id text collate "C" primary key,
    pos bigint not null unique,
    stamp bigint not null unique,
    channel text collate "C" not null,
    inquiry text collate "C",
    in_thread bigint not null,
    body text not null,
    key text collate "C" not null unique,
    at_ms bigint not null
);
create index desk_posts_channel on desk_posts (channel, pos) where in_thread = 0;
create index desk_posts_thread on desk_posts (inquiry, pos) where in_thread = 1;
