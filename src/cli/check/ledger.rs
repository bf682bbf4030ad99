//! `toban check --ledger`: folds every inquiry and the duty book anew and says what is kept otherwise.
//!
//! It looks beside a running server and changes nothing. Sentences come as they are found, so that a long look
//! shows its work; the one JSON object comes at the end.

mod book;

use super::{CheckArgs, lang_of};
use crate::app::desk::App;
use crate::app::refold::{BookFault, BookNote, BookTally, Fault, Tally, Wrong};
use crate::app::wording::Words;
use crate::clock::monotonic;
use crate::i18n::{Args, Lang, say};
use crate::msg;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

/// Refolds the ledger behind `app`, prints what differs and how much was looked at; returns the exit code.
///
/// # Errors
/// When the store does not answer, or nothing can be printed.
pub async fn run(
    args: &CheckArgs,
    env: &dyn Fn(&str) -> Option<String>,
    app: &App,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<u8> {
    let lang = args.lang.or_else(|| lang_of(env)).unwrap_or(app.setup.lang);
    let begun = monotonic();
    let mut faults = Vec::new();
    let mut printed = Ok(());
    let tally = app
        .refold(&mut |fault| match args.json {
            true => faults.push(fault),
            false if printed.is_ok() => printed = writeln!(out, "{}", sentence(lang, &fault)),
            false => {}
        })
        .await?;
    printed?;
    let (mut of_book, mut notes) = (Vec::new(), Vec::new());
    let book = app
        .refold_book(&mut |it| of_book.push(it), &mut |it| notes.push(it))
        .await?;
    let took = begun.elapsed();
    if args.json {
        let told = as_json(&tally, &faults, (&book, &of_book, &notes), took);
        writeln!(out, "{told:#}")?;
    } else {
        let texts = HashMap::new();
        let words = Words {
            lang,
            zone: &app.setup.zone,
            now: app.clock.now(),
            texts: &texts,
            people: &app.setup.people,
        };
        for fault in &of_book {
            writeln!(out, "✗ {}", book::fault_said(fault, &words))?;
        }
        for note in &notes {
            writeln!(out, "! {}", book::note_said(note, &words))?;
        }
        writeln!(out, "{}", total(lang, &tally, &book, took))?;
    }
    Ok(u8::from(tally.differences + book.differences > 0))
}

fn as_json(
    tally: &Tally,
    faults: &[Fault],
    (book, of_book, notes): (&BookTally, &[BookFault], &[BookNote]),
    took: Duration,
) -> Value {
    json!({
        "ok": tally.differences + book.differences == 0,
        "ledger": {
            "inquiries": tally.inquiries,
            "events": tally.events,
            "differences": faults,
            "took_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        },
        "duty_book": {
            "lines": book.lines,
            "differences": of_book,
            "notes": notes,
        },
    })
}

fn sentence(lang: Lang, fault: &Fault) -> String {
    let name = fault.reference.map_or_else(
        || fault.inquiry.to_string(),
        |reference| reference.to_string(),
    );
    let args = Args::new().with("inquiry", name);
    let (id, args) = match &fault.what {
        Wrong::Differs {
            field,
            kept,
            folded,
        } => (
            msg!("check-ledger-differs"),
            args.with("field", field.as_str())
                .with("kept", kept.to_string())
                .with("folded", folded.to_string()),
        ),
        Wrong::UnreadableLine { seq, kind, v, why } => (
            msg!("check-ledger-unreadable"),
            args.with("seq", seq.to_string())
                .with("kind", kind.as_str())
                .with("v", v.to_string())
                .with("why", why.as_str()),
        ),
        Wrong::Gap { seq, expected } => (
            msg!("check-ledger-gap"),
            args.with("seq", seq.to_string())
                .with("expected", expected.to_string()),
        ),
        Wrong::UnreadableDocument { why } => (
            msg!("check-ledger-document"),
            args.with("why", why.as_str()),
        ),
        Wrong::NoInquiry => (msg!("check-ledger-no-inquiry"), args),
        Wrong::NoLedger => (msg!("check-ledger-no-ledger"), args),
        Wrong::NoPolicy { policy, why } => (
            msg!("check-ledger-no-policy"),
            args.with("policy", policy.as_str())
                .with("why", why.as_str()),
        ),
    };
    format!("✗ {}", say(lang, id, &args))
}

fn total(lang: Lang, tally: &Tally, book: &BookTally, took: Duration) -> String {
    let differences = tally.differences + book.differences;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let args = Args::new()
        .with("inquiries", count(tally.inquiries))
        .with("inquiries_written", grouped(tally.inquiries))
        .with("events", count(tally.events))
        .with("events_written", grouped(tally.events))
        .with("lines", count(book.lines))
        .with("lines_written", grouped(book.lines))
        .with("differences", count(differences))
        .with("differences_written", grouped(differences))
        .with("seconds", format!("{:.1}", took.as_secs_f64()));
    say(lang, msg!("check-ledger-total"), &args)
}

/// Writes a number in groups of three: `412,345`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests;
