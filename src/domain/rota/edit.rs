//! Edits: what becomes of a rota when its configuration changes while the duty goes on.
//!
//! What has begun stays as it was shown, and what an earlier edit planned but never began gives way. An edited
//! configuration without a new start begins with its handoff on the day of the next one, and the order goes on
//! after whoever had the duty before. One with a new `starts` follows that date: the turns are counted from it, and a
//! date that has passed holds from the next handoff. A configuration may say several versions by their dates; an edit of
//! one that has begun is an edit like any other, from the next handoff. The turns of somebody who is no member any more fall to whoever
//! comes next, at once: there is always somebody on duty who exists.
//!
//! Promises: nothing here changes a shift before `now`; the same history folds to the same rota on any machine.
//! Leaves out: keeping the history, which is append-only.

use super::{Begins, Cadence, DayList, OffHours, Plan, Rota, RotaError, Turns, Version, checked};
use crate::domain::ids::MemberId;
use crate::time::{Date, SignedDuration, Time, Timestamp, plus, resolve};
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
    /// Returns the turns of a version that is to follow, checked.
    pub(super) fn turns_of(&self, version: &Version) -> Result<Turns, RotaError> {
        let turns = checked(self.name(), version)?;
        if version.begins.is_some() || self.turns.is_empty() {
            return Ok(turns);
        }
        let Some(dated) = &version.dated else {
            return Ok(turns);
        };
        let begins = Some(self.begins(version, from_date(dated.from, &turns)));
        checked(
            self.name(),
            &Version {
                begins,
                ..version.clone()
            },
        )
    }

    /// Returns where a dated version takes over: at its own handoff, going on in the order or beginning with its first.
    fn begins(&self, version: &Version, at: Timestamp) -> Begins {
        match &version.dated {
            Some(dated) if dated.goes_on => Begins::new(at, &self.places_after(at, version)),
            Some(_) | None => Begins::new(at, &vec![0; version.orders().count()]),
        }
    }

    /// Returns the rota as an edit of its configuration leaves it.
    fn edited(&self, was: &Plan, configured: &Rota, now: Timestamp) -> Result<Self, RotaError> {
        match &configured.plan.versions[..] {
            [version] if dates(was) == dates(&configured.plan) => self.amended(version, now),
            _ => self.dated(was, configured, now),
        }
    }

    /// Returns the rota with a new version that holds from its handoff on the day of the next one.
    pub(super) fn amended(&self, version: &Version, now: Timestamp) -> Result<Self, RotaError> {
        let begun = self.begun(now)?;
        if begun.goes_on_as(version) {
            return Ok(begun);
        }
        let begins = begun.begins_next(version, now)?;
        begun.followed_by(vec![Version {
            begins: Some(begins),
            ..version.clone()
        }])
    }

    /// Returns where an edit takes over: at its handoff on the day of the next one, going on in the order.
    fn begins_next(&self, version: &Version, now: Timestamp) -> Result<Begins, RotaError> {
        let turns = checked(self.name(), version)?;
        let handoff = self.next_handoff(now);
        let from = match version.cadence {
            Cadence::Hours(_) => handoff,
            // An edit of the time of day moves the next handoff; it does not wait for another one.
            Cadence::Days(_) | Cadence::Weeks(_) | Cadence::Months(_) => {
                let day = turns.zone().to_datetime(handoff).date();
                resolve(day.to_datetime(Time::midnight()), turns.zone())
            }
        };
        let at = turns.at(plus(from, -A_MOMENT).max(now)).ends_at;
        Ok(Begins::new(at, &self.places_after(at, version)))
    }

    /// Returns the rota as a configuration with dates of its own has it.
    ///
    /// A version whose date is new is counted from it; one that was there and has begun is amended.
    fn dated(&self, was: &Plan, configured: &Rota, now: Timestamp) -> Result<Self, RotaError> {
        let begun = self.begun(now)?;
        let was = dates(was);
        let mut later: Vec<Version> = Vec::new();
        for (version, turns) in configured.plan.versions.iter().zip(&configured.turns) {
            let first = match version.dated {
                Some(_) => turns.takes_effect(),
                None => turns.first(),
            };
            if first <= now {
                // Of those whose date has passed the last one rules.
                later.clear();
            }
            if later.is_empty() && begun.goes_on_as(version) {
                continue;
            }
            let so_far = begun.clone().followed_by(later.clone())?;
            let goes_on = version.dated.as_ref().is_some_and(|dated| dated.goes_on);
            let begins = if first > now {
                so_far.begins(version, first)
            } else if goes_on || was.contains(&version.holds_from()) {
                so_far.begins_next(version, now)?
            } else {
                let next = turns.at(turns.at(now).ends_at);
                Begins::new(next.starts_at, &turns.places(&next, version))
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
        let people: usize = version.orders().map(Vec::len).sum();
        let turns = match version.on.is_empty() {
            true => people,
            // A list may have one day a week, and that a holiday now and then.
            false if version.orders().flatten().all(is_member) => 0,
            false => people * 7 * 4,
        };
        let mut at = from;
        for _ in 0..turns {
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
        let places = self.turns[index].places(&self.turns[index].at(at), version);
        let mut orders = version.orders().zip(places);
        let participants = orders
            .next()
            .and_then(|(all, from)| those(all, from, is_member));
        let Some((participants, with)) = participants else {
            let places = vec![0; configured.orders().count()];
            return Version {
                begins: Some(Begins::new(at, &places)),
                ..configured.clone()
            };
        };
        // The days of a list without anybody fall to the participants.
        let lists = version
            .on
            .iter()
            .zip(orders)
            .filter_map(|(list, (all, from))| {
                let (participants, with) = those(all, from, is_member)?;
                let days = list.days.clone();
                Some((DayList { days, participants }, with))
            });
        let (on, on_with) = lists.unzip();
        let off_hours = match &version.off_hours {
            OffHours::Member(member) if !is_member(member) => configured.off_hours.clone(),
            kept => kept.clone(),
        };
        let begins = Begins {
            at,
            with,
            on: on_with,
        };
        Version {
            participants,
            on,
            off_hours,
            begins: Some(begins),
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
            Version {
                begins: configured.begins.clone(),
                dated: configured.dated.clone(),
                ..last.clone()
            } == *configured
        })
    }

    /// Returns whose turn it is in each order of a version that takes over at an instant.
    fn places_after(&self, at: Timestamp, version: &Version) -> Vec<usize> {
        let orders = version.orders().enumerate();
        orders
            .map(|(place, order)| match place {
                0 => self.place_after(at, order, &|at| self.order_at(at).0 == 0),
                _ => self.place_after(at, order, &|at| {
                    version.order_of(self.weekday_at(at)) == place
                }),
            })
            .collect()
    }

    /// Returns whose turn it is in a new order when it takes over at an instant, by their place in it.
    ///
    /// It goes on after whoever had the turn before; if they take no part, with the first of those who would have
    /// followed them. A handoff that an edit moves by some hours is still that handoff. `takes` says which turns are
    /// looked at: the participants go on after the participants, a list after whoever last had one of its weekdays.
    fn place_after(
        &self,
        at: Timestamp,
        order: &[MemberId],
        takes: &dyn Fn(Timestamp) -> bool,
    ) -> usize {
        let around = self.planned(at);
        let is_nearer_its_end =
            around.ends_at.duration_since(at) < at.duration_since(around.starts_at);
        let (mut previous, mut next) = match is_nearer_its_end {
            true => {
                let next = self.planned(around.ends_at);
                (around, next)
            }
            false => (self.planned(plus(around.starts_at, -A_MOMENT)), around),
        };
        for _ in 0..A_YEAR_OF_TURNS {
            if takes(previous.starts_at) {
                break;
            }
            previous = self.planned(plus(previous.starts_at, -A_MOMENT));
        }
        for _ in 0..A_YEAR_OF_TURNS {
            if takes(next.starts_at) {
                break;
            }
            next = self.planned(next.ends_at);
        }
        let after = |place: usize| (place + 1) % order.len();
        // Somebody may stand in the order more than once; then the place whose follower is the same one is meant.
        let places = || (0..order.len()).filter(|place| order[*place] == previous.member);
        let same = places().find(|place| order[after(*place)] == next.member);
        if let Some(place) = same.or_else(|| places().next()) {
            return after(place);
        }
        let (_, old) = self.order_at(next.starts_at);
        let from = old.iter().position(|who| *who == next.member);
        let followers = old
            .iter()
            .cycle()
            .skip(from.unwrap_or_default())
            .take(old.len());
        followers
            .filter_map(|who| order.iter().position(|member| member == who))
            .next()
            .unwrap_or_default()
    }
}

/// How far is looked for the turn of a weekday.
const A_YEAR_OF_TURNS: usize = 366;

/// Returns those of an order who are members, and the place among them of whoever comes first from a place on.
fn those(
    order: &[MemberId],
    from: usize,
    is_member: &dyn Fn(&MemberId) -> bool,
) -> Option<(Vec<MemberId>, usize)> {
    let is_there = |place: &usize| is_member(&order[place % order.len()]);
    let next = (from..from + order.len()).find(is_there)? % order.len();
    let before = order[..next].iter().filter(|who| is_member(who)).count();
    let those = order.iter().filter(|who| is_member(who)).cloned();
    Some((those.collect(), before))
}

/// Returns the dates that a configuration gives to its versions.
fn dates(plan: &Plan) -> Vec<Date> {
    plan.versions.iter().map(Version::holds_from).collect()
}

/// Returns the first handoff of a version on a date or after it.
fn from_date(date: Date, turns: &Turns) -> Timestamp {
    let midnight = resolve(date.to_datetime(Time::midnight()), turns.zone());
    turns.at(plus(midnight, -A_MOMENT)).ends_at
}

/// The least difference between two instants.
const A_MOMENT: SignedDuration = SignedDuration::from_nanos(1);

/// Tells whether a version begins only at an instant or after it.
fn begins_by(version: &Version, at: Timestamp) -> bool {
    version
        .begins
        .as_ref()
        .is_some_and(|begins| begins.at >= at)
}
