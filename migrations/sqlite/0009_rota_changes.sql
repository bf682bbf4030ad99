-- What became of each rota when its configuration changed: written once, numbered 1, 2, 3 … within the rota.
-- The number is the key that lets one of several processes that start together make the change.
create table rota_changes (
    rota text not null,
    number integer not null,
    at_ms integer not null,
    body text not null,
    primary key (rota, number)
) strict, without rowid;
