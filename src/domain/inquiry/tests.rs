#![allow(clippy::unwrap_used)]
//! The rules of the desk, one sentence a test; the table of DESIGN §5 above all.

mod clocks;
mod contract;
mod gate;
mod handoff;
mod hands;
mod internal;
mod lying;
mod reopened;
mod severity;
mod snooze;
mod split;
pub(in crate::domain) mod steps;
mod talk;
mod tick;
mod tracking;
mod unchanging;
mod weekend;

use super::*;
use crate::domain::calendar::{Business, Calendar, Week};
use crate::domain::ids::MemberId;
use crate::domain::sla::{ALWAYS, Amount, Policy, Target, default_ladders, next_after};
use crate::time::{TimeZone, Timestamp, resolve};
use std::collections::BTreeMap;

const HOUR: i64 = 3_600_000;

/// Wall time in Tokyo: `24 10:30` is that day of November 2026, a Tuesday the 24th.
pub(crate) fn at(wall: &str) -> Timestamp {
    let (day, time) = wall.split_once(' ').unwrap();
    let local = format!("2026-11-{day:0>2}T{time}").parse().unwrap();
    resolve(local, &TimeZone::get("Asia/Tokyo").unwrap())
}

pub(super) fn wall(at: Timestamp) -> String {
    at.to_zoned(TimeZone::get("Asia/Tokyo").unwrap())
        .strftime("%d %H:%M")
        .to_string()
}

/// Weekdays 09:00–12:00 and 13:00–18:00 in Tokyo; first response 2 h, next 4 h, claim 1 h, resolution 16 h; S1 around the clock.
pub(crate) fn policy() -> Policy {
    let hours = Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&[
            "09:00-12:00".parse().unwrap(),
            "13:00-18:00".parse().unwrap(),
        ]),
        ..Business::default()
    };
    let row = |severity, calendar: &str| {
        let amount = |ms| {
            Some(Amount {
                ms,
                calendar: calendar.to_owned(),
            })
        };
        Target {
            severity,
            plan: None,
            region: None,
            yields: false,
            first_response: amount(2 * HOUR),
            next_response: amount(4 * HOUR),
            claim: amount(HOUR),
            resolution: amount(16 * HOUR),
            vendor: None,
            development: amount(8 * HOUR),
            next_tier: amount(4 * HOUR),
        }
    };
    Policy {
        name: "test".to_owned(),
        targets: vec![row(Some(Severity::S1), ALWAYS), row(None, "office")],
        calendars: BTreeMap::from([
            ("office".to_owned(), Calendar::business(hours).unwrap()),
            (ALWAYS.to_owned(), Calendar::around_the_clock()),
        ]),
        working: "office".to_owned(),
        lines: Vec::new(),
        ladders: default_ladders(),
        wake_up: vec![Severity::S1],
        urgent_within_ms: 4 * HOUR,
        quiet_ms: 8 * HOUR,
        chase_days: 2,
        close_days: 5,
        reopen_days: 14,
        resolution_pauses: vec![WaitingOn::Requester],
        categories: vec!["settings".to_owned(), "defect".to_owned()],
        severity_ladders: BTreeMap::new(),
        definitions: BTreeMap::new(),
        release_after_ms: None,
        gate: Default::default(),
    }
}

/// One inquiry with its ledger and its policy.
pub(super) struct Case {
    pub policy: Policy,
    pub ledger: Vec<Entry>,
}

impl Case {
    /// An investigation of severity S3, received then.
    pub fn received(wall: &str) -> Case {
        Case::with(wall, |_| {})
    }

    pub fn with(wall: &str, change: impl FnOnce(&mut Receive)) -> Case {
        let mut receive = Receive {
            id: "i1".into(),
            origin: Origin {
                source: "crm".into(),
                external_id: "A-1".to_owned(),
                url: Some("https://crm.example/A-1".to_owned()),
                revision: Some(Revision::Ordered("1".to_owned())),
            },
            facts: facts(),
            queue: "support".into(),
            policy: PolicyHash("p1".to_owned()),
            escalated_at: None,
            assign_to: None,
            owner: None,
            follows: None,
            link: Default::default(),
            is_backlog: false,
            there: There::Open,
            contract: None,
            routed: None,
        };
        change(&mut receive);
        let policy = policy();
        let by = Actor::Source("crm".into());
        let events = open(receive, &policy, &by, at(wall)).unwrap();
        let mut case = Case {
            policy,
            ledger: Vec::new(),
        };
        case.record(&by, events, at(wall));
        case
    }

    pub fn state(&self) -> Inquiry {
        refold(&self.ledger).unwrap()
    }

    fn record(&mut self, by: &Actor, events: Vec<Event>, now: Timestamp) {
        for event in events {
            self.ledger.push(Entry {
                inquiry: "i1".into(),
                seq: self.ledger.len() as u64 + 1,
                at: now,
                actor: by.clone(),
                via: "test".to_owned(),
                event,
            });
        }
    }

    pub fn try_act(
        &mut self,
        who: &str,
        wall: &str,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let by = match who {
            "requester" => Actor::Requester,
            "source" => Actor::Source("crm".into()),
            "time" => Actor::System,
            member => Actor::Member(MemberId::from(member)),
        };
        let events = decide(&self.state(), &self.policy, &by, command, at(wall))?;
        self.record(&by, events.clone(), at(wall));
        Ok(events)
    }

    #[track_caller]
    pub fn act(&mut self, who: &str, wall: &str, command: Command) -> Vec<Event> {
        self.try_act(who, wall, command).unwrap()
    }

    /// Lets the agenda run until a wall time, each thing at its own moment; what was said, a line each.
    pub fn pass(&mut self, until: &str) -> Vec<String> {
        let end = at(until);
        let mut said = Vec::new();
        let mut now = self.ledger.last().unwrap().at;
        while let Some(next) =
            next_after(&self.state(), &self.policy, now).filter(|next| *next <= end)
        {
            now = next;
            let events = decide(
                &self.state(),
                &self.policy,
                &Actor::System,
                Command::Tick,
                next,
            )
            .unwrap();
            assert!(
                !events.is_empty(),
                "a deadline at {} that decides nothing",
                wall(next)
            );
            said.extend(
                events
                    .iter()
                    .map(|event| format!("{} {}", wall(next), short(event))),
            );
            self.record(&Actor::System, events, next);
        }
        said
    }

    /// The clocks: running with their due time, ended with how.
    pub fn clocks(&self) -> String {
        let state = self.state();
        let mut lines: Vec<String> = state
            .ended
            .iter()
            .map(|ended| {
                format!(
                    "{:?} {:?} {}",
                    ended.run.clock,
                    ended.how,
                    wall(ended.ended_at)
                )
            })
            .collect();
        lines.extend(state.runs.iter().map(|run| {
            let due = crate::domain::sla::due_at(&state, run, &self.policy);
            format!("{:?} due {}", run.clock, due.map_or("-".to_owned(), wall))
        }));
        lines.join(", ")
    }
}

pub(crate) fn facts() -> Facts {
    Facts {
        title: "t-title".into(),
        body: Some("t-body".into()),
        requester: Some("t-requester".into()),
        customer: None,
        plan: "standard".to_owned(),
        product: "core".to_owned(),
        region: None,
        language: "ja".to_owned(),
        kind: Kind::Investigation,
        severity: Severity::S3,
        business_stopped: false,
        needed_by: None,
        flags: Vec::new(),
        calendar: None,
        intake: Default::default(),
    }
}

/// An event in a few words.
pub(super) fn short(event: &Event) -> String {
    match event {
        Event::StepReached {
            clock,
            step,
            repeat,
            at,
            is_superseded,
            ..
        } => {
            let passed = if *is_superseded { " (superseded)" } else { "" };
            format!("{clock:?} step {step}.{repeat} of {}{passed}", wall(*at))
        }
        Event::Missed { clock, at, .. } => format!("{clock:?} missed at {}", wall(*at)),
        Event::QuietReached { at, .. } => format!("quiet since {}", wall(*at)),
        Event::ChaseReached { on, .. } => format!("chase {on:?}"),
        Event::Closed { reason, .. } => format!("closed {reason:?}"),
        Event::UrgencyRaised { since } => format!("urgent since {}", wall(*since)),
        other => format!("{other:?}")
            .split([' ', '{'])
            .next()
            .unwrap()
            .to_owned(),
    }
}

pub(super) fn reply() -> Command {
    Command::Reply {
        text: "t-reply".into(),
        is_question: false,
        has_way_back: true,
    }
}

pub(super) fn ask() -> Command {
    Command::Reply {
        text: "t-ask".into(),
        is_question: true,
        has_way_back: true,
    }
}

pub(super) fn resolution() -> Command {
    Command::Resolve(Resolution {
        category: Some("settings".to_owned()),
        cause: Some("t-cause".into()),
        workaround: Some("t-way".into()),
        ..Resolution::empty()
    })
}

pub(super) fn wrote(wall: &str) -> Command {
    Command::RequesterReplied {
        text: "t-more".into(),
        at: at(wall),
    }
}
