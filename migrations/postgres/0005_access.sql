-- Who may come in: hashes of secrets, never the secrets. And what people chose.
create table grants (
    hash text collate "C" primary key,
    kind text collate "C" not null,
    member text collate "C",
    label text not null,
    created_at_ms bigint not null,
    expires_at_ms bigint
);
create index grants_kind on grants (kind, created_at_ms);

create table choices (
    member text collate "C" primary key,
    language text collate "C" not null
);
