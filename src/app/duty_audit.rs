//! The auditor's verdict on the duty: does somebody look at it, and has happened what should have?
//!
//! What is kept is read by statements of the auditor's own and followed there (`store/audit_duty.rs`); here it is held
//! against what the configuration wants looked at and what the calendars of the rotas say was due. Promises: a minute's
//! look reads the swaps of late and a handful of timers; what waits to be looked at now is not complained of. Leaves
//! out what needs the whole book folded (`toban check --ledger`).

use super::desk::App;
use super::duty_book::SUBJECT;
use super::ports::{DutyKept, DutyTrouble, KeptSwap, StoreError, TimerKind};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::book::{asks_again_at, day_before};
use crate::time::{SignedDuration, Timestamp, plus};

/// Nobody offers a shift that lies further ahead.
const OFFERED: SignedDuration = SignedDuration::from_hours(24 * 400);

/// The book is looked at at every handoff's wall time: a day, an hour of daylight saving, and room for an edit of both.
const DAILY: SignedDuration = SignedDuration::from_hours(49);

/// The calendars of absences are looked at every hour.
const HOURLY: SignedDuration = SignedDuration::from_hours(2);

impl App {
    /// Says what is wrong with the duty; late is what should have been done before `late_before`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn duty_troubles(
        &self,
        now: Timestamp,
        late_before: Timestamp,
    ) -> Result<Vec<DutyTrouble>, StoreError> {
        let kept = self.store.audit_duty(plus(now, -OFFERED)).await?;
        let mut found: Vec<DutyTrouble> = kept
            .unreadable
            .iter()
            .map(|seq| DutyTrouble::Unreadable { seq: *seq })
            .collect();
        // Of a book that cannot be read nothing can be decided, and its timer is put off again and again.
        if let Err(StoreError::Unreadable(why)) = self.book(now).await {
            found.push(DutyTrouble::UnreadableBook { why });
        }
        for rota in self.setup.rotas.keys() {
            found.extend(look(&kept, TimerKind::Handoff, rota, late_before, None));
        }
        for member in self.setup.absences.keys() {
            let latest = Some(plus(now, HOURLY));
            let subject = member.as_str();
            found.extend(look(
                &kept,
                TimerKind::Absences,
                subject,
                late_before,
                latest,
            ));
        }
        let open = kept.swaps.iter().filter(|swap| swap.agreed_at.is_none());
        let lapses = open.map(|swap| swap.begin[0]);
        let ahead = lapses.clone().filter(|at| *at > now).min();
        if !self.setup.rotas.is_empty() || lapses.count() > 0 {
            let daily = plus(now, DAILY);
            let latest = ahead.map_or(daily, |ahead| ahead.min(daily));
            let late = look(&kept, TimerKind::Book, SUBJECT, late_before, Some(latest));
            found.extend(late);
        }
        // What is about to be looked at is about to be done.
        if due(&kept, TimerKind::Book, SUBJECT).is_some_and(|due_at| due_at > now) {
            let swaps = kept.swaps.iter();
            found.extend(swaps.flat_map(|swap| self.swap_troubles(swap, now, late_before)));
        }
        Ok(found)
    }

    fn swap_troubles(
        &self,
        swap: &KeptSwap,
        now: Timestamp,
        late_before: Timestamp,
    ) -> Vec<DutyTrouble> {
        let number = swap.number;
        let rota = self.setup.rotas.get(&swap.rota);
        let Some(agreed_at) = swap.agreed_at else {
            let lapses_at = swap.begin[0];
            if lapses_at <= late_before {
                let since = lapses_at;
                return vec![DutyTrouble::StillOpen { number, since }];
            }
            let asked_at = rota.map(|rota| asks_again_at(rota, swap.offered_at, lapses_at));
            let asked_at = asked_at.filter(|at| *at <= late_before && !swap.is_reminded);
            let missed = |since| DutyTrouble::NotAskedAgain { number, since };
            return asked_at.map(missed).into_iter().collect();
        };
        let Some(rota) = rota else {
            return Vec::new();
        };
        let not_foretold = |starts_at: Timestamp| {
            let since = day_before(rota, starts_at);
            let is_late = agreed_at < since && since <= late_before && now < starts_at;
            (is_late && !swap.foretold.contains(&starts_at)).then_some(DutyTrouble::NotForetold {
                number,
                starts_at,
                since,
            })
        };
        swap.begin.into_iter().filter_map(not_foretold).collect()
    }
}

fn due(kept: &DutyKept, kind: TimerKind, subject: &str) -> Option<Timestamp> {
    let mut timers = kept.timers.iter();
    let found = timers.find(|(of, name, _)| *of == kind && name == subject);
    found.map(|(_, _, due_at)| *due_at)
}

/// What is wrong with a timer that has to be there.
fn look(
    kept: &DutyKept,
    kind: TimerKind,
    subject: &str,
    late_before: Timestamp,
    latest: Option<Timestamp>,
) -> Option<DutyTrouble> {
    let due_at = due(kept, kind, subject);
    let subject = subject.to_owned();
    match due_at {
        None => Some(DutyTrouble::NoTimer { kind, subject }),
        Some(due_at) if due_at < late_before => Some(DutyTrouble::Overdue {
            kind,
            subject,
            due_at,
        }),
        Some(due_at) if latest.is_some_and(|latest| due_at > latest) => {
            Some(DutyTrouble::TooLate {
                kind,
                subject,
                due_at,
            })
        }
        Some(_) => None,
    }
}

impl DutyTrouble {
    /// The sentence for the operators.
    pub fn message(&self) -> Message {
        let number = |number: &i64| Arg::Plain(number.to_string());
        match self {
            DutyTrouble::Gap { missing, follows } => Message::new("audit-duty-gap")
                .with("missing", number(missing))
                .with("follows", number(follows)),
            DutyTrouble::Unreadable { seq } => {
                Message::new("audit-duty-unreadable").with("seq", number(seq))
            }
            DutyTrouble::UnreadableBook { why } => {
                Message::new("audit-duty-unreadable-book").with("why", Arg::Plain(why.clone()))
            }
            DutyTrouble::NoTimer { kind, subject } => {
                Message::new("audit-duty-no-timer").with("what", looked_at(*kind, subject))
            }
            DutyTrouble::Overdue {
                kind,
                subject,
                due_at,
            } => Message::new("audit-duty-overdue")
                .with("what", looked_at(*kind, subject))
                .with("at", Arg::Instant(*due_at)),
            DutyTrouble::TooLate {
                kind,
                subject,
                due_at,
            } => Message::new("audit-duty-too-late")
                .with("what", looked_at(*kind, subject))
                .with("at", Arg::Instant(*due_at)),
            DutyTrouble::StillOpen { number: of, since } => Message::new("audit-duty-still-open")
                .with("number", number(of))
                .with("at", Arg::Instant(*since)),
            DutyTrouble::NotAskedAgain { number: of, since } => {
                Message::new("audit-duty-not-asked-again")
                    .with("number", number(of))
                    .with("at", Arg::Instant(*since))
            }
            DutyTrouble::NotForetold {
                number: of,
                starts_at,
                since,
            } => Message::new("audit-duty-not-foretold")
                .with("number", number(of))
                .with("starts", Arg::Instant(*starts_at))
                .with("at", Arg::Instant(*since)),
        }
    }
}

/// What a timer looks at, for people.
fn looked_at(kind: TimerKind, subject: &str) -> Arg {
    let name = Arg::Plain(subject.to_owned());
    Arg::Parts(vec![match kind {
        TimerKind::Handoff => Message::new("audit-look-handoff").with("rota", name),
        TimerKind::Absences => {
            Message::new("audit-look-absences").with("member", Arg::Member(subject.into()))
        }
        TimerKind::Inquiry
        | TimerKind::Opening
        | TimerKind::Poll
        | TimerKind::Overflow
        | TimerKind::Feed
        | TimerKind::Book
        | TimerKind::Turnover
        | TimerKind::Held
        | TimerKind::Tracker => Message::new("audit-look-book"),
    }])
}

#[cfg(test)]
mod tests;
