//! The contract check at intake, and the canned refusal that it may lead to.
//!
//! Promises: the register is asked only for queues that want it, and an empty register says nothing about anybody. What
//! it said goes into the ledger; nothing asks it again but news of the source about customer or product, and people. How
//! the register is filled is in `register.rs` and `import.rs`.

mod import;
mod plan;
mod refusal;
mod register;

pub use plan::{ImportPlan, LineFault};
pub use refusal::{REFUSAL_EN, REFUSAL_JA, samples};
pub use register::{RegisterError, contract_line};

use super::desk::App;
use super::perform::Declined;
use super::ports::{Mapped, StoreError, Stored};
use super::setup::{ContractRule, Queue};
use crate::domain::contract::{Contract, Finding, find, name_key};
use crate::domain::inquiry::{Checked, Facts};
use crate::domain::notice::Message;
use crate::time::{Date, Timestamp};

impl App {
    /// What the register says about a customer and a product now; `None` where it is empty.
    pub(super) async fn contract_of(
        &self,
        customer: Option<&str>,
        product: &str,
    ) -> Result<Option<Finding>, StoreError> {
        let key = customer.map(name_key).filter(|key| !key.is_empty());
        let contracts = match &key {
            Some(key) => self.store.contracts_of(key).await?,
            None => Vec::new(),
        };
        if contracts.is_empty() && !self.store.has_contracts().await? {
            return Ok(None);
        }
        if key.is_none() {
            return Ok(Some(Finding::Unknown));
        }
        let now = self.clock.now();
        let there: Vec<(Contract, Date)> = contracts
            .into_iter()
            .map(|contract| {
                let day = self.day_there(&contract, customer, now);
                (contract, day)
            })
            .collect();
        Ok(Some(find(&there, product)))
    }

    /// What the register says about a document, if any queue wants to know.
    pub(super) async fn contract_of_document(
        &self,
        mapped: &Mapped,
        product: &str,
    ) -> Result<Option<Finding>, StoreError> {
        let mut queues = self.setup.queues.values();
        if queues.all(|queue| queue.contract == ContractRule::Off) {
            return Ok(None);
        }
        self.contract_of(mapped.customer.as_deref(), product).await
    }

    /// The day on which a contract is looked at: in its own calendar's zone, else its customer's, else the desk's.
    pub(super) fn day_there(
        &self,
        contract: &Contract,
        customer: Option<&str>,
        now: Timestamp,
    ) -> Date {
        let of_customer = || {
            let name = customer.unwrap_or(&contract.customer);
            let known = self.setup.customers.iter().find(|known| known.is(name));
            known.and_then(|known| known.calendar.as_ref())
        };
        let calendar = contract.calendar.as_ref().or_else(of_customer);
        match calendar.and_then(|name| self.setup.contracts.calendars.get(name)) {
            Some(calendar) => calendar.date(now),
            None => now.to_zoned(self.setup.zone.clone()).date(),
        }
    }

    /// What the register says of an inquiry now, for whoever asks again; the rule is that of its queue today.
    pub(super) async fn asked_again(&self, stored: &Stored) -> Result<Checked, Declined> {
        let inquiry = &stored.inquiry;
        let customer = self.customer_of(&inquiry.facts).await?;
        let finding = self
            .contract_of(customer.as_deref(), &inquiry.facts.product)
            .await?;
        let finding = finding.ok_or_else(|| Declined::say(Message::new("refused-no-register")))?;
        Ok(checked(finding, self.setup.queue(&inquiry.queue)))
    }

    pub(super) async fn customer_of(&self, facts: &Facts) -> Result<Option<String>, StoreError> {
        let Some(id) = &facts.customer else {
            return Ok(None);
        };
        let mut texts = self.store.texts(std::slice::from_ref(id)).await?;
        Ok(texts.remove(id))
    }
}

/// What a queue makes of a finding.
pub(super) fn checked(finding: Finding, queue: &Queue) -> Checked {
    Checked {
        finding,
        is_required: queue.contract == ContractRule::Required,
    }
}

/// The check of a receipt: nothing where the queue does not look.
pub(super) fn checked_at_receipt(finding: Option<Finding>, queue: &Queue) -> Option<Checked> {
    let finding = finding.filter(|_| queue.contract != ContractRule::Off)?;
    Some(checked(finding, queue))
}

#[cfg(test)]
mod tests;
