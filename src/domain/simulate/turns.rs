//! Who has the duty how often in a window, by a rota alone and what lies over it.

use crate::domain::ids::MemberId;
use crate::domain::rota::{Cadence, Rota};
use crate::domain::staff::Staff;
use crate::time::{Date, Time, TimeZone, Timestamp, resolve, zone};
use serde::Serialize;
use std::collections::BTreeMap;

/// How often somebody has the duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Turns {
    /// Worked days (with an hourly rota: turns).
    pub worked_days: u64,
    /// Weekend days and holidays on which they would be called.
    pub days_off: u64,
}

/// Counts the turns of a rota on the dates `[from, until)`.
///
/// A worked day is whose turn it is at its handoff; a day off is who is called at noon.
pub fn turns(staff: &Staff<'_>, rota: &Rota, from: Date, until: Date) -> BTreeMap<MemberId, Turns> {
    let laid_over = staff.laid_over(rota);
    let mut all: BTreeMap<MemberId, Turns> = BTreeMap::new();
    let mut date = from;
    while date < until {
        let noon = at(rota, date, NOON);
        let version = rota.version(noon);
        let is_worked = version
            .works
            .as_ref()
            .is_none_or(|works| works.is_worked_day(date));
        match version.cadence {
            Cadence::Hours(_) => {
                let (starts, ends) = (at(rota, date, MIDNIGHT), end_of(rota, date));
                for shift in rota.shifts(starts, ends, laid_over) {
                    let began = rota.on_duty(shift.starts_at, laid_over).shift.starts_at;
                    if began >= starts {
                        all.entry(shift.member).or_default().worked_days += 1;
                    }
                }
            }
            Cadence::Days(_) | Cadence::Weeks(_) | Cadence::Months(_) if is_worked => {
                let handoff = at(rota, date, version.handoff);
                let member = rota.on_duty(handoff, laid_over).shift.member;
                all.entry(member).or_default().worked_days += 1;
            }
            Cadence::Days(_) | Cadence::Weeks(_) | Cadence::Months(_) => {
                let member = staff.called(rota, noon);
                all.entry(member).or_default().days_off += 1;
            }
        }
        let Ok(tomorrow) = date.tomorrow() else { break };
        date = tomorrow;
    }
    all
}

const NOON: Time = Time::constant(12, 0, 0, 0);
const MIDNIGHT: Time = Time::constant(0, 0, 0, 0);

fn end_of(rota: &Rota, date: Date) -> Timestamp {
    date.tomorrow()
        .map_or(Timestamp::MAX, |tomorrow| at(rota, tomorrow, MIDNIGHT))
}

/// The instant of a wall time of the rota. A version that names another zone holds by its own clock.
fn at(rota: &Rota, date: Date, time: Time) -> Timestamp {
    let local = date.to_datetime(time);
    let about = resolve(local, &TimeZone::UTC);
    let zone = zone(&rota.version(about).zone).unwrap_or(TimeZone::UTC);
    resolve(local, &zone)
}
