-- Policies, calendars, rotas and routing sets as they once were, and one-off changes of a rota.
create table snapshots (
    hash text primary key,
    kind text not null,
    name text not null,
    body text not null,
    first_seen_at_ms integer not null
) strict;
create index snapshots_kind on snapshots (kind, first_seen_at_ms);

create table overrides (
    id text primary key,
    rota text not null,
    member text not null,
    starts_at_ms integer not null,
    ends_at_ms integer not null,
    made_by text,
    created_at_ms integer not null,
    removed_at_ms integer
) strict;
create index overrides_ends on overrides (ends_at_ms);
