//! Rows as they are kept, unread: for whoever compares the ledger with what is derived from it.

use super::rows::{Place, Reference};
use crate::domain::ids::InquiryId;
use crate::time::Timestamp;

/// Some inquiries with everything that is derived from their ledgers, all of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptPage {
    /// In order of the id.
    pub all: Vec<Kept>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<InquiryId>,
}

/// What the tables hold under one inquiry's id.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub id: InquiryId,
    /// `None` for ledger lines, a timer or cards whose inquiry is not there.
    pub row: Option<KeptRow>,
    /// The ledger in order.
    pub lines: Vec<KeptLine>,
    /// What its timer is set to.
    pub timer: Option<Timestamp>,
    pub cards: Vec<KeptCard>,
}

/// The row of an inquiry: its document, and the columns that are found by.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRow {
    pub reference: Reference,
    pub queue: String,
    pub source: String,
    pub external_id: String,
    pub owner: Option<String>,
    pub stage: String,
    pub severity: String,
    pub policy: String,
    pub version: i64,
    pub deadline: Option<Timestamp>,
    pub received_at: Timestamp,
    pub doc: String,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptLine {
    pub seq: i64,
    pub at: Timestamp,
    pub actor: String,
    pub via: String,
    pub kind: String,
    pub v: i64,
    pub body: String,
}

/// A card: ledger lengths that it shows and that it should show.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptCard {
    pub place: Place,
    pub shown: i64,
    pub wanted: i64,
}
