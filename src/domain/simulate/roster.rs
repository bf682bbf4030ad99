//! Lays the duty book of the past over another roster: what people arranged, as far as it makes sense there, and cover
//! found anew for whoever was absent.
//!
//! As with an inquiry the acts stay, each at its instant, and what the desk derived (whom it found to cover, offers that
//! lapsed) is dropped and derived anew by the rules of the book (`domain/rota/book`). Promises: over the roster that the
//! book was kept for, by a desk that ran, it gives the same book; what held then and cannot hold there is told. Leaves
//! out guides, which change nobody's duty.

mod following;
mod told;

pub use told::{Arranged, NotLaid, WhyNot};

use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::domain::rota::Rota;
use crate::domain::rota::book::{
    Book, DutyCommand, DutyEntry, DutyEvent, DutyRefusal, Span, Swap, Team, Why, decide, evolve,
    next_at, shift_on,
};
use crate::time::{Date, SignedDuration, TimeZone, Timestamp, plus, zone};
use std::collections::{BTreeMap, BTreeSet};
use told::why;

/// The roster that the book is laid over.
pub struct Laying<'a> {
    pub rotas: &'a BTreeMap<String, Rota>,
    /// The rotas that it was kept for.
    pub before: &'a BTreeMap<String, Rota>,
    /// Which rotas take the place of one at an instant.
    pub heirs: &'a dyn Fn(&str, Timestamp) -> BTreeSet<String>,
    pub members: BTreeSet<MemberId>,
    /// In which the desk's dates are counted.
    pub zone: TimeZone,
}

/// The book as it would have been.
#[derive(Clone, Debug, Default)]
pub struct Relaid {
    pub book: Book,
    /// What held then and does not there, in the order of the book.
    pub not_laid: Vec<NotLaid>,
}

/// Lays a book over a roster, up to an instant.
pub fn relay(lines: &[DutyEntry], laying: &Laying<'_>, until: Timestamp) -> Relaid {
    let Some(first) = lines.first() else {
        return Relaid::default();
    };
    let mut run = Run {
        laying,
        was: Book::default(),
        book: Book::default(),
        looked_at: plus(first.at, -A_MOMENT),
        numbers: BTreeMap::new(),
        refused: BTreeMap::new(),
        not_laid: BTreeMap::new(),
    };
    let mut place = 0;
    while let Some(line) = lines.get(place).filter(|line| line.at <= until) {
        let before = place.checked_sub(1).map(|before| &lines[before]);
        let is_after = before.is_some_and(|before| {
            before.at == line.at && before.actor == Actor::System && before.event.is_derived()
        });
        let count = if line.event.is_derived() {
            1
        } else {
            run.advance(line.at, is_after);
            run.line(&lines[place..])
        };
        for line in &lines[place..place + count] {
            run.was = evolve(std::mem::take(&mut run.was), line);
        }
        place += count;
    }
    run.advance(until, true);
    Relaid {
        book: run.book,
        not_laid: run.not_laid.into_values().collect(),
    }
}

/// The desk thinks in milliseconds.
const A_MOMENT: SignedDuration = SignedDuration::from_millis(1);

struct Run<'a> {
    laying: &'a Laying<'a>,
    /// The book of the past, as far as it has been read.
    was: Book,
    book: Book,
    /// When the book was last looked at.
    looked_at: Timestamp,
    /// The numbers that overrides and swaps have here.
    numbers: BTreeMap<u64, Vec<u64>>,
    /// Offers that cannot be made here.
    refused: BTreeMap<u64, WhyNot>,
    not_laid: BTreeMap<u64, NotLaid>,
}

impl Run<'_> {
    fn team(&self, at: Timestamp) -> Team<'_> {
        Team {
            rotas: self.laying.rotas,
            members: self.laying.members.clone(),
            leads: BTreeSet::new(),
            guide: None,
            today: at.to_zoned(self.laying.zone.clone()).date(),
        }
    }

    /// Lets time pass up to an instant: every day one more day of the absences comes into sight.
    fn advance(&mut self, to: Timestamp, is_inclusive: bool) {
        let to = if is_inclusive {
            to
        } else {
            plus(to, -A_MOMENT)
        };
        // What was agreed is foretold the day before.
        let since = self.looked_at;
        let is_ahead = |swap: &Swap| swap.mine.starts_at.max(swap.theirs.starts_at) > since;
        let mut swaps = self.book.swaps.values();
        let is_idle =
            self.book.absences.is_empty() && !swaps.any(|swap| swap.is_open() || is_ahead(swap));
        let next = |run: &Self| {
            let next = next_at(&run.book, &run.team(run.looked_at), run.looked_at);
            next.filter(|next| *next <= to && !is_idle)
        };
        while let Some(next) = next(self) {
            self.looked_at = next;
            // Time is never refused.
            let _ = self.does(&Actor::System, DutyCommand::Tick, next);
        }
        self.looked_at = self.looked_at.max(to);
    }

    fn does(
        &mut self,
        by: &Actor,
        command: DutyCommand,
        at: Timestamp,
    ) -> Result<Vec<DutyEntry>, DutyRefusal> {
        let events = decide(&self.book, &self.team(at), command, by, at)?;
        let first = self.book.seq + 1;
        let entries: Vec<DutyEntry> = (first..)
            .zip(events)
            .map(|(seq, event)| DutyEntry {
                seq,
                at,
                actor: by.clone(),
                via: String::new(),
                command_key: None,
                event,
            })
            .collect();
        for entry in &entries {
            self.book = evolve(std::mem::take(&mut self.book), entry);
        }
        Ok(entries)
    }

    /// Does what the first of some lines says; tells how many of them that were.
    fn line(&mut self, lines: &[DutyEntry]) -> usize {
        let line = &lines[0];
        let (number, at) = (line.seq, line.at);
        match &line.event {
            DutyEvent::OverrideLaid { rota, member, span } => {
                let lay = |heir: &str| DutyCommand::LayOverride {
                    rota: heir.to_owned(),
                    member: member.clone(),
                    span: *span,
                };
                let laid = self.lay(line, rota, span.starts_at, &[member], lay);
                if let Err(why) = laid {
                    self.note(
                        number,
                        Arranged::Override,
                        (member, None),
                        rota,
                        &[*span],
                        why,
                    );
                }
            }
            DutyEvent::OverrideRemoved { number } => self.take_back(*number, at),
            DutyEvent::SwapOffered { .. } | DutyEvent::SwapArranged { .. } => self.offer(line),
            DutyEvent::SwapAccepted { number } => self.accept(*number, at),
            DutyEvent::SwapDeclined { number } => {
                let with = self.was.swaps.get(number).map(|swap| swap.with.clone());
                for here in self.numbers.remove(number).unwrap_or_default() {
                    let command = DutyCommand::DeclineSwap { number: here };
                    if let Some(with) = with.clone() {
                        let _ = self.does(&Actor::Member(with), command, at);
                    }
                }
            }
            DutyEvent::SwapWithdrawn { number } | DutyEvent::SwapCalledOff { number } => {
                self.take_back(*number, at);
            }
            DutyEvent::CoverTaken { .. } => self.cover(line),
            DutyEvent::CoverDeclined { number } => self.decline(*number, at),
            DutyEvent::AbsenceEntered { member, .. } if self.is_followed(line, member) => {
                return self.follow(lines, &member.clone());
            }
            DutyEvent::AbsenceEntered { member, days, .. } => {
                let (member, days) = (member.clone(), *days);
                let command = DutyCommand::EnterAbsence { member, days };
                let _ = self.does(&Actor::System, command, at);
            }
            DutyEvent::AbsenceEnded { number, .. } | DutyEvent::AbsenceChanged { number, .. } => {
                let known = self.was.absences.get(number).cloned();
                let Some(absence) = known else { return 1 };
                if self.is_followed(line, &absence.member) {
                    return self.follow(lines, &absence.member);
                }
                let mut here = self.book.absences.iter();
                let here = here.find(|(_, there)| **there == absence);
                if let Some(number) = here.map(|(number, _)| Some(*number)) {
                    let member = absence.member;
                    let command = DutyCommand::Return { member, number };
                    let _ = self.does(&Actor::System, command, at);
                }
            }
            DutyEvent::CoverFound { .. }
            | DutyEvent::CoverMissing { .. }
            | DutyEvent::CoverTakenBack { .. }
            | DutyEvent::SwapLapsed { .. }
            | DutyEvent::SwapReminded { .. }
            | DutyEvent::SwapForetold { .. }
            | DutyEvent::GuideSent { .. }
            | DutyEvent::GuideAskedAgain { .. }
            | DutyEvent::GuideRead { .. } => {}
        }
        1
    }

    /// Arranges something on every rota that takes the place of the one it was on.
    fn lay(
        &mut self,
        line: &DutyEntry,
        rota: &str,
        starts_at: Timestamp,
        people: &[&MemberId],
        command: impl Fn(&str) -> DutyCommand,
    ) -> Result<(), WhyNot> {
        let by = match &line.event {
            DutyEvent::SwapOffered { from, .. } => Actor::Member(from.clone()),
            // Whoever it was might do it then.
            _ => Actor::System,
        };
        for heir in (self.laying.heirs)(rota, starts_at) {
            let mut people = people.iter();
            if let Some(gone) = people.find(|member| !self.takes_part(member, rota, &heir)) {
                let member = (*gone).clone();
                return Err(WhyNot::NotInRoster { member });
            }
            let entries = self.does(&by, command(&heir), line.at).map_err(why)?;
            let here = self.numbers.entry(line.seq).or_default();
            here.extend(entries.first().map(|entry| entry.seq));
        }
        Ok(())
    }

    /// Who was in the old rota must be in the new one; who was in neither lent a hand then and does so here.
    fn takes_part(&self, member: &MemberId, rota: &str, heir: &str) -> bool {
        let is_in = |rota: &Rota| {
            let mut versions = rota.plan().versions.iter();
            versions.any(|version| version.people().any(|who| who == member))
        };
        let before = self.laying.before.get(rota);
        self.laying.rotas.get(heir).is_some_and(is_in) || before.is_some_and(|rota| !is_in(rota))
    }

    fn offer(&mut self, line: &DutyEntry) {
        let (DutyEvent::SwapOffered {
            rota,
            from,
            with,
            mine,
            theirs,
        }
        | DutyEvent::SwapArranged {
            rota,
            from,
            with,
            mine,
            theirs,
        }) = &line.event
        else {
            return;
        };
        let days = (self.laying.heirs)(rota, mine.starts_at).into_iter();
        let days: BTreeMap<String, (Date, Date)> = days
            .filter_map(|heir| {
                let found = self.laying.rotas.get(&heir)?;
                let days = (self.day(found, *mine), self.day(found, *theirs));
                Some((heir, days))
            })
            .collect();
        let swap = |heir: &str| {
            let (mine, theirs) = days[heir];
            DutyCommand::Swap {
                rota: heir.to_owned(),
                from: from.clone(),
                with: with.clone(),
                mine,
                theirs,
            }
        };
        let laid = self.lay(line, rota, mine.starts_at, &[from, with], swap);
        match (laid, &line.event) {
            (Ok(()), _) => {}
            (Err(why), DutyEvent::SwapOffered { .. }) => {
                self.refused.insert(line.seq, why);
            }
            (Err(why), _) => {
                let (who, spans) = ((from, Some(with)), [*mine, *theirs]);
                self.note(line.seq, Arranged::Swap, who, rota, &spans, why);
            }
        }
    }

    fn accept(&mut self, number: u64, at: Timestamp) {
        let Some(swap) = self.was.swaps.get(&number).cloned() else {
            return;
        };
        let by = Actor::Member(swap.with.clone());
        let mut why_not = self.refused.remove(&number);
        for here in self.numbers.get(&number).cloned().unwrap_or_default() {
            let command = DutyCommand::AcceptSwap { number: here };
            if let Err(refusal) = self.does(&by, command, at) {
                why_not = Some(why(refusal));
            }
        }
        if let Some(why) = why_not {
            let Swap {
                rota, from, with, ..
            } = &swap;
            let spans = [swap.mine, swap.theirs];
            self.note(
                number,
                Arranged::Swap,
                (from, Some(with)),
                rota,
                &spans,
                why,
            );
        }
    }

    /// Undoes an override or a swap here too; what had not begun has never mattered.
    fn take_back(&mut self, number: u64, at: Timestamp) {
        for here in self.numbers.remove(&number).unwrap_or_default() {
            let command = DutyCommand::TakeBack { number: here };
            let _ = self.does(&Actor::System, command, at);
        }
        let is_ahead = |not: &NotLaid| not.spans.iter().all(|span| span.starts_at >= at);
        if self.not_laid.get(&number).is_some_and(is_ahead) {
            self.not_laid.remove(&number);
        }
    }

    /// Somebody takes a shift, if it is that of whom they took it from.
    fn cover(&mut self, line: &DutyEntry) {
        let DutyEvent::CoverTaken {
            rota, by, of, span, ..
        } = &line.event
        else {
            return;
        };
        for heir in (self.laying.heirs)(rota, span.starts_at) {
            let Some(found) = self.laying.rotas.get(&heir) else {
                continue;
            };
            let on = self.day(found, *span);
            let command = DutyCommand::Cover {
                rota: heir.clone(),
                on,
            };
            let actor = Actor::Member(by.clone());
            let is_meant = |event: &DutyEvent| matches!(event, DutyEvent::CoverTaken { of: here, .. } if here == of);
            let why_not = if !self.takes_part(by, rota, &heir) {
                let member = by.clone();
                Some(WhyNot::NotInRoster { member })
            } else {
                match decide(
                    &self.book,
                    &self.team(line.at),
                    command.clone(),
                    &actor,
                    line.at,
                ) {
                    Err(refusal) => Some(why(refusal)),
                    Ok(events) if !events.iter().any(is_meant) => Some(WhyNot::OtherTurns),
                    Ok(_) => None,
                }
            };
            match why_not {
                None => {
                    let _ = self.does(&actor, command, line.at);
                }
                Some(why) => {
                    let who = (by, Some(of));
                    self.note(line.seq, Arranged::Cover, who, rota, &[*span], why);
                }
            }
        }
    }

    /// Who declined to cover a stretch declines it here too, if it is theirs.
    fn decline(&mut self, number: u64, at: Timestamp) {
        let then = self.was.laid.iter().find(|laid| laid.number == number);
        let Some(then) = then.cloned() else { return };
        for heir in (self.laying.heirs)(&then.rota, then.span.starts_at) {
            let theirs = self.book.laid_over(&heir).filter(|laid| {
                laid.member == then.member
                    && laid.span.meets(&then.span)
                    && laid.span.starts_at > at
                    && matches!(laid.why, Why::Cover { .. })
            });
            let theirs: Vec<u64> = theirs.map(|laid| laid.number).collect();
            for number in theirs {
                let by = Actor::Member(then.member.clone());
                let _ = self.does(&by, DutyCommand::DeclineCover { number }, at);
            }
        }
        let is_ahead = then.span.starts_at > at;
        if is_ahead {
            self.not_laid.remove(&number);
        }
    }

    /// The day by which people name a stretch: the one whose handoff lies in its shift.
    fn day(&self, rota: &Rota, span: Span) -> Date {
        let day = local_date(rota, span.starts_at);
        let around = [Some(day), day.yesterday().ok(), day.tomorrow().ok()];
        let is_its = |day: &Date| {
            let shift = shift_on(&self.book, rota, *day);
            Span::from(&shift).holds(span.starts_at)
        };
        around.into_iter().flatten().find(is_its).unwrap_or(day)
    }

    fn note(
        &mut self,
        number: u64,
        what: Arranged,
        (who, with): (&MemberId, Option<&MemberId>),
        rota: &str,
        spans: &[Span],
        why: WhyNot,
    ) {
        let days = spans.iter().map(|span| {
            let rota = self.laying.before.get(rota);
            rota.map_or_else(
                || span.starts_at.to_zoned(self.laying.zone.clone()).date(),
                |rota| local_date(rota, span.starts_at),
            )
        });
        let not = NotLaid {
            number,
            what,
            who: who.clone(),
            with: with.cloned(),
            days: days.collect(),
            why,
            spans: spans.to_vec(),
        };
        self.not_laid.entry(number).or_insert(not);
    }
}

fn local_date(rota: &Rota, at: Timestamp) -> Date {
    let zone = zone(&rota.version(at).zone).unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date()
}
