//! Absences that a member's calendar said: the looks at it are taken again.

use super::Run;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::domain::rota::book::{Days, DutyCommand, DutyEntry, DutyEvent, Source, evolve};
use std::collections::BTreeSet;

impl Run<'_> {
    /// Whether a line follows the calendar of a member.
    pub(super) fn is_followed(&self, line: &DutyEntry, member: &MemberId) -> bool {
        let of_calendar = |number: &u64| {
            let absence = self.was.absences.get(number);
            absence.is_some_and(|it| it.member == *member && it.source == Source::Calendar)
        };
        match &line.event {
            DutyEvent::AbsenceEntered {
                member: whose,
                source,
                ..
            } => whose == member && *source == Source::Calendar,
            DutyEvent::AbsenceChanged { number, .. } => of_calendar(number),
            DutyEvent::AbsenceEnded { number, waived, .. } => !waived && of_calendar(number),
            _ => false,
        }
    }

    /// What a member's calendar says after some lines that follow it.
    pub(super) fn follow(&mut self, lines: &[DutyEntry], member: &MemberId) -> usize {
        let (at, actor) = (lines[0].at, &lines[0].actor);
        let together = lines.iter().take_while(|line| {
            line.at == at && line.actor == *actor && self.is_followed(line, member)
        });
        let count = of_one_look(together);
        let after = lines[..count].iter().fold(self.was.clone(), evolve);
        let of_calendar = after.absences.values();
        let said: Vec<Days> = of_calendar
            .filter(|it| it.member == *member && it.source == Source::Calendar)
            .map(|absence| absence.days)
            .collect();
        let member = member.clone();
        let _ = self.does(&Actor::System, DutyCommand::Follow { member, said }, at);
        count
    }
}

/// How many lines one look at a calendar brought: first each absence that it says otherwise, once, then those that are new.
fn of_one_look<'a>(lines: impl Iterator<Item = &'a DutyEntry>) -> usize {
    let (mut seen, mut are_new) = (BTreeSet::new(), false);
    let is_of_it = |line: &&DutyEntry| match &line.event {
        DutyEvent::AbsenceChanged { number, .. } | DutyEvent::AbsenceEnded { number, .. } => {
            !are_new && seen.insert(*number)
        }
        _ => {
            are_new = true;
            true
        }
    };
    lines.take_while(is_of_it).count()
}
