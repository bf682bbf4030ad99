//! Refolding the duty book: are its lines whole and sound, and do they say what the desk goes by?
//!
//! Promises: it only reads, a page of lines at a time; a line that the rules could not have written is named, and the
//! fold goes on; one that is missing or cannot be read ends it, for nothing after it means what it says. What has
//! merely come loose since (a member who left) is a note and no fault. Leaves out words, as `refold.rs` does.

use crate::app::desk::App;
use crate::app::duty_book::{SUBJECT, from_stored, to_stored};
use crate::app::ports::{KeptLine, StoreError, TimerKind};
use crate::domain::rota::Override;
use crate::domain::rota::book::{
    Book, DutyEntry, DutyEvent, Loose, Objection, evolve, loose, next_at, objection, overrides,
    undone,
};
use crate::time::{SignedDuration, Timestamp, plus};
use serde::Serialize;

/// Something that is wrong with the duty book.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum BookFault {
    /// A line is missing; what follows is not folded.
    Gap { seq: i64, expected: i64 },
    /// A line that this build cannot read; what follows is not folded.
    Unreadable {
        seq: i64,
        kind: String,
        v: i64,
        why: String,
    },
    /// A line that the rules could not have written after those before it.
    Refused {
        seq: u64,
        kind: String,
        #[serde(flatten)]
        why: Objection,
    },
    /// What the desk goes by is not what the lines make of it.
    Differs { what: String },
    /// Nobody looks at the book.
    NoTimer,
    /// The book is looked at after this, and something is due at that.
    LateTimer { kept: Timestamp, folded: Timestamp },
    /// What time should have brought, and has not.
    Undone { kind: String, event: Box<DutyEvent> },
}

/// Something of the book that has lost what it needs; no fault of any line.
pub type BookNote = Loose;

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BookTally {
    pub lines: u64,
    pub differences: u64,
    pub notes: u64,
}

/// How many lines are in memory unread at once.
const PAGE: u32 = 1_000;

/// A look that could not be done is put off by half a minute.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(1);

impl App {
    /// Refolds the duty book and hands over every fault and every note as it is found.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn refold_book(
        &self,
        found: &mut (dyn FnMut(BookFault) + Send),
        noted: &mut (dyn FnMut(BookNote) + Send),
    ) -> Result<BookTally, StoreError> {
        let mut tally = BookTally::default();
        let mut counted = |fault| {
            tally.differences += 1;
            found(fault);
        };
        let mut book = Book::default();
        let is_whole = self.fold_on(&mut book, &mut counted).await?;
        if is_whole {
            // The timer first: a line that comes meanwhile moves it, and is folded before it is held against it.
            let timers = self.store.timers(TimerKind::Book).await?;
            let due = timers.into_iter().find(|(subject, _)| subject == SUBJECT);
            self.fold_on(&mut book, &mut counted).await?;
            let now = self.clock.now();
            for fault in self
                .compared_book(&book, due.map(|(_, at)| at), now)
                .await?
            {
                counted(fault);
            }
        }
        tally.lines = book.seq;
        if is_whole {
            let now = self.clock.now();
            for note in loose(&book, &self.duty_team(now), now) {
                tally.notes += 1;
                noted(note);
            }
        }
        Ok(tally)
    }

    /// Folds what follows on a book; answers whether all of it could be.
    async fn fold_on(
        &self,
        book: &mut Book,
        found: &mut (dyn FnMut(BookFault) + Send),
    ) -> Result<bool, StoreError> {
        loop {
            let after = i64::try_from(book.seq).unwrap_or(i64::MAX);
            let page = self.store.kept_duty_book(after, PAGE).await?;
            if page.is_empty() {
                return Ok(true);
            }
            for (line, expected) in page.iter().zip(after + 1..) {
                let entry = match read(line, expected) {
                    Ok(entry) => entry,
                    Err(fault) => {
                        found(fault);
                        return Ok(false);
                    }
                };
                if let Some(why) = objection(book, &entry) {
                    found(BookFault::Refused {
                        seq: entry.seq,
                        kind: line.kind.clone(),
                        why,
                    });
                }
                *book = evolve(std::mem::take(book), &entry);
            }
        }
    }

    /// Holds the folded book against what the desk goes by, its timer, and what time should have brought.
    async fn compared_book(
        &self,
        book: &Book,
        due_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<BookFault>, StoreError> {
        let mut faults = Vec::new();
        let team = self.duty_team(now);
        let kept = self.reread_book(now).await?;
        // Lines of just now are compared the next time.
        if kept.book.seq <= book.seq {
            if kept.book != *book {
                let what = "the folded book".to_owned();
                faults.push(BookFault::Differs { what });
            }
            for rota in self.setup.rotas.keys() {
                let holds = |laid: &Override| {
                    laid.ends_at <= now || self.setup.members.contains_key(&laid.member)
                };
                let mut folded = overrides(book, rota);
                folded.retain(holds);
                let mut laid = kept.laid.get(rota).cloned().unwrap_or_default();
                laid.retain(holds);
                if laid != folded {
                    let what = format!("what lies over rota {rota}");
                    faults.push(BookFault::Differs { what });
                }
            }
        }
        let Some(due_at) = due_at else {
            if next_at(book, &team, now).is_some() {
                faults.push(BookFault::NoTimer);
            }
            return Ok(faults);
        };
        // Nothing is due between now and the next look, and whatever was due before either has been done.
        let looked_at = due_at.min(now);
        let late = next_at(book, &team, looked_at).filter(|next| *next < due_at);
        if let Some(folded) = late.filter(|_| due_at > plus(now, PUT_OFF)) {
            let kept = due_at;
            faults.push(BookFault::LateTimer { kept, folded });
        }
        let by = plus(looked_at, -SignedDuration::from_millis(1));
        let undone = undone(book, &team, by).into_iter();
        faults.extend(undone.map(|event| BookFault::Undone {
            kind: to_stored(&event).0,
            event: Box::new(event),
        }));
        Ok(faults)
    }
}

fn read(line: &KeptLine, expected: i64) -> Result<DutyEntry, BookFault> {
    if line.seq != expected {
        let seq = line.seq;
        return Err(BookFault::Gap { seq, expected });
    }
    let v = u32::try_from(line.v).unwrap_or(u32::MAX);
    let body = serde_json::from_str(&line.body).map_err(|error| not_read(line, error))?;
    Ok(DutyEntry {
        seq: u64::try_from(line.seq).unwrap_or_default(),
        at: line.at,
        actor: serde_json::from_str(&line.actor).map_err(|error| not_read(line, error))?,
        via: line.via.clone(),
        command_key: None,
        event: from_stored(&line.kind, v, body).map_err(|error| not_read(line, error))?,
    })
}

fn not_read(line: &KeptLine, why: impl ToString) -> BookFault {
    BookFault::Unreadable {
        seq: line.seq,
        kind: line.kind.clone(),
        v: line.v,
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests;
