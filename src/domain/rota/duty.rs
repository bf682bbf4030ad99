//! Who has the duty: shifts, with overrides laid over them.

use super::{OffHours, Rota};
use crate::domain::calendar::Part;
use crate::domain::ids::MemberId;
use crate::time::{Timestamp, Weekday};
use serde::{Deserialize, Serialize};

/// Somebody takes the duty for once, whoever's turn it is; of two that overlap, the later in the list holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who takes it.
    pub member: MemberId,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive.
    pub ends_at: Timestamp,
}

/// A stretch of duty, `[starts_at, ends_at)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Who has it.
    pub member: MemberId,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive.
    pub ends_at: Timestamp,
    /// Whether it is theirs by an override and not by their turn.
    pub by_override: bool,
}

/// Who is on duty at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// The shift as it is, cut by overrides.
    pub shift: Shift,
    /// Whose turn it is by the rota alone.
    pub turn_of: MemberId,
}

impl OnDuty {
    /// Returns who is on duty.
    pub fn member(&self) -> &MemberId {
        &self.shift.member
    }
}

/// Who is called at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Called {
    /// Whoever is on duty.
    Duty(OnDuty),
    /// The member named for off-hours.
    Member(MemberId),
    /// Whoever is called by another rota, by its name.
    Rota(String),
}

impl Rota {
    /// Returns who is on duty at an instant.
    pub fn on_duty(&self, at: Timestamp, overrides: &[Override]) -> OnDuty {
        let turn = self.planned(at);
        let turn_of = turn.member.clone();
        let covers = |cover: &Override| cover.starts_at <= at && at < cover.ends_at;
        let (mut shift, above) = match overrides.iter().rposition(covers) {
            Some(index) => (by_override(&overrides[index]), &overrides[index + 1..]),
            None => (turn, overrides),
        };
        // Those above do not cover this instant, so each lies to one side of it.
        for cover in above.iter().filter(|cover| cover.starts_at < cover.ends_at) {
            if cover.ends_at <= at {
                shift.starts_at = shift.starts_at.max(cover.ends_at);
            } else {
                shift.ends_at = shift.ends_at.min(cover.starts_at);
            }
        }
        OnDuty { shift, turn_of }
    }

    /// Returns who is called at an instant: outside the hours worked whoever `off_hours` names.
    ///
    /// A break inside the working day, such as lunch, is no off-hours, and an override holds at any time.
    pub fn called(&self, at: Timestamp, overrides: &[Override]) -> Called {
        let duty = self.on_duty(at, overrides);
        let version = self.version(at);
        let closed = version
            .works
            .as_ref()
            .and_then(|works| works.why_closed(at));
        let in_hours = matches!(closed, None | Some(Part::Break));
        match &version.off_hours {
            OffHours::Member(member) if !in_hours && !duty.shift.by_override => {
                Called::Member(member.clone())
            }
            OffHours::Rota(name) if !in_hours && !duty.shift.by_override => {
                Called::Rota(name.clone())
            }
            OffHours::Duty | OffHours::Member(_) | OffHours::Rota(_) => Called::Duty(duty),
        }
    }

    /// Returns who comes after a member in the order that holds at an instant, or nothing if there is no one else.
    ///
    /// After somebody who takes no part it is the one after whose turn it is.
    pub fn next_after(&self, member: &MemberId, at: Timestamp) -> Option<&MemberId> {
        // On a day with a list of its own, first those of the list, and then the participants.
        let (_, own) = self.order_at(at);
        let position =
            |order: &[MemberId], who: &MemberId| order.iter().position(|member| member == who);
        let from = position(own, member).or_else(|| position(own, &self.planned(at).member))?;
        let after = own.iter().cycle().skip(from + 1).take(own.len());
        let all = &self.version(at).participants;
        let from = position(all, member).map_or(0, |from| from + 1);
        let others = all.iter().cycle().skip(from).take(all.len());
        after.chain(others).find(|next| *next != member)
    }

    /// Returns the order that has the turn around an instant, and its place among those of its version.
    pub(super) fn order_at(&self, at: Timestamp) -> (usize, &[MemberId]) {
        let index = self.index(at);
        let (turns, version) = (&self.turns[index], &self.plan.versions[index]);
        let (place, _) = turns.whose(&turns.at(at), version);
        let order = version.orders().nth(place);
        (place, order.unwrap_or(&version.participants))
    }

    /// Returns the weekday to whose handoff the turn around an instant belongs.
    pub(super) fn weekday_at(&self, at: Timestamp) -> Weekday {
        let turns = &self.turns[self.index(at)];
        turns.date(&turns.at(at)).weekday()
    }

    /// Returns the shifts that tile a window, overrides laid over, cut to the window.
    pub fn shifts(&self, from: Timestamp, to: Timestamp, overrides: &[Override]) -> Vec<Shift> {
        let mut shifts = Vec::new();
        let mut at = from;
        while at < to {
            let shift = self.planned(at);
            at = shift.ends_at;
            shifts.push(shift);
            if at == Timestamp::MAX {
                break;
            }
        }
        let meets = |cover: &&Override| cover.starts_at.max(from) < cover.ends_at.min(to);
        for cover in overrides.iter().filter(meets) {
            shifts = laid_over(shifts, by_override(cover));
        }
        for shift in &mut shifts {
            shift.starts_at = shift.starts_at.max(from);
            shift.ends_at = shift.ends_at.min(to);
        }
        shifts.retain(|shift| shift.starts_at < shift.ends_at);
        shifts
    }

    /// Returns the first instant after another at which the duty turns over by the rota alone.
    pub fn next_handoff(&self, after: Timestamp) -> Timestamp {
        self.planned(after).ends_at
    }

    /// Returns the shift around an instant by the rota alone.
    pub fn planned(&self, at: Timestamp) -> Shift {
        let index = self.index(at);
        let (turns, version) = (&self.turns[index], &self.plan.versions[index]);
        let turn = turns.at(at);
        let (order, place) = turns.whose(&turn, version);
        let people = version.orders().nth(order).unwrap_or(&version.participants);
        let mut shift = Shift {
            member: people[place].clone(),
            starts_at: turn.starts_at,
            ends_at: turn.ends_at,
            by_override: false,
        };
        if index > 0 {
            shift.starts_at = shift.starts_at.max(turns.takes_effect());
        }
        if let Some(next) = self.turns.get(index + 1) {
            shift.ends_at = shift.ends_at.min(next.takes_effect());
        }
        shift
    }
}

/// Makes an override a shift.
fn by_override(cover: &Override) -> Shift {
    Shift {
        member: cover.member.clone(),
        starts_at: cover.starts_at,
        ends_at: cover.ends_at,
        by_override: true,
    }
}

/// Lays one shift over others, which keep what it leaves of them.
fn laid_over(shifts: Vec<Shift>, cover: Shift) -> Vec<Shift> {
    let mut result = Vec::with_capacity(shifts.len() + 2);
    for shift in shifts {
        let before = Shift {
            ends_at: shift.ends_at.min(cover.starts_at),
            ..shift.clone()
        };
        let after = Shift {
            starts_at: shift.starts_at.max(cover.ends_at),
            ..shift
        };
        result.extend(
            [before, after]
                .into_iter()
                .filter(|part| part.starts_at < part.ends_at),
        );
    }
    let index = result.partition_point(|shift| shift.starts_at < cover.starts_at);
    result.insert(index, cover);
    result
}
