//! Fairness: how the duty was shared in a window, and who owes whom.
//!
//! A turn counts for whoever had most of it, so the turns of all members add up to the turns of the rota. A day counts
//! for whoever has the duty from its handoff on. Covers are owed one for one and netted between each two members; a
//! swap is even, and an override owes nothing, for nobody said in whose place it was.
//! Promises: the hours of all members add up to the window. Leaves out what was before the rota's first date.

use super::book::{Book, Why, handoff_on, local_date, overrides};
use super::{Override, Rota, Shift};
use crate::domain::ids::MemberId;
use crate::time::{Date, SignedDuration, Timestamp, Weekday};
use serde::Serialize;
use std::collections::BTreeMap;

/// How the duty of a rota was shared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fairness {
    pub rota: String,
    /// From when: not before the first date of the rota.
    pub from: Timestamp,
    pub until: Timestamp,
    /// In the order of the rota at the end; then those who are in it no more.
    pub shares: Vec<Share>,
    pub debts: Vec<Debt>,
}

/// What one member had of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    pub member: MemberId,
    pub turns: u32,
    pub worked_days: u32,
    /// Days off by their weekday.
    pub weekend_days: u32,
    pub holidays: u32,
    /// Time on duty, in milliseconds; of it by cover, override and swap.
    pub on_duty_ms: i64,
    pub by_cover_ms: i64,
    pub by_override_ms: i64,
    pub by_swap_ms: i64,
    /// Since when the member takes part, if not from the beginning.
    pub joined: Option<Date>,
    /// Whether the member takes part no more at the end.
    pub has_left: bool,
}

/// Who has so many turns to give back to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Debt {
    pub owes: MemberId,
    pub to: MemberId,
    pub turns: u32,
}

/// Works out how the duty was shared in `[from, until)`.
pub fn fairness(rota: &Rota, book: &Book, from: Timestamp, until: Timestamp) -> Fairness {
    let first = rota.plan().versions.first();
    let from = first.map_or(from, |first| from.max(handoff_on(rota, first.starts)));
    let laid = overrides(book, rota.name());
    let shifts = rota.shifts(from, until, &laid);
    let mut shares = members(rota, from, until, &shifts);
    for (_, member) in turns(rota, &laid, from, until) {
        share(&mut shares, &member).turns += 1;
    }
    let mut owed: BTreeMap<(MemberId, MemberId), i64> = BTreeMap::new();
    for shift in &shifts {
        let share = share(&mut shares, &shift.member);
        let ms = length(shift);
        share.on_duty_ms += ms;
        match book.why(rota.name(), shift).map(|laid| &laid.why) {
            Some(Why::Cover { of, .. }) => {
                share.by_cover_ms += ms;
                *owed.entry((of.clone(), shift.member.clone())).or_default() += 1;
            }
            Some(Why::Override) => share.by_override_ms += ms,
            Some(Why::Swap { .. }) => share.by_swap_ms += ms,
            None => {}
        }
    }
    count_days(rota, &shifts, (from, until), &mut shares);
    Fairness {
        rota: rota.name().to_owned(),
        from,
        until,
        shares,
        debts: netted(&owed),
    }
}

/// The turns of the rota that begin in a window, each with whoever had most of it.
pub(super) fn turns(
    rota: &Rota,
    laid: &[Override],
    from: Timestamp,
    until: Timestamp,
) -> Vec<(Shift, MemberId)> {
    let begins = |turn: &Shift| from <= turn.starts_at && turn.starts_at < until;
    let mut all = Vec::new();
    let mut at = from;
    while at < until {
        let turn = rota.planned(at);
        at = turn.ends_at;
        if begins(&turn) {
            let member = who_had_most(rota, laid, &turn);
            all.push((turn, member));
        }
        if at == Timestamp::MAX {
            break;
        }
    }
    all
}

fn who_had_most(rota: &Rota, laid: &[Override], turn: &Shift) -> MemberId {
    let mut had: Vec<(MemberId, i64)> = Vec::new();
    for part in rota.shifts(turn.starts_at, turn.ends_at, laid) {
        let ms = length(&part);
        match had.iter_mut().find(|(member, _)| *member == part.member) {
            Some((_, sum)) => *sum += ms,
            None => had.push((part.member, ms)),
        }
    }
    // Of two that had as much it is the first.
    let most = had.iter().rev().max_by_key(|(_, ms)| *ms);
    most.map_or_else(|| turn.member.clone(), |(member, _)| member.clone())
}

fn length(shift: &Shift) -> i64 {
    let length: SignedDuration = shift.ends_at.duration_since(shift.starts_at);
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// Everybody who takes part at some time of the window, and everybody who had a shift in it.
fn members(rota: &Rota, from: Timestamp, until: Timestamp, shifts: &[Shift]) -> Vec<Share> {
    let last = crate::time::plus(until, SignedDuration::from_millis(-1)).max(from);
    let at_end = &rota.version(last).participants;
    let at_start = &rota.version(from).participants;
    let versions = rota.plan().versions.iter();
    let mut since: Vec<(MemberId, Timestamp)> = Vec::new();
    for version in versions {
        let at = version.begins.as_ref().map(|begins| begins.at);
        let at = at.unwrap_or_else(|| handoff_on(rota, version.starts));
        for member in &version.participants {
            if at < until && !since.iter().any(|(known, _)| known == member) {
                since.push((member.clone(), at));
            }
        }
    }
    let in_window = |member: &&MemberId| {
        at_start.contains(member)
            || since
                .iter()
                .any(|(known, at)| known == *member && *at > from)
    };
    let everybody = since.iter().map(|(member, _)| member);
    let others = everybody
        .filter(in_window)
        .chain(shifts.iter().map(|shift| &shift.member));
    let mut shares: Vec<Share> = Vec::new();
    for member in at_end.iter().chain(others) {
        if shares.iter().any(|share| share.member == *member) {
            continue;
        }
        let joined = since
            .iter()
            .find(|(known, at)| known == member && *at > from);
        shares.push(Share {
            member: member.clone(),
            turns: 0,
            worked_days: 0,
            weekend_days: 0,
            holidays: 0,
            on_duty_ms: 0,
            by_cover_ms: 0,
            by_override_ms: 0,
            by_swap_ms: 0,
            joined: joined.map(|(_, at)| local_date(rota, *at)),
            has_left: !at_end.contains(member),
        });
    }
    shares
}

fn share<'a>(shares: &'a mut [Share], member: &MemberId) -> &'a mut Share {
    let found = shares.iter().position(|share| share.member == *member);
    let index = found.expect("everybody who had a shift has a share");
    &mut shares[index]
}

fn count_days(
    rota: &Rota,
    shifts: &[Shift],
    (from, until): (Timestamp, Timestamp),
    shares: &mut [Share],
) {
    let mut day = local_date(rota, from);
    let mut shifts = shifts.iter().peekable();
    loop {
        let at = handoff_on(rota, day);
        if at >= until {
            break;
        }
        while shifts.next_if(|shift| shift.ends_at <= at).is_some() {}
        if let Some(shift) = shifts.peek().filter(|shift| shift.starts_at <= at) {
            let share = share(shares, &shift.member);
            match day_kind(rota, day, at) {
                DayKind::Worked => share.worked_days += 1,
                DayKind::Weekend => share.weekend_days += 1,
                DayKind::WorkedWeekend => {
                    share.worked_days += 1;
                    share.weekend_days += 1;
                }
                DayKind::Holiday => share.holidays += 1,
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
}

enum DayKind {
    Worked,
    /// A Saturday or Sunday of a rota that works every day.
    WorkedWeekend,
    Weekend,
    Holiday,
}

fn day_kind(rota: &Rota, day: Date, at: Timestamp) -> DayKind {
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    match &rota.version(at).works {
        None if is_weekend => DayKind::WorkedWeekend,
        None => DayKind::Worked,
        Some(works) if works.is_worked_day(day) => DayKind::Worked,
        Some(works) if works.holiday(day).is_some() => DayKind::Holiday,
        Some(_) => DayKind::Weekend,
    }
}

fn netted(owed: &BTreeMap<(MemberId, MemberId), i64>) -> Vec<Debt> {
    let debt = |((owes, to), turns): (&(MemberId, MemberId), &i64)| {
        let back = owed.get(&(to.clone(), owes.clone())).copied().unwrap_or(0);
        let turns = u32::try_from(turns - back)
            .ok()
            .filter(|turns| *turns > 0)?;
        Some(Debt {
            owes: owes.clone(),
            to: to.clone(),
            turns,
        })
    };
    owed.iter().filter_map(debt).collect()
}

#[cfg(test)]
mod tests;
