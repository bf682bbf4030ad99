//! What a command becomes: new lines, or a refusal that says why.

use super::command::{DutyCommand, DutyRefusal};
use super::covering::{self, absent_spans, handoff_on, is_absent};
use super::event::{DutyEntry, DutyEvent};
use super::evolve::evolve;
use super::following;
use super::{
    Book, Days, Guidance, Laid, Source, Span, SwapState, Why, overrides, passing, swapping,
};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::domain::rota::{Rota, Shift};
use crate::time::{Date, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Who there is, and who turns for what.
#[derive(Clone, Debug)]
pub struct Team<'a> {
    pub rotas: &'a BTreeMap<String, Rota>,
    pub members: BTreeSet<MemberId>,
    /// Who may arrange for others; everybody where nobody leads.
    pub leads: BTreeSet<MemberId>,
    /// What is to be read before a first duty, if there is something.
    pub guide: Option<&'a Guidance>,
    /// The date on the desk's wall.
    pub today: Date,
}

/// A decision in the making: each line is applied at once, so that the next one knows of it.
pub(super) struct Draft<'a> {
    pub book: Book,
    pub team: &'a Team<'a>,
    pub actor: &'a Actor,
    pub now: Timestamp,
    pub events: Vec<DutyEvent>,
}

impl Draft<'_> {
    pub fn push(&mut self, event: DutyEvent) {
        let entry = DutyEntry {
            seq: self.book.seq + 1,
            at: self.now,
            actor: self.actor.clone(),
            via: String::new(),
            command_key: None,
            event,
        };
        self.book = evolve(std::mem::take(&mut self.book), &entry);
        self.events.push(entry.event);
    }

    pub fn rota(&self, name: &str) -> Result<&Rota, DutyRefusal> {
        self.team
            .rotas
            .get(name)
            .ok_or_else(|| DutyRefusal::NoRota {
                rota: name.to_owned(),
            })
    }

    pub fn member(&self) -> Result<&MemberId, DutyRefusal> {
        self.actor.member().ok_or(DutyRefusal::MembersOnly)
    }

    /// Whether the actor may arrange for others: a lead, or a script that a lead has given a token.
    pub fn may_arrange(&self) -> bool {
        match self.actor {
            Actor::Member(member) => self.team.leads.contains(member),
            Actor::Token(_) | Actor::System => true,
            Actor::Requester | Actor::Source(_) => false,
        }
    }

    /// Whether the actor is one of these, or may arrange for them.
    fn speaks_for(&self, members: &[&MemberId]) -> bool {
        let own = self.actor.member();
        own.is_some_and(|own| members.contains(&own)) || self.may_arrange()
    }
}

/// Decides a command. Where nothing is to be done there are no lines.
pub fn decide(
    book: &Book,
    team: &Team<'_>,
    command: DutyCommand,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<DutyEvent>, DutyRefusal> {
    let mut draft = Draft {
        book: book.clone(),
        team,
        actor,
        now,
        events: Vec::new(),
    };
    match command {
        DutyCommand::LayOverride { rota, member, span } => {
            lay_override(&mut draft, rota, member, span)?;
        }
        DutyCommand::Swap {
            rota,
            from,
            with,
            mine,
            theirs,
        } => swapping::offer(&mut draft, rota, from, with, (mine, theirs))?,
        DutyCommand::AcceptSwap { number } => swapping::accept(&mut draft, number)?,
        DutyCommand::DeclineSwap { number } => swapping::decline(&mut draft, number)?,
        DutyCommand::Cover { rota, on } => volunteer(&mut draft, rota, on)?,
        DutyCommand::DeclineCover { number } => hand_back(&mut draft, number)?,
        DutyCommand::EnterAbsence { member, days } => enter_absence(&mut draft, member, days)?,
        DutyCommand::Follow { member, said } => following::follow(&mut draft, &member, said),
        DutyCommand::Return { member, number } => come_back(&mut draft, member, number)?,
        DutyCommand::TakeBack { number } => take_back(&mut draft, number)?,
        DutyCommand::ReadGuide => read_guide(&mut draft)?,
        DutyCommand::Tick => passing::tick(&mut draft),
    }
    covering::find(&mut draft);
    Ok(draft.events)
}

/// The shift whose duty holds from a day's handoff on.
pub fn shift_on(book: &Book, rota: &Rota, day: Date) -> Shift {
    rota.on_duty(handoff_on(rota, day), &overrides(book, rota.name()))
        .shift
}

fn lay_override(
    draft: &mut Draft<'_>,
    rota: String,
    member: MemberId,
    span: Span,
) -> Result<(), DutyRefusal> {
    let found = draft.rota(&rota)?;
    if span.ends_at <= span.starts_at || span.ends_at <= draft.now {
        return Err(DutyRefusal::EmptySpan { span });
    }
    if let Some((part, _)) = absent_spans(&draft.book, found, &member, span).first() {
        let starts_at = part.starts_at;
        return Err(DutyRefusal::AbsentThen { member, starts_at });
    }
    draft.push(DutyEvent::OverrideLaid { rota, member, span });
    Ok(())
}

fn volunteer(draft: &mut Draft<'_>, rota: String, on: Date) -> Result<(), DutyRefusal> {
    let by = draft.member()?.clone();
    let found = draft.rota(&rota)?;
    let shift = shift_on(&draft.book, found, on);
    let starts_at = shift.starts_at.max(draft.now);
    let span = Span {
        starts_at,
        ends_at: shift.ends_at,
    };
    if span.ends_at <= draft.now {
        return Err(DutyRefusal::EmptySpan { span });
    }
    if shift.member == by {
        return Err(DutyRefusal::TheirsAnyway {
            member: by,
            starts_at: shift.starts_at,
        });
    }
    if is_absent(&draft.book, found, &by, span) {
        return Err(DutyRefusal::AbsentThen {
            member: by,
            starts_at,
        });
    }
    // Who relieves somebody that covers does it for whom they cover.
    let before = draft.book.why(&rota, &shift).cloned();
    let (of, absence, relieved) = match before.as_ref().map(|laid| &laid.why) {
        Some(Why::Cover { of, absence }) if *of != by => (
            of.clone(),
            *absence,
            before.as_ref().map(|laid| laid.number),
        ),
        Some(Why::Cover { .. } | Why::Override | Why::Swap { .. }) | None => {
            (shift.member.clone(), None, None)
        }
    };
    if let Some(number) = relieved {
        draft.push(DutyEvent::CoverTakenBack { number });
    }
    draft.push(DutyEvent::CoverTaken {
        rota,
        by,
        of,
        absence,
        span,
    });
    Ok(())
}

/// Declines a cover that was found, or hands back one that was taken.
fn hand_back(draft: &mut Draft<'_>, number: u64) -> Result<(), DutyRefusal> {
    let no_such = DutyRefusal::NoSuchNumber { number };
    let laid = draft.book.laid.iter().find(|laid| laid.number == number);
    let laid = laid.cloned().ok_or(no_such.clone())?;
    let Why::Cover { .. } = laid.why else {
        return Err(no_such);
    };
    if !draft.speaks_for(&[&laid.member]) {
        return Err(DutyRefusal::NotYours {
            number,
            who: laid.member,
        });
    }
    if laid.span.starts_at <= draft.now {
        return Err(DutyRefusal::ShiftHasBegun {
            starts_at: laid.span.starts_at,
        });
    }
    draft.push(DutyEvent::CoverDeclined { number });
    Ok(())
}

fn enter_absence(draft: &mut Draft<'_>, member: MemberId, days: Days) -> Result<(), DutyRefusal> {
    if !draft.team.members.contains(&member) {
        return Err(DutyRefusal::MembersOnly);
    }
    let is_empty = days.ends.is_some_and(|ends| ends <= days.starts);
    let is_past = days.ends.is_some_and(|ends| ends <= draft.team.today);
    if is_empty || is_past {
        return Err(DutyRefusal::PastDays);
    }
    let same = draft.book.absences.iter().find(|(_, known)| {
        known.member == member
            && known.days.starts <= days.starts
            && known.days.ends.unwrap_or(Date::MAX) >= days.ends.unwrap_or(Date::MAX)
            && (known.days.every.is_none() || known.days.every == days.every)
    });
    if let Some((number, _)) = same {
        let number = *number;
        return Err(DutyRefusal::AlreadyAbsent { member, number });
    }
    draft.push(DutyEvent::AbsenceEntered {
        member,
        days,
        source: Source::Said,
    });
    Ok(())
}

fn come_back(
    draft: &mut Draft<'_>,
    member: MemberId,
    number: Option<u64>,
) -> Result<(), DutyRefusal> {
    let today = draft.team.today;
    let mine: Vec<(u64, Days)> = draft
        .book
        .absences
        .iter()
        .filter(|(_, absence)| absence.member == member)
        .filter(|(_, absence)| absence.days.ends.is_none_or(|ends| today < ends))
        .map(|(number, absence)| (*number, absence.days))
        .collect();
    let runs = |days: &Days| days.include(today) || (days.every.is_some() && days.starts <= today);
    let found = match number {
        Some(number) => mine.iter().find(|(known, _)| *known == number).copied(),
        None => match mine.as_slice() {
            [only] => Some(*only),
            several => several
                .iter()
                .find(|(_, days)| days.every.is_none() && runs(days))
                .copied(),
        },
    };
    let Some((number, days)) = found else {
        return Err(if mine.is_empty() || number.is_some() {
            DutyRefusal::NotAbsent { member }
        } else {
            let numbers = mine.iter().map(|(number, _)| *number).collect();
            DutyRefusal::WhichAbsence { member, numbers }
        });
    };
    let absence = draft.book.absences.get(&number);
    let is_followed = absence.is_some_and(|absence| absence.source == Source::Calendar);
    draft.push(DutyEvent::AbsenceEnded {
        number,
        ends: today.max(days.starts),
        waived: is_followed,
    });
    // What has begun goes on; what has not is not needed any more.
    let over: Vec<u64> = draft
        .book
        .laid
        .iter()
        .filter(|laid| laid.span.starts_at > draft.now)
        .filter(|laid| is_over(draft, laid, number, &member))
        .map(|laid| laid.number)
        .collect();
    for number in over {
        draft.push(DutyEvent::CoverTakenBack { number });
    }
    Ok(())
}

/// Whether a cover was for an absence that has ended, or for somebody who is there again.
fn is_over(draft: &Draft<'_>, laid: &Laid, ended: u64, back: &MemberId) -> bool {
    let Why::Cover {
        of,
        absence: Some(absence),
    } = &laid.why
    else {
        return false;
    };
    let is_there = |rota: &Rota| !is_absent(&draft.book, rota, of, laid.span);
    *absence == ended || (of == back && draft.team.rotas.get(&laid.rota).is_some_and(is_there))
}

fn take_back(draft: &mut Draft<'_>, number: u64) -> Result<(), DutyRefusal> {
    if let Some(swap) = draft.book.swaps.get(&number).cloned() {
        return match swap.state {
            SwapState::Offered | SwapState::Agreed { .. } => {
                let parties = match swap.state {
                    SwapState::Offered => vec![&swap.from],
                    _ => vec![&swap.from, &swap.with],
                };
                if !draft.speaks_for(&parties) {
                    let who = swap.from.clone();
                    return Err(DutyRefusal::NotYours { number, who });
                }
                swapping::end(draft, number, &swap)
            }
            SwapState::Declined { at } => Err(DutyRefusal::SwapDeclined { number, at }),
            SwapState::Withdrawn { at }
            | SwapState::CalledOff { at }
            | SwapState::Lapsed { at } => Err(DutyRefusal::SwapIsOff { number, at }),
        };
    }
    if let Some(absence) = draft.book.absences.get(&number) {
        let member = absence.member.clone();
        return come_back(draft, member, Some(number));
    }
    let found = draft.book.laid.iter().find(|laid| laid.number == number);
    match found
        .filter(|laid| laid.span.ends_at > draft.now)
        .map(|laid| &laid.why)
    {
        Some(Why::Override) => {
            draft.push(DutyEvent::OverrideRemoved { number });
            Ok(())
        }
        Some(Why::Cover { .. }) => hand_back(draft, number),
        Some(Why::Swap { .. }) | None => Err(DutyRefusal::NoSuchNumber { number }),
    }
}

fn read_guide(draft: &mut Draft<'_>) -> Result<(), DutyRefusal> {
    let member = draft.member()?.clone();
    if draft.team.guide.is_none() {
        return Err(DutyRefusal::NoGuide);
    }
    let known = draft.book.guides.get(&member);
    if known.is_none_or(|guide| guide.read_at.is_none()) {
        draft.push(DutyEvent::GuideRead { member });
    }
    Ok(())
}
