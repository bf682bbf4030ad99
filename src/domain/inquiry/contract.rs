//! What the contract check means to an inquiry: what it says, whether anything is promised, and the exception.
//!
//! Where a queue asks for a contract and none covers the inquiry at its receipt, it is *held*: no promise runs and nobody
//! is woken, until a contract is found or somebody makes an exception, which both count from the receipt. What was
//! promised once is never taken back by a later finding. A held inquiry is counted apart for as long as it is.

use super::evolve::start;
use super::{Clock, Inquiry, Ownership, Pause, Stage};
use crate::domain::contract::{Finding, Terms};
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Actor, Entry, Event};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the register said, and whether the queue asks for a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub finding: Finding,
    pub is_required: bool,
}

/// Whether a line is the check of the receipt itself. Those recorded before events said so follow the receipt at once, by
/// its source, or by the requester whose late words it is a receipt of; what anybody asks for later is asked by a person, and
/// what news bring follows the news.
pub fn is_receipts_check(entry: &Entry, inquiry: &Inquiry) -> bool {
    let was_at_receipt = || {
        let is_from_outside = matches!(entry.actor, Actor::Source(_) | Actor::Requester);
        entry.seq == 2 && entry.at == inquiry.received_at && is_from_outside
    };
    match &entry.event {
        Event::ContractChecked { at_receipt, .. } => *at_receipt || was_at_receipt(),
        _ => false,
    }
}

/// What a check did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckEffect {
    /// It is shown; promises go by its plan and hours.
    #[default]
    Shown,
    /// Nothing is promised.
    Holds,
    /// What was held is promised, from the receipt.
    Lifts,
    /// The same, and the resolution stands still because of whom we wait for.
    LiftsPaused,
}

impl CheckEffect {
    pub(super) fn is_shown(&self) -> bool {
        *self == CheckEffect::Shown
    }

    /// The lifting, in the wait that there is.
    pub(super) fn lifting(is_paused: bool) -> Self {
        match is_paused {
            true => CheckEffect::LiftsPaused,
            false => CheckEffect::Lifts,
        }
    }
}

/// Stands for the answers of before they were named, in documents that builds of then have written; no event has it.
const UNNAMED: u64 = 0;

/// How an inquiry stands with its contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContractStanding {
    pub finding: Finding,
    pub is_required: bool,
    /// While it is held nothing is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
}

/// What is to be known once something is promised after all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// From when the first response would count.
    #[serde(with = "crate::time::serde_ms")]
    pub response_from: Timestamp,
    /// Whether the requester has heard from us.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_answered: bool,
    /// By what, as far as it stands; documents of before that was kept do not say, or begin with a 0 for what they knew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered_by: Vec<u64>,
}

/// What was done while it was held, as far as it changes what is promised once it is not. Lifted before that was kept, it
/// was promised as if nothing had been.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meanwhile {
    /// An answer was given that stands; a resolution is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_answered: bool,
    /// Whoever had it gave it back: the claim counts from then.
    #[serde(
        default,
        with = "crate::time::serde_ms::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub given_back_at: Option<Timestamp>,
}

impl Meanwhile {
    pub(super) fn is_nothing(&self) -> bool {
        *self == Meanwhile::default()
    }

    /// What was done to an inquiry that is about to be promised.
    pub(super) fn of(inquiry: &Inquiry) -> Self {
        let Some(from) = inquiry.held_from() else {
            return Meanwhile::default();
        };
        let mut answers = inquiry.standing_answers().into_iter();
        let given_back_at = match &inquiry.ownership {
            Ownership::Unclaimed { since } => Some(*since),
            Ownership::Assigned { .. } | Ownership::Owned { .. } => None,
        };
        Meanwhile {
            is_answered: answers.any(|answer| answer.at >= from),
            given_back_at: given_back_at.filter(|at| *at > inquiry.received_at),
        }
    }
}

/// Who took it all the same, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    pub by: Actor,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
    pub reason: TextId,
}

impl Inquiry {
    /// Tells whether it came in without the contract that its queue asks for: nothing is promised, it is counted apart.
    pub fn is_held(&self) -> bool {
        self.hold().is_some()
    }

    /// Tells whether something is to be done of it: what a backlog brought has neither clock nor hold.
    pub fn is_awaited(&self) -> bool {
        !self.runs.is_empty() || self.is_held()
    }

    /// Tells whether its requester waits for a word of ours: one is owed, or would be if it were not held.
    pub fn awaits_word(&self) -> bool {
        let is_owed = self.runs.iter().any(|run| run.clock.is_response());
        is_owed || (self.is_held() && !self.unanswered.is_empty())
    }

    /// The contract that covers it.
    pub fn terms(&self) -> Option<&Terms> {
        self.contract.as_ref()?.finding.terms()
    }

    /// The plan that its promises go by: the contract's, else what the source says or its customer has.
    pub fn plan(&self) -> &str {
        let bought = self.terms().and_then(|terms| terms.plan.as_deref());
        bought.unwrap_or(&self.facts.plan)
    }

    /// How it stands with its contract, in a word for lists: `held`, `excepted`, else that of the finding.
    pub fn contract_word(&self) -> Option<&'static str> {
        let standing = self.contract.as_ref()?;
        Some(match (&standing.hold, &standing.exception) {
            (Some(_), _) => "held",
            (None, Some(_)) => "excepted",
            (None, None) => standing.finding.word(),
        })
    }

    /// From when a first response would count, were it not held.
    pub(super) fn held_from(&self) -> Option<Timestamp> {
        self.hold().map(|hold| hold.response_from)
    }

    /// Adds to a document what builds before this one did not keep, so that it compares with what is folded.
    pub fn kept_less_than(&mut self, folded: &Inquiry) {
        // Of before answers were kept it knows those given since: the last of all.
        if folded.answers.ends_with(&self.answers) {
            self.answers.clone_from(&folded.answers);
        }
        let Some(now) = folded.hold().filter(|hold| hold.is_answered) else {
            return;
        };
        if let Some(kept) = hold_of(self)
            && kept.is_answered
            && matches!(kept.answered_by.first(), None | Some(&UNNAMED))
        {
            kept.answered_by.clone_from(&now.answered_by);
        }
    }

    fn hold(&self) -> Option<&Hold> {
        self.contract.as_ref()?.hold.as_ref()
    }
}

/// Folds a check.
pub(super) fn checked(
    inquiry: &mut Inquiry,
    entry: &Entry,
    finding: &Finding,
    is_required: bool,
    effect: CheckEffect,
    done: &Meanwhile,
) {
    let standing = inquiry.contract.get_or_insert_with(|| ContractStanding {
        finding: finding.clone(),
        is_required,
        hold: None,
        exception: None,
    });
    standing.finding = finding.clone();
    standing.is_required = is_required;
    match effect {
        CheckEffect::Shown => {}
        CheckEffect::Holds => hold(inquiry),
        CheckEffect::Lifts => lift(inquiry, entry, false, done),
        CheckEffect::LiftsPaused => lift(inquiry, entry, true, done),
    }
}

/// Folds an exception.
pub(super) fn excepted(
    inquiry: &mut Inquiry,
    entry: &Entry,
    reason: &TextId,
    is_paused: bool,
    done: &Meanwhile,
) {
    if let Some(standing) = &mut inquiry.contract {
        standing.exception = Some(Exception {
            by: entry.actor.clone(),
            at: entry.at,
            reason: reason.clone(),
        });
    }
    lift(inquiry, entry, is_paused, done);
}

/// What the receipt has just started never ran.
fn hold(inquiry: &mut Inquiry) {
    let first = inquiry.run(Clock::FirstResponse);
    let response_from = first.map_or(inquiry.received_at, |run| run.started_at);
    inquiry.runs.clear();
    if let Some(standing) = &mut inquiry.contract {
        standing.hold = Some(Hold {
            response_from,
            is_answered: false,
            answered_by: Vec::new(),
        });
    }
}

/// Everything that would have been promised at the receipt is promised from the receipt; what was done meanwhile is done.
fn lift(inquiry: &mut Inquiry, entry: &Entry, is_paused: bool, done: &Meanwhile) {
    let held = inquiry.contract.as_mut().and_then(|it| it.hold.take());
    let Some(hold) = held else { return };
    let (seq, received_at) = (entry.seq, inquiry.received_at);
    match (
        hold.is_answered || done.is_answered,
        inquiry.unanswered.first().cloned(),
    ) {
        (false, _) => start(inquiry, Clock::FirstResponse, seq, hold.response_from),
        (true, Some(oldest)) => start(inquiry, Clock::NextResponse, oldest.seq, oldest.at),
        (true, None) => {}
    }
    // What lies with the requester calls nobody to take it until it comes back.
    if !matches!(inquiry.ownership, Ownership::Owned { .. }) && !inquiry.is_sent_back() {
        start(
            inquiry,
            Clock::Claim,
            seq,
            done.given_back_at.unwrap_or(received_at),
        );
    }
    start(inquiry, Clock::Resolution, seq, received_at);
    if inquiry.facts.needed_by.is_some() {
        start(inquiry, Clock::NeededBy, seq, received_at);
    }
    let waiting_since = match inquiry.stage {
        Stage::Waiting { since, .. } if is_paused => Some(since),
        Stage::Waiting { .. }
        | Stage::Active { .. }
        | Stage::Resolved { .. }
        | Stage::Closed { .. } => None,
    };
    let resolution = inquiry.runs.iter_mut();
    let resolution = resolution.filter(|run| run.clock == Clock::Resolution);
    for run in resolution {
        run.pauses
            .extend(waiting_since.map(|from| Pause { from, until: None }));
    }
}

/// Notes that the requester has heard from us.
pub(super) fn heard_from_us(inquiry: &mut Inquiry, seq: u64) {
    if let Some(hold) = hold_of(inquiry) {
        if hold.is_answered && hold.answered_by.is_empty() {
            hold.answered_by.push(UNNAMED);
        }
        hold.is_answered = true;
        hold.answered_by.push(seq);
    }
}

/// Notes that they have not heard one of our answers after all; another that stands is one still.
pub(super) fn not_heard_after_all(inquiry: &mut Inquiry, of: u64) {
    if let Some(hold) = hold_of(inquiry) {
        let is_named = hold.answered_by.contains(&of);
        let lost = if is_named { of } else { UNNAMED };
        hold.answered_by.retain(|answer| *answer != lost);
        hold.is_answered = !hold.answered_by.is_empty();
    }
}

fn hold_of(inquiry: &mut Inquiry) -> Option<&mut Hold> {
    inquiry.contract.as_mut()?.hold.as_mut()
}
