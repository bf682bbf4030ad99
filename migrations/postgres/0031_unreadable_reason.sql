-- Why a document could not be read, so that it can be said in any language; `why` stays the English of it.
alter table unreadables add column reason text;
