//! Following a member's own calendar: what it says of whole days becomes absences, and what it no longer says ends.
//!
//! Promises: what the book says already changes nothing; what a person said, and what a person ended, is left alone; a
//! cover stays as long as whoever it is for is off then, and no longer. Leaves out reading calendars.

use super::covering::is_absent;
use super::decide::Draft;
use super::event::DutyEvent;
use super::{Book, Days, Laid, Source, Why};
use crate::domain::ids::MemberId;
use crate::time::Date;
use std::collections::BTreeSet;

pub(super) fn follow(draft: &mut Draft<'_>, member: &MemberId, said: Vec<Days>) {
    if !draft.team.members.contains(member) {
        return;
    }
    let today = draft.team.today;
    let said = united(said, today);
    let known = followed(&draft.book, member, today);
    let mut news: Vec<Days> = said
        .iter()
        .filter(|days| known.iter().all(|(_, there)| there != *days))
        .filter(|days| is_news(&draft.book, member, days))
        .copied()
        .collect();
    let mut touched = BTreeSet::new();
    for (number, there) in known {
        if said.contains(&there) {
            continue;
        }
        touched.insert(number);
        let moved = news.iter().position(|days| meet(days, &there, today));
        draft.push(match moved.map(|at| news.remove(at)) {
            Some(days) => DutyEvent::AbsenceChanged { number, days },
            None => DutyEvent::AbsenceEnded {
                number,
                ends: today.max(there.starts),
                waived: false,
            },
        });
    }
    for days in news {
        draft.push(DutyEvent::AbsenceEntered {
            member: member.clone(),
            days,
            source: Source::Calendar,
        });
    }
    let over: Vec<u64> = draft
        .book
        .laid
        .iter()
        .filter(|laid| laid.span.starts_at > draft.now && is_over(draft, laid, member, &touched))
        .map(|laid| laid.number)
        .collect();
    for number in over {
        draft.push(DutyEvent::CoverTakenBack { number });
    }
}

/// What is not over yet, in order; stretches that share a day are one.
fn united(mut said: Vec<Days>, today: Date) -> Vec<Days> {
    said.retain(|days| days.ends.is_none_or(|ends| today.max(days.starts) < ends));
    said.sort_by_key(|days| (days.starts, days.ends));
    let mut united: Vec<Days> = Vec::new();
    for days in said {
        match united.last_mut().filter(|last| days.starts < end(last)) {
            Some(last) if end(last) < end(&days) => last.ends = days.ends,
            Some(_) => {}
            None => united.push(days),
        }
    }
    united
}

/// The absences of a member that a calendar said and that are not over.
fn followed(book: &Book, member: &MemberId, today: Date) -> Vec<(u64, Days)> {
    let all = book.absences.iter();
    all.filter(|(_, absence)| absence.member == *member && absence.source == Source::Calendar)
        .map(|(number, absence)| (*number, absence.days))
        .filter(|(_, days)| today < end(days))
        .collect()
}

/// Whether nobody ended just these days, and no absence that somebody said holds them all.
fn is_news(book: &Book, member: &MemberId, days: &Days) -> bool {
    let is_waived = book.waived.contains(&(member.clone(), *days));
    let is_known = book.absences.values().any(|absence| {
        absence.member == *member
            && absence.source == Source::Said
            && absence.days.every.is_none()
            && absence.days.starts <= days.starts
            && end(&absence.days) >= end(days)
    });
    !is_waived && !is_known
}

/// Whether two stretches share a day that is not behind.
fn meet(one: &Days, other: &Days, today: Date) -> bool {
    one.starts.max(other.starts).max(today) < end(one).min(end(other))
}

fn end(days: &Days) -> Date {
    days.ends.unwrap_or(Date::MAX)
}

/// Whether a cover was for this member, or for an absence that is otherwise now, and they are there after all.
fn is_over(draft: &Draft<'_>, laid: &Laid, member: &MemberId, touched: &BTreeSet<u64>) -> bool {
    let Why::Cover {
        of,
        absence: Some(absence),
    } = &laid.why
    else {
        return false;
    };
    let rota = draft.team.rotas.get(&laid.rota);
    let is_away = |who| rota.is_none_or(|rota| is_absent(&draft.book, rota, who, laid.span));
    // Who stands in for somebody that cannot cover does so by the absence of that one.
    let by = draft.book.absences.get(absence);
    (touched.contains(absence) || of == member)
        && !is_away(member)
        && !by.is_some_and(|absence| is_away(&absence.member))
}
