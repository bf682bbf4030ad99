//! Refusals as messages: each names what the person needs to know.

use super::ports::Reference;
use crate::domain::inquiry::{Refusal, shown_issue};
use crate::domain::notice::{Arg, Message};

/// Puts a refusal into a message.
pub fn refusal(refusal: &Refusal, reference: Option<Reference>) -> Message {
    let message =
        match refusal {
            Refusal::AlreadyOwned { by, since } => Message::new("refused-already-owned")
                .with("member", Arg::Member(by.clone()))
                .with("since", Arg::Instant(*since)),
            Refusal::AlreadyYours { since } => {
                Message::new("refused-already-yours").with("since", Arg::Instant(*since))
            }
            Refusal::AlreadyAssigned { to, since } => Message::new("refused-already-assigned")
                .with("member", Arg::Member(to.clone()))
                .with("since", Arg::Instant(*since)),
            Refusal::NotAssigned => Message::new("refused-not-assigned"),
            Refusal::AssignedToOther { to } => {
                Message::new("refused-assigned-to-other").with("member", Arg::Member(to.clone()))
            }
            Refusal::Unclaimed => Message::new("refused-unclaimed"),
            Refusal::Resolved { by, at } => Message::new("refused-resolved")
                .with("by", Arg::Actor(by.clone()))
                .with("at", Arg::Instant(*at)),
            Refusal::Closed { by, at } => Message::new("refused-closed")
                .with("by", Arg::Actor(by.clone()))
                .with("at", Arg::Instant(*at)),
            Refusal::NotEnded => Message::new("refused-not-ended"),
            Refusal::ReplyOrAskFirst {
                clock,
                due_at: Some(due),
            } => Message::new("refused-reply-first-due")
                .with("clock", Arg::Clock(*clock))
                .with("due", Arg::Instant(*due)),
            Refusal::ReplyOrAskFirst {
                clock,
                due_at: None,
            } => Message::new("refused-reply-first").with("clock", Arg::Clock(*clock)),
            Refusal::NoWayBack { url: Some(url) } => {
                Message::new("refused-no-way-back-url").with("url", Arg::Plain(url.clone()))
            }
            Refusal::NoWayBack { url: None } => Message::new("refused-no-way-back"),
            Refusal::NoWayToBounce { url: Some(url) } => {
                Message::new("refused-no-way-to-bounce-url").with("url", Arg::Plain(url.clone()))
            }
            Refusal::NoWayToBounce { url: None } => Message::new("refused-no-way-to-bounce"),
            Refusal::NothingToRetract => Message::new("refused-nothing-to-retract"),
            Refusal::InTheFuture { at } => {
                Message::new("refused-in-the-future").with("at", Arg::Instant(*at))
            }
            Refusal::NotInTheFuture { at } => {
                Message::new("refused-not-in-the-future").with("at", Arg::Instant(*at))
            }
            Refusal::BeforeReceipt { at, received_at } => Message::new("refused-before-receipt")
                .with("at", Arg::Instant(*at))
                .with("received", Arg::Instant(*received_at)),
            Refusal::NothingToAnswer => Message::new("refused-nothing-to-answer"),
            Refusal::NotWaiting => Message::new("refused-not-waiting"),
            Refusal::SameSeverity { severity } => {
                Message::new("refused-same-severity").with("severity", Arg::Severity(*severity))
            }
            Refusal::NotUrgent => Message::new("refused-not-urgent"),
            Refusal::SameQueue { queue } => {
                Message::new("refused-same-queue").with("queue", Arg::Queue(queue.clone()))
            }
            Refusal::CategoryMissing { known } => {
                Message::new("refused-category-missing").with("known", Arg::Plain(known.join(", ")))
            }
            Refusal::CategoryUnknown { given, known } => Message::new("refused-category-unknown")
                .with("given", Arg::Plain(given.clone()))
                .with("known", Arg::Plain(known.join(", "))),
            Refusal::CauseMissing => Message::new("refused-cause-missing"),
            Refusal::WorkaroundMissing => Message::new("refused-workaround-missing"),
            Refusal::WorkaroundTwice => Message::new("refused-workaround-twice"),
            Refusal::AnswerMissing => Message::new("refused-answer-missing"),
            Refusal::TooLate { at, days } => Message::new("refused-too-late")
                .with("at", Arg::Instant(*at))
                .with("days", Arg::Number(i64::from(*days))),
            Refusal::LongClosed { at, days } => Message::new("refused-long-closed")
                .with("at", Arg::Instant(*at))
                .with("days", Arg::Number(i64::from(*days))),
            Refusal::NotAsked => Message::new("refused-no-handoff"),
            Refusal::NobodyElse => Message::new("refused-nobody-else"),
            Refusal::MembersOnly => Message::new("refused-members-only"),
            Refusal::NoProposal => Message::new("refused-no-proposal"),
            Refusal::OtherProposal { to } => {
                Message::new("refused-other-proposal").with("to", Arg::Severity(*to))
            }
            Refusal::NotSnoozed => Message::new("refused-not-snoozed"),
            Refusal::ContractCovers { contract } => Message::new("refused-contract-covers")
                .with("contract", Arg::Plain(contract.clone())),
            Refusal::ContractUnchecked => Message::new("refused-contract-unchecked"),
            Refusal::ContractExcepted { by, at } => Message::new("refused-contract-excepted")
                .with("by", Arg::Actor(by.clone()))
                .with("at", Arg::Instant(*at)),
            Refusal::NotHeld => Message::new("refused-not-held"),
            Refusal::ResolveFirst => Message::new("refused-resolve-first"),
            Refusal::AlreadyFiling { tracker } => Message::new("refused-already-filing")
                .with("tracker", Arg::Plain(tracker.to_string())),
            Refusal::AlreadyTracked { tracker, issue } => Message::new("refused-already-tracked")
                .with("issue", Arg::Plain(shown_issue(issue)))
                .with("tracker", Arg::Plain(tracker.to_string())),
            Refusal::NotTracked { tracker, issue } => Message::new("refused-not-tracked")
                .with("issue", Arg::Plain(shown_issue(issue)))
                .with("tracker", Arg::Plain(tracker.to_string())),
        };
    match reference {
        Some(reference) => message.with("reference", Arg::Reference(reference.0)),
        None => message.with("reference", Arg::Word("this-inquiry".to_owned())),
    }
}
