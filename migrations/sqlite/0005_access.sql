-- Who may come in: hashes of secrets, never the secrets. And what people chose.
create table grants (
    hash text primary key,
    kind text not null,
    member text,
    label text not null,
    created_at_ms integer not null,
    expires_at_ms integer
) strict;
create index grants_kind on grants (kind, created_at_ms);

create table choices (
    member text primary key,
    language text not null
) strict;
