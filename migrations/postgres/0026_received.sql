-- What was received in a window, and of which source, is found without walking over everything that ever was.
create index inquiries_received on inquiries (received_at_ms, id, source);
