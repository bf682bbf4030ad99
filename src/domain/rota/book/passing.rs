//! What the passing of time brings to the book, and when to look again.
//!
//! Every day, at the handoff's wall time of each rota, one more day of absences comes into sight, people are reminded
//! of tomorrow's swapped shift, and whoever has their first duty next gets the guide. An offer has instants of its own.

use super::Swap;
use super::Team;
use super::covering::{day_before, handoff_on, local_date, whole_shifts};
use super::decide::Draft;
use super::event::DutyEvent;
use super::{Book, Guide, SwapState, overrides};
use crate::domain::ids::MemberId;
use crate::domain::rota::Rota;
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::BTreeSet;

/// How far ahead somebody's first duty is looked for: longer than any holiday before it.
const FIRST_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 21);

/// Who had the duty within this time is no newcomer.
const FIRST_BACK: SignedDuration = SignedDuration::from_hours(24 * 400);

pub(super) fn tick(draft: &mut Draft<'_>) {
    let swaps: Vec<(u64, Swap)> = draft
        .book
        .swaps
        .iter()
        .filter(|(_, swap)| {
            swap.mine.starts_at.max(swap.theirs.starts_at) > draft.now || swap.is_open()
        })
        .map(|(number, swap)| (*number, swap.clone()))
        .collect();
    for (number, swap) in swaps {
        match swap.state {
            SwapState::Offered => wait_for_answer(draft, number, &swap),
            SwapState::Agreed { at } => foretell(draft, number, &swap, at),
            SwapState::Declined { .. }
            | SwapState::Withdrawn { .. }
            | SwapState::CalledOff { .. }
            | SwapState::Lapsed { .. } => {}
        }
    }
    if draft.team.guide.is_some() {
        for rota in draft.team.rotas.values() {
            guide(draft, rota);
        }
    }
}

fn wait_for_answer(draft: &mut Draft<'_>, number: u64, swap: &Swap) {
    if swap.lapses_at() <= draft.now {
        draft.push(DutyEvent::SwapLapsed { number });
        return;
    }
    let rota = draft.team.rotas.get(&swap.rota);
    let is_due = rota.is_some_and(|rota| remind_at(rota, swap) <= draft.now);
    if is_due && !swap.is_reminded {
        draft.push(DutyEvent::SwapReminded { number });
    }
}

fn foretell(draft: &mut Draft<'_>, number: u64, swap: &Swap, agreed_at: Timestamp) {
    let Some(rota) = draft.team.rotas.get(&swap.rota) else {
        return;
    };
    for starts_at in [swap.mine.starts_at, swap.theirs.starts_at] {
        let at = day_before(rota, starts_at);
        // Who agreed to it the day before knows.
        let is_due = agreed_at < at && at <= draft.now && draft.now < starts_at;
        if is_due && !swap.foretold.contains(&starts_at) {
            draft.push(DutyEvent::SwapForetold { number, starts_at });
        }
    }
}

/// When an unanswered offer is brought up again: at the next handoff, or halfway of the working time that is left.
fn remind_at(rota: &Rota, swap: &Swap) -> Timestamp {
    asks_again_at(rota, swap.offered_at, swap.lapses_at())
}

/// The same by when it was offered and until when it can be answered.
pub fn asks_again_at(rota: &Rota, from: Timestamp, until: Timestamp) -> Timestamp {
    let halfway = match &rota.version(from).works {
        Some(works) => {
            let left = works.worked_between(from, until);
            if left.is_zero() {
                // Nobody is at work before it lapses.
                return until;
            }
            works.due_after(from, left / 2)
        }
        None => plus(from, until.duration_since(from) / 2),
    };
    halfway.min(rota.next_handoff(from))
}

fn guide(draft: &mut Draft<'_>, rota: &Rota) {
    let now = draft.now;
    let laid = overrides(&draft.book, rota.name());
    let ahead = whole_shifts(rota, now, plus(now, FIRST_AHEAD), &laid);
    let Some(running) = ahead.first() else {
        return;
    };
    let begun_at = rota.on_duty(now, &laid).shift.starts_at;
    let mut known: Option<BTreeSet<MemberId>> = None;
    let mut seen: BTreeSet<&MemberId> = BTreeSet::new();
    for shift in &ahead {
        if !seen.insert(&shift.member) {
            continue;
        }
        let begins = if shift == running {
            begun_at
        } else {
            shift.starts_at
        };
        let (rota_name, member) = (rota.name().to_owned(), shift.member.clone());
        match draft.book.guides.get(&member).copied() {
            Some(guide) if asks_again(guide, begins, now) => {
                draft.push(DutyEvent::GuideAskedAgain {
                    rota: rota_name,
                    member,
                });
            }
            Some(_) => {}
            None if day_before(rota, begins) <= now => {
                let before = known.get_or_insert_with(|| {
                    who_had_it(draft.team, &draft.book, now, begun_at, rota)
                });
                if !before.contains(&member) {
                    draft.push(DutyEvent::GuideSent {
                        rota: rota_name,
                        member,
                        starts_at: begins,
                    });
                }
            }
            None => {}
        }
    }
}

fn asks_again(guide: Guide, begins: Timestamp, now: Timestamp) -> bool {
    // Who got it when it began has it already.
    let was_before = guide.sent_at < guide.starts_at;
    guide.read_at.is_none() && !guide.is_asked_again && was_before && begins <= now
}

/// Who had the duty of any rota before the shift that runs.
fn who_had_it(
    team: &Team<'_>,
    book: &Book,
    now: Timestamp,
    begun_at: Timestamp,
    running: &Rota,
) -> BTreeSet<MemberId> {
    let mut known = BTreeSet::new();
    for rota in team.rotas.values() {
        let laid = overrides(book, rota.name());
        let until = if rota.name() == running.name() {
            begun_at
        } else {
            rota.on_duty(now, &laid).shift.starts_at
        };
        // Before its first date the order reaches back, but nobody had the duty.
        let first = rota.plan().versions.first();
        let first = first.map_or(Timestamp::MIN, |first| handoff_on(rota, first.starts));
        let from = first.max(plus(now, -FIRST_BACK));
        let shifts = rota.shifts(from, until, &laid);
        known.extend(shifts.into_iter().map(|shift| shift.member));
    }
    known
}

/// The next instant at which the book is to be looked at; nothing where there is no rota.
pub fn next_at(book: &Book, team: &Team<'_>, now: Timestamp) -> Option<Timestamp> {
    let daily = team.rotas.values().filter_map(|rota| {
        let mut day = local_date(rota, now);
        // Today's, tomorrow's, or the one after a day that has no such time.
        for _ in 0..3 {
            let at = handoff_on(rota, day);
            if at > now {
                return Some(at);
            }
            day = day.tomorrow().ok()?;
        }
        None
    });
    let offers = book.open_swaps().flat_map(|(_, swap)| {
        let rota = team.rotas.get(&swap.rota);
        let remind = rota
            .filter(|_| !swap.is_reminded)
            .map(|rota| remind_at(rota, swap));
        [remind, Some(swap.lapses_at())]
    });
    daily.chain(offers.flatten().filter(|at| *at > now)).min()
}
