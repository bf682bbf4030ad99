-- What `toban source status` tells: since when a source fails or is out, its rests, its clock, its last item and delivery.
alter table sources add column polled_at_ms bigint;
alter table sources add column failing_since_ms bigint;
alter table sources add column opened_at_ms bigint;
alter table sources add column rest_until_ms bigint;
alter table sources add column last_item_at_ms bigint;
alter table sources add column skew_ms bigint;
alter table sources add column skewed_since_ms bigint;
alter table sources add column delivered_at_ms bigint;
alter table sources add column refused_at_ms bigint;
alter table sources add column refusal text;
