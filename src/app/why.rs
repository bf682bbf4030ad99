//! Why a deadline is what it is, line by line, in words.

use super::awake::joined;
use super::desk::App;
use super::perform::{Answered, Declined};
use super::ports::*;
use crate::domain::announce::time_left;
use crate::domain::inquiry::Ending;
use crate::domain::notice::{Arg, Message};
use crate::domain::sla::{Because, Cause, Line, Skip, account, policies_of};

impl App {
    pub(super) async fn why_lines(&self, stored: Stored) -> Result<Answered, Declined> {
        let explained = self.explain(&stored).await?;
        let reasons = explained
            .iter()
            .flat_map(|(_, lines)| lines.iter().map(why));
        let lines: Vec<Message> = match explained.is_empty() {
            true => Vec::new(),
            false => {
                let awake = self.awake(std::slice::from_ref(&stored)).await?;
                awake.into_iter().chain(reasons).collect()
            }
        };
        let data = serde_json::to_value(explained).unwrap_or_default();
        let message = if stored.inquiry.is_held() {
            Message::new("why-no-contract")
        } else if lines.is_empty() {
            Message::new("why-nothing")
        } else {
            Message::new("why").with("lines", Arg::Lines(lines))
        };
        let message = message.with("reference", Arg::Reference(stored.reference.0));
        Ok(Answered {
            message,
            about: Some(stored),
            data,
        })
    }

    /// The reasons of every deadline that there is or was, by clock: those that run first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn explain(
        &self,
        stored: &Stored,
    ) -> Result<Vec<(crate::domain::inquiry::Clock, Vec<Line>)>, StoreError> {
        let ledger = self.store.ledger(&stored.inquiry.id).await?;
        let mut policies = std::collections::BTreeMap::new();
        for hash in policies_of(&ledger) {
            policies.insert(hash.clone(), self.policy(hash).await?);
        }
        Ok(account(&ledger, &policies))
    }
}

/// What moved a deadline.
fn why_moved(cause: &Cause) -> Message {
    match cause {
        Cause::Severity { from, to } => Message::new("moved-by-severity")
            .with("from", Arg::Severity(*from))
            .with("to", Arg::Severity(*to)),
        Cause::Policy { name } => {
            Message::new("moved-by-policy").with("policy", Arg::Plain(name.clone()))
        }
        Cause::Queue { to } => Message::new("moved-by-queue").with("queue", Arg::Queue(to.clone())),
        Cause::Source => Message::new("moved-by-source"),
        Cause::Contract => Message::new("moved-by-contract"),
    }
}

/// A reason as a sentence.
pub fn why(line: &Line) -> Message {
    match line {
        Line::Clock { clock } => Message::new("why-clock").with("clock", Arg::Clock(*clock)),
        Line::Promise {
            policy,
            severity,
            plan,
            amount_ms,
            calendar,
            region,
            because,
            contract,
        } => {
            let promise = promised(region.as_deref(), *because)
                .with("policy", Arg::Plain(policy.clone()))
                .with("severity", Arg::Plain(severity.to_string()))
                .with("plan", Arg::Plain(plan.clone()))
                .with("amount", Arg::Span(*amount_ms))
                .with("calendar", Arg::Plain(calendar.clone()));
            match contract {
                Some(contract) => Message::new("why-contract")
                    .with("contract", Arg::Plain(contract.clone()))
                    .with("promise", Arg::Lines(vec![promise])),
                None => promise,
            }
        }
        Line::NeededBy => Message::new("why-needed-by"),
        Line::Started { at, .. } => Message::new("why-started").with("at", Arg::Instant(*at)),
        Line::Counted {
            from,
            until,
            ms,
            offices,
        } => match offices.is_empty() {
            true => Message::new("why-counted"),
            false => {
                Message::new("why-counted-offices").with("offices", Arg::Plain(joined(offices)))
            }
        }
        .with("from", Arg::Instant(*from))
        .with("until", Arg::Instant(*until))
        .with("amount", Arg::Span(*ms)),
        Line::Worked { date, name } => Message::new("why-worked")
            .with("date", Arg::Day(*date))
            .with("name", Arg::Plain(name.clone())),
        Line::Skipped { from, until, why } => {
            let message = match why {
                Skip::Night => Message::new("why-night"),
                Skip::Break => Message::new("why-break"),
                Skip::DayOff => Message::new("why-day-off"),
                Skip::Closed => Message::new("why-closed"),
                Skip::Holiday { name } => {
                    Message::new("why-holiday").with("name", Arg::Plain(name.clone()))
                }
                Skip::Offices { offices } => {
                    let reasons = offices.iter().map(|closed| {
                        reason(&closed.why).with("office", Arg::Plain(closed.office.clone()))
                    });
                    Message::new("why-offices").with("reasons", Arg::Parts(reasons.collect()))
                }
                Skip::Paused => Message::new("why-paused"),
            };
            message
                .with("from", Arg::Instant(*from))
                .with("until", Arg::Instant(*until))
        }
        Line::Due { at: Some(at) } => Message::new("why-due").with("at", Arg::Instant(*at)),
        Line::Due { at: None } => Message::new("why-standing-still"),
        Line::Missed { at } => Message::new("why-missed").with("at", Arg::Instant(*at)),
        Line::NoPromise => Message::new("why-no-promise"),
        Line::Internal => Message::new("why-internal"),
        Line::Moved {
            at,
            cause,
            old,
            new,
        } => {
            let message = match (old, new) {
                (Some(old), Some(new)) => Message::new("why-moved")
                    .with("old", Arg::Instant(*old))
                    .with("new", Arg::Instant(*new)),
                (None, Some(new)) => Message::new("why-moved-to").with("new", Arg::Instant(*new)),
                (_, None) => Message::new("why-moved-away"),
            };
            message
                .with("at", Arg::Instant(*at))
                .with("cause", Arg::Lines(vec![why_moved(cause)]))
        }
        Line::OwedAgain { at } => Message::new("why-owed-again").with("at", Arg::Instant(*at)),
        Line::RanAgain { at } => Message::new("why-ran-again").with("at", Arg::Instant(*at)),
        Line::Ended { at, how, left } => {
            let message = match how {
                Ending::Met => Message::new("why-met"),
                Ending::Missed => Message::new("why-ended-late"),
                Ending::Cancelled => Message::new("why-cancelled"),
            };
            let message = message.with("at", Arg::Instant(*at));
            match left {
                Some(left) => message.with("left", time_left(*left)),
                None => message.with("left", Arg::Lines(Vec::new())),
            }
        }
    }
}

/// The sentence of a promise: what its row asks for, and why it passes in its calendar.
fn promised(region: Option<&str>, because: Option<Because>) -> Message {
    let message = match (region, because) {
        (None, None) => Message::new("why-promise"),
        (None, Some(_)) => Message::new("why-promise-because"),
        (Some(_), None) => Message::new("why-promise-region"),
        (Some(_), Some(_)) => Message::new("why-promise-region-because"),
    };
    let because = because.map(|because| match because {
        Because::Row => "because-row",
        Because::Customer => "because-customer",
        Because::Contract => "because-contract",
    });
    let message = match because {
        Some(word) => message.with("because", Arg::Word(word.to_owned())),
        None => message,
    };
    match region {
        Some(region) => message.with("region", Arg::Plain(region.to_owned())),
        None => message,
    }
}

/// Why one office of several is closed.
fn reason(why: &Skip) -> Message {
    match why {
        Skip::Night | Skip::Paused | Skip::Offices { .. } => Message::new("office-night"),
        Skip::Break => Message::new("office-break"),
        Skip::DayOff => Message::new("office-day-off"),
        Skip::Closed => Message::new("office-closed"),
        Skip::Holiday { name } => {
            Message::new("office-holiday").with("name", Arg::Plain(name.clone()))
        }
    }
}

#[cfg(test)]
mod tests;
