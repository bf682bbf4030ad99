-- The contract register: what customers have bought, the keys of their names, and who changed what. Dates lie in the
-- documents; one is looked for by the key of a name.
create table contracts (
    id text primary key,
    customer text not null,
    doc text not null,
    changed_at_ms integer not null,
    changed_by text not null
) strict, without rowid;
create table contract_names (
    key text not null,
    contract text not null,
    primary key (key, contract)
) strict, without rowid;
create index contract_names_contract on contract_names (contract);
create table contract_log (
    id text primary key,
    contract text not null,
    what text not null,
    doc text not null,
    at_ms integer not null,
    actor text not null,
    via text not null
) strict, without rowid;
create index contract_log_contract on contract_log (contract, at_ms, id);

-- How an inquiry stands with its contract, for lists: held, excepted, or the word of what the register said.
alter table inquiries add column contract text;
create index inquiries_contract on inquiries (contract) where contract is not null;
