//! What is settled when the duty turns over, and what is to be done next: two small parts of an inquiry's state.
//!
//! Promises: a question is open until it is answered, the inquiry changes hands or it ends; its answer stays until
//! the next question, so that the next duty can be told. Leaves out when it is asked (`app/handover.rs`).

use super::{Actor, Entry, Event, Inquiry, Stage};
use crate::domain::ids::{MemberId, TextId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the outgoing duty was asked about an inquiry that they hold, and what they said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handoff {
    /// Who is asked: the outgoing duty.
    pub from: MemberId,
    /// To whom it would go: the incoming duty.
    pub to: MemberId,
    #[serde(with = "crate::time::serde_ms")]
    pub asked_at: Timestamp,
    #[serde(with = "crate::time::serde_ms")]
    pub answer_by: Timestamp,
    /// What holds if nobody answers until then.
    pub otherwise: Otherwise,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<HandoffAnswer>,
}

/// What becomes of an inquiry whose holder does not answer at the handoff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// They keep it.
    #[default]
    Keep,
    /// The incoming duty gets it and must accept.
    HandOver,
    /// Nobody has it; the duty is told.
    Release,
}

/// How a question of the handoff ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffAnswer {
    pub what: Answered,
    /// Nobody answered in time.
    #[serde(default)]
    pub is_silent: bool,
}

/// What was answered at a handoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    Kept,
    HandedOver,
    Released,
    /// Somebody else took it before there was an answer.
    Taken,
}

/// What is to be done next, and by whom (次の一手).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextStep {
    pub text: TextId,
    pub who: NextBy,
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub until: Option<Timestamp>,
    pub by: Actor,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
}

/// Whose the next step is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextBy {
    #[default]
    Us,
    Requester,
    Vendor,
    Development,
}

impl Inquiry {
    /// The question of the handoff that waits for its answer.
    pub fn asked_at_handoff(&self) -> Option<&Handoff> {
        self.handoff
            .as_ref()
            .filter(|handoff| handoff.answer.is_none())
    }
}

/// Applies what an entry means for the handoff and the next step; `is_act` tells an act from what time brings.
pub(super) fn settle(inquiry: &mut Inquiry, entry: &Entry, is_act: bool) {
    match &entry.event {
        Event::HandoffAsked {
            from,
            to,
            answer_by,
            otherwise,
        } => {
            inquiry.handoff = Some(Handoff {
                from: from.clone(),
                to: to.clone(),
                asked_at: entry.at,
                answer_by: *answer_by,
                otherwise: *otherwise,
                answer: None,
            });
        }
        Event::NextSet { text, who, until } => {
            inquiry.next = Some(NextStep {
                text: text.clone(),
                who: *who,
                until: *until,
                by: entry.actor.clone(),
                at: entry.at,
            });
        }
        _ => {}
    }
    if matches!(inquiry.stage, Stage::Resolved { .. } | Stage::Closed { .. }) {
        inquiry.handoff = None;
        inquiry.next = None;
    }
    if let Some(handoff) = inquiry.handoff.as_mut().filter(|it| it.answer.is_none())
        && let Some(what) = answered(handoff, entry, is_act)
    {
        handoff.answer = Some(HandoffAnswer {
            what,
            is_silent: entry.actor == Actor::System,
        });
    }
}

/// What an entry answers to an open question; any other act of whoever is asked means that they go on with it.
fn answered(handoff: &Handoff, entry: &Entry, is_act: bool) -> Option<Answered> {
    let is_theirs = |by: &MemberId| {
        if *by == handoff.from {
            Answered::Kept
        } else {
            Answered::Taken
        }
    };
    match &entry.event {
        Event::HandoffKept { .. } => Some(Answered::Kept),
        Event::Assigned { .. } => Some(Answered::HandedOver),
        Event::Released { .. } => Some(Answered::Released),
        Event::Transferred { .. } => Some(Answered::Taken),
        Event::Claimed { by } | Event::Accepted { by } | Event::TakenOver { by, .. } => {
            Some(is_theirs(by))
        }
        _ if is_act && entry.actor.member() == Some(&handoff.from) => Some(Answered::Kept),
        _ => None,
    }
}
