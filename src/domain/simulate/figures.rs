//! What is counted: promises by clock, and whom the desk calls when.

use crate::domain::calendar::{Calendar, Part};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Clock, Ending, Entry, Event, Inquiry};
use crate::domain::sla::{Policy, verdicts};
use crate::time::{Date, SignedDuration, Timestamp, plus};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What became of the inquiries of a window under one side.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How the promises of each clock ended; a clock that promises nothing is absent.
    pub promises: BTreeMap<Clock, Kept>,
    /// Whom the notices mention.
    pub people: BTreeMap<MemberId, Called>,
    /// Rungs said, quiet times and chase dates reached: what time alone made the desk say.
    pub reminders: u64,
    /// Inquiries without the contract that their queue asks for: nothing is promised, so they are in no promise above.
    pub no_contract: u64,
}

/// How the promises of a clock ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kept {
    pub met: u64,
    pub missed: u64,
    pub cancelled: u64,
    /// Still running and not late.
    pub running: u64,
}

/// How often somebody is mentioned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Called {
    pub notices: u64,
    /// Of these, outside working time.
    pub outside_hours: u64,
    /// The nights of worked days on which that was, by the date on which each began.
    pub nights: BTreeSet<Date>,
    /// The weekend days and holidays on which that was.
    pub days_off: BTreeSet<Date>,
}

/// A number that stands otherwise in the ledger than the replay of the past makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The clock whose misses differ; `None` for the reminders.
    pub clock: Option<Clock>,
    pub recorded: u64,
    pub replayed: u64,
}

impl Figures {
    /// Adds the figures of another inquiry.
    pub fn add(&mut self, other: Figures) {
        for (clock, kept) in other.promises {
            let sum = self.promises.entry(clock).or_default();
            sum.met += kept.met;
            sum.missed += kept.missed;
            sum.cancelled += kept.cancelled;
            sum.running += kept.running;
        }
        for (member, called) in other.people {
            let sum = self.people.entry(member).or_default();
            sum.notices += called.notices;
            sum.outside_hours += called.outside_hours;
            sum.nights.extend(called.nights);
            sum.days_off.extend(called.days_off);
        }
        self.reminders += other.reminders;
        self.no_contract += other.no_contract;
    }

    /// How many promises broke, of all clocks.
    pub fn missed(&self) -> u64 {
        self.promises.values().map(|kept| kept.missed).sum()
    }

    /// Counts how the promises of an inquiry stand at an instant.
    pub(super) fn promises(&mut self, inquiry: &Inquiry, policy: &Policy, until: Timestamp) {
        self.no_contract += u64::from(inquiry.is_held());
        for verdict in verdicts(inquiry, policy, until) {
            // A clock that runs for nothing is no promise that was kept.
            if verdict.due_at.is_none() {
                continue;
            }
            let kept = self.promises.entry(verdict.clock).or_default();
            match verdict.ended {
                _ if verdict.is_missed => kept.missed += 1,
                Some((_, Ending::Met)) => kept.met += 1,
                Some((_, Ending::Cancelled)) => kept.cancelled += 1,
                Some((_, Ending::Missed)) => kept.missed += 1,
                None => kept.running += 1,
            }
        }
    }

    /// Counts what time made the desk say.
    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::StepReached {
                is_superseded: false,
                ..
            }
            | Event::QuietReached { .. }
            | Event::ChaseReached { .. } => self.reminders += 1,
            _ => {}
        }
    }

    /// Counts a notice that mentions somebody; `hours` say when people work.
    pub(super) fn mention(&mut self, member: MemberId, at: Timestamp, hours: &Calendar) {
        let called = self.people.entry(member).or_default();
        called.notices += 1;
        match hours.why_closed(at) {
            // Lunch wakes nobody.
            None | Some(Part::Counted | Part::Break) => {}
            // Of several offices, all are closed: it is night if one of them works that day.
            Some(Part::Offices(parts))
                if parts
                    .iter()
                    .all(|(_, part)| !matches!(part, Part::Night | Part::Break)) =>
            {
                called.outside_hours += 1;
                called.days_off.insert(hours.date(at));
            }
            Some(Part::Night | Part::Offices(_)) => {
                called.outside_hours += 1;
                called.nights.insert(hours.date(plus(at, -HALF_A_DAY)));
            }
            Some(Part::DayOff | Part::Closed | Part::Holiday(_)) => {
                called.outside_hours += 1;
                called.days_off.insert(hours.date(at));
            }
        }
    }

    /// Where these, replayed, differ from what was recorded.
    pub fn mismatches(&self, recorded: &Figures) -> Vec<Mismatch> {
        let missed = |figures: &Figures, clock: Clock| {
            figures
                .promises
                .get(&clock)
                .map_or(0, |kept: &Kept| kept.missed)
        };
        let clocks: BTreeSet<Clock> = self
            .promises
            .keys()
            .chain(recorded.promises.keys())
            .copied()
            .collect();
        let clocks = clocks.into_iter().map(|clock| Mismatch {
            clock: Some(clock),
            recorded: missed(recorded, clock),
            replayed: missed(self, clock),
        });
        let reminders = Mismatch {
            clock: None,
            recorded: recorded.reminders,
            replayed: self.reminders,
        };
        clocks
            .chain([reminders])
            .filter(|pair| pair.recorded != pair.replayed)
            .collect()
    }
}

/// A night belongs to the evening on which it began: it is over by noon.
const HALF_A_DAY: SignedDuration = SignedDuration::from_hours(12);

/// What stands in the ledger itself: its promises by the state it folds to, and its reminders. People are not in it.
pub fn recorded(ledger: &[Entry], inquiry: &Inquiry, policy: &Policy, until: Timestamp) -> Figures {
    let mut figures = Figures::default();
    figures.promises(inquiry, policy, until);
    for entry in ledger {
        figures.event(&entry.event);
    }
    figures
}
