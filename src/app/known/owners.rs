//! Whom a source names as the owner of an item, and when that is news.
//!
//! Promises: our own words coming home, a page that was under way and an item that comes twice take nothing from whoever
//! took it here; what the source gave it may give to somebody else. Leaves out what follows: that is decided on the inquiry.

use super::Delivery;
use crate::app::desk::App;
use crate::app::ports::{Handing, StoreError, Stored, WriteBack};
use crate::app::receive::is_later;
use crate::app::seen::Seen;
use crate::domain::ids::{InquiryId, MemberId};
use crate::domain::inquiry::{Actor, Inquiry, Ownership, evolve};
use crate::time::{Timestamp, from_ms};

impl App {
    /// The owner that the source names, unless it named them before somebody here changed hands: a poll that was under way
    /// meanwhile, an item that comes twice, or our own words coming home must not take anything back. So once hands have
    /// changed here, only another name counts than the one that stood there, and none that we wrote there ourselves. What the
    /// source itself gave it may give to somebody else, however late its words arrive.
    pub(super) async fn owner_news(
        &self,
        (stored, before): (&Stored, &Seen),
        delivery: &Delivery<'_>,
    ) -> Result<Option<MemberId>, StoreError> {
        let mapped = delivery.mapped;
        let Some(name) = mapped.owner.as_deref() else {
            return Ok(None);
        };
        let Some(owner) = self.owner_of(&mapped.source, name) else {
            return Ok(None);
        };
        let hands = self.hands(&stored.inquiry.id).await?;
        if hands.is_given_there {
            return Ok(Some(owner));
        }
        let is_news = is_later(mapped, held_since(&stored.inquiry))
            && match &before.named {
                Some(named) => {
                    let write = WriteBack::Owner {
                        member: Some(owner.clone()),
                        how: Handing::Unsaid,
                    };
                    let is_ours = self.way_back.takes(&mapped.source, &write)
                        && hands.were_given_here(&owner, from_ms(named.read_ms));
                    named.is_news(name, delivery.is_fetched) && !is_ours
                }
                // Builds of before this one did not keep whom it named: whoever has had it may be named since long.
                None => !hands.have_been_of(&owner),
            };
        Ok(Some(owner).filter(|_| is_news))
    }

    /// Whether another name than before is not heard only because it looks older than what was done here: by a clock that is
    /// behind, or one of whole minutes, it may be younger.
    pub(super) async fn is_passed_over(
        &self,
        (stored, before): (&Stored, &Seen),
        delivery: &Delivery<'_>,
    ) -> Result<bool, StoreError> {
        let mapped = delivery.mapped;
        let (Some(name), Some(named)) = (mapped.owner.as_deref(), &before.named) else {
            return Ok(false);
        };
        if !named.is_news(name, delivery.is_fetched)
            || is_later(mapped, held_since(&stored.inquiry))
        {
            return Ok(false);
        }
        Ok(!self.hands(&stored.inquiry.id).await?.is_given_there)
    }

    /// How an inquiry has gone from hand to hand.
    async fn hands(&self, id: &InquiryId) -> Result<Hands, StoreError> {
        let mut hands = Hands::default();
        let mut state: Option<Inquiry> = None;
        for entry in self.store.ledger(id).await? {
            let before = state.as_ref().map(|state| state.ownership.clone());
            let after = evolve(state, &entry);
            if before.as_ref() != Some(&after.ownership) {
                hands.is_given_there = matches!(entry.actor, Actor::Source(_));
                let owner = match &after.ownership {
                    Ownership::Unclaimed { .. } => None,
                    Ownership::Assigned { to: owner, .. } | Ownership::Owned { by: owner, .. } => {
                        Some(owner.clone())
                    }
                };
                hands.all.extend(owner.map(|owner| Given {
                    owner,
                    at: entry.at,
                    is_here: !hands.is_given_there,
                }));
            }
            state = Some(after);
        }
        Ok(hands)
    }
}

/// Since when whoever has an inquiry has had it, or nobody.
fn held_since(inquiry: &Inquiry) -> Timestamp {
    let (Ownership::Unclaimed { since }
    | Ownership::Assigned { since, .. }
    | Ownership::Owned { since, .. }) = inquiry.ownership;
    since
}

/// How an inquiry has gone from hand to hand.
#[derive(Default)]
struct Hands {
    /// Whether they were last changed by the source, the receipt included.
    is_given_there: bool,
    all: Vec<Given>,
}

struct Given {
    owner: MemberId,
    at: Timestamp,
    /// Whether that was done here.
    is_here: bool,
}

impl Hands {
    /// Whether somebody was given it here, since a moment.
    fn were_given_here(&self, owner: &MemberId, since: Timestamp) -> bool {
        let mut all = self.all.iter();
        all.any(|given| given.is_here && given.owner == *owner && given.at >= since)
    }

    fn have_been_of(&self, owner: &MemberId) -> bool {
        self.all.iter().any(|given| given.owner == *owner)
    }
}
