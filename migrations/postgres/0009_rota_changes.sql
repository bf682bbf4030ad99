-- What became of each rota when its configuration changed: written once, numbered 1, 2, 3 … within the rota.
-- The number is the key that lets one of several processes that start together make the change.
create table rota_changes (
    rota text collate "C" not null,
    number bigint not null,
    at_ms bigint not null,
    body text not null,
    primary key (rota, number)
);
