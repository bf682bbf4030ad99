//! What has come loose: what the book holds that has lost its member, its rota or its reason, and what time should have
//! brought to it and has not.
//!
//! None of it is a fault of a line. Leaves out what is behind: a shift of last year may be anybody's.

use super::covering::is_absent;
use super::decide::{Team, decide};
use super::event::DutyEvent;
use super::{Book, DutyCommand, Swap, SwapState, Why};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::time::{SignedDuration, Timestamp, plus};
use serde::Serialize;
use std::collections::BTreeSet;

/// Cover is found sixty days ahead, and one more day comes into sight each day: what begins before this was in sight at
/// the last look, however the clocks were set that day.
const SEEN: SignedDuration = SignedDuration::from_hours(24 * 58);

/// Something that `take-back` with its number sets right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "loose", rename_all = "snake_case")]
pub enum Loose {
    /// Whoever it names is no longer a member.
    Member { number: u64, member: MemberId },
    /// The rota that it is of is no longer configured.
    Rota { number: u64, rota: String },
    /// It covers for somebody who is not away then.
    Cover { number: u64, of: MemberId },
}

/// What lies ahead and has lost its member, its rota or its reason, each once, by its number.
pub fn loose(book: &Book, team: &Team<'_>, now: Timestamp) -> Vec<Loose> {
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    for (number, swap) in &book.swaps {
        if is_to_come(swap, now) {
            told.insert(*number);
            found.extend(astray(*number, team, &swap.rota, &[&swap.from, &swap.with]));
        }
    }
    for laid in &book.laid {
        let is_ahead = match laid.why {
            Why::Override => laid.span.ends_at > now,
            // What has begun of it goes on, and nobody can undo it.
            Why::Cover { .. } => laid.span.starts_at > now,
            Why::Swap { .. } => false,
        };
        if !is_ahead || !told.insert(laid.number) {
            continue;
        }
        let number = laid.number;
        let lost = astray(number, team, &laid.rota, &[&laid.member]);
        found.extend(lost.or_else(|| match &laid.why {
            Why::Cover {
                of,
                absence: Some(absence),
            } => {
                let rota = team.rotas.get(&laid.rota)?;
                // Who covers for somebody that cannot cover stands in for the first, by the absence of the second.
                let by = book.absences.get(absence).map(|absence| &absence.member);
                let mut away = by.into_iter().chain([of]);
                let is_needed = away.any(|member| is_absent(book, rota, member, laid.span));
                let of = of.clone();
                (!is_needed).then_some(Loose::Cover { number, of })
            }
            Why::Cover { absence: None, .. } | Why::Override | Why::Swap { .. } => None,
        }));
    }
    for (number, absence) in &book.absences {
        let is_over = absence.days.ends.is_some_and(|ends| ends <= team.today);
        if !is_over && !team.members.contains(&absence.member) {
            let (number, member) = (*number, absence.member.clone());
            found.push(Loose::Member { number, member });
        }
    }
    found
}

fn is_to_come(swap: &Swap, now: Timestamp) -> bool {
    match swap.state {
        SwapState::Offered => true,
        SwapState::Agreed { .. } => swap.lapses_at() > now,
        SwapState::Declined { .. }
        | SwapState::Withdrawn { .. }
        | SwapState::CalledOff { .. }
        | SwapState::Lapsed { .. } => false,
    }
}

fn astray(number: u64, team: &Team<'_>, rota: &str, members: &[&MemberId]) -> Option<Loose> {
    if !team.rotas.contains_key(rota) {
        let rota = rota.to_owned();
        return Some(Loose::Rota { number, rota });
    }
    let mut members = members.iter();
    let gone = members.find(|member| !team.members.contains(**member))?;
    let member = (**gone).clone();
    Some(Loose::Member { number, member })
}

/// What time should have brought by an instant at which everything that was due has been done.
///
/// Of the guide nothing is asked: when it is due depends on who has the duty, which people change between two looks.
pub fn undone(book: &Book, team: &Team<'_>, by: Timestamp) -> Vec<DutyEvent> {
    let all = decide(book, team, DutyCommand::Tick, &Actor::System, by);
    let mut all = all.unwrap_or_default();
    all.retain(|event| match event {
        DutyEvent::SwapLapsed { .. }
        | DutyEvent::SwapReminded { .. }
        | DutyEvent::SwapForetold { .. } => true,
        DutyEvent::CoverFound { span, .. } | DutyEvent::CoverMissing { span, .. } => {
            span.starts_at < plus(by, SEEN)
        }
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
        | DutyEvent::CoverDeclined { .. }
        | DutyEvent::CoverTakenBack { .. }
        | DutyEvent::GuideSent { .. }
        | DutyEvent::GuideAskedAgain { .. }
        | DutyEvent::GuideRead { .. } => false,
    });
    all
}
