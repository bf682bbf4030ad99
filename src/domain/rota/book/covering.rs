//! Cover: which duty an absence takes, and who has it instead.

use super::decide::{Draft, Team};
use super::event::DutyEvent;
use super::{Absence, Book, Span, Why, overrides};
use crate::domain::ids::MemberId;
use crate::domain::rota::{Override, Rota, Shift, fairness};
use crate::time::{
    Date, SignedDuration, TimeZone, Timestamp, civil::DateTime, plus, resolve, zone,
};

/// How far ahead cover is found; every day one more day comes into sight.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 60);

/// Whose turns count when somebody is looked for.
const COUNTED: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Finds somebody for every shift of an absent member that lies ahead and has nobody else yet.
///
/// It runs with every command, so it looks only where somebody is away, and at turns only where there is a choice.
pub(super) fn find(draft: &mut Draft<'_>) {
    let (team, now) = (draft.team, draft.now);
    for rota in team.rotas.values() {
        let mut laid = overrides(&draft.book, rota.name());
        // What somebody took who is gone lies over nothing any more.
        laid.retain(|laid| laid.ends_at <= now || team.members.contains(&laid.member));
        let ahead = laid.iter().filter(|laid| laid.ends_at > now);
        let ahead: Vec<Override> = ahead.cloned().collect();
        let Some(within) = away_within(&draft.book, rota, &ahead, now) else {
            continue;
        };
        let shifts = whole_shifts(rota, within.starts_at, within.ends_at, &ahead);
        let mut counted = Counted { laid, turns: None };
        for shift in shifts {
            for (span, absence) in absent_parts(&draft.book, rota, &shift, now) {
                draft.fill(rota, &shift.member, absence, span, &mut counted);
            }
        }
    }
}

/// The stretch in sight in which anybody is away who may have the duty of a rota.
fn away_within(book: &Book, rota: &Rota, ahead: &[Override], now: Timestamp) -> Option<Span> {
    let first = first_day(rota, now);
    let versions = &rota.plan().versions;
    let takes_part = |who: &MemberId| {
        let mut people = versions.iter().flat_map(|version| version.people());
        people.any(|member| member == who) || ahead.iter().any(|laid| laid.member == *who)
    };
    let mut away: Option<Span> = None;
    for absence in book.absences.values() {
        let days = absence.days;
        if !days.end_after(first) || !takes_part(&absence.member) {
            continue;
        }
        let in_sight = plus(now, AHEAD);
        let last = days.last().map(|last| duty_day(rota, last).ends_at);
        let span = Span {
            starts_at: handoff_on(rota, days.starts).max(now),
            ends_at: last.map_or(in_sight, |last| last.min(in_sight)),
        };
        away = Some(away.map_or(span, |known| Span {
            starts_at: known.starts_at.min(span.starts_at),
            ends_at: known.ends_at.max(span.ends_at),
        }));
    }
    away.filter(|away| away.starts_at < away.ends_at)
}

impl Draft<'_> {
    fn fill(
        &mut self,
        rota: &Rota,
        of: &MemberId,
        absence: u64,
        span: Span,
        counted: &mut Counted,
    ) {
        let (name, of) = (rota.name().to_owned(), of.clone());
        let free = free(&self.book, self.team, rota, &of, span);
        match counted.fewest(&free, rota, &self.book, self.now) {
            Some(by) => {
                counted.add(&by);
                let of = in_place_of(&self.book, rota, of, &by, span);
                self.push(DutyEvent::CoverFound {
                    rota: name,
                    by,
                    of,
                    absence,
                    span,
                });
            }
            None if is_told(&self.book, rota, &of, span) => {}
            None => self.push(DutyEvent::CoverMissing {
                rota: name,
                of,
                absence,
                span,
            }),
        }
    }
}

/// Who takes over from somebody that covers does it for whom they cover: so what is owed is owed to the right one.
fn in_place_of(book: &Book, rota: &Rota, of: MemberId, by: &MemberId, span: Span) -> MemberId {
    let laid = book
        .laid_over(rota.name())
        .filter(|laid| laid.span.holds(span.starts_at))
        .last();
    match laid.map(|laid| (&laid.member, &laid.why)) {
        Some((holder, Why::Cover { of: first, .. })) if *holder == of && first != by => {
            first.clone()
        }
        _ => of,
    }
}

fn is_told(book: &Book, rota: &Rota, of: &MemberId, span: Span) -> bool {
    book.missing.iter().any(|missing| {
        missing.rota == rota.name() && missing.member == *of && missing.span.meets(&span)
    })
}

/// Who could cover, in the order after the absent one.
fn free<'a>(
    book: &Book,
    team: &Team<'_>,
    rota: &'a Rota,
    of: &MemberId,
    span: Span,
) -> Vec<&'a MemberId> {
    let order = &rota.version(span.starts_at).participants;
    let at = order.iter().position(|member| member == of);
    let after = order.iter().cycle().skip(at.map_or(0, |at| at + 1));
    after
        .take(order.len())
        .filter(|member| *member != of && team.members.contains(*member))
        .filter(|member| is_free(book, rota, member, span))
        .collect()
}

fn is_free(book: &Book, rota: &Rota, member: &MemberId, span: Span) -> bool {
    let has_declined = book.declined.iter().any(|declined| {
        declined.rota == rota.name() && declined.member == *member && declined.span.meets(&span)
    });
    !has_declined && !is_absent(book, rota, member, span)
}

/// Whether any of a stretch of duty falls to a day on which the member is off.
pub(super) fn is_absent(book: &Book, rota: &Rota, member: &MemberId, span: Span) -> bool {
    !absent_spans(book, rota, member, span).is_empty()
}

/// The parts of a shift, from now on, that its member cannot do, each with the absence.
fn absent_parts(book: &Book, rota: &Rota, shift: &Shift, now: Timestamp) -> Vec<(Span, u64)> {
    let ahead = Span {
        starts_at: shift.starts_at.max(now),
        ends_at: shift.ends_at,
    };
    absent_spans(book, rota, &shift.member, ahead)
}

/// What the absences of a member take of a stretch, joined where they meet.
pub(super) fn absent_spans(
    book: &Book,
    rota: &Rota,
    member: &MemberId,
    within: Span,
) -> Vec<(Span, u64)> {
    let mut joined: Vec<(Span, u64)> = Vec::new();
    let of_member: Vec<(u64, &Absence)> = book
        .absences
        .iter()
        .filter(|(_, absence)| absence.member == *member)
        .map(|(number, absence)| (*number, absence))
        .collect();
    if of_member.is_empty() || within.starts_at >= within.ends_at {
        return joined;
    }
    let mut day = first_day(rota, within.starts_at);
    if !of_member.iter().any(|(_, it)| it.days.end_after(day)) {
        return joined;
    }
    let last = local_date(rota, within.ends_at);
    while day <= last {
        let found = of_member
            .iter()
            .find(|(_, absence)| absence.days.include(day));
        if let Some((number, _)) = found {
            let span = duty_day(rota, day);
            let part = Span {
                starts_at: span.starts_at.max(within.starts_at),
                ends_at: span.ends_at.min(within.ends_at),
            };
            match joined.last_mut() {
                Some((last, _)) if part.starts_at <= last.ends_at => {
                    last.ends_at = last.ends_at.max(part.ends_at);
                }
                _ if part.starts_at < part.ends_at => joined.push((part, *number)),
                _ => {}
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    joined
}

/// The first day whose duty may reach into an instant.
fn first_day(rota: &Rota, at: Timestamp) -> Date {
    let day = local_date(rota, at);
    let before = day.yesterday().unwrap_or(day);
    let works = rota.version(at).works.as_ref();
    let worked = works.and_then(|works| works.previous_worked_day(day));
    worked.map_or(before, |worked| worked.min(before))
}

/// The duty of a day: from its handoff to the next day's; of a worked day to the next worked one's.
fn duty_day(rota: &Rota, day: Date) -> Span {
    let works = rota.version(handoff_on(rota, day)).works.as_ref();
    let next = works
        .filter(|works| works.is_worked_day(day))
        .and_then(|works| works.next_worked_day(day));
    let next = next.or_else(|| day.tomorrow().ok()).unwrap_or(day);
    Span {
        starts_at: handoff_on(rota, day),
        ends_at: handoff_on(rota, next),
    }
}

/// The instant of the handoff's wall time on a day, by the version that holds then.
pub(in crate::domain::rota) fn handoff_on(rota: &Rota, day: Date) -> Timestamp {
    let noon = DateTime::from_parts(day, crate::time::Time::constant(12, 0, 0, 0));
    let version = rota.version(resolve(noon, &zone_of(rota, Timestamp::UNIX_EPOCH)));
    let version = rota.version(resolve(
        day.to_datetime(version.handoff),
        &named(&version.zone),
    ));
    resolve(day.to_datetime(version.handoff), &named(&version.zone))
}

/// The date of an instant on the rota's wall.
pub(in crate::domain::rota) fn local_date(rota: &Rota, at: Timestamp) -> Date {
    at.to_zoned(zone_of(rota, at)).date()
}

pub(super) fn zone_of(rota: &Rota, at: Timestamp) -> TimeZone {
    named(&rota.version(at).zone)
}

fn named(name: &str) -> TimeZone {
    zone(name).expect("the zones of a rota are looked up when it is checked")
}

/// When people are reminded of a shift: at the handoff of the worked day before it.
pub fn day_before(rota: &Rota, starts_at: Timestamp) -> Timestamp {
    let day = local_date(rota, starts_at);
    let works = rota.version(starts_at).works.as_ref();
    let before = match works {
        Some(works) => works.previous_worked_day(day),
        None => day.yesterday().ok(),
    };
    before.map_or(starts_at, |before| handoff_on(rota, before).min(starts_at))
}

/// The shifts that begin before an instant, each to its own end; the one that runs is cut at the beginning.
pub(super) fn whole_shifts(
    rota: &Rota,
    from: Timestamp,
    until: Timestamp,
    laid: &[Override],
) -> Vec<Shift> {
    let mut shifts = rota.shifts(from, until, laid);
    if let Some(last) = shifts.last_mut() {
        last.ends_at = rota.on_duty(last.starts_at, laid).shift.ends_at;
    }
    shifts
}

/// How many turns everybody had, counted when it is first asked.
struct Counted {
    laid: Vec<Override>,
    turns: Option<Turns>,
}

impl Counted {
    /// Of those who are free whoever had the fewest turns; the order breaks ties.
    fn fewest(
        &mut self,
        free: &[&MemberId],
        rota: &Rota,
        book: &Book,
        now: Timestamp,
    ) -> Option<MemberId> {
        if let [] | [_] = free {
            return free.first().map(|only| (*only).clone());
        }
        let laid = &self.laid;
        let turns = self
            .turns
            .get_or_insert_with(|| Turns::of(rota, laid, book, now));
        let fewest = free.iter().min_by_key(|member| turns.count(member));
        fewest.map(|member| (*member).clone())
    }

    fn add(&mut self, member: &MemberId) {
        // What is not counted yet will be, from the book.
        if let Some(turns) = &mut self.turns {
            turns.add(member);
        }
    }
}

/// How many turns everybody had, covers ahead included.
struct Turns(Vec<(MemberId, usize)>);

impl Turns {
    fn of(rota: &Rota, laid: &[Override], book: &Book, now: Timestamp) -> Self {
        let mut turns = Turns(Vec::new());
        // Before its first date the order reaches back, but nobody had the duty.
        let first = rota.plan().versions.first();
        let from = first.map_or(now, |first| handoff_on(rota, first.starts));
        let from = from.max(plus(now, -COUNTED));
        for (_, member) in fairness::turns(rota, laid, from, now) {
            turns.add(&member);
        }
        let ahead = book
            .laid_over(rota.name())
            .filter(|laid| matches!(laid.why, Why::Cover { .. }) && laid.span.starts_at >= now);
        for laid in ahead {
            turns.add(&laid.member);
        }
        turns
    }

    fn add(&mut self, member: &MemberId) {
        match self.0.iter_mut().find(|(known, _)| known == member) {
            Some((_, count)) => *count += 1,
            None => self.0.push((member.clone(), 1)),
        }
    }

    fn count(&self, member: &MemberId) -> usize {
        let found = self.0.iter().find(|(known, _)| known == member);
        found.map_or(0, |(_, count)| *count)
    }
}
