//! When anybody may be disturbed for an inquiry, and from when its severity wakes people.
//!
//! A queue with one rota goes by its calendar and by the policy's wake-up rule. One with several lines goes by the line
//! that has the duty: in its hours people are told of its floor and worse, of the rest nobody; its wake-up rule stands
//! instead of the policy's while it holds. A customer whose own calendar is open is served whatever the floor says.
//! What the promise is, and in which calendar it runs, is another thing: no line moves a deadline.

use super::policy::Policy;
use crate::domain::inquiry::{Facts, Inquiry, Severity};
use crate::domain::rota::{LineRule, next_change, ruling};
use crate::time::{SignedDuration, Timestamp, plus};

/// What of an inquiry says who may be disturbed for it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub severity: Severity,
    pub region: Option<&'a str>,
    /// The customer's calendar, by its key in the policy.
    pub calendar: Option<&'a str>,
}

impl<'a> Case<'a> {
    /// The case of an inquiry as it stands.
    pub fn of(inquiry: &'a Inquiry) -> Self {
        Case {
            severity: inquiry.severity,
            ..Self::of_facts(&inquiry.facts)
        }
    }

    /// The case of one that is just being received.
    pub fn of_facts(facts: &'a Facts) -> Self {
        Case {
            severity: facts.severity,
            region: facts.region.as_deref(),
            calendar: facts.calendar.as_deref(),
        }
    }

    /// The mildest case, of no region and no customer in particular.
    pub fn least() -> Self {
        Case {
            severity: Severity::S4,
            region: None,
            calendar: None,
        }
    }
}

/// How many openings and closings are looked at: half a year of lunches.
const STEPS: usize = 1024;

/// How far back is looked for the last working time.
const A_MONTH: SignedDuration = SignedDuration::from_hours(24 * 31);

impl Policy {
    /// Tells whether people may be told of it at an instant although it is not urgent.
    pub fn is_awake(&self, case: Case<'_>, at: Timestamp) -> bool {
        match self.rule(case, at) {
            Some(LineRule {
                during: Some(key), ..
            }) if !self.is_below(case, at) => self.calendar(key).is_open(at),
            Some(rule) if rule.during.is_some() => self.is_open_for(case, at),
            Some(_) | None => self.working().is_open(at),
        }
    }

    /// The instant itself if people may be told then, else the next at which they may.
    ///
    /// Where that never comes, since a floor never ends, it is working time: late is better than never.
    pub fn awake_for(&self, case: Case<'_>, at: Timestamp) -> Timestamp {
        if self.lines.is_empty() {
            return self.awake_from(at);
        }
        self.search(case, at, |at| self.is_awake(case, at))
            .unwrap_or_else(|| self.awake_from(at))
    }

    /// The first instant from another on at which the severity wakes people; `None` if none of the lines has it so.
    pub fn wakes_from(&self, case: Case<'_>, at: Timestamp) -> Option<Timestamp> {
        let wakes = |severities: &[_]| severities.contains(&case.severity);
        let own = |rule: &LineRule| rule.wake_up.as_deref().map(wakes);
        let by_policy = wakes(&self.wake_up);
        if self
            .lines
            .iter()
            .all(|rule| own(rule).unwrap_or(by_policy) == by_policy)
        {
            return Some(at).filter(|_| by_policy);
        }
        self.search(case, at, |at| {
            self.rule(case, at).and_then(own).unwrap_or(by_policy)
        })
    }

    /// Since when, before an instant, nobody has been told of the mildest case; the instant itself if it could be.
    pub fn asleep_since(&self, until: Timestamp) -> Timestamp {
        if self.lines.is_empty() {
            return self.working().last_close_before(until).unwrap_or(until);
        }
        let least = Case::least();
        let mut at = plus(until, -A_MONTH);
        let mut since = (!self.is_awake(least, at)).then_some(at);
        while let Some(next) = self.next_change(least, at).filter(|next| *next < until) {
            at = next;
            since = match self.is_awake(least, at) {
                true => None,
                false => since.or(Some(at)),
            };
        }
        since.unwrap_or(until)
    }

    /// The rule of the line that has the duty; `None` where the queue has one rota.
    fn rule(&self, case: Case<'_>, at: Timestamp) -> Option<&LineRule> {
        ruling(self.lines.iter(), &self.calendars, case.region, at).map(|index| &self.lines[index])
    }

    fn is_below(&self, case: Case<'_>, at: Timestamp) -> bool {
        let rule = self.rule(case, at);
        rule.is_some_and(|rule| rule.is_below(case.severity))
    }

    /// Tells whether the customer's own calendar is open.
    fn is_open_for(&self, case: Case<'_>, at: Timestamp) -> bool {
        let calendar = case.calendar.and_then(|key| self.calendars.get(key));
        calendar.is_some_and(|calendar| calendar.is_open(at))
    }

    /// The first instant from another on at which something holds that only openings and closings change.
    fn search(
        &self,
        case: Case<'_>,
        from: Timestamp,
        holds: impl Fn(Timestamp) -> bool,
    ) -> Option<Timestamp> {
        let mut at = from;
        for _ in 0..STEPS {
            if holds(at) {
                return Some(at);
            }
            at = self.next_change(case, at)?;
        }
        None
    }

    /// The next instant at which a calendar opens or closes that says who may be disturbed.
    fn next_change(&self, case: Case<'_>, after: Timestamp) -> Option<Timestamp> {
        let lines = self.lines.iter().filter_map(|rule| rule.during.as_deref());
        let keys = lines.chain(case.calendar).chain([self.working.as_str()]);
        next_change(keys.filter_map(|key| self.calendars.get(key)), after)
    }
}
