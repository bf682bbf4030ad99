//! How inquiries are linked: one that follows another after its end, and one that was split off another.
//!
//! Promises: the id of what was split off is its own for ever. It holds the inquiry's own id, which nobody else makes, so that
//! no item of a source, no follow-up (`…~2`) and no other split can have it; the item itself can be read from it. Leaves out
//! the numbers and the states of the others: whoever shows a link looks them up.

use super::Inquiry;
use crate::domain::gate::Need;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::sla::Policy;
use serde::{Deserialize, Serialize};

/// How an inquiry came out of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The requester wrote long after the other's end.
    #[default]
    Follows,
    /// It was another problem, and got an inquiry of its own.
    SplitFrom,
}

impl LinkKind {
    /// What needs not be written.
    pub fn is_follows(&self) -> bool {
        *self == LinkKind::Follows
    }
}

/// What another inquiry is to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// This one follows it.
    Follows,
    FollowedBy,
    /// This one was split off it.
    SplitFrom,
    SplitInto,
}

/// Another inquiry, as a card shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub relation: Relation,
    pub inquiry: InquiryId,
    /// How it stands, once somebody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Linked>,
}

/// How a linked inquiry stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linked {
    /// The number of its reference.
    pub reference: i64,
    pub title: TextId,
    pub standing: LinkStanding,
}

/// Where a linked inquiry stands, as coarse as others need it: a card is made anew only when this changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkStanding {
    Unclaimed,
    Active,
    Waiting,
    Resolved,
    Closed,
}

impl LinkStanding {
    /// Where an inquiry stands.
    pub fn of(inquiry: &Inquiry) -> Self {
        use super::{Ownership, Stage};
        match (&inquiry.stage, &inquiry.ownership) {
            (Stage::Active { .. }, Ownership::Owned { .. }) => LinkStanding::Active,
            (Stage::Active { .. }, Ownership::Unclaimed { .. } | Ownership::Assigned { .. }) => {
                LinkStanding::Unclaimed
            }
            (Stage::Waiting { .. }, _) => LinkStanding::Waiting,
            (Stage::Resolved { .. }, _) => LinkStanding::Resolved,
            (Stage::Closed { .. }, _) => LinkStanding::Closed,
        }
    }
}

impl Inquiry {
    /// Whether it was split off another: then the item at the source is the other's.
    pub fn is_split(&self) -> bool {
        self.follows.is_some() && self.link == LinkKind::SplitFrom
    }

    /// What its queue wants of escalations and this one does not bring. What was split off was not escalated: nobody was asked
    /// for anything.
    pub fn gaps(&self, policy: &Policy) -> Vec<Need> {
        match self.is_split() {
            true => Vec::new(),
            false => policy.gate.gaps(&self.facts),
        }
    }

    /// The inquiries that its ledger links it to: what it came out of, then what was split off it.
    pub fn links(&self) -> Vec<Link> {
        let relation = match self.link {
            LinkKind::Follows => Relation::Follows,
            LinkKind::SplitFrom => Relation::SplitFrom,
        };
        let came_from = self.follows.iter().map(|of| (relation, of));
        let split = self.split_off.iter().map(|of| (Relation::SplitInto, of));
        let links = came_from.chain(split).map(|(relation, inquiry)| Link {
            relation,
            inquiry: inquiry.clone(),
            seen: None,
        });
        links.collect()
    }
}

/// Stands between the id of the item and that of the inquiry. No tracker makes such ids.
const MARK: &str = "~split:";

/// The external id of what is split off an inquiry of this external id.
pub fn split_id(external_id: &str, child: &InquiryId) -> String {
    format!("{}{MARK}{child}", item_of(external_id))
}

/// The item at the source that an external id means: its own, but for what was split off.
pub fn item_of(external_id: &str) -> &str {
    match external_id.rsplit_once(MARK) {
        Some((item, child)) if !item.is_empty() && is_own(child) => item,
        Some(_) | None => external_id,
    }
}

/// Whether an external id is that of something split off.
pub fn is_split_id(external_id: &str) -> bool {
    item_of(external_id).len() < external_id.len()
}

/// Ids of inquiries hold nothing but letters, figures and dashes.
fn is_own(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
