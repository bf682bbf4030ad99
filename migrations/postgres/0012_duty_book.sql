-- The duty book: what people arrange about the duty, a ledger of its own. Lines are written once, numbered 1, 2, 3 …
-- The number is the key that lets one of several who write at once write.
create table duty_book (
    seq bigint primary key,
    at_ms bigint not null,
    actor text collate "C" not null,
    via text collate "C" not null,
    command_key text collate "C",
    kind text collate "C" not null,
    v bigint not null,
    body text not null
);
create unique index duty_book_command_key on duty_book (command_key) where command_key is not null;

-- The overrides so far become its first lines, in the order in which they lay over each other.
with lines as (
    select 0 as step, starts_at_ms as ordering, created_at_ms as at_ms, id, rota, member, starts_at_ms, ends_at_ms,
        made_by from overrides
    union all
    select 1, removed_at_ms, removed_at_ms, id, rota, member, starts_at_ms, ends_at_ms, made_by from overrides
        where removed_at_ms is not null
), numbered as (
    select row_number() over (order by step, ordering, at_ms, id) as seq, lines.* from lines
)
insert into duty_book (seq, at_ms, actor, via, command_key, kind, v, body)
select line.seq, line.at_ms,
    case when line.made_by is null or line.step = 1 then json_build_object('who', 'system')::text
        else json_build_object('who', 'member', 'id', line.made_by)::text end,
    'migration', null,
    case line.step when 0 then 'override_laid' else 'override_removed' end,
    1,
    case line.step
        when 0 then json_build_object('rota', line.rota, 'member', line.member, 'starts_at', line.starts_at_ms,
            'ends_at', line.ends_at_ms)::text
        else json_build_object('number', (select laid.seq from numbered as laid where laid.id = line.id and laid.step = 0))::text
    end
from numbered as line order by line.seq;

drop table overrides;
