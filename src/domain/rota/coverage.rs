//! Coverage: which of a queue's rotas has the duty when, and for whom it may be disturbed then.
//!
//! A queue names lines in order: the weekend's rota on days off, London's while London is awake, and one line without
//! hours that has the rest. A line may have a floor, below which nobody is disturbed while it holds, a wake-up rule of
//! its own, and a region whose inquiries are its own while it is awake.
//!
//! Promises: at every instant exactly one line has the duty of an inquiry, so stretches tile every window. Leaves out:
//! who turns within a rota.

use crate::domain::calendar::{Calendar, Part};
use crate::domain::inquiry::Severity;
use crate::time::{SignedDuration, Timestamp, plus};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The lines of a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// In order; exactly one has no hours.
    lines: Vec<Line>,
    /// The calendars that they name.
    calendars: BTreeMap<String, Calendar>,
}

/// One line: a rota, and when it has the duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The name of the rota.
    pub rota: String,
    /// When, and for whom.
    #[serde(flatten)]
    pub rule: LineRule,
}

/// When a line has the duty, and for whom it may be disturbed: the part of it that a policy holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRule {
    /// The key of the calendar in whose open time it holds; without one it has the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<String>,
    /// The region whose inquiries are its own while it is awake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The least severity that is told to anybody while it holds; without one every severity is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Severity>,
    /// The severities that wake people while it holds, instead of the policy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake_up: Option<Vec<Severity>>,
}

impl LineRule {
    /// Tells whether a severity lies below the floor.
    pub fn is_below(&self, severity: Severity) -> bool {
        self.floor.is_some_and(|floor| floor.outranks(severity))
    }
}

/// Says why lines are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoverageError {
    /// Nobody has the rest.
    #[error("no rota has the rest: one of them must stand without \"during\"")]
    NoRest,
    /// The rest would have two.
    #[error("rota {first:?} has the rest already, so rota {second:?} would never have the duty")]
    TwoRests {
        /// The line that has it.
        first: String,
        /// The other.
        second: String,
    },
    /// The rest goes by the queue's calendar and the policy.
    #[error(
        "rota {rota:?} has the rest, which goes by the queue's policy: its {key:?} needs \"during\""
    )]
    RestHasRules {
        /// The rota.
        rota: String,
        /// What it must not have.
        key: &'static str,
    },
    /// A calendar is named that is not there.
    #[error("rota {rota:?} names calendar {calendar:?}, which is not there")]
    NoCalendar {
        /// The rota.
        rota: String,
        /// The calendar.
        calendar: String,
    },
}

/// A stretch in which one line has the duty, `[starts_at, ends_at)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// The line.
    pub line: &'a Line,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive.
    pub ends_at: Timestamp,
}

/// Returns which rule holds for an inquiry of a region at an instant: the region's own line if it is awake, else the
/// first that is awake, else the one that has the rest.
pub fn ruling<'a>(
    rules: impl Iterator<Item = &'a LineRule> + Clone,
    calendars: &BTreeMap<String, Calendar>,
    region: Option<&str>,
    at: Timestamp,
) -> Option<usize> {
    let is_open = |rule: &LineRule| {
        let key = rule.during.as_ref()?;
        Some(holds(calendars.get(key)?, at))
    };
    let is_its_own = |rule: &LineRule| region.is_some() && rule.region.as_deref() == region;
    let mut own = rules.clone();
    let own = own.position(|rule| is_its_own(rule) && is_open(rule) != Some(false));
    own.or_else(|| rules.clone().position(|rule| is_open(rule) == Some(true)))
        .or_else(|| rules.clone().position(|rule| rule.during.is_none()))
}

/// Tells whether a line with these hours holds at an instant: a break inside a worked day, such as lunch, ends no line.
fn holds(calendar: &Calendar, at: Timestamp) -> bool {
    match calendar.why_closed(at) {
        None | Some(Part::Break) => true,
        // Of several offices: while one of them is at lunch only.
        Some(Part::Offices(parts)) => parts.iter().any(|(_, part)| *part == Part::Break),
        Some(Part::Night | Part::DayOff | Part::Closed | Part::Holiday(_) | Part::Counted) => false,
    }
}

/// Returns the stretches of a window in which a line with these hours holds.
pub fn hours(calendar: &Calendar, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut spans: Vec<(Timestamp, Timestamp)> = Vec::new();
    let mut at = from;
    while at < to {
        let next = next_change(std::iter::once(calendar), at)
            .unwrap_or(to)
            .min(to);
        if holds(calendar, at) {
            match spans.last_mut().filter(|last| last.1 == at) {
                Some(last) => last.1 = next,
                None => spans.push((at, next)),
            }
        }
        at = next;
    }
    spans
}

/// Returns the first instant after another at which a calendar opens or closes; none if it does neither.
pub fn next_change<'a>(
    calendars: impl Iterator<Item = &'a Calendar>,
    after: Timestamp,
) -> Option<Timestamp> {
    let change = |calendar: &Calendar| {
        let span = calendar.open_span(after)?;
        match span.opens_at <= after {
            true => Some(span.closes_at).filter(|closes| *closes < Timestamp::MAX),
            false => Some(span.opens_at),
        }
    };
    calendars.filter_map(change).filter(|at| *at > after).min()
}

impl Coverage {
    /// Checks lines.
    pub fn new(
        lines: Vec<Line>,
        calendars: BTreeMap<String, Calendar>,
    ) -> Result<Self, CoverageError> {
        let mut rest: Option<&Line> = None;
        for line in &lines {
            let rota = || line.rota.clone();
            let Some(key) = &line.rule.during else {
                if let Some(first) = rest.replace(line) {
                    let first = first.rota.clone();
                    let second = rota();
                    return Err(CoverageError::TwoRests { first, second });
                }
                let own = [
                    ("floor", line.rule.floor.is_some()),
                    ("wake_up", line.rule.wake_up.is_some()),
                ];
                if let Some((key, _)) = own.into_iter().find(|(_, is_there)| *is_there) {
                    return Err(CoverageError::RestHasRules { rota: rota(), key });
                }
                continue;
            };
            if !calendars.contains_key(key) {
                let calendar = key.clone();
                return Err(CoverageError::NoCalendar {
                    rota: rota(),
                    calendar,
                });
            }
        }
        match rest {
            Some(_) => Ok(Self { lines, calendars }),
            None => Err(CoverageError::NoRest),
        }
    }

    /// Makes the coverage of a queue with one rota.
    pub fn one(rota: impl Into<String>) -> Self {
        let line = Line {
            rota: rota.into(),
            rule: LineRule::default(),
        };
        Self {
            lines: vec![line],
            calendars: BTreeMap::new(),
        }
    }

    /// Returns the lines in their order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Returns the calendars that the lines name, by their keys.
    pub fn calendars(&self) -> &BTreeMap<String, Calendar> {
        &self.calendars
    }

    /// Returns the line that has the rest.
    pub fn rest(&self) -> &Line {
        let rest = self.lines.iter().find(|line| line.rule.during.is_none());
        rest.expect("lines are checked to have one without hours")
    }

    /// Returns whether a rota ever has the duty.
    pub fn names(&self, rota: &str) -> bool {
        self.lines.iter().any(|line| line.rota == rota)
    }

    /// Returns the line that has the duty at an instant.
    pub fn line_at(&self, at: Timestamp) -> &Line {
        self.line_for(None, at)
    }

    /// Returns the line that has the duty of an inquiry of a region at an instant.
    pub fn line_for(&self, region: Option<&str>, at: Timestamp) -> &Line {
        let rules = self.lines.iter().map(|line| &line.rule);
        let found = ruling(rules, &self.calendars, region, at);
        found.map_or_else(|| self.rest(), |index| &self.lines[index])
    }

    /// Returns the line whose own an inquiry of a region is, where a member has no part in it.
    ///
    /// Who takes part in the line that has the duty of it now is the right one too: the region may be asleep.
    pub fn elsewhere(
        &self,
        region: Option<&str>,
        at: Timestamp,
        takes_part: impl Fn(&str) -> bool,
    ) -> Option<&Line> {
        let is_its_own = |line: &&Line| region.is_some() && line.rule.region.as_deref() == region;
        let on_duty = self.line_for(region, at);
        let mut own = std::iter::once(on_duty)
            .chain(&self.lines)
            .filter(is_its_own);
        let first = own.next()?;
        let mut concerned = [on_duty, first].into_iter().chain(own);
        (!concerned.any(|line| takes_part(&line.rota))).then_some(first)
    }

    /// Returns the regions that the lines tell apart, and first none.
    pub fn regions(&self) -> Vec<Option<&str>> {
        let named = self.lines.iter().map(|line| line.rule.region.as_deref());
        let mut regions = vec![None];
        for region in named {
            if !regions.contains(&region) {
                regions.push(region);
            }
        }
        regions
    }

    /// Returns whether a rota has the duty of anybody's inquiries at an instant.
    pub fn has_duty(&self, rota: &str, at: Timestamp) -> bool {
        let mut regions = self.regions().into_iter();
        regions.any(|region| self.line_for(region, at).rota == rota)
    }

    /// Returns the rotas that have the duty at an instant, in the order of their lines.
    pub fn on_duty(&self, at: Timestamp) -> Vec<&str> {
        let mut rotas: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !rotas.contains(&line.rota.as_str()) && self.has_duty(&line.rota, at) {
                rotas.push(&line.rota);
            }
        }
        rotas
    }

    /// Returns the first instant after another at which the duty passes from line to line, within ten years.
    pub fn next_turnover(&self, after: Timestamp) -> Option<Timestamp> {
        let before = self.on_duty(after);
        let mut at = after;
        for _ in 0..STEPS {
            at = next_change(self.calendars.values(), at)?;
            if self.on_duty(at) != before {
                return Some(at);
            }
        }
        None
    }

    /// Returns the last instant up to another at which the duty passed from line to line, within a month.
    pub fn last_turnover(&self, until: Timestamp) -> Option<Timestamp> {
        let mut at = plus(until, -A_MONTH);
        let mut last = None;
        while let Some(next) = self.next_turnover(at).filter(|next| *next <= until) {
            (at, last) = (next, Some(next));
        }
        last
    }

    /// Returns the stretches of lines that tile a window, for inquiries of no region.
    pub fn stretches(&self, from: Timestamp, to: Timestamp) -> Vec<Stretch<'_>> {
        self.stretches_for(None, from, to)
    }

    /// Returns the stretches of lines that tile a window, for inquiries of a region.
    pub fn stretches_for(
        &self,
        region: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Stretch<'_>> {
        let mut stretches: Vec<Stretch<'_>> = Vec::new();
        let mut at = from;
        while at < to {
            let line = self.line_for(region, at);
            let next = next_change(self.calendars.values(), at)
                .unwrap_or(to)
                .min(to);
            match stretches.last_mut().filter(|last| last.line == line) {
                Some(last) => last.ends_at = next,
                None => stretches.push(Stretch {
                    line,
                    starts_at: at,
                    ends_at: next,
                }),
            }
            at = next;
        }
        stretches
    }

    /// Returns the stretches of a window in which no region is awake and the rest has to answer; none without regions.
    pub fn gaps(&self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let is_regional = |line: &&Line| line.rule.region.is_some();
        // A region that has the rest is awake at any time.
        if !self.lines.iter().any(|line| is_regional(&line)) || is_regional(&self.rest()) {
            return Vec::new();
        }
        let stretches = self.stretches(from, to).into_iter();
        stretches
            .filter(|stretch| stretch.line.rule.during.is_none())
            .map(|stretch| (stretch.starts_at, stretch.ends_at))
            .collect()
    }
}

/// How many openings and closings are looked at for one turnover: years of lunches.
const STEPS: usize = 4096;

const A_MONTH: SignedDuration = SignedDuration::from_hours(24 * 31);
