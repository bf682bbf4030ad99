-- The channels of the built-in desk. `pos` is the order of posting, `stamp` grows with every post or revision.
create table desk_posts (
    id text primary key,
    pos integer not null unique,
    stamp integer not null unique,
    channel text not null,
    inquiry text,
    in_thread integer not null,
    body text not null,
    key text not null unique,
    at_ms integer not null
) strict;
create index desk_posts_channel on desk_posts (channel, pos) where in_thread = 0;
create index desk_posts_thread on desk_posts (inquiry, pos) where in_thread = 1;
