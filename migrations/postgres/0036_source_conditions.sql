-- What was asked when the condition of the next poll came; and polls in a row that were answered and did not get on.
alter table sources add column asked text;
alter table sources add column held_polls bigint not null default 0;
alter table sources add column held_since_ms bigint;
alter table sources add column held_told_at_ms bigint;
