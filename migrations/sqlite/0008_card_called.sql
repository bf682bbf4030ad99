-- Whom the first post of a card called: its edits name them as long as nobody has taken the inquiry.
alter table cards add column called text not null default '[]';
