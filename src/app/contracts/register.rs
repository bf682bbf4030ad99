//! Changes of the register: one contract, or a file of them; who did it is logged.

use super::import::{checked_terms, read};
use super::plan::{ImportPlan, plan};
use crate::app::desk::App;
use crate::app::ports::{
    AskedBy, ContractAct, ContractChange, KeptContract, ListFilter, StoreError,
};
use crate::domain::contract::Contract;
use crate::domain::inquiry::Actor;
use crate::domain::notice::{Arg, Message};

/// Why the register was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the contract is not whole")]
    Faults(Vec<Message>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Reads a file and tells what it would change, or changes it: everything, or nothing if a line is wrong.
    ///
    /// With `is_whole` the file is the whole register: what it does not name is removed.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn import_contracts(
        &self,
        file: &[u8],
        is_whole: bool,
        is_dry: bool,
        (by, via): (&AskedBy, &str),
    ) -> Result<ImportPlan, StoreError> {
        let kept = self.store.contracts().await?;
        let kept: Vec<Contract> = kept.into_iter().map(|kept| kept.contract).collect();
        let mut plan = plan(&kept, read(file, &self.setup), is_whole);
        if !plan.faults.is_empty() {
            return Ok(plan);
        }
        if !is_dry {
            let added = plan.added.iter().map(|it| (ContractAct::Added, it));
            let changed = plan
                .changed
                .iter()
                .map(|(_, it)| (ContractAct::Changed, it));
            let removed = plan.removed.iter().map(|it| (ContractAct::Removed, it));
            let changes = added.chain(changed).chain(removed);
            let changes: Vec<ContractChange> = changes
                .map(|(what, contract)| self.change_of(what, contract.clone(), by, via))
                .collect();
            if !changes.is_empty() {
                self.store.change_contracts(changes).await?;
            }
            plan.is_done = true;
        }
        plan.remarks.extend(self.still_to_do().await?);
        Ok(plan)
    }

    /// Puts a contract into the register; answers whether it is new.
    ///
    /// # Errors
    /// What is wrong with it, all at once; or a store that does not answer.
    pub async fn put_contract(
        &self,
        contract: Contract,
        by: &AskedBy,
        via: &str,
    ) -> Result<bool, RegisterError> {
        let faults = checked_terms(&contract, &self.setup);
        if !faults.is_empty() {
            let said = faults.into_iter().map(|(_, what)| what);
            return Err(RegisterError::Faults(said.collect()));
        }
        let known = self.store.contract(&contract.id).await?;
        let what = match &known {
            Some(known) if known.contract == contract => return Ok(false),
            Some(_) => ContractAct::Changed,
            None => ContractAct::Added,
        };
        let change = self.change_of(what, contract, by, via);
        self.store.change_contracts(vec![change]).await?;
        Ok(what == ContractAct::Added)
    }

    /// Takes a contract out of the register; `false` if it is not there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove_contract(
        &self,
        id: &str,
        by: &AskedBy,
        via: &str,
    ) -> Result<bool, StoreError> {
        let Some(known) = self.store.contract(id).await? else {
            return Ok(false);
        };
        let change = self.change_of(ContractAct::Removed, known.contract, by, via);
        self.store.change_contracts(vec![change]).await?;
        Ok(true)
    }

    /// The contracts whose last day lies from today up to so many days ahead, the first to end first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn contracts_ending(&self, within: i64) -> Result<Vec<KeptContract>, StoreError> {
        let now = self.clock.now();
        let mut found = self.store.contracts().await?;
        found.retain(|kept| {
            let today = self.day_there(&kept.contract, None, now);
            let left = kept.contract.ends_on;
            let left = left.map(|on| crate::domain::contract::days(today, on));
            left.is_some_and(|left| (0..=within).contains(&left))
        });
        found.sort_by(|one, other| {
            let by = |kept: &KeptContract| (kept.contract.ends_on, kept.contract.id.clone());
            by(one).cmp(&by(other))
        });
        Ok(found)
    }

    fn change_of(
        &self,
        what: ContractAct,
        contract: Contract,
        by: &AskedBy,
        via: &str,
    ) -> ContractChange {
        ContractChange {
            id: self.ids.id(),
            what,
            contract,
            at: self.clock.now(),
            by: actor(by),
            via: via.to_owned(),
        }
    }

    /// What whoever changed the register should know: nothing is looked at again by itself, or by nobody at all.
    async fn still_to_do(&self) -> Result<Vec<Message>, StoreError> {
        use crate::app::setup::ContractRule;
        let mut queues = self.setup.queues.values();
        if queues.all(|queue| queue.contract == ContractRule::Off) {
            return Ok(vec![Message::new("import-nobody-looks")]);
        }
        let filter = ListFilter {
            contract: Some("held".to_owned()),
            is_open: Some(true),
            limit: 1,
            ..ListFilter::default()
        };
        let held = self.store.count(&filter).await?;
        let held = i64::try_from(held).unwrap_or(i64::MAX);
        Ok(match held {
            0 => Vec::new(),
            held => vec![Message::new("import-held").with("count", Arg::Number(held))],
        })
    }
}

fn actor(by: &AskedBy) -> Actor {
    match by {
        AskedBy::Member(id) => Actor::Member(id.clone()),
        AskedBy::Token(name) => Actor::Token(name.clone()),
        AskedBy::Chat { platform, id, .. } => Actor::Token(format!("{platform}:{id}")),
    }
}

/// A contract in one line of a list.
pub fn contract_line(contract: &Contract) -> Message {
    let said = |message: Message| Arg::Lines(vec![message]);
    let plan = match &contract.plan {
        Some(plan) => Message::new("contract-plan").with("plan", Arg::Plain(plan.clone())),
        None => Message::new("contract-any-plan"),
    };
    let products = match contract.products.is_empty() {
        true => Arg::Word("contract-all-products".to_owned()),
        false => Arg::Plain(contract.products.join(", ")),
    };
    let days = match (contract.starts_on, contract.ends_on) {
        (Some(from), Some(until)) => Message::new("contract-days")
            .with("from", Arg::Day(from))
            .with("until", Arg::Day(until)),
        (Some(from), None) => Message::new("contract-from").with("from", Arg::Day(from)),
        (None, Some(until)) => Message::new("contract-until").with("until", Arg::Day(until)),
        (None, None) => Message::new("contract-always"),
    };
    Message::new("contract-line")
        .with("contract", Arg::Plain(contract.id.clone()))
        .with("customer", Arg::Plain(contract.customer.clone()))
        .with("plan", said(plan))
        .with("products", products)
        .with("days", said(days))
}
