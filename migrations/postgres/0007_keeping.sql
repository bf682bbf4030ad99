-- Policies, calendars, rotas and routing sets as they once were, and one-off changes of a rota.
create table snapshots (
    hash text collate "C" primary key,
    kind text collate "C" not null,
    name text collate "C" not null,
    body text not null,
    first_seen_at_ms bigint not null
);
create index snapshots_kind on snapshots (kind, first_seen_at_ms);

create table overrides (
    id text collate "C" primary key,
    rota text collate "C" not null,
    member text collate "C" not null,
    starts_at_ms bigint not null,
    ends_at_ms bigint not null,
    made_by text collate "C",
    created_at_ms bigint not null,
    removed_at_ms bigint
);
create index overrides_ends on overrides (ends_at_ms);
