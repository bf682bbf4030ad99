//! The simulator: what would have become of the inquiries of the past under other policies or another roster.
//!
//! What people and sources did is kept, each act at its instant; what the desk itself derived (misses, rungs, urgency,
//! what it gave to the duty) is dropped and derived anew under the side that is tried (`replay/`). The past itself is
//! replayed by the same machinery, so that a difference between two columns is one between two rules, and never one
//! between a record and a calculation.
//!
//! Promises: replayed under its own policies and rotas, a ledger that was kept while the desk ran gives what stands in
//! it; an act that the other rules refuse is counted. Leaves out what people *would* have done: who is called an hour
//! earlier may answer earlier, and nobody knows.

mod act;
mod figures;
mod replay;
mod roster;
mod turns;

pub use act::by_desk;
pub use figures::{Called, Figures, Kept, Mismatch, recorded};
pub use replay::{Refused, Replayed, received_in, replay};
pub use roster::{Arranged, Laying, NotLaid, Relaid, WhyNot, relay};
pub use turns::{Turns, turns};

use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::PolicyHash;
use crate::domain::rota::book::Book;
use crate::domain::rota::{Coverage, Override, Rota};
use crate::domain::sla::Policy;
use crate::domain::staff::Staff;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What a queue is to the simulator.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Which rotas have its duty when.
    pub coverage: Coverage,
    /// Whether it gives what comes in to the duty.
    pub gives_out: bool,
    /// Who is told as lead.
    pub leads: Vec<MemberId>,
    pub team: Vec<MemberId>,
}

/// The rules of one side.
#[derive(Clone, Debug)]
pub struct Side {
    /// Every policy that the ledgers or the side name, by hash.
    pub policies: HashMap<PolicyHash, Arc<Policy>>,
    /// What each queue has instead of what stands in the ledger; `None` replays what was.
    pub instead: Option<BTreeMap<QueueId, PolicyHash>>,
    pub desks: BTreeMap<QueueId, Desk>,
    /// Looks after inquiries of queues that are gone.
    pub default_queue: QueueId,
    pub rotas: BTreeMap<String, Rota>,
    /// What is laid over each rota, by its name.
    pub overrides: HashMap<String, Vec<Override>>,
    /// Who was off when.
    pub book: Arc<Book>,
    pub members: BTreeSet<MemberId>,
    /// Groups of members that ladders name.
    pub roles: BTreeMap<String, Vec<MemberId>>,
}

/// Why a ledger cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    #[error("the ledger does not begin with a receipt")]
    NoReceipt,
    #[error("policy {} is not known", hash.0)]
    NoPolicy { hash: PolicyHash },
}

impl Side {
    /// The policy of a hash.
    ///
    /// # Errors
    /// When nobody has given it to the side.
    pub fn policy(&self, hash: &PolicyHash) -> Result<&Policy, ReplayError> {
        let found = self.policies.get(hash);
        found
            .map(Arc::as_ref)
            .ok_or_else(|| ReplayError::NoPolicy { hash: hash.clone() })
    }

    /// The policy that a queue's inquiries follow here, where the ledger names `recorded`.
    fn hash(&self, queue: &QueueId, recorded: &PolicyHash) -> PolicyHash {
        match &self.instead {
            None => recorded.clone(),
            Some(instead) => instead
                .get(queue)
                .or_else(|| instead.get(&self.default_queue))
                .unwrap_or(recorded)
                .clone(),
        }
    }

    fn desk(&self, queue: &QueueId) -> &Desk {
        self.desks
            .get(queue)
            .or_else(|| self.desks.get(&self.default_queue))
            .expect("the default queue is among the desks")
    }

    fn rota(&self, queue: &QueueId, region: Option<&str>, at: Timestamp) -> &Rota {
        let line = self.desk(queue).coverage.line_for(region, at);
        self.rotas
            .get(&line.rota)
            .expect("every desk names a rota of its side")
    }

    fn overrides(&self, rota: &Rota) -> &[Override] {
        self.overrides.get(rota.name()).map_or(&[], Vec::as_slice)
    }

    /// Calls `ask` with the people behind the roles of a queue.
    pub fn with_staff<T>(&self, queue: &QueueId, ask: impl FnOnce(&Staff<'_>) -> T) -> T {
        let desk = self.desk(queue);
        let staff = Staff {
            rotas: &self.rotas,
            overrides: &self.overrides,
            is_member: &|member| self.members.contains(member),
            is_off: &|member, rota, at| self.book.is_off(member, rota, at),
            leads: &|| desk.leads.clone(),
            team: &|| desk.team.clone(),
            role: &|name| self.roles.get(name).cloned().unwrap_or_default(),
        };
        ask(&staff)
    }

    fn called(&self, queue: &QueueId, region: Option<&str>, at: Timestamp) -> MemberId {
        let rota = self.rota(queue, region, at);
        self.with_staff(queue, |staff| staff.called(rota, at))
    }
}

#[cfg(test)]
mod tests;
