-- Almost all timers are of inquiries. Whoever looks for one of the others finds it among the others only.
create index timers_standing on timers (due_at_ms, kind) where kind <> 'inquiry';
