//! Edits: what becomes of a rota when its configuration changes while the duty goes on.
//!
//! What has begun stays as it was shown, and what an earlier edit planned but never began gives way. An edited
//! configuration without a new start begins with its handoff on the day of the next one, and the order goes on
//! after whoever had the duty before. One with a new `starts` follows that date: the turns are counted from it, and a
//! date that has passed holds from the next handoff. The turns of somebody who is no member any more fall to whoever
//! comes next, at once: there is always somebody on duty who exists.
//!
//! Promises: nothing here changes a shift before `now`; the same history folds to the same rota on any machine.
//! Leaves out: keeping the history, which is append-only.

use super::{Begins, Cadence, OffHours, Plan, Rota, RotaError, Turns, Version, checked};
use crate::domain::ids::MemberId;
use crate::time::{SignedDuration, Time, Timestamp, plus, resolve};
use serde::{Deserialize, Serialize};

/// One entry in the history of a rota; it is written once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When it was made.
    pub at: Timestamp,
    /// The rota as the configuration had it.
    pub configured: Plan,
    /// What holds from then on; versions that began earlier stay, those that were still to begin are gone.
    pub versions: Vec<Version>,
}

/// Returns the rota that a history leads to, or nothing where there is none.
pub fn in_force(history: &[Change]) -> Result<Option<Rota>, RotaError> {
    let Some((first, later)) = history.split_first() else {
        return Ok(None);
    };
    let mut rota = Rota::new(Plan {
        name: first.configured.name.clone(),
        versions: first.versions.clone(),
    })?;
    for change in later {
        let begun = rota.turns[1..].partition_point(|turns| turns.takes_effect() < change.at);
        let mut plan = rota.plan;
        plan.versions.truncate(begun + 1);
        plan.versions.extend(change.versions.iter().cloned());
        rota = Rota::new(plan)?;
    }
    Ok(Some(rota))
}

/// Decides what a configured rota changes in a history, if it does.
pub fn adopt(
    history: &[Change],
    configured: &Rota,
    is_member: &dyn Fn(&MemberId) -> bool,
    now: Timestamp,
) -> Result<Option<Change>, RotaError> {
    let change = |versions| {
        Some(Change {
            at: now,
            configured: configured.plan.clone(),
            versions,
        })
    };
    let (Some(before), Some(last)) = (in_force(history)?, history.last()) else {
        return Ok(change(configured.plan.versions.clone()));
    };
    let is_edited = last.configured != configured.plan;
    // Who stands in now has had a turn when the edit begins; and what the edit keeps may still call who is gone.
    let mut after = before.with_stand_ins(configured, is_member, now)?;
    if is_edited {
        let edited = after.edited(&last.configured, configured, now)?;
        after = edited.with_stand_ins(configured, is_member, now)?;
    }
    if !is_edited && after == before {
        return Ok(None);
    }
    let begun = after.turns[1..].partition_point(|turns| turns.takes_effect() < now);
    Ok(change(after.plan.versions[begun + 1..].to_vec()))
}

impl Rota {
    /// Returns the rota as an edit of its configuration leaves it.
    fn edited(&self, was: &Plan, configured: &Rota, now: Timestamp) -> Result<Self, RotaError> {
        let starts = |plan: &Plan| -> Vec<_> { plan.versions.iter().map(|v| v.starts).collect() };
        match &configured.plan.versions[..] {
            [version] if starts(was) == starts(&configured.plan) => {
                self.amended(version.clone(), now)
            }
            _ => self.dated(configured, now),
        }
    }

    /// Returns the rota with a new version that holds from its handoff on the day of the next one.
    ///
    /// What was still to begin is gone. If that is all there was to change, the present version goes on.
    pub fn amended(&self, mut version: Version, now: Timestamp) -> Result<Self, RotaError> {
        let begun = self.begun(now)?;
        if begun.goes_on_as(&version) {
            return Ok(begun);
        }
        let turns = checked(self.name(), &version)?;
        let handoff = begun.next_handoff(now);
        let from = match version.cadence {
            Cadence::Hours(_) => handoff,
            // An edit of the time of day moves the next handoff; it does not wait for another one.
            Cadence::Days(_) | Cadence::Weeks(_) | Cadence::Months(_) => {
                let day = turns.zone().to_datetime(handoff).date();
                resolve(day.to_datetime(Time::midnight()), turns.zone())
            }
        };
        let at = turns.at(plus(from, -A_MOMENT).max(now)).ends_at;
        let with = begun.place_after(at, &version.participants);
        version.begins = Some(Begins { at, with });
        begun.followed_by(vec![version])
    }

    /// Returns the rota as a configuration with a date of its own has it, counted from that date.
    fn dated(&self, configured: &Rota, now: Timestamp) -> Result<Self, RotaError> {
        let begun = self.begun(now)?;
        let mut later: Vec<Version> = Vec::new();
        for (version, turns) in configured.plan.versions.iter().zip(&configured.turns) {
            let first = turns.first();
            if first <= now {
                // Of those whose date has passed the last one rules.
                later.clear();
            }
            if later.is_empty() && begun.goes_on_as(version) {
                continue;
            }
            let begins = if first > now {
                Begins { at: first, with: 0 }
            } else {
                let next = turns.at(turns.at(now).ends_at);
                Begins {
                    at: next.starts_at,
                    with: place(next.number, version),
                }
            };
            while later.last().is_some_and(|last| begins_by(last, begins.at)) {
                later.pop();
            }
            later.push(Version {
                begins: Some(begins),
                ..version.clone()
            });
        }
        begun.followed_by(later)
    }

    /// Returns the rota with the turns to come of whoever is no member given to those who follow.
    fn with_stand_ins(
        &self,
        configured: &Rota,
        is_member: &dyn Fn(&MemberId) -> bool,
        now: Timestamp,
    ) -> Result<Self, RotaError> {
        let mut versions = Vec::with_capacity(self.turns.len() + 1);
        for (index, version) in self.plan.versions.iter().enumerate() {
            let holds_from = self.turns[index].takes_effect();
            let until = self.turns.get(index + 1);
            let until = until.map_or(Timestamp::MAX, Turns::takes_effect);
            let found = match until <= now {
                true => None,
                false => self.first_stranger(index, holds_from.max(now), until, is_member),
            };
            let Some(at) = found else {
                versions.push(version.clone());
                continue;
            };
            if holds_from < at {
                versions.push(version.clone());
            }
            versions.push(self.stand_in(index, at, configured.version(at), is_member));
        }
        Rota::new(Plan {
            name: self.plan.name.clone(),
            versions,
        })
    }

    /// Returns when a version first calls somebody who is no member.
    fn first_stranger(
        &self,
        index: usize,
        from: Timestamp,
        until: Timestamp,
        is_member: &dyn Fn(&MemberId) -> bool,
    ) -> Option<Timestamp> {
        let version = &self.plan.versions[index];
        if matches!(&version.off_hours, OffHours::Member(member) if !is_member(member)) {
            return Some(from);
        }
        let mut at = from;
        for _ in &version.participants {
            if at >= until {
                break;
            }
            let shift = self.planned(at);
            if !is_member(&shift.member) {
                return Some(at);
            }
            at = shift.ends_at;
        }
        None
    }

    /// Returns a version from an instant on without those who are no members; without anybody, as it is configured.
    fn stand_in(
        &self,
        index: usize,
        at: Timestamp,
        configured: &Version,
        is_member: &dyn Fn(&MemberId) -> bool,
    ) -> Version {
        let version = &self.plan.versions[index];
        let order = &version.participants;
        let now_at = place(self.turns[index].at(at).number, version);
        let is_there = |place: &usize| is_member(&order[place % order.len()]);
        let Some(next) = (now_at..now_at + order.len()).find(is_there) else {
            return Version {
                begins: Some(Begins { at, with: 0 }),
                ..configured.clone()
            };
        };
        let next = next % order.len();
        let off_hours = match &version.off_hours {
            OffHours::Member(member) if !is_member(member) => configured.off_hours.clone(),
            kept => kept.clone(),
        };
        Version {
            participants: order.iter().filter(|who| is_member(who)).cloned().collect(),
            off_hours,
            begins: Some(Begins {
                at,
                with: order[..next].iter().filter(|who| is_member(who)).count(),
            }),
            ..version.clone()
        }
    }

    /// Returns the rota without what has not begun.
    fn begun(&self, now: Timestamp) -> Result<Self, RotaError> {
        let mut plan = self.plan.clone();
        plan.versions.truncate(self.index(now) + 1);
        Self::new(plan)
    }

    fn followed_by(mut self, versions: Vec<Version>) -> Result<Self, RotaError> {
        self.plan.versions.extend(versions);
        Self::new(self.plan)
    }

    /// Tells whether the last version is what is configured, wherever it took over.
    fn goes_on_as(&self, configured: &Version) -> bool {
        let last = self.plan.versions.last();
        last.is_some_and(|last| {
            let begins = configured.begins.clone();
            Version {
                begins,
                ..last.clone()
            } == *configured
        })
    }

    /// Returns whose turn it is in a new order when it takes over at an instant, by their place in it.
    ///
    /// It goes on after whoever had the turn before; if they take no part, with the first of those who would have
    /// followed them. A handoff that an edit moves by some hours is still that handoff.
    fn place_after(&self, at: Timestamp, order: &[MemberId]) -> usize {
        let around = self.planned(at);
        let is_nearer_its_end =
            around.ends_at.duration_since(at) < at.duration_since(around.starts_at);
        let (previous, next) = match is_nearer_its_end {
            true => (around.member, self.planned(around.ends_at).member),
            false => (
                self.planned(plus(around.starts_at, -A_MOMENT)).member,
                around.member,
            ),
        };
        let after = |place: usize| (place + 1) % order.len();
        // Somebody may stand in the order more than once; then the place whose follower is the same one is meant.
        let places = || (0..order.len()).filter(|place| order[*place] == previous);
        let same = places().find(|place| order[after(*place)] == next);
        if let Some(place) = same.or_else(|| places().next()) {
            return after(place);
        }
        let old = &self.version(at).participants;
        let from = old.iter().position(|who| *who == next).unwrap_or_default();
        let followers = old.iter().cycle().skip(from).take(old.len());
        followers
            .filter_map(|who| order.iter().position(|member| member == who))
            .next()
            .unwrap_or_default()
    }
}

/// The least difference between two instants.
const A_MOMENT: SignedDuration = SignedDuration::from_nanos(1);

/// Returns the place of a turn among the participants.
fn place(number: i64, version: &Version) -> usize {
    number.rem_euclid(version.participants.len() as i64) as usize
}

/// Tells whether a version begins only at an instant or after it.
fn begins_by(version: &Version, at: Timestamp) -> bool {
    version
        .begins
        .as_ref()
        .is_some_and(|begins| begins.at >= at)
}
