//! The contract register: contracts, the names they are found by, and what was changed of them by whom.

use super::StoreError;
use crate::domain::contract::Contract;
use crate::domain::inquiry::Actor;
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The contract register.
#[async_trait]
pub trait Contracts: Send + Sync {
    /// Every contract with who changed it last, by customer and number.
    async fn contracts(&self) -> Result<Vec<KeptContract>, StoreError>;
    async fn contract(&self, id: &str) -> Result<Option<KeptContract>, StoreError>;
    /// The contracts of the customer of this key, by number.
    async fn contracts_of(&self, key: &str) -> Result<Vec<Contract>, StoreError>;
    /// Whether there is any contract at all.
    async fn has_contracts(&self) -> Result<bool, StoreError>;
    /// Makes all of these changes, or none, and logs each.
    async fn change_contracts(&self, changes: Vec<ContractChange>) -> Result<(), StoreError>;
    /// What became of a contract, newest first.
    async fn contract_changes(
        &self,
        id: &str,
        limit: u32,
    ) -> Result<Vec<ContractChange>, StoreError>;
}

/// A contract as the register holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptContract {
    pub contract: Contract,
    pub changed_at: Timestamp,
    pub changed_by: Actor,
}

/// One change of the register: a line of its log.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractChange {
    /// The line's own id.
    pub id: String,
    pub what: ContractAct,
    /// As it is now; as it was, where it is removed.
    pub contract: Contract,
    pub at: Timestamp,
    pub by: Actor,
    pub via: String,
}

/// What was done to a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractAct {
    Added,
    Changed,
    Removed,
}
