-- What became of a delivery and may not be recorded: whoever settled it can be gone before it has told anybody.
alter table outbox add column has_died bigint not null default 0;
alter table outbox add column is_untold bigint not null default 0;
update outbox set has_died = 1 where state = 'dead';
create index outbox_untold on outbox (pos) where is_untold = 1;
