-- Whoever looks for work reads the work there is, in its order, however much was done or is not due.
create index outbox_due on outbox (pos) where state in ('queued', 'sending', 'retry', 'unknown');
drop index cards_behind;
create index cards_behind on cards (inquiry, platform, channel)
    where shown < wanted and message is not null and gone is null;
