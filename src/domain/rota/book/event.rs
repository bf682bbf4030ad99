//! The lines of the book. Kinds and fields are never renamed; new fields bring a default.

use super::{Days, Source, Span};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// A line of the book: its number, when, who, by which way, and what.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyEntry {
    /// 1, 2, 3 …; what a line brings into the world has its number.
    pub seq: u64,
    pub at: Timestamp,
    pub actor: Actor,
    pub via: String,
    /// Makes a repeat harmless; on the first line of a command.
    pub command_key: Option<String>,
    pub event: DutyEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DutyEvent {
    /// Somebody takes the duty for once.
    OverrideLaid {
        rota: String,
        member: MemberId,
        #[serde(flatten)]
        span: Span,
    },
    /// It holds no longer; what has passed of it stays.
    OverrideRemoved {
        number: u64,
    },
    SwapOffered {
        rota: String,
        from: MemberId,
        with: MemberId,
        mine: Span,
        theirs: Span,
    },
    /// Both shifts change hands.
    SwapAccepted {
        number: u64,
    },
    SwapDeclined {
        number: u64,
    },
    /// By who offered it.
    SwapWithdrawn {
        number: u64,
    },
    /// An agreed one, before its first shift began.
    SwapCalledOff {
        number: u64,
    },
    /// Nobody answered, and the first shift begins.
    SwapLapsed {
        number: u64,
    },
    /// The other was reminded of the offer.
    SwapReminded {
        number: u64,
    },
    /// Both were reminded of a shift that changed hands.
    SwapForetold {
        number: u64,
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    /// A lead arranged it: it holds at once.
    SwapArranged {
        rota: String,
        from: MemberId,
        with: MemberId,
        mine: Span,
        theirs: Span,
    },
    AbsenceEntered {
        member: MemberId,
        days: Days,
        #[serde(default)]
        source: Source,
    },
    /// From this day on the member is there again; at or before its first day it never was.
    AbsenceEnded {
        number: u64,
        ends: Date,
        /// Somebody ended it though their calendar says it: it brings these days no more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        waived: bool,
    },
    /// The calendar that it comes from says other days now.
    AbsenceChanged {
        number: u64,
        days: Days,
    },
    /// The desk found somebody for a shift of an absent member.
    CoverFound {
        rota: String,
        by: MemberId,
        of: MemberId,
        absence: u64,
        #[serde(flatten)]
        span: Span,
    },
    /// Somebody took another's shift of their own accord.
    CoverTaken {
        rota: String,
        by: MemberId,
        of: MemberId,
        absence: Option<u64>,
        #[serde(flatten)]
        span: Span,
    },
    /// Who was found cannot.
    CoverDeclined {
        number: u64,
    },
    /// It is not needed any more, or was handed back.
    CoverTakenBack {
        number: u64,
    },
    /// Nobody can: the shift stays where it is.
    CoverMissing {
        rota: String,
        of: MemberId,
        absence: u64,
        #[serde(flatten)]
        span: Span,
    },
    /// The guide went to a member before their first duty.
    GuideSent {
        rota: String,
        member: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    /// The first duty began and they had not said that they read it.
    GuideAskedAgain {
        rota: String,
        member: MemberId,
    },
    GuideRead {
        member: MemberId,
    },
}

impl DutyEvent {
    /// Tells whether the desk itself derives it from what people arranged, or it has nothing to do with who has the duty.
    pub fn is_derived(&self) -> bool {
        match self {
            DutyEvent::CoverFound { .. }
            | DutyEvent::CoverMissing { .. }
            | DutyEvent::CoverTakenBack { .. }
            | DutyEvent::SwapLapsed { .. }
            | DutyEvent::SwapReminded { .. }
            | DutyEvent::SwapForetold { .. }
            | DutyEvent::GuideSent { .. }
            | DutyEvent::GuideAskedAgain { .. }
            | DutyEvent::GuideRead { .. } => true,
            DutyEvent::OverrideLaid { .. }
            | DutyEvent::OverrideRemoved { .. }
            | DutyEvent::SwapOffered { .. }
            | DutyEvent::SwapAccepted { .. }
            | DutyEvent::SwapDeclined { .. }
            | DutyEvent::SwapWithdrawn { .. }
            | DutyEvent::SwapCalledOff { .. }
            | DutyEvent::SwapArranged { .. }
            | DutyEvent::AbsenceEntered { .. }
            | DutyEvent::AbsenceEnded { .. }
            | DutyEvent::AbsenceChanged { .. }
            | DutyEvent::CoverTaken { .. }
            | DutyEvent::CoverDeclined { .. } => false,
        }
    }
}
