-- What intake keeps of a source's item beside its inquiry: the hash of the document that changes nothing any more, the
-- newest revision with what was seen under it, and how the item stands there.
alter table inquiries add column source_mark text;
alter table inquiries add column source_seen text;
alter table inquiries add column there text not null default 'open';
-- Nobody looks for what ended long ago.
update inquiries set there = 'closed' where stage = 'closed';
create index inquiries_open_there on inquiries (source, external_id) where there = 'open';

-- Items that whole looks at their source did not find, until they are found again or gone.
create table source_missing (
    source text not null,
    external_id text not null,
    looks integer not null,
    since_ms integer not null,
    primary key (source, external_id)
) strict, without rowid;
