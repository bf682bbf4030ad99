-- What is known of each mail of a source of kind "mail": which conversation it is of, and what an answer to it is made of.
-- The words of a mail are not here. What toban sent itself is here before it goes, so that it is known when it comes back.
create table mails (
    source text collate "C" not null,
    message_id text collate "C" not null,
    thread text collate "C" not null,
    at_ms bigint not null,
    side text not null,
    envelope text not null,
    primary key (source, message_id)
);
create index mails_by_thread on mails (source, thread, at_ms);
