-- Which policy an inquiry follows, so that a start finds those of a former configuration without reading all.
alter table inquiries add column policy text not null default '';
update inquiries set policy = json_extract(doc, '$.policy');
create index inquiries_policy on inquiries (stage, queue, policy);
drop index inquiries_stage;
