#![allow(clippy::unwrap_used)]

mod absences;
mod following;
mod guides;
pub(in crate::domain) mod properties;
mod sound;
mod swaps;
mod year;

use super::*;
use crate::domain::calendar::{Business, Calendar, Week, japan_holidays};
use crate::domain::inquiry::Actor;
use crate::domain::rota::{Cadence, OffHours, Plan, Version};
use crate::time::{SignedDuration, plus, resolve, zone};
use std::collections::BTreeSet;

/// A team of four in Tokyo; 上田 leads. Turns by the order alone from Tuesday 2026-11-24: ueda, eguchi, aoki, inoue.
pub(in crate::domain) struct Desk {
    pub rotas: BTreeMap<String, Rota>,
    pub book: Book,
    pub now: Timestamp,
    pub guide: Option<Guidance>,
    /// Members who are in no rota.
    pub others: Vec<MemberId>,
    /// Every line, to fold them again.
    pub lines: Vec<DutyEntry>,
}

pub(in crate::domain) fn at(wall: &str) -> Timestamp {
    let local = wall.replace(' ', "T").parse().unwrap();
    resolve(local, &zone("Asia/Tokyo").unwrap())
}

pub(in crate::domain) fn day(date: &str) -> Date {
    date.parse().unwrap()
}

pub(in crate::domain) fn span(from: &str, until: &str) -> Span {
    Span {
        starts_at: at(from),
        ends_at: at(until),
    }
}

pub(in crate::domain) fn days(from: &str, last: &str) -> Days {
    Days {
        starts: day(from),
        ends: Some(day(last).tomorrow().unwrap()),
        every: None,
    }
}

pub(in crate::domain) fn rota() -> Rota {
    let hours = ["09:00-18:00".parse().unwrap()];
    let works = Calendar::business(Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&hours),
        holidays: japan_holidays(),
        ..Business::default()
    });
    let version = Version {
        starts: day("2026-11-02"),
        zone: "Asia/Tokyo".to_owned(),
        handoff: "09:30".parse().unwrap(),
        cadence: Cadence::DAILY,
        works: Some(works.unwrap()),
        participants: ["aoki", "inoue", "ueda", "eguchi"]
            .map(MemberId::from)
            .to_vec(),
        off_hours: OffHours::Duty,
        begins: None,
        on: Vec::new(),
        dated: None,
    };
    Rota::new(Plan {
        name: "support".to_owned(),
        versions: vec![version],
    })
    .unwrap()
}

impl Desk {
    pub fn at(wall: &str) -> Desk {
        Desk {
            rotas: BTreeMap::from([("support".to_owned(), rota())]),
            book: Book::default(),
            now: at(wall),
            guide: None,
            others: Vec::new(),
            lines: Vec::new(),
        }
    }

    pub fn team(&self) -> Team<'_> {
        let members = self.rota().version(self.now).participants.iter();
        Team {
            rotas: &self.rotas,
            members: members.chain(&self.others).cloned().collect(),
            leads: BTreeSet::from(["ueda".into()]),
            guide: self.guide.as_ref(),
            today: self.now.to_zoned(zone("Asia/Tokyo").unwrap()).date(),
        }
    }

    pub fn rota(&self) -> &Rota {
        &self.rotas["support"]
    }

    pub fn tries(&mut self, who: &str, command: DutyCommand) -> Result<usize, DutyRefusal> {
        let actor = match who {
            "time" => Actor::System,
            member => Actor::Member(member.into()),
        };
        let events = decide(&self.book, &self.team(), command, &actor, self.now)?;
        let count = events.len();
        for event in events {
            let entry = DutyEntry {
                seq: self.book.seq + 1,
                at: self.now,
                actor: actor.clone(),
                via: "test".to_owned(),
                command_key: None,
                event,
            };
            // Whatever the rules let through, they have nothing to say against afterwards.
            assert_eq!(objection(&self.book, &entry), None, "{entry:?}");
            self.book = evolve(std::mem::take(&mut self.book), &entry);
            self.lines.push(entry);
        }
        let found = loose(&self.book, &self.team(), self.now);
        assert_eq!(
            found,
            [],
            "{:#?}",
            self.lines
                .iter()
                .map(|line| format!("{} {} {:?}", line.seq, line.at, line.event))
                .collect::<Vec<_>>()
        );
        Ok(count)
    }

    /// Does it and answers the new lines, each as its kind and what matters of it.
    #[track_caller]
    pub fn does(&mut self, who: &str, command: DutyCommand) -> Vec<String> {
        let before = self.lines.len();
        self.tries(who, command).unwrap();
        self.lines[before..]
            .iter()
            .map(|line| brief(&line.event))
            .collect()
    }

    #[track_caller]
    pub fn refuses(&mut self, who: &str, command: DutyCommand) -> String {
        let before = self.book.clone();
        let refusal = self.tries(who, command).unwrap_err();
        assert_eq!(self.book, before);
        refusal.to_string()
    }

    /// Lets time pass, looking whenever the book says so; answers what happened, each with its wall time.
    pub fn until(&mut self, wall: &str) -> Vec<String> {
        let (mut said, end) = (Vec::new(), at(wall));
        while let Some(next) =
            next_at(&self.book, &self.team(), self.now).filter(|next| *next <= end)
        {
            assert!(
                next > self.now,
                "the book never comes to rest at {}",
                self.now
            );
            // Until it is looked at there is nothing that time should have brought.
            let just_before = plus(next, -SignedDuration::from_millis(1));
            assert_eq!(undone(&self.book, &self.team(), just_before), []);
            self.now = next;
            let local = next.to_zoned(zone("Asia/Tokyo").unwrap());
            let local = local.strftime("%m-%d %H:%M").to_string();
            for line in self.does("time", DutyCommand::Tick) {
                said.push(format!("{local} {line}"));
            }
        }
        self.now = end;
        said
    }

    /// Lets time pass, looking whenever the book says so.
    pub fn runs_to(&mut self, end: Timestamp) {
        while let Some(next) =
            next_at(&self.book, &self.team(), self.now).filter(|next| *next <= end)
        {
            self.now = next;
            self.does("time", DutyCommand::Tick);
        }
        self.now = end;
    }

    /// Who has the duty from the handoff of a day on, and why if it is not their turn.
    pub fn duty(&self, date: &str) -> String {
        let shift = shift_on(&self.book, self.rota(), day(date));
        let why = match self.book.why("support", &shift).map(|laid| &laid.why) {
            None => return shift.member.to_string(),
            Some(Why::Override) => "override".to_owned(),
            Some(Why::Swap { with }) => format!("swap with {with}"),
            Some(Why::Cover { of, .. }) => format!("for {of}"),
        };
        format!("{} ({why})", shift.member)
    }
}

pub(super) fn brief(event: &DutyEvent) -> String {
    let date = |span: &Span| {
        let local = span.starts_at.to_zoned(zone("Asia/Tokyo").unwrap());
        local.strftime("%m-%d").to_string()
    };
    match event {
        DutyEvent::OverrideLaid { member, span, .. } => format!("override {member} {}", date(span)),
        DutyEvent::OverrideRemoved { number } => format!("override {number} removed"),
        DutyEvent::SwapOffered { .. } => "offered".to_owned(),
        DutyEvent::SwapAccepted { .. } => "accepted".to_owned(),
        DutyEvent::SwapDeclined { .. } => "declined".to_owned(),
        DutyEvent::SwapWithdrawn { .. } => "withdrawn".to_owned(),
        DutyEvent::SwapCalledOff { .. } => "called off".to_owned(),
        DutyEvent::SwapLapsed { .. } => "lapsed".to_owned(),
        DutyEvent::SwapReminded { .. } => "reminded".to_owned(),
        DutyEvent::SwapForetold { starts_at, .. } => {
            let span = Span {
                starts_at: *starts_at,
                ends_at: *starts_at,
            };
            format!("foretold {}", date(&span))
        }
        DutyEvent::SwapArranged { .. } => "arranged".to_owned(),
        DutyEvent::AbsenceEntered { member, .. } => format!("{member} absent"),
        DutyEvent::AbsenceEnded { ends, .. } => format!("back {ends}"),
        DutyEvent::AbsenceChanged { number, days } => {
            format!(
                "{number} is {} to {} now",
                days.starts,
                days.last().unwrap()
            )
        }
        DutyEvent::CoverFound { by, of, span, .. } => format!("{by} for {of} {}", date(span)),
        DutyEvent::CoverTaken { by, of, span, .. } => format!("{by} takes {of}'s {}", date(span)),
        DutyEvent::CoverDeclined { number } => format!("cover {number} declined"),
        DutyEvent::CoverTakenBack { number } => format!("cover {number} taken back"),
        DutyEvent::CoverMissing { of, span, .. } => format!("nobody for {of} {}", date(span)),
        DutyEvent::GuideSent { member, .. } => format!("guide to {member}"),
        DutyEvent::GuideAskedAgain { member, .. } => format!("guide again to {member}"),
        DutyEvent::GuideRead { member } => format!("{member} read it"),
    }
}

fn lay(member: &str, from: &str, until: &str) -> DutyCommand {
    DutyCommand::LayOverride {
        rota: "support".to_owned(),
        member: member.into(),
        span: span(from, until),
    }
}

#[test]
fn an_override_holds_for_once_and_can_be_taken_back() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let line = desk.does("aoki", lay("aoki", "2026-11-25 09:30", "2026-11-26 09:30"));
    assert_eq!(line, ["override aoki 11-25"]);
    assert_eq!(desk.duty("2026-11-25"), "aoki (override)");
    assert_eq!(
        desk.does("inoue", DutyCommand::TakeBack { number: 1 }),
        ["override 1 removed"]
    );
    assert_eq!(desk.duty("2026-11-25"), "eguchi");
    let again = desk.refuses("inoue", DutyCommand::TakeBack { number: 1 });
    assert_eq!(again, "there is nothing of number 1 in the book");
}

#[test]
fn what_has_passed_of_an_override_stays() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", lay("aoki", "2026-11-25 09:30", "2026-11-26 09:30"));
    desk.now = at("2026-11-25 12:00");
    desk.does("aoki", DutyCommand::TakeBack { number: 1 });
    let laid = overrides(&desk.book, "support");
    let member = |wall: &str| {
        desk.rota()
            .on_duty(at(wall), &laid)
            .shift
            .member
            .to_string()
    };
    assert_eq!(member("2026-11-25 11:59"), "aoki");
    assert_eq!(member("2026-11-25 12:00"), "eguchi");
}

#[test]
fn an_override_needs_time_ahead_and_somebody_who_is_there() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let past = lay("aoki", "2026-11-23 09:30", "2026-11-24 09:30");
    assert_eq!(desk.refuses("aoki", past), "the span is empty or past");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    let away = lay("aoki", "2026-12-02 12:00", "2026-12-02 15:00");
    assert_eq!(desk.refuses("inoue", away), "aoki is absent then");
}

#[test]
fn of_two_overrides_the_later_laid_holds() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", lay("aoki", "2026-11-25 09:30", "2026-11-26 09:30"));
    desk.does("aoki", lay("inoue", "2026-11-24 09:30", "2026-11-27 09:30"));
    assert_eq!(desk.duty("2026-11-25"), "inoue (override)");
    desk.does("aoki", DutyCommand::TakeBack { number: 2 });
    assert_eq!(desk.duty("2026-11-25"), "aoki (override)");
}

pub(in crate::domain) fn absent(member: &str, days: Days) -> DutyCommand {
    DutyCommand::EnterAbsence {
        member: member.into(),
        days,
    }
}
