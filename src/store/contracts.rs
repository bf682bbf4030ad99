//! The contract register. A change writes the contract, the keys of its names and a line of the log together.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::{Args, Insert, commit, from_json, run, to_json, unavailable};
use crate::app::ports::{ContractAct, ContractChange, Contracts, KeptContract, StoreError};
use crate::domain::contract::Contract;
use crate::time::from_ms;
use async_trait::async_trait;

const ALL: &str = "select id, doc, changed_at_ms, changed_by from contracts order by customer, id";
const ONE: &str = "select id, doc, changed_at_ms, changed_by from contracts where id = $1";
const OF: &str = "select c.id, c.doc from contract_names as n join contracts as c on c.id = n.contract \
    where n.key = $1 order by c.id";
const ANY: &str = "select id from contracts limit 1";
const LOG: &str = "select id, contract, what, doc, at_ms, actor, via from contract_log where contract = $1 \
    order by at_ms desc, id desc limit $2";
/// Writes nothing, and keeps everybody else from writing.
const LOCK: &str = "update contracts set id = id where id = $1";
const REMOVE: &str = "delete from contracts where id = $1";
const REMOVE_NAMES: &str = "delete from contract_names where contract = $1";
static PUT: Insert = Insert::new(
    "insert into contracts (id, customer, doc, changed_at_ms, changed_by)",
    5,
    "on conflict (id) do update set customer = excluded.customer, doc = excluded.doc, \
     changed_at_ms = excluded.changed_at_ms, changed_by = excluded.changed_by",
);
static PUT_NAMES: Insert = Insert::new(
    "insert into contract_names (key, contract)",
    2,
    "on conflict (key, contract) do nothing",
);
static PUT_LOG: Insert = Insert::new(
    "insert into contract_log (id, contract, what, doc, at_ms, actor, via)",
    7,
    "",
);

#[async_trait]
impl<DB: Dialect> Contracts for SqlStore<DB> {
    async fn contracts(&self) -> Result<Vec<KeptContract>, StoreError> {
        let rows = self.read(ALL, Args::new()).await?;
        rows.iter().map(kept).collect()
    }

    async fn contract(&self, id: &str) -> Result<Option<KeptContract>, StoreError> {
        let rows = self.read(ONE, Args::new().text(id)).await?;
        rows.first().map(kept).transpose()
    }

    async fn contracts_of(&self, key: &str) -> Result<Vec<Contract>, StoreError> {
        let rows = self.read(OF, Args::new().text(key)).await?;
        rows.iter().map(contract).collect()
    }

    async fn has_contracts(&self) -> Result<bool, StoreError> {
        Ok(!self.read(ANY, Args::new()).await?.is_empty())
    }

    async fn change_contracts(&self, mut changes: Vec<ContractChange>) -> Result<(), StoreError> {
        // In one order for everybody, so that two imports wait for each other instead of for ever.
        changes.sort_by(|a, b| a.contract.id.cmp(&b.contract.id));
        let mut tx = self.begin().await?;
        // What is removed is locked in that order too.
        if changes
            .iter()
            .any(|change| change.what == ContractAct::Removed)
        {
            for change in &changes {
                let args = Args::<DB>::new().text(&change.contract.id);
                run::<DB>(&mut tx, LOCK, args).await.map_err(unavailable)?;
            }
        }
        let held = |change: &&ContractChange| change.what != ContractAct::Removed;
        let put: Vec<&ContractChange> = changes.iter().filter(held).collect();
        let names: Vec<(String, &str)> = put
            .iter()
            .flat_map(|change| {
                let id = change.contract.id.as_str();
                change.contract.keys().into_iter().map(move |key| (key, id))
            })
            .collect();
        PUT.run::<DB, _>(&mut tx, put, |args, change| {
            args.text(&change.contract.id)
                .text(&change.contract.customer)
                .text(to_json(&change.contract))
                .at(change.at)
                .text(to_json(&change.by))
        })
        .await
        .map_err(unavailable)?;
        // Only now that the contracts are ours: whoever changed one at the same moment has left names that can be seen.
        for change in &changes {
            let id = &change.contract.id;
            let args = Args::<DB>::new().text(id);
            run::<DB>(&mut tx, REMOVE_NAMES, args)
                .await
                .map_err(unavailable)?;
            if change.what == ContractAct::Removed {
                let args = Args::<DB>::new().text(id);
                run::<DB>(&mut tx, REMOVE, args)
                    .await
                    .map_err(unavailable)?;
            }
        }
        PUT_NAMES
            .run::<DB, _>(&mut tx, names, |args, (key, id)| args.text(key).text(id))
            .await
            .map_err(unavailable)?;
        PUT_LOG
            .run::<DB, _>(&mut tx, changes.iter().collect(), |args, change| {
                args.text(&change.id)
                    .text(&change.contract.id)
                    .text(word(change.what))
                    .text(to_json(&change.contract))
                    .at(change.at)
                    .text(to_json(&change.by))
                    .text(&change.via)
            })
            .await
            .map_err(unavailable)?;
        commit(tx).await
    }

    async fn contract_changes(
        &self,
        id: &str,
        limit: u32,
    ) -> Result<Vec<ContractChange>, StoreError> {
        let args = Args::new().text(id).int(i64::from(limit));
        let rows = self.read(LOG, args).await?;
        rows.iter().map(change).collect()
    }
}

/// The word of an act in the database.
fn word(what: ContractAct) -> &'static str {
    match what {
        ContractAct::Added => "added",
        ContractAct::Changed => "changed",
        ContractAct::Removed => "removed",
    }
}

fn contract<R: Fields>(row: &R) -> Result<Contract, StoreError> {
    let what = format!("contract {}", row.text("id")?);
    from_json(&what, &row.text("doc")?)
}

fn kept<R: Fields>(row: &R) -> Result<KeptContract, StoreError> {
    let what = format!("contract {}", row.text("id")?);
    Ok(KeptContract {
        contract: contract(row)?,
        changed_at: from_ms(row.int("changed_at_ms")?),
        changed_by: from_json(&what, &row.text("changed_by")?)?,
    })
}

fn change<R: Fields>(row: &R) -> Result<ContractChange, StoreError> {
    let id = row.text("id")?;
    let what = format!("line {id} of the contract log");
    let acts = [
        ContractAct::Added,
        ContractAct::Changed,
        ContractAct::Removed,
    ];
    let said = row.text("what")?;
    let act = acts.into_iter().find(|act| word(*act) == said);
    Ok(ContractChange {
        what: act.ok_or_else(|| StoreError::Unreadable(format!("{what}: {said:?}")))?,
        contract: from_json(&what, &row.text("doc")?)?,
        at: from_ms(row.int("at_ms")?),
        by: from_json(&what, &row.text("actor")?)?,
        via: row.text("via")?,
        id,
    })
}

#[cfg(test)]
mod tests;
