//! Refolding: does the ledger say what is kept beside it?
//!
//! Every inquiry is folded anew from its lines and compared with its row, its document, its timer and its cards.
//! Promises: it only reads, a page at a time, and goes on after whatever it cannot read; each fault names the
//! inquiry and both values. The duty book is folded beside it (`refold/book.rs`). Leaves out
//! repairing anything, and words: a fault is data.
//!
//! What cannot be derived is not compared: the reference, the secret of a status link, and the places of cards,
//! which are the configuration's of that day.

mod book;

pub use book::{BookFault, BookNote, BookTally};

use super::desk::App;
use super::ledger::from_stored;
use super::ports::{Kept, KeptLine, KeptRow, Reference, StoreError};
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::{Entry, Event, Inquiry, Stage, evolve};
use crate::domain::sla::{Policy, next_after};
use crate::time::{SignedDuration, Timestamp, plus};
use serde::Serialize;
use serde_json::{Value, json};

/// Something that is wrong under an inquiry's id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    /// Absent where there is no row of an inquiry.
    pub reference: Option<Reference>,
    pub inquiry: InquiryId,
    #[serde(flatten)]
    pub what: Wrong,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Wrong {
    /// A field of what is kept is not what the ledger makes of it.
    Differs {
        field: String,
        kept: Value,
        folded: Value,
    },
    /// A line that this build cannot read; the lines after it are not folded.
    UnreadableLine {
        seq: i64,
        kind: String,
        v: i64,
        why: String,
    },
    /// A line that is not where its number should be.
    Gap { seq: i64, expected: i64 },
    /// The document of the projection cannot be read.
    UnreadableDocument { why: String },
    /// Ledger lines, a timer or cards without an inquiry.
    NoInquiry,
    /// There is no line to fold.
    NoLedger,
    /// The policy that its promises follow cannot be had, so its timer was not compared.
    NoPolicy { policy: String, why: String },
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub inquiries: u64,
    pub events: u64,
    pub differences: u64,
}

/// How many inquiries are in memory at once.
const PAGE: u32 = 200;

/// Timers that could not be done, and deadlines that stay due, are put off by half a minute; with room for a busy day.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(1);

impl App {
    /// Refolds the whole ledger and hands over every fault as it is found.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn refold(&self, found: &mut (dyn FnMut(Fault) + Send)) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        let mut after = None;
        loop {
            let page = self.store.kept(after.as_ref(), PAGE).await?;
            let now = self.clock.now();
            for kept in &page.all {
                tally.inquiries += u64::from(kept.row.is_some());
                tally.events += kept.lines.len() as u64;
                for what in self.compared(kept, now).await? {
                    tally.differences += 1;
                    found(Fault {
                        reference: kept.row.as_ref().map(|row| row.reference),
                        inquiry: kept.id.clone(),
                        what,
                    });
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(tally),
            }
        }
    }

    async fn compared(&self, kept: &Kept, now: Timestamp) -> Result<Vec<Wrong>, StoreError> {
        let Some(row) = &kept.row else {
            return Ok(vec![Wrong::NoInquiry]);
        };
        let (inquiry, last_at) = match folded(&kept.id, &kept.lines) {
            Ok(folded) => folded,
            Err(wrong) => return Ok(vec![wrong]),
        };
        let mut wrong = compare(kept, row, &inquiry);
        match self.policy(&inquiry.policy).await {
            Ok(policy) => wrong.extend(timer(kept.timer, &inquiry, &policy, last_at, now)),
            Err(StoreError::Unreadable(why)) => wrong.push(Wrong::NoPolicy {
                policy: inquiry.policy.0.clone(),
                why,
            }),
            Err(error) => return Err(error),
        }
        Ok(wrong)
    }
}

/// Folds lines, and tells when the last was written.
fn folded(id: &InquiryId, lines: &[KeptLine]) -> Result<(Inquiry, Timestamp), Wrong> {
    let mut state: Option<Inquiry> = None;
    for (line, expected) in lines.iter().zip(1..) {
        if line.seq != expected {
            return Err(Wrong::Gap {
                seq: line.seq,
                expected,
            });
        }
        let entry = entry(id, line)?;
        if state.is_none() && !matches!(entry.event, Event::Received { .. }) {
            return Err(unreadable(line, "a ledger starts with a receipt"));
        }
        state = Some(evolve(state, &entry));
    }
    let last = lines.last().map(|line| line.at);
    state.zip(last).ok_or(Wrong::NoLedger)
}

fn entry(id: &InquiryId, line: &KeptLine) -> Result<Entry, Wrong> {
    let v = u32::try_from(line.v).unwrap_or(u32::MAX);
    let body = serde_json::from_str(&line.body).map_err(|error| unreadable(line, error))?;
    Ok(Entry {
        inquiry: id.clone(),
        seq: u64::try_from(line.seq).unwrap_or_default(),
        at: line.at,
        actor: serde_json::from_str(&line.actor).map_err(|error| unreadable(line, error))?,
        via: line.via.clone(),
        event: from_stored(&line.kind, v, body).map_err(|error| unreadable(line, error))?,
    })
}

fn unreadable(line: &KeptLine, why: impl ToString) -> Wrong {
    Wrong::UnreadableLine {
        seq: line.seq,
        kind: line.kind.clone(),
        v: line.v,
        why: why.to_string(),
    }
}

/// Compares row, document and cards with the folded inquiry.
fn compare(kept: &Kept, row: &KeptRow, inquiry: &Inquiry) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut same = |field: &str, kept: Value, folded: Value| {
        if kept != folded {
            wrong.push(Wrong::Differs {
                field: field.to_owned(),
                kept,
                folded,
            });
        }
    };
    same("version", json!(row.version), json!(inquiry.seq));
    same("queue", json!(row.queue), json!(inquiry.queue));
    same("source", json!(row.source), json!(inquiry.origin.source));
    same(
        "external_id",
        json!(row.external_id),
        json!(inquiry.origin.external_id),
    );
    same("owner", json!(row.owner), json!(inquiry.holder()));
    same("stage", json!(row.stage), json!(word(&inquiry.stage)));
    same("severity", json!(row.severity), json!(inquiry.severity));
    same("policy", json!(row.policy), json!(inquiry.policy));
    same(
        "received_at",
        json!(row.received_at),
        json!(inquiry.received_at),
    );
    // Both are kept, and each commit writes them together.
    same("deadline", json!(row.deadline), json!(kept.timer));
    for card in &kept.cards {
        let field = format!("card {} {}", card.place.platform, card.place.channel);
        // A place that the inquiry left keeps the length it had then.
        for (what, said) in [("wanted", card.wanted), ("shown", card.shown)] {
            if u64::try_from(said).is_err() || said.cast_unsigned() > inquiry.seq {
                same(&format!("{field} {what}"), json!(said), json!(inquiry.seq));
            }
        }
    }
    let wanted = kept.cards.iter().map(|card| card.wanted).max();
    if wanted.is_none_or(|wanted| wanted.cast_unsigned() < inquiry.seq) {
        same("cards wanted", json!(wanted), json!(inquiry.seq));
    }
    match serde_json::from_str::<Inquiry>(&row.doc) {
        Err(error) => wrong.push(Wrong::UnreadableDocument {
            why: error.to_string(),
        }),
        Ok(mut doc) => {
            doc.kept_less_than(inquiry);
            if doc != *inquiry {
                differences("doc", &json!(doc), &json!(inquiry), &mut wrong);
            }
        }
    }
    wrong
}

/// The word of a stage in the column, said here once more: what is compared with itself never differs.
fn word(stage: &Stage) -> &'static str {
    match stage {
        Stage::Active { .. } => "active",
        Stage::Waiting { .. } => "waiting",
        Stage::Resolved { .. } => "resolved",
        Stage::Closed { .. } => "closed",
    }
}

/// Names every leaf in which two documents differ.
fn differences(path: &str, kept: &Value, folded: &Value, wrong: &mut Vec<Wrong>) {
    match (kept, folded) {
        (Value::Object(mine), Value::Object(theirs)) => {
            let mut keys: Vec<&String> = mine.keys().chain(theirs.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let at = |map: &serde_json::Map<String, Value>| {
                    map.get(key).cloned().unwrap_or(Value::Null)
                };
                differences(&format!("{path}.{key}"), &at(mine), &at(theirs), wrong);
            }
        }
        (Value::Array(mine), Value::Array(theirs)) if mine.len() == theirs.len() => {
            for (n, (mine, theirs)) in mine.iter().zip(theirs).enumerate() {
                differences(&format!("{path}.{n}"), mine, theirs, wrong);
            }
        }
        (kept, folded) if kept == folded => {}
        (kept, folded) => wrong.push(Wrong::Differs {
            field: path.to_owned(),
            kept: kept.clone(),
            folded: folded.clone(),
        }),
    }
}

/// Compares the timer with the agenda.
///
/// The row was set at some moment since the last line, and what had passed by then waits for the next opening. The
/// next instant never moves back as that moment moves on, so if any moment gave this one, the one just before it does.
fn timer(
    kept: Option<Timestamp>,
    inquiry: &Inquiry,
    policy: &Policy,
    last_at: Timestamp,
    now: Timestamp,
) -> Option<Wrong> {
    let just_before = kept.map_or(last_at, |kept| plus(kept, -SignedDuration::from_millis(1)));
    let folded = next_after(inquiry, policy, just_before.max(last_at));
    // Builds of before it was so had no moment for the words of whoever has no contract and was told so.
    if inquiry.is_held() && !inquiry.is_open() && !inquiry.unanswered.is_empty() {
        let mut unheard = inquiry.clone();
        unheard.unanswered.clear();
        if kept == next_after(&unheard, policy, just_before.max(last_at)) {
            return None;
        }
    }
    let is_put_off = match (kept, next_after(inquiry, policy, last_at)) {
        (Some(kept), Some(due)) => due <= now && due <= kept && kept <= plus(now, PUT_OFF),
        _ => false,
    };
    (kept != folded && !is_put_off).then(|| Wrong::Differs {
        field: "timer".to_owned(),
        kept: json!(kept),
        folded: json!(next_after(inquiry, policy, last_at)),
    })
}

#[cfg(test)]
mod tests;
